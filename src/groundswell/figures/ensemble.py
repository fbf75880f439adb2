"""Many runs in one picture: bands over time, a table of colours by region and day, ranges, and shares met -> charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import marks
from .theme import BLUE, GREEN, GRID, INK, MUTED, SKY, STEPS, VERMILION, dressed, text_width, time_axis, values

BANDS = ((0.1, 0.9, 0.18), (0.25, 0.75, 0.32))
"""Lower and upper share of the runs, and how dark the band is."""

HOUR_MS = 3_600_000
LEAST_CELL = 30
"""Pixels that a number needs in a table of colours."""
HALO: dict[str, Any] = {"stroke": "white", "strokeWidth": 3.5, "strokeOpacity": 0.85}
USES = {"fit": BLUE, "check": VERMILION, "neither": MUTED}


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
    names = ["q10", "q25", "q50", "q75", "q90"]
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


def by_day(
    table: np.ndarray, regions: Sequence[str], days: Sequence[str], *, title: str, note: str, width: int = 820
) -> Any:
    """Numbers by region and day as a table of colours (D, R), each with its number where there is room for it."""
    import altair as alt

    def row(day: str, region: str, v: float) -> dict[str, Any]:
        thousands = f"{v / 1_000:,.1f}k" if v < 10_000 else f"{v / 1_000:,.0f}k"
        told = "" if v < 10 else f"{v:,.0f}" if v < 1_000 else thousands
        return {"d": day, "r": region, "v": v, "n": told, "dark": v > 3_000}

    rows = [row(d, r, float(table[i, k])) for i, d in enumerate(days) for k, r in enumerate(regions)]
    side = 6.4 * max(len(r) for r in regions) + 16
    inner = int(width - side - 20)
    hue = (
        alt.Color("v:Q")
        .scale(type="symlog", constant=30, domain=[0, max(float(table.max()), 10.0)], range=["#fff8e6", *STEPS[1::2]])
        .legend(None)
    )
    x = alt.X("d:N").sort(list(days)).axis(title=None, orient="top", labelAngle=0, ticks=False, domain=False)
    left = alt.Axis(title=None, ticks=False, domain=False, labelColor=INK, labelLimit=int(side))
    y = alt.Y("r:N").sort(list(regions)).axis(left)
    base = alt.Chart(values(rows)).encode(x=x, y=y)
    cells = base.mark_rect(stroke="white", strokeWidth=1).encode(color=hue)
    ink = alt.Color("dark:N").scale(domain=[False, True], range=[INK, "#ffffff"]).legend(None)
    numbers = alt.Chart(values([r for r in rows if r["n"]])).mark_text(fontSize=10.5)
    text = numbers.encode(x=x, y=y, text="n:N", color=ink)
    layers = [cells, text] if inner / max(len(days), 1) >= LEAST_CELL else [cells]
    grid = alt.layer(*layers).resolve_scale(color="independent").properties(width=inner, height=21 * len(regions))
    return dressed(grid, title, note, width)


def ranges(
    rows: Sequence[Mapping[str, Any]], *, title: str, note: str, unit: str, log: bool = True, width: int = 820
) -> Any:
    """What runs have, from 10 to 90 percent with the median, beside what sources say; one row each.

    Args:
        rows: dicts of name, low, middle, high (runs), side (colour), said_low and said_high (sources; None: open, or
            no figure where both are None).
        title, note, unit: what is drawn, how it is read, in what.
        log: a scale on which 1 and 10,000 are both seen.
        width: in pixels.
    """
    import altair as alt

    side = min(6.2 * max(len(str(r["name"])) for r in rows) + 16, 0.5 * width)
    inner = int(width - side - 20)
    found = [r[k] for r in rows for k in ("high", "said_low", "said_high") if r.get(k) is not None]
    most = max([1.0, *map(float, found)]) * (1.5 if log else 1.08)
    scale: dict[str, Any] = {"type": "symlog", "constant": 3} if log else {}
    ticks: dict[str, Any] = {"values": [0, *(10**k for k in range(8) if 10**k <= most)]} if log else {"tickCount": 5}
    x = alt.Scale(domain=[0, most], nice=False, **scale)
    axis = alt.Axis(title=unit, format=",d", grid=True, domain=False, **ticks)
    names = [marks.short(str(r["name"]), int(side / 6.0)) for r in rows]
    sides = list(dict.fromkeys(str(r.get("side", "")) for r in rows))
    hue = (
        alt.Color("s:N")
        .scale(domain=sides, range=[BLUE, VERMILION, GREEN, SKY][: len(sides)])
        .legend(None if len(sides) < 2 else alt.Legend(title=None, orient="top"))
    )
    y = alt.Y("n:N").sort(names).axis(title=None, ticks=False, domain=False, labelColor=INK, labelLimit=int(side))
    own = [
        {"n": n, "a": r["low"], "b": r["high"], "m": r["middle"], "s": str(r.get("side", ""))}
        for n, r in zip(names, rows, strict=True)
    ]
    base = alt.Chart(values(own)).encode(y=y)
    layers = [
        base.mark_bar(height=9, opacity=0.45).encode(x=alt.X("a:Q").scale(x).axis(axis), x2="b:Q", color=hue),
        base.mark_tick(thickness=2.2, size=13).encode(x=alt.X("m:Q").scale(x), color=hue),
    ]
    layers += _said(alt, names, rows, y, x, most)
    chart = alt.layer(*layers).properties(width=inner, height=max(21 * len(rows), 40))
    return dressed(chart, title, note, width)


def _said(alt: Any, names: Sequence[str], rows: Sequence[Mapping[str, Any]], y: Any, x: Any, most: float) -> list[Any]:
    """What sources say: a diamond for a figure, a line for a range, an arrow where it is open above."""
    lines, points, arrows = [], [], []
    for n, r in zip(names, rows, strict=True):
        low, high = r.get("said_low"), r.get("said_high")
        if low is None and high is None:
            continue
        points += [{"n": n, "v": v} for v in dict.fromkeys((low, high)) if v is not None]
        lines.append({"n": n, "a": 0 if low is None else low, "b": most if high is None else high})
        if high is None:
            arrows.append({"n": n, "v": most})
    out = []
    if lines:
        rule = alt.Chart(values(lines)).mark_rule(color=INK, strokeWidth=1.2)
        out.append(rule.encode(y=y, x=alt.X("a:Q").scale(x), x2="b:Q"))
        dots = alt.Chart(values(points)).mark_point(shape="diamond", filled=True, color=INK, size=46, opacity=1)
        out.append(dots.encode(y=y, x=alt.X("v:Q").scale(x)))
    if arrows:
        tip = alt.Chart(values(arrows)).mark_point(shape="triangle-right", filled=True, color=INK, size=40, opacity=1)
        out.append(tip.encode(y=y, x=alt.X("v:Q").scale(x)))
    return out


def shares_met(rows: Sequence[Mapping[str, Any]], *, title: str, note: str, width: int = 980) -> Any:
    """Share of the runs that meet each statement, fitted and kept back side by side.

    Args:
        rows: dicts of statement, share, use ("fit", "check" or "neither"), source.
        title, note: what is drawn, how it is read.
        width: in pixels.
    """
    import altair as alt

    panels = []
    uses = [use for use in USES if any(r["use"] == use for r in rows)]
    each = int(width / max(len(uses), 1)) - 8
    letters = int((each - 75) / 4.6)
    for use in uses:
        mine = sorted((r for r in rows if r["use"] == use), key=lambda r: -float(r["share"]))
        names = [_sourced(str(r["statement"]), str(r["source"]), letters) for r in mine]
        names = [name if names.index(name) == i else f"{name}{' ' * i}" for i, name in enumerate(names)]
        table = [{"n": n, "v": float(r["share"]), "p": f"{r['share']:.0%}"} for n, r in zip(names, mine, strict=True)]
        y = alt.Y("n:N").sort(names).axis(None)
        top = alt.Axis(title=None, format=".0%", values=[0, 0.5, 1], orient="top", domain=False)
        x = alt.X("v:Q").scale(domain=[0, 1.0]).axis(top)
        base = alt.Chart(values(table)).encode(y=y)
        bar = base.mark_bar(height=5, color=USES[use], opacity=0.8, yOffset=6).encode(x=x)
        words = base.mark_text(align="left", dx=0, dy=-4, fontSize=10, color=INK).encode(x=alt.value(0), text="n:N")
        share = base.mark_text(align="right", dy=-4, fontSize=10, color=MUTED)
        share = share.encode(x=alt.value(each - 30), text="p:N")
        half = alt.Chart(values([{"v": 0.5}])).mark_rule(color=GRID).encode(x="v:Q")
        met = sum(float(r["share"]) >= 0.5 for r in mine)
        heading = {"fit": "Fitted", "check": "Kept back", "neither": "Neither"}[use]
        head = alt.TitleParams(
            f"{heading}: {met} of {len(mine)} in half or more", anchor="start", fontSize=12, color=USES[use], offset=6
        )
        panels.append(alt.layer(half, bar, words, share).properties(width=each - 30, height=22 * len(mine), title=head))
    return dressed(alt.hconcat(*panels, spacing=36).resolve_scale(y="independent"), title, note, width)


def _sourced(statement: str, source: str, letters: int) -> str:
    return f"{marks.short(statement, letters - len(source) - 3)} ({source})"
