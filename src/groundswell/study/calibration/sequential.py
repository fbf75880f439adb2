"""Sequential Monte Carlo towards smaller distances: the far ones go on from copies of the near ones, and are moved.

A stage lowers the tolerance to the distance that a share `keep` of the population has, puts copies of those in the
place of the others (Drovandi & Pettitt 2011), and moves every copy by steps that leave the posterior at this tolerance
as it is (Del Moral et al. 2012), so that all weights stay equal:

    blocks   of D, D/2, D/4 or D/8 coordinates, drawn anew for every step
    step     z' = sqrt(1 - b^2) z + b x, x standard normal, which is in balance with the prior, or
             z' = z + g (z_i - z_j) + small noise, i and j of the population (ter Braak 2006), with the prior's ratio
    screen   a step goes on with chance min(1, r), r = prior(z') s(z') / (prior(z) s(z)), s the emulator's chance
    run      it is taken if its distance is within the tolerance, with chance min(1, s(z) / s(z'))

Screening and run together are a Metropolis step with delayed acceptance (Christen & Fox 2005): exact whatever the
emulator thinks, and most steps that would be rejected cost no run. The emulator is grown anew at each stage, from all
that was played. Steps of a stage are as many as the share of accepted ones calls for, and its scale is fitted between
stages.

The search ends when runs are spent, when hardly any is accepted, or when the tolerance has settled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from groundswell.engine.purposes import purpose
from groundswell.engine.random import uniform
from groundswell.study.calibration.design import Search
from groundswell.study.calibration.emulator import Emulator
from groundswell.study.calibration.free import normal
from groundswell.study.calibration.waves import CALIBRATE_PICK, Known, Population, Runs

CALIBRATE_MOVE = purpose("calibration: moves")  # the steps of a calibration's vectors

BLOCKS = (1, 2, 4, 8)
MOST_STEPS, LEAST_STEPS = 64, 4
MOVES = 1.5
"""Moves that a stage aims at for each copy."""
ACCEPTED = (0.15, 0.35)
"""Share of runs accepted below which steps become shorter, and above which they become longer."""
SHORTER, LONGER, LARGEST, SMALLEST = 0.75, 1.3, 1.0, 0.02
SETTLED, SETTLED_STAGES = 0.002, 4
NOISE = 0.02
SCREEN, ACCEPT, KIND, SIZE, REACH, ONE, OTHER = range(7)


@dataclass(frozen=True)
class Stage:
    """What a stage did: tolerance, runs played and accepted, copies moved, different vectors after it, scale."""

    number: int
    tolerance: float
    played: int
    accepted: int
    copies: int
    moved: int
    different: int
    scale: float

    @property
    def share(self) -> float:
        """Share of the runs that were accepted."""
        return self.accepted / max(self.played, 1)


@dataclass
class Chains:
    """Copies on their way: coordinates, distances, numbers, steps made."""

    z: np.ndarray
    distance: np.ndarray
    number: np.ndarray
    step: np.ndarray
    moved: np.ndarray


def climb(
    runs: Runs, search: Search, population: Population, known: Known, told: Callable[[Stage], None] | None = None
) -> tuple[Population, list[Stage], str]:
    """Lower the tolerance stage by stage; the last population, what each stage did, and why it ended."""
    stages: list[Stage] = []
    scale, share = 0.5, 0.25
    while True:
        copies = len(population) - kept(population, search)
        if runs.left < max(copies, 1):
            return population, stages, "the runs are spent"
        emulator = known.emulator(search.seed + len(stages) + 1)
        population, stage = one_stage(runs, search, population, known, emulator, len(stages) + 1, scale, share)
        stages.append(stage)
        if told is not None:
            told(stage)
        if stage.played and stage.share < ACCEPTED[0]:
            scale = max(scale * SHORTER, SMALLEST)
        elif stage.share > ACCEPTED[1]:
            scale = min(scale * LONGER, LARGEST)
        share = float(np.clip(stage.accepted / max(stage.copies, 1) / _steps(share), 0.01, 0.9))
        if hardly(stages, search.least_accepted):
            return population, stages, f"less than {search.least_accepted:.1%} of the last runs are accepted"
        past = [s.tolerance for s in stages[-SETTLED_STAGES - 1 :]]
        if len(past) > SETTLED_STAGES and past[0] - past[-1] <= SETTLED * past[0]:
            return population, stages, "the tolerance has settled"


def hardly(stages: list[Stage], least: float) -> bool:
    """Whether a smaller share than `least` was accepted of the last runs, as many as it takes to see that."""
    played = accepted = 0
    for stage in reversed(stages):
        played, accepted = played + stage.played, accepted + stage.accepted
        if played * least >= 1:
            return accepted < played * least
    return False


def kept(population: Population, search: Search) -> int:
    """How many of a population a stage keeps."""
    return min(max(2, round(search.keep * len(population))), len(population) - 1)


def _steps(share: float) -> int:
    """Steps of a stage, by the share of steps that were accepted in the one before."""
    return int(np.clip(np.ceil(MOVES / share), LEAST_STEPS, MOST_STEPS))


def one_stage(
    runs: Runs, search: Search, population: Population, known: Known, emulator: Emulator, number: int, scale: float,
    share: float,
) -> tuple[Population, Stage]:  # fmt: skip
    """One stage, see the module."""
    n = kept(population, search)
    order = np.lexsort((population.number, population.distance))
    tolerance = float(population.distance[order[n - 1]])
    near, copies = order[:n], len(population) - n
    luck = uniform(search.seed, CALIBRATE_PICK, np.arange(n), 10_000 + number)
    of = near[np.argsort(luck)[np.arange(copies) % n]]
    c = Chains(
        population.z[of].copy(), population.distance[of].copy(), population.number[of].copy(), np.zeros(copies, int),
        np.zeros(copies, bool),
    )  # fmt: skip
    others = population.z[near]
    most, played, accepted = _steps(share), 0, 0
    chance = emulator.chance(c.z, tolerance)
    while runs.left > 0:
        wanted, proposal, new = screened(search.seed, number, c, others, emulator, tolerance, chance, scale, most)
        wanted, proposal, new = wanted[: runs.left], proposal[: runs.left], new[: runs.left]
        if not len(wanted):
            break
        came = runs.play(f"stage {number}", proposal, tolerance)
        known.add(proposal, came)
        luck = _luck(search.seed, number, wanted, c.step[wanted], ACCEPT)
        inside = came.distance <= tolerance
        take = inside & (luck < np.minimum(1.0, chance[wanted] / new))
        at = wanted[take]
        c.z[at], c.distance[at], c.number[at] = proposal[take], came.distance[take], came.number[take]
        chance[at], c.moved[at] = new[take], True
        c.step[wanted] += 1
        played += len(wanted)
        accepted += int(take.sum())
    out = Population(
        np.vstack([population.z[near], c.z]), np.concatenate([population.distance[near], c.distance]),
        np.concatenate([population.number[near], c.number]),
    )  # fmt: skip
    different = len(np.unique(out.number))
    return out, Stage(number, tolerance, played, accepted, copies, int(c.moved.sum()), different, scale)


def screened(
    seed: int, number: int, c: Chains, others: np.ndarray, emulator: Emulator, tolerance: float, chance: np.ndarray,
    scale: float, most: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Let every chain step until one of its steps asks for a run: (which,), proposals (., D), their chances (.,)."""
    wanted = np.zeros(len(c.z), bool)
    proposal, new = c.z.copy(), np.ones(len(c.z))
    while True:
        at = np.flatnonzero(~wanted & (c.step < most))
        if not len(at):
            break
        z = propose(seed, number, at, c.step[at], c.z[at], others, scale)
        s = emulator.chance(z, tolerance)
        ratio = np.exp((np.square(c.z[at]).sum(axis=1) - np.square(z).sum(axis=1)) / 2 * steps_out(seed, number, at, c))
        on = _luck(seed, number, at, c.step[at], SCREEN) < ratio * s / chance[at]
        proposal[at[on]], new[at[on]], wanted[at[on]] = z[on], s[on], True
        c.step[at[~on]] += 1
    which = np.flatnonzero(wanted)
    return which, proposal[which], new[which]


def steps_out(seed: int, number: int, at: np.ndarray, c: Chains) -> np.ndarray:
    """(n,) 1 where a step is by a difference and so needs the prior's ratio, else 0: it is in balance by itself."""
    return (_luck(seed, number, at, c.step[at], KIND) < 0.5).astype(float)


def propose(
    seed: int, number: int, chain: np.ndarray, step: np.ndarray, z: np.ndarray, others: np.ndarray, scale: float
) -> np.ndarray:
    """(n, D) one proposal for each of n chains, keyed by stage, chain and step."""
    n, d = z.shape
    by_difference = _luck(seed, number, chain, step, KIND) < 0.5
    part = np.array(BLOCKS)[(_luck(seed, number, chain, step, SIZE) * len(BLOCKS)).astype(int)]
    size = np.maximum(1, -(-d // part))
    reach = scale * np.where(_luck(seed, number, chain, step, REACH) < 0.5, 1.0, 1 / 3)
    noise = normal(_many(seed, number, chain, step, d, 0))
    rank = np.argsort(np.argsort(_many(seed, number, chain, step, d, 1), axis=1), axis=1)
    block = rank < size[:, None]
    i = (_luck(seed, number, chain, step, ONE) * len(others)).astype(int)
    j = (i + 1 + (_luck(seed, number, chain, step, OTHER) * (len(others) - 1)).astype(int)) % len(others)
    b = np.minimum(reach, 1.0)[:, None]
    blended = np.sqrt(1 - b**2) * z + b * noise
    g = (2 * reach * 2.38 / np.sqrt(2 * size))[:, None]
    shifted = z + g * (others[i] - others[j]) + NOISE * noise
    return np.where(block, np.where(by_difference[:, None], shifted, blended), z)


def _luck(seed: int, stage: int, chain: np.ndarray, step: np.ndarray, what: int) -> np.ndarray:
    """(n,) keyed uniforms, one for each chain and step."""
    return uniform(seed, CALIBRATE_MOVE, (np.asarray(chain) * 4096 + step) * 16 + what, 2 * stage)


def _many(seed: int, stage: int, chain: np.ndarray, step: np.ndarray, d: int, what: int) -> np.ndarray:
    """(n, d) keyed uniforms, d for each chain and step."""
    keys = ((np.asarray(chain) * 4096 + step)[:, None] * 2 + what) * 65_536 + np.arange(d)
    return uniform(seed, CALIBRATE_MOVE, keys.ravel(), 2 * stage + 1).reshape(len(chain), d)
