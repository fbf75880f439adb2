"""What happens: one file for each mechanism. Adding a file with a mechanism adds it to every run."""

from __future__ import annotations

import importlib
import pkgutil

from groundswell.engine.mechanism import Mechanism


def all_mechanisms() -> dict[str, type[Mechanism]]:
    """Every mechanism in this folder by its name, in the order of names.

    Raises:
        ValueError: if two mechanisms carry one name.
    """
    found: dict[str, type[Mechanism]] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Mechanism) and value.__module__.endswith(module.name):
                if value.name in found:
                    raise ValueError(f"two mechanisms are called {value.name}: {found[value.name]} and {value}")
                found[value.name] = value
    return dict(sorted(found.items()))
