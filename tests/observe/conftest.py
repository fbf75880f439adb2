"""A toy world for readers of history: a town of two districts, two other towns, five sites, four units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from groundswell.case.tables import hours_between
from groundswell.engine.clock import Clock
from groundswell.observe.reading import Reading
from groundswell.world.demands import Demands

STEPS = 240
CENTRE, EDGE, PORT, MINE = range(4)  # places; the first two are districts of one town
HALL, SQUARE, STATION, PORT_HALL, MINE_HALL = range(4, 9)  # sites by number of their spot
ORGANS = ("police", "guard", "army", "security", "allied")
POLICE, GUARD, SECURITY, ALLIED = range(4)  # units
START = "2030-03-01T00:00+06:00"
DEMANDS = ("price", "pay", "cabinet", "patron", "system", "autonomy")
SITES = ("hall", "square", "station", "port-hall", "mine-hall")


def row(kind: str, low: float | None = None, high: float | None = None, **more: Any) -> SimpleNamespace:
    """One claim with its observation: the whole of the first two days everywhere unless said otherwise."""
    form = "hour" if kind == "onset" else "yes" if low is None and high is None else "count"
    made = {
        "id": kind, "source": "t", "line": "1", "start_local": "2030-03-01T00:00", "end_local": "2030-03-03T00:00",
        "scope": ("*",), "kind": kind, "form": form, "unit": "", "low": low, "high": high, "least": None, "of": (),
        "set": "check", "mode": "both", "stance": "states", "statement": f"about {kind}", "title": kind,
        "definition": kind, "note": "", "origin": "",
    }  # fmt: skip
    return SimpleNamespace(**{**made, **more})


def tables_of(record: list[Any]) -> dict[str, Any]:
    """The tables of a record: each row is an observation, and a claim about it unless its stance is None."""
    names = [r.id for r in record]
    record = [
        SimpleNamespace(**{**vars(r), "id": r.id if names.count(r.id) == 1 else f"{r.id}-{i}"})
        for i, r in enumerate(record)
    ]
    claims = []
    for r in record:
        hours = (r.start_local, r.end_local) if r.form == "hour" else ("", "")
        both = {"claim": r.id, "observation": r.id, "start_local": hours[0], "end_local": hours[1]}
        claims.append(SimpleNamespace(**{**vars(r), **both}))
    observations = [SimpleNamespace(**{**vars(r), "observation": r.id}) for r in record]
    sources = [SimpleNamespace(source="t", name="A text", kind="text", weight=1.0, note="")]
    kept = [c for c in claims if c.stance is not None]
    tables = {"observations": observations, "claims": kept, "sources": sources, "calibration": []}
    return {name: SimpleNamespace(rows=rows) for name, rows in tables.items()}


def toy_case(tables: dict[str, Any]) -> Any:
    start = datetime.fromisoformat(START)
    return SimpleNamespace(
        hours=STEPS, tables=tables, start=start, digest="toy",
        hour_of=lambda local, offset_h: hours_between(start, local, offset_h),
    )  # fmt: skip


def toy_world(record: list[Any] | None = None, measures: list[Any] | None = None) -> Any:
    places = ["centre", "edge", "port", "mine"]
    regions = ["city", "coast", "hills"]
    region = np.array([0, 0, 1, 2])
    none = SimpleNamespace(rows=[])
    columns = {
        "place": places, "region": [regions[r] for r in region], "utc_offset_h": [6.0, 6.0, 5.0, 6.0],
        "population_people": [60_000, 50_000, 40_000, 8_000], "gas_share": np.array([0.1, 0.1, 0.9, 0.5]),
    }  # fmt: skip
    sites = [SimpleNamespace(site=s, place=places[p]) for s, p in zip(SITES, (0, 0, 1, 2, 3), strict=True)]
    tables = {
        **tables_of(record or []), "measures": none, "sites": SimpleNamespace(rows=sites),
        "places": SimpleNamespace(
            rows=[SimpleNamespace(**{k: v[i] for k, v in columns.items()}) for i in range(len(places))]
        ),
        "regions": SimpleNamespace(
            column=lambda _: ["centre", "port", "mine"], rows=[SimpleNamespace(region=r, name=r) for r in regions]
        ),
    }  # fmt: skip

    spots = SimpleNamespace(
        id=[*places, *SITES],
        name=["Centre", "Edge", "Port", "Mine", "City hall", "Main square", "Station", "Port hall", "Mine hall"],
        place=np.array([0, 1, 2, 3, CENTRE, CENTRE, EDGE, PORT, MINE]),
        kind=np.array(["ground"] * 4 + ["administration", "square", "police"] + ["administration"] * 2, object),
    )

    def parts(scope: Any) -> list[str]:
        return scope.split(";") if isinstance(scope, str) else list(scope)

    def of_places(scope: Any) -> np.ndarray:
        named = zip(places, region, strict=True)
        return np.array([bool({"*", p, regions[r]} & set(parts(scope))) for p, r in named])

    def in_scope(scope: Any) -> np.ndarray:
        inside = of_places(scope)
        inside[spots.place[np.isin(spots.id, parts(scope))]] = True
        return inside

    def sites_in_scope(scope: Any) -> np.ndarray:
        return (of_places(scope)[spots.place] | np.isin(spots.id, parts(scope))) & (np.arange(9) >= 4)

    def hour_of(local: Any, where: np.ndarray) -> float:
        zone = {6: "+06:00", 5: "+05:00"}[int(offsets[where].min()) if len(set(offsets[where])) == 1 else 6]
        return (datetime.fromisoformat(f"{local}{zone}") - datetime.fromisoformat(START)).total_seconds() / 3600

    offsets = np.array([6.0, 6.0, 5.0, 6.0])
    ladder = SimpleNamespace(id=["cut", "call"], kind=["price_cut", "appeal"], statement=["the cut", "the call"])
    met_by = [("price_cut", "price_promise"), ("pay_rise",), ("cabinet_dismissed",), ("patron_removed",), (), ()]
    political, organised = (np.isin(DEMANDS, names) for names in (("cabinet", "patron", "system"), ("pay", "system")))
    return SimpleNamespace(
        demands=Demands(list(DEMANDS), list(DEMANDS), political, organised, met_by, np.array([True] + [False] * 5)),
        places=4, groups=1, enterprises=2, livelihood_id=["trade"], place_id=places, region_id=regions, region=region,
        people=np.array([60_000, 50_000, 40_000, 8_000]), adults=np.array([40_000, 30_000, 25_000, 5_000]),
        utc_offset_h=offsets, town=np.array([0, 0, 1, 2]), spot_count=9, measures=measures or [],
        spots=spots,
        organs=SimpleNamespace(
            id=list(ORGANS), name=[o.capitalize() for o in ORGANS], kind=list(ORGANS)
        ),
        units=SimpleNamespace(
            id=["city-police", "guard-1", "security-1", "brigade"], organ=np.array([0, 1, 3, 4]),
            place=np.array([CENTRE, CENTRE, PORT, CENTRE]), people=np.array([800, 600, 200, 500]),
            allied=np.array([False, False, False, True]), office=np.array([0, 0, 1, -1]),
        ),
        offices=SimpleNamespace(
            id=["interior", "security"], name=["Interior", "Security"], organ=np.array([0, 3]),
            successor=np.array([-1, -1]),
        ),
        factions=SimpleNamespace(id=["president", "patron"], name=["President", "Patron"]),
        ladder=ladder, bands=SimpleNamespace(id=["band"], name=["A band"]), place_of_enterprise=np.array([MINE, MINE]),
        enterprise={"workforce_people": np.array([300, 100]), "enterprise": np.array(["shaft", "smelter"])}.get,
        in_scope=in_scope, hour_of=hour_of, sites_in_scope=sites_in_scope, place=columns.get,
        rung_live=np.zeros(2, bool), case=toy_case(tables), concern=columns["gas_share"],
        issues=SimpleNamespace(id=[], raised=lambda *_: np.zeros(0, bool)),
    )  # fmt: skip


@pytest.fixture
def reading() -> Callable[..., Reading]:
    """Makes a reading of made-up arrays: name -> array, the rest neutral."""

    def make(record: list[Any] | None = None, measures: list[Any] | None = None, steps: int = STEPS, **arrays: Any):
        world = toy_world(record, measures)
        clock = Clock(datetime.fromisoformat(START), STEPS, 1.0, world.utc_offset_h)
        return Reading(world, clock, arrays, steps)

    return make


def put(width: int, *spells: tuple[int, int, int, float]) -> np.ndarray:
    """(T, width) zeros with spells of (first step, step after the last, column, value)."""
    out = np.zeros((STEPS, width))
    for begin, end, column, value in spells:
        out[begin:end, column] = value
    return out


def since(step: int, before: float = 0.0, after: float = 1.0) -> np.ndarray:
    """(T,) one value before a step and another from it on."""
    return np.where(np.arange(STEPS) >= step, after, before)
