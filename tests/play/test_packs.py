"""Which packs a case plays, and what is off for want of a table."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import groundswell as gs
from domains.harness import case_with
from groundswell.case import CaseError, check
from groundswell.domains import all_mechanisms
from groundswell.domains.street.people import People
from groundswell.engine.parameters import known_parameters
from groundswell.play.plan import Plan
from groundswell.play.run import prepare
from groundswell.report.schedule import schedule_text
from groundswell.testing import assert_resumes, assert_same_results

KNOWN = known_parameters(all_mechanisms().values())


def playing(folder: Path, packs: str) -> Path:
    """The tiny case with a word on its packs."""
    case_with(folder, {})
    head = folder / "case.toml"
    head.write_text(
        head.read_text(encoding="utf-8").replace("[case]\n", f"[case]\npacks = {packs}\n"), encoding="utf-8"
    )
    return folder


def of_pack(*packs: str) -> list[str]:
    return [name for name, m in all_mechanisms().items() if m.pack() in packs]


def groundswell(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "groundswell", *map(str, words)], capture_output=True, text=True)


def test_a_case_without_the_street_has_nobody_on_it_and_a_state_that_acts(tmp_path):
    run = gs.run(playing(tmp_path / "state", '["state", "extras"]'), seed=1)
    assert run.simulation.of(People) is None
    assert sorted(m.name for m in run.simulation.mechanisms) == of_pack("state", "extras")
    for name in ("on_street", "joined", "held", "dead", "striking"):
        assert not run.history[name].values.any(), name
    assert run.history["unit_on_duty"].values.any()
    assert run.history["posture"].values.any()
    assert run.summary["peak_on_street"] == 0
    with pytest.raises(CaseError, match="people is on"):
        run.people()
    assert_resumes(run.plan.case)


def test_its_report_and_its_numbers_are_written_and_its_hours_explained(tmp_path):
    case, out = playing(tmp_path / "state", '["state"]'), tmp_path / "run"
    done = groundswell("run", case, "--out", out)
    assert done.returncode == 0, done.stderr
    known = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert (known["peak_on_street"], known["detained"], known["work"]) == (0, 0, {})
    assert "<html" in (out / "report.html").read_text(encoding="utf-8")
    done = groundswell("explain", out, "--place", "harbour", "--time", "2030-03-03T12:00")
    assert done.returncode == 0, done.stderr
    done = groundswell("people", out)
    assert done.returncode == 2
    assert "a run in which people is on" in done.stderr


def test_a_case_with_all_packs_named_is_one_that_names_none(tmp_path):
    named = gs.run(playing(tmp_path / "all", '["street", "state", "extras"]'), seed=1)
    assert_same_results(named, gs.run("tiny", seed=1))


def test_figures_of_a_pack_that_is_left_out_are_not_asked_for(tmp_path):
    folder = playing(tmp_path / "street", '["street"]')
    parameters = folder / "parameters.toml"
    kept = parameters.read_text(encoding="utf-8").split("# Figures of the country")[0]
    parameters.write_text(kept, encoding="utf-8")
    assert check(folder, KNOWN) == []
    gs.run(folder, seed=1, until="2030-03-01T02:00")
    head = folder / "case.toml"
    head.write_text(
        head.read_text(encoding="utf-8").replace('packs = ["street"]', 'packs = ["state"]'), encoding="utf-8"
    )
    wrong = {p.field.split(".")[0] for p in check(folder, KNOWN)}
    assert wrong == {"treasury", "allies"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('["state", "streets"]', "one of extras, state, street; did you mean 'street'"),
        ("[]", "names of packs"),
        ('"state"', "names of packs"),
        ("[1]", "names of packs"),
    ],
)
def test_what_is_no_pack_is_told_with_its_line(tmp_path, given, told):
    (problem,) = check(playing(tmp_path / "case", given), KNOWN)
    assert (problem.file, problem.line, problem.field) == ("case.toml", 6, "case.packs")
    assert told in problem.allowed


def test_a_table_without_rows_switches_off_who_needs_it_by_name(tmp_path):
    case = case_with(tmp_path / "bare", dict.fromkeys(("enterprises.csv", "powers.csv", "ladder.csv"), lambda rows: []))
    simulation = prepare(Plan(str(case.folder)))[0]
    off = {"strikes", "employers", "powers", "government"}
    assert not off & {m.name for m in simulation.mechanisms}
    text = schedule_text(simulation).split("Off:\n")[1]
    for line in ("strikes: no rows in enterprises.csv", "employers: no rows in enterprises.csv",
                 "powers: no rows in powers.csv", "government: no rows in ladder.csv"):  # fmt: skip
        assert f"     {line}" in text
    assert "Off:" not in schedule_text(prepare(Plan("tiny"))[0])


def test_a_table_that_no_case_has_switches_off_who_needs_it():
    lonely = type("Lonely", (People,), {"name": "lonely", "needs": ("rivers",)})
    assert lonely.absent(gs.load("tiny")) == "no rows in rivers.csv"
    assert People.absent(gs.load("tiny")) == ""


def test_with_people_off_nobody_comes_out_whatever_moves_them():
    run = gs.run("tiny", seed=1, off=["people"], until="2030-03-04T00:00")
    assert not run.history["joined"].values.any()
    assert run.simulation.state.join_hazard.any()


def test_the_schedule_tells_a_pack_that_is_left_out_and_who_is_switched_off(tmp_path):
    done = groundswell("schedule", playing(tmp_path / "state", '["state"]'), "--off", "loyalty")
    assert done.returncode == 0, done.stderr
    assert "     joining: the case plays no pack street\n" in done.stdout
    assert "     loyalty: switched off\n" in done.stdout
