"""How a run ends, decided on what can be observed and never on causes: overthrow, palace change, civil war and others.

The first of `DEFINITIONS` that holds is the ending; every condition is kept beside it. An organ that passes to the
side of the president is no palace change: with the removal of the patron it is a flag beside any ending. A concession
is material if it is about prices or pay and has taken effect; a promise is not, nor is what one employer grants.
Why calm came is never read off the label. 25 dead: threshold of armed conflict of UCDP (Gleditsch et al. 2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from groundswell.observe.reading import Reading

UNDECIDED = "not decided yet"
FALL = 0.99  # a price that falls below this share of its highest so far counts as cut: one percent, above rounding


@dataclass(frozen=True)
class Rules:
    """Thresholds of the definitions. Those of relapse are assumed; the others are the definitions themselves."""

    calm_people: float = 500.0
    calm_h: float = 72.0
    dead_people: float = 25.0
    war_days: int = 5
    war_after_days: int = 10
    war_regions: int = 2
    # Ten times the limit of calm, so that a crowd that wavers about that limit is no relapse.
    relapse_people: float = 5_000.0
    relapse_days: float = 90.0


RULES = Rules()
DEFINITIONS = {
    "overthrow": "at the end nobody who held an office holds the presidency",
    "palace change": "at the end another faction holds the presidency, or commands an organ against the president",
    "civil war": f"fighting with arms on both sides, at least {RULES.dead_people:.0f} dead in it, on at least "
    f"{RULES.war_days} days after day {RULES.war_after_days}, in at least {RULES.war_regions} regions",
    "contested": "none of these, and an administration is not in the state's hands at the end",
    "calm": f"fewer than {RULES.calm_people:.0f} people on the street in the whole country through the last "
    f"{RULES.calm_h:.0f} hours; “after repression” with {RULES.dead_people:.0f} inhabitants killed or more, “after "
    "concession” with prices cut or pay raised",
}
"""Ending -> its definition; the first that holds is the ending."""
ORDER = tuple(DEFINITIONS)


@dataclass(frozen=True)
class Observed:
    """What an ending is decided on: T steps, O offices, A administrations, R regions. Factions are numbers.

    turnout: (T,) people on the street. presidency: (T,) faction that holds it, negative: nobody who held an office.
    office_faction: (T, O) holders; commands: (O,) whether the office commands an organ. successor: (O,) faction to
    which an office passes when it is taken, -1: that of the president; empty: that for all.
    administration: (T, A) whether it is in the state's hands.
    clash: (T, R) whether armed people and a force that uses arms meet; clash_dead: (T, R) dead there, of all sides.
    dead: (T,) inhabitants killed. conceded: (T,) whether a material concession has been made by then.
    patron_removed: (T,). day: (T,) days since the run's first midnight. planned_h: length of the case.
    """

    turnout: np.ndarray
    presidency: np.ndarray
    office_faction: np.ndarray
    commands: np.ndarray
    administration: np.ndarray
    clash: np.ndarray
    clash_dead: np.ndarray
    dead: np.ndarray
    conceded: np.ndarray
    patron_removed: np.ndarray
    day: np.ndarray
    planned_h: float
    step_h: float = 1.0
    office_names: Sequence[str] = ()
    successor: Sequence[int] = ()


@dataclass(frozen=True)
class Ending:
    """How a run ends.

    ending: a class, or "not decided yet". kind: of a calm, "after repression" and so on, else "". so_far: the class
    that would hold if the last hour were the end. conditions: class -> whether it holds. numbers: what was counted.
    relapse: "yes", "no", "not decided yet", or "no calm" where there was no calm after a wave.
    """

    ending: str
    kind: str
    so_far: str
    why: str
    conditions: dict[str, bool]
    patron_removed: bool
    passed_to_president: list[str]
    calm_since_h: float | None
    relapse: str
    relapse_h: float | None
    numbers: dict[str, float] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The ending with its kind, as it is printed."""
        return f"{self.ending} {self.kind}".strip()

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"title": self.title, **asdict(self)}


def ending(o: Observed, rules: Rules = RULES) -> Ending:
    """The ending of a run from its observables."""
    steps = len(o.turnout)
    if not steps:
        raise ValueError("ending: given a run of 0 steps; allowed: 1 or more")
    calm_steps = int(np.ceil(rules.calm_h / o.step_h))
    changed, taken, given = _offices(o)
    war = _war(o, rules)
    lost = int((o.administration[-1] < 0.5).sum()) if o.administration.size else 0
    tail = o.turnout[-calm_steps:]
    calm = steps >= calm_steps and bool((tail < rules.calm_people).all())
    conditions = {
        "overthrow": bool(o.presidency[-1] < 0),
        "palace change": bool(changed or taken),
        "civil war": war["holds"],
        "contested": lost > 0,
        "calm": calm,
    }
    so_far = next((name for name in ORDER if conditions[name]), UNDECIDED)
    complete = steps * o.step_h >= o.planned_h - 1e-9
    label = so_far if complete else UNDECIDED
    dead, conceded = float(o.dead.sum()), bool(o.conceded[-1])
    relapse, relapse_h = _relapse(o, rules, calm_steps)
    restless = np.flatnonzero(o.turnout >= rules.calm_people)
    why = _why(so_far, complete, o, rules, lost, taken, float(tail.max()))
    return Ending(
        label, _kind(dead >= rules.dead_people, conceded) if label == "calm" else "", so_far, why, conditions,
        bool(o.patron_removed[-1]), given,
        (float(restless[-1] + 1) * o.step_h if len(restless) else 0.0) if calm else None, relapse, relapse_h,
        {
            "dead_civilians": dead, "administrations_lost": float(lost), "most_on_street_last_72_h": float(tail.max()),
            "war_days": float(war["days"]), "war_regions": float(war["regions"]), "war_dead": float(war["dead"]),
            "conceded": float(conceded),
        },
    )  # fmt: skip


def _kind(repressed: bool, conceded: bool) -> str:
    if repressed and conceded:
        return "after repression and concession"
    return "after repression" if repressed else "after concession" if conceded else ""


def _offices(o: Observed) -> tuple[bool, list[str], list[str]]:
    """Whether the presidency has another faction, and commands that passed away from and to the president's side."""
    start, end = int(o.presidency[0]), int(o.presidency[-1])
    changed = end != start and end >= 0
    names = list(o.office_names) or [str(i) for i in range(o.office_faction.shape[1])]
    taken: list[str] = []
    given: list[str] = []
    for i in np.flatnonzero(o.commands & (o.office_faction[0] != o.office_faction[-1])).tolist():
        to = int(o.office_faction[-1, i])
        if to == end:
            given.append(names[i])
        elif to < 0 or to not in o.successor[i : i + 1]:
            taken.append(names[i])
    return changed, taken, given


def _war(o: Observed, rules: Rules) -> dict[str, Any]:
    late = o.day >= rules.war_after_days
    clash = o.clash[late]
    days = len(np.unique(o.day[late][clash.any(axis=1)])) if clash.size else 0
    regions = int(clash.any(axis=0).sum()) if clash.size else 0
    dead = float(np.where(clash, o.clash_dead[late], 0.0).sum())
    holds = days >= rules.war_days and regions >= rules.war_regions and dead >= rules.dead_people
    return {"holds": bool(holds), "days": days, "regions": regions, "dead": dead}


def _relapse(o: Observed, rules: Rules, calm_steps: int) -> tuple[str, float | None]:
    """Whether a large crowd comes back within 90 days after the first calm that followed a wave, and when."""
    high = o.turnout >= rules.calm_people
    rises = np.flatnonzero(high)
    if not len(rises):
        return "no calm", None
    edges = np.r_[rises, len(o.turnout)]
    quiet = np.flatnonzero(np.diff(edges) > calm_steps)
    if not len(quiet):
        return "no calm", None
    began = int(rises[quiet[0]]) + 1 + calm_steps  # number of steps after which calm has lasted long enough
    until = began + int(round(rules.relapse_days * 24 / o.step_h))
    back = np.flatnonzero(o.turnout[began:until] >= rules.relapse_people)
    if len(back):
        return "yes", float(began + int(back[0]) + 1) * o.step_h
    return ("no" if len(o.turnout) >= until else UNDECIDED), None


def _why(so_far: str, complete: bool, o: Observed, rules: Rules, lost: int, taken: list[str], last: float) -> str:
    """The reading in a sentence."""
    words = {
        "overthrow": "At the end nobody who held an office before holds the presidency.",
        "palace change": (
            f"Command passed to another faction against the president: {', '.join(taken)}."
            if taken else "Another faction holds the presidency at the end."
        ),
        "civil war": "Both sides fought with arms on several days after day 10 in several regions, with many dead.",
        "contested": f"At the end {lost} administration{'s are' if lost != 1 else ' is'} not in the state's hands.",
        "calm": f"Fewer than {rules.calm_people:,.0f} people were out through the last {rules.calm_h:.0f} hours.",
        UNDECIDED: (
            f"Every administration is in the state's hands, and up to {last:,.0f} people were on the street "
            f"in the last {rules.calm_h:.0f} hours."
        ),
    }[so_far]  # fmt: skip
    if complete:
        return words
    shorter = f"The run ends {o.planned_h - len(o.turnout) * o.step_h:,.0f} hours before the case does."
    return f"{shorter} At its last hour: {words[0].lower()}{words[1:]}"


def ending_of(reading: Reading) -> Ending:
    """The ending of a run."""
    return ending(observed(reading))


def observed(r: Reading) -> Observed:
    """Turnout, offices, administrations, armed clashes, the dead, concessions and days of a run."""
    w = r.world
    administrations = np.flatnonzero(r.spot_kind == "administration")
    clash, dead = armed_clashes(r)
    return Observed(
        turnout=r.total("on_street"),
        presidency=r.series("presidency"),
        office_faction=r.series("office_faction"),
        commands=w.offices.organ >= 0,
        administration=r.series("site_held")[:, administrations],
        clash=clash,
        clash_dead=dead,
        dead=r.total("dead"),
        conceded=conceded(r),
        patron_removed=r.series("patron_removed"),
        day=r.days,
        planned_h=float(w.case.hours),
        step_h=r.clock.step_h,
        office_names=w.offices.name,
        successor=w.offices.successor.tolist(),
    )


def armed_clashes(r: Reading) -> tuple[np.ndarray, np.ndarray]:
    """(T, R) whether armed people met a force and somebody came to harm, by region, and the dead there of both sides.

    Armed people and a force that holds stand at one spot of the place. Sides are inhabitants, members of organised
    groups, and the forces.
    """
    met = (r.series("armed") > 0) & (r.series("force") > 0)
    by_place = np.zeros((r.steps, r.world.places), bool)
    steps, spots = np.nonzero(met)
    by_place[steps, r.spot_place[spots]] = True
    dead: np.ndarray = np.sum([r.series(k) for k in ("dead", "outsiders_dead", "security_dead")], axis=0)
    injured: np.ndarray = np.sum([r.series(k) for k in ("injured", "outsiders_injured", "security_injured")], axis=0)
    by_place &= dead + injured > 0
    killed = np.where(by_place, dead, 0)
    regions = range(len(r.world.region_id))
    clash = np.stack([by_place[:, r.world.region == i].any(axis=1) for i in regions], axis=1)
    return clash, np.stack([killed[:, r.world.region == i].sum(axis=1) for i in regions], axis=1).astype(float)


def conceded(r: Reading) -> np.ndarray:
    """(T,) whether a material concession has taken effect by then: a price that fell, or pay raised by a measure."""
    price = r.series("price")
    fallen = (price < FALL * np.maximum.accumulate(price, axis=0)).any(axis=1)
    ends = (np.arange(r.steps) + 1) * r.clock.step_h
    raised = np.zeros(r.steps, bool)
    for m in r.measures:
        if m.kind == "pay_rise":
            raised |= ends > m.start_h
    return np.maximum.accumulate(fallen | raised)
