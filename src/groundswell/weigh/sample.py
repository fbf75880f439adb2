"""Reported runs as arrays, ready to be weighed: summaries, what was drawn, and the prior weight of each run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Sample:
    """n reported runs with F summaries, drawn from A classes: accounts, each within one family.

    An account whose elements may put it into several families makes a class in each; all others are one class.

    Args:
        x: (n, F) summaries; nan where the simulated record says nothing.
        names: (F,) names of the summaries, "OBSERVATION" or "OBSERVATION:never".
        drawn: (n,) number of the class that each run was drawn from.
        classes: (A,) their names, no two with the same content.
        family: (A,) number of each class's family.
        families: ids of the families.
        belongs: (n, P) accounts whose predicate holds for the run; accounts overlap.
        accounts: (P,) their ids.
        elements: (n, E) elements switched on.
        element_names: (E,) their ids.
        vector: (n,) number of the shared vector: runs of one vector differ in the account alone.
        theta: (n, K) parameters drawn; nan where the run's account does not draw them.
        parameters: (K,) their names.
        factor: (n,) weights within each class, as under another prior; equal if left out.
    """

    x: np.ndarray
    names: tuple[str, ...]
    drawn: np.ndarray
    classes: tuple[str, ...]
    family: np.ndarray
    families: tuple[str, ...]
    belongs: np.ndarray
    accounts: tuple[str, ...]
    elements: np.ndarray
    element_names: tuple[str, ...]
    vector: np.ndarray
    theta: np.ndarray
    parameters: tuple[str, ...]
    factor: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def observation(self) -> np.ndarray:
        """(F,) the observation that each summary belongs to."""
        return np.array([name.partition(":")[0] for name in self.names])

    @cached_property
    def prior(self) -> np.ndarray:
        """(A,) prior probability of each class: families equal, then equal within the family.

        So an account that is written down twice or thrice takes nothing from other families (dilution: George 2010).
        """
        played = np.bincount(self.drawn, minlength=len(self.classes)) > 0
        size = np.bincount(self.family[played], minlength=len(self.families))
        weight = np.where(played, 1.0 / np.maximum(size[self.family], 1), 0.0)
        return weight / max(weight.sum(), np.finfo(float).tiny)

    @cached_property
    def weight(self) -> np.ndarray:
        """(n,) weight of each run, with mean 1: its class's prior over the class's number of runs."""
        within = np.ones(len(self)) if self.factor is None else self.factor
        total = np.bincount(self.drawn, within, minlength=len(self.classes))
        return len(self) * self.prior[self.drawn] * within / np.maximum(total[self.drawn], np.finfo(float).tiny)

    def reweighted(self, factor: np.ndarray) -> Sample:
        """The same runs with other weights (n,) within each class; classes keep their prior."""
        return replace(self, factor=factor)

    def rows(self, which: np.ndarray) -> Sample:
        """Some of the runs (mask or numbers, which may repeat)."""
        arrays = ("x", "drawn", "belongs", "elements", "vector", "theta")
        factor = None if self.factor is None else self.factor[which]
        return replace(self, factor=factor, **{name: getattr(self, name)[which] for name in arrays})

    def summaries(self, keep: np.ndarray) -> Sample:
        """The same runs with some of the summaries (F,) bool."""
        return replace(self, x=self.x[:, keep], names=tuple(np.array(self.names, object)[keep]))

    def by_family(self, probability: np.ndarray) -> np.ndarray:
        """(..., families) the sum of probabilities (..., A) over each family's classes."""
        out = np.zeros((*probability.shape[:-1], len(self.families)))
        np.add.at(np.moveaxis(out, -1, 0), self.family, np.moveaxis(probability, -1, 0))
        return out

    @cached_property
    def share_belonging(self) -> np.ndarray:
        """(A, P) share of the runs of each class for which each account's predicate holds."""
        return self._share(self.belongs)

    @cached_property
    def share_on(self) -> np.ndarray:
        """(A, E) share of the runs of each class in which each element is on."""
        return self._share(self.elements)

    def _share(self, flags: np.ndarray) -> np.ndarray:
        played = np.maximum(np.bincount(self.drawn, minlength=len(self.classes)), 1)
        out = np.zeros((len(self.classes), flags.shape[1]))
        np.add.at(out, self.drawn, flags.astype(float))
        return out / played[:, None]
