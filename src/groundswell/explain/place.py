"""Plays the next step of a run and takes it apart for one place: its people, its force, its sites, those who rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundswell.domains.state.standing import in_force, taken
from groundswell.domains.street.joining import Joining
from groundswell.domains.street.people import People
from groundswell.engine.simulation import Simulation
from groundswell.engine.tables import CAUSES
from groundswell.explain.force import force, street_fight
from groundswell.explain.rulers import allies, rulers


def explain(simulation: Simulation, place: str) -> dict[str, Any]:
    """Play the next step of a simulation and take it apart for one place.

    Returns:
        Plain data: `urge` and `cost` are what each mechanism adds to the log-hazard of joining, as the mean over the
        adults of the place; `factor` is their exponential. `hazard_per_h` is the mean hazard of joining at frailty 1.
        `force`, `fight`, `rulers` and `allies` tell why the force does what it does.

    Raises:
        CaseError: for an unknown place.
    """
    w, s = simulation.world, simulation.state
    i = w.place_number(place, "explain --place")
    groups = np.flatnonzero((w.group_place == i) & w.cells.groups.at_risk)
    adults = w.cells.groups.size[groups].astype(float)
    before = int(s.on_street[i])
    now = simulation.clock.now(simulation.step)
    parts: dict[str, dict[str, np.ndarray]] = {}
    simulation.advance(parts)

    def mean(array: np.ndarray) -> float:
        return float(np.average(array[groups], weights=adults)) if len(groups) else 0.0

    def over_groups(name: str) -> list[dict[str, Any]]:
        found = {m: mean(a) for m, a in parts.get(name, {}).items()}
        return [{"mechanism": m, "log_hazard": x, "factor": float(np.exp(x))} for m, x in _largest(found)]

    costs = {m: -float(a[i]) for m, a in parts.get("cost", {}).items()}
    for m, a in parts.get("group_cost", {}).items():
        costs[m] = costs.get(m, 0.0) - mean(a)
    people = simulation.of(People)
    joined = people.crowd.counts.joined[i] if people else np.zeros(len(CAUSES), int)
    here = np.flatnonzero(w.place_of_enterprise == i)
    names = [str(x) for x in w.enterprise("name")]
    flows = {
        "left": s.left, "dispersed": s.dispersed, "arrested": s.arrested, "injured": s.injured, "dead": s.dead,
        "fighting": s.fighting, "took_up_fight": s.took_up_fight, "taken_from_home": s.taken,
    }  # fmt: skip
    return {
        "place": place,
        "name": str(w.place("name")[i]),
        "time": simulation.clock.iso(now.hour),
        "local_hour": float(now.local_hour[i]),
        "adults": int(w.adults[i]),
        "on_street_before": before,
        "on_street": int(s.on_street[i]),
        "joined": {cause: int(n) for cause, n in zip(CAUSES, joined, strict=True)},
        **{name: int(array[i]) for name, array in flows.items()},
        "hazard_per_h": mean(s.join_hazard),
        "threshold": float(simulation.parameters[Joining.name].theta),
        "availability": float(s.hour_factor[i]),
        "pool_left": float(s.pool_left[i]),
        "urge": over_groups("urge"),
        "cost": [{"mechanism": m, "log_hazard": x, "factor": float(np.exp(x))} for m, x in _largest(costs)],
        "demands": {k: int(n) for k, n in zip(w.demands.id, s.demand_people[i], strict=True)},
        "force": force(simulation, i, now.hour),
        "fight": street_fight(simulation, i),
        "rulers": rulers(simulation),
        "allies": allies(simulation, i),
        "strikes": {names[e]: float(s.striking[e]) for e in here if s.striking[e] > 0},
        "measures": [
            {"kind": m.kind, "id": m.id, "statement": m.statement}
            for m in in_force([*w.measures, *taken(w, s.rung_place)], now.hour)
            if m.places[i]
        ],
    }


def _largest(found: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(((m, x) for m, x in found.items() if abs(x) > 1e-12), key=lambda mx: -abs(mx[1]))
