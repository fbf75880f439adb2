"""The results, written to disk after every measurement, so that a stop loses one at most."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

ROW_KEYS = (
    "work",
    "peer",
    "version",
    "people",
    "hours",
    "threads",
    "wall_s",
    "rss_mib",
    "person_hours_per_s",
)
"""What every row has, in this order; more may follow."""
PARTS = ("rows", "failed", "agreement", "trajectories")


class Store:
    """What `results.json` holds.

    machine: what it was measured on; rows: one for each measurement; failed: what could not be made, and why;
    agreement, trajectories: tests of whether two programs give the same; profile: where the time goes.

    Args:
        path: the file.
        keep: take up what the file holds.
    """

    def __init__(self, path: Path, keep: bool = False):
        self.path = path
        self.found: dict[str, Any] = {"machine": {}, **{part: [] for part in PARTS}, "profile": {}, "seconds": {}}
        if keep and path.exists():
            self.found |= json.loads(path.read_text(encoding="utf-8"))

    def drop(self, works: set[str]) -> None:
        """Forget what came of some parts of the benchmark (`part` of each entry)."""
        for part in PARTS:
            self.found[part] = [entry for entry in self.found[part] if entry["part"] not in works]
        for name in works:
            self.found["profile"].pop(name, None)
            self.found["seconds"].pop(name, None)

    def add(self, part: str, entry: dict[str, Any]) -> None:
        """Add an entry to one of PARTS, and write."""
        self.found[part].append(entry)
        self.write()

    def put(self, part: str, name: str, value: Any) -> None:
        """Set a value of `machine`, `profile` or `seconds`, and write."""
        self.found[part][name] = value
        self.write()

    def row(self, work: str, peer: str, **same: Any) -> dict[str, Any] | None:
        """The first row of a work and program whose other values are as given."""
        return next(iter(self.rows(work, peer, **same)), None)

    def rows(self, work: str, peer: str | None = None, **same: Any) -> list[dict[str, Any]]:
        """Rows of a work, in the order in which they were measured."""
        wanted = {"work": work, **same} | ({} if peer is None else {"peer": peer})
        return [r for r in self.found["rows"] if all(r.get(k) == v for k, v in wanted.items())]

    def write(self) -> None:
        """Write the file beside its place, and rename it."""
        beside = self.path.with_suffix(".part")
        beside.write_text(json.dumps(self.found, indent=1) + "\n", encoding="utf-8")
        os.replace(beside, self.path)
