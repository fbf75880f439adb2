"""What a calibration says on its way: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

EVERY_S = 60.0


class Teller:
    """Counts runs and says how far the search is; times are of runs played now, not of those read from disk."""

    def __init__(self, runs: int, quiet: bool = False):
        self.runs, self.quiet = runs, quiet
        self.done = self.fresh = 0
        self.nearest = float("inf")
        self.state = "waves"
        self.began = self.last = time.monotonic()
        self.bar: Any = None
        self.task: Any = None

    def played(self, row: Mapping[str, Any], fresh: bool) -> None:
        """Take up a vector that was played or read."""
        self.done += len(row["played_h"]) or 1
        self.fresh += (len(row["played_h"]) or 1) * fresh
        self.nearest = min(self.nearest, row["distance"] if row["distance"] is not None else self.nearest)
        if fresh:
            self._show()

    def says(self, text: str) -> None:
        """A line that stays: what a wave or a stage did."""
        self.state = text.split(":")[0]
        if not self.quiet:
            (self.bar.console.print if self.bar is not None else _line)(text)

    def _show(self) -> None:
        if self.bar is not None:
            self.bar.update(self.task, completed=min(self.done, self.runs), state=self._state())
        elif not self.quiet and time.monotonic() - self.last > EVERY_S:
            self.last = time.monotonic()
            _line(f"{self.done:,} of at most {self.runs:,} runs; {self._state()}")

    def _state(self) -> str:
        speed = self.fresh / max(time.monotonic() - self.began, 1e-9)
        near = f"nearest {self.nearest:.3f}" if self.nearest < float("inf") else "none played out yet"
        return f"{self.state}, {near}, {speed:.2g} runs/s"


def _line(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def telling(runs: int, quiet: bool = False) -> Iterator[Teller]:
    """A teller for the time of a block, with a bar where stderr is a terminal."""
    teller = Teller(runs, quiet)
    if quiet or not sys.stderr.isatty():
        yield teller
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[state]}"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=600) as bar:
        teller.bar, teller.task = bar, bar.add_task("runs", total=runs, state="")
        yield teller
