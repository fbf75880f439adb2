"""Chart of strikes: share of each enterprise's workers on strike over time -> chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from . import frames, marks
from .theme import INK, STEPS, dressed, standing, time_axis, values

if TYPE_CHECKING:
    import altair
    import xarray as xr

EDGES = (
    0.05,
    0.25,
    0.5,
    0.75,
)  # classes of the share on strike; below the first an enterprise counts as at work
CLASSES = ("5 to 25 %", "25 to 50 %", "50 to 75 %", "75 to 100 %")


def strikes(
    history: xr.Dataset, *, offset_h: float = 6, width: int = 820, account: str | None = None, most: int = 30
) -> altair.LayerChart:
    """Share on strike by enterprise, one row each, in order of the first strike."""
    import altair as alt

    share = history["striking"].transpose("time", "enterprise").values.astype(np.float64)
    names = frames.names(history, "enterprise")
    t_ms = frames.local_ms(history, offset_h)
    span = frames.span_of(t_ms)
    level = np.digitize(np.nan_to_num(share), EDGES)
    struck = [i for i in range(share.shape[1]) if level[:, i].any()]
    drawn = sorted(struck, key=lambda i: -float(share[:, i].sum()))[:most]
    drawn.sort(key=lambda i: int((level[:, i] > 0).argmax()))
    narrow = width < 520
    letters = 18 if narrow else 34
    labels: dict[int, str] = {}
    for i in drawn:
        text = marks.short(names[i], letters)
        if text in labels.values():  # names that begin alike: keep the end as well
            text = f"{names[i][: letters // 2 - 1].rstrip()}…{names[i][-(letters // 2) :].lstrip()}"
        labels[i] = text if text not in labels.values() else f"{text} ({i + 1})"
    side = 6.0 * max((len(v) for v in labels.values()), default=8) + 14
    inner = int(width - side - 8)
    rows = []
    for i in drawn:
        for start, end, value in frames.runs(level[:, i]):
            if value:
                begin = int(t_ms[start]) - 3_600_000
                rows.append(
                    {
                        "name": labels[i],
                        "t": begin,
                        "end": int(t_ms[end - 1]),
                        "share": CLASSES[value - 1],
                        "when": f"{frames.when(begin)} to {frames.when(int(t_ms[end - 1]))}",
                    }
                )
    order = [labels[i] for i in drawn]
    bars = (
        alt.Chart(values(rows))
        .mark_bar(height={"band": 0.78})
        .encode(
            x=time_axis(alt, span, offset_h, inner),
            x2="end:T",
            y=alt.Y("name:N")
            .sort(order)
            .scale(domain=order or ["none"])
            .axis(title=None, labelLimit=int(side), ticks=False, domain=False, labelColor=INK, grid=True),
            color=alt.Color("share:N")
            .scale(domain=list(CLASSES), range=list(STEPS))
            .legend(title="workers on strike", orient="top", direction="horizontal", columns=2 if narrow else 4),
            tooltip=["name:N", "share:N", alt.Tooltip("when:N", title="local time")],
        )
    )
    never = share.shape[1] - len(struck)
    title = f"Strikes: {len(struck)} of {share.shape[1]} enterprises"
    left_out = [f"{never} without a strike"] if never else []
    if len(struck) > len(drawn):
        left_out.append(f"{len(struck) - len(drawn)} with the smallest strikes")
    subtitle = f"{standing(account)}. A bar shows when at least 5 % of the workers are on strike."
    if left_out:
        subtitle += f" Not drawn: {' and '.join(left_out)}."
    return dressed(
        alt.layer(bars).properties(width=inner, height=max(17 * len(drawn), 40)),
        title,
        subtitle,
        width,
    )
