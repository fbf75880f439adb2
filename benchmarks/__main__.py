"""Run the benchmarks: print the table, write `benchmarks/results.json`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.agreement import agreement
from benchmarks.streets import settings

HERE = Path(__file__).parent
FULL = settings()["size"]["people"]
COMMON = (
    "work",
    "peer",
    "version",
    "people",
    "hours",
    "threads",
    "wall_s",
    "rss_mib",
    "person_hours_per_s",
    "joins",
)
MORE = ("cpu_s", "us_per_join", "peak", "peak_hour", "repeats", "wall_s_all")


def rows(threads: int) -> list[tuple[str, dict[str, Any]]]:
    """What is measured: name of the work, and what to ask of `benchmarks.row`."""
    streets = [
        {"peer": "groundswell", "people": FULL},
        {"peer": "numba-scan", "people": FULL},
        {"peer": "numpy-scan", "people": FULL // 10},
        {"peer": "reference", "people": 20_000, "groups": 1},
    ]
    if threads > 1:
        streets.insert(2, {"peer": "numba-scan", "people": FULL, "threads": threads})
    out = [("streets", row) for row in streets]
    out += [("streets, ties", {"peer": "groundswell", "people": FULL, "ties": True})]
    if threads > 1:
        out += [("streets, ties", {"peer": "groundswell", "people": FULL, "ties": True, "threads": threads})]
    out += [("streets, ties", {"peer": "reference", "people": 20_000, "groups": 1, "ties": True})]
    for ties in (False, True):
        work = "growth, ties" if ties else "growth"
        for people in (FULL // 10, FULL, 10 * FULL):
            out.append((work, {"peer": "groundswell", "people": people, "same_events": True, "ties": ties}))
    return out


def ask(row: dict[str, Any]) -> dict[str, Any]:
    """What `benchmarks.row` says in a fresh process; linear algebra stays on one thread."""
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
    command = [sys.executable, "-m", "benchmarks.row", json.dumps(row)]
    done = subprocess.run(command, cwd=HERE.parent, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"benchmark row {row} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def median_of(work: str, row: dict[str, Any], runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The run with the median wall time."""
    runs = sorted(runs, key=lambda r: r["wall_s"])
    found = {"work": work, "peer": row["peer"], **runs[(len(runs) - 1) // 2]}
    found |= {"repeats": len(runs), "wall_s_all": [r["wall_s"] for r in runs]}
    found["rss_mib"] = statistics.median(r["rss_mib"] for r in runs)
    return {name: found[name] for name in COMMON + MORE}


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    return {
        "platform": platform.platform(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load_at_start": os.getloadavg()[0],
        "copy_gb_per_s": {str(n): ask({"peer": "copy", "threads": n})["gb_per_s"] for n in (1, 2)},
    }


def ratios(found: list[dict[str, Any]]) -> dict[str, float]:
    """What the goals are stated in."""
    ours = [r for r in found if r["work"] == "streets" and r["peer"] == "groundswell"]
    out = {}
    for r in found:
        if ours and r["work"] == "streets" and r["peer"] != "groundswell":
            name = f"person-hours per second against {r['peer']} on {r['threads']} threads"
            out[name] = ours[0]["person_hours_per_s"] / r["person_hours_per_s"]
    for work in ("growth", "growth, ties"):
        times = [r["wall_s"] for r in found if r["work"] == work]
        if len(times) == 3:
            out[f"{work}: time at 100 times the people"] = times[2] / times[0]
    return out


def show(console: Console, found: list[dict[str, Any]]) -> None:
    """Print the table of rows."""
    table = Table(title="Same work, side by side; median of fresh processes")
    for name in COMMON[:2] + COMMON[3:] + ("us_per_join",):
        table.add_column(name.replace("_", " "), justify="left" if name in ("work", "peer") else "right")
    for r in found:
        table.add_row(
            r["work"], r["peer"], f"{r['people']:,}", str(r["hours"]), str(r["threads"]),
            f"{r['wall_s']:.3f}", f"{r['rss_mib']:.0f}", f"{r['person_hours_per_s']:.3g}", f"{r['joins']:,}",
            f"{r['us_per_join']:.3g}",
        )  # fmt: skip
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="fresh processes for each row")
    parser.add_argument("--seeds", type=int, default=settings()["agreement"]["seeds"], help="0: leave out agreement")
    parser.add_argument("--only", default="", help="only rows whose work or peer contains this text")
    parser.add_argument("--out", type=Path, default=HERE / "results.json", help="where the results go")
    o = parser.parse_args()
    console = Console(width=150)
    chosen = [(w, r) for w, r in rows(min(2, os.cpu_count() or 1)) if o.only in w or o.only in r["peer"]]
    about = machine() | {"date": datetime.now(UTC).strftime("%Y-%m-%d")}
    for peer, ties in {(r["peer"], r.get("ties", False)) for _, r in chosen}:  # compile before anything is timed
        ask({"peer": peer, "people": 20_000, "ties": ties, "groups": 1})
    runs: list[list[dict[str, Any]]] = [[] for _ in chosen]
    for repeat in range(o.repeats):  # in turn, so that a busy minute of the machine does not fall on one row
        for (work, row), measured in zip(chosen, runs, strict=True):
            measured.append(ask(row))
            wall = measured[-1]["wall_s"]
            console.print(f"{repeat + 1}: {work}: {row['peer']}, {row['people']:,} people: {wall:.3f} s", style="dim")
    found = [median_of(work, row, measured) for (work, row), measured in zip(chosen, runs, strict=True)]
    show(console, found)
    compared = ratios(found)
    for name, ratio in compared.items():
        console.print(f"{name}: {ratio:,.3g}")
    agreed = []
    if o.seeds:
        peers = {"groundswell": o.seeds, "numba-scan": o.seeds, "numpy-scan": max(o.seeds // 4, 1)}
        agreed = agreement(settings()["agreement"]["people"], peers)
        for a in agreed:
            console.print(f"agreement with {a['peer']}: {a['what']}: p = {a['p']:.3f}, means {a['means']}")
    results = {"machine": about, "rows": found, "ratios": compared, "agreement": agreed}
    o.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    console.print(f"written: {o.out}")


if __name__ == "__main__":
    main()
