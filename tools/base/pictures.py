"""The pictures of the study: turnout, regions, the largest town, sites, harm, statements met."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tools.base.numbers import NATIONAL, Rows, Statement, hour, source_of
from tools.base.playing import followed

from groundswell.case import Case
from groundswell.figures import frames, save
from groundswell.figures.bands import bands
from groundswell.figures.heat import by_day
from groundswell.figures.rows import ranges, shares_met
from groundswell.record.record import Record
from groundswell.world.world import World

AFTER_H = 48
"""Hours drawn after the last at which a tenth of the runs has 500 people out."""

HOW = "Line: median; bands: 50 and 80 percent of the runs, each hour by itself."
SIDE = ("not of the forces", "the forces")
SIDES = (("dead", "Dead, not of the forces"), ("security_dead", "Dead of the forces"))


def draw(w: World, record: Record, rows: Rows, told: Sequence[Statement], out: Path) -> list[str]:
    """Makes every picture and says how each is named."""
    case, name = w.case, w.case.id
    start_ms, offset_h, n = rows[0]["start_ms"], rows[0]["offset_h"], len(rows)
    national = np.array([r["national"] for r in rows])
    until = drawn(national)
    town = w.region_names.get(w.region_id[w.region[int(np.flatnonzero(followed(w)[0])[0])]], "the largest town")
    common: dict[str, Any] = {"start_ms": start_ms, "offset_h": offset_h, "hours": (0, until)}
    made = {
        "turnout": bands(
            national, title=f"People on the street in the whole country, {n} runs",
            note=f"{HOW} Diamonds: official totals for the day, with the factor of 1.5 as which they are read.",
            unit="people on the street", points=official(case, record), **common,
        ),
        "regions": regions(w, rows),
        "largest-town": bands(
            np.array([r["town"] for r in rows]), title=f"People on the street in {town}, {n} runs", note=HOW,
            unit="people on the street", **common,
        ),
        "sites": bands(
            np.array([r["sites"] for r in rows]), title=f"Sites in the crowd's hands in the whole country, {n} runs",
            note=f"{HOW} Of {len(case.tables['sites'].rows)} sites.", unit="sites", **common,
        ),
        "harm": figures(w, rows),
        "harm-regions": harm_by_region(w, rows),
        "statements": shares_met(
            [{"statement": s.text, "share": s.share, "use": s.use, "source": s.source} for s in told],
            title="Share of the runs that meet each dated statement",
            note=f"{n} runs. Kept back: no calibration saw them; the forms of the model were chosen with all in view.",
        ),
    }  # fmt: skip
    paths = []
    for kind, chart in made.items():
        path = out / f"{name}-{kind}.png"
        if chart is not None:
            save(chart, path)
            paths.append(path.name)
    return paths


def drawn(national: np.ndarray) -> int:
    """Hours drawn: up to two days after a tenth of the runs last has 500 people out, to a midnight."""
    out = np.flatnonzero(np.quantile(national, 0.9, axis=0) >= 500)
    last = (int(out[-1]) + 1 if len(out) else 0) + AFTER_H
    return int(min(max(-(-last // 24) * 24, 96), national.shape[1]))


def official(case: Case, record: Record) -> list[dict[str, Any]]:
    """Official totals as points, in the afternoon of their day."""
    found = []
    for id in NATIONAL:
        if id not in record.index:
            continue
        o = record.observation(id)
        for c in record.claims_of(id):
            if c.value is not None:
                low, high = c.value
                middle = float(np.sqrt(low * high))
                figure = round(middle, -3)
                found.append({"hour": hour(case, o.start_local) + 18, "value": middle, "low": low, "high": high,
                              "label": f"official: {figure:,.0f}"})  # fmt: skip
    return found


def regions(w: World, rows: Rows) -> Any:
    """Median over runs of the most people on the street at one time, by region and day."""
    table = np.median([r["region_by_day"] for r in rows], axis=0)
    days = np.flatnonzero((table >= 10).any(axis=1))
    if not len(days):
        return None
    first, last = int(days[0]), int(days[-1]) + 1
    order = [int(k) for k in np.argsort(-table.max(axis=0)) if table[:, k].max() >= 10]
    day0 = rows[0]["start_ms"] - 3_600_000
    names = [frames.when(day0 + d * 86_400_000).rsplit(" ", 1)[0] for d in range(first, last)]
    return by_day(
        table[first:last][:, order], [w.region_names.get(w.region_id[k], w.region_id[k]) for k in order], names,
        title="Most people on the street at one time, by region and day",
        note=f"Median of {len(rows)} runs; empty: fewer than 10.",
    )  # fmt: skip


def figures(w: World, rows: Rows) -> Any:
    """Sources' figures of harm beside counts of their own definition."""
    from groundswell.case.statements import statements

    by, names = {row.id: row for row in statements(w.case)}, w.region_names
    table = []
    for id in rows[0]["figures"]:
        found = [r["figures"][id] for r in rows if r["figures"].get(id) is not None]
        if not found:
            continue
        low, middle, high = np.quantile(found, [0.1, 0.5, 0.9])
        row = by[id]
        where = "" if tuple(row.scope) == ("*",) else f" in {', '.join(names.get(s, s) for s in row.scope)}"
        kind = "dead of the forces" if row.kind == "security_dead" else str(row.kind).replace("_", " ")
        name = f"{kind}{where}, by {_day(row.end_local)} ({source_of(row)})"
        table.append({"name": name, "low": float(low), "middle": float(middle), "high": float(high),
                      "said_low": row.low, "said_high": row.high,
                      "side": SIDE[str(row.kind).startswith("security")]})  # fmt: skip
    if not table:
        return None
    return ranges(
        table, title="Harm: what runs have beside what sources say", unit="people",
        note=f"Bar: 10 to 90 percent of {len(rows)} runs, tick: median. Black: the source's figure or range, an arrow "
        "where it says at least so many. Each is counted by its own definition and date.",
    )  # fmt: skip


def _day(local: Any) -> str:
    """The last day that a count until a local time takes in."""
    from datetime import datetime, timedelta

    last = datetime.fromisoformat(str(local)) - timedelta(minutes=1)
    return f"{last.day} {frames.MONTHS[last.month - 1]}"


def harm_by_region(w: World, rows: Rows) -> Any:
    """Dead by region and side, over all runs."""
    table = []
    for k, region in enumerate(w.region_id):
        for key, side in SIDES:
            found = [r["by_region"].get(region, {}).get(key, 0) for r in rows]
            low, middle, high = (float(v) for v in np.quantile(found, [0.1, 0.5, 0.9]))
            short = "" if key == "dead" else ", forces"
            table.append({"name": f"{w.region_names.get(region, region)}{short}", "low": low, "middle": middle,
                          "high": high, "side": side, "k": k})  # fmt: skip
    most = {k: max(t["high"] for t in table if t["k"] == k) for k in range(len(w.region_id))}
    table = sorted((t for t in table if most[t["k"]] >= 1), key=lambda t: (-most[t["k"]], t["k"]))
    if not table:
        return None
    return ranges(
        table, title="Dead by region and side, whole run", unit="people",
        note=f"Bar: 10 to 90 percent of {len(rows)} runs, tick: median. Sources give no figures by region.",
    )  # fmt: skip
