"""The pure parts of the study of passivity: what is seen, its summaries, their coarsening, labels, designs, counts."""

import json
from collections import Counter
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from tools import passivity_record as record
from tools import passivity_text as printed
from tools import study_passivity as study

from groundswell.observe.phases import PASSIVE

HOURS, TOWNS = 40, 3
ALMATY, CAPITAL, OTHER = range(TOWNS)
ORGANS = ("police", "guard", "army", "security", "allied")
POLICE, GUARD, SECURITY = (ORGANS.index(k) for k in ("police", "guard", "security"))


class Exact:
    """Draws of a record without error and without gaps."""

    def standard_normal(self, shape):
        return np.zeros(shape)

    def random(self, shape):
        return np.ones(shape)


@pytest.fixture
def quiet():
    """Three towns with a crowd and 100 of each organ on duty."""
    cells, units = (HOURS, TOWNS), (HOURS, TOWNS, len(ORGANS))
    here = np.arange(TOWNS)
    return record.Seen(
        idle=np.zeros(units), force=np.full(units, 100.0), away=np.zeros(cells), over=np.zeros(cells),
        relief=np.zeros(cells), crowd=np.full(cells, 1_000.0), fighting=np.zeros(cells), sites_lost=np.zeros(HOURS),
        almaty=here == ALMATY, capital=here == CAPITAL, removal_h=20.0, arrest_h=25.0,
    )  # fmt: skip


@pytest.fixture
def two_spells(quiet):
    """Police of Almaty do nothing from 10 to 16, all security of the other town from 12 to 30."""
    quiet.idle[10:16, ALMATY, POLICE] = 60
    quiet.idle[12:30, OTHER, SECURITY] = 100
    quiet.away[12:30, OTHER] = 50
    quiet.fighting[8:12, OTHER] = 80
    quiet.relief[14:, ALMATY] = 40
    quiet.over[20:, OTHER] = 12
    quiet.sites_lost[5:9] = 3
    return quiet


def test_passive_is_half_of_an_organ_and_twenty_people(quiet):
    quiet.idle[5, ALMATY, POLICE], quiet.idle[6, ALMATY, POLICE] = 49, 50
    quiet.force[7, ALMATY, GUARD], quiet.idle[7, ALMATY, GUARD] = 19, 19
    assert np.argwhere(record.passive_cells(quiet)).tolist() == [[6, ALMATY, POLICE]]


def test_passive_is_seen_where_a_crowd_was_lately(quiet):
    quiet.idle[:, OTHER, POLICE] = 100
    quiet.crowd[:] = 0
    quiet.crowd[10, OTHER] = 50
    seen = record.passive_cells(quiet)[:, OTHER, POLICE]
    assert np.flatnonzero(seen).tolist() == list(range(10, 10 + record.RECENT_H))


def test_spells_begin_and_end(two_spells):
    found = record.spells(record.passive_cells(two_spells))
    assert found.tolist() == [[10, 16, ALMATY], [12, 30, OTHER]]
    assert record.spells(np.ones((4, 1, 1), bool)).tolist() == [[0, 4, 0]]


def test_summaries_by_hand(two_spells):
    found = record.summaries(two_spells)
    assert list(found) == list(record.SUMMARIES)
    hours = 6 * 60 + 18 * 100
    expected = {
        "police": 360 / hours, "guard": 0, "security": 1800 / hours, "almaty": 360 / hours, "capital": 0,
        "depth_almaty": 60 / 500, "depth_elsewhere": 100 / 500, "after_clash_h": 2, "after_removal_h": -10,
        "at_night": 0, "towns_at_once": 2, "together": 1, "length_h": 12, "ends_relief": 0.5, "ends_arrest": 0.5,
        "crowd_ratio": 2, "fought_h": 2, "out_of_sight": 50 * 18 / hours, "fraternisation": 1, "sites_lost": 3,
    }  # fmt: skip
    assert found == pytest.approx(expected)


def test_unfinished_spells_end_with_nothing(quiet):
    quiet.idle[22:, OTHER, POLICE] = 100
    found = record.summaries(replace(quiet, arrest_h=HOURS - 1.0, removal_h=np.nan))
    assert (found["ends_arrest"], found["ends_relief"], found["at_night"]) == (0, 0, 1)
    assert found["length_h"] == HOURS - 22
    assert np.isnan(found["after_clash_h"]) and np.isnan(found["after_removal_h"])


def test_nobody_passive_has_no_summaries(quiet):
    assert record.summaries(quiet) == {}


def reading(logs):
    """Two places in two towns, a unit each: police of Almaty and guard of the capital, which has gone home."""
    steps, units = 4, 2
    series = {
        "unit_place": np.tile([0, 1], (steps, 1)), "unit_on_duty": np.zeros((steps, units)),
        "force_passive": np.tile([10.0, 0.0, 20.0], (steps, 1)), "patron_removed": np.array([0, 0, 1, 1]),
        **{name: np.zeros((steps, 2)) for name in ("gone_over", "on_street", "fighting", "sites_lost")}, **logs,
    }  # fmt: skip
    world = SimpleNamespace(
        town=np.array([0, 1]), region=np.array([0, 1]), region_id=["ala", "ast"], capital=np.array([False, True]),
        places=2,
        units=SimpleNamespace(
            organ=np.array([POLICE, GUARD]), place=np.array([0, 1]), allied=np.array([False, False])
        ),
    )  # fmt: skip
    return SimpleNamespace(
        world=world, steps=steps, series=series.__getitem__, spot_place=np.array([0, 1, 0]),
        spot_kind=np.array(["ground", "ground", "police"]), measures=[],
    )  # fmt: skip


def test_what_is_seen_does_not_depend_on_the_cause():
    people = np.tile([30.0, 70.0], (4, 1))
    idle, gone = np.tile([30.0, 0.0], (4, 1)), np.tile([0.0, 100.0], (4, 1))
    seen = []
    for cause in PASSIVE:
        logs = {f"passive_{c}": people * (c == cause) for c in PASSIVE}
        seen.append(record.observed(reading(logs), idle, gone))
    for other in seen[1:]:
        for field in fields(record.Seen):
            np.testing.assert_array_equal(getattr(seen[0], field.name), getattr(other, field.name))
    assert seen[0].idle[0, 0, POLICE] == 30 and seen[0].idle[0, 1, GUARD] == 70  # of 100 gone, 70 would be on duty
    assert seen[0].away[0].tolist() == [20, 70]
    assert seen[0].removal_h == 2 and np.isnan(seen[0].arrest_h)


def row(**given):
    return np.array([[given.get(name, 0.0) for name in record.SUMMARIES]], float)


def by_name(values):
    return dict(zip(record.SUMMARIES, values[0], strict=True))


def test_coarse_puts_summaries_in_classes():
    exact = row(police=0.3, almaty=1, after_clash_h=-13, towns_at_once=3, crowd_ratio=12, length_h=9, fraternisation=1)
    held = by_name(record.coarse(exact, Exact()))
    assert (held["police"], held["guard"], held["almaty"]) == (2, 0, 4)
    assert (held["after_clash_h"], held["towns_at_once"], held["crowd_ratio"]) == (-2, 1, 3)
    assert (held["length_h"], held["fraternisation"], held["sites_lost"]) == (3, 1, 0)


def test_coarse_keeps_gaps_makes_gaps_and_repeats():
    exact = np.repeat(row(after_clash_h=np.nan, police=0.5), 400, axis=0)
    one, two = (record.coarse(exact, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    names = list(record.SUMMARIES)
    assert np.isnan(one[:, names.index("after_clash_h")]).all()
    assert np.isnan(one[:, names.index("guard")]).mean() == pytest.approx(record.MISSING, abs=0.06)
    assert set(one[~np.isnan(one[:, 0]), 0]) <= {1, 2, 3, 4}  # half of them: an error may move it
    assert np.isnan(record.coarse(exact, np.random.default_rng(1), missing=1.0)).all()


def test_said_is_yes_or_no_and_a_day():
    held = record.coarse(row(police=0.3, depth_elsewhere=0.2, out_of_sight=0.6, after_clash_h=30), Exact())
    assert record.said(held).tolist() == [[1, 0, 0, 0, 1, 1, 0, 1]]
    assert record.said(held, without=("organ", "fraternisation")).tolist() == [[0, 1, 1, 1]]


def test_label_is_the_cause_with_most_hours():
    assert record.label({"exhaustion": 3, "disloyalty": 5, "order": 4}) == "disloyalty"
    assert record.label(dict.fromkeys(PASSIVE, 0)) is None


def test_families_cover_all_summaries():
    assert record.columns() == list(range(len(record.SUMMARIES)))
    assert sorted(record.columns(only=("organ",)) + record.columns(without=("organ",))) == record.columns()


def point_of(kind, which=0.5):
    """The middle of every draw, but for the kind of order and for which regions it is."""
    return [0.5] * (study.DIMENSIONS - 2) + [kind, which]


def test_plans_share_the_nuisance_and_differ_in_strength():
    prior = study.priors()
    plans = {cause: study.plan(cause, point_of(0.99), prior) for cause in PASSIVE}
    for name in study.NUISANCE:
        assert len({put[name] for put, _ in plans.values()}) == 1
    for name, (cause, high) in study.STRENGTHS.items():
        others = [put[name] for other, (put, _) in plans.items() if other != cause]
        assert all((plans[cause][0][name] > x) == high for x in others)
    assert plans["exhaustion"][1] == plans["disloyalty"][1] == {}
    assert plans["order"][1]["kind"] == "country" and plans["order"][0]["factions.start_h"] == study.NEVER_H
    put, order = study.plan("order", point_of(0.1), prior)
    assert order["kind"] == "patron" and put["factions.start_h"] == order["start_h"] == 96


@dataclass
class Places:
    """A world as far as an order to stand by needs it."""

    region: np.ndarray
    region_id: list
    measures: list

    @property
    def places(self):
        return len(self.region)


def test_an_order_reaches_its_scope():
    world, prior = Places(np.arange(20), [*(f"r{k}" for k in range(19)), "ala"], []), study.priors()
    sizes = set()
    for kind, which in [(0.1, 0.5), (0.3, 0.5), (0.9, 0.5), *((0.6, k / 40) for k in range(40))]:
        _, order = study.plan("order", point_of(kind, which), prior)
        changed = study.standing_by(world, order)
        if order["kind"] == "patron":
            assert changed is world
            continue
        (measure,) = changed.measures
        assert measure.kind == "stand_by" and (measure.start_h, measure.end_h) == (order["start_h"], order["end_h"])
        if order["kind"] == "regions":
            sizes.add(int(measure.places.sum()))
        else:
            assert measure.places.sum() == (1 if order["kind"] == "almaty" else 20) and measure.places[19]
    assert sizes == set(range(1, study.MOST_REGIONS + 1))
    assert not world.measures


def test_finished_runs_are_kept_and_not_played_again(tmp_path, monkeypatch):
    played = []

    def play(world, prior, draw, cause, point):
        played.append((draw, cause))
        return {"draw": draw, "meant": cause, "order": ""}

    for name, stand_in in (("play", play), ("build", lambda case: None), ("priors", dict)):
        monkeypatch.setattr(study, name, stand_in)
    kept = tmp_path / "runs.jsonl"
    assert len(study.runs(1, kept)) == len(played) == 3
    rows = study.runs(2, kept)
    assert [(r["draw"], r["meant"]) for r in rows] == played == [(d, c) for d in range(2) for c in PASSIVE]
    assert study.runs(2, kept) == rows and len(played) == 6


@pytest.fixture
def few_trees(monkeypatch):
    """A small forest, where scikit-learn is installed."""
    pytest.importorskip("sklearn")
    monkeypatch.setattr(study, "TREES", 20)


def test_a_cause_that_leaves_a_trace_is_read_and_shuffled_causes_are_not(few_trees):
    rng = np.random.default_rng(0)
    y, draw = np.tile(np.array(PASSIVE), 30), np.repeat(np.arange(30), 3)
    x = rng.standard_normal((90, 4))
    x[:, 0] += 4 * np.tile(np.arange(3), 30)
    assert (study.predicted(x, y, draw) == y).mean() > 0.9
    mixed = rng.permutation(y)
    assert (study.predicted(x, mixed, draw) == mixed).mean() < 0.55


def test_a_run_is_read_without_its_own_draw(few_trees):
    draw = np.repeat(np.arange(12), 3)
    y = np.array(PASSIVE)[draw % 3]  # nothing but the draw tells the label
    guess = study.predicted(draw[:, None].astype(float), y, draw)
    assert (guess == y).mean() < 0.5


def test_matrix_and_intervals():
    y, guess = np.array(["order", "order", "exhaustion"]), np.array(["order", "disloyalty", "exhaustion"])
    assert printed.matrix(y, guess).tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 1]]
    low, high = printed.wilson(8, 10)
    assert (low, high) == pytest.approx((0.4902, 0.9433), abs=1e-4)  # Wilson's interval of 8 in 10
    assert printed.wilson(0, 0) == (0.0, 1.0)
    low, high = study.interval(np.array([1, 1, 1, 0, 0, 0]), np.array([0, 0, 0, 1, 1, 1]))
    assert (low, high) == (0, 1)  # two draws: all right or all wrong


def test_the_page_and_the_report_have_the_numbers_of_the_kept_runs():
    folder = Path(__file__).parents[1] / "docs" / "results"
    rows = [json.loads(line) for line in (folder / "passivity.jsonl").read_text(encoding="utf-8").splitlines()]
    labels = Counter(record.label(r["hours_seen"]) for r in rows if r.get("summaries"))
    found = json.loads(study.IN_PACKAGE.read_text(encoding="utf-8"))
    assert found["runs"] == labels.total() == np.sum(found["matrix"])
    assert [labels[cause] for cause in PASSIVE] == np.sum(found["matrix"], axis=1).tolist()
    page = (folder / "passivity.md").read_text(encoding="utf-8")
    for name, held in ((printed.COARSE, "classes"), (printed.SAID, "said")):
        right, low, high = (f"{found[held][k]:.0%}" for k in ("right", "low", "high"))
        assert f"| {name} | {right} ({low} to {high}) |" in page
    for cause, counts in zip(PASSIVE, found["matrix"], strict=True):
        assert f"| {cause} | {' | '.join(map(str, counts))} |" in page
