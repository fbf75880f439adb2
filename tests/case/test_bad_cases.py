"""Every kind of mistake in a case is one clear problem: file, line, field, given, allowed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bad.edits import cell, change, link_outside, rename_column, replace
from bad.mistakes import MISTAKES, Mistake
from groundswell.case import CaseError, Problem, check, load
from groundswell.case.tables import Allowed


def listing(folder: Path) -> list[tuple[str, int]]:
    return sorted((path.name, path.lstat().st_mtime_ns) for path in folder.rglob("*"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name.replace(" ", "-"))
def test_a_mistake_is_named(mistake: Mistake, folder: Path) -> None:
    mistake.edit(folder)
    before = listing(folder)
    with pytest.raises(CaseError) as caught:
        load(folder)
    printed = str(caught.value).splitlines()
    fitting = [line for line in printed if line.startswith(mistake.start) and mistake.end in line]
    assert fitting, f"no problem starts with {mistake.start!r} and has {mistake.end!r}; got\n{caught.value}"
    assert all("; allowed: " in line for line in printed)
    assert all(len(line) < 700 for line in printed)
    assert listing(folder) == before, "checking wrote something"


def test_names_of_mistakes_are_distinct() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES)


def test_all_mistakes_come_at_once_in_the_order_of_files_and_lines(folder: Path) -> None:
    for edit in (
        cell("places.csv", 5, "renter_share", "2"),
        cell("places.csv", 2, "population_people", "abc"),
        cell("places.csv", 2, "kind", "metropolis"),
        rename_column("items.csv", "name", "nam"),
        cell("measures.csv", 2, "scope", "cost"),
        replace("case.toml", "60000", "0"),
        change("calendar.csv", lambda _: b""),
    ):
        edit(folder)
    found = [(problem.file, problem.line, problem.field) for problem in check(folder)]
    assert found == [
        ("case.toml", 15, "case.population_people"),
        ("places.csv", 2, "kind"),
        ("places.csv", 2, "population_people"),
        ("places.csv", 5, "renter_share"),
        ("items.csv", 1, "header"),
        ("items.csv", 1, "name"),
        ("measures.csv", 2, "scope"),
        ("calendar.csv", None, ""),
    ]


def test_one_bad_row_brings_no_complaint_about_rows_that_point_to_it(folder: Path) -> None:
    cell("places.csv", 2, "renter_share", "x")(folder)
    assert [str(problem) for problem in check(folder)] == [
        "places.csv:2: renter_share: given 'x'; allowed: number from 0 to 1"
    ]


def test_the_format_of_a_problem() -> None:
    problem = Problem("places.csv", 17, "population_people", "abc", "whole number >= 0")
    assert str(problem) == "places.csv:17: population_people: given 'abc'; allowed: whole number >= 0"


def test_very_many_mistakes_are_cut(folder: Path) -> None:
    change("outlines.csv", lambda data: data + b"coast,0,x,y\n" * 5000)(folder)
    found = check(folder)
    assert len(found) < 120
    assert "mistakes up to here" in str(found[-1])


def test_very_many_unknown_ids_are_cut(folder: Path) -> None:
    rows = b"".join(b"u%d,police,p%d,1,0,0,0,,assumed,x\n" % (k, k) for k in range(3000))
    change("forces.csv", lambda data: data + rows)(folder)
    found = check(folder)
    assert 100 <= len(found) < 120
    assert str(found[-1]).startswith("case: given more problems of the kind 'references'")


def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    (folder / "places.csv").rename(folder / "places-2.csv")
    (folder / "places.csv").symlink_to("places-2.csv")
    assert check(folder) == []


def test_a_link_to_itself_is_refused(folder: Path) -> None:
    (folder / "places.csv").unlink()
    (folder / "places.csv").symlink_to("places.csv")
    assert [problem.file for problem in check(folder)] == ["places.csv"]


def test_a_link_outside_is_not_read(folder: Path) -> None:
    link_outside("places.csv")(folder)
    outside = folder.parent / "outside-places.csv"
    outside.write_text("secret words\n")
    assert "secret" not in "\n".join(map(str, check(folder)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_without_waiting(folder: Path) -> None:
    (folder / "places.csv").unlink()
    os.mkfifo(folder / "places.csv")
    assert "no plain file" in str(check(folder)[0])


def test_parameters_are_held_against_the_mechanisms(folder: Path) -> None:
    text = (
        '[joining]\nthetta = { value = 1, state = "assumed", source = "x" }\n'
        'theta = { value = 99, state = "assumed", source = "x" }\n'
        '[joining2]\ntheta = { value = 1, state = "assumed", source = "x" }\n'
    )
    (folder / "parameters.toml").write_text(text)
    (folder / "evidence.toml").unlink()
    known = {"joining": {"theta": Allowed(5.0, 20.0)}, "leaving": {}}
    assert [str(problem) for problem in check(folder, known)] == [
        "parameters.toml:2: joining.thetta: given 'thetta'; allowed: one of theta; did you mean 'theta'?",
        "parameters.toml:3: joining.theta.value: given 99; allowed: from 5 to 20",
        "parameters.toml:4: joining2: given 'joining2'; allowed: one of joining, leaving; did you mean 'joining'?",
    ]


@pytest.mark.parametrize("given", ["nowhere", "", "a\0b", "x" * 5000, "tinny"])
def test_a_case_that_is_not_there(given: str) -> None:
    with pytest.raises(CaseError, match="bundled case"):
        load(given)


def test_a_file_is_no_case(folder: Path) -> None:
    with pytest.raises(CaseError, match="a file, no folder"):
        load(folder / "case.toml")
