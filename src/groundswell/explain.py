"""Why a place is in the state it is in at an hour of a run, in numbers and in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundswell.engine.rates import DEMANDS
from groundswell.engine.simulation import Simulation
from groundswell.engine.tables import CAUSES
from groundswell.mechanisms.measures import POSTURES

LEAST_PEOPLE = 10  # counts below are not told: no output about a person, household or minority


def explain(simulation: Simulation, place: str) -> dict[str, Any]:
    """Play the next step of a simulation and take it apart for one place.

    Returns:
        Plain data: `urge` and `cost` are what each mechanism adds to the log-hazard of joining, as the mean over the
        adults of the place; `factor` is their exponential. `hazard_per_h` is the mean hazard of joining at frailty 1.

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
    joined = simulation.crowd.counts.joined[i]
    here = np.flatnonzero(w.place_of_enterprise == i)
    names = [str(x) for x in w.enterprise("name")]
    return {
        "place": place,
        "name": str(w.place("name")[i]),
        "time": simulation.clock.iso(now.hour),
        "local_hour": float(now.local_hour[i]),
        "adults": int(w.adults[i]),
        "on_street_before": before,
        "on_street": int(s.on_street[i]),
        "joined": {cause: int(n) for cause, n in zip(CAUSES, joined, strict=True)},
        "left": int(s.left[i]),
        "dispersed": int(s.dispersed[i]),
        "arrested": int(s.arrested[i]),
        "injured": int(s.hurt[i]),
        "dead": int(s.died[i]),
        "hazard_per_h": mean(s.join_hazard),
        "threshold": float(simulation.parameters["joining"].theta),
        "availability": float(s.hour_factor[i]),
        "urge": over_groups("urge"),
        "cost": [{"mechanism": m, "log_hazard": x, "factor": float(np.exp(x))} for m, x in _largest(costs)],
        "demands": {k: int(n) for k, n in zip(DEMANDS, s.demands_held[i], strict=True)},
        "police": {
            "posture": POSTURES[int(s.posture[i])],
            "effective_force": float(s.force_effective[i]),
            "risk_of_arrest_as_seen": float(s.risk[i]),
            "disperse_hazard_per_h": float(s.disperse_hazard[i, 0]),
        },
        "strikes": {names[e]: float(s.striking[e]) for e in here if s.striking[e] > 0},
        "measures": [
            {"kind": m.kind, "id": m.id, "statement": m.statement}
            for m in w.measures
            if m.covers(now.hour) and m.places[i]
        ],
    }


def in_words(e: dict[str, Any], about: dict[str, str]) -> str:
    """The explanation as text; `about`: mechanism -> what it stands for, in a few words."""

    def people(n: int) -> str:
        return f"{n:,}" if n == 0 or n >= LEAST_PEOPLE else f"under {LEAST_PEOPLE}"

    share = e["on_street"] / max(e["adults"], 1)
    lines = [
        f"{e['name']}, {e['time']} and the hour that follows (local time {e['local_hour']:04.1f} h)",
        "",
        f"On the street: {people(e['on_street_before'])} at the beginning, {people(e['on_street'])} at the end"
        + (f", {share:.2%} of adults." if e["on_street"] >= LEAST_PEOPLE else "."),
    ]
    came = sum(e["joined"].values())
    if came >= LEAST_PEOPLE:
        shares = [f"{n / came:.0%} through {_cause(c)}" for c, n in e["joined"].items() if n]
        lines.append(f"{came:,} came out: {', '.join(shares)}.")
    else:
        lines.append(f"{people(came)} came out.")
    gone = [(e["left"], "went home"), (e["dispersed"], "were dispersed"), (e["arrested"], "were arrested")]
    gone += [(e["injured"], "were injured"), (e["dead"], "were killed")]
    lines.append(", ".join(f"{people(n)} {what}" for n, what in gone) + ".")
    lines += ["", "What moves people to join here, as a factor on the hazard (mean over the adults of the place):"]
    lines += [_row(x, about) for x in e["urge"]] or ["  nothing"]
    lines.append("What keeps them at home:")
    lines += [_row(x, about) for x in e["cost"]] or ["  nothing"]
    lines.append(f"  x {e['availability']:.2f}  hour of the day and calendar")
    expected = people(round(e["hazard_per_h"] * e["adults"]))
    lines += [
        f"Against a threshold of {e['threshold']:.1f} in the log-hazard it makes {e['hazard_per_h']:.2g} per hour for",
        f"a person of mean frailty: {expected} expected of {e['adults']:,} adults, ties aside.",
        "",
    ]
    p = e["police"]
    lines.append(
        f"Police: ordered to {p['posture']}, effective force {p['effective_force']:,.0f}; people see a risk of arrest "
        f"of {p['risk_of_arrest_as_seen']:.0%}."
    )
    if p["disperse_hazard_per_h"]:
        lines.append(f"The crowd is being dispersed at {p['disperse_hazard_per_h']:.2f} per person and hour.")
    if e["on_street"] >= LEAST_PEOPLE:
        held = [f"{k} {n / e['on_street']:.0%}" for k, n in e["demands"].items() if n >= LEAST_PEOPLE]
        lines.append(f"Demands on the street: {', '.join(held) or 'none yet'}.")
    if e["strikes"]:
        lines.append(
            "On strike: " + ", ".join(f"{n} ({x:.0%} of the workforce)" for n, x in e["strikes"].items()) + "."
        )
    for m in e["measures"]:
        lines.append(f"Standing: {m['kind'].replace('_', ' ')}: {m['statement']}")
    return "\n".join(lines)


def _largest(found: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(((m, x) for m, x in found.items() if abs(x) > 1e-12), key=lambda mx: -abs(mx[1]))


def _row(x: dict[str, Any], about: dict[str, str]) -> str:
    factor = x["factor"]
    shown = f"{factor:,.0f}" if factor >= 100 else f"{factor:.2g}"
    return f"  x {shown:<8} ({x['log_hazard']:+.2f})  {x['mechanism']}: {about.get(x['mechanism'], '')}"


def _cause(cause: str) -> str:
    return "grievance, news and the crowd they see" if cause == "grievance" else f"ties of the {cause}"
