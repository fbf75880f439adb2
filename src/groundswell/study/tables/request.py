"""What a user asks of `groundswell compare`, checked whole before anything is played, and the playing of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundswell.accounts import load as load_accounts
from groundswell.case import CaseError, Problem
from groundswell.domains.street.people import LARGEST_HAZARD
from groundswell.play.change import split
from groundswell.play.options import CompareOptions
from groundswell.play.plan import canonical, loaded_case
from groundswell.study.folder import known_design
from groundswell.study.tables.design import MODES, Design, design_of
from groundswell.study.tables.table import Made, make

RUNS, SEED, BOTH = 5000, 1, "both"
MOST_SHARDS = 10_000


@dataclass(frozen=True)
class CompareRequest(CompareOptions):
    """What a user asks of `groundswell compare` of a case."""

    case: str


def plan(request: CompareRequest) -> tuple[Path, Design]:
    """The folder and the design that are asked for; nothing is written yet.

    Raises:
        CaseError: every mistake in what is asked.
    """
    case = loaded_case(request.case)
    out = request.folder(case.id, "compare")
    problems = request.problems(out, "compare")
    shard = _shard(request.shard, problems)
    known = known_design(out) if request.resume or shard else {}
    if request.mode not in (None, BOTH, *MODES):
        problems.append(Problem("--mode", None, "mode", request.mode, f"one of {', '.join(MODES)}, {BOTH}"))
    if request.until_settled and request.shard:
        problems.append(Problem("--until-settled", None, "shard", request.shard, "a table that is played whole"))
    if request.most_runs is not None and not request.until_settled:
        problems.append(Problem("--most-runs", None, "runs", request.most_runs, "nothing without --until-settled"))
    accounts = load_accounts(case, Path())
    mode = request.mode if request.mode in (BOTH, *MODES) else None
    modes = _modes(mode, known, bool(len(case.tables["ladder"].rows)))
    try:
        design = design_of(
            case, accounts, canonical(case), modes=modes,
            only=tuple(split(request.accounts)) or tuple(known.get("accounts", ())),
            runs=request.runs if request.runs is not None else int(known.get("runs", RUNS)),
            seed=request.seed if request.seed is not None else int(known.get("seed", SEED)), base_most=request.base,
        )  # fmt: skip
    except CaseError as error:
        problems += error.problems
    else:
        if request.until_settled and request.most_runs is not None and request.most_runs < design.runs:
            allowed = f"{design.runs:,} or more, with which it begins"
            problems.append(Problem("--most-runs", None, "runs", request.most_runs, allowed))
    if problems:
        raise CaseError(problems)
    return out, design


def perform(request: CompareRequest, out: Path, design: Design) -> Made:
    """Play what the folder lacks of the design, and say what is there now.

    Raises:
        CaseError: as `table.make`.
        OSError: a batch could not be written.
    """
    with request.kept(out):
        return make(
            design, out, request.workers or 1, scheduler=request.scheduler, shard=_shard(request.shard, []),
            resume=request.resume, quiet=request.quiet,
        )  # fmt: skip


def words(out: Path, design: Design, made: Made) -> str:
    """What there is now, in lines to print."""
    lines = [f"{design.case.id}: {len(design.played)} accounts, {' and '.join(design.modes)}, seed {design.seed}"]
    if not made.of:
        lines.append(f"base stage: {len(made.base.missing)} batches missing; when other shards have brought them,")
        lines.append("call this one again to play its part of the table")
        return "\n  ".join(lines)
    lines.append(str(made.base))
    if len(made.base.kept) < made.base.needed:
        lines.append(f"fewer than the {made.base.needed:,} asked for: a higher --base looks at more")
    lines.append(f"runs: {made.rows:,} of {made.of:,}")
    if made.failed:
        lines.append(f"failed: {made.failed:,}; the column error says why")
    if made.given_up:
        lines.append(f"given up: {made.given_up:,}, with more than {design.most_people:,} people on the street")
    if made.coarse:
        lines.append(f"coarse: {made.coarse:,}, with a hazard of joining above {LARGEST_HAZARD} per step; see coarse_h")
    if made.digest:
        lines.append(f"digest: {made.digest[:16]}")
    else:
        lines.append("not finished: --resume goes on")
    return "\n  ".join([*lines, f"table: {out}"])


def _modes(mode: str | None, known: dict[str, Any], ladder: bool) -> tuple[str, ...]:
    if mode is None and isinstance(modes := known.get("modes"), list):
        return tuple(modes)
    if mode in MODES:
        return (str(mode),)
    return MODES if ladder or mode == BOTH else MODES[:1]


def _shard(given: str | None, problems: list[Problem]) -> tuple[int, int] | None:
    if given is None:
        return None
    i, slash, n = given.partition("/")
    if slash and i.isdecimal() and n.isdecimal() and 1 <= int(i) <= int(n) <= MOST_SHARDS:
        return int(i), int(n)
    problems.append(Problem("--shard", None, "shard", given, "i/n with i from 1 to n, such as 1/4"))
    return None
