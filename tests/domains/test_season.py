"""Heating by season, against numbers worked out by hand: what a rise takes, and how many meet it."""

from __future__ import annotations

import numpy as np
import pytest

from domains.harness import FLARE, HARBOUR, Bench

# The tiny case starts at midnight of 1 March 2030, day 60 of the year. With 60 as the coldest day need is 1 at the
# start; half a year of 365.25 days later it is 0. Of fuel a share of 0.2 warms homes.
COLDEST = {"season.heating": 1.0, "season.coldest_day": 60.0}
WARMEST = {"season.heating": 1.0, "season.coldest_day": 60.0 + 365.25 / 2}
BETWEEN = {"season.heating": 1.0, "season.coldest_day": 60.0 + 365.25 / 4}


@pytest.mark.parametrize(("settings", "need"), [({}, 1.0), (COLDEST, 1.0), (BETWEEN, 0.5), (WARMEST, 0.0)])
def test_need_is_that_of_the_day(settings, need):
    assert Bench("season", settings=settings).step(0).heating_need == pytest.approx(need, abs=1e-12)


def test_half_the_weight_is_half_as_far_from_the_coldest_day():
    half = WARMEST | {"season.heating": 0.5}
    assert Bench("season", settings=half).step(0).heating_need == pytest.approx(0.5)


def test_need_falls_day_by_day_from_the_coldest_on():
    bench = Bench("season", settings=COLDEST)
    needs = [float(bench.step(24 * day).heating_need) for day in range(6)]
    assert needs == sorted(needs, reverse=True) and needs[0] > needs[-1]
    assert needs[5] == pytest.approx((1 + np.cos(2 * np.pi * 5 / 365.25)) / 2)


def test_a_rise_takes_less_of_a_budget_when_homes_are_not_heated():
    """Fuel doubles: of its loss 0.2 is for heating, so that without need for it 0.8 are left."""
    for need in (1.0, 0.5, 0.0):
        start = {"price": 40.0, "heating_need": need, "reference_income": 100.0}  # so high that all is a loss
        flat, dearer = Bench("hardship"), Bench("hardship")
        got = dearer.step(24, **start | {"price": 80.0}).hardship - flat.step(24, **start).hardship
        harbour, flare = (got[dearer.group(place, "trade")] for place in (HARBOUR, FLARE))
        assert harbour == pytest.approx(2.25 * 0.06 * 0.70 * np.log(2) * (1 - 0.2 * (1 - need)))
        assert flare == pytest.approx(harbour * 85 / 70)


def test_a_step_is_met_by_fewer_when_homes_are_not_heated():
    whole = {}
    for need in (1.0, 0.25, 0.0):
        bench = Bench("spark", start={"price": 40.0, "relief": 1.0, "heating_need": need})
        bench.step(0, price=40.0)
        state = bench.step(1, price=80.0)
        whole[need] = float(state.spark[HARBOUR] + state.spark_ahead[HARBOUR])
    # 15 * 0.7042 * (ln 2 - 0.05) = 6.79356 in the cold (see test_by_hand_grievance), 0.85 and 0.8 of it off the cold
    assert whole[1.0] == pytest.approx(6.79356, rel=2e-5)
    assert whole[0.25] == pytest.approx(0.85 * whole[1.0])
    assert whole[0.0] == pytest.approx(0.80 * whole[1.0])
