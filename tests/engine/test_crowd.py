"""The fast engine: conservation, going on from a checkpoint, switches, steps, threads, and an exact final
size.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chisquare, ks_2samp

from groundswell.engine import crowd as crowd_module
from groundswell.engine.crowd import Crowd
from groundswell.engine.rates import Counts, Rates
from groundswell.engine.roster import make_roster
from groundswell.engine.tables import DEAD, HELD, HOME, INJURED, RESTING, STREET

PLACE = np.array([0, 0, 0, 1, 1, 2])
SIZE = np.array([4000, 2500, 1500, 3000, 1000, 2000])
RISK = np.array([1, 1, 0, 1, 0, 1], bool)


def some_rates(roster, beta=(0.02, 0.3, 0.3)) -> Rates:
    rates = Rates.neutral(roster.places, len(roster.group_size))
    rates.tie[:] = np.linspace(0.3, 1.0, len(rates.tie))
    rates.beta = np.array(beta)
    rates.leave, rates.leave_growth, rates.rest_h, rates.hold_h, rates.recover_h = 0.15, 0.05, 4, 10, 16
    rates.disperse[:], rates.arrest[:], rates.injure[:], rates.lethality[:] = 0.05, 0.02, 0.01, 0.3
    rates.innovation[:] = 0.02
    return rates


def drive(crowd: Crowd, start: int, stop: int, rates: Rates | None = None) -> np.ndarray:
    """Steps `start` to `stop` under hazards that follow the crowd; all counts of each step."""
    r = crowd.roster
    rates = some_rates(r) if rates is None else rates
    people = np.bincount(r.group_place, r.group_size)
    out = []
    for t in range(start, stop):
        hours = t * crowd.step_h
        share = np.log1p(1000 * crowd.counts.on_street / people)
        pull = 0.8 * share + 2.0 * (6 <= hours < 30) - 6.0
        rates.join[:] = (0.02 / (1 + np.exp(-pull)))[r.group_place] * r.group_at_risk
        counts = crowd.advance(t, rates)
        out.append(np.concatenate([np.ravel(x) for x in vars(counts).values()]))
    return np.array(out)


def a_crowd(seed: int = 1, steps: int = 72, **options) -> Crowd:
    return Crowd(make_roster(PLACE, SIZE, RISK), seed, 1.5, steps, **options)


def test_people_are_conserved_in_every_step():
    crowd, rates = a_crowd(), some_rates(make_roster(PLACE, SIZE, RISK))
    ever = 0
    for t in range(72):
        before = {k: v.copy() for k, v in vars(crowd.counts).items()}
        drive(crowd, t, t + 1, rates)
        c, rows = crowd.counts, crowd.records()
        place = rows["place"]
        for state, count in ((STREET, c.on_street), (HELD, c.held), (INJURED, c.recovering), (DEAD, c.dead_so_far)):
            np.testing.assert_array_equal(np.bincount(place[rows["state"] == state], minlength=3), count)
        np.testing.assert_array_equal(c.on_street_group.sum(), c.on_street.sum())
        np.testing.assert_array_equal(c.dead_so_far, before["dead_so_far"] + c.dead)
        gone = c.left + c.dispersed + c.arrested + c.injured + c.dead
        np.testing.assert_array_equal(c.on_street, before["on_street"] + c.joined.sum(axis=1) - gone)
        for k in range(6):
            holds = (rows["state"] == STREET) & (rows["demands"] >> k & 1 == 1)
            np.testing.assert_array_equal(np.bincount(place[holds], minlength=3), c.demands[:, k])
        assert set(rows["state"]) <= {HOME, STREET, RESTING, HELD, INJURED, DEAD}
        assert len(np.unique(rows["id"])) == len(rows) >= ever  # nobody twice, nobody lost
        assert RISK[rows["group"]].all()
        ever = len(rows)
    assert crowd.counts.dead_so_far.sum() > 0
    assert ever > 300 and (crowd.records()["spell"] > 1).any()


def test_going_on_from_a_checkpoint_is_the_same_to_the_bit():
    whole = a_crowd()
    drive(whole, 0, 30)
    kept = {k: np.array(v) for k, v in whole.state().items()}
    rest = drive(whole, 30, 72)
    other = a_crowd()
    other.restore(kept)
    np.testing.assert_array_equal(drive(other, 30, 72), rest)
    np.testing.assert_array_equal(other.records(), whole.records())


@pytest.mark.parametrize("off", ["beta", "tie"])
def test_ties_of_strength_zero_equal_no_ties(off):
    with_ties, without = a_crowd(), a_crowd(ties=False)
    rates = some_rates(with_ties.roster)
    getattr(rates, off)[:] = 0.0
    np.testing.assert_array_equal(drive(with_ties, 0, 72, rates), drive(without, 0, 72))


def test_nothing_happens_at_hazard_zero():
    crowd = a_crowd()
    for t in range(72):
        crowd.advance(t, Rates.neutral(3, len(SIZE)))
    assert crowd.work()["people_with_record"] == 0
    assert all(np.all(v == 0) for v in vars(crowd.counts).values())


def test_threads_do_not_matter_where_they_are_used(monkeypatch):
    monkeypatch.setattr(crowd_module, "_WORTH_THREADS", 64)
    groups = 500
    roster = make_roster(np.arange(groups) // 50, np.full(groups, 12), people_per_work_unit=6)
    runs = []
    for threads in (1, 2):
        crowd, rates = Crowd(roster, 5, 2.0, 12, threads=threads), some_rates(roster)
        rates.join[:] = np.linspace(0.01, 0.06, groups)
        rows = [np.concatenate([np.ravel(x) for x in vars(crowd.advance(t, rates)).values()]) for t in range(12)]
        assert crowd.counts.on_street.sum() > 400 and crowd.work()["pools_active"] > 400
        runs.append((np.array(rows), crowd.records()))
    np.testing.assert_array_equal(runs[0][0], runs[1][0])
    np.testing.assert_array_equal(runs[0][1], runs[1][1])


def test_a_measure_late_leaves_the_past_alone():
    """Two runs that differ from step 40 on are the same to the bit before it."""
    one, two = a_crowd(), a_crowd()
    np.testing.assert_array_equal(drive(one, 0, 40), drive(two, 0, 40))
    rates = some_rates(one.roster)
    rates.arrest[:] = 0.3
    assert not np.array_equal(drive(one, 40, 60), drive(two, 40, 60, rates))


def test_transfer_moves_those_at_home_only():
    crowd = a_crowd()
    drive(crowd, 0, 25)
    rows = crowd.records()
    on = rows["id"][rows["state"] == STREET][:10]
    known = np.setdiff1d(np.arange(50), rows["id"])[:20]
    assert crowd.transfer(np.concatenate([on, known]), 1) == len(known)
    after = crowd.records()
    assert set(after["group"][np.isin(after["id"], known)]) == {1}
    np.testing.assert_array_equal(after["group"][np.isin(after["id"], on)], rows["group"][np.isin(rows["id"], on)])


def totals(make, seeds) -> np.ndarray:
    """(seeds, 2) joins in all and persons who joined."""
    out = []
    for seed in seeds:
        crowd = make(seed)
        drive(crowd, 0, round(48 / crowd.step_h))
        spells = crowd.records()["spell"]
        out.append((spells.sum(), (spells > 0).sum()))
    return np.array(out)


@pytest.mark.statistical
def test_half_steps_move_totals_by_less_than_the_seeds_do():
    whole = totals(lambda seed: a_crowd(seed, 48), range(60))
    half = totals(lambda seed: a_crowd(seed, 96, step_h=0.5), range(60))
    assert np.all(np.abs(whole.mean(axis=0) - half.mean(axis=0)) < whole.std(axis=0))


@pytest.mark.statistical
def test_order_of_places_and_groups_does_not_matter():
    order = np.array([5, 3, 4, 1, 0, 2])  # places 2, 1, 0; in place 0 the two groups of adults change places
    tie = np.linspace(0.3, 1.0, len(SIZE))

    def total(order: np.ndarray, place: np.ndarray, seed: int) -> int:
        roster = make_roster(place, SIZE[order], RISK[order])
        rates = some_rates(roster)
        rates.tie[:] = tie[order]
        crowd = Crowd(roster, seed, 1.5, 48)
        drive(crowd, 0, 48, rates)
        return int(crowd.records()["spell"].sum())

    here = [total(np.arange(6), PLACE, seed) for seed in range(150)]
    there = [total(order, np.array([0, 1, 1, 2, 2, 2]), seed) for seed in range(150, 300)]
    assert ks_2samp(here, there).pvalue > 0.001


def final_size(n: int, first: int, pressure: float) -> np.ndarray:
    """P(l of n join in the end), l = 0..n, when each who joins adds `pressure` to everybody's hazard in all.

    Triangular equations of Ball (1986); Andersson & Britton (2000), theorem 2.2, for a constant infectious
    period: sum over k <= l of C(n - k, l - k) P_k exp(pressure (n - l) (k + first)) = C(n, l).
    """
    p = np.zeros(n + 1)
    for l in range(n + 1):  # noqa: E741
        known = sum(math.comb(n - k, l - k) * p[k] * math.exp(pressure * (n - l) * (k + first)) for k in range(l))
        p[l] = (math.comb(n, l) - known) * math.exp(-pressure * (n - l) * (l + first))
    return p


def test_final_size_formula_by_hand():
    q = 0.3
    np.testing.assert_allclose(final_size(1, 1, q), [math.exp(-q), 1 - math.exp(-q)])
    assert final_size(20, 1, 0.07).sum() == pytest.approx(1.0, abs=1e-9)


@pytest.mark.statistical
@pytest.mark.parametrize(("n", "pressure", "lasts"), [(20, 0.075, 1), (20, 0.1, 3)])
def test_final_size_of_a_closed_group_is_exact(n, pressure, lasts):
    """Everybody alike (frailty shape to infinity); each joiner is felt for `lasts` steps, then no more."""
    expected, runs = final_size(n, 1, pressure), 3000
    seen, roster = np.zeros(n + 1), make_roster(np.zeros(1, int), np.array([n]))
    rates = Rates.neutral(1, 1)
    rates.leave = 0.0
    for seed in range(runs):
        crowd = Crowd(roster, seed, 1e9, 200, ties=False)
        joined = [0] * (lasts - 1) + [1]  # the first active one stands outside
        for t in range(200):
            felt = sum(joined[-lasts:])
            if felt == 0:
                break
            rates.join[:] = pressure / lasts * felt
            joined.append(int(crowd.advance(t, rates).joined.sum()))
        seen[sum(joined) - 1] += 1
    wanted = expected * runs
    edges = np.flatnonzero(np.diff(np.floor(np.cumsum(wanted) / 30.0), prepend=0.0))  # cells of 30 or more
    edges[-1] = n
    cells = np.searchsorted(edges, np.arange(n + 1))
    a, b = np.bincount(cells, seen), np.bincount(cells, wanted)
    assert chisquare(a, b * a.sum() / b.sum()).pvalue > 0.001


def test_counts_start_at_zero():
    counts = Counts.zero(2, 3)
    assert counts.joined.shape == (2, 4)
    assert all(np.all(v == 0) for v in vars(counts).values())


def test_tables_that_have_to_grow_change_nothing(monkeypatch):
    expected = drive(a_crowd(), 0, 72)
    monkeypatch.setattr(crowd_module, "MOST_RESERVED", 0)
    small = a_crowd()
    rows = len(small.people)
    np.testing.assert_array_equal(drive(small, 0, 72), expected)
    assert len(small.people) > rows
