"""Every observable can be looked at in any run: what it reads is declared, a value has the range of its kind."""

from __future__ import annotations

from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest

from groundswell.case.kinds import observation_kinds
from groundswell.engine.observable import Kind, at_most
from groundswell.observe.outcomes import ENDINGS, OUTCOMES, Asked
from groundswell.observe.registry import OBSERVABLES, RECORDED
from groundswell.observe.window import Window
from observe.conftest import CENTRE, EDGE, PORT, STEPS, put

UNITS = {"share": "share", "hour": "h", "yes": ""}
MARKET = SimpleNamespace(users=np.array([10.0, 0.0, 5.0, 1.0]))


@pytest.fixture
def quiet(reading):
    """A run in which nothing is recorded, in a world with all that any observable looks at."""
    r = reading()
    r.world.market = MARKET
    r.world.cells = SimpleNamespace(people_scale=1.0)
    return r


@pytest.mark.parametrize("name", OBSERVABLES)
def test_an_observable_has_a_value_where_nothing_happens(quiet, name):
    o = OBSERVABLES[name]
    assert o.kind in get_args(Kind)
    assert o.unit == UNITS.get(o.kind, o.unit)
    assert o.words
    course, value = o.course(Window.whole(quiet)), o.highest(Window.whole(quiet))
    assert course.shape in ((), (STEPS,))
    assert np.isnan(value) or value >= 0
    if o.kind in ("share", "yes"):
        assert np.isnan(value) or value <= 1


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_has_a_value_where_nothing_happens(quiet, name):
    asked = Asked(name, endings=ENDINGS[:1])
    value = asked.value(quiet)
    assert np.isnan(value) or value >= 0
    assert asked.outcome.form in ("number", "hour", "yes")


def test_what_a_record_may_state_in_a_form_fits_its_kind():
    kinds = observation_kinds()
    for name, o in RECORDED.items():
        if o.kind == "share":
            assert "count" not in kinds[name]
            assert "share" in kinds[name]
        assert {"hour", "yes"}.isdisjoint(kinds[name]) or o.least is not None or name == "half_turnout"


def test_a_window_sees_its_places_and_hours(reading):
    street = put(4, (10, 20, CENTRE, 7), (15, 30, EDGE, 5), (18, 19, PORT, 100))
    r = reading(on_street=street)
    city = Window(r, np.array([True, True, False, False]), np.zeros(9, bool), 12, 20)
    assert city.steps == 8
    assert city.of("on_street").shape == (8, 4)
    assert city.here("on_street").shape == (8, 2)
    assert city.total("on_street").tolist() == [7, 7, 7, 12, 12, 12, 12, 12]
    assert city.everywhere.total("on_street")[6] == 112
    assert at_most(city.total("on_street")) == 4
    assert city.hour(4) == 16
    whole = Window.whole(r)
    assert whole.total("on_street").sum() == street.sum()
    assert whole.sites.sum() == 5
