"""Checkpoints on disk: a chain of plain-array files, each holding what changed since the one before.

Most of a run's state stays as it was from one day to the next, so a chain costs as much as the events of the run, not
as much as its people. A file is complete or absent, and nothing in it can run code. A damaged file ends the chain
just before it; the run goes on from there.
"""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from groundswell.files import whole

FORMAT = 7
_NAME = re.compile(r"step-(\d{1,18})\.npz")


class Chain:
    """Writes the checkpoints of one run into a folder.

    Args:
        folder: where; made when the first checkpoint is written.
        bound: digest of what fixes the run, see `Plan.digest`; only with the same are the files read again.
        last: the arrays of the checkpoint that was taken up, if the chain is gone on with.
    """

    def __init__(self, folder: Path, bound: str = "", last: Mapping[str, np.ndarray] | None = None):
        self.folder, self.bound = folder, bound
        self._last = {name: _copy(array) for name, array in (last or {}).items()}  # the run goes on in its own

    def save(self, step: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Write what changed, beside the name and renamed, so that a kill leaves the file whole or not there."""
        path = self.folder / file_name(step)
        if self._last and path.exists():
            return  # the checkpoint that was taken up: a change from itself must not take its place
        out: dict[str, np.ndarray] = {
            "format": np.array(FORMAT),
            "bound": np.array(self.bound),
            "step": np.array(step),
            "first": np.array(not self._last),
        }
        changes = {name: _change(name, self._last.get(name), array) for name, array in arrays.items()}
        for change in changes.values():
            out.update(change)
        with whole(path) as part:
            np.savez(part, **out)  # type: ignore[arg-type]
        for name, change in changes.items():
            if f"{name}@all" in change:
                self._last[name] = _copy(arrays[name])
            elif change:
                self._last[name] = _renewed(self._last[name], arrays[name], change[f"{name}@rows"])


def read(folder: Path, up_to_step: int | None = None, bound: str = "") -> tuple[int, dict[str, np.ndarray]] | None:
    """Step and arrays of the last checkpoint of a chain at or before a step; None where there is none to read.

    A file of another run, by what it is bound to, ends the chain as a damaged one does.
    """
    found: tuple[int, dict[str, np.ndarray]] | None = None
    for step, path in sorted((int(m[1]), p) for p in folder.glob("step-*.npz") if (m := _NAME.fullmatch(p.name))):
        if up_to_step is not None and step > up_to_step:
            break
        try:
            with np.load(path) as file:  # refuses pickled objects
                held = int(file["format"]), str(file["bound"]), int(file["step"])
                if held != (FORMAT, bound, step) or (found is None) != bool(file["first"]):
                    break
                found = step, _apply(dict({} if found is None else found[1]), {n: file[n] for n in file.files})
        except (OSError, ValueError, KeyError, EOFError, IndexError, TypeError, zipfile.BadZipFile, zlib.error):
            break
    return found


def remove_after(folder: Path, step: int) -> None:
    """Take away files later than a step: a chain that goes on from there would contradict them."""
    for path in folder.glob("step-*.npz"):
        if (name := _NAME.fullmatch(path.name)) and int(name[1]) > step:
            path.unlink()


def unlike(arrays: Mapping[str, np.ndarray], like: Mapping[str, np.ndarray], growing: Collection[str]) -> str:
    """What of a checkpoint has not the kind and the shape that the run has; blank where all is as it must be.

    Args:
        arrays: what was read. like: the arrays of the same run at any step. growing: those that may be longer.
    """
    for name, own in like.items():
        there = arrays.get(name)
        if there is None:
            return f"no {name}"
        same = there.dtype.descr == own.dtype.descr if own.dtype.names is None else there.dtype.names == own.dtype.names
        shape = (
            there.shape[1:] == own.shape[1:] and there.ndim == own.ndim if name in growing else there.shape == own.shape
        )
        if not same or not shape:
            return f"{name} of {there.dtype.kind}{there.shape}"
    return ""


def file_name(step: int) -> str:
    """File name of the checkpoint taken before this step."""
    return f"step-{step:06d}.npz"


def is_own(path: Path) -> bool:
    """Whether a file of the folder of checkpoints is one, whole or half written."""
    return bool(_NAME.fullmatch(path.name)) or path.name.startswith(".part-")


def _change(name: str, old: np.ndarray | None, new: np.ndarray) -> dict[str, np.ndarray]:
    """The array, or its rows that differ and the rows it has more."""
    if old is None or new.ndim == 0 or new.dtype != old.dtype or new.shape[1:] != old.shape[1:] or len(new) < len(old):
        return {f"{name}@all": new}
    rows = _differing(new[: len(old)], old)
    if 2 * len(rows) > len(old):
        return {f"{name}@all": new}
    if len(rows) == 0 and len(new) == len(old):
        return {}
    return {f"{name}@rows": rows, f"{name}@values": new[rows], f"{name}@more": new[len(old) :]}


def _bytes(array: np.ndarray) -> np.ndarray:
    """(rows, bytes) an array as it lies in memory; numpy's own copies leave the gaps between fields undefined."""
    flat = np.ascontiguousarray(array).reshape(-1)
    return flat.view(np.uint8).reshape(len(array), math.prod(array.shape[1:]) * array.dtype.itemsize)


def _copy(array: np.ndarray) -> np.ndarray:
    """A copy to the byte."""
    return _bytes(np.atleast_1d(array)).copy().view(array.dtype).reshape(array.shape)


def _renewed(old: np.ndarray, new: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The old array with the rows of the new one that differ or are more, to the byte."""
    was, now = _bytes(old), _bytes(new)
    if len(new) > len(old):
        was = np.concatenate([was, now[len(old) :]])
    was[rows] = now[rows]
    return was.view(old.dtype).reshape(new.shape)


def _differing(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Rows that differ in any bit, in their order."""
    x, y = _bytes(a), _bytes(b)
    word = np.uint64 if x.shape[1] % 8 == 0 else np.uint8
    x, y = x.view(word), y.view(word)
    return np.unique(np.flatnonzero(x != y) // max(x.shape[1], 1))


def _apply(arrays: dict[str, np.ndarray], file: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    for key, value in file.items():
        name, _, part = key.partition("@")
        if part == "all":
            arrays[name] = value
        elif part == "rows":
            old = arrays[name]
            rows = np.concatenate([_bytes(old), _bytes(file[f"{name}@more"])])  # as bytes: numpy would drop the gaps
            rows[value] = _bytes(file[f"{name}@values"])
            arrays[name] = rows.view(old.dtype).reshape(len(rows), *old.shape[1:])
    return arrays
