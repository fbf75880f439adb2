"""Two runs of one case side by side: when and where they part, and what differs at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

WATCHED = ("on_street", "joined", "left", "arrested", "injured", "dead", "taken", "striking", "site_held")
"""Variables of the history in which two runs can part, in the order in which a tie is told."""

NUMBERS = (
    "dead", "security_dead", "injured", "security_injured", "detained", "peak_on_street", "joins", "strikes",
)  # fmt: skip
"""Numbers of a run's summary that are laid side by side, harm first."""


@dataclass(frozen=True)
class Parting:
    """The first hour at which two runs differ.

    step: index of `time`. variable: of the history. where: id of the place, enterprise or spot.
    values: of the first run and of the second.
    """

    step: int
    variable: str
    where: str
    values: tuple[float, float]


def parting(a: xr.Dataset, b: xr.Dataset) -> Parting | None:
    """Where two histories of one case first differ; None: nowhere in the hours that both have.

    Of what differs at the same hour the first of `WATCHED` is told, and of that the largest difference.
    """
    found: Parting | None = None
    for name in WATCHED:
        if name not in a or name not in b:
            continue
        hours = min(a.sizes["time"], b.sizes["time"])
        x, y = (np.asarray(h[name].values[:hours], float) for h in (a, b))
        differs = np.flatnonzero((x != y).any(axis=1))
        if not len(differs) or (found is not None and differs[0] >= found.step):
            continue
        step = int(differs[0])
        at = int(np.abs(x[step] - y[step]).argmax())
        where = str(a[a[name].dims[1]].values[at])
        found = Parting(step, name, where, (float(x[step, at]), float(y[step, at])))
    return found


def numbers(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """Name, value of the first run, value of the second: of `NUMBERS`, and the dated statements met."""
    rows = [(name, float(a[name]), float(b[name])) for name in NUMBERS]
    return [*rows, ("met", float(a["score"]["met"]), float(b["score"]["met"]))]


def statements(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Statement -> result in the first run and in the second, of those in which they differ."""
    x, y = a["score"]["statements"], b["score"]["statements"]
    return {id: (x[id], y[id]) for id in x if id in y and x[id] != y[id]}
