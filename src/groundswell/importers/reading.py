"""A foreign file while it is read: days, numbers and codes of whole columns, names of places, and what is left out."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from groundswell.case import Case, Problem
from groundswell.case.problems import Found
from groundswell.importers.names import EVERYWHERE, Gazetteer, plain

MOST_DEAD = 10**7
LONGEST_TEXT = 4000
FIRST_YEAR, LAST_YEAR = 1800, 2199
_MONTHS = {m.lower(): n for names in (calendar.month_name, calendar.month_abbr) for n, m in enumerate(names) if m}
_IN_WORDS = re.compile(r"(\d{1,2})[ -]([A-Za-z]+)[ -](\d{4}|\d\d)")


@dataclass
class Reading:
    """A file while it is read: its names of places, its mistakes, and what is left out, by reason."""

    file: str
    places: Gazetteer
    country: str = ""
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    _unknown: set[str] = field(default_factory=set)

    @property
    def case(self) -> Case | None:
        """The case whose window and names are meant."""
        return self.places.case

    def wrong(self, line: Any, field: str, given: object, allowed: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem(self.file, int(line), field, given, allowed))

    def scope(self, line: Any, field: str, name: str, region: str, coarse: bool = False) -> str | None:
        """The scope of a name; None where it is left out or unknown, and each unknown one is listed once.

        A row that is placed coarsely and names no region is about the whole country.
        """
        if coarse and not (name or region) and "" not in self.places.mapped:
            return EVERYWHERE
        found = self.places.find(name, region)
        if found is None:
            known = f" in {region}" if region and name else ""
            if (key := f"{name or region}{known}") not in self._unknown:
                words = f"a place or region of {self.case.id if self.case else 'a case'}"
                hint = self.places.hint(name or region)
                self.wrong(line, field, key, f"{words}{hint}; or a row for it in --scope-map")
            self._unknown.add(key)
        elif not found:
            self.left_out["left out by --scope-map"] += 1
        return found or None

    def days(self, frame: pd.DataFrame, column: str) -> pd.Series:
        """The days of a column; None where a cell is none, which is a mistake. Each spelling is read once."""
        near = self.case.start.date() if self.case else None
        known = {cell: day_of(cell, near) for cell in frame[column].unique()}
        words = "a date such as 2024-05-25 or 25 May 2024"
        if near is None:
            words += "; a year of two digits is read with --case alone"
        days = frame[column].map(known)
        for line in frame.index[days.isna()]:
            self.wrong(line, column, frame.at[line, column], words)
        return days

    def whole(self, frame: pd.DataFrame, column: str) -> pd.Series:
        """Whole numbers from 0 on, however written (3, 3.0, 3e0); blank is 0, and so is a column that is not there."""
        return self._numbers(frame, column, 0, MOST_DEAD, 0)

    def codes(self, frame: pd.DataFrame, column: str, most: int, blank: int) -> pd.Series:
        """Codes from 1 to the most, however written (3, 3.0); `blank` stands for blank and for no such column."""
        return self._numbers(frame, column, 1, most, blank)

    def _numbers(self, frame: pd.DataFrame, column: str, least: int, most: int, blank: int) -> pd.Series:
        if column not in frame:
            return pd.Series(blank, frame.index, dtype="int64")
        given = frame[column]
        number = pd.to_numeric(given.where(given != "", str(blank)), errors="coerce")
        bad = ~(number.between(least, most) | (given == "")) | (number % 1 != 0)
        for line in frame.index[bad]:
            self.wrong(line, column, given[line], f"whole number from {least} to {most:,}, or blank")
        return number.where(~bad, blank).astype("int64")

    def short(self, frame: pd.DataFrame, *columns: str) -> None:
        """Note texts that are longer than a table of a record may hold."""
        for column in columns:
            for line in frame.index[frame[column].str.len() > LONGEST_TEXT]:
                given = Found(f"{len(frame.at[line, column]):,} characters")
                self.wrong(line, column, given, f"at most {LONGEST_TEXT:,}")

    def in_window(self, frame: pd.DataFrame, start: pd.Series, end: pd.Series) -> pd.DataFrame:
        """Rows whose days touch the case's; the others are counted, and nothing else of them is looked at."""
        if self.case is None or frame.empty:
            return frame
        first, last = self.case.start.date(), last_day(self.case)
        keep = [s is None or e is None or (e >= first and s <= last) for s, e in zip(start, end, strict=True)]
        self.left_out[f"outside {first} to {last}"] += len(frame) - sum(keep)
        return frame[keep]

    def of_country(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of one country: that of `--country`, else the one that the case names; the others are counted."""
        if "country" not in frame or (self.case is None and not self.country):
            return frame
        given = frame["country"].map(plain)
        names = {plain(name): name for name in frame["country"].unique() if name}
        title = f" {plain(f'{self.case.title} {self.case.summary}')} " if self.case else ""
        named = [name for name in names if f" {name} " in title]
        wanted = plain(self.country) or (
            named[0] if len(named) == 1 else "" if len(names) > 1 else next(iter(names), "")
        )
        if names and wanted not in names:
            rows = given.value_counts()
            counts = ", ".join(f"{rows[name]} rows of {names[name]}" for name in list(names)[:20])
            allowed = "rows of the case's country: name it with --country, as the file has it"
            self.problems.append(Problem(self.file, None, "country", Found(counts), allowed))
            return frame[:0]
        keep = given.isin({wanted, ""})
        self.left_out["of another country"] += int((~keep).sum())
        return frame[keep]


def day_of(cell: str, near: date | None = None) -> date | None:
    """A day as 2024-05-25 (a time may follow) or 25 May 2024; None where it is none.

    A year of two digits is of the century that brings the day nearest to `near`.
    """
    words = _IN_WORDS.fullmatch(cell)
    try:
        if not words:
            day = datetime.fromisoformat(cell).date()
            return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
        month, number, year = _MONTHS[words[2].lower()], int(words[1]), int(words[3])
        if year < 100:
            if near is None:
                return None
            days = [date(year + century, month, number) for century in range(FIRST_YEAR, LAST_YEAR + 1, 100)]
            return min(days, key=lambda day: abs(day - near))
        return date(year, month, number) if FIRST_YEAR <= year <= LAST_YEAR else None
    except (ValueError, KeyError):
        return None


def last_day(case: Case) -> date:
    """The last whole day of a case."""
    return (case.end - timedelta(days=1)).date()
