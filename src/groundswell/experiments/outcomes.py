"""What an experiment looks at: one number of a run, inside a window and a scope; harm first.

Forms: `number` (people, hours of people, shops: means are compared), `hour` (hours since the start; what never happens
counts as the end of the window, and how often that was is told beside it), `yes` (0 or 1: shares of runs are compared).
Harm counts all sides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from groundswell.engine.rates import DEMANDS
from groundswell.experiments.view import View
from groundswell.history.endings import ORDER, UNDECIDED
from groundswell.history.observables import ONSET_PEOPLE, strike_count
from groundswell.history.phases import LIMITS, PASSIVE
from groundswell.history.reading import Reading

ENDINGS = (*ORDER, UNDECIDED)
ARMS = ("arms_captured", "arms_issued_held", "arms_brought_held")
POLITICAL = ("cabinet", "patron", "system")
LENGTHS = ("spread", "appeal_lag")  # hours that are not counted from the start
HARM = ("dead", "injured", "detained")
"""What every experiment reports before anything else."""


@dataclass(frozen=True)
class Outcome:
    """An outcome: what it is in words, its unit, its form, and its value in a view; nan: cannot be said."""

    words: str
    unit: str
    form: str
    value: Callable[[View], float]


def _people(words: str, value: Callable[[View], float], unit: str = "people") -> Outcome:
    return Outcome(words, unit, "number", value)


def _hour(words: str, condition: Callable[[View], np.ndarray], last: bool = False) -> Outcome:
    return Outcome(words, "h", "hour", lambda v: v.when(condition(v), last))


def _yes(words: str, value: Callable[[View], bool]) -> Outcome:
    return Outcome(words, "share of runs", "yes", lambda v: float(value(v)))


def _hours_of(name: str) -> Callable[[View], float]:
    return lambda v: float(v.here(name).sum()) * v.dt


def _sum(name: str) -> Callable[[View], float]:
    return lambda v: float(v.here(name).sum())


def _share(part: Callable[[View], float], whole: Callable[[View], float]) -> Callable[[View], float]:
    def value(v: View) -> float:
        all_of_it = whole(v)
        return part(v) / all_of_it if all_of_it > 0 else np.nan

    return value


def _everywhere(value: Callable[[View], float]) -> Callable[[View], float]:
    """The same over every place, whatever the scope."""
    return lambda v: value(View(v.reading, np.ones_like(v.places), v.sites, v.start, v.stop))


def _clash(v: View) -> np.ndarray:
    """(T,) whether 50 people fight in a place of the scope."""
    return np.any(v.here("fighting") >= LIMITS.clash_people, axis=1)


def _clash_towns(v: View) -> float:
    there = (v.of("fighting") >= LIMITS.clash_people).any(axis=0) & v.places
    return float(len(np.unique(v.reading.world.town[there])))


def _lost(v: View) -> np.ndarray:
    """(T,) sites of the scope in the crowd's hands."""
    return (v.of("site_held")[:, v.sites] < 0.5).sum(axis=1)


def _political(v: View) -> np.ndarray:
    """(T,) people of the scope on the street who hold a political demand, at least: the commonest of them."""
    held = v.of("demands_held")[:, v.places][:, :, [DEMANDS.index(d) for d in POLITICAL]]
    return held.sum(axis=1).max(axis=1)


def _turned(v: View) -> np.ndarray:
    out = v.here("on_street").sum(axis=1)
    return (out >= ONSET_PEOPLE) & (_political(v) >= out / 2)


def _longest(on: np.ndarray) -> int:
    """Most steps in a row at which a condition (T, n) holds in one column."""
    run, most = np.zeros(on.shape[1], int), 0
    for row in on:
        run = (run + 1) * row
        most = max(most, int(run.max(initial=0)))
    return most


def _strike_days(v: View) -> float:
    w = v.reading.world
    mine = v.places[w.place_of_enterprise]
    people = w.enterprise("workforce_people").astype(float)[mine] * w.cells.people_scale
    return float((v.enterprises @ people).sum()) * v.dt / 24.0


def _others(v: View, name: str) -> np.ndarray:
    """(T, F - 1) a variable by faction, of the factions other than the president's at the start."""
    mine = int(v.reading.series("presidency")[0])
    return np.delete(v.of(name), mine, axis=1)


def _crowds(v: View) -> np.ndarray:
    """(T,) regions of the scope where a place has a crowd of 50."""
    w, there = v.reading.world, (v.of("on_street") >= ONSET_PEOPLE) & v.places
    return np.stack([there[:, w.region == r].any(axis=1) for r in range(len(w.region_id))], axis=1)


def _spread(v: View) -> float:
    """Hours from the first region's first crowd to the fifth's; inf: fewer than five."""
    starts = sorted(v.when(column) for column in _crowds(v).T)
    return starts[4] - starts[0] if len(starts) > 4 and np.isfinite(starts[4]) else np.inf


def _of_adults(name: str) -> Callable[[View], float]:
    def value(v: View) -> float:
        return float(np.average(v.here(name).mean(axis=0), weights=np.maximum(v.reading.world.adults[v.places], 1)))

    return value


def _short(name: str) -> Callable[[View], float]:
    def value(v: View) -> float:
        people = v.reading.world.people[v.places].astype(float)
        return float((v.here(name) @ people).sum() / max(people.sum(), 1.0)) * v.dt / 24.0

    return value


def _of_users(name: str) -> Callable[[View], float]:
    """Mean over the window and the users of the spark item in the scope; nan: no users, or no market."""

    def value(v: View) -> float:
        users = v.reading.world.market.users[v.places]
        return float(np.average(v.here(name).mean(axis=0), weights=users)) if users.any() else np.nan

    return value


def _calm_since(v: View) -> float:
    since = v.ending.calm_since_h
    return np.inf if since is None else since


def _appeal_lag(v: View) -> float:
    """Hours from the appeal to the hour that begins with allied troops; inf: they never come, nan: no appeal."""
    asked = v.of("asked")[-1]
    return float(v.when(v.of("allied_people").sum(axis=1) > 0) - v.dt - asked)


def _looted(v: View) -> float:
    return float(np.rint(v.here("looted").sum()))


OUTCOMES: Mapping[str, Outcome] = {
    "dead": _people("people killed, all sides", lambda v: v.flow("dead", "security_dead")),
    "injured": _people("people injured, all sides", lambda v: v.flow("injured", "security_injured")),
    "detained": _people("people detained, on the street or from home", lambda v: v.flow("detained")),
    "dead_peaceful": _people("people killed while peaceful", lambda v: v.flow("dead_peaceful")),
    "dead_fighting": _people("people killed while fighting, not of the forces", lambda v: v.flow("dead_fighting")),
    "dead_security": _people("members of the forces killed", lambda v: v.flow("security_dead")),
    "injured_security": _people("members of the forces injured", lambda v: v.flow("security_injured")),
    "peak": _people("most people on the street at one time", lambda v: float(v.here("on_street").sum(axis=1).max())),
    "peak_hour": _hour("hour with most people on the street", lambda v: _at_most(v.here("on_street").sum(axis=1))),
    "person_hours": _people("hours of people on the street", _hours_of("on_street"), "person-hours"),
    "came_out": _people("times that somebody comes out", _sum("joined"), "times"),
    "places_out": _people(
        "places with a crowd of 50", lambda v: float((v.here("on_street") >= ONSET_PEOPLE).any(axis=0).sum()), "places"
    ),
    "regions_out": _people(
        "regions with a crowd of 50 in a place", lambda v: float(_crowds(v).any(axis=0).sum()), "regions"
    ),
    "first_crowd": _hour("first crowd of 50 in a place", lambda v: np.any(_crowds(v), axis=1)),
    "last_crowd": _hour("last crowd of 50 in a place", lambda v: np.any(_crowds(v), axis=1), last=True),
    "spread": Outcome("hours from the first region's crowd to the fifth's", "h", "hour", _spread),
    "fighting_hours": _people("hours of inhabitants who fight", _hours_of("fighting"), "person-hours"),
    "fighting_part": Outcome(
        "share of the time on the street that is fought", "share", "number",
        _share(_hours_of("fighting"), _hours_of("on_street")),
    ),
    "fighting_share": Outcome(
        "the scope's share of all fighting by inhabitants", "share", "number",
        _share(_hours_of("fighting"), _everywhere(_hours_of("fighting"))),
    ),
    "group_hours": _people(
        "hours of members of organised groups who are out",
        lambda v: float(v.of("outsiders")[:, v.places[v.reading.spot_place]].sum()) * v.dt, "person-hours",
    ),
    "first_clash": _hour("first hour in which 50 fight in a place", _clash),
    "last_clash": _hour("last hour in which 50 fight in a place", _clash, last=True),
    "clash_towns": _people("towns where 50 fight in a place", _clash_towns, "towns"),
    "sites_lost": _people("most sites in the crowd's hands at one time", lambda v: float(_lost(v).max()), "sites"),
    "site_hours": _people("hours of sites in the crowd's hands", lambda v: float(_lost(v).sum()) * v.dt, "site-hours"),
    "first_site_lost": _hour("first site in the crowd's hands", lambda v: _lost(v) > 0),
    "last_site_lost": _hour("last hour with a site in the crowd's hands", lambda v: _lost(v) > 0, last=True),
    "council": _yes("a council of the crowd lasts a day", lambda v: _longest(v.here("council") > 0) * v.dt >= 24.0),
    "council_hours": _people("hours of councils of the crowd", _hours_of("council"), "council-hours"),
    "passive": _people(
        "hours of people of the forces who do nothing, for any cause",
        lambda v: sum(_hours_of(f"passive_{cause}")(v) for cause in PASSIVE), "person-hours",
    ),
    "refusing": _people(
        "hours of people of the forces who refuse",
        lambda v: float((v.units("unit_people") * (v.of("refusal") > 0)).sum()) * v.dt, "person-hours",
    ),
    "arms": _people(
        "most firearms in the crowd's hands at one time",
        lambda v: float(np.sum([v.here(k).sum(axis=1) for k in ARMS], axis=0).max()), "firearms",
    ),
    "shops_looted": _people("shops looted", _looted, "shops"),
    "looting_share": Outcome(
        "the scope's share of looted shops", "share", "number", _share(_looted, _everywhere(_looted))
    ),
    "strikes": _people("strikes begun", lambda v: float(strike_count(v.enterprises)), "strikes"),
    "strike_days": _people("days of work on strike", _strike_days, "person-days"),
    "first_strike": _hour("first hour with a strike", lambda v: np.any(v.enterprises > 0, axis=1)),
    "last_strike": _hour("last hour with a strike", lambda v: np.any(v.enterprises > 0, axis=1), last=True),
    "political_hour": _hour("half of those on the street hold one political demand", _turned),
    "trust": Outcome("mean share of an offer that is believed", "share", "number", _of_adults("trust_mean")),
    "consent": Outcome(
        "mean share of people who consent to the use of force", "share", "number", _of_adults("consent")
    ),
    "belief": Outcome(
        "lowest belief of the other factions that the president survives", "share", "number",
        lambda v: float(_others(v, "belief").mean(axis=1).min()),
    ),
    "faction_breaks": _yes(
        "a faction other than the president's waits or moves", lambda v: bool((_others(v, "stance") > 0).any())
    ),
    "patron_removed": _yes("the patron loses his post", lambda v: bool((v.of("patron_removed") > 0).any())),
    "ending": _yes("the run ends as", lambda v: v.ending.ending in v.endings),
    "calm_since": Outcome("hour since which there is calm to the end", "h", "hour", _calm_since),
    "relapse": _yes("a large crowd comes back within 90 days", lambda v: v.ending.relapse == "yes"),
    "demolitions": _people(
        "attempts to clear houses built without a permit", lambda v: float(v.here("demolitions").sum()), "attempts"
    ),
    "allied_hour": _hour("first allied troops", lambda v: v.of("allied_people").sum(axis=1) > 0),
    "appeal_lag": Outcome("hours from the appeal to the first allied troops", "h", "hour", _appeal_lag),
    "cost": Outcome(
        "cost to the treasury", "USD", "number", lambda v: float(v.reading.series("spent_usd")[v.stop - 1].sum())
    ),
    "rate_prices": Outcome(
        "largest rise of consumer prices by the exchange rate", "log", "number",
        lambda v: float(v.of("rate_prices").max()),
    ),
    "food_short": Outcome("days of empty shops of the mean inhabitant", "days", "number", _short("food_short")),
    "cash_short": Outcome("days without cash of the mean inhabitant", "days", "number", _short("cash_short")),
    "fuel_short": Outcome(
        "mean share of the spark item's demand that cannot be met", "share", "number", _of_users("fuel_short")
    ),
    "fuel_short_eve": Outcome(
        "share of the spark item's demand that cannot be met, just before the start", "share", "number",
        _of_users("fuel_short_eve"),
    ),
    "clearing_price": Outcome(
        "mean price at which the spark item's supply would meet demand", "money/unit", "number",
        _of_users("clearing_price"),
    ),
    "clearing_price_eve": Outcome(
        "price at which the spark item's supply would meet demand, just before the start", "money/unit", "number",
        _of_users("clearing_price_eve"),
    ),
    "foreign_detained": _people("foreigners among the detained", lambda v: float(v.of("true_foreign").sum())),
    "foreign_shown": Outcome(
        "share of the detained who are shown as foreigners", "share", "number",
        _share(
            lambda v: float(v.of("shown_foreign").sum()),
            lambda v: float(sum(v.of(f"shown_{k}").sum() for k in ("local", "elsewhere", "foreign"))),
        ),
    ),
}  # fmt: skip
"""Name -> outcome."""


def _at_most(series: np.ndarray) -> np.ndarray:
    """(T,) true at the first maximum; nowhere where nothing ever is."""
    return (np.arange(len(series)) == series.argmax()) & (series > 0)


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
        return self.outcome.value(View(reading, places, w.sites_in_scope(self.scope), start, stop, self.endings))

    def limit(self, reading: Reading) -> float:
        """Hours as which "never" counts: the end of the window; for a length, the length of the window."""
        w = reading.world
        places = w.in_scope(self.scope)
        end = reading.steps * reading.clock.step_h
        end = min(end, w.hour_of(self.end, places)) if self.end else end
        return end - (w.hour_of(self.start, places) if self.name in LENGTHS and self.start else 0.0)


HARM_ASKED: Sequence[Asked] = tuple(Asked(name) for name in HARM)
