"""Events by hand: when, where, what and how many; a day's total for what is many and small."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from groundswell.observe.events import events
from observe.conftest import ALLIED, CENTRE, GUARD, HALL, MINE, PORT, PORT_HALL, SECURITY, STEPS, put, since


def rows(reading, kind, **arrays):
    found = events(reading(**arrays))
    columns = zip(found["hour"], found["place"], found["kind"], found["subject"], found["value"], strict=True)
    return [r[:2] + r[3:] for r in columns if r[2] == kind]


def test_an_empty_run_has_no_event(reading):
    assert events(reading()) == {k: [] for k in ("hour", "place", "kind", "subject", "value")}
    assert events(reading(steps=0))["hour"] == []


def test_harm_hour_by_hour_and_what_is_many_by_day(reading):
    assert rows(reading, "deaths of security", security_dead=put(4, (30, 31, CENTRE, 2))) == [(31.0, "centre", "", 2.0)]
    assert rows(reading, "taken from home", taken=put(4, (30, 31, MINE, 12))) == [(31.0, "mine", "", 12.0)]
    assert rows(reading, "arson", burnt=put(4, (30, 31, CENTRE, 1))) == [(31.0, "centre", "", 1.0)]
    looted = put(4, (30, 60, CENTRE, 1), (30, 31, PORT, 4))
    assert rows(reading, "looting", looted=looted) == [
        (48.0, "centre", "total of the day", 18.0), (48.0, "port", "total of the day", 4.0),
        (72.0, "centre", "total of the day", 12.0),
    ]  # fmt: skip
    cut = [(r[0], r[3]) for r in rows(reading, "looting", looted=looted, steps=40)]
    assert cut == [(40.0, 10.0), (40.0, 4.0)]


def test_marches_and_clashes_stand_where_they_begin(reading):
    walking = put(4, (30, 33, CENTRE, 80), (40, 41, CENTRE, 60), (30, 33, PORT, 49))
    assert [r[0] for r in rows(reading, "march", on_way=walking)] == [31.0, 41.0]
    assert rows(reading, "clash", fighting=put(4, (35, 39, PORT, 70))) == [(36.0, "port", "people fighting", 70.0)]


def test_sites_lost_and_regained(reading):
    held = np.ones((STEPS, 9))
    held[50:60, HALL] = 0.0
    held[55:, PORT_HALL] = 0.0
    assert [r[:3] for r in rows(reading, "site lost", site_held=held)] == [
        (51.0, "centre", "hall"), (56.0, "port", "port-hall"),
    ]  # fmt: skip
    assert [r[:3] for r in rows(reading, "site regained", site_held=held)] == [(61.0, "centre", "hall")]


def test_units_that_refuse_stand_by_or_fall_back(reading):
    refusal, people = np.zeros((STEPS, 4)), np.tile([800.0, 600.0, 200.0, 0.0], (STEPS, 1))
    refusal[70:90, GUARD] = 2
    people[70:90, GUARD] = 0.0
    arrays = {
        "refusal": refusal, "unit_people": people, "unit_place": np.tile([CENTRE, CENTRE, PORT, CENTRE], (STEPS, 1)),
        "stand_by": put(4, (80, 100, SECURITY, 1)), "fallen_back": put(4, (60, 66, GUARD, 1)),
    }  # fmt: skip
    assert rows(reading, "unit", **arrays) == [
        (61.0, "centre", "guard-1: falls back exhausted", 600.0),
        (71.0, "centre", "guard-1: goes home", 600.0),
        (81.0, "port", "security-1: stands by on order", 200.0),
        (91.0, "centre", "guard-1: obeys", 0.0),
    ]
    order = {"unit_people": np.tile([800.0, 600.0, 200.0, 0.0], (STEPS, 1)), "unit_place": arrays["unit_place"],
             "stand_by_order": put(4, (80, 90, CENTRE, 1))}  # fmt: skip
    assert [row[:3] for row in rows(reading, "unit", **order)] == [
        (81.0, "centre", "city-police: stands by on order"), (81.0, "centre", "guard-1: stands by on order"),
    ]  # fmt: skip


def test_allied_troops_come_and_go(reading):
    troops = put(4, (100, 150, ALLIED, 450))
    assert rows(reading, "allied arrival", allied_people=troops) == [(101.0, "centre", "brigade", 450.0)]
    assert rows(reading, "allied departure", allied_people=troops) == [(151.0, "centre", "brigade", 450.0)]


def test_offices_change_hands(reading):
    offices = np.tile([0.0, 1.0], (STEPS, 1))
    offices[110:, 1] = 0.0
    arrays = {"office_faction": offices, "presidency": since(200, 0, -1), "patron_removed": since(115)}
    assert [r[0:3] for r in rows(reading, "office", **arrays)] == [
        (111.0, "*", "security: from patron to president"),
        (116.0, "*", "the patron's post is taken"),
        (201.0, "*", "presidency: from president to nobody"),
    ]


def test_measures_recorded_and_rungs_taken_are_told_apart(reading):
    everywhere, port = np.ones(4, bool), np.arange(4) == PORT

    def measure(name, start, places):
        return SimpleNamespace(id=name, kind="price_cut", start_h=start, places=places, value=50.0)

    r = reading(measures=[measure("recorded", 30.0, everywhere), measure("before", -1.0, port)])
    object.__setattr__(r, "taken", [measure("rung", 40.0, port)])
    found = events(r)
    assert found["kind"] == ["measure", "rung"]
    assert found["place"] == ["*", "port"]
    assert found["subject"] == ["price_cut: recorded", "price_cut: rung"]


def test_strikes_begin_and_end(reading):
    striking = put(2, (30, 50, 1, 0.5), (0, 10, 0, 0.2))
    assert [r[:3] for r in rows(reading, "strike begins", striking=striking)] == [
        (1.0, "mine", "shaft"), (31.0, "mine", "smelter"),
    ]  # fmt: skip
    assert [r[:3] for r in rows(reading, "strike ends", striking=striking)] == [
        (11.0, "mine", "shaft"), (51.0, "mine", "smelter"),
    ]  # fmt: skip
