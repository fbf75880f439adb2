"""A set of runs on disk: the folder that it writes, what is kept while it plays, and its page."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

from groundswell.case import Case, CaseError, Problem
from groundswell.play import lock
from groundswell.play.change import SCRIPTED, as_options
from groundswell.play.checks import Known, mistakes
from groundswell.play.folder import Request, asked_draw
from groundswell.play.many import EACH, design_of, plans_of, play_all, problems_of, save_whole
from groundswell.play.plan import Plan, loaded_case, named_folder
from groundswell.play.progress import progress
from groundswell.play.run_set import RunSet
from groundswell.report.of_set import write_page

ALONE = ("resume", "branch", "engine")
"""Options of a single run that a set has not."""


def perform(request: Request, seeds: int) -> tuple[Path, RunSet]:
    """Play the set that is asked for and write its folder; a set that was interrupted is gone on with.

    Raises:
        CaseError: every mistake in what is asked, before anything is written.
    """
    change, wrong = request.change(request.account)
    problems = as_options(wrong)
    for name in ALONE:
        if (given := getattr(request, name)) is not None:
            problems.append(Problem(f"--{name}", None, "option", given, "nothing beside --seeds"))
    if request.threads != 1:
        allowed = "nothing beside --seeds: runs are shared out among --workers"
        problems.append(Problem("--threads", None, "threads", request.threads, allowed))
    draw = asked_draw(request, problems, EACH)
    first = 1 if request.seed is None else request.seed
    problems += problems_of(seeds, first, request.workers, request.scheduler)
    case = loaded_case(request.case)
    if problems:
        raise CaseError([*problems, *as_options(mistakes(change, Known(case)))])
    change = replace(change, government=change.government or SCRIPTED)
    scale = 1.0 if request.people_scale is None else request.people_scale
    plans = plans_of(case, change, seeds, first, draw, until=request.until, people_scale=scale)
    design = design_of(case, plans)
    out = Path("runs") / _name(case, plans[0], seeds) if request.out is None else named_folder("--out", request.out)
    _refuse(out, design, request.out is not None)
    part = out.with_name(out.name + ".part")
    part.mkdir(parents=True, exist_ok=True)
    with lock.held(part):
        with progress("runs", seeds, 0, request.quiet) as bar:
            tick = lambda done, _: bar(done, 1)  # noqa: E731
            found = play_all(case, plans, request.workers, request.scheduler, tick, kept=part / f"runs-{design[:16]}")
        save_whole(found, out, write_page if request.report else None)
    shutil.rmtree(part / f"runs-{design[:16]}", ignore_errors=True)
    shutil.rmtree(part / lock.LOCKS, ignore_errors=True)
    if not any(part.iterdir()):  # a run that was interrupted there is not the set's to remove
        part.rmdir()
    return out, found


def _name(case: Case, plan: Plan, seeds: int) -> str:
    account = "" if plan.account is None else f"-{plan.account}"
    return f"{case.id}{account}-{plan.seed}-to-{plan.seed + seeds - 1}"


def _refuse(out: Path, design: str, named: bool) -> None:
    """A folder of something else, or a set of another plan that nobody named, is not replaced."""
    if not out.exists():
        return
    try:
        known = json.loads((out / "set.json").read_text(encoding="utf-8"))["design"]
    except (OSError, ValueError, KeyError):
        allowed = "a new folder, or one that groundswell run --seeds has written"
        raise CaseError([Problem("--out", None, "folder", str(out), allowed)]) from None
    if known != design and not named:
        allowed = "--out with another folder, or with this one to replace it: it holds runs of another plan"
        raise CaseError([Problem("--out", None, "folder", str(out), allowed)])
