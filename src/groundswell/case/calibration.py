"""What a calibration left in a case: weighted draws of its free parameters, and where they come from.

    calibration/draws.csv        draw, weight, distance, then one column for each free parameter, named
                                 "mechanism.parameter", or "measure:ID" for hours by which a measure is moved
    calibration/provenance.toml  [calibration] version, case_digest, middle (number of a draw) and what else was asked
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundswell.case.problems import CaseError, Found, Problem, one_of
from groundswell.case.read import read_text, read_toml

if TYPE_CHECKING:
    from groundswell.case.head import KnownParameters
    from groundswell.case.tables import Case

FOLDER = "calibration"
DRAWS, PROVENANCE = f"{FOLDER}/draws.csv", f"{FOLDER}/provenance.toml"
MEASURE = "measure:"
"""How a column names a measure that is moved, by hours."""

FIRST = ("draw", "weight", "distance")
MOST_DRAWS = 100_000
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
