"""A table of made-up runs of a case: rows as the design says, values around the record, apart by family."""

import json
from pathlib import Path

import numpy as np

from groundswell.accounts import Accounts
from groundswell.accounts import load as load_accounts
from groundswell.case import Case, load
from groundswell.files import write
from groundswell.play import batches
from groundswell.record import observed
from groundswell.study.tables.design import Design, design_of
from groundswell.study.tables.rows import table_jobs, table_rows

SCALE = {"hour": 24.0, "count": 1.0, "class": 1.0, "share": 0.2, "yes": 0.4, "order": 12.0, "rank": 2.0}


def made_table(
    name: str, out: Path, slots: int = 30, modes: tuple[str, ...] = ("conditional",), apart: float = 0.7
) -> tuple[Case, Accounts, Design]:
    """A folder with a table of a bundled case; families lie `apart` spreads from each other in every observation."""
    case = load(name)
    accounts = load_accounts(case)
    design = design_of(case, accounts, name, modes=modes, runs=slots * len(modes) * len(accounts.accounts), seed=5)
    jobs = table_jobs(design, range(slots), 0)
    for number in range(1, design.batches):
        jobs += table_jobs(design, range(slots), number)
    seen = observed(design.record)
    middle = np.where(np.isfinite(seen.low + seen.high), (seen.low + seen.high) / 2, 40.0)
    families = list(accounts.families)
    agreed = np.array([o.set == "base" for o in design.record.observations])
    rng = np.random.default_rng(3)
    results = []
    for job in jobs:
        shift = apart * (families.index(job["family"]) - 1) + rng.normal(size=len(middle))
        shift[agreed] = 0.0
        values = []
        for x, s, o in zip(middle, shift, design.record.observations, strict=True):
            value = np.expm1(np.log1p(x) + s) if o.form == "count" else x + SCALE[o.form] * s
            values.append(float(value > 0.5) if o.form == "yes" else max(0.0, value) if o.form != "order" else value)
        results.append(
            {"values": np.array(values), "dark": np.zeros(len(values)), "ending": "calm", "peak": 10, "dead_all": 1,
             "injured_all": 2, "detained": 3}
        )  # fmt: skip
    (out / "base").mkdir(parents=True)
    write(out / "design.json", json.dumps(design.to_json()))
    write(out / "base" / "base.json", '{"kept": 30, "played": 100}')
    (out / "batches").mkdir()
    batches.write(out / "batches", 0, table_rows(design, jobs, results))
    return case, accounts, design
