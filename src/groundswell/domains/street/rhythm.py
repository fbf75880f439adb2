"""Rhythm of day and night, holidays, curfew and cold: when people can come out at all.

    hour_factor_p(t) = band(local hour) * calendar(local day)
    cost_p += per_degree * max(0, limit - temperature_p(t)) - ln(curfew_factor) * (curfew stands and it is night)

Temperature runs as a cosine between the usual night and day of the month (climate.csv), coldest at 03:00 local time.
The bands are coarse: night, morning, working day, afternoon and evening, late evening. Each force of nature or law
enters once: a curfew only here, not in the risk of arrest.
The bands are assumed, not measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, Uniform
from groundswell.world.climate import usual_c

BANDS_H = np.array([0, 6, 9, 15, 22, 24])
_MARGIN_DAYS = 2  # no two zones are further apart


class Rhythm(Mechanism):
    """Availability of people by local hour."""

    name = "rhythm"
    reads = ("curfew",)
    writes = (Variable("hour_factor", ("place",), "1", "share of the day's largest availability", 1.0),)
    adds = ("cost",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the rhythm."""

        night: float = parameter(
            0.1, unit="1", prior=Fixed("table of hours"), source="assumed", about="availability 00-06"
        )
        morning: float = parameter(
            0.3, unit="1", prior=Fixed("table of hours"), source="assumed", about="availability 06-09"
        )
        working_day: float = parameter(
            0.7, unit="1", prior=Fixed("table of hours"), source="assumed", about="availability 09-15"
        )
        evening: float = parameter(
            1.0, unit="1", prior=Fixed("table of hours"), source="assumed", about="availability 15-22"
        )
        late: float = parameter(
            0.5, unit="1", prior=Fixed("table of hours"), source="assumed", about="availability 22-24"
        )
        cold_per_degree: float = parameter(
            0.05, unit="log-hazard/K", prior=Uniform(0, 0.1), source="assumed", about="cost of a degree below the limit"
        )
        cold_limit_c: float = parameter(
            -5.0, unit="degC", prior=Fixed("scale of cold_per_degree"), source="assumed", about="cold starts here"
        )
        curfew_factor: float = parameter(
            0.4,
            unit="1",
            prior=Uniform(0.1, 0.8),
            source="assumed",
            about="availability under curfew, relative",
            low=0.001,
        )
        curfew_from_h: float = parameter(
            23.0, unit="h", prior=Fixed("decree"), source="assumed", about="curfew begins, local time"
        )
        curfew_to_h: float = parameter(
            7.0, unit="h", prior=Fixed("decree"), source="assumed", about="curfew ends, local time"
        )

    def prepare(self) -> None:
        """Lay out the table of hours, holidays by local day, and temperatures by place."""
        p, case = self.p, self.w.case
        self.bands = np.array([p.night, p.morning, p.working_day, p.evening, p.late])
        rows = case.tables["calendar"].rows
        first = case.start.date()
        holidays = {(_day(r.date) - first).days: float(r.activity_factor) for r in rows}
        days = range(-_MARGIN_DAYS, case.horizon_hours // 24 + 2 * _MARGIN_DAYS)
        self.calendar = np.array([holidays.get(day, 1.0) for day in days])
        self.usual_c = {month: usual_c(self.w, month) for month in range(1, 13)}

    def step(self, now: Now) -> None:
        """Availability and the cost of cold and curfew for this hour."""
        p, s, hour = self.p, self.s, now.local_hour
        band = np.searchsorted(BANDS_H, hour, side="right") - 1
        s.hour_factor[:] = self.bands[band] * self.calendar[now.local_day + _MARGIN_DAYS]
        warm = 0.5 - 0.5 * np.cos(2 * np.pi * (hour - 3.0) / 24.0)
        night_c, day_c = self.usual_c[(self.w.case.start + timedelta(hours=now.hour)).month]
        cold = night_c + (day_c - night_c) * warm
        s.cost += p.cold_per_degree * np.maximum(0.0, p.cold_limit_c - cold)
        night = (hour >= p.curfew_from_h) | (hour < p.curfew_to_h)
        s.cost -= np.log(p.curfew_factor) * s.curfew * night


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
