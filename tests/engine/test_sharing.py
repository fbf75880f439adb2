"""Whole numbers shared out: quotas rounded, fair in the mean, never more than there is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.engine.sharing import share_out

few = settings(max_examples=60, deadline=None)


def test_by_hand():
    # quotas 1.5, 0.3, 1.2 end at 1.5, 1.8, 3.0; with u = 0.4 the whole numbers passed are 1, 2, 3
    assert share_out(3, np.array([5, 1, 4]), 0.4).tolist() == [1, 1, 1]
    assert share_out(3, np.array([5, 1, 4]), 0.6).tolist() == [2, 0, 1]
    assert share_out(9, np.array([5, 0, 3]), 0.4).tolist() == [5, 0, 3]  # no more than there are
    assert share_out(4, np.array([], int), 0.5).tolist() == []
    assert share_out(4, np.array([0, 0]), 0.5).tolist() == [0, 0]
    groups = share_out([3, 2], np.array([5, 7, 1, 4]), [0.4, 0.9], np.array([0, 1, 0, 0]))
    assert groups.tolist() == [1, 2, 1, 1]


@few
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60)), min_size=1, max_size=20), st.data())
def test_everybody_gets_the_quota_of_their_group_rounded(rows, data):
    group, weights = (np.array(x) for x in zip(*rows, strict=True))
    n = np.array(data.draw(st.lists(st.integers(0, 200), min_size=4, max_size=4)))
    u = np.array(data.draw(st.lists(st.floats(1e-9, 1 - 1e-9), min_size=4, max_size=4)))
    out = share_out(n, weights, u, group)
    total = np.bincount(group, weights, 4)
    np.testing.assert_array_equal(np.bincount(group, out, 4), np.minimum(n, total))
    assert ((out >= 0) & (out <= weights)).all()
    quota = (np.minimum(n, total) / np.maximum(total, 1))[group] * weights
    assert (np.abs(out - quota) < 1 + 1e-9).all()
    for k in range(4):  # a group does not know of the others
        alone = share_out(n[k], weights[group == k], u[k])
        np.testing.assert_array_equal(out[group == k], alone)


def test_fair_in_the_mean():
    us = (np.arange(1000) + 0.5) / 1000
    mean = np.mean([share_out(3, np.array([5, 1, 4]), u) for u in us], axis=0)
    assert mean == pytest.approx([1.5, 0.3, 1.2], abs=0.01)
