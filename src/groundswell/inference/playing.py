"""What players share: a simulation made from a job, played up to an hour or out of bounds, and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.case import Case
from groundswell.domains.state.standing import taken
from groundswell.engine.simulation import Simulation
from groundswell.history.recorder import Recorder
from groundswell.observe.reading import Reading
from groundswell.play.change import Change
from groundswell.play.plan import Plan, loaded_case
from groundswell.play.run import prepare
from groundswell.world.world import World


def planned(common: Mapping[str, Any]) -> Case:
    """The case that was planned with, read where this worker runs.

    Raises:
        ValueError: the case here is another one.
    """
    case = loaded_case(common["case"])
    if case.digest != common["case_digest"]:
        wanted, found = common["case_digest"][:12], case.digest[:12]
        raise ValueError(f"{common['case']} has the digest {found} where this worker runs, and {wanted} in the design")
    return case


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
    rungs = taken(simulation.world, simulation.state.rung_place)
    return Reading(simulation.world, simulation.clock, recorder.hourly, simulation.step, rungs)
