"""Rows with a label each: labels broken to lines that fit, and the axis that carries them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .theme import INK, wrap

FONT_PX = 11
LINE_PX = 13


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


def row_px(labels: Sequence[str], least: int = 17) -> int:
    """Height of a row that has room for the longest of the labels."""
    return max([least, *(LINE_PX * (label.count("\n") + 1) + 6 for label in labels)])


def row_axis(alt: Any, labels: Sequence[str], side_px: int, field: str = "label:N") -> Any:
    """The y encoding of rows in the order of their labels, with the labels in a column of fixed width."""
    axis = alt.Axis(
        title=None, domain=False, ticks=False, labelColor=INK, labelFontSize=FONT_PX, labelLimit=side_px + 20,
        labelExpr="split(datum.value, '\\n')", labelLineHeight=LINE_PX, minExtent=side_px, maxExtent=side_px,
        labelOffset=alt.ExprRef(f"{-LINE_PX / 2} * (length(split(datum.value, '\\n')) - 1)"),
    )  # fmt: skip
    return alt.Y(field, sort=list(labels), scale=alt.Scale(domain=list(labels) or ["none"]), axis=axis)


def percent_axis(alt: Any, title: str | None, ticks: int = 5) -> Any:
    """An axis of shares written as percent."""
    return alt.Axis(
        title=title, grid=True, tickCount=ticks, labelExpr="format(datum.value * 100, '.0f') + ' %'", labelFlush=True,
    )  # fmt: skip
