"""The grammar of charts: rows with a label each, axes, keys and headings -> parts that every chart is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .theme import INK, MUTED, time_axis, wrap

FONT_PX, LINE_PX = 11, 13
NARROW_PX = 520
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
Across = Callable[[str], Any]
"""Field -> the x encoding of it, all on one scale with one axis."""


def percent(p: float) -> str:
    """A probability or share as it is printed: whole percent, but never 0 or 100 where it is neither."""
    if 1e-9 < p < 0.005:
        return "<1 %"
    if 0.995 < p < 1 - 1e-9:
        return ">99 %"
    return f"{p * 100:.0f} %"


@dataclass(frozen=True)
class Rows:
    """Rows from top to bottom: their labels, each different, the axis that carries them, and the room beside them.

    Args:
        labels: in order. y: the encoding. inner: width of what is drawn, px. height: of all rows, px.
    """

    labels: list[str]
    y: Any
    inner: int
    height: float

    @property
    def box(self) -> dict[str, Any]:
        """The size of a panel."""
        return {"width": self.inner, "height": self.height}


def rows_of(
    names: Sequence[str], width: int, side: tuple[float, float], right: int, lines: int = 2, least: float = 17,
    most_px: float = float("inf"), shortest: float = 30,
) -> Rows:  # fmt: skip
    """Rows whose labels are broken to lines within a column of fixed width.

    Args:
        names: what stands before the rows. width: of the chart, px.
        side: share of the width that labels take on a phone, and elsewhere. right: px kept free at the right.
        lines: of a label at the most. least: height of a row, px. most_px: width of what is drawn.
        shortest: height of all rows.
    """
    import altair as alt

    px = int(width * side[width >= NARROW_PX])
    labels = labels_of(names, px, lines)
    axis = alt.Axis(
        title=None, domain=False, ticks=False, labelColor=INK, labelFontSize=FONT_PX, labelLimit=px + 20,
        labelExpr="split(datum.value, '\\n')", labelLineHeight=LINE_PX, minExtent=px, maxExtent=px,
        labelOffset=alt.ExprRef(f"{-LINE_PX / 2} * (length(split(datum.value, '\\n')) - 1)"),
    )  # fmt: skip
    y = alt.Y("label:N", sort=labels, scale=alt.Scale(domain=labels or ["none"]), axis=axis)
    each = max([least, *(LINE_PX * (label.count("\n") + 1) + 6 for label in labels)])
    return Rows(labels, y, int(min(width - px - right, most_px)), max(len(labels) * each, shortest))


def labels_of(names: Sequence[str], side_px: int, lines: int = 3) -> list[str]:
    """Names broken to lines that fit a side, each different from the others; a name with line ends keeps its own."""
    out: list[str] = []
    for name in names:
        broken = name.split("\n") if "\n" in name else wrap(name, side_px, FONT_PX)
        if len(broken) > lines:
            broken = [*broken[: lines - 1], f"{broken[lines - 1][:-1].rstrip()}…"]
        label = "\n".join(broken)
        while label in out:
            label += "\u200b"  # the same words twice: an invisible sign keeps the rows apart
        out.append(label)
    return out


def short_rows(
    names: Sequence[str], width: int, each: float, letter: float, beside: tuple[float, float], grid: bool | None = None,
    most: float = float("inf"), domain: bool = True, least: float = 40,
) -> Rows:  # fmt: skip
    """Rows of one line each, beside a column as wide as the longest name.

    Args:
        names: short, each different. each: height of a row, px. letter: width of one, px.
        beside: px added to the column of names, and kept free at the right. most: of the column.
    """
    import altair as alt

    side = min(letter * max((len(name) for name in names), default=8) + beside[0], most)
    axis: dict[str, Any] = {"title": None, "ticks": False, "domain": False, "labelColor": INK, "labelLimit": int(side)}
    y = alt.Y("label:N").sort(list(names))
    y = y.scale(domain=list(names) or ["none"]) if domain else y
    if grid is not None:
        axis["grid"] = grid
    y = y.axis(**axis)
    return Rows(list(names), y, int(width - side - beside[1]), max(each * len(names), least))


def across(axis: Any, low: float, high: float, **scale: Any) -> Across:
    """One scale from low to high with its axis, for any number of fields."""
    import altair as alt

    span = alt.Scale(domain=[low, high], nice=False, **scale)
    return lambda field: alt.X(f"{field}:Q", scale=span, axis=axis)


def percent_axis(title: str | None, ticks: int = 5) -> Any:
    """An axis of shares written as percent."""
    import altair as alt

    return alt.Axis(
        title=title, grid=True, tickCount=ticks, labelExpr="format(datum.value * 100, '.0f') + ' %'", labelFlush=True,
    )  # fmt: skip


def hours(span: tuple[int, int], offset_h: float, rows: Rows) -> Any:
    """The axis of local time under rows."""
    import altair as alt

    return time_axis(alt, span, offset_h, rows.inner)


def key(field: str, names: Sequence[str], colours: Sequence[str], **legend: Any) -> Any:
    """Colours told apart by a key above the chart; none where `hidden`."""
    import altair as alt

    shown = None if legend.pop("hidden", False) else alt.Legend(**{"title": None, "orient": "top", **legend})
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=list(names), range=list(colours)), legend=shown)


def heading(text: str, **look: Any) -> Any:
    """The title of a panel."""
    import altair as alt

    return alt.TitleParams(text, **{"anchor": "start", "fontSize": 12, "fontWeight": "bold", "color": MUTED, **look})
