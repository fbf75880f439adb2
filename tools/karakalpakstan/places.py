"""Places and regions: towns and districts of the republic, scaled to its total, and one place for each other region."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from kazakhstan.people import read, share_out

REPUBLIC = "qr"
REGION = {
    "samarkand": "sa", "fergana": "fa", "kashkadarya": "qa", "andijan": "an", "tashkent-region": "to",
    "namangan": "ng", "tashkent": "tk", "surkhandarya": "su", "bukhara": "bu", "khorezm": "xo", "jizzakh": "ji",
    "navoi": "nw", "syrdarya": "si",
}  # fmt: skip
"""Place of the facts -> region: the letters of ISO 3166-2."""

WAGE_NAME = {"Tashkent city": "tk", "Tashkent region": "to"}
CENTRE = {REPUBLIC: "nukus", **{region: place for place, region in REGION.items()}}

URBAN_REPUBLIC = 920.4 / 1875.4  # ki004: townspeople of 1,875.4 thousand, 1 April 2019
URBAN_COUNTRY = 0.5092699  # WDI via Gapminder, 2021
VILLAGES_NORTH_DEG = 0.08  # villages of a district stand so far north of its town: no point is given

# Districts whose town bears another name, and towns with a population in GeoNames (geonameid), from the extract.
TOWN_NAME = {"amudaryo": "Mangit", "ellikqala": "Bostan", "nukus-district": "Akmangit"}
GEONAMES = {
    "amudaryo": "1513245", "beruniy": "1514387", "kegeyli": "601349", "moynaq": "601299", "qongirot": "601323",
    "shumanay": "601278", "tortkol": "1513092", "xojayli": "601339",
}  # fmt: skip

INCOME_KIND = {"city": 1.1, "town": 1.0, "rural": 0.8}
RENTERS = {"city": 0.15, "town": 0.10, "rural": 0.03}
SHOPS = {"city": 1.2, "town": 1.2, "rural": 0.6}
ONLINE = 0.765904  # internet users 2021, share of people (WDI via Gapminder)
GDP_HEAD_USD = 69_600_614_987 / 34_243_696  # WDI, 2021


@dataclass
class Place:
    """One place: who lives there on 1 January 2022, and where it lies."""

    place: str
    name: str
    region: str
    kind: str
    lat: float
    lon: float
    people: int
    urban: float
    note: str


def totals(facts: Path) -> dict[str, int]:
    """People of each region on 1 January 2022: the Statistics Committee's figures."""
    inputs = {row["id"]: row for row in read(facts / "karakalpakstan_inputs.csv")}
    known = {REPUBLIC: int(inputs["ki001"]["low"])}
    for row in read(facts / "karakalpakstan_places.csv"):
        if row["kind"] == "region":
            known[REGION[row["place"]]] = int(row["population_people"])
    return known


def towns(data: Path) -> dict[str, int]:
    """People of towns in the GeoNames extract, by id."""
    with (data / "geonames" / "central_asia_cities500.csv").open(encoding="utf-8") as handle:
        return {row["geonameid"]: int(row["population"] or 0) for row in csv.DictReader(handle)}


def list_places(facts: Path, data: Path) -> list[Place]:
    """The city of Nukus, a town and the villages of each district, and one place for each region elsewhere."""
    total, rows = totals(facts), read(facts / "karakalpakstan_places.csv")
    inner = [row for row in rows if row["region"] == "Karakalpakstan"]
    people = share_out([float(row["population_people"]) for row in inner], total[REPUBLIC])
    known = towns(data)
    named = {row["place"]: known[GEONAMES[row["place"]]] for row in inner if row["place"] in GEONAMES}
    listed = {row["place"]: float(row["population_people"]) for row in inner}
    usual = sum(named.values()) / sum(listed[place] for place in named)
    districts = [(row, n) for row, n in zip(inner, people, strict=True) if row["place"] != "nukus"]
    weights = [float(named.get(row["place"], usual * n)) for row, n in districts]
    city = people[[row["place"] for row in inner].index("nukus")]
    urban = share_out(weights, round(URBAN_REPUBLIC * total[REPUBLIC]) - city)
    out = []
    for row, n in zip(inner, people, strict=True):
        lat, lon, id = float(row["lat_deg"]), float(row["lon_deg"]), row["place"]
        if id == "nukus":
            out.append(Place(id, "Nukus", REPUBLIC, "city", lat, lon, n, 1.0, row["ethnic_note"]))
            continue
        short = row["name"].split(" district")[0]
        town = urban[[d["place"] for d, _ in districts].index(id)]
        own = "akmangit" if id == "nukus-district" else id
        out.append(Place(own, TOWN_NAME.get(id, short), REPUBLIC, "town", lat, lon, town, 1.0, row["ethnic_note"]))
        north = lat + VILLAGES_NORTH_DEG
        villages = f"Villages of {short} district"
        out.append(Place(f"{own}-villages", villages, REPUBLIC, "rural", north, lon, n - town, 0.0, row["ethnic_note"]))
    country = sum(total.values())
    left = country - total[REPUBLIC] - total["tk"]
    share = (URBAN_COUNTRY * country - URBAN_REPUBLIC * total[REPUBLIC] - total["tk"]) / left
    for row in rows:
        if row["kind"] == "region":
            region, city_of = REGION[row["place"]], row["place"] == "tashkent"
            out.append(
                Place(row["place"], row["name"], region, "city" if city_of else "town", float(row["lat_deg"]),
                      float(row["lon_deg"]), total[region], 1.0 if city_of else round(share, 4), "")
            )  # fmt: skip
    return out


def wages(facts: Path) -> dict[str, float]:
    """Average wage of each region in the first half of 2022, UZS a month."""
    inputs = {row["id"]: row for row in read(facts / "karakalpakstan_inputs.csv")}
    found = {REPUBLIC: float(inputs["ki009"]["low"])}
    for part in inputs["ki010"]["statement"].replace(" thousand.", "").split("; "):
        name, figure = part.rsplit(" ", 1)
        region = WAGE_NAME.get(name) or REGION[name.lower()]
        found[region] = 1000 * float(figure.replace(",", ""))
    return found


INCOME_9_MONTHS = {"qr": 9_347_800, "fa": 9_720_700, "ng": 10_087_700, "tk": 26_905_400}  # ki011


def incomes(wage: dict[str, float]) -> dict[str, float]:
    """Income per head and month: published for four regions, elsewhere the wage times their usual ratio."""
    month = {region: figure / 9 for region, figure in INCOME_9_MONTHS.items()}
    ratio = sum(month[region] / wage[region] for region in ("fa", "ng")) / 2
    return {region: month.get(region, ratio * wage[region]) for region in wage}


def region_rows(places: list[Place], wage: dict[str, float], unemployment: float) -> list[dict[str, object]]:
    """Rows of regions.csv."""
    income = incomes(wage)
    people = {r: sum(p.people for p in places if p.region == r) for r in CENTRE}
    mean = sum(income[r] * n for r, n in people.items()) / sum(people.values())
    rows: list[dict[str, object]] = []
    for region, centre in CENTRE.items():
        here = [p for p in places if p.region == region]
        name = "Karakalpakstan" if region == REPUBLIC else here[0].name.removesuffix(" region").removesuffix(" city")
        men = people[region] // 2
        rows.append(
            {
                "region": region,
                "name": "Tashkent city" if region == "tk" else "Tashkent region" if region == "to" else name,
                "centre_place": centre,
                "outline": region,
                "population_people": people[region],
                "urban_people": round(sum(p.people * p.urban for p in here)),
                "men_people": men,
                "women_people": people[region] - men,
                "avg_wage_month": round(wage[region]),
                "cash_income_month": round(income[region]),
                "grp_per_capita_usd": round(GDP_HEAD_USD * income[region] / mean),
                "unemployment_share": unemployment,
            }
        )
    return rows


def place_rows(places: list[Place], income: dict[str, float], children: float) -> list[dict[str, object]]:
    """Rows of places.csv."""
    value, online = {}, {}
    for region in CENTRE:
        here = [p for p in places if p.region == region]
        mean = sum(p.people * INCOME_KIND[p.kind] for p in here) / sum(p.people for p in here)
        value |= {p.place: income[region] * INCOME_KIND[p.kind] / mean for p in here}
    people = sum(p.people for p in places)
    urban = sum(p.people * p.urban for p in places) / people
    online = {p.place: ONLINE + 0.055 * (p.urban - urban) for p in places}
    shops = {p.place: value[p.place] * SHOPS[p.kind] for p in places}
    mean_shops = sum(p.people * shops[p.place] for p in places) / people
    return [
        {
            "place": p.place,
            "name": p.name,
            "region": p.region,
            "kind": p.kind,
            "lat_deg": f"{p.lat:.4f}",
            "lon_deg": f"{p.lon:.4f}",
            "utc_offset_h": 5,
            "population_people": p.people,
            "urban_share": f"{p.urban:g}",
            "men_share": 0.5,
            "household_people": f"{(1.8 + 6 * children) * (1.05 - 0.1 * p.urban):.2f}",
            "renter_share": f"{RENTERS[p.kind]:.2f}",
            "income_month": round(value[p.place]),
            "own_product_share": 0,
            "organising_tradition_index": 0.12 if p.kind == "rural" else 0.2,
            "mobile_reach_share": f"{online[p.place]:.4f}",
            "goods_index": f"{shops[p.place] / mean_shops:.3f}",
        }
        for p in places
    ]
