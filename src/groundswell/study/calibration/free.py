"""What a calibration leaves free: parameters with priors, and hours of measures within their precision.

Read from `calibration/free.toml` of the case, or from another file of that form:

    ["spark.strength"]                  a parameter; the mechanism's own prior where none is given
    prior = "U(0, 24)"
    reason = "..."

    ["measure:batons-capital"]          a measure of measures.csv: its start moves by up to so many hours either way,
    hours = 3                           uniformly; half of its stated precision where `hours` is left out
    reason = "..."

    ["joining.theta"]                   the threshold, by the rate of an ordinary month (`ordinary`); the prior is that
    ordinary_month = "2021-12-01"       of the rate, in joins per inhabitant-hour; the threshold follows for each vector
    prior = "LN(8.6e-8; 2.3e-8, 3.4e-7)"
    reason = "..."

A coordinate z is standard normal: u = Phi(z) is uniform, and the value is the prior's quantile at u, cut to what the
parameter allows and rounded to six significant digits, as it stands in `draws.csv`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from groundswell.accounts.model import Free
from groundswell.accounts.reader import PRIORS, Reader
from groundswell.case import Case, CaseError, Problem
from groundswell.case.calibration import FREE, MEASURE, moved
from groundswell.case.head import Entries
from groundswell.case.problems import Found, one_of
from groundswell.engine.priors import Uniform
from groundswell.study.calibration.ordinary import THETA

FILE = FREE
PRECISION_H = {"exact": 0.0, "hour": 0.5, "part_of_day": 3.0, "day": 12.0}
"""Half of the window that a stated precision leaves, in hours."""

RATE = f"ordinary:{THETA}"
"""How the rate of an ordinary month is named among the coordinates."""

MOST_HOURS = 240.0
MOST_FREE = 200
MONTH = "ordinary_month"
SPAN = 1e-9
"""Shares of a prior nearer to its ends than this are not played."""


@dataclass(frozen=True)
class Space:
    """The free coordinates of a calibration, in the order of their names; `digest` is of what the file says."""

    free: tuple[Free, ...]
    digest: str
    ordinary_month: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coordinates."""
        return tuple(f.name for f in self.free)

    def __len__(self) -> int:
        return len(self.free)

    def coordinates(self, values: Sequence[float]) -> np.ndarray:
        """(D,) coordinates of values in the order of the names."""
        return normal(np.array([share_of(f, v) for f, v in zip(self.free, values, strict=True)]))

    def values(self, z: np.ndarray) -> dict[str, float]:
        """Name -> value at coordinates (D,)."""
        return {f.name: rounded(f, u) for f, u in zip(self.free, shares(z).tolist(), strict=True)}

    def job(self, case: Case, values: dict[str, float]) -> tuple[dict[str, float], dict[str, str]]:
        """Settings, and measure id -> ISO time, that values stand for."""
        settings = {k: v for k, v in values.items() if not k.startswith(MEASURE) and k != RATE}
        return settings, moved(case, values)


def shares(z: np.ndarray) -> np.ndarray:
    """Share of the prior below standard normal coordinates."""
    from scipy.special import ndtr

    return np.clip(ndtr(np.asarray(z, float)), SPAN, 1 - SPAN)


def rounded(free: Free, u: float) -> float:
    """The value at a share of the prior, with six significant digits and within what is allowed."""
    return float(min(max(float(f"{free.value(u):.6g}"), free.low), free.high))


def share_of(free: Free, value: float) -> float:
    """The share of the prior at which a value lies, as `Free.value` counts shares."""
    low, high = free.ends(None)
    assert not isinstance(free.prior, float), "a free parameter has a prior"
    a, b = free.prior.below(low), free.prior.below(high)
    return (free.prior.below(value) - a) / (b - a)


def read_space(case: Case, path: Path | None = None) -> Space:
    """The free coordinates of a case, or those of another file.

    Raises:
        CaseError: every mistake in the file at once; or there is no file.
    """
    where = path if path is not None else case.folder / FILE
    shown = str(path) if path is not None else FILE
    if path is None and not where.exists():
        given = Found(f"{case.id}, a case without {FILE}")
        raise CaseError([Problem("CASE", None, "free parameters", given, f"a case with {FILE}, or --free FILE")])
    r = Reader(case)
    toml = r.toml(where.parent, where.name, shown)
    found: dict[str, Free] = {}
    month = ""
    for name, values in toml.values.items() if toml is not None else ():
        entry = Entries(toml, name, values, r.problems)  # type: ignore[arg-type]
        if not isinstance(values, dict):
            continue
        one = _measure(r, entry, name) if name.startswith(MEASURE) else _parameter(r, entry, name)
        if one is not None and MONTH in values:
            month = _month(entry, name)
            one = replace(one, name=RATE)
        if one is not None:
            found[one.name] = one
    if not r.problems and not 1 <= len(found) <= MOST_FREE:
        r.problems.append(Problem(shown, None, "", Found(f"{len(found)} free"), f"1 to {MOST_FREE} free parameters"))
    if r.problems:
        raise CaseError(r.problems)
    free = tuple(found[name] for name in sorted(found))
    said = repr([(f.name, str(f.prior), f.low, f.high) for f in free] + ([month] if month else []))
    return Space(free, hashlib.sha256(said.encode()).hexdigest(), month)


def mistakes_of(case: Case) -> list[Problem]:
    """Every mistake in what a case leaves free; nothing where it has no such file."""
    try:
        if (case.folder / FILE).exists():
            read_space(case)
    except CaseError as error:
        return list(error.problems)
    return []


def _parameter(r: Reader, entry: Entries, name: str) -> Free | None:
    entry.only(("prior", "reason", MONTH))
    f = r.free(entry, "", name, entry.values)
    if f is None or not isinstance(f.prior, float):
        return f
    entry.refuse("prior", f.prior, PRIORS)
    return None


def _month(entry: Entries, name: str) -> str:
    """The first day of an ordinary month, before the case."""
    given = entry.values[MONTH]
    if name != THETA:
        entry.refuse(MONTH, Found(name), f"{THETA} alone, which follows from the rate of an ordinary month")
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError:
        entry.refuse(MONTH, str(given), "a date such as 2021-12-01")
        return ""


def _measure(r: Reader, entry: Entries, name: str) -> Free | None:
    entry.only(("hours", "reason"))
    reason = entry.text("reason")
    id = name.removeprefix(MEASURE)
    used = {row.measure: row for row in r.case.tables["measures"].rows if row.used}
    if id not in used:
        entry.refuse("", id, f"a measure of measures.csv that is used, {one_of(sorted(used), id, most=3)}")
        return None
    hours = entry.number("hours") if "hours" in entry.values else PRECISION_H[used[id].precision]
    if hours is None or not 0 < hours <= MOST_HOURS:
        key, given = ("hours", hours) if "hours" in entry.values else ("", Found(f"precision {used[id].precision}"))
        entry.refuse(key, given, f"hours, above 0 and at most {MOST_HOURS:g}: how far its start may lie off")
        return None
    return Free(name, Uniform(-hours, hours), reason or "", -hours, hours)


def normal(u: np.ndarray) -> np.ndarray:
    """Standard normal coordinates of shares of the prior."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(np.asarray(u, float), SPAN, 1 - SPAN)))


def table_of(space: Space, z: np.ndarray) -> np.ndarray:
    """(n, D) values at coordinates (n, D)."""
    rows = [list(space.values(one).values()) for one in z]
    return np.array(rows, float).reshape(len(rows), len(space))
