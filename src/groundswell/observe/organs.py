"""The forces of a run by organ: strength, most on duty, most passive by cause, and lost."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundswell.observe.reading import Reading


def by_organ(reading: Reading) -> list[dict[str, Any]]:
    """One row for each organ that has units, and their sum; people, each at the hour of its own maximum.

    strength: at the start (allied troops: most that were there). on_duty: most that held and obeyed. by_order,
    by_refusal, exhausted: most that did nothing for that cause. Lost for good: dead; also those who went home or over
    at the most, and all who were injured or disarmed, who may have come back.
    """
    r = reading
    organ, people = r.world.units.organ, r.world.units.people
    there = r.series("unit_people")
    refusal = r.series("refusal").astype(int)
    strong = np.where(r.world.units.allied, 0, people)
    parts = {
        "on_duty": r.series("unit_on_duty"),
        "by_order": there * r.standing_by,
        "by_refusal": np.where(refusal == 1, there, 0),
        "exhausted": r.series("unit_exhausted"),
        "gone_home": np.where(refusal == 2, people, 0),
        "gone_over": np.where(refusal == 3, people, 0),
    }
    sums = {"dead": "unit_dead", "injured": "unit_injured", "disarmed": "unit_disarmed"}

    def row(organ: str, name: str, mine: np.ndarray) -> dict[str, Any]:
        allied = there[:, mine & r.world.units.allied].sum(axis=1).max(initial=0)
        out: dict[str, Any] = {"organ": organ, "name": name, "units": int(mine.sum())}
        out["strength"] = int(strong[mine].sum() + allied)
        for key, array in parts.items():
            out[key] = int(array[:, mine].sum(axis=1).max(initial=0))
        for key, flow in sums.items():
            out[key] = int(r.series(flow)[:, mine].sum())
        return out

    known = r.world.organs
    rows = [row(id, known.name[i], organ == i) for i, id in enumerate(known.id) if (organ == i).any()]
    return [*rows, row("all", "All", np.ones(len(organ), bool))] if rows else []
