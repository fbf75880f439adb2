"""`streets` by a compiled full scan: every person, every hour, sorted by place, in blocks, on one or more
threads.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange, set_num_threads

from benchmarks.streets import Result, World

_BLOCK = 4096
_M32 = np.uint64(0xFFFFFFFF)
_ULP32 = 1.0 / 4294967296.0
_HOME, _STREET, _RESTING, _JOINING = 0, 1, 2, 3


@njit(inline="always")
def _mix32(x):
    """A bijection of 32-bit words (lowbias32, Chris Wellons 2018): one cheap hash a person-hour."""
    x = np.uint32(np.uint32(x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D))
    x = np.uint32(np.uint32(x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B))
    return np.uint32(x ^ (x >> np.uint32(16)))


@njit(inline="always")
def _mix64(x):
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(inline="always")
def _near(word, x):
    """False only if a draw made of `word` cannot be below x; in single precision, to run in vectors."""
    return np.float32(np.int32(word >> np.uint32(1))) <= np.float32(2147484600.0) * x + np.float32(1.0)


@njit(parallel=True, cache=True)
def scan(key, first, last, place, hazard, frailty, state, found):
    """Draw for everybody; those at home whose draw is below their probability are marked as joining."""
    for b in prange(len(first)):
        h = np.float32(hazard[place[b]])
        z, home = frailty[first[b] : last[b]], state[first[b] : last[b]]
        near = False
        for i in range(len(z)):
            near |= _near(_mix32(np.uint32(np.uint32(first[b] + i) ^ key)), h * z[i]) & (home[i] == _HOME)
        found[b] = 0
        if not near:
            continue
        for i in range(len(z)):
            word = _mix32(np.uint32(np.uint32(first[b] + i) ^ key))
            if home[i] == _HOME and _near(word, h * z[i]):
                fine = (word + (_mix64(np.uint64(first[b] + i) * _M32 + key) >> np.uint64(11)) * 2.0**-53) * _ULP32
                if fine < -math.expm1(-hazard[place[b]] * z[i]):
                    home[i] = _JOINING
                    found[b] += 1


@njit(cache=True)
def street(t, seed, leave, growth, rest, first, last, place, state, found, who, since, n, out, queue, active):
    """Those on the street leave or stay; then this hour's joiners take their place among them."""
    joins = 0
    kept = 0
    for j in range(n):
        i, p = who[j, 0], who[j, 1]
        u = (_mix64(_mix64(np.uint64(i) + seed) + np.uint64(t)) >> np.uint64(11)) * 2.0**-53
        if u < -math.expm1(-leave * (1.0 + growth * (t - since[j]))):
            state[i] = _RESTING
            active[p] -= 1
            out[queue[1], 0], out[queue[1], 1] = i, t + rest + 1
            queue[1] = (queue[1] + 1) % len(out)
        else:
            who[kept, 0], who[kept, 1], since[kept] = i, p, since[j]
            kept += 1
    n = kept
    for b in range(len(found)):
        if found[b] > 0:
            for i in range(first[b], last[b]):
                if state[i] == _JOINING:
                    state[i] = _STREET
                    who[n, 0], who[n, 1], since[n] = i, place[b], t
                    n += 1
            active[place[b]] += found[b]
            joins += found[b]
    while queue[0] != queue[1] and out[queue[0], 1] == t + 1:  # at risk again from the next hour on
        state[out[queue[0], 0]] = _HOME
        queue[0] = (queue[0] + 1) % len(out)
    return n, joins


def blocks(people: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First and last person (exclusive) and place of blocks of at most `_BLOCK` people of one place."""
    ends = np.cumsum(people.astype(np.int64))
    starts = ends - people.astype(np.int64)
    count = -(-people.astype(np.int64) // _BLOCK)
    place = np.repeat(np.arange(len(people)), count)
    within = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    first = starts[place] + within * _BLOCK
    return first, np.minimum(first + _BLOCK, ends[place]), place


def prepare(world: World, threads: int = 1):
    """Everything that does not depend on the seed; returns a function of the seed that makes one run."""
    first, last, place = blocks(world.people)
    people, steps, leaving = int(world.people.sum()), world.s["size"]["hours"], world.s["leaving"]
    shape, rest = world.s["hazard"]["frailty_shape"], round(leaving["rest_h"])
    room = max(10_000, people // 4)

    def setup(seed: int) -> np.ndarray:
        return np.random.default_rng(seed).standard_gamma(shape, people, np.float32) / np.float32(shape)

    def run(seed: int, frailty: np.ndarray | None = None) -> Result:
        set_num_threads(threads)
        frailty = setup(seed) if frailty is None else frailty
        state, found = np.zeros(people, np.uint8), np.zeros(len(first), np.int64)
        who, since = np.zeros((room, 2), np.int64), np.zeros(room, np.int64)
        out, queue, active = (
            np.zeros((room, 2), np.int64),
            np.zeros(2, np.int64),
            np.zeros(len(world.people), np.int64),
        )
        keys = np.random.default_rng([seed, 1]).integers(0, 2**32, steps, np.uint32)
        joins, total = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
        word, n = np.uint64(int(keys[0]) * 2**32 + seed), 0
        for t in range(steps):
            scan(keys[t], first, last, place, world.hazard(active), frailty, state, found)
            n, joins[t] = street(
                t, word, leaving["per_h"], leaving["growth_per_h"], rest, first, last, place, state, found,
                who, since, n, out, queue, active,
            )  # fmt: skip
            total[t] = n
        return Result(joins, total)

    run.setup = setup
    return run
