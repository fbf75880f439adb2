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

FORMS = ("hour", "count", "class", "share", "yes", "order", "rank")
"""How the value of an observation is stated."""

CLASSES = ("none", "tens", "hundreds", "thousands", "tens of thousands", "hundreds of thousands")
"""What the whole numbers of the form `class` stand for."""

UNIT_OF_FORM = {"hour": "h", "order": "h", "share": "share", "yes": "", "rank": ""}
"""The one unit of a form; `count` and `class` name theirs."""

_TIMED = ("hour", "yes")
_COUNTED = ("count", "hour", "yes")
_HARM = ("count", "class", "yes")
MEASURE_KINDS = (
    "price_cut", "price_promise", "cabinet_dismissed", "emergency", "curfew", "jamming", "network_cut", "appeal",
    "head_arrested", "shoot_order", "redeploy", "retake", "mass_arrests", "purge", "blame_speech", "pay_rise",
)  # fmt: skip
HARM_KINDS = (
    "dead", "dead_peaceful", "dead_fighting", "security_dead", "injured", "injured_peaceful", "injured_fighting",
    "security_injured", "arrested", "taken", "detained",
)  # fmt: skip
TOLD_KINDS = ("news", "measure", "other")
"""Kinds that a run has no counterpart for; they stand in the record as context alone."""

KINDS: dict[str, tuple[str, ...]] = {
    # streets
    "onset": _TIMED, "crowd": ("count", "class", "hour", "yes"), "spread": _COUNTED, "regions": _COUNTED,
    "centres": _COUNTED, "centre_crowd": ("count", "class"), "turnout_share": ("share",), "half_turnout": ("hour",),
    "calm": ("hour", "count", "yes"), "first_rank": ("rank",), "political_share": ("share", "yes"),
    # work
    "strike": _COUNTED, "strike_share": ("share", "hour"), "strike_share_force": ("share",),
    "strike_share_rest": ("share",),
    # force on both sides, and sites
    "force_used": _TIMED, "clash": _COUNTED, "last_clash": ("hour",), "site": _COUNTED, "site_hours": ("count",),
    "passivity": ("share", "hour", "yes"), "police_passive": ("share",), "guard_passive": ("share",),
    "army_passive": ("share",), "security_passive": ("share",), "refusal": ("share", "hour", "yes"),
    "stand_by": _COUNTED, "live_fire": _COUNTED, "arms": _COUNTED, "captured_share": ("share",),
    "captured_over_lost": ("share",), "looting": _COUNTED, "looting_share": ("share",),
    "looting_here": ("share",), "burnt": _COUNTED,
    # harm
    **dict.fromkeys(HARM_KINDS, _HARM), "dead_share": ("share",), "dead_over_turnout": ("count",),
    "detained_foreign": ("share",), "detained_elsewhere": ("share",),
    "detained_record": ("share",),
    # offices
    "arrival": _COUNTED, "patron_removed": _TIMED, **dict.fromkeys(MEASURE_KINDS, _TIMED),
    # two events, and what is told
    "order": ("order",), **dict.fromkeys(TOLD_KINDS, FORMS),
}  # fmt: skip
"""What an observation may look at -> the forms in which it may be stated."""


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
