"""The force in a town and the fight for its sites at the end of an hour: strength, duty, loyalty, orders, arms."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundswell.domains.state.loyalty import Loyalty
from groundswell.domains.state.measures import POSTURES, Measures
from groundswell.domains.state.standing import taken
from groundswell.engine.simulation import Simulation

OBEDIENCE = ("obeys", "stands aside", "has gone home", "has gone over")


def force(simulation: Simulation, place: int, hour: float) -> dict[str, Any]:
    """The force in the town of a place, unit by unit, and the posture ordered there with the order behind it."""
    w, s = simulation.world, simulation.state
    there = (w.town[s.unit_place] == w.town[place]) & (s.unit_target < 0) & ((s.unit_people > 0) | (s.refusal > 0))
    terms = loyalty_terms(simulation)
    return {
        "posture": POSTURES[int(s.posture[place])],
        "leave_to_shoot": bool(s.shoot[place] > 0),
        "ordered_by": _order(simulation, place, hour),
        "risk_of_arrest_as_seen": float(s.risk[place]),
        "effective_force": float(s.force_effective[place]),
        "disperse_hazard_per_h": {"peaceful": float(s.disperse_hazard[place, 0]),
                                  "fighting": float(s.disperse_hazard[place, 1])},
        "passive": {cause: int(getattr(s, f"passive_{cause}")[w.town == w.town[place]].sum())
                    for cause in ("exhaustion", "disloyalty", "order")},
        "units": [_unit(simulation, int(u), terms) for u in np.flatnonzero(there)],
        "on_their_way": [
            {"unit": w.units.id[u], "people": int(s.unit_people[u]), "hours": float(s.unit_travel_h[u])}
            for u in np.flatnonzero((s.unit_target >= 0) & (w.town[s.unit_target] == w.town[place]))
        ],
        "harm": {k: int(getattr(s, f"security_{k}")[place]) for k in ("dead", "injured", "disarmed")},
        "orders_not_carried_out": int(s.retake_failed[place]),
    }  # fmt: skip


def loyalty_terms(simulation: Simulation) -> dict[str, np.ndarray]:
    """What each cause adds to the loyalty of every unit (U,), at the end of the hour; empty while loyalty is off."""
    loyalty = simulation.of(Loyalty)
    return loyalty.terms() if loyalty else {}


def _unit(simulation: Simulation, u: int, terms: dict[str, np.ndarray]) -> dict[str, Any]:
    w, s = simulation.world, simulation.state
    office = int(w.units.office[u])
    commander = int(s.commander[office]) if office >= 0 else -1
    by_faction, by_government = s.stand_by[u] > 0, s.stand_by_order[s.unit_place[u]] > 0
    faction = w.factions.name[commander] if commander >= 0 else ""
    return {
        "unit": w.units.id[u],
        "organ": w.organs.id[int(w.units.organ[u])],
        "commander": faction,
        "strength": int(w.units.people[u]),
        "people": int(s.unit_people[u]),
        "on_duty": int(s.unit_on_duty[u]),
        "dead": int(s.unit_lost[u]),
        "fatigue": float(s.fatigue[u]),
        "fallen_back": bool(s.fallen_back[u] > 0),
        "obedience": OBEDIENCE[int(s.refusal[u])],
        "stands_by_order_of": faction if by_faction else "the government" if by_government else "",
        "loyalty": float(sum(float(x[u]) for x in terms.values())),
        "loyalty_terms": {name: float(x[u]) for name, x in terms.items() if abs(float(x[u])) > 1e-12},
    }


def _order(simulation: Simulation, place: int, hour: float) -> dict[str, str] | None:
    """The order behind the posture in force in a place: the latest that asks for it, by the record or by the rule."""
    w, s = simulation.world, simulation.state
    least = int(simulation.parameters[Measures.name].emergency_posture)

    def asked(kind: str) -> int | None:
        level = {"emergency": least, "shoot_order": POSTURES.index("live")}.get(kind)
        return POSTURES.index(kind.removeprefix("posture_")) if kind.startswith("posture_") else level

    rungs = taken(w, s.rung_place)
    orders = [
        (m.start_h, k, m)
        for k, m in enumerate([*w.measures, *rungs])
        if m.covers(hour) and m.places[place] and asked(m.kind) == int(s.posture[place])
    ]
    if not orders:
        return None
    start, k, m = max(orders, key=lambda x: x[:2])
    by = "recorded measure" if k < len(w.measures) else "the government's rule"
    return {
        "id": m.id, "kind": m.kind, "since": simulation.clock.iso(start), "by": by, "statement": m.statement,
        "source": m.source,
    }  # fmt: skip


def street_fight(simulation: Simulation, place: int) -> dict[str, Any]:
    """Who stands at each site of a place and who holds it; arms in the crowd's hands by origin; looting."""
    w, s = simulation.world, simulation.state
    spots = np.flatnonzero(w.spots.place == place)
    sites = []
    for k in spots:
        crowd = [int(x) for x in s.crowd[k]]
        row = {
            "site": w.spots.name[k] if k >= w.places else "open ground",
            "kind": str(w.spots.kind[k]),
            "held_by": "" if k < w.places else "the state" if s.site_held[k] > 0 else "the crowd",
            "lost_at": None if np.isnan(s.lost_hour[k]) else simulation.clock.iso(float(s.lost_hour[k])),
            "burned": bool(s.burned[k] > 0),
            "peaceful": crowd[0], "fighting": crowd[1], "outsiders": int(s.outsiders[k]), "armed": int(s.armed[k]),
            "force": int(s.force[k]), "force_passive": int(s.force_passive[k]),
            "chance_that_force_prevails": float(s.prevail[k]),
        }  # fmt: skip
        if k >= w.places or any(crowd) or row["force"] or row["outsiders"]:
            sites.append(row)
    return {
        "sites": sites,
        "on_their_way": int(s.on_way[place]),
        "fight_hazard_per_h": float(s.fight_hazard[place]),
        "arms": {
            "captured": int(s.arms_captured[place]), "issued": int(s.arms_issued_held[place]),
            "brought": int(s.arms_brought_held[place]), "lost_by_the_force_this_hour": int(s.arms_lost[place]),
        },
        "shops_looted": int(s.looted[place]),
        "people_looting": int(s.looted_people[place]),
    }  # fmt: skip
