"""Which cases there are, and where: bundled ones by name, others by path."""

from __future__ import annotations

import warnings
from importlib import resources
from pathlib import Path

from groundswell.case.problems import CaseError, Found, Problem, nearest


def bundled_folder() -> Path:
    """The folder that holds the bundled cases."""
    return Path(str(resources.files("groundswell") / "cases"))


def bundled_cases() -> tuple[str, ...]:
    """Names of the bundled cases, sorted."""
    folder = bundled_folder()
    return tuple(sorted(path.parent.name for path in folder.glob("*/case.toml")))


def local_cases(folder: Path | str = ".") -> tuple[str, ...]:
    """Names of the case folders inside a folder, sorted."""
    return tuple(sorted(path.parent.name for path in Path(folder).glob("*/case.toml")))


def find_case(path_or_name: str | Path) -> Path:
    """The folder of a case: a bundled name first, else a path. Write ./NAME for a folder of that name."""
    given = str(path_or_name)
    bundled = bundled_cases()
    if given in bundled:
        return bundled_folder() / given
    path = Path(path_or_name)
    try:
        if given and path.is_dir():
            return path
        found = "a file, no folder" if path.exists() else "no such case or folder"
    except (OSError, ValueError):
        found = "no name of a case or folder"
    known = (*bundled, *local_cases())
    allowed = f"a case folder, or a bundled case: {', '.join(bundled) or 'none'}{nearest(given, known)}"
    raise CaseError([Problem(given[:100] or "no name", None, "", Found(found), allowed)])


class OfAnother(UserWarning):
    """Files of the current folder are passed over, since they belong to another case."""


def of_another(case: Path, folder: Path, files: str) -> bool:
    """Whether a folder is that of another case, whose `files` say nothing of the one in `case`; a warning tells it."""
    if not (folder / "case.toml").is_file() or folder.resolve() == case.resolve():
        return False
    words = f"{files} of the folder {folder.resolve()} is left out: it belongs to the case there"
    warnings.warn(words, OfAnother, stacklevel=3)
    return True
