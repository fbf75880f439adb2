"""Weighs the accounts of a case by a table of runs, and writes what came of it: `verdict.json` and `compare.html`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groundswell import __version__, files
from groundswell.accounts import Accounts
from groundswell.case import Case, CaseError, Problem
from groundswell.case.problems import Found
from groundswell.record import load_record
from groundswell.record.frame import Reported
from groundswell.study.folder import known_design
from groundswell.study.tables.request import CompareRequest
from groundswell.study.tables.table import read
from groundswell.weigh.growing import planned, play
from groundswell.weigh.verdict import verdict
from groundswell.weigh.weigh import REPEATS
from groundswell.world.world import build


@dataclass(frozen=True)
class Comparison:
    """What came of weighing accounts: `verdict` has the keys of `verdict.json`; `str` tells it in words."""

    folder: Path
    verdict: Mapping[str, Any] = field(repr=False)

    def __getitem__(self, key: str) -> Any:
        return self.verdict[key]

    def __str__(self) -> str:
        from groundswell.report.compare import summary_lines

        return "\n".join(summary_lines(self.verdict, str(self.folder / "compare.html")))

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre style='white-space:pre-wrap'>{escape(str(self))}</pre>"

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return dict(self.verdict)


def compare(
    case: str, *, runs: int | None = None, accounts: Iterable[str] = (), mode: str | None = None,
    observed: Path | None = None, weights: Mapping[str, float] | None = None, source_version: str | None = None,
    workers: int | None = None, seed: int | None = None, out: Path | None = None, resume: bool = False,
    until_settled: bool = False, most_runs: int | None = None,
) -> Comparison:  # fmt: skip
    """Play the accounts of a case against its record and weigh them, as `groundswell compare` does; quiet.

    Args:
        case: name of a bundled case, or a folder.
        runs: rows of the table in all accounts and modes together, 5,000 if left out.
        accounts: ids; all if empty. mode: "conditional", "joint", or both if left out.
        observed: file of another record to weigh by. weights: source -> weight. source_version: this source alone.
        workers: processes. seed: of every draw. out: the folder. resume: go on with what it holds.
        until_settled: double the table until that hardly moves the families, or to `most_runs`; see `growing`.

    Raises:
        CaseError: every mistake at once; too few runs to weigh.
    """
    request = CompareRequest(
        str(case), runs=runs, accounts=tuple(accounts), mode=mode, observed=observed, source_version=source_version,
        weight=tuple(f"{k}={v}" for k, v in (weights or {}).items()), workers=workers, seed=seed, out=out,
        resume=resume, quiet=True, until_settled=until_settled, most_runs=most_runs,
    )  # fmt: skip
    folder, design, asking = planned(request)
    _, growth = play(request, folder, design, asking)
    return Comparison(folder, weigh_folder(folder, design.case, design.accounts, growth=growth, **asking))


def weigh_folder(
    out: Path, case: Case, accounts: Accounts, *, given: Reported | None = None,
    weights: Mapping[str, float] | None = None, source: str | None = None, repeats: int = REPEATS,
    growth: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Weigh the table in a folder, write `verdict.json` and `compare.html` there, and return the verdict.

    The verdict is that of the first mode played; that of a second one stands below `also`.

    Args:
        out: folder that `study.tables.table.make` has filled.
        case, accounts: what was compared.
        given: another record to weigh by. weights: source -> weight. source: this source's version alone.
        repeats: refits for the intervals. growth: how the table was grown, as `growing.play` tells it.

    Raises:
        CaseError: no table, too few runs to weigh, or a table made with another record.
    """
    from groundswell.report.compare import compare_page

    design = known_design(out)
    table = read(out)
    record, world = load_record(case), build(case)
    modes = [str(m) for m in design["modes"]]
    try:
        found = [
            verdict(table, record, accounts, world, mode, given=given, weights=weights, source=source,
                    seed=int(design["seed"]), repeats=repeats)
            for mode in modes
        ]  # fmt: skip
    except ValueError as error:
        allowed = "a table of this case's record with runs enough to weigh (add some with --runs and --resume), "
        allowed += "and a record that states something"
        raise CaseError([Problem(str(out), None, "table", Found(str(error)), allowed)]) from None
    base = json.loads((out / "base" / "base.json").read_text(encoding="utf-8"))
    whole = {
        "case": case.id, "title": case.title, "version": __version__, "table": len(table), "base": base,
        "record": "given" if given is not None else source or "all sources", "weights": dict(weights or {}),
        "growth": dict(growth or {}), **found[0], "also": {one["mode"]: one for one in found[1:]},
        "titles": {
            "accounts": {k: a.title for k, a in accounts.accounts.items()},
            "families": {k: f.title for k, f in accounts.families.items()},
            "mechanisms": {k: e.title for k, e in accounts.elements.items()},
            "observations": {o.id: o.title for o in record.observations},
            "sources": {s.id: s.name for s in record.sources},
        },
    }  # fmt: skip
    plain = _plain(whole)
    files.write(out / "verdict.json", json.dumps(plain, indent=1, ensure_ascii=False) + "\n")
    files.write(out / "compare.html", compare_page(plain))
    return dict(plain)


def _plain(value: Any) -> Any:
    """As JSON can hold it: numbers that are none become null."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
