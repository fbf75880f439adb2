"""Arms in the crowd's hands: where they come from, who is armed, and that none appears or vanishes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import DUNES, FLARE, HARBOUR, MILLTOWN, Bench, at, crowd
from domains.street import HARBOUR_HALL, HARBOUR_SQUARE, MILL_SQUARE, spots, street
from groundswell.domains.street.arms import armed_people

FIGHTING = 1
few = settings(max_examples=30, deadline=None)


def stocks(s) -> np.ndarray:
    return s.arms_captured + s.arms_issued_held + s.arms_brought_held


def test_as_many_are_armed_as_there_are_arms():
    # 20 fight, 5 outsiders of whom 2 brought arms; 7 firearms at hand: 2 + 7; with 100 at hand: everybody
    assert armed_people(20, 5, 2, 7) == 9
    assert armed_people(20, 5, 2, 100) == 25
    assert armed_people(0, 5, 9, 0) == 5  # never more than there are


def test_captured_arms_go_where_those_who_took_them_go():
    b = Bench("arms")
    s = b.step(0, arms_lost=[6, 0, 3, 0, 0, 0], **street(b, {HARBOUR: (50, 20), DUNES: (0, 10)}))
    assert s.arms_captured.tolist() == [6, 0, 3, 0, 0, 0]
    assert (s.armed[HARBOUR_SQUARE], s.armed[DUNES]) == (6, 3)
    meet = {(HARBOUR, FIGHTING): HARBOUR_HALL, (DUNES, FIGHTING): HARBOUR_HALL}
    s = b.step(1, arms_lost=0, **street(b, {HARBOUR: (50, 20), DUNES: (0, 10)}, at=meet))
    assert (s.armed[HARBOUR_SQUARE], s.armed[HARBOUR_HALL], s.armed[DUNES]) == (0, 9, 0)
    s = b.step(2, **street(b, {HARBOUR: (50, 4), DUNES: (0, 10)}, at=meet, way=[(DUNES, FIGHTING)]))
    assert s.armed.sum() == s.armed[HARBOUR_HALL] == 4  # those on the way are not there, 4 fight with 6 firearms
    s = b.step(3, **street(b, {HARBOUR: (50, 0)}))
    assert s.armed.sum() == 0
    assert stocks(s).sum() == 9  # they keep them at home
    assert b.step(4, **street(b, {HARBOUR: (0, 8)})).armed[HARBOUR_SQUARE] == 6


def test_origins_are_counted_apart():
    b = Bench("arms")
    flows = {"arms_lost": at(HARBOUR, 5), "arms_gone_over": at(FLARE, 4), "arms_issued": at(MILLTOWN, 3)}
    s = b.step(0, **flows, arms_brought=at(DUNES, 2))
    assert s.arms_captured.tolist() == [5, 4, 0, 0, 0, 0]
    assert s.arms_issued_held.tolist() == [0, 0, 0, 3, 0, 0]
    assert s.arms_brought_held.tolist() == [0, 0, 2, 0, 0, 0]


def test_members_carry_what_they_brought_and_leave_the_rest():
    """20 firearms came with 100 members (a share of 0.2); while they live nobody else has those."""
    b = Bench("arms")
    place = street(b, {HARBOUR: (0, 50)})
    there = {"outsiders": spots(b, {HARBOUR_SQUARE: 100}), "outsiders_armed": spots(b, {HARBOUR_SQUARE: 20})}
    s = b.step(0, arms_brought=at(HARBOUR, 20), **there, **place)
    assert s.armed[HARBOUR_SQUARE] == 20
    s = b.step(1, arms_brought=0, outsiders=spots(b, {HARBOUR_SQUARE: 50}), **place,
               outsiders_armed=spots(b, {HARBOUR_SQUARE: 10}))  # fmt: skip
    assert s.armed[HARBOUR_SQUARE] == 20  # half of the members are dead: others took their ten
    away = np.zeros_like(s.band_out)
    away[b.w.bands.id.index("smugglers"), HARBOUR] = 50  # dispersed with their firearms
    assert b.step(2, band_out=away).armed[HARBOUR_SQUARE] == 10
    b.step(3, band_out=0, outsiders=0, outsiders_armed=0)
    assert b.s.armed[HARBOUR_SQUARE] == 20


def test_arms_come_back_with_the_arrested():
    """20 of 80 + 20 who fought are arrested, 40 firearms in 100 hands: 8 in the mean. Of 200 firearms: one each."""
    b = Bench("arms")
    b.set(street(b, {HARBOUR: (0, 80)}) | {"arrested_fighting": crowd(harbour=20)})
    for held, expected in ((40, 8), (200, 20)):
        drawn = []
        for step in range(300):
            s = b.step(step, arms_captured=at(HARBOUR, held), arms_recovered=0)
            assert s.arms_captured[HARBOUR] + s.arms_recovered[HARBOUR] == held
            drawn.append(s.arms_recovered[HARBOUR])
        assert np.mean(drawn) == pytest.approx(expected, abs=4 * np.sqrt(expected / 300))


def test_arms_come_back_with_a_site():
    """0.3 of those whose fighting side stood there, and nobody else's; only in the hour after it was regained."""
    b, drawn = Bench("arms"), []
    b.set(street(b, {HARBOUR: (0, 80), MILLTOWN: (0, 20)}, at={(HARBOUR, FIGHTING): HARBOUR_HALL}))
    for step in range(0, 900, 3):
        captured = np.array([40, 0, 0, 30, 0, 0])
        s = b.step(step, arms_captured=captured, arms_recovered=0, site_held=1 - spots(b, {HARBOUR_HALL: 1}))
        assert s.arms_recovered.sum() == 0
        s = b.step(step + 1, site_held=1)
        assert s.arms_captured[MILLTOWN] == 30
        drawn.append(s.arms_recovered[HARBOUR])
        assert b.step(step + 2).arms_recovered[HARBOUR] == drawn[-1]
    assert np.mean(drawn) == pytest.approx(12, abs=4 * np.sqrt(12 * 0.7 / 300))


def test_arms_come_back_with_arrested_members():
    b, drawn = Bench("arms"), []
    b.set({"band_arrested": np.where(np.array(b.w.bands.id) == "smugglers", 25, 0)})  # 25 with a share of 0.2
    for step in range(300):
        s = b.step(step, arms_brought_held=at(HARBOUR, 20), arms_captured=at(HARBOUR, 50), arms_recovered=0)
        assert s.arms_captured[HARBOUR] == 50
        drawn.append(s.arms_recovered.sum())
    assert np.mean(drawn) == pytest.approx(5, abs=4 * np.sqrt(5 * 0.75 / 300))


@few
@given(st.integers(0, 2**40), st.data())
def test_firearms_are_conserved(seed, data):
    """Units, three stocks and what was recovered add up, whatever happens."""
    rates = {f"engagement.force_{k}": 0.3 for k in ("injuries", "disarmed", "killed")}
    b = Bench("arms", "engagement", seed=seed, settings=rates)
    units = b.w.units
    own = np.rint(units.people * units.firearm_share).astype(int)
    b.set({"unit_place": units.place, "unit_arms": own, "unit_on_duty": units.people // 2})
    brought = 0
    few_people = st.lists(st.integers(0, 120), min_size=6, max_size=6)
    for step in range(12):
        fighting = data.draw(few_people)
        meet = {(p, FIGHTING): data.draw(st.sampled_from((6, 7, 8, 11))) for p in range(6)}
        flows = {"arms_brought": data.draw(few_people), "arms_issued": data.draw(few_people)}
        brought += sum(flows["arms_brought"]) + sum(flows["arms_issued"])
        held = 1 - spots(b, dict.fromkeys(data.draw(st.sets(st.sampled_from((6, 7, 8, 11)))), 1))
        arrested = [data.draw(st.integers(0, n)) for n in fighting]
        left = np.where(held == 0, step - 1, np.nan)
        b.s.unit_arms -= b.s.unit_arms_lost  # what `forces` does with the losses of the hour before
        s = b.step(step, **flows, **street(b, {p: (50, n) for p, n in enumerate(fighting)}, at=meet), posture=2,
                   force=spots(b, {6: 40, 7: 20, 8: 10, 11: 60}), arrested_fighting=arrested, site_held=held,
                   lost_hour=left, band_arrested=data.draw(st.integers(0, 5)))  # fmt: skip
        units_have = s.unit_arms.sum() - s.unit_arms_lost.sum() + s.arms_lost.sum()
        assert units_have + stocks(s).sum() + s.arms_recovered.sum() == own.sum() + brought
        assert (stocks(s) >= 0).all()
        assert (s.unit_arms - s.unit_arms_lost >= 0).all()
        assert (s.armed <= s.crowd[:, 1] + s.outsiders).all()
        assert s.armed.sum() <= stocks(s).sum()


def test_where_nothing_is_nothing_comes():
    b = Bench("arms")
    for step in range(3):
        s = b.step(step, **street(b, {MILLTOWN: (100, 100)}))
        assert stocks(s).sum() == s.armed.sum() == s.arms_recovered.sum() == 0
    s = b.step(3, outsiders=spots(b, {MILL_SQUARE: 9}), outsiders_armed=spots(b, {MILL_SQUARE: 4}))
    assert s.armed[MILL_SQUARE] == 4
    assert b.step(4, outsiders=0, outsiders_armed=0).armed.sum() == 0
