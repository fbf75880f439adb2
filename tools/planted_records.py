"""Records of known origin: from runs of a table, from fresh runs off the centre of every prior, and from the wave."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from groundswell.accounts import Accounts
from groundswell.case import Case
from groundswell.engine.purposes import purpose
from groundswell.engine.random import uniform
from groundswell.play.pool import Job, Result, play_batch
from groundswell.record import Record
from groundswell.record.features import implausibility
from groundswell.record.frame import Reported
from groundswell.record.measure import measure
from groundswell.record.observed import observed
from groundswell.record.reporting import Reporting, report, reporting_of
from groundswell.study.tables.design import VECTORS_IN_BATCH, Design, base_of, design_of
from groundswell.study.tables.rows import base_jobs, table_jobs
from groundswell.study.tables.table import PLAYER
from groundswell.weigh import baselines
from groundswell.weigh.reported import RULED_OUT, Runs
from groundswell.world.world import build

PLANTED = purpose("planted records")  # which runs become records of a known account, and their luck in being reported

LEAST_VECTORS = 2  # fewer fresh vectors that pass the base set do not make a sample
SLOTS_EACH = 20  # slots looked at for each fresh record, in search of a draw of its family
OTHER_SEED = 1_000_003
MOST_DRAWS = 2000  # of the wave, in search of those that pass the base set
WAVES = ("wave", "wave-all", "wave-any")


@dataclass(frozen=True)
class Planted:
    """A record whose truth is known.

    Args:
        kind: "held-out", "fresh", or one of `WAVES`. number: of the record within its kind.
        account, family: the truth; empty for the wave.
        vector: shared vector of its run, -1 where there is none. told: the record.
    """

    kind: str
    number: int
    account: str
    family: str
    vector: int
    told: Reported


def of_runs(kind: str, runs: Runs, record: Record, seed: int) -> list[Planted]:
    """Each run reported once more, with luck of its own: in the table, runs of one vector share theirs."""
    index = np.array(runs.columns["index"])
    free = [i for i, name in enumerate(runs.parameters) if name.startswith("reporting.")]
    keys = (uniform(seed, PLANTED, index, 0) * 2**53).astype(np.int64)
    told = [
        report(one, record, reporting_of({runs.parameters[k]: float(row[k]) for k in free}), int(key))
        for one, row, key in zip(runs.measured, runs.theta, keys, strict=True)
    ]
    truth = (runs.columns[name] for name in ("account", "family", "vector"))
    return [
        Planted(kind, int(n), str(a), str(f), int(v), one) for n, a, f, v, one in zip(index, *truth, told, strict=True)
    ]


def picked(runs: Runs, each: int, seed: int) -> np.ndarray:
    """(n,) whether a run is planted: so many of every account, drawn without regard to what they hold."""
    account, out = np.asarray(runs.columns["account"]), np.zeros(len(runs), bool)
    chance = uniform(seed, PLANTED, np.array(runs.columns["index"]), 1)
    for name in np.unique(account):
        mine = np.flatnonzero(account == name)
        out[mine[np.argsort(chance[mine], kind="stable")[:each]]] = True
    return out


# -- fresh runs --------------------------------------------------------------------------------------------------------


class OffCentre(Design):
    """A design whose coordinates lie between the 5th and 25th or between the 75th and 95th percentile of each prior."""

    def shared_points(self, first: int, count: int) -> np.ndarray:
        """As in any design, moved outwards."""
        return outwards(super().shared_points(first, count))

    def own_points(self, first: int, count: int) -> np.ndarray:
        """As in any design, moved outwards."""
        return outwards(super().own_points(first, count))


def outwards(u: np.ndarray) -> np.ndarray:
    """From (0, 1) to (0.05, 0.25) and (0.75, 0.95), each half to its side."""
    return np.where(u < 0.5, 0.05 + 0.4 * u, 0.55 + 0.4 * u)


def like(kind: type[Design], known: Mapping[str, Any], case: Case, accounts: Accounts, most: int) -> Design:
    """A design like that of a table (`design.json`), of another seed, with at most so many vectors to look at."""
    plain = design_of(
        case, accounts, str(known["case"]), only=tuple(known["accounts"]), modes=tuple(known["modes"]),
        seed=int(known["seed"]) + OTHER_SEED, base_most=most,
    )  # fmt: skip
    return kind(**{f.name: getattr(plain, f.name) for f in fields(plain)})


class Kept:
    """Runs that were played, as lines of a file: one that is there is not played again."""

    def __init__(self, folder: Path, design: Design):
        self.path = folder / f"planted-runs-{design.digest[:12]}-{type(design).__name__}.jsonl"
        self.common = json.dumps(design.common)
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        self.known = {tuple(row["key"]): row["result"] for row in map(json.loads, lines)}

    def played(self, job: Job) -> Result:
        """What came of a job, now or before."""
        key = (job["stage"], job["vector"], job.get("index", -1))
        if key not in self.known:
            (self.known[key],) = play_batch(PLAYER, self.common, [job])
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, "result": self.known[key]}) + "\n")
        return self.known[key]


@dataclass(frozen=True)
class Fresh:
    """Runs that a table has not.

    Args:
        design: of these runs. jobs, results: of the table's stage.
        looked, passed: fresh vectors that were played through the base set, and those that it did not rule out.
        seconds: of all these runs, of one core.
    """

    design: Design
    jobs: list[Job]
    results: list[Result]
    looked: int
    passed: int
    seconds: float

    @property
    def off_centre(self) -> bool:
        """Whether every parameter lies in an outer part of its prior."""
        return isinstance(self.design, OffCentre)


def fresh(known: Mapping[str, Any], case: Case, accounts: Accounts, each: int, most: int, folder: Path) -> Fresh | None:
    """Play so many records of each family off the centre of every prior.

    Where fewer than `LEAST_VECTORS` such vectors pass the base set, of another seed alone; None where none pass.
    """
    seconds = 0.0
    for kind in (OffCentre, Design):
        design = like(kind, known, case, accounts, most)
        kept = Kept(folder, design)
        looked, passed = _passed(design, kept, max(each, LEAST_VECTORS), most)
        jobs = spread(design, passed, each) if len(passed) >= LEAST_VECTORS else []
        results = [kept.played(job) for job in jobs]
        seconds += sum(float(result.get("wall_s", 0.0)) for result in kept.known.values())
        if jobs:
            return Fresh(design, jobs, results, looked, len(passed), seconds)
    return None


def _passed(design: Design, kept: Kept, wanted: int, most: int) -> tuple[int, list[int]]:
    """How many vectors were looked at, and numbers of those that the base set does not rule out."""
    if not design.base_h:
        return 0, list(range(wanted))
    passed: list[int] = []
    looked = 0
    for job in (job for n in range(-(-most // VECTORS_IN_BATCH)) for job in base_jobs(design, n)):
        if len(passed) >= wanted:
            break
        looked += 1
        if kept.played(job).get("kept"):
            passed.append(int(job["vector"]))
    return looked, passed


def spread(design: Design, passed: Sequence[int], each: int) -> list[Job]:
    """Jobs of so many records for each family and mode, spread over vectors and over the family's accounts."""
    lacking = dict.fromkeys(design.accounts.families, each)
    used: Counter[str] = Counter()
    slots = [passed[s % len(passed)] for s in range(SLOTS_EACH * each)]
    out: list[Job] = []
    for number in range(-(-len(slots) // design.slots_in_batch)):
        by_slot: dict[int, list[Job]] = {}
        for job in table_jobs(design, slots, number):
            by_slot.setdefault(job["index"] // design.rows_in_slot, []).append(job)
        for jobs in by_slot.values():
            for family in [f for f, n in lacking.items() if n]:
                mine = [j for j in jobs if j["family"] == family and j["mode"] == design.modes[0]]
                if mine:
                    account = min((str(j["account"]) for j in mine), key=lambda a: (used[a], a))
                    out += [j for j in jobs if j["account"] == account]
                    used[account] += 1
                    lacking[family] -= 1
        if not any(lacking.values()):
            break
    return out


# -- another model -----------------------------------------------------------------------------------------------------


def waves(case: Case, record: Record, count: int, seed: int) -> tuple[list[Planted], dict[str, int]]:
    """Records of the wave.

    "wave": of runs that pass the base set as far as the wave knows it, by what it can produce and nothing else;
    "wave-all": of the same runs, with what never happened in them; "wave-any": as the first, of any draw of its priors.

    Returns:
        The records, and how many draws were looked at and passed.
    """
    world = build(case)
    able = np.isin(record.frame.kind, baselines.KINDS)
    agreed = base_of(record)
    base = np.array([o.set == "base" and o.kind in baselines.KINDS for o in agreed.observations], bool)
    out: dict[str, list[Planted]] = {kind: [] for kind in WAVES}
    looked = passed = 0
    for k, parameters in enumerate(baselines.draws("wave", seed, MOST_DRAWS)):
        if passed >= count:
            break
        played = baselines.play("wave", world, parameters)
        far = implausibility(measure(played, agreed), observed(agreed, k), agreed)[base]
        passes = not (np.nan_to_num(far) > RULED_OUT).any()
        looked += 1
        passed += passes
        if not passes and looked > count:
            continue
        told = report(measure(played, record), record, Reporting(), k)
        crowds = Reported(np.where(able, told.low, np.nan), np.where(able, told.high, np.nan), told.stated & able)
        if looked <= count:
            out["wave-any"].append(Planted("wave-any", k, "", "", -1, crowds))
        if passes:
            out["wave"].append(Planted("wave", k, "", "", -1, crowds))
            out["wave-all"].append(Planted("wave-all", k, "", "", -1, told))
    return [one for kind in WAVES for one in out[kind]], {"looked": looked, "passed": passed}
