"""How the engine's loops are compiled: kernels are kept on disk, and made anew when any compiled code has
changed.

Numba compares only the file of a kernel itself with what it kept. A kernel includes what it calls from other
files, so here it is kept under a digest of all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core.cpu import CPUTargetOptions

njit: Any = numba.njit  # its types leave out options used here
# No counting of references where a kernel makes no arrays: 15 percent of the time with ties. Not in every Numba.
_UNCOUNTED: dict[str, bool] = {"_nrt": False} if hasattr(CPUTargetOptions, "_nrt") else {}


def digest_of(folder: Path) -> str:
    """Digest of the files in a folder that hold compiled code, or make constants of it."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        text = path.read_bytes()
        if b"numba" in text or b"engine.compiled" in text or b"def purpose(" in text:
            total.update(path.name.encode() + text)
    return total.hexdigest()


_DIGEST = digest_of(Path(__file__).parent)

# Parts of kernels: inlined, since a call with arrays costs more than most of these do, and without counting
# references to arrays, which nothing here makes or keeps. `inner` cannot be called from Python, `shared` can.
shared = njit(error_model="numpy", forceinline=True, **_UNCOUNTED)
inner = njit(error_model="numpy", forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, **_UNCOUNTED)


def kernel(function: Callable[..., Any], parallel: bool = False) -> Any:
    """Compile a loop that Python calls; `parallel` lets `prange` run on threads."""
    options = {"error_model": "numpy", "parallel": parallel} | ({} if parallel else _UNCOUNTED)
    compiled = njit(cache=True, **options)(function)
    kept = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if kept is None or not hasattr(kept, "_source_stamp"):  # another Numba: rather wait than be wrong
        return njit(**options)(function)
    kept._source_stamp = (kept._source_stamp, _DIGEST)
    return compiled


def parallel_kernel(function: Callable[..., Any]) -> Any:
    """Compile a loop whose `prange` may run on threads."""
    return kernel(function, parallel=True)


def typed(signature: str) -> Callable[..., Any]:
    """Compile for one signature, so that calls with constants do not each get a version of their own."""

    def decorate(function: Callable[..., Any]) -> Any:
        compiled = kernel(function)
        compiled.compile(signature)
        compiled.disable_compile()
        return compiled

    return decorate
