"""The columns of every table of a case: name, type and range, with the words an error uses for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from groundswell.case.problems import Problem, one_of
from groundswell.case.read import RawTable
from groundswell.case.units import allowed_units, is_unit

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_LOCAL = re.compile(r"(18|19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_DATE = re.compile(r"(18|19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f]")

AGE_BANDS = ("child", "young", "middle", "pension")
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


def _ages(cell: str) -> tuple[str, ...]:
    parts = tuple(cell.split(";"))
    return parts if len(set(parts)) == len(parts) and set(parts) <= set(AGE_BANDS) else _refuse()


def _local(cell: str) -> str:
    if not _LOCAL.fullmatch(cell):
        raise ValueError("not a local time")
    datetime.fromisoformat(cell)
    return cell


def _date(cell: str) -> str:
    if not _DATE.fullmatch(cell):
        raise ValueError("not a date")
    date.fromisoformat(cell)
    return cell


def _text(cell: str) -> str:
    return cell if cell.strip() and not _HIDDEN.search(cell) else _refuse()


def _note(cell: str) -> str:
    return cell if not _HIDDEN.search(cell) else _refuse()


def _unit(cell: str) -> str:
    return cell if is_unit(cell) else _refuse()


def _unit_or_blank(cell: str) -> str:
    return cell if cell == "" else _unit(cell)


def _between(low: float, high: float) -> Any:
    """A number from low to high."""
    words = Field(ge=low, le=high, allow_inf_nan=False, description=f"number from {low:g} to {high:g}")
    return Annotated[float, BeforeValidator(_number), words]


def _words(kind: Any, parse: Any, allowed: str) -> Any:
    return Annotated[kind, BeforeValidator(parse), Field(description=allowed)]


def _people(low: int) -> Any:
    words = Field(ge=low, le=10**10, description=f"whole number >= {low}")
    return Annotated[int, BeforeValidator(_whole), words]


_SLUG_WORDS = "an id of lower-case letters, digits and hyphens, at most 64"
Id = _words(str, _slug, _SLUG_WORDS)
IdOrBlank = _words(str, _slug_or_blank, _SLUG_WORDS + ", or blank")
IdOrStar = _words(str, _slug_or_star, _SLUG_WORDS + ", or * for everywhere")
Scope = _words(tuple[str, ...], _scope, "* or region and place ids joined by ; (each once)")
Ages = _words(tuple[str, ...], _ages, f"age bands joined by ; out of {', '.join(AGE_BANDS)}")
Local = _words(str, _local, "local time without zone, such as 2022-01-02T09:00")
Date = _words(str, _date, "date such as 2022-01-02")
Words = Annotated[
    str, BeforeValidator(_text), Field(max_length=4000, description="text on one line, not blank")
]
Note = Annotated[
    str, BeforeValidator(_note), Field(max_length=4000, description="text on one line, or blank")
]
Flag = _words(bool, _flag, "true or false")
Unit = _words(str, _unit, allowed_units())
UnitOrBlank = _words(str, _unit_or_blank, allowed_units() + ", or blank")
Share = _between(0, 1)
Index = _between(0, 10)
Money = _between(0, 1e12)
People = _people(0)
Peopled = _people(1)
Part = Annotated[
    int, BeforeValidator(_whole), Field(ge=0, le=100_000, description="whole number from 0 to 100000")
]
Price = Annotated[
    float,
    BeforeValidator(_number),
    Field(gt=0, le=1e12, allow_inf_nan=False, description="number above 0"),
]
Maybe = _words(float | None, _number_or_blank(-1e12, 1e12), "number, or blank")
Count = _words(float | None, _number_or_blank(0, 1e10), "number >= 0, or blank")
State = Literal["official", "derived", "estimated", "assumed"]


class Row(BaseModel):
    """A row of a table: frozen, with no column beyond those named."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class Region(Row):
    """A region with its totals."""

    region: Id
    name: Words
    centre_place: Id
    outline: IdOrBlank
    population_people: Peopled
    urban_people: People
    men_people: People
    women_people: People
    avg_wage_month: Money
    cash_income_month: Money
    grp_per_capita_usd: Money
    unemployment_share: Share
    january_night_c: _between(-70, 50)  # type: ignore[valid-type]
    january_day_c: _between(-70, 60)  # type: ignore[valid-type]


class AgeSex(Row):
    """People of one sex and age band in a region."""

    region: Id
    sex: Literal["men", "women"]
    age_band: Literal["child", "young", "middle", "pension"]
    people: People


class Place(Row):
    """A town, district or countryside where people live."""

    place: Id
    name: Words
    region: Id
    kind: Literal["city_district", "city", "town", "belt", "rural"]
    lat_deg: _between(-90, 90)  # type: ignore[valid-type]
    lon_deg: _between(-180, 180)  # type: ignore[valid-type]
    utc_offset_h: _between(-12, 14)  # type: ignore[valid-type]
    population_people: Peopled
    urban_share: Share
    men_share: Share
    kazakh_share: Share
    russian_share: Share
    uzbek_share: Share
    other_share: Share
    household_people: _between(1, 20)  # type: ignore[valid-type]
    renter_share: Share
    income_month: Money
    lpg_dependence_share: Share
    own_product_share: Share
    organising_tradition_index: Index
    mobile_reach_share: Share
    goods_index: _between(0, 100)  # type: ignore[valid-type]


class Livelihood(Row):
    """A way of living, and the age bands it belongs to."""

    livelihood: Id
    name: Words
    ages: Ages
    organised_index: Index
    pressure_note: Note


class RegionLivelihood(Row):
    """The share of a livelihood among people of working age, in town or country."""

    region: Id
    settlement: Literal["urban", "rural"]
    livelihood: Id
    share: Share


class Enterprise(Row):
    """An employer large enough to strike by itself."""

    enterprise: Id
    name: Words
    place: Id
    livelihood: Id
    workforce_people: Peopled
    organisation_index: Index
    strike_memory_index: Index
    layoffs_announced_people: People
    pay_month: Money


class Force(Row):
    """The police of a place."""

    place: Id
    organ: Literal["police"]
    strength_people: People


class Site(Row):
    """A square, gate or building where people gather or march to."""

    site: Id
    place: Id
    name: Words
    kind: Literal["assembly", "administration", "police", "airport", "broadcasting", "shops", "square"]
    lat_deg: _between(-90, 90)  # type: ignore[valid-type]
    lon_deg: _between(-180, 180)  # type: ignore[valid-type]


class Item(Row):
    """A good people buy."""

    item: Id
    name: Words
    unit: Unit
    budget_share: Share
    exposure: Words
    spark_item: Flag


class PriceRow(Row):
    """The price of an item in a region from a time on."""

    item: Id
    region: IdOrStar
    from_local: Local
    price: Price
    unit: Unit
    state: State
    source: Words


class Wage(Row):
    """The nominal wage index of a region from a time on."""

    region: IdOrStar
    from_local: Local
    index: Price
    state: State
    source: Words


class Measure(Row):
    """What an office did, when and where."""

    measure: Id
    kind: Literal[
        "price_step", "price_cut", "price_promise", "price_cap", "inquiry", "cabinet_dismissed", "emergency",
        "curfew", "jamming", "network_cut", "network_window", "posture_watch", "posture_cordon",
        "posture_batons", "patron_removed", "appeal", "arrival", "shoot_order", "speech", "pay_rise",
        "departure", "mourning", "other",
    ]  # fmt: skip
    start_local: Local
    end_local: Local
    precision: Literal["exact", "hour", "part_of_day", "day"]
    scope: Scope
    value: Maybe
    unit: UnitOrBlank
    version: Note
    used: Flag
    statement: Words
    source: Words
    state: State


class Holiday(Row):
    """A day with another activity than usual."""

    date: Date
    name: Words
    activity_factor: _between(0, 2)  # type: ignore[valid-type]


class OutlinePoint(Row):
    """A point of a ring on the map."""

    outline: Id
    part: Part
    lon_deg: _between(-180, 180)  # type: ignore[valid-type]
    lat_deg: _between(-90, 90)  # type: ignore[valid-type]


class Observation(Row):
    """Something recorded, with its bounds in time and size."""

    id: Id
    text: Id
    line: Note
    start_local: Local
    end_local: Local
    scope: Scope
    kind: Literal["onset", "crowd", "strike", "news", "clash", "measure", "other"]
    low: Count
    high: Count
    set: Literal["fit", "check", "context"]
    statement: Words


TABLES: dict[str, type[Row]] = {
    "regions": Region,
    "age_sex": AgeSex,
    "places": Place,
    "livelihoods": Livelihood,
    "region_livelihood": RegionLivelihood,
    "enterprises": Enterprise,
    "forces": Force,
    "sites": Site,
    "items": Item,
    "prices": PriceRow,
    "wages": Wage,
    "measures": Measure,
    "calendar": Holiday,
    "outlines": OutlinePoint,
    "chronology": Observation,
}

MAY_BE_EMPTY = ("enterprises", "sites", "wages", "measures", "calendar", "chronology")
"""Tables that may hold a header row alone."""

SOURCED_BY_ROW = ("prices", "wages", "measures")
"""Tables whose rows carry their own source and state, so that sources.toml need not."""


def column_type(model: type[BaseModel], name: str) -> type | None:
    """int, float or bool for a column of that kind (blank allowed or not); None for any other."""
    kind = model.model_fields[name].annotation
    if get_origin(kind) in (Union, UnionType):
        kind = next(part for part in get_args(kind) if part is not NoneType)
    return kind if kind in (int, float, bool) else None


def numeric_columns(model: type[BaseModel]) -> list[str]:
    """Columns that hold numbers and so need a source."""
    return [name for name in model.model_fields if column_type(model, name) in (int, float)]


def allowed_text(model: type[BaseModel], name: str, given: object = "") -> str:
    """What a column allows, in words."""
    found = model.model_fields[name]
    if get_origin(found.annotation) is Literal:
        return one_of(get_args(found.annotation), given, most=30)
    if found.description and found.description.startswith(allowed_units()):
        return allowed_units(given)
    return found.description or "see the table's format"


def parse_rows(raw: RawTable, problems: list[Problem], most: int = 100) -> list[Row | None]:
    """Typed rows of a table, None for a row with a mistake; stops listing after `most` mistakes."""
    model = TABLES[raw.name]
    rows: list[Row | None] = []
    found = 0
    for line, cells in zip(raw.lines, raw.cells, strict=True):
        try:
            rows.append(model.model_validate(cells))
        except ValidationError as error:
            rows.append(None)
            for field in dict.fromkeys(str(one["loc"][0]) for one in error.errors(include_url=False)):
                given = cells[field]
                problems.append(Problem(raw.file, line, field, given, allowed_text(model, field, given)))
                found += 1
        if found >= most:
            words = f"at most {most} mistakes are listed for a file; mend these and check again"
            problems.append(Problem(raw.file, line, "", f"{found} mistakes up to here", words))
            rows.extend([None] * (len(raw.cells) - len(rows)))
            break
    return rows
