"""What a user asks of `groundswell ask`, checked whole before anything is played; the folder it writes."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from groundswell.case import Case, CaseError, Problem
from groundswell.case.problems import Found, attempt, one_of
from groundswell.files import whole
from groundswell.observe.outcomes import OUTCOMES, Asked
from groundswell.play.change import NO_SEARCH, SEARCH, Change, Mistake, as_options, split
from groundswell.play.checks import Known, mistakes
from groundswell.play.options import AskOptions
from groundswell.play.plan import loaded_case, of_target
from groundswell.play.progress import progress
from groundswell.study.pairs.asking import Answer, problems_of_playing, put_to_test, weights_for
from groundswell.study.pairs.claims import DIRECTIONS, Claim, find_claim, load_claims, problems_of_outcome
from groundswell.study.pairs.words import in_words

FILE = "ask.json"
OWN = "own"
"""Id of an experiment put together on the command line."""


@dataclass(frozen=True)
class AskRequest(AskOptions):
    """A claim by its id or slug, or an experiment of the user's own, and how it is played."""

    case: str
    claim: str | None = None


def perform(request: AskRequest) -> tuple[Answer, str]:
    """Play what is asked; returns the answer and its words, and writes the folder if one is asked for.

    Raises:
        CaseError: every mistake in what is asked, before anything is played or written.
    """
    case = loaded_case(request.case)
    r = request
    problems = problems_of_playing(r.runs, r.seed, r.workers, r.scheduler, r.people_scale)
    problems += of_target(r.out, FILE, "ask") if r.out is not None else []
    claim = attempt(problems, lambda: _claim(r, case))
    weights = attempt(problems, lambda: weights_for(case, r.account, r.accounts, r.verdict))
    if problems or claim is None or weights is None:
        raise CaseError(problems)
    with progress("pairs", request.runs * len(weights.of), 0, request.quiet) as tick:
        answer = put_to_test(
            case, claim, weights, runs=request.runs, seed=request.seed, workers=request.workers,
            scheduler=request.scheduler, people_scale=request.people_scale, progress=lambda done, _: tick(done, 2),
        )  # fmt: skip
    words = in_words(answer)
    if request.out is not None:
        write(answer, words, request.out)
    return answer, words


def ask(
    case: str | Path | Case,
    claim: str | Claim | Change,
    *,
    outcome: str | None = None,
    scope: Iterable[str] = (),
    start: str = "",
    end: str = "",
    expect: str = "",
    least: float | None = None,
    until: str = "",
    account: str | None = None,
    accounts: str | None = None,
    verdict: Path | None = None,
    runs: int = 20,
    seed: int = 1,
    workers: int | None = None,
    scheduler: str | None = None,
    people_scale: float = 1.0,
    tick: Callable[[int, int], None] | None = None,
) -> Answer:
    """Put a claim, or an experiment of your own, to the test by pairs of runs; `print(answer)` says what came of it.

    Args:
        case: name of a bundled case, a folder, or a loaded case.
        claim: id or slug of a claim of the case or of claims.toml in the current folder, or a `Claim`; or a `Change`,
            for an experiment of your own, such as `Change(measures={"network-off": "none"})`.
        outcome, scope, start, end, expect, least, until: of such an experiment, as the options of `groundswell ask`
            (`start` and `end` are `--from` and `--to`).
        account, accounts, verdict: the accounts in play, at most one of the three; see `asking.weights_for`.
        runs: pairs under each account. seed: seed of the first pair.
        workers, scheduler: as in `asking.put_to_test`. people_scale: factor on the population.
        tick: called with pairs played and pairs in all.

    Raises:
        CaseError: every mistake at once.
    """
    loaded = loaded_case(case)
    own = AskOptions(outcome=outcome, scope=tuple(scope), start=start, end=end, expect=expect, least=least, until=until)
    given = [f.name for f in fields(own) if getattr(own, f.name) != f.default]
    problems: list[Problem] = []
    if isinstance(claim, Change):
        made = claim
        wanted = attempt(problems, lambda: _own(loaded, own, made, []))
    elif given:
        problems.append(
            Problem("ask", None, "arguments", Found(", ".join(given)), "these beside a Change, not beside a claim")
        )
        wanted = None
    else:
        named = claim
        wanted = named if isinstance(named, Claim) else attempt(problems, lambda: _found(loaded, named))
    weights = attempt(problems, lambda: weights_for(loaded, account, accounts, verdict))
    if problems or wanted is None or weights is None:
        raise CaseError(problems)
    return put_to_test(
        loaded, wanted, weights, runs=runs, seed=seed, workers=workers, scheduler=scheduler, people_scale=people_scale,
        progress=tick,
    )  # fmt: skip


def _found(case: Case, name: str) -> Claim:
    return find_claim(load_claims(case, Path()), name)


def write(answer: Answer, words: str, out: Path) -> None:
    """Write ask.json, ask.txt, pairs.csv and effects.svg beside the folder and rename it."""
    from groundswell.figures.rows import effects
    from groundswell.figures.save import save

    with whole(out, folder=True, over=(FILE, "ask.txt", "pairs.csv", "effects.svg")) as part:
        (part / FILE).write_text(json.dumps(answer.to_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        (part / "ask.txt").write_text(words + "\n", encoding="utf-8")
        rows = [row for pair in answer.pairs for row in pair.rows()]
        with (part / "pairs.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        save(effects(answer.to_json()), part / "effects.svg")


def _claim(request: AskRequest, case: Case) -> Claim:
    """The claim that is asked for, or the experiment that the options make."""
    r = request
    own = {
        "--set": r.set, "--off": r.off, "--measure": r.measure, "--element": r.element, "--data": r.data,
        "--stay-home": r.stay_home, "--government": r.government, "--at": r.at, "--outcome": r.outcome,
        "--scope": r.scope, "--from": r.start, "--to": r.end, "--expect": r.expect, "--least": r.least is not None,
        "--until": r.until,
    }  # fmt: skip
    if r.claim is not None:
        given = [k for k, v in own.items() if v]
        if given:
            allowed = "a claim alone, which has its own experiment; or the options without a claim"
            raise CaseError([Problem("ask", None, "options", Found(f"{r.claim} and {', '.join(given)}"), allowed)])
        return _found(case, r.claim)
    return _own(case, r, *r.change(at=r.at))


def _own(case: Case, r: AskOptions, asked: Change, wrong: list[Mistake]) -> Claim:
    """An experiment of the user's own: a change, what has not its form, and the options on what is looked at."""
    known = Known(case)
    problems: list[Problem] = []
    change = _change(asked, wrong, known, problems)
    outcome = _outcome(r, known, problems)
    if r.expect and r.expect not in DIRECTIONS:
        problems.append(Problem("--expect", None, "direction", r.expect, one_of(tuple(DIRECTIONS), r.expect)))
    if bool(r.expect) != (r.least is not None):
        half = "--expect without --least" if r.expect else "--least without --expect"
        problems.append(Problem("--least", None, "effect", Found(half), "both, for a verdict, or none of them"))
    elif r.least is not None and not 0 < r.least < math.inf:
        problems.append(Problem("--least", None, "effect", r.least, "the smallest effect that would matter, above 0"))
    if r.until and not known.is_time(r.until, after_start=True):
        allowed = f"a local time after the start and up to {known.horizon}"
        problems.append(Problem("--until", None, "time", r.until, allowed))
    elif outcome.start >= (r.until or known.end):
        allowed = f"a time before the experiment ends, {r.until or known.end}"
        problems.append(Problem("--from", None, "time", outcome.start, allowed))
    if problems:
        raise CaseError(problems)
    reason = "as given" if r.expect else ""
    return Claim(
        OWN, "An experiment of your own.", change=change, outcome=outcome, expect=r.expect,
        least=math.nan if r.least is None else r.least, least_reason=reason, until=r.until,
    )  # fmt: skip


def _change(change: Change, found: list[Mistake], known: Known, problems: list[Problem]) -> Change:
    if not (change or found):
        allowed = "a claim of `groundswell claims`, or --set, --off, --measure, --element with --outcome"
        problems.append(Problem("ask", None, "change", None, allowed))
    found = [*found, *mistakes(change, known)]
    problems += as_options(found)
    return Change() if found else change


def _outcome(r: AskOptions, known: Known, problems: list[Problem]) -> Asked:
    text = r.outcome or ""
    name, _, endings = text.partition("=")
    if any(word in text.lower() for word in SEARCH) or "(" in text:
        problems.append(Problem("--outcome", None, "outcome", text, f"an outcome; {NO_SEARCH}"))
        return Asked("dead_all")
    asked = Asked(name, tuple(split(r.scope)) or ("*",), r.start, r.end, tuple(e for e in endings.split("|") if e))
    if not text:
        problems.append(Problem("--outcome", None, "outcome", None, one_of(tuple(OUTCOMES), "", len(OUTCOMES))))
        return Asked("dead_all")
    found = list(problems_of_outcome(asked, known))
    options = {"name": "--outcome", "endings": "--outcome", "scope": "--scope", "from": "--from", "until": "--to"}
    problems += [Problem(options[field], None, field, value, allowed) for field, value, allowed in found]
    return Asked("dead_all") if found else asked
