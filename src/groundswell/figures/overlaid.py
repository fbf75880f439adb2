"""Two runs in one picture: a course of each, one over the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .theme import BLUE, VERMILION, dressed, time_axis, values

HOUR_MS = 3_600_000


def overlaid(
    a: np.ndarray,
    b: np.ndarray,
    start_ms: int,
    *,
    names: Sequence[str],
    title: str,
    unit: str,
    note: str = "",
    offset_h: float = 6,
    width: int = 820,
    height: int = 240,
) -> Any:
    """A course of two runs over local time.

    Args:
        a, b: (H,) values at the ends of whole hours.
        start_ms: local time of the end of the first hour, ms since 1970.
        names: of the first run and of the second.
        title, unit, note: what is drawn, in what, how it is read.
        width, height: in pixels.
    """
    import altair as alt

    inner = width - 70
    lines = zip(names, (a, b), strict=True)
    rows = [
        {"t": int(start_ms + h * HOUR_MS), "v": round(float(v), 2), "n": name}
        for name, line in lines for h, v in enumerate(line)
    ]  # fmt: skip
    span = (int(start_ms - HOUR_MS), int(start_ms + (max(len(a), len(b)) - 1) * HOUR_MS))
    axis = alt.Axis(title=unit, format=",d", domain=False, tickCount=5, tickMinStep=1)
    hue = alt.Color("n:N").scale(domain=list(names), range=[BLUE, VERMILION])
    chart = (
        alt.Chart(values(rows))
        .mark_line(strokeWidth=1.8, opacity=0.9)
        .encode(
            x=time_axis(alt, span, offset_h, inner),
            y=alt.Y("v:Q").axis(axis),
            color=hue.legend(alt.Legend(title=None, orient="top", labelLimit=inner // 2)),
        )
        .properties(width=inner, height=height)
    )
    return dressed(chart, title, note, width)
