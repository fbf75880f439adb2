"""Open questions: those of the bundled cases, and a file whose every mistake is told at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import groundswell as gs
from groundswell.case import CaseError
from groundswell.record import load_record
from groundswell.study.pairs.questions import load_questions

BAD = """
loose = 3

[Q1]
group = "g"
question = ""
source = "gazete"
lines = 4
claims = ["no-doublin", "T1"]
observe = ["arms", "fuel-cut", "nothing"]

[Q2]
group = "g"
question = "Why?"
source = "gazette"
askd = true

[Q3]
group = "g"
question = "Who?"
source = "gazette"
lines = "1"
asked = "yes"
claims = []
fact = "f"
"""


def changed(tmp_path, text):
    folder = tmp_path / "tiny"
    shutil.copytree(gs.load("tiny").folder, folder)
    (folder / "questions.toml").write_text(text, encoding="utf-8")
    case = gs.load(folder)
    return case, load_record(case)


def test_questions_of_the_bundled_cases():
    for name, count in (("tiny", 3), ("kazakhstan-2022", 60)):
        case = gs.load(name)
        found = load_questions(case, load_record(case))
        assert len(found) == count
        assert all(q.claims or q.observe or q.fact or q.mechanism for q in found)
    assert len({q.question for q in found}) == 60


def test_a_slug_names_a_claim_too():
    case = gs.load("tiny")
    assert load_questions(case, load_record(case))[0].claims == ("T1",)


def test_a_case_without_the_file_has_none(tmp_path):
    case, record = changed(tmp_path, "")
    (Path(case.folder) / "questions.toml").unlink()
    assert load_questions(case, record) == ()


def test_every_mistake_is_told_at_once(tmp_path):
    with pytest.raises(CaseError) as caught:
        load_questions(*changed(tmp_path, BAD))
    told = [(p.line, p.field, p.allowed) for p in caught.value.problems]
    for line, field, allowed in (
        (2, "loose", "a table of a question"),
        (6, "Q1.question", "words in quotes"),
        (7, "Q1.source", "did you mean 'gazette'"),
        (8, "Q1.lines", "words in quotes"),
        (9, "Q1.claims", "a claim of claims.toml; did you mean 'no-doubling'"),
        (10, "Q1.observe", "this one is in weigh"),
        (10, "Q1.observe", "an observation of the set open"),
        (16, "Q2.askd", "did you mean 'asked'"),
        (12, "Q2.lines", "words in quotes"),
        (12, "Q2", "what would answer it: claims, observe, fact or mechanism"),
        (23, "Q3.asked", "true or false"),
        (24, "Q3.claims", "a list of ids"),
    ):
        assert any(n == line and f == field and allowed in a for n, f, a in told), (line, field, told)
    assert len(told) == 12


def test_a_claim_without_an_experiment_answers_nothing(tmp_path):
    text = '[Q]\ngroup="g"\nquestion="q"\nsource="gazette"\nlines="1"\nclaims=["T9"]\n'
    case, record = changed(tmp_path, text)
    claims = Path(case.folder) / "claims.toml"
    claims.write_text(claims.read_text() + '\n[T9]\nstatement = "s"\nsource = "notebook"\nmissing = "elections"\n')
    with pytest.raises(CaseError, match="a claim with an experiment; missing there: elections"):
        load_questions(case, record)


def test_syntax_and_mistakes_in_claims_are_told_with_them(tmp_path):
    case, record = changed(tmp_path, "[Q\n")
    claims = Path(case.folder) / "claims.toml"
    claims.write_text(claims.read_text() + "\n[T9]\n")
    with pytest.raises(CaseError) as caught:
        load_questions(case, record)
    assert {p.file for p in caught.value.problems} == {"questions.toml", "claims.toml"}
