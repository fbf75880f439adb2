"""What a run itself has for every observation of a record, and how far each was hidden by a cut network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.case.kinds import CLASSES
from groundswell.engine.observable import Observable, at_first
from groundswell.observe.reading import Reading
from groundswell.observe.registry import RECORDED
from groundswell.observe.window import Window
from groundswell.record.record import Observation, Record


@dataclass(frozen=True)
class Measured:
    """What a run has for O observations.

    values: (O,) in the unit and scale of each form: hours since the start, inf where it never happened by the end of
        the window; people, shops and others; class 0..5; shares; 0 or 1; ranks; hours from a first event to a second,
        inf where only the first happened, -inf where only the second did. nan: cannot be said, since the window was
        not played, or there is nothing to take a share of.
    dark: (O,) share of the window and the people of the scope that were cut off the network.
    """

    values: np.ndarray
    dark: np.ndarray


def measure(reading: Reading, record: Record) -> Measured:
    """Every observation of a record in a run; see `observe.registry` for what is looked at."""
    values, dark = np.full(len(record), np.nan), np.zeros(len(record))
    cut = np.concatenate([np.zeros((1, reading.world.places)), np.cumsum(reading.series("cut") > 0, axis=0)])
    for i, window in enumerate(windows(reading, record)):
        if window is None:
            continue
        people = reading.world.people * window.inside
        hours_cut = (cut[window.last] - cut[window.first]) @ people
        dark[i] = hours_cut / max(people.sum() * window.steps, 1.0)
        if record.observations[i].kind in RECORDED:
            values[i] = measured(window, record.observations[i])
    for i, o in enumerate(record.observations):
        if o.form == "order" and o.kind == "order":
            values[i] = hours_between_events(*(float(values[record.index[id]]) for id in o.of))
    return Measured(values, dark)


def windows(reading: Reading, record: Record) -> list[Window | None]:
    """What each observation sees of a run; None where nothing of its window was played, or its scope is empty."""
    world, step_h = reading.world, reading.clock.step_h
    made: dict[Any, Any] = {}
    out: list[Window | None] = []
    for o in record.observations:
        places, sites = record.masks(world, o.scope)
        first = max(0, int(np.ceil(o.start_h / step_h - 1e-9)))
        last = min(reading.steps, int(np.floor(o.end_h / step_h + 1e-9)))
        seen = last > first and bool(places.any())
        out.append(Window(reading, places, sites, first, last, o.least, made=made) if seen else None)
    return out


def measured(window: Window, o: Observation) -> float:
    """The value of one observation in its form, see `Measured`."""
    seen = RECORDED[o.kind]
    played = o.end_h <= window.reading.steps * window.step_h + 1e-9
    if o.form == "hour":
        steps = seen.steps(window)
        cannot_be_said = not played and (np.isinf(steps) or seen.when is not at_first)
        return np.nan if cannot_be_said else window.hour(steps)
    number = seen.highest(window)
    if o.form == "yes":
        return _yes(number, window, seen, played)
    if not played or np.isnan(number):
        return np.nan
    return class_of(number) if o.form == "class" else number


def _yes(number: float, window: Window, seen: Observable, played: bool) -> float:
    reached = number >= seen.limit(window)
    if np.isnan(number) or (not played and not reached):
        return np.nan
    return float(reached != seen.quiet)


def class_of(number: float) -> float:
    """The class of a count: 0 below 10, 1 tens, 2 hundreds and so on; see `record_rows.CLASSES`."""
    return float(np.clip(np.floor(np.log10(max(number, 1.0))), 0, len(CLASSES) - 1))


def hours_between_events(first: float, second: float) -> float:
    """Hours from one event to another; an event that never happened lies at infinity."""
    return np.nan if np.isinf(first) and np.isinf(second) else second - first
