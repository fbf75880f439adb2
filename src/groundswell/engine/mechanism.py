"""The contract of a mechanism: what it must declare, what it may, and what it gets for nothing.

MUST define: `name`; a `Parameters` dataclass whose fields are made by `parameter(...)`; `step(now)`.

MAY define:
    clock_h: hours between two steps (default 1; 0: at every step of the run).
    reads: values of this step, so it runs after their writer.
    lags: values as they stood when the step began, so no order follows.
    writes: variables of its own; nobody else writes them.
    needs: tables of the case without whose rows it has nothing to act on; where one has none, it is off.
    adds: sums open to all, emptied when a step begins (`state.SUMS`).
    prepare(): called once, before the first step.
    at_start: parameters that act only before the first step, which a branch cannot change.
    for_all_time: a branch cannot switch it off either.
    plays_out: it plays the step out when all others have said what they want. What it writes, others read as it stood
        when the step began.
    begin(play): called once, when all mechanisms stand, with the simulation.
    memory(), recall(memory): arrays that it remembers beside its variables, for checkpoints.
    shows: observables of its own by name, see `observable`: a course or a number that is read off its variables.
    measures: kinds of measures that it acts on, see `case.kinds.MeasureKind`; measures in force: `state.standing`.
    wakes, has_work(): what wakes it; the schedule skips a step that could change nothing, see `schedule.Turn`.

`step` and `prepare` see of the state what is declared in reads, lags, writes and adds, and write only the last two.

GETS for nothing: its place in the order of an hour, its variables in the state, in checkpoints, in the history and
in the documentation, its parameters under `--set NAME.PARAMETER=VALUE`, its switch under `--off NAME`; its observables
as kinds of a record, as outcomes of `ask`, in the report and the glossary, and as "not modelled here" where it is off;
its kinds of measures in measures.csv and ladder.csv, in a record and in pictures.

A mechanism that is off leaves its variables at their initial values, which are the neutral ones, so it equals the
same mechanism at strength zero. All that a mechanism remembers from step to step lives in its variables, or in its
`memory`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from groundswell.case.kinds import MeasureKind
from groundswell.engine.observable import Observable
from groundswell.engine.priors import LogNormal, Prior, Uniform

if TYPE_CHECKING:
    from groundswell.case.tables import Case
    from groundswell.engine.clock import Now
    from groundswell.engine.simulation import Simulation
    from groundswell.engine.state import State
    from groundswell.world.world import World


@dataclass(frozen=True)
class Variable:
    """A quantity of the state: an array over `dims` (none: a single number in a 0-d array).

    keep: "no", or how history keeps it: "hour" (every hour) or "day" (at midnight).
    """

    name: str
    dims: tuple[str, ...]
    unit: str
    long_name: str
    initial: float = 0.0
    keep: str = "no"
    dtype: type = float


@dataclass(frozen=True)
class ParameterInfo:
    """What is known of one parameter of one mechanism."""

    mechanism: str
    name: str
    default: Any
    unit: str
    prior: Prior
    source: str
    state: str
    about: str
    low: float | None = None
    high: float | None = None
    required: bool | str = False

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value allowed: as declared, else what the unit and the prior's kind make sense for."""
        if self.low is None and self.unit in SCALES:
            low = SMALLEST
        elif self.low is None and (
            isinstance(self.prior, LogNormal) or (isinstance(self.prior, Uniform) and self.prior.low >= 0)
        ):
            low = 0.0
        else:
            low = -math.inf if self.low is None else self.low
        return low, math.inf if self.high is None else self.high


SMALLEST = 1e-9  # stands for "above 0"
SCALES = ("h", "day", "month", "km", "km/h", "people")  # units of what something is divided by


def parameter(
    default: Any = math.nan,
    *,
    unit: str,
    prior: Prior,
    source: str,
    about: str,
    state: str = "assumed",
    low: float | None = None,
    high: float | None = None,
    required: bool | str = False,
) -> Any:
    """A field of a mechanism's `Parameters`: default, unit, prior, source, state of knowledge and meaning.

    low, high: bounds where unit and prior do not give them (times and lengths are above 0, strengths not below).
    required: True for a figure of one country, which has no default: the case gives it in parameters.toml; the name of
    a table: so where that table has rows.
    """
    info = {"unit": unit, "prior": prior, "source": source, "about": about, "state": state, "low": low, "high": high}
    info["required"] = required
    if isinstance(default, (list, dict, set)):
        raise TypeError("a parameter's default must be immutable")
    return dataclasses.field(default=default, metadata=info)


class View:
    """What a mechanism sees of the state: the arrays of the variables that it declares, and nothing else.

    Those that it only `reads` or `lags` cannot be written. A view is made once, and its arrays are the state's own, so
    that it costs nothing from step to step. `sizes` and `step_h` as in the state.

    Raises:
        Undeclared: a variable is asked for, or assigned to, that the mechanism does not declare.
    """

    sizes: dict[str, int]
    step_h: float

    def __init__(self, state: State, mechanism: type[Mechanism]):
        own = {*(v.name for v in mechanism.writes), *mechanism.adds}
        seen = {name: getattr(state, name) for name in (*mechanism.reads, *mechanism.lags, *own)}
        for name in seen.keys() - own:
            seen[name] = seen[name].view()
            seen[name].flags.writeable = False
        self.__dict__ |= seen | {"sizes": state.sizes, "step_h": state.step_h, "_of": mechanism}

    def __getattr__(self, name: str) -> np.ndarray:
        raise Undeclared(f"{where(self.__dict__['_of'])} uses {name}, which it declares in none of {DECLARED}")

    def __setattr__(self, name: str, value: Any) -> None:
        """Assigning to a variable fills its array, which others hold, and never replaces it."""
        array = getattr(self, name)
        if value is not array:
            array[...] = value


class Undeclared(AttributeError):
    """A mechanism that uses a variable which it does not declare; the message names both."""


DECLARED = "reads, lags, writes, adds"


def where(mechanism: type[Mechanism]) -> str:
    """A mechanism and its file, for messages."""
    return f"{mechanism.name} ({mechanism.__module__.rsplit('.', 1)[-1]}.py)"


class Mechanism:
    """Base of all mechanisms; see the module.

    `s` is what it sees of the state, `w` the world, `p` the parameters.
    """

    name: ClassVar[str]
    clock_h: ClassVar[float] = 1.0
    reads: ClassVar[Sequence[str]] = ()
    lags: ClassVar[Sequence[str]] = ()
    writes: ClassVar[Sequence[Variable]] = ()
    adds: ClassVar[Sequence[str]] = ()
    needs: ClassVar[Sequence[str]] = ()
    at_start: ClassVar[Sequence[str]] = ()
    for_all_time: ClassVar[bool] = False
    plays_out: ClassVar[bool] = False
    shows: ClassVar[Mapping[str, Observable]] = {}
    measures: ClassVar[Sequence[MeasureKind]] = ()
    wakes: ClassVar[Sequence[str]] = ()
    Parameters: ClassVar[type]

    def __init__(self, world: World, state: State, parameters: Any, seed: int):
        self.w, self.s, self.p, self.seed = world, View(state, type(self)), parameters, seed
        self.dt = state.step_h if self.clock_h <= state.step_h else self.clock_h
        self.prepare()

    def prepare(self) -> None:
        """Work out what stays the same for the whole run, and set initial values of own variables."""

    def step(self, now: Now) -> None:
        """Compute own variables for the step that begins `now`."""
        raise NotImplementedError(f"mechanism {self.name} defines no step")

    def begin(self, play: Simulation) -> None:
        """Look at the other mechanisms of a run, all of which have prepared."""

    def memory(self) -> dict[str, np.ndarray]:
        """What `recall` takes up, beside own variables."""
        return {}

    def recall(self, memory: Mapping[str, np.ndarray]) -> None:
        """Take up what `memory` gave."""

    def has_work(self) -> bool:
        """Whether a step has something to do though nothing that `wakes` names has changed, as where luck is drawn."""
        return False

    def uniform(self, purpose: int, subject: int, spell: int) -> float:
        """A uniform in (0, 1), a function of (seed, purpose, subject, spell) alone."""
        from groundswell.engine.random import uniforms  # brings in the compiler, which declarations do not need

        return float(uniforms(self.seed, purpose, subject, spell)[0])

    def exponential(self, purpose: int, subject: int, spell: int) -> float:
        """A unit exponential, a function of (seed, purpose, subject, spell) alone."""
        from groundswell.engine.random import exponential

        return float(exponential(self.seed, purpose, subject, spell))

    @classmethod
    def pack(cls) -> str:
        """The pack it belongs to: the folder of its file, or its module where that stands alone."""
        return (cls.__module__.split(".")[-2:] or [""])[0]

    @classmethod
    def absent(cls, case: Case) -> str:
        """Why a case does not play it: it leaves out the pack, or has no rows in a table that it needs; else empty."""
        if case.packs and cls.pack() not in case.packs:
            return f"the case plays no pack {cls.pack()}"
        empty = [name for name in cls.needs if name not in case.tables or not len(case.tables[name])]
        return f"no rows in {', '.join(f'{name}.csv' for name in empty)}" if empty else ""

    @classmethod
    def parameters(cls) -> list[ParameterInfo]:
        """Every parameter of this mechanism with what is known of it."""
        return [ParameterInfo(cls.name, f.name, f.default, **f.metadata) for f in dataclasses.fields(cls.Parameters)]


def decay(half_life_h: float, dt_h: float) -> float:
    """Factor by which something with this half-life shrinks in dt_h hours."""
    return float(np.exp2(-dt_h / half_life_h))


def approach(lag_h: Any, dt_h: float) -> Any:
    """Share of the gap that a first-order lag plays_out in dt_h hours."""
    return -np.expm1(-dt_h / np.asarray(lag_h, float))
