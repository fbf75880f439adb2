"""Rows of the table: each measured in fresh processes, several times, and kept as soon as it is known."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console

from benchmarks.process import Failed, ask
from benchmarks.store import ROW_KEYS, Store

REPEATS = 3
LONG_S = 40.0
"""A row is not measured again once its processes have taken this long together, in seconds."""

Asked = dict[str, Any]
Asking = Callable[..., dict[str, Any]]


class Bench:
    """Measures rows and keeps them.

    Args:
        store: where they go.
        console: where progress is told.
        asking: what measures, `process.ask` or a stand-in.
        absent: programs that could not be installed, and why.
    """

    def __init__(self, store: Store, console: Console, asking: Asking = ask, absent: dict[str, str] | None = None):
        self.store, self.console, self.asking, self.absent = store, console, asking, absent or {}
        self.part = ""  # of the benchmark that is under way

    def one(self, work: str, asked: Asked, **options: Any) -> dict[str, Any] | None:
        """One measurement; None if it failed, which is kept with its cause."""
        start = time.perf_counter()
        try:
            if asked["peer"] in self.absent:
                raise Failed(self.absent[asked["peer"]])
            found = self.asking(asked, **options)
        except Failed as error:
            self.fail(work, asked, str(error))
            return None
        found["process_s"] = time.perf_counter() - start
        return found

    def fail(self, work: str, asked: Asked, why: str) -> None:
        """Keep that something could not be measured."""
        self.console.print(f"  {work}: {asked['peer']}: failed: {why}", style="red", markup=False)
        entry = {"part": self.part, "work": work, "peer": asked["peer"], "people": asked.get("people"), "cause": why}
        if not any(entry == known for known in self.store.found["failed"]):
            self.store.add("failed", entry)

    def rows(self, wanted: list[tuple[str, Asked]], repeats: int = REPEATS, long_s: float = LONG_S) -> None:
        """Measure rows in turn, so that a busy minute of the machine does not fall on one of them."""
        runs: list[list[dict[str, Any]]] = [[] for _ in wanted]
        out: set[int] = set()
        for _ in range(repeats):
            for i, (work, asked) in enumerate(wanted):
                if i in out:
                    continue
                found = self.one(work, asked)
                if found is None:
                    out.add(i)
                    continue
                runs[i].append(found)
                if sum(r["process_s"] for r in runs[i]) > long_s:
                    out.add(i)
        for (work, asked), measured in zip(wanted, runs, strict=True):
            if measured:
                self.keep(work, asked, measured)

    def keep(self, work: str, asked: Asked, runs: list[dict[str, Any]]) -> dict[str, Any]:
        """Keep the run with the median wall time as the row, with the times of all."""
        row = self.median(work, asked, runs)
        self.store.add("rows", row)
        per = "" if row["person_hours_per_s"] is None else f", {row['person_hours_per_s']:.3g} person-hours/s"
        self.console.print(
            f"  {work}: {row['peer']} {row['version']}, {row['people']:,} people, {row['threads']} threads: "
            f"{row['wall_s']:.3g} s{per}",
            style="dim",
            markup=False,
        )
        return row

    def median(self, work: str, asked: Asked, runs: list[dict[str, Any]]) -> dict[str, Any]:
        """The run with the median wall time; its memory is the median of all."""
        runs = sorted(runs, key=lambda r: r["wall_s"])
        found = {"work": work, "peer": asked["peer"], **runs[(len(runs) - 1) // 2]}
        found["rss_mib"] = statistics.median(r["rss_mib"] for r in runs)
        row = {name: found.pop(name) for name in ROW_KEYS}
        row |= {"part": self.part, "repeats": len(runs), "wall_s_all": [r["wall_s"] for r in runs]}
        return row | {k: v for k, v in found.items() if k not in row} | {"size": asked.get("size")}
