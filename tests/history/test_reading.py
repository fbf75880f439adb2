"""What readers of history read is declared by a mechanism or the engine, with these dimensions, and kept every hour."""

from __future__ import annotations

import math

import numpy as np
import pytest

from groundswell.engine.state import COUNTS
from groundswell.history.reading import READ, first
from groundswell.mechanisms import all_mechanisms
from history.conftest import CENTRE, EDGE, PORT, STEPS, put

DECLARED = {v.name: v for m in all_mechanisms().values() for v in m.writes} | {v.name: v for v in COUNTS}


@pytest.mark.parametrize("name", READ)
def test_what_is_read_is_declared_and_kept(name):
    dims, neutral = READ[name]
    v = DECLARED[name]
    assert v.dims == dims
    assert v.keep == "hour"
    assert v.initial == neutral or (math.isnan(v.initial) and math.isnan(neutral))


def test_what_is_not_recorded_is_neutral(reading):
    r = reading()
    assert r.series("site_held").shape == (STEPS, 9)
    assert (r.series("site_held") == 1).all()
    assert np.isnan(r.series("asked")).all()
    assert not r.has("looted")


def test_only_the_steps_played_are_read(reading):
    street = put(4, (0, STEPS, CENTRE, 7))
    r = reading(on_street=street, steps=20)
    assert r.total("on_street").tolist() == [7.0] * 20
    assert r.running("on_street")[-1] == 140.0
    assert r.total("on_street", np.arange(4) == PORT).sum() == 0.0


def test_towns_days_and_clocks(reading):
    r = reading()
    assert r.largest_town.tolist() == [True, True, False, False]
    assert EDGE in np.flatnonzero(r.largest_town)
    assert (r.days[[0, 23, 24, 239]] == [0, 0, 1, 9]).all()
    assert r.local(0) == "1 Mar 01:00"
    assert r.local(0, np.arange(4) == PORT) == "1 Mar 00:00"
    assert r.step_before(47.0) == 47
    assert r.step_before(47.5) == 47
    assert r.step_before(1e9) == STEPS
    assert r.iso(None) is None


def test_first():
    assert first(np.array([False, True, True])) == 1
    assert first(np.zeros(3, bool)) is None
    assert first(np.zeros(0, bool)) is None
