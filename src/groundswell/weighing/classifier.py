"""Probabilities of classes of accounts: a multinomial classifier over simulations, calibrated on runs it has not seen.

    P(class a | x) = softmax((W z(x) + w)_a / T)

z: summaries with the median where the record says nothing, an indicator of that, and standardised. W is fitted with
the prior weights of the runs and a ridge penalty; penalty and temperature T are chosen by the log score on runs of
other vectors (Guo et al. 2017), so that a probability of 0.7 is right in seven of ten cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.engine.purposes import FOLD
from groundswell.engine.random import uniform
from groundswell.weighing.sample import Sample

PENALTIES = (
    0.0003,
    0.001,
    0.003,
    0.01,
    0.03,
    0.1,
    0.3,
    1.0,
)  # inverse strength of the ridge penalty, weak on the right
FOLDS = 5
LEAST = 1e-12


@dataclass(frozen=True)
class Classifier:
    """A fitted classifier over A classes.

    Args:
        model: the fitted pipeline.
        classes: number of classes A; one without a run has probability 0.
        penalty: the penalty chosen.
        temperature: T.
        held_out: (n, A) probabilities of each training run from a fit without its vector; nan where not made.
        log_score: mean log probability given to the truth by `held_out`, weighted by the prior.
    """

    model: Any
    classes: int
    penalty: float
    temperature: float
    held_out: np.ndarray
    log_score: float

    @classmethod
    def chosen(cls, classes: int, penalty: float, temperature: float) -> Classifier:
        """One that is not fitted and holds what was chosen, for `refit`."""
        return cls(None, classes, penalty, temperature, np.empty((0, classes)), np.nan)

    def probability(self, x: np.ndarray) -> np.ndarray:
        """(m, A) probabilities for summaries (m, F)."""
        return _softmax(_scores(self.model, x, self.classes) / self.temperature)


def fit(sample: Sample, seed: int = 0) -> Classifier:
    """Choose penalty and temperature on held-out vectors, then fit to all runs.

    Raises:
        ValueError: with fewer than two classes or fewer than two vectors.
    """
    if len(np.unique(sample.drawn)) < 2 or len(np.unique(sample.vector)) < 2:
        raise ValueError("weighing needs runs of at least two classes and two vectors")
    best: tuple[float, float, float, np.ndarray] | None = None
    for penalty in PENALTIES:
        scores = np.full((len(sample), len(sample.classes)), -np.inf)
        for train, test in folds(sample.vector, seed):
            model = _fit(sample.rows(train), penalty)
            scores[test] = _scores(model, sample.x[test], len(sample.classes))
        temperature = _temperature(scores, sample)
        score = _log_score(scores / temperature, sample)
        if best is None or score > best[0]:
            best = score, penalty, temperature, scores
    assert best is not None
    score, penalty, temperature, scores = best
    held_out = _softmax(scores / temperature)
    return Classifier(_fit(sample, penalty), len(sample.classes), penalty, temperature, held_out, score)


def refit(sample: Sample, like: Classifier) -> Classifier:
    """Fit to other runs with the penalty and temperature of an earlier fit; nothing is held out."""
    empty = np.full((len(sample), like.classes), np.nan)
    return Classifier(_fit(sample, like.penalty), like.classes, like.penalty, like.temperature, empty, np.nan)


def folds(vector: np.ndarray, seed: int, parts: int = FOLDS) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Numbers of training and test runs; all runs of a vector are on one side."""
    unique, which = np.unique(vector, return_inverse=True)
    parts = min(parts, len(unique))
    part = np.empty(len(unique), int)
    part[np.argsort(uniform(seed, FOLD, unique, 0), kind="stable")] = np.arange(len(unique)) % parts
    for k in range(parts):
        yield np.flatnonzero(part[which] != k), np.flatnonzero(part[which] == k)


def _fit(sample: Sample, penalty: float) -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=penalty, max_iter=500, tol=1e-3),
    )
    return model.fit(sample.x, sample.drawn, logisticregression__sample_weight=sample.weight)


def _scores(model: Any, x: np.ndarray, classes: int) -> np.ndarray:
    """(m, A) log-odds; minus infinity for classes that the model has not seen."""
    out = np.full((len(x), classes), -np.inf)
    given = model.decision_function(x)
    if given.ndim == 1:  # two classes: one number
        given = np.stack([np.zeros(len(x)), given], axis=1)
    out[:, model.classes_] = given
    return out


def _softmax(scores: np.ndarray) -> np.ndarray:
    high = np.exp(scores - scores.max(axis=1, keepdims=True))
    return high / high.sum(axis=1, keepdims=True)


def _log_score(scores: np.ndarray, sample: Sample) -> float:
    """Mean log probability of the truth, over runs of classes that the fit without their vector has seen at all."""
    at = np.arange(len(sample)), sample.drawn
    seen = np.isfinite(scores[at])
    if not seen.any():
        return float(np.log(LEAST))
    given = np.maximum(_softmax(scores)[at][seen], LEAST)
    return float(np.average(np.log(given), weights=sample.weight[seen]))


def _temperature(scores: np.ndarray, sample: Sample) -> float:
    from scipy.optimize import minimize_scalar

    best = minimize_scalar(
        lambda log_t: -_log_score(scores / np.exp(log_t), sample), bounds=(-2.0, 3.0), method="bounded"
    )
    return float(np.exp(best.x))
