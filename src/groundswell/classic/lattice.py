"""Everybody on the lattice of Epstein's Model I, and one turn of each: moving, going active or quiet, arresting.

Epstein (2002), "Modeling civil violence: an agent-based computational approach", PNAS 99, Model I. Turns are taken one
after the other in an order drawn anew for each step, so that everybody sees what those before them have done.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.compiled import kernel, shared
from groundswell.engine.purposes import purpose
from groundswell.engine.random import permute, uniforms

LATTICE_ARREST = purpose("lattice: arrest")  # whom an officer of a classic model arrests, and for how long
LATTICE_MOVE = purpose("lattice: move")  # where to one of a classic model moves
LATTICE_TURN = purpose("lattice: turn")  # in which order those of a classic model take their turns within a step

QUIET, ACTIVE, JAILED, OFFICER = 0, 1, 2, 3
FREE = -1
TRIES = 32  # pairs of sites drawn at random, before the free ones are counted


@shared
def probability(officers: Any, actives: Any, k: float, variant: int) -> Any:
    """Perceived probability of arrest; `variant` is 0 as printed, 1 rounded half to even, 2 floored."""
    ratio = officers / actives
    if variant == 1:
        ratio = np.rint(ratio)
    elif variant == 2:
        ratio = np.floor(ratio)
    return 1.0 - math.exp(-k * ratio)


@shared
def _seen(site: int, offset: np.ndarray, width: int, height: int) -> int:
    """The site at an offset (rows, columns; neither negative) on the torus."""
    row, column = site // width + offset[0], site % width + offset[1]
    return (row - height if row >= height else row) * width + (column - width if column >= width else column)


@shared
def _add(amount: int, counts: np.ndarray, site: int, sight: np.ndarray, width: int, height: int) -> None:
    """Adds to the counts of every site that sees a site: sight is mutual."""
    for offset in sight:
        counts[_seen(site, offset, width, height)] += amount


@shared
def _free_site(
    seed: int, who: int, step: int, site: int, grid: np.ndarray, sight: np.ndarray, width: int, height: int
) -> int:
    """A free site in sight, each with the same chance; FREE where there is none."""
    for attempt in range(TRIES):
        for draw in uniforms(seed, LATTICE_MOVE, who, step * 64 + attempt):
            to = _seen(site, sight[int(draw * len(sight))], width, height)
            if grid[to] == FREE:
                return to
    free = 0
    for offset in sight:
        free += grid[_seen(site, offset, width, height)] == FREE
    which = int(uniforms(seed, LATTICE_MOVE, who, step * 64 + TRIES)[0] * free)
    for offset in sight:
        to = _seen(site, offset, width, height)
        if grid[to] == FREE:
            if which == 0:
                return to
            which -= 1
    return FREE


@shared
def _move(
    who: int,
    seed: int,
    step: int,
    state: np.ndarray,
    site: np.ndarray,
    grid: np.ndarray,
    officers: np.ndarray,
    actives: np.ndarray,
    sight: np.ndarray,
    width: int,
    height: int,
) -> None:
    """Rule M: to a free site in sight. Those back from jail take one too, or else the place of arrest."""
    here = site[who]
    to = _free_site(seed, who, step, here, grid, sight, width, height)
    if to == FREE and grid[here] == FREE:
        to = here
    if to == FREE:
        return
    if grid[here] == who:
        grid[here] = FREE
    grid[to] = who
    site[who] = to
    if state[who] == OFFICER:
        _add(-1, officers, here, sight, width, height)
        _add(1, officers, to, sight, width, height)
    elif state[who] == ACTIVE:
        _add(-1, actives, here, sight, width, height)
        _add(1, actives, to, sight, width, height)


@shared
def _arrest(
    officer: int,
    seed: int,
    step: int,
    max_jail_term: int,
    jailed_stay: bool,
    state: np.ndarray,
    term: np.ndarray,
    site: np.ndarray,
    grid: np.ndarray,
    actives: np.ndarray,
    sight: np.ndarray,
    width: int,
    height: int,
) -> None:
    """Rule C: one of the active people in sight, each with the same chance, goes to jail."""
    here = site[officer]
    if actives[here] == 0:
        return
    which, length = uniforms(seed, LATTICE_ARREST, officer, step)
    left = int(which * actives[here])
    for offset in sight:
        who = grid[_seen(here, offset, width, height)]
        if who != FREE and state[who] == ACTIVE:
            if left == 0:
                state[who] = JAILED
                term[who] = int(length * (max_jail_term + 1))
                _add(-1, actives, site[who], sight, width, height)
                if not jailed_stay:
                    grid[site[who]] = FREE
                return
            left -= 1


@shared
def _decide(
    who: int,
    grievance: np.ndarray,
    aversion: np.ndarray,
    threshold: float,
    k: float,
    variant: int,
    state: np.ndarray,
    site: np.ndarray,
    officers: np.ndarray,
    actives: np.ndarray,
    sight: np.ndarray,
    width: int,
    height: int,
) -> None:
    """Rule A: active if grievance exceeds the risk by more than the threshold; oneself counts among the active."""
    here = site[who]
    risk = aversion[who] * probability(officers[here], 1 + actives[here], k, variant)
    now = ACTIVE if grievance[who] - risk > threshold else QUIET
    if now == ACTIVE and state[who] != ACTIVE:
        _add(1, actives, here, sight, width, height)
    elif now != ACTIVE and state[who] == ACTIVE:
        _add(-1, actives, here, sight, width, height)
    state[who] = now


@kernel
def _turns(
    seed: int,
    step: int,
    variant: int,
    act_first: Any,
    jailed_stay: bool,
    width: int,
    height: int,
    threshold: float,
    k: float,
    max_jail_term: int,
    state: np.ndarray,
    term: np.ndarray,
    site: np.ndarray,
    grievance: np.ndarray,
    aversion: np.ndarray,
    grid: np.ndarray,
    officers: np.ndarray,
    actives: np.ndarray,
    sight: np.ndarray,
) -> None:
    for turn in range(len(state)):
        who = permute(turn, len(state), seed, LATTICE_TURN, step, False)
        if term[who] > 0:
            term[who] -= 1
            continue
        if not act_first:
            _move(who, seed, step, state, site, grid, officers, actives, sight, width, height)
        if state[who] == OFFICER:
            _arrest(who, seed, step, max_jail_term, jailed_stay, state, term, site, grid, actives, sight, width, height)
        elif grid[site[who]] == who:  # and not kept in jail for want of a free site
            _decide(
                who, grievance, aversion, threshold, k, variant, state, site, officers, actives, sight, width, height
            )
        if act_first:
            _move(who, seed, step, state, site, grid, officers, actives, sight, width, height)


@kernel
def _count(sites: np.ndarray, sight: np.ndarray, width: int, height: int, counts: np.ndarray) -> None:
    for site in sites:
        _add(1, counts, site, sight, width, height)


@dataclass
class Lattice:
    """Where everybody stands and what they do. People have the numbers 0..P-1, officers P..N-1.

    Attributes:
        width, height: sites in a row and in a column of the torus.
        sight: (M, 2) rows and columns from a site to those that are seen from it (`classic.sight`).
        site: (N,) where each stands (row times width plus column); the place of arrest of people in jail.
        state: (N,) QUIET, ACTIVE, JAILED or OFFICER.
        hardship, risk_aversion: (P,) from 0 to 1.
        legitimacy: 0 to 1; grievance is hardship times what is missing to 1.
        threshold: by how much grievance must exceed risk.
        k: constant of the perceived probability of arrest.
        max_jail_term: turns.
        variant: 0 as printed, 1 rounded half to even, 2 floored.
        act_first: act and then move, instead of moving first.
        jailed_stay: those in jail keep their site, instead of leaving it to others.
        seed: seed of every draw.
        step: steps played.
        term: (N,) turns in jail that are left.
        grid: (sites,) who stands there, or FREE.
        officers, actives: (sites,) how many of each are seen from there, not counting the site itself.
    """

    width: int
    height: int
    sight: NDArray[np.int64]
    site: NDArray[np.int64]
    state: NDArray[np.uint8]
    hardship: NDArray[np.float64]
    risk_aversion: NDArray[np.float64]
    legitimacy: float
    threshold: float
    k: float
    max_jail_term: int
    variant: int
    act_first: bool
    jailed_stay: bool
    seed: int
    step: int = 0
    term: NDArray[np.int64] = field(init=False)
    grid: NDArray[np.int64] = field(init=False)
    officers: NDArray[np.int64] = field(init=False)
    actives: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        sites = self.width * self.height
        self.term = np.zeros(len(self.site), np.int64)
        self.grid = np.full(sites, FREE, np.int64)
        self.grid[self.site] = np.arange(len(self.site))
        self.officers, self.actives = np.zeros(sites, np.int64), np.zeros(sites, np.int64)
        for kind, counts in ((OFFICER, self.officers), (ACTIVE, self.actives)):
            _count(self.site[self.state == kind], self.sight, self.width, self.height, counts)

    def take_turns(self) -> None:
        """Plays one step: everybody once, in an order drawn for the step."""
        _turns(
            self.seed, self.step, self.variant, self.act_first, self.jailed_stay, self.width, self.height,
            self.threshold, self.k, self.max_jail_term, self.state, self.term, self.site,
            self.hardship * (1.0 - self.legitimacy), self.risk_aversion, self.grid, self.officers, self.actives,
            self.sight,
        )  # fmt: skip
        self.step += 1

    def counts(self) -> tuple[int, int, int]:
        """People who are quiet, active and in jail."""
        quiet, active, jailed = np.bincount(self.state, minlength=4)[:3]
        return int(quiet), int(active), int(jailed)
