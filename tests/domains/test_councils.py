"""Councils against numbers worked out by hand: when a crowd sets one up, and when it ends."""

from __future__ import annotations

import numpy as np
import pytest

import groundswell as gs
from domains.harness import FLARE, HARBOUR, Bench
from groundswell.domains.extras.councils import COUNCIL
from groundswell.engine.random import exponential

SYSTEM = 4
# 0.2 per hour at most; half of it at 500 organised people; a council ends by itself at 0.02 per hour.
# A square counts after 3 hours with 600 people, more than are out in most tests, so that there it is the office alone.
SETTINGS = {
    "councils.rate": 0.2, "councils.half_people": 500.0, "councils.tired": 0.02, "councils.square_people": 600.0,
    "councils.square_h": 3.0,
}  # fmt: skip


def bench(**settings: float) -> Bench:
    return Bench("councils", settings=SETTINGS | {f"councils.{k}": v for k, v in settings.items()})


def seat(b: Bench, place: int = HARBOUR) -> int:
    """The administration of a place."""
    kinds = np.array([str(k) for k in b.w.spots.kind])
    return int(np.flatnonzero((kinds == "administration") & (b.w.spots.place == place))[0])


def crowd(b: Bench, plant: int, traders: int, for_system: int, held: float = 0.0) -> dict[str, np.ndarray]:
    """People of Flare who are out: of the gas plant and in trade, some for another system."""
    group, people, demands = np.zeros(b.w.groups, int), np.zeros(6, int), np.zeros((6, 6), int)
    group[b.plant()], group[b.group(FLARE, "trade")] = plant, traders
    people[FLARE], demands[FLARE, SYSTEM] = plant + traders, for_system
    sites = np.ones(b.w.spot_count)
    sites[seat(b, FLARE)] = held
    return {"on_street_group": group, "on_street": people, "demand_people": demands, "site_held": sites}


def organised(b: Bench) -> tuple[float, float]:
    """How far people of the gas plant (an index of 1.5 counts as 1) and of trade are organised in the tiny case."""
    trade = b.w.case.tables["livelihoods"]
    index = dict(zip(trade.column("livelihood"), trade.column("organised_index"), strict=True))
    return min(float(b.w.enterprise("organisation_index")[0]), 1.0), float(index["trade"])


def test_onset_by_hand():
    b = bench()
    plant, trade = organised(b)
    out = 400 * plant + 100 * trade
    s = b.step(0, **crowd(b, 400, 100, 250))
    assert s.council_clock[FLARE] == pytest.approx(0.2 * 0.5 * out / (out + 500))
    assert s.council_clock[HARBOUR] == 0 and not s.council.any()


@pytest.mark.parametrize(("people", "why"), [
    ((400, 100, 0, 0.0), "nobody asks for another system"),
    ((0, 0, 0, 0.0), "nobody is out"),
    ((400, 100, 250, 1.0), "the state holds its seat"),
])  # fmt: skip
def test_without_ground_there_is_none(people, why):
    b = bench(rate=1e6)
    for hour in range(5):
        assert not b.step(hour, **crowd(b, *people)).council.any(), why


def test_it_begins_when_the_hazard_has_added_up_and_ends_with_the_seat():
    b = bench()
    plant, trade = organised(b)
    out = 400 * plant + 100 * trade
    per_hour = 0.2 * 0.5 * out / (out + 500)
    first = exponential(1, COUNCIL, FLARE, 0)
    begins = int(np.ceil(first / per_hour)) - 1  # the step in which it has added up
    there = [float(b.step(h, **crowd(b, 400, 100, 250)).council[FLARE]) for h in range(begins + 3)]
    assert there == [0.0] * begins + [1.0] * 3
    assert b.step(begins + 3, **crowd(b, 400, 100, 250, held=1.0)).council[FLARE] == 0  # the state is back
    b.step(begins + 4, **crowd(b, 400, 100, 250))
    assert b.s.council_turns[FLARE] == 2


def test_a_square_held_for_hours_without_a_break_is_ground_too():
    b = bench(rate=1e6)
    many, few = crowd(b, 500, 100, 250, held=1.0), crowd(b, 400, 100, 250, held=1.0)
    there = [float(b.step(h, **(few if h == 2 else many)).council[FLARE]) for h in range(7)]
    assert there == [0, 0, 0, 0, 0, 1, 1]  # broken off in the third hour, held from the fourth to the sixth
    assert b.step(7, **few).council[FLARE] == 0
    assert not b.s.council[HARBOUR]


def test_it_ends_when_everybody_has_gone_and_by_itself():
    b = bench(rate=1e6)
    assert b.step(0, **crowd(b, 400, 100, 250)).council[FLARE] == 1
    assert b.step(1, **crowd(b, 0, 0, 0)).council[FLARE] == 0
    tired = bench(rate=1e6, tired=1e6)
    assert tired.step(0, **crowd(tired, 400, 100, 250)).council[FLARE] == 1
    assert tired.step(1, **crowd(tired, 400, 100, 250)).council[FLARE] == 0


def test_more_organised_people_and_more_who_ask_are_never_slower():
    clocks = []
    for plant, ask in ((100, 100), (100, 200), (300, 200), (300, 400)):
        b = bench()
        clocks.append(float(b.step(0, **crowd(b, plant, 400 - plant, ask)).council_clock[FLARE]))
    assert clocks == sorted(clocks) and clocks[0] < clocks[-1]


def test_nothing_depends_on_councils():
    with_them, without = gs.run("tiny", seed=3), gs.run("tiny", seed=3, off=["councils"])
    for name, series in without.reading.hourly.items():
        if not name.startswith("council"):
            assert np.array_equal(series, with_them.reading.hourly[name], equal_nan=series.dtype.kind == "f"), name
