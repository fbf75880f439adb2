"""`streets` by Groundswell: group clocks, no scan of people."""

from __future__ import annotations

import numpy as np

from benchmarks.streets import Result, World
from groundswell.engine.crowd import Crowd
from groundswell.engine.rates import Rates
from groundswell.engine.reference import ReferenceCrowd
from groundswell.engine.roster import Roster, make_roster


def split(people: np.ndarray, parts: int) -> np.ndarray:
    """Sizes of `parts` groups in each place, as equal as whole numbers allow."""
    n = people.astype(np.int64)[:, None]
    return ((n + np.arange(parts)) // parts).ravel()


def roster_of(world: World, groups: int) -> Roster:
    """Who lives where, with `groups` groups in every place."""
    t = world.s["ties"]
    return make_roster(
        np.repeat(np.arange(len(world.people)), groups),
        split(world.people, groups),
        people_per_household=t["people_per_household"],
        people_per_work_unit=t["people_per_work_unit"],
        people_per_neighbourhood=t["people_per_neighbourhood"],
    )


def prepare(world: World, ties: bool = False, threads: int = 1, groups: int = 0, reference: bool = False):
    """Everything that does not depend on the seed; returns a function of the seed that makes one run."""
    roster = roster_of(world, groups or world.s["size"]["groups_per_place"])
    leaving, t, steps = world.s["leaving"], world.s["ties"], world.s["size"]["hours"]
    rates = Rates.neutral(roster.places, len(roster.group_size))
    rates.leave, rates.leave_growth, rates.rest_h = (
        leaving["per_h"],
        leaving["growth_per_h"],
        leaving["rest_h"],
    )
    rates.arrival = 0.0  # as its peers have it: who comes out can leave from the next hour on
    if ties:
        rates.tie[:] = 1.0
        rates.beta = np.array([t["household_per_h"], t["work_unit_per_h"], t["neighbourhood_per_h"]])
    options = {"mode": "independent"} if reference else {"threads": threads}
    engine = ReferenceCrowd if reference else Crowd

    def run(seed: int) -> Result:
        crowd = engine(roster, seed, world.s["hazard"]["frailty_shape"], steps, ties=ties, **options)
        joins, active = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
        for hour in range(steps):
            rates.join.reshape(roster.places, -1)[:] = world.hazard(crowd.counts.on_street)[:, None]
            counts = crowd.advance(hour, rates)
            joins[hour], active[hour] = counts.joined.sum(), counts.on_street.sum()
        return Result(joins, active)

    return run
