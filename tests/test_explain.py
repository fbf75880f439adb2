"""Why a place is in its state: the parts add up to the hazard, looking changes nothing, and bad input is named."""

from __future__ import annotations

import json

import numpy as np
import pytest

from groundswell.case import CaseError
from groundswell.explain import explain, in_words
from groundswell.run import Plan, play, prepare
from groundswell.session import Request, explanation, perform


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return perform(Request("tiny", seed=7, out=tmp_path_factory.mktemp("e") / "run", report=False, quiet=True))[0]


def at(step: int):
    simulation, recorder, _ = prepare(Plan("tiny", seed=7))
    play(simulation, recorder, step)
    return simulation, recorder


@pytest.mark.parametrize("step", [0, 40, 60])
def test_the_parts_make_the_hazard(step):
    simulation, _ = at(step)
    place = simulation.world.place_id.index("flare")
    e = explain(simulation, "flare")
    # At one group the hazard is ceiling * phi(sum of urges - theta) * availability * exp(-sum of costs); a place has
    # several groups, so the check is on each group's own parts, summed by hand.
    s, p = simulation.state, simulation.parameters["joining"]
    groups = np.flatnonzero((simulation.world.group_place == place) & simulation.world.cells.groups.at_risk)
    adults = simulation.world.cells.groups.size[groups]
    phi = 1 / (1 + np.exp(p.theta - s.urge[groups]))
    hazard = s.hour_factor[place] * np.exp(-s.cost[place] - s.group_cost[groups]) * p.ceiling * phi
    assert e["hazard_per_h"] == pytest.approx(np.average(hazard, weights=adults), rel=1e-12)
    assert sum(x["log_hazard"] for x in e["urge"]) == pytest.approx(np.average(s.urge[groups], weights=adults))
    costs = s.cost[place] + np.average(s.group_cost[groups], weights=adults)
    assert sum(x["log_hazard"] for x in e["cost"]) == pytest.approx(-costs)


def test_looking_changes_nothing():
    looked, kept = at(40)
    explain(looked, "flare")
    kept.take(looked)
    play(looked, kept, 72)
    plain, recorder = at(72)
    assert kept.digest(72) == recorder.digest(72)


def test_people_add_up():
    simulation, _ = at(60)
    e = explain(simulation, "harbour")
    gone = e["left"] + e["dispersed"] + e["arrested"] + e["injured"]
    assert e["on_street"] == e["on_street_before"] + sum(e["joined"].values()) - gone


def test_in_words_small_counts_are_not_told():
    simulation, _ = at(40)
    few = [p for p, n in zip(simulation.world.place_id, simulation.state.on_street, strict=True) if 0 < n < 10]
    assert few, "some place has a handful of people out at this hour"
    e = explain(simulation, few[0])
    line = in_words(e, {}).splitlines()[2]
    assert line.startswith("On the street: under 10 at the beginning")
    assert f" {e['on_street_before']} at" not in line


def test_a_run_on_disk_is_explained_from_its_checkpoints(finished):
    data, words = explanation(finished, "harbour", "2030-03-02T22:00")
    assert json.loads(json.dumps(data))["place"] == "harbour"
    for part in ("came out", "threshold", "Police", "news", "spark"):
        assert part in words
    direct, _ = at(46)  # 22:00 on the second day in the case's zone
    assert explain(direct, "harbour") == data


@pytest.mark.parametrize(
    ("place", "when", "named"),
    [("atlantis", "2030-03-02T22:00", "--place"), ("harbour", "noon", "--time"), ("harbour", "2031-01-01", "--time")],
)
def test_bad_input_is_named(finished, place, when, named):
    with pytest.raises(CaseError, match=named):
        explanation(finished, place, when)
