"""An eventful run of a small crowd for either engine: ties, returns, fighting, detention, changing groups."""

from __future__ import annotations

import numpy as np

from groundswell.domains.street.people import PICK
from groundswell.engine.random import permute
from groundswell.engine.rates import Rates
from groundswell.engine.roster import make_roster


def small_roster(scale: int = 1):
    """Three places, eight groups of adults (one of a single person) and children."""
    place = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2])
    size = np.array([300, 200, 1, 150, 250, 120, 40, 90, 500, 60]) * scale
    size[2] = 1
    risk = np.array([1, 1, 1, 0, 1, 1, 1, 0, 1, 0], bool)
    works = np.array([1, 1, 0, 0, 1, 1, 1, 0, 1, 0], bool)
    return make_roster(
        place,
        size,
        risk,
        works,
        people_per_household=4.0,
        people_per_work_unit=10,
        people_per_neighbourhood=60,
    )


def play(
    engine, seed: int, steps=72, roster=None, changes=True, fights=True, crowd=None, start=0, stop=None, **options
):  # fmt: skip
    """A run in which hazards depend on the crowd, some fight, some are taken, and some change group.

    Those who fight meet more force; people are taken from the street and from home.
    """
    r = small_roster() if roster is None else roster
    crowd = engine(r, seed, 1.5, steps, **options) if crowd is None else crowd
    people = np.bincount(r.group_place, r.group_size)
    rates = Rates.neutral(r.places, len(r.group_size))
    rates.beta = np.array([0.02, 0.3, 0.3])
    rates.tie[:] = np.linspace(0.2, 1.0, len(r.group_size))
    rates.leave, rates.leave_growth = 0.15, 0.05
    rates.innovation[:6] = [0.02, 0.01, 0.005, 0.01, 0.0, 0.001]
    rates.organised[1], rates.organised_demands[1] = 5.0, True
    rates.hold_h, rates.recover_h, rates.rest_h = 12, 20, 4
    rates.unorganised[:] = np.linspace(0.0, 1.0, len(r.group_size))[::-1]
    rates.calm = 0.1
    more = np.array([1.0, 4.0 if fights else 1.0])  # force against those who fight
    out = []
    for t in range(start, steps if stop is None else stop):
        c = crowd.counts
        share = np.log1p(1000 * c.on_street / people)
        spark = 2.0 * (6 <= t < 30)
        rates.join[:] = (0.02 / (1 + np.exp(-(spark + 0.8 * share - 5.0))))[r.group_place]
        rates.join[r.group_at_risk == 0] = 0.0
        rates.imitation[:] = 0.1 * c.demands / np.maximum(c.on_street, 1)[:, None]
        rates.disperse[:] = 0.2 * np.outer(c.on_street > 15, [1.0, 1.5])
        rates.arrest[:] = 0.02 * np.outer(c.on_street > 10, more)
        rates.injure[:] = np.outer([0.0, 0.01, 0.02], more**2)
        rates.lethality[:] = np.outer([0.0, 0.3, 0.2], [1.0, 2.0])
        rates.fight[:] = [0.5 * fights, 0.3 * fights * (t % 5 > 0), 0.0]
        if changes and t == 20:
            ids = np.array([r.group_first[0] + permute(i, r.group_size[0], seed, PICK, 0, False) for i in range(40)])
            crowd.transfer(ids, 1)
        if fights and t >= 10 and t % 4 == 2:
            adults = r.place_adults[1]
            ids = [r.place_first[1] + permute(i, adults, seed, PICK, 1, False) for i in range(3 * t, 3 * t + 12)]
            crowd.detain(t, np.array(ids), 9.0)
            crowd.detain(t, crowd.once_out(t, np.array([6, 0, 10_000 * (t == 50) + 3])), 5.0)
        c = crowd.advance(t, rates)
        out.append(np.concatenate([np.ravel(x) for x in vars(c).values()]))
    return np.array(out), crowd
