"""Observables of harm, of offices and measures, of allies, and of what people have and believe."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from groundswell.domains.state.detainees import KINDS as DETAINEES
from groundswell.engine.observable import Observable, Observables, at_first, ratio
from groundswell.observe.endings import ending_of
from groundswell.observe.harm import COUNTED
from groundswell.observe.reading import Reading
from groundswell.observe.streets import turnout_share
from groundswell.observe.window import Window

# -- harm


def _harmed(x: Window, definition: str) -> np.ndarray:
    """(T,) people counted from the start of the run on."""
    return np.cumsum(x.harm(definition)[: x.last] @ x.inside)[x.first :]


def _live_fire(x: Window) -> np.ndarray:
    return np.cumsum(x.harm("dead")[x.first : x.last] @ x.inside)


def _dead_share(x: Window) -> float:
    flow = x.harm("dead")[: x.last]
    return ratio(float((flow @ x.inside).sum()), float(flow.sum()))


def _dead_over_turnout(x: Window) -> float:
    return ratio(_dead_share(x), turnout_share(x))


def _shown(x: Window, kind: str) -> float:
    shown = {k: float(x.all(f"shown_{k}")[: x.last].sum()) for k in DETAINEES}
    return ratio(shown[kind], sum(shown[k] for k in DETAINEES if k != "record"))


def _foreign_shown(x: Window) -> float:
    """In the window alone."""
    shown = [float(x.of(f"shown_{k}").sum()) for k in DETAINEES if k != "record"]
    return ratio(float(x.of("shown_foreign").sum()), sum(shown))


# -- offices, measures and allies


def _begun(x: Window, kind: str) -> np.ndarray:
    """(T,) measures of a kind that have begun in the scope, by the end of each step."""
    by_kind: dict[str, list[Any]] = x.once("measures", lambda: _by_kind(x.reading))
    starts = [m.start_h for m in by_kind.get(kind, []) if (m.places & x.places).any()]
    ends = (np.arange(x.first, x.last) + 1) * x.step_h
    return np.searchsorted(np.sort(starts), ends, side="right")


def measures_begun(kind: str) -> Observable:
    """How many measures of a kind have begun in the scope."""
    return Observable(
        f"measures of the kind {kind} that have begun somewhere in the scope", "measures", "count",
        partial(_begun, kind=kind), 1, told="taken {:.0f} times",
    )  # fmt: skip


def _by_kind(reading: Reading) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for measure in reading.measures:
        found.setdefault(measure.kind, []).append(measure)
    return found


def _arrival(x: Window) -> np.ndarray:
    return x.of("allied_people") @ x.inside[x.reading.world.units.place]


def _allied(x: Window) -> np.ndarray:
    """(T,) whether there are allied troops anywhere, whatever the scope."""
    return np.asarray((x.of("allied_people") > 0).any(axis=1))


def _appeal_lag(x: Window) -> float:
    """inf: they never come, nan: no appeal."""
    return x.hour(at_first(_allied(x), 1)) - x.step_h - float(x.of("asked")[-1])


def _others(x: Window, name: str) -> np.ndarray:
    """(T, F - 1) a variable by faction, of the factions other than the president's at the start."""
    return np.delete(x.of(name), int(x.reading.series("presidency")[0]), axis=1)


def _calm_since(x: Window) -> float:
    since = ending_of(x.reading).calm_since_h
    return np.inf if since is None else since


# -- what people have and believe


def _of_adults(name: str) -> Callable[[Window], float]:
    """Mean over the window and the adults of the scope."""

    def value(x: Window) -> float:
        return float(np.average(x.here(name).mean(axis=0), weights=np.maximum(x.reading.world.adults[x.places], 1)))

    return value


def _short(name: str) -> Callable[[Window], float]:
    """Days of the mean inhabitant of the scope."""

    def value(x: Window) -> float:
        people = x.reading.world.people[x.places].astype(float)
        return float((x.here(name) @ people).sum() / max(people.sum(), 1.0)) * x.step_h / 24.0

    return value


def _of_users(name: str) -> Callable[[Window], float]:
    """Mean over the window and the users of the item at issue in the scope; nan: no users, or no market."""

    def value(x: Window) -> float:
        users = x.reading.world.market.users[x.places]
        return float(np.average(x.here(name).mean(axis=0), weights=users)) if users.any() else np.nan

    return value


OF_SHOWN = "{:.0%} of the detained shown"
OFFICES: Observables = {
    **{
        name: Observable(counted.words, "people", "count", partial(_harmed, definition=name), 1, told="{:,.0f} people")
        for name, counted in COUNTED.items()
    },
    "live_fire": Observable(
        "people killed by shots of the forces, on order or not, in the window", "people", "count", _live_fire, 1,
        told="{:,.0f} killed",
    ),
    "dead_share": Observable(
        "the dead there over all dead, from the start on", "share", "share", _dead_share, told="{:.0%} of the dead"
    ),
    "dead_over_turnout": Observable(
        "dead_share over turnout_share", "times", "count", _dead_over_turnout, told="{:.2g} times"
    ),
    **{
        f"detained_{kind}": Observable(
            f"of the detained that the state shows, in the whole country, those who are {words}", "share", "share",
            partial(_shown, kind=kind), told=OF_SHOWN,
        ) for kind, words in (("elsewhere", "from elsewhere"), ("foreign", "foreign"), ("record", "of a police record"))
    },
    "foreigners": Observable(
        "foreigners among the detained", "people", "count", lambda x: float(x.of("true_foreign").sum())
    ),
    "foreign_shown": Observable(
        "share of the detained who are shown as foreigners", "share", "share", _foreign_shown
    ),
    "arrival": Observable("allied troops", "people", "count", _arrival, 1, told="{:,.0f} allied troops"),
    "allied": Observable("allied troops are somewhere in the country", "", "yes", _allied, 1),
    "appeal_lag": Observable("hours from the appeal to the first allied troops", "h", "hour", _appeal_lag),
    "patron_removed": Observable(
        "the patron loses his post", "", "yes", lambda x: x.of("patron_removed"), 1, told="removed"
    ),
    "faction_breaks": Observable(
        "a faction other than the president's waits or moves", "", "yes",
        lambda x: np.asarray((_others(x, "stance") > 0).any(axis=1)), 1,
    ),
    "belief": Observable(
        "lowest belief of the other factions that the president survives", "share", "share",
        lambda x: float(_others(x, "belief").mean(axis=1).min()),
    ),
    "ending": Observable(
        "the run ends as", "", "yes", lambda x: float(ending_of(x.reading).ending in x.endings), 1
    ),
    "calm_since": Observable("hour since which there is calm to the end", "h", "hour", _calm_since),
    "relapse": Observable(
        "a large crowd comes back within 90 days", "", "yes",
        lambda x: float(ending_of(x.reading).relapse == "yes"), 1,
    ),
    "cost": Observable("cost to the treasury", "USD", "count", lambda x: float(x.of("spent_usd")[-1].sum())),
    "rate_prices": Observable(
        "largest rise of consumer prices by the exchange rate", "log", "count", lambda x: x.of("rate_prices")
    ),
    "trust": Observable("mean share of an offer that is believed", "share", "share", _of_adults("trust_mean")),
    "consent": Observable(
        "mean share of people who consent to the use of force", "share", "share", _of_adults("consent")
    ),
    "food_short": Observable("days of empty shops of the mean inhabitant", "days", "count", _short("food_short")),
    "cash_short": Observable("days without cash of the mean inhabitant", "days", "count", _short("cash_short")),
    "fuel_short": Observable(
        "mean share of the item at issue's demand that cannot be met", "share", "share", _of_users("fuel_short")
    ),
    "fuel_short_eve": Observable(
        "share of the item at issue's demand that cannot be met, just before the start", "share", "share",
        _of_users("fuel_short_eve"),
    ),
    "clearing_price": Observable(
        "mean price at which the item at issue's supply would meet demand", "money/unit", "count",
        _of_users("clearing_price"),
    ),
    "clearing_price_eve": Observable(
        "price at which the item at issue's supply would meet demand, just before the start", "money/unit", "count",
        _of_users("clearing_price_eve"),
    ),
}  # fmt: skip
