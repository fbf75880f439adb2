"""The verdict of a comparison in one mode: everything that is told of it, as plain data for `verdict.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.accounts import Accounts
from groundswell.record import Record
from groundswell.record.features import features
from groundswell.record.frame import Reported
from groundswell.record.measure import measure
from groundswell.record.observed import observed
from groundswell.record.reporting import Reporting, report
from groundswell.weigh import baselines
from groundswell.weigh.predictive import FEWEST, fit_of_each, log_score, met, nearest
from groundswell.weigh.reported import DRAWS, Runs, prepared
from groundswell.weigh.sample import Sample
from groundswell.weigh.settle import gain
from groundswell.weigh.signs import signs
from groundswell.weigh.weigh import REPEATS, Asked, weigh
from groundswell.weigh.widths import halved

if TYPE_CHECKING:
    import pyarrow as pa

    from groundswell.world.world import World

BASELINE_RUNS = 1000


def verdict(
    table: pa.Table, record: Record, accounts: Accounts, world: World, mode: str, *,
    given: Reported | None = None, weights: Mapping[str, float] | None = None, source: str | None = None,
    seed: int = 0, repeats: int = REPEATS, baseline_runs: int = BASELINE_RUNS,
) -> dict[str, Any]:  # fmt: skip
    """Weigh the accounts in one mode.

    Args:
        table: the reference table.
        record, accounts: of the case; `world`: of the same case, for the baselines.
        mode: "conditional" or "joint".
        given: another record to weigh by, in the shape of this one.
        weights: source -> weight instead of the record's. source: the record by this source's version alone.
        seed: of everything random in the weighing. repeats: refits for the intervals.
        baseline_runs: runs of each baseline.

    Raises:
        ValueError: with too few runs, or a table made with another record.
    """
    p = prepared(table, record, accounts, mode, given, weights, source)
    runs, sample, asked, eligible = p.runs, p.sample, p.asked, p.eligible
    found = weigh(sample, asked, seed, repeats)
    versions = [given] if given is not None else [observed(record, d, weights, source) for d in range(DRAWS)]
    near, weight = _posterior_runs(sample, asked, found)
    shares = met([runs.reported[i] for i in near], versions)
    check = np.isin(record.frame.id, eligible["check"])
    return {
        "mode": mode,
        "runs": len(sample),
        "failed": p.failed,
        "ruled_out_by_base": p.ruled_out_by_base,
        "accounts": found["accounts"],
        "families": found["families"],
        "mechanisms": found["mechanisms"],
        "sets": eligible,
        "not_separable": found["not_separable"],
        "recovery": {
            true: {name: cell["share"] for name, cell in row["given"].items()}
            for true, row in found["recovery"].items()
        },
        "outside_prior": found["outside_prior"],
        "none_fits": found["none_fits"],
        "ess": float(weight.sum() ** 2 / (weight**2).sum()),
        "null": found["null"],
        "checks": {
            "predictive": fit_of_each(shares, weight, record),
            "check_log_score": _check_scores(sample, near, shares, check),
            **{k: v for k, v in found.items() if k not in _TOLD},
        },
        "baselines": _baselines(record, world, asked, versions, sample, runs, check, seed, baseline_runs),
        "settle": _settle(runs, sample, near, weight, record, eligible["open"]),
        "signs": signs(runs, record, accounts, mode),
        "halved": halved(runs, sample, asked, accounts, found["classifier"]),
    }


_TOLD = {"runs", "accounts", "families", "mechanisms", "not_separable", "outside_prior", "none_fits", "null"}


def _posterior_runs(sample: Sample, asked: Asked, found: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the runs nearest to the record within each class, and their weights by the class's probability."""
    numbers, weights = [], []
    for a, name in enumerate(sample.classes):
        mine = np.flatnonzero(sample.drawn == a)
        close = mine[nearest(sample.x[mine], asked.x)]
        numbers.append(close)
        weights.append(np.full(len(close), found["classes"][name]["probability"] / max(len(close), 1)))
    return np.concatenate(numbers), np.concatenate(weights)


def _check_scores(sample: Sample, near: np.ndarray, shares: np.ndarray, check: np.ndarray) -> dict[str, float]:
    """Class -> log score of the observations kept back, under its runs nearest to the record."""
    drawn = sample.drawn[near]
    return {name: log_score(shares[drawn == a], check) for a, name in enumerate(sample.classes) if (drawn == a).any()}


def _baselines(
    record: Record, world: World, asked: Asked, versions: list[Reported], sample: Sample, runs: Runs,
    check: np.ndarray, seed: int, count: int,
) -> dict[str, Any]:  # fmt: skip
    """Log scores on those observations kept back that a model of crowds and fighting alone can produce."""
    able = check & np.isin(record.frame.kind, baselines.KINDS)
    can = {o.id for o in record.observations if o.kind in baselines.KINDS}
    use = np.isin(sample.observation, list(can))
    out: dict[str, Any] = {"observations": record.frame.id[able].tolist(), "log_score": {}, "accounts": {}}
    sizes = np.bincount(sample.drawn, minlength=len(sample.classes))
    count = min(count, int(np.median(sizes[sizes > 0])))  # as many as a class: the score depends on the number
    for name in baselines.BASELINES:
        told = []
        for k, parameters in enumerate(baselines.draws(name, seed, count)):
            played = measure(baselines.play(name, world, parameters), record)
            told.append(report(played, record, Reporting(), k, silence=False))
        x = np.array([features(one, record)[0] for one in told])[:, np.isin(runs.names, sample.names)]
        close = nearest(x[:, use], asked.x[:, use])
        out["log_score"][name] = log_score(met([told[i] for i in close], versions), able)
    for a, name in enumerate(sample.classes):
        mine = np.flatnonzero(sample.drawn == a)
        if len(mine) >= FEWEST:
            close = mine[nearest(sample.x[mine][:, use], asked.x[:, use])]
            out["accounts"][name] = log_score(met([runs.reported[i] for i in close], versions), able)
    best = max(out["log_score"].values(), default=-np.inf)
    out["beaten_by"] = [name for name, score in out["accounts"].items() if score > best]
    return out


def _settle(
    runs: Runs, sample: Sample, near: np.ndarray, weight: np.ndarray, record: Record, unsettled: list[str]
) -> list[dict[str, Any]]:
    """Unsettled observables by how much each would tell about the family, the most telling first."""
    family = sample.family[sample.drawn[near]]
    out = []
    for name in unsettled:
        k = record.index[name]
        values = np.array([runs.measured[i].values[k] for i in near])
        told = gain(values, family, weight, len(sample.families))
        if told is not None:
            about = record.observations[k]
            out.append({"observation": name, "title": about.title, "definition": about.definition, **told})
    return sorted(out, key=lambda row: -row["bits"])
