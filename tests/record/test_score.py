"""How well runs fit a record: distances, statements met, scores of sets, by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from groundswell.case.kinds import KINDS, TOLD_KINDS
from groundswell.record.features import YES_SD
from groundswell.record.proper import crps
from groundswell.record.score import GROUPS, Runs, distance, plain, score_run, score_set, unplain
from record.made import claim, measured, observation, record


def test_a_distance_in_units_of_error_and_discrepancy() -> None:
    r = record(
        [
            observation("when", "hour", discrepancy=1.5, use="fit"),
            observation("so", "yes"),
            observation("silent", "yes"),
        ],
        [claim("when", "a", (10, 12)), claim("so", "a", (1, 1))],
    )
    found = distance(np.array([[17.0, 1, 1], [11, 0, 1], [np.inf, np.nan, 0]]), np.zeros((3, 3)), r)
    assert found[0] == pytest.approx([5 / np.hypot(2, 1.5), 0, np.nan], nan_ok=True)
    assert found[1] == pytest.approx([0, 1 / YES_SD, np.nan], nan_ok=True)
    assert found[2] == pytest.approx([(120 - 12) / np.hypot(2, 1.5), np.nan, np.nan], nan_ok=True)


def test_the_nearest_of_contradicting_claims_counts() -> None:
    r = record([observation("when", "hour")], [claim("when", "a", (10, 12)), claim("when", "b", (30, 32))])
    assert distance(np.array([31.0]), np.zeros(1), r) == pytest.approx([0])
    assert distance(np.array([16.0]), np.zeros(1), r) == pytest.approx([2])


def test_a_cut_network_widens_the_error_and_an_open_side_has_no_limit() -> None:
    r = record([observation("shops", "count", kind="looting")], [replace(claim("shops", "a", (99, 99)), low=99.0)])
    assert distance(np.array([999.0]), np.zeros(1), r) == pytest.approx([0])  # at least 99
    near, far = (distance(np.array([9.0]), np.array([d]), r)[0] for d in (0.0, 1.0))
    assert near == pytest.approx(2 * far) and near == pytest.approx(np.log(10) / 0.2)


def a_record():
    seen = [
        observation("when", "hour", use="fit", discrepancy=1.5, place="Coast"),
        observation("crowd", "count", kind="crowd", use="check", discrepancy=0.2, place="Coast"),
        observation("so", "yes", place="Hills", set="base"),
        observation("price", "hour", kind="price_cut", mode="joint"),
        observation("later", "share", end_h=110.0),
        observation("context", "yes", set="context", mode="none"),
    ]
    said = [
        claim("when", "a", (10, 12)),
        claim("when", "b", (20, 22)),
        replace(claim("crowd", "a", (99, 999)), low=99.0, high=999.0),
        claim("so", "a", (1, 1)),
        claim("so", "b", (0, 0), stance="denies"),
        claim("price", "a", (30, 40)),
        replace(claim("later", "a", (0.5, 1)), low=0.5, high=1.0),
        claim("context", "a"),
    ]
    return record(seen, said)


VALUES = [[11.0, 500, 1, 35, np.nan, 0], [np.inf, 5000, 0, 35, 0.6, 0], [21.0, 999, 1, 50, 0.2, 1]]


def runs(*which: int, played=120.0, responsive=False) -> Runs:
    n = len(which)
    return Runs(np.array(VALUES)[list(which)], np.full(n, played), np.full(n, responsive))


def test_a_run_is_counted_by_use_set_kind_and_place() -> None:
    found = score_run(measured(VALUES[0]), a_record(), 120.0, False)
    assert (found["met"], found["of"]) == (3, 6)
    assert found["by_use"] == {"fit": {"met": 1, "of": 2}, "check": {"met": 1, "of": 1}, "neither": {"met": 1, "of": 3}}
    assert found["by_set"] == {"weigh": {"met": 2, "of": 4}, "base": {"met": 1, "of": 2}}
    assert found["by_place"]["Hills"] == {"met": 1, "of": 2}
    assert found["by_kind"]["streets"] == {"met": 2, "of": 3}
    assert found["statements"]["price-a"] == found["statements"]["context-a"] == "not scored"
    assert found["statements"]["later-a"] == "not met"  # the window was played and there was nothing to measure
    assert score_run(measured(VALUES[0]), a_record(), 120.0, True)["by_kind"]["offices and allies"]["met"] == 1
    assert score_run(measured(VALUES[0]), a_record(), 105.0, False)["of"] == 5


def test_what_is_measured_comes_back_from_json() -> None:
    values = [1.25, np.inf, -np.inf, np.nan, 0.0]
    kept = json.loads(json.dumps([plain(v) for v in values], allow_nan=False))
    assert kept == [1.25, "never", "second alone", None, 0.0]
    assert [unplain(v) for v in kept] == pytest.approx(values, nan_ok=True)


def test_one_run_in_a_set_is_that_run() -> None:
    for k in range(3):
        alone, as_set = score_run(measured(VALUES[k]), a_record(), 120.0, False), score_set(runs(k), a_record())
        assert (as_set["met_mean"], as_set["of"]) == (alone["met"], alone["of"])
        assert as_set["half"] == alone["met"] and as_set["none"] == alone["of"] - alone["met"]
        for part in ("use", "set", "kind", "place"):
            got = {name: (row["met_mean"], row["of"]) for name, row in as_set[f"by_{part}"].items()}
            assert got == {name: (row["met"], row["of"]) for name, row in alone[f"by_{part}"].items()}


def test_a_set_of_runs_by_hand() -> None:
    found = score_set(runs(0, 1, 2), a_record())
    assert found["statements"] == pytest.approx(
        {"when-a": 1 / 3, "when-b": 1 / 3, "crowd-a": 2 / 3, "so-a": 2 / 3, "so-b": 1 / 3, "later-a": 1 / 3}
    )
    assert (found["of"], found["half"], found["none"]) == (6, 2, 0)
    assert found["met_mean"] == pytest.approx(8 / 3) and (found["met_least"], found["met_most"]) == (2, 3)
    o = found["observations"]
    spread = (2 * 120 - 2 * 11) / 6  # of 11, 21 and 120, since what never came counts at the end of the case
    one, other = (0.5 + 10 + 109) / 3 - spread, (10 + 0.5 + 99) / 3 - spread
    assert o["when"]["rule"] == "CRPS"
    assert o["when"]["score"] == pytest.approx((one + other) / 2 / np.hypot(2, 1.5))
    assert o["so"] == {"rule": "Brier", "score": pytest.approx((1 / 9 + 4 / 9) / 2 - 2 / 9 / 2), "runs": 3}
    assert "price" not in o and "context" not in o
    # nothing to measure of a share said to be 0.5 to 1 counts as 0
    wanted = crps([0.0, 0.6, 0.2], 0.5, 1.0) / 0.1
    assert o["later"]["score"] == pytest.approx(wanted)


def test_the_order_of_runs_changes_nothing() -> None:
    one, other = score_set(runs(0, 1, 2), a_record()), score_set(runs(2, 0, 1), a_record())
    assert one["statements"] == pytest.approx(other["statements"])
    for id, found in one["observations"].items():
        assert found["score"] == pytest.approx(other["observations"][id]["score"])


def test_runs_that_stopped_early_or_followed_the_record_are_left_out_of_what_they_cannot_say() -> None:
    some = Runs(np.array(VALUES), np.array([120.0, 105, 120]), np.array([True, False, False]))
    o = score_set(some, a_record())["observations"]
    assert (o["later"]["runs"], o["price"]["runs"], o["when"]["runs"]) == (2, 1, 3)
    assert score_set(runs(0, played=50.0), a_record())["observations"] == {}


def test_a_figure_with_an_open_side_is_a_yes_or_no() -> None:
    said = replace(claim("shops", "a", (99, 99)), low=99.0)
    at_least = record([observation("shops", "count", kind="looting")], [said])
    found = score_set(Runs(np.array([[150.0], [20.0]]), np.full(2, 120.0), np.zeros(2, bool)), at_least)
    assert found["observations"]["shops"] == {"rule": "Brier", "score": pytest.approx(0.25 - 0.25), "runs": 2}


def test_every_kind_of_the_format_stands_in_one_group() -> None:
    grouped = [kind for kinds in GROUPS.values() for kind in kinds]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) == set(KINDS) - set(TOLD_KINDS)
