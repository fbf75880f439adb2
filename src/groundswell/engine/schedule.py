"""The order of a step, worked out from what mechanisms declare they read and write."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from groundswell.engine.mechanism import Mechanism, where
from groundswell.engine.state import COUNTS, RATES, SUMS


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
        before: set[type[Mechanism]] = set()
        for name in (*m.reads, *m.lags):
            if name not in given and name not in writer and name not in idle:
                raise ScheduleError(f"{where(m)} needs {name}, which no mechanism writes")
        for name in m.adds:
            if name not in sums:
                raise ScheduleError(f"{where(m)} adds to {name}; the open sums are {', '.join(sorted(sums))}")
        for name in m.reads:
            before.update(adders.get(name, ()))
            if name in writer:
                before.add(writer[name])
        needs[m] = before - {m}
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
