"""What an ending is decided on, read from made-up hours of a run."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from groundswell.observe.endings import armed_clashes, conceded, ending_of, observed
from observe.conftest import CENTRE, HALL, MINE_HALL, PORT, PORT_HALL, SQUARE, STATION, STEPS, put


def spots(*spells):
    return put(9, *spells)


def test_a_quiet_run_is_calm_and_every_administration_is_held(reading):
    r = reading(office_faction=np.tile([0, 1], (STEPS, 1)))
    assert ending_of(r).title == "calm"
    assert observed(r).administration.shape == (STEPS, 3)
    assert list(observed(r).commands) == [True, True]


def test_only_an_administration_contests(reading):
    held = np.ones((STEPS, 9))
    held[100:, [SQUARE, STATION]] = 0.0
    assert ending_of(reading(site_held=held)).ending == "calm"
    held[100:, MINE_HALL] = 0.0
    assert ending_of(reading(site_held=held)).ending == "contested"


def test_an_armed_clash_needs_arms_force_and_harm_at_one_place(reading):
    armed, force = spots((50, 60, HALL, 5)), spots((50, 60, HALL, 100), (50, 60, PORT_HALL, 100))
    died, lost = put(4, (55, 56, CENTRE, 3), (58, 59, PORT, 4)), put(4, (55, 56, CENTRE, 1))
    clash, dead = armed_clashes(reading(armed=armed, force=force, dead=died, security_dead=lost))
    assert np.argwhere(clash).tolist() == [[55, 0]]
    assert dead[55].tolist() == [4.0, 0.0, 0.0]
    assert dead.sum() == 4.0
    apart = spots((50, 60, SQUARE, 5))  # the armed stand elsewhere in the same place
    assert not armed_clashes(reading(armed=apart, force=force, dead=died))[0].any()
    assert not armed_clashes(reading(armed=armed, force=force))[0].any()


def test_a_material_concession_is_a_price_that_fell_or_pay_raised(reading):
    up = np.full((STEPS, 4), 60.0)
    up[20:] = 120.0
    assert not conceded(reading(price=up)).any()
    cut = up.copy()
    cut[100:, PORT] = 87.5
    assert conceded(reading(price=cut)).argmax() == 100
    back = cut.copy()
    back[110:] = 120.0  # withdrawn, yet it was made
    assert conceded(reading(price=back))[-1]
    pay = [SimpleNamespace(id="pay", kind="pay_rise", start_h=30.0)]
    assert conceded(reading(measures=pay)).argmax() == 30
    promise = [SimpleNamespace(id="promise", kind="price_promise", start_h=30.0)]
    assert not conceded(reading(measures=promise)).any()
