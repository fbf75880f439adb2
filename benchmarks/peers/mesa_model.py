"""`streets` in Mesa: an object for each person, stepped one after another.

As Mesa's guide has it: an `Agent` with a `step`, made by `create_agents`, activated with `agents.do`. The hazards of
the hour are worked out before anybody steps, so the update is synchronous and the order of people does not matter.
"""

from __future__ import annotations

import math

import mesa
import numpy as np

from benchmarks.streets import Result, World

HOME, STREET = 0, 1


class Person(mesa.Agent):
    """Somebody who is at home or on the street."""

    def __init__(self, model, place, frailty):
        super().__init__(model)
        self.place, self.frailty = place, frailty
        self.state, self.since, self.back = HOME, 0, 0

    def step(self):
        """Join, leave or stay, by the hazards of this hour."""
        model = self.model
        if self.state == HOME:
            if self.back <= model.hour and self.random.random() < -math.expm1(-model.hazard[self.place] * self.frailty):
                self.state, self.since = STREET, model.hour
                model.joined.append(self.place)
        elif self.random.random() < -math.expm1(-model.leave * (1.0 + model.growth * (model.hour - self.since))):
            self.state, self.back = HOME, model.hour + model.rest + 1
            model.left.append(self.place)


class Streets(mesa.Model):
    """All places and everybody in them."""

    def __init__(self, world: World, frailty: np.ndarray, seed: int):
        super().__init__(seed=seed)
        self.world, self.active = world, np.zeros(len(world.people), np.int64)
        leaving = world.s["leaving"]
        self.leave, self.growth, self.rest = leaving["per_h"], leaving["growth_per_h"], round(leaving["rest_h"])
        self.hour, self.hazard = 0, []
        place = np.repeat(np.arange(len(world.people)), world.people.astype(np.int64)).tolist()
        Person.create_agents(self, len(place), place, frailty.tolist())

    def step(self):
        """One hour."""
        self.hazard = self.world.hazard(self.active).tolist()
        self.joined, self.left = [], []
        self.agents.do("step")
        places = len(self.active)
        self.active += np.bincount(np.array(self.joined, np.int64), minlength=places)
        self.active -= np.bincount(np.array(self.left, np.int64), minlength=places)
        self.hour += 1


def prepare(world: World, threads: int = 1):
    """Everything that does not depend on the seed; returns a function of the seed that makes one run."""
    steps, shape = world.s["size"]["hours"], world.s["hazard"]["frailty_shape"]

    def setup(seed: int) -> Streets:
        frailty = np.random.default_rng(seed).gamma(shape, 1.0 / shape, int(world.people.sum()))
        return Streets(world, frailty, seed)

    def run(seed: int, model: Streets | None = None) -> Result:
        model = model or setup(seed)
        joins, active = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
        for hour in range(steps):
            model.step()
            joins[hour], active[hour] = len(model.joined), model.active.sum()
        return Result(joins, active)

    run.setup = setup
    return run
