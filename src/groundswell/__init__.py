"""How a political crisis unfolds, person by person: `load`, `run`, `runs`, `score`, `ask`, `compare`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from groundswell.case.kinds import Brought, tell

if TYPE_CHECKING:
    from groundswell.case import Case, load
    from groundswell.play.change import Cells, Change
    from groundswell.play.many import runs
    from groundswell.play.opened import open
    from groundswell.play.plan import Plan
    from groundswell.play.run import Run, run
    from groundswell.play.run_set import RunSet
    from groundswell.study.calibration.calibrating import Calibrated
    from groundswell.study.pairs.asking import Answer
    from groundswell.study.pairs.request import ask
    from groundswell.weigh.comparing import Comparison, compare
    from groundswell.weigh.scored import Scored, score

__version__ = "0.3.0"
__all__ = [
    "Answer", "Calibrated", "Case", "Cells", "Change", "Comparison", "Plan", "Run", "RunSet", "Scored", "__version__",
    "ask", "compare", "load", "open", "run", "runs", "score",
]  # fmt: skip
_HOMES = {
    "Answer": "groundswell.study.pairs.asking",
    "Calibrated": "groundswell.study.calibration.calibrating",
    "Case": "groundswell.case",
    "Cells": "groundswell.play.change",
    "Change": "groundswell.play.change",
    "Comparison": "groundswell.weigh.comparing",
    "Plan": "groundswell.play.plan",
    "Run": "groundswell.play.run",
    "RunSet": "groundswell.play.run_set",
    "Scored": "groundswell.weigh.scored",
    "ask": "groundswell.study.pairs.request",
    "compare": "groundswell.weigh.comparing",
    "load": "groundswell.case",
    "open": "groundswell.play.opened",
    "run": "groundswell.play.run",
    "runs": "groundswell.play.many",
    "score": "groundswell.weigh.scored",
}


def _brought() -> Brought:
    from groundswell.domains import kinds

    return kinds()


tell(_brought)


def __getattr__(name: str) -> Any:
    """Import a public name where it is first used, so that `import groundswell` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'groundswell' has no attribute '{name}'; it has: {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
