"""What is weighed in one mode: from a table and a record to runs, their summaries, and the record's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from groundswell.accounts import Accounts
from groundswell.record import Record
from groundswell.record.features import features
from groundswell.record.frame import Reported
from groundswell.weigh.reported import Runs, asked_of, runs_of, sample_of, within_base
from groundswell.weigh.sample import Sample
from groundswell.weigh.weigh import Asked

if TYPE_CHECKING:
    import pyarrow as pa

SETS = ("base", "weigh", "check", "open")


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
