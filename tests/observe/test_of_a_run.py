"""Readers of history on a played run: parts add up to its own counts, and a quiet run has no phase of violence."""

from __future__ import annotations

import json

import numpy as np
import pytest

import groundswell as gs
from groundswell.observe.courses import COURSES, courses
from groundswell.observe.organs import by_organ
from groundswell.observe.phases import PHASES

LOUD = {"joining.theta": 7.5, "joining.pool": 0.2, "fighting.own": 0.05, "sites.fighters_people": 20}


@pytest.fixture(scope="module")
def run():
    return gs.run("tiny", seed=3, set=LOUD)


@pytest.fixture(scope="module")
def quiet():
    return gs.run("tiny", seed=3, set={"joining.theta": 30})


def test_the_run_is_loud_enough_to_read(run):
    assert run.recorder.hourly["fighting"].max() >= 50
    assert any(p["observed"] for p in run.phases)


def test_summary_and_harm_count_the_same(run):
    s, hourly = run.summary, run.recorder.hourly
    h = s["harm"]
    assert s["dead"] == h["dead"]["inhabitants_peaceful"] + h["dead"]["inhabitants_fighting"]
    assert s["injured"] == h["injured"]["inhabitants_peaceful"] + h["injured"]["inhabitants_fighting"]
    assert s["detained"] == h["detained"]["total"] == h["detained"]["on_the_street"] + h["detained"]["from_home"]
    assert h["detained"]["from_home"] == int(hourly["taken"].sum())
    assert h["dead"]["total"] >= s["dead"]
    for name, total in (("dead", s["dead"]), ("injured", s["injured"]), ("detained", h["detained"]["total"])):
        assert sum(h["by_day"][name]) == total
        assert sum(x[name] for x in h["by_region"].values()) == total
    assert json.loads(json.dumps(s))["ending"]["title"] == run.ending.title
    assert [p["phase"] for p in s["phases"]] == list(PHASES)


def test_events_count_what_the_hours_count(run):
    e, hourly = run.events.to_pandas(), run.recorder.hourly
    for kind, name in (
        ("injuries", "injured"), ("deaths", "dead"), ("arrests", "arrested"), ("taken from home", "taken"),
        ("looting", "looted"), ("security disarmed", "security_disarmed"), ("injuries of security", "security_injured"),
        ("deaths of security", "security_dead"), ("arms captured", "arms_lost"), ("arson", "burnt"),
    ):  # fmt: skip
        assert e.loc[e["kind"] == kind, "value"].sum() == hourly[name].sum(), kind
    lost = int(((hourly["site_held"][:-1] > 0) & (hourly["site_held"][1:] == 0)).sum())
    assert (e["kind"] == "site lost").sum() == lost + int((hourly["site_held"][0] == 0).sum())
    assert e["hour"].is_monotonic_increasing


def test_events_stay_few(run):
    per_day = run.events.num_rows / (run.summary["hours"] / 24)
    assert per_day < 40 * run.simulation.world.places


def test_every_course_is_as_long_as_the_run_and_finite(run):
    drawn = courses(run.reading, run.phases)
    assert set(drawn) == set(COURSES) == set(PHASES)
    for phase, pictures in drawn.items():
        assert pictures, phase
        for course in pictures:
            assert course.lines, phase
            for line in course.lines.values():
                assert len(line) == run.simulation.step
                assert np.isfinite(line).all()


def test_organs_add_up_to_all(run):
    *organs, everyone = by_organ(run.reading)
    for key in ("units", "dead", "injured", "disarmed"):
        assert sum(row[key] for row in organs) == everyone[key]
    assert everyone["dead"] == run.harm["dead"]["security"]
    assert everyone["injured"] == run.harm["injured"]["security"]
    for row in organs:
        assert row["on_duty"] <= row["strength"]


def test_a_quiet_run_has_no_phase_of_the_street(quiet):
    seen = {p["phase"] for p in quiet.phases if p["observed"]}
    street = {
        "small protests contained", "march on the main square", "police beaten and disarmed", "city lost",
        "second wave", "looting", "live fire", "calm", "forces passive",
    }  # fmt: skip
    assert not seen & street
    assert quiet.ending.ending == "calm"
    assert quiet.ending.relapse == "no calm"
    assert quiet.harm["dead"]["total"] == 0


@pytest.mark.parametrize(
    ("off", "phase"),
    [(("looting",), "looting"), (("fighting",), "second wave"), (("marches",), "march on the main square"),
     (("allies",), "allied troops arrive"), (("engagement",), "police beaten and disarmed")],
)  # fmt: skip
def test_without_its_mechanism_a_phase_does_not_come(off, phase):
    without = gs.run("tiny", seed=3, set=LOUD, off=off)
    assert not next(p for p in without.phases if p["phase"] == phase)["observed"]


def test_an_interrupted_reading_tells_the_ending_so_far():
    half = gs.run("tiny", seed=3, set={"joining.theta": 30}, until="2030-03-05T00:00")
    assert (half.ending.ending, half.ending.so_far) == ("not decided yet", "calm")
