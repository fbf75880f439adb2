"""Which runs each part of the study needs: the base, forms taken out, edges around the middle, the step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.base.playing import AS_IT_IS, job, middle_of

from groundswell.accounts.model import Free
from groundswell.case import Case
from groundswell.case.calibration import MEASURE, moved, played
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import flat, resolve
from groundswell.play.many import draw_of
from groundswell.study.calibration.free import FILE, RATE, Space, read_space
from groundswell.study.calibration.ordinary import THETA

MOVE = 0.05
EDGE_H = 144
"""Hours that runs at the edge play: up to the night in which the largest town is lost, or not."""

FORMS: Mapping[str, tuple[str, Mapping[str, float | str]]] = {
    "number": ("people notice the share that is out, not the number", {"joining.size_power": 1.0}),
    "pool": ("no pool that can be moved: everybody can be", {"joining.pool": 1e9}),
    "villages": ("the countryside is moved as towns are", {"joining.rural_pool": 1.0}),
    "few": ("no small numbers in risk: the first arrests count in full", {"risk.few": 0.0, "risk.company": 1.0}),
    "news": ("news is believed at once and not remembered", {"news.absorb_h": 0.01, "news.memory_h": 0.01}),
    "shared": ("no shared part of the grievance", {"spark.shared": 0.0}),
    "discharge": ("action spends what was stored four times as fast as by default", {"valve.through_action": 2.0}),
    "control": ("all on duty meet crowds, nobody patrols", {"deployment.control_share": 1.0}),
    "regain": ("sites are regained as fast as they are lost", {"sites.regain": "sites.speed"}),
    "squares": ("peaceful people do not hold a square", {"sites.square_weight": 1e-9}),
    "capacity": ("no capacity of arrest", {"detention.per_officer": 1e6}),
    "arrests": ("an arrest angers nobody", {"backlash.arrested_weight": 1e-9}),
    "stand-by": ("every unit follows an order to stand by", {"factions.follow": 1.0}),
    "hardship": ("no hardship stored before", {"valve.inflow": 1e-9}),
}
"""Name -> what it is without the form, and values that take it out; a name stands for the value of that parameter."""


def values_of(case: Case, draw: int | str) -> dict[str, float]:
    """Every parameter's value under a draw."""
    found = resolve(list(all_mechanisms().values()), case, played(case, draw).get("settings", {}))
    return {k: float(v) for k, v in flat(found).items() if isinstance(v, (int, float))}


def base(case: Case, runs: int) -> list[dict[str, Any]]:
    """Run i, from 1: a draw by weight, with the seed i."""
    return [job(draw_of(case, i), i) for i in range(1, runs + 1)]


def forms(case: Case, pairs: int) -> dict[str, list[dict[str, Any]]]:
    """Form -> the first runs of the base without it, on the same luck."""
    out = {}
    for name, (_, change) in FORMS.items():
        jobs = []
        for one in base(case, pairs):
            own = values_of(case, one["draw"])
            settings = {k: own[v] if isinstance(v, str) else v for k, v in change.items()}
            jobs.append(job(one["draw"], one["seed"], f"without {name}", set=settings))
        out[name] = jobs
    return out


@dataclass(frozen=True)
class Move:
    """A free parameter moved up or down."""

    name: str
    up: bool
    words: str
    jobs: tuple[dict[str, Any], ...]


def space_of(case: Case) -> Space | None:
    """The free parameters of a case; None where it names none."""
    return read_space(case) if (case.folder / FILE).exists() else None


def edge(case: Case, seeds: int) -> tuple[list[dict[str, Any]], list[Move]]:
    """The middle draw as it is, and with each free parameter moved; all runs end after EDGE_H hours."""
    space, draw = space_of(case), middle_of(case)
    until = until_of(case)
    still = [job(draw, s, "edge as it is", until=until) for s in range(1, seeds + 1)]
    if space is None:
        return still, []
    own = values_of(case, draw)
    hours = {} if case.draws is None else case.draws.of(int(draw))
    moves = []
    for f in space.free:
        for up in (True, False):
            change, words = _moved(case, f, up, own, hours)
            variant = f"edge {f.name} {'up' if up else 'down'}"
            jobs = tuple(job(draw, s, variant, until=until, **change) for s in range(1, seeds + 1))
            moves.append(Move(f.name, up, words, jobs))
    return still, moves


def until_of(case: Case) -> str | None:
    """Where runs at the edge end."""
    from datetime import timedelta

    return None if case.hours <= EDGE_H else (case.start + timedelta(hours=EDGE_H)).isoformat()


def _moved(
    case: Case, f: Free, up: bool, own: Mapping[str, float], hours: Mapping[str, float]
) -> tuple[dict[str, Any], str]:
    """What a run changes where a free parameter is moved, and in words from what to what."""
    sign = 1.0 if up else -1.0
    if f.name == RATE:
        value = own[THETA] - sign * math.log1p(MOVE)
        return {"set": {THETA: value}}, f"rate of an ordinary month {sign * MOVE:+.0%}"
    if f.name.startswith(MEASURE):
        now = hours.get(f.name, 0.0)
        value = min(max(now + sign * MOVE * (f.high - f.low), f.low), f.high)
        return {"measures": moved(case, {f.name: value})}, f"{now:+.2g} to {value:+.2g} h"
    value = min(max(own[f.name] * (1 + sign * MOVE), f.low), f.high)
    return {"set": {f.name: value}}, f"{own[f.name]:.3g} to {value:.3g}"


def step(case: Case, runs: int, seeds: int, month_runs: int) -> dict[str, list[dict[str, Any]]]:
    """Without the step of the price; the middle at one hour and at half an hour; an ordinary month."""
    space, draw = space_of(case), middle_of(case)
    out: dict[str, list[dict[str, Any]]] = {"no step": [], "month": []}
    if any(row.kind == "price_step" and row.used for row in case.tables["measures"].rows):
        none = {"measures.price_step_scale": 0}
        out["no step"] = [job(o["draw"], o["seed"], "without the step", set=none) for o in base(case, runs)]
    out["hour"] = [job(draw, s, AS_IT_IS) for s in range(1, seeds + 1)]
    out["half"] = [job(draw, s, "half an hour a step", step_h=0.5) for s in range(1, seeds + 1)]
    if space is not None and space.ordinary_month:
        month = space.ordinary_month
        out["month"] = [job(o["draw"], o["seed"], "ordinary month", month=month) for o in base(case, month_runs)]
    return out
