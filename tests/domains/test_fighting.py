"""Fighting: what makes peaceful people fight and what keeps the organised from it, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import FLARE, HARBOUR, MILLTOWN, Bench, at
from groundswell.domains.street.demands import organisation

few = settings(max_examples=40, deadline=None)


def close(value: float):
    return pytest.approx(value, rel=2e-5, abs=1e-12)


def test_force_used_and_nothing_else_raises_the_hazard():
    b = Bench("fighting")
    s = b.step(0, force_weight=at(HARBOUR, 1.5), outsiders=500, fighting=100)
    # 0.001 + 0.1 * 1.5 under batons; 0.001 without force, whoever else is there
    assert s.fight_hazard[HARBOUR] == close(0.151)
    assert s.fight_hazard[MILLTOWN] == close(0.001)
    assert float(s.calm_hazard) == 0.3
    s = b.step(1, force_weight=at(HARBOUR, 8.0))
    assert s.fight_hazard[HARBOUR] == close(0.801)
    assert b.step(2, force_weight=0.0).fight_hazard[HARBOUR] == close(0.001)


def test_who_is_organised_keeps_out_of_it():
    b = Bench("fighting")
    s = b.step(0)
    assert s.unorganised[b.group(HARBOUR, "transport")] == close(0.6)  # index 0.4
    assert s.unorganised[b.group(HARBOUR, "unemployed")] == 1.0
    assert organisation(b.w)[b.plant()] == 1.5
    assert s.unorganised[b.plant()] == 0.0  # an index of 1.5 counts as 1
    assert (s.discipline == 1).all()


def test_discipline_falls_with_detained_organisers_and_under_fire():
    b = Bench("fighting")
    transport, plant = b.group(HARBOUR, "transport"), b.plant()
    s = b.step(0, organisers_free=at(HARBOUR, 0.5, elsewhere=1.0))
    assert s.discipline.tolist() == [0.5, 1, 1, 1, 1, 1]
    assert s.unorganised[transport] == close(0.8)  # 1 - 0.4 * 0.5
    assert s.unorganised[plant] == 0.0
    s = b.step(1, fired_on=[1, 1, 0, 0, 0, 0])
    assert s.discipline[[HARBOUR, FLARE, MILLTOWN]].tolist() == [close(0.5 * np.exp(-1)), close(np.exp(-1)), 1.0]
    assert s.unorganised[plant] == close(1 - np.exp(-1))
    for step in range(2, 8):
        s = b.step(step, fired_on=0.0)
    assert s.discipline[FLARE] == close(np.exp(-0.5))  # half of it is forgotten after 6 h
    assert s.unorganised[plant] == close(1 - np.exp(-0.5))
    calm = Bench("fighting", settings={"fighting.under_fire": 0.0})
    assert (calm.step(0, fired_on=1.0).discipline == 1).all()


@few
@given(st.floats(0, 8), st.floats(0, 8), st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_hazards_move_the_way_they_say(g, more, free, freer, fired):
    (g, more), (free, freer) = sorted((g, more)), sorted((free, freer))
    a, b = Bench("fighting"), Bench("fighting")
    a.step(0, force_weight=g, organisers_free=freer, fired_on=0.0)
    b.step(0, force_weight=more, organisers_free=free, fired_on=float(fired))
    assert (b.s.fight_hazard >= a.s.fight_hazard).all()
    assert (b.s.unorganised >= a.s.unorganised - 1e-12).all()
    for s in (a.s, b.s):
        assert ((s.unorganised >= 0) & (s.unorganised <= 1)).all()
        assert ((s.discipline >= 0) & (s.discipline <= 1)).all()
