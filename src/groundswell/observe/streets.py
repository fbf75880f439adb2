"""Observables of the streets and of work: crowds, where and when they stand, what they demand, and strikes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from groundswell.domains.state.measures import POSTURES
from groundswell.engine.observable import Observable, Observables, at_first, ratio, so_far, until_below, until_half
from groundswell.observe.endings import RULES as ENDING
from groundswell.observe.window import ONSET_PEOPLE, Window

PICKET_PEOPLE = 20  # smallest picket that a text would mention (assumed)
CENTRE_PEOPLE = 100.0  # "hundreds"


def _onset(x: Window) -> np.ndarray:
    return np.asarray(x.here("on_street").max(axis=1, initial=0))


def _crowd(x: Window) -> np.ndarray:
    return x.total("on_street")


def _spread(x: Window) -> np.ndarray:
    region = x.reading.world.region
    of_region = (region[:, None] == np.arange(region.max() + 1)) * x.inside[:, None]
    return so_far(x.of("on_street") @ of_region >= PICKET_PEOPLE, np.arange(of_region.shape[1]))


def _places(x: Window) -> np.ndarray:
    return so_far(x.here("on_street") >= ONSET_PEOPLE, np.arange(len(x.where)))


def _regions(x: Window) -> np.ndarray:
    return so_far(x.here("on_street") >= ONSET_PEOPLE, x.reading.world.region[x.where])


def _spread_hours(x: Window) -> float:
    """inf: fewer than five regions have a crowd."""
    count = _regions(x)
    return (at_first(count, 5) - at_first(count, 1)) * x.step_h if count.max(initial=0) >= 5 else np.inf


def _centre_crowds(x: Window) -> np.ndarray:
    """(T, k) people on the street in the town of each regional centre of the scope."""
    w = x.reading.world
    centres = [w.place_id.index(str(p)) for p in w.case.tables["regions"].column("centre_place")]
    parts = [w.town == w.town[place] for place in centres if x.places[place]]
    return x.of("on_street") @ np.stack(parts, axis=1).astype(float) if parts else np.zeros((x.steps, 0))


def _centres(x: Window) -> np.ndarray:
    crowds = _centre_crowds(x)
    return so_far(crowds >= (CENTRE_PEOPLE if x.least is None else x.least), np.arange(crowds.shape[1]))


def _median_centre(x: Window) -> float:
    crowds = _centre_crowds(x)
    return float(np.median(crowds.max(axis=0))) if crowds.size else np.nan


def turnout_share(x: Window) -> float:
    """Hours of people on the street of the scope, over those of the whole country."""
    return ratio(float(_crowd(x).sum()), float(x.of("on_street").sum()))


def _first_rank(x: Window) -> float:
    w = x.reading.world
    out = (x.of("on_street") >= ONSET_PEOPLE) & x.places
    if not out.any():
        return np.nan
    by_region = np.bincount(w.region, w.concern * w.people) / np.maximum(np.bincount(w.region, w.people), 1)
    first = w.region[out[out.any(axis=1).argmax()]]
    return float(1 + (by_region > by_region[first].max() + 1e-12).sum())


def _political_people(x: Window) -> np.ndarray:
    """(T,) people of the scope on the street who hold the commonest political demand."""
    held = x.part("demand_people", x.where)[:, :, x.reading.world.demands.political]
    return np.asarray(held.sum(axis=1).max(axis=1, initial=0))


def _political_share(x: Window) -> float:
    return ratio(float(_political_people(x).sum()), float(_crowd(x).sum()))


def _political(x: Window) -> np.ndarray:
    out = _crowd(x)
    return (out >= ONSET_PEOPLE) & (_political_people(x) >= out / 2)


def _strike(x: Window) -> np.ndarray:
    return (x.of("striking")[:, x.enterprises] > 0).sum(axis=1)


def _strike_share(x: Window, among: Callable[[Window], np.ndarray] | None = None) -> np.ndarray:
    w = x.reading.world
    mine = x.enterprises if among is None else x.enterprises & among(x)[w.place_of_enterprise]
    people = w.enterprise("workforce_people").astype(float) * mine
    return x.of("striking") @ people / people.sum() if people.any() else np.full(x.steps, np.nan)


def _under_force(x: Window) -> np.ndarray:
    """(P,) whether allied troops stood or shots were fired in a place by the end of the window."""
    until = slice(0, x.last)
    ordered = (x.all("posture")[until] >= POSTURES.index("live")) & (x.all("force_used")[until] > 0)
    there = np.asarray((ordered | (x.harm("dead")[until] > 0)).any(axis=0))
    there[x.reading.world.units.place[x.all("allied_people")[until].any(axis=0)]] = True
    return there


def strike_count(striking: np.ndarray) -> int:
    """Number of strikes begun, from (T, E) participation."""
    on = np.asarray(striking) > 0
    return int(on[0].sum() + (on[1:] & ~on[:-1]).sum()) if len(on) else 0


def _strike_days(x: Window) -> float:
    w = x.reading.world
    people = w.enterprise("workforce_people").astype(float)[x.enterprises] * w.cells.people_scale
    return float((x.of("striking")[:, x.enterprises] @ people).sum()) * x.step_h / 24.0


OF_WORK, OF_TURNOUT = "{:.0%} of the workforces", "{:.0%} of the turnout"
STREETS: Observables = {
    "onset": Observable(
        "most people on the street in one place", "people", "count", _onset, ONSET_PEOPLE,
        told="{:,.0f} people in one place",
    ),
    "crowd": Observable("people on the street", "people", "count", _crowd, 1, told="{:,.0f} people"),
    "came_out": Observable("times that somebody comes out", "times", "count", lambda x: float(x.total("joined").sum())),
    "spread": Observable(
        f"regions that have had {PICKET_PEOPLE} people on the street at one time", "regions", "count", _spread, 1,
        told="{:.0f} of {regions} regions",
    ),
    "places": Observable(f"places that have had a crowd of {ONSET_PEOPLE}", "places", "count", _places, 1),
    "regions": Observable(
        f"regions that have had a crowd of {ONSET_PEOPLE} in one place", "regions", "count", _regions, 1,
        told="{:.0f} of {regions} regions",
    ),
    "spread_hours": Observable("hours from the first region's crowd to the fifth's", "h", "hour", _spread_hours),
    "centres": Observable(
        f"regional centres that have had so many people on the street, {CENTRE_PEOPLE:.0f} unless said", "centres",
        "count", _centres, 1, told="{:.0f} regional centres", within=True,
    ),
    "centre_crowd": Observable(
        "largest crowd of each regional centre: the median of them", "people", "count", _median_centre,
        told="{:,.0f} people",
    ),
    "turnout_share": Observable(
        "hours of people on the street, over those of the whole country", "share", "share", turnout_share,
        told=OF_TURNOUT,
    ),
    "half_turnout": Observable(
        "hour from which on fewer than half of the most are on the street", "h", "hour", _crowd, when=until_half,
        told="{:,.0f} people",
    ),
    "calm": Observable(
        "people on the street; calm below the limit, for good", "people", "count", _crowd, ENDING.calm_people,
        until_below, True, "at most {:,.0f} people",
    ),
    "first_rank": Observable(
        "rank of the region of the first crowd, by how far what is at issue concerns its people", "rank", "order",
        _first_rank, told="rank {:.0f}",
    ),
    "political_share": Observable(
        "of the hours of people on the street those with the commonest political demand", "share", "share",
        _political_share, 0.05, told=OF_TURNOUT,
    ),
    "political": Observable("half of those on the street hold one political demand", "", "yes", _political, 1),
    "strike": Observable(
        "enterprises on strike", "enterprises", "count", _strike, 1, told="{:.0f} of {enterprises} enterprises"
    ),
    "strikes": Observable(
        "strikes begun", "strikes", "count", lambda x: float(strike_count(x.of("striking")[:, x.enterprises]))
    ),
    "strike_days": Observable("days of work on strike", "person-days", "count", _strike_days),
    "strike_share": Observable("of the workforces those on strike", "share", "share", _strike_share, 0.1, told=OF_WORK),
    "strike_share_force": Observable(
        "of the workforces those on strike, where allied troops or shots were", "share", "share",
        partial(_strike_share, among=_under_force), 0.1, told=OF_WORK,
    ),
    "strike_share_rest": Observable(
        "of the workforces those on strike, where neither allied troops nor shots were", "share", "share",
        partial(_strike_share, among=lambda x: ~_under_force(x)), 0.1, told=OF_WORK,
    ),
}  # fmt: skip
