"""ABC random forest: the choice of a class of accounts, its probability, and which summaries tell accounts apart.

Pudlo et al. (2016): a forest of trees votes for a class; shares of votes are no probabilities. A second forest learns,
from runs that a tree has not seen, how often the first one is right at given summaries, which estimates the posterior
probability of the class chosen. Linear discriminant axes are added to the summaries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.weighing.sample import Sample

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
        error: share of runs that the first forest gets wrong out of bag, weighted by the prior.
    """

    votes: np.ndarray
    chosen: int
    probability: float
    importance: np.ndarray
    error: float


def choose(sample: Sample, record: np.ndarray, seed: int = 0, trees: int = TREES) -> Choice:
    """Grow both forests on a sample and ask them about the record's summaries (D, F), D draws of it."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    clean = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), StandardScaler()
    )
    z = clean.fit_transform(sample.x)
    axes = LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(z, sample.drawn)
    known = np.hstack([z, axes.transform(z)])
    z_record = clean.transform(record)
    asked = np.hstack([z_record, axes.transform(z_record)])
    first = RandomForestClassifier(trees, min_samples_leaf=LEAF, oob_score=True, random_state=seed, n_jobs=1)
    first.fit(known, sample.drawn, sample_weight=sample.weight)
    unseen = np.nan_to_num(first.oob_decision_function_)
    right = first.classes_[unseen.argmax(axis=1)] == sample.drawn
    votes = np.zeros(len(sample.classes))
    votes[first.classes_] = first.predict_proba(asked).mean(axis=0)
    second = RandomForestRegressor(trees, min_samples_leaf=LEAF, max_features=1 / 3, random_state=seed, n_jobs=1)
    second.fit(known, right.astype(float), sample_weight=sample.weight)
    importance = _by_summary(first.feature_importances_[: z.shape[1]], clean, sample.x.shape[1])
    return Choice(
        votes, int(votes.argmax()), float(second.predict(asked).mean()), importance,
        float(np.average(~right, weights=sample.weight)),
    )  # fmt: skip


def _by_summary(importance: np.ndarray, clean: object, summaries: int) -> np.ndarray:
    """(F,) importances with those of "says nothing" added to their summary."""
    out = importance[:summaries].copy()
    missing = clean[0].indicator_.features_  # type: ignore[index]
    np.add.at(out, missing, importance[summaries:])
    return out / max(out.sum(), np.finfo(float).tiny)
