"""How a political crisis unfolds, person by person: `load`, `run`, `runs`, `score`, `ask`, `compare`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundswell.calibration.calibrating import Calibrated
    from groundswell.case import Case, load
    from groundswell.experiments.ask_request import ask
    from groundswell.experiments.asking import Answer
    from groundswell.play.change import Cells, Change
    from groundswell.play.many import runs
    from groundswell.play.opened import open
    from groundswell.play.plan import Plan
    from groundswell.play.run import Run, run
    from groundswell.play.run_set import RunSet
    from groundswell.weighing.comparing import compare
    from groundswell.weighing.scored import Scored, score

__version__ = "0.2.0"
__all__ = [
    "Answer", "Calibrated", "Case", "Cells", "Change", "Plan", "Run", "RunSet", "Scored", "__version__", "ask",
    "compare", "load", "open", "run", "runs", "score",
]  # fmt: skip
_HOMES = {
    "Answer": "groundswell.experiments.asking",
    "Calibrated": "groundswell.calibration.calibrating",
    "Case": "groundswell.case",
    "Cells": "groundswell.play.change",
    "Change": "groundswell.play.change",
    "Plan": "groundswell.play.plan",
    "Run": "groundswell.play.run",
    "RunSet": "groundswell.play.run_set",
    "Scored": "groundswell.weighing.scored",
    "ask": "groundswell.experiments.ask_request",
    "compare": "groundswell.weighing.comparing",
    "load": "groundswell.case",
    "open": "groundswell.play.opened",
    "run": "groundswell.play.run",
    "runs": "groundswell.play.many",
    "score": "groundswell.weighing.scored",
}


def __getattr__(name: str) -> Any:
    """Import a public name where it is first used, so that `import groundswell` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'groundswell' has no attribute '{name}'; it has: {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
