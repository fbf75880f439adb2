"""Effects from pairs of runs: mean differences, differences of shares, their intervals, and what follows for a claim.

    numbers, hours   mean of the paired differences, interval by Student's t
    shares of runs   difference of paired shares, interval by method 10 of Newcombe (1998b)
    over accounts    sum_a w_a d_a; interval by the distances of each account's limits from its effect, weighted,
                     squared and added (MOVER: Zou & Donner 2008), so that one account keeps its own interval

A pair shares its seed, so that luck cancels where the two runs stay alike. With few pairs of a skewed outcome an
interval by t is rough; the pairs themselves are kept for whoever wants another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from groundswell.study.shares import wilson

LEVEL = 0.95
SUPPORTED, NOT_SUPPORTED, DEPENDS = "supported", "not supported", "depends on the account"
CANNOT_TELL, ASSUMED = "cannot be told", "assumed by the model"
VERDICTS = (SUPPORTED, NOT_SUPPORTED, DEPENDS, CANNOT_TELL, ASSUMED)
MOST_PAIRS = 10_000  # above it, "how many pairs would tell" is told as more than that


@dataclass(frozen=True)
class Effect:
    """Outcome with the change less the outcome without it, with its interval at a level.

    without, with_: means over pairs (shares, for a yes). never: shares of runs where an hour never came, without and
    with. n: pairs; left_out: pairs in which the outcome cannot be said. occurs: whether it ever did.
    """

    effect: float
    low: float
    high: float
    without: float
    with_: float
    n: int
    left_out: int = 0
    never: tuple[float, float] = (0.0, 0.0)
    occurs: bool = True


def effect_of(
    without: np.ndarray, with_: np.ndarray, form: str, limit: float = math.inf, level: float = LEVEL
) -> Effect:
    """The effect of one account.

    Args:
        without, with_: (n,) the outcome in each run of a pair; inf: never (form hour), nan: cannot be said.
        form: number, hour or yes.
        limit: hours as which "never" counts.
    """
    said = ~(np.isnan(without) | np.isnan(with_))
    a, b = without[said], with_[said]
    n, out = len(a), int((~said).sum())
    if n == 0:
        return Effect(math.nan, -math.inf, math.inf, math.nan, math.nan, 0, out, occurs=False)
    never = (float(np.isinf(a).mean()), float(np.isinf(b).mean()))
    if form == "hour":
        occurs = bool(np.isfinite(a).any() or np.isfinite(b).any())
        a, b = np.minimum(a, limit), np.minimum(b, limit)
    else:
        occurs = bool(a.any() or b.any())
    low, high = paired_shares(a > 0, b > 0, level) if form == "yes" else paired_means(a, b, level)
    return Effect(float((b - a).mean()), low, high, float(a.mean()), float(b.mean()), n, out, never, occurs)


def paired_means(a: np.ndarray, b: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """Interval of the mean of b - a by Student's t; without limits for a single pair."""
    from scipy.stats import t

    d = b - a
    if len(d) < 2:
        return -math.inf, math.inf
    half = float(t.ppf(0.5 + level / 2, len(d) - 1) * d.std(ddof=1) / math.sqrt(len(d)))
    return float(d.mean()) - half, float(d.mean()) + half


def paired_shares(a: np.ndarray, b: np.ndarray, level: float = LEVEL) -> tuple[float, float]:
    """Interval of the share of b less that of a over pairs (n,) of yes and no: Newcombe (1998b), method 10."""
    n = len(a)
    both, only_b, only_a = int((a & b).sum()), int((~a & b).sum()), int((a & ~b).sum())
    neither = n - both - only_a - only_b
    z = NormalDist().inv_cdf(0.5 + level / 2)
    p, q = (both + only_b) / n, (both + only_a) / n
    (lp, up), (lq, uq) = (wilson(x, n, z) for x in (both + only_b, both + only_a))
    margins = (both + only_b) * (only_a + neither) * (both + only_a) * (only_b + neither)
    phi = 0.0
    if margins:
        cross = float(both * neither - only_a * only_b)
        phi = (max(cross - n / 2, 0.0) if cross > 0 else cross) / math.sqrt(margins)
    down = (p - lp) ** 2 - 2 * phi * (p - lp) * (uq - q) + (uq - q) ** 2
    up_ = (up - p) ** 2 - 2 * phi * (up - p) * (q - lq) + (q - lq) ** 2
    return p - q - math.sqrt(max(down, 0.0)), p - q + math.sqrt(max(up_, 0.0))


def over_accounts(effects: Mapping[str, Effect], weights: Mapping[str, float]) -> Effect:
    """The effect over accounts, weighted; weights are divided by their sum. Accounts without a value are left out."""
    used = {k: e for k, e in effects.items() if e.n and weights[k] > 0}
    if not used:
        return Effect(math.nan, -math.inf, math.inf, math.nan, math.nan, 0, occurs=False)
    if len(used) == 1:
        return next(iter(used.values()))
    w = np.array([weights[k] for k in used])
    w = w / w.sum()
    e = list(used.values())

    def mean(values: Sequence[float]) -> float:
        return float(w @ np.array(values))

    effect = mean([x.effect for x in e])
    low = effect - math.sqrt(float(w**2 @ np.array([(x.effect - x.low) ** 2 for x in e])))
    high = effect + math.sqrt(float(w**2 @ np.array([(x.high - x.effect) ** 2 for x in e])))
    never = (mean([x.never[0] for x in e]), mean([x.never[1] for x in e]))
    return Effect(
        effect, low, high, mean([x.without for x in e]), mean([x.with_ for x in e]), sum(x.n for x in e),
        sum(x.left_out for x in e), never, any(x.occurs for x in e),
    )  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What an experiment says of a claim, and why, in words."""

    verdict: str
    why: str


def judge(effect: Effect, expect: str, least: float) -> Verdict:
    """What one effect says of a claim that expects a direction, with the smallest effect that would matter.

    What hardly ever occurs, or is too small to fall as far as would matter, tells nothing. Else, supported: the whole
    interval lies where the claim expects it, at least `least` away from none. Not supported: no part of it does.
    Otherwise it cannot be told at this number of pairs.
    """
    if effect.n == 0:
        return Verdict(CANNOT_TELL, "the outcome cannot be said in any pair")
    if not effect.occurs:
        return Verdict(CANNOT_TELL, "the outcome never occurs, with the change or without it")
    if min(effect.never) > 0.5:
        return Verdict(CANNOT_TELL, "it never comes in more than half of the runs, with the change and without it")
    if expect in ("falls", "not falls") and effect.without < least:
        return Verdict(CANNOT_TELL, f"without the change it is {effect.without:.3g}, too little to fall by {least:,g}")
    low, high = effect.low, effect.high
    inside = {
        "rises": (low >= least, high < least),
        "falls": (high <= -least, low > -least),
        "stays": (low > -least and high < least, low >= least or high <= -least),
        "not rises": (high < least, low >= least),
        "not falls": (low > -least, high <= -least),
    }
    yes, no = inside[expect]
    if yes:
        return Verdict(SUPPORTED, "the whole interval lies where the claim expects the effect")
    if no:
        opposite = (expect == "rises" and high <= -least) or (expect == "falls" and low >= least)
        elsewhere = "no part of the interval lies where the claim expects it"
        return Verdict(NOT_SUPPORTED, "the effect goes the other way" if opposite else elsewhere)
    return Verdict(CANNOT_TELL, f"too few pairs ({effect.n}): {_enough(effect, expect, least)}")


def _enough(effect: Effect, expect: str, least: float) -> str:
    """How many pairs would bring the interval clear of the line, if the effect is as large as it looks."""
    lines = {"rises": (least,), "falls": (-least,), "not rises": (least,), "not falls": (-least,)}
    gap = min(abs(effect.effect - line) for line in lines.get(expect, (least, -least)))
    half = max(effect.high - effect.effect, effect.effect - effect.low)
    if not math.isfinite(half):
        return "at least 2 are needed"
    if gap <= 0 or effect.n * (half / gap) ** 2 > MOST_PAIRS:
        return f"more than {MOST_PAIRS:,} would be needed if the effect is as it looks"
    return f"about {math.ceil(effect.n * (half / gap) ** 2 * 1.1):,} would be needed if the effect is as it looks"


def verdict_over(
    effects: Mapping[str, Effect], weights: Mapping[str, float], expect: str, least: float, assumed: str = ""
) -> Verdict:
    """What all accounts together say: one verdict if they agree, else whether the weighted effect can say more."""
    if assumed:
        return Verdict(ASSUMED, assumed)
    each = {k: judge(e, expect, least).verdict for k, e in effects.items() if weights[k] > 0}
    if {SUPPORTED, NOT_SUPPORTED} <= set(each.values()):
        named = {v: ", ".join(k for k in each if each[k] == v) for v in (SUPPORTED, NOT_SUPPORTED)}
        words = f"supported under {named[SUPPORTED]}; not supported under {named[NOT_SUPPORTED]}"
        return Verdict(DEPENDS, words)
    return judge(over_accounts(effects, weights), expect, least)


def tally(verdicts: Sequence[str]) -> dict[str, int]:
    """How many claims got which verdict."""
    return {v: sum(x == v for x in verdicts) for v in VERDICTS}
