"""Orders to forces, offices and the word, pay and offered prices: recorded measures against the hour."""

from __future__ import annotations

import numpy as np
import pytest

import groundswell as gs
from domains.harness import DUNES, FLARE, HARBOUR, MILLTOWN, PATRON, PAY, Bench, case_with, tiny
from groundswell.domains.state.standing import taken
from groundswell.world.world import World, build


def world_with(folder, *rows: dict[str, str], keep: bool = True) -> World:
    """The tiny case with further measures; a row needs kind, start_local and what else it has."""

    def add(old):
        plain = {**old[0], "end_local": "2030-03-06T00:00", "scope": "*", "value": "", "unit": "", "version": ""}
        new = [{**plain, "measure": f"extra-{i}", **row} for i, row in enumerate(rows)]
        return [*old, *new] if keep else new

    edits = {"measures.csv": add} | ({} if keep else {"ladder.csv": lambda old: []})
    return build(case_with(folder / "c", edits))


def order(kind: str, start: str, end: str = "2030-03-06T00:00", **more: str) -> dict[str, str]:
    return {"kind": kind, "start_local": f"2030-03-{start}", "end_local": end, **more}


def hour(day: int, of_day: int) -> int:
    """Hours since midnight of 1 March in the valley, where the case's clock is kept."""
    return 24 * (day - 1) + of_day


def test_orders_to_the_force_stand_for_their_time_in_their_scope(tmp_path):
    w = world_with(
        tmp_path,
        order("retake", "02T06:00", "2030-03-02T12:00", scope="valley"),
        order("stand_by", "02T06:00", "2030-03-02T07:00", scope="milltown"),
        order("shoot_order", "03T00:00", "2030-03-03T02:00", scope="valley"),
        order("detain_organisers", "02T06:00", "2030-03-03T00:00", scope="valley", value="0.3", unit="share"),
        order("mass_arrests", "02T08:00", "2030-03-04T00:00", scope="valley"),
        order("redeploy", "02T06:00", "2030-03-02T18:00", scope="valley", value="300", unit="people"),
    )
    b = Bench("measures", world=w)
    s = b.step(hour(2, 5))
    for name in ("retake", "stand_by_order", "shoot", "detain_share", "mass_arrests_scope", "redeploy_people"):
        assert (getattr(s, name) == 0).all(), name
    s = b.step(hour(2, 6))
    assert s.retake.tolist() == [0, 0, 0, 1, 1, 1]
    assert s.stand_by_order.tolist() == [0, 0, 0, 1, 0, 0]
    assert s.detain_share.tolist() == [0, 0, 0, 0.3, 0.3, 0.3]
    # the valley has 18,000 + 8,000 + 10,000 people: 150, 66.7 and 83.3 of 300
    people = w.people[MILLTOWN:]
    np.testing.assert_allclose(s.redeploy_people[MILLTOWN:], 300 * people / people.sum())
    assert s.redeploy_people.sum() == pytest.approx(300)
    s = b.step(hour(2, 8))
    assert s.mass_arrests_scope.tolist() == [0, 0, 0, 1, 1, 1]
    assert (s.stand_by_order == 0).all()
    s = b.step(hour(2, 18))
    assert not s.retake.any()
    assert not s.redeploy_people.any()
    s = b.step(hour(3, 0))
    assert s.shoot.tolist() == [0, 0, 0, 1, 1, 1]
    assert not s.posture.any()  # to shoot is no posture: it holds where people fight
    assert not s.detain_share.any()
    s = b.step(hour(3, 2))
    assert not s.shoot.any()
    assert not b.step(hour(4, 0)).mass_arrests_scope.any()


def test_numbers_of_people_follow_the_scale_of_the_world(tmp_path):
    w = world_with(
        tmp_path,
        order("redeploy", "02T08:00", value="300", unit="people", scope="harbour"),
    )
    s = Bench("measures", world=build(w.case, 0.1)).step(hour(2, 10))
    assert s.redeploy_people[HARBOUR] == pytest.approx(30)


def test_what_is_done_once_stays_and_what_is_said_is_of_its_hour(tmp_path):
    w = world_with(
        tmp_path,
        order("head_arrested", "02T06:00", "2030-03-02T07:00"),
        order("purge", "02T08:00", "2030-03-02T09:00"),
        order("blame_speech", "02T06:00", "2030-03-02T09:00"),
        order("false_confession", "02T06:30", "2030-03-02T09:00"),
        order("false_confession", "02T10:00", "2030-03-02T12:00"),
        order("deaths_denied", "02T06:00", "2030-03-02T09:00"),
        order("conflict_denied", "02T08:00", "2030-03-02T10:00"),
        order("appeal", "02T06:00", "2030-03-02T07:00"),
        order("patron_removed", "02T12:00", "2030-03-02T13:00"),
    )
    b = Bench("measures", world=w)
    seen = {}
    for h in range(hour(2, 5), hour(2, 14)):
        s = b.step(h)
        seen[h - hour(2, 0)] = [
            float(x)
            for x in (s.head_arrested, s.purge, s.blame, s.falsehood, s.deaths_denied, s.conflict_open, s.appeal)
        ] + [float(s.patron_out)]
    assert seen[5] == [0] * 8
    assert seen[6] == [1, 0, 1, 0, 1, 1, 1, 0]
    assert seen[7] == [1, 0, 0, 1, 1, 1, 1, 0]  # a speech is of its hour; the confession of 06:30 is known by 07:00
    assert seen[8] == [1, 1, 0, 1, 1, 0, 1, 0]  # that there is a conflict is denied
    assert seen[9] == [1, 1, 0, 1, 0, 0, 1, 0]
    assert seen[10] == [1, 1, 0, 2, 0, 1, 1, 0]
    assert seen[13] == [1, 1, 0, 2, 0, 1, 1, 1]
    assert (b.s.offer[:, PATRON] == 1).all()


def test_a_word_to_one_region_is_no_appeal_to_allies():
    b = Bench("measures")  # the governor of the coast asks people to go home on 2 March at 20:00
    assert b.step(hour(2, 21)).appeal == 0
    assert b.step(hour(2, 22)).appeal == 0


def test_the_patron_may_go_by_the_choice_of_the_presidents_side():
    b = Bench("measures")
    assert b.step(0).patron_out == 0
    s = b.step(1, patron_removed=1.0)
    assert (s.patron_out, s.conflict_open) == (1, 1)
    assert (s.offer[:, PATRON] == 1).all()


def test_an_emergency_withdraws_no_harder_order(tmp_path):
    w = world_with(
        tmp_path,
        order("posture_gas", "02T06:00", scope="harbour"),
        order("emergency", "02T12:00"),
    )
    s = Bench("measures", world=w).step(hour(2, 13))
    assert s.posture.tolist() == [3, 1, 1, 1, 1, 1]


@pytest.mark.parametrize("step_h", [1.0, 0.5, 2.0])
@pytest.mark.parametrize("start", ["02T06:00", "02T06:20"])
def test_currency_is_sold_evenly_and_to_the_last_unit(tmp_path, step_h, start):
    w = world_with(
        tmp_path, order("currency_defence", start, "2030-03-03T06:40", value="240000", unit="USD"), keep=False
    )
    b = Bench("measures", world=w, step_h=step_h)
    every = max(1, round(1 / step_h))  # mechanisms look once an hour
    spent = [float(b.step(i * every).currency_usd) for i in range(round(60 / (every * step_h)))]
    assert sum(spent) == pytest.approx(240000)
    inner = spent[round(40 / (every * step_h))]
    assert inner == pytest.approx(240000 * every * step_h / (24 + 40 / 60 - (1 / 3 if start.endswith("20") else 0)))


def test_pay_by_order_reaches_enterprises_and_public_work(tmp_path):
    w = world_with(
        tmp_path, order("pay_rise", "02T06:00", "2030-03-02T12:00", scope="coast", value="0.3", unit="share")
    )
    b = Bench("measures", world=w, settings={"measures.demanded_rise": 0.6})
    assert not b.step(hour(2, 6)).pay_decreed.any()  # six in the morning on the coast is seven in the valley
    s = b.step(hour(3, 6))
    assert s.pay_decreed.tolist() == [0.3, 0.3, 0.3, 0, 0, 0]  # pay does not fall again
    assert s.pay_met.tolist() == [0.5, 0.5, 0.5, 0, 0, 0]
    g, kinds = w.cells.groups, np.array(w.livelihood_id)[w.cells.groups.livelihood]
    here = (g.place == FLARE) & g.at_risk
    works = here & ~np.isin(kinds, ["unemployed", "pensioner", "student", "child"])
    paid = works & ((g.enterprise >= 0) | (kinds == "public"))
    share = g.size[paid].sum() / g.size[works].sum()
    assert 0 < share < 1
    assert s.offer[FLARE, PAY] == pytest.approx(0.5 * share)
    assert s.offer[MILLTOWN, PAY] == 0


def test_prices_promised_and_set_are_told_apart(tmp_path):
    w = world_with(
        tmp_path,
        order("price_step", "02T00:00", value="80", unit="CRN/litre"),
        order("price_promise", "03T00:00", scope="valley", value="45", unit="CRN/litre"),
        order("price_cut", "03T12:00", scope="valley", value="60", unit="CRN/litre"),
        order("price_cap", "04T00:00", "2030-03-05T00:00", scope="dunes", value="50", unit="CRN/litre"),
        keep=False,
    )
    b = Bench("measures", world=w)
    s = b.step(hour(2, 12))
    assert np.isnan(s.promised_price).all()
    assert np.isnan(s.offered_price).all()
    s = b.step(hour(3, 13))
    np.testing.assert_array_equal(s.promised_price[MILLTOWN:], 45)
    np.testing.assert_array_equal(s.offered_price[MILLTOWN:], 45)
    assert np.isnan(s.offered_price[HARBOUR])
    assert s.price[MILLTOWN] == 60
    s = b.step(hour(4, 13))
    assert s.capped.tolist() == [0, 0, 1, 0, 0, 0]
    assert (s.offered_price[DUNES], s.price[DUNES]) == (50, 50)
    assert np.isnan(s.promised_price[DUNES])
    s = b.step(hour(5, 13))
    assert not s.capped.any()


def test_nothing_is_worked_out_while_nothing_begins_or_ends(monkeypatch):
    b = Bench("measures")
    b.step(0)
    calls = []
    monkeypatch.setattr(b.mechanisms[0].path, "at", lambda *a: calls.append(a))
    for h in range(1, 20):
        b.step(h)
    assert not calls


def test_rungs_taken_become_measures_by_region_and_hour():
    w = tiny()
    place = np.full((len(w.ladder.id), w.places), np.nan)
    cordon, dismissal = w.ladder.id.index("cordon"), w.ladder.id.index("dismissal")
    place[cordon, :3], place[cordon, 3:] = 5.0, 9.0
    place[dismissal] = 7.0
    found = {(m.id, m.start_h, m.end_h, tuple(m.places.tolist())) for m in taken(w, place)}
    coast, valley = (True,) * 3 + (False,) * 3, (False,) * 3 + (True,) * 3
    assert found == {("cordon", 5.0, 29.0, coast), ("cordon", 9.0, 33.0, valley), ("dismissal", 7.0, 8.0, (True,) * 6)}
    place[cordon] = 5.0
    assert len(taken(w, place)) == 3  # two regions at one hour are two orders


def test_caps_of_the_case_hold_to_the_horizon_of_90_days():
    case = gs.load("kazakhstan-2022")
    b = Bench("measures", world=build(case, 0.001))
    last = case.horizon_hours - 1
    b.step(case.hours)
    price = b.step(last).price.copy()
    assert last > 90 * 24
    region = np.array([str(r) for r in b.w.place("region")])
    assert set(price[np.isin(region, ["akt", "aty", "man"])]) == {50.0}
    assert price.max() <= 70.0
    assert (b.s.capped == 1).all()
