"""Halved widths by weights: densities by hand, and a strength that is far from the record weighs less."""

from pathlib import Path

import numpy as np
import pytest

from groundswell.accounts.model import Free, Within
from groundswell.engine.priors import LogNormal, Uniform
from groundswell.record import load_record
from groundswell.study.tables.table import read
from groundswell.weigh.reported import prepared
from groundswell.weigh.widths import half, halved
from weigh.made import made_table
from weigh.test_weigh import TWO, made


def test_weights_are_those_of_the_halved_density() -> None:
    uniform = Free("a", Uniform(0, 8), "test", 0, 10)
    assert half(uniform, np.array([1.9, 2.1, 5.9, 6.1])).tolist() == [0, 2, 2, 0]
    assert half(uniform, np.array([4.2, 5.0]), Within(4, 8, "stated")).tolist() == [0, 0]
    lognormal = Free("b", LogNormal(2, 1, 4), "test", 0, 100)
    x = np.array([lognormal.value(u) for u in (np.arange(20000) + 0.5) / 20000])
    weight = half(lognormal, x)
    z = np.log(x / 2) / LogNormal(2, 1, 4).sigma
    assert weight.mean() == pytest.approx(1.0, abs=1e-3)
    assert np.average(z**2, weights=weight) == pytest.approx(0.25, abs=1e-3)  # half the spread


def test_weights_leave_the_prior_of_classes_alone() -> None:
    sample = made(TWO, vectors=10)
    narrow = sample.reweighted(np.linspace(0.1, 2, len(sample)))
    assert narrow.prior == pytest.approx(sample.prior)
    for a in (0, 1):
        assert narrow.weight[narrow.drawn == a].sum() == pytest.approx(sample.weight[sample.drawn == a].sum())
    assert narrow.rows(np.arange(4)).factor == pytest.approx(narrow.factor[:4])


def test_every_element_with_a_strength_has_a_factor(tmp_path: Path) -> None:
    case, accounts, design = made_table("tiny", tmp_path / "made", slots=240)
    p = prepared(read(tmp_path / "made"), load_record(case), accounts, "conditional")
    chosen = {"families": {"penalty": 0.1, "temperature": 1.0}, "within": {}}
    found = halved(p.runs, p.sample, p.asked, accounts, chosen)
    assert found.keys() == {"service-keeps-out", "smugglers"}
    for row in found.values():
        assert 20 < row["ess"] < 240
        assert row["bayes_factor"] > 0
    few = prepared(read(tmp_path / "made").slice(0, 40), load_record(case), accounts, "conditional")
    told = halved(few.runs, few.sample, few.asked, accounts, chosen)
    assert told["service-keeps-out"]["bayes_factor"] is None
