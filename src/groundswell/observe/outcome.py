"""Puts together what an ending is decided on, from a run's recorded hours."""

from __future__ import annotations

import numpy as np

from groundswell.observe.endings import Ending, Observed, ending
from groundswell.observe.reading import Reading

FALL = 0.99  # a price that falls below this share of its highest so far counts as cut: one percent, above rounding


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
