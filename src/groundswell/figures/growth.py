"""Whether a wave can grow, day by day: the reproduction number -> chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import frames
from .theme import BLUE, INK, MUTED, dressed, standing, values

if TYPE_CHECKING:
    import altair
    import xarray as xr


def reproduction(
    history: xr.Dataset, *, offset_h: float = 6, width: int = 820, account: str | None = None
) -> altair.LayerChart:
    """How many further people one more person on the street brings, at the beginning of each day; the line is 1."""
    import altair as alt

    days = history["day"].values.astype("datetime64[ms]").astype(np.int64) + int(offset_h * 3_600_000)
    rows = [
        {
            "day": frames.when(int(t)).rsplit(" ", 1)[0],
            "order": i,
            "r": float(v),
            "text": f"{v:.1f}" if v >= 0.05 else "<0.1",
        }
        for i, (t, v) in enumerate(zip(days, history["reproduction"].values, strict=True))
    ]
    x = alt.X("day:N", sort=alt.SortField("order")).axis(title="day, at midnight", labelAngle=0, labelOverlap=True)
    y = alt.Y("r:Q").axis(title="further people per person", tickCount=4)
    base = alt.Chart(values(rows)).encode(x=x, y=y, tooltip=[alt.Tooltip("day:N"), alt.Tooltip("r:Q", format=".2f")])
    one = alt.Chart(values([{"r": 1.0}])).mark_rule(color=INK, strokeDash=[4, 3]).encode(y="r:Q")
    labels = base.mark_text(dy=-7, color=MUTED, fontSize=10).encode(text="text:N")
    layers = [base.mark_bar(color=BLUE, opacity=0.75), one, *([labels] if width >= 520 else [])]
    chart: Any = alt.layer(*layers).properties(width=width - 66, height=150)
    above = int((history["reproduction"].values > 1).sum())
    title = f"A wave could grow on {above} of {len(rows)} days" if above else "On no day could a wave grow"
    note = "One more person out brings this many further people before leaving; above the line it grows by itself."
    return dressed(chart, title, f"{standing(account)}. {note}", width)
