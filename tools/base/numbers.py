"""The base in numbers, out of its runs: statements, what was wanted of it, its scores, its place for one run."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import groundswell as gs
from groundswell.case import Case
from groundswell.case.kinds import CLASSES
from groundswell.case.scopes import hour_in_scope
from groundswell.play.plan import canonical
from groundswell.record.record import Observation, Record
from groundswell.record.score import unplain
from groundswell.weigh.scored import Scored

NATIONAL = ("national-4-january", "national-5-january")
"""The official totals: claims of the state, apart from what the texts say."""

CALM_PEOPLE = 500.0
QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Statement:
    """A dated statement of the record over a set of runs.

    share: of the runs that meet it. low, middle, high: what runs have, at 10, 50 and 90 percent, in words.
    """

    id: str
    observation: str
    text: str
    use: str
    set: str
    share: float
    low: str
    middle: str
    high: str
    where: str
    window: str
    source: str

    @property
    def half(self) -> bool:
        """Whether half of the runs or more meet it."""
        return self.share >= 0.5


def statements(case: Case, record: Record, rows: Rows) -> list[Statement]:
    """Every statement that runs are held against, in the order of the record."""
    from groundswell.case.statements import statements as told

    by = {row.id: row for row in told(case)}
    out = []
    for c in record.claims:
        results = [r["score"]["statements"].get(c.id, "not scored") for r in rows]
        results = [x for x in results if x != "not scored"]
        if not results:
            continue
        o, row = record.observation(c.observation), by[c.id]
        low, middle, high = (in_words(case, o, v) for v in quantiles_of(measured(rows, o.id), (0.1, 0.5, 0.9)))
        where = ", ".join(row.scope) if len(row.scope) < 4 else f"{len(row.scope)} places or regions"
        window = f"{_short(row.start_local)} to {_short(row.end_local)}"
        source = source_of(row)
        share = sum(x == "met" for x in results) / len(results)
        out.append(
            Statement(c.id, o.id, row.statement, o.use or "neither", o.set, share, low, middle, high,
                      "everywhere" if where == "*" else where, window, source)
        )  # fmt: skip
    return out


def source_of(row: Any) -> str:
    """The source of a statement as it is printed: text and line, or who it is."""
    text = str(row.text)
    return f"{text}:{row.line}" if text.isdigit() else text.replace("-", " ")


def _short(local: str) -> str:
    from datetime import datetime

    when = datetime.fromisoformat(str(local))
    return f"{when.day} {when:%b %H:%M}"


def measured(rows: Rows, observation: str) -> np.ndarray:
    """(n,) what runs have for an observation: inf where it never happened, nan where none can be said."""
    return np.array([unplain(r["score"]["measured"].get(observation)) for r in rows], float)


def quantiles_of(x: np.ndarray, at: Sequence[float]) -> list[float]:
    """Values at shares of the runs, never between two runs; runs with nothing to measure lie lowest."""
    ordered = np.sort(np.where(np.isnan(x), -np.inf, x))
    told = np.sort(x[~np.isnan(x)])
    if not len(told):
        return [np.nan] * len(at)
    at_ranks = [min(int(round(p * (len(ordered) - 1))), len(ordered) - 1) for p in at]
    missing = len(ordered) - len(told)
    return [np.nan if k < missing else float(told[k - missing]) for k in at_ranks]


def in_words(case: Case, o: Observation, value: float) -> str:
    """A measured value as it is printed."""
    if np.isnan(value):
        return "nothing to measure"
    if o.form == "order":
        return "one of the two" if np.isinf(value) else f"{value:+,.0f} h"
    if np.isinf(value):
        return "never"
    if o.form == "hour":
        return in_hours(case, value - ahead(case, o.scope))
    if o.form == "class":
        return CLASSES[int(value)]
    if o.form == "share":
        return f"{value:.0%}"
    if o.form == "yes":
        return "yes" if value else "no"
    return f"{value:,.0f}"


# -- counts of statements


def counts(told: Sequence[Statement]) -> dict[str, Any]:
    """How many statements are met in half of the runs or more, in none, of how many: in all, by use, of the texts."""
    texts = [s for s in told if s.set in ("weigh", "check") and s.observation not in NATIONAL]
    groups = {
        "all": list(told),
        "national": [s for s in told if s.observation in NATIONAL], "texts": texts,
        **{use: [s for s in told if s.use == use] for use in ("fit", "check")},
        **{f"texts_{use}": [s for s in texts if s.use == use] for use in ("fit", "check")},
    }  # fmt: skip
    return {
        name: {"half": sum(s.half for s in some), "none": sum(s.share == 0 for s in some), "of": len(some),
               "mean": float(sum(s.share for s in some))}
        for name, some in groups.items()
    }  # fmt: skip


# -- what was wanted of the base


def wanted(case: Case, rows: Rows, record: Record) -> dict[str, Any]:
    """What was wanted of the base of Kazakhstan 2022, in numbers; see `words.wanted`."""
    n = len(rows)
    dead = np.array([r["harm"]["dead"]["total"] for r in rows])
    lost = np.array([np.inf if r["lost_h"] is None else r["lost_h"] for r in rows])
    since = np.array([calm_since(r) for r in rows])
    centres = measured(rows, "centres")

    def between(hours: np.ndarray, start: str, end: str) -> int:
        return int(((hours > hour(case, start)) & (hours <= hour(case, end))).sum())

    have = record.observation("centres").scope
    out: dict[str, Any] = {
        "runs": n,
        "dead_hundreds": int(((dead >= 100) & (dead <= 999)).sum()), "dead": at(dead),
        "lost_evening_to_night": between(lost, "2022-01-04T17:00", "2022-01-06T00:00"),
        "lost_that_night": between(lost, "2022-01-04T17:00", "2022-01-05T06:00"),
        "lost_ever": int(np.isfinite(lost).sum()),
        "lost": [in_hours(case, v) for v in quantiles_of(lost, (0.1, 0.5, 0.9))],
        "centres_of": len(have), "centres": at(centres), "centres_most": int((centres > len(have) / 2).sum()),
        "calm_in_time": between(since, "2022-01-08T00:00", "2022-01-16T00:00"),
        "calm": [in_hours(case, v) for v in quantiles_of(since, (0.1, 0.5, 0.9))],
    }  # fmt: skip
    for id, figure in zip(NATIONAL, (38_000, 50_000), strict=True):
        low, middle, high = at(measured(rows, id))
        out[id] = {"figure": figure, "band": [low, high], "middle": middle, "inside": bool(low <= figure <= high)}
    return out


def hour(case: Case, local: str) -> float:
    """Hours since the case's start of a local time in its zone."""
    from datetime import datetime

    return (datetime.fromisoformat(local).replace(tzinfo=case.start.tzinfo) - case.start).total_seconds() / 3600


def ahead(case: Case, scope: tuple[str, ...]) -> float:
    """Hours by which clocks of a scope are behind those of the case."""
    midnight = case.start.replace(tzinfo=None).isoformat(timespec="minutes")
    return float(hour_in_scope(case, midnight, scope) - hour(case, midnight))


def in_hours(case: Case, value: float) -> str:
    """An hour as a date, or never."""
    from datetime import timedelta

    if not np.isfinite(value):
        return "never"
    when = case.start + timedelta(hours=value)
    return f"{when.day} {when:%b %H}:00"


def at(x: np.ndarray, shares: Sequence[float] = (0.1, 0.5, 0.9)) -> list[float]:
    """Values at 10, 50 and 90 percent of the runs."""
    return [float(v) for v in np.nanquantile(np.asarray(x, float), shares)]


def calm_since(row: Mapping[str, Any]) -> float:
    """The hour from which on fewer than 500 people are out for good; inf: not by the end of the run."""
    out = np.flatnonzero(np.array(row["national"]) >= CALM_PEOPLE)
    if not len(out):
        return 0.0
    return float(out[-1] + 1) if out[-1] + 1 < len(row["national"]) else float("inf")


# -- proper scores and baselines


def scores(case: Case, rows: Rows) -> Scored:
    """The score of the runs beside both baselines, by the package's own `score`."""
    name = canonical(case)
    with tempfile.TemporaryDirectory() as home:
        for k, row in enumerate(rows):
            folder = Path(home) / f"run-{k:04}"
            folder.mkdir()
            known = {"case": case.id, "plan": {"case": name}, "case_digest": case.digest, "hours": row["hours"],
                     "score": row["score"]}  # fmt: skip
            (folder / "run.json").write_text(json.dumps(known), encoding="utf-8")
        with contextlib.redirect_stderr(io.StringIO()):
            return gs.score(home)


# -- the set of runs as a small file for pictures and pages


def digest_of_set(case: Case, rows: Rows, told: Sequence[Statement]) -> dict[str, Any]:
    """What pages and pictures need of the set: counts, hourly bands, and the runs' totals in order."""
    national = np.array([r["national"] for r in rows], float)
    return {
        "case": case.id, "case_digest": case.digest, "runs": len(rows), "version": gs.__version__,
        "draws": 0 if case.draws is None else len(case.draws),
        "middle": None if case.draws is None else case.draws.middle,
        "counts": counts(told), "start_ms": rows[0]["start_ms"], "offset_h": rows[0]["offset_h"],
        "quantiles": list(QUANTILES),
        "national": np.quantile(national, QUANTILES, axis=0).round().astype(int).tolist(),
        "sorted": {
            "met": sorted(int(r["score"]["met"]) for r in rows), "peak": sorted(int(r["peak"]) for r in rows),
            "dead": sorted(int(r["harm"]["dead"]["total"]) for r in rows),
        },
        "of": max(int(r["score"]["of"]) for r in rows),
    }  # fmt: skip
