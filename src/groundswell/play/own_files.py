"""What stands in the folder of a run already: whose run it is, and somebody's own files, which never go unasked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from groundswell.case import Problem
from groundswell.case.problems import Found
from groundswell.engine import checkpoint

_IN_HISTORY = re.compile(r"zarr\.json|\.z[a-z]+|c|[\d.]+|.*\.partial")
"""Names of files in a history: what an array is, its pieces, and what a kill leaves half written."""
MOST_NAMED = 5


def plan_in(path: Path) -> Any:
    """The plan that a file of a run holds; None where it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["plan"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def strangers(*folders: Path) -> list[Problem]:
    """A mistake for each folder of a run where somebody's own files lie among those that go with the run."""
    wrong = []
    for folder in folders:
        found = [p for p in (folder / "checkpoints").glob("*") if not checkpoint.is_own(p)]
        found += [p for p in (folder / "history.zarr").rglob("*") if not p.is_dir() and not _own(p)]
        if found:
            given = Found(f"{folder}, where no run has written {', '.join(map(str, sorted(found)[:MOST_NAMED]))}")
            wrong.append(Problem("--out", None, "folder", given, "another folder, or this one when that is moved away"))
    return wrong


def _own(path: Path) -> bool:
    return bool(_IN_HISTORY.fullmatch(path.name))
