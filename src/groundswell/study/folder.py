"""The folder of a study: what it was begun with, whether it may be gone on with, and who writes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from groundswell import files
from groundswell.case import Case, CaseError, Problem
from groundswell.case.problems import Found
from groundswell.engine.purposes import purpose
from groundswell.play import lock

RUN_SEED = purpose("seed of a run")  # seed of the runs of a shared vector
MOST_RUNS = 10_000_000
MOST_AT_LEAST = 100_000
DESIGN = "design.json"


class Planned:
    """What a study plays, by number: `identity` may not change when it is gone on with, `runs` may grow.

    Args:
        case: what is played. name: the case as a worker finds it. runs: asked for.
    """

    what: ClassVar[str]
    command: ClassVar[str]
    case: Case
    name: str
    runs: int

    @property
    def identity(self) -> dict[str, Any]:
        """What has to be the same when it is gone on with, as plain data."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """What `design.json` holds."""
        raise NotImplementedError

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `identity`; it stands in every batch."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()

    def people(self, share: float) -> int:
        """A share of the inhabitants, but no fewer than a small country's run may have and still be quick."""
        return max(round(share * self.case.population_people), MOST_AT_LEAST)

    def refuse_other(self, known: Mapping[str, Any]) -> None:
        """Whether what a folder says it was begun with may be gone on with under this design.

        Raises:
            CaseError: every part of the identity that differs, and fewer runs than were asked for.
        """
        problems = []
        for key, now in self.identity.items():
            if (before := known.get(key)) != now:
                words = f"{_short(before)}, as the {self.what} was begun"
                problems.append(Problem("--resume", None, key, Found(_short(now)), words))
        if self.runs < known.get("runs", 0):
            problems.append(Problem("--runs", None, "runs", self.runs, f"{known['runs']:,} or more, as it was begun"))
        if problems:
            raise CaseError(problems)


def known_design(out: Path) -> dict[str, Any]:
    """What `design.json` of a folder holds; empty where there is none.

    Raises:
        CaseError: it cannot be read.
    """
    path = out / DESIGN
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or "digest" not in found:
            raise ValueError
    except ValueError:
        raise CaseError([Problem(str(path), None, "", Found("a damaged file"), "the file as it was written")]) from None
    return found


@contextmanager
def opened(
    design: Planned, out: Path, resume: bool, shard: tuple[int, int] | None = None,
    beside: Mapping[str, Any] | None = None,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """The folder of a design, made, held and with `design.json` in it, for the time of a block.

    Args:
        resume: go on with what it holds. Without it the folder must be new or empty.
        shard: (i, n): other processes may play other parts.
        beside: what `design.json` holds beside the design, as it was begun where it was.

    Raises:
        CaseError: another process writes it; it holds another design.
    """
    _refuse(design, out, resume)
    out.mkdir(parents=True, exist_ok=True)
    with lock.held(out, shard):
        known = _refuse(design, out, resume)  # again: another process may have come first
        kept = {k: known.get(k, v) for k, v in (beside or {}).items()}
        text = json.dumps({**design.to_json(), **kept}, indent=2, ensure_ascii=False) + "\n"
        files.write(out / DESIGN, text)
        yield kept


def _refuse(design: Planned, out: Path, resume: bool) -> dict[str, Any]:
    """Whether a folder may be written; returns what it was begun with."""
    known = known_design(out)
    if known and not resume:
        given, allowed = (
            Found(f"{out}, which holds a {design.what}"),
            "a new folder; or --resume to go on with this one",
        )
        raise CaseError([Problem("--out", None, "folder", given, allowed)])
    if known:
        design.refuse_other(known)
    elif out.exists() and any(path.name != lock.LOCKS for path in out.iterdir()):
        allowed = f"a new folder, or one that {design.command} has written"
        raise CaseError([Problem("--out", None, "folder", str(out), allowed)])
    return known


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    return text[:12] if len(text) == 64 else text
