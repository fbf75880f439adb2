"""Redeployment: units of mobile organs are moved from calm regions to the places that need them.

    order:  sum of redeploy_people over the places of a region
    sent:   nearest first, whole units, until  people on the way or there by order >= order
    travel: preparation_h + distance_km / speed_km_h, on great-circle distance; nowhere on the way
    home:   when the order is over, the emergency lifted and the town calm, the same way back

A unit may be sent if its organ is mobile (`organs.csv`), if it stands in another region, if fewer than `calm` of that
region's adults are on the street, if it obeys, is not exhausted and has no order to stand by. Those sent go to the most
populous of the places ordered where more than `calm` are out (if there is none, to the most populous) and serve its
whole town. Whoever is on the way is missing where they left: the move takes time (assumed) and thins out the regions
left behind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import LogNormal


def nearest_first(distance_km: np.ndarray, people: np.ndarray, short: float) -> np.ndarray:
    """Which of the units to send, nearest first (ties in their order), so that `short` people are on their way.

    Args:
        distance_km: to the place that needs them; inf: may not be sent. people: of each unit.
    """
    order = np.argsort(distance_km, kind="stable")
    order = order[np.isfinite(distance_km[order]) & (people[order] > 0)]
    sent_before = np.cumsum(people[order]) - people[order]
    return order[sent_before < short]


class Redeployment(Mechanism):
    """Which unit goes where, and how long it still travels."""

    name = "redeployment"
    reads = ("redeploy_people", "stand_by_order", "stand_by", "emergency")
    lags = ("on_street", "unit_people", "refusal", "fallen_back")
    writes = (
        Variable("unit_station", ("unit",), "place", "place a unit was moved to; -1: where it belongs", -1, dtype=int),
        Variable("unit_target", ("unit",), "place", "place a unit is on its way to; -1: none", -1, dtype=int),
        Variable("unit_travel_h", ("unit",), "h", "travel left"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of redeployment."""

        speed_km_h: float = parameter(
            40.0, unit="km/h", prior=LogNormal(40, 20, 150), source="assumed: columns on roads, part by air",
            about="speed on the great-circle distance",
        )  # fmt: skip
        preparation_h: float = parameter(
            6.0, unit="h", prior=LogNormal(6, 2, 18), source="assumed", about="from the order to the departure"
        )
        calm: float = parameter(
            5e-4, unit="1", prior=LogNormal(5e-4, 1e-4, 2e-3), source="assumed",
            about="share of adults on the street below which a region can spare units",
        )  # fmt: skip

    def prepare(self) -> None:
        """Home of each unit, whether it may be moved, and adults by region and town."""
        w = self.w
        self.home = w.units.place
        self.mobile = w.organs.mobile[w.units.organ]
        self.region_adults = np.maximum(np.bincount(w.region, w.adults), 1.0)
        self.town_adults = np.maximum(np.bincount(w.town, w.adults), 1.0)

    def step(self, now: Now) -> None:
        """Let those on the way travel, then send more or send home."""
        s = self.s
        if np.count_nonzero(s.unit_target >= 0):
            self._travel()
        ordered = np.count_nonzero(s.redeploy_people)
        away = np.count_nonzero(s.unit_station >= 0)
        if not ordered and not away:
            return
        if ordered:
            self._send()
        if away:
            self._send_home()

    def _travel(self) -> None:
        s = self.s
        on_way = s.unit_target >= 0
        s.unit_travel_h[on_way] -= self.dt
        there = on_way & (s.unit_travel_h <= 1e-9)
        s.unit_station[there] = np.where(s.unit_target == self.home, -1, s.unit_target)[there]
        s.unit_target[there] = -1
        s.unit_travel_h[there] = 0.0

    def _go(self, units: np.ndarray, start: np.ndarray, target: np.ndarray | int) -> None:
        s, p = self.s, self.p
        s.unit_target[units] = target
        s.unit_travel_h[units] = p.preparation_h + self.w.distance_km[start, target] / p.speed_km_h

    def _send(self) -> None:
        """Each region with an order is served in turn, the largest order first."""
        w, s, p = self.w, self.s, self.p
        ordered = np.bincount(w.region, s.redeploy_people)
        pressed = s.on_street >= p.calm * w.adults
        calm = np.bincount(w.region, s.on_street) < p.calm * self.region_adults
        here = np.where(s.unit_station >= 0, s.unit_station, self.home)
        goal = np.where(s.unit_target >= 0, s.unit_target, s.unit_station)  # -1: not moved by an order
        spare = self.mobile & (s.refusal == 0) & (s.fallen_back == 0) & (s.stand_by == 0) & (goal < 0)
        spare &= (s.stand_by_order[here] == 0) & calm[w.region[here]]
        for region in np.argsort(-ordered, kind="stable")[: np.count_nonzero(ordered)]:
            sent = float(s.unit_people[(goal >= 0) & (w.region[goal] == region)].sum())
            if sent >= ordered[region]:
                continue
            mine = np.flatnonzero((w.region == region) & (s.redeploy_people > 0))
            mine = mine[pressed[mine]] if pressed[mine].any() else mine
            target = int(mine[np.argmax(w.people[mine])])
            distance = np.where(spare & (w.region[here] != region), w.distance_km[here, target], np.inf)
            chosen = nearest_first(distance, s.unit_people, ordered[region] - sent)
            self._go(chosen, here[chosen], target)
            spare[chosen] = False

    def _send_home(self) -> None:
        w, s, p = self.w, self.s, self.p
        if s.emergency[s.unit_station[s.unit_station >= 0]].all():
            return
        station = np.maximum(s.unit_station, 0)
        town = w.town[station]
        needed = np.bincount(w.town, s.emergency) > 0
        needed |= np.bincount(w.town, s.on_street) >= p.calm * self.town_adults
        ordered = np.bincount(w.region, s.redeploy_people) > 0
        away = (s.unit_station >= 0) & (s.unit_target < 0)
        back = np.flatnonzero(away & ~needed[town] & ~ordered[w.region[station]])
        if len(back):
            self._go(back, s.unit_station[back], self.home[back])
