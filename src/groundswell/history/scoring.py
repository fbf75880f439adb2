"""The texts' dated statements beside a run: met, not met, or not scored.

A row is met if what the run has lies between its `low` and `high`; where they are blank, between the limits below.
What is looked at, in the places of the row's scope and inside its window:

| kind | what the run has | unit of low and high | where blank |
|---|---|---|---|
| onset | hour of the first crowd of 50 | | inside the window |
| crowd | largest number of people on the street at one time | people | both are given |
| spread | regions with a picket of 20 or more at one time | regions | from 1 |
| strike | enterprises on strike at any time | enterprises | from 1 |
| clash | towns where 50 people or more fight in one place | towns | from 1 |
| passivity | largest share of the force there that does nothing, whatever the cause | percent | from 50 |
| looting | shops looted | shops | from 10 |
| site | sites in the crowd's hands at one time, at most; a scope may name sites | sites | from 1 |
| arms | firearms in the crowd's hands at one time, at most | firearms | from 1 |
| live_fire | people killed by shots of the forces, on order or not | people | from 1 |
| dead, other harm | people by the definition of that name in `harm`, until the end of the window | people | from 1 |
| arrival | allied troops in the scope at one time, at most | people | from 1 |
| order | people of the force who stand by on order at one time, at most | people | from 1 |
| calm | most people on the street at one time | people | up to 499 |

`news`, `measure` and `other` are not scored: what somebody said or felt has no counterpart in the model, and measures
are its input. Nor is a row of the set "context", or one whose window the run does not reach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.history.harm import COUNTED, counted
from groundswell.history.observables import onset_hour
from groundswell.history.phases import LIMITS, PASSIVE, clashes
from groundswell.history.reading import Reading

PICKET_PEOPLE = 20  # smallest picket that a text would mention (assumed)
PASSIVE_PERCENT = 50.0  # "passive": from half of the force on (assumed)
CALM_PEOPLE = 499.0  # under 500, as the ending defines calm


@dataclass(frozen=True)
class Window:
    """A row's places (P,) and sites (S,), and its steps from `first` up to and without `last`; it ends at `end_h`."""

    reading: Reading
    places: np.ndarray
    sites: np.ndarray
    first: int
    last: int
    end_h: float

    def of(self, name: str) -> np.ndarray:
        """(T, n) a variable by place inside the window and the scope."""
        return self.reading.series(name)[self.first : self.last, self.places]

    def most(self, *names: str) -> float:
        """Largest sum over the scope at one time of some variables by place."""
        return float(np.sum([self.of(name) for name in names], axis=0).sum(axis=1).max())


@dataclass(frozen=True)
class Rule:
    """How a kind is scored: a number of the run, the words for it, and the limits that hold where a row has none."""

    number: Callable[[Window], float]
    words: str
    low: float = 1.0
    high: float = np.inf


def _regions(x: Window) -> float:
    w = x.reading.world
    inside = x.reading.series("on_street")[x.first : x.last]
    in_region = [x.places & (w.region == r) for r in np.unique(w.region[x.places])]
    return float(sum(int(inside[:, here].sum(axis=1).max()) >= PICKET_PEOPLE for here in in_region))


def _strikes(x: Window) -> float:
    here = x.places[x.reading.world.place_of_enterprise]
    return float((x.reading.series("striking")[x.first : x.last][:, here] > 0).any(axis=0).sum())


def _clashes(x: Window) -> float:
    there = clashes(x.reading, LIMITS)[x.first : x.last].any(axis=0) & x.places
    return float(len(np.unique(x.reading.world.town[there])))


def _passive(x: Window) -> float:
    """Percent of the force of the scope that does nothing, in the hour when it is most."""
    still = np.sum([x.of(f"passive_{cause}") for cause in PASSIVE], axis=0).sum(axis=1)
    spots = x.places[x.reading.spot_place]
    obeys = x.reading.series("force")[x.first : x.last][:, spots].sum(axis=1)
    return float(100.0 * np.max(still / np.maximum(still + obeys, 1.0)))


def _sites(x: Window) -> float:
    held = x.reading.series("site_held")[x.first : x.last][:, x.sites]
    return float((held < 0.5).sum(axis=1).max())


def _live_fire(x: Window) -> float:
    return float(COUNTED["dead"].flow(x.reading)[x.first : x.last, x.places].sum())


def _allied(x: Window) -> float:
    units = x.places[x.reading.world.units.place]
    return float(x.reading.series("allied_people")[x.first : x.last][:, units].sum(axis=1).max())


def _standing_by(x: Window) -> float:
    r = x.reading
    at = r.series("unit_place")[x.first : x.last].astype(int)
    waits = r.standing_by[x.first : x.last] & x.places[at]
    return float((r.series("unit_people")[x.first : x.last] * waits).sum(axis=1).max())


def _harm(definition: str) -> Callable[[Window], float]:
    return lambda x: float(counted(x.reading, definition, x.places, x.end_h))


RULES: dict[str, Rule] = {
    "crowd": Rule(lambda x: x.most("on_street"), "{:,.0f} people", 0.0),
    "spread": Rule(_regions, "{:.0f} of {regions} regions", 0.0),
    "strike": Rule(_strikes, "{:.0f} of {enterprises} enterprises"),
    "clash": Rule(_clashes, "clashes in {:.0f} of {towns} towns"),
    "passivity": Rule(_passive, "{:.0f} percent of the force passive", PASSIVE_PERCENT),
    "looting": Rule(lambda x: float(np.rint(x.of("looted").sum())), "{:,.0f} shops", float(LIMITS.shops)),
    "site": Rule(_sites, "{:.0f} of {sites} sites in the crowd's hands"),
    "arms": Rule(
        lambda x: x.most("arms_captured", "arms_issued_held", "arms_brought_held"), "{:,.0f} firearms in its hands"
    ),
    "live_fire": Rule(_live_fire, "{:,.0f} killed"),
    "arrival": Rule(_allied, "{:,.0f} allied troops"),
    "order": Rule(_standing_by, "{:,.0f} of the force stand by"),
    "calm": Rule(lambda x: x.most("on_street"), "at most {:,.0f} people", 0.0, CALM_PEOPLE),
    **{name: Rule(_harm(name), "{:,.0f} people") for name in COUNTED},
}
"""Kind of a row -> how it is scored; an onset is scored by its hour."""


def score_chronology(reading: Reading) -> list[dict[str, Any]]:
    """Each dated statement of the case's chronology beside the run, see the module.

    result: "met", "not met" or "not scored"; value: what the run has, in words; number: the same as a number.
    """
    return [_scored(reading, row) for row in reading.world.case.tables["chronology"].rows]


def _scored(r: Reading, row: Any) -> dict[str, Any]:
    places = r.world.in_scope(row.scope)
    start, end = (r.world.hour_of(x, places) for x in (row.start_local, row.end_local))
    item: dict[str, Any] = {
        "id": row.id, "text": row.text, "line": row.line, "scope": ";".join(row.scope), "statement": row.statement,
        "set": row.set, "kind": row.kind, "window": (row.start_local, row.end_local), "start_h": start,
        "end_h": end, "result": "not scored", "value": "", "number": None,
    }  # fmt: skip
    first = max(0, int(np.ceil(start / r.clock.step_h)))
    last = min(r.steps, int(np.floor(end / r.clock.step_h)))
    if row.set == "context" or last <= first or not places.any():
        return item
    sites = r.world.sites_in_scope(row.scope)
    window = Window(r, places, sites, first, last, end)
    if row.kind == "onset":
        return item | _onset(window)
    if row.kind in COUNTED and end > r.steps * r.clock.step_h + 1e-9:
        return item  # the figure's date lies beyond the run
    rule = RULES.get(row.kind)
    if rule is None:
        return item
    number = rule.number(window)
    low, high = (rule.low if row.low is None else row.low), (rule.high if row.high is None else row.high)
    if row.low is None and row.high is not None:
        low = min(low, high)  # "none": a row with 0 as its high alone
    totals = {
        "regions": len(np.unique(r.world.region[places])), "towns": len(np.unique(r.world.town[places])),
        "enterprises": int(places[r.world.place_of_enterprise].sum()), "sites": int(sites.sum()),
    }  # fmt: skip
    met = "met" if low <= number <= high else "not met"
    return item | {"number": number, "value": rule.words.format(number, **totals), "result": met}


def _onset(x: Window) -> dict[str, Any]:
    r = x.reading
    hours = onset_hour(r.series("on_street")[:, x.places])
    if np.isnan(hours).all():
        return {"value": "no crowd", "result": "not met"}
    hour = float(np.nanmin(hours))
    met = "met" if x.first < hour <= x.last else "not met"
    return {"number": hour * r.clock.step_h, "value": r.local(hour - 1, x.places), "result": met}
