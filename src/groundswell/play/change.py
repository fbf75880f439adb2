"""What a run changes about its case, as one type, with one reader of texts and one of tables and keyword arguments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from numbers import Real
from typing import Any

from groundswell.case import CaseError, Problem
from groundswell.case.problems import one_of

SCRIPTED, RESPONSIVE = "scripted", "responsive"
MODES = (SCRIPTED, RESPONSIVE)
"""How the government acts: measures at their recorded hours, or by the triggers of its ladder."""

RESPOND = "respond"
"""What a measure is changed to that is left to the ladder."""

SEARCH = ("minimise", "minimize", "maximise", "maximize", "optimise", "optimize", "search", "best", "sweep")
NO_SEARCH = "one experiment: what is set is played, and Groundswell never searches"
ONE_NUMBER = "one number: what is set is played, and Groundswell never searches among values"
TIME = "a local time such as 2022-01-05T12:00"

OPTIONS = {
    "set": "--set", "off": "--off", "measures": "--measure", "elements": "--element", "data": "--data",
    "stay_home": "--stay-home", "government": "--government", "account": "--account", "at": "--at",
}  # fmt: skip
"""Part of a change -> the option that says it on the command line."""

Mistake = tuple[str, object, str]
"""Part of a change ("set.joining.theta"), what was given, what is allowed."""

_CELLS = re.compile(r"\s*(\w+)\.(\w+)\s*(\*?=)\s*(.+?)(?:\s+where\s+(.+?))?\s*")
_CELLS_FORM = "TABLE.COLUMN=VALUE or TABLE.COLUMN*=FACTOR, then perhaps: where COLUMN=VALUE,VALUE and COLUMN=VALUE"


@dataclass(frozen=True)
class Cells:
    """Cells of a column of the case's data, in the rows that `where` picks, get a value or are multiplied.

    where: column -> values, any of which a row must have, in each of these columns; a row's place also counts by its
    region. to: the new value; times: a factor on the old one. Exactly one of the two is given.
    """

    table: str
    column: str
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    to: float | str | None = None
    times: float | None = None

    def __str__(self) -> str:
        rows = ", ".join(f"{k} {' or '.join(v)}" for k, v in self.where.items())
        to = self.to if isinstance(self.to, str | None) else f"{self.to:g}"
        how = f"= {to}" if self.times is None else f"times {self.times:g}"
        return f"{self.table}.{self.column} {how}{f' ({rows})' if rows else ''}"


@dataclass(frozen=True)
class Change:
    """What is different from the case in a run; `checks.mistakes` says what is wrong with it, `words` what it is.

    Args:
        set: "mechanism.parameter" -> value. off: mechanisms that are switched off.
        measures: id -> "none" (not taken), an ISO time (taken then, for as long), "version:NAME" (the record's other
            version), or "respond" (left to the ladder).
        elements: elements of accounts that are on, at the median of their priors.
        data: cells of the case. stay_home: places and regions in which nobody ever comes out.
        government: "scripted" or "responsive"; blank: as it is. account: one that is played; blank: none.
        at: local time from which the change acts; blank: from the start.
    """

    set: Mapping[str, float] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    measures: Mapping[str, str] = field(default_factory=dict)
    elements: tuple[str, ...] = ()
    data: tuple[Cells, ...] = ()
    stay_home: tuple[str, ...] = ()
    government: str = ""
    account: str = ""
    at: str = ""

    def __bool__(self) -> bool:
        """Whether anything is different."""
        return self != Change(at=self.at)

    @classmethod
    def of(cls, **given: Any) -> Change:
        """A change from the arguments of `Change`, or from the same as plain data.

        Raises:
            CaseError: every part that has not the form it must have, at once.
        """
        change, wrong = read_change(given)
        if wrong:
            raise CaseError(as_options(wrong))
        return change

    @property
    def words(self) -> str:
        """What is different, in a sentence."""
        parts = [f"{k} = {v:g}" for k, v in self.set.items()]
        parts += [f"{name} off" for name in self.off]
        parts += [f"measure {k}: {v}" for k, v in self.measures.items()]
        parts += [f"element {name} on" for name in self.elements]
        parts += [str(c) for c in self.data]
        parts += [f"nobody comes out in {', '.join(self.stay_home)}"] if self.stay_home else []
        parts += [f"government {self.government}"] if self.government else []
        parts += [f"account {self.account}"] if self.account else []
        return "; ".join(parts) + (f", from {self.at.replace('T', ' ')}" if self.at else "")

    def then(self, later: Change) -> Change:
        """This change and a later one, which goes before it."""
        return Change(
            {**self.set, **later.set}, _each_once(*self.off, *later.off), {**self.measures, **later.measures},
            _each_once(*self.elements, *later.elements), (*self.data, *later.data),
            _each_once(*self.stay_home, *later.stay_home), later.government or self.government,
            later.account or self.account, later.at or self.at,
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """As plain data, which `of` takes."""
        return asdict(self)


NOTHING = Change()
"""What a case itself is: nothing is changed."""


def as_options(wrong: Iterable[Mistake]) -> list[Problem]:
    """Mistakes as they are told of options and arguments."""
    found = []
    for where, given, allowed in wrong:
        part, _, name = where.partition(".")
        found.append(Problem(OPTIONS.get(part, part), None, name, given, allowed))
    return found


def read_change(given: Mapping[str, Any], keys: Sequence[str] = tuple(OPTIONS)) -> tuple[Change, list[Mistake]]:
    """A change from a table of a file or from keyword arguments, and what has not the form it must have.

    What is wrong is left out of the change.
    """
    wrong: list[Mistake] = []
    for key in given:
        if key.lower() in SEARCH:
            wrong.append((key, given[key], NO_SEARCH))
        elif key not in keys:
            wrong.append((key, key, one_of(keys, key, len(keys))))

    def names(key: str) -> tuple[str, ...]:
        value = given.get(key, ())
        if isinstance(value, str) or not isinstance(value, Iterable):
            wrong.append((key, value, "a list of names"))
            return ()
        return _each_once(*map(str, value))

    def table(key: str, what: str) -> Mapping[str, Any]:
        value = given.get(key) or {}
        if not isinstance(value, Mapping):
            wrong.append((key, value, f"a table of {what}"))
            return {}
        return value

    def text(key: str) -> str:
        value = given.get(key) or ""
        if not isinstance(value, str):
            wrong.append((key, value, "words in quotes"))
            return ""
        return value

    change = Change(
        dict(_numbers(table("set", "parameters"), wrong)), names("off"),
        {k: str(v) for k, v in table("measures", "measures").items()}, names("elements"),
        tuple(_cells(given.get("data") or (), wrong)), names("stay_home"), text("government"), text("account"),
        text("at"),
    )  # fmt: skip
    return change, wrong


def from_texts(
    set: Sequence[str] = (), off: Sequence[str] = (), measure: Sequence[str] = (), element: Sequence[str] = (),  # noqa: A002
    data: Sequence[str] = (), stay_home: Sequence[str] = (), government: str | None = None,
    account: str | None = None, at: str = "",
) -> tuple[Change, list[Mistake]]:  # fmt: skip
    """A change from the texts of options, and what has not the form it must have."""
    wrong: list[Mistake] = []
    change, more = read_change({
        "set": _pairs("set", set, wrong), "off": split(off), "measures": _pairs("measures", measure, wrong),
        "elements": split(element), "data": [c for text in data if (c := _cells_of(text, wrong))],
        "stay_home": split(stay_home), "government": government, "account": account, "at": at,
    })  # fmt: skip
    return change, wrong + more


def _pairs(key: str, given: Sequence[str], wrong: list[Mistake]) -> dict[str, str]:
    out: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            wrong.append((f"{key}.pair", text, "NAME=VALUE"))
        elif name in out:
            wrong.append((f"{key}.{name}", f"{out[name]} and {value}", "one value"))
        else:
            out[name] = value
    return out


def split(given: Sequence[str]) -> list[str]:
    """Names given one by one or joined by commas."""
    return [name for text in given for name in text.split(",") if name]


def _cells_of(text: str, wrong: list[Mistake]) -> dict[str, Any] | None:
    """A change of data from a text as `prices.price*=2 where item=food,fuel`."""
    found = _CELLS.fullmatch(text)
    rows = [part.partition("=") for part in re.split(r"\s+and\s+", found[5])] if found and found[5] else []
    if found is None or not all(column and values for column, _, values in rows):
        wrong.append(("data", text, _CELLS_FORM))
        return None
    try:
        value: float | str = float(found[4])
    except ValueError:
        value = found[4]
    where = {column.strip(): values.strip().split(",") for column, _, values in rows}
    return {"table": found[1], "column": found[2], "where": where, "times" if found[3] == "*=" else "to": value}


def _numbers(given: Mapping[str, Any], wrong: list[Mistake]) -> Iterator[tuple[str, float]]:
    for name, value in given.items():
        try:
            if isinstance(value, bool) or not isinstance(value, Real | str):
                raise ValueError
            yield name, float(value)
        except ValueError:
            wrong.append((f"set.{name}", value, ONE_NUMBER))


def _cells(given: Any, wrong: list[Mistake]) -> Iterator[Cells]:
    if not isinstance(given, list | tuple) or not all(isinstance(c, Mapping | Cells) for c in given):
        wrong.append(("data", given, "a list of tables"))
        return
    keys = ("table", "column", "where", "to", "times")
    for c in given:
        if isinstance(c, Cells):
            yield c
            continue
        where = c.get("where") or {}
        if unknown := sorted(set(c) - set(keys)):
            wrong.append(("data", ", ".join(unknown), f"keys {', '.join(keys)}"))
        elif not isinstance(where, Mapping):
            wrong.append(("data.where", where, "a table: column = [values]"))
        elif isinstance(to := c.get("to"), bool) or not isinstance(to, str | Real | None):
            wrong.append(("data.to", to, ONE_NUMBER))
        elif isinstance(times := c.get("times"), bool) or not isinstance(times, Real | None):
            wrong.append(("data.times", times, ONE_NUMBER))
        else:
            rows = {str(k): (v,) if isinstance(v, str) else tuple(map(str, v)) for k, v in where.items()}
            number: Callable[[Any], Any] = lambda x: float(x) if isinstance(x, Real) else x  # noqa: E731
            yield Cells(str(c.get("table")), str(c.get("column")), rows, number(to), number(times))


def _each_once(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
