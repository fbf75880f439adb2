"""What came of a set of runs: bands over time, ranges of numbers, shares of endings and of statements met."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell import __version__
from groundswell.case import Case, CaseError, Problem
from groundswell.case.problems import Found
from groundswell.observe.harm import COUNTED
from groundswell.play.plan import Plan, loaded_case
from groundswell.record.record import load_record
from groundswell.record.score import Runs, score_set, unplain

if TYPE_CHECKING:
    import pyarrow as pa

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
COURSES: Mapping[str, str] = {
    "on_street": "people on the street",
    "dead": COUNTED["dead_all"].words, "injured": COUNTED["injured_all"].words, "detained": COUNTED["detained"].words,
    "sites": "sites in the crowd's hands",
}  # fmt: skip
"""Courses over the whole case that are kept of every run, hour by hour; the dead, injured, detained so far."""

NUMBERS = (
    "peak_on_street", "joins", "strikes", "dead", "security_dead", "injured", "security_injured", "detained",
)  # fmt: skip
"""Numbers of a run's summary whose spread is told."""


@dataclass(frozen=True)
class RunSet:
    """A set of runs of one case and change.

    Args:
        case: the case that was played. plan: of the first run. design: digest of what fixes the runs.
        known: of each run, what `KEPT` names of its summary.
        courses: name -> (n, H) by whole hour, see `COURSES`.
        by_region: (n, R, H) people on the street by region, in the order of `regions`.
        failed: seed -> why that run ended in an error; such runs are in nothing else.
    """

    case: Case = field(repr=False)
    plan: Plan
    design: str = field(repr=False)
    known: tuple[Mapping[str, Any], ...] = field(repr=False)
    courses: Mapping[str, np.ndarray] = field(repr=False)
    by_region: np.ndarray = field(repr=False)
    failed: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.known)

    @property
    def regions(self) -> list[str]:
        """Ids of the regions, in the order of `by_region`."""
        return list(dict.fromkeys(row.region for row in self.case.tables["regions"].rows))

    @property
    def title(self) -> str:
        """Title for pictures and pages."""
        account = f"account “{self.plan.carried['title']}”" if self.plan.carried else "common base (no account)"
        return f"{self.case.title}, {account}, {len(self)} runs"

    def band(self, course: str = "on_street", region: str | None = None) -> np.ndarray:
        """(5, H) quantiles over the runs, hour by hour, at 10, 25, 50, 75 and 90 percent.

        Args:
            course: of `COURSES`. region: people on the street of one region instead.

        Raises:
            KeyError: for a course or a region that there is not.
        """
        if region is not None and region not in self.regions:
            raise KeyError(f"no region {region!r}; there are {', '.join(self.regions)}")
        table = self.courses[course] if region is None else self.by_region[:, self.regions.index(region)]
        return np.asarray(np.quantile(table, QUANTILES, axis=0))

    def spread(self, key: str) -> list[float]:
        """10, 50 and 90 percent of the runs of a number of their summaries, such as "dead" or "peak_on_street"."""
        return [float(v) for v in np.quantile([one[key] for one in self.known], (0.1, 0.5, 0.9))]

    @cached_property
    def endings(self) -> dict[str, int]:
        """Ending -> in how many runs, the most frequent first."""
        return _counts((one["ending"] or {}).get("title", "not decided yet") for one in self.known)

    @cached_property
    def phases(self) -> dict[str, int]:
        """Phase of the crisis -> in how many runs it is seen, in the order of the phases."""
        names = [row["phase"] for row in self.known[0]["phases"]]
        return {n: sum(p["observed"] for one in self.known for p in one["phases"] if p["phase"] == n) for n in names}

    @cached_property
    def score(self) -> dict[str, Any]:
        """How the set fits the dated record: statements by the share of runs that meet them, see `record.score`."""
        record = load_record(self.case)
        values = [[unplain(one["score"]["measured"].get(o.id)) for o in record.observations] for one in self.known]
        hours = np.array([float(one["hours"]) for one in self.known])
        responsive = np.array([bool(one["score"]["responsive"]) for one in self.known])
        return score_set(Runs(np.array(values).reshape(len(self), len(record)), hours, responsive), record)

    @cached_property
    def table(self) -> pa.Table:
        """A row for each run: seed, draw, harm, ending, statements met, digest."""
        import pyarrow as pa

        numbers = ("seed", "draw", "peak_on_street", "peak_time", "strikes", "dead", "security_dead", "injured",
                   "security_injured", "detained")  # fmt: skip
        rows = [
            {key: one[key] for key in numbers}
            | {"ending": (one["ending"] or {}).get("title"), "met": one["score"]["met"], "of": one["score"]["of"]}
            | {"digest": one["digest"]}
            for one in self.known
        ]
        return pa.Table.from_pylist(rows)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The keys of `set.json`."""
        score = {k: v for k, v in self.score.items() if k != "observations"}
        met = [one["score"]["met"] for one in self.known]
        numbers = (
            "peak_on_street",
            "joins",
            "strikes",
            "dead",
            "security_dead",
            "injured",
            "security_injured",
            "detained",
        )
        return {
            "case": self.case.id, "account": self.plan.account, "version": __version__, "case_digest": self.case.digest,
            "runs": len(self), "failed": {str(k): v for k, v in self.failed.items()},
            "seeds": [one["seed"] for one in self.known], "draws": [one["draw"] for one in self.known],
            "plan": self.plan.to_json(),
            "design": self.design, "digest": self.digest,
            "spread": {"shares": [0.1, 0.5, 0.9], **{key: self.spread(key) for key in numbers}},
            "met": {"of": max((one["score"]["of"] for one in self.known), default=0),
                    "spread": [float(v) for v in np.quantile(met, (0.1, 0.5, 0.9))]},
            "endings": self.endings, "phases": self.phases, "score": score, "displaced": None,
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of the runs, in the order of their seeds."""
        return hashlib.sha256("".join(one["digest"] for one in self.known).encode()).hexdigest()

    def save(self, folder: str | Path) -> Path:
        """Write set.json, runs.csv, courses.parquet and runs.parquet into a folder, made where it is not there."""
        import pyarrow.csv
        import pyarrow.parquet as pq

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        pyarrow.csv.write_csv(self.table, folder / "runs.csv")
        pq.write_table(self._courses_table(), folder / "courses.parquet")
        pq.write_table(self._rows_table(), folder / "runs.parquet", compression="zstd")
        (folder / "set.json").write_text(
            json.dumps(self.summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        return folder

    def _courses_table(self) -> pa.Table:
        """Long form: course, region (blank: everywhere), hour, and the quantiles over the runs."""
        import pyarrow as pa

        rows = []
        for name, region in [(c, None) for c in self.courses] + [("on_street", r) for r in self.regions]:
            for hour, at in enumerate(self.band(name, region).T.tolist(), start=1):
                row = dict(zip((f"q{100 * q:.0f}" for q in QUANTILES), at, strict=True))
                rows.append({"course": name, "region": region or "", "hour": hour, **row})
        return pa.Table.from_pylist(rows)

    def _rows_table(self) -> pa.Table:
        """A row for each run: what is known of it as JSON, and its courses."""
        import pyarrow as pa

        columns = {name: [row.tolist() for row in table] for name, table in self.courses.items()}
        columns["by_region"] = [row.ravel().tolist() for row in self.by_region]
        return pa.table({"known": [json.dumps(one, ensure_ascii=False) for one in self.known], **columns})

    def _repr_html_(self) -> str:
        from groundswell.report.notebook import of_runs

        return of_runs(self)

    def __repr__(self) -> str:
        dead, met = self.spread("dead"), self.summary["met"]
        ending, n = next(iter(self.endings.items()))
        return (
            f"<RunSet {self.case.id}: {len(self)} runs; {_range(self.spread('peak_on_street'))} at most on the street, "
            f"{_range(dead)} dead; {_range(met['spread'])} of {met['of']} dated statements met; {ending} in {n}>"
        )


def _range(spread: list[float]) -> str:
    return f"{spread[1]:,.0f} ({spread[0]:,.0f} to {spread[2]:,.0f})"


def _counts(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def opened_set(folder: Path) -> RunSet:
    """A set of runs from its folder.

    Raises:
        CaseError: it is not what `save` writes, or the case has changed since.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        summary = json.loads((folder / "set.json").read_text(encoding="utf-8"))
        plan, digest = Plan.from_json(summary["plan"]), str(summary["case_digest"])
        table = pq.read_table(folder / "runs.parquet")
        known = tuple(json.loads(text) for text in table["known"].to_pylist())
        courses = {name: np.array(table[name].to_pylist(), np.int64) for name in COURSES}
        by_region = np.array(table["by_region"].to_pylist(), np.int64)
        failed = {int(seed): str(why) for seed, why in summary["failed"].items()}
        design = str(summary["design"])
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        allowed = "what groundswell run --seeds writes"
        raise CaseError([Problem(str(folder), None, "", Found("a folder of something else"), allowed)]) from None
    case = loaded_case(plan.case)
    if case.digest != digest:
        given, allowed = (
            f"{case.id} with digest {case.digest[:12]}",
            f"the case as it was played (digest {digest[:12]})",
        )
        raise CaseError([Problem(str(folder), None, "case", given, allowed)])
    n, hours = courses["on_street"].shape
    return RunSet(case, plan, design, known, courses, by_region.reshape(n, -1, hours), failed)
