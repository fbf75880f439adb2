"""Losses of the force: who of which unit is killed, injured or disarmed, and whose hands their firearms fall into.

    killed ~ binomial(n, 1 - exp(-d_F * armed / n));  of those left injured with h_F, then disarmed with x_F * fighting

n: people of the force at the spot. They fall on the units of the town in proportion to their people on duty there, in
whole numbers. `Engagement` has the parameters and the variables; see there for what each stands for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import View
from groundswell.engine.purposes import purpose
from groundswell.engine.sharing import share_out
from groundswell.world.world import World

ARMS_TAKEN = purpose("losses: arms taken")  # firearms and vehicles of those killed or disarmed
FORCE_DEAD = purpose("losses: dead")  # people of a force killed at a spot
FORCE_DISARMED = purpose("losses: disarmed")  # people of a force disarmed in a fight or at the loss of a site
FORCE_HURT = purpose("losses: injured")  # people of a force injured at a spot
# Which units those harmed at a spot belong to, and whose hands their arms fall into.
FORCE_SHARE = purpose("losses: share")

_FINE = 1_000_000  # parts into which a weight is cut


class Losses:
    """Draws the losses of a step into the variables of `Engagement`."""

    def __init__(self, world: World, state: View, parameters: Any, seed: int, dt: float):
        self.w, self.s, self.p, self.seed, self.dt = world, state, parameters, seed, dt
        self.place = world.spots.place
        self.town_of_spot = world.town[self.place]
        self.per_person = np.minimum(world.units.vehicles / np.maximum(world.units.people, 1), 1.0)

    def in_fights(self, now: Now, hot: np.ndarray, fighting: np.ndarray) -> None:
        """Killed, injured and disarmed of the force at the spots where somebody fights it."""
        s, p = self.s, self.p
        fights = (fighting > 0) & (s.force[hot] >= 1.0)
        if not fights.any():
            return
        from groundswell.engine.random import binomial

        spots, fighting = hot[fights], fighting[fights]
        people = s.force[spots].astype(np.int64)
        hours = self.dt / people

        def drawn(purpose: int, rate: float, by: np.ndarray, left: np.ndarray) -> np.ndarray:
            return binomial(self.seed, purpose, spots, now.step, left, -np.expm1(-rate * by * hours))

        dead = drawn(FORCE_DEAD, p.force_killed, np.minimum(s.armed[spots], fighting), people)
        injured = drawn(FORCE_HURT, p.force_injuries, fighting, people - dead)
        disarmed = drawn(FORCE_DISARMED, p.force_disarmed, fighting, people - dead - injured)
        self._fall(now, spots, np.stack([dead, injured, disarmed]), s.unit_on_duty, 0)

    def at_lost_sites(self, now: Now) -> None:
        """Those present at a site that was lost in the hour before are disarmed there."""
        s, p = self.s, self.p
        spots = np.flatnonzero((s.site_held == 0) & (s.lost_hour > now.hour - 1.5 * self.dt))
        if len(spots) == 0:
            return
        from groundswell.engine.random import binomial

        able = np.maximum(s.unit_on_duty - s.unit_dead - s.unit_injured - s.unit_disarmed, 0)
        for part, stood, people in ((1, s.force_stood, able), (2, s.passive_stood, s.unit_passive + s.unit_exhausted)):
            key = 2 * (len(self.place) + spots) + part
            n = binomial(self.seed, FORCE_DISARMED, key, now.step, stood[spots].astype(np.int64), p.disarmed_at_loss)
            self._fall(now, spots, np.stack([0 * n, 0 * n, n]), people, part)

    def _fall(self, now: Now, spots: np.ndarray, harm: np.ndarray, people: np.ndarray, part: int) -> None:
        """Share the killed, injured and disarmed (3, spots) among the units of the towns, by their `people` (U,).

        part: 0 in a fight, 1 and 2 at the loss of a site (the force, those who stood by): apart in the keys.
        """
        if not harm.any():
            return
        from groundswell.engine.random import binomial, uniform

        w, s, units = self.w, self.s, self.w.units
        towns, town = np.unique(self.town_of_spot[spots], return_inverse=True)
        number = np.full(len(w.town), -1)
        number[towns] = np.arange(len(towns))
        mine = np.flatnonzero((number[w.town[s.unit_place]] >= 0) & (people > 0))
        group, left = number[w.town[s.unit_place[mine]]], people[mine]

        def luck(kind: int) -> np.ndarray:
            return uniform(self.seed, FORCE_SHARE, 16 * towns + 5 * part + kind, now.step)

        out, gone = np.zeros(len(mine), np.int64), np.zeros(len(spots), np.int64)
        by_kind = (
            (s.unit_dead, s.security_dead),
            (s.unit_injured, s.security_injured),
            (s.unit_disarmed, s.security_disarmed),
        )
        for kind, (of_unit, of_place) in enumerate(by_kind):
            if harm[kind].any():
                n, there = _sums(town, harm[kind], towns), harm[kind]
                shares = share_out(n, left, luck(kind), group)
                if shares.sum() < n.sum():  # units with fewer people than stood there an hour ago
                    there = share_out(_sums(group, shares, towns), there, luck(kind), town)
                left = left - shares
                of_unit[mine] += shares
                np.add.at(of_place, self.place[spots], there)
                if kind != 1:  # the injured keep what they have
                    out, gone = out + shares, gone + there
        key = 2 * (3 * mine + part)
        arms = binomial(self.seed, ARMS_TAKEN, key, now.step, out, units.firearm_share[mine])
        arms = np.minimum(arms, np.maximum(s.unit_arms[mine] - s.unit_arms_lost[mine], 0))
        s.unit_arms_lost[mine] += arms
        self._into_hands(spots, town, gone, _sums(group, arms, towns), luck(3))
        vehicles = binomial(self.seed, ARMS_TAKEN, key + 1, now.step, out, self.per_person[mine])
        vehicles = np.minimum(vehicles, np.maximum(units.vehicles[mine] - s.unit_vehicles_lost[mine], 0))
        s.unit_vehicles_lost[mine] += vehicles
        np.add.at(s.vehicles_lost, self.place[spots], share_out(_sums(group, vehicles, towns), gone, luck(4), town))

    def _into_hands(
        self, spots: np.ndarray, town: np.ndarray, gone: np.ndarray, arms: np.ndarray, luck: np.ndarray
    ) -> None:
        """Firearms lost in each town go to the places whose people fight at its spots, by how many lost theirs there.

        Where outsiders alone fight, what they take stays in the place.
        """
        s = self.s
        number = np.full(len(self.place), -1)
        number[spots] = np.arange(len(spots))
        places = np.flatnonzero((s.fighting > 0) & (s.target[:, 1] < 0))
        at = number[s.stand[places, 1]]
        places, at = places[at >= 0], at[at >= 0]
        fighting = np.bincount(at, s.fighting[places], len(spots))
        weight = _FINE * gone[at] * s.fighting[places] / fighting[at]
        alone = np.flatnonzero(fighting == 0)
        hands = np.concatenate([places, self.place[spots[alone]]])
        weight = np.rint(np.concatenate([weight, _FINE * gone[alone]])).astype(np.int64)
        np.add.at(s.arms_lost, hands, share_out(arms, weight, luck, town[np.concatenate([at, alone])]))


def _sums(group: np.ndarray, n: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Sum of n in each of the groups."""
    return np.bincount(group, n, len(groups)).astype(np.int64)
