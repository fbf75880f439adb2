"""Factions among those who rule: what each believes, whom it supports, what its organs do, who holds which post.

    logit pi_a = logit pi_a0 - c_T ln(1 + T/T_0) - c_S ln(1 + buildings lost) - c_R refusing - c_C capital lost + e_a
                 + c_W word of powers + c_A allies present + c_P patron removed + c_L live fire,   e_a ~ N(0, sigma)
    support: pi G - (1 - pi) X     wait: -pi W     move: (1 - pi) M - pi Y     choice ~ exp(U / kappa)

pi is the belief that the president in office survives, from signals that all see and a private part that is new at
each choice and does not add up (private signals: Morris & Shin 2003; protest as the public signal of an elite coup:
Casper & Tyson 2014). G: share of its posts that a faction still has; X, Y, M, W: stakes of its row. Quantal response:
McKelvey & Palfrey (1995); a faction keeps its luck for `mood_h`, so that choices made every `every_h` are not as many
lotteries. Whoever holds the presidency supports himself. A faction without Y and M has no bid of its own: it
supports or waits, and never takes the presidency.

- An order reaches those who obey after `delay_h`, unless it is changed on its way. A faction that waits or moves lets
  its units stand by, of which each follows, for all the run, with chance `follow`; one that moves releases its groups.
- Posts pass to a successor of the case, else to the president's side: removable ones when their holder (the patron) is
  removed, his others by a purge, the security organ's when its head is arrested. The organ follows `delay_h` later.
- The removal follows the order `patron_out`, or (`removal_by_choice`) is the president's own choice in the same form:
  keep is his support, remove his move. For `let_run_h` before he may remove he may let things run, which is his
  waiting: those who support him stand by as well, since they follow his orders.
- The presidency goes to a faction whose move is in force if in the capital it commands more people who obey than the
  president's side, or if for `doubt_h` the others' mean belief, by posts, is under `doubt`. It falls to nobody (-1)
  when the crowd has held `lost_share` of the capital's administrations for `overthrow_h` on end; all choices end then.

`intent` and `wait_intent` shift the patron's utility of moving and of waiting, `start_h` is the first hour at which it
may: an account says when and how much somebody wants, not what comes of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal, Normal, Uniform
from groundswell.engine.purposes import purpose

FACTION_CHOICE, FACTION_NOISE = purpose("factions: choice"), purpose("factions: noise")
REMOVAL, STAND_BY = purpose("factions: removal"), purpose("factions: stand by")
SUPPORT, WAIT, MOVE = range(3)
NOBODY = -1


def belief_of(prior: np.ndarray, signal: np.ndarray) -> np.ndarray:
    """Probability whose log-odds are those of the prior plus a signal; a prior of 0 or 1 is beyond doubt."""
    prior = np.asarray(prior, float)
    with np.errstate(divide="ignore", over="ignore"):
        return 1.0 / (1.0 + np.exp(-(np.log(prior) - np.log1p(-prior) + signal)))


def utilities(
    pi: np.ndarray, kept: np.ndarray, x: np.ndarray, y: np.ndarray, m: np.ndarray, w: np.ndarray
) -> np.ndarray:
    """(A, 3) what supporting, waiting and moving are worth at a belief; no option (-inf) where y or m is nan."""
    move = (1.0 - pi) * m - pi * y
    return np.stack([pi * kept - (1.0 - pi) * x, -pi * w, np.where(np.isnan(move), -np.inf, move)], axis=-1)


def chances(utility: np.ndarray, kappa: float) -> np.ndarray:
    """Quantal response over the last axis: shares of exp(U / kappa); -inf is no option."""
    weight = np.exp((utility - utility.max(axis=-1, keepdims=True)) / kappa)
    return weight / weight.sum(axis=-1, keepdims=True)


class Factions(Mechanism):
    """Beliefs and choices of factions, posts, commands, the presidency."""

    name = "factions"
    lags = (
        "on_street", "sites_lost", "site_held", "force_used", "lethality", "refusal", "unit_people",
        "unit_place", "allied_share", "power_signal", "patron_out", "head_arrested", "purge",
    )  # fmt: skip
    writes = (
        Variable("belief", ("faction",), "1", "probability given to the president's survival", 0.5, keep="hour"),
        Variable("stance", ("faction",), "1", "0: supports, 1: waits, 2: moves", keep="hour"),
        Variable("sent", ("faction",), "1", "stance last sent to those who obey"),
        Variable("sent_h", ("faction",), "h", "hour at which it arrives, nan: nothing is on its way", np.nan),
        Variable("ordered", ("faction",), "1", "stance that those who obey follow"),
        Variable("doubted_h", ("faction",), "h", "hours for which the others have doubted while it moves"),
        Variable("office_faction", ("office",), "1", "faction that holds the office, -1: nobody", keep="hour"),
        Variable("commander", ("office",), "1", "faction whose orders the office's organ follows"),
        Variable("handover_h", ("office",), "h", "hour at which the holder's orders reach the organ", np.nan),
        Variable("stand_by", ("unit",), "1", "1: stands by on its faction's order", keep="hour"),
        Variable("band_release", ("faction",), "1", "1: releases its organised groups"),
        Variable("unity", (), "1", "share of posts held by factions that support the president", 1.0, keep="hour"),
        Variable("presidency", (), "1", "faction that holds the presidency, -1: none", keep="hour"),
        Variable("patron_removed", (), "1", "1: the patron has lost his post", keep="hour"),
        Variable("removal_h", (), "h", "hour of the removal", np.nan),
        Variable("command_changed", (), "1", "commands of organs that have passed to another faction", keep="hour"),
        Variable("live_seen", (), "1", "live fire that is remembered"),
        Variable("capital_lost_h", (), "h", "hours for which the capital has been lost"),
    )  # fmt: skip

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of factions."""

        every_h: float = parameter(
            6.0, unit="h", prior=Fixed("clock of offices"), source="convention", about="time between choices"
        )
        kappa: float = parameter(
            0.2, unit="stake", prior=LogNormal(0.2, 0.1, 0.3), source="assumed: above it a quiet country has coups",
            about="noise of choice", low=SMALLEST,
        )  # fmt: skip
        mood_h: float = parameter(
            48.0, unit="h", prior=LogNormal(48, 24, 96), source="assumed", about="hours a faction keeps its luck"
        )
        noise: float = parameter(
            0.5, unit="1", prior=Fixed("not identifiable beside kappa"), source="assumed",
            about="sigma, spread of the private part of beliefs, in log-odds", low=0,
        )  # fmt: skip
        c_turnout: float = parameter(
            0.4, unit="1", prior=LogNormal(0.4, 0.1, 1.6), source="assumed", about="c_T, doubt by people on the street"
        )
        turnout_0: float = parameter(
            1e-3, unit="1", prior=Fixed("scale of c_turnout"), source="convention: one in a thousand",
            about="T_0, share of adults on the street that is noticed", low=SMALLEST,
        )  # fmt: skip
        c_sites: float = parameter(
            1.0, unit="1", prior=LogNormal(1, 0.4, 2.5), source="assumed", about="c_S, doubt by buildings lost"
        )
        c_refusing: float = parameter(
            2.0, unit="1", prior=Uniform(0, 4), source="assumed", about="c_R, doubt by the share of forces refusing"
        )
        c_capital: float = parameter(
            2.0, unit="1", prior=Uniform(0, 4), source="assumed", about="c_C, doubt by the capital's offices lost"
        )
        c_word: float = parameter(
            0.5, unit="1", prior=Uniform(0, 2), source="assumed", about="c_W, trust by the words of powers abroad"
        )
        c_allies: float = parameter(
            1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="c_A, trust by allied troops"
        )
        c_removal: float = parameter(
            0.3, unit="1", prior=Normal(0.3, 0.5), about="c_P, trust (below 0: doubt) by the removal of the patron",
            source="assumed",
        )  # fmt: skip
        c_live: float = parameter(
            0.3, unit="1", prior=Normal(0.3, 0.5), source="assumed", about="c_L, trust (below 0: doubt) by live fire"
        )
        live_memory_h: float = parameter(
            24.0, unit="h", prior=LogNormal(24, 6, 96), source="assumed", about="half-life of live fire seen"
        )
        delay_h: float = parameter(3.0, unit="h", prior=LogNormal(3, 1, 12), source="assumed", about="delay of orders")
        follow: float = parameter(
            0.7, unit="1", prior=Uniform(0.3, 1), source="assumed", low=0, high=1,
            about="chance that a unit follows an order of its faction to stand by",
        )  # fmt: skip
        intent: float = parameter(
            0.0, unit="stake", prior=Fixed("accounts"), source="set by accounts", about="added to U of moving"
        )
        wait_intent: float = parameter(
            0.0, unit="stake", prior=Fixed("accounts"), source="set by accounts", about="added to U of waiting"
        )
        start_h: float = parameter(
            0.0, unit="h since start", prior=Fixed("set by accounts"), source="set by accounts", low=0,
            about="first hour at which the patron may wait or move",
        )  # fmt: skip
        start_at_removal: float = parameter(
            0.0, unit="1", prior=Fixed("set by accounts"), source="set by accounts", low=0, high=1,
            about="1: start_h counts from the removal of the patron",
        )  # fmt: skip
        removal_by_choice: float = parameter(
            0.0, unit="1", prior=Fixed("switch"), source="set by accounts", low=0, high=1,
            about="1: the president chooses the removal, and no order to remove is followed",
        )  # fmt: skip
        removal_start_h: float = parameter(
            0.0, unit="h since start", prior=Fixed("set by accounts"), source="set by accounts", low=0,
            about="first hour at which he may",
        )  # fmt: skip
        removal_intent: float = parameter(
            0.0, unit="stake", prior=Fixed("accounts"), source="set by accounts", about="added to his U of removing"
        )
        let_run_h: float = parameter(
            0.0, unit="h", prior=Fixed("set by accounts"), source="set by accounts", low=0,
            about="hours before removal_start_h from which the president may let things run; 0: never",
        )  # fmt: skip
        president_wait_intent: float = parameter(
            0.0, unit="stake", prior=Fixed("accounts"), source="set by accounts", about="added to his U of waiting"
        )
        doubt: float = parameter(
            0.2, unit="1", prior=Uniform(0.05, 0.4), source="assumed", about="belief under which others let it happen"
        )
        doubt_h: float = parameter(
            12.0, unit="h", prior=LogNormal(12, 6, 24), source="assumed", about="hours of such doubt"
        )
        overthrow_h: float = parameter(
            48.0, unit="h", prior=LogNormal(48, 24, 144), source="assumed",
            about="hours with the capital lost after which the presidency is lost",
        )  # fmt: skip
        lost_share: float = parameter(
            0.5, unit="1", prior=Uniform(0.3, 1), source="assumed", about="share of them that is enough"
        )

    def prepare(self) -> None:
        """Who is who, where the capital is, and the state of things at the start."""
        w, s, f = self.w, self.s, self.w.factions
        self.many = len(f.id)
        self.patron = np.flatnonzero(f.removable)
        self.of_security = np.isin(w.offices.organ, [i for i, k in enumerate(w.organs.kind) if k == "security"])
        self.normal = NormalDist()
        s.office_faction[:] = s.commander[:] = w.offices.faction
        s.belief[:] = f.belief
        self.president = int(np.argmax(f.presides)) if self.many else 0
        s.presidency[...] = self.president
        self.posts = self._posts(s.office_faction)
        self.own_units, self.own_people = np.flatnonzero(~w.units.allied), float(w.units.people[~w.units.allied].sum())
        self.with_office = np.flatnonzero(w.units.office >= 0)
        self.office = w.units.office[self.with_office]
        self.follows = np.array([self.uniform(STAND_BY, int(u), 0) < self.p.follow for u in self.with_office], bool)
        self.administrations = np.flatnonzero(w.capital[w.spots.place] & (w.spots.kind == "administration"))
        self.fade = decay(self.p.live_memory_h, self.dt)
        self.period = max(1, round(self.p.every_h / s.step_h))
        self.mood = max(self.period, round(self.p.mood_h / s.step_h))
        self.adults = float(max(w.adults.sum(), 1))

    def _posts(self, holder: np.ndarray) -> np.ndarray:
        """(A,) share of all posts by faction."""
        held = np.flatnonzero(holder >= 0)
        return np.bincount(holder[held].astype(np.int64), self.w.offices.post_weight[held], self.many)

    def step(self, now: Now) -> None:
        """Posts pass, factions choose, orders arrive, the presidency is held or lost."""
        s, hour = self.s, now.hour
        s.live_seen *= self.fade
        if np.count_nonzero(s.force_used) and np.count_nonzero(s.lethality):
            s.live_seen[...] = 1.0
        if s.presidency == self.president:  # orders of a president who has been ousted move nobody
            if s.patron_out > 0 and not s.patron_removed and not self.p.removal_by_choice:
                self._remove(hour)
            if s.purge > 0:
                self._pass((s.office_faction[:, None] == self.patron).any(axis=1), hour)
            if s.head_arrested > 0:
                self._pass(self.of_security, hour)
        if not self.many or s.presidency < 0:
            return
        chooses = now.step % self.period == 0
        if chooses:
            self._believe(now)
            self._choose(now)
        if self._arrive(hour) or chooses:
            self._effects()
        if s.band_release.any():
            self._palace()
        elif s.doubted_h.any():
            s.doubted_h[:] = 0.0
        self._capital()

    # -- posts ---------------------------------------------------------------------------------------------------

    def _remove(self, hour: float) -> None:
        s = self.s
        s.patron_removed[...], s.removal_h[...] = 1.0, hour
        self._pass((s.office_faction[:, None] == self.patron).any(axis=1) & self.w.offices.removable, hour)

    def _pass(self, offices: np.ndarray, hour: float) -> None:
        """Give offices to their successors, else to the president's side; their organs follow later."""
        s, named = self.s, self.w.offices.successor
        to = np.where(named >= 0, named, s.presidency)
        offices = offices & (s.office_faction != to)
        if offices.any():
            s.office_faction[offices] = to[offices]
            s.handover_h[offices] = hour + self.p.delay_h
            self._effects()

    # -- beliefs and choices --------------------------------------------------------------------------------------

    def _believe(self, now: Now) -> None:
        s, p = self.s, self.p
        refuses = self.own_units[s.refusal[self.own_units] > 0]
        refusing = float(self.w.units.people[refuses].sum()) / max(self.own_people, 1.0)
        lost = 1.0 - float(s.site_held[self.administrations].mean()) if len(self.administrations) else 0.0
        signal = (
            p.c_word * float(s.power_signal) + p.c_allies * float(s.allied_share)
            + p.c_removal * float(s.patron_removed) + p.c_live * float(s.live_seen)
            - p.c_refusing * refusing - p.c_capital * lost
            - p.c_turnout * math.log1p(float(s.on_street.sum()) / self.adults / p.turnout_0)
            - p.c_sites * math.log1p(float(s.sites_lost.sum()))
        )  # fmt: skip
        draws = [self.normal.inv_cdf(self.uniform(FACTION_NOISE, a, now.step)) for a in range(self.many)]
        s.belief[:] = belief_of(self.w.factions.belief, signal + p.noise * np.array(draws))

    def _choose(self, now: Now) -> None:
        s, p, f = self.s, self.p, self.w.factions
        kept = np.divide(self._posts(s.office_faction), self.posts, out=np.ones(self.many), where=self.posts > 0)
        u = utilities(s.belief, np.minimum(kept, 1.0), f.stake_support, f.stake_move, f.move_prize, f.wait_cost)
        u[self.patron, WAIT] += p.wait_intent
        u[self.patron, MOVE] += p.intent
        since = float(s.removal_h) if p.start_at_removal else 0.0
        if not now.hour >= since + p.start_h:  # nan: not removed yet
            u[self.patron, WAIT:] = -np.inf
        mood = now.step // self.mood
        cumulative = np.cumsum(chances(u, p.kappa), axis=1)
        first = int(s.presidency)
        for a in range(self.many):
            if a != first:
                s.stance[a] = min(int(np.searchsorted(cumulative[a], self.uniform(FACTION_CHOICE, a, mood))), MOVE)
        s.stance[first] = SUPPORT
        if p.removal_by_choice and first == self.president and not s.patron_removed:
            self._consider(u[first], now, mood)
        new = s.stance != s.sent
        s.sent[new] = s.stance[new]
        back = new & (s.stance == s.ordered)  # the order on its way is called back
        s.sent_h[new & ~back] = now.hour + p.delay_h
        s.sent_h[back] = np.nan

    def _consider(self, utility: np.ndarray, now: Now, mood: int) -> None:
        """The president keeps the patron, lets things run, or removes him."""
        s, p = self.s, self.p
        early = p.removal_start_h - now.hour
        may = [True, 0 < early <= p.let_run_h, early <= 0]
        shift = np.where(may, [0.0, p.president_wait_intent, p.removal_intent], -np.inf)
        cumulative = np.cumsum(chances(utility + shift, p.kappa))
        choice = int(np.searchsorted(cumulative, self.uniform(REMOVAL, int(s.presidency), mood)))
        if choice >= MOVE:
            self._remove(now.hour)
        else:
            s.stance[int(s.presidency)] = choice

    # -- orders ----------------------------------------------------------------------------------------------------

    def _arrive(self, hour: float) -> bool:
        """Orders and hand-overs due by this hour; whether there were any."""
        s = self.s
        orders, commands = s.sent_h <= hour, s.handover_h <= hour
        arrived, passed = bool(orders.any()), bool(commands.any())
        if arrived:
            s.ordered[orders] = s.sent[orders]
            s.sent_h[orders] = np.nan
        if passed:
            organs = commands & (s.commander != s.office_faction) & (self.w.offices.organ >= 0)
            s.command_changed += organs.sum()
            s.commander[commands] = s.office_faction[commands]
            s.handover_h[commands] = np.nan
        return arrived or passed

    def _effects(self) -> None:
        s = self.s
        stance = s.ordered[s.commander[self.office].astype(np.int64)]
        waits = (stance > SUPPORT) | (s.ordered[int(s.presidency)] > SUPPORT)
        s.stand_by[self.with_office] = waits & self.follows
        s.band_release[:] = s.ordered == MOVE
        if len(self.w.offices.id):
            supports = (s.stance == SUPPORT) | (np.arange(self.many) == s.presidency)
            s.unity[...] = self._posts(s.office_faction)[supports].sum()

    # -- the presidency --------------------------------------------------------------------------------------------

    def _palace(self) -> None:
        """A faction that moves takes the presidency if it is stronger in the capital, or if the others give it up."""
        s, p, first = self.s, self.p, int(self.s.presidency)
        moving = np.flatnonzero(s.ordered == MOVE)
        strength, side = self._strength(first)
        posts = self._posts(s.office_faction)
        taker, most = NOBODY, side
        for a in range(self.many):
            others = np.arange(self.many) != a
            total = posts[others].sum()
            mean = float((posts * s.belief)[others].sum() / total) if total > 0 else 1.0
            s.doubted_h[a] = s.doubted_h[a] + self.dt if a in moving and mean < p.doubt else 0.0
        for mover in moving.tolist():
            if strength[mover] > most or (taker == NOBODY and s.doubted_h[mover] >= p.doubt_h):
                taker, most = mover, max(most, float(strength[mover]))
        if taker == NOBODY:
            return
        posts_of_president = self.w.offices.presidency
        s.presidency[...] = taker
        s.office_faction[posts_of_president] = s.commander[posts_of_president] = taker
        s.handover_h[posts_of_president] = np.nan
        s.stance[taker] = s.sent[taker] = s.ordered[taker] = SUPPORT
        s.sent_h[taker] = np.nan
        s.doubted_h[:] = 0.0
        self._effects()

    def _strength(self, first: int) -> tuple[np.ndarray, float]:
        """People in the capital who obey: (A,) by the faction that commands them, and those of the president's side."""
        s, w = self.s, self.w
        there = np.flatnonzero(w.capital[s.unit_place.astype(np.int64)] & (s.refusal == 0))
        office = w.units.office[there]
        holder = np.where(office >= 0, s.commander[office], first).astype(np.int64)
        by = np.bincount(holder, s.unit_people[there], self.many)
        return by, float(by[(s.ordered == SUPPORT) | (np.arange(self.many) == first)].sum())

    def _capital(self) -> None:
        s = self.s
        spots = self.administrations
        held = s.site_held[spots].mean() if len(spots) else 1.0
        if held > 1.0 - self.p.lost_share:
            s.capital_lost_h[...] = 0.0
            return
        s.capital_lost_h += self.dt
        if s.capital_lost_h >= self.p.overthrow_h:
            s.presidency[...] = NOBODY
            s.office_faction[self.w.offices.presidency] = NOBODY
            s.belief[:] = s.unity[...] = 0.0
            s.band_release[:] = 0.0
