"""What an account is: elements that it switches on, ranges that it states, who holds it, what it predicts.

A run draws a vector of switches and strengths. An account is a region of that space, written as a predicate; families
part the space by which groups of elements are on. Accounts may overlap, families may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from groundswell.engine.priors import Drawn

SWITCH, MEASURES = "on:", "measures"
"""How a coordinate that is no parameter is named: "on:ELEMENT", and the choice among versions of measures."""


@dataclass(frozen=True)
class Free:
    """A parameter and what it is drawn from: a prior, or one value where the element is a plain switch.

    `low` and `high` are the values that the parameter allows.
    """

    name: str
    prior: Drawn | float
    reason: str
    low: float
    high: float

    def value(self, u: float, within: Within | None = None) -> float:
        """The value at the share u (0..1) of the prior, cut to what is allowed and to an account's range."""
        if isinstance(self.prior, float):
            return self.prior
        low, high = self.ends(within)
        a, b = self.prior.below(low), self.prior.below(high)
        u = min(max(a + (b - a) * u, 2.0**-53), 1.0 - 2.0**-53)
        return min(max(self.prior.quantile(u), low), high)

    def ends(self, within: Within | None = None) -> tuple[float, float]:
        """Lowest and highest value under an account's range."""
        if within is None:
            return self.low, self.high
        return max(self.low, within.low), min(self.high, within.high)


@dataclass(frozen=True)
class Within:
    """The range in which an account puts a parameter, and why."""

    low: float
    high: float
    reason: str


@dataclass(frozen=True)
class Element:
    """A mechanism that accounts dispute, as a switch. Off: its parameters have the values of the common base."""

    id: str
    title: str
    group: str
    reason: str
    on: tuple[Free, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Family:
    """A class of the partition: the draws with elements on in just these groups."""

    id: str
    title: str
    groups: frozenset[str]


@dataclass(frozen=True)
class Held:
    """A text on an account: whether it states, reports or denies it, or leaves it open, and where."""

    source: str
    line: str
    stance: str
    note: str = ""


@dataclass(frozen=True)
class Alternative:
    """Recorded measures in the versions of one source: measure id -> "version:NAME"."""

    source: str
    line: str
    changes: Mapping[str, str]


@dataclass(frozen=True)
class Prediction:
    """What an account says of an observation: in words, and as the sign of the change against the common base.

    sign: "+" (more, later), "-" (fewer, earlier), "0" (the same) or "" (no sign follows). A line is given where a text
    says it; without one it is derived by this case.
    """

    observation: str
    words: str
    sign: str = ""
    source: str = ""
    line: str = ""


@dataclass(frozen=True)
class Account:
    """One explanation. `own` marks a file of the user's."""

    id: str
    code: str
    title: str
    statement: str
    held: tuple[Held, ...]
    on: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    at_least_one: tuple[str, ...] = ()
    within: Mapping[str, Within] = field(default_factory=dict)
    measures: tuple[Alternative, ...] = ()
    predicts: tuple[Prediction, ...] = ()
    note: str = ""
    more_free: str = ""
    own: bool = False

    @property
    def elements(self) -> frozenset[str]:
        """Every element that may be on."""
        return frozenset((*self.on, *self.may, *self.at_least_one))

    @property
    def content(self) -> tuple[object, ...]:
        """What decides draws and membership: equal for two files that differ in names, words and order alone."""
        within = tuple(sorted((name, w.low, w.high) for name, w in self.within.items()))
        measures = tuple(sorted(tuple(sorted(m.changes.items())) for m in self.measures))
        parts = (tuple(sorted(set(x))) for x in (self.on, self.may, self.at_least_one))
        return (*parts, within, measures)


@dataclass(frozen=True)
class Draw:
    """One point of the space: elements on, parameters to set, versions of measures (for a scripted government)."""

    elements: frozenset[str]
    settings: Mapping[str, float]
    measures: Mapping[str, str]


@dataclass(frozen=True)
class Accounts:
    """All accounts of a case, and what they are written in.

    Args:
        accounts: by id. elements, families: by id.
        free: parameters that every account leaves free, sorted by name.
        base: value in the common base, of every parameter named by a file.
        more: parameters that an account narrows though nothing else draws them, by name.
        digest: of all files read.
    """

    accounts: Mapping[str, Account]
    elements: Mapping[str, Element]
    families: Mapping[str, Family]
    free: tuple[Free, ...]
    base: Mapping[str, float]
    more: Mapping[str, Free]
    digest: str

    @property
    def shared(self) -> tuple[str, ...]:
        """Names of the shared coordinates, in their order."""
        return tuple(f.name for f in self.free)

    @property
    def dims(self) -> dict[str, int]:
        """Account -> number of its own coordinates."""
        return {name: len(self.coordinates(name)) for name in self.accounts}

    def parameters(self, account: str) -> dict[str, Free]:
        """The parameters that an account draws beyond the shared ones, by name in order."""
        a = self.accounts[account]
        names = {f.name: f for e in a.elements for f in self.elements[e].on if not isinstance(f.prior, float)}
        taken = {*names, *self.shared}
        names |= {name: self.more[name] for name in a.within if name not in taken}
        return dict(sorted(names.items()))

    def coordinates(self, account: str) -> tuple[str, ...]:
        """Names of an account's own coordinates, in their order: parameters, switches, versions of measures."""
        a = self.accounts[account]
        switches = [SWITCH + e for e in {*a.may, *a.at_least_one}]
        return tuple(sorted([*self.parameters(account), *switches, *([MEASURES] if len(a.measures) > 1 else [])]))

    def families_of(self, account: str) -> tuple[str, ...]:
        """Families in which draws of an account may fall, sorted."""
        a = self.accounts[account]
        loose = sorted({*a.may, *a.at_least_one})
        found = set()
        for n in range(len(loose) + 1):
            for chosen in combinations(loose, n):
                if not a.at_least_one or {*a.on, *chosen} & set(a.at_least_one):
                    found.add(self.family_of(self.supported({*a.on, *chosen})))
        return tuple(sorted(found))

    def supported(self, on: Iterable[str]) -> frozenset[str]:
        """Elements without those that need another one which is off."""
        left = frozenset(on)
        while short := {e for e in left if not left.issuperset(self.elements[e].needs)}:
            left -= short
        return left

    def family_of(self, elements: frozenset[str]) -> str:
        """The family of a set of elements that are on."""
        groups = frozenset(self.elements[e].group for e in elements)
        return next(f.id for f in self.families.values() if f.groups == groups)
