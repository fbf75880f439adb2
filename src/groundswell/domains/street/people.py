"""People: everybody, one by one, at the hazards that the mechanisms of the hour ask for.

It plays the hour out when all others have said what they want. Rates go in: hazards of joining, of leaving, of
dispersal, arrest, injury and fighting, of taking up demands; who is dismissed, and who is taken from home. Counts come
out, by place and group, and are read by all in the hour after. Orders are given by the hour and carried out once,
whatever the step.

Without it nobody comes out, is taken or dismissed, and all counts stay 0. How people move is in `engine.crowd`, or in
one of the slow engines beside it, `engine.reference`; who they are in `engine.roster`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.domains.street.joining import Joining
from groundswell.domains.street.ties import Ties
from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism
from groundswell.engine.purposes import purpose
from groundswell.engine.rates import FLOWS, STOCKS, Rates
from groundswell.engine.state import COUNTS, RATES

if TYPE_CHECKING:
    from groundswell.engine.roster import Roster
    from groundswell.engine.simulation import Simulation
    from groundswell.world.world import World

PICK = purpose("who is picked by number")  # who is picked by a measure that names numbers, not people
LARGEST_HAZARD = 0.2  # per step: above it, that hazards hold still within a step begins to show
_WITH_OTHERS = ("job", "public", "study")  # who spend the day with colleagues or fellow students


def roster_of(world: World, work_unit_people: float, neighbourhood_people: float) -> Roster:
    """The roster of a world's people."""
    from groundswell.engine.roster import make_roster  # brings in the compiler, which declarations do not need

    g, c = world.cells.groups, world.cells
    works = np.isin(world.group_work, _WITH_OTHERS)
    return make_roster(
        g.place, g.size, g.at_risk, works & g.at_risk, c.group, c.count, c.community,
        np.maximum(world.place("household_people").astype(float), 1.0), work_unit_people, neighbourhood_people,
    )  # fmt: skip


class People(Mechanism):
    """Everybody, person by person."""

    name = "people"
    reads = tuple(v.name for v in RATES)
    writes = COUNTS
    clock_h = 0.0  # at every step
    plays_out = True
    for_all_time = True

    @dataclass(frozen=True)
    class Parameters:
        """None: `joining` says how people differ, `ties` how large their circles are."""

    def begin(self, play: Simulation) -> None:
        """Make everybody, and rates whose arrays are the state's own, so that nothing is copied from hour to hour."""
        s, demands = play.state, len(self.w.demands.id)
        joining = play.parameters.get(Joining.name, Joining.Parameters())
        ties = play.parameters.get(Ties.name, Ties.Parameters())
        self.play = play
        self.roster = roster_of(self.w, ties.work_unit_people, ties.neighbourhood_people)
        tied = any(v.name == "tie_factor" for m in play.schedule for v in m.writes)
        self.crowd = self._crowd(joining.frailty_shape, tied)
        self.per_order = max(1, round(1.0 / self.dt))
        self.rates = Rates(
            join=s.join_hazard, tie=s.tie_factor, beta=s.tie_beta, leave_factor=s.leave_factor,
            disperse=s.disperse_hazard, arrest=s.arrest_hazard, injure=s.injury_hazard, lethality=s.lethality,
            imitation=s.demand_imitation, organised=s.organised_factor, innovation=s.demand_innovation,
            organised_demands=np.zeros(demands, bool), fight=s.fight_hazard, unorganised=s.unorganised,
        )  # fmt: skip
        counted = {name: name for name in (*STOCKS, *FLOWS, "on_street_group")}
        counted |= {"took_up": "took_up_fight", "demands": "demand_people"}
        self.counted = [(getattr(self.s, v), getattr(self.crowd.counts, k)) for k, v in counted.items()]

    def _crowd(self, shape: float, ties: bool) -> Any:
        play, demands = self.play, len(self.w.demands.id)
        args = (self.roster, self.seed, shape, play.clock.steps, self.dt, ties, play.threads, demands)
        if play.engine == "fast":
            from groundswell.engine.crowd import Crowd

            return Crowd(*args)
        from groundswell.engine.reference import ReferenceCrowd

        return ReferenceCrowd(*args, mode="independent" if play.engine.endswith("independent") else "resistance")

    def step(self, now: Now) -> None:
        """Carry out the orders of the hour, then play it."""
        s, r = self.s, self.rates
        if now.step % self.per_order == 0:
            self._dismiss()
            self._detain(now.step)
        r.leave, r.leave_growth = float(s.leave_hazard), float(s.leave_growth)
        r.rest_h, r.hold_h, r.recover_h = float(s.rest_h), float(s.hold_h), float(s.recover_h)
        r.calm = float(s.calm_hazard)
        r.organised_demands[:] = s.demand_organised > 0
        if float(s.join_hazard.max(initial=0.0)) * self.dt > LARGEST_HAZARD:
            self.play.warn_of_coarse_step(now.hour, f"a hazard of joining exceeds {LARGEST_HAZARD} per step")
        counts = self.crowd.advance(now.step, r)
        for variable, counted in self.counted:
            np.copyto(variable, counted)
        grievance, *ties = counts.joined.T
        s.joined_by_tie[:] = sum(ties)
        np.add(s.joined_by_tie, grievance, out=s.joined)

    def _dismiss(self) -> None:
        """Move those dismissed this hour to the unemployed of their place; who: a keyed permutation."""
        dismissed = self.s.dismissed
        if not dismissed.any():
            return
        from groundswell.engine.random import permute

        w, r = self.w, self.roster
        for e in np.flatnonzero(dismissed > 0):
            g = int(w.group_of_enterprise[e])
            target = w.group_with(int(w.place_of_enterprise[e]), w.jobless)
            size, done = int(r.group_size[g]), int(self.s.dismissed_so_far[e])
            last = min(done + int(dismissed[e]), size)
            ids = [r.group_first[g] + permute(i, size, self.seed, PICK, g, False) for i in range(done, last)]
            self.crowd.transfer(np.array(ids, np.int64), target)
            self.s.dismissed_so_far[e] = last

    def _detain(self, step: int) -> None:
        """Take people from home: known organisers in a keyed order, and by lot people who were on the street before."""
        s, r = self.s, self.roster
        if s.detain_known.any():
            from groundswell.engine.raids import known_people

            wanted, done = s.detain_known.astype(np.int64), s.detained_known
            while True:  # who is on the street or held already is passed over, and the next one taken
                last = np.minimum(done + wanted, r.place_adults)
                if not (last > done).any():
                    break
                ids = np.empty(int((last - done).sum()), np.int64)
                known_people(self.seed, r.place_first, r.place_adults, done, last, ids)
                wanted -= self.crowd.detain(step, ids, float(s.hold_h))
                done[:] = last
        if s.detain_past.any():
            ids = self.crowd.once_out(step, s.detain_past)
            self.crowd.detain(step, ids, float(s.hold_h))

    def memory(self) -> dict[str, np.ndarray]:
        """What the crowd holds."""
        return dict(self.crowd.state())

    def recall(self, memory: Mapping[str, np.ndarray]) -> None:
        """Take up what the crowd held; the same world, seed and frailty."""
        self.crowd.restore(memory)
