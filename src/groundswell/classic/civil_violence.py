"""Civil violence, Model I of Epstein (2002): people active, in jail and quiet in the course of time.

    grievance = hardship * (1 - legitimacy)             net risk = risk aversion * P
    P = 1 - exp(-k * C / A)                             active if grievance - net risk > threshold

C officers and A active people, oneself among them, are in sight; hardship and risk aversion are uniform. `as-printed`
is this rule; `rounded` rounds C / A half to even, as Mesa's packaged example does, and `floored` takes its floor, as
NetLogo's Rebellion does (Wilensky 2004). Epstein (2002), "Modeling civil violence: an agent-based computational
approach", Proceedings of the National Academy of Sciences 99.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundswell.case import CaseError, Problem
from groundswell.case.problems import one_of
from groundswell.classic.lattice import OFFICER, QUIET, Lattice, probability
from groundswell.engine.purposes import purpose
from groundswell.engine.random import permute, uniform

LATTICE_PERSON = purpose("lattice: person")  # a person's hardship and risk aversion in a classic model
LATTICE_SITE = purpose("lattice: site")  # where on a lattice a person or an officer of a classic model stands at first

VARIANTS = ("as-printed", "rounded", "floored")
READINGS = ("paper", "mesa")
MOST_SIDE, MOST_STEPS, MOST_SEED = 2_000, 1_000_000, 2**63 - 1
BURST_SHARE = 0.05

_SHARE = ("a number from 0 to 1", 0.0, 1.0)
_SIDE = (f"a whole number from 3 to {MOST_SIDE:,}", 3, MOST_SIDE)
_RANGES: dict[str, tuple[str, float, float]] = {
    "width": _SIDE,
    "height": _SIDE,
    "citizen_density": _SHARE,
    "cop_density": _SHARE,
    "vision": ("a number from 1 to 50", 1.0, 50.0),
    "legitimacy": _SHARE,
    "max_jail_term": ("a whole number from 0 to 1,000,000", 0, 1_000_000),
    "threshold": _SHARE,
    "k": ("a number from 0 to 1,000", 0.0, 1000.0),
}


@dataclass(frozen=True)
class Setting:
    """One version of the model and its parameters; the defaults are those of NetLogo's Rebellion (docs/classic.md).

    Attributes:
        variant: how C / A enters: one of VARIANTS.
        reading: what the printed rules leave open: one of READINGS. `paper` moves and then acts, sees a disc, fills
            the lattice with exact numbers, and those in jail leave their site to others. `mesa` does as Mesa's packaged
            example: acts and then moves, sees a diamond, draws what stands on each site, and those in jail keep it.
        width, height: sites of the torus.
        citizen_density, cop_density: share of the sites where a person, or an officer, stands at first.
        vision: sites; how far people and officers see and move.
        legitimacy: 0 to 1.
        max_jail_term: turns; terms are 0, 1, .. max_jail_term with the same chance.
        threshold: by how much grievance must exceed net risk.
        k: constant of the perceived probability of arrest.
    """

    variant: str = "as-printed"
    reading: str = "paper"
    width: int = 40
    height: int = 40
    citizen_density: float = 0.7
    cop_density: float = 0.04
    vision: float = 7.0
    legitimacy: float = 0.82
    max_jail_term: int = 30
    threshold: float = 0.1
    k: float = 2.3

    def problems(self) -> list[Problem]:
        """Every value that is not allowed."""
        found = []
        for name, known in (("variant", VARIANTS), ("reading", READINGS)):
            if getattr(self, name) not in known:
                found.append(_problem(name, getattr(self, name), one_of(known, getattr(self, name))))
        for name, (allowed, low, high) in _RANGES.items():
            value = getattr(self, name)
            kind = int if isinstance(low, int) else (int, float)
            if isinstance(value, bool) or not isinstance(value, kind) or not low <= value <= high:
                found.append(_problem(name, value, allowed))
        if not found and self.citizen_density + self.cop_density > 1.0:
            both = f"{self.citizen_density:g} + {self.cop_density:g}"
            found.append(_problem("citizen_density + cop_density", both, "at most 1 together"))
        return found


@dataclass(frozen=True)
class Course:
    """What came of one run, step by step; the first entry is the start, where everybody is quiet.

    Attributes:
        setting, seed: what was played.
        citizens, cops: how many there are.
        active, jailed, quiet: (steps + 1,) people; their sum is `citizens` at every step.
    """

    setting: Setting
    seed: int
    citizens: int
    cops: int
    active: NDArray[np.int64]
    jailed: NDArray[np.int64]
    quiet: NDArray[np.int64]

    def bursts(self, share: float = BURST_SHARE) -> NDArray[np.int64]:
        """(B, 3) first step, last step and most active people of each stretch with more than a share of people active.

        Args:
            share: of all citizens. It is a choice of ours: the paper's own measure could not be checked.
        """
        above = np.r_[False, self.active > share * self.citizens, False]
        first, after = (np.flatnonzero(np.diff(above.astype(np.int8)) == way) for way in (1, -1))
        most = [int(self.active[a:b].max()) for a, b in zip(first, after, strict=True)]
        return np.column_stack([first, after - 1, np.array(most, np.int64)]).astype(np.int64)

    @property
    def peak(self) -> int:
        """Most people active at the end of a step."""
        return int(self.active.max())


def epstein(variant: str = "as-printed", *, steps: int = 500, seed: int = 1, **setting: Any) -> Course:
    """Plays Model I.

    Runs of one seed and one reading have the same people on the same sites in the same order, whatever the variant.

    Args:
        variant: one of VARIANTS.
        steps: in each of which everybody takes one turn, in an order drawn anew.
        seed: seed of every draw; the same seed gives the same bits.
        setting: the other attributes of `Setting`, such as `width=200, height=200, legitimacy=0.8`.

    Raises:
        CaseError: every argument that is not allowed.
    """
    chosen, problems = chosen_from({"variant": variant, **setting}, steps, seed)
    if problems:
        raise CaseError(problems)
    lattice = start(chosen, seed)
    counts = np.empty((steps + 1, 3), np.int64)
    counts[0] = lattice.counts()
    for step in range(steps):
        lattice.take_turns()
        counts[step + 1] = lattice.counts()
    citizens, everybody = len(lattice.hardship), len(lattice.site)
    return Course(chosen, seed, citizens, everybody - citizens, counts[:, 1], counts[:, 2], counts[:, 0])


def chosen_from(given: Mapping[str, Any], steps: int, seed: int) -> tuple[Setting, list[Problem]]:
    """The setting that is asked for, and every name and value that is not allowed."""
    known = [f.name for f in fields(Setting)]
    problems = [_problem("setting", name, one_of(known, name)) for name in given if name not in known]
    setting = Setting(**{name: value for name, value in given.items() if name in known})
    problems += setting.problems()
    for name, value, low, high in (("steps", steps, 1, MOST_STEPS), ("seed", seed, 0, MOST_SEED)):
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            problems.append(_problem(name, value, f"a whole number from {low} to {high:,}"))
    return setting, problems


def start(setting: Setting, seed: int) -> Lattice:
    """Everybody on their sites before the first step, quiet, with hardship and risk aversion drawn for each."""
    sites, by_site = setting.width * setting.height, setting.reading == "mesa"
    if by_site:
        draw = uniform(seed, LATTICE_SITE, np.arange(sites), 0)
        citizen = draw < setting.citizen_density
        people = np.flatnonzero(citizen)
        cops = np.flatnonzero(~citizen & (draw < setting.citizen_density + setting.cop_density))
    else:
        wanted = round(setting.citizen_density * sites)
        everybody = min(wanted + round(setting.cop_density * sites), sites)
        placed = np.array([permute(i, sites, seed, LATTICE_SITE, 0, False) for i in range(everybody)], np.int64)
        people, cops = placed[:wanted], placed[wanted:]
    ids = np.arange(len(people))
    return Lattice(
        width=setting.width,
        height=setting.height,
        sight=sight(setting.vision, setting.width, setting.height, diamond=by_site),
        site=np.concatenate([people, cops]).astype(np.int64),
        state=np.repeat(np.array([QUIET, OFFICER], np.uint8), [len(people), len(cops)]),
        hardship=uniform(seed, LATTICE_PERSON, ids, 0),
        risk_aversion=uniform(seed, LATTICE_PERSON, ids, 1),
        legitimacy=setting.legitimacy,
        threshold=setting.threshold,
        k=setting.k,
        max_jail_term=setting.max_jail_term,
        variant=VARIANTS.index(setting.variant),
        act_first=by_site,
        jailed_stay=by_site,
        seed=seed,
    )


def sight(vision: float, width: int, height: int, *, diamond: bool = False) -> NDArray[np.int64]:
    """(M, 2) rows and columns from a site of the torus to those seen from it, itself left out.

    Args:
        vision: how far; a site is seen up to this distance, or with `diamond` up to this many steps up, down, left and
            right.
        width, height: of the torus; where it is small a site that is met twice is seen once.
    """
    reach = range(-math.floor(vision), math.floor(vision) + 1)
    near = {
        (row % height, column % width)
        for row in reach
        for column in reach
        if (abs(row) + abs(column) if diamond else math.hypot(row, column)) <= vision
    }
    return np.array(sorted(near - {(0, 0)}), np.int64).reshape(-1, 2)


def arrest_probability(cops: int, actives: int, variant: str = "as-printed", k: float = 2.3) -> float:
    """Probability of arrest as a person perceives it.

    Args:
        cops: officers in sight.
        actives: active people in sight, oneself included; at least 1.
        variant: one of VARIANTS.
        k: 2.3 gives 0.9 at one officer to one active person.
    """
    problems = [] if variant in VARIANTS else [_problem("variant", variant, one_of(VARIANTS, variant))]
    problems += [] if cops >= 0 else [_problem("cops", cops, "at least 0")]
    problems += [] if actives >= 1 else [_problem("actives", actives, "at least 1, oneself")]
    if problems:
        raise CaseError(problems)
    return float(probability(cops, actives, k, VARIANTS.index(variant)))


def summary(courses: list[Course]) -> dict[str, Any]:
    """Numbers of several runs of one setting: medians over runs, with the smallest and the largest of them."""
    found = [course.bursts() for course in courses]
    between = [float(gap) for b in found for gap in b[1:, 0] - b[:-1, 1]]
    measured: dict[str, list[float]] = {
        "peak": [float(c.peak) for c in courses],
        "bursts": [float(len(b)) for b in found],
        "peak_of_bursts": [float(np.median(b[:, 2])) for b in found if len(b)],
        "active_mean": [float(c.active[1:].mean()) for c in courses],
        "jailed_mean": [float(c.jailed[1:].mean()) for c in courses],
        "steps_between_bursts": between,
    }
    spread = {
        name: [float(np.median(x)), float(np.min(x)), float(np.max(x))] if len(x) else None
        for name, x in measured.items()
    }
    return {
        "setting": asdict(courses[0].setting),
        "seeds": [c.seed for c in courses],
        "steps": len(courses[0].active) - 1,
        "citizens": [c.citizens for c in courses],
        "cops": [c.cops for c in courses],
        "burst_share": BURST_SHARE,
        **spread,
    }


def _problem(field: str, given: object, allowed: str) -> Problem:
    return Problem("epstein", None, field, given, allowed)
