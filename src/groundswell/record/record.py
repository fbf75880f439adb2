"""The record of a case in memory: what is looked at, who says what about it, and with which value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from groundswell.case import Case
from groundswell.case.checks_record import has_value
from groundswell.case.scopes import hour_in_scope, places_in_scope, residents
from groundswell.record.frame import Frame, frame_of

if TYPE_CHECKING:
    from groundswell.world.world import World

SCORED_SETS = ("base", "weigh", "check")
"""Sets that are scored: base conditions what all accounts share, weigh weighs them, check is kept back."""


@dataclass(frozen=True)
class Source:
    """A text or other source. `weight` counts where sources contradict each other."""

    id: str
    name: str
    kind: str
    weight: float
    note: str = ""


@dataclass(frozen=True)
class Claim:
    """What one source says about one observation.

    `value` is (low, high) in the observation's unit, hours since the start of the case for the form hour; None where
    the claim has none. A side that a source leaves open is the figure that it gives: "at least 164" is (164, 164).
    Claims with the same `origin` repeat one source of knowledge and share one error.
    """

    id: str
    observation: str
    source: str
    line: str
    stance: str
    statement: str
    origin: str
    value: tuple[float, float] | None
    low: float | None = None
    high: float | None = None
    start_local: str = ""
    end_local: str = ""


@dataclass(frozen=True)
class Observation:
    """Something that a run also has; see `groundswell.case.record_rows` for kinds, forms and sets.

    `start_h` and `end_h` are hours since the start of the case on the clock of the scope. `least` is from how many on
    it is so, for the forms hour and yes; None for the least of the kind. `residents` are people living in the scope.
    `use` is "fit" where a calibration fits it, "check" where it keeps it back, together with its `block`, and "" where
    the case's `calibration.csv` does not list it. `discrepancy` is how far the model may be off by itself, told
    beforehand: a standard deviation in the scale of `features.reporting_error`; None where not listed. `place` is the
    region of the scope in words, "several regions" or "the whole country".
    """

    id: str
    title: str
    kind: str
    form: str
    unit: str
    scope: tuple[str, ...]
    start_local: str
    end_local: str
    start_h: float
    end_h: float
    of: tuple[str, ...]
    definition: str
    set: str
    mode: str
    note: str = ""
    least: float | None = None
    residents: int = 0
    use: str = ""
    discrepancy: float | None = None
    block: str = ""
    place: str = ""

    @property
    def scored(self) -> bool:
        """Whether a run is held against it."""
        return self.set in SCORED_SETS


@dataclass(frozen=True)
class Record:
    """Observations, claims and sources of a case, in the order of its files.

    Args:
        horizon_h: hours of the case as planned; later events are clipped to it.
        digest: of the case that holds the record.
        regions: of the case; no rank is higher.
    """

    observations: tuple[Observation, ...]
    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    horizon_h: float
    digest: str = field(default="", repr=False)
    regions: int = 1
    _masks: dict[tuple[str, ...], tuple[Any, Any]] = field(default_factory=dict, repr=False, compare=False)

    def masks(self, world: World, scope: tuple[str, ...]) -> tuple[Any, Any]:
        """(P,) places and (S,) sites of a scope in a world of this case, worked out once."""
        if scope not in self._masks:
            self._masks[scope] = (world.in_scope(scope), world.sites_in_scope(scope))
        return self._masks[scope]

    def __len__(self) -> int:
        return len(self.observations)

    @cached_property
    def frame(self) -> Frame:
        """The record as arrays."""
        return frame_of(self)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Number of each observation by its id."""
        return {o.id: i for i, o in enumerate(self.observations)}

    def observation(self, id: str) -> Observation:
        """An observation by its id; raises KeyError."""
        return self.observations[self.index[id]]

    @cached_property
    def source_of(self) -> Mapping[str, Source]:
        """Sources by id."""
        return {s.id: s for s in self.sources}

    @cached_property
    def _by_observation(self) -> Mapping[str, tuple[Claim, ...]]:
        found: dict[str, list[Claim]] = {o.id: [] for o in self.observations}
        for claim in self.claims:
            found[claim.observation].append(claim)
        return {id: tuple(claims) for id, claims in found.items()}

    def claims_of(self, id: str) -> tuple[Claim, ...]:
        """Claims about an observation, in the order of the file."""
        return self._by_observation[id]

    def in_sets(self, *sets: str, mode: str = "joint") -> tuple[Observation, ...]:
        """Observations of some sets that are scored in a mode: `both` alone, or `joint` too.

        Measures are input where they follow the record, so that the joint mode alone may score them.
        """
        modes = ("both", "joint") if mode == "joint" else ("both",)
        return tuple(o for o in self.observations if o.set in sets and o.mode in modes)


def load_record(case: Case) -> Record:
    """The record of a checked case."""
    sources = tuple(Source(r.source, r.name, r.kind, float(r.weight), r.note) for r in case.tables["sources"].rows)
    uses = {row.observation: row for row in case.tables["calibration"].rows}
    rows = case.tables["observations"].rows
    observations = tuple(_observation(case, row, uses.get(row.observation)) for row in rows)
    known = {o.id: o for o in observations}
    claims = tuple(_claim(case, row, known[row.observation]) for row in case.tables["claims"].rows)
    return Record(observations, claims, sources, float(case.hours), case.digest, len(case.tables["regions"].rows))


def _observation(case: Case, r: Any, use: Any = None) -> Observation:
    start_h, end_h = (hour_in_scope(case, at, r.scope) for at in (r.start_local, r.end_local))
    return Observation(
        r.observation, r.title, r.kind, r.form, r.unit, r.scope, r.start_local, r.end_local, start_h, end_h, r.of,
        r.definition, r.set, r.mode, r.note, r.least, residents(case, r.scope),
        getattr(use, "use", ""), getattr(use, "discrepancy", None), getattr(use, "block", ""), place_of(case, r.scope),
    )  # fmt: skip


def place_of(case: Case, scope: tuple[str, ...]) -> str:
    """Where a scope lies in words: the name of its region, "several regions" or "the whole country"."""
    if scope == ("*",):
        return "the whole country"
    inside = {row.region for row in places_in_scope(case, scope)}
    names = {row.region: row.name for row in case.tables["regions"].rows}
    return names[inside.pop()] if len(inside) == 1 else "several regions"


def _claim(case: Case, r: Any, about: Observation) -> Claim:
    return Claim(
        r.claim, r.observation, r.source, r.line, r.stance, r.statement, r.origin, _value(case, r, about),
        r.low, r.high, r.start_local, r.end_local,
    )  # fmt: skip


def _value(case: Case, r: Any, about: Observation) -> tuple[float, float] | None:
    if not has_value(r, about.form):
        return None
    if about.form == "hour":
        return hour_in_scope(case, r.start_local, about.scope), hour_in_scope(case, r.end_local, about.scope)
    if about.form == "yes" and r.low is None and r.high is None:
        value = 0.0 if r.stance == "denies" else 1.0
        return value, value
    low, high = (r.high if r.low is None else r.low), (r.low if r.high is None else r.high)
    return float(low), float(high)
