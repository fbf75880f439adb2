"""The threshold at which an ordinary month has its ordinary rate of protest, given every other parameter.

    theta' = theta + ln(expected joins per inhabitant-hour at theta / rate),   repeated until it stays

An ordinary month has no crowds, so nearly everybody is far below the threshold, where the hazard of joining is
proportional to exp(-theta); the expected rate follows from a day of the case's own rules before it starts, without
playing anybody's month. So the rate, which is known from counts of protests, is free in place of the threshold, which
means nothing by itself and would have to be fitted to every other parameter anew.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from groundswell.case import Case

if TYPE_CHECKING:
    from groundswell.world.world import World

THETA = "joining.theta"
DAYS = 2
"""The first lets what people know of each other settle, the second is counted."""

MONTH_DAYS = 30
CLOSE, MOST_TURNS = 0.05, 4


def ordinary_world(case: Case, month: str) -> World:
    """The world of a case in an ordinary month: the 30 days from a local date before any of its measures."""
    from groundswell.world.world import build

    start = datetime.fromisoformat(month).replace(tzinfo=case.start.tzinfo)
    end = start + timedelta(days=MONTH_DAYS)
    return build(dataclasses.replace(case, start=start, end=end, horizon=end))


def expected_rate(world: World, settings: Mapping[str, float]) -> float:
    """Expected joins per inhabitant-hour on a day of an ordinary month, nobody having a tie to anybody out."""
    from groundswell.play.change import Change
    from groundswell.play.plan import Plan
    from groundswell.play.run import prepare  # brings in the compiler, which reading what is free does not need

    plan = Plan(world.case.id, Change(set=dict(settings)))
    simulation, _, _ = prepare(plan, world.case, world=world)
    g = world.cells.groups
    adults = np.where(g.at_risk, g.size, 0)
    day = round(24 / simulation.clock.step_h)
    expected = 0.0
    for step in range(DAYS * day):
        simulation.advance()
        if step >= (DAYS - 1) * day:
            expected += float(adults @ simulation.state.join_hazard)
    return expected / day / float(world.people.sum())


def theta_of(world: World, settings: Mapping[str, float], rate: float, theta: float = 10.0) -> float:
    """The threshold at which the expected rate of an ordinary month is `rate`, in joins per inhabitant-hour."""
    for _ in range(MOST_TURNS):
        off = float(np.log(expected_rate(world, {**settings, THETA: theta}) / rate))
        theta += off
        if abs(off) < CLOSE:
            break
    return float(f"{theta:.6g}")
