"""Street engagement at each spot: who prevails, what the force does to the crowd and the crowd to the force.

    C* = w_p * peaceful + fighting without arms + w_a * armed          effective number of the crowd
    F* = force * g(posture);   p_F = F***s / (F***s + C***s)           contest success; 0 where there is no force
    dispersal per person and hour: eta_d * p_F                        batons and above, the same for both sides
    arrested and hit per hour of one of the force: a(posture), h(posture), shared out over n = peaceful + e * fighting
        a also times the free capacity to arrest (`detention`); per peaceful person a F / n and h F / n, per person who
        fights e times that, each at most `most`;
        a hit under live fire kills with probability `lethality`
    harm to the force per hour: injured h_F * fighting, disarmed x_F * fighting, killed d_F * armed people

g: watch 0.3, cordon 1, batons 1.5, gas 2, rubber bullets 2.5, live fire 8. Contest success function: Tullock (1980),
Hirshleifer (1989), axioms in Skaperdas (1996). Harm is linear in the other side's number (Lanchester 1916) and drawn
person by person, so that there is never more of it than people present: on the crowd's side by the engine, on the
force's by keyed binomial draws over the people of the force at the spot. e: more than 1 where what is used is aimed.

- Side 1 at a spot are all who fight there, people of the population and outsiders (organised groups); an armed person
  counts w_a instead of 1. Under `least_crowd` people of whom nobody fights are met with a cordon at most. An order to
  shoot without warning (`shoot`) opens live fire wherever people fight, whatever the posture; so does the force that
  is there where as many armed people meet it as `return_fire_people` (firearms on both sides).
- `force` is the state's force that holds and obeys there; those who stand by do nothing and nothing is done to them
  here, except that they can be disarmed where the site is lost. Columns on the way meet nobody.
- Harm falls on the units of the town in proportion to their people on duty there; so units lose people, and each who
  is killed or disarmed loses a firearm with the unit's share of firearms, a vehicle with its vehicles per person.
  The firearms fall to the places whose people fight there.
- Everybody present at a site when it was lost, also those who stand by, is disarmed with chance `disarmed_at_loss`.
- `site_*`: people of the population by the spot where they stood when it happened, in the hour before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.domains.state.losses import Losses
from groundswell.domains.state.measures import POSTURES
from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform

CORDON, BATONS, RUBBER, LIVE = (POSTURES.index(k) for k in ("cordon", "batons", "rubber", "live"))
ARRESTS, ALL = 1, 2  # what the hour before wrote: arrests under a cordon alone, or anything else too
_SIDES = np.arange(2)
_TINY = 1e-300
_FLOWS = ("dispersed", "arrested", "injured", "dead")


def win_probability(force: np.ndarray, crowd: np.ndarray, power: float) -> np.ndarray:
    """Chance that the force prevails: F**s / (F**s + C**s); 0 where there is no force."""
    f = np.power(force, power)
    return f / np.maximum(f + np.power(crowd, power), _TINY)


def effective_crowd(
    peaceful: np.ndarray, fighting: np.ndarray, armed: np.ndarray, peaceful_weight: float, armed_weight: float
) -> np.ndarray:
    """C*: peaceful people count little, those who fight 1, those of them with arms `armed_weight`."""
    with_arms = np.minimum(armed, fighting)
    return peaceful_weight * peaceful + (fighting - with_arms) + armed_weight * with_arms


class Engagement(Mechanism):
    """Rates of dispersal, arrest, injury and death of the crowd; losses of the force."""

    name = "engagement"
    reads = (
        "posture", "shoot", "crowd", "stand", "target", "outsiders", "armed", "force", "force_passive", "unit_place",
        "unit_on_duty", "unit_passive", "unit_exhausted", "unit_arms", "arrest_room",
    )  # fmt: skip
    lags = ("on_street", "fighting", "site_held", "lost_hour", *_FLOWS, *(f"{k}_fighting" for k in _FLOWS))
    writes = (
        Variable("prevail", ("spot",), "1", "chance that the force prevails where crowd and force meet", 1.0),
        Variable("force_effective", ("place",), "people", "effective force F* that the peaceful crowd of the place "
                 "meets", keep="hour"),
        Variable("crowd_faced", ("place",), "people", "people at the spot where the peaceful crowd stands", dtype=int),
        Variable("force_used", ("place",), "1", "1: force was used on people of the place this hour", keep="hour"),
        Variable("force_weight", ("place",), "1", "g of the posture used on the peaceful crowd this hour, 0: none"),
        Variable("fired_on", ("place",), "1", "1: the peaceful crowd was fired at this hour"),
        Variable("force_used_at", ("spot",), "1", "g of the posture used at the spot this hour, 0: none"),
        Variable("disperse_hazard", ("place", "side"), "1/h", "hazard of being dispersed"),
        Variable("arrest_hazard", ("place", "side"), "1/h", "hazard of arrest on the street"),
        Variable("injury_hazard", ("place", "side"), "1/h", "hazard of being hit on the street"),
        Variable("lethality", ("place", "side"), "1", "share of those hit who die"),
        Variable("disperse_rate_at", ("spot",), "1/h", "hazard of dispersal of those who fight there"),
        Variable("arrest_rate_at", ("spot",), "1/h", "hazard of arrest of those who fight there"),
        Variable("hit_rate_at", ("spot",), "1/h", "hazard of being hit of those who fight there"),
        Variable("lethality_at", ("spot",), "1", "share of those hit there who die"),
        Variable("unit_dead", ("unit",), "people/h", "people of the unit killed", keep="hour", dtype=int),
        Variable("unit_injured", ("unit",), "people/h", "people of the unit injured", keep="hour", dtype=int),
        Variable("unit_disarmed", ("unit",), "people/h", "people of the unit disarmed", keep="hour", dtype=int),
        Variable("unit_arms_lost", ("unit",), "firearms/h", "firearms that the unit lost", dtype=int),
        Variable("unit_vehicles_lost", ("unit",), "vehicles", "vehicles that the unit has lost so far", dtype=int),
        Variable("security_dead", ("place",), "people/h", "people of the force killed", keep="hour", dtype=int),
        Variable("security_injured", ("place",), "people/h", "people of the force injured", keep="hour", dtype=int),
        Variable("security_disarmed", ("place",), "people/h", "people of the force disarmed", keep="hour", dtype=int),
        Variable("arms_lost", ("place",), "firearms/h", "firearms taken by people of it", keep="hour", dtype=int),
        Variable("vehicles_lost", ("place",), "vehicles/h", "vehicles that the force lost", keep="hour", dtype=int),
        Variable("site_dispersed", ("spot",), "people/h", "dispersed there, the hour before", keep="hour", dtype=int),
        Variable("site_arrested", ("spot",), "people/h", "arrested there, the hour before", keep="hour", dtype=int),
        Variable("site_injured", ("spot",), "people/h", "injured there, the hour before", keep="hour", dtype=int),
        Variable("site_dead", ("spot",), "people/h", "killed there, the hour before", keep="hour", dtype=int),
        Variable("engaged", (), "1", "what the hour before wrote, 1: arrests under a cordon, 2: anything else too"),
        Variable("stood", ("place", "side"), "1", "spot of the hour before; -1: on the way", -1, dtype=int),
        Variable("force_stood", ("spot",), "people", "force there in the hour before"),
        Variable("passive_stood", ("spot",), "people", "people of the force who stood by there in the hour before"),
    )  # fmt: skip

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the engagement."""

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
        return_fire_people: float = parameter(
            10.0, unit="people", prior=LogNormal(10, 3, 100), source="assumed",
            about="armed people at a spot whom the force answers with live fire without an order",
        )  # fmt: skip
        armed_weight: float = parameter(
            5.0, unit="1", prior=LogNormal(5, 2, 12), source="assumed", about="w_a, weight of an armed person in C*"
        )
        power: float = parameter(
            1.5, unit="1", prior=LogNormal(1.5, 1, 3), source="assumed", about="s, decisiveness of numbers"
        )
        dispersal: float = parameter(1.0, unit="1/h", prior=LogNormal(1, 0.3, 3), source="assumed", about="eta_d")
        arrests_cordon: float = parameter(
            0.002, unit="1/h", prior=LogNormal(0.002, 4e-4, 0.01), source="assumed",
            about="arrests per officer-hour, cordon",
        )  # fmt: skip
        arrests_batons: float = parameter(
            0.02, unit="1/h", prior=LogNormal(0.02, 0.004, 0.1), source="assumed",
            about="arrests per officer-hour, batons",
        )  # fmt: skip
        injuries_batons: float = parameter(
            0.02, unit="1/h", prior=LogNormal(0.02, 0.004, 0.1), source="assumed",
            about="injured per officer-hour, batons",
        )  # fmt: skip
        injuries_gas: float = parameter(
            0.01, unit="1/h", prior=LogNormal(0.01, 0.002, 0.05), source="assumed",
            about="injured per officer-hour, gas",
        )  # fmt: skip
        injuries_rubber: float = parameter(
            0.03, unit="1/h", prior=LogNormal(0.03, 0.006, 0.15), source="assumed",
            about="injured per officer-hour, rubber",
        )  # fmt: skip
        hits_live: float = parameter(
            0.02, unit="1/h", prior=LogNormal(0.02, 0.004, 0.1), source="assumed",
            about="hit per officer-hour, live fire",
        )  # fmt: skip
        lethality: float = parameter(
            0.25, unit="1", prior=Uniform(0.1, 0.4), source="assumed", about="share of live hits that kill", high=1
        )
        arrest_exposure: float = parameter(
            1.0, unit="1", prior=LogNormal(1, 0.3, 3), source="assumed: sought more, and harder to take",
            about="arrest of a person who fights against one who is peaceful",
        )  # fmt: skip
        close_exposure: float = parameter(
            1.0, unit="1", prior=LogNormal(1, 0.3, 3), source="assumed: they pick out nobody", about="e, batons and gas"
        )
        aimed_exposure: float = parameter(
            3.0, unit="1", prior=LogNormal(3, 1, 9), source="assumed: bullets are aimed",
            about="e, hit by rubber bullets or live fire of a person who fights against one who is peaceful",
        )  # fmt: skip
        most: float = parameter(
            0.1, unit="1/h", prior=Uniform(0.02, 0.5), source="assumed", about="largest hazard of arrest, and of a hit"
        )
        least_crowd: float = parameter(
            50.0, unit="people", prior=Fixed("scale"), source="assumed",
            about="a smaller crowd in which nobody fights is met with a cordon at most",
        )  # fmt: skip
        force_injuries: float = parameter(
            0.005, unit="1/h", prior=LogNormal(0.005, 0.001, 0.025), source="assumed",
            about="h_F, injured of the force per hour of a person who fights",
        )  # fmt: skip
        force_disarmed: float = parameter(
            0.01, unit="1/h", prior=LogNormal(0.01, 0.002, 0.05), source="assumed",
            about="x_F, disarmed of the force per hour of a person who fights",
        )  # fmt: skip
        force_killed: float = parameter(
            0.001, unit="1/h", prior=LogNormal(0.001, 1e-4, 0.01), source="assumed",
            about="d_F, killed of the force per hour of an armed person",
        )  # fmt: skip
        disarmed_at_loss: float = parameter(
            0.35, unit="1", prior=Uniform(0.1, 0.6), source="assumed", high=1,
            about="share of those present at a site who are disarmed when it is lost",
        )  # fmt: skip

    def prepare(self) -> None:
        """Tables by posture, and where spots and units belong."""
        w, p, s = self.w, self.p, self.s
        self.effect = np.array([getattr(p, k) for k in POSTURES])
        used = p.arrests_batons  # gas and rubber bullets come with batons; live fire keeps its distance
        self.arrests = np.array([0.0, p.arrests_cordon, used, used, used, 0.0])
        self.hits = np.array([0.0, 0.0, p.injuries_batons, p.injuries_gas, p.injuries_rubber, p.hits_live])
        self.exposure = np.array([1.0, 1.0, p.close_exposure, p.close_exposure, p.aimed_exposure, p.aimed_exposure])
        self.place, self.home = w.spots.place, w.home_spot
        self.losses = Losses(w, s, p, self.seed, self.dt)
        self.rates = [s.disperse_hazard, s.arrest_hazard, s.injury_hazard, s.lethality]
        self.rates_at = [s.disperse_rate_at, s.arrest_rate_at, s.hit_rate_at, s.lethality_at]
        harm = [s.security_dead, s.security_injured, s.security_disarmed, s.arms_lost, s.vehicles_lost]
        harm += [s.unit_dead, s.unit_injured, s.unit_disarmed, s.unit_arms_lost, s.force_used, s.force_weight]
        self.sites = [s.site_dispersed, s.site_arrested, s.site_injured, s.site_dead]
        self.flows = [getattr(s, k) for k in _FLOWS]
        self.flows_fighting = [getattr(s, f"{k}_fighting") for k in _FLOWS]
        every = [*self.rates, *self.rates_at, *self.sites, *harm, s.fired_on, s.force_used_at]
        self.cleared = [[s.arrest_hazard, s.arrest_rate_at], every]

    def step(self, now: Now) -> None:
        """What happens at every spot where people stand."""
        s = self.s
        if s.engaged:
            for variable in self.cleared[int(s.engaged) - 1]:
                variable.fill(0)
            s.engaged[...] = 0.0
        if any(np.count_nonzero(flow) for flow in self.flows):
            self._by_site()
        walking = s.target >= 0
        away = np.count_nonzero(walking) > 0
        fighting = s.crowd[:, 1] + s.outsiders
        people = s.crowd[:, 0] + fighting
        hot = people.nonzero()[0]
        np.greater(s.force, 0.0, out=s.prevail)
        posture = s.posture.astype(np.int64)
        effective = s.force * self.effect[np.minimum(posture, CORDON)][self.place]
        if len(hot):
            effective[hot] = self._meet(now, hot, fighting[hot], posture, walking if away else None)
        stand = s.stand[:, 0]
        np.take(people, stand, out=s.crowd_faced, mode="clip")
        np.take(effective, np.where(s.crowd_faced > 0, stand, self.home), out=s.force_effective, mode="clip")
        if away:
            s.force_effective[walking[:, 0]] = s.crowd_faced[walking[:, 0]] = 0
        if np.count_nonzero(s.site_held) < len(self.place):
            s.engaged[...] = ALL
            self.losses.at_lost_sites(now)
        np.copyto(s.stood, s.stand)
        if away:
            s.stood[walking] = -1
        s.force_stood[:], s.passive_stood[:] = s.force, s.force_passive

    def _by_site(self) -> None:
        """What happened in the hour before, by the spot where people of each place and side stood then."""
        s = self.s
        s.engaged[...] = ALL
        for total, of_fighting, at_spot in zip(self.flows, self.flows_fighting, self.sites, strict=True):
            rows = np.flatnonzero(total)
            if len(rows):
                people = np.stack([total[rows] - of_fighting[rows], of_fighting[rows]], axis=1)
                where = s.stood[rows]
                known = where >= 0
                np.add.at(at_spot, where[known], people[known])

    def _meet(
        self, now: Now, hot: np.ndarray, fighting: np.ndarray, ordered: np.ndarray, walking: np.ndarray | None
    ) -> np.ndarray:
        """F* at the spots where people stand; the contest there, and what each side does to the other."""
        s, p = self.s, self.p
        place, force, peaceful = self.place[hot], s.force[hot], s.crowd[hot, 0]
        posture, anybody = ordered[place], np.count_nonzero(fighting) > 0
        if np.count_nonzero(posture >= BATONS):
            few = (peaceful + fighting < p.least_crowd) & (fighting == 0)
            posture = np.where(few, np.minimum(posture, CORDON), posture)
        if anybody and np.count_nonzero(s.shoot):
            posture = np.where((s.shoot[place] > 0) & (fighting > 0), LIVE, posture)
        armed = s.armed[hot] if anybody else fighting
        if anybody:
            posture = np.where(armed >= p.return_fire_people, LIVE, posture)
        effective = force * self.effect[posture]
        weight = effective_crowd(peaceful, fighting, armed, p.peaceful_weight, p.armed_weight)
        s.prevail[hot] = prevail = win_probability(effective, weight, p.power)
        if np.count_nonzero((posture >= CORDON) & (force > 0)):
            self._rates(hot, posture, force, peaceful, fighting, prevail, walking)
        if anybody:
            s.engaged[...] = ALL
            self.losses.in_fights(now, hot, fighting)
        return effective

    def _rates(
        self, hot: np.ndarray, posture: np.ndarray, force: np.ndarray, peaceful: np.ndarray, fighting: np.ndarray,
        prevail: np.ndarray, walking: np.ndarray | None,
    ) -> None:  # fmt: skip
        """What the force does, by hot spot and side; handed on to the columns that stand there."""
        s, p = self.s, self.p
        nowhere = 2 * len(self.place)
        column = 2 * s.stand + _SIDES
        if walking is not None:
            column[walking] = nowhere

        def hand_on(which: int, rate: np.ndarray) -> None:
            by_column = np.zeros((len(self.place) + 1, 2))
            by_column[hot] = rate
            np.take(by_column.reshape(-1), column, out=self.rates[which], mode="clip")
            self.rates_at[which][hot] = by_column[hot, 1]

        s.engaged[...] = max(float(s.engaged), ARRESTS)
        arrests = self.arrests[posture] * force * s.arrest_room[self.place[hot]]
        hand_on(1, self._each(arrests, peaceful, fighting, p.arrest_exposure))
        used = (posture >= BATONS) & (force > 0)
        if not np.count_nonzero(used):
            return
        s.engaged[...] = ALL
        hand_on(0, (p.dispersal * prevail * used)[:, None])
        hand_on(2, self._each(self.hits[posture] * force, peaceful, fighting, self.exposure[posture]))
        hand_on(3, (p.lethality * (posture == LIVE))[:, None])
        s.force_used_at[hot] = np.where(used, self.effect[posture], 0.0)
        met = np.append(s.force_used_at, 0.0)[column >> 1]
        met[:, 0] *= s.on_street > s.fighting
        met[:, 1] *= s.fighting > 0
        s.force_weight[:] = met[:, 0]
        s.force_used[:] = (met > 0).any(axis=1)
        fired = np.zeros(len(self.place) + 1, bool)
        fired[hot] = used & (posture >= RUBBER)
        s.fired_on[:] = fired[column[:, 0] >> 1] & (met[:, 0] > 0)

    def _each(
        self, total: np.ndarray, peaceful: np.ndarray, fighting: np.ndarray, exposure: np.ndarray | float
    ) -> np.ndarray:
        """(H, 2) hazard of each person by side: people harmed per hour, shared out by exposure."""
        each = total / np.maximum(peaceful + exposure * fighting, 1e-9)  # the spots have people
        return np.minimum(np.stack([each, each * exposure], axis=1), self.p.most)
