"""What a calibration left in a case: weighted draws of its free parameters, and where they come from.

    calibration/draws.csv        draw, weight, distance, then one column for each free parameter, named
                                 "mechanism.parameter", or "measure:ID" for hours by which a measure is moved
    calibration/provenance.toml  [calibration] version, case_digest, middle (number of a draw), and what was asked

Both are optional, and neither is part of the case's digest: they are a result of it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundswell.case.head import KnownParameters
from groundswell.case.problems import CaseError, Found, Problem, one_of
from groundswell.case.read import read_text, read_toml

if TYPE_CHECKING:
    from groundswell.case.tables import Case

FOLDER = "calibration"
FREE, DRAWS, PROVENANCE, QUIET = (
    f"{FOLDER}/{name}" for name in ("free.toml", "draws.csv", "provenance.toml", "quiet.toml")
)
MIDDLE, DECLARED = "middle", "declared"
MEASURE = "measure:"
"""How a column names a measure that is moved, by hours."""

FIRST = ("draw", "weight", "distance")
MOST_DRAWS, MOST_LISTED = 100_000, 100
MOST_HOURS = 240.0
SUM_TO = 1e-3
"""How far the weights may be from one in all: they are written with six digits."""


@dataclass(frozen=True)
class Draws:
    """Weighted draws of a calibration.

    Args:
        names: free parameters, and measures as "measure:ID".
        values: of each draw, in the order of the names. weight, distance: of each draw.
        middle: number of the draw in the middle, from 1.
        provenance: what `provenance.toml` says.
        digest: of both files.
    """

    names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...] = field(repr=False)
    weight: tuple[float, ...] = field(repr=False)
    distance: tuple[float, ...] = field(repr=False)
    middle: int
    provenance: Mapping[str, Any] = field(repr=False)
    digest: str = field(repr=False)

    def __len__(self) -> int:
        return len(self.values)

    def of(self, number: int) -> dict[str, float]:
        """Name -> value of a draw, numbered from 1."""
        return dict(zip(self.names, self.values[number - 1], strict=True))


def moved(case: Case, values: Mapping[str, float]) -> dict[str, str]:
    """Measure id -> ISO time, for those of the values that move a measure."""
    by = {name.removeprefix(MEASURE): hours for name, hours in values.items() if name.startswith(MEASURE)}
    starts = {row.measure: row.start_local for row in case.tables["measures"].rows if row.used and row.measure in by}
    out = {}
    for id, hours in by.items():
        when = datetime.fromisoformat(str(starts[id])) + timedelta(minutes=round(60 * hours))
        out[id] = when.isoformat(timespec="minutes")
    return out


def played(case: Case, draw: int | str = MIDDLE) -> dict[str, Any]:
    """What a run under a draw carries: its number, settings, measures that it moves, and what it was calibrated on.

    Args:
        draw: "middle", a number from 1, or "declared": the declared defaults and parameters.toml, as in a case without
            draws. Empty there.

    Raises:
        CaseError: a draw that the case does not have.
    """
    d, text = case.draws, str(draw)
    if text == DECLARED or (text == MIDDLE and d is None):
        return {}
    if d is None:
        given = Found(f"draw {text} of {case.id}, a case without {DRAWS}")
        raise CaseError([Problem("--draw", None, "draw", given, f"nothing, or {DECLARED}")])
    number = d.middle if text == MIDDLE else int(text) if text.isdecimal() else 0
    if not 1 <= number <= len(d):
        allowed = f"{MIDDLE}, {DECLARED}, or a number from 1 to {len(d):,}"
        raise CaseError([Problem("--draw", None, "draw", text, allowed)])
    values, p = d.of(number), d.provenance
    return {
        "draw": number, "of": len(d), "middle": number == d.middle,
        "settings": {k: v for k, v in values.items() if not k.startswith(MEASURE)}, "measures": moved(case, values),
        "calibration": {
            "digest": d.digest, "version": p["version"], "date": p.get("date", ""), "runs": p.get("runs", 0),
            "same_case": p["case_digest"] == case.digest, "fit": list(p["fit"]), "check": list(p["check"]),
        },
    }  # fmt: skip


def told(drawn: Mapping[str, Any]) -> str:
    """Which parameters a run has, in a sentence."""
    if not drawn:
        return "declared defaults, and what parameters.toml of the case sets"
    c = drawn["calibration"]
    which = ", the one in the middle" if drawn["middle"] else ""
    other = "" if c["same_case"] else ", on the case as it was before it was changed"
    return (
        f"draw {drawn['draw']} of {drawn['of']}{which}, calibrated on {len(c['fit'])} observations of the record"
        f"{other}; {len(c['check'])} kept back"
    )


def there(folder: Path) -> bool:
    """Whether a case has draws."""
    return any((folder / name).exists() or (folder / name).is_symlink() for name in (DRAWS, PROVENANCE))


def read_draws(
    folder: Path, known: KnownParameters | None, measures: set[str], problems: list[Problem]
) -> Draws | None:
    """The draws of a case folder; None where there are none, or where something is wrong, which is then told."""
    if not there(folder):
        return None
    before = len(problems)
    text, said = read_text(folder, DRAWS, problems), read_text(folder, PROVENANCE, problems)
    table = None if text is None else _table(text, known, measures, problems)
    provenance = None if said is None else _provenance(said, problems)
    if table is None or provenance is None or len(problems) > before:
        return None
    names, values, weight, distance = table
    middle = provenance["middle"]
    if not 1 <= middle <= len(values):
        given, allowed = Found(middle), f"the number of a draw, 1 to {len(values):,}"
        problems.append(Problem(PROVENANCE, None, "calibration.middle", given, allowed))
        return None
    digest = hashlib.sha256(f"{text}\n{said}".replace("\r\n", "\n").encode()).hexdigest()
    return Draws(names, values, weight, distance, middle, provenance, digest)


def _provenance(text: str, problems: list[Problem]) -> dict[str, Any] | None:
    toml = read_toml(PROVENANCE, text, problems)
    if toml is None:
        return None
    values = toml.values.get("calibration")
    if not isinstance(values, dict):
        problems.append(Problem(PROVENANCE, None, "calibration", Found("no such table"), "a table [calibration]"))
        return None
    bad = False
    for key, kind, words in (
        ("middle", int, "the number of a draw"), ("version", str, "text"), ("case_digest", str, "text"),
        ("fit", list, "a list of observations"), ("check", list, "a list of observations"),
    ):  # fmt: skip
        given = values.get(key)
        if not isinstance(given, kind) or isinstance(given, bool):
            shown = Found("no such key") if given is None else Found(given)
            problems.append(Problem(PROVENANCE, toml.line_of("calibration", key), f"calibration.{key}", shown, words))
            bad = True
    return None if bad else values


_Table = tuple[tuple[str, ...], tuple[tuple[float, ...], ...], tuple[float, ...], tuple[float, ...]]


def _table(text: str, known: KnownParameters | None, measures: set[str], problems: list[Problem]) -> _Table | None:
    before = len(problems)
    try:
        rows = [(n, row) for n, row in _rows(text) if row]
    except csv.Error as error:
        problems.append(Problem(DRAWS, None, "", Found(f"a row that breaks off ({error})"), "CSV with quotes closed"))
        return None
    header = rows[0][1] if rows else []
    if tuple(header[:3]) != FIRST or len(header) < 4:
        allowed = f"{', '.join(FIRST)}, then free parameters"
        problems.append(Problem(DRAWS, 1, "header", ", ".join(header[:4]), allowed))
        return None
    names = tuple(header[3:])
    limits = [_limits(name, header, known, measures, problems) for name in names]
    if not 2 <= len(rows) <= MOST_DRAWS + 1:
        problems.append(Problem(DRAWS, None, "", Found(f"{len(rows) - 1:,} draws"), f"1 to {MOST_DRAWS:,} draws"))
    values: list[tuple[float, ...]] = []
    weight, distance = [], []
    for i, (line, cells) in enumerate(rows[1:], start=1):
        if len(problems) - before >= MOST_LISTED:
            return None
        if len(cells) != len(header):
            allowed = f"{len(header)} cells, as in the header row"
            problems.append(Problem(DRAWS, line, "", Found(f"{len(cells)} cells"), allowed))
            continue
        ends = [(float(i), float(i)), (0.0, 1.0), (0.0, math.inf), *limits]
        numbers = [
            _number(line, name, cell, *end, problems) for name, cell, end in zip(header, cells, ends, strict=True)
        ]
        weight.append(numbers[1])
        distance.append(numbers[2])
        values.append(tuple(numbers[3:]))
    if len(problems) == before and abs(sum(weight) - 1) > SUM_TO:
        problems.append(Problem(DRAWS, None, "weight", Found(f"weights with the sum {sum(weight):.6g}"), "the sum 1"))
    return (names, tuple(values), tuple(weight), tuple(distance)) if len(problems) == before else None


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Rows with the line where each ends."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    return [(reader.line_num, row) for row in reader]


def _limits(
    name: str, header: list[str], known: KnownParameters | None, measures: set[str], problems: list[Problem]
) -> tuple[float, float]:
    """Lowest and highest value of a column; an unknown name, or one that stands twice, is told."""
    if header.count(name) > 1:
        problems.append(Problem(DRAWS, 1, "header", Found(f"{name} {header.count(name)} times"), "each column once"))
    if name.startswith(MEASURE):
        if (id := name.removeprefix(MEASURE)) not in measures:
            problems.append(Problem(DRAWS, 1, "header", name, f"measure:ID, ID {one_of(sorted(measures), id, most=3)}"))
        return -MOST_HOURS, MOST_HOURS
    if known is None:
        return -math.inf, math.inf
    mechanism, _, parameter = name.partition(".")
    if parameter not in known.get(mechanism, {}):
        every = sorted(f"{m}.{p}" for m, of in known.items() for p in of)
        problems.append(Problem(DRAWS, 1, "header", name, f"a parameter, {one_of(every, name, most=3)}"))
        return -math.inf, math.inf
    low, high, *_ = known[mechanism][parameter]
    return -math.inf if low is None else low, math.inf if high is None else high


def _number(line: int, name: str, cell: str, low: float, high: float, problems: list[Problem]) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if math.isfinite(value) and low <= value <= high:
        return value
    if low == high:
        words = f"{low:g}: draws are numbered from 1"
    else:
        ends = ("any" if math.isinf(end) else f"{end:g}" for end in (low, high))
        words = f"a number from {' to '.join(ends)}"
    problems.append(Problem(DRAWS, line, name, cell, words))
    return math.nan
