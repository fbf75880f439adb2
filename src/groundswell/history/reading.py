"""What readers of a run read from: its recorded hours by name, the world they belong to, and its clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np

from groundswell.engine.clock import Clock
from groundswell.engine.state import dimensions
from groundswell.world.world import Measure, World

# Every variable that history, report and figures read beyond the crowd's own counts: its dimensions, and what stands
# for it where its mechanism is off. A test holds that each is declared so and kept hour by hour.
READ: dict[str, tuple[tuple[str, ...], float]] = {
    "on_street": (("place",), 0),
    "fighting": (("place",), 0),
    "held": (("place",), 0),
    "joined": (("place",), 0),
    "dispersed": (("place",), 0),
    "arrested": (("place",), 0),
    "hurt": (("place",), 0),
    "died": (("place",), 0),
    "arrested_fighting": (("place",), 0),
    "hurt_fighting": (("place",), 0),
    "died_fighting": (("place",), 0),
    "taken": (("place",), 0),
    "striking": (("enterprise",), 0),
    "price": (("place",), 0),
    "offer": (("place", "demand"), 0),
    "lapsed": ((), 0),
    "posture": (("place",), 0),
    "cut": (("place",), 0),
    "on_way": (("place",), 0),
    "site_held": (("spot",), 1),
    "sites_lost": (("place",), 0),
    "council": (("place",), 0),
    "retake_failed": (("place",), 0),
    "burnt": (("place",), 0),
    "demolitions": (("place",), 0),
    "force": (("spot",), 0),
    "patrol": (("spot",), 0),
    "withdrawn": (("spot",), 0),
    "force_used": (("place",), 0),
    "armed": (("spot",), 0),
    "force_dead": (("place",), 0),
    "force_hurt": (("place",), 0),
    "force_disarmed": (("place",), 0),
    "passive_exhaustion": (("place",), 0),
    "passive_disloyalty": (("place",), 0),
    "passive_order": (("place",), 0),
    "unit_people": (("unit",), 0),
    "unit_place": (("unit",), 0),
    "unit_on_duty": (("unit",), 0),
    "unit_exhausted": (("unit",), 0),
    "unit_dead": (("unit",), 0),
    "unit_hurt": (("unit",), 0),
    "unit_disarmed": (("unit",), 0),
    "refusal": (("unit",), 0),
    "fallen_back": (("unit",), 0),
    "stand_by": (("unit",), 0),
    "stand_by_order": (("place",), 0),
    "allied_people": (("unit",), 0),
    "asked": ((), np.nan),
    "prepared": ((), np.nan),
    "decided": ((), np.nan),
    "arms_lost": (("place",), 0),
    "vehicles_lost": (("place",), 0),
    "arms_captured": (("place",), 0),
    "arms_issued_held": (("place",), 0),
    "arms_brought_held": (("place",), 0),
    "arms_recovered": (("place",), 0),
    "looted": (("place",), 0),
    "outsiders_dead": (("place",), 0),
    "outsiders_hurt": (("place",), 0),
    "outsiders_held": (("place",), 0),
    "belief": (("faction",), 0.5),
    "presidency": ((), 0),
    "office_faction": (("office",), 0),
    "patron_removed": ((), 0),
    "spent_usd": (("head",), 0),
    "trust_mean": (("place",), 0.5),
    "consent": (("place",), 0.5),
    "demands_held": (("place", "demand"), 0),
    "stance": (("faction",), 0),
    "outsiders": (("spot",), 0),
    "food_short": (("place",), 0),
    "cash_short": (("place",), 0),
    "rate_prices": ((), 0),
    "fuel_short": (("place",), 0),
    "fuel_short_eve": (("place",), 0),
    "clearing_price": (("place",), np.nan),
    "clearing_price_eve": (("place",), np.nan),
    "true_foreign": ((), 0),
    "shown_foreign": ((), 0),
    "shown_local": ((), 0),
    "shown_elsewhere": ((), 0),
    "shown_record": ((), 0),
}


@dataclass(frozen=True)
class Reading:
    """The recorded hours of a run, ready to be read.

    Args:
        world: what exists.
        clock: steps and dates.
        hourly: recorded variables (steps, *dims) by name.
        steps: steps played; what is recorded beyond them is not looked at.
        taken: measures that the government's ladder added in the run.
    """

    world: World
    clock: Clock
    hourly: Mapping[str, np.ndarray] = field(repr=False)
    steps: int
    taken: Sequence[Measure] = ()

    def series(self, name: str) -> np.ndarray:
        """(T, *dims) one variable over the steps played; neutral where it is not recorded."""
        if name in self.hourly:
            return self.hourly[name][: self.steps]
        dims, neutral = READ[name]
        return np.full([self.steps, *(self.sizes[d] for d in dims)], neutral)

    def total(self, name: str, places: np.ndarray | None = None) -> np.ndarray:
        """(T,) a variable by place summed over places, all of them or those of a mask."""
        array = self.series(name)
        return (array if places is None else array[:, places]).sum(axis=1)

    def running(self, name: str) -> np.ndarray:
        """(T,) running total of a flow over everything it is counted by."""
        array = self.series(name)
        return np.cumsum(array.sum(axis=tuple(range(1, array.ndim))))

    @cached_property
    def standing_by(self) -> np.ndarray:
        """(T, U) whether a unit is under an order to stand by, of those who command it or of the government."""
        by_government = np.take_along_axis(self.series("stand_by_order") > 0, self.series("unit_place").astype(int), 1)
        return (self.series("stand_by") > 0) | by_government

    def has(self, name: str) -> bool:
        """Whether the run recorded a variable."""
        return name in self.hourly

    @property
    def measures(self) -> list[Measure]:
        """Measures recorded and taken, by time."""
        return sorted([*self.world.measures, *self.taken], key=lambda m: (m.start_h, m.id))

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Length of every dimension."""
        return dimensions(self.world)

    @cached_property
    def days(self) -> np.ndarray:
        """(T,) day of each step's beginning, counted from the run's first midnight in the case's zone."""
        hours = np.arange(self.steps) * self.clock.step_h + self.clock.start.hour + self.clock.start.minute / 60
        return (hours // 24).astype(np.int64)

    @property
    def spot_place(self) -> np.ndarray:
        """(S,) place of every spot."""
        return self.world.spots.place

    @property
    def spot_kind(self) -> np.ndarray:
        """(S,) kind of every spot: "ground", or the kind of its site."""
        return self.world.spots.kind

    @cached_property
    def largest_town(self) -> np.ndarray:
        """(P,) whether a place belongs to the town with the most inhabitants."""
        people = np.bincount(self.world.town, self.world.people)
        return self.world.town == people.argmax()

    def step_before(self, hour: float) -> int:
        """Number of steps that end at or before an hour of the run."""
        return int(np.clip(np.floor(hour / self.clock.step_h + 1e-9), 0, self.steps))

    def iso(self, step: int | float | None) -> str | None:
        """The end of a step as an ISO time; None for none."""
        return None if step is None else self.clock.iso((step + 1) * self.clock.step_h)

    def local(self, step: int | float, places: np.ndarray | None = None) -> str:
        """The end of a step as `5 Jan 18:00` on the clock of its places (of the case where they keep several)."""
        return self.local_hour((step + 1) * self.clock.step_h, places)

    def local_hour(self, hour: float, places: np.ndarray | None = None) -> str:
        """An hour of the run as the wall clock of places shows it."""
        zones = np.unique(self.world.utc_offset_h if places is None else self.world.utc_offset_h[places])
        zone = zones[0] if len(zones) == 1 else self.clock.main_offset_h
        when = self.clock.start + timedelta(hours=float(hour + zone - self.clock.main_offset_h))
        return f"{when.day} {when:%b %H:%M}"


def first(condition: Any) -> int | None:
    """First step at which something holds (T,); None if never."""
    at = int(np.argmax(condition)) if len(condition) else 0
    return at if len(condition) and condition[at] else None
