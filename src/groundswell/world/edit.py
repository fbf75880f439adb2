"""The same world with other measures: without one, at another hour, in another version, or left to the ladder."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.world.world import Measure, World

SCRIPTED, RESPONSIVE = "scripted", "responsive"
MODES = (SCRIPTED, RESPONSIVE)
"""How the government acts: measures at their recorded hours, or by the triggers of its ladder."""

RESPOND = "respond"


def change_measures(world: World, changes: Mapping[str, str]) -> World:
    """A copy of the world with changed measures.

    Args:
        world: the world.
        changes: measure id -> "none" (it is not taken), an ISO time (it is taken then, for as long),
            "version:NAME" (the record's other version of it), or "respond" (it is not taken by the record, and
            the rungs of the ladder that replace it become live). Under a responsive government any other change
            takes the measure out of the ladder's hands; a rung rests when all that it replaces are.

    Raises:
        CaseError: for unknown measures, versions or times, all at once.
    """
    if not changes:
        return world
    known = {m.id: m for m in (*world.recorded, *world.measures)}
    problems: list[Problem] = []
    new: dict[str, Measure | None] = {}
    out_of_hands = {name for name, change in changes.items() if change != RESPOND}
    left = [not replaced or any(m not in out_of_hands for m in replaced) for replaced in world.ladder.replaces]
    live = world.rung_live & np.array(left, bool)
    for name, change in changes.items():
        rungs = np.array([name in replaced for replaced in world.ladder.replaces], bool)
        live |= rungs & (change == RESPOND)
        if name not in known:
            problems.append(Problem("--measure", None, name, name, f"one of {', '.join(sorted(known))}"))
        elif change == "none":
            new[name] = None
        elif change == RESPOND:
            new[name] = None
            if not rungs.any():
                problems.append(Problem("--measure", None, name, change, _replaced(world)))
        elif change.startswith("version:"):
            found = world.version(name, change.removeprefix("version:"))
            if isinstance(found, Measure):
                new[name] = found
            else:
                allowed = f"version:NAME with NAME one of {', '.join(found)}"
                problems.append(Problem("--measure", None, name, change, allowed))
        else:
            try:
                new[name] = _move(world, known[name], datetime.fromisoformat(change))
            except ValueError:
                allowed = "none, respond, an ISO time such as 2022-01-05T12:00, or version:NAME"
                problems.append(Problem("--measure", None, name, change, allowed))
    if problems:
        raise CaseError(problems)
    kept = {**{m.id: m for m in world.measures}, **new}
    return _with(world, [m for m in kept.values() if m is not None], live)


def govern(world: World, mode: str, since_h: float = 0.0) -> World:
    """The world under a mode of government.

    Args:
        world: the world.
        mode: "scripted" (measures at their recorded hours, no rung live), or "responsive" (every measure that a
            rung of the ladder replaces is dropped, and every rung is live).
        since_h: hour since the case's start from which it is responsive; what began before stays as recorded.

    Raises:
        CaseError: for another mode, or a responsive government in a case without a ladder.
    """
    if mode not in MODES:
        raise CaseError([Problem("--government", None, "mode", mode, f"one of {', '.join(MODES)}")])
    rungs = len(world.ladder.id)
    if mode == SCRIPTED:
        return _with(world, world.measures, np.zeros(rungs, bool))
    if rungs == 0:
        allowed = "scripted, since ladder.csv of this case has no rung"
        raise CaseError([Problem("--government", None, "mode", mode, allowed)])
    dropped = {measure for replaced in world.ladder.replaces for measure in replaced}
    return _with(world, [m for m in world.measures if m.id not in dropped or m.start_h < since_h], np.ones(rungs, bool))


def _replaced(world: World) -> str:
    """The measures that may be left to the ladder, in words."""
    names = sorted({measure for replaced in world.ladder.replaces for measure in replaced})
    return f"respond only for a measure that a rung of ladder.csv replaces: {', '.join(names) or 'none'}"


def _with(world: World, measures: list[Measure], live: np.ndarray) -> World:
    """A copy of the world with these measures and live rungs."""
    changed = dataclasses.replace(world)
    changed.__dict__["measures"] = sorted(measures, key=lambda m: (m.start_h, m.id))
    changed.__dict__["rung_live"] = live
    return changed


def _move(world: World, measure: Measure, when: datetime) -> Measure:
    hour = world.hour_of(when.replace(tzinfo=None), measure.places)
    if when.tzinfo is not None:
        hour = (when - world.case.start).total_seconds() / 3600
    length = None if measure.end_h is None else measure.end_h - measure.start_h
    return dataclasses.replace(measure, start_h=hour, end_h=None if length is None else hour + length)
