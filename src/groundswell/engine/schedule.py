"""The order of a step, worked out from what mechanisms declare they read and write, and who has nothing to do in it."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, where
from groundswell.engine.state import COUNTS, RATES, SUMS


class Turn:
    """When a mechanism is stepped: as its clock says, and not where a step could change nothing.

    One that names what `wakes` it makes, while it is not busy, the same of the same values of those variables and of
    its own. So a step is skipped that would begin with the values with which the last one began: nobody else writes its
    variables, so that one has changed nothing. Values are compared to the bit, and no checkpoint holds them: a run that
    is taken up makes one step more, which changes nothing.

    Args:
        mechanism: whose turn it is. step_h: length of a step of the run in hours.
    """

    def __init__(self, mechanism: Mechanism, step_h: float):
        self.mechanism = mechanism
        self.every = max(1, round(mechanism.clock_h / step_h))
        own = [v.name for v in mechanism.writes] if mechanism.wakes else []
        self._watched = [getattr(mechanism.s, name) for name in (*mechanism.wakes, *own)]
        self._last: list[bytes] | None = None

    def take(self, now: Now) -> None:
        """Step the mechanism if it is due."""
        if now.step % self.every == 0 and not self._rests():
            self.mechanism.step(now)

    def _rests(self) -> bool:
        if not self._watched:
            return False
        seen = None if self.mechanism.has_work() else [array.tobytes() for array in self._watched]
        rests = seen is not None and seen == self._last
        self._last = seen
        return rests


class ScheduleError(Exception):
    """Declarations that cannot be put in an order; the message names the mechanisms and the variable."""


def order(mechanisms: Sequence[type[Mechanism]], known: Sequence[type[Mechanism]] = ()) -> list[type[Mechanism]]:
    """Mechanisms in an order in which every value is written before it is read; ties by name.

    Args:
        mechanisms: those that are on.
        known: all there are; a variable of one that is off is read at its neutral value.

    Raises:
        ScheduleError: a variable that nobody writes, that two write, or a circle of needs.
    """
    writer: dict[str, type[Mechanism]] = {}
    for m in mechanisms:
        for name in (v.name for v in m.writes):
            if name in writer:
                raise ScheduleError(f"{name} is written by both {where(writer[name])} and {where(m)}")
            writer[name] = m
    sums = {v.name for v in SUMS}
    given = {v.name for v in (*SUMS, *RATES, *COUNTS)}
    idle = {v.name for m in known for v in m.writes}
    adders = {name: [m for m in mechanisms if name in m.adds] for name in sums}
    needs: dict[type[Mechanism], set[type[Mechanism]]] = {}
    for m in mechanisms:
        if m.adds and m.clock_h > 1.0:
            raise ScheduleError(f"{where(m)} adds to a sum that is emptied every step, but runs every {m.clock_h:g} h")
        if m.adds and m.wakes:
            raise ScheduleError(f"{where(m)} adds to a sum that is emptied every step, so it cannot rest (`wakes`)")
        before: set[type[Mechanism]] = set()
        for name in (*m.reads, *m.lags):
            if name not in given and name not in writer and name not in idle:
                raise ScheduleError(f"{where(m)} needs {name}, which no mechanism writes")
        for name in m.adds:
            if name not in sums:
                raise ScheduleError(f"{where(m)} adds to {name}; the open sums are {', '.join(sorted(sums))}")
        for name in m.reads:
            before.update(adders.get(name, ()))
            if name in writer and not writer[name].plays_out:
                before.add(writer[name])
        needs[m] = (before | ({o for o in mechanisms if not o.plays_out} if m.plays_out else set())) - {m}
    for m in mechanisms:  # a value as it stood when the step began must be read before it is written anew
        for name in m.lags:
            if name in writer and writer[name] is not m:
                needs[writer[name]].add(m)
    try:
        sorter = TopologicalSorter({m: needs[m] for m in sorted(mechanisms, key=lambda m: m.name)})
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(where(m) for m in reversed(error.args[1]))
        raise ScheduleError(
            f"circular need: {circle}; let one of them read the value of the step before (`lags`)"
        ) from None
    result: list[type[Mechanism]] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda m: m.name)
        result += ready
        sorter.done(*ready)
    return result
