"""The responsive government: a ladder of measures, each with a trigger, a delay, a duration and a cost.

    rung r is taken in region k at hour t if   x_k(trigger_r) >= threshold_factor * threshold_r   and it does not stand
    it then acts from   t + delay_factor * delay_r   for duration_r hours (0: to the end), and commits cost_r once

x is what the government sees when the hour begins: people on the street, places with a crowd, people who fight, sites
in the crowd's hands, dead so far, units that do not obey; or, for the trigger `after`, hours since another rung acted.
A rung of triggering scope looks at each region by itself and acts there; a rung for the nation looks at the sum. A
rung that has run out is taken again if its trigger still holds; kinds that stay done (a price cut, a dismissal) are
not, and `after` follows each taking of the other rung once. An order to the police is not given where a harder one
stands. Recorded measures that a rung replaces but that are still taken by the record count as takings of that rung.
Numbers of people are those of the whole country: a world at another scale of people is measured at its scale.

Scripted, no rung is live and nothing is worked out. Once nobody who held an office has the presidency, no rung is
taken any more. Concession and coercion stand on one ladder, so that either may follow the other: Moore (2000) finds
that states put the one in the place of the other when dissent goes on.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from groundswell.case.kinds import measure_kinds
from groundswell.domains.state.measures import POSTURES
from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal
from groundswell.engine.rates import HEADS

OF_PEOPLE = ("on_street", "fighting", "dead")


def head_of(kind: str) -> int:
    """The head of the treasury that a kind of measure is paid from."""
    return HEADS.index(measure_kinds()[kind].paid_from)


class Government(Mechanism):
    """Which rungs of the ladder are taken, where and when."""

    name = "government"
    needs = ("ladder",)
    lags = ("on_street", "fighting", "dead_so_far", "sites_lost", "refusal", "unit_place", "posture", "presidency")
    writes = (
        Variable("rung_place", ("rung", "place"), "h", "hour from which a rung acts in a place, nan: not", np.nan),
        Variable("rung_start", ("rung",), "h", "first hour at which a rung acts anywhere, nan: not", np.nan),
        Variable("rung_changes", (), "1", "times that a rung was taken so far"),
        Variable("rung_standing", ("rung",), "places", "places where a rung stands", keep="hour"),
        Variable("rung_usd", ("head",), "USD", "cost of the rungs taken this hour, as the ladder reckons it"),
        Variable("committed_usd", ("head",), "USD", "cost of all rungs taken so far", keep="hour"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the responsive government."""

        threshold_factor: float = parameter(
            1.0, unit="1", prior=LogNormal(1, 0.3, 3), source="assumed", about="patience: factor on every threshold"
        )
        delay_factor: float = parameter(
            1.0, unit="1", prior=LogNormal(1, 0.5, 2), source="assumed", about="slowness: factor on every delay"
        )
        crowd_people: float = parameter(
            50.0, unit="people", prior=Fixed("as in the record of events"), source="events of 50 and more people",
            about="smallest crowd that counts as a place out",
        )  # fmt: skip

    def prepare(self) -> None:
        """Rungs that act, and where and when the record takes measures that they replace."""
        w, ladder = self.w, self.w.ladder
        self.live = np.flatnonzero(w.rung_live)
        self.regions = len(w.region_id)
        self.head = [head_of(kind) for kind in ladder.kind]
        self.level = [POSTURES.index(k[8:]) if k.startswith("posture_") else -1 for k in ladder.kind]
        self.length = np.where(ladder.duration_h > 0, ladder.duration_h, np.inf)
        stays = [measure_kinds()[kind].lasts for kind in ladder.kind]
        self.lasts_h = np.where(np.array(stays, bool), np.inf, self.length)  # hours until it can be taken again
        scale = np.where(np.isin(ladder.trigger.astype(str), OF_PEOPLE), w.cells.people_scale, 1.0)
        self.limit = np.asarray(ladder.threshold * self.p.threshold_factor * scale, float)
        self.seen = sorted({str(ladder.trigger[r]) for r in self.live} - {"after"})
        self.row = np.array([self.seen.index(str(t)) if str(t) in self.seen else -1 for t in ladder.trigger], np.int64)
        self.wait = np.where(self.row < 0, self.p.delay_factor * ladder.threshold, np.inf).astype(float)
        self.in_region = [np.flatnonzero(w.region == k) for k in range(self.regions)]
        self.recorded = np.full((len(ladder.id), w.places), np.nan)
        self.recorded_end = np.full((len(ladder.id), w.places), -np.inf)
        for r, replaced in enumerate(ladder.replaces):
            for m in w.measures:
                if m.id in replaced:
                    end = np.inf if np.isinf(self.lasts_h[r]) or m.end_h is None else m.end_h
                    self.recorded[r, m.places] = np.fmin(self.recorded[r, m.places], m.start_h)
                    self.recorded_end[r, m.places] = np.maximum(self.recorded_end[r, m.places], end)
        self.by_record = ~np.isnan(self.recorded).all(axis=1)
        self._changes = np.nan  # what `_look` has worked out is of this count of changes
        self._key: tuple[float, int] | None = None

    def step(self, now: Now) -> None:
        """Take the rungs whose triggers hold."""
        if not len(self.live):
            return
        s, ladder, hour = self.s, self.w.ladder, now.hour
        s.rung_usd[:] = 0.0
        self._look()
        if s.presidency >= 0:
            sums = np.zeros((len(self.seen) + 1, self.regions))  # the last row is that of `after`, which sees nothing
            for row, trigger in enumerate(self.seen):
                sums[row] = np.bincount(self.w.region, self._in_places(trigger), self.regions)
            reached = sums[self.row] >= self.limit[:, None]
            reached[ladder.nation] = (sums.sum(axis=1)[self.row] >= self.limit)[ladder.nation, None]
            due = (reached & (self.free_in <= hour)).any(axis=1) & (self.row >= 0)
            due |= self.since_from + self.wait <= hour
            for r in self.live[due[self.live]]:
                called = self._called(int(r), hour, reached[r])
                if called.any():
                    self._take(int(r), called, hour + self.p.delay_factor * float(ladder.delay_h[r]))
            s.committed_usd += s.rung_usd
            self._look()
        key = (self._changes, bisect_right(self.bounds, hour))
        if key != self._key:
            self._key = key
            s.rung_standing[:] = np.count_nonzero((s.rung_place <= hour) & (hour < self.ends), axis=1)

    def _look(self) -> None:
        """What follows from the rungs taken so far; worked out anew when one was taken."""
        s, ladder = self.s, self.w.ladder
        if float(s.rung_changes) == self._changes:
            return
        self._changes = float(s.rung_changes)
        self.free_at = np.where(np.isnan(s.rung_place), -np.inf, s.rung_place + self.lasts_h[:, None])
        first = [self.free_at[:, places].min(axis=1, initial=np.inf) for places in self.in_region]
        self.free_in = np.stack(first, axis=1)  # (R, regions) hour from which some place of a region is free
        self.ends = s.rung_place + self.length[:, None]
        limits = np.concatenate([s.rung_place, self.ends], axis=None)
        self.bounds = np.unique(limits[np.isfinite(limits)]).tolist()
        last = np.fmax(s.rung_place, self.recorded)
        self.since = np.full_like(last, np.inf)  # hour from which a rung that follows counts; inf: nothing to follow
        for r in self.live[ladder.trigger[self.live] == "after"]:
            since = last[ladder.of_rung[r]]
            if not np.isnan(since).all():
                since = np.full(len(since), np.nanmin(since)) if ladder.nation[r] else since
                self.since[r] = np.where(np.isnan(since) | (last[r] >= since), np.inf, since)
        self.since_from = self.since.min(axis=1, initial=np.inf)

    def _take(self, r: int, places: np.ndarray, start: float) -> None:
        s, ladder = self.s, self.w.ladder
        s.rung_place[r, places] = start
        s.rung_start[r] = np.fmin(s.rung_start[r], start)
        s.rung_changes += 1.0
        orders = 1 if ladder.nation[r] else len(np.unique(self.w.region[places]))
        s.rung_usd[self.head[r]] += orders * float(ladder.cost_usd[r])

    def _called(self, r: int, hour: float, reached: np.ndarray) -> np.ndarray:
        """(P,) places in which the trigger of a rung holds and it may be taken."""
        after = self.row[r] < 0
        called = self.since[r] + self.wait[r] <= hour if after else reached[self.w.region]
        called = called & (self.free_at[r] <= hour)
        if self.by_record[r]:
            called &= ~((self.recorded[r] <= hour) & (hour < self.recorded_end[r]))
        if self.level[r] >= 0:
            called &= self.s.posture <= self.level[r]
        return np.asarray(called)

    def _in_places(self, trigger: str) -> np.ndarray:
        """(P,) what the government looks at."""
        s = self.s
        if trigger == "places_out":
            return (s.on_street >= self.p.crowd_people * self.w.cells.people_scale).astype(float)
        if trigger == "refusing":
            return np.bincount(s.unit_place.astype(np.int64), s.refusal > 0, self.w.places).astype(float)
        return np.asarray(s.dead_so_far if trigger == "dead" else getattr(s, trigger), float)
