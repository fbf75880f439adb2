"""Why a place is in its state: the parts add up to the hazard, looking changes nothing, and bad input is named."""

from __future__ import annotations

import json

import numpy as np
import pytest

from groundswell.case import CaseError
from groundswell.explain import explain, in_words
from groundswell.explain.force import force, street_fight
from groundswell.explain.rulers import allies, rulers
from groundswell.explain.words import TERMS
from groundswell.play.folder import Request, explanation, perform
from groundswell.play.plan import Plan
from groundswell.play.run import play, prepare


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
    # At one group it is ceiling * phi(sum of urges - theta) * hour * pool left * exp(-sum of costs); a place has
    # several groups, so the check is on each group's own parts, summed by hand.
    s, p = simulation.state, simulation.parameters["joining"]
    groups = np.flatnonzero((simulation.world.group_place == place) & simulation.world.cells.groups.at_risk)
    adults = simulation.world.cells.groups.size[groups]
    phi = 1 / (1 + np.exp(p.theta - s.urge[groups]))
    available = s.hour_factor[place] * s.pool_left[place]
    hazard = available * np.exp(-s.cost[place] - s.group_cost[groups]) * p.ceiling * phi
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


def test_measures_in_force_are_told_the_lasting_ones_after_their_hour():
    def told(step):
        return [m["id"] for m in explain(at(step)[0], "flare")["measures"]]

    assert told(23) == []
    # Early on 5 March the price step and the promise are past their recorded end, and the curfew has begun.
    assert told(96) == ["fuel-price-freed", "governor-appeal", "fuel-offer", "fuel-price-cut", "coast-curfew"]
    assert "coast-curfew" not in told(104)


def test_people_add_up():
    simulation, _ = at(60)
    e = explain(simulation, "harbour")
    gone = e["left"] + e["dispersed"] + e["arrested"] + e["injured"] + e["dead"]
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
    for part in ("came out", "threshold", "Force in the town", "news", "spark", "Those who rule"):
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


@pytest.fixture(scope="module")
def crisis():
    """The harbour at hour 60 with a fight, a lost hall, a unit that stands by and one that has fallen back."""
    simulation, _ = at(60)
    w, s = simulation.world, simulation.state
    harbour, hall = w.place_id.index("harbour"), w.spots.id.index("harbour-hall")
    units = np.flatnonzero(w.units.place == harbour)
    e = explain(simulation, "harbour")
    s.site_held[hall], s.lost_hour[hall], s.burned[hall] = 0.0, 55.0, 1.0
    s.crowd[hall], s.armed[hall], s.force[hall] = [40, 70], 12, 15.0
    s.stand_by[units[0]], s.fallen_back[units[1]], s.fatigue[units[1]] = 1.0, 1.0, 1.3
    s.passive_order[harbour], s.arms_captured[harbour], s.arms_issued_held[harbour] = 60, 14, 3
    s.belief[0], s.stance[1], s.patron_removed[...] = 0.25, 1.0, 1.0
    s.asked[...], s.decided[...] = 50.0, np.nan
    return simulation, {
        **e, "force": force(simulation, harbour, 60.0), "fight": street_fight(simulation, harbour),
        "rulers": rulers(simulation), "allies": allies(simulation, harbour),
    }  # fmt: skip


def test_why_the_force_does_what_it_does(crisis):
    simulation, e = crisis
    f = e["force"]
    waits, fallen = f["units"][:2]
    assert waits["stands_by_order_of"] == simulation.world.factions.name[0]
    assert fallen["fallen_back"]
    assert fallen["fatigue"] == 1.3
    assert f["ordered_by"]["id"] == "harbour-cordon"
    assert f["ordered_by"]["by"] == "recorded measure"
    words = in_words(e, {})
    assert "stands by on the order of" in words
    assert "has fallen back exhausted" in words
    assert "Doing nothing: 60 by order" in words
    assert "from outside it is not seen" in words


def test_loyalty_is_the_sum_of_its_terms(crisis):
    simulation, e = crisis
    loyalty = next(m for m in simulation.mechanisms if m.name == "loyalty")
    terms = loyalty.terms()
    assert set(terms) <= set(TERMS)
    s = simulation.state
    town, there = simulation.world.town[s.unit_place], s.unit_people * (s.unit_target < 0)
    out = np.bincount(loyalty.spot_town, s.crowd.sum(axis=1), loyalty.towns)
    told = loyalty._loyalty(town, out, there, np.bincount(town, there, loyalty.towns))
    assert np.allclose(sum(terms.values()), told, rtol=0, atol=1e-12)
    for u in e["force"]["units"]:
        assert u["loyalty"] == pytest.approx(sum(u["loyalty_terms"].values()))


def test_sites_arms_rulers_and_allies(crisis):
    _, e = crisis
    hall = next(x for x in e["fight"]["sites"] if x["site"] == "Coast administration")
    assert (hall["held_by"], hall["burned"], hall["fighting"], hall["armed"]) == ("the crowd", True, 70, 12)
    words = in_words(e, {})
    assert "Coast administration, held by the crowd (lost at 2030-03-03T" in words
    assert "40 peaceful, 70 fighting, 12 armed" in words
    assert "Firearms in the crowd's hands: 14 captured, under 10 issued." in words
    assert "gives the president 25%, supports" in words
    assert ", waits" in words
    assert "the patron has been removed" in words
    assert "Allies: asked at" in words
    assert "not decided" in words
    assert json.loads(json.dumps(e["rulers"])) == e["rulers"]
