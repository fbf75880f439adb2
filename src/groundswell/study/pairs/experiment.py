"""One claim as an experiment: pairs of runs that share seed, draws and past, and differ in the change alone.

The past is played once: up to the hour at which the change begins both runs are one, then its state is taken over and
the change acts in the second. Each equals the run that would have been played alone, to the bit.

Under an account both runs have what the account switches on, drawn anew for each pair by its number, with the shared
parameters where the common base has them. An element that the claim is about is off in the run without the change and
on in the other, whatever the account says of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from groundswell.accounts import Accounts, Draw, at_median, based_on, draw
from groundswell.case import Case
from groundswell.case.calibration import played
from groundswell.engine.purposes import purpose
from groundswell.engine.random import uniform
from groundswell.engine.simulation import Simulation
from groundswell.history.recorder import Recorder
from groundswell.observe.outcomes import HARM_ASKED
from groundswell.observe.reading import Reading
from groundswell.play.apply import change_measures, keep_home, with_data
from groundswell.play.change import RESPOND, RESPONSIVE, Change
from groundswell.play.plan import Plan, canonical
from groundswell.play.run import Run, play, prepare
from groundswell.study.pairs.claims import Claim
from groundswell.world.world import World, build

# Own parameters of an account in a pair of runs that puts a claim to the test.
ASKED_DRAW = purpose("own parameters of an account in a pair")

OUTCOME = "outcome"
"""Under which name the claim's own outcome stands beside those of harm."""


@dataclass(frozen=True)
class Pair:
    """Two runs: what each has of the harm and of the claim's outcome.

    limits: hours as which "never" counts. shared_h: hours of past that the two have in common.
    """

    account: str | None
    index: int
    seed: int
    without: dict[str, float]
    with_: dict[str, float]
    limits: dict[str, float]
    shared_h: float

    def rows(self) -> Iterator[dict[str, Any]]:
        """As rows of a table, one for each run."""
        for name, values in (("without", self.without), ("with", self.with_)):
            yield {"account": self.account or "", "pair": self.index, "seed": self.seed, "run": name, **values}


@dataclass
class Experiment:
    """A claim on a case, ready to be played; worlds are built once.

    Args:
        case: the case. claim: a runnable claim. accounts: the case's accounts, None where it has none.
        seed: seed of the first pair; pair i has seed + i. people_scale: factor on the population.
        world: a world already built from the same case and scale, to save the time of building it.
    """

    case: Case
    claim: Claim
    accounts: Accounts | None = None
    seed: int = 1
    people_scale: float = 1.0
    world: World | None = None

    @cached_property
    def worlds(self) -> tuple[World, World]:
        """Worlds without and with the change; the same object where the change is none of data."""
        both, change = self.claim.both, self.claim.change
        world = self.world if self.world is not None else build(self.case, self.people_scale)
        without = keep_home(with_data(world, both.data), both.stay_home)
        if not (change.data or change.stay_home):
            return without, without
        return without, keep_home(with_data(world, (*both.data, *change.data)), (*both.stay_home, *change.stay_home))

    def pair(self, index: int, account: str | None = None) -> Pair:
        """Play pair number `index` under an account, or under the common base."""
        return play_together([self], index, account)[0]

    def changed(
        self, simulation: Simulation, recorder: Recorder, stages: Sequence[tuple[float, Plan]], world: World
    ) -> Run:
        """The run with the change, which takes over the past of the run without it, played to the first stage."""
        case = world.case
        for hour, plan in stages:
            step = _step(plan, hour)
            play(simulation, recorder, step)
            after, kept, steps = prepare(plan, case, 1, world)
            if step:
                after.restore(simulation.arrays())
                kept.restore(recorder.arrays(step))
            simulation, recorder = after, kept
        play(simulation, recorder, steps)
        return Run(plan, simulation, recorder, 0.0, 0.0)

    @cached_property
    def base(self) -> dict[str, Any]:
        """What a calibration sets in the common base: the draw in the middle, as `run` plays it."""
        return played(self.case)

    @property
    def asked(self) -> dict[str, Any]:
        """What is looked at: the harm, then the claim's outcome."""
        return {a.name: a for a in HARM_ASKED} | {OUTCOME: self.claim.outcome}

    def values(self, reading: Reading) -> dict[str, float]:
        """What a run has of the harm and of the claim's outcome."""
        return {k: float(a.value(reading)) for k, a in self.asked.items()}

    def plans(self, index: int, account: str | None) -> tuple[Plan, list[tuple[float, Plan]]]:
        """The plan without the change, and those with it, each with the hour from which it holds."""
        both, change = self.claim.both, self.claim.change
        settings, measures, on = self._of_account(index, account)
        on = on | set(both.elements)
        less, more = on - set(change.elements), on | set(change.elements)
        past = Change({**self._switched(settings, less), **both.set}, both.off, {**measures, **both.measures},
                      government=both.government)  # fmt: skip
        plain = Plan(
            canonical(self.case), past, self.seed + index, self.claim.until or None, self.people_scale, drawn=self.base
        )
        acts = Change({**self._switched(settings, more), **both.set, **change.set}, change.off, change.measures,
                      government=change.government)  # fmt: skip
        full = dataclasses.replace(past.then(acts), set=acts.set)
        changed = dataclasses.replace(plain, change=full)
        by_measures = dataclasses.replace(plain, change=dataclasses.replace(past, measures=full.measures))
        if self._from_the_start(change):
            return plain, [(0.0, changed)]
        stages = []
        if change.measures:
            stages.append((self._earliest(plain, changed), by_measures))
        if change.at:
            hour = self.worlds[0].hour_of(change.at, np.ones(len(self.case.tables["places"]), bool))
            stages.append((hour, changed))
            if len(stages) > 1 and hour < stages[0][0]:
                late = dataclasses.replace(plain, change=dataclasses.replace(full, measures=past.measures))
                stages = [(hour, late), (stages[0][0], changed)]
        return plain, stages

    @staticmethod
    def _from_the_start(change: Change) -> bool:
        """Whether the change shapes the run from its first hour."""
        timeless = bool(change.set or change.off) and not change.at
        return timeless or bool(change.data or change.stay_home or change.elements or change.government)

    def _earliest(self, plain: Plan, changed: Plan) -> float:
        """First hour at which a measure differs: the earlier of where it stood and where it stands now."""
        ids = set(self.claim.change.measures)
        if plain.change.government == RESPONSIVE or any(v == RESPOND for v in self.claim.change.measures.values()):
            return 0.0  # the ladder is at work from the first hour
        both = [change_measures(self.worlds[0], plan.measures).measures for plan in (plain, changed)]
        return max(0.0, min((m.start_h for found in both for m in found if m.id in ids), default=0.0))

    def _of_account(self, index: int, account: str | None) -> tuple[dict[str, float], dict[str, str], set[str]]:
        """Parameters, versions of measures and elements of an account in pair number `index`."""
        if account is None:
            return {}, {}, set()
        assert self.accounts is not None
        point = drawn(based_on(self.accounts, self.base.get("settings")), account, self.seed, index)
        return dict(point.settings), dict(point.measures), set(point.elements)

    def _switched(self, settings: Mapping[str, float], on: set[str]) -> dict[str, float]:
        """Settings under which just these elements are on: as the account has them, else at the prior's median."""
        if self.accounts is None:
            return dict(settings)
        elements = self.accounts.elements
        parameters = {f.name for e in elements.values() for f in e.on}
        out = {k: v for k, v in settings.items() if k not in parameters}
        for name in sorted(self.accounts.supported(on)):
            for f in elements[name].on:
                out[f.name] = settings[f.name] if f.name in settings else f.value(0.5)
        return out


def play_together(experiments: Sequence[Experiment], index: int, account: str | None = None) -> list[Pair]:
    """One pair of each experiment; the run without the change is played once, since all have the same.

    Raises:
        ValueError: if the runs without the change are not the same.
    """
    first = experiments[0]
    plain = first.plans(index, account)[0]
    world = first.worlds[0]
    stages = []
    for e in experiments:
        own, mine = e.plans(index, account)
        if own != plain or (e.claim.both.data, e.claim.both.stay_home) != (
            first.claim.both.data, first.claim.both.stay_home,
        ):  # fmt: skip
            raise ValueError(f"{e.claim.id}: its run without the change is not that of {first.claim.id}")
        stages.append(mine)
    simulation, recorder, steps = prepare(plain, first.case, 1, world)
    with_: dict[int, dict[str, float]] = {}
    for k in sorted(range(len(experiments)), key=lambda k: stages[k][0][0]):
        e = experiments[k]
        play(simulation, recorder, _step(plain, stages[k][0][0]))
        other = world if e.worlds[1] is e.worlds[0] else e.worlds[1]
        with_[k] = e.values(e.changed(simulation, recorder, stages[k], other).reading)
    play(simulation, recorder, steps)
    reading = Run(plain, simulation, recorder, 0.0, 0.0).reading
    return [
        Pair(
            account, index, plain.seed, e.values(reading), with_[k],
            {name: a.limit(reading) for name, a in e.asked.items()}, _step(plain, stages[k][0][0]) * plain.step_h,
        )
        for k, e in enumerate(experiments)
    ]  # fmt: skip


def _step(plan: Plan, hour: float) -> int:
    """Steps that end at or before an hour."""
    return int(hour // plan.step_h)


def drawn(accounts: Accounts, account: str, seed: int, index: int) -> Draw:
    """The account in pair number `index`: its own parameters drawn, shared ones as `run` has them."""
    names = accounts.coordinates(account)
    u = uniform(seed, ASKED_DRAW, np.arange(len(names)), index)
    point = draw(accounts, account, [0.5] * len(accounts.shared), list(u))
    own = {k: v for k, v in point.settings.items() if k not in accounts.shared}
    fixed = {k: v for k, v in at_median(accounts, account).settings.items() if k in accounts.shared}
    return Draw(point.elements, {**fixed, **own}, point.measures)


def arrays(pairs: Sequence[Pair], name: str) -> tuple[np.ndarray, np.ndarray]:
    """(n,) an outcome without and with the change, by the number of the pair."""
    rows = sorted(pairs, key=lambda p: p.index)
    return np.array([p.without[name] for p in rows]), np.array([p.with_[name] for p in rows])
