"""The state of a run: one array for every declared variable, reached by its name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.engine.mechanism import Variable
from groundswell.engine.rates import HEADS, SIDES

if TYPE_CHECKING:
    from groundswell.world.world import World

# Sums that any mechanism may add to; emptied when a step begins.
SUMS = (
    Variable("urge", ("group",), "log-hazard", "sum of what moves a person to join"),
    Variable("own_grievance", ("group",), "log-hazard", "part of the urge that is one's own grievance"),
    Variable("cost", ("place",), "log-hazard", "sum of what keeps people of a place at home"),
    Variable("group_cost", ("group",), "log-hazard", "sum of what keeps people of a group at home"),
)
# What the engine takes (neutral unless a mechanism writes it) and what it gives back.
RATES = (
    Variable("join_hazard", ("group",), "1/h", "hazard of joining at frailty 1"),
    Variable("tie_factor", ("group",), "1", "factor on the tie hazards"),
    Variable("tie_beta", ("family",), "1/h", "tie hazard by household, work unit, neighbourhood"),
    Variable("leave_hazard", (), "1/h", "hazard of leaving in the first hour", 0.15),
    Variable("leave_growth", (), "1/h", "relative growth of the hazard of leaving"),
    Variable("leave_factor", ("place",), "1", "factor on leaving", 1.0),
    Variable("rest_h", (), "h", "rest after leaving", 8.0),
    Variable("hold_h", (), "h", "detention", 72.0),
    Variable("recover_h", (), "h", "off the street when injured", 168.0),
    Variable("disperse_hazard", ("place", "side"), "1/h", "hazard of being dispersed"),
    Variable("arrest_hazard", ("place", "side"), "1/h", "hazard of arrest on the street"),
    Variable("injury_hazard", ("place", "side"), "1/h", "hazard of being hit on the street"),
    Variable("lethality", ("place", "side"), "1", "share of those hit who die"),
    Variable("fight_hazard", ("place",), "1/h", "hazard of taking up fighting of an unorganised person on the street"),
    Variable("unorganised", ("group",), "1", "factor on taking up fighting: share not bound by an organisation", 1.0),
    Variable("calm_hazard", (), "1/h", "hazard of a fighting person to be peaceful again", 0.3),
    Variable("detain_known", ("place",), "people/h", "known organisers to be taken from home", dtype=int),
    Variable("detain_past", ("place",), "people/h", "people once on the street to be taken from home", dtype=int),
    Variable("dismissed", ("enterprise",), "people", "people dismissed this hour"),
    Variable("demand_innovation", ("demand",), "1/h", "hazard of taking up a demand alone"),
    Variable("demand_organised", ("demand",), "1", "1: organisation speeds this demand"),
    Variable("organised_factor", ("group",), "1", "factor of organisation on taking up demands", 1.0),
    Variable("demand_imitation", ("place", "demand"), "1/h", "hazard of taking up a demand from others"),
)
COUNTS = (
    Variable("on_street", ("place",), "people", "people on the street", keep="hour", dtype=int),
    Variable("on_street_group", ("group",), "people", "people on the street", dtype=int),
    Variable("fighting", ("place",), "people", "people on the street who fight", keep="hour", dtype=int),
    Variable("held", ("place",), "people", "people in detention", keep="hour", dtype=int),
    Variable("recovering", ("place",), "people", "people off the street with an injury", keep="hour", dtype=int),
    Variable("demand_people", ("place", "demand"), "people", "people on the street by demand", keep="hour", dtype=int),
    Variable("joined", ("place",), "people/h", "people who came out", keep="hour", dtype=int),
    Variable("joined_by_tie", ("place",), "people/h", "people who came out through a tie", keep="hour", dtype=int),
    Variable("left", ("place",), "people/h", "people who went home", keep="hour", dtype=int),
    Variable("dispersed", ("place",), "people/h", "people dispersed by force", keep="hour", dtype=int),
    Variable("arrested", ("place",), "people/h", "people arrested", keep="hour", dtype=int),
    Variable("injured", ("place",), "people/h", "people injured", keep="hour", dtype=int),
    Variable("dead_so_far", ("place",), "people", "people dead", dtype=int),
    Variable("dead", ("place",), "people/h", "people killed", keep="hour", dtype=int),
    Variable("took_up_fight", ("place",), "people/h", "people who took up fighting", keep="hour", dtype=int),
    Variable("dispersed_fighting", ("place",), "people/h", "fighting people dispersed", keep="hour", dtype=int),
    Variable("arrested_fighting", ("place",), "people/h", "fighting people arrested", keep="hour", dtype=int),
    Variable("injured_fighting", ("place",), "people/h", "fighting people injured", keep="hour", dtype=int),
    Variable("dead_fighting", ("place",), "people/h", "fighting people killed", keep="hour", dtype=int),
    Variable("taken", ("place",), "people/h", "people taken from home", keep="hour", dtype=int),
    Variable("detained_known", ("place",), "people", "known organisers taken or passed over so far", dtype=int),
    Variable("dismissed_so_far", ("enterprise",), "people", "people dismissed so far"),
)


def dimensions(w: World) -> dict[str, int]:
    """Length of every dimension that a variable may have in this world."""
    return {
        "place": w.places, "group": w.groups, "enterprise": w.enterprises, "livelihood": len(w.livelihood_id),
        "demand": len(w.demands.id), "issue": len(w.issues.id), "family": 3, "side": len(SIDES), "head": len(HEADS),
        "spot": w.spot_count, "unit": len(w.units.id),
        "faction": len(w.factions.id), "rung": len(w.ladder.id), "band": len(w.bands.id), "office": len(w.offices.id),
    }  # fmt: skip


class State:
    """Arrays by name, as attributes. `sizes` gives the length of every dimension; `step_h` the step in hours.

    hourly: what history keeps every hour, by type of number; spans: where in it each variable lies.
    """

    hourly: dict[type, np.ndarray]
    spans: dict[str, slice]

    def __init__(self, variables: Iterable[Variable], sizes: Mapping[str, int], step_h: float):
        self.variables = {v.name: v for v in (*SUMS, *RATES, *COUNTS, *variables)}
        self.sizes, self.step_h = dict(sizes), step_h
        self._lay_out()
        self._sums = [getattr(self, v.name) for v in SUMS]

    def _lay_out(self) -> None:
        """Make the arrays. Those kept every hour lie one after another, so that an hour is kept by two copies."""
        self.hourly, self.spans = {}, {}
        for kind in (int, float):
            kept = [v for v in self.variables.values() if v.keep == "hour" and v.dtype is kind]
            ends = np.cumsum([0, *(math.prod(self.sizes[d] for d in v.dims) for v in kept)]).tolist()
            self.hourly[kind] = np.empty(ends[-1], kind)
            self.spans.update({v.name: slice(a, b) for v, a, b in zip(kept, ends[:-1], ends[1:], strict=True)})
        for v in self.variables.values():
            shape = [self.sizes[d] for d in v.dims]
            array = self.hourly[v.dtype][self.spans[v.name]] if v.keep == "hour" else np.empty(shape, v.dtype)
            setattr(self, v.name, array.reshape(shape))
            getattr(self, v.name)[...] = v.initial

    def __getattr__(self, name: str) -> np.ndarray:
        known = self.__dict__.get("variables", {})
        raise AttributeError(f"no variable {name!r} in the state; there are: {', '.join(sorted(known))}")

    def __setattr__(self, name: str, value: Any) -> None:
        """Assigning to a variable fills its array, which the engine and others hold, and never replaces it."""
        present = self.__dict__.get(name)
        if isinstance(present, np.ndarray):
            if value is not present:
                present[...] = value
        else:
            object.__setattr__(self, name, value)

    def clear_sums(self) -> None:
        """Empty the open sums at the beginning of a step."""
        for total in self._sums:
            total[...] = 0.0

    def arrays(self) -> dict[str, np.ndarray]:
        """Every variable by name."""
        return {name: getattr(self, name) for name in self.variables}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Set every variable in place from `arrays`."""
        for name in self.variables:
            getattr(self, name)[...] = arrays[name]
