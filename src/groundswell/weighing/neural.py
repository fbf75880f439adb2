"""Posteriors of parameters by neural posterior estimation, beside the regression-adjusted ones; extra `neural`.

A masked autoregressive flow (Papamakarios, Pavlakou & Murray 2017) learns the joint posterior of all shared parameters
from the rows of the table (Papamakarios & Murray 2016), on the logit of each within its range. Built by sbi
(Tejero-Cantero et al. 2020) and trained here, since rows of a shared vector have the same parameters: of the vectors
one part is trained on, one says when to stop, and one is kept for calibration (Talts et al. 2018). The prior weights of
the runs weigh the loss. The same seed gives the same numbers on the same machine and version of torch, and not to the
bit on others.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.weighing.checks import one_of_each
from groundswell.weighing.posterior import QUANTILES, uniformity
from groundswell.weighing.sample import Sample
from groundswell.weighing.stage import folds

PARTS = 5  # of the vectors one part in five says when to stop, and one is kept for calibration
DRAWS = 1000
MOST_EPOCHS, PATIENCE, ROWS_IN_STEP, RATE = 300, 15, 100, 1e-3
MOST_RANKED = 300
BINS = 5


def refuse_without() -> None:
    """Whether what is needed is installed.

    Raises:
        CaseError: it is not.
    """
    if find_spec("sbi") is None or find_spec("torch") is None:
        allowed = 'regression; or install what it needs: pip install "groundswell[neural]"'
        raise CaseError([Problem("--posterior", None, "posterior", "neural", allowed)])


def neural(sample: Sample, x: np.ndarray, which: np.ndarray, seed: int = 0) -> dict[str, Any]:
    """Posterior quantiles of parameters for a record, and their calibration on vectors that were kept back.

    Args:
        sample: runs. x: (D, F) draws of the record. which: (K,) numbers of parameters that every run draws.

    Returns:
        `quantiles`; `by_name`: parameter -> `posterior` (quantiles), `ranks` (counts), `uniform_p`, `covered` (share of
        kept runs whose value lies within 5 to 95 percent of its posterior); `tests`, `epochs`, `log_score` (mean log
        density of kept runs, on the logit scale) and `log_score_prior` (of a normal fitted to the runs trained on).

    Raises:
        CaseError: the extra is not installed.
    """
    refuse_without()
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            return _found(sample, x, which, seed)
    finally:
        torch.set_num_threads(threads)


def _found(sample: Sample, x: np.ndarray, which: np.ndarray, seed: int) -> dict[str, Any]:
    import torch

    theta = sample.theta[:, which]
    low, width = theta.min(axis=0), np.maximum(np.ptp(theta, axis=0), 1e-12)
    inside = np.clip((theta - low) / width, 1e-3, 1 - 1e-3)
    y = torch.tensor(np.log(inside / (1 - inside)), dtype=torch.float32)
    parts = [test for _, test in folds(sample.vector, seed, PARTS)]
    kept, stop, train = parts[0], parts[1], np.concatenate(parts[2:])
    z, at = _standardised(sample.x, x, train)
    flow, epochs = _trained(y, z, torch.tensor(sample.weight, dtype=torch.float32), train, stop)
    tests = kept[one_of_each(sample.rows(kept), seed, MOST_RANKED)]

    def back(logits: Any) -> np.ndarray:
        return np.asarray(low + width / (1 + np.exp(-logits.numpy().astype(float))))

    with torch.no_grad():
        drawn = back(flow.sample((DRAWS,), at)).reshape(-1, len(which))  # the mixture over draws of the record
        told = back(flow.sample((DRAWS,), z[tests]))
        score = float(flow.log_prob(y[tests][None], z[tests]).mean())
    truth = theta[tests]
    counts, p = uniformity((told < truth).mean(axis=0), BINS)
    ends = np.quantile(told, (QUANTILES[0], QUANTILES[-1]), axis=0)
    covered = ((ends[0] <= truth) & (truth <= ends[1])).mean(axis=0)
    middle, spread = y[train].mean(dim=0), y[train].std(dim=0)
    prior = float(torch.distributions.Normal(middle, spread).log_prob(y[tests]).sum(dim=1).mean())
    quantiles = np.quantile(drawn, QUANTILES, axis=0)
    return {
        "quantiles": list(QUANTILES), "tests": len(tests), "epochs": epochs, "log_score": score,
        "log_score_prior": prior,
        "by_name": {
            sample.parameters[k]: {
                "posterior": quantiles[:, i].tolist(), "ranks": counts[i].tolist(), "uniform_p": float(p[i]),
                "covered": float(covered[i]),
            }
            for i, k in enumerate(which)
        },
    }  # fmt: skip


def _standardised(x: np.ndarray, record: np.ndarray, train: np.ndarray) -> tuple[Any, Any]:
    """Summaries of runs and of the record with the median where nothing is said and columns that say so, as tensors."""
    import torch

    middle = np.nan_to_num(np.nanmedian(x[train], axis=0))
    full, asked = (np.hstack([np.where(np.isnan(v), middle, v), np.isnan(v)]).astype(float) for v in (x, record))
    mean, spread = full[train].mean(axis=0), full[train].std(axis=0)
    use = spread > 0
    z, at = ((v[:, use] - mean[use]) / spread[use] for v in (full, asked))
    return torch.tensor(z, dtype=torch.float32), torch.tensor(at, dtype=torch.float32)


def _trained(y: Any, z: Any, weight: Any, train: np.ndarray, stop: np.ndarray) -> tuple[Any, int]:
    """The flow at the epoch that was best on the vectors `stop`, and which epoch that was."""
    import torch
    from sbi.neural_nets import posterior_nn

    flow = posterior_nn("zuko_maf", hidden_features=30, num_transforms=3, z_score_x="none")(y[train], z[train])
    steps = torch.optim.Adam(flow.parameters(), lr=RATE, weight_decay=1e-4)
    best, at, state = np.inf, 0, flow.state_dict()
    for epoch in range(1, MOST_EPOCHS + 1):
        flow.train()
        for rows in torch.split(torch.tensor(train)[torch.randperm(len(train))], ROWS_IN_STEP):
            steps.zero_grad()
            loss = (flow.loss(y[rows], z[rows]) * weight[rows]).sum() / weight[rows].sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(flow.parameters(), 5.0)
            steps.step()
        flow.eval()
        with torch.no_grad():
            now = float((flow.loss(y[stop], z[stop]) * weight[stop]).sum() / weight[stop].sum())
        if now < best:
            best, at, state = now, epoch, {k: v.clone() for k, v in flow.state_dict().items()}
        if epoch - at >= PATIENCE:
            break
    flow.load_state_dict(state)
    flow.eval()
    return flow, at
