"""What `groundswell ask` looks at: one number of a run made of an observable inside a window and a scope; harm first.

Forms: `number` (people, hours of people, shops: means are compared), `hour` (hours since the start; what never happens
counts as the end of the window, and how often that was is told beside it), `yes` (0 or 1: shares of runs are compared).
Harm counts all sides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from groundswell.engine.observable import at_last, at_most
from groundswell.observe.endings import ORDER, UNDECIDED
from groundswell.observe.harm import COUNTED, HARM
from groundswell.observe.reading import Reading
from groundswell.observe.registry import OBSERVABLES, Live, of_mechanisms
from groundswell.observe.window import Window

ENDINGS = (*ORDER, UNDECIDED)
RENAMED: Mapping[str, str] = {
    "dead": "dead_all (of all sides; dead is those who are not of the forces, as in a record)",
    "injured": "injured_all (of all sides; injured is those who are not of the forces, as in a record)",
    "dead_security": "security_dead",
    "injured_security": "security_injured",
    "spread": "spread_hours (spread is a number of regions, as in a record)",
    "site_hours": "sites_lost_hours (site_hours is hours with so many sites lost, as in a record)",
    "looting_share": "looting_here (looting_share is of all that is attacked, as in a record)",
}
"""Names that outcomes had before, where the word meant something else -> the name now."""


@dataclass(frozen=True)
class Outcome:
    """An outcome: what it is in words, its unit, its form, and its value in a window; nan: cannot be said.

    lasts: a number of hours from one event to another, which is not counted from the start of the run.
    """

    words: str
    unit: str
    form: str
    value: Callable[[Window], float]
    lasts: bool = False


def _most(name: str, words: str = "") -> Outcome:
    """The observable at its highest in the window."""
    o = OBSERVABLES[name]
    return Outcome(words or o.words, o.unit, "number", o.highest)


def _hours(name: str, words: str, unit: str = "person-hours") -> Outcome:
    """Hours of what is counted, summed over the window."""
    o = OBSERVABLES[name]
    return Outcome(words, unit, "number", lambda x: float(o.course(x).sum()) * x.step_h)


def _when(name: str, words: str = "", when: Callable[[np.ndarray, float], float] | None = None) -> Outcome:
    """The hour at which it is so, first unless the observable or `when` says otherwise."""
    o = OBSERVABLES[name]
    return Outcome(words or o.words, "h", "hour", lambda x: x.hour(o.steps(x, when)))


def _hour(name: str, lasts: bool = False) -> Outcome:
    """An observable that is an hour itself."""
    o = OBSERVABLES[name]
    return Outcome(o.words, o.unit, "hour", o.highest, lasts)


def _yes(name: str) -> Outcome:
    """Whether it is ever so."""
    o = OBSERVABLES[name]

    def value(x: Window) -> float:
        highest = o.highest(x)
        return np.nan if np.isnan(highest) else float(highest >= o.limit(x))

    return Outcome(o.words, "share of runs", "yes", value)


def _of_mechanisms() -> dict[str, Outcome]:
    """What mechanisms show, each by its kind: whether it is so, the hour, or the value at its highest."""
    by_kind = {"yes": _yes, "hour": _when}
    return {name: by_kind.get(o.kind, _most)(name) for name, o in of_mechanisms().items()}


def _harm(definition: str) -> Outcome:
    """People counted by a definition of `observe.harm`, within the window."""

    def value(x: Window) -> float:
        return float((x.harm(definition)[x.first : x.last] @ x.inside).sum())

    return Outcome(COUNTED[definition].words, "people", "number", value)


OUTCOMES: Mapping[str, Outcome] = Live({
    **{
        name: _harm(name)
        for name in (
            *HARM,
            "dead_peaceful",
            "dead_fighting",
            "security_dead",
            "injured_peaceful",
            "injured_fighting",
            "security_injured",
            "arrested",
            "taken",
        )
    },
    "peak": _most("crowd", "most people on the street at one time"),
    "peak_hour": _when("crowd", "hour with most people on the street", at_most),
    "person_hours": _hours("crowd", "hours of people on the street"),
    "came_out": _most("came_out"),
    "places_out": _most("places", "places with a crowd of 50"),
    "regions_out": _most("regions", "regions with a crowd of 50 in a place"),
    "first_crowd": _when("onset", "first crowd of 50 in a place"),
    "last_crowd": _when("onset", "last crowd of 50 in a place", at_last),
    "spread_hours": _hour("spread_hours", lasts=True),
    "fighting_hours": _hours("fighting", "hours of inhabitants who fight"),
    "fighting_part": _most("fighting_part"),
    "fighting_share": _most("fighting_share"),
    "group_hours": _hours("group", "hours of members of organised groups who are out"),
    "first_clash": _when("clash", "first hour in which 50 fight in a place"),
    "last_clash": _when("last_clash"),
    "clash_towns": _most("clash", "towns where 50 fight in a place"),
    "sites_lost": _most("site", "most sites in the crowd's hands at one time"),
    "sites_lost_hours": _hours("site", "hours of sites in the crowd's hands", "site-hours"),
    "first_site_lost": _when("site", "first site in the crowd's hands"),
    "last_site_lost": _when("site", "last hour with a site in the crowd's hands", at_last),
    "council": _yes("council"),
    "council_hours": _hours("councils", "hours of councils of the crowd", "council-hours"),
    "passive": _hours("passive_people", "hours of people of the forces who do nothing, for any cause"),
    "refusing": _hours("refusing_people", "hours of people of the forces who refuse"),
    "arms": _most("arms", "most firearms in the crowd's hands at one time"),
    "shops_looted": _most("looting", "shops looted"),
    "looting_here": _most("looting_here"),
    "strikes": _most("strikes"),
    "strike_days": _most("strike_days"),
    "first_strike": _when("strike", "first hour with a strike"),
    "last_strike": _when("strike", "last hour with a strike", at_last),
    "political_hour": _when("political"),
    "trust": _most("trust"),
    "consent": _most("consent"),
    "belief": _most("belief"),
    "faction_breaks": _yes("faction_breaks"),
    "patron_removed": _yes("patron_removed"),
    "ending": _yes("ending"),
    "calm_since": _hour("calm_since"),
    "relapse": _yes("relapse"),
    "demolitions": _most("demolitions"),
    "allied_hour": _when("allied", "first allied troops"),
    "appeal_lag": _hour("appeal_lag", lasts=True),
    "cost": _most("cost"),
    "rate_prices": _most("rate_prices"),
    "food_short": _most("food_short"),
    "cash_short": _most("cash_short"),
    "fuel_short": _most("fuel_short"),
    "fuel_short_eve": _most("fuel_short_eve"),
    "clearing_price": _most("clearing_price"),
    "clearing_price_eve": _most("clearing_price_eve"),
    "foreign_detained": _most("foreigners"),
    "foreign_shown": _most("foreign_shown"),
}, _of_mechanisms)  # fmt: skip
"""Name -> outcome."""


@dataclass(frozen=True)
class Asked:
    """An outcome as it is asked for: its name, in which places, between which local times, and which endings count.

    Blank times: from the start, to the end of the run.
    """

    name: str
    scope: tuple[str, ...] = ("*",)
    start: str = ""
    end: str = ""
    endings: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The outcome itself."""
        return OUTCOMES[self.name]

    @property
    def words(self) -> str:
        """In words, with its scope and window."""
        text = self.outcome.words
        if self.endings:
            text += f" {' or '.join(self.endings)}"
        if self.scope != ("*",):
            text += f", in {', '.join(self.scope)}"
        if self.start:
            text += f", from {self.start.replace('T', ' ')}"
        return text + (f", until {self.end.replace('T', ' ')}" if self.end else "")

    def value(self, reading: Reading) -> float:
        """The outcome of a run; inf: never (hours), nan: cannot be said.

        Raises:
            ValueError: where the window begins after the run has ended.
        """
        w = reading.world
        places = w.in_scope(self.scope)
        start, stop = 0, reading.steps
        if self.start:
            start = int(np.ceil(w.hour_of(self.start, places) / reading.clock.step_h - 1e-9))
        if self.end:
            stop = reading.step_before(w.hour_of(self.end, places))
        if stop <= start:
            raise ValueError(f"{self.name}: given the steps {start} to {stop} of {reading.steps}; allowed: at least 1")
        sites = w.sites_in_scope(self.scope)
        return self.outcome.value(Window(reading, places, sites, start, stop, endings=self.endings))

    def limit(self, reading: Reading) -> float:
        """Hours as which "never" counts: the end of the window; for a length, the length of the window."""
        w = reading.world
        places = w.in_scope(self.scope)
        end = reading.steps * reading.clock.step_h
        end = min(end, w.hour_of(self.end, places)) if self.end else end
        return end - (w.hour_of(self.start, places) if self.outcome.lasts and self.start else 0.0)


HARM_ASKED: Sequence[Asked] = tuple(Asked(name) for name in HARM)
