"""Each phase on made-up hours: seen, not seen, when, where, and how large."""

from __future__ import annotations

import json

import numpy as np
import pytest

from groundswell.observe.courses import COURSES
from groundswell.observe.organs import by_organ
from groundswell.observe.phases import PHASES, phases
from observe.conftest import ALLIED, CENTRE, EDGE, GUARD, MINE, POLICE, PORT, SECURITY, STEPS, put, since


def found(reading, phase):
    return next(x for x in phases(reading) if x["phase"] == phase)


def test_nothing_is_seen_in_an_empty_run_and_every_phase_is_told(reading):
    out = phases(reading())
    assert [x["phase"] for x in out] == list(PHASES)
    assert len(out) == 14
    assert not any(x["observed"] for x in out)
    assert all(x["when"] is None and x["where"] == [] for x in out)
    json.dumps(out)


def test_a_run_of_no_step_has_no_phase(reading):
    assert not any(x["observed"] for x in phases(reading(steps=0)))


def test_small_protests_are_contained_until_the_first_clash(reading):
    street = put(4, (10, 40, MINE, 80), (12, 30, PORT, 49), (60, 90, CENTRE, 900))
    fights = put(4, (50, 60, CENTRE, 60))
    seen = found(reading(on_street=street, fighting=fights), "small protests contained")
    assert (seen["observed"], seen["when"], seen["where"]) == (True, 11, ["mine"])
    assert seen["value"] == {"places": 1, "until_h": 50.0}
    large = put(4, (10, 40, MINE, 80), (30, 90, CENTRE, 9_920))
    assert found(reading(on_street=large), "small protests contained")["value"] == {"places": 1, "until_h": 30.0}
    for harm in ("sites_lost", "dead"):
        r = reading(on_street=street, fighting=fights, **{harm: put(4, (20, 21, MINE, 1))})
        assert not found(r, "small protests contained")["observed"]


@pytest.mark.parametrize(("after", "way"), [(300, "rose"), (100, "fell"), (200, "stayed")])
def test_a_price_offer_and_turnout_about_it(reading, after, way):
    offer = np.zeros((STEPS, 4, 6))
    offer[100:, PORT, 0] = 0.4
    street = put(4, (76, 100, PORT, 200), (100, 124, PORT, after), (0, STEPS, CENTRE, 5_000))
    seen = found(reading(offer=offer, on_street=street), "price offer")
    assert (seen["when"], seen["where"]) == (101, ["port"])
    assert seen["value"] == {"before": 200.0, "after": float(after), "turnout": way}
    other = np.zeros((STEPS, 4, 6))
    other[100:, PORT, 2] = 1.0  # the cabinet resigns: no price
    assert not found(reading(offer=other), "price offer")["observed"]


def test_a_march_is_of_the_largest_town(reading):
    seen = found(reading(on_way=put(4, (70, 72, EDGE, 30), (71, 72, CENTRE, 20))), "march on the main square")
    assert (seen["when"], seen["where"], seen["value"]) == (72, ["edge", "centre"], {"people_at_most": 50})
    assert not found(reading(on_way=put(4, (70, 72, PORT, 5_000))), "march on the main square")["observed"]


def test_police_beaten_and_disarmed_adds_up(reading):
    hurt, disarmed = put(4, (90, 91, CENTRE, 6)), put(4, (95, 96, CENTRE, 3), (96, 97, PORT, 1))
    seen = found(reading(security_injured=hurt, security_disarmed=disarmed), "police beaten and disarmed")
    assert (seen["when"], seen["where"]) == (97, ["centre", "port"])
    assert seen["value"] == {"injured": 6, "dead": 0, "disarmed": 4}
    assert not found(reading(security_injured=hurt), "police beaten and disarmed")["observed"]


def test_passivity_is_counted_whatever_its_cause(reading):
    causes = {
        "passive_exhaustion": put(4, (100, 150, CENTRE, 60)), "passive_disloyalty": put(4, (110, 150, CENTRE, 30)),
        "passive_order": put(4, (120, 130, PORT, 10)),
    }  # fmt: skip
    seen = found(reading(**causes), "forces passive")
    assert (seen["when"], seen["where"]) == (121, ["centre", "port"])
    assert seen["value"] == {"people_at_most": 100, "exhaustion": 60, "disloyalty": 30, "order": 10}


def test_a_city_is_lost_by_the_share_of_its_sites(reading):
    lost = put(4, (100, 140, CENTRE, 1), (110, 130, EDGE, 1), (90, 95, PORT, 1))  # the port has one site: not counted
    seen = found(reading(sites_lost=lost), "city lost")
    assert (seen["when"], seen["where"]) == (111, ["centre", "edge"])
    assert seen["value"] == {"share_at_most": 0.667, "sites": 3, "hours": 20.0, "towns": 1}
    assert not found(reading(sites_lost=put(4, (100, 140, CENTRE, 1))), "city lost")["observed"]


def test_a_second_wave_is_clashes_in_two_other_regions_after_the_first(reading):
    fights = put(4, (80, 90, CENTRE, 200), (100, 104, PORT, 60), (130, 131, MINE, 50))
    seen = found(reading(fighting=fights), "second wave")
    assert (seen["when"], seen["where"], seen["value"]) == (131, ["port", "mine"], {"regions": ["coast", "hills"]})
    fewer = put(4, (80, 90, CENTRE, 200), (100, 104, PORT, 60), (130, 131, MINE, 49))
    seen = found(reading(fighting=fewer), "second wave")
    assert (seen["observed"], seen["value"]) == (False, {"regions": ["coast"]})
    same = put(4, (80, 90, CENTRE, 200), (80, 81, PORT, 60), (85, 90, EDGE, 90))  # at once, and in the same region
    assert found(reading(fighting=same), "second wave")["value"] == {"regions": []}


def test_looting_and_where_most_of_it_is(reading):
    shops, fires = put(4, (100, 103, CENTRE, 3), (120, 121, PORT, 3)), put(4, (101, 102, CENTRE, 2))
    seen = found(reading(looted=shops, burnt=fires), "looting")
    assert (seen["when"], seen["where"]) == (121, ["centre", "port"])
    assert seen["value"] == {"shops": 12, "share_of_largest_town": 0.75, "buildings_burned": 2}


def test_what_offices_do(reading):
    units = np.tile([800.0, 600.0, 200.0, 0.0], (STEPS, 1))
    waiting = put(4, (90, 140, SECURITY, 1), (100, 110, GUARD, 1))
    where = np.tile([CENTRE, CENTRE, PORT, CENTRE], (STEPS, 1))
    asked = since(120, np.nan, 119.5)
    troops = put(4, (150, 200, ALLIED, 400))
    r = reading(
        unit_people=units, stand_by=waiting, unit_place=where, asked=asked, allied_people=troops,
        patron_removed=since(115),
    )  # fmt: skip
    seen = found(r, "organs stand by on order")
    assert (seen["when"], seen["where"]) == (91, ["centre", "port"])
    assert seen["value"] == {"people_at_most": 800, "police": 0, "guard": 600, "security": 200, "allied": 0}
    assert found(r, "appeal to allies")["when"] == 121
    assert found(r, "allied troops arrive") == {
        "phase": "allied troops arrive", "observed": True, "when": 151, "where": ["centre"],
        "value": {"people_at_most": 400},
    }  # fmt: skip
    assert found(r, "patron removed")["when"] == 116
    assert POLICE not in np.flatnonzero(waiting.any(axis=0))


def test_an_order_of_the_government_to_a_place_counts_as_one_of_those_who_command(reading):
    units, where = np.tile([800.0, 600.0, 200.0, 0.0], (STEPS, 1)), np.tile([CENTRE, CENTRE, PORT, CENTRE], (STEPS, 1))
    where[105:, GUARD] = PORT  # out of the order's place
    order = put(4, (100, 110, CENTRE, 1))
    arrays = {"unit_people": units, "unit_place": where, "stand_by_order": order,
              "stand_by": put(4, (102, 104, POLICE, 1))}  # fmt: skip
    seen = found(reading(**arrays), "organs stand by on order")
    assert (seen["when"], seen["where"]) == (101, ["centre"])
    assert seen["value"] == {"people_at_most": 1400, "police": 800, "guard": 600, "security": 0, "allied": 0}
    drawn = COURSES["organs stand by on order"](reading(**arrays), seen)[0].lines
    assert drawn["police"].nonzero()[0].tolist() == [*range(100, 110)]
    assert drawn["guard"].nonzero()[0].tolist() == [*range(100, 105)]
    assert next(row for row in by_organ(reading(**arrays)) if row["organ"] == "guard")["by_order"] == 600


def test_live_fire_is_ordered_and_used_or_kills(reading):
    died, fighting = put(4, (130, 131, CENTRE, 7), (150, 151, PORT, 9)), put(4, (130, 131, CENTRE, 2))
    live, used = put(4, (120, 140, CENTRE, 5)), put(4, (125, 132, CENTRE, 1), (145, 155, PORT, 1))
    seen = found(reading(dead=died, dead_fighting=fighting, posture=live, force_used=used), "live fire")
    assert (seen["when"], seen["where"], seen["value"]) == (126, ["port", "centre"], {"dead": 16, "dead_peaceful": 14})
    nobody = found(reading(posture=live, force_used=used), "live fire")
    assert (nobody["when"], nobody["where"], nobody["value"]) == (126, ["centre"], {"dead": 0, "dead_peaceful": 0})
    answer = found(reading(dead=died, posture=live - 1, force_used=used), "live fire")
    assert (answer["when"], answer["where"]) == (131, ["port", "centre"])
    members = found(reading(outsiders_dead=put(4, (99, 100, EDGE, 3))), "live fire")
    assert (members["when"], members["value"]) == (100, {"dead": 3, "dead_peaceful": 0})
    for arrays in ({"posture": live}, {"posture": live - 1, "force_used": used}):
        assert not found(reading(**arrays), "live fire")["observed"]


def test_calm_comes_72_hours_after_a_wave_and_not_before_one(reading):
    assert not found(reading(on_street=put(4, (0, STEPS, MINE, 300))), "calm")["observed"]
    seen = found(reading(on_street=put(4, (50, 100, CENTRE, 600))), "calm")
    assert seen["when"] == 172
    again = put(4, (50, 100, CENTRE, 600), (171, 172, CENTRE, 500))
    assert not found(reading(on_street=again), "calm")["observed"]
