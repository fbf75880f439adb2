"""Deployment: at which spots of a town its people on duty stand.

    guards:  min(need of the sites to guard, guard_share * A)  spread by need,  A: people on duty in town
    control: control_share of the rest, by need of spots
             n_s = w_p * peaceful_s + fighting_s + (w_a - 1) * armed_s + reserve at home spots
    patrol:  what is left, spread over the home spots; it keeps watch over shops and meets no crowd

All units of a town serve all its spots. Most of those on duty are in stations, on the beat, on the roads or at desks;
only part of them is trained and free to be brought against a crowd. A site needs guards by its kind while the state
holds it or the crowd has left it. The need is lowered by what allied contingents take over: those whose task is to
guard stand at the sites and nowhere else, and the home staff that they free (`freed_people`) are not posted again; of
the two the larger counts, since they are the same posts. A crowd of fewer than `least_crowd` at a spot calls nobody.

Where a building of the town is lost, or where the force has been in a hopeless place for `withdraw_after_h` (p_F below
`hopeless`), `withdraw_share` of control and patrol falls back to the police headquarters of the town, or once that is
lost to the offices that are still held; there all of them defend the building, riot unit or not. The headquarters is
the police office nearest to the administration of the town's seat. Two things end that: an order to retake; and
numbers, where control of the town is at least `return_ratio` times what is at its lost sites, in people who fight
(`returns`). Lost sites then count as at least `retake_people` of need. An open square in a crowd's hands makes nobody
fall back. Those who are passive by order or refusal stand where they would stand, and do nothing; those who have fallen
back exhausted sit in these offices. Numbers sum to the people of the units: sum over spots = sum over units, by town.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import LogNormal, Uniform
from groundswell.world.geography import between_km

GUARDED = ("administration", "police", "airport", "broadcasting")
OFFICES = ("administration", "police")


def spread(people: np.ndarray, weight: np.ndarray, town: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """(S,) people of each town (T,) shared among its spots by weight; by `otherwise` where all weights are 0."""
    total = np.bincount(town, weight, len(people))
    if (total[people > 0] > 0).all():
        share = np.divide(people, total, out=np.zeros(len(people)), where=total > 0)
        return share[town] * weight
    weight = np.where(total[town] > 0, weight, otherwise)
    return (people / np.maximum(np.bincount(town, weight, len(people)), 1e-300))[town] * weight


class Deployment(Mechanism):
    """People of the force by spot."""

    name = "deployment"
    reads = (
        "crowd", "outsiders", "retake", "freed_people", "unit_place", "unit_on_duty", "unit_passive", "unit_exhausted",
    )  # fmt: skip
    lags = ("site_held", "armed", "prevail")
    wakes = (*reads[2:], "site_held")  # without a crowd, who is armed and who would prevail is of no consequence
    writes = (
        Variable("force", ("spot",), "people", "people of the state's force who hold and obey there", keep="hour"),
        Variable("force_passive", ("spot",), "people", "people of the force there who do nothing", keep="hour"),
        Variable("patrol", ("spot",), "people", "people of the force on patrol, who meet no crowd", keep="hour"),
        Variable("withdrawn", ("spot",), "people", "people of the force who have left the streets for this office",
                 keep="hour"),
        Variable("returns", ("place",), "1", "1: the force outweighs the crowd at the lost sites of the town"),
        Variable("hopeless_h", ("spot",), "h", "hours for which the force there has been in a hopeless place"),
    )  # fmt: skip

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of deployment."""

        guard_administration: float = parameter(
            40.0, unit="people", prior=LogNormal(40, 10, 160), source="assumed", about="guards of an administration"
        )
        guard_police: float = parameter(
            20.0, unit="people", prior=LogNormal(20, 5, 80), source="assumed", about="guards of a police office"
        )
        guard_airport: float = parameter(
            100.0, unit="people", prior=LogNormal(100, 25, 400), source="assumed", about="guards of an airport"
        )
        guard_broadcasting: float = parameter(
            40.0, unit="people", prior=LogNormal(40, 10, 160), source="assumed", about="guards of a broadcaster"
        )
        guard_share: float = parameter(
            0.4, unit="1", prior=Uniform(0.2, 0.7), source="assumed", about="largest share on duty that guards sites",
            high=1,
        )  # fmt: skip
        reserve: float = parameter(
            0.2, unit="people per 1,000 adults", prior=LogNormal(0.2, 0.05, 0.8), source="assumed", low=1e-9,
            about="need at a place's home spot without a crowd, in people who fight",
        )  # fmt: skip
        peaceful_weight: float = parameter(
            0.1, unit="1", prior=LogNormal(0.1, 0.03, 0.3), source="assumed", about="w_p, need by a peaceful person"
        )
        armed_weight: float = parameter(
            5.0, unit="1", prior=LogNormal(5, 2, 12), source="assumed", about="w_a, need by an armed person"
        )
        least_crowd: float = parameter(
            20.0, unit="people", prior=LogNormal(20, 5, 80), source="assumed", about="a smaller crowd calls nobody"
        )
        hopeless: float = parameter(
            0.1, unit="1", prior=Uniform(0.02, 0.3), source="assumed", about="p_F of a hopeless place", high=1
        )
        withdraw_after_h: float = parameter(
            2.0, unit="h", prior=LogNormal(2, 1, 8), source="assumed", about="hopeless hours before withdrawal"
        )
        withdraw_share: float = parameter(
            0.8, unit="1", prior=Uniform(0.4, 1), source="assumed", high=1,
            about="share of the force not on guard that falls back",
        )  # fmt: skip
        control_share: float = parameter(
            0.2, unit="1", prior=LogNormal(0.2, 0.1, 0.5), high=1,
            source="assumed: three shifts, stations, roads, investigation; riot units are a small part of any police",
            about="share of those on duty, guards apart, who can be brought against a crowd",
        )  # fmt: skip
        return_ratio: float = parameter(
            2.0, unit="1", prior=LogNormal(2, 1, 5), source="assumed",
            about="force over crowd at lost sites, in people who fight, from which it comes back without an order",
        )  # fmt: skip
        retake_people: float = parameter(
            100.0, unit="people", prior=LogNormal(100, 30, 300), source="assumed",
            about="least need of a lost site under an order to retake it",
        )  # fmt: skip

    def prepare(self) -> None:
        """Need of guards and reserve by spot, and the guards among the allied units."""
        w, p = self.w, self.p
        kinds = np.array([str(k) for k in w.spots.kind])
        self.town = w.town[w.spots.place]
        self.towns = int(w.town.max()) + 1
        self.building = (np.arange(w.spot_count) >= w.places) & (kinds != "square")
        self.guards = np.zeros(w.spot_count)
        for kind in GUARDED:
            self.guards[kinds == kind] = getattr(p, f"guard_{kind}")
        self.offices = self.guards * np.isin(kinds, OFFICES)
        self.headquarters = self._headquarters(kinds)
        self.reserve = np.bincount(w.home_spot, p.reserve * 1e-3 * np.maximum(w.adults, 1), w.spot_count)
        self.guard_unit = np.zeros(len(w.units.id), bool)
        self.guard_unit[w.allies.unit] = w.allies.guard

    def has_work(self) -> bool:
        """There may be a crowd that calls somebody."""
        s = self.s
        return float(s.crowd.max(initial=0)) + float(s.outsiders.max(initial=0)) >= self.p.least_crowd / 2

    def step(self, now: Now) -> None:
        """Spread people on duty, and those who are passive, over the spots."""
        s, p = self.s, self.p
        crowd = s.crowd[:, 0] + s.crowd[:, 1] + s.outsiders
        need = self._need(crowd)
        held = s.site_held > 0
        guards = self.guards * (held | (crowd < p.least_crowd))  # a lost site that the crowd has left is manned again
        offices = self.offices * held
        unit_town = self.w.town[s.unit_place]
        able = np.bincount(unit_town, s.unit_on_duty * ~self.guard_unit, self.towns)
        allied = np.bincount(unit_town, s.unit_on_duty * self.guard_unit, self.towns)
        wanted = np.bincount(self.town, guards, self.towns)
        taken_over = np.maximum(np.bincount(self.w.town, s.freed_people, self.towns), allied)
        posted = np.minimum(np.maximum(wanted - taken_over, 0.0), p.guard_share * able)
        rest = able - posted
        control = p.control_share * rest
        withdrawn = self._withdrawn(crowd, need, control)
        refuge = self._refuge(held, offices)
        share = p.withdraw_share * (withdrawn & (np.bincount(self.town, refuge, self.towns) > 0))
        s.force[:] = spread(posted + allied, guards, self.town, self.reserve)
        s.force += spread(control * (1.0 - share), need, self.town, self.reserve)
        s.patrol[:] = spread((rest - control) * (1.0 - share), self.reserve, self.town, self.reserve)
        s.withdrawn[:] = 0.0
        if share.any():
            s.withdrawn[:] = spread(rest * share, refuge, self.town, self.reserve)
            s.force += s.withdrawn
        self._passive(unit_town, need, offices)

    def _headquarters(self, kinds: np.ndarray) -> np.ndarray:
        """(S,) 1 at the police office of each town that is nearest to the administration of its seat."""
        spots, out = self.w.spots, np.zeros(len(kinds))
        centres = [str(c) for c in self.w.case.tables["regions"].column("centre_place")]
        seat = np.isin(np.array(self.w.place_id)[spots.place], centres)
        for town in np.unique(self.town[kinds == "police"]):
            police = np.flatnonzero((kinds == "police") & (self.town == town))
            offices = np.flatnonzero((kinds == "administration") & (self.town == town))
            first = next((o for o in offices if seat[o]), offices[0] if len(offices) else police[0])
            far = between_km(spots.lat_deg[first], spots.lon_deg[first], spots.lat_deg[police], spots.lon_deg[police])
            out[police[int(np.argmin(far))]] = 1.0
        return out

    def _refuge(self, held: np.ndarray, offices: np.ndarray) -> np.ndarray:
        """(S,) weights of where a force falls back to: the headquarters while it is held, else the offices."""
        main = self.headquarters * held
        return np.where(np.bincount(self.town, main, self.towns)[self.town] > 0, main, offices)

    def _need(self, crowd: np.ndarray) -> np.ndarray:
        """(S,) need of spots in people who fight, lost sites not raised."""
        s, p = self.s, self.p
        need = p.peaceful_weight * s.crowd[:, 0] + s.crowd[:, 1] + s.outsiders + (p.armed_weight - 1.0) * s.armed
        return np.where(crowd >= p.least_crowd, need, 0.0) + self.reserve

    def _withdrawn(self, crowd: np.ndarray, need: np.ndarray, control: np.ndarray) -> np.ndarray:
        """(T,) towns whose force falls back to its offices; counts hopeless hours, raises the need of sites to retake.

        need: (S,), changed in place. control: (T,) people who can be brought against a crowd.
        """
        s, p = self.s, self.p
        hopeless = (crowd >= p.least_crowd) & (s.force > 0) & (s.prevail < p.hopeless)
        s.hopeless_h[:] = np.where(hopeless, s.hopeless_h + self.dt, 0.0)
        lost = self.building & (s.site_held == 0)
        withdrawn = np.bincount(self.town, lost | (s.hopeless_h >= p.withdraw_after_h), self.towns) > 0
        s.returns[:] = 0.0
        if withdrawn.any():
            against = np.bincount(self.town, np.where(lost, need, 0.0), self.towns)
            any_lost = np.bincount(self.town, lost, self.towns) > 0
            returns = any_lost & (control >= p.return_ratio * against) & (control > 0)
            s.returns[:] = returns[self.w.town]
            ordered = np.bincount(self.w.town, s.retake, self.towns) > 0
            withdrawn &= ~(ordered | returns)
            back = lost & (ordered | returns)[self.town]
            need[back] = np.maximum(need[back], p.retake_people)
        return withdrawn

    def _passive(self, unit_town: np.ndarray, need: np.ndarray, offices: np.ndarray) -> None:
        s = self.s
        s.force_passive[:] = 0.0
        if np.count_nonzero(s.unit_passive):
            idle = np.bincount(unit_town, s.unit_passive, self.towns)
            s.force_passive += spread(idle, need, self.town, self.reserve)
        if np.count_nonzero(s.unit_exhausted):
            tired = np.bincount(unit_town, s.unit_exhausted, self.towns)
            s.force_passive += spread(tired, offices, self.town, self.reserve)
