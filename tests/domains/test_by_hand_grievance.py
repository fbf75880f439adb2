"""Hardship, spark, valve, concession and recorded measures against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from domains.harness import (
    CABINET,
    DUNES,
    FLARE,
    HARBOUR,
    MILLTOWN,
    PRICE,
    Bench,
    case_with,
    changed,
    without,
)
from groundswell.engine.clock import MONTH_H
from groundswell.engine.mechanism import approach, decay
from groundswell.play.apply import change_measures
from groundswell.world.world import build


def close(value: float, rel: float = 2e-5):
    """Six digits are kept in the comments."""
    return pytest.approx(value, rel=rel, abs=1e-12)


def test_decay_and_approach():
    assert decay(24.0, 24.0) == 0.5
    assert decay(24.0, 12.0) ** 2 == pytest.approx(0.5)
    assert approach(6.0, 6.0) == close(0.632121)  # 1 - 1/e
    assert approach(6.0, 1.0) == close(0.153518)  # 1 - exp(-1/6)


# -- hardship ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    """The tiny case with food at one price, so that only fuel moves."""
    late_food = without(lambda r: r["item"] == "food" and r["from_local"].startswith("2030-03"))
    return build(case_with(tmp_path_factory.mktemp("h") / "steady", {"prices.csv": late_food}))


def test_hardship_of_a_doubled_price(steady):
    price = np.full(6, 40.0)
    b = Bench("hardship", world=steady, start={"price": price})
    harbour, flare, milltown = (b.group(place, "trade") for place in (HARBOUR, FLARE, MILLTOWN))
    assert b.step(0).hardship == pytest.approx(0, abs=1e-12)  # nothing has changed since the first record
    s = b.step(24, price=[80, 80, 80, 40, 40, 40])
    # fuel: 6 % of a budget, used by 70 % of Harbour, doubled: 0.06 * 0.70 * ln 2 = 0.0291122; a loss weighs
    # 2.25
    assert s.hardship[harbour] == close(0.0655024)
    assert s.hardship[flare] == close(0.0655024 * 85 / 70)  # 85 % of Flare use it
    assert s.hardship[milltown] == pytest.approx(0, abs=1e-12)
    # the reference closes 1 - exp(-24 / (12 * 730.5)) = 0.00273411 of the gap in a day
    assert b.step(48).hardship[harbour] == close(0.0655024 * (1 - 0.00273411))
    assert b.step(49).hardship[harbour] == close(0.0655024 * (1 - 0.00273411))  # once a day


def test_a_gain_is_no_hardship_and_a_later_return_is(steady):
    b = Bench("hardship", world=steady, start={"price": 40.0}, settings={"hardship.adaptation_months": 1.0})
    g = b.group(HARBOUR, "trade")
    assert b.step(0, price=20.0).hardship[g] == 0
    # a month's reference closes 1 - exp(-24 / 730.5) = 0.0323199 of the gain of 0.0291122 in that day
    assert b.step(24, price=40.0).hardship[g] == close(2.25 * 0.0323199 * 0.0291122, rel=1e-4)


def test_reference_before_the_start_follows_month_by_month(steady):
    # food: 100 on 1 January, 102 on 1 March, read as a line in logs
    b = Bench("hardship", start={"price": 40.0})
    flat = Bench("hardship", world=steady, start={"price": 40.0})
    g = b.group(HARBOUR, "trade")
    got = flat.s.reference_income[g] - b.s.reference_income[g]
    # 59 days are 1.938 months: the grid has months 0 and 1. After month 0: nothing. After month 1 the
    # reference has closed 1 - exp(-1/12) = 0.0799556 of the loss 0.48 * ln(1.02) * 730.5 / 1416 = 0.00490361
    assert got == close(0.0799556 * 0.48 * np.log(1.02) * MONTH_H / 1416, rel=2e-3)
    # the loss of month 1 is the hardship of the months before: 2.25 * 0.00490361, in every place (fuel stood still)
    assert b.s.hardship_before == pytest.approx(np.full(b.w.groups, 2.25 * 0.00490361), rel=2e-3)
    assert (flat.s.hardship_before == 0).all()


def test_a_step_price_does_not_creep_into_the_reference():
    b = Bench("hardship", start={"price": 40.0})
    # fuel stood at 40 on the whole coast until the start, so that Harbour and Milltown differ by exposure
    # alone: (0.70 - 0.10) * 0.06 * ln 40
    got = b.s.reference_income[b.group(MILLTOWN, "trade")] - b.s.reference_income[b.group(HARBOUR, "trade")]
    assert got == close(0.6 * 0.06 * np.log(40.0))


# -- spark ---------------------------------------------------------------------------------------------------


def test_spark_of_a_doubled_price_is_met_with_a_lag_and_fades():
    b = Bench("spark", start={"price": 40.0})
    b.s.relief[:] = 1.0
    s = b.step(0, price=40.0)
    assert (s.spark == 0).all()
    s = b.step(1, price=80.0)
    # exposure 0.70 * (1 + 0.3 * 0.02) = 0.7042; 15 * 0.7042 * (ln 2 - 0.05) = 15 * 0.7042 * 0.643147 =
    # 6.79356; met within the hour: 1 - exp(-1/24) = 0.0408105 of it
    assert s.spark_ahead[HARBOUR] + s.spark[HARBOUR] == close(6.79356)
    assert s.spark[HARBOUR] == close(0.277249)
    assert s.urge[b.group(HARBOUR, "trade")] == close(0.277249)
    assert s.own_grievance[b.group(HARBOUR, "trade")] == close(0.277249)
    # Flare lives from gas: 0.85 * (1 + 0.3 * 0.25) = 0.91375
    assert s.spark[FLARE] / s.spark[HARBOUR] == close(0.91375 / 0.7042)
    # next hour: 0.277249 * 2**(-1/120) = 0.275652, and 0.0408105 of 6.51631 = 0.265934
    assert b.step(2).spark[HARBOUR] == close(0.541586)


def test_spark_ignores_small_steps_and_cuts_and_takes_relief():
    b = Bench("spark", start={"price": 100.0})
    b.s.relief[:] = 1.0
    assert (b.step(1, price=105.0).spark == 0).all()  # ln 1.05 = 0.0488 < 0.05
    assert (b.step(2, price=50.0).spark == 0).all()
    s = b.step(3, price=100.0)
    total = s.spark + s.spark_ahead
    s = b.step(4, relief=0.25)
    assert s.spark_ahead[DUNES] < 0.25 * total[DUNES]
    assert (s.spark + s.spark_ahead)[DUNES] == pytest.approx(0.25 * total[DUNES], rel=1e-3)


def test_half_of_a_spark_is_gone_when_a_step_is_spread_over_months():
    at_once = Bench("spark", start={"price": 60.0}, settings={"spark.notice_h": 1e-6})
    spread = Bench("spark", start={"price": 60.0}, settings={"spark.notice_h": 1e-6})
    at_once.s.relief[:] = spread.s.relief[:] = 1.0
    whole = at_once.step(1, price=120.0).spark[HARBOUR]
    for month in range(6):  # six steps of ln(2)/6 = 0.1155, each 30 days after the one before
        for hour in range(720):
            s = spread.step(1 + 720 * month + hour, price=60.0 * 2 ** ((month + 1) / 6))
    assert s.spark[HARBOUR] < 0.5 * whole


# -- valve ---------------------------------------------------------------------------------------------------


def test_valve_stores_and_discharges():
    b = Bench("valve", start={"relief": 1.0})
    g = b.group(HARBOUR, "trade")
    s = b.step(0, pressure_group=2.0, hardship=0.1)
    # + 1 / 730.5 * 0.1 = 0.000136893, then * exp(-(0.02 + 0.15 * 0.2) / 730.5) = exp(-0.0000684463)
    assert s.pressure_group[g] == pytest.approx((2 + 0.000136893) * np.exp(-0.0000684463), rel=1e-9)
    n = round(b.w.adults[HARBOUR] / 100)
    share = n / b.w.adults[HARBOUR]
    s = b.step(1, pressure_group=2.0, hardship=0.0, on_street=[n, 0, 0, 0, 0, 0])
    # 2 per hour and share
    assert s.pressure_group[g] == pytest.approx(2 * np.exp(-0.0000684463 - 2 * share), rel=1e-9)
    assert s.own_grievance[g] == pytest.approx(s.pressure_group[g] - 2)  # against the reference of 2
    assert s.urge[g] == pytest.approx(s.pressure_group[g] - 2)  # the valve stands at its reference
    s = b.step(2, pressure_group=2.0, on_street=0, relief=0.9)
    assert s.pressure_group[g] == close(1.8 * np.exp(-0.0000684463))


def test_closing_the_valve_makes_small_action_dearer():
    b = Bench("valve", settings={"valve.opening": 0.0}, start={"relief": 1.0})
    s = b.step(0, pressure_group=2.0)
    # fading alone: exp(-0.02 / 730.5); theta_c * (0.2 - 0) = 0.2 off the urge, not off the grievance
    assert s.urge[0] == close(2 * np.exp(-0.02 / 730.5) - 2 - 0.2)
    assert s.own_grievance[0] == pytest.approx(2 * np.exp(-0.02 / 730.5) - 2)


def test_pressure_at_the_start_has_the_stated_mean_and_spread():
    b = Bench("valve", start={"relief": 1.0})
    adults = b.w.adults
    by_place = np.array([b.s.pressure_group[b.group(p, "trade")] for p in range(6)])
    mean = np.average(by_place, weights=adults)
    assert mean == pytest.approx(2.0)
    assert np.sqrt(np.average((by_place - mean) ** 2, weights=adults)) == pytest.approx(0.75)
    assert by_place.argmax() == FLARE  # layoffs, many renters, a tradition of organising
    assert (b.s.pressure_group >= 0).all()


def test_legal_actions_come_at_their_rate():
    # 730.5 per month: one an hour at opening 1, pressure 1
    settings = {"valve.legal_rate": 730.5, "valve.opening": 0.5}
    b = Bench("valve", settings=settings, start={"relief": 1.0})
    total = sum(b.step(h, pressure_group=2.0).legal_actions.copy() for h in range(400))
    # 0.5 * 2 = 1 an hour (fading within the hour takes less than a thousandth): 6 places * 400 h, Poisson sd
    # 49
    assert total.sum() == pytest.approx(2400, abs=4 * 49)
    assert (total == b.s.legal_turns).all()


def test_means_by_livelihood_weigh_people():
    b = Bench("valve", start={"relief": 1.0})
    pressure = np.zeros(b.w.groups)
    pressure[b.w.cells.groups.place == HARBOUR] = 3.0
    s = b.step(0, pressure_group=pressure)
    k = b.w.livelihood_id.index("trade")
    g = b.w.cells.groups
    trade = g.livelihood == k
    share = g.size[trade & (g.place == HARBOUR)].sum() / g.size[trade].sum()
    assert s.pressure[k] == close(3 * share, rel=1e-4)


# -- concession ----------------------------------------------------------------------------------------------


def nothing(rows):
    """No row of a table: here of the ladder, whose rungs name measures that these tests leave out."""
    return []


def offered(price: float, cabinet: float = 0.0) -> np.ndarray:
    out = np.zeros((6, 6))
    out[HARBOUR, PRICE], out[HARBOUR, CABINET] = price, cabinet
    return out


def test_an_offer_relieves_once_by_its_square_and_signals():
    b = Bench("concession", settings={"concession.signal": 1.0})
    s = b.step(0, offer=offered(0.4642857))
    # nobody is out: the outset gives the price demand 0.5. 1 - 0.5 * 0.5 * 0.4642857**2 = 1 - 0.25 * 0.215561
    assert s.relief[HARBOUR] == close(0.946110)
    assert s.relief[MILLTOWN] == 1.0
    assert s.urge[b.group(HARBOUR, "trade")] == close(0.5 * 0.4642857)
    s = b.step(1)
    assert s.relief[HARBOUR] == 1.0  # an offer that stands relieves no more
    assert s.urge[b.group(HARBOUR, "trade")] == close(0.232143 * 0.971532)  # 2**(-1/24)
    s = b.step(2, offer=offered(1.0))
    assert s.relief[HARBOUR] == close(1 - 0.25 * (1 - 0.215561))
    s = b.step(3, offer=offered(0.0))
    assert s.relief[HARBOUR] == 1.0  # withdrawn: no pressure comes back
    assert b.step(4, offer=offered(1.0)).relief[HARBOUR] == 1.0  # made again: nothing new


def test_an_offer_weighs_as_much_as_its_demand_on_the_street():
    b = Bench("concession")
    held = np.zeros((6, 6))
    held[HARBOUR, PRICE] = 950
    s = b.step(0, offer=offered(1.0), demand_people=held)
    assert s.relief[HARBOUR] == close(1 - 0.5 * 0.975)  # (950 + 50 * 0.5) / 1000
    b = Bench("concession")
    s = b.step(0, offer=offered(0.0, cabinet=1.0), demand_people=held)
    # 50 * 0.1 / 1000: hardly anybody asked for the cabinet
    assert s.relief[HARBOUR] == close(1 - 0.5 * 0.005)


# -- measures ------------------------------------------------------------------------------------------------


def test_recorded_prices_offers_and_orders_of_the_tiny_case():
    b = Bench("measures")
    assert (b.s.price == 40).all()
    s = b.step(24)  # 2 March 00:00 in the valley is 1 March 23:00 on the coast
    assert s.price[HARBOUR] == 40
    s = b.step(25)
    assert s.price.tolist() == [80, 80, 80, 40, 40, 40]
    assert s.offer[HARBOUR, PRICE] == 0.0
    s = b.step(61)  # 3 March 12:00 on the coast: 60 promised, believed at 0.6
    # demanded 0.833 * 40 = 33.32; (80 - 60) / (80 - 33.32) = 0.428449; * 0.6
    assert s.offer[HARBOUR, PRICE] == close(0.6 * 0.428449)
    assert s.posture.tolist() == [1, 0, 0, 0, 0, 0]  # cordon in Harbour from 3 March 08:00 to 4 March 20:00
    s = b.step(91)  # 4 March 18:00: cut to 50: (80 - 50) / 46.68 = 0.642674
    assert s.price.tolist() == [50, 50, 50, 40, 40, 40]
    assert s.offer[HARBOUR, PRICE] == close(0.642674)
    assert b.step(94).curfew.tolist() == [0, 0, 0, 0, 0, 0]
    assert b.step(95).curfew.tolist() == [1, 1, 0, 0, 0, 0]  # 4 March 22:00
    assert b.step(93).posture[HARBOUR] == 0.0  # 20:00 is past


def test_an_offer_of_85_to_90_closes_46_percent_of_the_gap(tmp_path):
    """60 before, 120 after the step, 50 demanded, cut to 87.5: (120 - 87.5) / (120 - 50) = 0.464."""
    new = {"40": "60", "80": "120", "50": "87.5"}

    def prices(rows):
        return [{**r, "price": new[r["price"]]} if r["item"] == "fuel" else r for r in rows]

    def measures(rows):
        kept = [r for r in rows if r["kind"] != "price_promise"]
        return [{**r, "value": new[r["value"]]} if r["kind"] in ("price_step", "price_cut") else r for r in kept]

    edits = {"prices.csv": prices, "measures.csv": measures, "ladder.csv": nothing}
    world = build(case_with(tmp_path / "c", edits))
    b = Bench("measures", world=world, settings={"measures.demanded_ratio": 50 / 60})
    assert b.step(30).offer[HARBOUR, PRICE] == 0.0
    assert b.step(100).offer[HARBOUR, PRICE] == close(32.5 / 70)
    assert 32.5 / 70 == pytest.approx(0.464, abs=5e-4)


def test_price_steps_scale_in_logs_down_to_none():
    half, none = (Bench("measures", settings={"measures.price_step_scale": x}) for x in (0.5, 0.0))
    assert half.step(30).price[HARBOUR] == close(40 * np.sqrt(2))
    assert (none.step(30).price == 40).all()
    assert (none.step(100).offer == 0).all()


def test_a_price_step_that_is_not_taken_leaves_the_price():
    """prices.csv and measures.csv tell of the same step; the measure decides whether and when it comes."""
    b = Bench("measures")
    gone = Bench("measures", world=change_measures(b.w, {"fuel-price-freed": "none"}))
    assert (gone.step(30).price == 40).all()
    assert (gone.step(100).price == 40).all()  # and the cut to 50 does not raise it
    late = Bench("measures", world=change_measures(b.w, {"fuel-price-freed": "2030-03-03T00:00"}))
    assert late.step(30).price[HARBOUR] == 40
    assert late.step(50).price[HARBOUR] == 80
    assert late.step(100).price[HARBOUR] == 50


def test_a_later_dated_price_follows_an_earlier_measure(tmp_path):
    cut = without(lambda r: r["kind"] == "price_cut")
    edits = {"measures.csv": cut, "ladder.csv": nothing}
    b = Bench("measures", world=build(case_with(tmp_path / "c", edits)))
    assert b.step(90).price[HARBOUR] == 80
    assert b.step(100).price[HARBOUR] == 50  # prices.csv: 50 from 4 March 18:00


def test_emergency_networks_and_other_orders(tmp_path):
    def add(rows):
        row = {**rows[0], "scope": "valley", "value": "", "unit": "", "start_local": "2030-03-02T00:00"}
        ends = {"emergency": "03", "jamming": "03", "network_cut": "05"}
        new = [
            {**row, "measure": k.replace("_", "-"), "kind": k, "end_local": f"2030-03-{day}T00:00"}
            for k, day in ends.items()
        ]
        window = {**row, "measure": "window", "kind": "network_window", "scope": "orchard"}
        window.update(start_local="2030-03-02T10:00", end_local="2030-03-02T12:00")
        cabinet = {**row, "measure": "cabinet-out", "kind": "cabinet_dismissed", "scope": "*"}
        patron = {**row, "measure": "patron-out", "kind": "patron_removed", "scope": "*"}
        return [*rows, *new, window, cabinet, patron]

    b = Bench("measures", world=build(case_with(tmp_path / "c", {"measures.csv": add})))
    s = b.step(23)
    assert not (s.emergency.any() or s.cut.any() or s.offer.any())
    assert (s.reach == 1).all()
    s = b.step(24)  # midnight in the valley
    for flag in (s.emergency, s.cut, s.posture):
        assert flag.tolist() == [0, 0, 0, 1, 1, 1]
    assert s.reach.tolist() == [1, 1, 1, 0.05, 0.05, 0.05]  # the cut leaves less than the jamming
    assert (b.step(25).offer[:, CABINET] == 1).all()
    assert b.step(34).cut.tolist() == [0, 0, 0, 1, 0, 1]  # an hour of network in Orchard
    assert b.s.reach.tolist() == [1, 1, 1, 0.05, 1, 0.05]
    assert b.step(36).cut.tolist() == [0, 0, 0, 1, 1, 1]
    s = b.step(48)
    assert s.emergency.sum() == 0
    assert s.cut.tolist() == [0, 0, 0, 1, 1, 1]


def test_an_order_to_shoot_is_no_posture(tmp_path):
    """It holds where people fight (`engagement`), for as long as it stands, whatever the police are to do elsewhere."""

    def add(rows):
        row = {**rows[0], "scope": "valley", "value": "", "unit": "", "start_local": "2030-03-02T00:00"}
        shoot = {**row, "measure": "shoot", "kind": "shoot_order", "end_local": "2030-03-04T00:00"}
        calm = {**row, "measure": "calm", "kind": "posture_watch", "end_local": "2030-03-04T00:00"}
        gas = {**row, "measure": "gas", "kind": "posture_gas", "end_local": "2030-03-02T12:00"}
        return [*rows, gas, shoot, {**calm, "start_local": "2030-03-03T00:00"}]

    b = Bench("measures", world=build(case_with(tmp_path / "c", {"measures.csv": add})))
    assert not b.step(23).shoot.any()
    s = b.step(24)
    assert (s.posture.tolist(), s.shoot.tolist()) == ([0, 0, 0, 3, 3, 3], [0, 0, 0, 1, 1, 1])
    for hour, posture in ((36, 0), (48, 0)):  # gas ends, then the police are to watch: to shoot is still ordered
        s = b.step(hour)
        assert (s.posture[MILLTOWN], s.shoot.tolist()) == (posture, [0, 0, 0, 1, 1, 1])
    assert not b.step(72).shoot.any()


def test_changed_helper_touches_only_its_rows():
    rows = [{"a": "1"}, {"a": "2"}]
    assert changed(lambda r: r["a"] == "2", a="3")(rows) == [{"a": "1"}, {"a": "3"}]
