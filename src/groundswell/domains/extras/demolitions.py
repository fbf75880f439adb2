"""Demolitions: attempts to clear houses built without a permit, and the anger of the places that see them.

    attempts in p:  per_month * (inhabitants_p / 100,000) a month, a Poisson process
    an attempt:     x_p += 1000 * households * household_people_p / inhabitants_p     evicted per 1,000 inhabitants
    x_p halves in half_life;   urge_p, own_grievance_p += strength * ln(1 + x_p / scale)

Only places of kind "belt" have such houses: ghettos and slums at the edge of a city, where houses were built without a
permit. By default there is none. The hazard is integrated against keyed exponentials; it stands still while a state of
emergency covers the place, while at least `crowd_people` of its people are on the street, and while a site of the place
is in the crowd's hands: then the authorities have other cares (assumed). An attempt may fall on any hour and any day.

What comes of an attempt is left to joining, as for any other anger: a crowd may come or not. The anger is the mean of
a place, not that of the people in front of their own house. Nobody moves away; that the houses are gone in the end or
still stand makes no difference here, and a crowd that comes does not stop the attempt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import MONTH_H, Now
from groundswell.engine.hazard import HazardClock, clock_variables
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import purpose

DEMOLITION = purpose("demolitions: attempt")  # when an attempt to clear houses is made in a place

WITHOUT_PERMIT = "belt"  # kind of the places of places.csv that have houses built without a permit
_RATE_PER = 100_000.0  # inhabitants that `per_month` is told for, so that it does not hang on how a belt is cut


class Demolitions(Mechanism):
    """Attempts to clear houses, and the anger they leave."""

    name = "demolitions"
    reads = ("emergency",)
    lags = ("on_street", "sites_lost")
    writes = (
        Variable("demolitions", ("place",), "actions/h", "attempts to clear houses", keep="hour"),
        Variable(
            "evicted", ("place",), "people per 1,000", "people whose houses were to be cleared, fading", keep="hour"
        ),
        *clock_variables("demolition", ("place",), "attempt to clear houses"),
    )
    adds = ("urge", "own_grievance")

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of demolitions."""

        per_month: float = parameter(
            0.0, unit="1/month per 100,000", prior=Uniform(0, 4),
            source="assumed none",
            about="attempts in a place with such houses, by its inhabitants",
        )  # fmt: skip
        households: float = parameter(
            30.0, unit="households", prior=LogNormal(30, 5, 200), source="assumed",
            about="houses of an attempt, at the scale of the country",
        )  # fmt: skip
        strength: float = parameter(
            3.0, unit="log-hazard", prior=Uniform(0, 6), about="anger, per log of those evicted",
            source="assumed: one in a hundred evicted moves a place about as a doubled price does",
        )  # fmt: skip
        scale: float = parameter(
            1.0, unit="people per 1,000", prior=Fixed("not identifiable beside the strength"), source="convention",
            about="share that is noticed, as in joining", low=SMALLEST,
        )  # fmt: skip
        half_life_days: float = parameter(
            5.0, unit="day", prior=LogNormal(5, 2, 14), source="assumed, as for a price step", about="half-life of x"
        )
        crowd_people: float = parameter(
            50.0, unit="people", prior=Fixed("scale"), source="assumed", low=0,
            about="so many on the street hold an attempt off, at the scale of the country",
        )  # fmt: skip

    def prepare(self) -> None:
        """Where such houses stand, the hazard of an attempt there, and what one adds."""
        w, p = self.w, self.p
        scale = w.cells.people_scale
        people = np.maximum(w.people, 1) / scale
        self.has = np.array([str(k) == WITHOUT_PERMIT for k in w.place("kind")], bool)
        self.hazard = self.has * (p.per_month / MONTH_H * people / _RATE_PER)
        self.evicts = 1000.0 * p.households * w.place("household_people").astype(float) / people
        self.crowd = p.crowd_people * scale
        self.forget = decay(24.0 * p.half_life_days, self.dt)
        self.attempts = HazardClock(self, "demolition", DEMOLITION, carry=True)

    def step(self, now: Now) -> None:
        """Attempts of this hour and the anger that stands; nothing at all without either."""
        s, p = self.s, self.p
        if p.per_month <= 0 and not np.count_nonzero(s.evicted):
            return
        s.evicted *= self.forget
        s.demolitions[:] = 0.0
        if p.per_month > 0:
            free = (s.emergency <= 0) & (s.on_street < self.crowd) & (s.sites_lost <= 0)
            for i in self.attempts.passed(self.hazard * free * self.dt):
                if free[i]:
                    self.attempts.turn(i)
                    s.demolitions[i] = 1.0
        s.evicted += self.evicts * s.demolitions
        anger = (p.strength * np.log1p(s.evicted / p.scale))[self.w.group_place]
        s.urge += anger
        s.own_grievance += anger
