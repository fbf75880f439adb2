"""Writes files and folders beside their place and renames them, so that what is half written is never seen."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PART, _OLD = ".part-", ".old-"


@contextmanager
def whole(path: str | Path, *, folder: bool = False, over: bool = False, to_disk: bool = False) -> Iterator[Path]:
    """A path to write at, in a folder beside; it takes its place when the block ends well, else it goes.

    Args:
        path: the file or folder to be; the folder around it is made where it is not there.
        folder: make a folder, and give that. over: a folder of the name is replaced; a file always is.
        to_disk: bring a file and its name to the disk, so that they outlive a loss of power.

    Raises:
        OSError: it could not be written, with `path` as its file name; nothing is left.
    """
    path = Path(path)
    beside = path.with_name(f"{_PART}{os.getpid()}-{path.name}")
    part = beside / path.name
    try:
        _remove(beside)
        (part if folder else beside).mkdir(parents=True)
        yield part
        if to_disk:
            _to_disk(part)
        take_place(part, path, over)
        if to_disk:
            _to_disk(path.parent)
    except OSError as error:
        said = path if error.filename in (None, str(beside), str(part)) else error.filename
        raise OSError(error.errno or errno.EIO, error.strerror or str(error), str(said)) from None
    finally:
        _remove(beside)


def write(path: str | Path, content: str | bytes) -> Path:
    """Write a file; when this returns, all of it is on the disk under its name.

    Raises:
        OSError: as `whole`.
    """
    with whole(path, to_disk=True) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
    return Path(path)


def as_text(cell: str) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula: an apostrophe goes before = + - @."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def take_place(part: Path, path: Path, over: bool = False) -> None:
    """Rename what is finished; if `over`, a folder of the name is replaced, and goes when the new one stands there."""
    old = path.with_name(f"{_OLD}{os.getpid()}-{path.name}")
    if over and path.is_dir():
        path.replace(old)
    part.replace(path)
    _remove(old)


def clear(folder: Path) -> None:
    """Remove what killed processes left half written in a folder. Nobody else may be writing."""
    for path in folder.glob(f"{_PART}*"):
        _remove(path)


def _to_disk(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
