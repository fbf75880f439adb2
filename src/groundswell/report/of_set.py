"""The page of a set of runs: fit, harm beside the figures of sources, bands, endings, statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from groundswell.case.statements import statements
from groundswell.figures import frames, heat, inline_svg
from groundswell.figures.bands import HOUR_MS, bands
from groundswell.figures.rows import ranges
from groundswell.files import write
from groundswell.record.record import load_record
from groundswell.world.world import build

from . import wording
from .fit import FORMS
from .page import WIDTHS
from .templating import environment, styles

AFTER_H = 48
"""Hours drawn after the last at which a tenth of the runs has 500 people out."""

HOW = "Line: median; bands: 50 and 80 percent of the runs, each hour by itself."
SIDES = ("not of the forces", "the forces")
LEAST = 10
"""People on the street from which on a region and day stand in the table."""


def sentence(summary: Mapping[str, Any]) -> str:
    """How well the set fits: statements met in half of the runs, and those kept back."""
    score, n = summary["score"], summary["runs"]
    if not score["of"]:
        return f"{n} runs. No dated statement of the record can be held against them."
    words = f"Of {score['of']} dated statements {score['half']} are met in half or more of {n} runs"
    check = score["by_use"].get("check")
    return f"{words}; of those that were kept back {check['half']} of {check['of']}." if check else f"{words}."


def page(found: Any) -> str:
    """The page of a `groundswell.play.run_set.RunSet` as one HTML text."""
    from markupsafe import Markup

    world = build(found.case, 0.001)
    summary = found.summary
    drawn = []
    for name, told, chart in charts(found, world):
        svg = {kind: Markup(inline_svg(chart(width), f"{name}-{kind}")) for kind, width in WIDTHS.items()}
        drawn.append({"name": name, "told": told, **svg})
    n = len(found)
    return environment().get_template("set.html.j2").render(
        title=found.case.title, runs=n, summary=summary, sentence=sentence(summary), how=_how(found),
        standing=wording.standing(
            found.plan.carried.get("title"), found.plan.change.government or "scripted", "These runs carry"
        ),
        synthetic=wording.SYNTHETIC, cannot_tell=wording.cannot_tell(), limits=wording.LIMITS_OF_SETS,
        tiles=tiles(summary), charts=drawn, css=Markup(styles("report.css")),
        endings=[(name, k, k / n) for name, k in summary["endings"].items()],
        phases=[(name, k, k / n) for name, k in summary["phases"].items()],
        statements=_statements(found),
    )  # fmt: skip


def write_page(found: Any, path: str | Path) -> Path:
    """Write the page beside its place and rename it."""
    return write(path, page(found))


def _how(found: Any) -> str:
    first, last = found.known[0]["seed"], found.known[-1]["seed"]
    draws = {one["draw"] for one in found.known}
    words = f"{len(found)} runs, seeds {first} to {last}"
    if draws == {None}:
        words += ", with declared parameters"
    elif len(draws) == 1:
        words += f", all with draw {draws.pop()} of the calibration"
    else:
        words += f", each with a draw of the calibration by its weight ({len(draws)} different ones)"
    if found.failed:
        words += f"; {len(found.failed)} more ended in an error and are left out"
    words += f". The spread is that of luck{' and of what the calibration leaves open' if len(draws) > 1 else ''}."
    return f"{words} {FORMS}" if found.score["by_use"].get("check") else words


def tiles(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Key numbers: label, median, range, and whether they count harm."""
    labels = (
        ("dead", "Dead, not of the forces", True), ("security_dead", "Dead of the forces", True),
        ("injured", "Injured, not of the forces", True), ("detained", "Detained", True),
        ("peak_on_street", "Most on the street at one time", False), ("strikes", "Strikes", False),
    )  # fmt: skip
    out = []
    for key, label, harm in labels:
        low, middle, high = summary["spread"][key]
        out.append({"label": label, "value": f"{middle:,.0f}", "note": f"{low:,.0f} to {high:,.0f}", "harm": harm})
    return [*out[:4], {"label": "Displaced", "value": wording.NOT_MODELLED, "note": "", "harm": True}, *out[4:]]


def charts(found: Any, world: Any) -> list[tuple[str, str, Any]]:
    """Name, what a reader who does not see it is told, and the chart as a function of its width."""
    n, start = len(found), start_ms(found.case)
    common: dict[str, Any] = {"start_ms": start, "offset_h": offset_h(found.case)}
    until = drawn(found.courses["on_street"])
    made: list[tuple[str, str, Any]] = []

    def band(name: str, unit: str, title: str, note: str, points: Sequence[Mapping[str, Any]] = ()) -> None:
        table = found.courses[name]
        if table.any():
            made.append((name, f"{title}. {note}", lambda width: bands(
                table, title=title, note=note, unit=unit, points=points, hours=(0, until), width=width,
                height=300 if name == "on_street" else 200, **common)))  # fmt: skip

    said = crowds(found.case)
    note = HOW + (" Diamonds: sources' totals with the range as which they are read." if said else "")
    band("on_street", "people", f"People on the street in the whole country, {n} runs", note, said)
    heat = by_day(found, world)
    if heat is not None:
        made.append(("by-day", "Most people on the street at one time by region and day, median of the runs.", heat))
    band("dead", "people", "Dead so far, all sides", HOW)
    band("injured", "people", "Injured so far, all sides", HOW)
    band("detained", "people", "Detained so far", HOW)
    band("sites", "sites", "Sites in the crowd's hands", HOW)
    rows = harm(found, world)
    if rows:
        made.append(("harm", "Sources' figures of harm beside what the runs have.", lambda width: ranges(
            rows, title="Harm: what runs have beside what sources say", unit="people", width=width,
            note="Bar: 10 to 90 percent of the runs, tick: median. Black: the source's figure or range. Each is "
            "counted by its own definition and date.")))  # fmt: skip
    return made


def offset_h(case: Any) -> float:
    """Hours of the case's clock ahead of UTC."""
    return float(case.start.utcoffset() / timedelta(hours=1))


def start_ms(case: Any) -> int:
    """Local time of the end of the first hour, ms since 1970."""
    start = case.start.replace(tzinfo=None)
    return round((start - type(start)(1970, 1, 1)) / timedelta(milliseconds=1)) + HOUR_MS


def drawn(street: np.ndarray) -> int:
    """Hours drawn: up to two days after a tenth of the runs last has 500 people out, to a midnight."""
    out = np.flatnonzero(np.quantile(street, 0.9, axis=0) >= 500)
    last = (int(out[-1]) + 1 if len(out) else 0) + AFTER_H
    return int(min(max(-(-last // 24) * 24, 96), street.shape[1]))


def crowds(case: Any) -> list[dict[str, Any]]:
    """Totals of people on the street everywhere that sources give, as points in the middle of their window."""
    out = []
    record = load_record(case)
    for o in record.observations:
        if o.kind == "crowd" and o.scope == ("*",):
            for c in record.claims_of(o.id):
                if c.value is not None and np.isfinite(c.value).all() and min(c.value) > 0:
                    low, high = c.value
                    middle = float(np.sqrt(low * high))
                    label = f"source: {float(f'{middle:.2g}'):,.0f}"
                    at = (o.start_h + o.end_h) / 2
                    out.append({"hour": at, "value": middle, "low": low, "high": high, "label": label})
    return out


def by_day(found: Any, world: Any) -> Any:
    """Median of the most people on the street at one time by region and day, as a function of the width."""
    hours = found.by_region.shape[2]
    starts = np.arange(0, hours, 24)
    most = np.median(np.maximum.reduceat(found.by_region, starts, axis=2), axis=0).T
    days = np.flatnonzero((most >= LEAST).any(axis=1))
    if not len(days):
        return None
    first, last = int(days[0]), int(days[-1]) + 1
    order = [int(k) for k in np.argsort(-most.max(axis=0), kind="stable") if most[:, k].max() >= LEAST]
    day0 = start_ms(found.case) - HOUR_MS
    labels = [frames.when(day0 + d * 24 * HOUR_MS).rsplit(" ", 1)[0] for d in range(first, last)]
    regions = [frames.region_name(found.regions[k], world.region_names) for k in order]
    return lambda width: heat.by_day(
        most[first:last][:, order], regions, labels, width=width,
        title="Most people on the street at one time, by region and day",
        note=f"Median of {len(found)} runs; empty: fewer than {LEAST}.",
    )  # fmt: skip


def harm(found: Any, world: Any) -> list[dict[str, Any]]:
    """The record's figures of harm beside the runs' counts of the same definition."""
    by = {row.id: row for row in statements(found.case)}
    runs: dict[str, list[float]] = {}
    for one in found.known:
        for f in one["harm"]["figures"]:
            if f["simulated"] is not None:
                runs.setdefault(f["id"], []).append(f["simulated"])
    names: list[str] = []
    out = []
    for id, values in runs.items():
        row = by[id]
        low, middle, high = (float(v) for v in np.quantile(values, (0.1, 0.5, 0.9)))
        places = ", ".join(frames.region_name(s, world.region_names) for s in row.scope)
        where = "" if tuple(row.scope) == ("*",) else f" in {places}"
        kind = "dead of the forces" if row.kind == "security_dead" else str(row.kind).replace("_", " ")
        names.append(f"{kind}{where}, by {_last_day(row.end_local)}")
        again = names.count(names[-1])
        out.append({"name": names[-1] if again == 1 else f"{names[-1]} ({again})", "low": low, "middle": middle,
                    "high": high, "said_low": row.low, "said_high": row.high,
                    "side": SIDES[str(row.kind).startswith("security")]})  # fmt: skip
    return out


def _last_day(local: Any) -> str:
    """The last day that a count until a local time takes in."""
    from datetime import datetime

    last = datetime.fromisoformat(str(local)) - timedelta(minutes=1)
    return f"{last.day} {frames.MONTHS[last.month - 1]}"


def _statements(found: Any) -> list[dict[str, Any]]:
    """Every statement with the share of the runs that meet it, by use, the most often met first."""
    record, names = load_record(found.case), {row.source: row.name for row in found.case.tables["sources"].rows}
    by = {row.id: row for row in statements(found.case)}
    out = []
    for c in record.claims:
        share = found.score["statements"].get(c.id)
        if share is not None:
            use = {"fit": "fitted", "check": "kept back"}.get(record.observation(c.observation).use, "neither")
            row = by[c.id]
            out.append({"statement": c.statement, "share": share, "use": use,
                        "source": names.get(str(row.text), str(row.text)), "line": row.line})  # fmt: skip
    return sorted(out, key=lambda r: (r["use"], -r["share"], r["statement"]))
