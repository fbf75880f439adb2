"""Weighs accounts: from reported runs and the record's summaries to everything that a verdict says of one mode.

Order of the work: what fits at all, probabilities with intervals, then the checks. Nothing here knows a case.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from groundswell.weigh import checks
from groundswell.weigh.classifier import Classifier, fit, refit, told
from groundswell.weigh.fits import FITS, OUTSIDE, Cloud, clouds
from groundswell.weigh.posterior import QUANTILES, Adjuster, ranks, uniformity
from groundswell.weigh.sample import Sample

REPEATS = 100  # refits on resampled vectors; the intervals run from their 5th to their 95th percentile
LEAST_VECTORS = 4
MOVES = 0.02  # family probabilities that move less than this when the runs are doubled have settled
MOST_RANKED = 300  # runs on which posteriors of parameters are checked


@dataclass(frozen=True)
class Asked:
    """A record's summaries, and what may be left out of it.

    Args:
        x: (D, F) draws of the record: versions by source weight, and values within their intervals.
        alone: source -> (D, F) the record by that source's version where it has one.
        less: source -> (D, F) the record without that source; nan where nobody else says anything.
    """

    x: np.ndarray
    alone: Mapping[str, np.ndarray] = field(default_factory=dict)
    less: Mapping[str, np.ndarray] = field(default_factory=dict)


def weigh(sample: Sample, asked: Asked, seed: int = 0, repeats: int = REPEATS) -> dict[str, Any]:
    """Everything about one mode, as plain data.

    Args:
        sample: reported runs, of the same summaries as the record.
        asked: the record.
        seed: seed of folds and resampling.
        repeats: refits for the intervals.

    Raises:
        ValueError: with runs of fewer than two classes or of fewer than `LEAST_VECTORS` vectors, or with a record that
            states nothing.
    """
    with settings():
        return _weighed(sample, asked, seed, repeats)


@contextmanager
def settings() -> Iterator[None]:
    """Sums in one order, whatever the machine; no warnings of summaries without spread or of runs that are few."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def doubled(sample: Sample, asked: Asked, seed: int = 0) -> dict[str, Any]:
    """Family probabilities as the runs are doubled, and whether they have settled: that part of `weigh` alone.

    Raises:
        ValueError: as `weigh`.
    """
    with settings():
        sample, asked = stated(sample, asked)
        return _doubling(sample, fit(sample, seed), asked.x)


def stated(sample: Sample, asked: Asked) -> tuple[Sample, Asked]:
    """Both with the summaries that the record states alone."""
    if len(np.unique(sample.vector)) < LEAST_VECTORS:
        raise ValueError(f"weighing needs runs of at least {LEAST_VECTORS} shared vectors")
    known = ~np.isnan(asked.x).all(axis=0)
    if not known.any():
        raise ValueError("the record states none of the observations that are weighed")
    alone, less = ({k: v[:, known] for k, v in of.items()} for of in (asked.alone, asked.less))
    return sample.summaries(known), Asked(asked.x[:, known], alone, less)


def _weighed(sample: Sample, asked: Asked, seed: int, repeats: int) -> dict[str, Any]:
    sample, asked = stated(sample, asked)
    found = clouds(sample, asked.x)
    classifier = fit(sample, seed)
    repeated, means = _repeated(sample, classifier, asked.x, seed, repeats)
    given = classifier.probability(asked.x).mean(axis=0)
    kept = classifier.held_out
    favoured = kept / np.maximum(sample.prior, 1e-12)  # by the evidence alone: classes have unequal priors
    family_truth = sample.family[sample.drawn]
    by_family = sample.by_family(kept)
    reliable = checks.reliability(kept, sample.drawn, sample.weight, sample.vector)
    return {
        "runs": len(sample),
        "vectors": len(np.unique(sample.vector)),
        "summaries": list(sample.names),
        "none_fits": none_fits(found),
        "families": _interval(sample.families, sample.by_family(given), sample.by_family(repeated)),
        "prior_families": dict(zip(sample.families, sample.by_family(sample.prior).tolist(), strict=True)),
        "mechanisms": _mechanisms(sample, given, repeated),
        "accounts": _accounts(sample, given, repeated, found),
        "classes": _interval(sample.classes, given, repeated),
        "class_family": dict(zip(sample.classes, (sample.families[f] for f in sample.family), strict=True)),
        "classifier": told(classifier, sample.families),
        "outside_prior": _outside(sample, found),
        "recovery": checks.recovery(favoured, sample.drawn, sample.classes),
        "recovery_families": checks.recovery(by_family, family_truth, sample.families),
        "too_few": _too_few(sample.classes, sample.drawn),
        "too_few_families": _too_few(sample.families, family_truth),
        "not_separable": checks.not_separable(favoured, sample.drawn, sample.classes),
        "not_separable_families": checks.not_separable(by_family, family_truth, sample.families),
        "reliability": reliable,
        "null": dict(
            zip(sample.families, sample.by_family(checks.null(sample, classifier, seed)).tolist(), strict=True)
        ),
        "without_observation": checks.variants(classifier, _left_out(sample, asked.x)),
        "source_alone": checks.variants(classifier, _records(sample, asked.alone)),
        "without_source": checks.variants(classifier, _records(sample, asked.less)),
        "prior_sensitivity": checks.variants(classifier, _narrower(sample, asked.x)),
        "doubling": {**_doubling(sample, classifier, asked.x), "needed": needed(sample, means)},
        "parameters": _parameters(sample, asked.x, seed),
        "limits": {
            "fits": FITS, "outside": OUTSIDE, "moves": MOVES, "fewest": checks.FEWEST, "separable": checks.SEPARABLE,
        },
    }  # fmt: skip


def _repeated(
    sample: Sample, classifier: Classifier, x: np.ndarray, seed: int, repeats: int
) -> tuple[np.ndarray, np.ndarray]:
    """(repeats, A) probabilities from refits on resampled vectors: of one draw of the record each, and of all draws."""
    one, mean = np.empty((repeats, len(sample.classes))), np.empty((repeats, len(sample.classes)))
    for k in range(repeats):
        given = refit(checks.bootstrap(sample, seed, k), classifier.settings).probability(x)
        one[k], mean[k] = given[k % len(x)], given.mean(axis=0)
    return one, mean


def needed(sample: Sample, means: np.ndarray) -> int | None:
    """About how many runs it would take until doubling them is expected to move a family by less than `MOVES`.

    The change from half of the runs to all has the standard error s of the probability from all, its absolute value the
    mean s sqrt(2 / pi), and s falls with the root of the runs. An estimate; None without refits.

    Args:
        sample: the runs. means: (repeats, A) probabilities from refits on resampled vectors.
    """
    if len(means) < 2:
        return None
    error = float(sample.by_family(means).std(axis=0, ddof=1).max())
    return int(np.ceil(len(sample) * (error * np.sqrt(2 / np.pi) / MOVES) ** 2))


def _interval(names: tuple[str, ...], given: np.ndarray, repeated: np.ndarray) -> dict[str, dict[str, float]]:
    low, high = np.quantile(repeated, (0.05, 0.95), axis=0) if len(repeated) else (given, given)
    return {
        name: {"probability": float(p), "low": float(min(a, p)), "high": float(max(b, p))}
        for name, p, a, b in zip(names, given, low, high, strict=True)
    }


def _mechanisms(sample: Sample, given: np.ndarray, repeated: np.ndarray) -> dict[str, dict[str, float]]:
    """Each element's probability of being on, and its Bayes factor against the prior."""
    share = sample.share_on
    out = _interval(sample.element_names, given @ share, repeated @ share)
    for name, p0 in zip(sample.element_names, sample.prior @ share, strict=True):
        out[name]["prior"] = float(p0)
        out[name]["bayes_factor"] = bayes_factors(sample, given)[name]
    return out


def bayes_factors(sample: Sample, given: np.ndarray) -> dict[str, float]:
    """Element -> what probabilities of classes (A,) multiply its prior odds by."""
    after, before = given @ sample.share_on, sample.prior @ sample.share_on
    return {n: float(_odds(a) / _odds(b)) for n, a, b in zip(sample.element_names, after, before, strict=True)}


def _too_few(names: tuple[str, ...], truth: np.ndarray) -> list[str]:
    """Those with too few runs to say whether they are told apart."""
    count = np.bincount(truth, minlength=len(names))
    return [name for name, n in zip(names, count, strict=True) if n < checks.FEWEST]


def none_fits(found: Sequence[Cloud]) -> bool:
    """Whether no class fits, of those with runs enough to tell; False where there is none such."""
    known = [cloud.fits for cloud in found if cloud.fits is not None]
    return bool(known) and not any(known)


def _odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return p / (1 - p)


def _accounts(
    sample: Sample, given: np.ndarray, repeated: np.ndarray, found: list[Cloud]
) -> dict[str, dict[str, float | bool | None]]:
    """Accounts overlap: the probability that an account's predicate holds; they do not sum to one."""
    share = sample.share_belonging
    out: dict[str, dict[str, float | bool | None]] = {
        k: dict(v) for k, v in _interval(sample.accounts, given @ share, repeated @ share).items()
    }
    fits = [cloud.fits for cloud in found]
    for j, name in enumerate(sample.accounts):
        out[name]["prior"] = float(sample.prior @ share[:, j])
        mine = [fit for fit, belongs in zip(fits, share[:, j] > 0.5, strict=True) if belongs]
        out[name]["fits"] = True if True in mine else False if False in mine else None
    return out


def _outside(sample: Sample, found: list[Cloud]) -> dict[str, Any]:
    out = {}
    for name, cloud in zip(sample.classes, found, strict=True):
        far = [
            {"summary": n, "p": float(p)}
            for n, p in sorted(zip(sample.names, cloud.outside, strict=True), key=lambda i: np.nan_to_num(i[1], nan=1))
            if p < OUTSIDE
        ]
        out[name] = {
            "p": cloud.p, "fits": cloud.fits, "distance": cloud.distance, "usual": cloud.usual, "runs": cloud.runs,
            "observations": far,
        }  # fmt: skip
    return out


def _left_out(sample: Sample, x: np.ndarray) -> Iterator[tuple[str, Sample, np.ndarray]]:
    """The summaries of one observation left out, for each; see `checks.variants`."""
    for name in dict.fromkeys(sample.observation.tolist()):
        kept = sample.observation != name
        yield name, sample.summaries(kept), x[:, kept]


def _records(sample: Sample, records: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Sample, np.ndarray]]:
    """Other versions of the record, each by what it states alone."""
    for name, x in records.items():
        said = ~np.isnan(x).all(axis=0)
        yield name, sample.summaries(said), x[:, said]


def _narrower(sample: Sample, x: np.ndarray) -> Iterator[tuple[str, Sample, np.ndarray]]:
    """One parameter's prior cut to its lower, middle or upper half: a part of the runs at hand."""
    for name, value in zip(sample.parameters, sample.theta.T, strict=True):
        low, quarter, half, most, high = np.nanquantile(value, (0, 0.25, 0.5, 0.75, 1))
        for part, a, b in (("lower half", low, half), ("middle half", quarter, most), ("upper half", half, high)):
            if low < high:
                yield f"{name}, {part}", sample.rows(np.isnan(value) | ((value >= a) & (value <= b))), x


def _doubling(sample: Sample, classifier: Classifier, x: np.ndarray) -> dict[str, Any]:
    """Family probabilities from an eighth, a quarter, half and all of the vectors, and whether they have settled.

    How far they moved is left open where half of the vectors holds fewer than `checks.FEWEST` runs of a family.
    """
    vectors = np.unique(sample.vector)
    parts = {part: sample.rows(np.isin(sample.vector, vectors[: len(vectors) // part])) for part in (8, 4, 2, 1)}
    found = checks.variants(classifier, ((str(part), rows, x) for part, rows in parts.items()))
    steps: list[dict[str, Any]] = [{"runs": len(parts[int(k)]), "families": v} for k, v in found.items()]
    moved = None
    family = sample.family[sample.drawn]
    half = family[np.isin(sample.vector, vectors[: len(vectors) // 2])]
    fewest = min((half == f).sum() for f in np.unique(family))
    if len(steps) > 1 and fewest >= checks.FEWEST:
        last, before = steps[-1]["families"], steps[-2]["families"]
        moved = max(abs(last[f] - before[f]) for f in last)
    return {"steps": steps, "moved": moved, "settled": moved is not None and moved < MOVES}


def _parameters(sample: Sample, x: np.ndarray, seed: int) -> dict[str, Any]:
    """Posterior quantiles of the parameters that every run draws, and the calibration of such posteriors."""
    shared = np.flatnonzero(~np.isnan(sample.theta).any(axis=0))
    shared = shared[np.ptp(sample.theta[:, shared], axis=0) > 0] if len(shared) else shared
    if not len(shared):
        return {}
    adjuster = Adjuster(sample, shared)
    posteriors = [adjuster.posterior(row) for row in x]
    quantiles = np.mean([p.quantiles() for p in posteriors], axis=0)
    counts, p_values = uniformity(ranks(adjuster, sample.vector, checks.one_of_each(sample, seed, MOST_RANKED)))
    return {
        "ess": float(np.mean([p.ess for p in posteriors])),
        "quantiles": list(QUANTILES),
        "by_name": {
            sample.parameters[k]: {
                "posterior": quantiles[:, i].tolist(),
                "prior": np.quantile(sample.theta[:, k], QUANTILES).tolist(),
                "ranks": counts[i].tolist(), "uniform_p": float(p_values[i]),
            }
            for i, k in enumerate(shared)
        },
    }  # fmt: skip
