"""Arms in the crowd's hands: captured, issued or brought, counted apart, and how the state recovers them.

    captured_p += firearms taken from the force by people of p, or brought along by those of it who went over
    issued_p, brought_p += firearms of organised groups;   those that no member carries are at hand for the crowd
    armed at a spot = members with firearms there
                      + min(others who fight there, firearms at hand in the places whose fighting side stands there)
    recovered: with those arrested, their share of them; at a regained site the share `regained`

Firearms belong to the place whose people hold them, go where its fighting side goes, and stay with those who go home or
are hurt: who takes up fighting again finds them. Of arrested people each has a firearm with the share of firearms per
fighting person of the place, at most 1; with an arrested member of a group go firearms of the groups. When the state
regains a site, each firearm of the places whose fighting side stood there is recovered with chance `regained`. Nothing
else makes an armed person: there is no rate from peaceful to armed. Firearms are whole and conserved: those of the
units, the three stocks and those recovered add up to what there was at the start and was brought and issued since.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Uniform
from groundswell.engine.purposes import purpose

ARMS_RECOVERED = purpose("arms: recovered")  # firearms that come back with arrested fighters or a regained site


def armed_people(fighting: np.ndarray, outsiders: np.ndarray, own_arms: np.ndarray, arms: np.ndarray) -> np.ndarray:
    """People with arms at each spot: outsiders with arms of their own, then as many others as there are arms."""
    carried = np.minimum(own_arms, outsiders)
    return carried + np.minimum(fighting + outsiders - carried, arms)


class Arms(Mechanism):
    """Three stocks of firearms by place."""

    name = "arms"
    reads = (
        "crowd", "stand", "target", "outsiders", "outsiders_armed", "arms_brought", "arms_issued", "arms_gone_over",
        "band_arrested", "band_out", "band_issued",
    )  # fmt: skip
    lags = (
        "arms_lost", "fighting", "arrested_fighting", "dispersed_fighting", "injured_fighting", "dead_fighting",
        "site_held",
    )  # fmt: skip
    writes = (
        Variable("arms_captured", ("place",), "firearms", "captured firearms in the crowd's hands", keep="hour",
                 dtype=int),
        Variable("arms_issued_held", ("place",), "firearms", "issued firearms in the crowd's hands", keep="hour",
                 dtype=int),
        Variable("arms_brought_held", ("place",), "firearms", "brought firearms in the crowd's hands", keep="hour",
                 dtype=int),
        Variable("arms_recovered", ("place",), "firearms", "firearms recovered by the state so far", keep="hour",
                 dtype=int),
        Variable("armed", ("spot",), "people", "people with firearms at the spot", keep="hour", dtype=int),
        Variable("held_before", ("spot",), "1", "1: the state held the spot an hour before", 1.0),
    )  # fmt: skip

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of arms."""

        regained: float = parameter(
            0.3, unit="1", prior=Uniform(0.1, 0.6), source="assumed, as on the loss of a site", high=1,
            about="share of the crowd's firearms at a site that the state recovers when it regains it",
        )  # fmt: skip

    def prepare(self) -> None:
        """The three stocks in their order."""
        s = self.s
        self.stocks = (s.arms_captured, s.arms_issued_held, s.arms_brought_held)
        self.left = (s.arrested_fighting, s.dispersed_fighting, s.injured_fighting, s.dead_fighting)
        self.flows = (s.arms_lost, s.arms_gone_over, s.arms_issued, s.arms_brought)

    def step(self, now: Now) -> None:
        """What came in, what was recovered, and who is armed where."""
        s = self.s
        had = any(np.count_nonzero(stock) for stock in self.stocks)
        if had:
            self._recover(now)
        np.copyto(s.held_before, s.site_held)
        if any(np.count_nonzero(flow) for flow in self.flows):
            had = True
            captured, issued, brought = self.stocks
            captured += s.arms_lost + s.arms_gone_over
            issued += s.arms_issued.astype(np.int64)
            brought += s.arms_brought.astype(np.int64)
        s.armed.fill(0)
        if had and np.count_nonzero(s.fighting):
            at = np.where((s.fighting > 0) & (s.target[:, 1] < 0), s.stand[:, 1], -1)
            np.add.at(s.armed, at[at >= 0], self._at_hand().sum(axis=0)[at >= 0])
        if had or np.count_nonzero(s.outsiders_armed):
            s.armed[:] = armed_people(s.crowd[:, 1], s.outsiders, s.outsiders_armed, s.armed)

    def _carries(self) -> np.ndarray:
        """(K,) share of each group's members who carry a firearm."""
        return np.minimum(self.w.bands.arms_brought_share + self.s.band_issued, 1.0)

    def _at_hand(self) -> np.ndarray:
        """(3, P) firearms by origin that people of the place can take: of issued and brought, what nobody carries."""
        s, w = self.s, self.w
        out = np.array(self.stocks)
        of_groups = out[1] + out[2]
        if of_groups.any():
            towns = int(w.town.max()) + 1
            carried = np.bincount(w.town[w.spots.place], s.outsiders_armed, towns)
            carried += np.bincount(w.town, self._carries() @ s.band_out, towns)
            total = np.bincount(w.town, of_groups, towns)
            spare = np.maximum(total - carried, 0.0) / np.maximum(total, 1.0)
            out[1:] = np.floor(out[1:] * spare[w.town])
        return out

    def _recover(self, now: Now) -> None:
        """Firearms of arrested people and members, and of those who stood at a site when it was regained."""
        s = self.s
        arrested = np.flatnonzero(s.arrested_fighting)
        if len(arrested):
            people = sum((flow[arrested] for flow in self.left), s.fighting[arrested])
            at_hand = self._at_hand()[:, arrested]
            share = s.arrested_fighting[arrested] / np.maximum(np.maximum(people, at_hand.sum(axis=0)), 1)
            self._take(now, 0, arrested, share, at_hand)
        if np.count_nonzero(s.site_held > s.held_before):
            regained = np.flatnonzero(s.site_held > s.held_before)
            there = np.flatnonzero(np.isin(s.stand[:, 1], regained) & (s.target[:, 1] < 0))
            self._take(now, 1, there, self.p.regained, self._at_hand()[:, there])
        if np.count_nonzero(s.band_arrested):
            held = np.array(self.stocks)
            held[0] = 0
            share = min(float(self._carries() @ s.band_arrested) / max(int(held.sum()), 1), 1.0)
            self._take(now, 2, np.arange(self.w.places), share, held)

    def _take(self, now: Now, cause: int, places: np.ndarray, share: np.ndarray | float, of: np.ndarray) -> None:
        """Recover each of these firearms (3, places) with a chance; cause keeps the keys apart."""
        from groundswell.engine.random import binomial

        for origin, (stock, n) in enumerate(zip(self.stocks, of, strict=True)):
            if n.any():
                key = 16 * places + 4 * cause + origin
                n = binomial(self.seed, ARMS_RECOVERED, key, now.step, n, share)
                stock[places] -= n
                self.s.arms_recovered[places] += n
