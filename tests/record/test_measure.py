"""Every kind of observation on small made readings, worked by hand; windows, orders, what cannot be said, darkness."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from groundswell.case.kinds import KINDS
from groundswell.engine.observable import at_first, at_last, until_below, until_half
from groundswell.record import load_record, measure
from groundswell.record.measure import class_of, hours_between_events
from observe.conftest import (
    ALLIED,
    CENTRE,
    DEMANDS,
    EDGE,
    GUARD,
    HALL,
    MINE,
    POLICE,
    PORT,
    PORT_HALL,
    SECURITY,
    SQUARE,
    STEPS,
    put,
    row,
    since,
)  # fmt: skip

LATE = "2030-03-10T23:00"  # nearly all of the run


def seen(kind, form, **more):
    made = {"end_local": LATE, "stance": None, **more}
    return row(kind, **{"id": more.get("id", kind), "form": form, **made})


def values(reading, rows, measures=None, steps=STEPS, **arrays):
    """id -> what a run with these arrays has."""
    r = reading(rows, measures=measures, steps=steps, **arrays)
    record = load_record(r.world.case)
    return dict(zip(record.index, measure(r, record).values.tolist(), strict=True))


def value(reading, kind, form, measures=None, steps=STEPS, arrays=None, **more):
    return values(reading, [seen(kind, form, id="it", **more)], measures, steps, **(arrays or {}))["it"]


STREET = {
    "on_street": put(4, (30, 40, PORT, 60), (35, 50, CENTRE, 400), (36, 44, EDGE, 200), (60, 62, MINE, 49)),
}  # most at one time: 660 in step 36


def test_streets(reading):
    def of(kind, form, **more):
        return value(reading, kind, form, arrays=STREET, **more)

    assert of("onset", "hour") == 31.0
    assert of("onset", "hour", scope=("city",)) == 36.0
    assert of("onset", "hour", scope=("hills",)) == np.inf
    assert of("onset", "hour", scope=("hills",), least=49) == 61.0
    assert of("onset", "yes", scope=("hills",)) == 0.0
    assert of("crowd", "count") == 660.0
    assert of("crowd", "class") == 2.0
    assert of("crowd", "hour", least=600) == 37.0
    assert of("crowd", "yes", least=661) == 0.0
    assert of("spread", "count") == 3.0
    assert of("regions", "count") == 2.0
    assert of("regions", "hour", least=2) == 36.0
    assert of("regions", "hour", least=3) == np.inf
    assert of("centres", "count") == 1.0  # centre with its other district; the port has 60, the mine 49
    assert of("centres", "count", least=40) == 3.0
    assert of("centre_crowd", "count") == 60.0  # of 600, 60, 49
    assert of("centre_crowd", "class") == 1.0
    hours = 10 * 60 + 15 * 400 + 8 * 200 + 2 * 49
    assert of("turnout_share", "share", scope=("coast",)) == pytest.approx(600 / hours)
    assert of("first_rank", "rank") == 1.0  # the port depends most on the item
    assert of("first_rank", "rank", scope=("city", "hills")) == 3.0
    assert np.isnan(of("first_rank", "rank", scope=("hills",)))


def test_calm_and_half_of_the_turnout_are_for_good(reading):
    street = {"on_street": put(4, (10, 20, CENTRE, 800), (25, 30, CENTRE, 500), (40, 45, CENTRE, 300))}

    def of(kind, form, **more):
        return value(reading, kind, form, arrays=street, **more)

    assert of("calm", "hour") == 30.0
    assert of("calm", "yes") == 0.0
    assert of("calm", "yes", start_local="2030-03-02T06:00") == 1.0
    assert of("calm", "count") == 800.0
    assert of("half_turnout", "hour") == 30.0
    assert of("half_turnout", "hour", end_local="2030-03-02T05:00") == np.inf  # 500 are still out at 05:00
    assert np.isnan(of("half_turnout", "hour", scope=("coast",)))
    assert value(reading, "calm", "hour", arrays={"on_street": put(4, (0, STEPS, CENTRE, 900))}) == np.inf
    assert value(reading, "calm", "hour") == 0.0  # never anything else


def test_demands_and_work(reading):
    held = np.zeros((STEPS, 4, len(DEMANDS)))
    held[35:50, CENTRE, DEMANDS.index("cabinet")] = 30
    held[40, CENTRE, DEMANDS.index("system")] = 100
    people = {"on_street": put(4, (35, 50, CENTRE, 400)), "demand_people": held}
    assert value(reading, "political_share", "share", arrays=people) == pytest.approx((14 * 30 + 100) / (15 * 400))
    assert value(reading, "political_share", "yes", arrays=people) == 1.0
    assert value(reading, "political_share", "yes", arrays=people, least=0.1) == 0.0
    assert np.isnan(value(reading, "political_share", "share"))

    strikes = {"striking": put(2, (30, 40, 0, 0.5), (35, 36, 1, 1.0))}  # of 300 and 100 people
    assert value(reading, "strike", "count", arrays=strikes) == 2.0
    assert value(reading, "strike", "hour", arrays=strikes, least=2) == 36.0
    assert value(reading, "strike_share", "share", arrays=strikes) == pytest.approx((150 + 100) / 400)
    assert value(reading, "strike_share", "hour", arrays=strikes, least=0.5) == 36.0
    assert np.isnan(value(reading, "strike_share", "share", arrays=strikes, scope=("city",)))
    assert np.isnan(value(reading, "strike_share_force", "share", arrays=strikes))
    assert value(reading, "strike_share_rest", "share", arrays=strikes) == pytest.approx(250 / 400)
    shots = strikes | {"posture": put(4, (20, 21, MINE, 5)), "force_used": put(4, (20, 21, MINE, 1))}
    assert value(reading, "strike_share_force", "share", arrays=shots) == pytest.approx(250 / 400)
    assert np.isnan(value(reading, "strike_share_rest", "share", arrays=shots))


def test_fights_sites_and_force(reading):
    fights = {"fighting": put(4, (30, 32, CENTRE, 80), (31, 32, EDGE, 90), (40, 41, PORT, 50), (40, 41, MINE, 49))}
    assert value(reading, "clash", "count", arrays=fights) == 2.0
    assert value(reading, "clash", "hour", arrays=fights, least=2) == 41.0
    assert value(reading, "clash", "yes", arrays=fights, scope=("hills",)) == 0.0
    assert value(reading, "last_clash", "hour", arrays=fights, scope=("city",)) == 32.0
    assert value(reading, "last_clash", "hour", arrays=fights, scope=("hills",)) == np.inf
    used = {"force_used": put(4, (29, 33, CENTRE, 0.2), (30, 31, PORT, 0.1))}
    assert value(reading, "force_used", "hour", arrays=used) == 30.0
    assert value(reading, "force_used", "hour", arrays=used, scope=("hills",)) == np.inf

    held = {"site_held": 1.0 - put(9, (30, 40, HALL, 1), (39, 45, SQUARE, 1), (50, 60, PORT_HALL, 1))}
    assert value(reading, "site", "count", arrays=held) == 2.0
    assert value(reading, "site", "hour", arrays=held, scope=("port-hall",)) == 51.0
    assert value(reading, "site", "yes", arrays=held, scope=("mine-hall",)) == 0.0
    assert value(reading, "site_hours", "count", arrays=held, scope=("city",)) == 15.0
    assert value(reading, "site_hours", "count", arrays=held, scope=("city",), least=2) == 1.0


def test_who_does_nothing(reading):
    places = {"unit_place": np.tile([CENTRE, CENTRE, PORT, CENTRE], (STEPS, 1))}
    force = np.zeros((STEPS, 9))
    force[:, HALL] = 50.0
    still = {
        "force": force,
        "passive_order": put(4, (30, 31, CENTRE, 30)),
        "passive_disloyalty": put(4, (30, 31, CENTRE, 20)),
    }
    assert value(reading, "passivity", "share", arrays=still, scope=("city",)) == 0.5
    assert value(reading, "passivity", "yes", arrays=still) == 1.0
    assert value(reading, "passivity", "hour", arrays=still, least=0.51) == np.inf
    # 50 more are on patrol, and of the 50 in the hall 25 have left the streets for it: (50 + 25) / (50 + 50 + 50)
    patrol, off = np.zeros((STEPS, 9)), np.zeros((STEPS, 9))
    patrol[:, SQUARE], off[:, HALL] = 50.0, 25.0
    more = still | {"patrol": patrol}
    assert value(reading, "passivity", "share", arrays=more, scope=("city",)) == pytest.approx(50 / 150)
    assert value(reading, "passivity", "share", arrays=more | {"withdrawn": off}, scope=("city",)) == 0.5
    assert value(reading, "passivity", "yes", arrays=more) == 0.0
    gone = {"force": force, "withdrawn": force}  # everybody has left the streets, and nobody refuses
    assert value(reading, "passivity", "share", arrays=gone, scope=("city",)) == 1.0

    units = places | {
        "refusal": put(4, (30, 35, GUARD, 1)), "stand_by": put(4, (40, 44, SECURITY, 1)),
        "fallen_back": put(4, (32, 33, POLICE, 1)), "unit_people": np.tile([800.0, 600, 200, 500], (STEPS, 1)),
    }  # fmt: skip
    assert value(reading, "refusal", "share", arrays=units, scope=("city",)) == pytest.approx(600 / 1400)
    assert value(reading, "refusal", "share", arrays=units) == pytest.approx(
        600 / 1600
    )  # the allied brigade is not counted
    assert value(reading, "guard_passive", "share", arrays=units) == 1.0
    assert value(reading, "police_passive", "share", arrays=units, scope=("coast",)) == 0.0
    assert value(reading, "security_passive", "share", arrays=units) == 1.0
    assert value(reading, "stand_by", "count", arrays=units) == 200.0
    assert value(reading, "stand_by", "hour", arrays=units) == 41.0
    assert value(reading, "army_passive", "share", arrays=units) == 0.0  # there is none


def test_arms_loot_and_fire(reading):
    arms = {"arms_captured": put(4, (30, 40, CENTRE, 30)), "arms_issued_held": put(4, (35, 45, CENTRE, 10)),
            "arms_lost": put(4, (29, 31, CENTRE, 20))}  # fmt: skip
    assert value(reading, "arms", "count", arrays=arms) == 40.0
    assert value(reading, "arms", "hour", arrays=arms, least=31) == 36.0
    assert value(reading, "captured_share", "share", arrays=arms) == 0.75
    assert value(reading, "captured_over_lost", "share", arrays=arms) == 0.75
    assert np.isnan(value(reading, "captured_share", "share"))
    assert np.isnan(value(reading, "captured_over_lost", "share"))
    loot = {"looted": put(4, (30, 35, CENTRE, 6), (60, 65, PORT, 2)), "burnt": put(4, (31, 32, CENTRE, 3)),
            "site_held": 1.0 - put(9, (30, 40, HALL, 1), (50, 60, HALL, 1))}  # fmt: skip
    assert value(reading, "looting", "count", arrays=loot) == 40.0
    assert value(reading, "looting", "hour", arrays=loot) == 32.0  # ten shops
    assert value(reading, "looting_here", "share", arrays=loot, scope=("city",)) == 0.75
    assert value(reading, "looting_share", "share", arrays=loot, scope=("city",)) == pytest.approx(30 / (30 + 2 + 3))
    assert value(reading, "burnt", "count", arrays=loot) == 3.0
    assert np.isnan(value(reading, "looting_share", "share"))


def test_harm_counts_from_the_start_and_its_share_of_the_turnout(reading):
    arrays = {
        "dead": put(4, (5, 6, CENTRE, 6), (50, 51, PORT, 2)),
        "on_street": put(4, (5, 15, CENTRE, 100), (5, 15, PORT, 300)),
    }
    assert value(reading, "dead", "count", arrays=arrays, start_local="2030-03-02T12:00") == 8.0
    assert value(reading, "dead", "count", arrays=arrays, end_local="2030-03-02T12:00") == 6.0
    assert value(reading, "dead", "class", arrays=arrays) == 0.0
    assert value(reading, "dead", "yes", arrays=arrays, least=9) == 0.0
    assert value(reading, "dead_share", "share", arrays=arrays, scope=("city",)) == 0.75
    assert value(reading, "dead_over_turnout", "count", arrays=arrays, scope=("city",)) == pytest.approx(3.0)
    assert value(reading, "live_fire", "count", arrays=arrays, start_local="2030-03-02T12:00") == 2.0
    assert np.isnan(value(reading, "dead_share", "share"))
    shown = {"shown_local": since(3) * 6.0, "shown_elsewhere": since(3) * 2.0, "shown_foreign": since(3) * 2.0,
             "shown_record": since(3) * 5.0}  # fmt: skip
    assert value(reading, "detained_foreign", "share", arrays=shown) == pytest.approx(0.2)
    assert value(reading, "detained_record", "share", arrays=shown) == pytest.approx(0.5)


def test_offices(reading):
    arrays = {"allied_people": put(4, (40, 44, ALLIED, 450)), "patron_removed": since(50)}
    assert value(reading, "arrival", "hour", arrays=arrays) == 41.0
    assert value(reading, "arrival", "count", arrays=arrays, scope=("city",)) == 450.0
    assert value(reading, "arrival", "yes", arrays=arrays, scope=("coast",)) == 0.0
    assert value(reading, "patron_removed", "hour", arrays=arrays) == 51.0

    def taken(kind, hour, *where):
        return SimpleNamespace(id=kind, kind=kind, start_h=hour, places=np.isin(np.arange(4), where))

    acts = [taken("emergency", 30.5, PORT), taken("emergency", 90, CENTRE, PORT), taken("appeal", 300.0, CENTRE)]
    assert value(reading, "emergency", "hour", acts) == 31.0  # the hour that had begun
    assert value(reading, "emergency", "hour", acts, scope=("city",)) == 90.0
    assert value(reading, "emergency", "yes", acts, scope=("hills",)) == 0.0
    assert value(reading, "appeal", "hour", acts) == np.inf  # after the window


def test_every_kind_is_tried_here():
    tried = Path(__file__).read_text(encoding="utf-8")
    of_the_kind = ("dead_", "injured", "security_dead", "security_injured", "arrested", "taken", "detained")
    measures = ("price_", "cabinet", "curfew", "jamming", "network", "head_", "shoot", "redeploy", "retake", "mass",
                "purge", "blame", "pay_")  # fmt: skip
    left = [k for k in KINDS if f'"{k}"' not in tried and not k.startswith((*of_the_kind, *measures))]
    assert set(left) <= {"news", "measure", "other"}


def test_hours_are_on_the_clock_of_the_scope(reading):
    street = {"on_street": put(4, (30, 40, PORT, 60))}
    assert (
        value(reading, "onset", "hour", arrays=street, scope=("port",), end_local="2030-03-02T06:00") == 31.0
    )  # 07:00
    assert value(reading, "onset", "hour", arrays=street, scope=("port",), end_local="2030-03-02T05:00") == np.inf
    assert value(reading, "onset", "hour", arrays=street, start_local="2030-03-02T07:00") == 32.0  # still there then


def test_what_the_run_did_not_reach_cannot_be_said(reading):
    street = {"on_street": put(4, (30, 40, PORT, 60))}
    whole = {"arrays": street, "steps": 35}
    assert value(reading, "onset", "hour", **whole) == 31.0  # it came before the end
    assert np.isnan(value(reading, "onset", "hour", scope=("city",), **whole))
    assert value(reading, "onset", "yes", **whole) == 1.0
    assert np.isnan(value(reading, "onset", "yes", scope=("city",), **whole))
    assert np.isnan(value(reading, "crowd", "count", **whole))
    assert np.isnan(value(reading, "calm", "hour", **whole))
    assert np.isnan(value(reading, "crowd", "count", start_local="2030-03-02T20:00", **whole))


def test_orders_of_two_events(reading):
    rows = [
        seen("onset", "hour", id="port", scope=("port",)), seen("onset", "hour", id="centre", scope=("centre",)),
        seen("onset", "hour", id="mine", scope=("mine",)),
        *(seen("order", "order", id="-".join(of), of=of) for of in (("port", "centre"), ("centre", "port"),
          ("port", "mine"), ("mine", "port"), ("mine", "mine"))),
    ]  # fmt: skip
    got = values(reading, rows, **STREET)
    assert got["port-centre"] == 5.0
    assert got["centre-port"] == -5.0
    assert got["port-mine"] == np.inf
    assert got["mine-port"] == -np.inf
    assert np.isnan(got["mine-mine"])
    assert np.isnan(hours_between_events(np.nan, 3.0))


def test_darkness_is_the_share_of_people_and_hours_cut_off(reading):
    rows = [seen("onset", "hour", id="all", end_local="2030-03-02T00:00"),
            seen("onset", "hour", id="port", scope=("port",), end_local="2030-03-01T23:00"),
            seen("news", "yes", id="told", set="context")]  # fmt: skip
    r = reading(rows, cut=put(4, (0, 6, PORT, 1), (12, 24, CENTRE, 1)))
    got = measure(r, load_record(r.world.case))
    assert got.dark[0] == pytest.approx((6 * 40_000 + 12 * 60_000) / (24 * 158_000))
    assert got.dark[1] == pytest.approx(5 / 23)  # from 01:00 to 24:00 in the case's zone
    assert np.isnan(got.values[2])


def test_classes_and_when():
    assert [class_of(x) for x in (0, 1, 9, 10, 99, 100, 9_999, 10_000, 5e5, 5e9)] == [0, 0, 0, 1, 1, 2, 3, 4, 5, 5]
    course = np.array([0.0, 2, 1, 2, 0])
    assert (at_first(course, 2), at_last(course, 2), until_below(course, 1)) == (2, 4, 4)
    assert (at_first(course, 3), at_last(course, 3), until_below(course, 3)) == (np.inf, np.inf, 0)
    assert until_below(course[:4], 1) == np.inf
    assert until_half(course, 0) == 4


def test_measuring_does_not_depend_on_order(reading):
    rows = [seen("onset", "hour", id="a"), seen("crowd", "count", id="b"), seen("regions", "count", id="c")]
    assert values(reading, rows, **STREET) == values(reading, rows[::-1], **STREET)


@pytest.mark.parametrize("kind", [k for k, forms in KINDS.items() if forms != KINDS["news"] and k != "order"])
def test_every_form_of_a_kind_has_a_value(reading, kind):
    for form in KINDS[kind]:
        got = value(reading, kind, form, arrays=STREET)
        assert np.isnan(got) or got >= 0
