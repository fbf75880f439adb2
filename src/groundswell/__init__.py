"""Groundswell: how a political crisis unfolds, person by person: `load`, `run`, `score`, `ask`, `compare`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundswell.case import load
    from groundswell.experiments.ask_request import ask
    from groundswell.play.change import Cells, Change
    from groundswell.play.plan import Plan
    from groundswell.play.run import run
    from groundswell.weighing.comparing import compare
    from groundswell.weighing.scored import score

__version__ = "0.2.0"
__all__ = ["Cells", "Change", "Plan", "__version__", "ask", "compare", "load", "run", "score"]

_HOMES = {
    "Cells": "groundswell.play.change",
    "Change": "groundswell.play.change",
    "Plan": "groundswell.play.plan",
    "ask": "groundswell.experiments.ask_request",
    "compare": "groundswell.weighing.comparing",
    "load": "groundswell.case",
    "run": "groundswell.play.run",
    "score": "groundswell.weighing.scored",
}


def __getattr__(name: str) -> Any:
    """Import a public name where it is first used, so that `import groundswell` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'groundswell' has no attribute '{name}'; it has: {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
