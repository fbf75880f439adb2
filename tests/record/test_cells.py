"""A value goes into a cell of the source's own words: by hand, and for any value and interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.record.cells import digits, in_words, significant


def cell(x, low, high, form):
    x, low, high = (np.array([v], float) for v in (x, low, high))
    out = in_words(x, low, high, np.array([form]), digits(low))
    return float(out[0][0]), float(out[1][0])


@pytest.mark.parametrize(
    ("form", "said", "x", "becomes"),
    [
        ("count", (9, 99), 50, (9, 99)),
        ("count", (9, 99), 99, (9, 99)),
        ("count", (9, 99), 100, (99, 999)),
        ("count", (9, 99), 5000, (999, 9999)),
        ("count", (9, 99), 3, (0, 9)),
        ("count", (164, 164), 218.7, (219, 219)),
        ("count", (10000, 10000), 6412, (6000, 6000)),
        ("count", (0.5, 0.5), 1.24, (1, 1)),
        ("hour", (24, 48), 30.5, (24, 48)),
        ("hour", (24, 48), 48, (24, 48)),
        ("hour", (24, 48), 50, (48, 72)),
        ("hour", (24, 48), 3, (0, 24)),
        ("hour", (24, 24), 31.4, (31, 31)),
        ("order", (0, 24), -1, (-24, 0)),
        ("class", (2, 3), 2, (2, 3)),
        ("class", (2, 3), 4, (4, 5)),
        ("class", (2, 4), 5, (5, 5)),
        ("class", (3, 3), 1, (1, 1)),
        ("share", (0.5, 1), 0.3, (0, 0.5)),
        ("share", (0.3, 0.3), 0.28, (0.3, 0.3)),
        ("yes", (1, 1), 0, (0, 0)),
        ("rank", (1, 1), 4, (4, 4)),
        ("rank", (2, 4), 1, (1, 1)),
    ],
)
def test_cells_by_hand(form, said, x, becomes):
    assert cell(x, *said, form) == pytest.approx(becomes)


@given(
    x=st.floats(0, 1e6), low=st.integers(0, 10**5), width=st.integers(0, 10**5), form=st.sampled_from(["count", "hour"])
)
def test_the_cell_holds_the_value_and_is_as_said_where_the_value_is(x, low, width, form):
    first, last = cell(x, low, low + width, form)
    if low <= x <= low + width and width:
        assert (first, last) == (low, low + width)
    slack = (
        1
        if form == "hour" and not width
        else 0.5 + 1e-6 * x + (0.5 * 10 ** np.ceil(np.log10(x + 1)) if not width else 0)
    )
    assert first - slack <= x <= last + slack


def test_digits_and_rounding():
    assert digits(np.array([164, 10000, 18, 0.25, 0, 100.5])).tolist() == [3, 1, 2, 2, 1, 4]
    assert significant(np.array([0.0, 1234, 0.01567]), np.array([2, 2, 1])) == pytest.approx([0, 1200, 0.02])
