"""Cells of people, the groups made of them, and the same population at another scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

SEXES = ("men", "women")
AGES = ("child", "young", "middle", "pension")
_KEYS = ("place", "sex", "age", "community", "livelihood", "enterprise")
MIN_GROUP_PEOPLE = 20  # smaller groups are merged: a clock of their own would serve almost nobody


class Residual(NamedTuple):
    """What is left over at one marginal of the population."""

    marginal: str
    max_abs_people: float
    max_rel: float  # against the marginal's own figure, or 100 people where that is smaller


class Merged(NamedTuple):
    """A group too small for a clock of its own; its people joined their place's largest adult group."""

    place: int
    livelihood: int
    enterprise: int
    people: int


@dataclass(frozen=True)
class Groups:
    """One row per group: people of one place, livelihood and enterprise, their ids in one run."""

    place: IntArray
    livelihood: IntArray
    enterprise: IntArray  # -1: none
    size: IntArray
    first_id: IntArray
    at_risk: NDArray[np.bool_]  # False: children, who never join

    def __len__(self) -> int:
        return len(self.size)


@dataclass(frozen=True)
class Cells:
    """One row per kind of people in a place; ids run through the rows without gaps.

    Rows are ordered by group, and groups by place, livelihood, enterprise; inside a group by livelihood,
    enterprise (these differ only where small groups were merged), community, sex, age.
    """

    place: IntArray
    sex: IntArray  # index into SEXES
    age: IntArray  # index into AGES
    community: IntArray  # index into communities
    livelihood: IntArray
    enterprise: IntArray  # -1: none
    count: IntArray
    group: IntArray
    first_id: IntArray
    groups: Groups
    place_count: int
    livelihoods: tuple[str, ...]
    communities: tuple[str, ...]
    fit_residuals: tuple[Residual, ...]
    notes: tuple[str, ...]  # who had to be shifted to fill the enterprises, in words
    merged: tuple[Merged, ...]
    people_scale: float

    def __len__(self) -> int:
        return len(self.count)

    @property
    def people(self) -> int:
        return int(self.count.sum())

    @property
    def residuals(self) -> list[Residual]:
        """What is left over at each marginal, and how many people lost a group of their own."""
        people = sum(m.people for m in self.merged)
        line = f"people in {len(self.merged)} merged groups (each below {MIN_GROUP_PEOPLE})"
        return [*self.fit_residuals, Residual(line, float(people), people / max(self.people, 1))]

    def by_place(self, column: str | None = None) -> IntArray:
        """People per place, or per place x value of `column` (sex, age, community, livelihood)."""
        if column is None:
            return _sums(self.place, self.count, self.place_count)
        widths = {"sex": 2, "age": 4, "community": len(self.communities), "livelihood": len(self.livelihoods)}
        if column not in widths:
            raise ValueError(f"column {column!r}: one of {', '.join(widths)}")
        width = widths[column]
        flat = _sums(self.place * width + getattr(self, column), self.count, self.place_count * width)
        return flat.reshape(self.place_count, width)

    def residual_table(self) -> str:
        """The residuals as text, one marginal a line."""
        width = max(len(r.marginal) for r in self.residuals)
        head = f"{'marginal':<{width}}  {'people':>10}  {'share':>8}"
        lines = [f"{name:<{width}}  {people:>10,.1f}  {rel:>8.4f}" for name, people, rel in self.residuals]
        return "\n".join([head, *lines])


def assemble(
    columns: dict[str, IntArray],
    *,
    place_count: int,
    livelihoods: tuple[str, ...],
    communities: tuple[str, ...],
    fit_residuals: tuple[Residual, ...] = (),
    notes: tuple[str, ...] = (),
    people_scale: float = 1.0,
) -> Cells:
    """Cells from the columns named in `_KEYS` and count: groups and ids are added here."""
    columns = {name: np.asarray(values, dtype=np.int64) for name, values in columns.items()}
    kept = columns["count"] > 0
    columns = {name: values[kept] for name, values in columns.items()}
    root, merged = _roots(columns, len(livelihoods))

    order = np.lexsort([columns[name] for name in ("age", "sex", "community", "enterprise", "livelihood")] + [root])
    columns = {name: values[order] for name, values in columns.items()}
    _, first_row, group = np.unique(root[order], return_index=True, return_inverse=True)
    count = columns["count"]
    first_id = np.cumsum(count) - count
    # the livelihood and enterprise of a group are those of its root, not of people merged into it
    span = max(int(columns["enterprise"].max(initial=-1)) + 2, 1)
    key = root[order][first_row]
    groups = Groups(
        place=columns["place"][first_row],
        livelihood=key // span % len(livelihoods),
        enterprise=key % span - 1,
        size=_sums(group, count, len(first_row)),
        first_id=first_id[first_row],
        at_risk=_sums(group, columns["age"] > 0, len(first_row)) > 0,
    )
    return Cells(
        **columns, group=group, first_id=first_id, groups=groups, place_count=place_count,
        livelihoods=livelihoods, communities=communities, fit_residuals=fit_residuals, notes=notes,
        merged=merged, people_scale=people_scale,
    )  # fmt: skip


def _roots(columns: dict[str, IntArray], livelihoods: int) -> tuple[IntArray, tuple[Merged, ...]]:
    """The group key of every row after merging: place, livelihood and enterprise in one number."""
    span = max(int(columns["enterprise"].max(initial=-1)) + 2, 1)
    key = (columns["place"] * livelihoods + columns["livelihood"]) * span + columns["enterprise"] + 1
    keys, row, inverse = np.unique(key, return_index=True, return_inverse=True)
    size = _sums(inverse, columns["count"], len(keys))
    place = columns["place"][row]
    adult = _sums(inverse, columns["age"] > 0, len(keys)) > 0

    largest = np.full(int(place.max(initial=-1)) + 1, -1)
    by_size = np.lexsort([-np.arange(len(keys)), size])  # rising; on a tie the lower key comes last and wins
    by_size = by_size[adult[by_size]]
    largest[place[by_size]] = by_size
    merge = adult & (size < MIN_GROUP_PEOPLE) & (largest[place] != np.arange(len(keys)))
    target = np.where(merge, largest[place], np.arange(len(keys)))
    merged = tuple(
        Merged(int(place[g]), int(keys[g] // span % livelihoods), int(keys[g] % span) - 1, int(size[g]))
        for g in np.flatnonzero(merge)
    )
    return keys[target][inverse], merged


def scale(cells: Cells, factor: float) -> Cells:
    """The same population at `factor` times its size: every place's total is the rounded product.

    Remainders are carried from cell to cell inside a place, so any run of its cells (a group, the men of one
    age) keeps its share to within one person. A place with adults keeps at least one.
    """
    if not factor > 0 or not np.isfinite(factor):
        raise ValueError(f"people scale {factor}: must be above 0")
    total = cells.by_place()
    wanted = np.floor(total * factor + 0.5).astype(np.int64)
    adults_before = cells.by_place("age")[:, 1:].sum(axis=1)
    wanted = np.where((adults_before > 0) & (wanted == 0), 1, wanted)
    if wanted.max(initial=0) > 0 and int(total.max()) > 2**61 // int(wanted.max()):
        raise ValueError(f"people scale {factor}: a place would hold too many people")

    before_place = np.cumsum(total) - total
    inside = np.cumsum(cells.count) - before_place[cells.place]  # people of the place up to and with this row
    n, t = total[cells.place], wanted[cells.place]
    reached = (2 * inside * t + n) // (2 * n)
    starts = (2 * (inside - cells.count) * t + n) // (2 * n)
    count = reached - starts

    adults = _sums(cells.place, count * (cells.age > 0), cells.place_count)
    for p in np.flatnonzero((adults == 0) & (adults_before > 0)):
        rows = np.flatnonzero(cells.place == p)
        grown = rows[cells.age[rows] > 0]
        count[rows[np.argmax(count[rows])]] -= 1
        count[grown[np.argmax(cells.count[grown])]] += 1
    columns = {name: getattr(cells, name) for name in _KEYS}
    return assemble(
        {**columns, "count": count}, place_count=cells.place_count, livelihoods=cells.livelihoods,
        communities=cells.communities, fit_residuals=cells.fit_residuals, notes=cells.notes,
        people_scale=cells.people_scale * factor,
    )  # fmt: skip


def _sums(index: IntArray, values: NDArray[np.generic], length: int) -> IntArray:
    out = np.zeros(length, dtype=np.int64)
    np.add.at(out, index, np.asarray(values, dtype=np.int64))
    return out
