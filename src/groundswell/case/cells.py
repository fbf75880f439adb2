"""What a single cell of a table may hold: its type, its range, and the words an error uses for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from groundswell.case.kinds import measure_kinds
from groundswell.case.units import allowed_units, is_unit

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_LOCAL = re.compile(r"(18|19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_DATE = re.compile(r"(18|19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Characters that are not seen or that turn what stands beside them: controls, line separators, marks of direction."""

MOST_PEOPLE = 2_000_000_000
"""More people than a case may have: counts of people are kept in 32 bits, sums over the country too."""
AGE_BANDS = ("child", "young", "middle", "pension")
SiteKind = Literal["assembly", "administration", "police", "airport", "broadcasting", "shops", "square"]
SITE_KINDS = get_args(SiteKind)
STATES = ("official", "derived", "estimated", "assumed")


def _whole(cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise ValueError("not a whole number")
    return int(cell)


def _number(cell: str) -> float:
    if not _NUMBER.fullmatch(cell):
        raise ValueError("not a number")
    return float(cell)


def _number_or_blank(low: float, high: float) -> Callable[[str], float | None]:
    def parse(cell: str) -> float | None:
        value = None if cell == "" else _number(cell)
        return value if value is None or low <= value <= high else _refuse()

    return parse


def _above_zero(cell: str) -> float:
    value = _number(cell)
    return value if 0 < value <= 1e6 else _refuse()


def _flag(cell: str) -> bool:
    return {"true": True, "false": False}[cell] if cell in ("true", "false") else _refuse()


def _refuse() -> Any:
    raise ValueError("not allowed")


def _slug(cell: str) -> str:
    return cell if SLUG.fullmatch(cell) else _refuse()


def _slug_or_blank(cell: str) -> str:
    return cell if cell == "" else _slug(cell)


def _slug_or_star(cell: str) -> str:
    return cell if cell == "*" else _slug(cell)


def _scope(cell: str) -> tuple[str, ...]:
    parts = ("*",) if cell == "*" else tuple(_slug(part) for part in cell.split(";"))
    return parts if len(set(parts)) == len(parts) else _refuse()


def _ids(cell: str) -> tuple[str, ...]:
    parts = () if cell == "" else tuple(_slug(part) for part in cell.split(";"))
    return parts if len(set(parts)) == len(parts) else _refuse()


def _met_by(cell: str) -> tuple[str, ...]:
    parts = () if cell == "" else tuple(cell.split(";"))
    return parts if len(set(parts)) == len(parts) and all(_NAME.fullmatch(part) for part in parts) else _refuse()


def _targets(cell: str) -> tuple[str, ...]:
    parts = () if cell == "" else tuple(cell.split(";"))
    return parts if len(set(parts)) == len(parts) and set(parts) <= set(SITE_KINDS) else _refuse()


def _ages(cell: str) -> tuple[str, ...]:
    parts = tuple(cell.split(";"))
    return parts if len(set(parts)) == len(parts) and set(parts) <= set(AGE_BANDS) else _refuse()


def _local(cell: str) -> str:
    if not _LOCAL.fullmatch(cell):
        raise ValueError("not a local time")
    datetime.fromisoformat(cell)
    return cell


def _local_or_blank(cell: str) -> str:
    return cell if cell == "" else _local(cell)


def _date(cell: str) -> str:
    if not _DATE.fullmatch(cell):
        raise ValueError("not a date")
    date.fromisoformat(cell)
    return cell


def _text(cell: str) -> str:
    return cell if cell.strip() and not _HIDDEN.search(cell) else _refuse()


def _note(cell: str) -> str:
    return cell if not _HIDDEN.search(cell) else _refuse()


def hidden(text: str) -> bool:
    """Whether a text has control characters, line separators or marks of direction, which no text of a case has."""
    return bool(_HIDDEN.search(text))


def clean(text: str) -> str:
    """A foreign text on one line without what `hidden` finds; runs of blanks are one."""
    return " ".join(_HIDDEN.sub(" ", text).split())


def _unit(cell: str) -> str:
    return cell if is_unit(cell) else _refuse()


def _unit_or_blank(cell: str) -> str:
    return cell if cell == "" else _unit(cell)


def between(low: float, high: float) -> Any:
    """A number from low to high."""
    words = Field(ge=low, le=high, allow_inf_nan=False, description=f"number from {low:g} to {high:g}")
    return Annotated[float, BeforeValidator(_number), words]


def _words(kind: Any, parse: Any, allowed: str) -> Any:
    return Annotated[kind, BeforeValidator(parse), Field(description=allowed)]


def _people(low: int, most: int = MOST_PEOPLE) -> Any:
    words = Field(ge=low, le=most, description=f"whole number from {low} to {most}")
    return Annotated[int, BeforeValidator(_whole), words]


_SLUG_WORDS = "an id of lower-case letters, digits and hyphens, at most 64"
Id = _words(str, _slug, _SLUG_WORDS)
IdOrBlank = _words(str, _slug_or_blank, _SLUG_WORDS + ", or blank")
IdOrStar = _words(str, _slug_or_star, _SLUG_WORDS + ", or * for everywhere")
Scope = _words(tuple[str, ...], _scope, "* or region and place ids joined by ; (each once)")
Ids = _words(tuple[str, ...], _ids, "ids joined by ; (each once), or blank")
KIND_OF_MEASURE = "a kind of measure"
KindOfMeasure = _words(str, lambda cell: cell if cell in measure_kinds() else _refuse(), KIND_OF_MEASURE)
MetBy = _words(tuple[str, ...], _met_by, "kinds or ids of measures joined by ; (each once), or blank")
Targets = _words(tuple[str, ...], _targets, f"kinds of sites joined by ; out of {', '.join(SITE_KINDS)}, or blank")
Ages = _words(tuple[str, ...], _ages, f"age bands joined by ; out of {', '.join(AGE_BANDS)}")
Local = _words(str, _local, "local time without zone, such as 2022-01-02T09:00")
LocalOrBlank = _words(str, _local_or_blank, "local time without zone, such as 2022-01-02T09:00, or blank")
Date = _words(str, _date, "date such as 2022-01-02")
Words = Annotated[str, BeforeValidator(_text), Field(max_length=4000, description="text on one line, not blank")]
Note = Annotated[str, BeforeValidator(_note), Field(max_length=4000, description="text on one line, or blank")]
Flag = _words(bool, _flag, "true or false")
Unit = _words(str, _unit, allowed_units())
UnitOrBlank = _words(str, _unit_or_blank, allowed_units() + ", or blank")
Share = between(0, 1)
Index = between(0, 10)
Weight = between(0, 1e6)
Money = between(0, 1e12)
People = _people(0)
Peopled = _people(1)
Troops = _people(0, 10_000_000)
Part = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=100_000, description="whole number from 0 to 100000")]
Month = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=12, description="whole number from 1 to 12")]
Vehicles = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=10**6, description="whole number from 0 to 1000000")]
Price = Annotated[
    float,
    BeforeValidator(_number),
    Field(gt=0, le=1e12, allow_inf_nan=False, description="number above 0"),
]
ShareOrBlank = _words(float | None, _number_or_blank(0, 1), "number from 0 to 1, or blank")
Maybe = _words(float | None, _number_or_blank(-1e12, 1e12), "number, or blank")
Above0 = _words(float, _above_zero, "number above 0")
Count = _words(float | None, _number_or_blank(0, 1e10), "number >= 0, or blank")
State = Literal["official", "derived", "estimated", "assumed"]
