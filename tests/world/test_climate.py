"""Temperatures by month, and what stands in where a case says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

import groundswell as gs
from groundswell.world.climate import usual_c
from groundswell.world.world import build


@dataclass
class Row:
    region: str
    month: int
    night_c: float
    day_c: float


def world(*rows: Row) -> SimpleNamespace:
    case = SimpleNamespace(tables={"climate": SimpleNamespace(rows=rows)})
    return SimpleNamespace(case=case, region_id=["coast", "hills"], region=np.array([0, 1, 0]))


WARM, COLD = Row("coast", 6, 12, 22), Row("coast", 1, -3, 2)


@pytest.mark.parametrize(("month", "night"), [(6, 12), (1, -3), (2, -3), (3, -3), (4, 12), (9, 12), (10, -3), (12, -3)])
def test_a_month_is_as_the_nearest_with_a_row(month: int, night: float) -> None:
    # 2 months from January, 3 from June: March is as January; 4 from June (by August), 3 from January: October too
    night_c, day_c = usual_c(world(WARM, COLD, Row("hills", 1, -9, -1)), month)  # type: ignore[arg-type]
    assert night_c.tolist() == [night, -9, night]
    assert (day_c > night_c).all()


def test_of_two_equally_near_the_earlier() -> None:
    assert usual_c(world(WARM, Row("coast", 4, 5, 9), Row("hills", 1, 0, 1)), 5)[0][0] == 5  # type: ignore[arg-type]
    assert usual_c(world(COLD, Row("coast", 11, 7, 9), Row("hills", 1, 0, 1)), 12)[0][0] == 7  # type: ignore[arg-type]


def test_a_case_without_communities_is_one_community(tmp_path) -> None:
    import shutil

    folder = shutil.copytree(gs.load("tiny").folder, tmp_path / "one")
    (folder / "communities.csv").unlink()
    cells = build(gs.load(folder)).cells
    assert cells.communities == ("all",) and set(cells.community) == {0}
    assert cells.people == 60_000
