"""Dated statements by hand: met, not met, not scored; limits of the kind and of the row."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.case.kinds import HARM_KINDS, TOLD_KINDS
from groundswell.observe.harm import COUNTED
from groundswell.record.scoring import score_statements
from observe.conftest import ALLIED, CENTRE, EDGE, HALL, MINE, PORT, PORT_HALL, SECURITY, STEPS, put, row


def scored(reading, *rows, **arrays):
    return score_statements(reading(list(rows), **arrays))


def one(reading, kind, low=None, high=None, arrays=None, **more):
    return scored(reading, row(kind, low, high, **more), **(arrays or {}))[0]


def test_every_kind_of_harm_has_a_definition():
    assert set(HARM_KINDS) <= set(COUNTED)


@pytest.mark.parametrize("kind", TOLD_KINDS)
def test_what_the_model_has_no_counterpart_for_is_not_scored(reading, kind):
    assert one(reading, kind, set="context", mode="none")["result"] == "not scored"


def test_context_rows_and_windows_beyond_the_run_are_not_scored(reading):
    street = {"on_street": put(4, (0, STEPS, CENTRE, 500))}
    assert one(reading, "crowd", 1, 900, street)["result"] == "met"
    assert one(reading, "crowd", 1, 900, street, set="context")["result"] == "not scored"
    late = {"start_local": "2030-03-20T00:00", "end_local": "2030-03-21T00:00"}
    assert one(reading, "crowd", 1, 900, street, **late)["result"] == "not scored"


def test_onset_on_the_clock_of_its_places(reading):
    street = {"on_street": put(4, (30, 90, PORT, 60))}
    got = one(reading, "onset", arrays=street, scope=("port",))
    assert (got["result"], got["value"], got["number"]) == ("met", "2 Mar 06:00", 31.0)
    assert one(reading, "onset", arrays=street, scope=("mine",)) | {"result": "not met", "value": "never"} == one(
        reading, "onset", arrays=street, scope=("mine",)
    )
    assert one(reading, "onset", arrays=street, end_local="2030-03-02T06:00")["result"] == "not met"


def test_clashes_are_counted_by_town(reading):
    fights = {"fighting": put(4, (30, 32, CENTRE, 80), (31, 32, EDGE, 90), (40, 41, PORT, 50), (40, 41, MINE, 49))}
    got = one(reading, "clash", arrays=fights)
    assert (got["result"], got["value"], got["number"]) == ("met", "clashes in 2 of 3 towns", 2.0)
    assert one(reading, "clash", 3, arrays=fights)["result"] == "not met"
    assert one(reading, "clash", 0, 0, arrays=fights, scope=("hills",))["result"] == "met"
    assert one(reading, "clash", None, 0, arrays=fights, scope=("hills",))["result"] == "met"
    assert one(reading, "clash", arrays=fights, scope=("hills",))["result"] == "not met"


def test_passivity_is_a_share_of_the_force_there(reading):
    force = np.zeros((STEPS, 9))
    force[:, HALL], force[:, PORT_HALL] = 50.0, 500.0
    arrays = {
        "force": force, "passive_exhaustion": put(4, (30, 31, CENTRE, 30)),
        "passive_order": put(4, (30, 31, CENTRE, 20)),
    }  # fmt: skip
    got = one(reading, "passivity", arrays=arrays, scope=("city",))
    assert (got["result"], got["value"]) == ("met", "50% of the force passive")
    assert one(reading, "passivity", arrays=arrays)["result"] == "not met"  # 50 of 600 in the whole country
    assert one(reading, "passivity", 0, 0.2, arrays, form="share")["result"] == "met"
    assert one(reading, "passivity")["result"] == "not met"  # nobody there at all


def test_flows_are_summed_over_the_window_and_stocks_taken_at_their_highest(reading):
    shops = {"looted": put(4, (30, 35, CENTRE, 2), (60, 65, CENTRE, 50))}
    assert one(reading, "looting", arrays=shops)["value"] == "10 shops"
    assert one(reading, "looting", 11, arrays=shops)["result"] == "not met"
    sites = {"site_held": 1.0 - put(9, (30, 40, HALL, 1), (39, 45, PORT_HALL, 1))}
    got = one(reading, "site", arrays=sites)
    assert (got["number"], got["value"]) == (2.0, "2 of 5 sites in the crowd's hands")
    assert one(reading, "site", 0, 0, arrays=sites, scope=("mine",))["result"] == "met"
    assert one(reading, "site", arrays=sites, scope=("port-hall", "mine-hall"))["value"].startswith("1 of 2 sites")
    arms = {"arms_captured": put(4, (30, 40, CENTRE, 7)), "arms_issued_held": put(4, (35, 45, CENTRE, 4))}
    assert one(reading, "arms", arrays=arms)["value"] == "11 firearms in its hands"
    assert one(reading, "arms")["result"] == "not met"


def test_harm_counts_from_the_start_to_the_windows_end(reading):
    arrays = {"dead": put(4, (5, 6, CENTRE, 4), (47, 48, CENTRE, 3), (48, 49, CENTRE, 90))}
    late = {"start_local": "2030-03-02T12:00"}
    assert one(reading, "dead", 7, 7, arrays, **late)["result"] == "met"
    assert one(reading, "dead", 8, None, arrays, **late)["result"] == "not met"
    assert one(reading, "security_dead", 1, arrays=arrays)["result"] == "not met"
    beyond = one(reading, "dead", 1, None, arrays, end_local="2030-03-12T00:00")
    assert beyond["result"] == "not scored"


def test_live_fire_allied_troops_and_orders(reading):
    arrays = {
        "dead": put(4, (30, 31, CENTRE, 3), (33, 34, CENTRE, 8)), "force_used": put(4, (30, 34, CENTRE, 1)),
        "posture": put(4, (30, 31, CENTRE, 5), (31, 40, CENTRE, 3)), "allied_people": put(4, (40, 44, ALLIED, 450)),
        "stand_by": put(4, (40, 44, SECURITY, 1)), "unit_people": np.tile([800.0, 600.0, 200.0, 0.0], (STEPS, 1)),
        "unit_place": np.tile([CENTRE, CENTRE, PORT, CENTRE], (STEPS, 1)),
    }  # fmt: skip
    assert one(reading, "live_fire", 11, 11, arrays)["result"] == "met"
    assert one(reading, "live_fire", arrays=arrays, scope=("coast",))["result"] == "not met"
    assert one(reading, "arrival", 400, arrays=arrays, scope=("city",))["value"] == "450 allied troops"
    assert one(reading, "arrival", arrays=arrays, scope=("coast",))["result"] == "not met"
    assert one(reading, "stand_by", arrays=arrays, scope=("coast",))["number"] == 200.0
    assert one(reading, "stand_by", arrays=arrays, scope=("city",))["result"] == "not met"
    by_government = arrays | {"stand_by_order": put(4, (40, 44, CENTRE, 1))}
    assert one(reading, "stand_by", arrays=by_government, scope=("city",))["number"] == 1400.0


def test_calm_is_under_500_at_every_hour_of_the_window(reading):
    assert one(reading, "calm", arrays={"on_street": put(4, (0, STEPS, CENTRE, 499))})["result"] == "met"
    assert one(reading, "calm", arrays={"on_street": put(4, (47, 48, CENTRE, 500))})["result"] == "not met"
    assert one(reading, "calm", None, 50, {"on_street": put(4, (47, 48, CENTRE, 51))})["result"] == "not met"


def test_crowds_pickets_and_strikes_as_before(reading):
    street = put(4, (30, 31, CENTRE, 25), (33, 34, EDGE, 15), (33, 34, PORT, 20), (30, 31, MINE, 19))
    assert one(reading, "crowd", 25, 44, {"on_street": street})["value"] == "44 people"
    assert one(reading, "spread", 2, 3, {"on_street": street})["value"] == "2 of 3 regions"
    strikes = {"striking": put(2, (30, 40, 1, 0.4))}
    assert one(reading, "strike", arrays=strikes, scope=("mine",))["value"] == "1 of 2 enterprises"
    assert one(reading, "strike", 2, 2, strikes, scope=("mine",))["result"] == "not met"
