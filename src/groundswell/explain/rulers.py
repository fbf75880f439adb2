"""Those who rule at the end of an hour: what each faction believes and chose, who holds which post, what allies do."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundswell.engine.simulation import Simulation

STANCES = ("supports", "waits", "moves")


def rulers(simulation: Simulation) -> dict[str, Any]:
    """Beliefs, choices and posts; the presidency; whether the patron has been removed."""
    w, s = simulation.world, simulation.state

    def name(faction: float) -> str:
        return w.factions.name[int(faction)] if 0 <= int(faction) < len(w.factions.name) else "nobody"

    return {
        "factions": [
            {
                "faction": w.factions.name[a], "belief_that_president_survives": float(s.belief[a]),
                "choice": STANCES[int(s.stance[a])],
            }
            for a in range(len(w.factions.id))
        ],
        "offices": [
            {"office": w.offices.name[o], "held_by": name(s.office_faction[o]), "commands": name(s.commander[o])}
            for o in range(len(w.offices.id))
        ],
        "presidency": name(float(s.presidency)),
        "patron_removed": bool(s.patron_removed > 0),
        "unity": float(s.unity),
    }  # fmt: skip


def allies(simulation: Simulation, place: int) -> dict[str, Any]:
    """Whether allies were asked and decided to come, and how many are in the country and in the town of a place."""
    w, s = simulation.world, simulation.state
    here = (w.town[w.units.place] == w.town[place]) & w.units.allied

    def moment(hour: Any) -> str | None:
        return None if np.isnan(hour) else simulation.clock.iso(float(hour))

    return {
        "asked": moment(s.asked),
        "prepared": moment(s.prepared),
        "decided": moment(s.decided),
        "people": int(s.allied_people.sum()),
        "people_in_town": int(s.allied_people[here].sum()),
        "staff_freed": int(s.freed_people[w.town == w.town[place]].sum()),
    }
