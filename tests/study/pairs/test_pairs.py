"""Pairs: equal arms give nothing, known changes give what they must, and a shared past changes nothing to the bit."""

from __future__ import annotations

import json

import numpy as np
import pytest

import groundswell as gs
from groundswell.accounts import load as load_accounts
from groundswell.case import CaseError
from groundswell.observe.outcomes import OUTCOMES, Asked
from groundswell.play.apply import change_data
from groundswell.play.change import Cells, Change, as_options
from groundswell.play.checks import Known, mistakes
from groundswell.play.folder import Request, perform
from groundswell.play.run import Run, play, prepare
from groundswell.study.pairs.asking import BASE, Weights, put_to_test
from groundswell.study.pairs.claims import Claim
from groundswell.study.pairs.experiment import OUTCOME, Experiment, drawn, play_together

RESTLESS = {"joining.theta": 8.0, "leaving.hold_h": 24.0, "engagement.arrests_cordon": 0.05, "fighting.own": 0.05}
AT = "2030-03-03T12:00"


@pytest.fixture(scope="module")
def tiny():
    return gs.load("tiny")


def claim(change: Change, outcome: str = "came_out", both: Change | None = None, **asked) -> Claim:
    return Claim("X", "A claim.", both=both or Change(set=RESTLESS), change=change, outcome=Asked(outcome, **asked))


def base_and_changed(case, c: Claim, **options):
    e = Experiment(case, c, **options)
    plain, stages = e.plans(0, None)
    simulation, recorder, steps = prepare(plain, case, 1, e.worlds[0])
    other = e.changed(simulation, recorder, stages, e.worlds[1])
    play(simulation, recorder, steps)
    return recorder.digest(steps), other.recorder.digest(other.simulation.step), stages


def test_equal_arms_differ_in_nothing_that_can_be_looked_at(tiny):
    """A parameter set to the value that it has: every outcome there is, and most of them not empty."""
    e = Experiment(tiny, claim(Change(set={"leaving.hold_h": 24.0})))
    plain, stages = e.plans(0, None)
    simulation, recorder, steps = prepare(plain, tiny, 1, e.worlds[0])
    other = e.changed(simulation, recorder, stages, e.worlds[1]).reading
    play(simulation, recorder, steps)
    this = Run(plain, simulation, recorder, 0.0, 0.0).reading
    values = {}
    for name in OUTCOMES:
        asked = Asked(name, endings=("calm",) if name == "ending" else ())
        values[name] = asked.value(this)
        assert np.array_equal(values[name], asked.value(other), equal_nan=True), name
    assert sum(np.isfinite(v) and v != 0 for v in values.values()) > len(OUTCOMES) / 2, values


def test_equal_arms_differ_in_nothing_in_any_pair_and_from_any_hour(tiny):
    c = claim(Change(set={"leaving.hold_h": 24.0}, at=AT), "person_hours")
    pairs = [Experiment(tiny, c).pair(i) for i in range(3)]
    assert all(p.without == p.with_ and p.shared_h > 48 for p in pairs)
    assert len({p.without[OUTCOME] for p in pairs}) == 3


def test_nobody_comes_out_where_nobody_can(tiny):
    pair = Experiment(tiny, claim(Change(set={"joining.ceiling": 0.0, "ties.household": 0.0}))).pair(0)
    assert pair.without[OUTCOME] > 0 and pair.with_[OUTCOME] == 0.0
    pair = Experiment(tiny, claim(Change(stay_home=("coast",)), scope=("coast",))).pair(0)
    assert pair.without[OUTCOME] > 0 and pair.with_[OUTCOME] == 0.0


def test_a_cost_is_known_to_the_cent(tiny):
    """A flat rise of what a held price costs multiplies the cost, when nothing else is spent."""
    quiet = Change(
        set={**RESTLESS, "treasury.overtime": 0.0, "treasury.network_loss_share": 0.0, "treasury.paid_share": 0.25}
    )
    pair = Experiment(tiny, claim(Change(set={"treasury.paid_share": 0.5}), "cost", quiet)).pair(0)
    assert pair.without[OUTCOME] > 0
    assert pair.with_[OUTCOME] == pytest.approx(2 * pair.without[OUTCOME], rel=1e-6)


def test_a_moved_measure_gives_the_run_played_alone(tiny):
    """To the bit: the past is played once, and both arms equal two runs from the start."""
    measures = {"harbour-cordon": "none", "fuel-offer": "2030-03-03T20:00"}
    a, b, stages = base_and_changed(tiny, claim(Change(measures=measures)))
    assert 30 < stages[0][0] < 60
    assert a == gs.run(tiny, seed=1, set=RESTLESS).summary["digest"]
    assert b == gs.run(tiny, seed=1, set=RESTLESS, measures=measures).summary["digest"] != a


def test_a_change_on_the_way_gives_the_branch_on_disk(tiny, tmp_path):
    """To the bit, with a measure that changes before and one parameter after it."""
    change = Change(set={"leaving.hazard": 0.4}, off=("news",), at=AT)
    _, b, _ = base_and_changed(tiny, claim(change))
    settings = tuple(f"{k}={v}" for k, v in RESTLESS.items())
    perform(Request("tiny", set=settings, out=tmp_path / "a", report=False, quiet=True))
    branch = Request(
        "tiny", set=("leaving.hazard=0.4",), off=("news",), branch=f"{tmp_path / 'a'}@{AT}", out=tmp_path / "b",
        report=False, quiet=True,
    )  # fmt: skip
    assert b == perform(branch)[1]["digest"]


@pytest.mark.parametrize("moved", ["2030-03-03T09:00", "2030-03-04T09:00"])
def test_measures_and_parameters_may_begin_at_different_hours(tiny, moved):
    """A parameter set to what it is changes nothing beside a measure, whichever comes first."""
    measures = {"fuel-price-cut": moved}
    alone = base_and_changed(tiny, claim(Change(measures=measures)))[1]
    both = base_and_changed(tiny, claim(Change(measures=measures, set={"leaving.hold_h": 24.0}, at="2030-03-03T20:00")))
    assert both[1] == alone and len(both[2]) == 2


def test_pairs_do_not_depend_on_what_is_played_beside_them(tiny):
    both = [claim(Change(measures={m: "none"}), "peak") for m in ("coast-curfew", "harbour-cordon")]
    both.append(claim(Change(set={"leaving.hazard": 0.4}), "peak"))
    together = play_together([Experiment(tiny, c) for c in both], 1)
    assert together == [Experiment(tiny, c).pair(1) for c in both]


def test_only_equal_runs_without_the_change_are_shared(tiny):
    other = claim(Change(measures={"coast-curfew": "none"}), both=Change(set={"joining.theta": 9.0}))
    with pytest.raises(ValueError, match="run without the change"):
        play_together([Experiment(tiny, claim(Change(off=("news",)))), Experiment(tiny, other)], 0)


@pytest.mark.slow
def test_answers_do_not_depend_on_the_number_of_processes(tiny):
    c = claim(Change(measures={"fuel-price-freed": "none"}), "peak")
    weights = Weights({BASE: 1.0}, "")
    one, two = (put_to_test(tiny, c, weights, runs=3, seed=5, workers=w, people_scale=0.2) for w in (1, 2))
    assert json.dumps(one.to_json()) == json.dumps(two.to_json())
    assert [p.seed for p in one.pairs] == [5, 6, 7]


def test_data_change_cells_and_nobody_else(tiny):
    changes = [
        Cells("enterprises", "strike_memory_index", to=0.0),
        Cells("prices", "price", {"item": ["food"]}, times=2),
    ]
    changed = change_data(tiny, changes)
    assert not changed.tables["enterprises"].column("strike_memory_index").any()
    old, new = (c.tables["prices"] for c in (tiny, changed))
    food = old.column("item") == "food"
    assert np.array_equal(new.column("price"), np.where(food, 2, 1) * old.column("price"))
    assert change_data(tiny, []) is tiny


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (Cells("persons", "age", to=1.0), "table"), (Cells("places", "population_people", to=1.0), "column"),
        (Cells("places", "renter_share"), "one of them"), (Cells("places", "renter_share", to=1.5), "0 to 1"),
        (Cells("places", "renter_share", {"place": ["atlantis"]}, to=0.5), "rows of places.csv"),
        (Cells("places", "renter_share", {"planet": ["x"]}, to=0.5), "place"),
        (Cells("offices", "faction", to="nobody"), "one of"), (Cells("prices", "price", to=float("inf")), "finite"),
    ],
)  # fmt: skip
def test_bad_changes_of_data_are_told(tiny, change, word):
    (told,) = as_options(mistakes(Change(data=(change,)), Known(tiny)))
    assert told.file == "--data" and word in str(told)


def test_an_element_is_off_without_the_change_and_on_with_it_whatever_the_account_says():
    case = gs.load("kazakhstan-2022")
    accounts = load_accounts(case)
    e = Experiment(case, claim(Change(elements=("armed-cells",)), both=Change()), accounts)
    people = "organised_groups.armed_people"
    for account in (None, "armed-cells", "uprising"):
        plain, ((hour, changed),) = e.plans(3, account)
        assert hour == 0.0 and people not in plain.change.set and changed.change.set[people] > 0
    on = drawn(accounts, "armed-cells", 1, 3)
    assert e.plans(3, "armed-cells")[1][0][1].change.set[people] == on.settings[people]
    assert drawn(accounts, "armed-cells", 1, 3) == on != drawn(accounts, "armed-cells", 1, 4)
    assert not set(on.settings) & set(accounts.shared)


def test_a_pair_that_fails_is_told_with_its_cause(tiny, monkeypatch):
    monkeypatch.setattr(Experiment, "pair", lambda *_: 1 / 0)
    with pytest.raises(CaseError, match="number 0 under common base, which failed: ZeroDivisionError"):
        put_to_test(tiny, claim(Change(off=("news",))), Weights({BASE: 1.0}, ""), runs=2, people_scale=0.2)
