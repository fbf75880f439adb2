"""The key numbers of a run as they are printed -> label, value, note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import numpy as np

from groundswell.figures import frames

from .data import ReportData
from .wording import NOT_MODELLED


@dataclass(frozen=True)
class Number:
    """One key number: what it counts, the number as text, a note, and whether it counts harm."""

    label: str
    value: str
    note: str
    harm: bool = False
    spoken: bool = False  # the value is words, not a number


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


def facts(data: ReportData) -> dict[str, Any]:
    """The run's totals, from its summary or else from its history; None where not modelled."""
    history, given = data.history, data.summary
    whole = frames.total(history, "on_street")
    first = frames.first_hours(history)
    striking = history["striking"].transpose("time", "enterprise").values if "striking" in history else None
    peak = int(whole.argmax())
    found: dict[str, Any] = {
        "peak_on_street": whole[peak],
        "peak_time": history["time"].values[peak],
        "onset": int((first >= 0).sum()),
        "places": len(first),
        "strikes": None if striking is None else int((np.nan_to_num(striking) >= 0.05).any(axis=0).sum()),
        "enterprises": None if striking is None else striking.shape[1],
        "arrests": frames.total(history, "arrested").sum() if "arrested" in history else None,
        "injured": frames.total(history, "injured").sum() if "injured" in history else None,
        "held": frames.total(history, "held").max() if "held" in history else None,
        "dead": frames.total(history, "dead").sum() if "dead" in history else None,
    }
    found.update({key: given[key] for key in found if given.get(key) is not None})
    for key in ("onset", "strikes"):
        if isinstance(found[key], (Mapping, list, tuple)):
            found[key] = len(found[key])
    return found


def key_numbers(data: ReportData) -> list[Number]:
    """The tiles at the head of the report; harm stands among them at the same size."""
    f = facts(data)
    peak_note = (
        local_time(f["peak_time"], data.main_utc_offset_h) if f["peak_on_street"] > 0 else "at no hour"
    )
    of_works = (
        "" if f["enterprises"] is None else f"of {f['enterprises']:,} enterprises, 5 % or more of the workers"
    )
    silent = "this version has no mechanism of lethal force" if f["dead"] is None else "over the whole run"
    return [
        Number("People simulated", count(data.population), "every inhabitant, synthetic"),
        Number("Most on the street at once", count(f["peak_on_street"]), peak_note),
        Number(
            "Places with a rally",
            count(f["onset"]),
            f"of {f['places']:,}, {frames.ONSET_PEOPLE} people or more",
        ),
        Number("Enterprises on strike", count(f["strikes"]), of_works, spoken=f["strikes"] is None),
        Number("Dead", count(f["dead"]), silent, harm=True, spoken=f["dead"] is None),
        Number("Injured", count(f["injured"]), "over the whole run", harm=True, spoken=f["injured"] is None),
        Number("Arrested", count(f["arrests"]), "over the whole run", harm=True, spoken=f["arrests"] is None),
        Number(
            "Held in custody", count(f["held"]), "at most at one time", harm=True, spoken=f["held"] is None
        ),
    ]
