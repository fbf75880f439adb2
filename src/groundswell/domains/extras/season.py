"""Season: how much of what warms homes is bought at this time of the year.

    need(t) = 1 - heating * (1 - (1 + cos(2 pi (day(t) - coldest_day) / 365.25)) / 2)

1 on the coldest day, 0 half a year from it. A case gives budgets and the use of items as they are in the cold (it gives
`heating_share`, the part of an item that warms homes): of that part only `need` is bought, so a rise of its price takes
less of a budget (`hardship`) and is met by fewer people (`spark`) when homes are not heated. That is how a rise in
midwinter weighs more. By default every day is as cold as the coldest, and nothing depends on the date; how cold it is
to be outside is in `rhythm`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import YEAR_DAYS, Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed


class Season(Mechanism):
    """Need for heating by the time of the year."""

    name = "season"
    clock_h = 24.0
    writes = (Variable("heating_need", (), "1", "need for heating, of that on the coldest day", 1.0, keep="day"),)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the season."""

        heating: float = parameter(
            0.0, unit="1", prior=Fixed("switch"), source="switch", low=0, high=1,
            about="0: heating is needed all year as on the coldest day, 1: by season",
        )  # fmt: skip
        coldest_day: float = parameter(
            15.0, unit="day", prior=Fixed("middle of January"), source="assumed", high=366,
            about="coldest day of the year, 1 to 366",
        )  # fmt: skip

    def prepare(self) -> None:
        """The day of the year on which the case starts."""
        start = self.w.case.start
        self.first_day = start.timetuple().tm_yday + start.hour / 24.0

    def step(self, now: Now) -> None:
        """Need of the day."""
        p = self.p
        if p.heating:
            day = self.first_day + now.hour / 24.0 - p.coldest_day
            self.s.heating_need[...] = 1.0 - p.heating * (1.0 - np.cos(2.0 * np.pi * day / YEAR_DAYS)) / 2.0
