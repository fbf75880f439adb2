"""The event-driven engine: every inhabitant, at a cost that grows with groups and events, not with people."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import get_num_threads, set_num_threads

from groundswell.engine import kernels
from groundswell.engine.rates import DEMANDS, Counts, Rates
from groundswell.engine.roster import Roster
from groundswell.engine.tables import ENTRY, HIT, PERSON, POOL, new_slots, room, room_slots

# What a checkpoint holds besides the counts. The rest is a function of the roster and the seed.
_STOCKS = ("clock", "step", "log_survival", "upcoming", "lowest", "rank", "heap", "entries", "used", "people",
           "demand_left", "slots", "pools", "pool_slots", "listed", "street", "wake", "waking", "sizes")  # fmt: skip


class Crowd:
    """People at home, on the street, resting, held and injured, under hazards that hold for one step.

    Order inside a step: those who are due become at risk again; clocks advance; first hits put people on the
    street; those who were there when the step began leave, are dispersed, arrested or injured, and take up demands.

    Args:
        roster: who lives where, in which group.
        seed: seed of every draw.
        shape: shape k of the gamma frailty with mean 1.
        steps: number of steps ever to be made (the horizon of those who will be at risk again).
        step_h: length of a step in hours.
        ties: False leaves out households, work units and neighbourhoods (and their memory) altogether.
        threads: threads for the parallel loops; the result does not depend on it.
    """

    def __init__(
        self,
        roster: Roster,
        seed: int,
        shape: float = 2.0,
        steps: int = 480,
        step_h: float = 1.0,
        ties: bool = True,
        threads: int = 1,
    ):
        groups = len(roster.group_size)
        self.roster, self.seed, self.shape, self.step_h, self.ties = roster, int(seed), float(shape), step_h, ties
        self.threads = threads
        self.counts = Counts.zero(roster.places, groups)
        self.clock, self.step = np.zeros(groups), np.zeros(groups)
        self.log_survival, self.upcoming = np.zeros(groups), np.zeros(groups)
        self.lowest, self.rank = np.full(groups, np.inf), np.zeros(groups, np.int64)
        self.heap, self.entries = np.full(groups, -1, np.int64), np.zeros(64, ENTRY)
        self.used = np.array([0, -1], np.int64)
        self.people, self.demand_left, self.slots = np.zeros(64, PERSON), np.zeros((64, len(DEMANDS))), new_slots()
        self.pools, self.pool_slots = np.zeros(64, POOL), new_slots()
        self.listed, self.street = np.zeros(64, np.int64), np.zeros(64, np.int64)
        self.wake, self.waking = np.full(steps + 1, -1, np.int64), np.zeros(steps + 1, np.int64)
        self.sizes = np.zeros(4, np.int64)  # people, pools, pools listed, people on the street
        self._passed, self._hits = np.zeros(groups, bool), np.zeros(64, HIT)
        self._exits, self._gained = np.zeros(64, np.int8), np.zeros(64, np.uint8)
        kernels.first_resistances(
            self.seed, self.shape, roster.group_size, roster.group_at_risk, self.log_survival, self.upcoming
        )

    # -- one step ------------------------------------------------------------------------------------------------

    def advance(self, now: int, rates: Rates) -> Counts:
        """Make step number `now` (0-based) under the given rates; returns the counts, which the next call reuses."""
        before = get_num_threads()
        set_num_threads(self.threads)
        try:
            self.counts.clear_flows()
            self._wake_up(now)
            self._join(now, rates)
            self._decide(now, rates)
        finally:
            set_num_threads(before)
        return self.counts

    def _wake_up(self, now: int) -> None:
        if self.wake[now] < 0:
            return
        self.entries = room(self.entries, int(self.used[0] + self.waking[now]))
        c = self.counts
        kernels.wake_up(
            self.seed, now, self.people, self.wake, self.clock, self.heap, self.lowest, self.entries, self.used, c.held, c.injured
        )  # fmt: skip

    def _join(self, now: int, rates: Rates) -> None:
        r = self.roster
        kernels.advance_groups(
            rates.join, self.step_h, self.clock, self.step, self.upcoming, self.lowest, self._passed
        )
        n = 0
        if self._passed.any():
            self._hits, n = kernels.group_hits(
                r, self.seed, self.shape, self.clock, self.step, self.upcoming, self.lowest, self._passed,
                self.log_survival, self.rank, self.heap, self.entries, self.used, self.people, self._hits,
            )  # fmt: skip
        listed = int(self.sizes[2])
        if self.ties and listed:
            tie_max = np.zeros(r.places)
            np.maximum.at(tie_max, r.group_place, rates.tie)
            kernels.advance_pools(self.listed, listed, self.pools, rates.beta, tie_max, self.step_h)
            self._hits, n = kernels.pool_hits(
                r, self.seed, self.listed, listed, self.pools, rates.tie, tie_max, self._hits, n
            )
        if n == 0:
            return
        people, pools, listed, street = (int(x) for x in self.sizes)
        self.people, self.demand_left = room(self.people, people + n), room(self.demand_left, people + n)
        self.slots = room_slots(self.slots, people + n)
        joiners = np.empty(n, np.int64)
        people, m = kernels.admit(r, self._hits, n, self.people, people, self.slots, joiners)
        self.street = room(self.street, street + m)
        if self.ties:
            self.pools, self.pool_slots = room(self.pools, pools + 3 * m), room_slots(self.pool_slots, pools + 3 * m)
            self.listed = room(self.listed, listed + 3 * m)
        c = self.counts
        self.sizes[1:] = kernels.start_spells(
            r, self.seed, self.shape, now, self.ties, joiners, m, self.people, self.demand_left, self.pools, pools,
            self.pool_slots, self.listed, listed, self.street, street, self.clock, self.step,
            c.on_street, c.on_street_group, c.joined, c.demands,
        )  # fmt: skip
        self.sizes[0] = people

    def _decide(self, now: int, rates: Rates) -> None:
        n = int(self.sizes[3])
        if n == 0:
            return
        self._exits, self._gained = room(self._exits, n), room(self._gained, n)
        kernels.decide(
            now, self.step_h, self.street, n, self.people, self.demand_left, rates.leave, rates.leave_growth,
            rates.leave_factor, rates.disperse, rates.arrest, rates.injure, rates.innovation,
            rates.organised_demands, rates.organised, rates.imitation, self._exits, self._gained,
        )  # fmt: skip
        rest, hold, recover = (
            max(1, round(h / self.step_h)) + 1 for h in (rates.rest_h, rates.hold_h, rates.recover_h)
        )
        c = self.counts
        self.sizes[3] = kernels.end_spells(
            now, self.ties, self.street, n, self.people, self.pools, self._exits, self._gained, self.wake, self.waking,
            np.array([0, rest, rest, hold, recover]), c.on_street, c.on_street_group, c.demands, c.held, c.injured,
            c.left, c.dispersed, c.arrested, c.hurt,
        )  # fmt: skip
        if self.ties:
            self.sizes[2] = kernels.drop_idle(self.listed, int(self.sizes[2]), self.pools)

    # -- measures on named people --------------------------------------------------------------------------------

    def transfer(self, ids: np.ndarray, group: int) -> int:
        """Move those of the given people who are at home to another group of their place; returns how many.

        Their remaining resistance carries over in law: nobody else's draws change.
        """
        ids = np.asarray(ids, np.int64)
        n = len(ids)
        people = int(self.sizes[0])
        self.people, self.demand_left = room(self.people, people + n), room(self.demand_left, people + n)
        self.slots, self.entries = room_slots(self.slots, people + n), room(self.entries, int(self.used[0]) + n)
        moved = np.zeros(1, np.int64)
        self.sizes[0] = kernels.take_from_home(
            self.roster, self.seed, self.shape, ids, group, self.people, self.demand_left, people, self.slots,
            self.clock, self.heap, self.lowest, self.entries, self.used, moved,
        )  # fmt: skip
        return int(moved[0])

    # -- looking at it -------------------------------------------------------------------------------------------

    def records(self) -> np.ndarray:
        """Those to whom something has happened, ordered by id (structured array, `tables.PERSON`)."""
        people = self.people[: self.sizes[0]]
        return people[np.argsort(people["id"])]

    def work(self) -> dict[str, int]:
        """How much the engine holds: people with a record, pools ever active, pools active now, bytes of tables."""
        tables = (self.people, self.demand_left, self.slots, self.pools, self.pool_slots, self.entries, self.street)
        return {
            "people_with_record": int(self.sizes[0]),
            "pools": int(self.sizes[1]),
            "pools_active": int(self.sizes[2]),
            "bytes": int(sum(t.nbytes for t in tables)),
        }

    def state(self) -> dict[str, np.ndarray]:
        """Arrays from which `restore` goes on to the bit."""
        people, pools, listed, street = (int(x) for x in self.sizes)
        used = {"people": people, "demand_left": people, "pools": pools, "listed": listed, "street": street,
                "entries": int(self.used[0])}  # fmt: skip
        out = {name: getattr(self, name)[: used.get(name)] for name in _STOCKS}
        out.update({f"counts_{k}": v for k, v in vars(self.counts).items()})
        return out

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` returned for the same roster, seed and frailty shape."""
        for name in _STOCKS:
            setattr(self, name, np.array(state[name]))
        for name in ("people", "demand_left", "pools", "listed", "street", "entries"):
            setattr(self, name, room(getattr(self, name), max(64, len(getattr(self, name)))))
        for name in vars(self.counts):
            setattr(self.counts, name, np.array(state[f"counts_{name}"]))
