"""Plants records whose account is known into a comparison and asks what its weighing makes of them; writes a page.

    python -m tools.study_planted FOLDER [--records 100] [--fresh 10] [--wave 40] [--workers 2] [--again]
                                         [--records-to FOLDER]

FOLDER holds the table of a comparison. Three kinds of records are planted, each reported like the real one and weighed
like `groundswell compare --observed FILE` does:

held-out   runs of the table, weighed by the runs of other shared vectors: so many of each account
fresh      runs that the table has not, of another seed, with every parameter in an outer part of its prior: so many of
           each family; each is played once and kept as a line of FOLDER/planted-runs-*.jsonl
wave       runs of a model that is none of the accounts, an epidemic-like wave

What came of each record is a line of FOLDER/planted-answers-*.jsonl; one that is there is not made again, unless
--again. Writes docs/results/planted.md with its pictures, and the counts beside it as planted.json.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits
from tools.planted_records import WAVES, Planted, fresh, of_runs, picked, waves
from tools.planted_text import page
from tools.study_accounts import commit

from groundswell.accounts import Accounts
from groundswell.accounts import load as load_accounts
from groundswell.case import CaseError, load
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import known_parameters
from groundswell.record import Record, load_record
from groundswell.record.features import features
from groundswell.record.frame import Reported
from groundswell.record.observed import write_reported
from groundswell.study.folder import known_design
from groundswell.study.tables.rows import table_rows
from groundswell.study.tables.table import digest, read
from groundswell.weigh.classifier import fit, refit
from groundswell.weigh.fits import Cloud, clouds
from groundswell.weigh.reported import runs_of, sample_of
from groundswell.weigh.sample import Sample
from groundswell.weigh.stage import folds
from groundswell.weigh.weigh import none_fits

if TYPE_CHECKING:
    import pyarrow as pa

PAGE = Path("docs/results/planted.md")
LEAST = 1e-4  # probabilities are kept to four places
KINDS = ("held-out", "fresh", *WAVES)


class Judge:
    """The classifier of a comparison, fitted once and asked about many records."""

    def __init__(self, sample: Sample, seed: int):
        self.sample, self.classifier = sample, fit(sample, seed)

    def answer(self, x: np.ndarray) -> dict[str, Any]:
        """What a record's summaries (F,) are taken for, as `weigh` has it: by what the record states alone.

        The settings of the classifier are those chosen for all summaries. What states nothing leaves the prior.
        """
        told = ~np.isnan(x)
        sample = self.sample.summaries(told)
        p, found = sample.prior, list[Cloud]()
        if told.any():
            p = refit(sample, self.classifier.settings).probability(x[None, told])[0]
            found = clouds(sample, x[None, told])
        by_family = sample.by_family(p)
        return {
            "account": best_account(sample, p), "family": sample.families[int(by_family.argmax())],
            "families": dict(zip(sample.families, np.round(by_family, 4).tolist(), strict=True)),
            "none": none_fits(found), "fitting": sum(c.fits is True for c in found), "summaries": int(told.sum()),
        }  # fmt: skip


_judge: Judge  # of a process that answers for others


def _appointed(judge: Judge) -> None:
    """Begin a process that answers for others: its judge, one thread, no warnings of summaries without spread."""
    global _judge
    _judge = judge
    threadpool_limits(1)
    warnings.simplefilter("ignore")


def _answered(x: np.ndarray) -> dict[str, Any]:
    return _judge.answer(x)


def best_account(sample: Sample, p: np.ndarray) -> str:
    """The account that the evidence favours: probabilities (A,) of its classes together, over their prior together.

    Without the prior, as in the recovery of a verdict: a family's share of it is divided among its accounts.
    """
    names = np.array([name.partition(" (")[0] for name in sample.classes])
    accounts = list(dict.fromkeys(names.tolist()))
    gain = [p[names == a].sum() / max(sample.prior[names == a].sum(), 1e-12) for a in accounts]
    return str(accounts[int(np.argmax(gain))])


class Answers:
    """What came of records, as lines of a file; so many processes weigh them."""

    def __init__(self, path: Path, again: bool = False, workers: int = 1):
        self.path, self.workers = path, workers
        if again:
            path.unlink(missing_ok=True)
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        rows = map(json.loads, lines)
        self.rows = {(r["mode"], r["kind"], r["number"], r["vector"]): r for r in rows}

    def of(self, mode: str, one: Planted) -> dict[str, Any] | None:
        """What came of a record; None where it was not weighed yet."""
        return self.rows.get((mode, one.kind, one.number, one.vector))

    def ask(
        self, mode: str, planted: Sequence[Planted], judge: Callable[[], Judge],
        summaries: Callable[[Reported], np.ndarray],
    ) -> None:  # fmt: skip
        """Weigh those that were not weighed yet, and keep what came of them."""
        missing = [one for one in planted if self.of(mode, one) is None]
        if not missing:
            return
        with (
            ProcessPoolExecutor(self.workers, initializer=_appointed, initargs=(judge(),)) as pool,
            self.path.open("a", encoding="utf-8") as file,
        ):
            found = pool.map(_answered, [summaries(one.told) for one in missing])
            for one, answer in zip(missing, found, strict=True):
                row = {
                    "mode": mode, "kind": one.kind, "number": one.number, "vector": one.vector,
                    "true_account": one.account, "true_family": one.family, **answer,
                }  # fmt: skip
                self.rows[mode, one.kind, one.number, one.vector] = row
                file.write(json.dumps(row) + "\n")
                file.flush()


def weighed(
    table: pa.Table, record: Record, accounts: Accounts, mode: str, each: int, seed: int, others: Sequence[Planted],
    answers: Answers,
) -> list[Planted]:  # fmt: skip
    """Weigh so many held-out records of each account by runs of other vectors, then other records by all runs.

    Returns:
        All these records.
    """
    runs = runs_of(table, record, mode)
    everything = sample_of(runs, accounts)
    use = np.isin(everything.observation, [o.id for o in record.in_sets("weigh", mode=mode)])
    sample = everything.summaries(use)
    planted = of_runs("held-out", runs.rows(picked(runs, each, seed)), record, seed)

    def summaries(told: Reported) -> np.ndarray:
        return np.asarray(features(told, record)[0][use])

    for train, test in folds(sample.vector, seed):
        mine = set(sample.vector[test].tolist())
        asked = [one for one in planted if one.vector in mine]
        answers.ask(mode, asked, lambda train=train: Judge(sample.rows(train), seed), summaries)  # type: ignore[misc]
    answers.ask(mode, others, lambda: Judge(sample, seed), summaries)
    return [*planted, *others]


def counts(rows: Sequence[dict[str, Any]], which: str) -> dict[str, dict[str, int]]:
    """True id -> given id, or "none" where none fits -> number of records; `which` is account or family."""
    out: dict[str, Counter[str]] = {}
    for row in rows:
        out.setdefault(row[f"true_{which}"], Counter())["none" if row["none"] else row[which]] += 1
    return {true: dict(given) for true, given in sorted(out.items())}


def study(
    folder: Path, each: int, each_family: int, wave: int, most_base: int, again: bool = False,
    records_to: Path | None = None, workers: int = 1,
) -> dict[str, Any]:  # fmt: skip
    """Plant and weigh what a folder's answers lack; the counts, and how they came about."""
    began = time.monotonic()
    known, table = known_design(folder), read(folder)
    case = load(str(known["case"]), known_parameters(all_mechanisms().values()))
    accounts, record, seed = load_accounts(case), load_record(case), int(known["seed"])
    total = digest(table)
    answers = Answers(folder / f"planted-answers-{total[:12]}.jsonl", again, workers)
    made = fresh(known, case, accounts, each_family, most_base, folder) if each_family else None
    waving, about_wave = waves(case, record, wave, seed)
    modes: dict[str, Any] = {}
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of summaries without spread
        for mode in known["modes"]:
            others = list(waving)
            if made is not None:
                these = runs_of(table_rows(made.design, made.jobs, made.results), record, mode)
                others += of_runs("fresh", these, record, seed)
            planted = weighed(table, record, accounts, mode, each, seed, others, answers)
            write(records_to, mode, planted, record)
            modes[mode] = told(mode, planted, answers)
    return {
        "title": case.title, "rows": len(table), "vectors": len(set(table["vector"].to_pylist())), "table": total,
        "version": known["version"], "commit": commit(), "each": each, "each_family": each_family, "modes": modes,
        "fresh": None if made is None else {
            "looked": made.looked, "passed": made.passed, "off_centre": made.off_centre, "runs": len(made.jobs),
            "seconds": round(made.seconds, 1),
        },
        "wave": about_wave, "seconds": round(time.monotonic() - began, 1), "workers": workers,
        "titles": {
            "accounts": {k: accounts.accounts[k].title for k in known["accounts"]},
            "families": {k: f.title for k, f in accounts.families.items()},
        },
    }  # fmt: skip


def write(folder: Path | None, mode: str, planted: Sequence[Planted], record: Record) -> None:
    """Every record as a file for `--observed`, where a folder is given."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for one in planted:
        write_reported(folder / f"{mode}-{one.kind}-{one.vector}-{one.number}.csv", one.told, record)


def _log_score(rows: Sequence[dict[str, Any]]) -> float | None:
    """Mean log probability of the true family; None where no account made the records."""
    given = [r["families"].get(r["true_family"], 0.0) for r in rows if r["true_family"]]
    return float(np.mean([math.log(max(p, LEAST)) for p in given])) if given else None


def told(mode: str, planted: Sequence[Planted], answers: Answers) -> dict[str, Any]:
    """Kind -> counts of what its records were taken for."""
    out = {}
    for kind in KINDS:
        rows = [row for one in planted if one.kind == kind and (row := answers.of(mode, one)) is not None]
        if rows:
            out[kind] = {
                "n": len(rows), "none": sum(r["none"] for r in rows), "families": counts(rows, "family"),
                "accounts": counts(rows, "account"),
                "right_families": sum(r["family"] == r["true_family"] for r in rows),
                "right_accounts": sum(r["account"] == r["true_account"] for r in rows),
                "log_score": _log_score(rows),
                "summaries": float(np.median([r["summaries"] for r in rows])),
                "fitting": float(np.mean([r["fitting"] for r in rows])),
            }  # fmt: skip
    return out


def main() -> None:
    """Plant, weigh, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=100, help="held-out records of each account")
    parser.add_argument("--fresh", type=int, default=10, help="fresh records of each family; 0: none are played")
    parser.add_argument("--most-base", type=int, default=60, help="fresh vectors to look at")
    parser.add_argument("--wave", type=int, default=40, help="records of the wave")
    parser.add_argument("--workers", type=int, default=2, help="processes that weigh")
    parser.add_argument("--again", action="store_true", help="weigh every record anew")
    parser.add_argument("--records-to", type=Path, help="folder for every planted record as a file for --observed")
    parser.add_argument("--page", type=Path, default=PAGE)
    asked = parser.parse_args()
    try:
        found = study(
            asked.folder, asked.records, asked.fresh, asked.wave, asked.most_base, asked.again, asked.records_to,
            asked.workers,
        )  # fmt: skip
    except CaseError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    asked.page.parent.mkdir(parents=True, exist_ok=True)
    asked.page.with_suffix(".json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    asked.page.write_text(page(found, asked.page.parent, asked.page.stem), encoding="utf-8")
    print(asked.page)


if __name__ == "__main__":
    main()
