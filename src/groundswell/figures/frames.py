"""Plain rows for charts from a run's history: local times, names and sums -> lists of numbers and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.observe.window import ONSET_PEOPLE

if TYPE_CHECKING:
    import xarray as xr

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def local_ms(history: xr.Dataset, offset_h: float) -> np.ndarray:
    """End of each hour as milliseconds of local clock time (time,)."""
    utc = history["time"].values.astype("datetime64[ms]").astype(np.int64)
    return utc + round(offset_h * 3_600_000)


def span_of(t_ms: np.ndarray) -> tuple[int, int]:
    """First and last moment of an axis: from the start of the first step to the end of the last."""
    step = int(t_ms[1] - t_ms[0]) if len(t_ms) > 1 else 3_600_000
    return int(t_ms[0]) - step, int(t_ms[-1])


def ms_of(local: str) -> int:
    """A local ISO time as ms since 1970, read as if it were UTC."""
    return int(np.datetime64(local.replace(" ", "T"), "ms").astype(np.int64))


def when(ms: int, weekday: bool = False) -> str:
    """Writes a local moment as `5 Jan 18:00`, or `Wed 5 Jan 18:00`."""
    stamp = np.datetime64(int(ms), "ms").astype("datetime64[m]").item()
    text = f"{stamp.day} {MONTHS[stamp.month - 1]} {stamp.hour:02d}:{stamp.minute:02d}"
    return f"{DAYS[stamp.weekday()]} {text}" if weekday else text


def names(history: xr.Dataset, dim: str) -> list[str]:
    """Names along a dimension: its name coordinate where there is one, else its ids made readable."""
    for coord in (f"{dim}_name", "name"):
        if coord in history.coords and history.coords[coord].dims == (dim,):
            return [str(v) for v in history.coords[coord].values]
    return [str(v).replace("-", " ").replace("_", " ").capitalize() for v in history[dim].values]


def region_name(region: str, region_names: Mapping[str, str] | None) -> str:
    """Name of a region: the given one, else its id made readable."""
    given = (region_names or {}).get(region)
    return given if given else region.replace("-", " ").title()


def regions(history: xr.Dataset) -> np.ndarray:
    """Region id of every place (place,)."""
    return history.coords["region"].values.astype(str)


def street(history: xr.Dataset) -> np.ndarray:
    """People on the street (time, place) as floats, in that order of dimensions."""
    return history["on_street"].transpose("time", "place").values.astype(np.float64)


def by_region(history: xr.Dataset) -> dict[str, np.ndarray]:
    """People on the street summed over the places of each region: region id -> (time,)."""
    people, owner = street(history), regions(history)
    return {r: people[:, owner == r].sum(axis=1) for r in sorted(set(owner))}


def total(history: xr.Dataset, variable: str) -> np.ndarray:
    """A variable summed over places, hour by hour (time,)."""
    return history[variable].sum("place").values.astype(np.float64)


def first_hours(history: xr.Dataset, people: float = ONSET_PEOPLE) -> np.ndarray:
    """First hour with at least so many people on the street (place,); -1 where that never happens."""
    over = street(history) >= people
    return np.where(over.any(axis=0), over.argmax(axis=0), -1)


def adults(history: xr.Dataset) -> tuple[np.ndarray, str]:
    """People a share is taken of (place,) and their word: adults where the history has them."""
    for coord, word in (("adults", "adults"), ("population", "inhabitants")):
        if coord in history.coords:
            return history.coords[coord].values.astype(np.float64), word
    raise KeyError("the history has neither 'adults' nor 'population' along 'place'")


def runs(classes: np.ndarray) -> list[tuple[int, int, int]]:
    """Stretches of equal value: (first index, index after the last, value) for each."""
    cuts = np.flatnonzero(np.diff(classes)) + 1
    edges = [0, *cuts.tolist(), len(classes)]
    return [(a, b, int(classes[a])) for a, b in zip(edges[:-1], edges[1:], strict=True)]


def spread(positions: list[float], gap: float, low: float, high: float) -> list[float]:
    """Moves label positions apart to at least `gap`, keeping their order and staying near [low, high]."""
    order = np.argsort(positions, kind="stable")
    moved = [float(positions[i]) for i in order]
    for k in range(1, len(moved)):
        moved[k] = max(moved[k], moved[k - 1] + gap)
    if moved:
        moved[-1] = min(moved[-1], max(high, low + gap * (len(moved) - 1)))
    for k in range(len(moved) - 2, -1, -1):
        moved[k] = min(moved[k], moved[k + 1] - gap)
    out = [0.0] * len(moved)
    for place, value in zip(order, moved, strict=True):
        out[int(place)] = value
    return out


def series_rows(t_ms: np.ndarray, line: np.ndarray, **fixed: Any) -> list[dict[str, Any]]:
    """One row per hour of a line: t, v and what is the same for all of them; missing values are left out."""
    return [{"t": int(t), "v": round(float(v), 4), **fixed} for t, v in zip(t_ms, line, strict=True) if np.isfinite(v)]
