"""Marches: when the crowd of a place marches, and to which site.

Each place has two columns: the main crowd (side 0, peaceful) and those who fight (side 1). The main crowd gathers at
the place's assembly point (`gathering`). A column that may choose marches with a hazard (integrated, against a keyed
exponential) to the spot with the largest utility, a conditional logit (McFadden 1974):

    U(s) = v_kind + v_seat - beta_d * walk_h + kappa * ln(1 + C_s) - gamma * q_s + Gumbel(place, side, march, s)
    q_s = 1 - exp(-k * F_s / (C_s + n + 1)),   walk_h = great-circle km / speed

C_s: others who stand at s; F_s: the state's force there in the step before; n: people of the column, so that q is the
risk they expect once they are there (Epstein 2002, as in `risk`). v_seat counts for the square and the administration
of the district that is the seat of a city of several districts: an office of a district is not that of the city, and
crowds go to the city's. Spots: sites of the same town, and others within max_walk_h of the assembly point. Peaceful
columns go to squares and administrations only, and a square or administration where they have gathered is one of the
choices: they may stay. Those who fight go to any site that the state holds. Distance to the target, what stands there
and where others are: found for rioters' choice of targets in London by Baudains, Braithwaite & Johnson (2013);
distance, attraction and police in one model: Davies et al. (2013).

- The main crowd chooses when those of its town have at least `column_people`, since districts of a city march as one
  column that grows on its way; once arrived it stays. Under `few` people it goes home
  and gathers at the assembly point again.
- Those who fight stand with the main crowd while they are fewer than `few`. From `fighters_people` on they choose,
  unless their spot is a site that the state still holds: then they stay and fight for it.
- A column counts for an hour where it is for most of that hour, so it arrives in the step before whose middle it is
  there.
- Growth on the way has no parameter of its own: `visitors` adds the column to the crowd that people of a place see.

Limits: columns do not split, and the few who go home do so at once; a walk is a straight line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.domains.street.gathering import FIGHTING, PEACEFUL, standing, where
from groundswell.domains.street.risk import arrest_probability
from groundswell.engine.clock import Now
from groundswell.engine.hazard import HazardClock, clock_variables
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Normal, Uniform
from groundswell.engine.purposes import purpose
from groundswell.world.geography import between_km

MARCH = purpose("marches: setting out")  # when a column of the crowd sets out
MARCH_TARGET = purpose("marches: target")  # to which spot it goes

TARGETS = (("administration", "square"), ("administration", "square", "police", "airport", "broadcasting", "shops"))


def utility(
    v: np.ndarray, walk_h: np.ndarray, crowd: np.ndarray, risk: np.ndarray, beta: float, kappa: float, gamma: float
) -> np.ndarray:
    """Systematic utility of spots: worth of their kind, less the walk, with company, less the risk."""
    return v - beta * walk_h + kappa * np.log1p(crowd) - gamma * risk


class Marches(Mechanism):
    """Columns of the crowd: when they set out and where they go."""

    name = "marches"
    lags = ("on_street", "fighting", "site_held", "force")
    writes = (
        Variable("chosen", ("place", "side"), "1", "spot the column came to; -1: the assembly point", -1, dtype=int),
        Variable("target", ("place", "side"), "1", "spot to which the column marches; -1: none", -1, dtype=int),
        Variable("walk_h", ("place", "side"), "h", "length of the march"),
        Variable("travel_h", ("place", "side"), "h", "walk that is left"),
        *clock_variables("march", ("place", "side"), "choice of a target"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of marches."""

        hazard: float = parameter(
            0.5, unit="1/h", prior=LogNormal(0.5, 0.2, 1.2), source="assumed", about="hazard of setting out"
        )
        column_people: float = parameter(
            200.0, unit="people", prior=LogNormal(200, 50, 1000), source="assumed", about="C_min, smallest main column"
        )
        fighters_people: float = parameter(
            50.0, unit="people", prior=LogNormal(50, 20, 200), source="assumed",
            about="smallest fighting column that chooses a target",
        )  # fmt: skip
        few: float = parameter(
            10.0, unit="people", prior=LogNormal(10, 3, 30), source="assumed", about="fewer are no column"
        )
        speed_km_h: float = parameter(
            4.5, unit="km/h", prior=LogNormal(4.5, 3.5, 6), source="assumed: walking pace of a crowd",
            about="speed of a march along a straight line",
        )  # fmt: skip
        max_walk_h: float = parameter(
            3.0, unit="h", prior=LogNormal(3, 1.5, 6), source="assumed", about="longest walk to another town"
        )
        beta_d: float = parameter(
            1.0, unit="1/h", prior=LogNormal(1, 0.5, 2), source="assumed", about="beta_d, cost of an hour's walk"
        )
        kappa: float = parameter(
            0.5, unit="1", prior=Uniform(0, 1), source="assumed", about="weight of a crowd that is there already"
        )
        gamma: float = parameter(1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="weight of risk at a spot")
        risk_k: float = parameter(
            2.3, unit="1", prior=Fixed("published value"), source="Epstein (2002): see risk", about="k", state="derived"
        )
        v_administration: float = parameter(
            0.0, unit="1", prior=Fixed("others are measured by it"), source="convention", about="v, administration"
        )
        v_square: float = parameter(0.0, unit="1", prior=Normal(0, 1), source="assumed", about="v, square")
        v_police: float = parameter(-1.0, unit="1", prior=Normal(-1, 1), source="assumed", about="v, police")
        v_airport: float = parameter(-2.0, unit="1", prior=Normal(-2, 1), source="assumed", about="v, airport")
        v_broadcasting: float = parameter(
            -1.5, unit="1", prior=Normal(-1.5, 1), source="assumed", about="v, broadcasting"
        )
        v_shops: float = parameter(-1.0, unit="1", prior=Normal(-1, 1), source="assumed", about="v, shops")
        v_seat: float = parameter(
            2.0, unit="1", prior=Uniform(0, 4), source="assumed",
            about="more for square and administration of the seat of a city of several districts",
        )  # fmt: skip

    def prepare(self) -> None:
        """Which spots each place can march to, and what each is worth by its kind."""
        w, p = self.w, self.p
        spots = w.spots
        kinds = np.array([str(k) for k in spots.kind])
        self.v = np.zeros(w.spot_count)
        for kind in TARGETS[FIGHTING]:
            self.v[kinds == kind] = getattr(p, f"v_{kind}")
        seats = np.isin(w.place_id, [str(c) for c in w.case.tables["regions"].column("centre_place")])
        seats &= np.bincount(w.town)[w.town] > 1
        self.v += p.v_seat * (seats[spots.place] & np.isin(kinds, TARGETS[PEACEFUL]))
        may = [np.isin(kinds, kinds_of_side) for kinds_of_side in TARGETS]
        self.site = may[FIGHTING]
        home = w.home_spot
        walk = self._walk(spots.lat_deg[home][:, None], spots.lon_deg[home][:, None], slice(None))
        near = (w.town[:, None] == w.town[spots.place][None, :]) | (walk <= p.max_walk_h)
        self.choices = [[np.flatnonzero(row & side) for side in may] for row in near]
        self.has_choice = np.array([len(of_place[PEACEFUL]) > 0 for of_place in self.choices])
        self.marching = HazardClock(self, "march", MARCH)

    def _walk(self, lat: np.ndarray | float, lon: np.ndarray | float, spots: np.ndarray | slice) -> np.ndarray:
        """Hours of walk from points to spots."""
        to = self.w.spots
        return between_km(lat, lon, to.lat_deg[spots], to.lon_deg[spots]) / self.p.speed_km_h

    def step(self, now: Now) -> None:
        """Columns walk on, arrive, go home and set out."""
        s, p = self.s, self.p
        people = np.empty((self.w.places, 2), np.int64)
        people[:, FIGHTING] = s.fighting
        np.subtract(s.on_street, s.fighting, out=people[:, PEACEFUL])
        small = people < p.few
        if np.count_nonzero(small) == small.size:  # nowhere enough people for a column
            s.chosen[:] = s.target[:] = -1
            s.walk_h[:] = s.travel_h[:] = 0.0
            return
        self._go_on(small)
        self._set_out(people)

    def _go_on(self, small: np.ndarray) -> None:
        """Walk an hour on; a main crowd of few is back home; few who fight are with the main crowd."""
        s = self.s
        walking = s.target >= 0
        if walking.any():
            for place, side in np.argwhere(walking):
                s.travel_h[place, side] -= self.dt
                self._arrive((int(place), int(side)))
        away = (s.chosen[:, PEACEFUL] >= 0) | (s.target[:, PEACEFUL] >= 0)
        gone = np.flatnonzero(small[:, PEACEFUL] & away)
        if len(gone):
            s.chosen[gone, PEACEFUL] = s.target[gone, PEACEFUL] = -1
            s.walk_h[gone, PEACEFUL] = s.travel_h[gone, PEACEFUL] = 0.0
        for variable in (s.chosen, s.target, s.walk_h, s.travel_h):
            np.copyto(variable[:, FIGHTING], variable[:, PEACEFUL], where=small[:, FIGHTING])

    def _arrive(self, column: tuple[int, int]) -> None:
        """The column is there, if it is there for most of the step."""
        s = self.s
        if s.travel_h[column] <= self.dt / 2:
            s.chosen[column] = s.target[column]
            s.target[column] = -1
            s.walk_h[column] = s.travel_h[column] = 0.0

    def _spot(self, column: tuple[int, int]) -> int:
        """Where a column stands, or stood when it set out."""
        chosen = int(self.s.chosen[column])
        return chosen if chosen >= 0 else int(self.w.home_spot[column[0]])

    def _set_out(self, people: np.ndarray) -> None:
        """Columns whose clock passes choose a target, all by the same picture."""
        s, p = self.s, self.p
        size, town = people[:, PEACEFUL], self.w.town
        of_town = np.bincount(town, size)[town]
        main = (of_town >= p.column_people) & (size >= p.few) & (s.chosen[:, PEACEFUL] < 0) & self.has_choice
        ready = [(int(place), PEACEFUL) for place in np.flatnonzero(main)]
        for place in np.flatnonzero(people[:, FIGHTING] >= p.fighters_people):
            at = self._spot((int(place), FIGHTING))
            if not (self.site[at] and s.site_held[at] > 0):
                ready.append((int(place), FIGHTING))
        waiting = np.array([2 * place + side for place, side in ready if s.target[place, side] < 0], np.int64)
        going = [divmod(int(column), 2) for column in self.marching.passed(p.hazard * self.dt, waiting)]
        if not going:
            return
        crowd = standing(where(s.chosen, self.w.home_spot), people * (s.target < 0), self.w.spot_count).sum(axis=1)
        chosen = [self._choose(column, int(people[column]), crowd) for column in going]
        for column, target in zip(going, chosen, strict=True):
            self.marching.turn(2 * column[0] + column[1])
            if target >= 0:
                s.target[column] = target
                walk = self._walk(*self._where(self._spot(column)), np.array([target]))[0]
                s.walk_h[column] = s.travel_h[column] = walk
                self._arrive(column)

    def _choose(self, column: tuple[int, int], people: int, crowd: np.ndarray) -> int:
        """The spot of largest utility; -1 where there is none. Gumbel noise makes the choice a logit."""
        s, p = self.s, self.p
        place, side = column
        spots = self.choices[place][side]
        if side == FIGHTING:
            spots = spots[s.site_held[spots] > 0]
        if len(spots) == 0:
            return -1
        start = self._spot(column)
        others = crowd[spots] - people * (spots == start)
        risk = arrest_probability(s.force[spots], others + people, p.risk_k)
        walk = self._walk(*self._where(start), spots)
        worth = utility(self.v[spots], walk, others, risk, p.beta_d, p.kappa, p.gamma)
        first, made = (2 * place + side) * self.w.spot_count, int(s.march_turns[column])
        drawn = np.array([self.exponential(MARCH_TARGET, first + int(spot), made) for spot in spots])
        return int(spots[np.argmax(worth - np.log(drawn))])

    def _where(self, spot: int) -> tuple[float, float]:
        return float(self.w.spots.lat_deg[spot]), float(self.w.spots.lon_deg[spot])
