"""The bundled claims are whole, counted and checked; a file with mistakes is told all of them at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import groundswell as gs
from groundswell.case import CaseError
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import resolve
from groundswell.play.apply import change_measures, govern
from groundswell.study.pairs.claims import DIRECTIONS, find_claim, load_claims
from groundswell.study.pairs.experiment import Experiment
from groundswell.study.pairs.words import listing
from groundswell.world.world import build

ROOT = Path(__file__).parents[3]
RUNNABLE = 80
ALLIANCE = "accounts of the alliance"


@pytest.fixture(scope="module")
def case():
    return gs.load("kazakhstan-2022")


@pytest.fixture(scope="module")
def claims(case):
    return load_claims(case)


def test_all_172_claims_stand_there_once_and_so_many_are_runnable(claims):
    numbered = [c for c in claims if not c.group]
    assert [c.id for c in numbered] == [f"CC{i:03}" for i in range(1, 173)]
    assert sum(c.runnable for c in numbered) == RUNNABLE
    assert listing(claims).splitlines()[-1] == f"{RUNNABLE} of 172 runnable"


def test_the_page_lists_the_claims_on_these_months_that_have_no_experiment(claims):
    page = (ROOT / "docs" / "ask.md").read_text(encoding="utf-8").split("<!-- months -->")[1].split("<!-- end -->")[0]
    listed = dict(re.findall(r"^\| (CC\d+) \| (.+) \|$", page, re.M))
    assert len(listed) == 10
    assert listed == {c.id: c.missing for c in claims if c.id in listed and not c.runnable}


def test_the_five_accounts_of_the_alliance_are_claims(claims):
    assert [(c.id, c.runnable) for c in claims if c.group == ALLIANCE] == [
        ("C1", True), ("C2", True), ("C3", False), ("C4", True), ("C5", False),
    ]  # fmt: skip


def test_every_claim_has_its_source_and_is_runnable_or_says_what_is_missing(claims, case):
    for c in claims:
        assert c.source in case.texts and re.fullmatch(r"[\d;, -]+", c.lines), c.id
        assert c.type in ("causal", "counterfactual", "attribution", "forecast"), c.id
        assert bool(c.missing) != bool(c.slug), c.id
        if c.runnable:
            assert c.expect in DIRECTIONS and c.least > 0 and len(c.least_reason) > 5, c.id


def test_most_claims_are_not_true_by_construction(claims):
    runnable = [c for c in claims if c.runnable]
    assert sum(bool(c.assumed) for c in runnable) < len(runnable) / 2
    assert all(len(c.assumed) > 20 for c in runnable if c.assumed)


def test_every_experiment_has_plans_that_the_case_takes(claims, case):
    from groundswell.study.pairs.asking import accounts_of

    accounts, world, mechanisms = accounts_of(case), build(case, 0.002), list(all_mechanisms().values())
    for c in claims:
        if not c.runnable:
            continue
        e = Experiment(case, c, accounts, people_scale=0.002, world=world)
        plain, stages = e.plans(0, None)
        for plan, there in ((plain, e.worlds[0]), *((plan, e.worlds[1]) for _, plan in stages)):
            resolve(mechanisms, there.case, plan.change.set)  # these raise for what the case does not know
            change_measures(govern(there, plan.change.government), plan.change.measures)
        changed = stages[-1][1]
        assert changed != plain or e.worlds[0] is not e.worlds[1], c.id


def test_a_claim_is_found_by_id_or_slug_and_one_without_an_experiment_says_why(claims):
    assert find_claim(claims, "no-alliance") is find_claim(claims, "CC054")
    with pytest.raises(CaseError, match="other countries"):
        find_claim(claims, "CC172")
    with pytest.raises(CaseError, match="did you mean 'no-alliance'"):
        find_claim(claims, "no-aliance")


GOOD = """
[mine]
slug = "mine"
statement = "A claim of my own."
expect = "rises"
least = 5
least_reason = "because"
change = { measures = { harbour-cordon = "none" } }
outcome = "peak"
"""
CHANGE, OUTCOME = 'change = { measures = { harbour-cordon = "none" } }', 'outcome = "peak"'
BAD = [
    (CHANGE, "", "mine.change: given nothing"),
    (CHANGE, 'change = { measures = { moat = "none" } }', "mine.change.measures.moat"),
    (CHANGE, 'change = { measures = { harbour-cordon = "soon" } }', "a local time such as"),
    (CHANGE, 'change = { measures = { fuel-offer = "version:nobody" } }', "a newspaper"),
    (CHANGE, 'change = { measures = { fuel-price-freed = "respond" } }', "ladder.csv"),
    (CHANGE, "change = { set = { joining.thet = 3 } }", "mine.change.set"),
    (CHANGE, 'change = { set = { "joining.thet" = 3 } }', "did you mean 'theta'"),
    (CHANGE, 'change = { set = { "engagement.lethality" = 3 } }', "a finite number at least 0, at most 1"),
    (CHANGE, 'change = { set = { "engagement.lethality" = [0.1, 0.2] } }', "never searches"),
    (CHANGE, 'change = { set = { "valve.spread" = 0.1 }, at = "2030-03-03T00:00" }', "shapes the start"),
    (CHANGE, 'change = { off = ["new"] }', "did you mean 'news'"),
    (CHANGE, 'change = { elements = ["plot"] }', "mine.change.elements"),
    (CHANGE, 'change = { stay_home = ["moon"] }', "mine.change.stay_home"),
    (CHANGE, 'change = { government = "none" }', "scripted, responsive"),
    (CHANGE, 'change = { off = ["news"], at = "2029-01-01T00:00" }', "after the start"),
    (CHANGE, 'change = { stay_home = ["coast"], at = "2030-03-03T00:00" }', "change from the start"),
    (CHANGE, 'change = { data = [{ table = "places", column = "population_people", to = 1 }] }', "data.column"),
    (CHANGE, 'change = { data = [{ table = "places", column = "goods_index", to = [1, 2] }] }', "never searches"),
    (CHANGE, 'change = { wish = 1 }', "mine.change.wish"),
    (CHANGE, 'both = { off = ["news"], at = "2030-03-03T00:00" }\n' + CHANGE, "mine.both.at"),
    (OUTCOME, 'outcome = "happiness"', "mine.outcome.name"),
    (OUTCOME, 'outcome = { name = "peak", scope = ["moon"] }', "mine.outcome.scope"),
    (OUTCOME, 'outcome = { name = "peak", from = "never" }', "mine.outcome.from"),
    (OUTCOME, 'outcome = { name = "peak", from = "2030-03-08T00:00" }', "before the experiment ends"),
    (OUTCOME, 'outcome = { name = "peak", from = "2030-03-03T00:00", until = "2030-03-02T00:00" }', "a time after"),
    (OUTCOME, 'outcome = { name = "peak", minimise = true }', "never searches"),
    (OUTCOME, 'outcome = { name = "ending" }', "mine.outcome.endings"),
    (OUTCOME, 'outcome = { name = "peak", endings = ["calm"] }', "except for the outcome ending"),
    ("least = 5", "least = 0", "mine.least"),
    ('least_reason = "because"', "", "mine.least_reason"),
    ('expect = "rises"', 'expect = "grows"', "mine.expect"),
    ('expect = "rises"', 'expect = "rises"\nminimise = "dead"', "never searches"),
    ('expect = "rises"', 'expect = "rises"\nsearch = "forces"', "never searches"),
    ('expect = "rises"', 'expect = "rises"\nsource = "moon"', "mine.source"),
    ('expect = "rises"', 'expect = "rises"\nuntil = "2031-01-01T00:00"', "mine.until"),
    ('expect = "rises"', 'expect = "rises"\nmissing = "all of it"', "nothing beside `missing`"),
    ('statement = "A claim of my own."', "", "mine.statement"),
    ('slug = "mine"', 'slug = "no-doubling"', "no other claim has"),
]  # fmt: skip


def mine(tmp_path, text):
    (tmp_path / "claims.toml").write_text(text, encoding="utf-8")
    return load_claims(gs.load("tiny"), tmp_path)


def test_a_claim_of_ones_own_stands_beside_the_case_s(tmp_path):
    assert [c.id for c in mine(tmp_path, GOOD)] == ["T1", "T2", "T3", "mine"]


def test_claims_of_the_current_folder_are_no_account(tmp_path, monkeypatch):
    from groundswell.study.pairs.asking import accounts_of

    tiny = gs.load("tiny")
    known = set(accounts_of(tiny).accounts)
    mine(tmp_path, GOOD)
    monkeypatch.chdir(tmp_path)
    assert set(accounts_of(tiny).accounts) == known


@pytest.mark.parametrize(("old", "new", "told"), BAD, ids=[t for _, _, t in BAD])
def test_a_mistake_is_told_with_file_and_place(tmp_path, old, new, told):
    assert old in GOOD
    with pytest.raises(CaseError) as caught:
        mine(tmp_path, GOOD.replace(old, new))
    assert told in str(caught.value) and str(caught.value).startswith("./claims.toml")


def test_all_mistakes_are_told_at_once(tmp_path):
    text = GOOD.replace('expect = "rises"', 'expect = "grows"').replace("least = 5", "least = -1")
    text = text.replace(OUTCOME, 'outcome = "happiness"').replace("harbour-cordon", "moat")
    with pytest.raises(CaseError) as caught:
        mine(tmp_path, text)
    assert len(caught.value.problems) == 4
