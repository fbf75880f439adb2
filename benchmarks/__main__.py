"""Run the benchmarks: write `benchmarks/results.json` and, from it, `docs/performance.md` with its figure."""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path

from rich.console import Console

from benchmarks.bench import Bench
from benchmarks.machine import machine
from benchmarks.page import write_page
from benchmarks.parts import ASKED, PARTS
from benchmarks.process import COMPILED, HERE, PINS, ROOT, ask, install_all
from benchmarks.store import Store

KNOWN = PARTS | ASKED


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = ", ".join(KNOWN)
    parser.add_argument(
        "--only", default="", help=f"parts, with commas between; what is known of others stays. {names}"
    )
    parser.add_argument("--resume", action="store_true", help="go on: parts that are complete in the results stay")
    parser.add_argument("--page", action="store_true", help="measure nothing, write the page from the results")
    parser.add_argument("--out", type=Path, default=HERE / "results.json", help="where the results go")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where the page goes")
    o = parser.parse_args()
    wanted = [name.strip() for name in o.only.split(",") if name.strip()] or list(PARTS)
    unknown = [name for name in wanted if name not in KNOWN]
    if unknown:
        parser.error(f"--only: given {', '.join(unknown)}; allowed: {names}")
    console = Console(width=150)
    store = Store(o.out, keep=bool(o.only) or o.resume or o.page)
    if not o.page:
        try:
            measure(store, console, wanted, o.resume)
        finally:
            store.write()
    write_page(store, o.docs)
    console.print(f"written: {o.out}, {o.docs / 'performance.md'}")


def measure(store: Store, console: Console, wanted: list[str], resume: bool) -> None:
    """Measure parts of the benchmark, one after the other."""
    began = time.perf_counter()
    wanted = [name for name in wanted if not (resume and name in store.found["seconds"])]
    store.drop(set(wanted))
    console.print(f"{len(wanted)} parts, about {sum(KNOWN[name][0] for name in wanted):.0f} minutes")
    absent = install_all(list(PINS))
    console.print(f"environments: {time.perf_counter() - began:.0f} s")
    shutil.rmtree(COMPILED, ignore_errors=True)
    store.found["machine"] = machine(ask)
    bench = Bench(store, console, ask, absent)
    for name in wanted:
        minutes, part = KNOWN[name]
        so_far = (time.perf_counter() - began) / 60
        console.print(f"{name}: about {minutes:g} min; {so_far:.1f} min so far")
        bench.part, start = name, time.perf_counter()
        try:
            part(bench)
        except Exception as error:  # one part that breaks is recorded, and the rest goes on
            bench.fail(name, {"peer": "the benchmark"}, f"{type(error).__name__}: {error}")
            continue
        store.put("seconds", name, round(time.perf_counter() - start, 1))
    console.print(f"all: {(time.perf_counter() - began) / 60:.1f} min")


if __name__ == "__main__":
    main()
