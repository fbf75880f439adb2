"""Builds the computed tables of the case zhanaozen-2011 from published figures and, by rule, from kazakhstan-2022.

Region ids are those of kazakhstan-2022, except `yuz`: South Kazakhstan, Turkistan and Shymkent together. Tables written
by hand (enterprises, measures, offices, record and others) stand in the case's folder and are not touched.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

REGIONS = {
    "AKM": ("Akmola", "Kokshetau", "kokshetau"), "AKT": ("Aktobe", "Aktobe", "aktobe"),
    "ALM": ("Almaty region", "Taldykorgan", "taldykorgan"), "ATY": ("Atyrau", "Atyrau", "atyrau"),
    "ZAP": ("West Kazakhstan", "Oral", "oral"), "ZHA": ("Zhambyl", "Taraz", "taraz"),
    "KAR": ("Karaganda", "Karaganda", "karaganda"), "KUS": ("Kostanay", "Kostanay", "kostanay"),
    "KZY": ("Kyzylorda", "Kyzylorda", "kyzylorda"), "MAN": ("Mangystau", "Aktau", "aktau"),
    "PAV": ("Pavlodar", "Pavlodar", "pavlodar"), "SEV": ("North Kazakhstan", "Petropavl", "petropavl"),
    "TUR": ("South Kazakhstan", "Shymkent", "shymkent-al-farabi"), "VOS": ("East Kazakhstan", "Oskemen", "oskemen"),
    "AST": ("Astana", "Astana", "nur-sultan-esil"), "ALA": ("Almaty city", "Almaty", "almaty-bostandyk"),
}  # fmt: skip
"""Key of the published tables -> name, main town, and the place of kazakhstan-2022 whose point and hour it has."""

BANDS = {"men": ("0-15", "16-62", "63+"), "women": ("0-15", "16-58", "59+")}
YOUNG_SHARE = 0.33
PARTICIPATION = 0.778 / (1 - 0.049)
POLICE_PER_1000 = {"city": 5.0, "town": 4.0, "rural": 2.5}
POLICE_REGION = {"AST": 7.0, "ALA": 5.5}
RENTERS = {"city": 0.15, "town": 0.10, "rural": 0.03}
INCOME = {"city": 1.1, "town": 1.2, "rural": 0.8}
WEIGHT = {True: 1.2, False: 0.6}
ONLINE = 0.506
ONLINE_STEP = {True: 0.02, False: -0.035}
TRADITION = {"MAN": 0.7, "ATY": 0.5, "KAR": 0.4, "AKT": 0.4, "ALA": 0.4, "ZAP": 0.25, "KZY": 0.25}
TRADITION_PLACE = {"zhanaozen": 1.0, "zhanaozen-villages": 0.9, "aktau": 0.7}
WAGE_COUNTRY = 90028
TOWN_OF_ZHANAOZEN = 90000
SHETPE = 11836
AREAS = {
    "munaily-district": "Munaily district", "beineu-district": "Beineu district",
    "karakiya-district": "Karakiya district with Kuryk and Zhetybai",
    "mangystau-district": "Mangystau district without Shetpe", "tupkaragan-district": "Tupkaragan district",
}  # fmt: skip

Row = dict[str, object]


def ident(region: str) -> str:
    """Id of a region in this case."""
    return {"TUR": "yuz"}.get(region, region.lower())


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """A CSV table with the columns of its first row."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.DictWriter(handle, fieldnames=list(listed[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(listed)
    print(f"{path.name}: {len(listed)} rows")


def share_out(weights: list[float], total: int) -> list[int]:
    """Whole numbers in proportion to the weights that sum to the total, by largest remainder."""
    exact = [w * total / sum(weights) for w in weights]
    floor = [int(x) for x in exact]
    order = sorted(range(len(exact)), key=lambda i: (floor[i] - exact[i], i))
    for i in order[: total - sum(floor)]:
        floor[i] += 1
    return floor


def populations(bns: Path) -> dict[str, dict[str, int]]:
    """Region -> total, urban, rural, men, women on 1 January 2012."""
    found: dict[tuple[str, str, str], int] = {
        (r["region"], r["sex"], r["settlement"]): int(r["population"])
        for r in read(bns / "kz_population_by_region_sex_urban_2000_2023.csv") if r["year_1jan"] == "2012"
    }  # fmt: skip
    return {
        r: {
            "total": found[r, "both", "total"], "urban": found[r, "both", "urban"],
            "rural": found.get((r, "both", "rural"), 0),
            "men": found[r, "men", "total"], "women": found[r, "women", "total"],
        }
        for r in REGIONS
    }  # fmt: skip


def ages(bns: Path, people: dict[str, dict[str, int]]) -> list[Row]:
    """Rows of age_sex.csv: age shares of 2020 on the men and women of 2012."""
    count: dict[tuple[str, str, str], int] = {}
    for r in read(bns / "kz_population_by_region_sex_agegroup_2020_01_01.csv"):
        key = ({"SHY": "TUR"}.get(r["region"], r["region"]), r["sex"], r["age_group"])
        count[key] = count.get(key, 0) + int(r["population"])

    def children(region: str) -> float:
        rows = {key: n for key, n in count.items() if key[0] == region}
        return sum(n for key, n in rows.items() if key[2] == "0-15") / sum(rows.values())

    rows: list[Row] = []
    for region in REGIONS:
        young = YOUNG_SHARE * (children(region) / children("KZ")) ** 0.3
        for sex, bands in BANDS.items():
            child, work, pension = (float(count[region, sex, band]) for band in bands)
            numbers = share_out([child, work * young, work * (1 - young), pension], people[region][sex])
            for band, n in zip(("child", "young", "middle", "pension"), numbers, strict=True):
                rows.append({"region": ident(region), "sex": sex, "age_band": band, "people": n})
    return rows


def mangystau(facts: Path, people: dict[str, int]) -> list[tuple[str, str, str, bool, int, float, float]]:
    """Places of Mangystau: id, name, kind, urban, people, latitude, longitude; sums are the official ones."""
    rows = {r["place"]: r for r in read(facts / "zhanaozen_places.csv")}
    number = {place: int(r["population_people"]) for place, r in rows.items()}
    point = {place: (float(r["lat_deg"]), float(r["lon_deg"])) for place, r in rows.items()}
    port = people["urban"] - number["aktau"] - TOWN_OF_ZHANAOZEN
    villages = [("zhanaozen-villages", "Villages of Zhanaozen: Tenge, Kyzylsai, Rakhat", 122000 - TOWN_OF_ZHANAOZEN)]
    villages.append(("shetpe", "Shetpe", SHETPE))
    for place, name in AREAS.items():
        less = {"mangystau-district": SHETPE, "tupkaragan-district": port}.get(place, 0)
        villages.append((place, name, number[place] - less))
    scaled = share_out([float(n) for *_, n in villages], people["rural"])
    point["zhanaozen-villages"], point["shetpe"] = point["zhanaozen"], point["mangystau-district"]
    towns = [
        ("zhanaozen", "Zhanaozen", "city", True, TOWN_OF_ZHANAOZEN, *point["zhanaozen"]),
        ("aktau", "Aktau", "city", True, number["aktau"], *point["aktau"]),
        ("fort-shevchenko", "Fort-Shevchenko", "town", True, port, *point["tupkaragan-district"]),
    ]
    return towns + [
        (place, name, "rural", False, n, *point[place]) for (place, name, _), n in zip(villages, scaled, strict=True)
    ]


def places(facts: Path, model: Path, people: dict[str, dict[str, int]], income: dict[str, float]) -> list[Row]:
    """Rows of places.csv: Mangystau by town and district, any other region as its towns and its villages."""
    old = {r["place"]: r for r in read(model / "places.csv")}
    children = {r: (n["men"], n["women"]) for r, n in people.items()}
    listed: list[tuple[str, tuple[str, str, str, bool, int, float, float], int]] = []
    for region, (name, town, twin) in REGIONS.items():
        if region == "MAN":
            local = [(region, p, 5) for p in mangystau(facts, people[region])]
            for at, (_, p, hour) in enumerate(local):
                if p[0] in ("mangystau-district", "tupkaragan-district"):  # their seats are places of their own
                    lat, lon = (float(old[p[0]][c]) for c in ("lat_deg", "lon_deg"))
                    local[at] = (region, (*p[:5], lat, lon), hour)
            listed += local
            continue
        point, hour = (float(old[twin]["lat_deg"]), float(old[twin]["lon_deg"])), int(old[twin]["utc_offset_h"])
        alone = not people[region]["rural"]
        label = town if alone else f"Towns of {name} with {town}"
        listed.append((region, (town.lower(), label, "city", True, people[region]["urban"], *point), hour))
        if not alone:
            villages = [r for r in old.values() if r["region"] == region.lower() and float(r["urban_share"]) == 0]
            whole = sum(int(r["population_people"]) for r in villages)
            mean = [sum(float(r[c]) * int(r["population_people"]) for r in villages) / whole
                    for c in ("lat_deg", "lon_deg")]  # fmt: skip
            told = (f"{ident(region)}-villages", f"Villages of {name}", "rural", False, people[region]["rural"])
            listed.append((region, (*told, mean[0], mean[1]), hour))
    kid = child_shares(model)
    total = sum(p[4] for _, p, _ in listed)
    drift = ONLINE - sum(p[4] * ONLINE_STEP[p[3]] for _, p, _ in listed) / total
    pay: dict[str, float] = {}
    for region in REGIONS:
        here = [p for r, p, _ in listed if r == region]
        mean_of = sum(p[4] * INCOME[p[2]] for p in here) / sum(p[4] for p in here)
        pay |= {p[0]: income[region] * INCOME[p[2]] / mean_of for p in here}
    shops = {p[0]: pay[p[0]] * WEIGHT[p[3]] for _, p, _ in listed}
    mean_shops = sum(p[4] * shops[p[0]] for _, p, _ in listed) / total
    rows: list[Row] = []
    for region, (place, name, kind, urban, n, lat, lon), hour in listed:
        men, women = children[region]
        base = TRADITION.get(region, 0.2) * (1.0 if urban else 0.6)
        household = (1.8 + 6 * kid[ident(region)]) * (0.95 if urban else 1.05)
        rows.append(
            {
                "place": place, "name": name, "region": ident(region), "kind": kind,
                "lat_deg": f"{lat:.4f}", "lon_deg": f"{lon:.4f}", "utc_offset_h": hour, "population_people": n,
                "urban_share": int(urban), "men_share": f"{men / (men + women):.6f}",
                "household_people": f"{household:.2f}", "renter_share": f"{RENTERS[kind]:.3f}",
                "income_month": round(pay[place]), "own_product_share": 0,
                "organising_tradition_index": f"{TRADITION_PLACE.get(place, base):.2f}",
                "mobile_reach_share": f"{ONLINE_STEP[urban] + drift:.4f}",
                "goods_index": f"{shops[place] / mean_shops:.3f}",
            }
        )  # fmt: skip
    return rows


def child_shares(model: Path) -> dict[str, float]:
    """Region -> children's share of its people in kazakhstan-2022; South Kazakhstan: its two later parts together."""
    whole: dict[str, int] = {}
    kids: dict[str, int] = {}
    for r in read(model / "age_sex.csv"):
        region = "yuz" if r["region"] in ("tur", "shy") else r["region"]
        whole[region] = whole.get(region, 0) + int(r["people"])
        kids[region] = kids.get(region, 0) + int(r["people"]) * (r["age_band"] == "child")
    return {region: kids[region] / n for region, n in whole.items()}


def wages(model: Path) -> dict[str, float]:
    """Region -> wage a month in 2011: the country's of 2011, in the proportions of kazakhstan-2022."""
    old = read(model / "regions.csv")
    people = {r["region"]: int(r["population_people"]) for r in old}
    country = sum(float(r["avg_wage_month"]) * people[r["region"]] for r in old) / sum(people.values())
    own = {r["region"].upper(): float(r["avg_wage_month"]) for r in old}
    south = (own["TUR"] * people["tur"] + own["SHY"] * people["shy"]) / (people["tur"] + people["shy"])
    return {r: WAGE_COUNTRY * (south if r == "TUR" else own[r]) / country for r in REGIONS}


def livelihoods(model: Path, jobless: dict[str, float]) -> list[Row]:
    """Rows of region_livelihood.csv: as kazakhstan-2022, with the unemployment of 2011; informal work gives way."""
    table = read(model / "region_livelihood.csv")
    old = {(r["region"], r["settlement"], r["livelihood"]): float(r["share"]) for r in table}
    rows: list[Row] = []
    for region in REGIONS:
        for settlement in ("urban", "rural"):
            own = {key[2]: s for key, s in old.items() if key[:2] == (region.lower(), settlement)}
            if not own:
                continue
            own["unemployed"] = round(jobless[region] * PARTICIPATION, 4)
            own["informal"] = round(1 - sum(s for name, s in own.items() if name != "informal"), 4)
            rows += [
                {"region": ident(region), "settlement": settlement, "livelihood": name, "share": f"{s:.4f}"}
                for name, s in own.items()
            ]
    return rows


def forces(listed: list[Row]) -> list[Row]:
    """Rows of forces.csv: the rates of kazakhstan-2022 on the people of 2012."""
    told = "; rule of kazakhstan-2022, no strength of 2011 is in the sources"
    rows: list[Row] = []

    def unit(name: str, place: object, n: int, why: str, organ: str, share: float, per_car: int, *rest: object) -> None:
        local, office = rest
        rows.append(
            {"unit": name, "organ": organ, "place": place, "strength_people": n, "firearm_share": share,
             "vehicles": round(n / per_car), "local_share": local, "office": office, "state": "assumed",
             "source": why + told}
        )  # fmt: skip

    for row in listed:
        rate = POLICE_REGION.get(str(row["region"]).upper(), POLICE_PER_1000[str(row["kind"])])
        n = round(int(str(row["population_people"])) / 1000 * rate)
        name, why = f"police-{row['place']}", f"{rate:g} per 1,000 inhabitants"
        unit(name, row["place"], n, why, "police", 0.3, 15, 0.9, "interior-ministry")
    for organ, rate, share, per_car, local, office, name in (
        ("guard", 0.8, 0.5, 15, 0.4, "interior-troops", "troops"),
        ("army", 1.0, 0.9, 12, 0.1, "defence-ministry", "army"),
        ("security", 0.25, 0.8, 10, 0.5, "security-committee", "security"),
    ):
        for region, (_, town, _) in REGIONS.items():
            here = sum(int(str(r["population_people"])) for r in listed if r["region"] == ident(region))
            n = round(here / 1000 * rate)
            why = f"{rate:g} per 1,000 inhabitants of the region, at its centre"
            unit(f"{name}-{ident(region)}", town.lower(), n, why, organ, share, per_car, local, office)
    return rows


def sites(listed: list[Row], model: Path) -> list[Row]:
    """Rows of sites.csv: those that the sources name in Zhanaozen, else the kinds of kazakhstan-2022."""
    airport = next(r for r in read(model / "sites.csv") if r["site"] == "aktau-airport")
    rows: list[Row] = [dict(airport)]

    def site(name: str, row: Row, title: str, kind: str) -> None:
        rows.append({"site": name, "place": row["place"], "name": title, "kind": kind,
                     "lat_deg": row["lat_deg"], "lon_deg": row["lon_deg"]})  # fmt: skip

    for row in listed:
        place, name = str(row["place"]), str(row["name"])
        if place == "zhanaozen":
            site("zhanaozen-square", row, "Square of Zhanaozen, where strikers stand since July", "square")
            site("zhanaozen-administration", row, "Town administration of Zhanaozen", "administration")
            site("ozenmunaigas-office", row, "Office of Ozenmunaigas", "administration")
            site("zhanaozen-hotel", row, "Hotel by the square of Zhanaozen", "shops")
            site("zhanaozen-police", row, "Police department of Zhanaozen", "police")
            continue
        if row["urban_share"] or place == "shetpe":
            site(f"{place}-square", row, f"{name}: main square", "square")
            site(f"{place}-police", row, f"{name}: police department", "police")
        site(f"{place}-administration", row, f"{name}: administration", "administration")
        if place == "shetpe":
            site("shetpe-station", row, "Railway station of Shetpe", "assembly")
    return rows


def communities(facts: Path, listed: list[Row]) -> list[Row]:
    """Rows of communities.csv: shares of the region in the census of 2009 in each of its places."""
    share = {
        (r["series"], {"YUZ": "TUR"}.get(r["scope"], r["scope"])): float(r["value"]) / 100
        for r in read(facts / "years_population.csv") if r["date"] == "2009" and r["series"].startswith("share_")
    }  # fmt: skip
    rows: list[Row] = []
    for row in listed:
        region = {"yuz": "TUR"}.get(str(row["region"]), str(row["region"]).upper())
        kazakh, russian = share["share_kazakh", region], share["share_russian", region]
        for name, s in (("kazakh", kazakh), ("russian", russian), ("other", 1 - kazakh - russian)):
            rows.append({"place": row["place"], "community": name, "share": f"{s:.4f}"})
    return rows


def main() -> None:
    """Reads the published tables and writes the computed ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("facts", "data", "model", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True, help="model: the folder of kazakhstan-2022")
    chosen = parser.parse_args()
    facts, model, out = chosen.facts, chosen.model, chosen.out
    bns = chosen.data / "open_data_kazakhstan"
    people = populations(bns)

    def of_2011(file: str, column: str, **where: str) -> dict[str, float]:
        return {
            {"YUZ_old": "TUR"}.get(r["region"], r["region"]): float(r[column])
            for r in read(bns / file)
            if r["year"] == "2011" and all(r[k] == v for k, v in where.items()) and r["region"] not in ("TUR", "SHY")
        }

    income = of_2011("kz_nominal_cash_income_per_capita_kzt_month_by_region_2000_2020.csv", "kzt_per_month")
    product = of_2011(
        "kz_grp_per_capita_by_region_2008_2023.csv", "grp_per_capita", period_cumulative="year", unit="USD"
    )
    rate = of_2011("kz_unemployment_rate_by_region_quarterly_2001_2023.csv", "unemployment_rate_pct", period="Q4")
    jobless = {r: rate[r] / 100 for r in REGIONS}
    wage = wages(model)
    out.mkdir(parents=True, exist_ok=True)
    write(
        out / "regions.csv",
        (
            {
                "region": ident(r), "name": name, "centre_place": town.lower(), "outline": r.lower(),
                "population_people": people[r]["total"], "urban_people": people[r]["urban"],
                "men_people": people[r]["men"], "women_people": people[r]["women"], "avg_wage_month": round(wage[r]),
                "cash_income_month": round(income[r]), "grp_per_capita_usd": product[r],
                "unemployment_share": f"{jobless[r]:.3f}",
            }
            for r, (name, town, _) in REGIONS.items()
        ),
    )  # fmt: skip
    january = {r["region"]: r for r in read(model / "climate.csv")}
    write(
        out / "climate.csv",
        ({"region": ident(r), "month": 12} | {c: january[r.lower()][c] for c in ("night_c", "day_c")} for r in REGIONS),
    )
    listed = places(facts, model, people, income)
    write(out / "places.csv", listed)
    write(out / "age_sex.csv", ages(bns, people))
    write(out / "communities.csv", communities(facts, listed))
    write(out / "region_livelihood.csv", livelihoods(model, jobless))
    write(out / "forces.csv", forces(listed))
    write(out / "sites.csv", sites(listed, model))
    write(out / "outlines.csv", (dict(r) for r in read(model / "outlines.csv")))


if __name__ == "__main__":
    main()
