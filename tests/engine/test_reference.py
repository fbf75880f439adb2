"""The fast engine against the two references, with ties, returns, fighting, detention and changing groups on."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp

from groundswell.engine import crowd as crowd_module
from groundswell.engine.crowd import Crowd
from groundswell.engine.purposes import PICK
from groundswell.engine.random import permute
from groundswell.engine.rates import Rates
from groundswell.engine.reference import ReferenceCrowd
from groundswell.engine.roster import make_roster
from groundswell.engine.tables import FIGHTING


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


def play(engine, seed: int, steps=72, roster=None, changes=True, fights=True, crowd=None, start=0, stop=None, **options):
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
    rates.innovation[:] = [0.02, 0.01, 0.005, 0.01, 0.0, 0.001]
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
        rates.disperse[:] = 0.2 * np.outer(c.on_street > 20, [1.0, 1.5])
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


@pytest.mark.parametrize("seed", range(6))
def test_same_resistances_give_the_same_run_to_the_bit(seed):
    fast, crowd = play(Crowd, seed)
    slow, reference = play(ReferenceCrowd, seed)
    np.testing.assert_array_equal(fast, slow)
    records = crowd.records()
    assert len(records) > 200 and (records["spell"] > 1).any() and (records["cause"] > 0).any()
    assert crowd.counts.dead.sum() > 0
    assert crowd.counts.dead[0] == 0  # nobody dies where hits do not kill
    np.testing.assert_array_equal(reference.frailty[records["id"]], records["frailty"])
    np.testing.assert_array_equal(reference.spell[records["id"]], records["spell"])
    np.testing.assert_array_equal(reference.state[records["id"]], records["state"])
    same = reference.records()
    for name in ("id", "spell", "listing", "state", "group", "demands", "turns"):
        np.testing.assert_array_equal(same[name], records[name])
    np.testing.assert_array_equal(same["flags"], records["flags"] & FIGHTING)
    assert records["turns"].max() > 1
    happened = fast[:, : 16 * 3].reshape(72, 16, 3).sum(axis=(0, 2))  # by rows of `Counts.by_place`
    assert (happened > 0).all(), happened


@pytest.mark.parametrize("threads", [1, 2])
def test_fighting_and_detention_go_on_from_a_checkpoint(threads, monkeypatch):
    monkeypatch.setattr(crowd_module, "_WORTH_THREADS", 16)
    whole, _ = play(Crowd, 3)
    for stop in (13, 31, 51):  # right after people were taken, and while they are held
        first, crowd = play(Crowd, 3, steps=72, stop=stop, threads=threads)
        kept = {k: np.array(v) for k, v in crowd.state().items()}
        other = Crowd(small_roster(), 3, 1.5, 72, threads=threads)
        other.restore(kept)
        rest, _ = play(Crowd, 3, crowd=other, start=stop)
        np.testing.assert_array_equal(np.concatenate([first, rest]), whole)


def test_fighting_alone_changes_nothing_else():
    """Under the same force on both sides every other event is the same to the bit."""
    roster, rates = small_roster(), Rates.neutral(3, 10)
    rates.join[:], rates.leave, rates.rest_h = 0.01, 0.1, 3.0
    rates.disperse[:], rates.arrest[:], rates.injure[:], rates.lethality[:] = 0.05, 0.02, 0.02, 0.4
    rates.innovation[:] = 0.02
    runs = []
    for fight in (0.0, 0.5):
        rates.fight[:] = fight
        crowd = Crowd(roster, 4, 1.5, 60)
        runs.append([{k: v.copy() for k, v in vars(crowd.advance(t, rates)).items()} for t in range(60)])
    for without, with_fighting in zip(*runs, strict=True):
        assert (with_fighting["fighting"] <= with_fighting["on_street"]).all()
        for name, value in without.items():
            if name == "by_place" or name == "fighting" or name.endswith(("_fighting", "took_up")):
                continue
            np.testing.assert_array_equal(value, with_fighting[name], err_msg=name)
    assert runs[1][-1]["fighting"].sum() > 20
    assert sum(c["died_fighting"].sum() for c in runs[1]) > 0
    assert not any(c["fighting"].any() or c["took_up"].any() for c in runs[0])


def test_two_threads_give_the_same_run_to_the_bit():
    one, _ = play(Crowd, 3)
    two, _ = play(Crowd, 3, threads=2)
    np.testing.assert_array_equal(one, two)


def test_seeds_differ():
    assert not np.array_equal(play(Crowd, 1)[0], play(Crowd, 2)[0])


@pytest.mark.statistical
def test_independent_draws_give_the_same_distribution():
    roster = small_roster()
    totals = {}
    for name, engine, options in (("fast", Crowd, {}), ("slow", ReferenceCrowd, {"mode": "independent"})):
        rows = []
        for seed in range(150):
            _, crowd = play(engine, 1000 * (name == "slow") + seed, steps=48, roster=roster, **options)
            spells = crowd.records()["spell"] if name == "fast" else crowd.spell
            counts = crowd.counts
            rows.append(
                [
                    spells.sum(),
                    (spells > 0).sum(),
                    (spells > 1).sum(),
                    counts.held.sum(),
                    counts.demands.sum(),
                ]
            )
        totals[name] = np.array(rows)
    for column, what in enumerate(("joins", "joiners", "returned", "held", "demands held")):
        p = ks_2samp(totals["fast"][:, column], totals["slow"][:, column]).pvalue
        assert p > 0.001, f"{what}: p = {p:.2g}"
