"""What the map needs: projected outlines, places and their hours -> whole numbers for the browser."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.figures import frames, marks
from groundswell.figures.projection import Albers
from groundswell.observe.harm import LEAST_PEOPLE
from groundswell.observe.window import ONSET_PEOPLE

from .data import ReportData

if TYPE_CHECKING:
    import xarray as xr

WIDTH = 1000  # of the map's own coordinates
MARGIN = 14
CIRCLE = 34  # radius of the largest circle of the run, in the map's coordinates


def guarded(people: np.ndarray) -> np.ndarray:
    """Whole numbers with every count from 1 to 9 replaced by 1, which stands for "under 10"."""
    whole = np.rint(np.nan_to_num(people)).astype(np.int64)
    return np.where((whole > 0) & (whole < LEAST_PEOPLE), 1, np.maximum(whole, 0))


def deltas(line: np.ndarray) -> list[int]:
    """First hour that is not zero, then the differences from hour to hour up to the last such hour."""
    seen = np.flatnonzero(line)
    if not len(seen):
        return []
    part = line[seen[0] : seen[-1] + 1]
    return [int(seen[0]), *np.diff(part, prepend=0).tolist()]


def steps(line: np.ndarray) -> list[int]:
    """A running total as pairs of hour and value, one pair for each change."""
    change = np.flatnonzero(np.diff(line, prepend=0))
    return [int(v) for hour in change for v in (hour, line[hour])]


def outline_paths(
    outlines: Mapping[str, Sequence[np.ndarray]], history: xr.Dataset
) -> tuple[Albers, dict[str, str], dict[str, float]]:
    """The projection, an SVG path per region and the frame (scale, left, top, height) of the map."""
    rings = [np.asarray(r, dtype=np.float64) for parts in outlines.values() for r in parts]
    if not rings:
        coords = history.coords
        rings = [np.stack([coords["lon_deg"].values, coords["lat_deg"].values], axis=1)]
    project = Albers.around(rings)
    points = np.concatenate([project(r[:, 0], r[:, 1]) for r in rings])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (WIDTH - 2 * MARGIN) / max(high[0] - low[0], 1e-9)
    frame = {
        "scale": scale,
        "left": low[0],
        "top": high[1],
        "height": (high[1] - low[1]) * scale + 2 * MARGIN,
    }
    paths = {}
    for region, parts in outlines.items():
        pieces = []
        for ring in parts:
            at = to_page(project, frame, np.asarray(ring, dtype=np.float64))
            keep = np.r_[True, np.abs(np.diff(at, axis=0)).max(axis=1) > 0.3]
            pieces.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in at[keep]) + "Z")
        paths[region] = "".join(pieces)
    return project, paths, frame


def to_page(project: Albers, frame: dict[str, float], lon_lat: np.ndarray) -> np.ndarray:
    """Longitude and latitude as the map's own coordinates, y downwards."""
    km = project(lon_lat[:, 0], lon_lat[:, 1])
    x = MARGIN + (km[:, 0] - frame["left"]) * frame["scale"]
    y = MARGIN + (frame["top"] - km[:, 1]) * frame["scale"]
    return np.stack([x, y], axis=1)


def national(data: ReportData) -> dict[str, list[int]]:
    """Whole-country lines, hour by hour: on the street, held, and running totals of arrested and injured."""
    history = data.history
    lines = {"street": frames.total(history, "on_street")}
    for key, variable, summed in (
        ("held", "held", False),
        ("arrested", "arrested", True),
        ("injured", "injured", True),
        ("dead", "dead", True),
    ):
        if variable in history:
            line = frames.total(history, variable)
            lines[key] = np.cumsum(line) if summed else line
    return {key: np.rint(np.nan_to_num(line)).astype(int).tolist() for key, line in lines.items()}


def place_rows(data: ReportData, project: Albers, frame: dict[str, float]) -> list[dict[str, Any]]:
    """One record for each place that ever has people on the street."""
    history = data.history
    people = guarded(frames.street(history))
    coords = history.coords
    at = to_page(project, frame, np.stack([coords["lon_deg"].values, coords["lat_deg"].values], axis=1).astype(float))
    base, _ = frames.adults(history)
    names, owner = frames.names(history, "place"), frames.regions(history)
    population = coords["population"].values if "population" in coords else base
    arrested = None
    if "arrested" in history:
        arrested = guarded(np.cumsum(history["arrested"].transpose("time", "place").values, axis=0))
    rows = []
    for i in np.argsort(-people.max(axis=0), kind="stable").tolist():
        if people[:, i].max() > 0:
            rows.append(
                {
                    "i": str(coords["place"].values[i]),
                    "n": names[i],
                    "r": frames.region_name(owner[i], data.region_names),
                    "x": round(float(at[i, 0]), 1),
                    "y": round(float(at[i, 1]), 1),
                    "p": int(population[i]),
                    "a": int(base[i]),
                    "s": deltas(people[:, i]),
                    "c": [] if arrested is None else steps(arrested[:, i]),
                }
            )
    return rows


def shown_measures(data: ReportData, hours: int) -> list[dict[str, Any]]:
    """Used measures that begin within the run, in order of time, each label once."""
    return [
        {"h": round(m.hour, 2), "l": m.label}
        for m in sorted(marks.chosen(data.measures, (0.0, float(hours))), key=lambda m: m.hour)
    ]


def map_data(data: ReportData) -> tuple[dict[str, Any], dict[str, str], float]:
    """Everything the page script reads, the outline paths, and the height of the map."""
    project, paths, frame = outline_paths(data.outlines, data.history)
    start = frames.span_of(frames.local_ms(data.history, data.main_utc_offset_h))[0]
    rows = place_rows(data, project, frame)
    whole = national(data)
    _, word = frames.adults(data.history)
    largest = max((max(np.cumsum(r["s"][1:])) for r in rows), default=1)
    packed = {
        "start": start,
        "zone": f"UTC{data.main_utc_offset_h:+g}",
        "hours": len(whole["street"]),
        "word": word,
        "largest": int(largest),
        "circle": CIRCLE,
        "width": WIDTH,
        "height": round(frame["height"]),
        "country": whole,
        "measures": shown_measures(data, len(whole["street"])),
        "places": rows,
        "onset": ONSET_PEOPLE,
    }
    return packed, paths, frame["height"]


def script_json(value: Any) -> str:
    """JSON that is safe inside a script element: no character there can end the element or open a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for bad, good in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(bad, good)
    return text
