"""How far runs lie from a record."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from groundswell.record.features import YES_SD
from groundswell.record.score import distance
from record.made import claim, observation, record


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
