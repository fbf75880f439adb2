"""A made-up country of hexagons with 30 places and 480 hours, shaped like a run's history."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import xarray as xr

from groundswell.observe.courses import Course

HOURS, PLACES, REGIONS = 480, 30, 8
DEMANDS = ("price", "pay", "resignation", "political")
LIVELIHOODS = (
    "oil",
    "mining-metal",
    "industry",
    "transport",
    "trade",
    "public",
    "farming",
    "informal",
    "unemployed",
    "student",
    "pensioner",
)


def _wave(hour: np.ndarray, start: float, top: float, length: float) -> np.ndarray:
    day = 0.35 + 0.65 * np.clip(np.sin((hour % 24 - 6) / 18 * math.pi), 0, 1)
    x = np.clip((hour - start) / length, 0, None)
    return top * x * np.exp(1 - x) * day * (hour > start)


def make_history() -> xr.Dataset:
    hour = np.arange(1, HOURS + 1, dtype=float)
    k = np.arange(PLACES)
    population = 9000 + 61_000 * ((k * 7) % 13) ** 1.3
    street = np.zeros((HOURS, PLACES))
    for p in range(PLACES - 5):
        street[:, p] = np.floor(_wave(hour, 30 + 3.1 * ((p * 11) % 29), population[p] * (0.004 + 0.002 * (p % 7)), 20))
    arrested = np.floor(street * 0.004)
    injured = np.floor(street * 0.001)
    held = np.cumsum(arrested, axis=0) * np.exp(-np.clip(hour[:, None] - 200, 0, None) / 120)
    strike = np.stack(
        [np.clip(_wave(hour, 50 + 9 * e, 0.9 - 0.07 * e, 30), 0, 1) for e in range(9)] + [np.zeros(HOURS)] * 3,
        axis=1,
    )
    share = np.stack([1.4 * np.exp(-hour / 90), 0.2 + 0 * hour, hour / 900, hour / 500], axis=1)
    share = share / share.sum(axis=1, keepdims=True)
    pressure = (
        0.3
        + 0.05 * np.arange(len(LIVELIHOODS))
        + 0.2 * np.tanh(hour / 200)[:, None] * (np.arange(len(LIVELIHOODS)) % 4 - 1) * 0.4
    )
    grid = ("time", "place")
    return xr.Dataset(
        {
            "on_street": (grid, street),
            "joined": (grid, street * 0.1),
            "joined_by_tie": (grid, street * 0.05),
            "left": (grid, street * 0.1),
            "arrested": (grid, arrested),
            "held": (grid, np.floor(held)),
            "injured": (grid, injured),
            "price": (grid, np.full_like(street, 120.0)),
            "news": (grid, street / 100),
            "striking": (("time", "enterprise"), strike),
            "pressure": (("time", "livelihood"), pressure),
            "demand_share": (("time", "demand"), share),
        },
        coords={
            "time": np.datetime64("2021-12-31T18:00", "ns") + (np.arange(HOURS) + 1) * np.timedelta64(1, "h"),
            "hour": ("time", hour.astype(int)),
            "place": [f"place-{p}" for p in range(PLACES)],
            "name": ("place", [f"Town {chr(65 + p % 26)}{p}" for p in range(PLACES)]),
            "region": ("place", [f"region-{p % REGIONS}" for p in range(PLACES)]),
            "lat_deg": ("place", 42.0 + 12 * ((k * 5) % PLACES) / PLACES),
            "lon_deg": ("place", 50.0 + 34 * ((k * 11) % PLACES) / PLACES),
            "population": ("place", population),
            "enterprise": [f"works-{e}" for e in range(12)],
            "livelihood": list(LIVELIHOODS),
            "demand": list(DEMANDS),
        },
    )


def make_outlines() -> dict[str, list[np.ndarray]]:
    turn = np.linspace(0, 2 * math.pi, 6, endpoint=False)
    return {
        f"region-{r}": [np.stack([53 + 9 * (r % 4) + 5 * np.cos(turn), 45 + 7 * (r // 4) + 3.6 * np.sin(turn)], axis=1)]
        for r in range(REGIONS)
    }


def make_measures() -> list[dict[str, Any]]:
    def row(
        kind: str,
        label: str,
        start: float,
        end: float | None = None,
        used: bool = True,
        version: str = "agency",
    ) -> dict[str, Any]:
        return {
            "kind": kind,
            "label": label,
            "start_hour": start,
            "end_hour": end,
            "scope": "*",
            "used": used,
            "statement": f"{label} as made up for the tests",
            "source": "made-up gazette",
            "version": version,
        }

    return [
        row("price_step", "LPG price doubled", 0),
        row("inquiry", "Price inquiry", 40),
        row("price_cut", "Price cut to 85-90 tenge", 66),
        row("price_promise", "Price of 50 tenge promised", 84),
        row("posture_cordon", "Cordons in two cities", 86),
        row("jamming", "Mobile internet jammed", 92, 97),
        row("emergency", "State of emergency", 97.5, 432),
        row("curfew", "Curfew", 97.5, 432),
        row("curfew", "Curfew", 110, 432),
        row("cabinet_dismissed", "Cabinet dismissed", 102),
        row("cabinet_dismissed", "Cabinet dismissed", 120, used=False, version="newspaper"),
        row("network_cut", "Internet off", 112.5, 139),
        row("patron_removed", "Council chair removed", 115),
        row("arrival", "Allied troops arrive", 132),
        row("shoot_order", "Order to shoot made public", 156),
        row("speech", "Reform speech", 250),
        row("departure", "Troops leave", 432),
    ]


@pytest.fixture(scope="session")
def history() -> xr.Dataset:
    return make_history()


@pytest.fixture(scope="session")
def outlines() -> dict[str, list[np.ndarray]]:
    return make_outlines()


@pytest.fixture(scope="session")
def measures() -> list[dict[str, Any]]:
    return make_measures()


def make_chronology() -> list[dict[str, Any]]:
    uses = {"base": "fit", "weigh": "fit", "check": "check"}

    def row(number: int, group: str, result: str, statement: str, value: Any) -> dict[str, Any]:
        return {
            "id": f"c{number}",
            "text": "text-one",
            "line": 10 + number,
            "window": "Sun 2 Jan 00:00 to 24:00",
            "scope": "Region 0",
            "statement": statement,
            "set": group,
            "use": uses.get(group, ""),
            "result": result,
            "run_value": value,
        }

    return [
        row(1, "base", "met", "People go out on the first Sunday against the price.", "2 Jan 10:00"),
        row(2, "weigh", "met", "Tens of thousands are on the squares in the evening.", 31_166),
        row(3, "check", "not met", "Oil workers strike in the whole region.", "4 Jan 07:00"),
        row(4, "context", "not scored", "A minister says that prices are made by the market.", None),
    ]


def make_parameters() -> list[dict[str, Any]]:
    return [
        {
            "name": f"crowd.rate_{k}",
            "value": 0.1 + 0.07 * k,
            "unit": "1/h",
            "prior": [0.01, 2.0],
            "state": "assumed",
            "source": "made up for the tests",
        }
        for k in range(12)
    ]


def make_outcome() -> dict[str, Any]:
    """Ending, harm and phases as a run's summary holds them."""
    conditions = dict.fromkeys(("overthrow", "palace change", "civil war", "contested"), False) | {"calm": True}
    region = {"dead": 40, "security_dead": 3, "injured": 90, "security_injured": 12, "detained": 400,
              "shops_looted": 25, "buildings_burned": 2}  # fmt: skip
    figure = {"id": "f1", "text": "text-one", "line": "7", "statement": "At least 30 are dead.", "counted": "dead",
              "definition": "inhabitants killed, peaceful or fighting, until the date", "scope": "region-0",
              "until": "2022-01-09T00:00", "until_h": 192.0, "low": 30.0, "high": None, "simulated": 40}  # fmt: skip
    seen = {"observed": True, "when": 101.0, "where": ["place-1"]}
    never = {"observed": False, "when": None, "where": []}
    return {
        "ending": {
            "title": "calm after repression", "ending": "calm", "kind": "after repression", "so_far": "calm",
            "why": "Fewer than 500 people were out through the last 72 hours.", "conditions": conditions,
            "patron_removed": True, "passed_to_president": ["Security office"], "calm_since_h": 300.0,
            "relapse": "not decided yet", "relapse_h": None, "numbers": {},
        },
        "harm": {"figures": [figure, {**figure, "high": 50.0, "simulated": None}], "by_region": {"region-0": region}},
        "phases": [
            {"phase": "forces passive", **seen,
             "value": {"people_at_most": 481, "exhaustion": 1, "disloyalty": 480, "order": 0}},
            {"phase": "live fire", **never, "value": {"dead": 0, "dead_peaceful": 0}},
        ],
    }  # fmt: skip


def make_courses() -> dict[str, list[Course]]:
    hour = np.arange(HOURS, dtype=float)
    rising = np.clip(hour - 100, 0, 60)
    return {
        "forces passive": [
            Course("By cause", "people", {"exhaustion": rising, "order": rising * 2}, True),
            Course("Belief", "probability", {"one": rising / 100}, marks={"offer": 90.0, "late": 470.0}),
        ],
        "live fire": [Course("Dead", "people", {"dead": hour * 0}, level=(500.0, "500"), log=True)],
    }


def make_forces() -> list[dict[str, Any]]:
    row = {"organ": "police", "name": "Police", "units": 3, "strength": 900, "on_duty": 700, "by_order": 0,
           "by_refusal": 60, "exhausted": 200, "gone_home": 0, "gone_over": 0, "dead": 3, "injured": 12,
           "disarmed": 40}  # fmt: skip
    return [row, {**row, "organ": "all", "name": "All"}]


@pytest.fixture(scope="session")
def outcome_data(make_data):
    """Data of a run that tells its ending, its harm, its phases and its forces."""
    told = {"platform": "made-up machine", **make_outcome()}
    return make_data(summary=told, courses=make_courses(), forces=make_forces())


@pytest.fixture(scope="session")
def outcome_page(outcome_data) -> str:
    """The page of that run."""
    from groundswell.report import report_html

    return report_html(outcome_data)


@pytest.fixture(scope="session")
def make_data(history, outlines, measures):
    """Makes report data; keyword arguments replace fields."""
    from groundswell.report import ReportData

    def make(**changed: Any) -> ReportData:
        fields: dict[str, Any] = {
            "title": "Madeland, January 2022",
            "case_id": "madeland",
            "account": None,
            "seed": 7,
            "version": "9.9.9",
            "digest": "sha256:0123abcd",
            "population": 1_234_567,
            "main_utc_offset_h": 6.0,
            "history": history,
            "outlines": outlines,
            "measures": measures,
            "chronology": make_chronology(),
            "parameters": make_parameters(),
            "summary": {"platform": "made-up machine"},
        }
        return ReportData(**{**fields, **changed})

    return make


@pytest.fixture(scope="session")
def page(make_data) -> str:
    from groundswell.report import report_html

    return report_html(make_data())
