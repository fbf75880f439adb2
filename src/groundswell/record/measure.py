"""What a run itself has for every observation of a record, and how far each was hidden by a cut network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.case.record_rows import CLASSES
from groundswell.history.reading import Reading
from groundswell.record.kinds import RULES, Rule
from groundswell.record.record import Observation, Record
from groundswell.record.window import Window, at_first


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
    """Every observation of a record in a run; see `record.kinds` for what is looked at."""
    values, dark = np.full(len(record), np.nan), np.zeros(len(record))
    cut = np.concatenate([np.zeros((1, reading.world.places)), np.cumsum(reading.series("cut") > 0, axis=0)])
    for i, window in enumerate(windows(reading, record)):
        if window is None:
            continue
        people = reading.world.people * window.inside
        hours_cut = (cut[window.last] - cut[window.first]) @ people
        dark[i] = hours_cut / max(people.sum() * window.steps, 1.0)
        if record.observations[i].kind in RULES:
            values[i] = measured(window, record.observations[i])
    for i, o in enumerate(record.observations):
        if o.form == "order" and o.kind == "order":
            values[i] = hours_between_events(*(float(values[record.index[id]]) for id in o.of))
    return Measured(values, dark)


def windows(reading: Reading, record: Record) -> list[Window | None]:
    """What each observation sees of a run; None where nothing of its window was played, or its scope is empty."""
    world, step_h = reading.world, reading.clock.step_h
    made: dict[object, object] = {}
    out: list[Window | None] = []
    for o in record.observations:
        places, sites = record.masks(world, o.scope)
        first = max(0, int(np.ceil(o.start_h / step_h - 1e-9)))
        last = min(reading.steps, int(np.floor(o.end_h / step_h + 1e-9)))
        seen = last > first and bool(places.any())
        out.append(Window(reading, places, sites, first, last, o.least, made) if seen else None)
    return out


def measured(window: Window, o: Observation) -> float:
    """The value of one observation in its form, see `Measured`."""
    step_h = window.reading.clock.step_h
    played = o.end_h <= window.reading.steps * step_h + 1e-9
    rule = RULES[o.kind]
    if o.form == "hour":
        return _hour(window, o, rule, played)
    number = number_of(window, o)
    if o.form == "yes":
        return _yes(number, o, rule, played)
    if not played or np.isnan(number):
        return np.nan
    return class_of(number) if o.form == "class" else number


def number_of(window: Window, o: Observation) -> float:
    """What is counted at its highest, whatever the form."""
    course = np.asarray(RULES[o.kind].look(window), float)
    return float(course.max()) if course.ndim else float(course)


def _limit(o: Observation, rule: Rule) -> float:
    return rule.least if o.least is None or o.kind == "centres" else o.least


def _hour(window: Window, o: Observation, rule: Rule, played: bool) -> float:
    course = np.asarray(rule.look(window), float)
    steps = rule.when(course, _limit(o, rule))
    if not played and (np.isinf(steps) or rule.when is not at_first):
        return np.nan
    return float((window.first + steps) * window.reading.clock.step_h)


def _yes(number: float, o: Observation, rule: Rule, played: bool) -> float:
    if np.isnan(number):
        return np.nan
    reached = number >= _limit(o, rule)
    if not played and not reached:
        return np.nan
    return float(reached != rule.quiet)


def class_of(number: float) -> float:
    """The class of a count: 0 below 10, 1 tens, 2 hundreds and so on; see `record_rows.CLASSES`."""
    return float(np.clip(np.floor(np.log10(max(number, 1.0))), 0, len(CLASSES) - 1))


def hours_between_events(first: float, second: float) -> float:
    """Hours from one event to another; an event that never happened lies at infinity."""
    return np.nan if np.isinf(first) and np.isinf(second) else second - first
