"""Writes files and folders beside their place and renames them, so that what is half written is never seen."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

_PART, _OLD = ".part-", ".old-"


@contextmanager
def whole(
    path: str | Path, *, folder: bool = False, over: Collection[str] | None = None, to_disk: bool = False
) -> Iterator[Path]:
    """A path to write at, in a folder beside; it takes its place when the block ends well, else it goes.

    Args:
        path: the file or folder to be; the folder around it is made where it is not there.
        folder: make a folder, and give that.
        over: a folder of the name is replaced, as by `take_place`; a file always is.
        to_disk: bring a file and its name to the disk, so that they outlive a loss of power.

    Raises:
        OSError: it could not be written, with `path` as its file name; nothing is left.
    """
    path = Path(path)
    beside = path.with_name(f"{_PART}{os.getpid()}-{path.name}")
    part = beside / path.name
    try:
        remove(beside)
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
        remove(beside)


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


def take_place(part: Path, path: Path, over: Collection[str] | None = None) -> None:
    """Rename what is finished; with `over`, a folder of the name gives way and goes when the new one stands there.

    Args:
        part: what is finished. path: its place.
        over: names of what an earlier command wrote into such a folder; all else in it is somebody's own and is kept.
    """
    old = path.with_name(f"{_OLD}{os.getpid()}-{path.name}")
    if over is not None and path.is_dir():
        path.replace(old)
    part.replace(path)
    if over is None or not old.is_dir():
        return remove(old)
    for own in over:
        remove(old / own)
    for theirs in list(old.iterdir()):
        if not (path / theirs.name).exists():
            theirs.replace(path / theirs.name)
    if not any(old.iterdir()):
        old.rmdir()


def clear(folder: Path) -> None:
    """Remove what killed processes left half written in a folder. Nobody else may be writing."""
    for path in folder.glob(f"{_PART}*"):
        remove(path)


def _to_disk(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
