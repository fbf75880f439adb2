"""One row: what is played, what is looked at, what is given up."""

from typing import Any

import numpy as np
import pytest

from groundswell.engine.simulation import CoarseStep
from groundswell.play.pool import play_batch
from groundswell.play.run import run
from groundswell.record.measure import measure
from groundswell.study.tables.design import Design, base_of
from groundswell.study.tables.player import cut, player
from groundswell.study.tables.rows import base_jobs, table_jobs
from study.tables import fakes

CALM = {"joining.theta": 14.0, "spark.strength": 0.0, "factions.wait_intent": 0.0}


@pytest.fixture(scope="module")
def design() -> Design:
    return fakes.design()


@pytest.fixture(scope="module")
def play(design: Design) -> Any:
    return player(design.common)


@pytest.fixture(scope="module")
def job(design: Design) -> dict[str, Any]:
    made = table_jobs(design, [0], 0)[1]
    assert made["account"] == "plain" and made["mode"] == "conditional"
    return {**made, "settings": {}}


def test_a_row_is_the_run_that_anybody_would_get(design: Design, play: Any, job: dict[str, Any]) -> None:
    row = play(job)
    same = run("tiny", seed=job["seed"])
    wanted = measure(same.reading, design.record)
    assert np.array_equal(row["values"], wanted.values, equal_nan=True) and row["dark"] == wanted.dark.tolist()
    harm = same.summary["harm"]
    assert [row[k] for k in ("dead_all", "injured_all", "detained")] == [
        harm[k]["total"] for k in ("dead", "injured", "detained")
    ]
    assert row["peak"] == same.summary["peak_on_street"] and row["ending"] == same.ending.so_far
    assert row["given_up_h"] is None and row["coarse_h"] is None


def test_a_step_that_is_too_long_is_in_the_row_and_not_on_the_screen(
    play: Any, job: dict[str, Any], recwarn: pytest.WarningsRecorder
) -> None:
    fast = {"joining.theta": 0.0, "joining.ceiling": 1.0, "joining.pool": 1e9}
    with pytest.warns(CoarseStep, match="take a shorter step"):
        run("tiny", seed=job["seed"], set=fast)
    recwarn.clear()
    assert play({**job, "settings": fast})["coarse_h"] is not None
    assert not [w for w in recwarn if w.category is CoarseStep]


def test_a_run_out_of_bounds_is_given_up_with_what_it_had(design: Design, job: dict[str, Any]) -> None:
    row = player({**design.common, "most_people": 100})(job)
    hour = row["given_up_h"]
    assert 0 < hour < design.until_h and row["ending"] is None
    whole = run("tiny", seed=job["seed"]).reading
    crowd = whole.series("on_street").sum(axis=1)
    assert int(hour) == int(np.argmax(crowd > 100)) + 1 and row["peak"] == crowd[int(hour) - 1]
    full = measure(whole, design.record).values
    for o, had, later in zip(design.record.observations, row["values"], full, strict=True):
        if o.end_h <= hour:
            assert had == later or np.isnan(later), o.id
        elif o.form in ("count", "class") and o.start_h < hour and not np.isnan(had):
            assert had <= later, o.id
        elif not np.isnan(had):
            assert had == later, o.id


def test_a_count_under_way_is_counted_up_to_the_end(design: Design) -> None:
    seen = {o.id: o for o in cut(design.record, 60.0).observations}
    for o in design.record.observations:
        under_way = o.form in ("count", "class") and o.start_h < 60 < o.end_h
        assert seen[o.id].end_h == (60.0 if under_way else o.end_h)


def test_the_base_stage_stops_at_the_first_that_rules_out(design: Design, play: Any) -> None:
    asked = base_jobs(design, 0)[0]
    row = play({**asked, "settings": CALM})
    record = base_of(design.record)
    assert not row["kept"] and row["ruled_out_by"] and row["given_up_h"] is None
    ends = [o.end_h for o in record.observations if o.id in row["ruled_out_by"]]
    assert row["played_h"] == min(ends) <= design.base_h
    assert len(row["values"]) == len(record)


def test_another_case_at_the_worker_is_refused(design: Design) -> None:
    with pytest.raises(ValueError, match="where this worker runs"):
        player({**design.common, "case_digest": "0" * 64})


def test_a_run_that_raises_says_why(design: Design, job: dict[str, Any]) -> None:
    import json

    broken = {**job, "settings": {"joining.theta": "high"}}
    (row,) = play_batch("groundswell.study.tables.player:player", json.dumps(design.common), [broken])
    assert row["error"].startswith("CaseError: --set: joining.theta: given 'high'") and "values" not in row
