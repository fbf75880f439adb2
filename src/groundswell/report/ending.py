"""The ending with its definition and its flags, as it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.figures import frames
from groundswell.observe.endings import DEFINITIONS

from .data import ReportData


def ending(data: ReportData) -> dict[str, Any] | None:
    """The ending as printed, None where the run tells none."""
    found = data.summary.get("ending")
    if not found:
        return None
    start = frames.span_of(frames.local_ms(data.history, data.main_utc_offset_h))[0]

    def moment(hour: Any) -> str:
        return "" if hour is None else frames.when(start + round(float(hour) * 3_600_000), weekday=True)

    flags = []
    if found["patron_removed"]:
        flags.append("The patron has been removed. This is a flag beside any ending.")
    if found["passed_to_president"]:
        names = ", ".join(found["passed_to_president"])
        flags.append(f"Command passed to the side of the president: {names}.")
    if found["calm_since_h"] is not None:
        flags.append(f"Fewer than 500 people on the street since {moment(found['calm_since_h'])}.")
    flags.append(_relapse(found, moment(found["relapse_h"])))
    return {
        "title": str(found["title"]),
        "why": str(found["why"]),
        "flags": flags,
        "rows": [(name, told, bool(found["conditions"].get(name))) for name, told in DEFINITIONS.items()],
    }


def _relapse(found: Mapping[str, Any], when: str) -> str:
    return {
        "yes": f"Relapse: 5,000 people or more were on the street again, {when}.",
        "no": "No relapse: within 90 days of the calm never 5,000 people on the street.",
        "no calm": "Relapse is told of a calm that follows a wave; there was none.",
    }.get(str(found["relapse"]), "Relapse within 90 days of the calm is not decided yet: the run ends before.")
