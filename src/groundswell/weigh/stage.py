"""One step of a classifier: a multinomial regression over labels, calibrated on runs that it has not seen.

    P(label | x) = softmax((W z(x) + w) / T)

z: summaries with the median where the record says nothing, an indicator of that, standardised and held within `BOUND`
on both sides: what few runs show weighs no more than a value at the bound, and a record beyond all runs no more than
that (bounded influence: Huber 1981). W is fitted with the prior weights of the runs and a ridge penalty. Penalty and
temperature T are chosen by the log score on runs of other vectors (Guo et al. 2017), so that a probability of 0.7 is
right in seven of ten cases; the record has no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from groundswell.engine.purposes import purpose
from groundswell.engine.random import uniform

FOLD = purpose("fold of a shared vector")  # which shared vectors a classifier is trained on

BOUND = 1.0  # standard deviations; a record may lie farther out than runs can tell
PENALTIES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
FOLDS = 5
LEAST = 1e-12


class Setting(NamedTuple):
    """What is chosen for a stage.

    Args:
        penalty: inverse strength of the ridge penalty, weak if high. temperature: T.
    """

    penalty: float = PENALTIES[0]
    temperature: float = 1.0


@dataclass(frozen=True)
class Task:
    """n runs and their labels.

    Args:
        x: (n, F) summaries. vector: (n,) number of the shared vector.
        label: (n,) numbers; -1: the run has no label here, and is asked about only.
        labels: how many there are. weight: (n,) of the runs.
    """

    x: np.ndarray
    vector: np.ndarray
    label: np.ndarray
    labels: int
    weight: np.ndarray

    def rows(self, which: np.ndarray) -> Task:
        """Some of the runs."""
        return Task(self.x[which], self.vector[which], self.label[which], self.labels, self.weight[which])


class Stage:
    """A regression fitted to the runs of a task that have a label.

    One label seen alone has probability 1; where none was seen, all have the same.
    """

    def __init__(self, task: Task, setting: Setting):
        mine = task.rows(task.label >= 0)
        self.setting, self.labels = setting, task.labels
        self.seen = np.unique(mine.label) if len(mine.label) else np.arange(task.labels)
        self.model: Any = None
        if len(np.unique(mine.label)) > 1:
            self.model = _pipeline(setting.penalty)
            self.model.fit(mine.x, mine.label, logisticregression__sample_weight=mine.weight / mine.weight.mean())

    def probability(self, x: np.ndarray) -> np.ndarray:
        """(m, labels) probabilities for summaries (m, F); 0 for labels that no run had."""
        return _softmax(self.scores(x) / self.setting.temperature)

    def scores(self, x: np.ndarray) -> np.ndarray:
        """(m, labels) log-odds before the temperature; minus infinity for labels that no run had."""
        out = np.full((len(x), self.labels), -np.inf)
        given = np.zeros((len(x), len(self.seen))) if self.model is None else self.model.decision_function(x)
        if given.ndim == 1:  # two labels: one number
            given = np.stack([np.zeros(len(x)), given], axis=1)
        out[:, self.seen] = given
        return out


def choose(task: Task, seed: int) -> tuple[Stage, np.ndarray]:
    """The stage with penalty and temperature chosen on held-out vectors.

    Returns:
        The stage fitted to all runs; (n, labels) probabilities of each run from a fit without its vector.
    """
    if len(np.unique(task.label[task.label >= 0])) < 2:
        stage = Stage(task, Setting())
        return stage, stage.probability(task.x)
    split = list(folds(task.vector, seed))
    found: list[tuple[float, Setting, np.ndarray]] = []
    for penalty in PENALTIES:
        scores = np.full((len(task.x), task.labels), -np.inf)
        for train, test in split:
            scores[test] = Stage(task.rows(train), Setting(penalty)).scores(task.x[test])
        temperature = _temperature(scores, task)
        scores /= temperature
        found.append((_log_score(scores, task), Setting(penalty, temperature), _softmax(scores)))
    _, setting, held_out = max(found, key=lambda one: one[0])
    return Stage(task, setting), held_out


def folds(vector: np.ndarray, seed: int, parts: int = FOLDS) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Numbers of training and test runs; all runs of a vector are on one side."""
    unique, which = np.unique(vector, return_inverse=True)
    parts = min(parts, len(unique))
    part = np.empty(len(unique), int)
    part[np.argsort(uniform(seed, FOLD, unique, 0), kind="stable")] = np.arange(len(unique)) % parts
    for k in range(parts):
        yield np.flatnonzero(part[which] != k), np.flatnonzero(part[which] == k)


def _pipeline(penalty: float) -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    return make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        FunctionTransformer(np.clip, kw_args={"a_min": -BOUND, "a_max": BOUND}),
        LogisticRegression(C=penalty, max_iter=500, tol=1e-3),
    )


def _softmax(scores: np.ndarray) -> np.ndarray:
    from scipy.special import softmax

    return np.asarray(softmax(scores, axis=1)) if scores.size else scores  # a family may have no class at all


def _log_score(scores: np.ndarray, task: Task) -> float:
    """Mean log probability of the truth, over runs of labels that the fit without their vector has seen at all."""
    mine = np.flatnonzero(task.label >= 0)
    at = mine, task.label[mine]
    seen = np.isfinite(scores[at])
    if not seen.any():
        return float(np.log(LEAST))
    given = np.maximum(_softmax(scores)[at][seen], LEAST)
    return float(np.average(np.log(given), weights=task.weight[mine][seen]))


def _temperature(scores: np.ndarray, task: Task) -> float:
    from scipy.optimize import minimize_scalar

    best = minimize_scalar(
        lambda log_t: -_log_score(scores / np.exp(log_t), task), bounds=(-2.0, 3.0), method="bounded"
    )
    return float(np.exp(best.x))
