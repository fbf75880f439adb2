"""Builds the places and their people, scaled to the official totals of 1 January 2022."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from . import geo, names

JOIN_BELOW = 14000  # rural remainders smaller than this join the nearest rural district of their region
ALMATY_FLOOR_DEG = 43.17  # Almaty's districts reach into the mountains; people live north of this latitude


@dataclass
class Place:
    """One place: who lives there on 1 January 2022 and where it lies."""

    place: str
    name: str
    region: str
    kind: str
    urban: bool
    lon: float
    lat: float
    people_2023: int
    men_2023: int
    akimat: str
    district: str
    people: int = 0
    men: int = 0


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def slug(text: str) -> str:
    """Lower-case id of a name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "")).strip("-")


def share_out(weights: list[float], total: int) -> list[int]:
    """Integers in proportion to the weights that sum to the total (largest remainder)."""
    whole = sum(weights)
    exact = [w * total / whole for w in weights]
    floor = [int(x) for x in exact]
    order = sorted(range(len(exact)), key=lambda i: (floor[i] - exact[i], i))
    for i in order[: total - sum(floor)]:
        floor[i] += 1
    return floor


def number(text: str | None) -> int:
    """Whole number of a table cell; empty is none."""
    return int(text) if text else 0


class Map:
    """District polygons and GeoNames places by region."""

    def __init__(self, data: Path) -> None:
        folder = data / "geokz_cod"
        rows = geo.read_dbf(folder / "kaz_admbnda_adm2_2018.dbf")
        shapes = geo.read_shp(folder / "kaz_admbnda_adm2_2018.shp")
        self.districts: dict[tuple[str, str], list[tuple[str, str, list[geo.Ring]]]] = {}
        for row, rings in zip(rows, shapes, strict=True):
            key = (names.ADM1[row["ADM2_PCODE"][2:4]], row["ADM2_KK"])
            self.districts.setdefault(key, []).append((row["ADM2_PCODE"][2:], row["ADM2_EN"], rings))
        self.towns = [r for r in read(data / "geonames" / "central_asia_cities500.csv") if r["country"] == "KZ"]

    def akimat(self, region: str, name: str, city: bool) -> tuple[str, str, list[geo.Ring]]:
        """Name in the class list, English name and rings; a city and a district may share a name."""
        found = sorted(self.districts[region, names.AKIMAT_ALIAS.get((region, name), name)])
        _, english, rings = found[0] if city or len(found) == 1 else found[1]
        listed = names.CLASS_NAME.get((region, name), english)
        return listed, names.AKIMAT_ENGLISH.get((region, name), english), rings

    def town(self, region: str, name: str) -> geo.Point:
        """GeoNames coordinates of a place; the most populous of its name within the region."""
        found = [r for r in self.towns if r["name"] == name and r["kz_region17"] in (region, "")]
        if not found:
            raise KeyError(f"{region} {name}")
        best = max(found, key=lambda r: number(r["population"]))
        return float(best["lon"]), float(best["lat"])

    def rural_point(self, rings: list[geo.Ring], taken: set[str]) -> geo.Point:
        """Mean of a district's GeoNames places by people (at least 500 each), else the area centroid."""
        weight = lon = lat = 0.0
        for row in self.towns:
            point = (float(row["lon"]), float(row["lat"]))
            if row["name"] in taken or number(row["population"]) > 25000 or not geo.inside(point, rings):
                continue
            people = max(number(row["population"]), 500)
            weight += people
            lon += people * point[0]
            lat += people * point[1]
        return (lon / weight, lat / weight) if weight else geo.centroid(rings)


def list_places(data: Path) -> list[Place]:
    """Places of 2023 in the official order, before scaling."""
    table = read(data / "open_data_kazakhstan" / "kz_population_districts_towns_2023_01_01.csv")
    land = Map(data)
    taken = {gn for _, gn in names.TOWNS.values()} | {gn for _, gn in names.BELT_VILLAGES.values()}
    places: list[Place] = []
    block: list[dict[str, str]] = []
    for row in [*table, {"level": "end", "region20": ""}]:
        if row["level"] in ("district_or_city_akimat", "region", "country", "end"):
            if block:
                places += _akimat_places(block, land, taken)
            block = [row] if row["level"] == "district_or_city_akimat" else []
        elif block:
            block.append(row)
    _distinct_ids(places)
    return _join_small(places)


def _akimat_places(block: list[dict[str, str]], land: Map, taken: set[str]) -> list[Place]:
    head = block[0]
    region = names.MERGED.get(head["region20"], head["region20"])
    city = head["name_kk"].endswith("қ.ә.")
    akimat = head["name_kk"].removesuffix(" қ.ә.").removesuffix(" ауданы")
    inner = region not in names.CITY_NAMES and akimat in ("Астана", "Әлихан Бөкейхан", "Қазыбек би")
    if inner or (region == "AKT" and akimat == "Алматы"):
        return []  # inner districts of Aktobe and Karaganda: the town is one place
    listed, english, rings = land.akimat(region, akimat, city)
    if region in names.CITY_NAMES:
        lon, lat = geo.centroid_north_of(rings, ALMATY_FLOOR_DEG) if region == "ALA" else geo.centroid(rings)
        name = f"{names.CITY_NAMES[region]}: {english}"
        return [
            Place(slug(name), name, region, "city_district", True, lon, lat, number(head["population"]),
                  number(head["men"]), akimat, listed)
        ]  # fmt: skip
    towns = [r for r in block[1:] if r["level"] == "town" and r["name_kk"].split(" ")[0] != "Жем"]
    places = []
    urban_left, men_left = number(head["urban"]), 0
    for row in sorted(towns, key=lambda r: number(r["population"])):
        english_town, gn = names.TOWNS[region, row["name_kk"].split(" ")[0]]
        ident = slug(english_town)
        lon, lat = land.town(region, gn) if gn else names.ASSUMED_POINTS[ident]
        last = row is max(towns, key=lambda r: number(r["population"]))
        people = urban_left if last else number(row["population"])
        men = round(number(row["men"]) * people / number(row["population"]))
        urban_left -= people
        men_left += men
        belt = region == "ALM" and akimat in names.BELT
        kind = "belt" if belt else "city" if people >= 100000 or ident in names.CENTRES.values() else "town"
        places.append(Place(ident, english_town, region, kind, True, lon, lat, people, men, akimat, listed))
    rural = number(head["rural"])
    if rural:
        places += _rural(block, land, rings, taken, (region, akimat, english, listed), rural, men_left, city)
    return places


def _rural(
    block: list[dict[str, str]],
    land: Map,
    rings: list[geo.Ring],
    taken: set[str],
    key: tuple[str, str, str, str],
    rural: int,
    men_in_towns: int,
    city: bool,
) -> list[Place]:
    region, akimat, english, listed = key
    belt = region == "ALM" and akimat in names.BELT
    kind = "belt" if belt else "rural"
    men = number(block[0]["men"]) - men_in_towns
    places = []
    for row in block[1:]:
        if belt and row["name_kk"] in names.BELT_VILLAGES:
            name, gn = names.BELT_VILLAGES[row["name_kk"]]
            lon, lat = land.town(region, gn)
            people = number(row["population"])
            places.append(
                Place(
                    slug(name),
                    name,
                    region,
                    kind,
                    False,
                    lon,
                    lat,
                    people,
                    number(row["men"]),
                    akimat,
                    listed,
                )
            )
            rural -= people
            men -= number(row["men"])
    if (region, akimat) in names.AKIMAT_POINT:
        lon, lat = land.town(region, names.AKIMAT_POINT[region, akimat])
    else:
        lon, lat = land.rural_point(rings, taken)
    what = "villages" if city else "district"
    name = f"{english} {what}"
    places.append(Place(slug(name), name, region, kind, False, lon, lat, rural, men, akimat, listed))
    return places


def _distinct_ids(places: list[Place]) -> None:
    count: dict[str, int] = {}
    for item in places:
        count[item.place] = count.get(item.place, 0) + 1
    for item in places:
        if count[item.place] > 1:
            item.place = f"{item.place}-{item.region.lower()}"


def _join_small(places: list[Place]) -> list[Place]:
    keep = [p for p in places if p.urban or p.people_2023 >= JOIN_BELOW]
    for item in places:
        if item in keep:
            continue
        near = [p for p in keep if not p.urban and p.region == item.region and p.kind == "rural"]
        host = min(near, key=lambda p: geo.kilometres((p.lon, p.lat), (item.lon, item.lat)))
        people = host.people_2023 + item.people_2023
        host.lon = (host.lon * host.people_2023 + item.lon * item.people_2023) / people
        host.lat = (host.lat * host.people_2023 + item.lat * item.people_2023) / people
        host.people_2023 = people
        host.men_2023 += item.men_2023
        host.name = f"{host.name.removesuffix(' district')}, {item.name.removesuffix(' district')}"
    for item in keep:
        if "," in item.name:
            head, _, tail = item.name.rpartition(", ")
            item.name = f"{head} and {tail} (rural)"
    return keep


def scale(places: list[Place], official: dict[str, dict[str, str]]) -> None:
    """Sets people and men of 2022 so that they meet the regions' urban, rural and men totals exactly."""
    for region in names.REGIONS:
        row = official[region]
        here = [p for p in places if p.region == region]
        for urban, column in ((True, "urban_2022"), (False, "rural_2022")):
            part = [p for p in here if p.urban is urban]
            if part:
                for item, people in zip(
                    part, share_out([p.people_2023 for p in part], number(row[column])), strict=True
                ):
                    item.people = people
        weights = [p.people * p.men_2023 / p.people_2023 for p in here]
        for item, men in zip(here, share_out(weights, number(row["men_2022"])), strict=True):
            item.men = men
    order = {r: i for i, r in enumerate(names.REGIONS)}
    places.sort(key=lambda p: (order[p.region], not p.urban, -p.people, p.place))


YOUNG_SHARE = 0.33  # of working age, national; assumed


def age_sex(data: Path, official: dict[str, dict[str, str]]) -> list[dict[str, object]]:
    """Rows of age_sex.csv: age shares of 2020 on the men and women of 2022."""
    source = read(data / "open_data_kazakhstan" / "kz_population_by_region_sex_agegroup_2020_01_01.csv")
    count = {(r["region"], r["sex"], r["age_group"]): number(r["population"]) for r in source}

    def child_share(region: str) -> float:
        children = sum(v for (g, _, a), v in count.items() if g == region and a == "0-15")
        return children / sum(v for (g, _, _), v in count.items() if g == region)

    rows: list[dict[str, object]] = []
    for region in names.REGIONS:
        young = YOUNG_SHARE * (child_share(region) / child_share("KZ")) ** 0.3
        for sex, bands in (("men", ("0-15", "16-62", "63+")), ("women", ("0-15", "16-58", "59+"))):
            child, work, pension = (count[region, sex, band] for band in bands)
            parts = [child, work * young, work * (1 - young), pension]
            numbers = share_out(parts, number(official[region][f"{sex}_2022"]))
            for band, people in zip(("child", "young", "middle", "pension"), numbers, strict=True):
                rows.append({"region": region.lower(), "sex": sex, "age_band": band, "people": people})
    return rows
