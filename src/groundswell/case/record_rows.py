"""The tables of a case's record: sources, observations, and what sources claim about them."""

from __future__ import annotations

from typing import Literal

from groundswell.case.cells import (
    Above0,
    Count,
    Id,
    IdOrBlank,
    Ids,
    Local,
    LocalOrBlank,
    Maybe,
    Note,
    Scope,
    UnitOrBlank,
    Weight,
    Words,
)
from groundswell.case.row import Row


class RecordSource(Row):
    """A text or other source that says something about the case, and how much it weighs where sources contradict."""

    source: Id
    name: Words
    kind: Literal["text", "press", "official", "data", "quoted"]
    weight: Weight
    note: Note


class RecordObservation(Row):
    """Something a run also has: what is looked at, where and when, and the form in which its value is stated."""

    observation: Id
    title: Words
    kind: Words
    form: Literal["hour", "count", "class", "share", "yes", "order", "rank"]
    unit: UnitOrBlank
    least: Count
    scope: Scope
    start_local: Local
    end_local: Local
    of: Ids
    definition: Words
    set: Literal["base", "weigh", "check", "open", "context"]
    mode: Literal["both", "joint", "none"]
    note: Note


class RecordClaim(Row):
    """What one source says about one observation."""

    claim: Id
    observation: Id
    source: Id
    line: Note
    stance: Literal["states", "reports", "denies"]
    start_local: LocalOrBlank
    end_local: LocalOrBlank
    low: Maybe
    high: Maybe
    origin: IdOrBlank
    statement: Words


class RecordUse(Row):
    """Whether a calibration fits an observation or keeps it back, and how far the model may be off, told beforehand."""

    observation: Id
    use: Literal["fit", "check"]
    discrepancy: Above0
    block: Note
