"""What exists: places, groups, enterprises, prices, wages and recorded measures of a case, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.case.scopes import BY_PLACE, EVERYBODY
from groundswell.world import demands, issues, market, state_side, streets
from groundswell.world.cells import Cells
from groundswell.world.demands import Demands
from groundswell.world.geography import great_circle_km
from groundswell.world.issues import Issues
from groundswell.world.market import Market
from groundswell.world.population import build_cells, scale
from groundswell.world.state_side import Allies, Bands, Factions, Ladder, Offices, Organs, Powers, Units
from groundswell.world.streets import Spots

if TYPE_CHECKING:
    from groundswell.case import Case


AT_WORK = ("job", "public")
"""What people do by day (livelihoods.csv) who have work."""


@dataclass(frozen=True)
class Measure:
    """One recorded measure in the version that is used. Hours since the case's start; end None: to the end."""

    id: str
    kind: str
    start_h: float
    end_h: float | None
    places: np.ndarray  # (P,) bool
    value: float  # nan: none
    unit: str
    statement: str
    source: str

    def covers(self, hour: float) -> bool:
        """Whether the measure stands at this hour."""
        return self.start_h <= hour and (self.end_h is None or hour < self.end_h)


@dataclass(frozen=True)
class World:
    """Arrays over P places, G groups, E enterprises. Indices refer to the rows of the case's tables."""

    case: Case
    cells: Cells

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.case.tables["places"])

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.cells.groups)

    @property
    def enterprises(self) -> int:
        """Number of enterprises."""
        return len(self.case.tables["enterprises"])

    def place(self, column: str) -> np.ndarray:
        """(P,) column of places.csv."""
        return self.case.tables["places"].column(column)

    def enterprise(self, column: str) -> np.ndarray:
        """(E,) column of enterprises.csv."""
        return self.case.tables["enterprises"].column(column)

    def exposure(self, item: str) -> np.ndarray:
        """(P,) share of each place's people who live on an item: 1 for an item of everybody's."""
        table = self.case.tables["items"]
        named = str(table.rows[table.index("item")[item]].exposure)
        if named == EVERYBODY:
            return np.ones(self.places)
        if named != BY_PLACE:
            return self.place(named).astype(float)
        share = {row.place: float(row.share) for row in self.case.tables["exposure"].rows if row.item == item}
        return np.array([share[place] for place in self.place_id])

    @property
    def item_at_issue(self) -> str:
        """Id of the item whose price can set people in motion; blank where the case has none."""
        return next((str(row.item) for row in self.case.tables["issues"].rows if row.item), "")

    @cached_property
    def issues(self) -> Issues:
        """What can set people in motion."""
        return issues.issues(self)

    @cached_property
    def concern(self) -> np.ndarray:
        """(P,) share of people whom issues concern, their mean by size; 1 where the case has none."""
        found = self.issues
        if not found.id:
            return np.ones(self.places)
        return np.average(found.concern, axis=0, weights=found.size)

    @cached_property
    def place_id(self) -> list[str]:
        """(P,) ids."""
        return [str(x) for x in self.place("place")]

    def place_number(self, place: str, where: str) -> int:
        """Index of a place by its id.

        Raises:
            CaseError: for an unknown id, naming `where` it was given and the nearest ids.
        """
        if place not in self.place_id:
            near = get_close_matches(place, self.place_id, 3)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise CaseError([Problem(where, None, "place", place, f"an id of places.csv{hint}")])
        return self.place_id.index(place)

    @cached_property
    def region_id(self) -> list[str]:
        """(R,) ids."""
        return [str(x) for x in self.case.tables["regions"].column("region")]

    @cached_property
    def region(self) -> np.ndarray:
        """(P,) region of each place."""
        return np.array([self.region_id.index(str(r)) for r in self.place("region")])

    @cached_property
    def people(self) -> np.ndarray:
        """(P,) inhabitants, at the scale of this world."""
        return np.bincount(self.cells.place, self.cells.count, self.places)

    @cached_property
    def adults(self) -> np.ndarray:
        """(P,) people at risk of joining."""
        g = self.cells.groups
        return np.bincount(g.place, g.size * g.at_risk, self.places)

    @cached_property
    def group_place(self) -> np.ndarray:
        """(G,) place of each group."""
        return self.cells.groups.place

    @cached_property
    def group_of_enterprise(self) -> np.ndarray:
        """(E,) group of each enterprise's workforce; -1 where it was too small for a group."""
        out = np.full(self.enterprises, -1)
        own = np.flatnonzero(self.cells.groups.enterprise >= 0)
        out[self.cells.groups.enterprise[own]] = own
        return out

    @cached_property
    def place_of_enterprise(self) -> np.ndarray:
        """(E,) place of each enterprise."""
        at = {p: i for i, p in enumerate(self.place_id)}
        return np.array([at[str(p)] for p in self.enterprise("place")], np.int64)

    @cached_property
    def livelihood_id(self) -> list[str]:
        """(L,) ids."""
        return [str(x) for x in self.case.tables["livelihoods"].column("livelihood")]

    @cached_property
    def group_work(self) -> np.ndarray:
        """(G,) what people of each group do by day: job, public, study, jobless or none (livelihoods.csv)."""
        return self.case.tables["livelihoods"].column("work")[self.cells.groups.livelihood]

    @property
    def jobless(self) -> str:
        """Id of the livelihood of those out of work; blank where the case has none."""
        return next((str(row.livelihood) for row in self.case.tables["livelihoods"].rows if row.work == "jobless"), "")

    def group_with(self, place: int, livelihood: str) -> int:
        """Group of a livelihood in a place outside the enterprises; -1 where there is none."""
        g = self.cells.groups
        if livelihood not in self.livelihood_id:
            return -1
        k = self.livelihood_id.index(livelihood)
        found = np.flatnonzero((g.place == place) & (g.livelihood == k) & (g.enterprise < 0) & g.at_risk)
        return int(found[0]) if len(found) else -1

    @cached_property
    def utc_offset_h(self) -> np.ndarray:
        """(P,) hours east of Greenwich."""
        return self.place("utc_offset_h").astype(float)

    @cached_property
    def distance_km(self) -> np.ndarray:
        """(P, P) great-circle distance."""
        return great_circle_km(self.place("lat_deg"), self.place("lon_deg"))

    @cached_property
    def composition(self) -> tuple[np.ndarray, np.ndarray]:
        """People by (place, livelihood) and by (place, community)."""
        return self.cells.by_place("livelihood"), self.cells.by_place("community")

    def in_scope(self, scope: Any) -> np.ndarray:
        """(P,) whether each place is in a scope: '*', or ids of regions, places and sites, joined by ';'."""
        parts = _parts(scope)
        inside = self._of_places(parts)
        inside[self.spots.place[self._named(parts)]] = True
        return inside

    def sites_in_scope(self, scope: Any) -> np.ndarray:
        """(S,) whether each spot is a site that a scope names, or one of a place or region that it names."""
        parts = _parts(scope)
        inside = self._of_places(parts)[self.spots.place] | self._named(parts)
        inside[: self.places] = False
        return inside

    def _of_places(self, parts: list[str]) -> np.ndarray:
        if "*" in parts:
            return np.ones(self.places, bool)
        regions = np.array([self.region_id[r] in parts for r in self.region], bool)
        return regions | np.array([p in parts for p in self.place_id], bool)

    def _named(self, parts: list[str]) -> np.ndarray:
        named = np.zeros(self.spot_count, bool)
        named[self.places :] = [site in parts for site in self.spots.id[self.places :]]
        return named

    def hour_of(self, local: Any, places: np.ndarray) -> float:
        """Hours since the start of a local time: the zone of the scope if it has one, else the case's own."""
        zones = np.unique(self.utc_offset_h[places])
        own = self.case.start.utcoffset()
        assert own is not None
        zone = float(zones[0]) if len(zones) == 1 else own.total_seconds() / 3600
        text = local.isoformat() if isinstance(local, datetime) else str(local)
        return self.case.hour_of(text, zone)

    @cached_property
    def recorded(self) -> list[Measure]:
        """Recorded measures in the versions used, by time."""
        rows = [self._measure(row) for row in self.case.tables["measures"].rows if row.used]
        return sorted(rows, key=lambda m: (m.start_h, m.id))

    @cached_property
    def measures(self) -> list[Measure]:
        """Measures that are taken in this world, by time: as recorded, unless it was changed."""
        return self.recorded

    def version(self, measure: str, version: str) -> Measure | list[str]:
        """A measure in the version of a source; where there is none, the versions there are."""
        rows = [row for row in self.case.tables["measures"].rows if row.measure == measure]
        for row in rows:
            if row.version == version:
                return self._measure(row)
        return [row.version for row in rows]

    def _measure(self, row: Any) -> Measure:
        places = self.in_scope(row.scope)
        start = self.hour_of(row.start_local, places)
        end = None if row.end_local in (None, "") else self.hour_of(row.end_local, places)
        value = float("nan") if row.value is None else float(row.value)
        return Measure(row.measure, row.kind, start, end, places, value, row.unit, row.statement, row.source)

    @cached_property
    def spots(self) -> Spots:
        """The S spots where people stand: the open ground of every place, then every site."""
        return streets.spots(self)

    @property
    def spot_count(self) -> int:
        """Number of spots, places and sites together."""
        return self.places + len(self.case.tables["sites"])

    @cached_property
    def town(self) -> np.ndarray:
        """(P,) number of each place's town: city districts of one region are one town."""
        return streets.towns(self.place("kind"), self.region)

    @cached_property
    def capital(self) -> np.ndarray:
        """(P,) whether a place belongs to the capital: the town of the place in case.toml, else the largest town."""
        if self.case.capital:
            return self.town == self.town[self.place_id.index(self.case.capital)]
        return self.town == np.bincount(self.town, self.people).argmax()

    @cached_property
    def home_spot(self) -> np.ndarray:
        """(P,) spot where each place's crowd gathers."""
        return streets.home_spots(self.places, self.spots.place, self.spots.kind)

    @cached_property
    def units(self) -> Units:
        """The U units of the state's forces, then the allied contingents."""
        return state_side.units(self)

    @cached_property
    def offices(self) -> Offices:
        """Posts of the state."""
        return state_side.offices(self)

    @cached_property
    def organs(self) -> Organs:
        """Organs of force."""
        return state_side.organs(self)

    @cached_property
    def factions(self) -> Factions:
        """Factions among those who rule."""
        return state_side.factions(self)

    @cached_property
    def allies(self) -> Allies:
        """Allied contingents."""
        return state_side.allies(self)

    @cached_property
    def powers(self) -> Powers:
        """Powers abroad."""
        return state_side.powers(self)

    @cached_property
    def market(self) -> Market:
        """The market of the item at issue: its dated events, its users, the way to the border."""
        return market.market(self)

    @cached_property
    def demands(self) -> Demands:
        """What people on the street can demand."""
        return demands.demands(self)

    @cached_property
    def ladder(self) -> Ladder:
        """Rungs of the government's ladder."""
        return state_side.ladder(self)

    @cached_property
    def rung_live(self) -> np.ndarray:
        """(R,) whether each rung of the ladder acts; none while measures follow the record."""
        return np.zeros(len(self.case.tables["ladder"]), bool)

    @cached_property
    def bands(self) -> Bands:
        """Organised groups that an account may turn on."""
        return state_side.bands(self)

    @cached_property
    def outlines(self) -> dict[str, list[np.ndarray]]:
        """Outline id -> rings of (n, 2) longitude and latitude in degrees."""
        table = self.case.tables["outlines"]
        key = [(str(o), p) for o, p in zip(table.column("outline"), table.column("part"), strict=True)]
        points = np.column_stack([table.column("lon_deg"), table.column("lat_deg")]).astype(float)
        rings: dict[str, list[np.ndarray]] = {}
        for outline, part in dict.fromkeys(key):
            mine = [i for i, k in enumerate(key) if k == (outline, part)]
            rings.setdefault(outline, []).append(points[mine])
        return rings

    @cached_property
    def region_names(self) -> dict[str, str]:
        """Region id -> name."""
        regions = self.case.tables["regions"]
        return dict(zip(self.region_id, (str(x) for x in regions.column("name")), strict=True))

    def path(self, table: str, value: str, item: str | None = None) -> list[tuple[float, np.ndarray, float]]:
        """Dated values of prices.csv or wages.csv: (hour since start, places (P,), value), by time."""
        out = []
        for row in self.case.tables[table].rows:
            if item is None or row.item == item:
                places = self.in_scope(row.region)
                out.append((self.hour_of(row.from_local, places), places, float(getattr(row, value))))
        return sorted(out, key=lambda x: (x[0], -int(x[1].sum())))  # of two at one time the wider comes first


def _parts(scope: Any) -> list[str]:
    return [s.strip() for s in scope.split(";")] if isinstance(scope, str) else [str(s) for s in scope]


def build(case: Case, people_scale: float = 1.0) -> World:
    """The world of a case; `people_scale` multiplies the population.

    Raises:
        ValueError: for a scale that is not above 0, or tables that contradict each other.
    """
    if not people_scale > 0:
        raise ValueError(f"people scale: given {people_scale}; allowed: above 0")
    cells = build_cells(case)
    return World(case, cells if people_scale == 1.0 else scale(cells, people_scale))
