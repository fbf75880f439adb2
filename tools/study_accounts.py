"""Compares the rival accounts of kazakhstan-2022 with the record and writes a page with every check of it.

    python -m tools.study_accounts [--runs 5000] [--workers 2] [--out runs/kazakhstan-2022-compare] [--as-is]
                                   [--replay N]

Plays what the folder lacks of the comparison, in both modes, weighs it, and writes the full page with its pictures
into that folder, or where `--page FILE` says; the page in docs/results is a short one, written by hand. A folder in
which every row is there is not played, and a verdict on all of its rows by the same code is not made anew. `--as-is`
weighs the rows there are and plays nothing but the N rows of `--replay`, which are played anew to see whether this
version still gives what the table has.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tools.accounts_text import page, seconds_of
from tools.replay_rows import replayed

import groundswell
from groundswell import __version__
from groundswell.accounts import load as load_accounts
from groundswell.case import load
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import known_parameters
from groundswell.study.folder import known_design
from groundswell.study.tables.request import CompareRequest, perform, plan
from groundswell.study.tables.table import digest, read
from groundswell.weigh.comparing import weigh_folder

CASE = "kazakhstan-2022"
RUNS, WORKERS = 5000, 2
OUT = Path("runs") / f"{CASE}-compare"
STUDY = "study.json"  # beside the table: what the verdict was made of, and seconds of weighing


COLUMN = "coarse_h"  # the newest column of a row: a table without it was begun by older code


def main() -> None:
    """Play what is missing, weigh, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", default=CASE)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the table")
    parser.add_argument("--page", type=Path, help="the page; its pictures lie beside it (default: OUT/CASE.md)")
    parser.add_argument("--as-is", action="store_true", help="weigh the rows that are there, play nothing")
    parser.add_argument("--replay", type=int, default=0, help="rows of the table to play anew and compare")
    asked = parser.parse_args()
    if not asked.as_is:
        play(asked)
    verdict, study = weighed(asked.case, asked.out)
    study["replayed"] = replayed(asked.case, asked.out, asked.replay) if asked.replay else None
    study["command"] = f"python -m tools.study_accounts --runs {asked.runs} --workers {asked.workers} --out FOLDER"
    path: Path = asked.page or asked.out / f"{asked.case}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(verdict, study, path.parent, path.stem), encoding="utf-8")
    print(path)


def play(asked: argparse.Namespace) -> None:
    """Play what the folder lacks of the table."""
    request = CompareRequest(
        asked.case, runs=asked.runs, workers=asked.workers, out=asked.out, resume=known_design(asked.out) != {}
    )
    out, design = plan(request)
    if not complete(out, asked.runs):
        made = perform(request, out, design)
        if not made.complete:
            sys.exit(f"{out}: {made.rows:,} of {made.of:,} rows; call it again to go on")


def complete(out: Path, runs: int) -> bool:
    """Whether a folder holds every row of a table of so many runs."""
    design = known_design(out)
    begun = bool(design) and design["runs"] >= runs and any((out / "batches").glob("*.parquet"))
    return begun and len(read(out)) >= of(out, design)


def of(out: Path, design: dict[str, Any]) -> int:
    """Rows of the whole table: every kept vector under every account in every mode."""
    base = out / "base" / "base.json"
    kept = json.loads(base.read_text(encoding="utf-8"))["kept"] if base.exists() else 0
    return int(kept) * int(design["rows_in_slot"]) or int(design["runs"])


def weighed(name: str, out: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The verdict on a folder's rows, made only where there is none on all of them, and how the table came about."""
    case = load(name, known_parameters(all_mechanisms().values()))
    accounts = load_accounts(case)
    table, design = read(out), known_design(out)
    batches = sorted(path.stat().st_mtime for path in out.glob("ba*/*.parquet"))
    kept, notes = out / "verdict.json", out / STUDY
    total = digest(table)
    same = {"table": total, "code": code()}
    known = json.loads(notes.read_text(encoding="utf-8")) if notes.exists() else {}
    if {k: known.get(k) for k in same} != same or not of_the_record(kept):
        began = time.process_time()
        weigh_folder(out, case, accounts)
        known = {**same, "weighing_s": time.process_time() - began}
        notes.write_text(json.dumps(known) + "\n", encoding="utf-8")
    changed = [
        words
        for key, now, words in (
            ("version", __version__, "the version"), ("case_digest", case.digest, "the case"),
            ("accounts_digest", accounts.digest, "the accounts"),
        )
        if design[key] != now
    ]  # fmt: skip
    if COLUMN not in table.column_names:
        changed.append(f"the columns of a row (`{COLUMN}` was added)")
    study = {
        **known, "rows": len(table), "of": of(out, design), "design": design, "digest": total,
        "seconds": seconds_of(out / "log.csv"), "span_h": (batches[-1] - batches[0]) / 3600, "changed": changed,
        "version": design["version"], "commit": commit(),
    }  # fmt: skip
    return json.loads(kept.read_text(encoding="utf-8")), study


def of_the_record(verdict: Path) -> bool:
    """Whether a verdict is there and was made by the case's own record, every source as it is weighted there."""
    found = json.loads(verdict.read_text(encoding="utf-8")) if verdict.exists() else {}
    return found.get("record") == "all sources" and not found.get("weights")


def code() -> str:
    """SHA-256 of everything that a verdict follows from but the table: the package's own files."""
    package = Path(groundswell.__file__).parent
    total = hashlib.sha256()
    for path in sorted([*package.glob("weigh/*.py"), *package.glob("record/*.py"), *package.glob("accounts/*.py")]):
        total.update(path.read_bytes())
    return total.hexdigest()


def commit() -> str:
    """The commit that is checked out, as far as git tells."""
    asked = ["git", "rev-parse", "--short=12", "HEAD"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)
    return found.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
