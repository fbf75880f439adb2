"""The record itself in the shape of a reported run: one version of what the sources say, and files of such records."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.case.problems import nearest
from groundswell.case.read import read_csv, read_text
from groundswell.files import whole
from groundswell.record.frame import Reported, choose

if TYPE_CHECKING:
    from groundswell.record.frame import Frame
    from groundswell.record.record import Record

COLUMNS = ("observation", "low", "high", "stated")


def observed(
    record: Record, draw: int = 1, weights: Mapping[str, float] | None = None, source: str | None = None
) -> Reported:
    """What the sources say, with one version where they contradict each other.

    Args:
        record: the record.
        draw: number of the draw: versions are drawn by weight, all of one witness together (`frame.choose`). The same
            draw trusts the same witnesses in `report`.
        weights: source -> weight instead of the record's; a source of weight 0 says nothing.
        source: where given, this source's version alone: what it does not say is not stated.

    Raises:
        CaseError: for an unknown source or weight.
    """
    f = record.frame
    return of_claims(f, choose(f, np.ones(len(f.of), bool), draw, weights, source), f.low, f.high)


def of_claims(frame: Frame, which: np.ndarray, low: np.ndarray, high: np.ndarray) -> Reported:
    """The record that some claims make: `which` (O,) is the claim of each observation or -1, low and high are (C,)."""
    stated = which >= 0
    out = np.full((2, len(stated)), np.nan)
    out[:, stated] = low[which[stated]], high[which[stated]]
    return Reported(out[0], out[1], stated)


def read_weights(texts: Iterable[str]) -> dict[str, float]:
    """Source -> weight out of texts such as "003=0.5"; whether the record has the source is seen where it is used.

    Raises:
        CaseError: texts of another form, all at once.
    """
    problems, out = [], {}
    for text in texts:
        source, equals, given = text.partition("=")
        try:
            weight = float(given)
        except ValueError:
            weight = np.nan
        if not (source and equals and np.isfinite(weight) and weight >= 0):
            problems.append(Problem("--weight", None, "", text, "SOURCE=WEIGHT with a weight from 0 on, as 003=0.5"))
        out[source] = weight
    if problems:
        raise CaseError(problems)
    return out


def write_reported(path: Path, reported: Reported, record: Record) -> None:
    """Write a reported record as a CSV file with the columns `observation,low,high,stated`, in whole or not at all.

    Numbers are written so that they come back to the bit; `inf` stands for never, blank for not stated.
    """
    with whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for o, low, high, stated in zip(record.observations, reported.low, reported.high, reported.stated, strict=True):
            values = (repr(float(low)), repr(float(high))) if stated else ("", "")
            rows.writerow((o.id, *values, "true" if stated else "false"))


def read_reported(path: Path, record: Record) -> Reported:
    """Read what `write_reported` writes, or a file of that form made by hand; rows in any order.

    Observations without a row are not stated.

    Raises:
        CaseError: every mistake at once, with file and line.
    """
    problems: list[Problem] = []
    text = read_text(path.parent, path.name, problems, str(path.parent.resolve()))
    raw = None if text is None else read_csv(path.stem, text, COLUMNS, problems)
    low, high = np.full(len(record), np.nan), np.full(len(record), np.nan)
    seen: dict[str, int] = {}
    for line, cells in zip(raw.lines, raw.cells, strict=True) if raw else ():
        wrong = [(field, cells[field], words) for field, words in _mistakes(cells, record, seen)]
        problems += [Problem(path.name, line, *one) for one in wrong]
        seen.setdefault(cells["observation"], line)
        if not wrong and cells["stated"] == "true":
            number = record.index[cells["observation"]]
            low[number], high[number] = float(cells["low"]), float(cells["high"])
    if problems:
        in_order = sorted(problems, key=lambda p: p.line or 0)
        raise CaseError(Problem(str(path), p.line, p.field, p.given, p.allowed) for p in in_order)
    return Reported(low, high, ~np.isnan(low))


def _mistakes(cells: Mapping[str, str], record: Record, seen: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Field and what it allows, for each mistake of a row."""
    id, stated = cells["observation"], cells["stated"]
    if id not in record.index:
        yield "observation", f"an observation of the record{nearest(id, record.index)}"
    elif id in seen:
        yield "observation", f"each observation once; first on line {seen[id]}"
    if stated not in ("true", "false"):
        yield "stated", "true or false"
    elif stated == "false":
        yield from ((field, "blank, since it is not stated") for field in ("low", "high") if cells[field])
    else:
        hour = id in record.index and record.observation(id).form == "hour"
        numbers = [_number(cells[field]) for field in ("low", "high")]
        never = hour and numbers == [np.inf, np.inf]
        words = "a finite number" + (", or inf in both low and high: it never happened" if hour else "")
        bad = [field for field, v in zip(("low", "high"), numbers, strict=True) if not np.isfinite(v) and not never]
        yield from ((field, words) for field in bad)
        if not bad and numbers[0] > numbers[1]:
            yield "high", f"at least low, {numbers[0]:g}"


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan
