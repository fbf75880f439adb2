"""Summaries and distances by hand."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.record.features import feature_names, features, implausibility, reporting_error
from groundswell.record.frame import Reported
from groundswell.record.reporting import Reporting
from record.made import claim, measured, observation, record

FORMS = ("hour", "hour", "count", "class", "share", "yes", "order", "rank")
RECORD = record([observation(f"{f}{i}", f) for i, f in enumerate(FORMS)], [claim("yes5", "a")])


def reported(lows, highs):
    low, high = np.array(lows, float), np.array(highs, float)
    return Reported(low, high, ~np.isnan(low))


def test_summaries_by_hand():
    out = reported([20, np.inf, 9, 2, 0.5, 1, -4, 2], [30, np.inf, 189, 3, 0.7, 1, 0, 4])
    values, names = features(out, RECORD)
    assert names == feature_names(RECORD)
    assert dict(zip(names, values.tolist(), strict=True)) == pytest.approx(
        {
            "hour0": 25, "hour0:never": 0, "hour1": 120, "hour1:never": 1, "count2": 2, "class3": 2.5, "share4": 0.6,
            "yes5": 1, "order6": -2, "rank7": 3,
        }
    )  # fmt: skip


def test_hours_beyond_the_horizon_are_clipped():
    assert features(reported([500] + [np.nan] * 7, [510] + [np.nan] * 7), RECORD)[0][:2].tolist() == [120, 0]


def test_what_is_not_stated_is_nan():
    values, _ = features(reported([np.nan] * 8, [np.nan] * 8), RECORD)
    assert len(values) == 10 and np.isnan(values).all()


def test_distances_by_hand():
    p = Reporting(time_sd_h=2, dark_error=1, figure_sd=np.log(10) / 10, crowd_sd=np.log(10), share_sd=0.1)
    said = reported([20, 20, 99, 2, 0.5, 1, 0, 2], [30, 30, 999, 3, 0.7, 1, 5, 4])
    run = measured([36, np.inf, 9.0, 4, 0.6, 0, -4, 5], [0.5, 0, 0, 0, 0, 0, 0, 0])
    got = implausibility(run, said, RECORD, p)
    assert got == pytest.approx([2, 45, 10, 1 / np.hypot(1, 0.5), 0, 4, np.sqrt(2), 1])


def test_distance_of_what_never_happened_and_was_not_expected_to():
    said = reported([np.inf] + [np.nan] * 7, [np.inf] + [np.nan] * 7)
    got = implausibility(measured([np.inf] * 8), said, RECORD)
    assert got[0] == 0 and np.isnan(got[1:]).all()
    assert implausibility(measured([100] + [0] * 7), said, RECORD, Reporting(time_sd_h=2))[0] == 10
    assert np.isnan(implausibility(measured([np.nan] * 8), said, RECORD)).all()


def test_undercount_widens_the_error_of_harm():
    r = record([observation("d", "count", "dead"), observation("s", "count", "arms")], [])
    p = Reporting(figure_sd=0.3, dead_counted=np.exp(-0.8), dark_error=0)
    assert reporting_error(r, np.zeros(2), p) * np.log(10) == pytest.approx([0.5, 0.3])
