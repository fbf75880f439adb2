"""Reads polygons and computes centroids, containment and simplified rings."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterable
from pathlib import Path

Point = tuple[float, float]
Ring = list[Point]


def read_dbf(path: Path) -> list[dict[str, str]]:
    """Attribute rows of a shapefile, as text."""
    raw = path.read_bytes()
    count, header, width = struct.unpack("<IHH", raw[4:12])
    fields: list[tuple[str, int]] = []
    at = 32
    while raw[at] != 13:
        fields.append((raw[at : at + 11].split(b"\0")[0].decode(), raw[at + 16]))
        at += 32
    rows = []
    for number in range(count):
        at = header + number * width + 1
        row = {}
        for name, length in fields:
            row[name] = raw[at : at + length].decode("utf-8", "replace").strip()
            at += length
        rows.append(row)
    return rows


def read_shp(path: Path) -> list[list[Ring]]:
    """Rings of every polygon record of a shapefile, in file order."""
    raw = path.read_bytes()
    at = 100
    shapes: list[list[Ring]] = []
    while at < len(raw):
        words = struct.unpack(">i", raw[at + 4 : at + 8])[0]
        body = raw[at + 8 : at + 8 + words * 2]
        at += 8 + words * 2
        if struct.unpack("<i", body[:4])[0] == 0:
            shapes.append([])
            continue
        parts, points = struct.unpack("<ii", body[36:44])
        starts = [*struct.unpack(f"<{parts}i", body[44 : 44 + 4 * parts]), points]
        flat = struct.unpack(f"<{2 * points}d", body[44 + 4 * parts : 44 + 4 * parts + 16 * points])
        pairs = list(zip(flat[::2], flat[1::2], strict=True))
        shapes.append([pairs[a:b] for a, b in zip(starts, starts[1:], strict=False)])
    return shapes


def signed_area(ring: Ring) -> float:
    """Planar area in square degrees times the cosine of the latitude, signed by direction."""
    scale = math.cos(math.radians(ring[0][1]))
    total = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))
    return total * scale / 2


def centroid(rings: Iterable[Ring]) -> Point:
    """Area centroid of a polygon with holes."""
    area = lon = lat = 0.0
    for ring in rings:
        for a, b in zip(ring, ring[1:], strict=False):
            cross = a[0] * b[1] - b[0] * a[1]
            area += cross / 2
            lon += (a[0] + b[0]) * cross / 6
            lat += (a[1] + b[1]) * cross / 6
    return lon / area, lat / area


def inside(point: Point, rings: Iterable[Ring]) -> bool:
    """Even-odd test of a point against all rings."""
    lon, lat = point
    odd = False
    for ring in rings:
        for a, b in zip(ring, ring[1:], strict=False):
            if (a[1] > lat) != (b[1] > lat) and lon < (b[0] - a[0]) * (lat - a[1]) / (b[1] - a[1]) + a[0]:
                odd = not odd
    return odd


def centroid_north_of(rings: list[Ring], lat_floor: float, step: float = 0.002) -> Point:
    """Mean of a polygon's grid points north of a latitude: its built-up part where hills lie south."""
    lons = [p[0] for ring in rings for p in ring]
    top = max(p[1] for ring in rings for p in ring)
    found: list[Point] = []
    lat = lat_floor
    while lat < top:
        lon = min(lons)
        while lon < max(lons):
            if inside((lon, lat), rings):
                found.append((lon, lat))
            lon += step
        lat += step
    if not found:
        return centroid(rings)
    return sum(p[0] for p in found) / len(found), sum(p[1] for p in found) / len(found)


def kilometres(a: Point, b: Point) -> float:
    """Great-circle distance between two (lon, lat) points."""
    lat1, lat2 = math.radians(a[1]), math.radians(b[1])
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b[0] - a[0]) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def simplify(ring: Ring, tolerance: float) -> Ring:
    """Douglas-Peucker on a closed ring, split at the point farthest from its start."""
    far = max(range(len(ring)), key=lambda i: math.dist(ring[0], ring[i]))
    return _reduce(ring[: far + 1], tolerance)[:-1] + _reduce(ring[far:], tolerance)


def _reduce(line: Ring, tolerance: float) -> Ring:
    if len(line) < 3:
        return line
    (x0, y0), (x1, y1) = line[0], line[-1]
    length = math.dist(line[0], line[-1])
    best, where = 0.0, 0
    for i in range(1, len(line) - 1):
        x, y = line[i]
        if length:
            away = abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length
        else:
            away = math.dist(line[0], line[i])
        if away > best:
            best, where = away, i
    if best <= tolerance:
        return [line[0], line[-1]]
    return _reduce(line[: where + 1], tolerance)[:-1] + _reduce(line[where:], tolerance)


OUTLINE_OF = {
    "KAZ-3195": "akt", "KAZ-3196": "kus", "KAZ-3197": "kzy", "KAB+00?": "kzy", "KAZ-3198": "aty",
    "KAZ-3201": "zap", "KAZ-3202": "akm", "KAZ-3203": "kar", "KAZ-3204": "sev", "KAZ-3205": "pav",
    "KAZ-3206": "vos", "KAZ-3207": "alm", "KAZ-3236": "man", "KAZ-3251": "tur", "KAZ-3252": "zha",
    "KAZ-4829": "ala", "KAZ-4830": "ast",
}  # fmt: skip


def outlines(
    path: Path, tolerance: float, known: dict[str, str] = OUTLINE_OF, fine: tuple[str, ...] = ("ala", "ast")
) -> list[dict[str, object]]:
    """Rows of outlines.csv: simplified outer rings of the regions known by their code, cities among them finer."""
    rows: list[dict[str, object]] = []
    parts: dict[str, int] = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        key = known.get(feature["properties"]["adm1_code"])
        if key is None:
            continue
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        for polygon in polygons:
            ring = [(p[0], p[1]) for p in polygon[0]]
            if abs(signed_area(ring)) < 0.004 and key not in fine:
                continue
            part = parts.get(key, 0)
            parts[key] = part + 1
            for lon, lat in simplify(ring, tolerance / 5 if key in fine else tolerance):
                rows.append({"outline": key, "part": part, "lon_deg": f"{lon:.4f}", "lat_deg": f"{lat:.4f}"})
    return rows
