"""What players share: a simulation made from a job, played up to an hour or out of bounds, and read."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from groundswell.case import Case
from groundswell.engine.simulation import CoarseStep, Simulation
from groundswell.history.recorder import Recorder
from groundswell.observe.reading import Reading
from groundswell.play.change import Change
from groundswell.play.plan import Plan
from groundswell.play.pool import Job, Result
from groundswell.play.run import prepare
from groundswell.world.world import World


def settled(play: Callable[[Job], Result]) -> Callable[[Job], Result]:
    """A player whose worlds and records are built: they stay, and each run's memory is given back before the next."""
    gc.collect()
    gc.freeze()  # what stays for good need not be looked through after every run

    def one(job: Job) -> Result:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CoarseStep)  # the row says it
            row = play(job)
        gc.collect()  # a run's arrays hang in cycles that the collector finds late
        return row

    return one


def begin(case: Case, world: World, job: Mapping[str, Any]) -> tuple[Simulation, Recorder]:
    """The simulation of a job, ready to play."""
    change = Change(job["settings"], measures=job.get("measures", {}), government=job.get("government", ""))
    plan = Plan(job["case"], change, job["seed"])
    simulation, recorder, _ = prepare(plan, case, world=world)
    return simulation, recorder


def on(simulation: Simulation, recorder: Recorder, until_h: float, most: float) -> bool:
    """Play up to an hour; whether the run stayed in bounds."""
    steps = round(until_h / simulation.clock.step_h)
    on_street = simulation.state.on_street
    while simulation.step < steps:
        simulation.advance()
        recorder.take(simulation)
        if on_street.sum() > most:
            return False
    return True


def reading_of(simulation: Simulation, recorder: Recorder) -> Reading:
    """What was recorded so far, as the readers of history take it."""
    return Reading.of(simulation, recorder.hourly)
