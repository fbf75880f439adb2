"""Harm in a run: dead, injured and detained by who they were, arms, vehicles, buildings and shops, cost, days cut off.

A figure of the record is compared with a count of its own definition only: who is counted, where, until when. The
definitions stand in `COUNTED`; which one a figure has is the kind of its observation in the record, its cut-off
date the end of the window. "164 dead by 9 January", "18 of the security forces" and "several hundred civilians" are
three populations and three dates, and none of them corrects another.

Three sides are told apart: inhabitants, members of organised groups (who come on top of the population and all fight),
and the state's forces. The first two are counted together unless a definition says otherwise, since who counts the dead
of a street does not know where they were from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.case.statements import statements
from groundswell.observe.reading import Reading

LEAST_PEOPLE = 10  # smallest count told of a place: no output about a person, household or minority


@dataclass(frozen=True)
class Counted:
    """A definition of a count: in words, and the variables by place whose sum it is, less those of `less`."""

    words: str
    of: tuple[str, ...]
    less: tuple[str, ...] = ()

    def flow(self, reading: Reading) -> np.ndarray:
        """(T, P) people by step and place."""
        flow: np.ndarray = np.sum([reading.series(name) for name in self.of], axis=0)
        return flow - np.sum([reading.series(name) for name in self.less], axis=0) if self.less else flow


COUNTED: Mapping[str, Counted] = {
    "dead": Counted("people killed who are not of the forces", ("dead", "outsiders_dead")),
    "dead_peaceful": Counted("people killed while peaceful", ("dead",), ("dead_fighting",)),
    "dead_fighting": Counted(
        "people killed while fighting who are not of the forces", ("dead_fighting", "outsiders_dead")
    ),
    "security_dead": Counted("members of the state's forces killed", ("security_dead",)),
    "dead_all": Counted("people killed, all sides", ("dead", "outsiders_dead", "security_dead")),
    "injured": Counted("people injured who are not of the forces", ("injured", "outsiders_injured")),
    "injured_peaceful": Counted("people injured while peaceful", ("injured",), ("injured_fighting",)),
    "injured_fighting": Counted(
        "people injured while fighting who are not of the forces", ("injured_fighting", "outsiders_injured")
    ),
    "security_injured": Counted("members of the state's forces injured", ("security_injured",)),
    "injured_all": Counted("people injured, all sides", ("injured", "outsiders_injured", "security_injured")),
    "arrested": Counted("people arrested on the street", ("arrested", "outsiders_arrested")),
    "taken": Counted("people taken from home", ("taken",)),
    "detained": Counted("people detained, on the street or from home", ("arrested", "outsiders_arrested", "taken")),
}


HARM = ("dead_all", "injured_all", "detained")
"""What is told of a run before anything else."""


def counted(reading: Reading, definition: str, places: np.ndarray | None = None, until_h: float | None = None) -> int:
    """People counted by a definition, in some places (P,) or all, up to an hour of the run or its end."""
    steps = reading.steps if until_h is None else reading.step_before(until_h)
    flow = COUNTED[definition].flow(reading)[:steps]
    return int((flow if places is None else flow[:, places]).sum())


def figures(reading: Reading) -> list[dict[str, Any]]:
    """The record's figures of harm, each beside the run's count of its own definition.

    `simulated` is None where the run ends before the figure's date.
    """
    out = []
    for row in statements(reading.world.case):
        if row.kind not in COUNTED or (row.low is None and row.high is None):
            continue
        places = reading.world.in_scope(row.scope)
        until = reading.world.hour_of(row.end_local, places)
        played = until <= reading.steps * reading.clock.step_h + 1e-9
        out.append(
            {
                "id": row.id, "text": row.text, "line": row.line, "statement": row.statement, "counted": row.kind,
                "definition": f"{COUNTED[row.kind].words}, until the date",
                "scope": ";".join(row.scope), "until": str(row.end_local),
                "until_h": until, "low": row.low, "high": row.high,
                "simulated": counted(reading, row.kind, places, until) if played else None,
            }
        )  # fmt: skip
    return out


def harm(reading: Reading) -> dict[str, Any]:
    """Harm of a whole run as plain data, the dead first.

    Of the dead and the injured the sides add up to the total; of the detained the ways, members of organised groups
    apart. by_region holds every count; by_place the dead, injured and detained of places, None for a count from 1 to 9;
    by_day the totals of each day from the run's first midnight.
    """
    r = reading
    held = r.total("held") + r.running("outsiders_arrested")  # members who were arrested are not let go

    def total(name: str) -> int:
        return int(r.series(name).sum())

    def by_side(definition: str) -> dict[str, int]:
        return {
            "total": counted(r, f"{definition}_all"), "inhabitants_peaceful": counted(r, f"{definition}_peaceful"),
            "inhabitants_fighting": total(f"{definition}_fighting"),
            "organised_groups": total(f"outsiders_{definition}"), "security": counted(r, f"security_{definition}"),
        }  # fmt: skip

    return {
        "dead": by_side("dead"),
        "injured": by_side("injured"),
        "detained": {
            "total": counted(r, "detained"), "on_the_street": total("arrested"), "from_home": total("taken"),
            "organised_groups": total("outsiders_arrested"),
            "held_at_the_end": int(held[-1]) if len(held) else 0, "held_at_most": int(held.max(initial=0)),
        },
        "security_disarmed": int(r.series("security_disarmed").sum()),
        "arms": _arms(r),
        "vehicles_lost": int(r.series("vehicles_lost").sum()),
        "buildings_burned": int(np.rint(r.series("burnt").sum())),
        "shops_looted": int(np.rint(r.series("looted").sum())),
        "cost_usd": float(r.series("spent_usd")[-1].sum()) if r.steps else 0.0,
        "network_cut": _network(r),
        "by_region": _by_region(r),
        "by_place": _by_place(r),
        "by_day": _by_day(r),
        "figures": figures(r),
    }  # fmt: skip


MAIN = ("dead", "security_dead", "injured", "security_injured", "detained")


def _arms(r: Reading) -> dict[str, Any]:
    """Firearms lost by the forces, and those in the crowd's hands at the most by where they came from."""
    out: dict[str, Any] = {"lost_by_forces": int(np.rint(r.series("arms_lost").sum()))}
    for origin in ("captured", "issued", "brought"):
        name = "arms_captured" if origin == "captured" else f"arms_{origin}_held"
        out[f"{origin}_held_at_most"] = int(np.rint(r.total(name).max(initial=0)))
    out["recovered"] = int(np.rint(r.total("arms_recovered").max(initial=0)))
    return out


def _network(r: Reading) -> dict[str, float]:
    """Days for which the mean inhabitant was cut off, and for which anybody was."""
    cut = r.series("cut") > 0
    people = r.world.people.astype(float)
    share = cut @ people / max(people.sum(), 1.0)
    days = r.clock.step_h / 24
    return {
        "days_of_mean_inhabitant": round(float(share.sum() * days), 3),
        "days_somewhere": round(float(cut.any(axis=1).sum() * days), 3),
    }


def _by_region(r: Reading) -> dict[str, dict[str, int]]:
    out = {}
    for i, region in enumerate(r.world.region_id):
        here = r.world.region == i
        row = {name: counted(r, name, here) for name in MAIN}
        row["shops_looted"] = int(np.rint(r.total("looted", here).sum()))
        row["buildings_burned"] = int(np.rint(r.total("burnt", here).sum()))
        if any(row.values()):
            out[region] = row
    return out


def _by_place(r: Reading) -> dict[str, dict[str, int | None]]:
    """Counts by place where any is told; None stands for 1 to 9."""
    table = np.stack([COUNTED[name].flow(r).sum(axis=0) for name in MAIN], axis=1).astype(int)
    shown = np.flatnonzero((table >= LEAST_PEOPLE).any(axis=1))
    return {
        r.world.place_id[i]: {
            name: None if 0 < n < LEAST_PEOPLE else int(n) for name, n in zip(MAIN, table[i].tolist(), strict=True)
        }
        for i in shown
    }


def _by_day(r: Reading) -> dict[str, list[int]]:
    days = int(r.days[-1]) + 1 if r.steps else 0
    out = {}
    for name in MAIN:
        out[name] = np.bincount(r.days, COUNTED[name].flow(r).sum(axis=1), days).astype(int).tolist()
    for key, name in (("shops_looted", "looted"), ("buildings_burned", "burnt")):
        out[key] = np.rint(np.bincount(r.days, r.total(name), days)).astype(int).tolist()
    return out
