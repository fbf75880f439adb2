"""What keyed draws are for: a purpose has a name, and its key, a field of every key of `engine.random`, is made of it.

A purpose is declared where it is used, and no list of them is kept. Who renames one draws anew; who moves it to
another file does not.
"""

from __future__ import annotations

import hashlib
import sys

_declared: dict[int, tuple[str, str]] = {}  # key -> name, module


def purpose(name: str) -> int:
    """Key of a kind of luck, for the module that calls: the first 32 bits of the SHA-256 of its name.

    Called once, as a module is imported; the key is a constant of its kernels. A module that shares the luck of
    another imports the constant.

    Raises:
        ValueError: another module has declared this name, or another name has the same key: their draws would be one.
    """
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    module = str(sys._getframe(1).f_globals.get("__name__"))
    before, where = _declared.setdefault(key, (name, module))
    if before != name:
        raise ValueError(f"{module}: purpose {name!r} has the key of {before!r} of {where} ({key:#010x}); rename it")
    if where != module:
        raise ValueError(f"{module}: purpose {name!r} is declared by {where} already; import it, or give another name")
    return key
