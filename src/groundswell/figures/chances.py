"""Probabilities with intervals beside the prior, one row each, for one or two ways of weighing -> chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .rows import labels_of, percent_axis, row_axis, row_px
from .theme import BLUE, INK, MUTED, RULE, VERMILION, dressed, values

SERIES = ((BLUE, "circle"), (VERMILION, "diamond"))
FADED = RULE
TOLD_PX = 46  # room for the number at the right end of a row


def chances(
    panels: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    title: str,
    note: str,
    width: int = 820,
    series: Sequence[str] = ("",),
) -> Any:
    """A panel for each heading, a row for each thing, and in it a point with its interval for each series.

    Args:
        panels: heading (may be empty) -> dicts of label, series, probability, low, high, prior, faded. A row whose
            probability is None is drawn without a point; a faded one is drawn in grey.
        title, note: what is seen.
        width: width in pixels.
        series: the ways of weighing, at most two.
    """
    import altair as alt

    side = int(width * (0.36 if width < 520 else 0.4))
    inner = width - side - TOLD_PX - 12
    drawn = [
        _panel(alt, heading, rows, side, inner, series, last=k == len(panels) - 1)
        for k, (heading, rows) in enumerate(panels.items())
    ]
    chart = alt.vconcat(*drawn, spacing=12)
    return dressed(chart, title, note, width)


def _panel(
    alt: Any, heading: str, rows: Sequence[Mapping[str, Any]], side: int, inner: int, series: Sequence[str], last: bool
) -> Any:
    names = list(dict.fromkeys(str(row["label"]) for row in rows))
    labels = dict(zip(names, labels_of(names, side, 4), strict=True))
    told = [
        {
            "label": labels[str(row["label"])], "series": row["series"], "p": row["probability"], "low": row["low"],
            "high": row["high"], "prior": row["prior"], "faded": bool(row["faded"]),
            "told": "" if row["probability"] is None else percent(row["probability"]),
        }
        for row in rows
    ]  # fmt: skip
    known = list(series)
    x = alt.Scale(domain=[0, 1], nice=False)
    axis = percent_axis(alt, "probability" if last else None)
    offset = alt.YOffset("series:N", sort=known, scale=alt.Scale(domain=known, paddingInner=0.2, paddingOuter=0.25))
    base = alt.Chart(values(told)).encode(y=row_axis(alt, list(labels.values()), side), yOffset=offset)
    colours = [colour for colour, _ in SERIES][: len(known)]
    legend = alt.Legend(title=None, orient="top", direction="vertical", columns=1) if len(known) > 1 else None
    hue = alt.Color("series:N", sort=known, scale=alt.Scale(domain=known, range=colours), legend=legend)
    colour = alt.condition("datum.faded", alt.value(FADED), hue)
    shape = alt.Shape(
        "series:N", sort=known, legend=legend,
        scale=alt.Scale(domain=known, range=[form for _, form in SERIES][: len(known)]),
    )  # fmt: skip
    before = base.mark_tick(color=MUTED, thickness=2, size=11).encode(x=alt.X("prior:Q", scale=x, axis=axis))
    bar = base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", color=colour)
    dot = base.mark_point(filled=True, size=60, opacity=1).encode(
        x=alt.X("p:Q", scale=x, axis=axis), color=colour, shape=shape
    )
    number = base.mark_text(align="left", fontSize=11).encode(
        x=alt.value(inner + 8), text="told:N", color=alt.condition("datum.faded", alt.value(MUTED), alt.value(INK))
    )
    height = len(labels) * max(row_px(list(labels.values()), 20), 17 * len(known) + 6)
    plot = alt.layer(before, bar, dot, number).properties(width=inner, height=height)
    if heading:
        plot = plot.properties(title=alt.TitleParams(heading, anchor="start", frame="bounds", fontSize=12, color=MUTED))
    return plot


def percent(p: float) -> str:
    """A probability or share as it is printed: whole percent, but never 0 or 100 where it is neither."""
    if 1e-9 < p < 0.005:
        return "<1 %"
    if 0.995 < p < 1 - 1e-9:
        return ">99 %"
    return f"{p * 100:.0f} %"
