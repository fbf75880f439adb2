"""`streets` in Starsim: a module with states of people and distributions that draw for each of them.

As Starsim's guide has it: parameters and states are declared, a `bernoulli` whose probability is a function of the
people asked filters them, results are declared and filled by step. Draws are Starsim's own, a stream for each
distribution with a place for each person. Hazards of the hour come first, so the update is synchronous.
"""

from __future__ import annotations

import numpy as np
import starsim as ss

from benchmarks.streets import Result, World


def joining(module, sim, uids):
    """Probability of each of `uids` to join in this hour."""
    return -np.expm1(-module.hazard[module.place[uids]] * module.frailty[uids])


def leaving(module, sim, uids):
    """Probability of each of `uids` to leave in this hour."""
    hours = module.ti - module.since[uids]
    return -np.expm1(-module.pars.leave * (1.0 + module.pars.growth * hours))


class Streets(ss.Module):
    """People join and leave."""

    def __init__(self, world: World, **kwargs):
        super().__init__()
        rule, shape = world.s["leaving"], world.s["hazard"]["frailty_shape"]
        self.define_pars(
            leave=rule["per_h"],
            growth=rule["growth_per_h"],
            rest=round(rule["rest_h"]),
            p_join=ss.bernoulli(p=joining),
            p_leave=ss.bernoulli(p=leaving),
        )
        self.update_pars(**kwargs)
        self.define_states(
            ss.IntArr("place"),
            ss.FloatArr("frailty", default=ss.gamma(a=shape, scale=1.0 / shape)),
            ss.BoolState("street"),
            ss.FloatArr("since", default=0),
            ss.FloatArr("back", default=0),
        )
        self.world, self.active = world, np.zeros(len(world.people), np.int64)

    def init_post(self):
        """Who lives where."""
        super().init_post()
        n = self.world.people.astype(np.int64)
        self.place[:] = np.repeat(np.arange(len(n)), n)

    def init_results(self):
        """Joins in each hour, and people on the street at its end."""
        super().init_results()
        self.define_results(ss.Result("joins", dtype=int), ss.Result("active", dtype=int))

    def step(self):
        """One hour."""
        self.hazard = self.world.hazard(self.active)
        on, home = self.street.uids, (~self.street & (self.back <= self.ti)).uids
        joins, leaves = self.pars.p_join.filter(home), self.pars.p_leave.filter(on)
        self.street[leaves] = False
        self.back[leaves] = self.ti + self.pars.rest + 1
        self.street[joins] = True
        self.since[joins] = self.ti
        self.active = np.bincount(self.place[self.street.uids], minlength=len(self.active))
        self.joined = len(joins)

    def update_results(self):
        """What came of the hour."""
        super().update_results()
        self.results.joins[self.ti], self.results.active[self.ti] = self.joined, self.active.sum()


def prepare(world: World, threads: int = 1):
    """Everything that does not depend on the seed; returns a function of the seed that makes one run."""
    steps, people = world.s["size"]["hours"], int(world.people.sum())

    def setup(seed: int) -> ss.Sim:
        sim = ss.Sim(
            n_agents=people, modules=Streets(world), start=0, dur=steps - 1, dt=1, rand_seed=seed, verbose=0,
            copy_inputs=False,
        )  # fmt: skip
        sim.init()
        return sim

    def run(seed: int, sim: ss.Sim | None = None) -> Result:
        sim = sim or setup(seed)
        sim.run()
        found = sim.results.streets
        return Result(np.asarray(found.joins, np.int64), np.asarray(found.active, np.int64))

    run.setup = setup
    return run
