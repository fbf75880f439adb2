"""Kinds and forms that tables of a case may name: of measures, and of what a record states. Mechanisms bring more.

A case is read below the mechanisms, so the package tells this module, once, where the kinds are found (`tell`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

FORMS = ("hour", "count", "class", "share", "yes", "order", "rank")
"""How the value of an observation is stated."""

CLASSES = ("none", "tens", "hundreds", "thousands", "tens of thousands", "hundreds of thousands")
"""What the whole numbers of the form `class` stand for."""

UNIT_OF_FORM = {"hour": "h", "order": "h", "share": "share", "yes": "", "rank": ""}
"""The one unit of a form; `count` and `class` name theirs."""

TIMED = ("hour", "yes")
_COUNTED = ("count", "hour", "yes")
_HARM = ("count", "class", "yes")
HARM_KINDS = (
    "dead", "dead_peaceful", "dead_fighting", "security_dead", "injured", "injured_peaceful", "injured_fighting",
    "security_injured", "arrested", "taken", "detained",
)  # fmt: skip
TOLD_KINDS = ("news", "measure", "other")
"""Kinds that a run has no counterpart for; they stand in the record as context alone."""

KINDS: dict[str, tuple[str, ...]] = {
    # streets
    "onset": TIMED, "crowd": ("count", "class", "hour", "yes"), "spread": _COUNTED, "regions": _COUNTED,
    "centres": _COUNTED, "centre_crowd": ("count", "class"), "turnout_share": ("share",), "half_turnout": ("hour",),
    "calm": ("hour", "count", "yes"), "first_rank": ("rank",), "political_share": ("share", "yes"),
    # work
    "strike": _COUNTED, "strike_share": ("share", "hour"), "strike_share_force": ("share",),
    "strike_share_rest": ("share",),
    # force on both sides, and sites
    "force_used": TIMED, "clash": _COUNTED, "last_clash": ("hour",), "site": _COUNTED, "site_hours": ("count",),
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
    "arrival": _COUNTED, "patron_removed": TIMED,
    # two events, and what is told
    "order": ("order",), **dict.fromkeys(TOLD_KINDS, FORMS),
}  # fmt: skip
"""What an observation may look at -> the forms in which it may be stated; more in `observation_kinds`."""


@dataclass(frozen=True)
class MeasureKind:
    """A kind of measure: rows of measures.csv and ladder.csv may have it.

    words: as it is printed. moves: variables that it acts on, of the mechanism that declares the kind. unit: the one
    unit of its value, which it then needs. valued: it says nothing without a value. lasts: it stays done; a recorded
    end says how exactly the moment is known. context: it acts on nothing by the hour and may lie outside the case.
    stated: a record may say that it was taken. main: marked on a curve also where many kinds are. paid_from: head of
    the treasury that pays a rung of it.
    """

    name: str
    words: str
    moves: tuple[str, ...] = ()
    unit: str = ""
    valued: bool = False
    lasts: bool = False
    context: bool = False
    stated: bool = True
    main: bool = False
    paid_from: Literal["price", "pay", "currency", "network", "forces"] = "forces"


Brought = tuple[Mapping[str, MeasureKind], Mapping[str, tuple[str, ...]]]
_brought: list[Callable[[], Brought]] = []


def tell(brought: Callable[[], Brought]) -> None:
    """Say where kinds are found: a function of the kinds of measures by name, and of forms by kind of observation."""
    _brought[:] = [brought]


def measure_kinds() -> Mapping[str, MeasureKind]:
    """Every kind of measure by its name."""
    return _brought[0]()[0]


def recorded_measures() -> list[str]:
    """Kinds of measures of which a record may say that they were taken."""
    return [kind.name for kind in measure_kinds().values() if kind.stated]


def observation_kinds() -> Mapping[str, tuple[str, ...]]:
    """What an observation may look at -> the forms in which it may be stated."""
    return {**KINDS, **dict.fromkeys(recorded_measures(), TIMED), **_brought[0]()[1]}
