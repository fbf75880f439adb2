"""The commands `claims` and `ask`: harm first, plain refusals, whole folders, accounts by their weights."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import groundswell as gs
from groundswell.case import CaseError
from groundswell.study.pairs.asking import BASE, weights_for
from groundswell.study.pairs.request import AskRequest, perform

QUICK = {"runs": 3, "people_scale": 0.2, "quiet": True}


def said(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "groundswell", *words], capture_output=True, text=True)


def test_claims_end_with_how_many_are_runnable():
    done = said("claims", "tiny")
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "2 of 3 runnable"
    found = json.loads(said("claims", "tiny", "--json").stdout)
    assert [(c["id"], c["runnable"]) for c in found] == [("T1", True), ("T2", True), ("T3", False)]


def test_harm_stands_before_the_outcome_and_the_folder_holds_what_was_said(tmp_path):
    answer, words = perform(AskRequest("tiny", "no-cordon", out=tmp_path / "o", **QUICK))
    table = words[words.index("without") :]
    places = [table.index(f"\n{name}") for name in ("dead_all", "injured_all", "detained", "peak (people)")]
    assert places == sorted(places) and "no forecast" in words
    assert list(answer.to_json()["effects"]) == ["dead_all", "injured_all", "detained", "outcome"]
    kept = json.loads((tmp_path / "o" / "ask.json").read_text())
    assert kept == json.loads(json.dumps(answer.to_json()))
    assert len((tmp_path / "o" / "pairs.csv").read_text().splitlines()) == 1 + 2 * 3
    assert (tmp_path / "o" / "ask.txt").read_text() == words + "\n"
    assert "<svg" in (tmp_path / "o" / "effects.svg").read_text()[:200]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["o"]


def test_the_same_is_a_function():
    answer = gs.ask("tiny", "no-cordon", runs=2, people_scale=0.2)
    assert len(answer.pairs) == 2 and "Verdict:" in str(answer) and "no-cordon" in str(answer)


def test_a_claim_true_by_construction_is_called_assumed():
    answer, words = perform(AskRequest("tiny", "no-doubling", **QUICK))
    assert answer.verdict is not None and answer.verdict.verdict == "assumed by the model"
    assert "Verdict: assumed by the model" in words


def test_an_experiment_of_ones_own_has_a_verdict_only_with_a_smallest_effect():
    asked = {"set": ("joining.ceiling=0",), "outcome": "came_out", "scope": ("coast",), **QUICK}
    answer, words = perform(AskRequest("tiny", **asked))
    assert answer.verdict is None and "No verdict" in words
    answer, _ = perform(AskRequest("tiny", expect="falls", least=0.5, **asked))
    assert answer.verdict is not None and answer.overall["outcome"].with_ == 0.0


BAD = [
    ({"claim": "no-cordn"}, "did you mean 'no-cordon'"), ({"claim": "T3"}, "fishing"),
    ({"claim": "no-cordon", "set": ("joining.theta=9",)}, "a claim alone"),
    ({}, "--outcome"), ({"outcome": "dead_all"}, "--set, --off"),
    ({"outcome": "spread"}, "now called spread_hours"), ({"outcome": "dead"}, "now called dead_all"),
    ({"set": ("joining.theta",), "outcome": "dead_all"}, "NAME="),
    ({"set": ("engagement.lethality=0.1,0.2",), "outcome": "dead_all"}, "never searches"),
    ({"set": ("engagement.lethality=0.1:0.4",), "outcome": "dead_all"}, "never searches"),
    ({"off": ("news",), "outcome": "minimise dead"}, "never searches"),
    ({"off": ("news",), "outcome": "min(dead)"}, "never searches"),
    ({"off": ("newz",), "outcome": "dead_all"}, "--off"),
    ({"measure": ("moat=none",), "outcome": "dead_all"}, "--measure"),
    ({"off": ("news",), "outcome": "ending"}, "--outcome"), ({"off": ("news",), "outcome": "ending=bliss"}, "calm"),
    ({"off": ("news",), "outcome": "dead_all", "scope": ("moon",)}, "--scope"),
    ({"off": ("news",), "outcome": "dead_all", "expect": "rises"}, "without --least"),
    ({"off": ("news",), "outcome": "dead_all", "least": 1.0}, "without --expect"),
    ({"off": ("news",), "outcome": "dead_all", "at": "then"}, "--at"),
    ({"off": ("news",), "outcome": "dead_all", "start": "2030-03-09T00:00"}, "before the experiment ends"),
    ({"claim": "no-cordon", "runs": 0}, "--runs"), ({"claim": "no-cordon", "workers": 0}, "--workers"),
    ({"claim": "no-cordon", "people_scale": 0.0}, "--people-scale"), ({"claim": "no-cordon", "seed": -1}, "--seed"),
    ({"claim": "no-cordon", "account": "plot"}, "--account"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "told"), BAD, ids=[f"{i}" for i in range(len(BAD))])
def test_what_cannot_be_asked_is_refused_in_plain_words(given, told):
    with pytest.raises(CaseError, match=told):
        perform(AskRequest("tiny", quiet=True, **given))


def test_several_mistakes_are_told_together():
    with pytest.raises(CaseError) as caught:
        perform(AskRequest("tiny", off=("newz",), measure=("moat=none",), outcome="bliss", expect="up", least=1.0))
    assert len(caught.value.problems) == 4
    with pytest.raises(CaseError) as caught:
        perform(AskRequest("tiny", "no-such-claim", workers=0, runs=0, account="nobody"))
    assert [p.file for p in caught.value.problems] == ["--workers", "--runs", "ask", "--account"]


def test_a_search_ends_with_exit_code_2_and_writes_nothing(tmp_path):
    words = ("--set", "engagement.lethality=0.1,0.2", "--outcome", "dead_all", "--out", str(tmp_path / "o"))
    done = said("ask", "tiny", *words)
    assert done.returncode == 2 and "never searches" in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "letters").mkdir()
    with pytest.raises(CaseError, match="--out"):
        perform(AskRequest("tiny", "no-cordon", out=tmp_path / "letters", **QUICK))


@pytest.fixture(scope="module")
def case():
    return gs.load("kazakhstan-2022")


def test_without_accounts_the_common_base_counts_alone(case):
    assert weights_for(case).of == {BASE: 1.0}
    even = weights_for(case, accounts="all")
    assert len(even.of) == 11 and len(set(even.of.values())) == 1 and "equal weights" in even.words
    assert weights_for(case, account="uprising").of == {"uprising": 1.0}
    for given in ({"account": "plot"}, {"accounts": "uprising,plot"}, {"account": "uprising", "accounts": "all"}):
        with pytest.raises(CaseError):
            weights_for(case, **given)


def verdict(tmp_path, accounts):
    (tmp_path / "verdict.json").write_text(json.dumps({"accounts": accounts}))
    return tmp_path


def test_a_verdict_gives_the_accounts_in_play_their_weights(case, tmp_path):
    held = {"probability": 0.6, "low": 0.5, "high": 0.7, "prior": 0.05, "fits": True}
    out = {"uprising": held, "looting": {**held, "probability": 0.2}, "hybrid": {**held, "fits": False}}
    found = weights_for(case, verdict=verdict(tmp_path, {**out, "unaided": {**held, "probability": 0.001}}))
    assert found.of == pytest.approx({"uprising": 0.75, "looting": 0.25}) and "too few" not in found.words
    found = weights_for(case, verdict=verdict(tmp_path, {k: {**v, "fits": False} for k, v in out.items()}))
    assert len(found.of) == 3 and "None of them fits" in found.words
    (tmp_path / "verdict.json").write_text(json.dumps({"mode": "joint", "accounts": out}))
    assert "(mode joint)" in weights_for(case, verdict=tmp_path).words


def test_an_account_of_which_too_little_is_known_stays_in_play(case, tmp_path):
    """A comparison of few runs says of no account whether it fits: null, which is not the same as no."""
    row = {"probability": 0.3, "low": 0.2, "high": 0.4, "prior": 0.05, "fits": None}
    found = weights_for(case, verdict=verdict(tmp_path, {"uprising": row, "looting": row}))
    assert len(found.of) == 2 and "whether any of them fits" in found.words and "None of them" not in found.words
    mixed = {"uprising": {**row, "fits": True}, "looting": row, "hybrid": {**row, "fits": False}}
    found = weights_for(case, verdict=verdict(tmp_path, mixed))
    assert set(found.of) == {"uprising", "looting"} and "whether looting fits" in found.words


BAD_VERDICTS = [
    {}, {"moon": {"probability": 1.0, "fits": True}}, {"uprising": 1}, [], {"uprising": {"probability": 0.5}},
    {"uprising": {"probability": 1.5, "fits": True}}, {"uprising": {"probability": 0.5, "fits": "yes"}},
]  # fmt: skip


@pytest.mark.parametrize("accounts", BAD_VERDICTS)
def test_a_verdict_that_cannot_be_used_is_told(case, tmp_path, accounts):
    with pytest.raises(CaseError):
        weights_for(case, verdict=verdict(tmp_path, accounts))
    with pytest.raises(CaseError):
        weights_for(case, verdict=tmp_path / "nowhere")
