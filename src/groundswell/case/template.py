"""A new case folder made from a bundled one: checked beside its place, then renamed into it."""

from __future__ import annotations

import re
from pathlib import Path

from groundswell.case.calibration import FREE, QUIET
from groundswell.case.cells import SLUG
from groundswell.case.evidence import EVIDENCE
from groundswell.case.find import bundled_cases, find_case
from groundswell.case.loading import check, files_of_a_case
from groundswell.case.problems import CaseError, Found, Problem
from groundswell.files import whole


def new(name: str, dest: str | Path = ".", template: str = "tiny") -> Path:
    """Write the folder `dest/name`; raises `CaseError` and leaves nothing behind where it cannot."""
    folder = Path(dest)
    target = folder / name if SLUG.fullmatch(name) else folder
    problems = _refusals(name, folder, target)
    if problems:
        raise CaseError(problems)
    source = find_case(template)
    try:
        with whole(target, folder=True) as part:
            _fill(source, part, name)
            problems = check(part)
            if problems:
                raise CaseError(problems)
    except OSError as error:
        raise CaseError([_cannot(target, error)]) from None
    return target


def _refusals(name: str, folder: Path, target: Path) -> list[Problem]:
    """Why no case of this name can be written here."""
    if not SLUG.fullmatch(name):
        return [Problem("new", None, "name", name, "lower-case letters, digits and hyphens, such as my-case")]
    if name in bundled_cases():
        return [Problem("new", None, "name", name, "a name that no bundled case has")]
    if not folder.is_dir():
        return [Problem(str(folder), None, "", Found("no such folder"), "a folder to write the case into")]
    if target.exists() or target.is_symlink():
        return [Problem(str(target), None, "", Found("a file or folder of that name"), "a name not taken yet")]
    return []


def _fill(source: Path, beside: Path, name: str) -> None:
    """Copy the files of a case, with its id and title replaced."""
    title = f"{name.replace('-', ' ').capitalize()} (invented example, to be replaced)"
    accounts = sorted(f"accounts/{path.name}" for path in (source / "accounts").glob("*.toml"))
    for file in (*files_of_a_case(), "claims.toml", "questions.toml", EVIDENCE, FREE, QUIET, *accounts, "README.md"):
        path = source / file
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        if file == "case.toml":
            text = re.sub(r'(?m)^id = ".*"$', f'id = "{name}"', text, count=1)
            text = re.sub(r"(?m)^study = .*\n", "", text)
            text = re.sub(r'(?m)^title = ".*"$', f'title = "{title}"', text, count=1)
        elif file == "README.md":
            text = re.sub(r"(?m)^# .*$", f"# {title}", text, count=1)
        (beside / file).parent.mkdir(exist_ok=True)
        (beside / file).write_text(text, encoding="utf-8", newline="\n")


def _cannot(path: Path, error: OSError) -> Problem:
    reason = error.strerror or type(error).__name__
    return Problem(str(path), None, "", Found(f"a place that cannot be written ({reason})"), "a writable folder")
