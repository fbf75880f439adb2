"""What parameters rest on in the texts of a case: read, printed beside the source, and every mistake told."""

from __future__ import annotations

from pathlib import Path

import pytest

import groundswell as gs
from groundswell.case import check, load
from groundswell.case.evidence import EVIDENCE, STATEMENT
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import known_parameters
from groundswell.report.of_run import parameters

KNOWN = known_parameters(all_mechanisms().values())


def put(folder: Path, text: str) -> Path:
    (folder / EVIDENCE).write_text(text)
    return folder


def test_statements_are_read_by_mechanism_and_parameter(folder: Path) -> None:
    case = load(put(folder, '[trust]\nmechanism = ["notebook:2-4, 9: words"]\ndenial = ["notebook:1"]\n'), KNOWN)
    assert case.evidence == {"trust": ("notebook:2-4, 9: words",), "trust.denial": ("notebook:1",)}
    assert case.rests_on("trust.denial", "assumed") == "assumed; notebook:1"
    assert case.rests_on("trust.level", "assumed") == "assumed" and case.rests_on("joining") == ""


def test_a_case_without_evidence_is_sound_and_has_the_same_digest(folder: Path) -> None:
    before = load(folder)
    (folder / EVIDENCE).unlink()
    after = load(folder, KNOWN)
    assert before.evidence and not after.evidence and after.digest == before.digest


def test_the_report_prints_it_beside_the_source() -> None:
    told = {row["name"]: row["source"] for row in parameters(gs.run("tiny", until="2030-03-01T02:00"))}
    assert told["spark.own_product"] == "assumed; notebook:1: people gather at the gate of the gas plant"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[trusst]\nlevel = ["notebook:1"]', "evidence.toml:1: trusst: given 'trusst'"),
        ('[trust]\nlevell = ["notebook:1"]', "evidence.toml:2: trust.levell: given 'levell'"),
        ('[trust]\nlevel = "notebook:1"', "evidence.toml:2: trust.level: given 'notebook:1'; allowed: a list"),
        ("[trust]\nlevel = []", "evidence.toml:2: trust.level: given a list of 0; allowed: a list"),
        ('[trust]\nlevel = ["notebook, line 1"]', "evidence.toml:2: trust.level: given 'notebook, line 1'"),
        ("[trust]\nlevel = [1]", "evidence.toml:2: trust.level: given 1; allowed: a list of statements"),
        ('[trust]\nlevel = ["notbook:1"]', "given 'notbook'; allowed: a text of case.toml, one of notebook"),
        ("trust = 1", "evidence.toml:1: trust: given 1; allowed: a table [trust]"),
        ("[trust", "evidence.toml:1: given Expected"),
    ],
)
def test_a_mistake_is_told(folder: Path, text: str, said: str) -> None:
    told = [str(problem) for problem in check(put(folder, text), KNOWN)]
    assert any(said in line for line in told), told


@pytest.mark.parametrize(
    ("text", "fits"),
    [("001:31", True), ("001:11-19, 117-143: words", True), ("001:31,185", False), ("001: words", False), ("", False)],
)
def test_the_form_of_a_statement(text: str, fits: bool) -> None:
    assert bool(STATEMENT.fullmatch(text)) is fits
