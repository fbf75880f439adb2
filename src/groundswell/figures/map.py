"""The map of one hour -> chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.observe.harm import LEAST_PEOPLE
from groundswell.observe.window import ONSET_PEOPLE

from . import frames
from .grammar import key
from .projection import Albers
from .theme import BORDER, INK, LAND, STEPS, dressed, standing, text_width, values

if TYPE_CHECKING:
    import altair
    import xarray as xr

SHARE_EDGES = (0.001, 0.01, 0.05)
SHARE_CLASSES = ("under 0.1 %", "0.1 to 1 %", "1 to 5 %", "over 5 %")


def map_at(
    history: xr.Dataset,
    outlines: Mapping[str, Sequence[np.ndarray]],
    hour: int,
    *,
    offset_h: float = 6,
    width: int = 820,
    account: str | None = None,
    named: int = 6,
) -> altair.LayerChart:
    """Map of one hour: circle area grows with the people on the street, colour tells the share of adults."""
    import altair as alt

    people = frames.street(history)
    scale_people = max(float(people.max()), 1.0)
    base, word = frames.adults(history)
    share = np.divide(people[hour], base, out=np.zeros_like(base), where=base > 0)
    classes = np.digitize(share, SHARE_EDGES)
    rings = [np.asarray(r, dtype=np.float64) for parts in outlines.values() for r in parts]
    project = Albers.around(rings)
    shapes = [_feature(region, [project(r[:, 0], r[:, 1]) for r in parts]) for region, parts in outlines.items()]
    land = alt.Chart(values(shapes)).mark_geoshape(fill=LAND, stroke=BORDER, strokeWidth=0.8)
    at = project(history.coords["lon_deg"].values, history.coords["lat_deg"].values)
    labels = frames.names(history, "place")
    out = [i for i in np.argsort(-people[hour]).tolist() if people[hour, i] >= LEAST_PEOPLE]
    circles = [
        {
            "x": round(float(at[i, 0]), 2), "y": round(float(at[i, 1]), 2), "people": float(people[hour, i]),
            "share": SHARE_CLASSES[classes[i]], "name": labels[i],
        }
        for i in out
    ]  # fmt: skip
    most = 26 * width / 820
    sized = alt.Size("people:Q").scale(type="linear", domain=[0, scale_people], range=[0, np.pi * most**2], nice=False)
    layers: list[Any] = [land]
    if circles:
        size = sized.legend(
            title="people on the street", orient="bottom", format=",d", symbolFillColor="#b4bac3",
            values=_round_steps(scale_people),
        )  # fmt: skip
        spots = alt.Chart(values(circles)).mark_circle(opacity=0.85, stroke=INK, strokeWidth=0.6).encode(
            longitude="x:Q", latitude="y:Q", size=size,
            color=key("share", SHARE_CLASSES, STEPS, title=f"share of {word}", orient="bottom", columns=2),
            tooltip=["name:N", alt.Tooltip("people:Q", format=",.0f"), "share:N"],
        )  # fmt: skip
        layers.append(spots)
        per_km = (width - 10) / np.ptp(np.concatenate([project(r[:, 0], r[:, 1]) for r in rings])[:, 0])
        for circle, radius in _labelled(circles, most, scale_people, per_km, named):
            name = alt.Chart(values([circle])).mark_text(dy=-radius - 7, fontSize=11, color=INK)
            layers.append(name.encode(longitude="x:Q", latitude="y:Q", text="name:N"))
    t_ms = frames.local_ms(history, offset_h)
    title = f"{people[hour].sum():,.0f} people on the street on {frames.when(t_ms[hour], weekday=True)}"
    said = f"{standing(account)}. Hour up to the local time (UTC{offset_h:+g}) named above; circle area grows "
    said += "with the people on the street. Equal-area map."
    chart = alt.layer(*layers).project(type="identity", reflectY=True)
    return dressed(chart.properties(width=width - 10, height=int(width * 0.54)), title, said, width)


def _labelled(
    circles: list[dict[str, Any]], most_px: float, largest: float, per_km: float, named: int
) -> list[tuple[dict[str, Any], float]]:
    """The largest circles whose names fit without touching each other, each with its radius in pixels."""
    taken: list[tuple[float, float, float]] = []
    out: list[tuple[dict[str, Any], float]] = []
    for circle in circles:
        radius = most_px * float(np.sqrt(circle["people"] / largest))
        x, y = circle["x"] * per_km, circle["y"] * per_km + radius + 7
        half = text_width(circle["name"], 11) / 2 + 3
        free = all(abs(y - b) > 13 or abs(x - a) > half + h for a, b, h in taken)
        if circle["people"] >= ONSET_PEOPLE and free and len(out) < named:
            taken.append((x, y, half))
            out.append((circle, radius))
    return out


def _feature(region: str, rings: Sequence[np.ndarray]) -> dict[str, Any]:
    closed = [np.round(np.vstack([r, r[:1]]), 2).tolist() for r in rings]
    return {
        "type": "Feature",
        "properties": {"region": region},
        "geometry": {"type": "MultiPolygon", "coordinates": [[r] for r in closed]},
    }


def _round_steps(largest: float) -> list[float]:
    top = 10 ** np.floor(np.log10(max(largest, 10.0)))
    return [float(v) for v in (top / 10, top) if v >= 1]
