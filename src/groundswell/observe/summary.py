"""What came of a run in one page of numbers: turnout, onset, strikes, harm, phases, ending."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundswell.observe.endings import ending_of
from groundswell.observe.events import onset_hour
from groundswell.observe.harm import MAIN, counted, harm
from groundswell.observe.phases import phases
from groundswell.observe.reading import Reading
from groundswell.observe.streets import strike_count
from groundswell.observe.window import ONSET_PEOPLE


def summary(reading: Reading) -> dict[str, Any]:
    """What came of a run as plain data; harm by the definitions of `observe.harm`."""
    r = reading
    national = r.total("on_street")
    peak = int(national.argmax()) if r.steps else 0
    return {
        "peak_on_street": int(national.max(initial=0)),
        "peak_time": r.iso(peak) if national.any() else None,
        "joins": int(r.series("joined").sum()),
        "onset": onset(r),
        "strikes": strike_count(r.series("striking")),
        **{name: counted(r, name) for name in MAIN},
        "displaced": None,
        "harm": harm(r),
        "ending": ending_of(r).to_json() if r.steps else None,
        "phases": phases(r),
    }


def onset(reading: Reading, people: float = ONSET_PEOPLE) -> dict[str, str]:
    """Place -> ISO time at which the first crowd of at least `people` stood there, the earliest first."""
    if not reading.steps:
        return {}
    hours = onset_hour(reading.series("on_street"), people)
    ids, clock = reading.world.place_id, reading.clock
    found = [(h, p) for h, p in zip(hours, ids, strict=True) if not np.isnan(h)]
    return {p: clock.iso(h * clock.step_h) for h, p in sorted(found)}
