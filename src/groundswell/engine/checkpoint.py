"""Checkpoints on disk: plain arrays in an .npz, complete or absent, never anything that could run code."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

FORMAT = 1


def save(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays beside the path and rename, so that a kill leaves the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        np.savez(file, format=np.array(FORMAT), **dict(arrays))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read(path: Path) -> dict[str, np.ndarray]:
    """Arrays of a checkpoint.

    Raises:
        ValueError: if the file is damaged or of another format.
    """
    try:
        with np.load(path) as file:  # refuses pickled objects
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, zipfile.BadZipFile, KeyError, EOFError) as error:
        raise ValueError(f"{path}: not a readable checkpoint ({error})") from None
    if int(arrays.pop("format", -1)) != FORMAT:
        raise ValueError(f"{path}: written by another version; play the run again")
    return arrays


def latest(folder: Path, up_to_step: int | None = None) -> Path | None:
    """The last readable checkpoint of a folder, at or before a step; damaged ones are passed over."""
    for path in sorted(folder.glob("step-*.npz"), reverse=True):
        if up_to_step is not None and int(path.stem.removeprefix("step-")) > up_to_step:
            continue
        if zipfile.is_zipfile(path):
            return path
    return None


def name(step: int) -> str:
    """File name of the checkpoint taken before this step."""
    return f"step-{step:06d}.npz"
