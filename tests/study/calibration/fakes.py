"""A calibration of the tiny case whose runs cost nothing: the distance is worked out from the parameters."""

import time
from pathlib import Path
from typing import Any

import groundswell as gs
from groundswell.case import CaseError
from groundswell.study.calibration.design import Design, Search, design_of
from groundswell.study.calibration.free import read_space

NAME = "study.calibration.fakes"
PLAYER = f"{NAME}:player"
BEST = {"joining.theta": 10.5, "spark.strength": 18.0}


def design(runs: int = 160, start: tuple = (), **search: Any) -> Design:
    """A small calibration of the tiny case."""
    case = gs.load("tiny")
    asked = Search(**{"particles": 16, "wave": 24, "seed": 3, **search})
    return design_of(case, read_space(case), "tiny", asked, runs=runs, start=start)


def player(common: dict[str, Any]) -> Any:
    """A distance that is smallest at `BEST`, with luck by seed."""
    fitted = len(common["fit"])

    def play(job: dict[str, Any]) -> dict[str, Any]:
        off = [abs(job["settings"][k] - v) / v for k, v in BEST.items()]
        far = 3 * sum(off) + job["seeds"][0] % 100 / 500
        stopped = job["stop_above"] is not None and far > job["stop_above"]
        return {
            "distance": None if stopped else far, "guess": far, "played_h": [float(common["until_h"])],
            "far": [far] * fitted,
        }  # fmt: skip

    return play


def slow(common: dict[str, Any]) -> Any:
    """The same, with a twentieth of a second for each vector."""
    inner = player(common)

    def play(job: dict[str, Any]) -> dict[str, Any]:
        time.sleep(0.05)
        return inner(job)

    return play


def failing(common: dict[str, Any]) -> Any:
    """The same, but vectors whose number ends in 3 fail."""
    inner = player(common)

    def play(job: dict[str, Any]) -> dict[str, Any]:
        if job["number"] % 10 == 3:
            raise RuntimeError("the ice broke")
        return inner(job)

    return play


def results(out: Path) -> dict[str, bytes]:
    """Bytes of everything that follows from the design."""
    found = [*out.glob("*.json"), *out.glob("*.csv"), *out.glob("*.toml"), *out.glob("*.md"), *out.glob("batches/*")]
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(found) if path.name != "log.csv"}


def refused(action: Any) -> str:
    """What a CaseError says."""
    try:
        action()
    except CaseError as error:
        return str(error)
    raise AssertionError("nothing was refused")
