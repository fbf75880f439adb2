"""What runs of a known account are taken for, as a matrix of shares; and how reliable probabilities are -> charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .rows import labels_of, percent_axis, row_axis, row_px
from .theme import BLUE, MUTED, RULE, dressed, values

DARK, LIGHT = "#10151a", "#ffffff"  # on cells that keep their colour on a dark page
LEAST_TOLD = 0.005


def recovery_matrix(
    shares: Mapping[str, Mapping[str, float | None]],
    runs: Mapping[str, int],
    names: Mapping[str, str],
    *,
    title: str,
    note: str,
    width: int = 820,
) -> Any:
    """Rows: what a run was made with; columns, by number: what it was taken for; cells: share of the row's runs.

    Args:
        shares: true id -> given id -> share. runs: true id -> number of runs. names: id -> words.
        title, note: what is seen.
        width: width in pixels.
    """
    import altair as alt

    order = list(dict.fromkeys([*shares, *(given for row in shares.values() for given in row)]))
    number = {k: str(i + 1) for i, k in enumerate(order)}
    side = int(width * (0.42 if width < 520 else 0.36))
    inner = min(width - side - 20, 64 * len(order) + 40)
    cell = inner / max(len(order), 1)
    written = [f"{number[k]}  {names[k]}" + (f" ({runs[k]:,})" if k in runs else "") for k in shares]
    labels = dict(zip(shares, labels_of(written, side, 4), strict=True))
    rows = [
        {
            "label": labels[true], "given": number[given], "share": share or 0.0,
            "told": f"{share * 100:.0f}" if share and share >= LEAST_TOLD else "",
        }
        for true, row in shares.items()
        for given, share in row.items()
    ]  # fmt: skip
    numbers = list(number.values())
    top = alt.Axis(title="taken for (numbers as at the left)", orient="top", labelAngle=0, domain=False, ticks=False)
    top.labelFontSize = 11 if cell >= 20 else 9
    across = alt.X("given:N", sort=numbers, scale=alt.Scale(domain=numbers), axis=top)
    base = alt.Chart(values(rows)).encode(x=across, y=row_axis(alt, list(labels.values()), side))
    hue = alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=["#e6eff6", "#0b62a4"]), legend=None)
    layers = [base.mark_rect(stroke=LIGHT, strokeWidth=1).encode(color=hue)]
    if cell >= 20:
        tint = alt.condition("datum.share > 0.55", alt.value(LIGHT), alt.value(DARK))
        layers.append(base.mark_text(fontSize=11).encode(text="told:N", color=tint))
    height = len(labels) * max(row_px(list(labels.values()), 22), 22)
    return dressed(alt.layer(*layers).properties(width=inner, height=height), title, note, width)


def calibration(curve: Sequence[Mapping[str, Any]], *, title: str, note: str, width: int = 820) -> Any:
    """Probability said against the share in which it was right, with intervals; the line is where both are equal.

    Args:
        curve: dicts of said, true, low, high, n.
        title, note: what is seen.
        width: width in pixels.
    """
    import altair as alt

    side = min(width - 70, 380)
    rows = [dict(point) for point in curve]
    span = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("said:Q", scale=span, axis=percent_axis(alt, "probability said"))
    y_axis = percent_axis(alt, "share of cases in which it was right")
    line = alt.Chart(values([{"said": 0, "true": 0}, {"said": 1, "true": 1}])).mark_line(
        color=RULE, strokeDash=[5, 4], strokeWidth=1.2
    )
    base = alt.Chart(values(rows)).encode(x=x)
    bar = base.mark_rule(color=MUTED, strokeWidth=1.4).encode(y=alt.Y("low:Q", scale=span, axis=y_axis), y2="high:Q")
    dot = base.mark_point(color=BLUE, filled=True, size=70, opacity=1).encode(
        y=alt.Y("true:Q", scale=span, axis=y_axis)
    )
    straight = line.encode(x=x, y=alt.Y("true:Q", scale=span, axis=y_axis))
    return dressed(alt.layer(straight, bar, dot).properties(width=side, height=side * 0.8), title, note, width)
