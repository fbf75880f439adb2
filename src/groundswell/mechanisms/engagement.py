"""Street engagement of a crowd with the police of a place: dispersal, arrest, injury and death by posture.

    F_p = police * on_duty,  F*_p = F_p * g(posture),  C*_p = peaceful_weight * C_p
    p_F = F***s / (F***s + C***s)                                   contest success, 1 if only the force is there
    dispersal per person and hour: eta_d * p_F          (batons and above)
    arrest per person and hour: arrest(posture) * F / C;  hit: hit(posture) * F / C; each at most `most`
    a hit under live fire kills with probability `lethality`

g: watch 0.3, cordon 1, batons 1.5, gas 2, rubber bullets 2.5, live fire 8. Contest success function: Tullock (1980),
Hirshleifer (1989), axioms in Skaperdas (1996). Harm is linear in the other side's effective number (Lanchester 1916)
and thinned person by person by the engine, so there is never more harm than people. Police obey the order they have:
fighting crowds, fatigue, refusal and losses of the police are not in this version.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.mechanisms.measures import POSTURES

CORDON, BATONS, LIVE = (POSTURES.index(k) for k in ("cordon", "batons", "live"))


def win_probability(force: np.ndarray, crowd: np.ndarray, power: float) -> np.ndarray:
    """Chance that the force prevails: F**s / (F**s + C**s); 0 where there is no force."""
    f, c = np.asarray(force, float) ** power, np.asarray(crowd, float) ** power
    return np.divide(f, f + c, out=np.zeros_like(f), where=f > 0)


class Engagement(Mechanism):
    """Rates of dispersal, arrest, injury and death."""

    name = "engagement"
    reads = ("posture",)
    lags = ("on_street",)
    writes = (
        Variable("force_effective", ("place",), "people", "effective force F*", keep="hour"),
        Variable("force_used", ("place",), "1", "1: force was used on a crowd this hour", keep="hour"),
        Variable("disperse_hazard", ("place", "side"), "1/h", "hazard of being dispersed"),
        Variable("arrest_hazard", ("place", "side"), "1/h", "hazard of arrest on the street"),
        Variable("injury_hazard", ("place", "side"), "1/h", "hazard of being hit on the street"),
        Variable("lethality", ("place", "side"), "1", "share of those hit who die"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the engagement."""

        on_duty: float = parameter(
            0.3, unit="1", prior=Uniform(0.15, 0.5), source="assumed", about="share of police on the streets at a time"
        )
        watch: float = parameter(0.3, unit="1", prior=Fixed("table of postures"), source="assumed", about="g, watch")
        cordon: float = parameter(1.0, unit="1", prior=Fixed("unit of force"), source="convention", about="g, cordon")
        batons: float = parameter(1.5, unit="1", prior=Fixed("table of postures"), source="assumed", about="g, batons")
        gas: float = parameter(2.0, unit="1", prior=Fixed("table of postures"), source="assumed", about="g, gas")
        rubber: float = parameter(
            2.5, unit="1", prior=Fixed("table of postures"), source="assumed", about="g, rubber bullets"
        )
        live: float = parameter(8.0, unit="1", prior=Fixed("table of postures"), source="assumed", about="g, live fire")
        peaceful_weight: float = parameter(
            0.1, unit="1", prior=LogNormal(0.1, 0.03, 0.3), source="assumed", about="weight of a peaceful person in C*"
        )
        power: float = parameter(
            1.5, unit="1", prior=LogNormal(1.5, 1, 3), source="assumed", about="s, decisiveness of numbers"
        )
        dispersal: float = parameter(1.0, unit="1/h", prior=LogNormal(1, 0.3, 3), source="assumed", about="eta_d")
        arrests_cordon: float = parameter(
            0.002,
            unit="1/h",
            prior=LogNormal(0.002, 4e-4, 0.01),
            source="assumed",
            about="arrests per officer-hour, cordon",
        )
        arrests_batons: float = parameter(
            0.02,
            unit="1/h",
            prior=LogNormal(0.02, 0.004, 0.1),
            source="assumed",
            about="arrests per officer-hour, batons",
        )
        injuries_batons: float = parameter(
            0.02,
            unit="1/h",
            prior=LogNormal(0.02, 0.004, 0.1),
            source="assumed",
            about="injured per officer-hour, batons",
        )
        injuries_gas: float = parameter(
            0.01,
            unit="1/h",
            prior=LogNormal(0.01, 0.002, 0.05),
            source="assumed",
            about="injured per officer-hour, gas",
        )
        injuries_rubber: float = parameter(
            0.03,
            unit="1/h",
            prior=LogNormal(0.03, 0.006, 0.15),
            source="assumed",
            about="injured per officer-hour, rubber",
        )
        hits_live: float = parameter(
            0.02,
            unit="1/h",
            prior=LogNormal(0.02, 0.004, 0.1),
            source="assumed",
            about="hit per officer-hour, live fire",
        )
        lethality: float = parameter(
            0.25, unit="1", prior=Uniform(0.1, 0.4), source="assumed", about="share of live hits that kill", high=1
        )
        most: float = parameter(
            0.1, unit="1/h", prior=Uniform(0.02, 0.5), source="assumed", about="largest hazard of arrest, and of a hit"
        )
        least_crowd: float = parameter(
            50.0,
            unit="people",
            prior=Fixed("scale"),
            source="assumed",
            about="a smaller crowd is met with a cordon at most",
        )

    def prepare(self) -> None:
        """Police by place; a smaller synthetic population has as many fewer police."""
        w, p = self.w, self.p
        at = {place: i for i, place in enumerate(w.place_id)}
        self.police = np.zeros(w.places)
        for row in w.case.tables["forces"].rows:
            if row.organ == "police":
                self.police[at[row.place]] += row.strength_people * w.cells.people_scale
        self.effect = np.array([getattr(p, k) for k in POSTURES])
        used = p.arrests_batons  # gas and rubber bullets come with batons; live fire keeps its distance
        self.arrests = np.array([0.0, p.arrests_cordon, used, used, used, 0.0])
        self.hits = np.array([0.0, 0.0, p.injuries_batons, p.injuries_gas, p.injuries_rubber, p.hits_live])

    def step(self, now: Now) -> None:
        """Effective force, and what it does to those on the street."""
        p, s = self.p, self.s
        crowd = s.on_street.astype(float)
        posture = s.posture.astype(np.int64)
        posture = np.where((posture >= BATONS) & (crowd < p.least_crowd), CORDON, posture)
        force = p.on_duty * self.police
        s.force_effective[:] = force * self.effect[posture]
        used = (posture >= BATONS) & (crowd > 0) & (force > 0)
        s.force_used[:] = used
        prevail = win_probability(s.force_effective, p.peaceful_weight * crowd, p.power)
        s.disperse_hazard[:] = np.where(used, p.dispersal * prevail, 0.0)[:, None]
        per_person = np.divide(force, crowd, out=np.zeros_like(crowd), where=crowd > 0)
        s.arrest_hazard[:] = np.minimum(self.arrests[posture] * per_person, p.most)[:, None]
        s.injury_hazard[:] = np.minimum(self.hits[posture] * per_person, p.most)[:, None]
        s.lethality[:] = p.lethality * (posture == LIVE)[:, None]
