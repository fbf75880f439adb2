"""Councils: whether a crowd that holds the seat of the state sets up an authority of its own there.

    O_p   = sum_g min(organised_g, 1) * people of group g of the place who are out           organised people
    onset = rate * seat_p * share_p * O_p / (O_p + half_people)   per hour
    ends  at once where the state has the seat back or nobody is out, else at `tired` per hour

seat_p: 1 while an office of the administration of the place is in the crowd's hands. share_p: share of those out who
demand another system. A crowd that has won a square has a rival government to build only if it asks for one and has
people used to deciding together: multiple sovereignty, Tilly (1978, ch. 7); councils out of strikes, Anweiler (1974).
Text 004 sees neither in January 2022: labour could not raise the question of power (004:33). Organisation also keeps a
crowd from fighting (`fighting`), and with that from seats, so that more of it can mean fewer councils. What a council
would do with its power is not in the model; nothing depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import LogNormal
from groundswell.engine.purposes import COUNCIL
from groundswell.engine.rates import DEMANDS
from groundswell.mechanisms.demands import organisation

SYSTEM = DEMANDS.index("system")


class Councils(Mechanism):
    """Authorities set up by crowds, by place."""

    name = "councils"
    reads = ("site_held",)
    lags = ("on_street_group", "on_street", "demands_held")
    writes = (
        Variable("council", ("place",), "1", "1: a council of the crowd holds the seat of the state", keep="hour"),
        Variable("council_clock", ("place",), "1", "integrated hazard of the next beginning or end of a council"),
        Variable("council_next", ("place",), "1", "clock value of that change"),
        Variable("council_turns", ("place",), "1", "beginnings and ends so far; odd: there is one"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of councils."""

        rate: float = parameter(
            0.2, unit="1/h", prior=LogNormal(0.2, 0.05, 1), source="assumed", low=0,
            about="onset where a large organised crowd of one mind holds the seat",
        )  # fmt: skip
        half_people: float = parameter(
            500.0, unit="people", prior=LogNormal(500, 100, 2500), source="assumed; a meeting that can elect",
            about="organised people out at which half of that rate is reached",
        )  # fmt: skip
        tired: float = parameter(
            0.02, unit="1/h", prior=LogNormal(0.02, 0.005, 0.1), source="assumed",
            about="end of a council that nobody disperses",
        )  # fmt: skip

    def prepare(self) -> None:
        """Seats of the state, how far each group is organised, and first draws."""
        w = self.w
        seats = np.flatnonzero(np.array([str(kind) == "administration" for kind in w.spots.kind]))
        self.seats, self.place = seats, w.spots.place[seats]
        self.organised = np.minimum(organisation(w), 1.0) * w.cells.groups.at_risk
        for place in np.unique(self.place):
            self.s.council_next[place] = self.exponential(COUNCIL, int(place), 0)

    def step(self, now: Now) -> None:
        """Councils that begin and end in this hour."""
        s, p = self.s, self.p
        lost = self.place[s.site_held[self.seats] == 0]
        if not len(lost) and not np.count_nonzero(s.council):
            return
        here = np.union1d(lost, np.flatnonzero(s.council))
        ground = np.isin(here, lost) & (s.on_street[here] > 0)
        out = np.bincount(self.w.group_place, self.organised * s.on_street_group, self.w.places)[here]
        share = s.demands_held[here, SYSTEM] / np.maximum(s.on_street[here], 1)
        on = s.council[here] > 0
        onset = p.rate * share * out / (out + p.half_people) * ground
        s.council_clock[here] += np.where(on, p.tired, onset) * self.dt
        turns = (s.council_clock[here] >= s.council_next[here]) | (on & ~ground)
        for place in here[turns]:
            s.council_turns[place] += 1
            s.council[place] = s.council_turns[place] % 2
            s.council_next[place] = s.council_clock[place] + self.exponential(
                COUNCIL, int(place), int(s.council_turns[place])
            )
