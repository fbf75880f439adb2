"""Detainees by kind: who was detained, and whom the state says it detained. For the record only; nothing reads it.

    shown_k = (1 - hidden) * true_k                          no evidence is wanted
    shown_foreign = (1 - hidden) * (true_foreign + false_share * (true_local + true_elsewhere)),  others accordingly

What a state shows of those it holds is not all that is, and it produces evidence when it needs it. Evidence of a
foreign hand is wanted from the first appeal to allies or speech of blame on. `hidden`: held and not reported.

Kinds: local, from elsewhere, foreign add up to all. Of the population, who is arrested where the crowd of their place
stands in another town is from elsewhere, everybody else is local; nobody of the population is foreign here, so that
foreign detainees come from organised groups alone. Members of such groups count by the group's kind: foreign; armed,
faction, exile: from elsewhere; criminal: local. With record: criminal and armed groups, and `record_share` of the
others, whatever their kind. All are numbers of people who were detained in the hour before; how many sit is `held`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Uniform

KINDS = ("local", "elsewhere", "foreign", "record")
_SIDES = np.arange(2)
_FROM_ELSEWHERE = ("armed", "faction", "exile")
_WITH_RECORD = ("criminal", "armed")


def shown(true: np.ndarray, false_share: float, hidden: float) -> np.ndarray:
    """(4,) local, from elsewhere, foreign, with record as reported, from the true numbers."""
    forced = false_share * true[:2]
    told = true + np.array([-forced[0], -forced[1], forced.sum(), 0.0])
    return (1.0 - hidden) * told


class Detainees(Mechanism):
    """The record of detentions and what is shown of it."""

    name = "detainees"
    reads = ("appeal", "blame", "band_arrested")
    lags = ("arrested", "arrested_fighting", "taken", "stand", "crowd")
    writes = (
        *(Variable(f"true_{k}", (), "people/h", f"detained in the hour before: {k}", keep="hour") for k in KINDS),
        *(Variable(f"shown_{k}", (), "people/h", f"reported as detained: {k}", keep="hour") for k in KINDS),
        Variable("evidence_wanted", (), "1", "1: evidence of a foreign hand is wanted"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of what is shown."""

        false_share: float = parameter(
            0.02, unit="1", prior=Uniform(0, 0.2), source="assumed", high=1,
            about="share of the others who are made to confess that they are a foreign hand",
        )  # fmt: skip
        hidden: float = parameter(
            0.2, unit="1", prior=Uniform(0, 0.5), source="assumed", about="share held and not reported", high=1
        )
        record_share: float = parameter(
            0.05, unit="1", prior=Uniform(0, 0.2), source="assumed", about="share with a criminal record", high=1
        )

    def prepare(self) -> None:
        """What the kinds of organised groups count as."""
        kind = np.array(self.w.bands.kind, object)
        foreign, elsewhere = kind == "foreign", np.isin(kind, _FROM_ELSEWHERE)
        self.as_kind = np.array([~foreign & ~elsewhere, elsewhere, foreign, np.isin(kind, _WITH_RECORD)], float)
        self.town_of_spot = self.w.town[self.w.spots.place]
        self.true = [getattr(self.s, f"true_{k}") for k in KINDS]
        self.told = [getattr(self.s, f"shown_{k}") for k in KINDS]

    def step(self, now: Now) -> None:
        """Count those detained in the hour before."""
        s, p = self.s, self.p
        if s.appeal > 0 or s.blame > 0:
            s.evidence_wanted[...] = 1.0
        members = s.band_arrested.sum() if len(s.band_arrested) else 0
        if not (np.count_nonzero(s.arrested) or np.count_nonzero(s.taken) or members):
            for series in (*self.true, *self.told):
                series[...] = 0.0
            return
        abroad = self.town_of_spot[s.stand] != self.w.town[:, None]  # (P, 2) columns in another town
        abroad &= s.crowd[s.stand, _SIDES] > 0
        peaceful = s.arrested - s.arrested_fighting
        away = float((peaceful * abroad[:, 0] + s.arrested_fighting * abroad[:, 1]).sum())
        people = float(s.arrested.sum() + s.taken.sum())
        of_groups = self.as_kind @ s.band_arrested if members else np.zeros(4)
        record = of_groups[3] + p.record_share * (people + float(members) - of_groups[3])
        true = np.array([people - away, away, 0.0, 0.0]) + [*of_groups[:3], record]
        told = shown(true, p.false_share * float(s.evidence_wanted), p.hidden)
        for k, (series, reported) in enumerate(zip(self.true, self.told, strict=True)):
            series[...], reported[...] = true[k], told[k]
