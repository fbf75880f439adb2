"""What people on the street can demand in a case, and which measures meet each demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from groundswell.world.world import World

PRICE_KINDS = ("price_cut", "price_promise", "price_cap")
PAY_KINDS = ("pay_rise",)
OFFICE_KINDS = ("cabinet_dismissed", "patron_removed")
"""Kinds of measures by which a price falls, pay rises, and those who hold an office lose it."""


@dataclass(frozen=True)
class Demands:
    """D rows of demands.csv. met_by: kinds and ids of the measures that meet a demand. raised: by an issue."""

    id: list[str]
    name: list[str]
    political: np.ndarray  # (D,) bool
    organised: np.ndarray  # (D,) bool: organised workers take it up sooner
    met_by: list[tuple[str, ...]]
    raised: np.ndarray  # (D,) bool

    def met(self, *by: str) -> np.ndarray:
        """(D,) whether a measure of one of these kinds or ids meets each demand."""
        return np.array([any(one in named for one in by) for named in self.met_by], bool)


def demands(world: World) -> Demands:
    """Rows of demands.csv."""
    table = world.case.tables["demands"]
    return Demands(
        [str(x) for x in table.column("demand")],
        [str(x) for x in table.column("name")],
        table.column("political"),
        table.column("organised"),
        list(table.column("met_by")),
        np.isin(table.column("demand"), world.case.tables["issues"].column("demand")),
    )
