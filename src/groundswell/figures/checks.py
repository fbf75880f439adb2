"""How far a result can be trusted: probabilities said against how often right, and what more runs do -> charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .grammar import across, percent_axis
from .rows import by_family
from .theme import BLUE, MUTED, RULE, dressed, values


def calibration(curve: Sequence[Mapping[str, Any]], *, title: str, note: str, width: int = 820) -> Any:
    """Probability said against the share in which it was right, with intervals; the line is where both are equal.

    Args:
        curve: dicts of said, true, low, high, n. title, note: what is seen. width: in pixels.
    """
    import altair as alt

    side = min(width - 70, 380)
    x = across(percent_axis("probability said"), 0, 1)("said")
    span, y_axis = alt.Scale(domain=[0, 1], nice=False), percent_axis("share of cases in which it was right")
    low, true = (alt.Y(f"{field}:Q", scale=span, axis=y_axis) for field in ("low", "true"))
    same = alt.Chart(values([{"said": 0, "true": 0}, {"said": 1, "true": 1}])).encode(x=x)
    base = alt.Chart(values([dict(point) for point in curve])).encode(x=x)
    plot = alt.layer(
        same.mark_line(color=RULE, strokeDash=[5, 4], strokeWidth=1.2).encode(y=true),
        base.mark_rule(color=MUTED, strokeWidth=1.4).encode(y=low, y2="high:Q"),
        base.mark_point(color=BLUE, filled=True, size=70, opacity=1).encode(y=true),
    )
    return dressed(plot.properties(width=side, height=side * 0.8), title, note, width)


def doubling(
    steps: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, title: str, note: str, width: int = 820
) -> Any:
    """Family probabilities as the runs are doubled.

    Args:
        steps: dicts of runs and families (family -> probability), fewest runs first. names: family -> words.
        title, note: what is seen. width: in pixels.
    """
    import altair as alt

    rows = [
        {"runs": f"{step['runs']:,}", "order": k, "family": names[f], "p": p}
        for k, step in enumerate(steps)
        for f, p in step["families"].items()
        if p is not None
    ]
    hue, form = by_family(list(dict.fromkeys(row["family"] for row in rows)), width)
    axis = alt.Axis(title="runs", labelAngle=0, grid=False)
    x = alt.X("runs:O", sort=alt.SortField("order"), scale=alt.Scale(padding=0.3), axis=axis)
    y = alt.Y("p:Q", axis=percent_axis("probability of the family"), scale=alt.Scale(zero=True))
    base = alt.Chart(values(rows)).encode(x=x, y=y, color=hue)
    dots = base.mark_point(filled=True, size=55, opacity=1).encode(shape=form)
    plot = alt.layer(base.mark_line(strokeWidth=1.8), dots).properties(width=min(width - 64, 560), height=210)
    return dressed(plot, title, note, width)
