"""The same world with other measures: without one, at another hour, or in another version of the record."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime

from groundswell.case import CaseError, Problem
from groundswell.world.world import Measure, World


def change_measures(world: World, changes: Mapping[str, str]) -> World:
    """A copy of the world with changed measures.

    Args:
        world: the world.
        changes: measure id -> "none" (it is not taken), an ISO time (it is taken then, for as long), or
            "version:NAME" (the record's other version of it).

    Raises:
        CaseError: for unknown measures, versions or times, all at once.
    """
    if not changes:
        return world
    known = {m.id: m for m in world.measures}
    problems: list[Problem] = []
    new: dict[str, Measure | None] = {}
    for name, change in changes.items():
        if name not in known:
            problems.append(Problem("--measure", None, name, name, f"one of {', '.join(sorted(known))}"))
        elif change == "none":
            new[name] = None
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
                allowed = "none, an ISO time such as 2022-01-05T12:00, or version:NAME"
                problems.append(Problem("--measure", None, name, change, allowed))
    if problems:
        raise CaseError(problems)
    kept = [new.get(m.id, m) for m in world.measures]
    changed = dataclasses.replace(world)
    changed.__dict__["measures"] = sorted((m for m in kept if m is not None), key=lambda m: (m.start_h, m.id))
    return changed


def _move(world: World, measure: Measure, when: datetime) -> Measure:
    hour = world.hour_of(when.replace(tzinfo=None), measure.places)
    if when.tzinfo is not None:
        hour = (when - world.case.start).total_seconds() / 3600
    length = None if measure.end_h is None else measure.end_h - measure.start_h
    return dataclasses.replace(measure, start_h=hour, end_h=None if length is None else hour + length)
