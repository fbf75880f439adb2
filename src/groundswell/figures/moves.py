"""How family probabilities move when something is left out, replaced or doubled -> charts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .rows import labels_of, percent_axis, row_axis, row_px
from .theme import SERIES, dressed, values

SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")


def moves(
    variants: Mapping[str, Mapping[str, float | None]],
    whole: Mapping[str, float | None],
    names: Mapping[str, str],
    *,
    title: str,
    note: str,
    width: int = 820,
) -> Any:
    """A row for each variant with a point for each family; dashed lines stand where the whole record puts them.

    Args:
        variants: what was done -> family -> probability. whole: family -> probability by the whole record.
        names: family -> words.
        title, note: what is seen.
        width: width in pixels.
    """
    import altair as alt

    side = int(width * (0.42 if width < 520 else 0.4))
    inner = width - side - 24
    labels = labels_of(list(variants), side, 2)
    rows: list[dict[str, Any]] = [
        {"label": label, "family": names[f], "p": p}
        for label, row in zip(labels, variants.values(), strict=True)
        for f, p in row.items()
        if p is not None
    ]
    most = max([0.0, *(row["p"] for row in rows), *(p for p in whole.values() if p is not None)])
    x = alt.Scale(domain=[0, min(1.0, math.ceil(most * 10 + 0.5) / 10)], nice=False)
    axis = percent_axis(alt, "probability of the family")
    hue, form = _by_family(alt, [names[f] for f in whole], width)
    lines = alt.Chart(values([{"family": names[f], "p": p} for f, p in whole.items() if p is not None]))
    rule = lines.mark_rule(strokeDash=[4, 3], strokeWidth=1.2).encode(x=alt.X("p:Q", scale=x, axis=axis), color=hue)
    dots = alt.Chart(values(rows)).mark_point(filled=True, size=48, opacity=0.9)
    dots = dots.encode(x=alt.X("p:Q", scale=x, axis=axis), y=row_axis(alt, labels, side), color=hue, shape=form)
    height = max(len(labels) * row_px(labels), 30)
    return dressed(alt.layer(rule, dots).properties(width=inner, height=height), title, note, width)


def doubling(
    steps: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, title: str, note: str, width: int = 820
) -> Any:
    """Family probabilities as the runs are doubled.

    Args:
        steps: dicts of runs and families (family -> probability), fewest runs first.
        names: family -> words.
        title, note: what is seen.
        width: width in pixels.
    """
    import altair as alt

    counts = [f"{step['runs']:,}" for step in steps]
    rows = [
        {"runs": count, "order": k, "family": names[f], "p": p}
        for k, (count, step) in enumerate(zip(counts, steps, strict=True))
        for f, p in step["families"].items()
        if p is not None
    ]
    hue, form = _by_family(alt, list(dict.fromkeys(row["family"] for row in rows)), width)
    axis = alt.Axis(title="runs", labelAngle=0, grid=False)
    x = alt.X("runs:O", sort=alt.SortField("order"), scale=alt.Scale(padding=0.3), axis=axis)
    y = alt.Y("p:Q", axis=percent_axis(alt, "probability of the family"), scale=alt.Scale(zero=True))
    base = alt.Chart(values(rows)).encode(x=x, y=y, color=hue)
    dots = base.mark_point(filled=True, size=55, opacity=1).encode(shape=form)
    plot = alt.layer(base.mark_line(strokeWidth=1.8), dots).properties(width=min(width - 64, 560), height=210)
    return dressed(plot, title, note, width)


def _by_family(alt: Any, families: list[str], width: int) -> tuple[Any, Any]:
    """Colour and shape of each family, explained together below the chart."""
    legend = alt.Legend(title=None, orient="top", direction="vertical", columns=1 if width < 520 else 2, symbolSize=60)
    shapes = [SHAPES[k % len(SHAPES)] for k in range(len(families))]
    colours = [SERIES[k % len(SERIES)] for k in range(len(families))]
    hue = alt.Color("family:N", sort=families, legend=legend, scale=alt.Scale(domain=families, range=colours))
    form = alt.Shape("family:N", sort=families, legend=legend, scale=alt.Scale(domain=families, range=shapes))
    return hue, form
