"""Factions: beliefs, choices, orders that take time, posts that pass, the presidency; worked out by hand."""

from __future__ import annotations

import timeit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

import groundswell as gs
from domains.harness import HARBOUR, MILLTOWN, Bench, at, case_with, changed, tiny
from groundswell.domains.state.factions import FACTION_CHOICE, MOVE, SUPPORT, WAIT, belief_of, chances, utilities
from groundswell.engine.random import uniforms
from groundswell.world.world import build

# Of the tiny case: faction 0 is the governor's (president), 1 the founder's (patron). Offices: presidency, council,
# service (security), interior (police), interior-guard (guard), defence (army). Milltown is the capital.
GOVERNOR, FOUNDER = range(2)
PRESIDENCY, COUNCIL, SERVICE, INTERIOR, GUARD, DEFENCE = range(6)
ARMY_VALLEY, SERVICE_HARBOUR = 7, 8
HALL = 12  # spot of the administration of Milltown
CERTAIN = {"noise": 0.0, "kappa": 1e-3}
BUSY = 4  # what a machine that does other work too may take beyond the limits


def bench(world=None, start=None, **given_parameters) -> Bench:
    named = {f"factions.{k}": v for k, v in given_parameters.items()}
    return Bench("factions", world=world, start=start, settings=named)


def close(value: float):
    return pytest.approx(value, rel=1e-5)


# -- pure functions ------------------------------------------------------------------------------------------------


def test_belief_moves_by_log_odds():
    # odds 9 and 4; a signal of -ln 9 makes the first even; of -ln 4 the second
    assert belief_of(np.array([0.9, 0.8]), np.array([-np.log(9), -np.log(4)])) == close(0.5)
    assert belief_of(np.array([0.0, 1.0]), np.array([1000.0, -1000.0])).tolist() == [0.0, 1.0]


def test_worth_of_the_three_choices():
    # X 0.3, Y 0.9, M 0.6, W 0.1. At 0.8: 0.8 - 0.06, -0.08, 0.12 - 0.72; with half its posts: 0.4 - 0.06
    one = utilities(np.array([0.8, 0.8]), np.array([1.0, 0.5]), 0.3, 0.9, 0.6, 0.1)
    assert one[0] == close([0.74, -0.08, -0.6])
    assert one[1] == close([0.34, -0.08, -0.6])
    # exp(-0.82 / 0.2) = 0.0165727, exp(-1.34 / 0.2) = 0.00123091
    assert chances(one[:1], 0.2)[0] == close(np.array([1, 0.0165727, 0.00123091]) / 1.0178036)
    assert chances(np.array([1.0, -np.inf, 1.0]), 0.2).tolist() == [0.5, 0.0, 0.5]


# -- beliefs -------------------------------------------------------------------------------------------------------


def test_beliefs_by_signal():
    b = bench(noise=0.0)
    assert b.step(0).belief == close([0.9, 0.8])

    def logit(**values) -> np.ndarray:
        belief = bench(noise=0.0).step(0, **values).belief
        return np.log(belief / (1 - belief)) - np.log([9, 4])

    people = round(np.e * 1e-3 * b.w.adults.sum())
    assert logit(on_street=at(HARBOUR, people)) == close(-0.4 * np.log1p(people / b.w.adults.sum() / 1e-4))
    assert logit(sites_lost=[1, 0, 0, 2, 0, 0]) == close(-0.4 * np.log(4))
    assert logit(power_signal=0.8) == close(0.4)
    assert logit(allied_share=0.5) == close(0.5)
    # army-valley: 120 of 395 people of the state's own
    refusal = np.zeros(11)
    refusal[ARMY_VALLEY] = 1
    assert logit(refusal=refusal) == close(-2 * 120 / 395)
    held = np.ones(b.w.spot_count)
    held[HALL - 1] = 0  # another site, not an administration of the capital
    assert logit(site_held=held) == close(0)
    held[HALL] = 0
    assert logit(site_held=held) == close(-2)
    fired = {"force_used": at(HARBOUR, 1.0), "lethality": np.repeat(at(HARBOUR, 0.2)[:, None], 2, axis=1)}
    assert logit(**fired) == close(0.3)
    b.step(0, **fired)
    belief = b.step(6, force_used=0.0, lethality=0.0).belief  # only the steps that are played count: one hour later
    assert np.log(belief / (1 - belief)) - np.log([9, 4]) == close(0.3 * 2 ** (-1 / 24))
    assert bench(noise=0.0, removal_by_choice=0).step(0, patron_out=1.0).belief == close(
        belief_of(np.array([0.9, 0.8]), 0.3)
    )


def test_signals_come_back_and_private_noise_does_not_add_up():
    b = bench(noise=0.0)
    b.step(0, power_signal=-3.0)
    assert b.step(6, power_signal=0.0).belief == close([0.9, 0.8])
    noisy = bench(noise=0.5)
    seen = np.array([noisy.step(6 * i).belief.copy() for i in range(400)])
    away = np.log(seen / (1 - seen)) - np.log([9, 4])
    assert np.abs(away.mean()) < 0.06
    assert away.std() == pytest.approx(0.5, rel=0.1)
    assert away[-100:].std() == pytest.approx(0.5, rel=0.2)
    assert abs(np.corrcoef(away.T)[0, 1]) < 0.15  # private


# -- choices -------------------------------------------------------------------------------------------------------


def test_choices_are_quantal_responses():
    """4,000 choices of the founder at a belief of one half: 0.35, -0.05, -0.15, over 0.2."""
    b = bench(noise=0.0, mood_h=6.0, c_word=1.0)
    even = {"power_signal": -np.log(4)}
    count = np.bincount([int(b.step(6 * i, **even, presidency=0).stance[FOUNDER]) for i in range(4000)], minlength=3)
    weight = np.array([1, np.exp(-2), np.exp(-2.5)])
    assert chisquare(count, 4000 * weight / weight.sum()).pvalue > 0.001


def test_a_faction_without_a_bid_supports_or_waits(tmp_path):
    def third(rows):
        blank = {"faction": "clerks", "stake_support": "0.5", "stake_move": "", "move_prize": ""}
        return [*rows, rows[0] | blank | {"belief": "0.5", "wait_cost": "0.15"}]

    w = build(case_with(tmp_path / "c", {"factions.csv": third}))
    b = bench(w, noise=0.0, mood_h=6.0, kappa=0.3)
    count = np.bincount([int(b.step(6 * i).stance[2]) for i in range(4000)], minlength=3)
    # even odds: 0.5 - 0.25 for support, -0.075 for waiting; the clerks hold no post, so none is lost
    weight = np.array([1, np.exp(-0.325 / 0.3)])
    assert count[MOVE] == 0
    assert chisquare(count[:2], 4000 * weight / weight.sum()).pvalue > 0.001
    assert not b.s.band_release[2]


def test_a_faction_keeps_its_luck_for_a_while():
    u = [uniforms(1, FACTION_CHOICE, FOUNDER, mood)[0] for mood in range(3)]
    b = bench(noise=0.0)  # P(support) = 0.982508 at 0.8
    expected = [SUPPORT if x < 0.982508 else WAIT for x in u]
    assert [int(b.step(6 * i).stance[FOUNDER]) for i in range(24)] == list(np.repeat(expected, 8))
    assert b.s.stance[GOVERNOR] == SUPPORT


def test_start_hour_and_intent():
    b = bench(**CERTAIN, intent=5.0, start_h=24.0)
    assert [int(b.step(h).stance[FOUNDER]) for h in range(0, 36, 6)] == [0, 0, 0, 0, 2, 2]
    b = bench(**CERTAIN, wait_intent=5.0)
    assert b.step(0).stance.tolist() == [SUPPORT, WAIT]
    b = bench(**CERTAIN, intent=5.0, start_h=6.0, start_at_removal=1.0)
    assert b.step(0).stance[FOUNDER] == SUPPORT
    for hour in range(1, 13):
        b.step(hour, patron_out=float(hour >= 10))
    assert b.s.removal_h == 10.0
    assert b.s.stance[FOUNDER] == SUPPORT  # 12 is before 10 + 6
    for hour in range(13, 19):
        b.step(hour)
    assert b.s.stance[FOUNDER] == MOVE


def test_posts_lost_make_support_worth_less():
    # at 0.45 with all posts: 0.285 supporting, -0.045 waiting, -0.075 moving; with half 0.06; with none -0.165
    low = {"power_signal": (np.log(0.45 / 0.55) - np.log(4)) / 0.5}
    b = bench(**CERTAIN, c_removal=0.0)
    assert b.step(0, **low).stance[FOUNDER] == SUPPORT
    b.step(1, patron_out=1.0)
    assert b.step(6).stance[FOUNDER] == SUPPORT
    b.step(7, purge=1.0)
    assert b.s.office_faction.tolist() == [0, 0, 0, 0, 0, 0]
    assert b.step(12).stance[FOUNDER] == WAIT
    assert b.s.unity == close(1.0)  # it holds nothing any more


# -- orders --------------------------------------------------------------------------------------------------------


def test_orders_take_their_time():
    b = bench(**CERTAIN, intent=5.0, delay_h=3.0)
    for hour in range(3):
        s = b.step(hour)
        assert (s.stance[FOUNDER], s.ordered[FOUNDER], s.band_release.sum(), s.stand_by.sum()) == (MOVE, 0, 0, 0)
    assert b.s.unity == close(0.6)
    s = b.step(3)
    assert np.flatnonzero(s.stand_by).tolist() == [SERVICE_HARBOUR]
    assert s.band_release.tolist() == [0, 1]


def test_an_order_that_is_changed_on_its_way_never_arrives():
    b = bench(**CERTAIN, delay_h=8.0)
    b.step(0, power_signal=-8.0)  # founder at 0.068: moving is worth most
    assert b.s.stance[FOUNDER] == MOVE
    assert b.s.sent_h[FOUNDER] == 8.0
    for hour in range(1, 40):
        s = b.step(hour, power_signal=0.0)
        assert s.stand_by.sum() == s.band_release.sum() == 0
    assert np.isnan(s.sent_h).all()


def test_waiting_means_standing_by_without_releasing_anybody():
    b = bench(**CERTAIN, wait_intent=5.0, delay_h=1.0)
    b.step(0)
    s = b.step(1)
    assert np.flatnonzero(s.stand_by).tolist() == [SERVICE_HARBOUR]
    assert s.band_release.sum() == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-6, 6), min_size=4, max_size=8), st.floats(1, 12), st.integers(1, 50))
def test_units_of_a_faction_that_supports_never_stand_by(words, delay, seed):
    b = Bench("factions", settings={"factions.mood_h": 6.0, "factions.delay_h": delay}, seed=seed)
    for hour in range(6 * len(words)):
        s = b.step(hour, power_signal=words[hour // 6])
        holder = s.commander[b.w.units.office[b.w.units.office >= 0]].astype(int)
        assert (s.stand_by[b.w.units.office >= 0] == (s.ordered[holder] > SUPPORT)).all()
    always = Bench("factions", settings={"factions.intent": -99.0, "factions.wait_intent": -99.0}, seed=seed)
    for hour in range(6 * len(words)):
        assert always.step(hour, power_signal=words[hour // 6]).stand_by.sum() == 0


# -- posts ---------------------------------------------------------------------------------------------------------


def test_removal_passes_what_is_removable():
    b = bench(**CERTAIN)
    b.step(0)
    s = b.step(1, patron_out=1.0)
    assert s.patron_removed == 1.0
    assert s.office_faction.tolist() == [0, 0, 1, 0, 0, 0]
    assert s.commander[COUNCIL] == FOUNDER
    for hour in range(2, 8):
        b.step(hour)
    assert s.commander.tolist() == [0, 0, 1, 0, 0, 0]
    assert s.command_changed == 0.0  # the council commands no organ


def test_a_post_passes_to_the_successor_that_the_case_names(tmp_path):
    def friends(rows):
        return [*rows, {**rows[1], "faction": "friends", "name": "Friends", "stake_move": "", "move_prize": ""}]

    named = changed(lambda r: r["office"] == "council", successor="friends")
    b = bench(build(case_with(tmp_path / "c", {"factions.csv": friends, "offices.csv": named})), **CERTAIN)
    b.step(0)
    assert b.step(1, patron_out=1.0).office_faction.tolist() == [0, 2, 1, 0, 0, 0]
    assert b.step(2, purge=1.0).office_faction.tolist() == [0, 2, 0, 0, 0, 0]  # his other post, to the president
    for hour in range(3, 8):
        b.step(hour)
    assert b.s.commander.tolist() == [0, 2, 0, 0, 0, 0]


def test_the_command_passes_only_after_the_delay():
    b = bench(**CERTAIN, wait_intent=5.0, delay_h=3.0)
    for hour in range(10):
        s = b.step(hour)
    for hour in range(10, 13):
        s = b.step(hour, head_arrested=1.0)
        assert s.office_faction[SERVICE] == GOVERNOR
        assert s.commander[SERVICE] == FOUNDER
        assert s.stand_by[SERVICE_HARBOUR] == 1.0
        assert s.command_changed == 0.0
    s = b.step(13)
    assert s.commander[SERVICE] == GOVERNOR
    assert s.stand_by.sum() == 0.0
    assert s.command_changed == 1.0
    assert s.unity == close(0.8)


def test_the_president_removes_by_choice():
    b = bench(**CERTAIN, removal_by_choice=1.0, removal_intent=9.0, removal_start_h=12.0)
    for hour in range(12):
        assert b.step(hour, patron_out=1.0).patron_removed == 0.0  # no order is followed
    assert b.step(12).patron_removed == 1.0
    assert b.s.removal_h == 12.0
    # without intent, at a belief of 0.9: keep 0.9 - 0.1 against remove 0 - 0.9
    b = bench(**CERTAIN, removal_by_choice=1.0)
    assert b.step(0).patron_removed == 0.0
    # at 0.2: keep 0.2 - 0.8, remove 0 - 0.2
    assert b.step(6, power_signal=(np.log(0.25) - np.log(9)) / 0.5).patron_removed == 1.0


def test_the_president_may_let_things_run():
    plan = {"removal_by_choice": 1.0, "removal_start_h": 18.0, "president_wait_intent": 5.0, "removal_intent": 9.0}
    b = bench(**CERTAIN, **plan, let_run_h=12.0, delay_h=1.0)
    for hour in range(7):
        assert b.step(hour).stand_by.sum() == 0
    s = b.step(7)
    assert np.flatnonzero(s.stand_by).tolist() == list(range(9))  # the founder supports him, and so the service follows
    assert s.unity == close(1.0)
    for hour in range(8, 19):
        assert b.step(hour).stand_by.sum() == 9
    assert s.removal_h == 18.0
    assert b.step(19).stand_by.sum() == 0
    b = bench(**CERTAIN, **plan)  # without the hours
    assert b.step(6).stance[GOVERNOR] == SUPPORT


# -- the presidency ------------------------------------------------------------------------------------------------


def strong(b: Bench, people: int) -> None:
    """The founder commands the defence ministry, with so many of the army in the capital and 80 police there."""
    there = np.zeros(11)
    there[ARMY_VALLEY], there[3] = people, 80
    b.set({"commander": [0, 1, 1, 0, 0, 1], "unit_people": there, "unit_place": b.w.units.place})


def test_the_stronger_in_the_capital_takes_the_presidency():
    for people, taken in ((79, False), (81, True)):
        b = bench(**CERTAIN, intent=5.0, delay_h=1.0)
        strong(b, people)
        assert b.step(0).presidency == GOVERNOR
        s = b.step(1)
        assert (s.presidency == FOUNDER) == taken
        if taken:
            assert s.office_faction.tolist() == [1, 1, 1, 0, 0, 0]
            assert s.commander[PRESIDENCY] == FOUNDER
            assert s.stand_by.sum() == 0  # whoever has the presidency wants order
            assert s.band_release.sum() == 0
            assert s.unity == close(0.3 + 0.4 + 0.3)
            s = b.step(2, patron_out=1.0, head_arrested=1.0, purge=1.0)  # nobody follows the ousted one
            assert s.office_faction.tolist() == [1, 1, 1, 0, 0, 0]
            assert s.patron_removed == 0
    b = bench(**CERTAIN, intent=5.0, delay_h=1.0)
    strong(b, 81)
    refusal = np.zeros(11)
    refusal[ARMY_VALLEY] = 1
    b.step(0, refusal=refusal)
    assert b.step(1).presidency == GOVERNOR  # an army that refuses counts for nobody


def test_the_presidency_is_given_up_after_hours_of_doubt():
    b = bench(**CERTAIN, intent=5.0, delay_h=1.0)
    low = (np.log(0.19 / 0.81) - np.log(9)) / 0.5
    for hour in range(13):
        assert b.step(hour, power_signal=low).presidency == GOVERNOR  # the move is in force from hour 1
        assert b.s.doubted_h.tolist() == [0, hour]
        if hour == 11:
            break
    assert b.step(12).presidency == FOUNDER
    b = bench(**CERTAIN, intent=5.0, delay_h=1.0)
    for hour in range(30):  # at 0.21 never
        b.step(hour, power_signal=(np.log(0.21 / 0.79) - np.log(9)) / 0.5)
    assert b.s.presidency == GOVERNOR


def test_overthrow_when_the_capital_is_lost_for_long():
    held = np.ones(tiny().spot_count)
    held[HALL] = 0

    def play(hours):
        b = bench(**CERTAIN)
        for hour in range(hours):
            b.step(hour, site_held=held)
        return b

    assert play(23).s.presidency == GOVERNOR
    b = play(24)
    assert b.s.presidency == -1
    assert b.s.office_faction[PRESIDENCY] == -1
    assert (b.s.belief.tolist(), float(b.s.unity)) == ([0, 0], 0.0)
    assert b.step(24, site_held=1.0, power_signal=9.0).presidency == -1  # for good, in this mechanism
    b = play(20)
    b.step(20, site_held=1.0)
    assert b.s.capital_lost_h == 0.0


# -- the rest ------------------------------------------------------------------------------------------------------


def test_a_case_without_factions(tmp_path):
    none = lambda rows: []  # noqa: E731
    no_office = lambda rows: [{**r, "office": ""} for r in rows]  # noqa: E731
    case = case_with(tmp_path / "c", {"factions.csv": none, "offices.csv": none, "forces.csv": no_office})
    b = bench(world=build(case))
    s = b.step(0)
    assert (s.unity, s.presidency, s.patron_removed) == (1.0, 0.0, 0.0)
    s = b.step(1, patron_out=1.0)
    assert s.patron_removed == 1.0
    assert s.stand_by.sum() == 0


def test_in_a_quiet_country_hardly_anybody_moves():
    moved = [
        Bench("factions", settings=None, seed=seed).step(0).stance[FOUNDER] == MOVE for seed in range(100)
    ]  # 0.12 % at 0.8; more with private doubts
    assert np.mean(moved) < 0.03


@pytest.mark.slow
def test_an_hour_costs_microseconds():
    """30 us where nothing happens, 200 us where much does, on a machine of its own."""
    b = Bench("factions", world=build(gs.load("kazakhstan-2022")), settings=None)
    m = b.mechanisms[0]
    quiet, choice = b.now(1), b.now(6)
    assert min(timeit.repeat(lambda: m.step(quiet), number=20, repeat=50)) / 20 < BUSY * 30e-6
    assert min(timeit.repeat(lambda: m.step(choice), number=5, repeat=50)) / 5 < BUSY * 200e-6


# -- powers --------------------------------------------------------------------------------------------------------


def test_words_of_powers_count_by_stance_and_stake_and_fade():
    # Northland, stake 0.8, stance 1, speaks at hour 68; Overseas, 0.3 and -0.2, at hour 84
    b = Bench("powers")
    assert b.step(67).power_signal == 0.0
    assert b.step(68).power_signal == close(0.8)
    assert b.step(69).power_signal == close(0.8 * 2 ** (-1 / 72))
    assert b.step(84).power_signal == close(0.8 * 2 ** (-16 / 72) - 0.06)
    assert b.step(140).power_signal == close(0.4 - 0.06 * 2 ** (-56 / 72))


def test_without_powers_there_is_no_word(tmp_path):
    b = Bench("powers", world=build(case_with(tmp_path / "c", {"powers.csv": lambda rows: []})))
    assert b.step(100).power_signal == 0.0


# -- the capital ---------------------------------------------------------------------------------------------------


def test_the_capital_is_the_largest_town_or_the_one_named():
    assert tiny().capital.tolist() == [p == MILLTOWN for p in range(6)]
    kazakhstan = build(gs.load("kazakhstan-2022"))
    districts = {kazakhstan.place_id[p] for p in np.flatnonzero(kazakhstan.capital)}
    assert len(districts) == 4
    assert all(name.startswith("nur-sultan-") for name in districts)


def test_in_a_quiet_country_hardly_any_faction_moves():
    w = build(gs.load("kazakhstan-2022"))
    f = w.factions
    u = utilities(f.belief, np.ones(len(f.id)), f.stake_support, f.stake_move, f.move_prize, f.wait_cost)
    for kappa, most in ((0.2, 0.02), (0.3, 0.15)):  # the default, and the upper end of the prior
        move = chances(u, kappa)[:, 2][~f.presides]
        assert 1 - np.prod(1 - move) ** 10 < most  # ten choices of 48 hours in the 20 days
