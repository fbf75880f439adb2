"""ABC random forest: the choice of a class of accounts, its probability, and which summaries tell accounts apart.

Pudlo et al. (2016): a forest of trees votes for a class; shares of votes are no probabilities. A second forest learns
how often the first one is right at given summaries, which estimates the posterior probability of the class chosen.
Linear discriminant axes are added to the summaries. What is right is judged on runs of other shared vectors than those
that a forest was grown on: runs out of a tree's bag would have siblings in it, alike but for the account.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.weighing.sample import Sample
from groundswell.weighing.stage import FOLDS, folds

TREES = 500
LEAF = 5


@dataclass(frozen=True)
class Choice:
    """What a forest says of a record.

    Args:
        votes: (A,) share of the trees that vote for each class, mean over the draws of the record.
        chosen: number of the class with most votes.
        probability: posterior probability of the class chosen, by the second forest.
        importance: (F,) importance of each summary, sum 1 with the discriminant axes left out.
        error: share of runs of other vectors that such a forest gets wrong, weighted by the prior.
    """

    votes: np.ndarray
    chosen: int
    probability: float
    importance: np.ndarray
    error: float


def choose(sample: Sample, record: np.ndarray, seed: int = 0, trees: int = TREES) -> Choice:
    """Grow both forests on a sample and ask them about the record's summaries (D, F), D draws of it."""
    from sklearn.ensemble import RandomForestRegressor

    right = np.empty(len(sample), bool)
    for train, test in folds(sample.vector, seed):
        grown = _Grown(sample.rows(train), seed, max(1, trees // FOLDS))
        right[test] = grown.votes(sample.x[test]).argmax(axis=1) == sample.drawn[test]
    first = _Grown(sample, seed, trees)
    votes = first.votes(record).mean(axis=0)
    second = RandomForestRegressor(trees, min_samples_leaf=LEAF, max_features=1 / 3, random_state=seed, n_jobs=1)
    second.fit(first.known, right.astype(float), sample_weight=sample.weight)
    importance = _by_summary(first)
    return Choice(
        votes, int(votes.argmax()), float(second.predict(first.features(record)).mean()), importance,
        float(np.average(~right, weights=sample.weight)),
    )  # fmt: skip


class _Grown:
    """A forest grown on a sample, with what turns summaries into its features."""

    def __init__(self, sample: Sample, seed: int, trees: int) -> None:
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        self.classes = len(sample.classes)
        self.clean = make_pipeline(
            SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), StandardScaler()
        )
        z = self.clean.fit_transform(sample.x)
        self.axes = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(z, sample.drawn)
        self.known = np.hstack([z, self.axes.transform(z)])
        self.forest = RandomForestClassifier(trees, min_samples_leaf=LEAF, random_state=seed, n_jobs=1)
        self.forest.fit(self.known, sample.drawn, sample_weight=sample.weight)

    def features(self, x: np.ndarray) -> np.ndarray:
        """(m, G) what the trees see of summaries (m, F)."""
        z = self.clean.transform(x)
        return np.hstack([z, self.axes.transform(z)])

    def votes(self, x: np.ndarray) -> np.ndarray:
        """(m, A) shares of the trees' votes."""
        out = np.zeros((len(x), self.classes))
        out[:, self.forest.classes_] = self.forest.predict_proba(self.features(x))
        return out


def _by_summary(grown: _Grown) -> np.ndarray:
    """(F,) importances with those of "says nothing" added to their summary."""
    missing = grown.clean[0].indicator_.features_
    summaries = grown.clean.n_features_in_
    importance = grown.forest.feature_importances_
    out = importance[:summaries].copy()
    np.add.at(out, missing, importance[summaries : summaries + len(missing)])
    return np.asarray(out / max(out.sum(), np.finfo(float).tiny))
