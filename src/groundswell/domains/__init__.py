"""What happens, as packs of mechanisms: a folder is a pack, a file in it is a mechanism.

    street   people: who comes out, what they want and do, what they hear, who works and who strikes
    state    offices and forces: what is ordered, who obeys, what force does, what it costs
    extras   mechanisms that are off unless a claim or an account asks for them

A later pack may import from an earlier one. Adding a file with a mechanism to a pack adds it to every run.

Packs also come from outside. A distribution names a module, or a package of them, under the entry point group
`groundswell.domains`; every `Mechanism` in it belongs to every run, wherever the distribution is installed. For a trial
or a test, `added` lends mechanisms to the runs of this process.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

from groundswell.case.kinds import KINDS, MeasureKind
from groundswell.engine.mechanism import Mechanism, where
from groundswell.engine.observable import Observable

GROUP = "groundswell.domains"
"""Entry point group of distributions that bring mechanisms."""

PACKS = ("street", "state", "extras")
"""The packs of this distribution, in the order in which they may import from one another."""

_added: list[type[Mechanism]] = []


def all_mechanisms() -> dict[str, type[Mechanism]]:
    """Every mechanism by its name, in the order of names: of these packs, of other distributions, and those `added`.

    Raises:
        ValueError: if two mechanisms carry one name.
    """
    packs = [importlib.import_module(f"{__name__}.{name}") for name in PACKS]
    return dict(_found(tuple((pack.__name__, *pack.__path__) for pack in packs), tuple(_added)))


def shown() -> dict[str, tuple[str, Observable]]:
    """Every observable that a mechanism declares, by its name, with the mechanism's."""
    return _declared(tuple(all_mechanisms().values()))[0]


def kinds() -> tuple[Mapping[str, MeasureKind], Mapping[str, tuple[str, ...]]]:
    """Every kind of measure that a mechanism declares, and the forms in which a record may state what one shows."""
    return _declared(tuple(all_mechanisms().values()))[1:]


@contextmanager
def added(*mechanisms: type[Mechanism]) -> Iterator[None]:
    """Within the block, these mechanisms belong to every run of this process, and to those of processes forked from it.

    Raises:
        ValueError: if two mechanisms carry one name, or declare one observable or kind of measure.
    """
    before = _added.copy()
    _added.extend(mechanisms)
    try:
        shown()
        yield
    finally:
        _added[:] = before


@cache
def _found(packs: Sequence[Sequence[str]], more: Sequence[type[Mechanism]]) -> dict[str, type[Mechanism]]:
    own = [importlib.import_module(f"{p}.{m.name}") for p, *folders in packs for m in pkgutil.iter_modules(folders)]
    outside = [module for point in entry_points(group=GROUP) for module in _modules(point.load())]
    found: dict[str, type[Mechanism]] = {}
    for mechanism in (*(m for module in (*own, *outside) for m in _of_module(module)), *more):
        if found.setdefault(mechanism.name, mechanism) is not mechanism:
            both = " and ".join(f"{m.__module__}.{m.__qualname__}" for m in (found[mechanism.name], mechanism))
            raise ValueError(f"two mechanisms are called {mechanism.name}: {both}")
    return dict(sorted(found.items()))


@cache
def _declared(mechanisms: Sequence[type[Mechanism]]) -> tuple[
    dict[str, tuple[str, Observable]], dict[str, MeasureKind], dict[str, tuple[str, ...]]
]:  # fmt: skip
    observables: dict[str, tuple[str, Observable]] = {}
    measures: dict[str, MeasureKind] = {}
    owner: dict[str, type[Mechanism]] = {}
    for m in mechanisms:
        own = {v.name for v in m.writes}
        for name in (*m.shows, *(kind.name for kind in m.measures if kind.stated)):
            if owner.setdefault(name, m) is not m or name in KINDS:
                by = "the record has already" if name in KINDS else f"{where(owner[name])} declares too"
                raise ValueError(f"{where(m)} declares {name}, which {by}")
        for kind in m.measures:
            if missing := [name for name in kind.moves if name not in own]:
                raise ValueError(f"{where(m)}: {kind.name} moves {', '.join(missing)}; allowed: what it writes")
        observables |= {name: (m.name, shows) for name, shows in m.shows.items()}
        measures |= {kind.name: kind for kind in m.measures}
    return observables, measures, {name: shows.forms for name, (_, shows) in observables.items()}


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
