"""Accounts in memory on the tiny case, and players whose rows cost nothing; workers find them by name."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np

import groundswell as gs
from groundswell.accounts import Account, Accounts
from groundswell.accounts.model import Element, Family, Free
from groundswell.case import CaseError
from groundswell.engine.priors import Uniform
from groundswell.study.tables.design import Design, base_of, design_of

FREE = (Free("joining.theta", Uniform(8, 14), "test", 0, 20), Free("spark.strength", Uniform(0, 24), "test", 0, 100))
NAME = "study.tables.fakes"


def accounts(*names: str) -> Accounts:
    """`plain` switches on nothing; `mixed` may stand down its forces; others are plain under another name."""
    element = Element(
        "stand-down",
        "Forces are told to wait",
        "office",
        "test",
        (Free("factions.wait_intent", Uniform(1, 4), "test", 0, 9),),
    )
    files = {
        name: Account(name, "", name, name, (), may=("stand-down",) if name == "mixed" else ())
        for name in names or ("plain", "mixed")
    }
    families = {f: Family(f, f, frozenset(g)) for f, g in (("grievance", ()), ("office", ("office",)))}
    return Accounts(
        files, {"stand-down": element}, families, FREE,
        {"joining.theta": 12.0, "spark.strength": 15.0, "factions.wait_intent": 0.0}, {}, "fake",
    )  # fmt: skip


def design(runs: int = 40, **options: Any) -> Design:
    """A design of the tiny case."""
    return design_of(gs.load("tiny"), accounts(), "tiny", runs=runs, **options)


def player(common: dict[str, Any]) -> Any:
    """Rows that follow from the job alone; every third shared vector is ruled out."""
    loaded = design()
    size = {"table": len(loaded.record), "base": len(base_of(loaded.record))}
    first_base = base_of(loaded.record).observations[0].id

    def play(job: dict[str, Any]) -> dict[str, Any]:
        values = (np.arange(size[job["stage"]]) + job["seed"] % 1000).astype(float)
        out = {"values": values.tolist(), "dark": [0.0] * len(values), "given_up_h": None}
        if job["stage"] == "base":
            kept = job["vector"] % 3 > 0
            return out | {"played_h": 24.0, "kept": kept, "ruled_out_by": [] if kept else [first_base]}
        return out | {"ending": "calm", "peak": job["index"], "dead_all": 1, "injured_all": 2, "detained": 3}

    return play


def slow(common: dict[str, Any]) -> Any:
    """The same, with a tenth of a second for each row of the table."""
    inner = player(common)

    def play(job: dict[str, Any]) -> dict[str, Any]:
        time.sleep(0.1 if job["stage"] == "table" else 0.0)
        return inner(job)

    return play


def failing(common: dict[str, Any]) -> Any:
    """The same, but rows whose index ends in 3 fail."""
    inner = player(common)

    def play(job: dict[str, Any]) -> dict[str, Any]:
        if job.get("index", 0) % 10 == 3:
            raise RuntimeError("the ice broke")
        return inner(job)

    return play


def deadly(common: dict[str, Any]) -> Any:
    """The same, but the first worker to play row 20 is killed by it."""
    inner, mark = player(common), Path(os.environ["GROUNDSWELL_TEST_MARK"])

    def play(job: dict[str, Any]) -> dict[str, Any]:
        if job.get("index") == 20 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return inner(job)

    return play


def murderous(common: dict[str, Any]) -> Any:
    """The same, but every worker that plays row 20 is killed by it."""
    inner = player(common)

    def play(job: dict[str, Any]) -> dict[str, Any]:
        if job.get("index") == 20:
            os.kill(os.getpid(), signal.SIGKILL)
        return inner(job)

    return play


def none_kept(common: dict[str, Any]) -> Any:
    """The same, but every shared vector is ruled out."""
    inner = player(common)
    return lambda job: inner(job) | {"kept": False}


def refused(action: Any) -> str:
    """What a CaseError says."""
    try:
        action()
    except CaseError as error:
        return str(error)
    raise AssertionError("nothing was refused")
