"""What a record could hold of passive forces in a run: summaries without a cause, and as coarse as a record is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.domains.state.deployment import OFFICES
from groundswell.observe.phases import LIMITS, PASSIVE
from groundswell.world.world import World

ORGANS = ("police", "guard", "army", "security", "allied")
"""Organs of the case, in the order of its organs.csv, and the allied troops."""
SEEN_PEOPLE, SEEN_SHARE, RECENT_H = 20, 0.5, 12  # an organ is seen passive: so many, so much of it, a crowd lately
END_H = 12  # a spell ends with what happened in so many hours before
FOUGHT_H = 48  # clashes before a spell are counted so far back


@dataclass(frozen=True)
class Seen:
    """What people on the spot could count in T hours, N towns and O organs; the cause of nothing is in it."""

    idle: np.ndarray  # (T, N, O) people of the force who should be on duty and do nothing, there or gone
    force: np.ndarray  # (T, N, O) people who should be on duty
    away: np.ndarray  # (T, N) of the idle, people in their offices or gone
    over: np.ndarray  # (T, N) people of the force who have joined the crowd
    relief: np.ndarray  # (T, N) people of the force on duty who came from elsewhere
    crowd: np.ndarray  # (T, N) people on the street
    fighting: np.ndarray  # (T, N) people who fight
    sites_lost: np.ndarray  # (T,) sites in the crowd's hands
    almaty: np.ndarray  # (N,) bool
    capital: np.ndarray  # (N,) bool
    removal_h: float = np.nan  # hour at which the patron was removed; nan: not
    arrest_h: float = np.nan  # hour at which an organ's head was arrested; nan: not


def almaty(world: World) -> np.ndarray:
    """(P,) places of the city of Almaty."""
    return np.asarray(world.region == world.region_id.index("ala"))


def observed(r: Any, idle: np.ndarray, gone: np.ndarray) -> Seen:
    """A run's `Reading` as seen from the street; idle, gone: (T, U) people of each unit at its post or gone from it."""
    w, t = r.world, np.arange(r.steps)[:, None]
    town, towns = w.town, int(w.town.max()) + 1
    at, organ = r.series("unit_place").astype(int), w.units.organ[None, :]

    def summed(what: np.ndarray, *index: np.ndarray, sizes: tuple[int, ...] = (towns,)) -> np.ndarray:
        out = np.zeros((r.steps, *sizes))
        np.add.at(out, (t, *index), what)
        return out

    def of_units(people: np.ndarray) -> np.ndarray:
        return summed(people, town[at], organ, sizes=(towns, len(ORGANS)))

    def of_places(name: str) -> np.ndarray:
        return summed(r.series(name), town[None, :])

    at_places = (w.places,)
    passive = np.sum([r.series(f"passive_{cause}") for cause in PASSIVE], axis=0)  # their sum tells no cause
    missing = np.maximum(passive - summed(idle, at, sizes=at_places), 0.0)  # who would be on duty and is gone
    gone = gone * (missing / np.maximum(summed(gone, at, sizes=at_places), 1.0))[t, at]
    on_duty = r.series("unit_on_duty")
    foreign = (town[at] != town[w.units.place][None, :]) | w.units.allied
    in_offices = summed(r.series("force_passive") * np.isin(r.spot_kind, OFFICES), town[r.spot_place][None, :])
    removed = np.flatnonzero(r.series("patron_removed") > 0)
    here = np.arange(towns)
    return Seen(
        idle=of_units(idle + gone), force=of_units(idle + gone + on_duty),
        away=in_offices + of_units(gone).sum(axis=2), over=of_places("gone_over"),
        relief=of_units(on_duty * foreign).sum(axis=2), crowd=of_places("on_street"), fighting=of_places("fighting"),
        sites_lost=r.series("sites_lost").sum(axis=1), almaty=np.isin(here, town[almaty(w)]),
        capital=np.isin(here, town[w.capital]), removal_h=float(removed[0]) if len(removed) else np.nan,
        arrest_h=min((m.start_h for m in r.measures if m.kind == "head_arrested"), default=np.nan),
    )  # fmt: skip


def passive_cells(seen: Seen) -> np.ndarray:
    """(T, N, O) where an organ is seen to be passive: at least half of it, where there was a crowd lately."""
    crowd = seen.crowd >= LIMITS.crowd_people
    lately = crowd.copy()
    for h in range(1, min(RECENT_H, len(crowd))):
        lately[h:] |= crowd[:-h]
    many = (seen.idle >= SEEN_PEOPLE) & (seen.idle >= SEEN_SHARE * seen.force)
    return np.asarray(many & lately[:, :, None])


def spells(cells: np.ndarray) -> np.ndarray:
    """(K, 3) begin, end and town of each spell in (T, N, O); end is the first hour after it."""
    edge = np.zeros((1, *cells.shape[1:]), bool)
    change = np.diff(np.concatenate([edge, cells, edge]).astype(np.int8), axis=0).transpose(1, 2, 0)
    begins, ends = np.argwhere(change == 1), np.argwhere(change == -1)
    return np.column_stack([begins[:, 2], ends[:, 2], begins[:, 0]])


# name -> (what it belongs to, how a record holds it, what it is)
SUMMARIES = {
    "police": ("organ", "share", "police, of the passive person-hours"),
    "guard": ("organ", "share", "National Guard, of the passive person-hours"),
    "security": ("organ", "share", "security committee, of the passive person-hours"),
    "almaty": ("place", "share", "Almaty, of the passive person-hours"),
    "capital": ("place", "share", "the capital, of the passive person-hours"),
    "depth_almaty": ("depth", "share", "most of Almaty's force that is passive at one time"),
    "depth_elsewhere": ("depth", "share", "most of the force of the other towns concerned that is passive at one time"),
    "after_clash_h": ("timing", "hours", "first passivity, hours after the first clash"),
    "after_removal_h": ("timing", "hours", "first passivity, hours after the removal of the patron"),
    "at_night": ("timing", "share", "spells that begin from 22:00 to 6:00"),
    "towns_at_once": ("simultaneity", "count", "most towns passive at the same hour"),
    "together": ("simultaneity", "share", "spells that begin within the fullest three hours"),
    "length_h": ("length and end", "length", "length of a spell, median"),
    "ends_relief": ("length and end", "share", "spells that end within 12 hours of the arrival of relief"),
    "ends_arrest": ("length and end", "share", "spells that end within 12 hours of the arrest of an organ's head"),
    "crowd_ratio": ("what came before", "ratio", "crowd by force when a spell begins, median"),
    "fought_h": ("what came before", "length", "hours of clashes there in the two days before a spell, mean"),
    "out_of_sight": ("where they are", "share", "of the passive, those in their offices or gone"),
    "fraternisation": ("fraternisation", "yes", "ten people of the force or more join a crowd"),
    "sites_lost": ("sites", "count", "most sites in the crowd's hands"),
}
FAMILIES = tuple(dict.fromkeys(family for family, _, _ in SUMMARIES.values()))


def columns(without: Sequence[str] = (), only: Sequence[str] = FAMILIES) -> list[int]:
    """Numbers of the summaries of some families."""
    return [k for k, (family, _, _) in enumerate(SUMMARIES.values()) if family in only and family not in without]


def summaries(seen: Seen) -> dict[str, float]:
    """The summaries of a run by name, nan where one has no meaning; empty where nobody is seen to be passive."""
    cells = passive_cells(seen)
    found = spells(cells)
    if not len(found):
        return {}
    begin, end, town = found.T
    steps, where, shown = len(cells), cells.any(axis=2), seen.idle * cells
    total = shown.sum()
    clash = seen.fighting >= LIMITS.clash_people
    clashed = np.flatnonzero(clash.any(axis=1))
    more = np.diff(seen.relief, axis=0, prepend=0.0) >= SEEN_PEOPLE
    relieved = [e < steps and more[max(e - END_H, 0) : e + 1, n].any() for e, n in zip(end, town, strict=True)]
    fought = [clash[max(b - FOUGHT_H, 0) : b, n].sum() for b, n in zip(begin, town, strict=True)]
    idle, force = seen.idle.sum(axis=2), seen.force.sum(axis=2)
    since_arrest = end - seen.arrest_h
    started = np.convolve(np.bincount(begin, minlength=steps), np.ones(3))

    def depth(towns: np.ndarray) -> float:
        here = towns & where.any(axis=0)
        return float((idle[:, here].sum(axis=1) / np.maximum(force[:, here].sum(axis=1), 1.0)).max(initial=0.0))

    out = {name: shown[:, :, ORGANS.index(name)].sum() / total for name in ("police", "guard", "security")}
    out |= {
        "almaty": shown[:, seen.almaty].sum() / total, "capital": shown[:, seen.capital].sum() / total,
        "depth_almaty": depth(seen.almaty), "depth_elsewhere": depth(~seen.almaty),
        "after_clash_h": begin.min() - clashed[0] if len(clashed) else np.nan,
        "after_removal_h": begin.min() - seen.removal_h,
        "at_night": np.isin(begin % 24, [22, 23, *range(6)]).mean(),
        "towns_at_once": where.sum(axis=1).max(), "together": started.max() / len(found),
        "length_h": np.median(end - begin), "ends_relief": np.mean(relieved),
        "ends_arrest": ((end < steps) & (since_arrest >= 0) & (since_arrest <= END_H)).mean(),
        "crowd_ratio": np.median(seen.crowd[begin, town] / np.maximum(force[begin, town], 1.0)),
        "fought_h": np.mean(fought), "out_of_sight": (seen.away * where).sum() / (idle * where).sum(),
        "fraternisation": seen.over.max(axis=0).sum() >= LIMITS.beaten_people, "sites_lost": seen.sites_lost.max(),
    }  # fmt: skip
    return {name: float(out[name]) for name in SUMMARIES}


def label(hours: Mapping[str, float]) -> str | None:
    """The cause with most passive person-hours; None where there are none."""
    cause = max(PASSIVE, key=lambda c: hours[c])
    return cause if hours[cause] > 0 else None


# -- as a record holds it ----------------------------------------------------------------------------------------------

EDGES = {
    "share": (0.05, 0.25, 0.5, 0.75), "count": (1.5, 3.5, 10.5, 30.5, 100.5), "ratio": (1.0, 3.0, 10.0, 30.0),
    "length": (1.0, 3.0, 9.0, 18.0, 36.0), "yes": (0.5,),
}  # fmt: skip
# Standard deviation of the error; shares in log-odds, others in logs.
ERROR = {"share": 0.5, "count": 0.3, "ratio": 0.5, "length": 0.3}
HOURS_ERROR, HALF_DAY_H = 6.0, 12.0
MISSING = 0.15


def coarse(table: np.ndarray, rng: np.random.Generator, missing: float = MISSING) -> np.ndarray:
    """Summaries (R, F) with errors, in classes; nan where the record does not have one."""
    error = rng.standard_normal(table.shape)
    out = np.full(table.shape, np.nan)
    for k, (_, kind, _) in enumerate(SUMMARIES.values()):
        x, e = table[:, k], error[:, k]
        if kind == "hours":
            out[:, k] = np.floor((x + HOURS_ERROR * e) / HALF_DAY_H)
            continue
        if kind == "share":
            x = np.clip(x, 0.01, 0.99)
            x = 1.0 / (1.0 + (1.0 - x) / x * np.exp(-ERROR[kind] * e))
        else:
            x = x * np.exp(ERROR.get(kind, 0.0) * e)
        out[:, k] = np.where(np.isnan(x), np.nan, np.digitize(x, EDGES[kind]))
    return np.where(rng.random(table.shape) < missing, np.nan, out)


# A text's words: which organs were passive, in Almaty, elsewhere, most of them out of sight, whether they fraternised.
SAID = {
    "police": 1, "guard": 1, "security": 1, "depth_almaty": 1, "depth_elsewhere": 1, "out_of_sight": 3,
    "fraternisation": 1,
}  # fmt: skip


def said(record: np.ndarray, without: Sequence[str] = ()) -> np.ndarray:
    """What a text says of a coarse record: yes or no to each of `SAID`, and the day after the first clash."""
    number = {name: k for k, name in enumerate(SUMMARIES)}
    names = [name for name in SAID if SUMMARIES[name][0] not in without]
    told = [np.where(np.isnan(x := record[:, number[n]]), np.nan, x >= SAID[n]) for n in names]
    return np.column_stack([*told, np.floor(record[:, number["after_clash_h"]] / 2)])
