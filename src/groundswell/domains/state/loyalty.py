"""Loyalty: whether a unit that faces a crowd obeys, stands aside, goes home or goes over.

    L = l_0 + l_u unity + l_r relief + l_pi (2 pi - 1) - l_k kin - l_g g - l_f fatigue - l_n refusing + l_c consent
    refuses at  lam_L * phi(-L) * exposure  per hour,   exposure = C / (C + F) in its town,  phi(x) = 1/(1 + exp(-x))
    given refusal:  stands aside with phi(c + L), goes home with phi(c + d + L) - phi(c + L), else goes over
    obeys again at  lam_R * phi(L),  times k under another commander, or once the patron has been removed

pi: belief of the commander's faction that the president survives (no commander: mean of all). kin: share recruited
locally times the chance 1 - exp(-n a) that one of n kin and friends is among the share a of the town's adults who are
out; only while the unit stands in its own region. relief: share of the town's forces that came from elsewhere. g:
severity of the order, posture 0..5 over 5, 1 with leave to shoot. refusing: share of the other units of the region.
consent: by how much the share that consents to force is above its rest among the people of whom the unit was raised,
its region in the share recruited locally and the country in the rest; l_c is 0 by default.

Coordination through the belief pi: global games (Morris & Shin 2003; Edmond 2013). Loyalty bought by single rewards
rests on a judgement of the regime's strength and breaks as a prophecy that fulfils itself (McLauchlin 2010). Units
raised in one place go home together (Bearman 1991). Ordered logit: McCullagh (1980). Ties of clan and region enter as
recruitment and as the commander's faction, never as anger. Armies weigh how the people see those who
rule (Barany 2016), and restraint is loosened where the other side is denied a human face (Kelman 1973). An idle
garrison has nothing to refuse: without a crowd, on stand-by or at rest the exposure is 0. Who has gone over does not
come back. Allied contingents obey at home.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.domains.state.measures import POSTURES
from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import purpose

OBEDIENCE = purpose("loyalty: obedience")  # when a unit refuses, and when it obeys again
REFUSAL = purpose("loyalty: refusal")  # how a unit that refuses does so

OBEYS, ASIDE, HOME, OVER = range(4)
_HARSHEST = len(POSTURES) - 1


def phi(x: np.ndarray | float) -> np.ndarray:
    """Logistic function."""
    return 1.0 / (1.0 + np.exp(-np.asarray(x, float)))


def kinship(local_share: np.ndarray, out_share: np.ndarray, ties: float) -> np.ndarray:
    """Share of a unit that has kin or friends in the crowd."""
    return local_share * -np.expm1(-ties * out_share)


def way_of_refusal(loyalty: float, u: float, first: float, second: float) -> int:
    """1 stands aside, 2 goes home, 3 goes over: ordered logit on -L with cut points first <= second."""
    return ASIDE + int(u >= phi(first + loyalty)) + int(u >= phi(second + loyalty))


class Loyalty(Mechanism):
    """Obedience of units."""

    name = "loyalty"
    reads = (
        "crowd", "outsiders", "posture", "shoot", "unity", "belief", "commander", "patron_removed",
        "stand_by", "stand_by_order", "unit_station", "unit_target", "consent_shift",
    )  # fmt: skip
    lags = ("unit_people", "unit_place", "fatigue", "fallen_back")
    writes = (
        Variable(
            "refusal", ("unit",), "1", "0 obeys, 1 stands aside, 2 gone home, 3 gone over", keep="hour", dtype=int
        ),
        Variable("loyalty", ("unit",), "log-odds", "loyalty L, worked out while a unit faces a crowd", keep="day"),
        Variable("refusal_left", ("unit",), "1", "integrated hazard left to the next change of obedience"),
        Variable("refusal_spell", ("unit",), "1", "changes of obedience so far", dtype=int),
        Variable("refused_under", ("unit",), "faction", "who commanded when the unit refused", -1, dtype=int),
        Variable("refused_patron", ("unit",), "1", "1: the patron had been removed when the unit refused"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of loyalty."""

        rate: float = parameter(
            0.1, unit="1/h", prior=LogNormal(0.1, 0.02, 0.4), source="assumed", about="lam_L, refusal at no loyalty"
        )
        base: float = parameter(2.5, unit="log-odds", prior=Uniform(1, 4), source="assumed", about="l_0")
        unity: float = parameter(1.0, unit="log-odds", prior=Uniform(0, 2), source="assumed", about="l_u")
        relief: float = parameter(1.0, unit="log-odds", prior=Uniform(0, 2), source="assumed", about="l_r")
        belief: float = parameter(1.0, unit="log-odds", prior=Uniform(0, 2), source="assumed", about="l_pi")
        kin: float = parameter(1.0, unit="log-odds", prior=Uniform(0, 2), source="assumed", about="l_k")
        severity: float = parameter(1.0, unit="log-odds", prior=Uniform(0, 2), source="assumed", about="l_g")
        fatigue: float = parameter(1.0, unit="log-odds", prior=Uniform(0, 2), source="assumed", about="l_f")
        others: float = parameter(1.0, unit="log-odds", prior=Uniform(0, 2), source="assumed", about="l_n")
        consent: float = parameter(
            0.0, unit="log-odds", prior=Uniform(0, 2), source="assumed; off",
            about="l_c, per unit of consent to force above its rest, see consent",
        )  # fmt: skip
        ties: float = parameter(
            50.0, unit="people", prior=LogNormal(50, 15, 150), source="assumed", about="n, kin and friends of a member"
        )
        aside: float = parameter(
            0.5, unit="log-odds", prior=Uniform(-1, 2), source="assumed", about="c, cut point: stand aside or go home"
        )
        over: float = parameter(
            1.5, unit="log-odds", prior=Uniform(0.5, 3), source="assumed", about="d, from c to the cut point: go over"
        )
        back: float = parameter(
            0.05, unit="1/h", prior=LogNormal(0.05, 0.01, 0.2), source="assumed", about="lam_R, return to obedience"
        )
        new_commander: float = parameter(
            3.0, unit="1", prior=Uniform(1, 6), source="assumed", about="k, factor on the return under a new commander"
        )
        least_crowd: float = parameter(
            20.0, unit="people", prior=Fixed("scale"), source="assumed", about="a smaller crowd asks nothing of a unit"
        )

    def prepare(self) -> None:
        """First draws, loyalty at rest, and what does not change: strength, region, adults by town."""
        w, s = self.w, self.s
        units = w.units
        self.count = len(units.id)
        self.own = ~units.allied & (units.people > 0)
        self.spot_town = w.town[w.spots.place]
        self.towns = int(w.town.max()) + 1
        self.adults = np.maximum(np.bincount(w.town, w.adults, self.towns), 1.0)
        self.region = w.region[units.place]
        self.strength = np.where(self.own, units.people, 0).astype(float)
        self.in_region = np.bincount(self.region, self.strength, len(w.region_id))[self.region]
        for u in range(self.count):
            s.refusal_left[u] = self.exponential(OBEDIENCE, u, 0)
        s.loyalty[:] = self.p.base + self.p.unity * s.unity + self.p.belief * (2.0 * self._belief() - 1.0)

    def _commander(self) -> np.ndarray:
        """(U,) faction whose orders come down to the unit; -1: none."""
        command = np.append(self.s.commander, -1.0)  # an office of -1 is nobody's
        return command[self.w.units.office].astype(np.int64)

    def _belief(self) -> np.ndarray:
        """(U,) pi, the belief of the commander's faction; 1/2 where there are no factions."""
        belief = self.s.belief
        mean = float(belief.mean()) if len(belief) else 0.5
        return np.append(belief, mean)[self._commander()]

    def step(self, now: Now) -> None:
        """Loyalty of this hour, and who changes from obedience to refusal or back."""
        s, p = self.s, self.p
        refusing = np.count_nonzero(s.refusal)
        if not refusing and s.crowd.max(initial=0.0) + s.outsiders.max(initial=0.0) < p.least_crowd:
            return
        population = np.bincount(self.spot_town, s.crowd[:, 0] + s.crowd[:, 1], self.towns)
        facing = population
        if np.count_nonzero(s.outsiders):
            facing = population + np.bincount(self.spot_town, s.outsiders, self.towns)
        facing = np.where(facing >= p.least_crowd, facing, 0.0)
        if not refusing and not np.count_nonzero(facing):
            return
        town = self.w.town[s.unit_place]
        there = s.unit_people * (s.unit_target < 0)
        force = np.bincount(town, there, self.towns)
        s.loyalty[:] = self._loyalty(town, population, there, force)
        exposure = facing / np.maximum(facing + force, 1.0)
        idle = (s.stand_by > 0) | (s.stand_by_order[s.unit_place] > 0) | (s.fallen_back > 0) | (s.unit_target >= 0)
        hazard = p.rate * phi(-s.loyalty) * exposure[town] * (self.own & ~idle)
        if refusing:
            renewed = (self._commander() != s.refused_under) | (float(s.patron_removed) > s.refused_patron)
            back = p.back * phi(s.loyalty) * np.where(renewed, p.new_commander, 1.0)
            hazard = np.where(s.refusal == OBEYS, hazard, np.where(s.refusal == OVER, 0.0, back))
        s.refusal_left -= hazard * self.dt
        for u in np.flatnonzero((s.refusal_left <= 0.0) & (hazard > 0.0)):
            self._change(int(u))

    def terms(self) -> dict[str, np.ndarray]:
        """(U,) what each cause adds to L as things stand, by parameter; for explanations."""
        s, town = self.s, self.w.town[self.s.unit_place]
        population = np.bincount(self.spot_town, s.crowd[:, 0] + s.crowd[:, 1], self.towns)
        there = s.unit_people * (s.unit_target < 0)
        found = self._terms(town, population, there, np.bincount(town, there, self.towns))
        return {name: np.broadcast_to(np.asarray(x, float), (self.count,)) for name, x in found.items()}

    def _loyalty(self, town: np.ndarray, population: np.ndarray, there: np.ndarray, force: np.ndarray) -> np.ndarray:
        """(U,) L for units in these towns, where `population` and `force` (T,) of each town are out and there."""
        return np.asarray(sum(self._terms(town, population, there, force).values()))

    def _terms(self, town: np.ndarray, population: np.ndarray, there: np.ndarray, force: np.ndarray) -> dict[str, Any]:
        w, s, p = self.w, self.s, self.p
        local = np.where(w.region[s.unit_place] == self.region, w.units.local_share, 0.0)
        out: dict[str, Any] = {
            "base": p.base, "unity": p.unity * float(s.unity), "belief": p.belief * (2.0 * self._belief() - 1.0),
            "kin": -p.kin * kinship(local, (population / self.adults)[town], p.ties), "fatigue": -p.fatigue * s.fatigue,
        }  # fmt: skip
        harsh = np.flatnonzero((s.posture > 0) | (s.shoot > 0))
        if len(harsh):
            severity = np.zeros(self.towns)
            np.maximum.at(severity, w.town[harsh], np.maximum(s.posture[harsh] / _HARSHEST, s.shoot[harsh]))
            out["severity"] = -p.severity * severity[town]
        come = w.units.allied | (s.unit_station >= 0)
        if np.count_nonzero(there * come):
            relief = np.bincount(town, there * come, self.towns) / np.maximum(force, 1.0)
            out["relief"] = p.relief * (relief[town] * ~come)
        if np.count_nonzero(s.refusal):
            refused = np.where(s.refusal > 0, self.strength, 0.0)
            known = np.bincount(self.region, refused, len(w.region_id))[self.region] - refused
            out["others"] = -p.others * known / np.maximum(self.in_region - self.strength, 1.0)
        if p.consent:
            out["consent"] = p.consent * self._consent()
        return out

    def _consent(self) -> np.ndarray:
        """(U,) consent to force above its rest among those of whom a unit was raised; 0 for allied contingents."""
        w, adults = self.w, self.w.adults
        moved = np.bincount(w.region, adults * self.s.consent_shift, len(w.region_id))
        around = moved / np.maximum(np.bincount(w.region, adults, len(w.region_id)), 1.0)
        country = moved.sum() / max(float(adults.sum()), 1.0)
        local = w.units.local_share
        return np.where(w.units.allied, 0.0, local * around[self.region] + (1.0 - local) * country)

    def _change(self, u: int) -> None:
        s, p = self.s, self.p
        s.refusal_spell[u] += 1
        spell = int(s.refusal_spell[u])
        s.refusal_left[u] = self.exponential(OBEDIENCE, u, spell)
        if s.refusal[u] != OBEYS:
            s.refusal[u] = OBEYS
            s.refused_under[u], s.refused_patron[u] = -1, 0.0
            return
        draw = self.uniform(REFUSAL, u, spell)
        s.refusal[u] = way_of_refusal(float(s.loyalty[u]), draw, p.aside, p.aside + p.over)
        s.refused_under[u], s.refused_patron[u] = self._commander()[u], float(s.patron_removed)
