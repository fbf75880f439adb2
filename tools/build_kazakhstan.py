"""Builds the computed tables of the case kazakhstan-2022 from published figures."""

from __future__ import annotations

import argparse
import csv
import math
import re
from collections.abc import Iterable
from pathlib import Path

from kazakhstan import forces, fuel, geo, names, people, prices, sites, society, work


def write(path: Path, rows: Iterable[dict[str, object]]) -> None:
    """A CSV table with the columns of its first row."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.DictWriter(handle, fieldnames=list(listed[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(listed)
    print(f"{path.name}: {len(listed)} rows")


# January air temperature of the region's centre, usual night and day, degrees Celsius; assumed climatology.
JANUARY = {
    "AKM": (-20, -11), "AKT": (-17, -8), "ALM": (-14, -4), "ATY": (-11, -3), "ZAP": (-15, -7),
    "ZHA": (-9, 0), "KAR": (-18, -9), "KUS": (-20, -11), "KZY": (-12, -3), "MAN": (-5, 1),
    "PAV": (-20, -11), "SEV": (-21, -12), "TUR": (-7, 2), "VOS": (-20, -9), "AST": (-19, -11),
    "ALA": (-9, 0), "SHY": (-5, 4),
}  # fmt: skip


def regions(official: dict[str, dict[str, str]], profile: dict[str, dict[str, str]]) -> list[dict[str, object]]:
    """Rows of regions.csv."""
    rows: list[dict[str, object]] = []
    for region in names.REGIONS:
        row, facts = official[region], profile[region]
        rows.append(
            {
                "region": region.lower(),
                "name": {"AST": "Nur-Sultan", "SHY": "Shymkent"}.get(region, facts["name"]),
                "centre_place": names.CENTRES[region],
                "outline": "tur" if region == "SHY" else region.lower(),
                "population_people": row["population_2022"],
                "urban_people": row["urban_2022"],
                "men_people": row["men_2022"],
                "women_people": row["women_2022"],
                "avg_wage_month": facts["avg_wage_kzt_month_2022"],
                "cash_income_month": facts["nominal_cash_income_kzt_month_2020"],
                "grp_per_capita_usd": facts["grp_per_capita_usd_2021"],
                "unemployment_share": f"{float(facts['unemployment_pct_2021']) / 100:.3f}",
            }
        )
    return rows


def climate() -> list[dict[str, object]]:
    """Rows of climate.csv."""
    return [
        {"region": region.lower(), "month": 1, "night_c": JANUARY[region][0], "day_c": JANUARY[region][1]}
        for region in names.REGIONS
    ]


def check_enterprises(
    folder: Path,
    places: list[people.Place],
    working: dict[str, float],
    shares: dict[tuple[str, bool], dict[str, float]],
) -> None:
    """Stops when a workforce is larger than four fifths of the people of that livelihood in its place."""
    path = folder / "enterprises.csv"
    if not path.exists():
        return
    by_id = {p.place: p for p in places}
    used: dict[tuple[str, str], int] = {}
    for row in people.read(path):
        key = (row["place"], row["livelihood"])
        used[key] = used.get(key, 0) + int(row["workforce_people"])
    for (place, livelihood), workforce in sorted(used.items()):
        item = by_id[place]
        room = math.floor(0.8 * shares[item.region, item.urban][livelihood] * working[item.region] * item.people)
        if workforce > room:
            raise SystemExit(f"enterprises.csv: {place}: {livelihood}: {workforce} people; room for {room}")


def main() -> None:
    """Reads the published tables and writes the computed ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("facts", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--digest", type=Path, help="digests of the texts, to check ids and lines of the record")
    chosen = parser.parse_args()
    bns = chosen.data / "open_data_kazakhstan"
    official = {r["region"]: r for r in people.read(bns / "kz_population_17regions_2022_01_01.csv")}
    profile = {r["region"]: r for r in people.read(chosen.facts / "kz_regions17_profile.csv")}
    classes = classes_by_name(chosen.facts / "kz_districts_share_of_kazakhs_class.csv")

    places = people.list_places(chosen.data)
    people.scale(places, official)
    ages = people.age_sex(chosen.data, official)
    count = {r: sum(int(str(a["people"])) for a in ages if a["region"] == r.lower()) for r in names.REGIONS}

    def share(region: str, *bands: str) -> float:
        found = (int(str(a["people"])) for a in ages if a["region"] == region.lower() and a["age_band"] in bands)
        return sum(found) / count[region]

    working = {r: share(r, "young", "middle") for r in names.REGIONS}
    groups: dict[tuple[str, bool], float] = {}
    for item in places:
        key = (item.region, item.urban)
        groups[key] = groups.get(key, 0.0) + item.people * working[item.region]
    jobless = {r: float(profile[r]["unemployment_pct_2021"]) / 100 for r in names.REGIONS}
    shares = work.livelihoods(groups, jobless)

    out: Path = chosen.out
    out.mkdir(parents=True, exist_ok=True)
    check_enterprises(out, places, working, shares)
    write(out / "regions.csv", regions(official, profile))
    write(out / "climate.csv", climate())
    write(out / "age_sex.csv", ages)
    children = {r: share(r, "child") for r in names.REGIONS}
    write(out / "places.csv", society.columns(places, profile, children, shares))
    write(out / "communities.csv", society.community_rows(places, profile, classes))
    write(out / "exposure.csv", society.exposure(places))
    write(out / "region_livelihood.csv", work.table(shares))
    write(out / "forces.csv", forces.table(places))
    write(out / "sites.csv", sites.table(places))
    write(out / "prices.csv", prices.steps())
    write(out / "wages.csv", prices.wages(bns / "kz_inflation_average_salary_2007_2023.csv"))
    borders = chosen.data / "natural_earth" / "central_asia_admin1_ne10m.geojson"
    write(out / "outlines.csv", geo.outlines(borders, tolerance=0.06))
    write(out / "market.csv", fuel.events())
    write(out / "borders.csv", fuel.distances(places, borders))
    if chosen.digest:
        check_record(out / "record" / "claims.csv", chosen.digest)


def classes_by_name(path: Path) -> dict[tuple[str, str], str]:
    """Class of each district's share of Kazakhs, by region of January 2022 and name."""
    region20 = {
        "Abay": "VOS", "Akmola": "AKM", "Aktobe": "AKT", "Almaty": "ALM", "Atyrau": "ATY",
        "West Kazakhstan": "ZAP", "Zhambyl": "ZHA", "Zhetysu": "ALM", "Karagandy": "KAR", "Kostanay": "KUS",
        "Kyzylorda": "KZY", "Mangystau": "MAN", "Pavlodar": "PAV", "North Kazakhstan": "SEV",
        "Turkestan": "TUR", "Ulytau": "KAR", "East Kazakhstan": "VOS", "Astana (city)": "AST",
        "Almaty (city)": "ALA", "Shymkent (city)": "SHY",
    }  # fmt: skip
    return {(region20[r["region20"]], r["district"]): r["share_of_kazakhs_class"] for r in people.read(path)}


def check_record(ours: Path, digest: Path) -> None:
    """Stops when a claim that bears the id of a row of the digests names other lines of the texts than it."""
    known = {
        row["id"].lower(): (row["seed"][:3], int(row["line"]))
        for file in ("chronology.csv", "quantities.csv")
        for row in people.read(digest / file)
    }
    for row in people.read(ours):
        text, line = known.get(row["claim"][:4], ("", 0))
        if text and (text, line) not in lines_of(row["source"], row["line"]):
            raise SystemExit(f"claims.csv: {row['claim']}: {row['source']}:{row['line']}; digest {text}:{line}")


def lines_of(source: str, line: str) -> set[tuple[str, int]]:
    """Texts and lines of a claim: "17", "29-31", "33,39", or "text 001 line 207" of somebody who is quoted there."""
    quoted = re.match(r"text (\d+) line (\d+)", line)
    if quoted:
        return {(quoted[1], int(quoted[2]))}
    if not re.fullmatch(r"[\d,-]+", line):
        return set()
    spans = [part.split("-") for part in line.split(",")]
    return {(source, n) for span in spans for n in range(int(span[0]), int(span[-1]) + 1)}


if __name__ == "__main__":
    main()
