"""The slow, obviously right engine: every person, every step, in NumPy, under the same rates as the fast one.

Two modes. `resistance`: every person of the case holds the resistance that the fast engine would make for
them and is compared with their clocks in every step; results must equal the fast engine's to the bit.
`independent`: every person draws every step, with ordinary random numbers and no clocks; results must have
the same distribution. Only the first catches a rank off by one, only the second a wrong law.
"""

from __future__ import annotations

import math

import numpy as np

from groundswell.case.tables import MOST_DEMANDS
from groundswell.engine.hits import GROUP_RANK, POOL_GAP, POOL_MARK
from groundswell.engine.home import SPELL
from groundswell.engine.raids import drum, lot
from groundswell.engine.random import exponential, generator, permute, uniforms
from groundswell.engine.rates import FLOWS, Counts, Rates
from groundswell.engine.resistance import frailty_given_hit, next_log_survival, resistance
from groundswell.engine.roster import Roster, group_of, pool_key, pool_member, pool_size
from groundswell.engine.spells import DEMAND, FATE, FIGHT
from groundswell.engine.starts import EXIT
from groundswell.engine.tables import DEAD, FIGHTING, GRIEVANCE, HELD, HOME, INJURED, PERSON, RESTING, STREET

MODES = ("resistance", "independent")


class ReferenceCrowd:
    """Same rules and same interface as `crowd.Crowd`; memory and time are proportional to people times steps.

    Args:
        roster, seed, shape, steps, step_h, ties, demands: as in `Crowd`.
        mode: "resistance" or "independent", see the module.

    Raises:
        ValueError: for an unknown mode.
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
        mode: str = "resistance",
    ):
        if mode not in MODES:
            raise ValueError(f"mode: given {mode!r}; allowed: {', '.join(MODES)}")
        r, n = roster, roster.people
        self.roster, self.seed, self.shape = r, int(seed), float(shape)
        self.step_h, self.ties, self.mode = step_h, ties, mode
        self.counts = Counts.zero(r.places, len(r.group_size), demands)
        self.group = np.repeat(np.arange(len(r.group_size)), r.group_size)
        self.place = r.group_place[self.group]
        self.adult = r.group_at_risk[self.group] == 1
        self.state = np.full(n, HOME, np.int8)
        self.since = np.zeros(n, np.int64)  # step of joining
        self.moment = np.zeros(n)  # moment of joining inside it
        self.until = np.full(n, -1, np.int64)  # step of being at risk again
        self.spell, self.listing = np.zeros(n, np.int64), np.zeros(n, np.int64)
        self.cause = np.zeros(n, np.int8)
        self.demands = np.zeros((n, demands), bool)
        self.demand_left = np.zeros((n, demands))
        self.fighting, self.turns = np.zeros(n, bool), np.zeros(n, np.int64)
        self.turn_left = np.full(n, np.nan)  # nan: not drawn yet
        self._detained = -1
        self.frailty = np.full(n, np.nan)
        self.left = np.zeros((n, 4))
        self.clock = np.zeros(len(r.group_size))
        self._make_pools()
        if mode == "resistance":
            self.past = self._resistances()
        else:
            self.draw = generator(self.seed, 1)
            self.frailty = self.draw.gamma(self.shape, 1.0 / self.shape, n)
            self.demand_left = self.draw.exponential(size=(n, demands))

    def _resistances(self) -> np.ndarray:
        """(N,) clock value at which each person would join for the first time; children never."""
        r = self.roster
        past = np.full(r.people, math.inf)
        for g in np.flatnonzero(r.group_at_risk):
            size, log_survival = int(r.group_size[g]), 0.0
            for rank in range(size):
                log_survival = next_log_survival(log_survival, rank, size, self.seed, g)
                person = r.group_first[g] + permute(rank, size, self.seed, GROUP_RANK, g, False)
                past[person] = resistance(log_survival, self.shape)
        return past

    def _make_pools(self) -> None:
        r = self.roster
        keys = np.full((3, r.people), -1, np.int64)
        for i in np.flatnonzero(self.adult) if self.ties else ():
            for family in range(3):
                keys[family, i] = pool_key(r, self.seed, i, self.group[i], family)
        self.pool_keys, where = np.unique(keys, return_inverse=True)
        self.pool = where.reshape(keys.shape)  # (3, N) pool of each person; the pool with key -1 is none
        count = len(self.pool_keys)
        none = self.pool_keys < 0
        self.pool_size = np.array([1 if k < 0 else pool_size(r, k) for k in self.pool_keys])
        self.pool_family = np.where(none, 0, self.pool_keys >> 60)
        place = np.zeros(count, np.int64)
        place[self.pool.ravel()] = np.tile(self.place, 3)
        self.pool_place, self.pool_none = place, none
        self.pool_clock, self.pool_hits = np.zeros(count), np.zeros(count, np.int64)
        self.pool_next = np.array(
            [math.inf if k < 0 else exponential(self.seed, POOL_GAP, k, 0) / s
             for k, s in zip(self.pool_keys, self.pool_size, strict=True)]
        )  # fmt: skip

    # -- one step --------------------------------------------------------------------------------------------

    def advance(self, now: int, rates: Rates) -> Counts:
        """Make step number `now` (0-based); see `Crowd.advance`."""
        c = self.counts
        for name in FLOWS:
            if name != "taken" or self._detained != now:
                getattr(c, name)[:] = 0
        c.joined[:] = 0
        self._wake_up(now)
        join = self._hits_by_resistance if self.mode == "resistance" else self._hits_by_draw
        people, causes, moments = join(rates)
        self._start(now, people, causes, moments, rates)
        self._end(now, rates)
        on = self.state == STREET
        c.on_street[:] = np.bincount(self.place[on], minlength=len(c.on_street))
        c.fighting[:] = np.bincount(self.place[on & self.fighting], minlength=len(c.on_street))
        c.on_street_group[:] = np.bincount(self.group[on], minlength=len(c.on_street_group))
        for k in range(c.demands.shape[1]):
            c.demands[:, k] = np.bincount(self.place[on & self.demands[:, k]], minlength=len(c.on_street))
        c.held[:] = np.bincount(self.place[self.state == HELD], minlength=len(c.held))
        c.recovering[:] = np.bincount(self.place[self.state == INJURED], minlength=len(c.held))
        c.dead_so_far[:] = np.bincount(self.place[self.state == DEAD], minlength=len(c.held))
        return c

    def _wake_up(self, now: int) -> None:
        for i in np.flatnonzero(self.until == now).tolist():
            self._list_at_home(i)

    def _list_at_home(self, i: int) -> None:
        self.state[i], self.until[i] = HOME, -1
        self.listing[i] += 1
        if self.mode == "resistance":
            fresh = exponential(self.seed, SPELL, i, self.listing[i]) / self.frailty[i]
            self.past[i] = self.clock[self.group[i]] + fresh

    def _exposure(self) -> np.ndarray:
        """(pools,) what one member meets, see `hits._advance_pool`."""
        on = np.flatnonzero(self.state == STREET)
        active = np.bincount(self.pool[:, on].ravel(), minlength=len(self.pool_keys))
        share = np.maximum(active - 1, 0) / self.pool_size
        return np.where(self.pool_none, 0.0, np.where(self.pool_family == 0, active.astype(float), share))

    def _hits_by_resistance(self, rates: Rates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        r = self.roster
        step = rates.join * self.step_h
        old = self.clock.copy()
        self.clock += step
        g = self.group
        hit = (self.state == HOME) & (self.past <= self.clock[g])
        people = np.flatnonzero(hit).tolist()
        moments = list(np.clip((self.past[hit] - (self.clock[g[hit]] - step[g[hit]])) / step[g[hit]], 0.0, 1.0))
        causes = [GRIEVANCE] * len(people)
        self._old, self._step = old, step
        if self.ties:
            tie_max = np.zeros(r.places)
            np.maximum.at(tie_max, r.group_place, rates.tie)
            inc = rates.beta[self.pool_family] * self._exposure() * tie_max[self.pool_place] * self.step_h
            self.pool_clock += inc
            for u in np.flatnonzero(self.pool_next <= self.pool_clock):
                key, size = self.pool_keys[u], self.pool_size[u]
                while self.pool_next[u] <= self.pool_clock[u]:
                    pick, keep = uniforms(self.seed, POOL_MARK, key, self.pool_hits[u])
                    person = pool_member(r, self.seed, key, min(int(pick * size), size - 1))
                    own = rates.tie[group_of(r, person)]
                    if keep * tie_max[self.pool_place[u]] < own and self.state[person] == HOME:
                        people.append(person)
                        causes.append(1 + int(self.pool_family[u]))
                        moments.append(min(max(1.0 - (self.pool_clock[u] - self.pool_next[u]) / inc[u], 0.0), 1.0))
                    self.pool_hits[u] += 1
                    self.pool_next[u] += exponential(self.seed, POOL_GAP, key, self.pool_hits[u]) / size
        first: dict[int, tuple[float, int]] = {}
        for i, cause, moment in zip(people, causes, moments, strict=True):
            first[i] = min(first.get(i, (math.inf, 0)), (moment, cause))
        who = np.array(sorted(first), np.int64)
        return who, np.array([first[i][1] for i in who], np.int8), np.array([first[i][0] for i in who])

    def _hits_by_draw(self, rates: Rates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        hazard = np.zeros((4, self.roster.people))
        hazard[0] = self.frailty * rates.join[self.group]
        if self.ties:
            exposure = self._exposure()
            for family in range(3):
                hazard[1 + family] = rates.beta[family] * exposure[self.pool[family]] * rates.tie[self.group]
        total = hazard.sum(axis=0) * self.step_h
        home = (self.state == HOME) & self.adult
        who = np.flatnonzero(home & (self.draw.random(len(total)) < -np.expm1(-total)))
        cumulative = np.cumsum(hazard[:, who], axis=0)
        cause = (self.draw.random(len(who)) * cumulative[-1] >= cumulative).sum(axis=0)
        return who, cause.astype(np.int8), self.draw.random(len(who))

    def _start(self, now: int, people: np.ndarray, causes: np.ndarray, moments: np.ndarray, rates: Rates) -> None:
        for i, cause, moment in zip(people, causes, moments, strict=True):
            g = self.group[i]
            self.state[i], self.since[i], self.cause[i], self.moment[i] = STREET, now, cause, moment
            if self.mode == "resistance":
                if self.spell[i] == 0 and self.listing[i] == 0:
                    at_hit = max(self.clock[g] - (1.0 - moment) * self._step[g], 0.0)
                    self.frailty[i] = frailty_given_hit(self.seed, i, self.shape, at_hit, cause == GRIEVANCE)
                    self._draw_demands(i)
                self.spell[i] += 1
                u = [uniforms(self.seed, EXIT, i, 2 * self.spell[i] + half) for half in (0, 1)]
                self.left[i] = [-math.log(x) for pair in u for x in pair]
            else:
                self.spell[i] += 1
                self.left[i] = self.draw.exponential(size=4)
            self.counts.joined[self.place[i], cause] += 1

    def _draw_demands(self, i: int) -> None:
        demands = self.demand_left.shape[1]
        pairs = [uniforms(self.seed, DEMAND, i, k) for k in range((demands + 1) // 2)]
        self.demand_left[i] = [-math.log(x) for pair in pairs for x in pair][:demands]

    def _end(self, now: int, rates: Rates) -> None:
        on = np.flatnonzero((self.state == STREET) & (self.since != now))
        p, g, dt = self.place[on], self.group[on], self.step_h
        made_up = dt * (1.0 + rates.arrival * (1.0 - self.moment[on]))  # with the rest of the step in which they came
        span = np.where(self.since[on] == now - 1, made_up, dt)
        spent = np.empty((len(on), 4))
        spent[:, 0] = (
            rates.leave * (1.0 + rates.leave_growth * (now - self.since[on]) * dt) * rates.leave_factor[p] * span
        )
        side = self.fighting[on].astype(np.int64)
        for column, hazard in enumerate((rates.disperse, rates.arrest, rates.injure), 1):
            spent[:, column] = hazard[p, side] * span
        with np.errstate(divide="ignore"):
            moment = np.where(spent > 0.0, self.left[on] / spent, math.inf)
        first = moment.argmin(axis=1)  # at equal moments the earlier cause, as in the fast engine
        ends = moment[np.arange(len(on)), first] <= 1.0
        ends &= (first == 0) | (moment[np.arange(len(on)), first] < 1.0)
        self.left[on] -= spent
        own = rates.innovation * np.where(rates.organised_demands, rates.organised[g][:, None], 1.0)
        new = ~self.demands[on]
        self.demand_left[on] -= np.where(new, (own + rates.imitation[p]) * dt, 0.0)
        self.demands[on] |= new & (self.demand_left[on] <= 0.0)
        stay = [max(1, round(h / dt)) + 1 for h in (rates.rest_h, rates.rest_h, rates.hold_h, rates.recover_h)]
        self._turn(on[~ends], rates)
        c = self.counts
        of_fighting = (None, c.dispersed_fighting, c.arrested_fighting, c.injured_fighting, c.dead_fighting)
        for i, cause in zip(on[ends], first[ends], strict=True):
            place, fought = self.place[i], int(self.fighting[i])
            kills = rates.lethality[place, fought]
            how = 4 if cause == 3 and kills > 0.0 and self._fate(i) < kills else int(cause)
            self.state[i] = (RESTING, RESTING, HELD, INJURED, DEAD)[how]
            if how != 4:
                self.until[i] = now + stay[how]
            (c.left, c.dispersed, c.arrested, c.injured, c.dead)[how][place] += 1
            self.fighting[i] = False  # the next spell starts peaceful
            part = of_fighting[how]
            if fought and part is not None:
                part[place] += 1

    def _turn(self, who: np.ndarray, rates: Rates) -> None:
        """Change the side of those among the people who stay on the street whose next turn has come."""
        hazard = np.where(
            self.fighting[who], rates.calm, rates.fight[self.place[who]] * rates.unorganised[self.group[who]]
        )
        who, hazard = who[hazard > 0.0], hazard[hazard > 0.0]
        if self.mode == "resistance":
            for i in who[np.isnan(self.turn_left[who])]:
                self.turn_left[i] = exponential(self.seed, FIGHT, i, self.turns[i])
            self.turn_left[who] -= hazard * self.step_h
            turned = who[self.turn_left[who] <= 0.0]
        else:
            turned = who[self.draw.random(len(who)) < -np.expm1(-hazard * self.step_h)]
        self.turn_left[turned] = np.nan
        self.turns[turned] += 1
        self.fighting[turned] ^= True
        np.add.at(self.counts.took_up, self.place[turned[self.fighting[turned]]], 1)

    def _fate(self, i: int) -> float:
        """Uniform that says whether a hit kills."""
        if self.mode == "resistance":
            return uniforms(self.seed, FATE, i, self.spell[i])[0]
        return self.draw.random()

    def transfer(self, ids: np.ndarray, group: int) -> int:
        """Move those of the given people who are at home to another group; see `Crowd.transfer`."""
        moved = 0
        for i in np.asarray(ids, np.int64):
            self._make_personal(i)
            if self.state[i] == HOME:
                self.group[i] = group
                self._list_at_home(i)
                moved += 1
        return moved

    def _make_personal(self, i: int) -> None:
        """Draw what is personal of somebody who has not been hit so far."""
        if self.mode == "resistance" and np.isnan(self.frailty[i]):
            at = self.clock[self.group[i]]
            self.frailty[i] = frailty_given_hit(self.seed, i, self.shape, at, False)
            self._draw_demands(i)

    def detain(self, now: int, ids: np.ndarray, hold_h: float) -> np.ndarray:
        """Take those of the given people who are at home or resting into detention; see `Crowd.detain`."""
        if self._detained != now:
            self._detained, self.counts.taken[:] = now, 0
        taken = np.zeros(self.roster.places, np.int64)
        for i in np.asarray(ids, np.int64):
            self._make_personal(i)
            if self.state[i] in (HOME, RESTING):
                self.state[i] = HELD
                self.until[i] = now + max(1, round(hold_h / self.step_h))
                taken[self.place[i]] += 1
        self.counts.taken += taken
        self.counts.held += taken
        return taken

    def once_out(self, now: int, wanted: np.ndarray) -> np.ndarray:
        """Ids of `wanted` people of each place who have been on the street, by lot; see `Crowd.once_out`."""
        key, out = np.uint64(drum(self.seed, now)), []
        for p in np.flatnonzero(wanted):
            free = (self.state == HOME) | (self.state == RESTING)
            ids = np.flatnonzero((self.place == p) & (self.spell > 0) & free)
            out += sorted(ids.tolist(), key=lambda i: int(lot(key, i)))[: int(wanted[p])]
        return np.array(out, np.int64)

    def records(self) -> np.ndarray:
        """Those to whom something has happened, ordered by id; see `Crowd.records`."""
        who = np.flatnonzero((self.spell > 0) | (self.listing > 0) | (self.state != HOME))
        out = np.zeros(len(who), PERSON)
        out["id"], out["place"], out["group"] = who, self.place[who], self.group[who]
        out["state"], out["spell"], out["listing"] = self.state[who], self.spell[who], self.listing[who]
        out["cause"], out["frailty"] = self.cause[who], self.frailty[who]
        out["turns"], out["flags"] = self.turns[who], FIGHTING * self.fighting[who]
        out["demands"] = (self.demands[who] << np.arange(self.demands.shape[1])).sum(axis=1)
        return out

    def work(self) -> dict[str, int]:
        """How much the engine holds."""
        return {
            "people_with_record": self.roster.people,
            "pools": len(self.pool_keys),
            "bytes": self.left.nbytes,
        }
