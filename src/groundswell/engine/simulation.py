"""A run, hour by hour: mechanisms in their order, then the engine, then the record of what came of it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from groundswell.engine.clock import Clock
from groundswell.engine.mechanism import Mechanism
from groundswell.engine.purposes import purpose
from groundswell.engine.raids import known_people
from groundswell.engine.random import permute
from groundswell.engine.rates import FLOWS, STOCKS, Counts, Rates
from groundswell.engine.roster import Roster, make_roster
from groundswell.engine.schedule import Turn, order
from groundswell.engine.state import SUMS, State, dimensions
from groundswell.world.world import World

PICK = purpose("who is picked by number")  # who is picked by a measure that names numbers, not people

CROWD = {"frailty_shape": 1.0, "work_unit_people": 25.0, "neighbourhood_people": 300.0}
"""What a crowd is made with, where no mechanism declares a parameter of that name `at_start`."""

LARGEST_HAZARD = 0.2  # per step: above it, that hazards hold still within a step begins to show
ENGINES = ("fast", "reference", "reference-independent")
_WITH_OTHERS = ("job", "public", "study")  # who spend the day with colleagues or fellow students


class CoarseStep(UserWarning):
    """A hazard of joining exceeded LARGEST_HAZARD within a step."""


def roster_of(world: World, work_unit_people: float, neighbourhood_people: float) -> Roster:
    """The roster of a world's people."""
    g, c = world.cells.groups, world.cells
    works = np.isin(world.group_work, _WITH_OTHERS)
    return make_roster(
        g.place, g.size, g.at_risk, works & g.at_risk, c.group, c.count, c.community,
        np.maximum(world.place("household_people").astype(float), 1.0), work_unit_people, neighbourhood_people,
    )  # fmt: skip


class Simulation:
    """One play of a world under mechanisms with parameters and a seed.

    Args:
        world: what exists.
        on: mechanisms that are on. known: all there are (those off keep neutral variables).
        parameters: mechanism name -> its `Parameters`.
        seed: seed of every draw.
        engine: "fast", or a slow reference in one of its two modes, for small populations.
        step_h: step in hours. threads: threads of the fast engine.
    """

    def __init__(
        self,
        world: World,
        on: Sequence[type[Mechanism]],
        known: Sequence[type[Mechanism]],
        parameters: Mapping[str, Any],
        seed: int,
        engine: str = "fast",
        step_h: float = 1.0,
        threads: int = 1,
    ):
        self.world, self.parameters, self.seed, self.engine = world, parameters, seed, engine
        self.schedule = order(on, known)
        self.clock = Clock(world.case.start, world.case.horizon_hours, step_h, world.utc_offset_h)
        self.state = State([v for m in known for v in m.writes], dimensions(world), step_h)
        self._neutral = [v for m in known if m not in on for v in m.writes]
        self.mechanisms = [m(world, self.state, parameters[m.name], seed) for m in self.schedule]
        self._turns = [Turn(m, step_h) for m in self.mechanisms]
        self._per_order = max(1, round(1.0 / step_h))  # orders are given by the hour, and carried out once
        made_with = CROWD | {n: getattr(parameters[m.name], n) for m in known for n in m.at_start if n in CROWD}
        self.roster = roster_of(world, made_with["work_unit_people"], made_with["neighbourhood_people"])
        ties = any(v.name == "tie_factor" for m in on for v in m.writes)
        self.crowd = self._make_crowd(engine, made_with["frailty_shape"], ties, threads)
        self.rates = self._share_rates()
        counted = {name: name for name in (*STOCKS, *FLOWS, "on_street_group")}
        counted |= {"took_up": "took_up_fight", "demands": "demand_people"}
        self._counted = [(getattr(self.state, v), getattr(self.crowd.counts, k)) for k, v in counted.items()]
        self.step = 0
        self.coarse_h: float | None = None  # hour of the first step of which CoarseStep warns

    def _make_crowd(self, engine: str, shape: float, ties: bool, threads: int) -> Any:
        demands = len(self.world.demands.id)
        args = (self.roster, self.seed, shape, self.clock.steps, self.clock.step_h, ties, threads, demands)
        if engine == "fast":
            from groundswell.engine.crowd import Crowd

            return Crowd(*args)
        if engine not in ENGINES:
            raise ValueError(f"engine: given {engine!r}; allowed: {', '.join(ENGINES)}")
        from groundswell.engine.reference import ReferenceCrowd

        return ReferenceCrowd(*args, mode="independent" if engine.endswith("independent") else "resistance")

    def _share_rates(self) -> Rates:
        """Rates whose arrays are the state's own, so that nothing is copied from hour to hour."""
        s = self.state
        return Rates(
            join=s.join_hazard, tie=s.tie_factor, beta=s.tie_beta, leave_factor=s.leave_factor,
            disperse=s.disperse_hazard, arrest=s.arrest_hazard, injure=s.injury_hazard, lethality=s.lethality,
            imitation=s.demand_imitation, organised=s.organised_factor, innovation=s.demand_innovation,
            organised_demands=np.zeros(len(self.world.demands.id), bool), fight=s.fight_hazard,
            unorganised=s.unorganised,
        )  # fmt: skip

    def advance(self, parts: dict[str, dict[str, np.ndarray]] | None = None) -> None:
        """Play the next step.

        Args:
            parts: where given, it is filled with what each mechanism added to each open sum: sum -> mechanism -> array.
        """
        now = self.clock.now(self.step)
        s, r = self.state, self.rates
        s.clear_sums()
        for turn in self._turns:
            before = {} if parts is None else {v.name: getattr(s, v.name).copy() for v in SUMS}
            turn.take(now)
            for name, was in before.items():
                if parts is not None and (getattr(s, name) != was).any():
                    parts.setdefault(name, {})[turn.mechanism.name] = getattr(s, name) - was
        if self.step % self._per_order == 0:
            self._dismiss()
            self._detain()
        r.leave, r.leave_growth = float(s.leave_hazard), float(s.leave_growth)
        r.rest_h, r.hold_h, r.recover_h = float(s.rest_h), float(s.hold_h), float(s.recover_h)
        r.calm = float(s.calm_hazard)
        r.organised_demands[:] = s.demand_organised > 0
        if self.coarse_h is None and float(s.join_hazard.max(initial=0.0)) * s.step_h > LARGEST_HAZARD:
            self.coarse_h = now.hour
            words = f"at {self.clock.iso(now.hour)} a hazard of joining exceeds {LARGEST_HAZARD} per step; "
            words += "what happens within a step is coarse: take a shorter step"
            warnings.warn(words, CoarseStep, stacklevel=2)
        self._take(self.crowd.advance(self.step, r))
        self.step += 1

    def _take(self, c: Counts) -> None:
        for variable, counted in self._counted:
            np.copyto(variable, counted)
        s = self.state
        grievance, *ties = c.joined.T
        s.joined_by_tie[:] = sum(ties)
        np.add(s.joined_by_tie, grievance, out=s.joined)

    def _dismiss(self) -> None:
        """Move those dismissed this hour to the unemployed of their place; who: a keyed permutation."""
        dismissed = self.state.dismissed
        if not dismissed.any():
            return
        w, r = self.world, self.roster
        for e in np.flatnonzero(dismissed > 0):
            g = int(w.group_of_enterprise[e])
            target = w.group_with(int(w.place_of_enterprise[e]), w.jobless)
            size, done = int(r.group_size[g]), int(self.state.dismissed_so_far[e])
            last = min(done + int(dismissed[e]), size)
            ids = [r.group_first[g] + permute(i, size, self.seed, PICK, g, False) for i in range(done, last)]
            self.crowd.transfer(np.array(ids, np.int64), target)
            self.state.dismissed_so_far[e] = last

    def _detain(self) -> None:
        """Take people from home: known organisers in a keyed order, and by lot people who were on the street before."""
        s, r = self.state, self.roster
        if s.detain_known.any():
            wanted, done = s.detain_known.astype(np.int64), s.detained_known
            while True:  # who is on the street or held already is passed over, and the next one taken
                last = np.minimum(done + wanted, r.place_adults)
                if not (last > done).any():
                    break
                ids = np.empty(int((last - done).sum()), np.int64)
                known_people(self.seed, r.place_first, r.place_adults, done, last, ids)
                wanted -= self.crowd.detain(self.step, ids, float(s.hold_h))
                done[:] = last
        if s.detain_past.any():
            ids = self.crowd.once_out(self.step, s.detain_past)
            self.crowd.detain(self.step, ids, float(s.hold_h))

    # -- stopping and going on -----------------------------------------------------------------------------------

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything from which `restore` goes on to the bit."""
        out = {f"state/{k}": v for k, v in self.state.arrays().items()}
        out.update({f"crowd/{k}": v for k, v in self.crowd.state().items()})
        out["step"] = np.array(self.step)
        return out

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take up a checkpoint of a simulation with the same world, seed and frailty."""
        pick = lambda part: {k.removeprefix(part): v for k, v in arrays.items() if k.startswith(part)}  # noqa: E731
        self.state.restore(pick("state/"))
        for v in self._neutral:  # a branch may have switched off what acted in the past
            getattr(self.state, v.name)[...] = v.initial
        self.crowd.restore(pick("crowd/"))
        self.step = int(arrays["step"])
