"""Each ending by hand on made-up hours, and on both sides of every limit."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from groundswell.observe.endings import RULES, Observed, ending

STEPS, REGIONS, SITES = 480, 3, 4
PRESIDENT, PATRON, OTHER = 0, 1, 2
OFFICES = ("interior", "security", "council")


def calm_after(hour: int, people: float = 20_000.0) -> np.ndarray:
    out = np.zeros(STEPS)
    out[20:hour] = people
    return out


def observed(**changed) -> Observed:
    """A wave from hour 20 to hour 200, then nobody; nothing else happens."""
    offices = np.tile([PRESIDENT, PATRON, PATRON], (STEPS, 1))
    made = {
        "turnout": calm_after(200), "presidency": np.full(STEPS, PRESIDENT), "office_faction": offices,
        "commands": np.array([True, True, False]), "administration": np.ones((STEPS, SITES)),
        "clash": np.zeros((STEPS, REGIONS), bool), "clash_dead": np.zeros((STEPS, REGIONS)),
        "dead": np.zeros(STEPS), "conceded": np.zeros(STEPS, bool), "patron_removed": np.zeros(STEPS),
        "day": np.arange(STEPS) // 24, "planned_h": float(STEPS), "office_names": OFFICES,
    }  # fmt: skip
    return Observed(**{**made, **changed})


def from_hour(hour: int, before: float, after: float) -> np.ndarray:
    return np.where(np.arange(STEPS) >= hour, after, before)


def deaths(number: float) -> np.ndarray:
    out = np.zeros(STEPS)
    out[100] = number
    return out


@pytest.mark.parametrize(
    ("dead", "conceded", "title"),
    [
        (0, False, "calm"),
        (24, False, "calm"),
        (25, False, "calm after repression"),
        (0, True, "calm after concession"),
        (25, True, "calm after repression and concession"),
    ],
)
def test_calm_and_what_it_follows(dead, conceded, title):
    e = ending(observed(dead=deaths(dead), conceded=np.full(STEPS, conceded)))
    assert (e.ending, e.title) == ("calm", title)
    assert e.calm_since_h == 200.0
    assert not e.patron_removed


def test_calm_needs_fewer_than_500_through_72_hours():
    last = np.zeros(STEPS)
    last[STEPS - 72] = 499.0
    assert ending(observed(turnout=last)).ending == "calm"
    last[STEPS - 72] = 500.0  # the earliest of the last 72 hours
    e = ending(observed(turnout=last))
    assert e.ending == "not decided yet"
    assert "up to 500 people" in e.why
    last[STEPS - 72], last[STEPS - 73] = 0.0, 500.0
    assert ending(observed(turnout=last)).ending == "calm"


def test_no_wave_at_all_is_a_plain_calm_with_nothing_to_relapse_from():
    e = ending(observed(turnout=np.full(STEPS, 300.0)))
    assert (e.title, e.calm_since_h, e.relapse) == ("calm", 0.0, "no calm")


def test_overthrow_is_read_at_the_end_and_goes_before_everything():
    gone = from_hour(300, PRESIDENT, -1)
    assert ending(observed(presidency=gone, administration=np.zeros((STEPS, SITES)))).ending == "overthrow"
    back = gone.copy()
    back[-1] = PRESIDENT
    assert ending(observed(presidency=back)).ending == "calm"


def test_palace_change_by_the_presidency_or_by_a_command_against_the_president():
    assert ending(observed(presidency=from_hour(130, PRESIDENT, PATRON))).ending == "palace change"
    offices = observed().office_faction.copy()
    offices[150:, 0] = PATRON  # the interior office commands an organ and leaves the president's side
    e = ending(observed(office_faction=offices))
    assert e.ending == "palace change"
    assert "interior" in e.why
    offices = observed().office_faction.copy()
    offices[150:, 2] = OTHER  # an office without an organ
    assert ending(observed(office_faction=offices)).ending == "calm"


def test_a_command_that_passes_to_its_successor_is_no_palace_change():
    offices = observed().office_faction.copy()
    offices[150:, 0] = OTHER
    assert ending(observed(office_faction=offices)).ending == "palace change"
    by_law = ending(observed(office_faction=offices, successor=[OTHER, -1, -1]))
    assert by_law.ending == "calm" and by_law.passed_to_president == []


def test_a_command_that_passes_to_the_president_is_a_flag_beside_the_ending():
    offices = observed().office_faction.copy()
    offices[150:, 1] = PRESIDENT
    e = ending(observed(office_faction=offices, patron_removed=from_hour(150, 0, 1)))
    assert e.ending == "calm"
    assert e.patron_removed
    assert e.passed_to_president == ["security"]


def war(days=range(10, 15), regions=(0, 1), dead=25.0) -> dict[str, np.ndarray]:
    clash, killed = np.zeros((STEPS, REGIONS), bool), np.zeros((STEPS, REGIONS))
    for k, day in enumerate(days):
        clash[day * 24 + 5, regions[k % len(regions)]] = True
    at = np.argwhere(clash)[0]
    killed[tuple(at)] = dead
    return {"clash": clash, "clash_dead": killed}


def test_civil_war_on_its_limits():
    assert ending(observed(**war())).ending == "civil war"
    assert ending(observed(**war(dead=24.0))).ending == "calm"
    assert ending(observed(**war(days=range(10, 14)))).ending == "calm"  # four days
    assert ending(observed(**war(days=range(9, 14)))).ending == "calm"  # the first of them is day 10 itself
    assert ending(observed(**war(regions=(1,)))).ending == "calm"
    late = war()
    late["clash_dead"] = np.zeros((STEPS, REGIONS))
    late["clash_dead"][0, 0] = 100.0  # dead on the first day, and not in such a clash
    assert ending(observed(**late)).ending == "calm"


def test_contested_where_an_administration_is_not_in_the_states_hands_at_the_end():
    sites = np.ones((STEPS, SITES))
    sites[100:-1, 2] = 0.0  # regained in the last hour
    assert ending(observed(administration=sites)).ending == "calm"
    sites[-1, 2] = 0.0
    e = ending(observed(administration=sites))
    assert (e.ending, e.kind) == ("contested", "")
    assert "1 administration is not" in e.why
    assert e.conditions["calm"]
    assert ending(observed(administration=np.ones((STEPS, 0)))).ending == "calm"


def test_a_run_that_ends_before_its_case_is_not_decided():
    e = ending(observed(planned_h=500.0, presidency=from_hour(300, PRESIDENT, -1)))
    assert (e.ending, e.so_far, e.kind) == ("not decided yet", "overthrow", "")
    assert "20 hours before the case does" in e.why


def test_relapse_within_90_days_of_a_calm():
    e = ending(observed())
    assert (e.relapse, e.relapse_h) == ("not decided yet", None)  # 12 days are not 90
    again = calm_after(200)
    again[200 + 71] = 6_000.0  # the calm has lasted 71 hours only
    assert ending(observed(turnout=again)).relapse_h is None
    again = calm_after(200)
    again[200 + 72] = 5_000.0
    e = ending(observed(turnout=again))
    assert (e.relapse, e.relapse_h) == ("yes", 273.0)
    again[200 + 72] = 4_999.0
    assert ending(observed(turnout=again)).relapse == "not decided yet"


def long(steps: int, back: int | None) -> Observed:
    turnout = np.zeros(steps)
    turnout[20:200] = 20_000.0
    if back is not None:
        turnout[back] = 9_000.0
    fill = observed()
    made = {
        k: np.resize(getattr(fill, k)[:1], (steps, *getattr(fill, k).shape[1:]))
        for k in ("presidency", "office_faction", "administration", "clash", "clash_dead", "dead", "conceded",
                  "patron_removed")
    }  # fmt: skip
    return replace(fill, turnout=turnout, day=np.arange(steps) // 24, planned_h=480.0, **made)


def test_90_days_without_a_crowd_are_no_relapse_and_a_later_one_is_none_either():
    watched = 200 + 72 + 90 * 24
    assert ending(long(watched, None)).relapse == "no"
    assert ending(long(watched - 1, None)).relapse == "not decided yet"
    assert ending(long(watched + 100, watched - 1)).relapse == "yes"
    assert ending(long(watched + 100, watched)).relapse == "no"


def test_steps_of_half_an_hour_give_the_same_ending():
    o = observed(dead=deaths(30))
    twice = {
        k: np.repeat(getattr(o, k), 2, axis=0)
        for k in ("turnout", "presidency", "office_faction", "administration", "clash", "clash_dead", "conceded",
                  "patron_removed", "day")
    }  # fmt: skip
    half = ending(replace(o, **twice, dead=np.repeat(o.dead / 2, 2), step_h=0.5))
    assert half == ending(o)


def test_plain_data_and_a_run_without_a_step():
    e = ending(observed())
    assert json.loads(json.dumps(e.to_json()))["title"] == e.title
    with pytest.raises(ValueError, match="0 steps"):
        ending(observed(turnout=np.zeros(0)))
    stricter = replace(RULES, calm_people=1.0)
    assert ending(observed(turnout=np.full(STEPS, 2.0)), stricter).ending == "not decided yet"
