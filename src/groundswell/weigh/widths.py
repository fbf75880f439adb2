"""How the Bayes factor of a mechanism hangs on the width of its own priors: the same under halved ones, by weights.

Wide priors speak against a mechanism, since most of them is far from the record (Bartlett 1957), so the width is part
of what is weighed. For an element's strengths, z the standard normal quantile of a lognormal or normal one and u the
quantile of a uniform one, each within the account's range:

    weight 2 exp(-3 z^2 / 2), or 2 where |u - 1/2| < 1/4 and 0 elsewhere, for the runs that have it on

Runs beyond a prior cannot be made up from runs within it, so wider ones are not told. An account keeps its prior, and
so does the choice of an element that only may be on.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np

from groundswell.accounts import Accounts
from groundswell.accounts.model import Free
from groundswell.engine.priors import Uniform
from groundswell.weigh.classifier import refit, settings_of
from groundswell.weigh.reported import Runs
from groundswell.weigh.sample import Sample
from groundswell.weigh.weigh import Asked, bayes_factors, settings, stated

FEWEST = 20.0  # effective runs with the element on; with fewer no factor is given


def halved(runs: Runs, sample: Sample, asked: Asked, accounts: Accounts, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Element -> `bayes_factor` under halved widths of its own strengths, and `ess` of the runs that have it on.

    The factor is None where the effective runs are fewer than `FEWEST`. Elements without a strength are left out.

    Args:
        runs, sample, asked: what is weighed. chosen: settings of the classifier fitted to it, as data.
    """
    sample, asked = stated(sample, asked)
    like = settings_of(chosen, sample.families)
    at = {name: k for k, name in enumerate(runs.parameters)}
    drawn = np.asarray(runs.columns["account"])
    out = {}
    for e, name in enumerate(sample.element_names):
        free = [f for f in accounts.elements[name].on if not isinstance(f.prior, float)]
        on = sample.elements[:, e]
        if not free or not on.any():
            continue
        factor = np.ones(len(sample))
        for f in free:
            theta = runs.theta[:, at[f.name]]
            for account in np.unique(drawn[on]):
                rows = on & (drawn == account)
                factor[rows] *= half(f, theta[rows], accounts.accounts[account].within.get(f.name))
        told = factor[on]
        ess = float(told.sum() ** 2 / max((told**2).sum(), np.finfo(float).tiny))
        found = None
        if ess >= FEWEST:
            narrow = sample.reweighted(_level(factor, on, sample.drawn))
            with settings():
                p = refit(narrow, like).probability(asked.x).mean(axis=0)
            found = bayes_factors(narrow, p)[name]
        out[name] = {"bayes_factor": found, "ess": ess}
    return out


def half(free: Free, theta: np.ndarray, within: Any = None) -> np.ndarray:
    """(n,) density of the halved prior over that of the prior, at values drawn from it; not normed."""
    assert not isinstance(free.prior, float)
    low, high = free.ends(within)
    a, b = free.prior.below(low), free.prior.below(high)
    u = np.array([(free.prior.below(float(x)) - a) / max(b - a, 1e-300) for x in theta])
    if isinstance(free.prior, Uniform):
        return np.where(np.abs(u - 0.5) < 0.25, 2.0, 0.0)
    z = np.array([NormalDist().inv_cdf(min(max(x, 1e-9), 1 - 1e-9)) for x in u])
    return np.asarray(2 * np.exp(-1.5 * z**2))


def _level(factor: np.ndarray, on: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The factors with mean 1 over the runs of each class that have the element on."""
    out = factor.copy()
    for a in np.unique(drawn[on]):
        rows = on & (drawn == a)
        out[rows] /= max(out[rows].mean(), np.finfo(float).tiny)
    return out
