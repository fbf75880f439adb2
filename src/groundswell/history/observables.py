"""What is read off a run: onset, crowds, strikes, and the texts' dated statements beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from groundswell.engine.clock import Clock
from groundswell.mechanisms.employers import ANSWERS
from groundswell.world.world import World

ONSET_PEOPLE = 50  # smallest crowd that counts as a protest: events of 50+ in Mass Mobilization (Clark & Regan)

PICKET_PEOPLE = 20  # smallest picket that a text would mention (assumed)


def onset_hour(on_street: np.ndarray, people: float = ONSET_PEOPLE) -> np.ndarray:
    """(P,) end of the first hour with at least `people` on the street, in steps from 1; nan where there is none.

    Args:
        on_street: (T, P) people at the end of each step.
        people: smallest crowd.
    """
    there = np.asarray(on_street) >= people
    first = there.argmax(axis=0) + 1.0
    return np.where(there.any(axis=0), first, np.nan)


def events(world: World, clock: Clock, hourly: dict[str, np.ndarray], steps: int) -> dict[str, list[Any]]:
    """Dated events of a run as columns hour, place, kind, subject, value, ordered by time."""
    rows: list[tuple[float, str, str, str, float]] = []
    ids, h = world.place_id, clock.step_h
    for m in world.measures:
        if 0 <= m.start_h <= steps * h:
            where = "*" if m.places.all() else ";".join(ids[i] for i in np.flatnonzero(m.places))
            rows.append((m.start_h, where, "measure", f"{m.kind}: {m.id}", m.value))
    for i, hour in enumerate(onset_hour(hourly["on_street"][:steps])):
        if not np.isnan(hour):
            rows.append((hour * h, ids[i], "onset", f"first {ONSET_PEOPLE} people", float(ONSET_PEOPLE)))
    kinds = {"arrested": "arrests", "hurt": "injuries", "died": "deaths", "legal_actions": "legal action"}
    for name, kind in kinds.items():
        series = hourly.get(name, np.zeros((0, 0)))[:steps]
        for t, i in zip(*np.nonzero(series), strict=True):
            rows.append(((t + 1) * h, ids[i], kind, "", float(series[t, i])))
    enterprise = [str(x) for x in world.enterprise("enterprise")]
    striking = hourly["striking"][:steps] > 0
    before = np.vstack([np.zeros((1, striking.shape[1]), bool), striking[:-1]]) if len(striking) else striking
    for kind, change in (("strike begins", striking & ~before), ("strike ends", ~striking & before)):
        for t, e in zip(*np.nonzero(change), strict=True):
            rows.append(((t + 1) * h, ids[world.place_of_enterprise[e]], kind, enterprise[e], float("nan")))
    if "answer" in hourly:
        for t, e in zip(*np.nonzero(hourly["answer"][:steps] >= 0), strict=True):
            answer = ANSWERS[int(hourly["answer"][t, e])]
            rows.append(
                ((t + 1) * h, ids[world.place_of_enterprise[e]], "employer", f"{enterprise[e]}: {answer}", float("nan"))
            )
    rows.sort(key=lambda r: (r[0], r[2], r[1], r[3]))
    return {k: [r[j] for r in rows] for j, k in enumerate(("hour", "place", "kind", "subject", "value"))}


def strike_count(striking: np.ndarray) -> int:
    """Number of strikes begun, from (T, E) participation."""
    on = np.asarray(striking) > 0
    return int(on[0].sum() + (on[1:] & ~on[:-1]).sum()) if len(on) else 0


def score_chronology(world: World, clock: Clock, hourly: dict[str, np.ndarray], steps: int) -> list[dict[str, Any]]:
    """Each dated statement of the case's chronology beside the run.

    result: "met", "not met" or "not scored"; value: what the run has, in words. Inside the window is met: an onset when
    the first crowd of the scope comes; a crowd when its largest size lies within the figures; a strike when the number
    of enterprises on strike does (one or more without figures); a spread when the number of regions with a picket at
    one time does.
    """
    out = []
    h = clock.step_h
    on_street, striking = hourly["on_street"][:steps], hourly["striking"][:steps]
    for row in world.case.tables["chronology"].rows:
        places = world.in_scope(row.scope)
        start, end = (world.hour_of(x, places) for x in (row.start_local, row.end_local))
        item: dict[str, Any] = {
            "id": row.id, "text": row.text, "line": row.line, "scope": ";".join(row.scope), "statement": row.statement,
            "set": row.set, "kind": row.kind, "window": (row.start_local, row.end_local), "start_h": start,
            "end_h": end, "result": "not scored", "value": "",
        }  # fmt: skip
        first, last = max(0, int(np.ceil(start / h))), min(steps, int(np.floor(end / h)))
        if row.set != "context" and last > first:
            _score(item, row, places, on_street, striking, world, clock, first, last)
        out.append(item)
    return out


def _local(world: World, clock: Clock, hour: float, places: np.ndarray) -> str:
    """An hour of the run as the wall clock of the places shows it (the case's own zone where they keep several)."""
    zones = np.unique(world.utc_offset_h[places])
    zone = zones[0] if len(zones) == 1 else clock.main_offset_h
    when = clock.start + timedelta(hours=float(hour + zone - clock.main_offset_h))
    return f"{when.day} {when:%b %H:%M}"


def _score(
    item: dict[str, Any], row: Any, places: np.ndarray, on_street: np.ndarray, striking: np.ndarray,
    world: World, clock: Clock, first: int, last: int,
) -> None:  # fmt: skip
    if row.kind == "onset":
        hours = onset_hour(on_street[:, places])
        hour = np.nanmin(hours) if not np.isnan(hours).all() else np.nan
        item["value"] = "no crowd" if np.isnan(hour) else _local(world, clock, hour * clock.step_h, places)
        item["result"] = "met" if not np.isnan(hour) and first < hour <= last else "not met"
    elif row.kind == "crowd":
        largest = int(on_street[first:last, places].sum(axis=1).max())
        low = 0 if row.low is None else row.low
        high = np.inf if row.high is None else row.high
        item["value"] = f"{largest:,} people"
        item["result"] = "met" if low <= largest <= high else "not met"
    elif row.kind == "spread":
        inside = on_street[first:last]
        in_region = [places & (world.region == r) for r in np.unique(world.region[places])]
        regions = sum(int(inside[:, here].sum(axis=1).max()) >= PICKET_PEOPLE for here in in_region)
        item["value"] = f"{regions} of {len(in_region)} regions"
        item["result"] = "met" if (row.low or 0) <= regions <= (np.inf if row.high is None else row.high) else "not met"
    elif row.kind == "strike":
        here = places[world.place_of_enterprise]
        on = (striking[first:last][:, here] > 0).any(axis=0)
        item["value"] = f"{int(on.sum())} of {int(here.sum())} enterprises"
        low = 1 if row.low is None else row.low
        item["result"] = "met" if low <= on.sum() <= (np.inf if row.high is None else row.high) else "not met"
