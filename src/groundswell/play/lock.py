"""Who may write a folder: one process, or several that each play their own shard of one table.

The lock is the operating system's (flock), so a process that is killed leaves nothing behind that would have to be
cleared away. The file beside it only names who holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from groundswell.case import CaseError, Problem
from groundswell.case.problems import Found

LOCKS = "locks"


@contextmanager
def held(folder: Path, shard: tuple[int, int] | None = None) -> Iterator[None]:
    """Hold a folder while the block runs.

    Args:
        folder: it must exist.
        shard: (i, n): this process plays shard i of n, and others may play other shards; None: it is alone.

    Raises:
        CaseError: another process holds what is asked for; it is named with its host and number.
    """
    (folder / LOCKS).mkdir(exist_ok=True)
    with ExitStack() as stack:
        whole = stack.enter_context(_opened(folder / LOCKS / "whole"))
        own = stack.enter_context(_opened(_path(folder, shard))) if shard else whole
        mode = fcntl.LOCK_EX if shard is None else fcntl.LOCK_SH
        if not (_taken(whole, mode) and (own is whole or _taken(own, fcntl.LOCK_EX))):
            holders = _holders(folder)
            who = "; ".join(f"process {h.get('pid', '?')} on {h.get('host', '?')}" for h in holders)
            given = Found(f"{folder}, which {who or 'another process'} is writing")
            raise CaseError([Problem("--out", None, "folder", given, "a folder that no other process is writing")])
        own.truncate(0)
        own.write(json.dumps({"host": socket.gethostname(), "pid": os.getpid()}))
        own.flush()
        yield


def is_held(folder: Path) -> bool:
    """Whether a process holds the folder or a shard of it now."""
    return (folder / LOCKS).is_dir() and any(not _free(path) for path in (folder / LOCKS).iterdir())


def _free(path: Path) -> bool:
    with _opened(path) as file:
        return _taken(file, fcntl.LOCK_EX)


def alive(folder: Path, shard: tuple[int, int]) -> bool:
    """Whether a process plays this shard now."""
    path = _path(folder, shard)
    if not path.exists():
        return False
    with _opened(path) as file:
        return not _taken(file, fcntl.LOCK_EX)


def _path(folder: Path, shard: tuple[int, int]) -> Path:
    return folder / LOCKS / f"shard-{shard[0]}-of-{shard[1]}"


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    path.touch()
    with path.open("r+", encoding="utf-8") as file:  # closing gives the lock back
        yield file


def _taken(file: IO[str], mode: int) -> bool:
    try:
        fcntl.flock(file, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holders(folder: Path) -> list[dict[str, object]]:
    """Hosts and numbers of the processes that hold the folder or a shard of it."""
    found = []
    for path in sorted((folder / LOCKS).iterdir()):
        with _opened(path) as file:
            if _taken(file, fcntl.LOCK_EX):
                continue
            try:
                found.append(json.loads(file.read()))
            except ValueError:  # its holder has not written its name yet
                continue
    return found
