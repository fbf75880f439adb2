"""Plays the runs of the study and keeps each as a line of a file, so that a second start goes on where the first ended.

A job is a dict: variant (what it is, "as it is" for the base), draw (a number or "declared"), seed, and what changes:
set, measures, until, step_h, month (an ordinary month in place of the case's days). Its key names it in the file.
"""

from __future__ import annotations

import gc
import hashlib
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import groundswell as gs
from groundswell.case import Case
from groundswell.case.calibration import DECLARED
from groundswell.engine.simulation import CoarseStep, Simulation
from groundswell.figures import frames
from groundswell.play import lines
from groundswell.study.calibration.ordinary import ordinary_world
from groundswell.world.world import World, build

AS_IT_IS = "as it is"
MOST_PEOPLE = 2_000_000
"""A run with more people on the street is stopped and told as run away."""

CODE = ("world", "engine", "domains", "history", "observe", "case", "study/calibration")
MEASURED = ("measure", "cells", "frame", "features", "grouping")


class _RunAway(Exception):
    """More than MOST_PEOPLE are out."""


@cache
def world_of(case: str) -> World:
    """The world of a case, built once a process."""
    return build(gs.load(case))


@cache
def month_of(case: str, month: str) -> World:
    """The world of a case in an ordinary month."""
    return ordinary_world(world_of(case).case, month)


def middle_of(case: Case) -> int | str:
    """The draw that is played where none is named."""
    return DECLARED if case.draws is None else case.draws.middle


def job(draw: int | str, seed: int, variant: str = AS_IT_IS, **changes: Any) -> dict[str, Any]:
    """One run to be played."""
    return {"key": f"{variant} | draw {draw} | seed {seed}", "variant": variant, "draw": draw, "seed": seed, **changes}


def followed(w: World) -> tuple[np.ndarray, int]:
    """Places (P,) of the largest town, and the spot that is its main administration; -1: it has none."""
    people = np.bincount(w.town, w.people)
    places = w.town == int(people.argmax())
    inside = {w.place_id[i] for i in np.flatnonzero(places)}
    rows = [row for row in w.case.tables["sites"].rows if row.kind == "administration" and row.place in inside]
    return places, list(w.spots.id).index(rows[0].site) if rows else -1


def play(case: str, one: Mapping[str, Any]) -> dict[str, Any]:
    """One run in numbers."""
    w = month_of(case, one["month"]) if one.get("month") else world_of(case)
    out = {k: one[k] for k in ("key", "variant", "draw", "seed")}
    settings, draw = dict(one.get("set") or {}), one["draw"]
    if one.get("month") and w.case.draws is not None and draw != DECLARED:  # hours of measures have no place there
        drawn = w.case.draws.of(int(draw))
        settings = {k: v for k, v in drawn.items() if not k.startswith("measure:")} | settings
        draw = DECLARED

    def watch(s: Simulation) -> None:
        if s.state.on_street.sum() > MOST_PEOPLE:
            raise _RunAway

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoarseStep)
        try:
            r = gs.run(
                w.case, world=w, seed=one["seed"], draw=draw, set=settings, measures=one.get("measures"),
                until=one.get("until"), step_h=one.get("step_h", 1.0), progress=watch,
            )  # fmt: skip
        except _RunAway:
            return out | {"ran_away": True}
    out |= _numbers(r, w)
    if one["variant"] == AS_IT_IS:
        out |= _series(r, w)
    gc.collect()
    return out | {"ran_away": False}


def _hours(r: Any, series: np.ndarray) -> np.ndarray:
    """(H, ...) a series at whole hours."""
    every = max(round(1 / r.plan.step_h), 1)
    return series[: r.simulation.step][every - 1 :: every]


def _numbers(r: Any, w: World) -> dict[str, Any]:
    """What is kept of every run: counts, its score, and when the main administration of the largest town is lost."""
    places, site = followed(w)
    national = r.reading.total("on_street")
    lost = np.zeros(0, int) if site < 0 else np.flatnonzero(r.reading.series("site_held")[:, site] < 0.5)
    harm = r.harm
    return {
        "hours": r.summary["hours"], "joins": r.summary["joins"], "peak": int(national.max(initial=0)),
        "peak_town": int(r.reading.total("on_street", places).max(initial=0)),
        "ties": int(r.reading.series("joined_by_tie").sum()) if r.reading.has("joined_by_tie") else 0,
        "people": int(w.people.sum()), "score": r.score,
        "lost_h": float(lost[0] + 1) * r.plan.step_h if len(lost) else None,
        "harm": {k: harm[k] for k in ("dead", "injured", "detained")}, "shops": harm["shops_looted"],
    }  # fmt: skip


def _series(r: Any, w: World) -> dict[str, Any]:
    """What is kept of runs of the base alone: courses, harm by region, figures, ending, phases."""
    places, _ = followed(w)
    street = _hours(r, r.reading.series("on_street"))
    away = _hours(r, r.reading.series("site_held")) < 0.5
    here = places[w.spots.place]
    days = -(-len(street) // 24)
    region = np.stack([street[:, w.region == i].sum(axis=1) for i in range(len(w.region_id))], axis=1)
    by_day = [region[24 * d : 24 * d + 24].max(axis=0).astype(int).tolist() for d in range(days)]
    t_ms = frames.local_ms(r.history, r.simulation.clock.main_offset_h)
    every = max(round(1 / r.plan.step_h), 1)
    return {
        "start_ms": int(t_ms[every - 1]), "offset_h": r.simulation.clock.main_offset_h,
        "national": street.sum(axis=1).astype(int).tolist(),
        "town": street[:, places].sum(axis=1).astype(int).tolist(),
        "sites": away.sum(axis=1).tolist(), "sites_town": away[:, here].sum(axis=1).tolist(),
        "region_by_day": by_day,
        "by_region": r.harm["by_region"], "figures": {f["id"]: f["simulated"] for f in r.harm["figures"]},
        "ending": r.ending.title, "phases": [p["phase"] for p in r.phases if p["observed"]],
    }  # fmt: skip


def digest_of(case: Case) -> str:
    """Digest of what the numbers of a run follow from: the case, its draws, and the code that plays and measures."""
    package, total = Path(gs.__file__).parent, hashlib.sha256(case.digest.encode())
    total.update(b"" if case.draws is None else case.draws.digest.encode())
    files = [p for name in CODE for p in sorted((package / name).rglob("*.py"))]
    for path in (*files, *(package / "record" / f"{name}.py" for name in MEASURED)):
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def player(common: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The function that plays a job of a case in a process of the pool."""
    return lambda one: play(common["case"], one)


def rows_of(case: str, jobs: Iterable[dict[str, Any]], file: Path, workers: int) -> list[dict[str, Any]]:
    """The runs of jobs, in their order; what is not in the file yet is played and added to it."""
    jobs = list(jobs)

    def told(n: int, of: int, row: Mapping[str, Any]) -> None:
        print(f"  {n} of {of}, {row['key']}: {_short(row)}", flush=True)

    have = lines.play("tools.base.playing:player", {"case": case}, jobs, file, workers, told)
    return [have[one["key"]] for one in jobs]


def _short(row: Mapping[str, Any]) -> str:
    if row["ran_away"]:
        return "ran away"
    met, dead = row["score"], row["harm"]["dead"]["total"]
    return f"{met['met']} of {met['of']} met, {row['peak']:,} at most, {dead:,} dead, {row['wall_s']:.0f} s"
