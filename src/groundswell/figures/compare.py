"""Several variants of a run side by side: median and range over seeds -> one panel for each variant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .theme import BLUE, MUTED, VERMILION, dressed, values


def variants(
    national: Mapping[str, np.ndarray],
    start_ms: int,
    *,
    title: str,
    note: str,
    width: int = 820,
    until_h: int | None = None,
) -> Any:
    """People on the street by variant over time, the first variant repeated as a dashed line for comparison.

    Args:
        national: name -> (seeds, hours) people on the street in the whole country; the first is the yardstick.
        start_ms: local time of the first hour's end, ms since 1970.
        title, note: what is seen.
        width: width in pixels.
        until_h: last hour drawn.
    """
    import altair as alt

    base = next(iter(national))
    rows = []
    for name, runs in national.items():
        runs = np.asarray(runs, float)[:, :until_h]
        low, middle, high = np.quantile(runs, [0.05, 0.5, 0.95], axis=0)
        yardstick = np.median(np.asarray(national[base], float)[:, :until_h], axis=0)
        for h in range(runs.shape[1]):
            rows.append(
                {
                    "variant": name, "t": start_ms + h * 3_600_000, "low": float(low[h]), "middle": float(middle[h]),
                    "high": float(high[h]), "base": float(yardstick[h]),
                }
            )  # fmt: skip
    x = (
        alt.X("t:T")
        .scale(type="utc")
        .axis(title="local time (UTC+6); a tick is midnight", format="%-d Jan", tickCount="day", grid=True)
    )
    y_title = "people on the street"
    ticks = [0, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
    scale = alt.Scale(type="symlog", constant=10)  # small crowds stay visible beside large ones
    chart = alt.Chart().encode(x=x)
    band = chart.mark_area(color=BLUE, opacity=0.25).encode(
        y=alt.Y("low:Q").scale(scale).axis(title=y_title, format=",d", values=ticks), y2="high:Q"
    )
    line = chart.mark_line(color=BLUE, strokeWidth=1.6).encode(y="middle:Q")
    dash = chart.mark_line(color=VERMILION, strokeWidth=1, strokeDash=[4, 3]).encode(y="base:Q")
    panel = alt.layer(band, dash, line, data=values(rows)).properties(width=width - 90, height=90)
    header = alt.Header(title=None, labelOrient="top", labelAnchor="start", labelFontWeight="bold", labelColor=MUTED)
    grid = panel.facet(row=alt.Row("variant:N", sort=list(national), header=header))
    return dressed(grid, title, note, width)
