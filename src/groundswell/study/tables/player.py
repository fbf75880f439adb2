"""Plays one row: a draw as a run of the whole population, as far as is needed, and what the record would look at in it.

A run with more people on the street than `Design.most_people` is out of bounds and given up there: it is slow, and no
text knows anything like it. It stays in the table with what it had by then. A value whose window had passed is as
good as any, and an event that had happened is known; a count in a window under way is what it had come to, so a lower
bound; all else cannot be said.

The base stage looks at each observation of the base set when its window ends, and stops at the first that rules the run
out: history matching (Craig et al. 1997) with the three-sigma rule (Pukelsheim 1994).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from groundswell.case import Case
from groundswell.observe.endings import ending_of
from groundswell.observe.harm import HARM, counted
from groundswell.play.plan import planned
from groundswell.record import Observation, Record, load_record
from groundswell.record.features import implausibility
from groundswell.record.measure import measure
from groundswell.record.observed import observed
from groundswell.record.reporting import reporting_of
from groundswell.study.playing import begin, on, reading_of, settled
from groundswell.study.tables.design import base_of
from groundswell.world.world import World, build

RULED_OUT = 3.0
"""Distance, in errors of reporting, beyond which an observation of the base set rules a run out."""


RATIOS = ("dead_over_turnout", "captured_over_lost")
"""Kinds of counts that may fall while they are counted, so that what they have come to is no bound."""


def player(common: Mapping[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The function that plays a job in this process; case, record and world are read once.

    Raises:
        ValueError: the case here is not the one that was planned with.
    """
    case = planned(common)
    world, record = build(case), load_record(case)
    most = float(common["most_people"])
    play = {
        "table": partial(_table, case, world, record, most),
        "base": partial(_base, case, world, base_of(record), most),
    }
    return settled(lambda job: play[job["stage"]](job))


def _table(case: Case, world: World, record: Record, most: float, job: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the table."""
    simulation, recorder = begin(case, world, job)
    given_up = not on(simulation, recorder, float(job["until_h"]), most)
    reading = reading_of(simulation, recorder)
    now_h = reading.steps * reading.clock.step_h
    measured = measure(reading, cut(record, now_h) if given_up else record)
    return {
        "values": measured.values.tolist(),
        "dark": measured.dark.tolist(),
        "given_up_h": now_h if given_up else None,
        "coarse_h": simulation.coarse_h,
        "ending": None if given_up else ending_of(reading).so_far,
        "peak": int(reading.total("on_street").max(initial=0)),
        **{name: counted(reading, name) for name in HARM},
    }


def _base(case: Case, world: World, record: Record, most: float, job: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the base stage: played until something rules it out, or to the end of the last window."""
    simulation, recorder = begin(case, world, job)
    reporting, said = reporting_of(job["reporting"]), observed(record, int(job["seed"]))
    ends = np.array([o.end_h for o in record.observations])
    inside, against, measured = True, np.zeros(len(ends), bool), None
    for end in np.unique(ends):
        inside = on(simulation, recorder, float(end), most)
        reading = reading_of(simulation, recorder)
        now_h = reading.steps * reading.clock.step_h
        measured = measure(reading, record)
        known = (ends <= now_h + 1e-9) & np.array([o.set == "base" for o in record.observations])
        against = known & (np.nan_to_num(implausibility(measured, said, record, reporting)) > RULED_OUT)
        if against.any() or not inside:
            break
    assert measured is not None, "a base stage has an observation"
    return {
        "values": measured.values.tolist(),
        "dark": measured.dark.tolist(),
        "played_h": now_h,
        "given_up_h": None if inside else now_h,
        "coarse_h": simulation.coarse_h,
        "ruled_out_by": [o.id for o, out in zip(record.observations, against, strict=True) if out],
        "kept": bool(inside and not against.any()),
    }


def cut(record: Record, now_h: float) -> Record:
    """A record for a run that was stopped at an hour: counts whose window is under way are counted up to there."""

    def under_way(o: Observation) -> bool:
        return o.form in ("count", "class") and o.kind not in RATIOS and o.start_h < now_h < o.end_h

    seen = tuple(replace(o, end_h=now_h) if under_way(o) else o for o in record.observations)
    return replace(record, observations=seen)
