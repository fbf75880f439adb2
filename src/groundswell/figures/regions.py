"""Turnout by region and hour, with the windows of the texts' dated statements -> chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.observe.observable import ONSET_PEOPLE

from . import frames, marks
from .theme import INK, STEPS, VERMILION, dressed, standing, time_axis, values

if TYPE_CHECKING:
    import altair
    import xarray as xr

EDGES = (10, 100, 1_000, 10_000)
CLASSES = ("10 to 99", "100 to 999", "1,000 to 9,999", "10,000 and more")
KINDS = ("onset", "crowd", "spread")  # statements about turnout


def turnout_by_region(
    history: xr.Dataset,
    chronology: Sequence[Mapping[str, Any]] = (),
    *,
    offset_h: float = 6,
    width: int = 980,
    account: str | None = None,
    region_names: Mapping[str, str] | None = None,
    places: Mapping[str, str] | None = None,
) -> altair.LayerChart:
    """One row for each region: people on the street in classes, hour by hour; a frame is a dated statement's window.

    A full frame is met in this run, a broken one is not. A statement about several regions frames each of them.

    Args:
        history: a run's history.
        chronology: scored statements: dicts of kind, scope, start_h, end_h, result.
        offset_h: zone of the local time.
        width: width in pixels.
        account: the run's account.
        region_names: id -> name.
        places: id of a place -> id of its region; taken from the history where left out.
    """
    import altair as alt

    t_ms = frames.local_ms(history, offset_h)
    span = frames.span_of(t_ms)
    lines = frames.by_region(history)
    of = dict(places or zip(history["place"].values.tolist(), frames.regions(history).tolist(), strict=True))
    first = {r: int((lines[r] >= ONSET_PEOPLE).argmax()) for r in lines if lines[r].max() >= ONSET_PEOPLE}
    order = sorted(lines, key=lambda r: (first.get(r, 10**6), -lines[r].max()))
    narrow = width < 520
    name = {r: marks.short(frames.region_name(r, region_names), 17 if narrow else 26) for r in order}
    side = 6.2 * max((len(v) for v in name.values()), default=8) + 16
    inner = int(width - side - 12)
    cells = []
    for r in order:
        for a, b, level in frames.runs(np.digitize(lines[r], EDGES)):
            if level:
                cells.append(
                    {"r": name[r], "t": int(t_ms[a]) - 3_600_000, "e": int(t_ms[b - 1]), "c": CLASSES[level - 1]}
                )
    boxes = []
    for row in chronology:
        if row.get("kind") not in KINDS or row.get("result") not in ("met", "not met"):
            continue
        parts = str(row["scope"]).split(";")
        touched = set(order) if "*" in parts else {of.get(p, p) for p in parts} & set(order)
        ends = [span[0] + round(max(float(row[k]), 0.0) * 3_600_000) for k in ("start_h", "end_h")]
        boxes += [{"r": name[r], "t": ends[0], "e": ends[1], "met": row["result"] == "met"} for r in sorted(touched)]
    names = [name[r] for r in order]
    x = time_axis(alt, span, offset_h, inner)
    y = (
        alt.Y("r:N")
        .sort(names)
        .scale(domain=names or ["none"])
        .axis(title=None, ticks=False, domain=False, labelColor=INK, labelLimit=int(side), grid=True)
    )
    hue = (
        alt.Color("c:N")
        .scale(domain=list(CLASSES), range=list(STEPS))
        .legend(title="people on the street", orient="top", direction="horizontal", columns=2 if narrow else 4)
    )
    layers = [alt.Chart(values(cells)).mark_bar(height={"band": 0.7}).encode(x=x, x2="e:T", y=y, color=hue)]
    for full, dash in ((True, [1, 0]), (False, [3, 3])):
        mine = [b for b in boxes if b["met"] == full]
        if mine:
            frame = alt.Chart(values(mine)).mark_bar(
                height={"band": 0.95}, fillOpacity=0.0, stroke=INK if full else VERMILION, strokeWidth=1.1,
                strokeDash=dash,
            )  # fmt: skip
            layers.append(frame.encode(x=x, x2="e:T", y=y))
    met = sum(b["met"] for b in boxes)
    note = f" Frames are windows of dated statements on turnout: {met} full (met), {len(boxes) - met} broken (not met)."
    return dressed(
        alt.layer(*layers).properties(width=inner, height=max(22 * len(order), 40)),
        "People on the street by region and hour",
        f"{standing(account)}. Regions in order of their first crowd.{note if boxes else ''}",
        width,
    )
