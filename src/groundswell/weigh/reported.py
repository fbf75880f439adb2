"""From a table of runs to what can be weighed: every run reported in the shape of the record, and the record itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.accounts import Accounts
from groundswell.record import Record
from groundswell.record.features import features, implausibility
from groundswell.record.frame import Reported
from groundswell.record.measure import Measured
from groundswell.record.observed import observed
from groundswell.record.reporting import report, reporting_of
from groundswell.weigh.sample import Sample
from groundswell.weigh.weigh import Asked

if TYPE_CHECKING:
    import pyarrow as pa

SETS = ("base", "weigh", "check", "open")
RULED_OUT = 3.0  # a run farther than this from the base set does not belong to it (three-sigma rule, Pukelsheim 1994)
DRAWS = 40  # draws of the record's versions


@dataclass(frozen=True)
class Runs:
    """n runs of one mode: what they measured, and what the reporting model makes of it.

    Args:
        measured: of each run. reported: of each run, without silences. x: (n, F) summaries of every observation.
        names: (F,) of them.
        columns: the table's other columns as arrays, (n,).
        theta: (n, K) parameters drawn. parameters: (K,) their names.
    """

    measured: tuple[Measured, ...]
    reported: tuple[Reported, ...]
    x: np.ndarray
    names: tuple[str, ...]
    columns: Mapping[str, Any]
    theta: np.ndarray
    parameters: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.x)

    def rows(self, keep: np.ndarray) -> Runs:
        """Some of the runs, by a mask (n,)."""
        at = np.flatnonzero(keep)
        columns = {k: [v[i] for i in at] if isinstance(v, list) else v[at] for k, v in self.columns.items()}
        return Runs(
            tuple(self.measured[i] for i in at), tuple(self.reported[i] for i in at), self.x[at], self.names, columns,
            self.theta[at], self.parameters,
        )  # fmt: skip


def runs_of(table: pa.Table, record: Record, mode: str) -> Runs:
    """The runs of a mode that did not fail, in the order of their index, each reported with its own luck.

    Reported without silences: what the record is silent about is not weighed, and what it speaks of is set against what
    every run would have it say there, not against the half of the runs whose sources happen to speak (decision 0022).

    Args:
        table: rows as `study.tables.rows` describes them.

    Raises:
        ValueError: if the table does not have every observation of the record.
    """
    import pyarrow.compute as pc

    table = table.filter(pc.and_(pc.equal(table["mode"], mode), pc.is_null(table["error"]))).sort_by("index")
    missing = [o.id for o in record.observations if f"o:{o.id}" not in table.column_names]
    if missing:
        raise ValueError(f"the table was made with another record; it lacks {', '.join(missing)}")
    values, dark = (_columns(table, [f"{kind}:{o.id}" for o in record.observations]) for kind in ("o", "d"))
    names = [name for name in table.column_names if name.startswith("p:")]
    theta = _columns(table, names)
    told = [i for i, name in enumerate(names) if name.startswith("p:reporting.")]
    others = ("index", "vector", "seed", "account", "family", "elements", "accounts", "ending", "given_up_h")
    columns = {
        name: table[name].to_pylist() if name in ("elements", "accounts") else np.asarray(table[name])
        for name in others
    }
    measured = tuple(Measured(v, d) for v, d in zip(values, dark, strict=True))
    reported = tuple(
        report(one, record, reporting_of({names[k][2:]: float(row[k]) for k in told}), int(seed), silence=False)
        for one, row, seed in zip(measured, theta, columns["seed"], strict=True)
    )
    x = np.array([features(one, record)[0] for one in reported]).reshape(len(reported), -1)
    named = features(observed(record), record)[1]
    return Runs(measured, reported, x, named, columns, theta, tuple(name[2:] for name in names))


def within_base(runs: Runs, record: Record) -> np.ndarray:
    """(n,) whether a run is not ruled out by any observation of the base set, on which all accounts agree.

    As in the base stage: by the errors of the run's own reporting model, and by the version of its seed.
    """
    base = np.isin(record.frame.id, [o.id for o in record.in_sets("base")])
    told = [i for i, name in enumerate(runs.parameters) if name.startswith("reporting.")]
    far = np.array(
        [
            implausibility(
                one, observed(record, int(seed)), record,
                reporting_of({runs.parameters[k]: float(row[k]) for k in told}),
            )[base]
            for one, row, seed in zip(runs.measured, runs.theta, runs.columns["seed"], strict=True)
        ]
    )  # fmt: skip
    return np.asarray(~(np.nan_to_num(far.reshape(len(runs), -1)) > RULED_OUT).any(axis=1))


def sample_of(runs: Runs, accounts: Accounts) -> Sample:
    """The runs as a `Sample`, of all summaries; an account whose draws fall in several families is a class in each."""
    pairs = list(zip(runs.columns["account"], runs.columns["family"], strict=True))
    classes = sorted(set(pairs))
    several = {a for a, _ in classes if sum(a == b for b, _ in classes) > 1}
    families = tuple(accounts.families)
    ids, elements = tuple(accounts.accounts), tuple(accounts.elements)
    return Sample(
        x=runs.x,
        names=runs.names,
        drawn=np.array([classes.index(pair) for pair in pairs], int),
        classes=tuple(f"{a} ({f})" if a in several else str(a) for a, f in classes),
        family=np.array([families.index(f) for _, f in classes], int),
        families=families,
        belongs=_flags(runs.columns["accounts"], ids),
        accounts=ids,
        elements=_flags(runs.columns["elements"], elements),
        element_names=elements,
        vector=np.asarray(runs.columns["vector"], int),
        theta=runs.theta,
        parameters=runs.parameters,
    )


def asked_of(record: Record, weights: Mapping[str, float] | None = None, source: str | None = None) -> Asked:
    """The record's summaries: `DRAWS` draws of its versions; by each source alone; and without each source."""
    if source is not None:
        return Asked(_drawn(record, [0], weights, source))
    used = sorted({c.source for c in record.claims if c.value is not None})
    base = dict(weights or {})
    return Asked(
        _drawn(record, range(DRAWS), weights),
        {s: _drawn(record, [0], None, s) for s in used},
        {s: _drawn(record, range(DRAWS), {**base, s: 0.0}) for s in used},
    )


@dataclass(frozen=True)
class Prepared:
    """What is weighed in a mode: runs that the base set does not rule out, their summaries and the record's.

    Args:
        runs: the runs. sample: of them, the summaries that are weighed. asked: the record's. eligible: set -> ids of
            the observations that are scored in this mode. failed: runs that failed. ruled_out_by_base: account -> runs.
    """

    runs: Runs
    sample: Sample
    asked: Asked
    eligible: dict[str, list[str]]
    failed: int
    ruled_out_by_base: dict[str, int]


def prepared(
    table: pa.Table, record: Record, accounts: Accounts, mode: str, given: Reported | None = None,
    weights: Mapping[str, float] | None = None, source: str | None = None,
) -> Prepared:  # fmt: skip
    """The runs of a mode and the record, ready to be weighed; see `verdict` for what is asked."""
    runs = runs_of(table, record, mode)
    errors = zip(table["mode"].to_pylist(), table["error"].to_pylist(), strict=True)
    failed = sum(m == mode and error is not None for m, error in errors)
    inside = within_base(runs, record) if given is None else np.ones(len(runs), bool)
    ruled_out = Counter(np.asarray(runs.columns["account"])[~inside].tolist())
    runs = runs.rows(inside)
    everything = sample_of(runs, accounts)
    eligible = {name: [o.id for o in record.in_sets(name, mode=mode)] for name in SETS}
    use = np.isin(everything.observation, eligible["weigh"])
    asked = asked_of(record, weights, source) if given is None else Asked(features(given, record)[0][None])
    alone, less = ({k: v[:, use] for k, v in of.items()} for of in (asked.alone, asked.less))
    return Prepared(
        runs, everything.summaries(use), Asked(asked.x[:, use], alone, less), eligible, failed,
        dict(sorted(ruled_out.items())),
    )  # fmt: skip


def _drawn(
    record: Record, draws: Sequence[int], weights: Mapping[str, float] | None, source: str | None = None
) -> np.ndarray:
    return np.array([features(observed(record, d, weights, source), record)[0] for d in draws])


def _columns(table: pa.Table, names: Sequence[str]) -> np.ndarray:
    """(n, len(names)) numbers."""
    columns = [np.asarray(table[name].to_numpy(zero_copy_only=False), float) for name in names]
    return np.stack(columns, axis=1) if columns else np.empty((len(table), 0))


def _flags(lists: Sequence[Sequence[str]], names: Sequence[str]) -> np.ndarray:
    return np.array([[name in one for name in names] for one in lists], bool).reshape(len(lists), len(names))
