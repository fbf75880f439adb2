"""Whole runs: off is strength zero, no influence is independence, people are conserved, order is nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp

import groundswell as gs
from domains.harness import HARBOUR, MILLTOWN, case_with, changed, pinned, tiny
from groundswell.domains import all_mechanisms
from groundswell.domains.street.people import People
from groundswell.engine.tables import DEAD, HELD, HOME, INJURED, RESTING, STREET
from groundswell.play.change import Change
from groundswell.play.plan import Plan
from groundswell.play.run import prepare
from groundswell.world.world import World, build

RESTLESS = {"joining.theta": 9.0, "forces.on_duty": 0.6, "measures.emergency_posture": 2.0}
NO_TIES = {"ties.household": 0.0, "ties.work_unit": 0.0, "ties.neighbourhood": 0.0}


@pytest.fixture(scope="module")
def harsh(tmp_path_factory) -> World:
    """The tiny case with an emergency everywhere from the third day, under which police use batons."""

    def add(rows):
        row = {**rows[0], "measure": "emergency", "kind": "emergency", "scope": "*", "value": "", "unit": ""}
        return [*rows, {**row, "start_local": "2030-03-03T12:00", "end_local": "2030-03-06T00:00"}]

    return build(case_with(tmp_path_factory.mktemp("w") / "c", {"measures.csv": add}))


def play(world: World, seed: int = 1, **kwargs):
    kwargs["set"] = pinned() | RESTLESS | kwargs.get("set", {})
    return gs.run(world.case, world=world, seed=seed, **kwargs)


def what_people_did(run, but: str = "") -> dict[str, np.ndarray]:
    """Everything recorded, except what one mechanism alone writes for itself."""
    own = {v.name for v in all_mechanisms()[but].writes} if but else set()
    kept = run.recorder.hourly | run.recorder.daily
    return {k: v for k, v in kept.items() if k not in own}


def assert_same(a, b, but: str = "") -> None:
    left, right = what_people_did(a, but), what_people_did(b, but)
    for name in left:
        np.testing.assert_array_equal(left[name], right[name], name)


ZEROS = [
    ("news", {"news.b_news": 0.0}),
    ("ties", NO_TIES),
    ("backlash", {"backlash.strength": 0.0, "consent.by_harm": 0.0}),
    ("spark", {"spark.strength": 0.0}),
    ("concession", {"concession.strength": 0.0, "concession.signal": 0.0}),
    ("risk", {"risk.aversion": 0.0, "strikes.end_by_deterrence": 0.0}),
    ("hardship", {"hardship.loss_weight": 0.0}),
    ("strikes", {"strikes.base": 0.0}),
    ("fighting", {f"fighting.{k}": 0.0 for k in ("own", "by_force", "under_fire")}),
    ("looting", {"looting.rate": 0.0}),
]


@pytest.mark.parametrize(("name", "zero"), ZEROS, ids=[n for n, _ in ZEROS])
def test_off_equals_strength_zero_to_the_bit(harsh, name, zero):
    low = {"joining.theta": 5.0}  # people come out even where nothing sparks it
    off, none, on = play(harsh, off=[name], set=low), play(harsh, set=low | zero), play(harsh, set=low)
    assert off.summary["joins"] > 100
    assert_same(off, none, but=name)
    if name != "hardship":  # a few days of hardship move nobody within the resolution of this case
        assert off.summary["digest"] != on.summary["digest"]


def test_every_mechanism_can_be_off(harsh):
    for name in all_mechanisms():
        assert play(harsh, off=[name], until="2030-03-04T00:00").summary["hours"] == 72


def test_without_influence_places_are_independent(tmp_path):
    """A dearer fuel on the coast changes nothing in the valley, to the bit; with influence it does."""
    dearer = changed(lambda r: r["price"] == "80", price="160")
    measure = changed(lambda r: r["value"] == "80", value="160")
    other = build(case_with(tmp_path / "c", {"prices.csv": dearer, "measures.csv": measure}))
    apart = {"joining.theta": 4.0, "joining.b_local": 0.0, "news.b_news": 0.0, "backlash.strength": 0.0}
    a, b = (play(w, set=apart, off=["ties"]) for w in (tiny(), other))
    joined = [r.recorder.hourly["joined"] for r in (a, b)]
    assert joined[0][:, MILLTOWN:].sum() > 50
    np.testing.assert_array_equal(joined[0][:, MILLTOWN:], joined[1][:, MILLTOWN:])
    assert joined[1][:, HARBOUR].sum() > 2 * joined[0][:, HARBOUR].sum()
    c, d = (play(w, set={"joining.theta": 8.0}) for w in (tiny(), other))
    assert (c.recorder.hourly["joined"] != d.recorder.hourly["joined"])[:, MILLTOWN:].any()


@pytest.mark.parametrize("seed", [1, 2])
def test_people_are_conserved_every_hour(harsh, seed):
    plan = Plan("tiny", seed=seed, change=Change(set=pinned() | RESTLESS | {"leaving.hold_h": 24.0}))
    simulation, _, steps = prepare(plan, harsh.case, world=harsh)
    adults, before = harsh.adults, np.zeros(6, int)
    for _ in range(steps):
        simulation.advance()
        s, records = simulation.state, simulation.of(People).crowd.records()
        by_state = np.zeros((6, 7), int)
        np.add.at(by_state, (records["place"], records["state"]), 1)
        np.testing.assert_array_equal(by_state[:, STREET], s.on_street)
        np.testing.assert_array_equal(by_state[:, HELD], s.held)
        np.testing.assert_array_equal(by_state[:, INJURED], s.recovering)
        np.testing.assert_array_equal(by_state[:, DEAD], s.dead_so_far)
        assert set(np.unique(records["state"])) <= {HOME, STREET, RESTING, HELD, INJURED, DEAD}
        assert len(np.unique(records["id"])) == len(records)
        away = by_state[:, [STREET, RESTING, HELD, INJURED, DEAD]].sum(axis=1)
        at_home = adults - away  # those without a record have never left home
        assert (at_home >= by_state[:, HOME]).all()
        gone = s.left + s.dispersed + s.arrested + s.injured + s.dead
        np.testing.assert_array_equal(s.on_street - before, s.joined - gone)
        assert (s.joined_by_tie <= s.joined).all()
        before = s.on_street.copy()
    groups = simulation.of(People).roster.group_at_risk[records["group"]]
    assert (groups == 1).all()  # no children
    hourly = play(harsh, seed).recorder.hourly
    assert min(hourly[k].sum() for k in ("arrested", "injured", "dispersed", "left")) > 0


def test_no_force_no_arrests_no_injuries(harsh):
    hourly = play(harsh, off=["forces"], set={"joining.theta": 7.0}).recorder.hourly
    assert hourly["on_street"].sum(axis=1).max() > 1000
    for name in ("arrested", "injured", "dead", "dispersed", "held", "injured", "backlash", "deterrence"):
        assert hourly[name].sum() == 0


def test_below_one_there_is_no_wave_and_above_there_is():
    quiet = [play(tiny(), seed, set={"joining.theta": 12.4}) for seed in range(1, 6)]
    for run in quiet:
        assert run.recorder.daily["reproduction"].max() < 1
        assert run.summary["peak_on_street"] < 0.001 * 60_000
        assert not run.onset()
    wave = play(tiny(), set={"joining.theta": 9.0})
    assert wave.recorder.daily["reproduction"].max() > 1
    assert wave.summary["peak_on_street"] > 0.01 * 60_000


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory) -> World:
    """The same country with its places, regions and forces listed the other way round."""
    back = lambda rows: rows[::-1]  # noqa: E731
    tables = ("places.csv", "regions.csv", "forces.csv")
    return build(case_with(tmp_path_factory.mktemp("p") / "c", dict.fromkeys(tables, back)))


def test_the_order_of_places_does_not_matter_to_mechanisms(mirrored):
    """Everything that is no draw agrees place by place, for a quiet day and for a given crowd."""
    from domains.harness import Bench

    drawn = {"strikes", "employers", "loyalty", "people"}
    names = [n for n in all_mechanisms() if n not in drawn]
    a, b = Bench(*names), Bench(*names, world=mirrored)
    assert b.w.place_id == a.w.place_id[::-1]
    crowd = np.array([120, 40, 3, 70, 0, 9])
    for step in range(60):
        left, right = a.step(step, on_street=crowd), b.step(step, on_street=crowd[::-1])
    assert (left.spark > 0).any()
    for name in (
        "spark",
        "hardship",
        "news",
        "risk",
        "cost",
        "hour_factor",
        "leave_factor",
        "force_effective",
        "price",
    ):
        np.testing.assert_allclose(getattr(left, name), getattr(right, name)[::-1], rtol=1e-6, atol=1e-12)
    for kind in ("trade", "farming", "pensioner"):
        for p in range(6):
            one, two = a.group(p, kind), b.group(5 - p, kind)
            np.testing.assert_allclose(left.join_hazard[one], right.join_hazard[two], rtol=1e-6)
            # rounding of cells
            assert abs(int(a.w.cells.groups.size[one]) - int(b.w.cells.groups.size[two])) <= 3
    assert float(left.reproduction) == pytest.approx(float(right.reproduction), rel=1e-6)


@pytest.mark.statistical
def test_the_order_of_places_does_not_matter_to_totals(mirrored):
    def totals(world, seeds):
        return [play(world, s, until="2030-03-04T00:00").summary["joins"] for s in seeds]

    assert ks_2samp(totals(tiny(), range(1, 31)), totals(mirrored, range(101, 131))).pvalue > 0.001
