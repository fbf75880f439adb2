"""Accounts, claims and questions: of another case in the folder one stands in, with what no text may hold, or junk."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from groundswell.accounts import load as load_accounts
from groundswell.case import CaseError, find_case, load
from groundswell.case.cells import hidden
from groundswell.record import load_record
from groundswell.study.pairs.claims import load_claims
from groundswell.study.pairs.questions import load_questions

UNSEEN = ["\x1b[2J", "\x9b31m", "a\u202eb", "a\u2066b", "a\u2028b", "\x07"]
FILES = ["accounts/smuggling.toml", "accounts/elements.toml", "accounts/families.toml", "claims.toml", "questions.toml"]
PIECES = ['"', "'", "[", "]", "{", "}", "=", ".", "\n", "\\", "#", "1e999", "true", "nan", "[[x]]", "\ufeff", "\x00",
          "1979-05-27", "0x10", "-", "\u202e", '"""', "a.b.c=1\n", "[]", "{}", "9" * 30, "*", ";"]  # fmt: skip


def read_all(folder: Path) -> None:
    """Read all three kinds of a case; each alone, so that the mistakes of one do not hide another's tracebacks."""
    case = load(folder)
    for reading in (
        lambda: load_accounts(case), lambda: load_claims(case), lambda: load_questions(case, load_record(case))
    ):  # fmt: skip
        try:
            reading()
        except CaseError as error:
            assert error.problems and all(p.file and p.allowed for p in error.problems)
            assert not hidden(str(error).replace("\n", " "))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_case("tiny"), tmp_path / "copy"))


def test_files_in_the_folder_of_another_case_do_no_harm(copy, monkeypatch):
    (copy / "mine.toml").write_text('statement = "Of a case that has other elements."\non = ["unheard-of"]\n')
    (copy / "claims.toml").write_text('[C1]\nstatement = "Of another case."\nsource = "nobody"\n')
    monkeypatch.chdir(copy)
    tiny = load(find_case("tiny"))
    with pytest.warns(UserWarning, match=r"mine\.toml of the folder .* is left out: it belongs to the case there"):
        assert load_accounts(tiny, Path()).accounts.keys() == load_accounts(tiny).accounts.keys()
    with pytest.warns(UserWarning, match=r"claims\.toml of the folder .* is left out"):
        assert load_claims(tiny, Path()) == load_claims(tiny)
    with pytest.raises(CaseError, match="mine"):  # of the case that stands there, and of one that is named, all is told
        load_accounts(load(copy), Path())
    with pytest.raises(CaseError, match="mine"):
        load_accounts(tiny, Path(), only=["mine"])
    (copy / "case.toml").unlink()
    with pytest.raises(CaseError, match="nobody"):
        load_claims(tiny, Path())


@pytest.mark.parametrize("text", UNSEEN)
@pytest.mark.parametrize(
    ("file", "key"),
    [("accounts/smuggling.toml", "statement"), ("claims.toml", "statement"), ("questions.toml", "question")],
)
def test_texts_that_cannot_be_shown_are_refused_where_they_stand(copy, file, key, text):
    path = copy / file
    lines = path.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"{key} = "))
    lines[at] = f'{key} = "' + "".join(f"\\u{ord(c):04x}" if hidden(c) else c for c in text) + '"'
    path.write_text("\n".join(lines) + "\n")
    case = load(copy)
    with pytest.raises(CaseError) as caught:
        load_accounts(case), load_claims(case), load_questions(case, load_record(case))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (file, at + 1) and problem.field.endswith(key)
    assert not hidden(str(caught.value))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("file", FILES)
def test_any_junk_is_read_or_refused_with_its_place(copy, file, seed):
    """Ten changes of a file, each alone: a piece of junk put in or over, a line that goes, stands twice or moves."""
    luck = np.random.default_rng([FILES.index(file), seed])
    path = copy / file
    whole = path.read_text()
    for _ in range(10):
        lines = whole.splitlines(keepends=True)
        a, b = luck.integers(len(lines), size=2)
        at, piece = luck.integers(len(lines[a])), str(luck.choice(PIECES))
        match luck.integers(6):
            case 0:
                lines[a] = lines[a][:at] + piece + lines[a][at:]
            case 1:
                key, equals, _ = lines[a].partition("=")
                lines[a] = f"{key}{equals} {piece}\n"
            case 2:
                del lines[a]
            case 3:
                lines.insert(b, lines[a])
            case 4:
                lines[a], lines[b] = lines[b], lines[a]
            case 5:
                lines[a:] = [lines[a][:at]]
        path.write_text("".join(lines))
        read_all(copy)
