"""What is told while a table is made, and kept beside it: time of each run, batches that were damaged or lost."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NAME = "log.csv"


class Log:
    """Appends a line for each run: stage, batch, place in it, seconds; the rest goes to stderr and into `lost`.

    Times differ from machine to machine, so they stand beside the table and not in it.
    """

    def __init__(self, folder: Path):
        self.path = folder / NAME
        self.lost_batches: list[tuple[str, int]] = []
        if not self.path.exists():
            self.path.write_text("stage,batch,run,wall_s\n", encoding="utf-8")

    def played(self, stage: str, number: int, results: Sequence[dict[str, Any]]) -> None:
        """Times of a batch's runs."""
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(f"{stage},{number},{i},{r['wall_s']:.3f}\n" for i, r in enumerate(results))

    def damaged(self, files: Sequence[Path]) -> None:
        """Files that were moved aside."""
        for path in files:
            print(f"a damaged batch was moved to {path}, and is played again", file=sys.stderr)

    def lost(self, stage: str, number: int, why: Exception) -> None:
        """A batch that could not be played."""
        print(f"{stage}: batch {number} is left out: {why}", file=sys.stderr)
        self.lost_batches.append((stage, number))
