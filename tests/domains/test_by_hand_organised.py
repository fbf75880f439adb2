"""News, strikes, employers, demands and the reproduction number against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from domains.harness import FLARE, HARBOUR, MILLTOWN, PAY, PRICE, SYSTEM, Bench, at, case_with, crowd
from groundswell.domains.street.employers import ANSWERS, EMPLOYER
from groundswell.engine.random import uniforms
from groundswell.world.world import build

IGNORE, TALK, PAY_RISE, LOCK_OUT, DISMISS = range(5)


def close(value: float, rel: float = 2e-5):
    """Six digits are kept in the comments."""
    return pytest.approx(value, rel=rel, abs=1e-12)


# -- news ----------------------------------------------------------------------------------------------------

EVERYWHERE = {"news.reach_km": 1e12, "news.travel_km_h": 1e12, "news.unlikeness": 0.0}


def test_news_by_channel():
    b = Bench("news", settings=EVERYWHERE)
    people = crowd(milltown=500)
    a = 500 / b.w.adults[MILLTOWN]
    s = b.step(0, on_street=people)
    # Milltown holds 18,000 of 60,000 = 0.3 of all attention. Word of mouth: lag 6 h, 0.153518 in an hour
    mouth = 0.3 * 0.153518
    # mobile: reach 0.90 here and 0.92 there; lag 1 h, 0.632121 in an hour
    mobile = 0.90 * 0.92 * 0.3 * 0.632121
    # broadcast: three in ten crowds are shown; lag 6 h
    broadcast = 0.3 * 0.3 * 0.153518
    assert s.news[HARBOUR] == close((mouth + mobile + broadcast) * a)
    within = s.news[HARBOUR] / 2  # in the mean of the hour: none before it, all of it known after it
    assert s.urge[b.group(HARBOUR, "trade")] == close(1.2 * np.log(1 + within / 1e-4))
    assert s.news[MILLTOWN] == 0.0  # a place sees its own crowd, it does not hear of it
    # after days every lag has closed
    for hour in range(1, 200):
        s = b.step(hour, on_street=people)
    assert s.news[HARBOUR] == close((0.3 + 0.90 * 0.92 * 0.3 + 0.3 * 0.3) * a)
    # a line: reproduction takes the lasting gain from here (per day, at midnight)
    assert s.news_gain[HARBOUR, MILLTOWN] == close(0.3 + 0.2484 + 0.09)
    assert s.news_slope[HARBOUR] == close(1.2 / (1e-4 + b.step(216).news[HARBOUR]))


def test_jamming_and_cut_take_from_the_mobile_channel_alone():
    free, jammed, cut = (Bench("news", settings=EVERYWHERE) for _ in range(3))
    people = crowd(milltown=500)
    a = 500 / free.w.adults[MILLTOWN]
    news = free.step(0, on_street=people).news[HARBOUR]
    less = jammed.step(0, on_street=people, reach=0.2).news[HARBOUR]
    least = cut.step(0, on_street=people, reach=0.05).news[HARBOUR]
    mobile = 0.2484 * 0.632121 * a
    assert news - less == close(mobile * (1 - 0.2 * 0.2))  # a fifth can speak, a fifth can hear
    assert news - least == close(mobile * (1 - 0.05 * 0.05))
    assert 0 < least < less < news


def test_news_travels_by_distance_and_likeness():
    b = Bench("news")
    for hour in range(300):
        s = b.step(hour, on_street=crowd(flare=300))
    order = np.argsort(-s.news)
    assert order[0] == HARBOUR  # 40 km away, on the same coast
    assert s.news[FLARE] == 0.0


# -- strikes -------------------------------------------------------------------------------------------------


def test_onset_hazard_of_the_plant():
    b = Bench("strikes")
    s = b.step(0, pay_offer=0.0)
    # memory 2 outweighs organisation 1.5; 120 of 900 laid off: exp(2 + 0.133333) = 8.44297; 4e-4 / 8 h
    assert s.strike_clock[0] == close(8.44297 * 5e-5)
    grievance = np.zeros(b.w.groups)
    grievance[b.plant()] = 5.0
    before = float(s.strike_clock[0])
    n = round(b.w.adults[FLARE] / 100)
    s = b.step(1, own_grievance=grievance, on_street=crowd(flare=n))
    rally = 0.5 * np.log(1 + n / b.w.adults[FLARE] / 1e-3)
    assert s.strike_clock[0] - before == close(np.exp(2.133333 + 0.6 * 5 + rally) * 5e-5)


def test_participation_grows_by_the_logistic_and_frees_hands():
    b = Bench("strikes")
    plant = b.plant()
    s = b.step(0, strike_turns=1.0, striking=0.02, strike_next=1e9)
    # 0.02 + 0.3 * 0.02 * (1 - 0.02 / 0.7) = 0.0258286
    assert s.striking[0] == close(0.0258286)
    assert s.group_cost[plant] == close(-np.log(1 + 0.0258286 * (np.e - 1)))
    assert s.strike_hours[0] == 1.0
    assert s.strike_clock[0] == close(0.01)  # ends at 1 % an hour
    for hour in range(1, 60):
        s = b.step(hour)
    assert s.striking[0] == close(0.7, rel=1e-3)  # the cap
    clock = float(s.strike_clock[0])
    assert b.step(60, pay_offer=0.5).strike_clock[0] - clock == close(0.01 + 0.2 * 0.5)
    s = b.step(61, strike_next=0.0)
    assert (s.striking[0], s.strike_hours[0], s.strike_turns[0]) == (0.0, 0.0, 2.0)
    assert s.group_cost[plant] == 0.0


def test_strikes_end_sooner_under_deterrence_and_under_a_ban():
    def end(**values):
        b = Bench("strikes")
        return float(b.step(0, strike_turns=1.0, striking=0.3, strike_next=1e9, **values).strike_clock[0])

    assert end() == close(0.01)
    assert end(deterrence=at(FLARE, 0.4)) == close(0.01 + 0.1 * 0.4)
    assert end(emergency=at(FLARE, 1.0)) == close(0.01 + 0.005)
    assert end(deterrence=at(HARBOUR, 1.0), emergency=at(HARBOUR, 1.0)) == close(0.01)  # elsewhere
    b = Bench("strikes")
    assert b.step(0, deterrence=1.0, emergency=1.0).strike_clock[0] == close(8.44297 * 5e-5)  # no onset is deterred


@pytest.fixture(scope="module")
def two_plants(tmp_path_factory):
    """A second plant of the same trade and region as the first, without layoffs, organisation or memory."""

    def add(rows):
        plain = {"organisation_index": "0", "strike_memory_index": "0", "layoffs_announced_people": "0"}
        second = {**rows[0], "enterprise": "port-plant", "name": "Port plant", "place": "harbour"}
        return [*rows, {**second, "workforce_people": "300", **plain}]

    return build(case_with(tmp_path_factory.mktemp("e") / "c", {"enterprises.csv": add}))


def test_strikes_learn_from_strikes_wins_and_dismissals(two_plants):
    def onset(**values):
        b = Bench("strikes", world=two_plants)
        return float(b.step(0, strike_next=1e9, **values).strike_clock[1])

    assert onset() == close(5e-5)
    # same trade, same region
    assert onset(striking=[0.4, 0.0]) == close(5e-5 * np.exp(1.5 * 0.4 + 1.5 * 0.4))
    assert onset(wins=[0.3, 0.0]) == close(5e-5 * np.exp(0.3 + 0.3))
    assert onset(wins=[1.0, 0.0]) == close(5e-5 * np.e)  # seen once is seen
    assert onset(dismissals=[1.0, 0.0]) == close(5e-5 / np.e)


# -- employers -----------------------------------------------------------------------------------------------


def answers(times: int, striking: float = 0.5, **settings) -> np.ndarray:
    b = Bench("employers", settings={f"employers.{k}": v for k, v in settings.items()})
    start = {"striking": striking, "pay_offer": 0.0, "locked_out": 0.0}
    return np.array([int(b.step(8 * i, **start).answer[0]) for i in range(times)])


def test_employers_choose_by_quantal_response():
    # x = 0.5: ignore -0.5; talk -0.5 * 0.8 - 0.1 = -0.5; pay -0.5 * 0.75 - 0.45 = -0.825; lock out -0.3 - 0.2
    # = -0.5; dismiss -0.25 - 0.4 = -0.65; kappa 0.2: weights 1, 1, exp(-1.625) = 0.196912, 1, exp(-0.75) =
    # 0.472367
    weight = np.array([1, 1, 0.196912, 1, 0.472367])
    count = np.bincount(answers(4000), minlength=5)
    assert chisquare(count, 4000 * weight / weight.sum()).pvalue > 0.001


def test_each_answer_does_what_it_says():
    sure = {"kappa": 1e-3}
    assert set(answers(5, 0.7, **sure)) == {LOCK_OUT}  # -0.62 against -0.66 talk, -0.7 ignore, -0.75, -0.975
    b = Bench("employers", settings={"employers.kappa": 1e-3})
    s = b.step(0, striking=0.7)
    assert s.locked_out[0] == 1.0
    assert s.group_cost[b.plant()] == close(0.5 * 0.7)
    b = Bench("employers", settings={"employers.kappa": 1e-3, "employers.pay": 0.0})
    s = b.step(0, striking=0.7, locked_out=1.0)
    assert (s.answer[0], s.pay_offer[0], s.wins[0], s.locked_out[0]) == (PAY_RISE, 0.25, 1.0, 0.0)
    s = b.step(8)
    assert s.pay_offer[0] == 0.5  # another step of a quarter
    assert s.wins[0] == 1.0
    assert b.step(9).wins[0] == close(2 ** (-1 / 72))
    assert b.step(9).answer[0] == -1
    assert b.step(10, striking=0.0).pay_offer[0] == 0.0  # the strike is over, so is the offer
    b = Bench("employers", settings={"employers.kappa": 1e-3, "employers.dismiss": 0.0})
    s = b.step(0, striking=0.7)
    assert (s.answer[0], s.dismissed[0], s.dismissals[0]) == (DISMISS, 12.0, 1.0)  # 0.02 * 0.7 * 900 = 12.6
    s = b.step(1)
    assert s.dismissed[0] == 0.0
    assert s.dismissals[0] == close(2 ** (-1 / 72))
    assert ANSWERS[DISMISS] == "dismiss"


def test_an_order_on_pay_is_an_offer_to_the_enterprises_of_its_scope():
    b = Bench("employers")
    s = b.step(1, pay_met=at(FLARE, 0.3))
    assert (s.pay_offer[0], s.wins[0]) == (0.3, 1.0)  # the plant is not on strike and gets it too
    s = b.step(2)
    assert s.pay_offer[0] == 0.3
    assert s.wins[0] == close(2 ** (-1 / 72))  # it is news once
    s = b.step(3, pay_met=at(FLARE, 0.5))
    assert (s.pay_offer[0], s.wins[0]) == (0.5, 1.0)
    b = Bench("employers")
    assert b.step(1, pay_met=at(HARBOUR, 0.3)).pay_offer[0] == 0.0
    b = Bench("employers", settings={"employers.kappa": 1e-3, "employers.pay": 0.0})
    s = b.step(0, striking=0.7, pay_met=at(FLARE, 0.1))
    assert s.pay_offer[0] == 0.25  # the employer's own step is the larger


def test_answers_are_keyed_draws():
    assert (answers(50) == answers(50)).all()
    u = uniforms(1, EMPLOYER, 0, 8)[0]
    cumulative = np.cumsum([1, 1, 0.196912, 1, 0.472367]) / 3.669279
    assert answers(2)[1] == np.searchsorted(cumulative, u)


# -- demands -------------------------------------------------------------------------------------------------


def test_demands_spread_by_innovation_organisation_imitation_and_force():
    b = Bench("demands")
    held = np.zeros((6, 6), int)
    held[HARBOUR, PRICE], held[HARBOUR, SYSTEM] = 80, 20
    s = b.step(0, on_street=crowd(harbour=100), demand_people=held, force_used=at(HARBOUR, 1.0))
    assert s.demand_innovation.tolist() == [0.5, 0.002, 0.002, 0.002, 0.002, 0.002]
    assert np.flatnonzero(s.demand_organised).tolist() == [PAY, SYSTEM]
    # share 0.8 and 0.2 at 0.1; force remembered, 0.1, for cabinet, patron and system
    assert s.demand_imitation[HARBOUR] == pytest.approx([0.08, 0, 0.1, 0.1, 0.12, 0])
    assert (s.demand_imitation[MILLTOWN] == 0).all()
    s = b.step(1, force_used=at(HARBOUR, 1.0))
    assert s.force_memory[HARBOUR] == 1.0  # used again: no more than used
    s = b.step(2, force_used=0.0)
    assert s.force_memory[HARBOUR] == close(0.890899)  # 2**(-1/6)
    assert s.demand_imitation[HARBOUR, SYSTEM] == close(0.02 + 0.0890899)
    assert s.organised_factor[b.plant()] == close(1 + 3 * 1.5)
    assert s.organised_factor[b.group(HARBOUR, "trade")] == close(1 + 3 * 0.1)
    assert s.organised_factor[b.group(HARBOUR, "unemployed")] == 1.0


# -- reproduction --------------------------------------------------------------------------------------------


def test_reproduction_of_one_place_and_of_two():
    b = Bench("reproduction")
    calm = {
        "join_slope": 0.0,
        "local_gain": 0.0,
        "news_slope": 0.0,
        "news_gain": 0.0,
        "tie_factor": 0.0,
        "hour_factor": 1.0,
    }
    calm |= {"leave_hazard": 0.15, "leave_factor": 1.0}
    assert float(b.step(0, **calm).reproduction) == 0.0
    # 10 more joins an hour per unit of urge, 0.03 of urge a person, 1 / 0.15 h on the street: 0.3 / 0.15 = 2
    s = b.step(0, **calm | {"join_slope": at(HARBOUR, 10.0), "local_gain": at(HARBOUR, 0.03)})
    assert float(s.reproduction) == close(2.0)
    # two places, K = [[2, 1], [4, 2]] with eigenvalue 4: news of q in p per person is 1 / adults of q
    gain = np.zeros((6, 6))
    gain[HARBOUR, FLARE] = 0.15 * 1 * b.w.adults[FLARE] / 10
    gain[FLARE, HARBOUR] = 0.15 * 4 * b.w.adults[HARBOUR] / 10
    both = np.array([1, 1, 0, 0, 0, 0])
    s = b.step(0, **calm | {"join_slope": 10.0 * both, "local_gain": 0.03, "news_slope": 1.0, "news_gain": gain})
    assert float(s.reproduction) == close(4.0)
    # ties at their largest: 0.01 * 1.5 + 0.05 + 0.05 = 0.115 an hour over 0.15
    s = b.step(0, **calm | {"tie_factor": 1.0, "tie_beta": [0.01, 0.05, 0.05]})
    assert float(s.reproduction) == close(0.115 / 0.15)


def test_reproduction_is_of_full_availability_at_any_hour():
    """The same hazards by night: fewer come out and stay shorter, but R is carried to the day."""
    noon, night = (Bench("leaving", "joining", "reproduction", "ties") for _ in range(2))
    values = {"urge": 11.0, "own_grievance": 4.0, "on_street": 10}
    by_day = float(noon.step(0, hour_factor=1.0, **values).reproduction)
    by_night = float(night.step(0, hour_factor=0.1, **values).reproduction)
    assert by_day > 0.1
    assert by_night == close(by_day)
