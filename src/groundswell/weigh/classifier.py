"""Probabilities of classes of accounts, from simulations: of the family first, then of the class within its family.

    P(class a | x) = P(family f of a | x) P(a | f, x)

each by a calibrated multinomial regression (`stage`). Families divide the accounts and are told first, so they are
learned by themselves: to tell the accounts within a family apart, where the runs can, costs the families nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.weigh.sample import Sample
from groundswell.weigh.stage import Setting, Stage, Task, choose


@dataclass(frozen=True)
class Classifier:
    """A fitted classifier over A classes.

    Args:
        stages: of the families, then of the classes within each family.
        family: (A,) number of each class's family.
        held_out: (n, A) probabilities of each training run from a fit without its vector; nan where not made.
    """

    stages: tuple[Stage, ...]
    family: np.ndarray
    held_out: np.ndarray

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What was chosen for each stage."""
        return tuple(stage.setting for stage in self.stages)

    def probability(self, x: np.ndarray) -> np.ndarray:
        """(m, A) probabilities for summaries (m, F); a class without a run has 0."""
        return _joined([stage.probability(x) for stage in self.stages], self.family)


def fit(sample: Sample, seed: int = 0) -> Classifier:
    """Choose the setting of each stage on held-out vectors, then fit to all runs.

    Raises:
        ValueError: with fewer than two classes or fewer than two vectors.
    """
    if len(np.unique(sample.drawn)) < 2 or len(np.unique(sample.vector)) < 2:
        raise ValueError("weighing needs runs of at least two classes and two vectors")
    stages, held_out = zip(*(choose(task, seed) for task in _tasks(sample)), strict=True)
    return Classifier(tuple(stages), sample.family, _joined(held_out, sample.family))


def refit(sample: Sample, settings: Sequence[Setting]) -> Classifier:
    """Fit to other runs with the settings of an earlier fit; nothing is held out."""
    stages = tuple(Stage(task, setting) for task, setting in zip(_tasks(sample), settings, strict=True))
    return Classifier(stages, sample.family, np.full((len(sample), len(sample.family)), np.nan))


def told(classifier: Classifier, families: Sequence[str]) -> dict[str, Any]:
    """The settings as plain data: `families`, and `within` each family that has several classes to tell apart."""
    first, *within = classifier.stages
    return {
        "families": first.setting._asdict(),
        "within": {f: one.setting._asdict() for f, one in zip(families, within, strict=True) if one.model is not None},
    }


def settings_of(data: Mapping[str, Any], families: Sequence[str]) -> tuple[Setting, ...]:
    """The settings that `told` wrote down."""
    return Setting(**data["families"]), *(Setting(**data["within"].get(name, {})) for name in families)


def _tasks(sample: Sample) -> Iterator[Task]:
    """What each stage learns: the family of every run, then in each family the class of its own runs."""
    yield Task(sample.x, sample.vector, sample.family[sample.drawn], len(sample.families), sample.weight)
    for f in range(len(sample.families)):
        number = np.where(sample.family == f, np.cumsum(sample.family == f) - 1, -1)
        yield Task(sample.x, sample.vector, number[sample.drawn], int(number.max()) + 1, sample.weight)


def _joined(parts: Sequence[np.ndarray], family: np.ndarray) -> np.ndarray:
    """(m, A) from (m, families) and, for each family, (m, its classes)."""
    first, *within = parts
    out = np.empty((len(first), len(family)))
    for f, inner in enumerate(within):
        out[:, family == f] = first[:, f : f + 1] * inner
    return out
