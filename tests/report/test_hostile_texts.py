"""Texts of a case that look like markup, script or a formula: on no page do they become one, nor in an export."""

from __future__ import annotations

import csv
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bad.edits import rows_of, write_rows
from groundswell import cli
from groundswell.case import find_case
from groundswell.play.folder import Request, perform
from groundswell.report.compare import compare_page
from report.made_verdict import made_verdict

EVIL = "=</script></title></style></svg>--><img src=x onerror=alert(1)><svg onload=alert(2)>\"'`${1}{{2}}"
SHOWN = ("name", "title", "statement", "note", "about", "contact", "text")
SHORT = {"until": "2030-03-02T06:00", "quiet": True}


class Elements(HTMLParser):
    """What a browser would make elements of: names, and attributes that run script or load."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count += 1
        self.bad += [f"{tag} {name}={value}" for name, value in attrs if name.startswith("on") or value == "x"]
        self.bad += [tag] * (tag in ("iframe", "object", "embed"))


def check(page: Path, shown: bool = True) -> None:
    text = page.read_text(encoding="utf-8")
    found = Elements()
    found.feed(text)
    assert found.count > 50 and not found.bad
    assert "<img src=x" not in text.lower() and "<svg onload" not in text.lower()
    assert ("&lt;img src=x onerror" in text) == shown


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented crisis with such a text in every cell that is shown."""
    folder = Path(shutil.copytree(find_case("tiny"), tmp_path_factory.mktemp("case") / "hostile"))
    for path in [*folder.glob("*.csv"), *folder.glob("record/*.csv")]:
        head, *rows = rows_of(path)
        for n, row in enumerate(rows):
            row[:] = [f"{EVIL}{n} {c}" if name in SHOWN and c else c for name, c in zip(head, row, strict=True)]
        write_rows(path, [head, *rows])
    for path in [
        folder / "case.toml",
        *folder.glob("accounts/*.toml"),
        folder / "questions.toml",
        folder / "claims.toml",
    ]:
        quoted = EVIL.replace("\\", "\\\\").replace('"', '\\"')
        lines = path.read_text().splitlines()
        for n, line in enumerate(lines):
            key, _, text = line.partition(' = "')
            if text and key in ("title", "statement", "question"):
                lines[n] = f'{key} = "{quoted}{text}'
        path.write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def run(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return perform(Request(str(hostile), out=tmp_path_factory.mktemp("runs") / "run", **SHORT))[0]


def called(*args: str | Path) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.app([str(a) for a in args])
    assert not ended.value.code


def test_the_report(run):
    check(run / "report.html")


def test_two_runs_side_by_side(run, hostile, tmp_path):
    other, _ = perform(Request(str(hostile), seed=2, out=tmp_path / "other", report=False, **SHORT))
    called("diff", run, other, "--out", tmp_path / "two.html")
    check(tmp_path / "two.html")


def test_a_set(hostile, tmp_path):
    called("run", hostile, "--seeds", "2", "--until", SHORT["until"], "--out", tmp_path / "set")
    check(tmp_path / "set" / "report.html")


def test_the_dossier(hostile, tmp_path):
    called("dossier", hostile, "--out", tmp_path / "dossier.html")
    check(tmp_path / "dossier.html")


def test_a_comparison(tmp_path):
    def marked(value):
        if isinstance(value, dict):
            return {key: EVIL + v if key in SHOWN and isinstance(v, str) else marked(v) for key, v in value.items()}
        return [marked(v) for v in value] if isinstance(value, list) else value

    (tmp_path / "compare.html").write_text(compare_page(marked(made_verdict())), encoding="utf-8")
    check(tmp_path / "compare.html")


def test_no_cell_of_an_export_is_a_formula(run, tmp_path):
    called("export", run, "--out", tmp_path / "csv")
    cells = [c for p in (tmp_path / "csv").glob("*.csv") for row in csv.reader(p.open(newline="")) for c in row]
    assert any(c.startswith(f"'{EVIL}") for c in cells)
    for cell in cells:
        if cell.startswith(("=", "+", "-", "@")):
            float(cell)
