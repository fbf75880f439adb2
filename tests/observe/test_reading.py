"""What is read of a run is declared by a mechanism or the engine and kept every hour; towns, days, clocks."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.observe.reading import first
from observe.conftest import CENTRE, EDGE, PORT, STEPS, put


@pytest.mark.parametrize("name", ["no_such_thing", "urge"])
def test_what_is_not_declared_or_not_kept_is_refused(reading, name):
    with pytest.raises(KeyError, match=f"no mechanism declares '{name}' as a variable that is kept every hour"):
        reading().series(name)


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
