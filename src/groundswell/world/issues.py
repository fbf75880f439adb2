"""What can set people in motion in a case: a price, a law, an arrest; what raises each, and whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from groundswell.world.world import World


@dataclass(frozen=True)
class Issues:
    """I rows of issues.csv, and P places.

    item: whose price it is, blank for all but a price. raised_by: kinds and ids of the measures that raise an issue;
    a price is raised by its steps. size: an issue counts as a price that rises by so much in logs, that of a price
    multiplies its steps. concern: share of people whom it concerns. demand: number of the demand raised, -1: none.
    """

    id: list[str]
    kind: list[str]
    item: list[str]
    raised_by: list[tuple[str, ...]]
    size: np.ndarray  # (I,)
    concern: np.ndarray  # (I, P)
    demand: np.ndarray  # (I,) int

    @property
    def priced(self) -> np.ndarray:
        """(I,) whether an issue is the price of an item."""
        return np.array([bool(item) for item in self.item], bool)

    def raised(self, *by: str) -> np.ndarray:
        """(I,) whether a measure of one of these kinds or ids raises each issue."""
        return np.array([any(one in named for one in by) for named in self.raised_by], bool)


def issues(world: World) -> Issues:
    """Rows of issues.csv.

    A price concerns those who live on the item. Any other issue concerns people of the communities and livelihoods
    named, all where none is named; where both are, as if they were independent.
    """
    table = world.case.tables["issues"]
    livelihood, community = (shares / np.maximum(shares.sum(axis=1, keepdims=True), 1) for shares in world.composition)
    concern = np.ones((len(table), world.places))
    for i, row in enumerate(table.rows):
        if row.item:
            concern[i] = world.exposure(row.item)
        if row.livelihoods:
            concern[i] *= livelihood[:, np.isin(world.livelihood_id, row.livelihoods)].sum(axis=1)
        if row.communities:
            concern[i] *= community[:, np.isin(world.cells.communities, row.communities)].sum(axis=1)
    demands = world.demands.id
    return Issues(
        [str(x) for x in table.column("issue")],
        [str(x) for x in table.column("kind")],
        [str(x) for x in table.column("item")],
        list(table.column("raised_by")),
        table.column("size"),
        concern,
        np.array([demands.index(x) if x else -1 for x in table.column("demand")], np.int64),
    )
