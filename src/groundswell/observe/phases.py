"""The phases of a crisis, each read off what can be observed in a run: whether it came, when, where, how large.

A clash: 50 people or more fight in a place. The causes of passivity are known in a run and cannot be read off a
record; the phase counts them together, and `value` gives each. What a mechanism does not write leaves its phase
unobserved. Limits are assumed except those of calm, which are the definition of the ending.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.domains.state.measures import POSTURES
from groundswell.observe.endings import RULES
from groundswell.observe.force import LOOTED_SHOPS, PASSIVE
from groundswell.observe.harm import COUNTED
from groundswell.observe.reading import Reading, first
from groundswell.observe.window import CLASH_PEOPLE, ONSET_PEOPLE
from groundswell.world.demands import PRICE_KINDS

LOOKED_AT = {
    "small protests contained": "Crowds of 50 or more, before the first clash and before 10,000 are out; until then no "
    "site is lost and nobody is killed.",
    "price offer": "A lower price is offered. Turnout in the 24 hours before and after; what it would have been "
    "without the offer, one run does not tell.",
    "march on the main square": "50 people or more of the largest town on their way to a site at one time.",
    "police beaten and disarmed": "10 members of the forces or more injured, killed or disarmed.",
    "forces passive": "100 people of the forces or more who do nothing at one time. The model knows three causes; from "
    "outside they look alike.",
    "city lost": "Half of a town's sites or more (of at least 3) in the crowd's hands at one time; shown "
    "is the most populous such town.",
    "second wave": "After the first clash, clashes in two other regions or more (50 people fighting in a place).",
    "looting": "10 shops or more looted. Fires in public buildings are counted apart.",
    "patron removed": "The patron's post is taken.",
    "organs stand by on order": "Units under an order to stand by.",
    "appeal to allies": "Allies are asked for help.",
    "allied troops arrive": "Allied troops in the country.",
    "live fire": "Force used where live fire is ordered, or people killed by shots of the forces, ordered or not.",
    "calm": "Fewer than 500 people on the street in the whole country for 72 hours, after a larger crowd.",
}
"""Phase -> what is looked at, and from when on it is seen."""


@dataclass(frozen=True)
class Limits:
    """Smallest sizes that count as a phase."""

    crowd_people: int = ONSET_PEOPLE
    small_people: int = 10_000  # from "tens of thousands" in the whole country on, protests are not small any more
    clash_people: int = CLASH_PEOPLE
    marching_people: int = 50
    beaten_people: int = 10
    passive_people: int = 100
    town_share: float = 0.5
    town_sites: int = 3
    wave_regions: int = 2
    shops: int = LOOTED_SHOPS
    around_h: float = 24.0  # window on each side of an offer: a whole day, so that hours of the day cancel


LIMITS = Limits()
Found = dict[str, Any]


def phases(reading: Reading, limits: Limits = LIMITS) -> list[Found]:
    """Every phase as dict(phase, observed, when, where, value): when in hours since the start, where in ids of places.

    `when` is the end of the first step in which the phase is seen, None if never; `value` holds what was counted.
    """
    if not reading.steps:
        return [{"phase": name, "observed": False, "when": None, "where": [], "value": {}} for name in PHASES]
    return [{"phase": name, **look(reading, limits)} for name, look in PHASES.items()]


def clashes(reading: Reading, limits: Limits = LIMITS) -> np.ndarray:
    """(T, P) whether so many people fight in a place."""
    return reading.series("fighting") >= limits.clash_people


def _found(r: Reading, step: int | None, where: list[str], **value: Any) -> Found:
    when = None if step is None else (step + 1) * r.clock.step_h
    return {"observed": step is not None, "when": when, "where": where if step is not None else [], "value": value}


def _ids(r: Reading, places: Any) -> list[str]:
    return [r.world.place_id[i] for i in np.flatnonzero(places)]


def _largest(r: Reading, by_place: np.ndarray, most: int = 5) -> list[str]:
    """Ids of the places where most was counted, the largest first."""
    order = np.argsort(-by_place, kind="stable")[:most]
    return [r.world.place_id[i] for i in order if by_place[i] > 0]


def small_protests(r: Reading, limits: Limits) -> Found:
    """Crowds before the first clash and before they are large."""
    large = r.total("on_street") >= limits.small_people
    ends = first(clashes(r, limits).any(axis=1) | large)
    until = r.steps if ends is None else ends
    out = r.series("on_street")[:until] >= limits.crowd_people
    harmed = any(r.series(name)[:until].any() for name in ("dead", "sites_lost"))
    there = out.any(axis=0)
    step = None if harmed else first(out.any(axis=1))
    return _found(r, step, _ids(r, there), places=int(there.sum()), until_h=until * r.clock.step_h)


def price_offer(r: Reading, limits: Limits) -> Found:
    """A price that falls or is promised lower, and turnout on both sides of it."""
    offer = r.series("offer")[:, :, r.world.demands.met(*PRICE_KINDS)].max(axis=2, initial=0.0)
    rises = np.diff(offer, axis=0, prepend=0.0) > 1e-9
    step = first(rises.any(axis=1))
    if step is None:
        return _found(r, None, [], before=None, after=None, turnout=None)
    here, window = rises[step], round(limits.around_h / r.clock.step_h)
    turnout = r.total("on_street", here)
    before, after = turnout[max(0, step - window) : step], turnout[step : step + window]
    means = [float(x.mean()) if len(x) else 0.0 for x in (before, after)]
    way = "rose" if means[1] > means[0] else "fell" if means[1] < means[0] else "stayed"
    return _found(r, step, _ids(r, here), before=round(means[0], 1), after=round(means[1], 1), turnout=way)


def march(r: Reading, limits: Limits) -> Found:
    """People of the largest town on their way to a site."""
    walking = r.series("on_way") * r.largest_town
    at_once = walking.sum(axis=1)
    step = first(at_once >= limits.marching_people)
    return _found(r, step, _largest(r, walking.max(axis=0)), people_at_most=int(at_once.max()))


def police_beaten(r: Reading, limits: Limits) -> Found:
    """Members of the forces injured, killed or disarmed."""
    parts = {k: r.series(f"security_{k}") for k in ("injured", "dead", "disarmed")}
    harmed = np.sum(list(parts.values()), axis=0)
    step = first(np.cumsum(harmed.sum(axis=1)) >= limits.beaten_people)
    value = {k: int(v.sum()) for k, v in parts.items()}
    return _found(r, step, _largest(r, harmed.sum(axis=0)), **value)


def passive(r: Reading, limits: Limits) -> Found:
    """People of the forces who do nothing, by cause."""
    parts = {k: r.series(f"passive_{k}") for k in PASSIVE}
    still = np.sum(list(parts.values()), axis=0)
    at_once = still.sum(axis=1)
    step = first(at_once >= limits.passive_people)
    peak = int(at_once.argmax())
    value = {k: int(v[peak].sum()) for k, v in parts.items()}
    where = _largest(r, still.max(axis=0))
    return _found(r, step, where, people_at_most=int(at_once.max()), **value)


def town_share_lost(r: Reading, limits: Limits = LIMITS) -> tuple[np.ndarray, np.ndarray]:
    """(T, N) share of each town's sites in the crowd's hands, (N,) its number of sites; 0 for towns with too few."""
    towns = int(r.world.town.max()) + 1
    site_town = r.world.town[r.spot_place[r.world.places :]]
    sites = np.bincount(site_town, minlength=towns)
    lost = np.zeros((r.steps, towns))
    np.add.at(lost.T, r.world.town, r.series("sites_lost").T)
    counted = sites >= limits.town_sites
    return np.where(counted, lost / np.maximum(sites, 1), 0.0), sites


def city_lost(r: Reading, limits: Limits) -> Found:
    """The most populous town that was lost; where none was, the one with the largest share of its sites lost."""
    share, sites = town_share_lost(r, limits)
    most = share.max(axis=0)
    people = np.bincount(r.world.town, r.world.people, len(most))
    lost = most >= limits.town_share
    best = int(np.argmax(np.where(lost, people, 0.0))) if lost.any() else int(most.argmax())
    inside = share[:, best] >= limits.town_share
    return _found(
        r, first(inside), _ids(r, r.world.town == best), share_at_most=round(float(most[best]), 3),
        sites=int(sites[best]), hours=float(inside.sum() * r.clock.step_h), towns=int(lost.sum()),
    )  # fmt: skip


def second_wave(r: Reading, limits: Limits) -> Found:
    """Clashes in other regions after the first one."""
    clash = clashes(r, limits)
    began = first(clash.any(axis=1))
    if began is None:
        return _found(r, None, [], regions=[])
    parts: list[Any] = [clash[:, r.world.region == i].any(axis=1) for i in range(len(r.world.region_id))]
    region: Any = np.stack(parts, axis=1)
    later: Any = np.array(region)
    later[: began + 1] = False
    later[:, region[began]] = False
    seen = np.maximum.accumulate(later, axis=0).sum(axis=1)
    other = later.any(axis=0)
    places = clash.any(axis=0) & other[r.world.region]
    regions = [r.world.region_id[i] for i in np.flatnonzero(other)]
    return _found(r, first(seen >= limits.wave_regions), _ids(r, places), regions=regions)


def looting(r: Reading, limits: Limits) -> Found:
    """Shops looted."""
    shops = r.series("looted")
    step = first(np.cumsum(shops.sum(axis=1)) >= limits.shops)
    total = float(shops.sum())
    share = float(shops[:, r.largest_town].sum()) / total if total else 0.0
    return _found(
        r, step, _largest(r, shops.sum(axis=0)), shops=int(round(total)), share_of_largest_town=round(share, 3),
        buildings_burned=int(round(float(r.series("burnt").sum()))),
    )  # fmt: skip


def patron_removed(r: Reading, limits: Limits) -> Found:
    """The patron's post taken."""
    return _found(r, first(r.series("patron_removed") > 0), [])


def stand_by(r: Reading, limits: Limits) -> Found:
    """Units under an order to stand by, by organ."""
    people = r.series("unit_people") * r.standing_by
    at_once = people.sum(axis=1)
    step = first(at_once > 0)
    peak = int(at_once.argmax())
    organs = r.world.units.organ
    by_organ = {
        name: int(people[peak, organs == i].sum())
        for i, name in enumerate(r.world.organs.id) if (organs == i).any()
    }  # fmt: skip
    there = np.unique(r.series("unit_place")[peak][people[peak] > 0]).astype(int)
    return _found(r, step, [r.world.place_id[i] for i in there], people_at_most=int(at_once.max()), **by_organ)


def appeal(r: Reading, limits: Limits) -> Found:
    """The hour at which allies are asked."""
    asked = r.series("asked")
    return _found(r, first(~np.isnan(asked)), [])


def arrival(r: Reading, limits: Limits) -> Found:
    """Allied troops in the country."""
    troops = r.series("allied_people")
    at_once = troops.sum(axis=1)
    step = first(at_once > 0)
    places = np.unique(r.world.units.place[troops.max(axis=0) > 0])
    return _found(r, step, [r.world.place_id[i] for i in places], people_at_most=int(at_once.max()))


def live_fire(r: Reading, limits: Limits) -> Found:
    """Fire on order, or in answer to arms: who is killed shows it, since nothing else kills people on the street."""
    ordered = (r.series("posture") >= POSTURES.index("live")) & (r.series("force_used") > 0)
    killed, peaceful = (COUNTED[name].flow(r) for name in ("dead", "dead_peaceful"))
    seen = ordered | (killed > 0)
    where = _largest(r, killed.sum(axis=0)) or _ids(r, seen.any(axis=0))
    return _found(r, first(seen.any(axis=1)), where, dead=int(killed.sum()), dead_peaceful=int(peaceful.sum()))


def calm(r: Reading, limits: Limits) -> Found:
    """The first calm after a wave."""
    low = r.total("on_street") < RULES.calm_people
    length = int(np.ceil(RULES.calm_h / r.clock.step_h))
    run = np.zeros(r.steps, np.int64)  # steps below the limit up to here, since the last crowd
    count, risen = 0, False
    for t, quiet in enumerate(low):
        risen = risen or not quiet
        count = count + 1 if quiet and risen else 0
        run[t] = count
    return _found(r, first(run >= length), [])


PHASES: dict[str, Callable[[Reading, Limits], Found]] = {
    "small protests contained": small_protests,
    "price offer": price_offer,
    "march on the main square": march,
    "police beaten and disarmed": police_beaten,
    "forces passive": passive,
    "city lost": city_lost,
    "second wave": second_wave,
    "looting": looting,
    "patron removed": patron_removed,
    "organs stand by on order": stand_by,
    "appeal to allies": appeal,
    "allied troops arrive": arrival,
    "live fire": live_fire,
    "calm": calm,
}
