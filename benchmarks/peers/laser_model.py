"""`streets` in LASER: properties of people in a `LaserFrame`, components with compiled loops on all threads.

As LASER's guides have it: people and places are frames, a component is a class with a `step(tick)`, its loop over
people is compiled by Numba with `prange` and counts by thread, and draws come from Numba's generator, seeded by
`laser.core.random.seed`. Each of the two components reads the state at the start of the hour: synchronous.
"""

from __future__ import annotations

import math

import laser.core.random
import numba
import numpy as np
from laser.core import LaserFrame

from benchmarks.streets import Result, World

HOME, STREET = 0, 1


@numba.njit(parallel=True, nogil=True, cache=True)
def update(tick, leave, growth, rest, hazard, nodeid, frailty, state, since, back, joined, left):
    """Everybody joins, leaves or stays; counts by thread and place."""
    for i in numba.prange(len(nodeid)):
        place = nodeid[i]
        if state[i] == HOME:
            if back[i] <= tick and np.random.random() < -math.expm1(-hazard[place] * frailty[i]):
                state[i], since[i] = STREET, tick
                joined[numba.get_thread_id(), place] += 1
        elif np.random.random() < -math.expm1(-leave * (1.0 + growth * (tick - since[i]))):
            state[i], back[i] = HOME, tick + rest + 1
            left[numba.get_thread_id(), place] += 1


class Hazard:
    """What people see in their place and elsewhere."""

    def __init__(self, model):
        self.model = model

    def step(self, tick: int) -> None:
        self.model.patches.hazard[:] = self.model.world.hazard(self.model.patches.active)


class Streets:
    """People join and leave."""

    def __init__(self, model):
        self.model = model

    def step(self, tick: int) -> None:
        m, p, leaving = self.model, self.model.people, self.model.world.s["leaving"]
        joined = np.zeros((numba.get_num_threads(), m.patches.count), np.int64)
        left = np.zeros_like(joined)
        update(
            tick, leaving["per_h"], leaving["growth_per_h"], round(leaving["rest_h"]), m.patches.hazard, p.nodeid,
            p.frailty, p.state, p.since, p.back, joined, left,
        )  # fmt: skip
        m.patches.active[:] += (joined - left).sum(axis=0)
        m.joins[tick], m.active[tick] = joined.sum(), m.patches.active.sum()


class Model:
    """Frames of people and places, and the components in the order of an hour."""

    def __init__(self, world: World, seed: int):
        prng = laser.core.random.seed(seed)
        self.world, steps = world, world.s["size"]["hours"]
        shape, people, places = world.s["hazard"]["frailty_shape"], int(world.people.sum()), len(world.people)
        self.people, self.patches = LaserFrame(people), LaserFrame(places)
        for name, dtype in (("nodeid", np.uint16), ("frailty", np.float32), ("state", np.uint8)):
            self.people.add_scalar_property(name, dtype)
        for name in ("since", "back"):
            self.people.add_scalar_property(name, np.int16)
        self.patches.add_scalar_property("hazard", np.float64)
        self.patches.add_scalar_property("active", np.int64)
        self.people.nodeid[:] = np.repeat(np.arange(places), world.people.astype(np.int64))
        self.people.frailty[:] = prng.standard_gamma(shape, people, np.float32) / np.float32(shape)
        self.joins, self.active = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
        self.components = [Hazard(self), Streets(self)]

    def run(self) -> None:
        """All hours."""
        for tick in range(len(self.joins)):
            for component in self.components:
                component.step(tick)


def prepare(world: World, threads: int = 1):
    """Everything that does not depend on the seed; returns a function of the seed that makes one run."""

    def setup(seed: int) -> Model:
        numba.set_num_threads(threads)
        return Model(world, seed)

    def run(seed: int, model: Model | None = None) -> Result:
        model = model or setup(seed)
        model.run()
        return Result(model.joins, model.active)

    run.setup = setup
    return run
