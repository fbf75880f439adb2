"""`streets` by a full scan in NumPy: every person, every hour, whole arrays at once."""

from __future__ import annotations

import numpy as np

from benchmarks.streets import Result, World


def prepare(world: World, threads: int = 1):
    """Everything that does not depend on the seed; returns a function of the seed that makes one run."""
    n, steps, leaving = world.people.astype(np.int64), world.s["size"]["hours"], world.s["leaving"]
    people, places, shape = int(n.sum()), len(n), world.s["hazard"]["frailty_shape"]
    place, rest = np.repeat(np.arange(places), n), round(leaving["rest_h"])

    def setup(seed: int) -> np.ndarray:
        return np.random.default_rng(seed).gamma(shape, 1.0 / shape, people)

    def run(seed: int, frailty: np.ndarray | None = None) -> Result:
        frailty = setup(seed) if frailty is None else frailty
        rng = np.random.default_rng([seed, 1])
        home, since = np.ones(people, bool), np.zeros(people, np.int32)
        back: dict[int, np.ndarray] = {}
        on, active = np.zeros(0, np.int64), np.zeros(places, np.int64)
        joins, total = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
        u = np.empty(people)
        for t in range(steps):
            home[back.pop(t, on[:0])] = True
            x = np.repeat(world.hazard(active), n)
            x *= frailty
            rng.random(out=u)
            near = np.flatnonzero((u < x) & home)
            new = near[u[near] < -np.expm1(-x[near])]
            hours = t - since[on]
            go = rng.random(len(on)) < -np.expm1(-leaving["per_h"] * (1.0 + leaving["growth_per_h"] * hours))
            back[t + rest + 1] = on[go]
            home[new], since[new] = False, t
            on = np.concatenate([on[~go], new])
            active = np.bincount(place[on], minlength=places)
            joins[t], total[t] = len(new), len(on)
        return Result(joins, total)

    run.setup = setup
    return run
