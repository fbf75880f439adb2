"""What a sceptical reader asks of a weighing: recovery, reliability, an empty record, one observation or source less.

Recovery and reliability are read off runs that the classifier was not trained on (other shared vectors). Intervals of
shares: Wilson (1927), 95 percent. Accounts that the record's summaries cannot tell apart are listed as sets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from groundswell.engine.purposes import purpose
from groundswell.engine.random import uniform
from groundswell.study.shares import wilson
from groundswell.weigh.classifier import Classifier, refit
from groundswell.weigh.sample import Sample
from groundswell.weigh.stage import FOLD, LEAST

BOOTSTRAP = purpose("bootstrap of shared vectors")  # which shared vectors a repeat is made of
# The order in which a summary's values are handed out in a record that says nothing.
SHUFFLE = purpose("shuffle of a summary")

FEWEST = 20  # of classes with fewer runs nothing is said
SEPARABLE = 0.6  # two accounts are told apart if the right one of the two is favoured in more than this share of runs


def recovery(probability: np.ndarray, truth: np.ndarray, names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """True id -> given id -> how many of the true one's runs get it as most probable: share, n, interval.

    Args:
        probability: (n, A) held-out probabilities. truth: (n,) numbers of the true ones.
    """
    given = probability.argmax(axis=1)
    out: dict[str, dict[str, Any]] = {}
    for a, name in enumerate(names):
        mine = truth == a
        n = int(mine.sum())
        if n == 0:
            continue
        row = {}
        for b, other in enumerate(names):
            hits = int((given[mine] == b).sum())
            low, high = wilson(hits, n)
            row[other] = {"share": hits / n, "low": low, "high": high, "runs": hits}
        out[name] = {"n": n, "given": row}
    return out


def reliability(
    probability: np.ndarray, truth: np.ndarray, weight: np.ndarray, vector: np.ndarray | None = None, bins: int = 10
) -> dict[str, Any]:
    """Calibration curve over all accounts, Brier score and log score, each beside that of the prior alone.

    Cases of a vector are not independent, nor are the classes of a run: intervals are Wilson's at the effective number
    of cases, share (1 - share) / variance with the vectors as clusters (Korn & Graubard 1998).

    Args:
        probability: (n, A) held-out probabilities. truth: (n,) numbers. weight: (n,) prior weights of the runs.
        vector: (n,) number of the shared vector; each run stands for itself if left out.
    """
    _, vector = np.unique(np.arange(len(truth)) if vector is None else vector, return_inverse=True)
    hit = np.zeros_like(probability)
    hit[np.arange(len(truth)), truth] = 1.0
    prior = np.average(hit, axis=0, weights=weight)
    flat, flat_hit = probability.ravel(), hit.ravel()
    flat_weight, flat_vector = (np.repeat(a, probability.shape[1]) for a in (weight, vector))
    edges = np.linspace(0, 1, bins + 1)
    at = np.clip(np.searchsorted(edges, flat, side="right") - 1, 0, bins - 1)
    curve = []
    for k in range(bins):
        inside = at == k
        if inside.any():
            share = np.average(flat_hit[inside], weights=flat_weight[inside])
            n = _effective(flat_hit[inside], flat_weight[inside], flat_vector[inside])
            low, high = wilson(share * n, n)
            said = np.average(flat[inside], weights=flat_weight[inside])
            curve.append({"said": float(said), "true": float(share), "low": low, "high": high, "n": int(inside.sum())})

    def brier(p: np.ndarray) -> float:
        return float(np.average(((p - hit) ** 2).sum(axis=1), weights=weight))

    def log_score(p: np.ndarray) -> float:
        return float(np.average(np.log(np.maximum((p * hit).sum(axis=1), LEAST)), weights=weight))

    base = np.broadcast_to(prior, probability.shape)
    return {
        "curve": curve, "brier": brier(probability), "brier_prior": brier(base), "log_score": log_score(probability),
        "log_score_prior": log_score(base),
    }  # fmt: skip


def _effective(hit: np.ndarray, weight: np.ndarray, cluster: np.ndarray) -> float:
    """Number of independent cases that give the share of hits as surely as these clusters of weighted ones."""
    share = np.average(hit, weights=weight)
    apart = np.bincount(cluster, weight * (hit - share))
    clusters = len(np.unique(cluster))
    variance = (apart**2).sum() / weight.sum() ** 2 * clusters / max(clusters - 1, 1)
    return float(min(share * (1 - share) / variance, len(hit))) if variance > 0 else float(clusters)


def not_separable(probability: np.ndarray, truth: np.ndarray, names: tuple[str, ...]) -> list[list[str]]:
    """Sets of accounts that held-out runs do not tell apart, pair by pair; pairs that share an account are joined.

    Two accounts are told apart if the lower end of the interval of "the right one of the two has the higher
    probability", the mean of both sides, lies above `SEPARABLE`. Classes of fewer than `FEWEST` runs are left out.
    """
    group = list(range(len(names)))
    for a in range(len(names)):
        for b in range(a + 1, len(names)):
            sides = [probability[truth == a][:, (a, b)], probability[truth == b][:, (b, a)]]
            if min(len(s) for s in sides) < FEWEST:
                continue
            right = [(np.sum(s[:, 0] > s[:, 1]) + 0.5 * np.sum(s[:, 0] == s[:, 1])) / len(s) for s in sides]
            n = 2 * min(len(s) for s in sides)
            if wilson(np.mean(right) * n, n)[0] <= SEPARABLE:
                old, new = group[b], group[a]
                group = [new if g == old else g for g in group]
    sets = [[names[i] for i in range(len(names)) if group[i] == g] for g in dict.fromkeys(group)]
    return [s for s in sets if len(s) > 1]


def bootstrap(sample: Sample, seed: int, repeat: int) -> Sample:
    """A sample of as many shared vectors, drawn with replacement, each with all its runs."""
    unique, which = np.unique(sample.vector, return_inverse=True)
    order = np.argsort(which, kind="stable")
    start = np.searchsorted(which[order], np.arange(len(unique) + 1))
    drawn = (uniform(seed, BOOTSTRAP, np.arange(len(unique)), repeat) * len(unique)).astype(int)
    return sample.rows(np.concatenate([order[start[v] : start[v + 1]] for v in drawn]))


def one_of_each(sample: Sample, seed: int, most: int) -> np.ndarray:
    """Numbers of runs, one of each of at most so many vectors, drawn by the prior weights of the vector's runs.

    Runs of a vector share their parameters, so only one of them is a test; drawn by the prior, so that the true account
    is as often each as the posterior takes for granted.
    """
    unique, which = np.unique(sample.vector, return_inverse=True)
    chance = uniform(seed, FOLD, np.arange(len(sample)), 1) ** (1 / np.maximum(sample.weight, 1e-12))
    order = np.lexsort((-chance, which))  # the highest of U^(1/w) is each with a chance in proportion to w
    first = order[np.searchsorted(which[order], np.arange(len(unique)))]
    return np.asarray(first[np.unique(np.linspace(0, len(first) - 1, most).astype(int))])


def null(sample: Sample, classifier: Classifier, seed: int, records: int = 100) -> np.ndarray:
    """(A,) mean probabilities of records without information: each summary from another run picked at random."""
    n, f = sample.x.shape
    x = np.empty((records, f))
    by_weight = np.cumsum(sample.weight) / sample.weight.sum()
    for k in range(f):
        pick = np.searchsorted(by_weight, uniform(seed, SHUFFLE, np.arange(records), k))
        x[:, k] = sample.x[np.minimum(pick, n - 1), k]
    return classifier.probability(x).mean(axis=0)


def variants(classifier: Classifier, asked: Iterable[tuple[str, Sample, np.ndarray]]) -> dict[str, dict[str, float]]:
    """Name -> family -> probability where summaries are left out, runs are, or the record is another.

    Args:
        classifier: whose settings are kept.
        asked: names, runs, and the record (D, F) in the summaries of these runs. Those without a summary, or with runs
            of one class alone, are left out.
    """
    out = {}
    for name, sample, record in asked:
        if record.shape[1] and len(np.unique(sample.drawn)) > 1:
            p = refit(sample, classifier.settings).probability(record).mean(axis=0)
            out[name] = dict(zip(sample.families, sample.by_family(p).tolist(), strict=True))
    return out
