"""What a section of the comparison page is made of: text, charts, tables, lists -> blocks for the template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from groundswell.figures import inline_svg

WIDTHS = {"wide": 1040, "narrow": 340}


@dataclass(frozen=True)
class Text:
    """A paragraph; `kind` is its class: empty, "note", "beside" (the sentence that stands beside probabilities)."""

    text: str
    kind: str = ""
    form: str = "text"


@dataclass(frozen=True)
class Points:
    """A list of sentences or names."""

    points: Sequence[str]
    form: str = "points"


@dataclass(frozen=True)
class Pairs:
    """Labels with their values."""

    pairs: Sequence[tuple[str, str]]
    form: str = "pairs"


@dataclass(frozen=True)
class Bars:
    """A cell of counts, drawn as small bars."""

    counts: Sequence[float]


@dataclass(frozen=True)
class Table:
    """A table that a phone shows as cards.

    Args:
        title: what it holds. columns: their titles; those ending in "#" hold numbers.
        rows: cells, text or `Bars`. faded: numbers of rows drawn in grey. folded: closed until it is opened.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | Bars]]
    faded: frozenset[int] = frozenset()
    folded: bool = True
    form: str = "table"

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Title of each column, and whether it holds numbers."""
        return [(c.removesuffix("#"), c.endswith("#")) for c in self.columns]


@dataclass(frozen=True)
class Chart:
    """A chart, drawn in two widths when the page is written.

    Args:
        name: keeps its ids apart from those of others on the page. told: what a reader who does not see it is told.
        draw: width in pixels -> the chart.
    """

    name: str
    told: str
    draw: Callable[[int], Any]
    form: str = "chart"

    @property
    def wide(self) -> str:
        """SVG for a wide page."""
        return inline_svg(self.draw(WIDTHS["wide"]), f"{self.name}-wide")

    @property
    def narrow(self) -> str:
        """SVG for a phone."""
        return inline_svg(self.draw(WIDTHS["narrow"]), f"{self.name}-narrow")


Block = Text | Points | Pairs | Table | Chart


@dataclass(frozen=True)
class Section:
    """A section of the page: its anchor, its title, its blocks."""

    id: str
    title: str
    blocks: list[Block] = field(default_factory=list)


def largest(moved: Mapping[str, float], most: int) -> list[str]:
    """The keys with the largest values, at most so many."""
    return sorted(moved, key=lambda k: -moved[k])[:most]


def gap(a: Mapping[str, float | None], b: Mapping[str, float | None]) -> float:
    """The largest difference between two sets of probabilities."""
    return max((abs(x - y) for k in a if (x := a[k]) is not None and (y := b.get(k)) is not None), default=0.0)


def kept(blocks: Iterable[Block | None]) -> list[Block]:
    """Blocks without those that have nothing to say."""
    return [block for block in blocks if block is not None]
