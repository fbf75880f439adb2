"""Weighted draws out of a last population, and the files that hold them: plain tables that a case can carry."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.case.calibration import FIRST
from groundswell.study.calibration.free import RATE, Space, shares
from groundswell.study.calibration.ordinary import THETA
from groundswell.study.calibration.waves import Population


@dataclass(frozen=True)
class Weighted:
    """n draws, the nearest first: coordinates (n, D), weight (sum 1), distance, number of the vector as played."""

    z: np.ndarray
    weight: np.ndarray
    distance: np.ndarray
    number: np.ndarray
    middle: int
    """Number of the draw in the middle, from 1."""


def draws_of(population: Population) -> Weighted:
    """The different vectors of a population: copies of one become its weight."""
    number, at, count = np.unique(population.number, return_index=True, return_counts=True)
    distance = population.distance[at]
    order = np.lexsort((number, distance))
    z, weight = population.z[at][order], count[order] / count.sum()
    return Weighted(z, weight, distance[order], number[order], medoid(shares(z), weight) + 1)


def medoid(u: np.ndarray, weight: np.ndarray) -> int:
    """Index of the point (n, D) with the smallest weighted mean distance to the others."""
    apart = np.sqrt(np.square(u[:, None, :] - u[None, :, :]).sum(axis=2))
    return int(np.argmin(apart @ weight))


def csv_of(space: Space, draws: Weighted, theta: Mapping[int, float | None] | None = None) -> str:
    """`draws.csv`, see `case.calibration`; theta: of each vector, in place of the rate that it follows from."""
    names = [THETA if name == RATE else name for name in space.names]
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow((*FIRST, *names))
    for i, (z, w, d, n) in enumerate(zip(draws.z, draws.weight, draws.distance, draws.number, strict=True), start=1):
        values = space.values(z)
        if theta is not None and RATE in values:
            values[RATE] = float(theta[int(n)] or np.nan)
        rows.writerow((i, f"{w:.6g}", f"{d:.6g}", *(f"{v:.6g}" for v in values.values())))
    return text.getvalue()


def toml_of(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """Tables of plain values as TOML."""
    out = []
    for name, values in tables.items():
        out.append(f"[{name}]")
        out += [f"{_key(k)} = {_value(v)}" for k, v in values.items()]
        out.append("")
    return "\n".join(out)


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
