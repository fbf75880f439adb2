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
    shares = unit in ("share", "probability")
    table = {name: np.asarray(line, float) for name, line in lines.items()}
    most = {name: float(np.nanmax(line, initial=0.0)) for name, line in table.items()}
    told = {name: marks.short(name, 46) if shares else f"{marks.short(name, 30)}: {most[name]:,.0f}" for name in table}
    rows: list[dict[str, Any]] = []
    floor = np.zeros(len(t_ms))
    for name, line in table.items():
        if stacked:
            rows += _thin(t_ms, floor + line, told[name], floor)
            floor = floor + line
        elif most[name] > 0 or len(table) == 1:
            rows += _thin(t_ms, line, told[name])
    largest = float(floor.max(initial=0.0)) if stacked else max(most.values(), default=0.0)
    room = 1.2 if moments else 1.06  # for the names of moments
    high = room if shares else max(largest * room, level[0] * 1.2 if level else 0.0, 1.0)
    x = time_axis(alt, span, offset_h, inner, title=False)
    scale: dict[str, Any] = {"type": "symlog", "constant": 10} if log else {}
    ticks: dict[str, Any] = {"tickCount": 3} if shares else {"tickCount": 3, "tickMinStep": 1}
    if log or shares:
        ticks["values"] = [0, 0.5, 1] if shares else [0, *(10**k for k in range(1, 7) if 10**k <= high)]
    axis = alt.Axis(title=None, format=".0%" if shares else ",d", domain=False, **ticks)
    y = alt.Y("v:Q").scale(domain=[0, high], nice=False, **scale).axis(axis)
    names = list(told.values())
    hue = (
        alt.Color("k:N")
        .scale(domain=names, range=list(SERIES[: len(names)]))
        .legend(title=None, orient="top", direction="horizontal", columns=_columns(names, inner),
                symbolType="square" if stacked else "stroke", symbolSize=60 if stacked else 140,
                symbolStrokeWidth=0 if stacked else 3, labelFontSize=LABEL_PX, labelLimit=inner, rowPadding=1,
                columnPadding=10, offset=4)
    )  # fmt: skip
    base = alt.Chart(values(rows))
    if stacked:
        layers = [base.mark_area(opacity=0.6).encode(x=x, y=y, y2="low:Q", color=hue)]
    else:
        layers = [base.mark_line(strokeWidth=1.6, clip=True).encode(x=x, y=y, color=hue)]
    if level:
        across = alt.Chart(values([{"v": level[0]}])).mark_rule(color=RULE, strokeDash=[4, 3])
        layers.append(across.encode(y="v:Q"))
    layers += _moments(alt, moments or {}, span, inner)
    heading = alt.TitleParams(title, anchor="start", frame="bounds", fontSize=12, font=FONT, color=INK, offset=4)
    look: dict[str, Any] = {
        "view": {"stroke": None}, "text": {"font": FONT}, "legend": {"labelFont": FONT, "labelColor": INK},
        "axis": {
            "labelFont": FONT, "labelFontSize": 10, "labelColor": MUTED, "gridColor": GRID, "domainColor": BORDER,
            "tickColor": BORDER, "tickSize": 3, "labelPadding": 3,
        },
    }  # fmt: skip
    box: dict[str, Any] = {"title": heading, "background": "transparent", "padding": 2, "width": inner}
    return alt.layer(*layers).properties(height=HEIGHT, **box).configure(font=FONT, aria=False, **look)


def _columns(names: list[str], inner: int) -> int:
    """Columns of the key: as many as fit, by its longest name."""
    longest = max((text_width(name, LABEL_PX) for name in names), default=1.0) + 30
    return int(np.clip((inner + LEFT) // longest, 1, max(len(names), 1)))


def _thin(t_ms: np.ndarray, top: np.ndarray, name: str, low: np.ndarray | None = None) -> list[dict[str, Any]]:
    """Rows of a line without the inner points of level stretches."""
    both = np.stack([top, np.zeros_like(top) if low is None else low], axis=1)
    same = (both[1:-1] == both[:-2]).all(axis=1) & (both[1:-1] == both[2:]).all(axis=1)
    keep = np.r_[True, ~same, True][: len(top)] & np.isfinite(top)
    rows = ({"t": int(t_ms[i]), "v": _short(top[i]), "k": name} for i in np.flatnonzero(keep))
    if low is None:
        return list(rows)
    return [{**row, "low": _short(low[i])} for row, i in zip(rows, np.flatnonzero(keep), strict=True)]


def _short(value: float) -> float | int:
    return int(value) if float(value).is_integer() else round(float(value), 4)


def _moments(alt: Any, moments: Mapping[str, float], span: tuple[int, int], inner: int) -> list[Any]:
    """Upright lines with their names, right or left of them where there is room."""
    out = []
    for name, hour in moments.items():
        at = span[0] + round(hour * 3_600_000)
        if not span[0] <= at <= span[1]:
            continue
        one = alt.Chart(values([{"t": at, "n": name}])).encode(x="t:T")
        right = (at - span[0]) / (span[1] - span[0]) * inner + text_width(name, LABEL_PX) + 8 < inner
        side: dict[str, Any] = {"align": "left", "dx": 4} if right else {"align": "right", "dx": -4}
        out.append(one.mark_rule(color=INK, strokeWidth=1.2, strokeDash=[5, 2]))
        text = one.mark_text(**side, fontSize=LABEL_PX, color=INK, fontStyle="italic")
        out.append(text.encode(y=alt.value(8 + 13 * (len(out) // 2)), text="n:N"))
    return out
