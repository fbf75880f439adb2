"""Ranked shares as bars, and priors beside posteriors as ranges -> charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .chances import percent
from .rows import labels_of, percent_axis, row_axis, row_px
from .theme import BLUE, INK, RULE, VERMILION, dressed, values

GROUP_COLOURS = (RULE, BLUE, VERMILION)
REACH = 0.3  # how far beyond the prior's range a posterior is drawn, as a share of that range


def ranked(
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str,
    note: str,
    axis: str,
    width: int = 820,
    groups: Sequence[str] = (),
    most: float | None = None,
) -> Any:
    """A bar for each row in the order given, with its share as a number.

    Args:
        rows: dicts of label, share and, where there are groups, group.
        title, note: what is seen. axis: title of the axis of shares.
        width: width in pixels.
        groups: at most three groups told apart by colour, explained at the top.
        most: end of the axis; the largest share if left out.
    """
    import altair as alt

    side = int(width * (0.5 if width < 520 else 0.46))
    inner = width - side - 54
    labels = labels_of([str(row["label"]) for row in rows], side, 2)
    told = [
        {"label": label, "share": row["share"], "group": row.get("group", ""), "told": percent(row["share"])}
        for label, row in zip(labels, rows, strict=True)
    ]
    end = most or max((row["share"] for row in told), default=0.0) or 1.0
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, end], nice=False), axis=percent_axis(alt, axis, 4))
    base = alt.Chart(values(told)).encode(y=row_axis(alt, labels, side))
    bar = base.mark_bar(height={"band": 0.66}).encode(x=x)
    if groups:
        legend = alt.Legend(title=None, orient="top", direction="vertical", columns=1)
        scale = alt.Scale(domain=list(groups), range=list(GROUP_COLOURS[: len(groups)]))
        bar = bar.encode(color=alt.Color("group:N", scale=scale, legend=legend))
    else:
        bar = bar.encode(color=alt.value(BLUE))
    number = base.mark_text(align="left", dx=5, color=INK, fontSize=11).encode(x=x, text="told:N")
    height = max(len(labels) * row_px(labels), 30)
    return dressed(alt.layer(bar, number).properties(width=inner, height=height), title, note, width)


def narrowing(
    parameters: Mapping[str, Mapping[str, Sequence[float | None]]], *, title: str, note: str, width: int = 820
) -> Any:
    """Each parameter's 5 to 95 percent range before and after the record, as shares of the range before.

    Args:
        parameters: name -> prior and posterior, each the quantiles at 5, 25, 50, 75 and 95 percent.
        title, note: what is seen.
        width: width in pixels.
    """
    import altair as alt

    side = int(width * (0.46 if width < 520 else 0.34))
    inner = width - side - 30
    names = [name.replace(".", ".\n", 1) if width < 520 else name for name in parameters]
    labels = labels_of(names, side, 2)
    rows = []
    for label, found in zip(labels, parameters.values(), strict=True):
        prior, after = found["prior"], found["posterior"]
        if any(v is None for v in (*prior, *after)):
            continue
        low, span = float(prior[0] or 0), float(prior[-1] or 0) - float(prior[0] or 0)
        if span <= 0:
            continue
        a, m, b = (min(max((float(after[k] or 0) - low) / span, -REACH), 1 + REACH) for k in (0, 2, 4))
        rows.append({"label": label, "a": a, "m": m, "b": b, "zero": 0.0, "one": 1.0})
    scale = alt.Scale(domain=[-REACH, 1 + REACH], nice=False)
    words = "datum.value == 0 ? ['5 % of', 'the prior'] : ['95 % of', 'the prior']"
    axis = alt.Axis(title=None, values=[0, 1], labelExpr=words, grid=True, domain=False)
    base = alt.Chart(values(rows)).encode(y=row_axis(alt, labels, side))
    before = base.mark_bar(color=RULE, opacity=0.35, height={"band": 0.7}).encode(
        x=alt.X("zero:Q", scale=scale, axis=axis), x2="one:Q"
    )
    bar = base.mark_rule(color=BLUE, strokeWidth=2.5).encode(x=alt.X("a:Q", scale=scale, axis=axis), x2="b:Q")
    dot = base.mark_point(color=BLUE, filled=True, size=40, opacity=1).encode(x=alt.X("m:Q", scale=scale, axis=axis))
    height = max(len(labels) * row_px(labels), 30)
    return dressed(alt.layer(before, bar, dot).properties(width=inner, height=height), title, note, width)
