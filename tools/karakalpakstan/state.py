"""Forces and sites by rule: strengths per 1,000 people as in January 2022's case, sites at their place's point."""

from __future__ import annotations

from .places import CENTRE, REPUBLIC, Place

POLICE_PER_1000 = {"city": 5.0, "town": 4.0, "rural": 2.5}
PER_1000 = {"guard": 0.8, "army": 1.0, "security": 0.25}
OFFICE = {"police": "interior-ministry", "guard": "guard-command", "army": "defence-ministry",
          "security": "security-service"}  # fmt: skip
FIREARMS = {"police": 0.3, "guard": 0.5, "army": 0.9, "security": 0.8}
PEOPLE_A_VEHICLE = {"police": 15, "guard": 15, "army": 12, "security": 10}
LOCAL = {"police": 0.9, "guard": 0.4, "army": 0.1, "security": 0.5}
NONE = "rule of this case, taken over from the case of January 2022: no strength is published in its sources"
POST = "Prosecutor General's Office, 4 July 2022 (aniq.uz): 50 guards at one block post"
POST_PEOPLE = 50


def force_rows(places: list[Place]) -> list[dict[str, object]]:
    """Rows of forces.csv."""
    rows = []
    for p in places:
        rate = POLICE_PER_1000[p.kind]
        rows.append(_row(f"police-{p.place}", "police", p.place, p.people / 1000 * rate, rate, "inhabitants"))
    for organ, rate in PER_1000.items():
        for region, centre in CENTRE.items():
            people = sum(p.people for p in places if p.region == region) / 1000 * rate
            if organ == "guard" and region == REPUBLIC:
                people -= POST_PEOPLE
            rows.append(_row(f"{organ}-{region}", organ, centre, people, rate, "inhabitants of the region"))
    post = _row("guard-post-nukus", "guard", CENTRE[REPUBLIC], POST_PEOPLE, 0, "")
    rows.append(post | {"state": "official", "source": POST})
    return rows


def _row(unit: str, organ: str, place: str, people: float, rate: float, of: str) -> dict[str, object]:
    return {
        "unit": unit,
        "organ": organ,
        "place": place,
        "strength_people": round(people),
        "firearm_share": FIREARMS[organ],
        "vehicles": round(people / PEOPLE_A_VEHICLE[organ]),
        "local_share": LOCAL[organ],
        "office": OFFICE[organ],
        "state": "assumed",
        "source": f"{rate:g} per 1,000 {of}; {NONE}",
    }


NAMED = (
    ("nukus-market", "nukus", "Central farmers' market", "assembly"),
    ("nukus-administration", "nukus", "Parliament and government of the republic", "administration"),
    ("nukus-airport", "nukus", "Nukus airport", "airport"),
)


def site_rows(places: list[Place]) -> list[dict[str, object]]:
    """Rows of sites.csv: a square, an administration and the police in towns, shops in cities, and what is named."""
    point = {p.place: (p.lat, p.lon) for p in places}
    listed = list(NAMED)
    have = {(place, kind) for _, place, _, kind in NAMED}
    for p in places:
        if p.kind == "rural":
            continue
        wanted = [("square", "main square"), ("administration", "administration"), ("police", "police department")]
        wanted += [("shops", "shopping streets")] if p.kind == "city" else []
        listed += [
            (f"{p.place}-{k}", p.place, f"{p.name}: {what}", k) for k, what in wanted if (p.place, k) not in have
        ]
    return [
        {"site": site, "place": place, "name": name, "kind": kind, "lat_deg": f"{point[place][0]:.4f}",
         "lon_deg": f"{point[place][1]:.4f}"}
        for site, place, name, kind in listed
    ]  # fmt: skip


CPI_YEAR = {2021: 1.108492397508122, 2022: 1.1144664369988360}  # WDI, means of years: what a year adds to prices
WAGE_RISE = 1.122  # ki009: first half of 2022 over that of 2021, the republic


def price_rows() -> list[dict[str, object]]:
    """Rows of prices.csv: the price level by quarter, January 2021 = 100."""
    rows: list[dict[str, object]] = []
    for year, rise in CPI_YEAR.items():
        for month in (1, 4, 7, 10) if year == 2021 else (1, 4, 7):
            before = CPI_YEAR[2021] if year == 2022 else 1.0
            level = 100 * before * rise ** ((month - 1) / 12)
            rows.append(
                {"item": "goods", "region": "*", "from_local": f"{year}-{month:02d}-01T00:00", "price": f"{level:.2f}",
                 "unit": "index", "state": "derived",
                 "source": "WDI, consumer prices of Uzbekistan: 10.8 percent in 2021, 11.4 in 2022, spread evenly"}
            )  # fmt: skip
    return rows


def wage_rows() -> list[dict[str, object]]:
    """Rows of wages.csv: the average wage of the republic, a year apart; the same rise elsewhere."""
    source = "Statistics Committee via Qalampir.uz, 27 July 2022: 12.2 percent above a year before"
    elsewhere = f"{source}, the lowest rise of all regions; none is given for the country, so it stands for all"
    return [
        {"region": region, "from_local": when, "index": index, "state": state, "source": why}
        for region, state, why in ((REPUBLIC, "derived", source), ("*", "assumed", elsewhere))
        for when, index in (("2021-04-01T00:00", 100), ("2022-04-01T00:00", round(100 * WAGE_RISE, 1)))
    ]
