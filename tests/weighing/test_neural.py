"""Neural posteriors: calibrated on kept vectors, moved to the truth, refused in words without the extra."""

import importlib.util

import numpy as np
import pytest

from groundswell.case import CaseError
from groundswell.weighing import neural as module
from weighing.test_weigh import made

MEANS = np.array([[0.0, 0.0], [1.0, 0.0]])


def test_without_the_extra_it_is_refused_in_words(monkeypatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(CaseError, match=r"groundswell\[neural\]"):
        module.neural(made(MEANS, vectors=20), np.zeros((1, 2)), np.array([0, 1]))


@pytest.mark.skipif(importlib.util.find_spec("sbi") is None, reason="the extra neural is not installed")
def test_posteriors_are_calibrated_and_move_to_the_truth() -> None:
    """The last summary is 3 p0 + N(0, 1), and says nothing of p1."""
    sample = made(MEANS, vectors=300)
    low, high = (module.neural(sample, np.array([[0.5, x]]), np.array([0, 1]), seed=1) for x in (-0.5, 3.5))
    middle = [[one["by_name"][k]["posterior"][2] for k in ("p0", "p1")] for one in (low, high)]
    assert middle[1][0] - middle[0][0] > 0.3
    assert abs(middle[1][1] - middle[0][1]) < 0.25
    assert low["tests"] == 60
    assert low["log_score"] > low["log_score_prior"]
    for row in low["by_name"].values():
        assert sum(row["ranks"]) == 60
        assert row["uniform_p"] > 0.001
        assert row["covered"] == pytest.approx(0.9, abs=0.12)
    again = module.neural(sample, np.array([[0.5, -0.5]]), np.array([0, 1]), seed=1)
    assert again == low
