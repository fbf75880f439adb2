"""Every work cited in the code stands in docs/references.md."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = (ROOT / "docs" / "references.md").read_text(encoding="utf-8").splitlines()
NAME = r"[A-Z][A-Za-z'-]+"
CITATION = re.compile(rf"({NAME})(?:, {NAME})*(?:,? (?:&|and) {NAME}(?:'s \w+)?| et al\.)?,? \(?((?:19|20)\d\d)\b")
NO_WORK = {"January", "December", "March", "May", "August", "October", "Kazakhstan", "Natural", "Mobilization"}


def citations(path: Path) -> list[tuple[str, str]]:
    text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
    return [(name, year) for name, year in CITATION.findall(text) if name not in NO_WORK and int(year) < 2021]


SOURCES = [p for p in sorted((ROOT / "src").rglob("*.py")) if citations(p)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_cited_works_are_listed(path):
    for name, year in citations(path):
        assert any(name in line and year in line for line in REFERENCES), (
            f"{name} ({year}) is not in docs/references.md"
        )


def test_there_is_something_to_check():
    assert len({c for p in SOURCES for c in citations(p)}) > 25
