"""Charts of where: a map of one hour and the first hour of every place -> charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.observe.harm import LEAST_PEOPLE
from groundswell.observe.observable import ONSET_PEOPLE

from . import frames, marks
from .projection import Albers
from .theme import (
    BLUE,
    BORDER,
    INK,
    LAND,
    MUTED,
    STEPS,
    VERMILION,
    dressed,
    standing,
    text_width,
    time_axis,
    values,
)

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
            "x": round(float(at[i, 0]), 2),
            "y": round(float(at[i, 1]), 2),
            "people": float(people[hour, i]),
            "share": SHARE_CLASSES[classes[i]],
            "name": labels[i],
        }
        for i in out
    ]
    most = 26 * width / 820
    sized = alt.Size("people:Q").scale(type="linear", domain=[0, scale_people], range=[0, np.pi * most**2], nice=False)
    layers: list[Any] = [land]
    if circles:
        spots = alt.Chart(values(circles))
        layers.append(
            spots.mark_circle(opacity=0.85, stroke=INK, strokeWidth=0.6).encode(
                longitude="x:Q",
                latitude="y:Q",
                size=sized.legend(
                    title="people on the street",
                    orient="bottom",
                    format=",d",
                    symbolFillColor="#b4bac3",
                    values=_round_steps(scale_people),
                ),
                color=alt.Color("share:N")
                .scale(domain=list(SHARE_CLASSES), range=list(STEPS))
                .legend(title=f"share of {word}", orient="bottom", columns=2),
                tooltip=["name:N", alt.Tooltip("people:Q", format=",.0f"), "share:N"],
            )
        )
        per_km = (width - 10) / np.ptp(np.concatenate([project(r[:, 0], r[:, 1]) for r in rings])[:, 0])
        for circle, radius in _labelled(circles, most, scale_people, per_km, named):
            layers.append(
                alt.Chart(values([circle]))
                .mark_text(dy=-radius - 7, fontSize=11, color=INK)
                .encode(longitude="x:Q", latitude="y:Q", text="name:N")
            )
    t_ms = frames.local_ms(history, offset_h)
    title = f"{people[hour].sum():,.0f} people on the street on {frames.when(t_ms[hour], weekday=True)}"
    subtitle = (
        f"{standing(account)}. Hour up to the local time (UTC{offset_h:+g}) named above; circle area grows "
        "with the people on the street. Equal-area map."
    )
    chart = (
        alt.layer(*layers)
        .project(type="identity", reflectY=True)
        .properties(width=width - 10, height=int(width * 0.54))
    )
    return dressed(chart, title, subtitle, width)


def _labelled(
    circles: list[dict[str, Any]], most_px: float, largest: float, per_km: float, named: int
) -> list[tuple[dict[str, Any], float]]:
    """The largest circles whose names fit without touching each other, each with its radius in pixels."""
    taken: list[tuple[float, float, float]] = []
    out: list[tuple[dict[str, Any], float]] = []
    for circle in circles:
        radius = most_px * float(np.sqrt(circle["people"] / largest))
        x, y, half = (
            circle["x"] * per_km,
            circle["y"] * per_km + radius + 7,
            text_width(circle["name"], 11) / 2 + 3,
        )
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


def onset(
    history: xr.Dataset,
    *,
    offset_h: float = 6,
    width: int = 820,
    account: str | None = None,
    region_names: Mapping[str, str] | None = None,
) -> altair.LayerChart:
    """First hour with at least 50 people on the street: one dot per place, one row per region."""
    import altair as alt

    first = frames.first_hours(history)
    owner, labels = frames.regions(history), frames.names(history, "place")
    t_ms = frames.local_ms(history, offset_h)
    people = frames.street(history)
    risen = [i for i in range(len(first)) if first[i] >= 0]
    start = {r: min((int(first[i]) for i in risen if owner[i] == r), default=10**9) for r in set(owner)}
    order = sorted((r for r in start if start[r] < 10**9), key=lambda r: (start[r], r))
    narrow = width < 520
    title_of = {r: marks.short(frames.region_name(r, region_names), 17 if narrow else 26) for r in order}
    side = 6.2 * max((len(v) for v in title_of.values()), default=8) + 16
    inner = int(width - side - 12)
    span = frames.span_of(t_ms)
    rows: list[dict[str, Any]] = []
    for i in risen:
        leads = int(first[i]) == start[owner[i]]
        rows.append(
            {
                "t": int(t_ms[first[i]]),
                "region": title_of[owner[i]],
                "place": labels[i],
                "peak": float(people[:, i].max()),
                "kind": "first in its region" if leads else "later",
                "when": frames.when(t_ms[first[i]], weekday=True),
            }
        )
    names = [title_of[r] for r in order]
    y = (
        alt.Y("region:N")
        .sort(names)
        .scale(domain=names or ["none"])
        .axis(title=None, ticks=False, domain=False, labelColor=INK, labelLimit=int(side), grid=True)
    )
    x = time_axis(alt, span, offset_h, inner)
    dots = (
        alt.Chart(values(rows))
        .mark_circle(opacity=0.6, size=70, stroke=INK, strokeWidth=0.4)
        .encode(
            x=x,
            y=y,
            color=alt.Color("kind:N")
            .scale(domain=["first in its region", "later"], range=[VERMILION, BLUE])
            .legend(title=None, orient="top"),
            order=alt.Order("kind:N").sort("descending"),
            tooltip=[
                "place:N",
                alt.Tooltip("when:N", title="local time"),
                alt.Tooltip("peak:Q", format=",.0f"),
            ],
        )
    )
    latest = {r["region"]: max(q["t"] for q in rows if q["region"] == r["region"]) for r in rows}
    said: dict[str, str] = {}
    for row in rows:
        if row["kind"] == "first in its region":
            said.setdefault(row["region"], row["place"])
    texts = [{"t": latest[r], "region": r, "n": n if narrow else f"first: {n}"} for r, n in said.items()]
    right = span[0] + 0.72 * (span[1] - span[0])
    after = alt.Chart(values([v for v in texts if v["t"] <= right])).mark_text(
        align="left", dx=9, fontSize=10.5, color=MUTED
    )
    before = alt.Chart(values([v for v in texts if v["t"] > right])).mark_text(
        align="right", dx=-9, fontSize=10.5, color=MUTED
    )
    notes = [part.encode(x=x, y=y, text="n:N") for part in (after, before)]
    never = len(first) - len(risen)
    title = f"First crowds: {len(risen)} of {len(first)} places reach {ONSET_PEOPLE} people on the street"
    subtitle = (
        f"{standing(account)}. A dot is the first hour of one place, the earliest region on top. "
        f"Not drawn: {never} places that never reach {ONSET_PEOPLE}."
    )
    return dressed(
        alt.layer(dots, *notes).properties(width=inner, height=max(24 * len(order), 40)),
        title,
        subtitle,
        width,
    )
