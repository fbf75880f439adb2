"""Generic code names no country: no proper name of a bundled case stands in it, and no line of a text it quotes."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from groundswell.case import head_of, load
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import known_parameters

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "groundswell"
CASES = PACKAGE / "cases"
CODE = {".py", ".html", ".j2", ".jinja", ".js", ".css"}
NAMED = {
    "places": ("place", "name"), "regions": ("name",), "communities": ("community",), "borders": ("neighbour",),
    "allies": ("country",), "powers": ("name",), "enterprises": ("name",),
}  # fmt: skip
"""Table -> columns that hold proper names."""

PLAIN = {"other"}
"""Names in those columns that are words of the language: the community of those who belong to no named one."""

INVENTED = {"tiny"}
"""Cases whose names are plain words (Harbour, Orchard), so that finding one says nothing."""

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip

CITATION = re.compile(r"\b00[0-9]:\d+")
"""Lines of a text, such as 001:31: they stand in the evidence.toml of a case."""


def real_cases() -> list[Path]:
    return sorted(p for p in CASES.iterdir() if (p / "case.toml").exists() and p.name not in INVENTED)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def names_of(case: Path) -> set[str]:
    """Proper names of a case in lower case: of places, regions, communities, neighbours, allies, powers, firms."""
    found = {case.name, case.name.split("-")[0]}
    for table, columns in NAMED.items():
        if (case / f"{table}.csv").exists():
            found |= {row[column].lower() for row in rows(case / f"{table}.csv") for column in columns}
    found |= {place.split("-")[0] for place in found if "-" in place}  # a city, from the ids of its districts
    return {name for name in found if len(name) > 3} - PLAIN


def words_of(text: str) -> set[str]:
    """Runs of one to four words, in lower case, as they stand and by the parts of words with hyphens."""
    found = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", text.lower())
    runs = {" ".join(found[i : i + n]) for n in range(1, 5) for i in range(len(found) - n + 1)}
    return runs | {part for word in found for part in word.split("-")}


def code() -> list[Path]:
    return [p for p in sorted(PACKAGE.rglob("*")) if p.suffix in CODE and CASES not in p.parents]


@pytest.mark.parametrize("case", real_cases(), ids=lambda path: path.name)
def test_no_proper_name_of_a_case_stands_in_generic_code(case: Path) -> None:
    names = names_of(case)
    assert len(names) > 50
    found = {}
    for path in code():
        file = path.relative_to(PACKAGE).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for name in words_of(line) & names:
                found.setdefault((file, name), number)
    assert {f"{file}:{line}: {name}" for (file, name), line in found.items()} == set()


@pytest.mark.parametrize("case", real_cases(), ids=lambda path: path.name)
def test_no_month_of_a_case_stands_in_generic_code(case: Path) -> None:
    start = head_of(case).start
    assert start is not None
    month = f"{MONTHS[start.month - 1]} {start.year}"
    assert not [p.relative_to(PACKAGE).as_posix() for p in code() if month in p.read_text(encoding="utf-8")]


def test_no_citation_of_a_text_stands_in_generic_code() -> None:
    found = {
        f"{path.relative_to(PACKAGE)}:{number}: {line.strip()}"
        for path in code() for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if CITATION.search(line)
    }  # fmt: skip
    assert not found


@pytest.mark.parametrize("case", real_cases(), ids=lambda path: path.name)
def test_the_evidence_of_a_case_names_parameters_and_lines(case: Path) -> None:
    known = known_parameters(all_mechanisms().values())
    evidence = load(case, known).evidence  # names and form are checked at the door
    assert evidence
    assert all(CITATION.match(one) for statements in evidence.values() for one in statements)
