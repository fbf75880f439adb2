"""Many runs over time: median, bands and the figures of a record -> chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .theme import BLUE, INK, VERMILION, dressed, text_width, time_axis, values

BANDS = ((0.1, 0.9, 0.18), (0.25, 0.75, 0.32))
"""Lower and upper share of the runs, and how dark the band is."""

HOUR_MS = 3_600_000
HALO: dict[str, Any] = {"stroke": "white", "strokeWidth": 3.5, "strokeOpacity": 0.85}


def bands(
    runs: np.ndarray,
    start_ms: int,
    *,
    title: str,
    note: str,
    unit: str,
    offset_h: float = 6,
    hours: tuple[int, int] | None = None,
    points: Sequence[Mapping[str, Any]] = (),
    line: np.ndarray | None = None,
    line_name: str = "this run",
    quantiles: Sequence[float] | None = None,
    top: float | None = None,
    width: int = 820,
    height: int = 300,
) -> Any:
    """Median, 50 and 80 percent of many runs over time, with figures of the record as points.

    Args:
        runs: (n, H) values at whole hours; or the quantiles themselves, (Q, H), where `quantiles` names their shares.
        start_ms: local time of the end of the first hour, ms since 1970.
        title, note, unit: what is drawn, how it is read, in what.
        hours: first and last hour drawn, all if left out.
        points: dicts of hour, value, label and, where there is a range, low and high.
        line: (H,) one run on the bands, with its name.
        top: upper end of the scale; the largest value drawn if left out.
        width, height: in pixels.
    """
    import altair as alt

    a, b = hours or (0, runs.shape[1])
    wanted = [0.1, 0.25, 0.5, 0.75, 0.9]
    table = np.asarray(runs, float)[:, a:b]
    if quantiles is None:
        table = np.quantile(table, wanted, axis=0)
    else:
        at = [int(np.argmin(np.abs(np.array(quantiles) - q))) for q in wanted]
        table = table[at]
    t = [int(start_ms + h * HOUR_MS) for h in range(a, b)]
    names = [f"q{q * 100:.0f}" for q in wanted]
    hourly = table.T.round(2).tolist()
    rows = [{"t": when, **dict(zip(names, found, strict=True))} for when, found in zip(t, hourly, strict=True)]
    inner = width - 70
    span = (t[0] - HOUR_MS, t[-1])
    x = time_axis(alt, span, offset_h, inner)
    ends = [float(table[-1].max()), *(float(p.get("high", p["value"])) for p in points)]
    if line is not None:
        ends.append(float(np.max(line[a:b])))
    high = top or max(1.06 * max(ends), 1.0)
    axis = alt.Axis(title=unit, format=",d", domain=False, tickCount=5, tickMinStep=1)
    scale = alt.Scale(domain=[0, high], nice=False)
    base = alt.Chart(values(rows)).encode(x=x)
    layers = []
    for low, up, dark in BANDS:
        ends_of = f"q{low * 100:.0f}", f"q{up * 100:.0f}"
        area = base.mark_area(color=BLUE, opacity=dark, clip=True)
        layers.append(area.encode(y=alt.Y(f"{ends_of[0]}:Q").scale(scale).axis(axis), y2=f"{ends_of[1]}:Q"))
    layers.append(base.mark_line(color=BLUE, strokeWidth=1.8, clip=True).encode(y="q50:Q"))
    if line is not None:
        layers += _one_run(alt, t, np.asarray(line, float)[a:b], line_name)
    layers += _points(alt, points, start_ms, inner, span)
    return dressed(alt.layer(*layers).properties(width=inner, height=height), title, note, width)


def _one_run(alt: Any, t: Sequence[int], line: np.ndarray, name: str) -> list[Any]:
    rows = [{"t": when, "v": round(float(v), 2)} for when, v in zip(t, line, strict=True)]
    peak = rows[int(line.argmax())]
    one = alt.Chart(values(rows)).mark_line(color=VERMILION, strokeWidth=1.8, clip=True).encode(x="t:T", y="v:Q")
    mark = alt.Chart(values([{**peak, "n": name}])).encode(x="t:T", y="v:Q", text="n:N")
    look: dict[str, Any] = {"align": "left", "dx": 7, "dy": -5, "color": VERMILION, "fontSize": 11}
    return [one, mark.mark_text(**look, **HALO), mark.mark_text(**look)]


def _points(
    alt: Any, points: Sequence[Mapping[str, Any]], start_ms: int, inner: int, span: tuple[int, int]
) -> list[Any]:
    """Figures of the record: a point, its range where it has one, and its words, left and right of it in turn."""
    out = []
    for k, p in enumerate(points):
        at = int(start_ms + (float(p["hour"]) - 1) * HOUR_MS)
        row = {"t": at, "v": p["value"], "low": p.get("low", p["value"]), "high": p.get("high", p["value"])}
        chart = alt.Chart(values([{**row, "n": p["label"]}])).encode(x="t:T")
        if row["low"] != row["high"]:
            out.append(chart.mark_rule(color=INK, strokeWidth=1.4).encode(y="low:Q", y2="high:Q"))
        out.append(chart.mark_point(color=INK, filled=True, size=64, shape="diamond", opacity=1).encode(y="v:Q"))
        left = (at - span[0]) / (span[1] - span[0]) * inner
        wide = text_width(str(p["label"]), 11) + 12
        right = left + wide < inner and (k % 2 == 1 or left < wide)
        side: dict[str, Any] = {"align": "left", "dx": 9} if right else {"align": "right", "dx": -9}
        for edge in (HALO, {}):
            text = chart.mark_text(**side, color=INK, fontSize=11, baseline="middle", **edge)
            out.append(text.encode(y="v:Q", text="n:N"))
    return out
