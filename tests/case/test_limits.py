"""What a case may hold at most, and texts that would act on a terminal: refused at once, with line and field."""

from __future__ import annotations

import shutil
import time

import pytest

from groundswell.case import CaseError, check
from groundswell.case.cells import MOST_PEOPLE, clean, hidden
from groundswell.case.find import find_case
from groundswell.case.read import read_toml
from groundswell.cli import app
from groundswell.play.change import from_texts
from groundswell.play.checks import Known, mistakes
from groundswell.play.plan import Plan, loaded_case


@pytest.fixture
def tiny(tmp_path):
    """A copy of the tiny case that may be changed."""
    return shutil.copytree(find_case("tiny"), tmp_path / "tiny")


def edited(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return check(folder)


def test_a_unit_has_a_size_that_counts_can_hold(tiny):
    row = (tiny / "forces.csv").read_text().splitlines()[1]
    column = (tiny / "forces.csv").read_text().splitlines()[0].split(",").index("strength_people")
    cells = row.split(",")
    cells[column] = "10000000000"
    found = edited(tiny, "forces.csv", row, ",".join(cells))
    assert [(p.line, p.field, p.allowed) for p in found] == [(2, "strength_people", "whole number from 0 to 10000000")]


def test_units_together_have_a_size_that_counts_can_hold(tiny):
    head, first, *rest = (tiny / "forces.csv").read_text().splitlines()
    at, unit = head.split(",").index("strength_people"), head.split(",").index("unit")
    many = []
    for n in range(201):
        cells = first.split(",")
        cells[at], cells[unit] = "10000000", f"big-{n}"
        many.append(",".join(cells))
    (tiny / "forces.csv").write_text("\n".join([head, first, *rest, *many]) + "\n")
    assert f"at most {MOST_PEOPLE:,}" in {p.allowed for p in check(tiny) if p.field == "strength_people"}


def test_a_scale_that_makes_more_people_than_counts_can_hold():
    case = loaded_case("tiny")
    assert Plan("tiny", people_scale=1000).problems(case) == []
    large = loaded_case("kazakhstan-2022")
    found = Plan("kazakhstan-2022", people_scale=1000).problems(large)
    assert [p.field for p in found] == ["scale"] and f"at most {MOST_PEOPLE:,}" in found[0].allowed


@pytest.mark.parametrize("people", ["0", "-1", "20000000000", "0x" + "f" * 5000, "1e3"])
def test_people_of_a_case(tiny, people):
    found = edited(tiny, "case.toml", "population_people = 60000", f"population_people = {people}")
    assert "case.population_people" in {p.field for p in found}
    assert all(len(str(p)) < 500 for p in found)


@pytest.mark.parametrize("depth", [20, 5000])
@pytest.mark.parametrize("form", ["{} = 1\n", "[{}]\nx = 1\n", "x = {{ {} = 1 }}\n", "[[{}]]\n"])
def test_tables_one_in_another_are_refused_before_they_take_memory(depth, form):
    for key in (".".join(["a"] * depth), " . ".join(['"a b"'] * depth)):
        problems, began = [], time.perf_counter()
        assert read_toml("case.toml", "# a comment\n" + form.format(key), problems) is None
        assert time.perf_counter() - began < 1 and [p.line for p in problems] == [2]
    assert read_toml("case.toml", 'a.b.c.d = "x. y. z. w. v. u. t. s. r. q. p. o. n. m. l. k. j. i"\n', []) is not None


def test_many_columns_take_time_in_proportion(tiny):
    text = (tiny / "regions.csv").read_text()
    head, rest = text.split("\n", 1)
    (tiny / "regions.csv").write_text(head + "".join(f",c{n}" for n in range(200_000)) + "\n" + rest)
    began = time.perf_counter()
    assert 0 < len(check(tiny)) < 300
    assert time.perf_counter() - began < 20


UNSEEN = ["\x1b[2J", "\x9b31m", "a\u202eb", "a\u2066b", "a\u2028b", "a\u200fb", "\x07", "a\x85b"]


@pytest.mark.parametrize("text", UNSEEN)
def test_a_text_that_would_act_on_a_terminal_is_refused(tiny, text, capsys):
    assert hidden(text) and not hidden(clean(text))
    escaped = "".join(f"\\u{ord(c):04x}" if hidden(c) else c for c in text)
    found = edited(tiny, "case.toml", 'title = "Invented', f'title = "{escaped} Invented')
    assert "case.title" in {p.field for p in found}
    assert not any(hidden(str(p)) for p in found)
    shutil.copy(find_case("tiny") / "case.toml", tiny / "case.toml")
    assert "name" in {p.field for p in edited(tiny, "places.csv", ",Harbour,", f",Har{text}bour,")}


def test_a_title_stands_on_one_line(tiny):
    assert "case.title" in {p.field for p in edited(tiny, "case.toml", 'title = "', 'title = "one\\ntwo ')}


@pytest.mark.parametrize(
    "claim",
    ["T1 = 3", "[T1]\nstatement = 4", "[T1]\noutcome = { name = 'peak', scope = -1 }", "[T1]\nexpect = { a = nan }",
     "[T1]\noutcome = { name = 'peak', scope = [1] }", "[T1]\nuntil = 2030-03-02", "[T1]\noutcome = { name = [] }",
     "[T1]\nchange = 3\nleast = true"],
)  # fmt: skip
def test_claims_and_questions_are_part_of_a_sound_case(tiny, claim, capsys):
    for file in ("claims.toml", "questions.toml"):
        kept = (tiny / file).read_text() if (tiny / file).exists() else None
        (tiny / file).write_text(claim + "\n")
        with pytest.raises(SystemExit) as ended:
            app(["check", str(tiny)])
        assert ended.value.code == 2 and file in capsys.readouterr().err
        if kept is None:
            (tiny / file).unlink()
        else:
            (tiny / file).write_text(kept)


@pytest.mark.parametrize("given", ["1.5", "1e3", "x", "0x10", "", "1.0", "nan"])
@pytest.mark.parametrize(
    "words", [["run", "tiny", "--seed"], ["run", "tiny", "--threads"], ["run", "tiny", "--seeds"],
              ["compare", "tiny", "--runs"], ["people", "x", "--place", "y", "--limit"],
              ["classic", "epstein", "--steps"]],
)  # fmt: skip
def test_options_that_count_are_whole_numbers(words, given, capsys):
    with pytest.raises(SystemExit) as ended:
        app([*words, given])
    assert ended.value.code
    assert "--" + words[-1].removeprefix("--") in capsys.readouterr().err


@pytest.mark.parametrize("when", ["1800-01-01T00:00", "2099-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59+00:00"])
def test_a_measure_is_moved_inside_the_case(when):
    case = loaded_case("tiny")
    name = str(case.tables["measures"].rows[0].measure)
    found = list(mistakes(from_texts(measure=(f"{name}={when}",))[0], Known(case)))
    assert [where for where, *_ in found] == [f"measures.{name}"] and "from 2030-03-01T00:00" in found[0][2]
    inside = from_texts(measure=(f"{name}=2030-03-04T12:00",))[0]
    assert list(mistakes(inside, Known(case))) == []


def test_a_case_error_never_carries_what_acts_on_a_terminal(tmp_path):
    with pytest.raises(CaseError) as caught:
        find_case("\x1b[31mred")
    assert not hidden(str(caught.value))


def test_many_mistakes_take_time_in_proportion(tiny):
    keys = "".join(f"unknown{n} = 1\n" for n in range(40_000))
    began = time.perf_counter()
    assert len(edited(tiny, "case.toml", "[texts]", f"{keys}[texts]")) < 200
    shutil.copy(find_case("tiny") / "case.toml", tiny / "case.toml")
    head, row = (tiny / "record" / "observations.csv").read_text().splitlines()[:2]
    first = row.split(",")[0]
    rows = [row.replace(first, f"seen-{n}", 1) for n in range(2000)]
    (tiny / "record" / "observations.csv").write_text("\n".join([head, *rows]) + "\n")
    head, row = (tiny / "record" / "claims.csv").read_text().splitlines()[:2]
    rest = row.split(",", 2)[2]
    rows = [f"c{n},sen-{n},{rest}" for n in range(5000)]
    (tiny / "record" / "claims.csv").write_text("\n".join([head, *rows]) + "\n")
    assert {"record/claims.csv"} <= {p.file for p in check(tiny)}
    assert time.perf_counter() - began < 40
