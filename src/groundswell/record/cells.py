"""Rounding as sources round: the cell of a source's own words in which a value lies.

What a source says in the record has a width: "several hundred", "on 4 January", "18". That width makes a grid through
the source's own interval, and another value would have been put into another cell of it. So a run's record is as coarse
as the record itself, source by source.
"""

from __future__ import annotations

import numpy as np

CLASS_HIGHEST = 5.0
SHARE_STEP = 0.05


def in_words(
    x: np.ndarray, low: np.ndarray, high: np.ndarray, form: np.ndarray, exact_digits: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(n,) lowest and (n,) highest of the cell in which a source puts the value x.

    Counts have cells of equal width in log10(1 + x); hours, orders and shares cells of equal width; whole numbers
    (class, rank, yes) cells of as many numbers as the source's interval holds. A source that gives an exact count keeps
    its number of significant digits (164 has 3, 10,000 has 1); exact hours are whole hours, exact shares steps of 0.05.

    Args:
        x: (n,) finite values; counts from 0 on.
        low, high: (n,) what the source says in the record.
        form: (n,) forms of the observations.
        exact_digits: (n,) significant digits of low, used where low and high are equal.
    """
    count, share = form == "count", form == "share"
    whole = np.isin(form, ("class", "rank", "yes"))
    y, a, b = (np.where(count, np.log10(1 + np.where(count, v, 0.0)), v) for v in (x, low, high))
    y = np.where(whole, np.rint(y), y)
    width = np.where(whole, b - a + 1, np.where(b > a, b - a, 1.0))
    k = np.floor((y - a) / width)
    k = np.where((x >= low) & (x <= high), 0.0, k)  # both ends belong to what was said
    first, last = a + k * width, a + (k + 1) * width - whole
    first, last = (np.where(count, np.maximum(10.0 ** np.where(count, v, 0) - 1, 0), v) for v in (first, last))
    as_said = k == 0
    first, last = np.where(as_said, low, first), np.where(as_said, high, last)
    exact = (low == high) & ~whole
    near = np.where(count, significant(np.where(count, x, 0), exact_digits), np.rint(x / _step(form)) * _step(form))
    first, last = np.where(exact, near, first), np.where(exact, near, last)
    in_whole_numbers = count & (low == np.rint(low)) & (high == np.rint(high))
    first, last = (np.where(in_whole_numbers, np.rint(v), v) for v in (first, last))
    highest = np.where(form == "class", CLASS_HIGHEST, np.where(share | (form == "yes"), 1.0, np.inf))
    lowest = np.where(form == "rank", 1.0, np.where(np.isin(form, ("hour", "order")), -np.inf, 0.0))
    return np.clip(first, lowest, highest), np.clip(last, lowest, highest)


def significant(x: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Numbers from 0 on, rounded to so many significant digits."""
    power = 10.0 ** (np.floor(np.log10(np.maximum(x, 1e-12))) - (digits - 1))
    return np.where(x > 0, np.round(np.rint(x / power) * power, 12), 0.0)


def digits(x: np.ndarray) -> np.ndarray:
    """(n,) significant digits of numbers as written: 164 has 3, 10,000 has 1."""
    return np.array([max(1, len(f"{abs(v):.12f}".replace(".", "").strip("0"))) for v in np.atleast_1d(x)])


def _step(form: np.ndarray) -> np.ndarray:
    return np.where(form == "share", SHARE_STEP, 1.0)
