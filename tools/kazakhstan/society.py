"""Adds communities, households, income, fuel use, organising tradition, reach and police to the places."""

from __future__ import annotations

import math
from collections.abc import Callable

from . import names
from .people import Place

CLASS_MIDDLE = {"Below 40%": 0.30, "40-60%": 0.50, "60-80%": 0.70, "80-100%": 0.92}
# Retail cap of 6 January 2022 by region (KZT per litre): its order stands in for how common the fuel is.
CAP = {
    "AKT": 50, "ATY": 50, "MAN": 50, "SHY": 60, "VOS": 60, "ZHA": 60, "ZAP": 60, "KZY": 60, "TUR": 60,
    "ALA": 65, "AST": 70, "AKM": 70, "ALM": 70, "KUS": 70, "KAR": 70, "PAV": 70, "SEV": 70,
}  # fmt: skip
USE_BY_CAP = {50: 0.55, 60: 0.40, 65: 0.25, 70: 0.15}
USE_BY_KIND = {"city_district": 0.85, "city": 0.85, "town": 1.0, "belt": 1.0, "rural": 1.1}
RENTERS = {"city_district": 0.28, "city": 0.15, "town": 0.10, "belt": 0.35, "rural": 0.03}
DEAR_TOWNS = {"atyrau": 0.22, "aktau": 0.20, "kulsary": 0.15, "kosshy": 0.30}
POOR_DISTRICTS = (
    "almaty-alatau",
    "almaty-nauryzbay",
    "almaty-turksib",
    "almaty-zhetysu",
    "nur-sultan-baykonyr",
)
RICH_DISTRICTS = ("almaty-medeu", "almaty-bostandyk", "almaty-almaly", "nur-sultan-esil")
TRADITION = {"MAN": 0.7, "ATY": 0.5, "KAR": 0.4, "AKT": 0.4, "ALA": 0.4, "ZAP": 0.25, "KZY": 0.25}
TRADITION_PLACE = {
    "zhanaozen": 1.0, "zhanaozen-villages": 0.9, "aktau": 0.7, "karaganda": 0.6, "temirtau": 0.6,
    "shakhtinsk": 0.6, "saran": 0.6, "abai": 0.6, "zhezkazgan": 0.5, "satpaev": 0.5, "kulsary": 0.5,
}  # fmt: skip
OIL_PLACES = (
    "zhanaozen", "zhanaozen-villages", "karakiya-district", "kulsary", "zhylyoi-district", "makat-district",
)  # fmt: skip
POLICE_PER_1000 = {"city_district": 5.0, "city": 5.0, "town": 4.0, "belt": 2.5, "rural": 2.5}
POLICE_REGION = {"AST": 7.0, "ALA": 5.5}
ONLINE_NATIONAL = 0.90924  # internet users 2021, share of people (WDI via Gapminder)


def _solve(total: Callable[[float], float], target: float) -> float:
    low, high = -12.0, 12.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if total(middle) < target else (low, middle)
    return (low + high) / 2


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def communities(
    places: list[Place], profile: dict[str, dict[str, str]], classes: dict[tuple[str, str], str]
) -> dict[str, dict[str, float]]:
    """Shares by place: district class moved on the logit scale until the region's mean holds."""
    out: dict[str, dict[str, float]] = {}
    for region in names.REGIONS:
        here = [p for p in places if p.region == region]
        row = profile[region]
        kazakh, russian, uzbek = (float(row[f"{n}_pct_MEMORY"]) / 100 for n in ("kazakh", "russian", "uzbek"))
        start = [CLASS_MIDDLE.get(classes.get((region, p.district), ""), kazakh) for p in here]
        logits = [math.log(s / (1 - s)) for s in start]
        people = sum(p.people for p in here)

        def mean(shift: float, here: list[Place] = here, logits: list[float] = logits, n: int = people) -> float:
            return sum(p.people * _logistic(x + shift) for p, x in zip(here, logits, strict=True)) / n

        shift = _solve(mean, kazakh)
        for item, logit in zip(here, logits, strict=True):
            share = round(_logistic(logit + shift), 4)
            rus = round((1 - share) * russian / (1 - kazakh), 4)
            uzb = round((1 - share) * uzbek / (1 - kazakh), 4)
            out[item.place] = {
                "kazakh": share,
                "russian": rus,
                "uzbek": uzb,
                "other": round(1 - share - rus - uzb, 4),
            }
    return out


def community_rows(
    places: list[Place], profile: dict[str, dict[str, str]], classes: dict[tuple[str, str], str]
) -> list[dict[str, object]]:
    """Rows of communities.csv."""
    shares = communities(places, profile, classes)
    return [
        {"place": item.place, "community": community, "share": f"{share:.4f}"}
        for item in places
        for community, share in shares[item.place].items()
    ]


def exposure(places: list[Place]) -> list[dict[str, object]]:
    """Rows of exposure.csv."""
    return [{"place": item.place, "item": "lpg", "share": f"{fuel_use(item):.3f}"} for item in places]


def rescale(places: list[Place], factor: dict[str, float], target: dict[str, float]) -> dict[str, float]:
    """Values by place: the factor times the region's value, so that the region's mean over people holds."""
    out = {}
    for region in names.REGIONS:
        here = [p for p in places if p.region == region]
        mean = sum(p.people * factor[p.place] for p in here) / sum(p.people for p in here)
        for item in here:
            out[item.place] = target[region] * factor[item.place] / mean
    return out


def income_factor(item: Place, mining: bool) -> float:
    """Income of a place beside its region's mean before rescaling."""
    base = {"city_district": 1.0, "city": 1.1, "town": 1.0, "belt": 0.9, "rural": 0.8}[item.kind]
    if item.place in POOR_DISTRICTS:
        base *= 0.85
    if item.place in RICH_DISTRICTS:
        base *= 1.2
    return base * (1.2 if mining and item.kind == "town" else 1.0)


def fuel_use(item: Place) -> float:
    """Share of people whose car, kitchen or stove runs on LPG."""
    if item.region == "MAN":
        return 0.95 if item.kind == "rural" else 0.90
    cap = 65 if item.kind == "belt" else CAP[item.region]
    return round(USE_BY_CAP[cap] * USE_BY_KIND[item.kind], 4)


def tradition(item: Place) -> float:
    """Organising tradition, 0 to 1."""
    if item.place in TRADITION_PLACE:
        return TRADITION_PLACE[item.place]
    base = TRADITION.get(item.region, 0.2)
    return round(base * (0.6 if item.kind in ("rural", "belt") else 1.0), 3)


def police(item: Place) -> int:
    """Officers in a place."""
    rate = POLICE_REGION.get(item.region, POLICE_PER_1000[item.kind])
    return round(item.people / 1000 * rate)


def columns(
    places: list[Place],
    profile: dict[str, dict[str, str]],
    child_share: dict[str, float],
    work: dict[tuple[str, bool], dict[str, float]],
) -> list[dict[str, object]]:
    """Rows of places.csv."""
    people = sum(p.people for p in places)
    income_region = {r: float(profile[r]["nominal_cash_income_kzt_month_2020"]) for r in names.REGIONS}
    mining_regions = ("MAN", "ATY", "KAR", "AKT", "PAV", "VOS", "KUS")
    factor = {p.place: income_factor(p, p.region in mining_regions) for p in places}
    income = rescale(places, factor, income_region)
    online = {p.place: 0.02 if p.urban else -0.035 for p in places}
    drift = ONLINE_NATIONAL - sum(p.people * online[p.place] for p in places) / people
    shops = {p.place: income[p.place] * (1.2 if p.urban else 0.8 if p.kind == "belt" else 0.6) for p in places}
    mean_shops = sum(p.people * shops[p.place] for p in places) / people
    rows: list[dict[str, object]] = []
    for item in places:
        oil = work[item.region, item.urban]["oil"] * (2 if item.place in OIL_PLACES else 1)
        household = (1.8 + 6 * child_share[item.region]) * (0.95 if item.urban else 1.05)
        renter = DEAR_TOWNS.get(item.place, RENTERS[item.kind])
        rows.append(
            {
                "place": item.place,
                "name": item.name,
                "region": item.region.lower(),
                "kind": item.kind,
                "lat_deg": f"{item.lat:.4f}",
                "lon_deg": f"{item.lon:.4f}",
                "utc_offset_h": 5 if item.region in names.WEST else 6,
                "population_people": item.people,
                "urban_share": 1 if item.urban else 0,
                "men_share": f"{item.men / item.people:.6f}",
                "household_people": f"{household:.2f}",
                "renter_share": f"{renter:.3f}",
                "income_month": round(income[item.place]),
                "own_product_share": f"{1 - (1 - oil) ** 2:.4f}",
                "organising_tradition_index": f"{tradition(item):.2f}",
                "mobile_reach_share": f"{online[item.place] + drift:.4f}",
                "goods_index": f"{shops[item.place] / mean_shops:.3f}",
            }
        )
    return rows
