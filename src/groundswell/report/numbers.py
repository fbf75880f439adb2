"""The key numbers of a run as they are printed, and harm with the record's figures beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.figures import frames
from groundswell.observe.harm import COUNTED
from groundswell.observe.window import ONSET_PEOPLE

from .data import ReportData
from .names import where, window_words
from .wording import NOT_MODELLED, OFF

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Number:
    """One key number: what it counts, the number as text, a note, and whether it counts harm.

    said: sources' figures of the same definition, each with its date and what the run has until then.
    """

    label: str
    value: str
    note: str
    harm: bool = False
    spoken: bool = False  # the value is words, not a number
    said: tuple[str, ...] = ()


def count(value: Any) -> str:
    """A number with thousands separators; a missing one says that it is not modelled."""
    return NOT_MODELLED if value is None else f"{round(float(value)):,}"


def local_time(moment: Any, offset_h: float) -> str:
    """A moment (ISO text with or without offset, datetime, datetime64; bare ones are UTC) as local time."""
    from datetime import datetime, timedelta, timezone

    if isinstance(moment, np.datetime64):
        ms = int(moment.astype("datetime64[ms]").astype(np.int64))
        return frames.when(ms + round(offset_h * 3_600_000), weekday=True)
    stamp = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
    if stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=UTC)
    local = stamp.astimezone(timezone(timedelta(hours=offset_h))).replace(tzinfo=None)
    return frames.when(int(np.datetime64(local, "ms").astype(np.int64)), weekday=True)


def counted_in(history: xr.Dataset, definition: str) -> float | None:
    """People counted by a definition of `observe.harm` over a history; None where it has no such variable."""
    counted = COUNTED[definition]
    if not {counted.of[0], *counted.less} <= set(history):
        return None
    signs = [*((name, 1) for name in counted.of), *((name, -1) for name in counted.less)]
    return float(sum(sign * frames.total(history, name).sum() for name, sign in signs if name in history))


def facts(data: ReportData) -> dict[str, Any]:
    """The run's totals, from its summary or else from its history; None where not modelled."""
    history, given = data.history, data.summary
    whole = frames.total(history, "on_street")
    first = frames.first_hours(history)
    striking = history["striking"].transpose("time", "enterprise").values if "striking" in history else None
    peak = int(whole.argmax())

    def flow(name: str) -> float | None:
        return float(frames.total(history, name).sum()) if name in history else None

    def most(name: str) -> float | None:
        return float(frames.total(history, name).max()) if name in history else None

    found: dict[str, Any] = {
        "peak_on_street": whole[peak],
        "peak_time": history["time"].values[peak],
        "onset": int((first >= 0).sum()),
        "places": len(first),
        "on_strike": None if striking is None else int((np.nan_to_num(striking) >= 0.05).any(axis=0).sum()),
        "enterprises": None if striking is None else striking.shape[1],
        "fighting": most("fighting"),
        "held": most("held"),
        **{name: counted_in(history, name) for name in COUNTED},
        **{name: flow(name) for name in ("outsiders_dead", "outsiders_injured", "outsiders_arrested")},
        "looted": flow("looted"),
        "burnt": flow("burnt"),
    }
    found.update({key: given[key] for key in found if given.get(key) is not None})
    if isinstance(found["onset"], (Mapping, list, tuple)):
        found["onset"] = len(found["onset"])
    return found


def key_numbers(data: ReportData) -> list[Number]:
    """The tiles at the head of the report; harm stands among them at the same size, the dead first."""
    f = facts(data)
    peak_note = local_time(f["peak_time"], data.main_utc_offset_h) if f["peak_on_street"] > 0 else "at no hour"
    of_works = "" if f["enterprises"] is None else f"of {f['enterprises']:,} enterprises, 5 % or more of the workers"
    silent = "this version has no mechanism of lethal force" if f["dead"] is None else "over the whole run"
    ending = data.summary.get("ending")

    def members(name: str) -> str:
        """Members of organised groups among those counted, where there are any: they are no inhabitants."""
        return f"; {f[name]:,.0f} of them of organised groups" if f[name] else ""

    def harm(label: str, value: Any, note: str) -> Number:
        return Number(label, count(value), note if value is not None else "", harm=True, spoken=value is None)

    sides = f"{f['dead'] - f['dead_fighting']:,.0f} peaceful, {f['dead_fighting']:,.0f} fighting" if (
        f["dead"] is not None and f["dead_fighting"] is not None
    ) else silent  # fmt: skip
    forces = "" if f["security_injured"] is None else f"{f['security_injured']:,.0f} injured"
    ways = "over the whole run" if f["taken"] is None or f["arrested"] is None else (
        f"{f['arrested']:,.0f} on the street, {f['taken']:,.0f} from home"
    )  # fmt: skip
    fires = "" if f["burnt"] is None else f"public buildings set on fire: {f['burnt']:,.0f}"
    found = [
        Number("Dead", count(f["dead"]), sides + members("outsiders_dead"), harm=True, spoken=f["dead"] is None),
        harm("Dead of the forces", f["security_dead"], forces),
        harm("Injured", f["injured"], "who are not of the forces, over the whole run" + members("outsiders_injured")),
        harm("Detained", f["detained"], ways + members("outsiders_arrested")),
        harm("Held in custody", f["held"], "at most at one time"),
        harm("Shops looted", f["looted"], fires),
        Number("People simulated", count(data.population), "every inhabitant, synthetic"),
        Number("Most on the street at once", count(f["peak_on_street"]), peak_note),
        Number(
            "Most fighting at once", count(f["fighting"]), "of the people on the street", spoken=f["fighting"] is None
        ),
        Number("Places with a crowd", count(f["onset"]), f"of {f['places']:,}, {ONSET_PEOPLE} people or more"),
        Number("Enterprises on strike", count(f["on_strike"]), of_works, spoken=f["on_strike"] is None),
        Number("Ending", str(ending["title"]) if ending else "not told", "as defined below", spoken=True),
        *(_of_mechanism(row) for row in data.shown),
    ]
    said = said_by_sources(data)
    return [replace(n, said=said.get(SAID.get(n.label, ""), ())) for n in found]


SAID = {"Dead": "dead", "Dead of the forces": "security_dead", "Injured": "injured", "Detained": "detained"}
"""Tile -> the definition of its number in `observe.harm`."""


def said_by_sources(data: ReportData) -> dict[str, tuple[str, ...]]:
    """Definition -> sources' figures for the whole country, each once."""
    out: dict[str, tuple[str, ...]] = {}
    for row in (data.summary.get("harm") or {}).get("figures", ()):
        if row["scope"] == "*" and row["simulated"] is not None:
            last = frames.when(frames.ms_of(str(row["until"])) - 60_000).rsplit(" ", 1)[0]
            words = f"a source: {_range(row['low'], row['high'])} by {last}; this run then {row['simulated']:,}"
            told = out.get(row["counted"], ())
            out[row["counted"]] = told if words in told else (*told, words)
    return out


def _of_mechanism(row: Mapping[str, Any]) -> Number:
    """What a mechanism shows of its own, at its highest or first; where it is off, that it is not modelled."""
    value, label = row["value"], row["words"][:1].upper() + row["words"][1:]
    if value is None or np.isinf(value):
        return Number(label, OFF if value is None else "never", "", spoken=True)
    return Number(label, f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}", row["unit"])


def figures(data: ReportData) -> list[dict[str, Any]]:
    """The record's figures of harm, each beside the run's count of the same definition."""
    rows = (data.summary.get("harm") or {}).get("figures", ())
    return [
        {
            **row,
            "text": data.texts.get(str(row["text"]), row["text"]),
            "scope": where(data, row["scope"]),
            "until": window_words(str(row["until"]).replace(" ", "T")),
            "figure": _range(row["low"], row["high"]),
            "run": "the run ends before" if row["simulated"] is None else f"{row['simulated']:,}",
        }
        for row in rows
    ]


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
    if low is None and high is None:
        return "no figure"
    return f"at least {low:,.0f}" if low is not None else f"at most {high:,.0f}"


def by_region(data: ReportData) -> list[dict[str, Any]]:
    """Harm by region, the region with most dead first."""
    rows = (data.summary.get("harm") or {}).get("by_region", {})
    told = [{"region": frames.region_name(k, data.region_names), **v} for k, v in rows.items()]
    return sorted(told, key=lambda r: (-r["dead"], -r["security_dead"], -r["injured"], -r["detained"], r["region"]))
