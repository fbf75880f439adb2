"""An answer in words and numbers, harm first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta

from groundswell.study.pairs.asking import Answer
from groundswell.study.pairs.claims import DIRECTIONS, Claim, counts
from groundswell.study.pairs.effects import Effect
from groundswell.study.pairs.experiment import OUTCOME

CAUTION = (
    "Both runs are of a model under stated priors. The difference is what the model gives: no finding of fact about "
    "what would have happened, and no forecast."
)


def in_words(answer: Answer) -> str:
    """The whole answer as text."""
    claim = answer.claim
    lines = [heading(claim)]
    lines += [f"  both runs:  {claim.both.words}"] if claim.both else []
    lines += [f"  the change: {claim.change.words}", f"  outcome:    {claim.outcome.words}"]
    lines += [f"  expected:   {expected(claim)}"] if claim.expect else []
    lines += [f"  note:       {claim.note}"] if claim.note else []
    pairs = f"{answer.runs} pairs" if len(answer.weights.of) == 1 else f"{answer.runs} pairs under each"
    lines += ["", f"{answer.weights.words} {pairs}, seeds from {answer.seed}; {shared_past(answer)}."]
    if answer.people_scale != 1.0:
        lines.append(f"At {answer.people_scale:g} of the population: harm and crowds are of that many people.")
    lines += ["", f"{'':30} {'without':>12} {'with':>12} {'effect':>12}   95 percent interval"]
    for name, effect in answer.overall.items():
        lines.append(row(label(name, claim), effect, form_of(name, claim)))
    lines += list(_never(answer.overall[OUTCOME]))
    if len(answer.weights.of) > 1:
        lines += ["", f"{'by account: outcome':30} {'without':>12} {'with':>12} {'effect':>12}   95 percent interval"]
        for account, effect in answer.effects[OUTCOME].items():
            said = f"   {answer.verdicts[account].verdict}" if account in answer.verdicts else ""
            name = f"{account} ({answer.weights.of[account]:.2f})"
            lines.append(row(name, effect, form_of(OUTCOME, claim)) + said)
    lines.append("")
    if answer.verdict is None:
        lines.append("No verdict: no smallest effect that would matter was declared (--expect, --least).")
    else:
        lines.append(f"Verdict: {answer.verdict.verdict} ({answer.verdict.why.rstrip('.')}).")
    return "\n".join([*lines, CAUTION])


def shared_past(answer: Answer) -> str:
    """Until when the two runs of a pair are one, in words."""
    hours = answer.pairs[0].shared_h
    if not hours:
        return "the change acts from the start"
    when = answer.case.start + timedelta(hours=hours)
    return f"both runs of a pair share the past up to {when.day} {when:%b %H:%M}"


def heading(claim: Claim) -> str:
    """Id, slug, source and statement."""
    name = " ".join(x for x in (claim.id, claim.slug) if x)
    where = f" ({claim.source}:{claim.lines})" if claim.source else ""
    return f"{name}{where}: {claim.statement}"


def expected(claim: Claim) -> str:
    """What the claim expects, and from which size on it would matter."""
    unit = claim.outcome.outcome.unit
    reason = f": {claim.least_reason}" if claim.least_reason else ""
    return f"{DIRECTIONS[claim.expect]}; from {claim.least:,g} {unit} on it matters{reason}"


def label(name: str, claim: Claim) -> str:
    """What a row is called."""
    return f"{claim.outcome.name} ({claim.outcome.outcome.unit})" if name == OUTCOME else name


def form_of(name: str, claim: Claim) -> str:
    """The form of a row's numbers."""
    return claim.outcome.outcome.form if name == OUTCOME else "number"


def row(name: str, e: Effect, form: str) -> str:
    """An effect as a line of the table."""
    a, b, d = (number(x) for x in (e.without, e.with_, e.effect))
    sign = "+" if e.effect > 0 else ""
    return f"{name:30} {a:>12} {b:>12} {sign + d:>12}   {number(e.low)} to {number(e.high)}"


def number(x: float) -> str:
    """A number as it is read: whole from 100 on, else to three figures; 0 is no rounding."""
    if math.isnan(x):
        return "not said"
    if math.isinf(x):
        return "no limit"
    if abs(x) < 1e-3:
        return f"{x:.1g}"
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"


def _never(e: Effect) -> Iterator[str]:
    if any(e.never):
        words = f"It never came in {e.never[0]:.0%} of the runs without the change and in {e.never[1]:.0%} with it"
        yield f"{words}; never counts as the end of what is looked at."
    if e.left_out:
        yield f"{e.left_out} pairs are left out of the outcome: it cannot be said in one of their runs."


def listing(claims: Sequence[Claim]) -> str:
    """All claims, one a line, with what is missing where there is no experiment; last how many are runnable."""
    lines = []
    for c in claims:
        where = f"{c.source}:{c.lines}" if c.source else ""
        lines.append(f"{c.id:7} {c.slug if c.runnable else '-':28} {where:14} {c.statement}")
        if not c.runnable:
            lines.append(f"{'':37}{'':14} missing: {c.missing}")
    return "\n".join([*lines, *counts(claims)])
