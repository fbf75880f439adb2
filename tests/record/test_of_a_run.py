"""A played run through measuring, reporting and summaries, beside the record of its case."""

from __future__ import annotations

import numpy as np
import pytest

import groundswell as gs
from groundswell import record
from groundswell.record.features import implausibility


@pytest.fixture(scope="module")
def tiny():
    return record.load_record(gs.load("tiny"))


@pytest.fixture(scope="module")
def measured(tiny):
    return record.measure(gs.run("tiny").reading, tiny)


def test_a_run_is_reported_in_the_shape_of_the_record(tiny, measured):
    said = record.observed(tiny)
    for seed in range(20):
        out = record.report(measured, tiny, seed=seed)
        again = record.report(measured, tiny, seed=seed)
        assert len(out) == len(said) == len(tiny)
        np.testing.assert_array_equal(out.low, again.low)
        assert (np.isnan(out.low) == ~out.stated).all() and (np.isnan(out.high) == ~out.stated).all()
        assert (out.low[out.stated] <= out.high[out.stated]).all()
        assert not (out.stated & ~np.isin(np.arange(len(tiny)), tiny.frame.of)).any()  # who has no claim is silent
        assert record.features(out, tiny)[1] == record.features(said, tiny)[1]


def test_a_source_that_denies_what_the_run_has_is_far_from_it(tiny, measured):
    strike = tiny.index["plant-strike"]
    assert measured.values[strike] == 1
    assert implausibility(measured, record.observed(tiny, source="notebook"), tiny)[strike] == 0
    assert implausibility(measured, record.observed(tiny, source="gazette"), tiny)[strike] == 4
