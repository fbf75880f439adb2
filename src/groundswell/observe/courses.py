"""What each phase looks like over time: a few named lines of a run, for a small picture beside the phase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.domains.state.measures import POSTURES
from groundswell.observe.endings import RULES
from groundswell.observe.force import PASSIVE
from groundswell.observe.phases import LIMITS, clashes
from groundswell.observe.reading import Reading
from groundswell.world.demands import PRICE_KINDS

MOST_LINES = 5  # further ones are summed as "others"


@dataclass(frozen=True)
class Course:
    """Lines over the run's steps.

    title: what is drawn. unit: of the axis. lines: label -> (T,). stacked: they add up. marks: label -> hour of the
    run. level: a horizontal line with its label. log: small and large are both to be seen.
    """

    title: str
    unit: str
    lines: Mapping[str, np.ndarray]
    stacked: bool = False
    marks: Mapping[str, float] | None = None
    level: tuple[float, str] | None = None
    log: bool = False


def courses(reading: Reading, found: list[dict[str, Any]]) -> dict[str, list[Course]]:
    """Phase -> its pictures; `found`: the phases of the run, for their hours and places."""
    by_name = {x["phase"]: x for x in found}
    return {phase: draw(reading, by_name[phase]) for phase, draw in COURSES.items()}


def _where(r: Reading, found: Mapping[str, Any]) -> np.ndarray:
    here = np.isin(r.world.place_id, found["where"])
    return here if here.any() else np.ones(r.world.places, bool)


def _at(found: Mapping[str, Any], label: str) -> dict[str, float] | None:
    return None if found["when"] is None else {label: found["when"]}


def _largest(lines: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The largest lines, and the sum of the others."""
    order = sorted((k for k in lines if lines[k].any()), key=lambda k: -float(lines[k].sum()))
    out = {k: lines[k] for k in order[:MOST_LINES]}
    if len(order) > MOST_LINES:
        out["others"] = np.sum([lines[k] for k in order[MOST_LINES:]], axis=0)
    return out


def _small(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    out = (r.series("on_street") >= LIMITS.crowd_people).sum(axis=1)
    until = found["value"].get("until_h")
    marks = {"clash, or 10,000 out": until} if until is not None and until < r.steps * r.clock.step_h else None
    return [Course("Places with a crowd of 50 or more", "places", {"places": out}, marks=marks)]


def _offer(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    here = _where(r, found)
    w = r.world
    trust = r.series("trust_mean") @ w.adults / max(float(w.adults.sum()), 1.0)
    offer = r.series("offer")[:, here][:, :, w.demands.met(*PRICE_KINDS)].max(axis=(1, 2), initial=0.0)
    lines = {"trust in offers": trust, "largest price offer, share of the gap": offer}
    return [
        Course("People on the street where the price was offered", "people", {"people": r.total("on_street", here)},
               marks=_at(found, "offer")),
        Course("Trust, and the offer", "share", lines),
    ]  # fmt: skip


def _march(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    town = r.total("on_way", r.largest_town)
    return [Course("People on their way to a site", "people",
                   {"largest town": town, "elsewhere": r.total("on_way") - town})]  # fmt: skip


def _beaten(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    harmed = {"injured": "security_injured", "disarmed": "security_disarmed", "dead": "security_dead"}
    arms = {"captured": "arms_captured", "issued": "arms_issued_held", "brought": "arms_brought_held"}
    return [
        Course("Members of the forces, running totals", "people", {k: r.running(v) for k, v in harmed.items()}),
        Course("Firearms in the crowd's hands, by origin", "firearms", {k: r.total(v) for k, v in arms.items()}, True),
    ]


def _passive(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    lines = {f"by {cause}": r.total(f"passive_{cause}") for cause in PASSIVE}
    working = {"hold and obey": r.series("force").sum(axis=1), "do nothing": np.sum(list(lines.values()), axis=0)}
    return [
        Course("People of the force who do nothing, by cause", "people", lines, True),
        Course("Force on duty", "people", working),
    ]


def _city(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    here = np.isin(r.world.place_id, found["where"])
    lost, everywhere = r.total("sites_lost", here), r.total("sites_lost")
    lines = {"this town": lost, "elsewhere": everywhere - lost} if here.any() else {"whole country": everywhere}
    return [Course("Sites in the crowd's hands", "sites", lines)]


def _wave(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    names = r.world.region_names
    fighting = {names[k]: r.total("fighting", r.world.region == i) for i, k in enumerate(r.world.region_id)}
    clash = clashes(r)
    regions = np.sum([clash[:, r.world.region == i].any(axis=1) for i in range(len(r.world.region_id))], axis=0)
    return [
        Course("People fighting, by region", "people", _largest(fighting), True),
        Course("Regions with a clash", "regions", {"regions": regions}),
    ]


def _looting(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    town = np.cumsum(r.total("looted", r.largest_town))
    shops = {"largest town": town, "elsewhere": r.running("looted") - town}
    return [
        Course("Shops looted, running total", "shops", shops, True),
        Course("Public buildings set on fire, running total", "buildings", {"buildings": r.running("burnt")}),
    ]


def _patron(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    beliefs = {name: r.series("belief")[:, a] for a, name in enumerate(r.world.factions.name)}
    marks = _at(found, "patron removed")
    return [Course("Belief that the president survives, by faction", "probability", beliefs, marks=marks)]


def _stand_by(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    people = r.series("unit_people") * r.standing_by
    organs = {name: people[:, r.world.units.organ == i].sum(axis=1) for i, name in enumerate(r.world.organs.id)}
    drawn = {k: v for k, v in organs.items() if v.any()} or {"nobody": r.total("on_street") * 0}
    return [Course("People of units ordered to stand by", "people", drawn, True)]


def _appeal(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    marks = dict(_at(found, "allies asked") or {})
    for name, words in (("prepared", "they begin to prepare unasked"), ("decided", "they decide to come")):
        hours = r.series(name)
        if r.steps and not np.isnan(hours[-1]):
            marks[words] = float(hours[-1])
    return [Course("People on the street", "people", {"people": r.total("on_street")}, marks=marks)]


def _arrival(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    w = r.world
    troops = r.series("allied_people")
    country: dict[str, np.ndarray] = {}
    for name, unit in zip(w.allies.country, w.allies.unit, strict=True):
        country[name] = country.get(name, 0) + troops[:, unit]
    return [Course("Allied troops in the country", "people", _largest(country) or {"none": troops.sum(axis=1)}, True)]


def _live(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    dead, fighting = r.running("dead"), r.running("dead_fighting")
    live = (r.series("posture") >= POSTURES.index("live")).any(axis=1)
    marks = {"live fire ordered": float(live.argmax()) * r.clock.step_h} if live.any() else None
    lines = {"peaceful": dead - fighting, "fighting": fighting, "of the forces": r.running("security_dead")}
    return [Course("Dead, running totals", "people", lines, marks=marks)]


def _calm(r: Reading, found: Mapping[str, Any]) -> list[Course]:
    level = (RULES.calm_people, f"{RULES.calm_people:,.0f}")
    lines = {"on the street": r.total("on_street"), "of them fighting": r.total("fighting")}
    return [Course("People on the street and fighting, whole country", "people", lines, level=level, log=True)]


COURSES: dict[str, Callable[[Reading, Mapping[str, Any]], list[Course]]] = {
    "small protests contained": _small,
    "price offer": _offer,
    "march on the main square": _march,
    "police beaten and disarmed": _beaten,
    "forces passive": _passive,
    "city lost": _city,
    "second wave": _wave,
    "looting": _looting,
    "patron removed": _patron,
    "organs stand by on order": _stand_by,
    "appeal to allies": _appeal,
    "allied troops arrive": _arrival,
    "live fire": _live,
    "calm": _calm,
}
