"""Rows on disk in whole batches: a Parquet file is durable when it has its name, and its name holds its digest.

A batch is written by `files.write`. A file that
was cut short or changed later no longer agrees with its name: it is moved aside, and its rows are played again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from groundswell import files
from groundswell.case import CaseError, Problem
from groundswell.case.problems import Found

if TYPE_CHECKING:
    import pyarrow as pa

DESIGN = b"groundswell.design"
"""Key of a file's metadata under which the digest of its design stands."""

DAMAGED = "damaged"
_NAME = re.compile(r"(\d{6})-([0-9a-f]{16})\.parquet")


@dataclass(frozen=True)
class Kept:
    """What a folder of batches holds: number of the batch -> its file; files that were damaged, where they are now."""

    whole: dict[int, Path]
    damaged: list[Path] = field(default_factory=list)


def write(folder: Path, number: int, table: pa.Table) -> Path:
    """Write one batch; when this returns it is on the disk, whatever happens then.

    Raises:
        OSError: the disk is full, or the folder may not be written; nothing of the batch is left.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    data = sink.getvalue().to_pybytes()
    path = folder / f"{number:06d}-{hashlib.sha256(data).hexdigest()[:16]}.parquet"
    files.write(path, data)
    for other in folder.glob(f"{number:06d}-*.parquet"):
        if other != path:  # the same batch, when the table was smaller
            other.unlink()
    return path


def check(folder: Path, design: str, known: Container[int] = (), clean: bool = False) -> Kept:
    """Look at the batches of a folder; damaged files are moved into the folder `damaged` beside it.

    Args:
        folder: made where it is not there.
        design: digest that every batch must have in its metadata.
        known: numbers of batches that need not be looked at again; they are not in what is returned.
        clean: remove what a killed process left half written. Nobody else may be writing.

    Raises:
        CaseError: batches of another design, each named.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    if clean:
        files.clear(folder)
    whole, damaged, problems = {}, [], []
    for path in sorted(folder.iterdir()):
        found = _NAME.fullmatch(path.name)
        if found is None:
            continue
        if int(found[1]) in known:
            continue
        data = path.read_bytes()
        try:
            if hashlib.sha256(data).hexdigest()[:16] != found[2]:
                raise ValueError
            metadata = pq.read_schema(pa.BufferReader(data)).metadata or {}
        except (ValueError, OSError):
            damaged.append(_aside(path))
            continue
        of = metadata.get(DESIGN, b"").decode()
        if of != design:
            given = Found(f"a batch of design {of[:12] or 'nothing'}")
            problems.append(Problem(str(path), None, "design", given, f"batches of design {design[:12]}"))
        whole[int(found[1])] = path
    if problems:
        raise CaseError(problems)
    return Kept(whole, damaged)


def read(paths: Iterable[Path]) -> pa.Table:
    """The rows of batches, in the order given.

    Raises:
        CaseError: files that are damaged, all at once.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables, problems = [], []
    for path in paths:
        data = path.read_bytes()
        found = _NAME.fullmatch(path.name)
        if found is None or hashlib.sha256(data).hexdigest()[:16] != found[2]:
            allowed = "a batch as it was written; --resume moves it aside and plays it again"
            problems.append(Problem(str(path), None, "batch", Found("a damaged file"), allowed))
        elif not problems:
            tables.append(pq.read_table(pa.BufferReader(data)))
    if problems:
        raise CaseError(problems)
    return pa.concat_tables(tables)


def rows_of(path: Path) -> int:
    """Number of rows of a batch."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def _aside(path: Path) -> Path:
    """Move a damaged file out of the way; what was moved before is kept."""
    folder = path.parent.parent / DAMAGED
    folder.mkdir(exist_ok=True)
    n = 0
    while (target := folder / f"{path.parent.name}-{path.stem}.{n}.parquet").exists():
        n += 1
    path.replace(target)
    return target
