"""A checked case in memory: tables as typed rows and as arrays, with sources, parameters and a digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    from groundswell.case.calibration import Draws


class Table:
    """One CSV table: `.rows` are typed row objects, `.column(name)` the same cells as an array.

    Columns come as int64, float64 (blank cells as NaN), bool, or objects (str, tuple of str).
    Times stay local ISO text; `Case.hour_of` turns them into hours.
    """

    def __init__(self, name: str, model: type[Any], rows: list[Any], lines: list[int]) -> None:
        self.name = name
        self.model = model
        self.rows = rows
        self.lines = lines
        self._columns: dict[str, np.ndarray] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __repr__(self) -> str:
        return f"Table({self.name}, {len(self.rows)} rows: {', '.join(self.columns)})"

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the format."""
        return tuple(self.model.model_fields)

    def column(self, name: str) -> np.ndarray:
        """The cells of one column as a read-only array, one entry per row."""
        if name not in self._columns:
            self._columns[name] = self._make(name)
        return self._columns[name]

    def index(self, column: str) -> dict[Any, int]:
        """Row number (from 0) of each value of a column; the first row where a value repeats."""
        found: dict[Any, int] = {}
        for number, row in enumerate(self.rows):
            found.setdefault(getattr(row, column), number)
        return found

    def _make(self, name: str) -> np.ndarray:
        import numpy as np

        from groundswell.case.schema import column_type

        if name not in self.model.model_fields:
            raise KeyError(f"{self.name} has no column {name!r}; it has {', '.join(self.columns)}")
        values = [getattr(row, name) for row in self.rows]
        kind = column_type(self.model, name)
        if kind is float:
            array = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        elif kind is int:
            array = np.array(values, dtype=np.int64)
        elif kind is bool:
            array = np.array(values, dtype=np.bool_)
        else:
            array = np.empty(len(values), dtype=object)
            for number, value in enumerate(values):
                array[number] = value
        array.flags.writeable = False
        return array


@dataclass(frozen=True)
class Source:
    """Where the numbers of one column come from. `low` and `high` bound an uncertain column."""

    unit: str
    source: str
    state: str
    note: str = ""
    low: float | None = None
    high: float | None = None
    rule: str = ""


@dataclass(frozen=True)
class ParameterValue:
    """A mechanism parameter set for this case."""

    value: float | bool | tuple[float, ...]
    state: str
    source: str
    unit: str = ""
    note: str = ""


MOST_DEMANDS = 8
"""Demands that a case may have: what a person demands is kept in the bits of a byte."""


class Allowed(NamedTuple):
    """What a case may give for a parameter: lowest and highest (None: open), and whether it has to.

    required: True, or the name of a table: where that table has rows. pack: to which it belongs, which a case may leave
    out.
    """

    low: float | None = None
    high: float | None = None
    required: bool | str = False
    pack: str = ""


@dataclass(frozen=True)
class Text:
    """A text the case quotes: what it is, and its date as written."""

    title: str
    kind: str
    date: str


@dataclass(frozen=True)
class Case:
    """A case that passed every check. Times are zone-aware; the run clock is hours since `start`.

    A run stops at `end` unless it is told to go on; `horizon` is the last hour to which it may.
    """

    id: str
    title: str
    summary: str
    folder: Path
    start: datetime
    end: datetime
    horizon: datetime
    population_people: int
    texts: Mapping[str, Text]
    tables: Mapping[str, Table] = field(repr=False)
    sources: Mapping[str, Source] = field(repr=False)
    parameters: Mapping[str, Mapping[str, ParameterValue]] = field(repr=False)
    digest: str = field(repr=False)
    capital: str = ""
    """Id of a place of the capital; blank: the largest town."""
    study: str = ""
    """Address of a page on how many of a set of runs fit the record; blank: none is published."""
    draws: Draws | None = field(default=None, repr=False)
    """Weighted draws of a calibration, where the case has them."""
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """What mechanisms and parameters rest on in the texts: "mechanism" or "mechanism.parameter" -> statements."""
    packs: tuple[str, ...] = ()
    """Packs of mechanisms that are played; none named: all."""

    @cached_property
    def hours(self) -> int:
        """Length of the case in whole hours."""
        return round((self.end - self.start) / timedelta(hours=1))

    @cached_property
    def horizon_hours(self) -> int:
        """Whole hours from the start to the horizon."""
        return round((self.horizon - self.start) / timedelta(hours=1))

    def rests_on(self, name: str, source: str = "") -> str:
        """A source, and what texts of the case say on a mechanism, or on a parameter by its full name."""
        return "; ".join(filter(None, (source, *self.evidence.get(name, ()))))

    def hour_of(self, local_iso: str | datetime, utc_offset_h: float) -> float:
        """Hours since the start of the case, of a local time (no zone) at a place with this offset."""
        return hours_between(self.start, local_iso, utc_offset_h)

    def _repr_html_(self) -> str:
        """What the case is, for a notebook."""
        from html import escape

        rows = {
            "Inhabitants": f"{self.population_people:,}", "Places": f"{len(self.tables['places'].rows):,}",
            "From": f"{self.start:%d %B %Y %H:%M}", "To": f"{self.end:%d %B %Y %H:%M}",
            "Measures recorded": f"{len(self.tables['measures'].rows):,}",
            "Texts quoted": ", ".join(text.title for text in self.texts.values()),
            "Draws of a calibration": "none" if self.draws is None else f"{len(self.draws):,}",
        }  # fmt: skip
        cells = "".join(f"<tr><th style='text-align:left'>{k}</th><td style='text-align:left'>{escape(v)}</td></tr>"
                        for k, v in rows.items())  # fmt: skip
        return f"<h3>{escape(self.title)}</h3><p>{escape(self.summary)}</p><table>{cells}</table>"


def hours_between(start: datetime, local_iso: str | datetime, utc_offset_h: float) -> float:
    """Hours from a zone-aware start to a local time written without a zone."""
    local = datetime.fromisoformat(local_iso) if isinstance(local_iso, str) else local_iso
    offset = start.utcoffset()
    assert offset is not None, "a checked case has a zone-aware start"
    start_utc = start.replace(tzinfo=None) - offset
    return (local - timedelta(hours=float(utc_offset_h)) - start_utc) / timedelta(hours=1)
