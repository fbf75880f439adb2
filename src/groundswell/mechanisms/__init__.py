"""What happens: one file for each mechanism. Adding a file with a mechanism adds it to every run.

Mechanisms also come from outside. A distribution names a module, or a package of them, under the entry point group
`groundswell.domains`; every `Mechanism` in it belongs to every run, wherever the distribution is installed. For a trial
or a test, `added` lends mechanisms to the runs of this process.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

from groundswell.engine.mechanism import Mechanism

GROUP = "groundswell.domains"
"""Entry point group of distributions that bring mechanisms."""

_added: list[type[Mechanism]] = []


def all_mechanisms() -> dict[str, type[Mechanism]]:
    """Every mechanism by its name, in the order of names: of this folder, of other distributions, and those `added`.

    Raises:
        ValueError: if two mechanisms carry one name.
    """
    return dict(_found(tuple(__path__), tuple(_added)))


@contextmanager
def added(*mechanisms: type[Mechanism]) -> Iterator[None]:
    """Within the block, these mechanisms belong to every run of this process, and to those of processes forked from it.

    Raises:
        ValueError: if two mechanisms carry one name.
    """
    before = _added.copy()
    _added.extend(mechanisms)
    try:
        all_mechanisms()
        yield
    finally:
        _added[:] = before


@cache
def _found(folders: Sequence[str], more: Sequence[type[Mechanism]]) -> dict[str, type[Mechanism]]:
    own = [importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(folders)]
    outside = [module for point in entry_points(group=GROUP) for module in _modules(point.load())]
    found: dict[str, type[Mechanism]] = {}
    for mechanism in (*(m for module in (*own, *outside) for m in _of_module(module)), *more):
        if found.setdefault(mechanism.name, mechanism) is not mechanism:
            both = " and ".join(f"{m.__module__}.{m.__qualname__}" for m in (found[mechanism.name], mechanism))
            raise ValueError(f"two mechanisms are called {mechanism.name}: {both}")
    return dict(sorted(found.items()))


def _modules(top: ModuleType) -> list[ModuleType]:
    """A module and, if it is a package, the modules in it."""
    inside = pkgutil.iter_modules(getattr(top, "__path__", ()))
    return [top, *(importlib.import_module(f"{top.__name__}.{m.name}") for m in inside)]


def _of_module(module: ModuleType) -> list[type[Mechanism]]:
    """The mechanisms that a module defines, and does not merely import."""
    return [
        x for x in vars(module).values()
        if isinstance(x, type) and issubclass(x, Mechanism) and x.__module__ == module.__name__
    ]  # fmt: skip
