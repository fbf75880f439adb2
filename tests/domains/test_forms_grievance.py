"""Forms of the base that concern grievance, by hand: what is shared, income by livelihood, the months before.

Each is worked out where it acts, and shown to give the older form at its neutral value.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import DUNES, FLARE, HARBOUR, MILLTOWN, Bench, case_with, changed, tiny, without
from groundswell.play.apply import OPEN
from groundswell.world.world import build

few = settings(max_examples=40, deadline=None)
ADULTS = [8460, 4935, 3525, 12692, 5641, 7051]  # 42,304 in all


def close(value: float, rel: float = 2e-5):
    """Six digits are kept in the comments."""
    return pytest.approx(value, rel=rel, abs=1e-12)


def test_the_people_that_the_arithmetic_here_uses():
    assert tiny().adults.tolist() == ADULTS
    assert sum(ADULTS) == 42304


# -- spark: grievance that is shared, and the stake ----------------------------------------------------------------

# exposed * (1 + 0.3 * own): 0.70 * 1.006, 0.85 * 1.075, 0.80 * 1.015, 0.10, 0.15, 0.20; over the adults the mean is
# (0.7042 * 8460 + 0.91375 * 4935 + 0.812 * 3525 + 0.1 * 12692 + 0.15 * 5641 + 0.2 * 7051) / 42304 = 0.398420
EXPOSED = np.array([0.7042, 0.91375, 0.812, 0.10, 0.15, 0.20])
MEAN = 0.398420


def spark(shared: float) -> Bench:
    return Bench("spark", start={"price": 40.0, "relief": 1.0}, settings={"spark.shared": shared})


def test_a_third_of_the_grievance_is_over_what_is_done_to_the_country():
    b = spark(0.33)
    # Harbour 0.67 * 0.7042 + 0.33 * 0.398420 = 0.603293, over the mean 1.514213; Milltown 0.067 + 0.131479 = 0.198479
    s = b.step(1, price=[80, 80, 80, 40, 40, 40])
    assert s.stake[[HARBOUR, MILLTOWN]] == close(np.array([1.514213, 0.498164]))
    # 15 * 0.603293 * (ln 2 - 0.05) = 15 * 0.603293 * 0.643147 = 5.820101; the price stands where Milltown is
    assert s.spark[HARBOUR] + s.spark_ahead[HARBOUR] == close(5.820101)
    assert s.spark[MILLTOWN] + s.spark_ahead[MILLTOWN] == 0.0


def test_nothing_shared_is_ones_own_use_and_all_shared_is_the_same_everywhere():
    own, all_shared = spark(0.0), spark(1.0)
    a, b = own.step(1, price=80.0), all_shared.step(1, price=80.0)
    assert a.stake == close(EXPOSED / MEAN)
    assert b.stake == close(np.ones(6))
    assert a.spark + a.spark_ahead == close(15 * EXPOSED * (np.log(2) - 0.05))
    assert b.spark + b.spark_ahead == close(np.full(6, 15 * MEAN * (np.log(2) - 0.05)))


@few
@given(st.floats(0, 1), st.floats(1.1, 4))
def test_sharing_moves_grievance_and_makes_none(shared, factor):
    plain, b = spark(0.0), spark(shared)
    x, y = (z.step(1, price=40.0 * factor) for z in (plain, b))
    assert np.average(y.stake, weights=ADULTS) == pytest.approx(1.0)
    before, after = x.spark + x.spark_ahead, y.spark + y.spark_ahead
    assert np.average(after, weights=ADULTS) == pytest.approx(np.average(before, weights=ADULTS))
    assert np.ptp(after) <= np.ptp(before) + 1e-12
    assert (np.argsort(after) == np.argsort(before)).all() or shared > 1 - 1e-6


def test_without_the_spark_the_stake_is_one():
    assert (Bench("joining").s.stake == 1.0).all()
    weak = Bench("spark", start={"price": 40.0, "relief": 1.0}, settings={"spark.strength": 0.0})
    assert (weak.step(1, price=80.0).stake == 1.0).all()


# -- hardship: by livelihood, and in dollars -----------------------------------------------------------------------


def priced(folder, wage_end: str = "100", dollar_end: str = "400"):
    """Food at one price; wages and the dollar stand until the start, then go in a line of logs until 6 March."""
    steady = without(lambda r: r["item"] == "food" and r["from_local"].startswith("2030-03"))

    def dated(rows, first: str, last: str, column: str):
        return [{**rows[0], "from_local": f"2030-{day}T00:00", column: value} for day, value in
                (("01-01", first), ("03-01", first), ("03-06", last))]  # fmt: skip

    def prices(rows):
        dollar = {**rows[0], "item": "dollar", "region": "*", "unit": "CRN/USD"}
        return [*steady(rows), *dated([dollar], "400", dollar_end, "price")]

    def items(rows):
        return [*rows, {**rows[1], "item": "dollar", "name": "Dollar", "unit": "CRN/USD", "budget_share": "0"}]

    wages = lambda rows: dated(rows, "100", wage_end, "index")  # noqa: E731
    return build(case_with(folder, {"prices.csv": prices, "items.csv": items, "wages.csv": wages}))


def test_income_follows_wages_by_livelihood(tmp_path):
    # 81.87308 = 100 * exp(-0.2) after 120 hours: exp(-0.04) after 24 in the valley; 2.25 * 0.04 = 0.09 where income
    # follows wages in full
    b = Bench("hardship", world=priced(tmp_path / "c", wage_end="81.87308"), start={"price": 40.0})
    assert (b.step(0).hardship <= 1e-9).all()
    s = b.step(24)
    follows = {"industry": 1, "public": 1, "trade": 0.6, "farming": 0.3, "unemployed": 0, "pensioner": 0.4}
    for livelihood, share in follows.items():
        assert s.hardship[b.group(MILLTOWN, livelihood)] == close(0.09 * share), livelihood


def test_a_rise_of_wages_hides_dear_goods_from_those_alone_who_are_paid_them(tmp_path):
    """Fuel doubles in Milltown (0.06 * 0.10 * ln 2 = 0.00415888) while wages go up by 0.004 in logs within the day."""
    wages = str(100 * np.exp(0.02))
    b = Bench("hardship", world=priced(tmp_path / "c", wage_end=wages), start={"price": 40.0})
    b.step(0)
    s = b.step(24, price=80.0)
    for livelihood, share in (("public", 1.0), ("trade", 0.6), ("unemployed", 0.0)):
        expected = 2.25 * (0.00415888 - 0.004 * share)
        assert s.hardship[b.group(MILLTOWN, livelihood)] == close(expected, rel=1e-4), livelihood


def test_purchasing_power_by_prices_and_in_dollars_are_rivals(tmp_path):
    # 488.5611 = 400 * exp(0.2) after 120 hours, so 0.04 after 24; fuel doubled takes 0.00415888 of Milltown's prices
    w = priced(tmp_path / "c", dollar_end="488.5611")
    for weight, loss in ((0.0, 0.00415888), (1.0, 0.04), (0.25, 0.75 * 0.00415888 + 0.25 * 0.04)):
        b = Bench("hardship", world=w, start={"price": 40.0}, settings={"hardship.dollars": weight})
        b.step(0)
        s = b.step(24, price=80.0)
        for livelihood in ("public", "unemployed"):
            assert s.hardship[b.group(MILLTOWN, livelihood)] == close(2.25 * loss), weight


def test_without_a_rate_in_the_case_dollars_take_prices_out_and_put_nothing_in():
    b = Bench("hardship", start={"price": 40.0}, settings={"hardship.dollars": 1.0})
    b.step(0)
    assert not b.step(24, price=400.0).hardship.any()


def test_the_wage_share_of_a_livelihood_can_be_changed_for_a_run():
    assert "wage_share" in OPEN["livelihoods"]


# -- valve: the hardship of the months before ----------------------------------------------------------------------


def test_hardship_of_the_months_before_is_stored_at_the_start():
    before = np.where(tiny().group_place == HARBOUR, 0.3, 0.0)
    b = Bench("valve", start={"relief": 1.0, "hardship_before": before}, settings={"valve.spread": 0.0})
    # mean 0.3 * 8460 / 42304 = 0.0599943 over those at risk: 2 + 0.3 - 0.0599943 and 2 - 0.0599943
    assert b.s.pressure_group[b.group(HARBOUR, "trade")] == close(2.240006, rel=1e-4)
    assert b.s.pressure_group[b.group(FLARE, "trade")] == close(1.940006, rel=1e-4)
    none = Bench("valve", start={"relief": 1.0, "hardship_before": before}, settings={
        "valve.spread": 0.0, "valve.inflow": 0.0})  # fmt: skip
    assert (none.s.pressure_group == 2.0).all()
    deep = Bench("valve", start={"relief": 1.0, "hardship_before": 60 * before}, settings={"valve.spread": 0.0})
    assert deep.s.pressure_group[deep.group(DUNES, "trade")] == 0.0  # 2 - 3.6: never below nothing


@few
@given(st.lists(st.floats(0, 0.4), min_size=6, max_size=6), st.floats(0, 0.5))
def test_stored_hardship_leaves_the_mean_and_more_of_it_is_never_less(before, more):
    by_group = np.array(before)[tiny().group_place]
    start = {"relief": 1.0, "hardship_before": by_group}
    a = Bench("valve", start=start, settings={"valve.spread": 0.0})
    g = a.w.cells.groups
    weights = np.maximum(g.size * g.at_risk, 0)
    assert np.average(a.s.pressure_group, weights=weights) == pytest.approx(2.0)
    here = tiny().group_place == HARBOUR
    b = Bench("valve", start=start | {"hardship_before": by_group + more * here}, settings={"valve.spread": 0.0})
    assert (b.s.pressure_group[here] >= a.s.pressure_group[here] - 1e-12).all()
    assert (b.s.pressure_group[~here] <= a.s.pressure_group[~here] + 1e-12).all()


def test_hardship_and_valve_together_store_what_a_poorer_winter_did(tmp_path):
    """Wages of employees fall by a tenth in logs over the last month and prices stand: who follows them stores more."""

    def wages(rows):
        return [{**rows[0], "from_local": f"2030-{day}T00:00", "index": value} for day, value in
                (("01-01", "100"), ("01-31", "100"), ("03-01", "81.87308"))]  # fmt: skip

    w = build(case_with(tmp_path / "c", {"wages.csv": wages, "prices.csv": changed(
        lambda r: r["item"] == "food", price="100")}))  # fmt: skip
    b = Bench("hardship", "valve", world=w, start={"price": 40.0, "relief": 1.0}, settings={"valve.spread": 0.0})
    public, none = b.group(MILLTOWN, "public"), b.group(MILLTOWN, "unemployed")
    # the grid has 1 January and 730.5 h later, 31 January 10:30: 10.5 of the 696 h to 1 March have passed, so
    # 0.2 * 10.5 / 696 = 0.00301724 is lost, at 2.25
    assert b.s.hardship_before[public] == close(2.25 * 0.00301724, rel=1e-4)
    assert b.s.hardship_before[none] == 0.0
    assert b.s.pressure_group[public] - b.s.pressure_group[none] == close(2.25 * 0.00301724, rel=1e-4)
