"""The event-driven engine: every inhabitant, at a cost that grows with groups and events, not with people."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import get_num_threads, set_num_threads

from groundswell.case.tables import MOST_DEMANDS
from groundswell.engine.hits import (
    advance_groups_on_threads,
    advance_pools_on_threads,
    due_first,
    first_resistances,
    group_hits,
    pool_hits,
)
from groundswell.engine.home import detain, take_from_home
from groundswell.engine.raids import draw_lots
from groundswell.engine.rates import Counts, Rates
from groundswell.engine.roster import Roster
from groundswell.engine.spells import decide_on_threads, demand_hazards
from groundswell.engine.starts import BLOCK, DRAWS
from groundswell.engine.step import begin, settle
from groundswell.engine.tables import ENTRY, HIT, PERSON, POOL, new_slots, room, room_slots, slots_of

_ALL = np.uint64(2**64 - 1)  # above every lot
MOST_RESERVED = 2**24  # rows of the tables of people to begin with; no memory until written, but a promise of it
_WORTH_THREADS = 32_768  # rows from which a loop on several threads is faster than on one

# What a checkpoint holds besides the counts. The rest is a function of the roster and the seed.
_STOCKS = (
    "clock", "step", "log_survival", "upcoming", "lowest", "rank", "heap", "entries", "used", "people",
    "demand_left", "pools", "listed", "street", "wake", "waking", "sizes",
)  # fmt: skip


class Crowd:
    """People at home, on the street, resting, held, injured and dead, under hazards that hold for one step.

    Order inside a step: those who are due become at risk again; clocks advance; first hits put people on the
    street; those who were there when the step began leave, are dispersed, arrested, injured or killed, and take up
    demands.

    Args:
        roster: who lives where, in which group.
        seed: seed of every draw.
        shape: shape k of the gamma frailty with mean 1.
        steps: number of steps ever to be made (the horizon of those who will be at risk again).
        step_h: length of a step in hours.
        ties: False leaves out households, work units and neighbourhoods (and their memory) altogether.
        threads: threads for the parallel loops; the result does not depend on it.
        demands: how many demands a person may take up, `MOST_DEMANDS` at most.
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
        demands: int = MOST_DEMANDS,
    ):
        r, groups = roster, len(roster.group_size)
        self.roster, self.seed, self.shape, self.ties = roster, int(seed), float(shape), bool(ties)
        self.step_h, self.threads = float(step_h), int(threads)
        self.counts = Counts.zero(roster.places, groups, demands)
        rows = 1024 + min(roster.people // 4, MOST_RESERVED)  # to grow costs more than to reserve
        self.clock, self.step = np.zeros(groups), np.zeros(groups)
        self.log_survival, self.upcoming = np.zeros(groups), np.zeros(groups)
        self.lowest, self.rank = np.full(groups, np.inf), np.zeros(groups, np.int64)
        self.heap, self.entries = np.full(groups, -1, np.int64), np.zeros(rows, ENTRY)
        self.used = np.array([0, -1], np.int64)
        self.people, self.slots = np.zeros(rows, PERSON), new_slots(rows // 8)
        self.demand_left = np.zeros((rows, demands))
        self.pools, self.pool_slots = np.zeros(rows if ties else 1, POOL), new_slots(rows // 4 if ties else 1)
        self.listed, self.street = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
        self.wake, self.waking = np.full(steps + 1, -1, np.int64), np.zeros(steps + 1, np.int64)
        self.sizes = np.zeros(4, np.int64)  # people, pools, pools listed, people on the street
        self._hits, self._joiners = np.zeros(64, HIT), np.zeros(64, np.int64)
        self._exits, self._gained = np.zeros(64, np.int8), np.zeros(64, np.uint8)
        self._draws, self._keys = np.zeros((DRAWS, BLOCK)), np.zeros((8, BLOCK), np.int64)
        self._demand_h = np.zeros((groups, demands))
        self._tie_max, self._cursor = np.zeros(roster.places), np.zeros(3, np.int64)
        self._person, self._place = np.zeros(64, np.int64), np.zeros(64, np.int32)  # of rows of `people`
        self._known = 0  # rows for which these two are filled
        self._detained = -1  # step before which people were last taken from home
        self._stay_off: tuple[tuple[Any, ...], np.ndarray] | None = None
        first_resistances(self.seed, self.shape, r.group_size, r.group_at_risk, self.log_survival, self.upcoming)
        self._due = np.minimum(self.upcoming, self.lowest)

    # -- one step --------------------------------------------------------------------------------------------

    def advance(self, now: int, rates: Rates) -> Counts:
        """Make step number `now` (0-based) under the given rates; the next call reuses what is returned."""
        if self.threads == 1:
            return self._advance(now, rates)
        before = get_num_threads()
        set_num_threads(self.threads)
        try:
            return self._advance(now, rates)
        finally:
            set_num_threads(before)

    def _advance(self, now: int, rates: Rates) -> Counts:
        r, c, q = self.roster, self.counts, rates
        on_threads = self.threads > 1 and max(len(self.clock), self.sizes[2]) >= _WORTH_THREADS
        self.entries = room(self.entries, int(self.used[0] + self.waking[now]))
        due = begin(
            r.group_place, self.seed, now, self.step_h, q.join, q.tie, q.beta, self._tie_max, on_threads,
            self._detained == now, self.clock, self.step, self.lowest, self._due, self.heap, self.entries, self.used,
            self.people, self.wake, self.pools, self.listed, self.sizes, c.by_place, c.joined,
            self._keys[7],
        )  # fmt: skip
        if on_threads:
            listed = int(self.sizes[2])
            advance_groups_on_threads(q.join, self.step_h, self.clock, self.step)
            advance_pools_on_threads(self.listed, listed, self.pools, q.beta, self._tie_max, self.step_h)
            due = due_first(self.listed, listed, self.pools)
        n = self._hit(q, due)
        if n or self.sizes[3]:
            self._settle(now, q, n)
        return c

    def _hit(self, rates: Rates, due: int) -> int:
        """List the hits of the step in `_hits`, `due` pools among them; returns how many."""
        r, n = self.roster, -1
        self._cursor[:] = 0
        while n < 0:
            n = group_hits(
                r.group_first, r.group_size, self.seed, self.shape, self.clock, self.step, self.upcoming,
                self.lowest, self._due, self.log_survival, self.rank, self.heap, self.entries, self.used,
                self.people, self._hits, self._cursor,
            )  # fmt: skip
            if n >= 0 and due:
                n = pool_hits(
                    r, self.seed, self.listed, due, self.pools, rates.tie, self._tie_max, self._hits, self._cursor
                )
            if n < 0:
                self._hits = room(self._hits, len(self._hits) + 1)
        return n

    def _settle(self, now: int, rates: Rates, n: int) -> None:
        people, pools, listed, street = self.sizes.tolist()
        if n:
            self.people, self.demand_left = room(self.people, people + n), room(self.demand_left, people + n)
            self.slots, self.street = room_slots(self.slots, people + n), room(self.street, street + n)
            self._joiners = room(self._joiners, n)
            if self.ties:
                self.pools, self.listed = room(self.pools, pools + 3 * n), room(self.listed, listed + 3 * n)
                self.pool_slots = room_slots(self.pool_slots, pools + 3 * n)
        self._exits, self._gained = room(self._exits, street), room(self._gained, street)
        c, q = self.counts, rates
        idle = demand_hazards(
            self.roster.group_place, self.step_h, q.innovation, q.organised_demands, q.organised, q.imitation,
            self._demand_h,
        )  # fmt: skip
        decided = self.threads > 1 and street >= _WORTH_THREADS
        if decided:
            decide_on_threads(
                self.seed, now, self.step_h, self.street, street, self.people, self.demand_left,
                float(q.leave), float(q.leave_growth), float(q.arrival), q.leave_factor, q.disperse, q.arrest, q.injure,
                q.fight, q.unorganised, float(q.calm), idle, self._demand_h, c.by_place, self._exits, self._gained,
            )  # fmt: skip
        settle(
            self.roster, self.seed, self.shape, now, self.step_h, self.ties, decided, self._hits, n,
            self._joiners, self.sizes, self.people, self.demand_left, self.slots, self.clock, self.step,
            self.pools, self.pool_slots, self.listed, self.street, self.wake, self.waking, self._exits,
            self._gained, self._steps_away(q), float(q.leave), float(q.leave_growth), float(q.arrival), q.leave_factor,
            q.disperse, q.arrest, q.injure, q.lethality, q.fight, q.unorganised, float(q.calm), idle,
            self._demand_h, c.by_place, c.on_street_group, c.demands, c.joined, self._draws, self._keys,
        )  # fmt: skip

    def _steps_away(self, rates: Rates) -> np.ndarray:
        """Steps until a person is at risk again, by exit code."""
        given = (float(rates.rest_h), float(rates.hold_h), float(rates.recover_h))
        if self._stay_off is None or self._stay_off[0] != given:
            rest, hold, recover = (self._steps(h) + 1 for h in given)
            self._stay_off = given, np.array([0, rest, rest, hold, recover])
        return self._stay_off[1]

    def _steps(self, hours: float) -> int:
        return max(1, round(hours / self.step_h))

    # -- measures on named people ----------------------------------------------------------------------------

    def transfer(self, ids: np.ndarray, group: int) -> int:
        """Move those of the given people who are at home to another group of their place; returns how many.

        Their remaining resistance carries over in law: nobody else's draws change.
        """
        ids = np.asarray(ids, np.int64)
        n = len(ids)
        people = int(self.sizes[0])
        self.people, self.demand_left = room(self.people, people + n), room(self.demand_left, people + n)
        self.slots, self.entries = (
            room_slots(self.slots, people + n),
            room(self.entries, int(self.used[0]) + n),
        )
        moved = np.zeros(1, np.int64)
        self.sizes[0] = take_from_home(
            self.roster, self.seed, self.shape, ids, group, self.people, people, self.slots, self.clock,
            self.heap, self.lowest, self._due, self.entries, self.used, moved,
        )  # fmt: skip
        return int(moved[0])

    def detain(self, now: int, ids: np.ndarray, hold_h: float) -> np.ndarray:
        """Take those of the given people who are at home or resting into detention, before step `now` is made.

        They are at risk again when `hold_h` hours are over; until then no clock reaches them. Returns how many, (P,).
        """
        ids = np.asarray(ids, np.int64)
        n, people = len(ids), int(self.sizes[0])
        self.people, self.demand_left = room(self.people, people + n), room(self.demand_left, people + n)
        self.slots = room_slots(self.slots, people + n)
        taken = np.zeros(self.roster.places, np.int64)
        self.sizes[0] = detain(
            self.roster, self.seed, self.shape, ids, now + self._steps(hold_h), self.people, people, self.slots,
            self.clock, self.wake, self.waking, np.empty(n, np.int64), taken,
        )  # fmt: skip
        if self._detained != now:
            self._detained, self.counts.taken[:] = now, 0
        self.counts.taken += taken
        self.counts.held += taken
        return taken

    def once_out(self, now: int, wanted: np.ndarray) -> np.ndarray:
        """Ids of `wanted` people (P,) of each place, drawn by lot for step `now`, fewer where there are not so many.

        Drawn from those who have been on the street and are at home or resting.
        """
        people, known = int(self.sizes[0]), self._known
        self._person, self._place = room(self._person, people), room(self._place, people)
        self._person[known:people] = self.people["id"][known:people]  # neither ever changes
        self._place[known:people] = self.people["place"][known:people]
        self._known = people
        wanted = np.minimum(wanted.astype(np.int64), people)
        first = np.cumsum(wanted) - wanted
        ids, found = np.full(int(wanted.sum()), -1, np.int64), np.zeros(len(wanted), np.int64)
        lots, limit = np.zeros(len(ids), np.uint64), np.where(wanted > 0, _ALL, np.uint64(0))
        draw_lots(
            self.seed, now, self.people, people, self._person, self._place, wanted, first, lots, ids, found, limit
        )  # fmt: skip
        return ids[ids >= 0]

    # -- looking at it ---------------------------------------------------------------------------------------

    def records(self) -> np.ndarray:
        """Those to whom something has happened, ordered by id (structured array, `tables.PERSON`)."""
        people = self.people[: self.sizes[0]]
        return people[np.argsort(people["id"])]

    def work(self) -> dict[str, int]:
        """How much the engine holds: people with a record, pools ever active and running now, bytes."""
        tables = (*self.state().values(), self.slots, self.pool_slots)
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
        out.update({f"counts_{k}": v for k, v in self.counts.arrays().items()})
        return out

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` returned for the same roster, seed and frailty shape."""
        for name in _STOCKS:  # the present dtype: a file does not keep how rows are aligned
            setattr(self, name, np.array(state[name], getattr(self, name).dtype))
        for name in ("people", "demand_left", "pools", "listed", "street", "entries"):
            setattr(self, name, room(getattr(self, name), max(64, len(getattr(self, name)))))
        self._known = 0
        self.slots = slots_of(self.people["id"][: self.sizes[0]])
        self.pool_slots = slots_of(self.pools["key"][: self.sizes[1]])
        for name, array in self.counts.arrays().items():
            array[...] = state[f"counts_{name}"]
        self._due = np.minimum(self.upcoming, self.lowest)
