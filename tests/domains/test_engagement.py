"""Street engagement: rates and losses against numbers worked out by hand, and what must hold whatever they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import DUNES, FIELDS, FLARE, HARBOUR, MILLTOWN, ORCHARD, Bench
from domains.street import FLARE_GATE, HARBOUR_HALL, HARBOUR_SQUARE, MILL_SQUARE, spots, street, units
from groundswell.domains.state.engagement import effective_crowd, win_probability

WATCH, CORDON, BATONS, GAS, RUBBER, LIVE = range(6)
PEACEFUL, FIGHTING = range(2)
HARM = ("disperse_hazard", "arrest_hazard", "injury_hazard")
few = settings(max_examples=40, deadline=None)


def close(value: float, rel: float = 2e-5):
    """Six digits are kept in the comments."""
    return pytest.approx(value, rel=rel, abs=1e-12)


# -- the contest ---------------------------------------------------------------------------------------------


def test_contest_success_values():
    # equal effective numbers: 1/2; twice the force at s = 1.5: 2.828427 / 3.828427
    assert win_probability(10.0, 10.0, 1.5) == pytest.approx(0.5)
    assert win_probability(20.0, 10.0, 1.5) == close(0.738796)
    assert win_probability(5.0, 0.0, 1.5) == 1.0
    assert win_probability(0.0, 5.0, 1.5) == 0.0
    assert win_probability(0.0, 0.0, 1.5) == 0.0


def test_effective_numbers_of_a_crowd():
    # 100 peaceful count 10; 15 fight without arms; 5 with arms count 25
    assert effective_crowd(100, 20, 5, 0.1, 5.0) == pytest.approx(50.0)
    assert effective_crowd(100, 3, 5, 0.1, 5.0) == pytest.approx(25.0)  # nobody is armed who does not fight


# -- what the force does to the crowd ------------------------------------------------------------------------


def test_rates_by_posture():
    b = Bench("engagement")
    people = street(b, {HARBOUR: (200, 0), FLARE: (200, 0), DUNES: (49, 0), MILLTOWN: (200, 0)})
    force = spots(b, {HARBOUR_SQUARE: 18, FLARE_GATE: 7.5, DUNES: 3, MILL_SQUARE: 24, ORCHARD: 7.5, FIELDS: 6})
    s = b.step(0, posture=[CORDON, BATONS, BATONS, WATCH, BATONS, WATCH], force=force, **people)
    # Harbour: 18 officers on a cordon: F* = 18, 0.002 * 18 / 200 arrested, nobody dispersed or hurt
    assert s.force_effective[HARBOUR] == close(18.0)
    assert s.arrest_hazard[HARBOUR, PEACEFUL] == close(0.00018)
    assert s.disperse_hazard[HARBOUR].max() == s.injury_hazard[HARBOUR].max() == s.force_used[HARBOUR] == 0
    # Flare, batons: F* = 11.25, C* = 20: 37.7336 / (37.7336 + 89.4427) = 0.296703
    assert s.force_effective[FLARE] == close(11.25)
    assert s.prevail[FLARE_GATE] == s.disperse_hazard[FLARE, PEACEFUL] == close(0.296703)
    assert s.arrest_hazard[FLARE, PEACEFUL] == s.injury_hazard[FLARE, PEACEFUL] == close(0.02 * 7.5 / 200)
    assert (s.force_used[FLARE], s.force_weight[FLARE], s.force_used_at[FLARE_GATE]) == (1.0, 1.5, 1.5)
    # Dunes: 49 people are met with a cordon, whatever is ordered
    assert s.force_effective[DUNES] == close(3.0)
    assert s.force_used[DUNES] == s.injury_hazard[DUNES].max() == 0
    # Milltown is watched: presence of 24 * 0.3, no arrests
    assert s.force_effective[MILLTOWN] == close(7.2)
    assert s.arrest_hazard[MILLTOWN].max() == 0
    # Orchard: an order and nobody there; a cordon is what somebody who came out would meet
    assert s.force_used[ORCHARD] == s.arrest_hazard[ORCHARD].max() == 0
    assert (s.force_effective[ORCHARD], s.crowd_faced[ORCHARD]) == (7.5, 0)
    assert s.crowd_faced.tolist() == [200, 200, 49, 200, 0, 0]
    assert s.prevail[[HARBOUR, FIELDS]].tolist() == [0.0, 1.0]  # no force, and nobody against it


def test_armed_people_are_met_with_live_fire_without_an_order():
    b = Bench("engagement")
    people = street(b, {HARBOUR: (200, 20)}) | {"force": spots(b, {HARBOUR_SQUARE: 18})}
    for armed, posture in ((9, 1.0), (10, 8.0)):
        s = b.step(0, posture=CORDON, armed=spots(b, {HARBOUR_SQUARE: armed}), **people)
        assert s.force_effective[HARBOUR] == close(18 * posture)
    assert s.lethality[HARBOUR].tolist() == [0.25, 0.25]
    s = b.step(0, posture=CORDON, armed=spots(b, {HARBOUR_SQUARE: 10}), **people | {"force": 0.0})
    assert not s.injury_hazard.any()  # nobody there to answer


def test_live_fire_kills_and_nothing_else_does():
    b = Bench("engagement")
    people = street(b, {HARBOUR: (200, 0), FLARE: (200, 0), MILLTOWN: (200, 0)})
    force = spots(b, {HARBOUR_SQUARE: 18, FLARE_GATE: 7.5, MILL_SQUARE: 24})
    s = b.step(0, posture=[LIVE, RUBBER, GAS, GAS, WATCH, WATCH], force=force, **people)
    # Harbour, live fire: F* = 144, C* = 20: 1728 / (1728 + 89.4427) = 0.950787; hit 0.02 * 18 / 200
    assert s.force_effective[HARBOUR] == close(144.0)
    assert s.disperse_hazard[HARBOUR, PEACEFUL] == close(0.950787)
    assert s.injury_hazard[HARBOUR, PEACEFUL] == close(0.0018)
    assert s.arrest_hazard[HARBOUR].max() == 0.0  # it keeps its distance
    # Flare, rubber bullets: F* = 18.75, hit 0.03 * 7.5 / 200; Milltown, gas: hit 0.01 * 24 / 200
    assert s.force_effective[FLARE] == close(18.75)
    assert s.injury_hazard[FLARE, PEACEFUL] == close(0.001125)
    assert s.injury_hazard[MILLTOWN, PEACEFUL] == close(0.0012)
    assert s.lethality[:, PEACEFUL].tolist() == [0.25, 0, 0, 0, 0, 0]
    assert s.fired_on.tolist() == [1, 1, 0, 0, 0, 0]


def test_those_who_fight_weigh_more_and_are_aimed_at():
    b = Bench("engagement")
    people = street(b, {HARBOUR: (100, 20)})
    force = spots(b, {HARBOUR_SQUARE: 18})
    armed = spots(b, {HARBOUR_SQUARE: 5})
    s = b.step(0, posture=BATONS, force=force, armed=armed, **people)
    # F* = 27, C* = 50: 140.2961 / (140.2961 + 353.5534) = 0.284087 for either side
    assert s.disperse_hazard[HARBOUR].tolist() == [close(0.284087)] * 2
    assert s.injury_hazard[HARBOUR].tolist() == [close(0.02 * 18 / 120)] * 2  # batons pick out nobody
    s = b.step(1, posture=RUBBER, force=force, armed=armed, **people)
    # 0.03 * 18 hits are shared out over 100 + 3 * 20 = 160: 0.003375, and three times that
    assert s.injury_hazard[HARBOUR].tolist() == [close(0.003375), close(0.010125)]
    assert s.injury_hazard[HARBOUR] @ [100, 20] == close(0.54)
    assert s.arrest_hazard[HARBOUR].tolist() == [close(0.02 * 18 / 120)] * 2
    c = Bench("engagement", settings={"engagement.arrest_exposure": 0.5})
    s = c.step(0, posture=BATONS, force=force, **people)
    # 0.02 * 18 over 100 + 0.5 * 20 = 110
    assert s.arrest_hazard[HARBOUR].tolist() == [close(0.36 / 110), close(0.18 / 110)]


def test_a_few_who_fight_are_not_met_with_a_cordon():
    b = Bench("engagement")
    force = spots(b, {HARBOUR_SQUARE: 18})
    assert b.step(0, posture=BATONS, force=force, **street(b, {HARBOUR: (48, 1)})).force_used[HARBOUR] == 1
    assert b.step(1, posture=BATONS, force=force, **street(b, {HARBOUR: (49, 0)})).force_used[HARBOUR] == 0


def test_an_order_to_shoot_is_used_where_people_fight():
    b = Bench("engagement")
    people = street(b, {HARBOUR: (100, 20), FLARE: (100, 0)})
    force = spots(b, {HARBOUR_SQUARE: 18, FLARE_GATE: 8})
    s = b.step(0, posture=CORDON, shoot=1, force=force, **people)
    assert (s.lethality[HARBOUR] == 0.25).all()
    assert s.injury_hazard[HARBOUR].tolist() == [close(0.36 / 160), close(1.08 / 160)]
    assert (s.lethality[FLARE] == 0).all()
    assert s.force_used[FLARE] == 0


def test_rates_go_to_the_places_whose_side_stands_at_the_spot():
    """People of Dunes fight at Harbour's hall; Harbour's own stand peacefully on its square; Flare's are on the way."""
    b = Bench("engagement")
    here = {(DUNES, FIGHTING): HARBOUR_HALL, (HARBOUR, FIGHTING): HARBOUR_HALL}
    way = [(FLARE, PEACEFUL), (FLARE, FIGHTING)]
    people = street(b, {HARBOUR: (100, 10), DUNES: (0, 30), FLARE: (500, 60)}, at=here, way=way)
    force = spots(b, {HARBOUR_HALL: 20, FLARE_GATE: 10})
    s = b.step(0, posture=BATONS, force=force, **people)
    # at the hall F* = 30, C* = 40: 164.3168 / (164.3168 + 252.9822) = 0.393763
    assert s.disperse_hazard[[HARBOUR, DUNES], FIGHTING].tolist() == [close(0.393763)] * 2
    assert s.disperse_rate_at[HARBOUR_HALL] == close(0.393763)
    assert s.hit_rate_at[HARBOUR_HALL] == s.arrest_rate_at[HARBOUR_HALL] == close(0.02 * 20 / 40)
    assert s.disperse_hazard[HARBOUR, PEACEFUL] == 0  # no force on the square
    assert s.force_effective[HARBOUR] == 0
    assert s.force_used[[HARBOUR, DUNES]].tolist() == [1, 1]
    assert s.force_weight[[HARBOUR, DUNES]].tolist() == [0, 0]  # nothing was done to the peaceful
    for name in (*HARM, "force_effective", "crowd_faced", "force_used"):
        assert (getattr(s, name)[FLARE] == 0).all(), name  # on the way they meet nobody


def test_outsiders_fight_without_any_of_the_population():
    b = Bench("engagement")
    s = b.step(0, posture=RUBBER, force=spots(b, {MILL_SQUARE: 24}), outsiders=spots(b, {MILL_SQUARE: 30}))
    # F* = 60, C* = 30: 464.7580 / (464.7580 + 164.3168) = 0.738796; hit 0.03 * 24 / 30, all on those who fight
    assert s.disperse_rate_at[MILL_SQUARE] == s.prevail[MILL_SQUARE] == close(0.738796)
    assert s.hit_rate_at[MILL_SQUARE] == close(0.024)
    assert s.arrest_rate_at[MILL_SQUARE] == close(0.016)
    for name in (*HARM, "force_used"):
        assert (getattr(s, name) == 0).all()


def test_never_more_harm_than_half_the_crowd_in_an_hour():
    b = Bench("engagement", settings={"engagement.arrests_batons": 50.0, "engagement.injuries_batons": 50.0})
    people = street(b, dict.fromkeys(range(6), (40, 20)))
    s = b.step(0, posture=BATONS, force=spots(b, {int(spot): 20 for spot in b.w.home_spot}), **people)
    assert (s.arrest_hazard == 0.5).all()
    assert (s.injury_hazard == 0.5).all()


numbers = st.lists(st.integers(0, 2000), min_size=6, max_size=6)
postures = st.lists(st.integers(0, 5), min_size=6, max_size=6)


@few
@given(numbers, numbers, postures, numbers, st.integers(0, 1))
def test_a_force_that_stands_by_causes_no_harm(peaceful, fighting, posture, standing_by, shoot):
    b = Bench("engagement")
    people = street(b, {p: (peaceful[p], fighting[p]) for p in range(6)})
    passive = spots(b, dict(zip(map(int, b.w.home_spot), standing_by, strict=True)))
    s = b.step(0, posture=posture, shoot=shoot, force_passive=passive, armed=people["crowd"][:, 1], **people)
    for name in (*HARM, "force_used", "force_effective", "prevail", "force_used_at", "hit_rate_at", "unit_injured"):
        assert (getattr(s, name) == 0).all(), name
    assert s.unit_dead.sum() == s.unit_disarmed.sum() == 0  # nor is anything done to it


@few
@given(numbers, numbers, postures, numbers)
def test_hazards_of_harm_are_hazards_and_rise_with_force(peaceful, fighting, posture, force):
    people, before = None, None
    for more in (1, 2):
        b = Bench("engagement")
        people = street(b, {p: (peaceful[p], fighting[p]) for p in range(6)})
        there = spots(b, {int(spot): more * n for spot, n in zip(b.w.home_spot, force, strict=True)})
        s = b.step(0, posture=posture, force=there, **people)
        harm = [getattr(s, name).copy() for name in (*HARM, "prevail", "force_effective")]
        for values in harm:
            assert np.isfinite(values).all()
            assert (values >= 0).all()
        assert (s.arrest_hazard <= 0.5).all()
        assert (s.injury_hazard <= 0.5).all()
        nobody = people["on_street"] == 0
        for values in harm[:3]:
            assert (values[nobody] == 0).all()
        if before:
            assert all((b >= a - 1e-12).all() for a, b in zip(before, harm, strict=True))
        before = harm


# -- what the crowd does to the force ------------------------------------------------------------------------


def beaten(fighting: int, armed: int = 0, **values):
    """The force of Harbour against a crowd that fights on its square."""
    b = Bench("engagement", settings=values.pop("settings", {}), seed=values.pop("seed", 1))
    people = street(b, {HARBOUR: (0, fighting)})
    on_duty = units(b, {"police-harbour": 40, "guard-harbour": 20})
    start = {
        "posture": BATONS, "force": spots(b, {HARBOUR_SQUARE: 60}), "armed": spots(b, {HARBOUR_SQUARE: armed}),
        "unit_on_duty": on_duty, "unit_place": b.w.units.place, "unit_arms": 1000,
    }  # fmt: skip
    return b, start | people | values


def test_losses_of_the_force_in_the_mean():
    """100 who fight, 50 of them armed: 0.5 injured, 1 disarmed, 0.1 dead an hour, by units as 40 to 20."""
    b, values = beaten(100, 50)
    hours, total = 4000, {"unit_injured": 0, "unit_disarmed": 0, "unit_dead": 0, "unit_arms_lost": 0}
    b.set(values)
    for hour in range(hours):
        b.set({"unit_vehicles_lost": 0})
        s = b.step(hour)
        for name in total:
            total[name] = total[name] + getattr(s, name)
        assert s.security_injured[HARBOUR] == s.unit_injured.sum()
        assert s.arms_lost[HARBOUR] == s.unit_arms_lost.sum() <= s.unit_dead.sum() + s.unit_disarmed.sum()
    police, guard = (b.w.units.id.index(u) for u in ("police-harbour", "guard-harbour"))
    for name, rate in (("unit_injured", 0.5), ("unit_disarmed", 1.0), ("unit_dead", 0.1)):
        n = total[name]
        assert n.sum() == pytest.approx(rate * hours, abs=5 * np.sqrt(rate * hours) + 0.02 * rate * hours), name
        assert n.sum() == n[police] + n[guard]
        share = n[police] / n.sum()
        assert share == pytest.approx(2 / 3, abs=5 * np.sqrt(2 / 9 / n.sum())), name
    # firearms of the dead and disarmed: 0.3 of the police, 0.5 of the guard
    out = total["unit_dead"] + total["unit_disarmed"]
    expected = 0.3 * out[police] + 0.5 * out[guard]
    assert total["unit_arms_lost"].sum() == pytest.approx(expected, abs=5 * np.sqrt(expected))


def test_no_more_harm_than_people_and_arms_present():
    rates = {f"engagement.force_{k}": 50.0 for k in ("injuries", "disarmed", "killed")}
    b, values = beaten(500, 500, settings=rates, unit_arms=3)
    s = b.step(0, **values)
    harmed = s.unit_dead + s.unit_injured + s.unit_disarmed
    assert harmed.sum() == 60  # everybody, at such rates
    assert (harmed <= values["unit_on_duty"]).all()
    assert (s.unit_arms_lost <= 3).all()
    assert s.vehicles_lost[HARBOUR] == s.unit_vehicles_lost.sum()
    for hour in range(1, 5):
        s = b.step(hour)
    assert (s.unit_vehicles_lost <= b.w.units.vehicles).all()


@few
@given(numbers, numbers, st.integers(0, 2**40), st.floats(0, 5))
def test_harm_never_exceeds_people_anywhere(fighting, force, seed, rate):
    """In every town at once: units lose what fell at the spots of their town, and never more than they have."""
    rates = {f"engagement.force_{k}": rate for k in ("injuries", "disarmed", "killed")}
    b = Bench("engagement", settings=rates, seed=seed)
    on_duty = np.minimum(force + [0] * 5, b.w.units.people)
    there = spots(b, dict(zip(map(int, b.w.home_spot), on_duty[:6], strict=True)))
    people = street(b, {p: (0, n) for p, n in enumerate(fighting)})
    s = b.step(0, force=there, armed=people["crowd"][:, 1] // 2, unit_on_duty=on_duty, unit_arms=b.w.units.people,
               unit_place=b.w.units.place, **people)  # fmt: skip
    harmed = s.unit_dead + s.unit_injured + s.unit_disarmed
    assert (harmed <= on_duty).all()
    for of_unit, of_place in (
        (s.unit_dead, s.security_dead), (s.unit_injured, s.security_injured), (s.unit_disarmed, s.security_disarmed)
    ):  # fmt: skip
        np.testing.assert_array_equal(np.bincount(b.w.units.place, of_unit, 6), of_place)
    assert (s.unit_arms_lost <= s.unit_dead + s.unit_disarmed).all()
    assert s.arms_lost.sum() == s.unit_arms_lost.sum()
    assert s.vehicles_lost.sum() == s.unit_vehicles_lost.sum()
    np.testing.assert_array_equal(np.bincount(b.w.units.place, s.unit_arms_lost, 6), s.arms_lost)  # no column is away


def test_nobody_who_fights_nobody_harmed():
    b, values = beaten(0)
    s = b.step(0, **(values | street(b, {HARBOUR: (5000, 0)})))
    assert s.unit_injured.sum() == s.unit_disarmed.sum() == s.unit_dead.sum() == s.arms_lost.sum() == 0


def test_arms_fall_to_the_places_whose_people_fight_there():
    rates = {"engagement.force_disarmed": 50.0, "engagement.force_injuries": 0.0, "engagement.force_killed": 0.0}
    b, values = beaten(0, settings=rates)
    here = {(DUNES, FIGHTING): HARBOUR_SQUARE}
    s = b.step(0, **(values | street(b, {HARBOUR: (0, 25), DUNES: (0, 75)}, at=here)))
    assert s.security_disarmed[HARBOUR] == 60  # where it happened
    total = s.unit_arms_lost.sum()
    assert total > 10
    assert s.arms_lost[[HARBOUR, DUNES]] == pytest.approx([total / 4, total * 3 / 4], abs=1)
    assert s.arms_lost.sum() == total
    s = b.step(1, **street(b, {}), outsiders=spots(b, {HARBOUR_SQUARE: 100}))  # outsiders alone
    assert s.arms_lost[HARBOUR] == s.unit_arms_lost.sum() > 0


def test_those_present_when_a_site_is_lost_are_disarmed_there():
    """Also those who stand by; in the hour after the loss, and only then."""
    share = {"engagement.disarmed_at_loss": 1.0}
    b = Bench("engagement", settings=share)
    on_duty, passive = units(b, {"police-harbour": 40}), units(b, {"guard-harbour": 20})
    there = {"unit_on_duty": on_duty, "unit_passive": passive, "unit_place": b.w.units.place, "unit_arms": 1000}
    stood = {"force": spots(b, {HARBOUR_HALL: 30}), "force_passive": spots(b, {HARBOUR_HALL: 12})}
    s = b.step(0, **there, **stood)
    assert s.unit_disarmed.sum() == 0
    lost = {"site_held": 1 - spots(b, {HARBOUR_HALL: 1}), "lost_hour": np.where(spots(b, {HARBOUR_HALL: 1}), 0, np.nan)}
    s = b.step(1, force=0.0, force_passive=0.0, **lost)  # they have withdrawn since
    assert s.unit_disarmed[on_duty > 0].tolist() == [30]
    assert s.unit_disarmed[passive > 0].tolist() == [12]
    assert s.security_disarmed[HARBOUR] == 42
    assert s.unit_dead.sum() == s.unit_injured.sum() == 0
    assert 0 < s.unit_arms_lost.sum() == s.arms_lost[HARBOUR] < 42
    assert b.step(2).unit_disarmed.sum() == 0
    c, drawn = Bench("engagement"), []  # 0.35 of 30 and of 12 in the mean
    c.set(there | lost)
    for step in range(300):
        stood = {"force_stood": spots(c, {HARBOUR_HALL: 30}), "passive_stood": spots(c, {HARBOUR_HALL: 12})}
        lost["lost_hour"] = np.where(spots(c, {HARBOUR_HALL: 1}), step - 1, np.nan)
        drawn.append(c.step(step, **lost, **stood).unit_disarmed.sum())
    assert np.mean(drawn) == pytest.approx(0.35 * 42, abs=4 * np.sqrt(42 * 0.35 * 0.65 / 300))


def test_what_happened_is_counted_where_people_stood():
    b = Bench("engagement")
    at_hall = {(HARBOUR, FIGHTING): HARBOUR_HALL, (DUNES, FIGHTING): HARBOUR_HALL}
    b.step(0, **street(b, {HARBOUR: (100, 50), DUNES: (0, 50), FLARE: (80, 0)}, at=at_hall, way=[(FLARE, 0)]))
    flows = {"dispersed": [30, 8, 5, 0, 0, 0], "dispersed_fighting": [10, 0, 5, 0, 0, 0]}
    flows |= {"dead": [3, 0, 1, 0, 0, 0], "dead_fighting": [2, 0, 1, 0, 0, 0], "arrested": [1, 0, 0, 0, 0, 0]}
    s = b.step(1, **flows, **street(b, {HARBOUR: (80, 40), DUNES: (0, 45)}))  # since then they went home
    assert (s.site_dispersed[HARBOUR_SQUARE], s.site_dispersed[HARBOUR_HALL]) == (20, 15)
    assert (s.site_dead[HARBOUR_SQUARE], s.site_dead[HARBOUR_HALL]) == (1, 3)
    assert s.site_arrested[HARBOUR_SQUARE] == s.site_arrested.sum() == 1
    assert s.site_dispersed.sum() == 35  # Flare was on the way
    assert s.site_injured.sum() == 0
    none = dict.fromkeys(flows, 0)
    assert b.step(2, **none).site_dispersed.sum() == 0
