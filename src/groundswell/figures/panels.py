"""Small pictures of a few lines over time, all of one size and look -> charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from . import frames, marks
from .theme import BORDER, FONT, GRID, INK, MUTED, RULE, SERIES, text_width, time_axis, values

WIDTH, HEIGHT = 340, 118  # px; the same in a column of three and on a phone
LEFT, RIGHT = 46, 8
LABEL_PX = 10.5


def panel(
    t_ms: np.ndarray,
    lines: Mapping[str, np.ndarray],
    *,
    title: str,
    unit: str,
    offset_h: float = 6,
    stacked: bool = False,
    moments: Mapping[str, float] | None = None,
    level: tuple[float, str] | None = None,
    log: bool = False,
    width: int = WIDTH,
) -> Any:
    """One small picture: lines or stacked areas, with their names and largest values in a row above.

    Args:
        t_ms: (T,) end of each step, local time in ms.
        lines: name -> (T,) values.
        title, unit: what is drawn, in what.
        offset_h: zone of the local time.
        stacked: the lines are parts of a sum.
        moments: name -> hour of the run, drawn as upright lines.
        level: a value with its label, drawn across.
        log: draw 1 and 100,000 in one picture.
        width: width in pixels.
    """
    import altair as alt

    span = frames.span_of(t_ms)
    inner = width - LEFT - RIGHT
    names = list(lines)
    colour = dict(zip(names, SERIES, strict=False))
    table = np.stack([np.asarray(lines[k], float) for k in names], axis=1)
    tops = np.cumsum(table, axis=1) if stacked else table
    most = float(np.nanmax(tops, initial=0.0))
    high = max(most * 1.06, level[0] * 1.2 if level else 0.0, 1.0 if unit not in ("share", "probability") else 0.0)
    high = 1.0 if unit in ("share", "probability") else high
    x = time_axis(alt, span, offset_h, inner, title=False)
    scale = (
        alt.Scale(type="symlog", constant=10, domain=[0, high], nice=False)
        if log
        else alt.Scale(domain=[0, high], nice=False)
    )
    ticks: dict[str, Any] = {"values": [0, *(10**k for k in range(1, 7) if 10**k <= high)]} if log else {}
    axis = alt.Axis(title=None, format=_format(unit, high), domain=False, tickCount=3, **ticks)
    y = alt.Y("v:Q").scale(scale).axis(axis)
    layers = []
    for k, name in enumerate(names):
        if not table[:, k].any() and len(names) > 1:
            continue
        below = tops[:, k - 1] if stacked and k else None
        rows = _thin(t_ms, tops[:, k], below)
        drawn = alt.Chart(values(rows))
        if stacked:
            layers.append(
                drawn.mark_area(color=colour[name], opacity=0.55, line={"color": colour[name], "strokeWidth": 1})
                .encode(x=x, y=y, y2="low:Q")
            )
        else:
            layers.append(drawn.mark_line(color=colour[name], strokeWidth=1.6, clip=True).encode(x=x, y=y))
    if not layers:
        layers.append(alt.Chart(values([{"t": span[0], "v": 0}])).mark_point(opacity=0).encode(x=x, y=y))
    if level:
        across = alt.Chart(values([{"v": level[0], "n": level[1]}]))
        layers.append(across.mark_rule(color=RULE, strokeDash=[4, 3]).encode(y=y))
    layers += _moments(alt, moments or {}, span, x, inner)
    chart = alt.layer(*layers).properties(width=inner, height=HEIGHT)
    return _dressed(alt, alt.vconcat(_key(alt, names, table, stacked, colour, unit, inner), chart, spacing=4), title)


def _format(unit: str, high: float) -> str:
    if unit in ("share", "probability"):
        return ".0%"
    return ",d" if high >= 5 else ".1f"


def _thin(t_ms: np.ndarray, top: np.ndarray, below: np.ndarray | None) -> list[dict[str, Any]]:
    """Rows of a line without the inner points of level stretches."""
    low = np.zeros_like(top) if below is None else below
    both = np.stack([top, low], axis=1)
    same = (both[1:-1] == both[:-2]).all(axis=1) & (both[1:-1] == both[2:]).all(axis=1)
    keep = np.r_[True, ~same, True][: len(top)]
    out = []
    for i in np.flatnonzero(keep & np.isfinite(top)):
        row = {"t": int(t_ms[i]), "v": _short(top[i])}
        if below is not None or low[i]:
            row["low"] = _short(low[i])
        else:
            row["low"] = 0
        out.append(row)
    return out


def _short(value: float) -> float | int:
    return int(value) if float(value).is_integer() else round(float(value), 4)


def _key(
    alt: Any, names: list[str], table: np.ndarray, stacked: bool, colour: Mapping[str, str], unit: str, inner: int
) -> Any:
    """Names of the lines with their largest values, set in rows as wide as the picture."""
    rows, x, line = [], 0.0, 0
    for k, name in enumerate(names):
        most = float(np.nanmax(table[:, k], initial=0.0))
        told = f"{most:.0%}" if unit in ("share", "probability") else f"{most:,.0f}"
        text = f"{marks.short(name, 30)}: {told}"
        wide = text_width(text, LABEL_PX) + 22
        if x and x + wide > inner + LEFT:
            x, line = 0.0, line + 1
        rows.append({"px": x, "line": line, "n": text, "c": colour.get(name, MUTED)})
        x += wide
    height = 14 * (line + 1)
    base = alt.Chart(values(rows))
    across = alt.X("px:Q").scale(domain=[0, inner], nice=False).axis(None)
    down = alt.Y("line:Q").scale(domain=[line + 0.5, -0.5], nice=False).axis(None)
    hue = alt.Color("c:N").scale(None).legend(None)
    dots = base.mark_square(size=60, opacity=0.9).encode(x=across, y=down, color=hue)
    texts = base.mark_text(align="left", dx=8, fontSize=LABEL_PX, color=INK).encode(x=across, y=down, text="n:N")
    return alt.layer(dots, texts).properties(width=inner, height=height)


def _moments(alt: Any, moments: Mapping[str, float], span: tuple[int, int], x: Any, inner: int) -> list[Any]:
    """Upright lines with their names, right or left of them where there is room."""
    out = []
    for k, (name, hour) in enumerate(moments.items()):
        at = span[0] + round(hour * 3_600_000)
        if not span[0] <= at <= span[1]:
            continue
        one = alt.Chart(values([{"t": at, "n": name}]))
        right = (at - span[0]) / (span[1] - span[0]) * inner + text_width(name, LABEL_PX) + 8 < inner
        out.append(one.mark_rule(color=INK, strokeWidth=1.2, strokeDash=[5, 2]).encode(x=x))
        side: dict[str, Any] = {"align": "left", "dx": 4} if right else {"align": "right", "dx": -4}
        text = one.mark_text(**side, fontSize=LABEL_PX, color=INK, fontStyle="italic")
        out.append(text.encode(x=x, y=alt.value(8 + 13 * k), text="n:N"))
    return out


def _dressed(alt: Any, chart: Any, title: str) -> Any:
    axis = {
        "labelFont": FONT, "labelFontSize": 10, "labelColor": MUTED, "gridColor": GRID, "domainColor": BORDER,
        "tickColor": BORDER, "tickSize": 3, "labelPadding": 3,
    }  # fmt: skip
    heading = alt.TitleParams(title, anchor="start", frame="bounds", fontSize=12, font=FONT, color=INK, offset=4)
    look: dict[str, Any] = {"view": {"stroke": None}, "axis": axis, "text": {"font": FONT}}
    return chart.properties(title=heading, background="transparent", padding=2).configure(font=FONT, aria=False, **look)
