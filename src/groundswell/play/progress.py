"""How far a stage is: a bar on a terminal with runs a second and time left, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Tick = Any
"""Called with (steps done in all, runs just played)."""

LINE_S = 20.0
"""Seconds between two lines where stderr is no terminal."""


@contextmanager
def progress(words: str, total: int, done: int, quiet: bool = False) -> Iterator[Tick]:
    """Show on stderr how far it is, for the time of a block.

    Args:
        words: what is being done.
        total, done: steps in all, and those that were there before.
        quiet: show nothing. Where stderr is no terminal, a line stands in for the bar every LINE_S seconds.
    """
    if quiet:
        yield lambda done, runs: None
        return
    if not sys.stderr.isatty():
        last = time.monotonic()

        def line(done: int, runs: int) -> None:
            nonlocal last
            if time.monotonic() - last >= LINE_S:
                last = time.monotonic()
                print(f"{words}: {min(done, total):,} of {total:,}", file=sys.stderr, flush=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
    )  # fmt: skip
    began, runs_so_far = time.monotonic(), 0
    with Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=600) as bar:
        task = bar.add_task(words, total=total, completed=done, speed="")

        def tick(done: int, runs: int) -> None:
            nonlocal runs_so_far
            runs_so_far += runs
            speed = runs_so_far / max(time.monotonic() - began, 1e-9)
            bar.update(task, completed=min(done, total), speed=f"{speed:.2g} runs/s")

        yield tick
