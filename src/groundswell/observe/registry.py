"""The registry: every observable of a run by its name. The record, `ask`, phases, report and docs read from it.

Beside those of this room it has one for each kind of measure that a record may state, and those that mechanisms
declare (`Mechanism.shows`), which cannot be said where their mechanism is off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any, TypeVar

import numpy as np

from groundswell.case.kinds import TOLD_KINDS, observation_kinds, recorded_measures
from groundswell.domains import all_mechanisms, shown
from groundswell.engine.observable import Observable
from groundswell.observe.force import FORCE
from groundswell.observe.offices import OFFICES, measures_begun
from groundswell.observe.reading import Reading
from groundswell.observe.streets import STREETS
from groundswell.observe.window import Window

Kind = TypeVar("Kind")


class Live(Mapping[str, Kind]):
    """Something by name: what is the same in every run, and what follows from the mechanisms that there are."""

    def __init__(self, own: Mapping[str, Kind], brought: Callable[[], Mapping[str, Kind]]):
        self._of = cache(lambda mechanisms: {**own, **brought()})

    def _now(self) -> Mapping[str, Kind]:
        return self._of(tuple(all_mechanisms().values()))

    def __getitem__(self, name: str) -> Kind:
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())


def of_mechanisms() -> dict[str, Observable]:
    """The observables that mechanisms declare.

    Raises:
        ValueError: one has a name that this room has given already.
    """
    if twice := _OWN.keys() & shown().keys():
        raise ValueError(f"{', '.join(sorted(twice))}: declared by a mechanism, but every run shows it already")
    return {name: replace(o, look=partial(_look, of=of, look=o.look)) for name, (of, o) in shown().items()}


def modelled(name: str, reading: Reading) -> bool:
    """Whether a run has the mechanism that an observable belongs to; what belongs to none, every run has."""
    return name not in shown() or shown()[name][0] not in reading.off


def _look(window: Window, of: str, look: Callable[[Any], np.ndarray | float]) -> np.ndarray | float:
    return np.nan if of in window.reading.off else look(window)


def _brought() -> dict[str, Observable]:
    return {**{kind: measures_begun(kind) for kind in recorded_measures()}, **of_mechanisms()}


def _recorded() -> dict[str, Observable]:
    return {k: OBSERVABLES[k] for k in observation_kinds() if k not in TOLD_KINDS and k != "order"}


_OWN = {**STREETS, **FORCE, **OFFICES}
OBSERVABLES: Mapping[str, Observable] = Live(_OWN, _brought)
"""Name -> observable."""

RECORDED: Mapping[str, Observable] = Live({}, _recorded)
"""Those that a record may state, by the kind of its observations; `order` is worked out from two of them."""


def seen(reading: Reading) -> list[dict[str, Any]]:
    """What the mechanisms' own observables show of a whole run: name, mechanism, words, unit, value.

    value: hours since the start for an hour, else at its highest; inf: never, None: not modelled in this run.
    """
    whole, out = Window.whole(reading), []
    for name, o in of_mechanisms().items() if reading.steps else ():
        value = whole.hour(o.steps(whole)) if o.kind == "hour" else o.highest(whole)
        told = None if np.isnan(value) else value
        out.append({"name": name, "mechanism": shown()[name][0], "words": o.words, "unit": o.unit, "value": told})
    return out
