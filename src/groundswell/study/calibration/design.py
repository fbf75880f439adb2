"""What a calibration plays: its targets, what is free, and how the search goes on; all that its result depends on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from groundswell import __version__
from groundswell.case import Case, CaseError, Problem
from groundswell.case.problems import Found
from groundswell.engine.random import uniform
from groundswell.record import Record, load_record
from groundswell.study.calibration.distance import CAP, fitted
from groundswell.study.calibration.free import Space
from groundswell.study.folder import MOST_RUNS, RUN_SEED, Planned

RUNS, PARTICLES, REPLICATES, WAVES, SEED = 3000, 200, 1, 2, 1
KEEP, LEAST_ACCEPTED = 0.5, 0.015
MOST_SHARE = 0.01
MOST_PARTICLES, MOST_REPLICATES, MOST_WAVES = 10_000, 100, 20


@dataclass(frozen=True)
class Search:
    """How vectors are sought, see `waves` and `sequential`.

    Args:
        particles: vectors that make up a population.
        waves: the first from the priors, the others where an emulator expects small distances.
        wave: vectors of each wave.
        keep: share of the population that a stage keeps; the others go on from copies of those.
        least_accepted: share of runs accepted in a stage below which the search ends.
        seed: key of every draw.
    """

    particles: int = PARTICLES
    waves: int = WAVES
    wave: int = 2 * PARTICLES
    keep: float = KEEP
    least_accepted: float = LEAST_ACCEPTED
    seed: int = SEED

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return dict(vars(self))


@dataclass(frozen=True)
class Design(Planned):
    """A calibration as it is planned.

    Args:
        case, record, space: what is calibrated, loaded.
        name: the case as a worker finds it.
        fit: ids of the observations that are fitted.
        replicates: seeds of each vector.
        runs: whole-case runs, every seed of a vector counted, at most.
        start: values of vectors from which the search begins, in place of the waves.
    """

    what, command = "calibration", "calibrate"

    case: Case = field(repr=False)
    record: Record = field(repr=False)
    space: Space = field(repr=False)
    name: str
    fit: tuple[str, ...]
    search: Search
    replicates: int = REPLICATES
    runs: int = RUNS
    start: tuple[tuple[float, ...], ...] = field(default=(), repr=False)

    @cached_property
    def until_h(self) -> float:
        """Hours played: to the end of the last window that is fitted."""
        of = {o.id: o.end_h for o in self.record.observations}
        return float(max(of[id] for id in self.fit))

    @property
    def most_people(self) -> int:
        """People on the street at one time above which a run is given up.

        One inhabitant in a hundred; no text and no official count of the bundled case comes to half of that. Such a run
        is slow, and cannot come near the record.
        """
        return self.people(MOST_SHARE)

    @property
    def check(self) -> tuple[str, ...]:
        """Ids of the observations that are kept back; nothing here looks at them."""
        return tuple(o.id for o in self.record.observations if o.use == "check")

    def seeds(self, number: int) -> list[int]:
        """Seeds of a vector, by its number."""
        return [int(uniform(self.search.seed, RUN_SEED, [number], r)[0] * 2**53) for r in range(self.replicates)]

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What has to be the same when a calibration is gone on with, as plain data."""
        return {
            "version": __version__, "case": self.name, "case_digest": self.case.digest, "free": list(self.space.names),
            "free_digest": self.space.digest, "fit": list(self.fit), "replicates": self.replicates, "cap": CAP,
            "until_h": self.until_h, "most_people": self.most_people, **self.search.to_json(), **self._start_digest,
        }  # fmt: skip

    @property
    def _start_digest(self) -> dict[str, str]:
        if not self.start:
            return {}
        return {"start_digest": hashlib.sha256(json.dumps(self.start).encode()).hexdigest()}

    @cached_property
    def start_z(self) -> np.ndarray:
        """(n, D) coordinates of the vectors from which the search begins."""
        return np.array([self.space.coordinates(values) for values in self.start]).reshape(-1, len(self.space))

    def to_json(self) -> dict[str, Any]:
        """What `design.json` holds."""
        start = {"start": [list(values) for values in self.start]} if self.start else {}
        return {**self.identity, "runs": self.runs, "digest": self.digest, **start}

    @cached_property
    def common(self) -> dict[str, Any]:
        """What every worker has to know, as plain data."""
        return {
            "case": self.name, "case_digest": self.case.digest, "fit": list(self.fit), "until_h": self.until_h,
            "most_people": self.most_people, "ordinary_month": self.space.ordinary_month,
        }  # fmt: skip


def design_of(
    case: Case, space: Space, name: str, search: Search, replicates: int = REPLICATES, runs: int = RUNS,
    start: tuple[tuple[float, ...], ...] = (),
) -> Design:  # fmt: skip
    """A design from what a user asks.

    Raises:
        CaseError: every mistake at once.
    """
    problems = []
    limits = (
        ("--runs", "runs", runs, 1, MOST_RUNS),
        ("--particles", "particles", search.particles, 4, MOST_PARTICLES),
        ("--replicates", "seeds", replicates, 1, MOST_REPLICATES),
        ("--waves", "waves", search.waves, 1, MOST_WAVES),
        ("--wave-size", "vectors", search.wave, 1, MOST_RUNS),
        ("--seed", "seed", search.seed, 0, 2**53 - 1),
    )
    for option, field_, given, low, high in limits:
        if not low <= given <= high:
            problems.append(Problem(option, None, field_, given, f"a whole number from {low:,} to {high:,}"))
    if not problems and not start and search.wave * search.waves < search.particles:
        allowed = f"{-(-search.particles // search.waves):,} or more, so that the waves make a population"
        problems.append(Problem("--wave-size", None, "vectors", search.wave, allowed))
    least = (len(start) if start else search.wave * search.waves) * replicates
    if not problems and runs < least:
        allowed = f"{least:,} or more, which {'the start takes' if start else 'the waves take'}"
        problems.append(Problem("--runs", None, "runs", runs, allowed))
    record = load_record(case)
    fit = fitted(record, case.hours)
    if not fit:
        none = Found(f"{case.id}, where record/calibration.csv fits no observation with a claim")
        problems.append(Problem("CASE", None, "targets", none, "a case with observations of use fit"))
    if problems:
        raise CaseError(problems)
    return Design(case, record, space, name, fit, search, replicates, runs, start)
