"""What people demand is data: how many, which are political, and what meets each."""

from __future__ import annotations

import numpy as np
import pytest

import groundswell as gs
from domains.harness import HARBOUR, MILLTOWN, Bench, case_with
from groundswell.world.world import build

ROW = {"political": "false", "organised": "false", "met_by": ""}
AUTONOMY = 5


def law(rows, **more):
    """The measures with a law on self-rule of the valley, on the second day."""
    new = {
        **rows[0], "measure": "self-rule", "kind": "other", "scope": "valley", "value": "", "unit": "", "version": "",
        "start_local": "2030-03-02T06:00", "end_local": "2030-03-06T00:00", **more,
    }  # fmt: skip
    return [*rows, new]


def with_law(folder, **more):
    def meets(rows):
        return [{**r, "met_by": "self-rule"} if r["demand"] == "autonomy" else r for r in rows]

    return build(case_with(folder / "c", {"measures.csv": lambda rows: law(rows, **more), "demands.csv": meets}))


@pytest.mark.parametrize(("more", "share"), [({}, 1.0), ({"value": "0.4", "unit": "share"}, 0.4)])
def test_any_demand_is_met_by_the_measure_that_its_row_names(tmp_path, more, share):
    b = Bench("measures", world=with_law(tmp_path, **more))
    assert (b.step(29).offer[:, AUTONOMY] == 0).all()
    s = b.step(30)
    assert s.offer[MILLTOWN, AUTONOMY] == share and s.offer[HARBOUR, AUTONOMY] == 0


@pytest.mark.parametrize("count", [1, 3, 8])
def test_a_case_has_as_many_demands_as_it_names_and_both_engines_agree(tmp_path, count):
    def few(rows):
        more = [{**ROW, "demand": f"more-{i}", "name": f"More {i}"} for i in range(8)]
        return [*rows, *more][:count]

    case = case_with(tmp_path / "c", {"demands.csv": few})
    runs = [
        gs.run(case, seed=3, engine=e, people_scale=0.1, until="2030-03-04T00:00", set={"joining.theta": 7.0})
        for e in ("fast", "reference")
    ]
    held = [run.history["demand_people"].values for run in runs]
    assert held[0].shape[2] == count and held[0].sum() > 0
    np.testing.assert_array_equal(*held)
    assert runs[0].people(limit=5).column("demands") is not None
