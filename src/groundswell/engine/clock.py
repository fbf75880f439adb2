"""The clock of a run: steps since the case's start inside, local wall-clock time of every place outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

YEAR_DAYS = 365.25
MONTH_H = YEAR_DAYS * 24.0 / 12.0


@dataclass(frozen=True)
class Now:
    """The beginning of a step.

    step: number of the step, from 0. hour: hours since the case's start. local_hour: (P,) hour of the day 0..24 in
    each place's own zone. local_day: (P,) whole days since midnight of the start's date, in the place's own zone.
    """

    step: int
    hour: float
    local_hour: np.ndarray
    local_day: np.ndarray


class Clock:
    """Steps of `step_h` hours from `start`; places keep `utc_offset_h` (P,)."""

    def __init__(self, start: datetime, hours: int, step_h: float, utc_offset_h: np.ndarray):
        offset = start.utcoffset()
        if offset is None:
            raise ValueError(f"start {start}: needs a zone")
        self.start, self.hours, self.step_h = start, hours, step_h
        self.steps = round(hours / step_h)
        self.main_offset_h = offset / timedelta(hours=1)
        self._local_0 = start.hour + start.minute / 60 + np.asarray(utc_offset_h, float) - self.main_offset_h

    def now(self, step: int) -> Now:
        """The beginning of a step."""
        hour = step * self.step_h
        local = self._local_0 + hour
        day = np.floor(local / 24.0)
        return Now(step, hour, local - 24.0 * day, day.astype(np.int64))

    def iso(self, hour: float) -> str:
        """Hours since the start as an ISO time in the start's zone."""
        return (self.start + timedelta(hours=float(hour))).isoformat(timespec="minutes")

    def hour_at(self, iso: str) -> float:
        """Hours since the start of an ISO time; without a zone it is read in the start's zone.

        Raises:
            ValueError: if the text is no ISO time.
        """
        when = datetime.fromisoformat(iso)
        if when.tzinfo is None:
            when = when.replace(tzinfo=self.start.tzinfo)
        return (when - self.start) / timedelta(hours=1)
