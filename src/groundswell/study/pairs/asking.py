"""Puts a claim to the test: which accounts count how much, the pairs that are played, the effect and the verdict."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from groundswell import __version__
from groundswell.accounts import Accounts
from groundswell.accounts import load as load_accounts
from groundswell.case import Case, CaseError, Problem
from groundswell.case.problems import Found, one_of
from groundswell.observe.harm import HARM
from groundswell.play import pool
from groundswell.play.plan import canonical, of_scale, of_seed, planned
from groundswell.study.pairs.claims import Claim, claim_of
from groundswell.study.pairs.effects import LEVEL, Effect, Verdict, effect_of, judge, over_accounts, verdict_over
from groundswell.study.pairs.experiment import OUTCOME, Experiment, Pair, arrays

BASE = "common base"
ALL = "all"
MOST_RUNS = 100_000
PLAYER = "groundswell.study.pairs.asking:player"
LEAST_PROBABILITY = 0.01  # an account below it is not in play: it could not move a weighted effect


@dataclass(frozen=True)
class Weights:
    """Which accounts count how much, and where that comes from in a sentence. "common base" stands for no account."""

    of: Mapping[str, float]
    words: str


@dataclass(frozen=True)
class Answer:
    """What came of an experiment.

    effects: "dead_all", "injured_all", "detained" or "outcome" -> account -> effect. overall: the same, weighted.
    verdict: what it says of the claim, None where no smallest effect was declared; verdicts: the same by account.
    """

    case: Case = field(repr=False)
    claim: Claim
    weights: Weights
    runs: int
    seed: int
    people_scale: float
    pairs: tuple[Pair, ...] = field(repr=False)
    effects: Mapping[str, Mapping[str, Effect]]
    overall: Mapping[str, Effect]
    verdict: Verdict | None
    verdicts: Mapping[str, Verdict]

    def __str__(self) -> str:
        """In words and numbers, harm first."""
        from groundswell.study.pairs.words import in_words

        return in_words(self)

    def _repr_html_(self) -> str:
        from groundswell.report.notebook import of_answer

        return of_answer(self)

    def at_level(self, level: float) -> Verdict | None:
        """The verdict with intervals at another level."""
        return summed(self, level)[2]

    def to_json(self) -> dict[str, Any]:
        """As plain data, harm first; what is infinite or cannot be said is null."""
        verdict = None if self.verdict is None else vars(self.verdict)
        return _finite({
            "case": self.case.id, "version": __version__, "claim": self.claim.to_json(), "runs": self.runs,
            "seed": self.seed, "people_scale": self.people_scale, "level": LEVEL,
            "weights": {"words": self.weights.words, "accounts": dict(self.weights.of)},
            "effects": {
                k: {"overall": vars(self.overall[k]), "accounts": {a: vars(e) for a, e in of.items()}}
                for k, of in self.effects.items()
            },
            "verdict": verdict, "verdicts": {a: vars(v) for a, v in self.verdicts.items()},
            "shared_h": self.pairs[0].shared_h if self.pairs else None,
            "pairs": [row for p in self.pairs for row in p.rows()],
        })  # fmt: skip


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    return value


def problems_of_playing(
    runs: int, seed: int, workers: int | None, scheduler: str | None, people_scale: float
) -> list[Problem]:
    """What is wrong with how pairs are to be played."""
    problems = pool.problems(workers, scheduler)
    if not 1 <= runs <= MOST_RUNS:
        problems.append(Problem("--runs", None, "number", runs, f"1 to {MOST_RUNS:,}"))
    return problems + of_scale(people_scale) + of_seed(seed, runs)


def put_to_test(
    case: Case,
    claim: Claim,
    weights: Weights,
    *,
    runs: int = 20,
    seed: int = 1,
    workers: int | None = None,
    scheduler: str | None = None,
    people_scale: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
) -> Answer:
    """Play a claim's pairs under every account in play and say what they show.

    Args:
        case: a loaded case. claim: a runnable claim. weights: the accounts in play.
        runs: pairs under each account. seed: seed of the first pair. workers: processes, 1 if left out; scheduler: the
        address of a Dask scheduler whose workers play instead; results depend on neither.
        people_scale: factor on the population. progress: called with pairs played and pairs in all.

    Raises:
        CaseError: every mistake in what is asked; a pair that failed, with its cause.
    """
    problems = problems_of_playing(runs, seed, workers, scheduler, people_scale)
    if problems:
        raise CaseError(problems)
    accounts = accounts_of(case)
    jobs: list[pool.Job] = [
        {"index": i, "account": None if name == BASE else name} for name in sorted(weights.of) for i in range(runs)
    ]
    common = {
        "case": canonical(case), "case_digest": case.digest, "claim": asdict(claim), "seed": seed,
        "people_scale": people_scale,
    }  # fmt: skip
    here = _pairs_of(Experiment(case, claim, accounts, seed, people_scale))
    pairs: dict[int, Pair] = {}
    with pool.pool(PLAYER, common, min(workers or 1, len(jobs)), scheduler, here) as players:
        for number, result in pool.each(players, jobs):
            if result["error"] is not None:
                raise CaseError([_failed(jobs[number], result["error"])])
            pairs[number] = Pair(**result["pair"])
            if progress is not None:
                progress(len(pairs), len(jobs))
    played = tuple(pairs[n] for n in range(len(jobs)))
    answer = Answer(case, claim, weights, runs, seed, people_scale, played, {}, {}, None, {})
    return weighed(answer)


def weighed(answer: Answer) -> Answer:
    """The answer with its effects and verdicts, from its pairs."""
    effects, overall, verdict, verdicts = summed(answer, LEVEL)
    return replace(answer, effects=effects, overall=overall, verdict=verdict, verdicts=verdicts)


def summed(
    answer: Answer, level: float
) -> tuple[dict[str, dict[str, Effect]], dict[str, Effect], Verdict | None, dict[str, Verdict]]:
    """Effects by account and over all, and the verdicts, with intervals at a level."""
    claim, weights = answer.claim, answer.weights.of
    effects: dict[str, dict[str, Effect]] = {}
    for name in (*HARM, OUTCOME):
        form = claim.outcome.outcome.form if name == OUTCOME else "number"
        effects[name] = {}
        for account in weights:
            mine = [p for p in answer.pairs if (p.account or BASE) == account]
            effects[name][account] = effect_of(*arrays(mine, name), form, mine[0].limits[name], level)
    overall = {name: over_accounts(of, weights) for name, of in effects.items()}
    if not claim.expect:
        return effects, overall, None, {}
    verdicts = {a: judge(e, claim.expect, claim.least) for a, e in effects[OUTCOME].items()}
    verdict = verdict_over(effects[OUTCOME], weights, claim.expect, claim.least, claim.assumed)
    return effects, overall, verdict, verdicts


def player(common: Mapping[str, Any]) -> Callable[[pool.Job], pool.Result]:
    """The function that plays a pair in a process of its own; case, accounts and worlds are made once.

    Raises:
        ValueError: the case here is not the one that was asked about.
    """
    case, claim = planned(common), claim_of(common["claim"])
    return _pairs_of(Experiment(case, claim, accounts_of(case), common["seed"], common["people_scale"]))


def _pairs_of(experiment: Experiment) -> Callable[[pool.Job], pool.Result]:
    return lambda job: {"pair": asdict(experiment.pair(job["index"], job["account"]))}


def _failed(job: pool.Job, error: str) -> Problem:
    given = Found(f"number {job['index']} under {job['account'] or BASE}, which failed: {error}")
    return Problem("ask", None, "pair", given, "pairs that are played to their end")


def accounts_of(case: Case) -> Accounts | None:
    """The accounts of a case with those of the current folder; None where the case has none."""
    return load_accounts(case, Path()) if (case.folder / "accounts").is_dir() else None


def weights_for(
    case: Case, account: str | None = None, accounts: str | None = None, verdict: Path | None = None
) -> Weights:
    """Which accounts count how much: one account, several (`a,b` or `all`) equally, or by a folder of `compare`.

    Raises:
        CaseError: for unknown accounts, several choices at once, or a folder without a readable verdict.json.
    """
    given = {"--account": account, "--accounts": accounts, "--verdict": verdict}
    chosen = [k for k, v in given.items() if v is not None]
    if len(chosen) > 1:
        raise CaseError([Problem(" ".join(chosen), None, "accounts", Found("several choices"), "one of them")])
    if not chosen:
        return Weights({BASE: 1.0}, "No account: the common base, the mechanisms that no text disputes.")
    there = accounts_of(case)
    known = tuple(sorted(there.accounts)) if there is not None else ()
    if verdict is not None:
        return _from_verdict(verdict, known)
    text = str(account or accounts)
    names = known if text == ALL and accounts is not None else tuple(dict.fromkeys(text.split(",")))
    problems = [Problem(chosen[0], None, "account", n, one_of(known, n)) for n in names if n not in known]
    if problems or not names:
        raise CaseError(problems or [Problem(chosen[0], None, "account", text, one_of(known, text))])
    if len(names) == 1:
        return Weights({names[0]: 1.0}, f"Under the account {names[0]} alone.")
    return Weights(
        dict.fromkeys(names, 1 / len(names)),
        f"Under {len(names)} accounts with equal weights: a choice of whoever asks, not a finding.",
    )


def _from_verdict(folder: Path, known: Sequence[str]) -> Weights:
    """Weights by a comparison's verdict; an account is out of play if it is said not to fit, not if that is untold."""
    path = folder / "verdict.json" if folder.is_dir() else folder
    try:
        compared = json.loads(path.read_text(encoding="utf-8"))
        found = {str(k): (float(v["probability"]), v["fits"]) for k, v in compared["accounts"].items()}
        if not all(0 <= p <= 1 and (fits is None or isinstance(fits, bool)) for p, fits in found.values()):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        allowed = "a folder of `groundswell compare` with verdict.json"
        raise CaseError([Problem("--verdict", None, "folder", str(folder), allowed)]) from None
    unknown = [k for k in found if k not in known]
    if unknown:
        raise CaseError([Problem(str(path), None, "accounts", k, one_of(tuple(known), k)) for k in unknown])
    likely = {k: (p, fits) for k, (p, fits) in found.items() if p >= LEAST_PROBABILITY}
    some = {k: (p, fits) for k, (p, fits) in likely.items() if fits is not False} or likely
    if not some:
        allowed = f"an account with a probability of {LEAST_PROBABILITY} or more"
        raise CaseError([Problem(str(path), None, "accounts", Found("none in play"), allowed)])
    total = sum(p for p, _ in some.values())
    words = f"Under {len(some)} of {len(found)} accounts, weighted by their probabilities in {path}"
    words += f" (mode {compared['mode']})" if "mode" in compared else ""
    words += " over their sum, since accounts overlap."
    untold = [k for k, (_, fits) in some.items() if fits is None]
    if untold:
        which = "any of them" if len(untold) == len(some) else ", ".join(untold)
        words += f" That comparison has too few runs to tell whether {which} fits the record."
    elif not any(fits for _, fits in some.values()):
        words += " None of them fits the record, so these weights mean little."
    return Weights({k: p / total for k, (p, _) in some.items()}, words)
