"""Jobs played by the pool, each kept as a line of a file, so that a second start goes on where the first ended."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from groundswell.play.pool import Job, Result, each, pool

KEY = "key"


def read(file: Path) -> dict[str, Result]:
    """Rows of a file by key; a last line that was cut off is left out."""
    out: dict[str, Result] = {}
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue
            out[row[KEY]] = row
    return out


def play(
    player: str, common: Mapping[str, Any], jobs: Iterable[Job], file: Path, workers: int = 1,
    told: Callable[[int, int, Result], None] | None = None,
) -> dict[str, Result]:  # fmt: skip
    """Rows of a file by key, after what it lacks of these jobs was played and added to it.

    Args:
        player, common, workers: as in `pool.pool`; what a player gives for a job is its row.
        jobs: each with a "key" of its own; of several with one key the first is played.
        told: called with rows played, rows to be played, and the row that came.

    Raises:
        RuntimeError: a job failed; it names the key and the cause, and what was played before is kept.
        OSError: the file could not be written.
    """
    have = read(file)
    left = list({job[KEY]: job for job in reversed(list(jobs)) if job[KEY] not in have}.values())[::-1]
    if not left:
        return have
    file.parent.mkdir(parents=True, exist_ok=True)
    cut = file.exists() and not file.read_bytes().endswith(b"\n") and file.stat().st_size > 0
    with pool(player, common, min(workers, len(left))) as players, file.open("a", encoding="utf-8") as store:
        store.write("\n" if cut else "")
        for done, (number, row) in enumerate(each(players, left), start=1):
            key = left[number][KEY]
            if row["error"] is not None:
                raise RuntimeError(f"{key}: {row['error']}")
            row = {KEY: key, **{k: v for k, v in row.items() if k != "error"}}
            row["wall_s"] = round(row["wall_s"], 2)
            store.write(json.dumps(row, separators=(",", ":")) + "\n")
            store.flush()
            os.fsync(store.fileno())
            have[key] = row
            if told is not None:
                told(done, len(left), row)
    return have
