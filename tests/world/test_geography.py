import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.world.geography import (
    EARTH_RADIUS_KM,
    dissimilarity,
    great_circle_km,
    likeness,
    word_of_mouth,
)


def test_distances_known_beforehand() -> None:
    # equator to pole is a quarter of the circle; one degree on the equator; antipodes; the same point
    d = great_circle_km([0, 90, 0, 0, 0], [0, 0, 1, 180, 0])
    circle = 2 * np.pi * EARTH_RADIUS_KM
    assert d[0].tolist() == pytest.approx([0, circle / 4, circle / 360, circle / 2, 0])
    # Almaty (43.25 N 76.95 E) to Astana (51.13 N 71.43 E): about 970 km
    assert great_circle_km([43.25, 51.13], [76.95, 71.43])[0, 1] == pytest.approx(970, abs=5)


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=3, max_size=3))
def test_distances_are_a_metric(points: list[tuple[float, float]]) -> None:
    lat, lon = zip(*points, strict=True)
    d = great_circle_km(lat, lon)
    np.testing.assert_array_equal(d, d.T)
    assert (np.diag(d) == 0).all()
    assert d[0, 2] <= d[0, 1] + d[1, 2] + 1e-3


def test_dissimilarity_and_likeness_by_hand() -> None:
    jobs = [[80, 20], [30, 70], [0, 10]]
    nations = [[1, 0], [1, 0], [0, 5]]
    d = dissimilarity(jobs, nations)
    # places 0, 1: jobs half of (.5 + .5), nations 0; places 0, 2: jobs .8, nations 1
    np.testing.assert_allclose(d, [[0, 0.25, 0.9], [0.25, 0, 0.65], [0.9, 0.65, 0]])
    np.testing.assert_allclose(likeness(jobs, nations, 2.0), np.exp(-2 * d))
    np.testing.assert_array_equal(likeness(jobs, nations, 0.0), np.ones((3, 3)))
    with pytest.raises(ValueError, match="strength"):
        likeness(jobs, nations, -1.0)


def test_word_of_mouth_by_hand() -> None:
    # d0 = 50 km, eta = 2: at 50 km a quarter of the weight, and own people count in full
    w = word_of_mouth([[0, 50], [50, 0]], [100, 400], 50.0, 2.0)
    np.testing.assert_allclose(w, [[100 / 200, 100 / 200], [25 / 425, 400 / 425]])


@given(st.integers(0, 10**6), st.floats(1, 500), st.floats(0, 4))
def test_word_of_mouth_rows_sum_to_one_and_follow_the_places(seed: int, d0: float, eta: float) -> None:
    rng = np.random.default_rng(seed)
    lat, lon, people = rng.uniform(40, 55, 7), rng.uniform(47, 87, 7), rng.integers(1, 10**6, 7)
    w = word_of_mouth(great_circle_km(lat, lon), people, d0, eta)
    np.testing.assert_allclose(w.sum(axis=1), 1)
    order = rng.permutation(7)
    moved = word_of_mouth(great_circle_km(lat[order], lon[order]), people[order], d0, eta)
    np.testing.assert_allclose(moved, w[np.ix_(order, order)], rtol=1e-12)


def test_word_of_mouth_refuses_nonsense() -> None:
    for people, d0, eta in (
        ([1, 1], 0.0, 1.0),
        ([1, 1], 50.0, -1.0),
        ([0, 0], 50.0, 1.0),
        ([-1, 2], 50.0, 1.0),
    ):
        with pytest.raises(ValueError):
            word_of_mouth(np.zeros((2, 2)), people, d0, eta)
