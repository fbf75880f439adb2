"""Consent to the use of force: labels, disorder and harm by hand, no sign built in, and nothing moved unasked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groundswell as gs
from domains.harness import FLARE, HARBOUR, MILLTOWN, Bench, at, case_with, crowd, pinned, tiny
from domains.test_deployment import people
from domains.test_forces import ARMY, NORTH, POLICE_HARBOUR
from groundswell.domains import all_mechanisms
from groundswell.engine.schedule import order
from groundswell.explain import explain, in_words
from groundswell.observe.outcomes import Asked
from groundswell.observe.reading import Reading
from groundswell.play.change import Change
from groundswell.play.plan import Plan
from groundswell.play.run import play, prepare
from groundswell.world.world import build

VALUES = {
    "level": 0.0, "credibility": 0.5, "offence": 0.5, "by_label": 1.0, "ties": 50.0, "exposed": 0.5,
    "half_life_h": 1e12, "by_disorder": 0.25, "by_harm": 0.25, "fire_shops": 10.0, "reach_km": 200.0,
    "unlikeness": 0.0, "memory_h": 1e12,
}  # fmt: skip
SPEECH = {"orders_changed": 1.0, "blame": 1.0}
SILENCE = {"orders_changed": 0.0, "blame": 0.0}
RESTLESS = {"joining.theta": 8.0, "leaving.hold_h": 24.0, "engagement.arrests_cordon": 0.05, "fighting.own": 0.05}
WILLING = {"loyalty.consent": 2.0, "backlash.consent": 2.0}


def bench(start=None, **values: float) -> Bench:
    return Bench("consent", settings={f"consent.{k}": v for k, v in (VALUES | values).items()}, start=start)


def close(value: float):
    return pytest.approx(value, rel=2e-5)


# -- labels ----------------------------------------------------------------------------------------------------


def test_a_speech_divides_those_who_hear_it():
    s = bench().step(0, trust_mean=at(HARBOUR, 0.6, elsewhere=0.4), **SPEECH)
    # Harbour: 0.6 believe, half of them take the label up; half of the other 0.4 are offended
    assert s.label_taken[HARBOUR] == close(0.3)
    assert s.label_offends[HARBOUR] == close(0.2)
    # 0.3 * phi(1) + 0.2 * phi(-1) + 0.5 / 2, phi(1) = 0.731059
    assert s.consent[HARBOUR] == close(0.523106)
    assert s.consent_shift[HARBOUR] == close(0.023106)
    assert s.consent[MILLTOWN] == close(1 - 0.523106)


def test_a_second_speech_reaches_only_the_undecided():
    b = bench()
    b.step(0, trust_mean=0.6, **SPEECH)
    s = b.step(1)
    assert s.label_taken == close(0.3 + 0.3 * 0.5)
    assert s.label_offends == close(0.2 + 0.2 * 0.5)


def test_a_speech_of_the_hour_before_is_over():
    b = bench()
    b.step(0, trust_mean=0.6, **SPEECH)
    s = b.step(1, orders_changed=0.0)  # `measures` leaves blame at 1 until an order begins or ends
    assert s.label_taken == close(0.3)


def test_who_knows_somebody_who_was_out_does_not_believe():
    b = bench()
    b.step(0, on_street=crowd(harbour=300), **SILENCE)
    s = b.step(1, on_street=0, trust_mean=0.6, **SPEECH)  # they are home again; that they were out is known
    # Harbour has 8460 adults: 0.6 * exp(-50 * 300 / 8460) = 0.6 * 0.169815 = 0.101889
    assert s.most_out[HARBOUR] == close(300 / 8460)
    assert s.label_taken[HARBOUR] == close(0.0509443)
    assert s.label_offends[HARBOUR] == close(0.4490557)
    assert s.label_taken[FLARE] == close(0.3)


def test_a_falsehood_exposed_costs_a_label_once():
    b = bench()
    b.step(0, trust_mean=0.6, **SPEECH)
    s = b.step(1, blame=0.0, falsehood=1.0)
    assert s.label_taken == close(0.15)
    assert s.label_offends == close(0.2)
    s = b.step(2)
    assert s.label_taken == close(0.15)
    s = b.step(3, falsehood=3.0)
    assert s.label_taken == close(0.15 / 4)


def test_labels_fade():
    b = bench(half_life_h=10.0)
    b.step(0, trust_mean=0.6, **SPEECH)
    for hour in range(1, 11):
        s = b.step(hour, **SILENCE)
    assert s.label_taken == close(0.15)
    assert s.label_offends == close(0.1)
    assert s.consent == close(0.15 * 0.731059 + 0.1 * 0.268941 + 0.375)


@pytest.mark.parametrize(
    ("trust", "credibility", "offence", "sign"),
    [(0.5, 0.5, 0.5, 0), (0.7, 0.5, 0.5, 1), (0.3, 0.5, 0.5, -1), (0.5, 1.0, 0.0, 1), (0.5, 0.0, 1.0, -1)],
)
def test_a_label_may_win_or_lose_consent(trust, credibility, offence, sign):
    s = bench(credibility=credibility, offence=offence).step(0, trust_mean=trust, **SPEECH)
    moved = s.consent_shift
    assert (np.abs(moved) < 1e-15).all() if sign == 0 else (np.sign(moved) == sign).all()


def test_without_a_weight_words_move_nothing():
    s = bench(by_label=0.0).step(0, trust_mean=0.9, **SPEECH)
    assert s.label_taken.all()
    np.testing.assert_allclose(s.consent, 0.5, rtol=1e-15)


# -- disorder and harm -----------------------------------------------------------------------------------------


def test_disorder_and_harm_in_log_odds():
    b = bench(level=0.4)
    s = b.step(0, disorder_seen=at(HARBOUR, 15.0), backlash=at(MILLTOWN, 3.0))
    assert s.consent[HARBOUR] == close(1 / (1 + np.exp(-0.4 - 0.25 * np.log(16))))
    assert s.consent[MILLTOWN] == close(1 / (1 + np.exp(-0.4 + 0.25 * np.log(4))))
    assert s.consent[FLARE] == 1 / (1 + np.exp(-0.4))
    assert s.consent_shift[FLARE] == 0.0


def test_disorder_is_heard_of_near_and_far_per_100_000():
    w = tiny()
    seen = bench().step(0, looted=at(HARBOUR, 4), burnt=at(HARBOUR, 2)).disorder_seen
    weight = (1 + w.distance_km / 200) ** -2
    # 4 shops and 2 offices of 10 shops each: 24 shops, of those of whom people hear
    expected = 24 * 1e5 * weight[:, HARBOUR] / (weight @ w.people)
    assert seen == close(expected)
    assert seen[HARBOUR] == seen.max()
    assert seen.min() > 0
    everywhere = bench(reach_km=1e12).step(0, looted=at(HARBOUR, 24)).disorder_seen
    assert everywhere == close(24 / 60_000 * 1e5)  # where all hear of all: of 60,000 people


def test_disorder_fades_and_unlike_places_hear_less():
    b = bench(memory_h=5.0)
    first = b.step(0, looted=at(HARBOUR, 4)).disorder_seen.copy()
    for hour in range(1, 6):
        s = b.step(hour, looted=0)
    assert s.disorder_seen == close(first / 2)
    apart = bench(unlikeness=2.0).step(0, looted=at(HARBOUR, 4)).disorder_seen
    assert apart[HARBOUR] == close(first[HARBOUR])
    assert (apart <= first * (1 + 1e-12)).all()
    assert apart[MILLTOWN] < first[MILLTOWN]


def test_either_sign_of_disorder_and_harm():
    values = {"disorder_seen": 10.0, "backlash": 0.0}
    assert (bench(by_disorder=-0.2).step(0, **values).consent < 0.5).all()
    assert (bench(by_harm=-0.2).step(0, disorder_seen=0.0, backlash=10.0).consent > 0.5).all()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1), st.integers(0, 1), st.floats(0, 1), st.integers(0, 8000), st.floats(0, 500),
            st.floats(0, 500), st.integers(0, 1),
        ),
        min_size=1, max_size=20,
    ),
    st.floats(0, 1), st.floats(0, 1), st.floats(-4, 4), st.floats(0, 3),
)  # fmt: skip
def test_consent_stays_a_share_and_a_believed_label_never_lowers_it(hours, credibility, offence, level, weight):
    low = bench(credibility=0.0, offence=offence, level=level, by_label=weight, half_life_h=20.0)
    high = bench(credibility=credibility, offence=offence, level=level, by_label=weight, half_life_h=20.0)
    lies = 0
    for hour, (changed, blame, trust, out, shops, harm, lie) in enumerate(hours):
        lies += lie * changed
        values = {
            "orders_changed": changed, "blame": blame, "trust_mean": trust, "on_street": at(HARBOUR, out),
            "looted": at(MILLTOWN, shops), "backlash": harm, "falsehood": lies,
        }  # fmt: skip
        a, b = low.step(hour, **values), high.step(hour, **values)
        for s in (a, b):
            assert ((s.consent >= 0) & (s.consent <= 1)).all()
            assert ((s.label_taken >= 0) & (s.label_offends >= 0)).all()
            assert (s.label_taken + s.label_offends <= 1 + 1e-12).all()
        assert (b.consent >= a.consent - 1e-12).all()


# -- what consent does, if asked -------------------------------------------------------------------------------


def test_units_obey_more_where_those_they_come_from_consent():
    facing = {"crowd": people(harbour_square=(500, 0), milltown_square=(500, 0)), "consent_shift": at(HARBOUR, 0.2)}

    def loyalty(weight, **values):
        return Bench("loyalty", "forces", settings={"loyalty.consent": weight}).step(0, **(facing | values)).loyalty

    gained = loyalty(1.5) - loyalty(0.0)
    coast, country = 0.2 * 8460 / 16920, 0.2 * 8460 / 42304  # of adults: Harbour is half of the coast
    assert gained[POLICE_HARBOUR] == close(1.5 * (0.9 * coast + 0.1 * country))
    assert gained[ARMY] == close(1.5 * 0.9 * country)  # of the valley, where nothing moved
    assert gained[NORTH] == 0.0  # allied
    assert not (loyalty(1.5, consent_shift=0.0) - loyalty(0.0)).any()


def test_a_unit_keeps_where_it_comes_from_when_it_moves():
    def term(place):
        b = Bench("loyalty", "forces", settings={"loyalty.consent": 1.0})
        b.step(0, crowd=people(harbour_square=(500, 0)), consent_shift=at(HARBOUR, 0.2), unit_place=place)
        return b.mechanisms[0].terms()["consent"][POLICE_HARBOUR]

    assert term(HARBOUR) == term(MILLTOWN) != 0.0


def test_harm_angers_less_where_force_is_consented_to():
    def urge(weight):
        b = Bench("backlash", settings={"backlash.consent": weight})
        return b, b.step(0, backlash=10.0, consent_shift=at(HARBOUR, 0.2)).urge

    b, plain = urge(0.0)
    _, less = urge(1.5)
    harbour, milltown = b.group(HARBOUR, "trade"), b.group(MILLTOWN, "trade")
    assert plain[harbour] > 0
    assert less[harbour] == close(plain[harbour] * np.exp(-0.3))
    assert less[milltown] == plain[milltown]


def test_the_term_is_told_only_where_it_is_not_zero():
    def told(weight):
        simulation, recorder, _ = prepare(Plan("tiny", seed=7, change=Change(set={"loyalty.consent": weight})))
        play(simulation, recorder, 40)
        simulation.state.consent_shift[:] = 0.2
        e = explain(simulation, "harbour")
        terms = [u["loyalty_terms"] for u in e["force"]["units"]]
        return [t.get("consent") for t in terms if t], in_words(e, {})

    shares, words = told(1.0)
    assert shares and all(x == close(0.2) for x in shares)
    assert "consent of the people at home +0.20" in words
    shares, words = told(0.0)
    assert shares and all(x is None for x in shares)
    assert "consent of the people" not in words


# -- nothing moves unasked -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """The tiny case with a speech of blame and an exposed falsehood."""

    def words(rows):
        row = {**rows[0], "scope": "*", "value": "", "unit": ""}
        blame = {**row, "measure": "blame", "kind": "blame_speech"}
        lie = {**row, "measure": "lie", "kind": "false_confession"}
        return [
            *rows, {**blame, "start_local": "2030-03-03T12:00", "end_local": "2030-03-03T13:00"},
            {**lie, "start_local": "2030-03-05T12:00", "end_local": "2030-03-05T13:00"},
        ]  # fmt: skip

    return build(case_with(tmp_path_factory.mktemp("c") / "case", {"measures.csv": words}))


def hourly(world, off=(), seed=2, **changes):
    run = gs.run(world.case, world=world, seed=seed, set=pinned() | RESTLESS | changes, off=off)
    return run.recorder.hourly


def differing(a, b):
    return {k for k in a if not np.array_equal(a[k], b[k], equal_nan=True)}


def test_at_its_defaults_it_equals_the_same_run_without_it(labelled):
    on, off = hourly(labelled), hourly(labelled, off=["consent"])
    assert on["on_street"].any() and on["fighting"].any()
    assert np.ptp(on["consent"]) > 0.01
    assert (off["consent"] == 0.5).all()
    assert differing(on, off) == {"consent"}


def test_with_its_strengths_set_it_moves_a_run_and_off_it_does_not(labelled):
    plain = hourly(labelled, seed=3)  # one in which people are harmed or units refuse, so that consent has a say
    assert differing(plain, hourly(labelled, off=["consent"], seed=3, **WILLING)) == {"consent"}
    strong = {"consent.by_disorder": 1.0, "consent.credibility": 1.0, "consent.offence": 0.0, "consent.by_label": 2.0}
    assert "on_street" in differing(plain, hourly(labelled, seed=3, **WILLING, **strong))


def test_the_others_keep_their_order():
    everything = list(all_mechanisms().values())
    others = [m for m in everything if m.name != "consent"]
    assert [m for m in order(everything, everything) if m.name != "consent"] == order(others, everything)


def test_the_outcome_is_the_mean_over_window_and_adults():
    simulation, recorder, _ = prepare(Plan("tiny"))
    w = simulation.world
    values = np.full((10, 6), 0.5)
    values[4:8, HARBOUR] = 0.9
    reading = Reading(w, simulation.clock, {"consent": values}, 10)
    assert Asked("consent").value(reading) == close((8460 * (0.5 * 6 + 0.9 * 4) / 10 + (42304 - 8460) * 0.5) / 42304)
    assert Asked("consent", scope=("harbour",)).value(reading) == close(0.66)
    assert Asked("consent", scope=("valley",)).value(reading) == close(0.5)
    assert Asked("consent").value(Reading(w, simulation.clock, {}, 10)) == close(0.5)
