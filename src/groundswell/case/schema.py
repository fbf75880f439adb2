"""The columns of every table of a case, and rows checked against them."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from groundswell.case.cells import (
    KIND_OF_MEASURE,
    Above0,
    Ages,
    Date,
    Flag,
    Id,
    IdOrBlank,
    IdOrStar,
    Ids,
    Index,
    KindOfMeasure,
    Local,
    Maybe,
    MetBy,
    Money,
    Month,
    Note,
    Part,
    People,
    Peopled,
    Price,
    Scope,
    Share,
    SiteKind,
    State,
    Unit,
    UnitOrBlank,
    Words,
    between,
)  # fmt: skip
from groundswell.case.kinds import measure_kinds
from groundswell.case.problems import Found, Problem, one_of
from groundswell.case.read import RawTable
from groundswell.case.record_rows import RecordClaim, RecordObservation, RecordSource, RecordUse
from groundswell.case.row import Row
from groundswell.case.state_side import Ally, Faction, Force, Group, Office, Organ, Power, Rung
from groundswell.case.units import allowed_units


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


class Climate(Row):
    """The usual temperature of a region in a month, by night and by day."""

    region: Id
    month: Month
    night_c: between(-70, 50)
    day_c: between(-70, 60)


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
    lat_deg: between(-90, 90)
    lon_deg: between(-180, 180)
    utc_offset_h: between(-12, 14)
    population_people: Peopled
    urban_share: Share
    men_share: Share
    household_people: between(1, 20)
    renter_share: Share
    income_month: Money
    own_product_share: Share
    organising_tradition_index: Index
    mobile_reach_share: Share
    goods_index: between(0, 100)


class Demand(Row):
    """What people on the street can demand, and the measures that meet it: their kinds, or ids of single ones."""

    demand: Id
    name: Words
    political: Flag
    organised: Flag
    met_by: MetBy


class Community(Row):
    """The share of a place's people who belong to a community (a nationality, a language, a faith)."""

    place: Id
    community: Id
    share: Share


class Exposure(Row):
    """The share of a place's people who live on an item."""

    place: Id
    item: Id
    share: Share


class Livelihood(Row):
    """A way of living, the age bands it belongs to, and what its people do by day.

    work: job (paid by whoever employs them, or their own master), public (paid by the state), study, jobless (out of
    work, where those who are dismissed go), none (past work or not at work).
    """

    livelihood: Id
    name: Words
    ages: Ages
    work: Literal["job", "public", "study", "jobless", "none"]
    organised_index: Index
    wage_share: Share
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


class Site(Row):
    """A square, gate or building where people gather or march to."""

    site: Id
    place: Id
    name: Words
    kind: SiteKind
    lat_deg: between(-90, 90)
    lon_deg: between(-180, 180)


class Item(Row):
    """A good people buy."""

    item: Id
    name: Words
    unit: Unit
    budget_share: Share
    exposure: Words
    heating_share: Share


class Issue(Row):
    """What can set people in motion: a price by its steps, anything else when a measure that raises it begins.

    item: whose price it is, for kind price alone. raised_by: kinds or ids of measures, for any other kind; where such a
    measure acts, people of the communities and livelihoods named are concerned (none named: all). size: it counts as a
    price that rises by so much in logs; for a price a factor on its steps. demand: the one that it raises, or blank.
    """

    issue: Id
    kind: Literal["price", "law", "arrest", "killing", "vote", "other"]
    item: IdOrBlank
    raised_by: MetBy
    communities: Ids
    livelihoods: Ids
    size: Above0
    demand: IdOrBlank
    statement: Words
    source: Words
    state: State


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


class MarketEvent(Row):
    """What moved the market of the item at issue: by what share it raised the price abroad, or demand at home."""

    event: Id
    kind: Literal["supply_lost_abroad", "demand_risen_abroad", "currency_fallen", "demand_risen_home"]
    from_local: Local
    full_local: Local
    change_share: Share
    statement: Words
    source: Words
    state: State


class Border(Row):
    """How far a place lies from the border of a neighbour to whom the item at issue can be sold."""

    place: Id
    neighbour: Words
    distance_km: between(0, 20_000)
    source: Words
    state: State


class Measure(Row):
    """What an office did, when and where."""

    measure: Id
    kind: KindOfMeasure
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
    activity_factor: between(0, 2)


class OutlinePoint(Row):
    """A point of a ring on the map."""

    outline: Id
    part: Part
    lon_deg: between(-180, 180)
    lat_deg: between(-90, 90)


TABLES: dict[str, type[Row]] = {
    "regions": Region,
    "climate": Climate,
    "age_sex": AgeSex,
    "places": Place,
    "communities": Community,
    "livelihoods": Livelihood,
    "region_livelihood": RegionLivelihood,
    "enterprises": Enterprise,
    "organs": Organ,
    "forces": Force,
    "offices": Office,
    "factions": Faction,
    "allies": Ally,
    "powers": Power,
    "sites": Site,
    "items": Item,
    "exposure": Exposure,
    "prices": PriceRow,
    "wages": Wage,
    "market": MarketEvent,
    "borders": Border,
    "measures": Measure,
    "ladder": Rung,
    "demands": Demand,
    "issues": Issue,
    "groups": Group,
    "calendar": Holiday,
    "outlines": OutlinePoint,
    "sources": RecordSource,
    "observations": RecordObservation,
    "claims": RecordClaim,
    "calibration": RecordUse,
}

MAY_BE_EMPTY = (
    "communities", "exposure", "issues",
    "enterprises", "offices", "factions", "allies", "powers", "sites", "wages", "market", "borders", "measures",
    "ladder", "groups", "calendar", "sources", "observations", "claims",
    "calibration",
)  # fmt: skip
"""Tables that may hold a header row alone."""

OPTIONAL = ("communities", "exposure", "issues", "market", "borders", "calibration")
"""Tables whose file may be left out; it then counts as one with a header row alone."""

SOURCED_BY_ROW = (
    "forces", "offices", "factions", "allies", "powers", "prices", "wages", "market", "borders",
    "measures", "ladder", "groups", "issues",
)  # fmt: skip
"""Tables whose rows carry their own source and state, so that sources.toml need not."""


def column_type(model: type[BaseModel], name: str) -> type | None:
    """int, float or bool for a column of that kind (blank allowed or not); None for any other."""
    kind: Any = model.model_fields[name].annotation
    if get_origin(kind) in (Union, UnionType):
        kind = next(part for part in get_args(kind) if part is not NoneType)
    return next((plain for plain in (int, float, bool) if kind is plain), None)


def numeric_columns(model: type[BaseModel]) -> list[str]:
    """Columns that hold numbers and so need a source."""
    return [name for name in model.model_fields if column_type(model, name) in (int, float)]


def allowed_text(model: type[BaseModel], name: str, given: object = "") -> str:
    """What a column allows, in words."""
    found = model.model_fields[name]
    if get_origin(found.annotation) is Literal:
        return one_of([one or "blank" for one in get_args(found.annotation)], given, most=40)
    if found.description == KIND_OF_MEASURE:
        return one_of(list(measure_kinds()), given, most=40)
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
            problems.append(Problem(raw.file, line, "", Found(f"{found} mistakes up to here"), words))
            rows.extend([None] * (len(raw.cells) - len(rows)))
            break
    return rows
