"""Dated events of a run as a table: what was ordered, what changed, and how many came to harm, by place and time."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundswell.domains.street.employers import ANSWERS
from groundswell.observe.phases import LIMITS
from groundswell.observe.reading import Reading, first
from groundswell.observe.window import ONSET_PEOPLE

Row = tuple[float, str, str, str, float]  # hour, place, kind, subject, value

# What is told hour by hour: few rows, each a fact of its own.
BY_HOUR = {
    "arrested": "arrests", "taken": "taken from home", "injured": "injuries", "dead": "deaths",
    "legal_actions": "legal action", "security_dead": "deaths of security", "burnt": "arson",
    "retake_failed": "order not carried out", "demolitions": "attempt to clear houses",
}  # fmt: skip
# What is told as a day's total of a place, at the day's last hour: so many small events that hours would bury the rest.
BY_DAY = {
    "looted": "looting", "security_injured": "injuries of security", "security_disarmed": "security disarmed",
    "arms_lost": "arms captured", "vehicles_lost": "vehicles lost",
}  # fmt: skip
REFUSALS = ("obeys", "stands aside", "goes home", "goes over")


def onset_hour(on_street: np.ndarray, people: float = ONSET_PEOPLE) -> np.ndarray:
    """(P,) end of the first hour with at least `people` on the street, in steps from 1; nan where there is none.

    Args:
        on_street: (T, P) people at the end of each step.
        people: smallest crowd.
    """
    there = np.asarray(on_street) >= people
    return np.where(there.any(axis=0), there.argmax(axis=0) + 1.0, np.nan)


def events(reading: Reading) -> dict[str, list[Any]]:
    """Dated events of a run as columns hour, place, kind, subject, value, ordered by time.

    A day's total of a place stands at the end of its day (of the run, where it ends earlier), counted in the case's
    own zone. A march stands at the hour in which people of a place set out.
    """
    rows: list[Row] = []
    if reading.steps:
        rows = [*_measures(reading), *_streets(reading), *_strikes(reading), *_state_side(reading)]
    for name, kind in BY_HOUR.items():
        rows += _counts(reading, name, kind)
    for name, kind in BY_DAY.items():
        rows += _totals(reading, name, kind)
    rows.sort(key=lambda r: (r[0], r[2], r[1], r[3]))
    return {k: [r[j] for r in rows] for j, k in enumerate(("hour", "place", "kind", "subject", "value"))}


def _scope(reading: Reading, places: np.ndarray) -> str:
    return "*" if places.all() else ";".join(reading.world.place_id[i] for i in np.flatnonzero(places))


def _measures(r: Reading) -> list[Row]:
    """Measures as recorded, and the rungs that the government took by its own rule."""
    until = r.steps * r.clock.step_h
    out: list[Row] = []
    for kind, measures in (("measure", r.world.measures), ("rung", r.taken)):
        out += [
            (m.start_h, _scope(r, m.places), kind, f"{m.kind}: {m.id}", m.value)
            for m in measures
            if 0 <= m.start_h <= until
        ]
    for m in (*r.world.measures, *r.taken):
        named = r.world.issues.raised(m.id, m.kind).nonzero()[0] if 0 <= m.start_h <= until else ()
        for i in named:
            words = f"{r.world.issues.kind[i]}: {r.world.issues.id[i]}"
            out.append((m.start_h, _scope(r, m.places), "issue", words, float(r.world.issues.size[i])))
    lapse = first(r.series("lapsed") > 0)
    if lapse is not None:
        out.append((lapse * r.clock.step_h, "*", "lapse", "concessions, for want of means", float("nan")))
    return out


def _streets(r: Reading) -> list[Row]:
    h, ids = r.clock.step_h, r.world.place_id
    hours = onset_hour(r.series("on_street"))
    out: list[Row] = [
        (hour * h, ids[i], "onset", f"first {ONSET_PEOPLE} people", float(ONSET_PEOPLE))
        for i, hour in enumerate(hours)
        if not np.isnan(hour)
    ]
    walking = r.series("on_way")
    for t, i in _rises(walking >= LIMITS.marching_people):
        out.append(((t + 1) * h, ids[i], "march", "people on their way", float(walking[t, i])))
    clash = r.series("fighting") >= LIMITS.clash_people
    for t, i in _rises(clash):
        out.append(((t + 1) * h, ids[i], "clash", "people fighting", float(r.series("fighting")[t, i])))
    return out


def _rises(on: np.ndarray) -> list[tuple[int, int]]:
    """(step, column) wherever a condition (T, n) begins to hold."""
    before = np.vstack([np.zeros((1, on.shape[1]), bool), on[:-1]])
    return list(zip(*(x.tolist() for x in np.nonzero(on & ~before)), strict=True))


def _counts(r: Reading, name: str, kind: str) -> list[Row]:
    if not r.has(name):
        return []
    series = r.series(name)
    return [
        ((t + 1) * r.clock.step_h, r.world.place_id[i], kind, "", float(series[t, i]))
        for t, i in zip(*np.nonzero(series), strict=True)
    ]


def _totals(r: Reading, name: str, kind: str) -> list[Row]:
    if not r.has(name) or not r.steps:
        return []
    ends = np.r_[np.flatnonzero(np.diff(r.days)) + 1, r.steps]
    sums = np.diff(np.cumsum(r.series(name), axis=0)[ends - 1], axis=0, prepend=0)
    return [
        (int(ends[d]) * r.clock.step_h, r.world.place_id[i], kind, "total of the day", float(sums[d, i]))
        for d, i in zip(*np.nonzero(sums > 0), strict=True)
    ]


def _strikes(r: Reading) -> list[Row]:
    w, h = r.world, r.clock.step_h
    enterprise = [str(x) for x in w.enterprise("enterprise")]
    place = [w.place_id[i] for i in w.place_of_enterprise]
    on = r.series("striking") > 0
    nan = float("nan")
    out: list[Row] = [((t + 1) * h, place[e], "strike begins", enterprise[e], nan) for t, e in _rises(on)]
    ended = ~on
    ended[0] = False
    ended[1:] &= on[:-1]
    out += [((t + 1) * h, place[e], "strike ends", enterprise[e], nan) for t, e in zip(*np.nonzero(ended), strict=True)]
    if r.has("answer"):
        answer = r.hourly["answer"][: r.steps]
        for t, e in zip(*np.nonzero(answer >= 0), strict=True):
            words = f"{enterprise[e]}: {ANSWERS[int(answer[t, e])]}"
            out.append(((t + 1) * h, place[e], "employer", words, nan))
    return out


def _state_side(r: Reading) -> list[Row]:
    """Sites, units, offices, the patron, and allied troops."""
    w, h, nan = r.world, r.clock.step_h, float("nan")
    out: list[Row] = []
    held = r.series("site_held") > 0.5
    for kind, change in (("site lost", _rises(~held)), ("site regained", _rises_again(held))):
        out += [((t + 1) * h, w.place_id[r.spot_place[s]], kind, w.spots.id[s], nan) for t, s in change]
    refusal = r.series("refusal").astype(int)
    people, where = r.series("unit_people"), r.series("unit_place").astype(int)
    for t, u in zip(*np.nonzero(np.diff(refusal, axis=0, prepend=0)), strict=True):
        before = people[max(t - 1, 0), u]  # those who go home or over are no longer counted with the unit
        words = f"{w.units.id[u]}: {REFUSALS[refusal[t, u]]}"
        out.append(((t + 1) * h, w.place_id[where[t, u]], "unit", words, float(before)))
    for on, words in ((r.standing_by, "stands by on order"), (r.series("fallen_back") > 0, "falls back exhausted")):
        for t, u in _rises(on & (people > 0)):
            subject = f"{w.units.id[u]}: {words}"
            out.append(((t + 1) * h, w.place_id[where[t, u]], "unit", subject, float(people[t, u])))
    troops = r.series("allied_people")
    for kind, on in (("allied arrival", troops > 0), ("allied departure", troops <= 0)):
        changes = _rises(on) if kind == "allied arrival" else _rises_again(on)
        for t, u in changes:
            number = float(troops[t if kind == "allied arrival" else t - 1, u])
            out.append(((t + 1) * h, w.place_id[w.units.place[u]], kind, w.units.id[u], number))
    return out + _offices(r)


def _rises_again(on: np.ndarray) -> list[tuple[int, int]]:
    """(step, column) wherever a condition begins to hold after the first step."""
    return [(t, i) for t, i in _rises(on) if t > 0]


def _offices(r: Reading) -> list[Row]:
    w, h = r.world, r.clock.step_h
    names = w.factions.id

    def holder(faction: float) -> str:
        return names[int(faction)] if 0 <= int(faction) < len(names) else "nobody"

    out: list[Row] = []
    held = r.series("office_faction")
    for t, o in zip(*np.nonzero(np.diff(held, axis=0)), strict=True):
        words = f"{w.offices.id[o]}: from {holder(held[t, o])} to {holder(held[t + 1, o])}"
        out.append(((t + 2) * h, "*", "office", words, float("nan")))
    presidency = r.series("presidency")
    for t in np.flatnonzero(np.diff(presidency)):
        words = f"presidency: from {holder(presidency[t])} to {holder(presidency[t + 1])}"
        out.append(((t + 2) * h, "*", "office", words, float("nan")))
    for t, _ in _rises(r.series("patron_removed")[:, None] > 0):
        out.append(((t + 1) * h, "*", "office", "the patron's post is taken", float("nan")))
    return out
