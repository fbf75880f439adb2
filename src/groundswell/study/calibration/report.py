"""What came of a calibration in words and tables: stages, statements, parameters, and what trades off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from groundswell.study.calibration.design import Design
from groundswell.study.calibration.draws import Weighted
from groundswell.study.calibration.free import shares, table_of
from groundswell.study.calibration.sequential import Stage

EDGE, PUSHED = 0.1, 0.5
"""Outer share of a prior, and how much of the posterior in it is told as a finding."""
TRADED, LEAST_DRAWS = 0.5, 30
UNIFORM_SD = 1 / np.sqrt(12)


def report(
    design: Design, draws: Weighted, stages: Sequence[Stage], first: float, far: np.ndarray, runs: int, why: str
) -> str:
    """The text of `calibrate.md`.

    Args:
        first: tolerance of the first population. far: (n, F) capped distance of each fitted observation in each draw.
        runs: played. why: the search ended.
    """
    u = shares(draws.z)
    parts = [
        f"# Calibration of {design.case.id}",
        f"{len(draws.z)} draws of {len(design.space)} free parameters from {runs:,} runs, seed {design.search.seed}; "
        f"distance {draws.distance[0]:.3f} to {draws.distance[-1]:.3f}; draw {draws.middle} is in the middle. "
        f"The search ended since {why}. Fitted: {len(design.fit)} observations. Kept back, and not looked at: "
        f"{len(design.check)}.",
        "## Distance by stage",
        "Root mean square, over fitted observations, of how far a run lies from the nearest claim in errors of "
        f"reporting and discrepancy, each counted up to {design.identity['cap']:g}.",
        stage_table(stages, first, design.search.particles),
        "## Statements",
        "Mean over the draws. 0: within what a source says; 1: one error off.",
        statement_table(design, draws, far),
        "## Parameters",
        "Share: spread of the draws over that of the prior, both in shares of the prior (1: nothing learnt). Low, "
        f"high: how much of the draws lies in the lowest and the highest {EDGE:.0%} of the prior.",
        parameter_table(design, draws, u),
        "## At the edge of their priors",
        pushed(design, u, draws.weight),
        "## What trades off",
        traded(design, u, draws.weight),
    ]
    return "\n\n".join(parts) + "\n"


def stage_table(stages: Sequence[Stage], first: float, particles: int) -> str:
    """Tolerance, runs and acceptance of each stage."""
    rows = [f"| waves | {first:.3f} | | | | {particles} |"]
    rows += [
        f"| {s.number} | {s.tolerance:.3f} | {s.played} | {s.share:.1%} | {s.moved} of {s.copies} | {s.different} |"
        for s in stages
    ]
    head = "| stage | tolerance | vectors played | accepted | copies moved | different vectors |"
    return "\n".join([head, "| --- | --: | --: | --: | --: | --: |", *rows])


def statement_table(design: Design, draws: Weighted, far: np.ndarray) -> str:
    """Each fitted observation with its mean distance, the farthest first."""
    mean = draws.weight @ far
    within = draws.weight @ (far <= 1.0)
    title = {o.id: o.title for o in design.record.observations}
    order = np.lexsort((np.arange(len(mean)), -mean))
    rows = [f"| `{design.fit[i]}` | {title[design.fit[i]]} | {mean[i]:.2f} | {within[i]:.0%} |" for i in order]
    return "\n".join(["| observation | what | distance | within one error |", "| --- | --- | --: | --: |", *rows])


def narrowing(u: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(D,) spread of the draws in shares of the prior, over that of the prior."""
    mean = weight @ u
    return np.asarray(np.sqrt(weight @ np.square(u - mean)) / UNIFORM_SD)


def edges(u: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(D,) shares of the draws in the lowest and the highest part of the prior."""
    return weight @ (u < EDGE), weight @ (u > 1 - EDGE)


def parameter_table(design: Design, draws: Weighted, u: np.ndarray) -> str:
    """Each free parameter: prior, draws, how much was learnt, and how much lies at its ends."""
    values, share, (low, high) = table_of(design.space, draws.z), narrowing(u, draws.weight), edges(u, draws.weight)
    rows = []
    for k, f in enumerate(design.space.free):
        q = [f"{quantile(values[:, k], draws.weight, p):.4g}" for p in (0.5, 0.05, 0.95)]
        middle = f"{values[draws.middle - 1, k]:.4g}"
        ends = f"{low[k]:.0%} | {high[k]:.0%}"
        rows.append(f"| `{f.name}` | {f.prior} | {middle} | {q[0]} ({q[1]} to {q[2]}) | {share[k]:.2f} | {ends} |")
    head = "| parameter | prior | middle draw | median (5 to 95 percent) | share | low | high |"
    return "\n".join([head, "| --- | --- | --: | --: | --: | --: | --: |", *rows])


def quantile(x: np.ndarray, weight: np.ndarray, p: float) -> float:
    """Weighted quantile: the smallest value with at least a share p at or below it."""
    order = np.argsort(x, kind="stable")
    total = np.cumsum(weight[order])
    return float(x[order][min(int(np.searchsorted(total, p * total[-1])), len(x) - 1)])


def pushed(design: Design, u: np.ndarray, weight: np.ndarray) -> str:
    """Parameters of which most draws lie in the outer part of their prior, in sentences."""
    low, high = edges(u, weight)
    found = [
        f"- `{f.name}`: {share:.0%} of the draws in the {end} {EDGE:.0%} of {f.prior}. The record asks for more than "
        "the prior allows, or something else is missing."
        for k, f in enumerate(design.space.free)
        for share, end in ((low[k], "lowest"), (high[k], "highest"))
        if share >= PUSHED
    ]
    return "\n".join(found) or "None."


def traded(design: Design, u: np.ndarray, weight: np.ndarray) -> str:
    """Pairs of parameters that stand in for each other, by weighted correlation."""
    if len(u) < LEAST_DRAWS:
        return f"Not told with fewer than {LEAST_DRAWS} draws."
    mean = weight @ u
    covariance = (u - mean).T @ ((u - mean) * weight[:, None])
    sd = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
    r = covariance / np.outer(sd, sd)
    pairs = [(abs(r[i, j]), i, j) for i in range(len(r)) for j in range(i) if abs(r[i, j]) > TRADED]
    names = design.space.names
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    rows = [f"- `{names[j]}` with `{names[i]}`: {r[i, j]:+.2f}" for _, i, j in pairs]
    return "\n".join(rows) or f"No pair of parameters correlates by more than {TRADED:g}."
