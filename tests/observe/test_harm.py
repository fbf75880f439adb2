"""Harm by hand: who is counted, where and until when; figures only beside counts of their own definition."""

from __future__ import annotations

import json

import numpy as np
import pytest

from groundswell.observe.harm import COUNTED, counted, figures, harm
from observe.conftest import CENTRE, EDGE, MINE, PORT, STEPS, put, row


@pytest.fixture
def arrays():
    """Dead: 12 at hour 30 in the centre (5 of them fighting), 9 at hour 100 in the port; and other harm."""
    cut = np.zeros((STEPS, 4))
    cut[48:96, CENTRE] = 1.0
    return {
        "dead": put(4, (30, 31, CENTRE, 12), (100, 101, PORT, 9)), "dead_fighting": put(4, (30, 31, CENTRE, 5)),
        "injured": put(4, (30, 31, CENTRE, 40), (31, 32, EDGE, 2)), "injured_fighting": put(4, (30, 31, CENTRE, 10)),
        "security_dead": put(4, (60, 61, CENTRE, 3)), "security_injured": put(4, (60, 61, CENTRE, 11)),
        "security_disarmed": put(4, (60, 61, CENTRE, 20)), "arrested": put(4, (20, 60, CENTRE, 1)),
        "taken": put(4, (90, 91, MINE, 15)), "held": put(4, (30, 200, CENTRE, 25), (90, STEPS, MINE, 15)),
        "arms_lost": put(4, (60, 61, CENTRE, 18)), "arms_captured": put(4, (60, 90, CENTRE, 18), (90, 240, CENTRE, 4)),
        "arms_issued_held": put(4, (70, 80, PORT, 30)), "arms_recovered": put(4, (90, 91, CENTRE, 14)),
        "vehicles_lost": put(4, (60, 61, CENTRE, 2)), "looted": put(4, (70, 72, CENTRE, 6)), "cut": cut,
        "burnt": put(4, (62, 63, CENTRE, 1)), "spent_usd": put(1, (50, STEPS, 0, 4e6)),
        "outsiders_dead": put(4, (61, 62, CENTRE, 2)), "outsiders_injured": put(4, (61, 62, CENTRE, 4)),
        "outsiders_arrested": put(4, (35, 36, CENTRE, 3)),
    }  # fmt: skip


def test_every_population_by_hand(reading, arrays):
    h = harm(reading(**arrays))
    assert next(iter(h)) == "dead"
    assert h["dead"] == {
        "total": 26, "inhabitants_peaceful": 16, "inhabitants_fighting": 5, "organised_groups": 2, "security": 3,
    }  # fmt: skip
    assert h["injured"] == {
        "total": 57, "inhabitants_peaceful": 32, "inhabitants_fighting": 10, "organised_groups": 4, "security": 11,
    }  # fmt: skip
    assert h["detained"] == {
        "total": 58, "on_the_street": 40, "from_home": 15, "organised_groups": 3, "held_at_the_end": 18,
        "held_at_most": 43,
    }  # fmt: skip
    assert h["arms"] == {
        "lost_by_forces": 18, "captured_held_at_most": 18, "issued_held_at_most": 30, "brought_held_at_most": 0,
        "recovered": 14,
    }  # fmt: skip
    assert (h["security_disarmed"], h["vehicles_lost"], h["shops_looted"], h["buildings_burned"]) == (20, 2, 12, 1)
    assert h["cost_usd"] == 4e6
    # 60,000 of 158,000 people for 48 hours
    assert h["network_cut"] == {"days_of_mean_inhabitant": pytest.approx(2 * 60 / 158, abs=1e-3), "days_somewhere": 2.0}
    json.dumps(h)


def test_parts_add_up_by_region_and_by_day(reading, arrays):
    r = reading(**arrays)
    h = harm(r)
    for name in ("dead", "security_dead", "injured", "security_injured", "detained"):
        assert sum(x[name] for x in h["by_region"].values()) == counted(r, name) == sum(h["by_day"][name])
    assert set(h["by_region"]) == {"city", "coast", "hills"}
    assert h["by_region"]["city"]["shops_looted"] == 12
    assert h["by_day"]["dead"][:6] == [0, 12, 2, 0, 9, 0]
    for name in ("dead", "injured"):
        sides = [v for k, v in h[name].items() if k != "total"]
        assert h[name]["total"] == sum(sides) == counted(r, name) + counted(r, f"security_{name}")
        assert counted(r, name) == counted(r, f"{name}_peaceful") + counted(r, f"{name}_fighting")


def test_a_place_tells_no_count_from_1_to_9(reading, arrays):
    by_place = harm(reading(**arrays))["by_place"]
    assert set(by_place) == {"centre", "mine"}  # the port has 9 dead, the edge 2 injured
    assert by_place["centre"] == {"dead": 14, "security_dead": None, "injured": 44, "security_injured": 11,
                                  "detained": 43}  # fmt: skip
    assert by_place["mine"]["dead"] == 0


def test_nothing_happened(reading):
    h = harm(reading())
    assert h["dead"]["total"] == h["injured"]["total"] == h["detained"]["total"] == 0
    assert h["by_region"] == h["by_place"] == {}
    assert h["figures"] == []
    assert harm(reading(steps=0))["cost_usd"] == 0.0


def test_a_figure_is_compared_with_its_own_population_scope_and_date(reading, arrays):
    rows = [
        row("dead", 10, end_local="2030-03-02T06:00"),  # hour 30: the deaths of the hour that begins then come later
        row("dead", 10, end_local="2030-03-02T07:00"),
        row("dead", 10, end_local="2030-03-10T23:00", scope=("coast",)),
        row("security_dead", 3, 3, end_local="2030-03-11T00:00"),
        row("detained", 40, end_local="2030-03-04T00:00", scope=("city",)),
        row("crowd", 40),
        row("injured", 1, end_local="2030-03-12T00:00"),  # a day after the run's end
    ]
    out = figures(reading(rows, **arrays))
    assert [x["simulated"] for x in out] == [0, 12, 9, 3, 43, None]
    assert out[0]["definition"] == f"{COUNTED['dead'].words}, until the date"
    assert out[4]["scope"] == "city"


def test_the_cut_off_is_on_the_clock_of_its_places(reading, arrays):
    at_port = row("dead", 1, end_local="2030-03-05T04:00", scope=("port",))  # 04:00 there is 05:00 in the case's zone
    earlier = row("dead", 1, end_local="2030-03-05T03:00", scope=("port",))
    assert [x["simulated"] for x in figures(reading([at_port, earlier], **arrays))] == [9, 0]
