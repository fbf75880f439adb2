"""The fast engine against the two references, with ties, returns, fighting, detention and changing groups on."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp

from engine.harness import play, small_roster
from groundswell.engine import crowd as crowd_module
from groundswell.engine.crowd import Crowd
from groundswell.engine.rates import Rates
from groundswell.engine.reference import ReferenceCrowd
from groundswell.engine.starts import BLOCK
from groundswell.engine.tables import FIGHTING


@pytest.mark.parametrize("seed", range(6))
def test_same_resistances_give_the_same_run_to_the_bit(seed):
    fast, crowd = play(Crowd, seed)
    slow, reference = play(ReferenceCrowd, seed)
    np.testing.assert_array_equal(fast, slow)
    records = crowd.records()
    assert len(records) > 200 and (records["spell"] > 1).any() and (records["cause"] > 0).any()
    assert crowd.counts.dead_so_far.sum() > 0
    assert crowd.counts.dead_so_far[0] == 0  # nobody dies where hits do not kill
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


@pytest.mark.parametrize("shape", [0.7, 2.0])
def test_more_than_a_block_at_a_time_gives_the_same_run_to_the_bit(shape):
    roster, rates = small_roster(8), Rates.neutral(3, 10)
    rates.join[:], rates.tie[:], rates.beta = 0.08 * roster.group_at_risk, 0.5, np.array([0.02, 0.3, 0.3])
    rates.leave, rates.rest_h, rates.hold_h = 0.3, 2.0, 3.0
    rates.disperse[:], rates.arrest[:], rates.injure[:], rates.lethality[:] = 0.05, 0.02, 0.02, 0.4
    rates.fight[:] = 0.2
    fast, slow = Crowd(roster, 5, shape, 12), ReferenceCrowd(roster, 5, shape, 12)
    most = 0
    for t in range(12):
        rates.innovation[:] = 0.05 * (t != 1)  # some have come out before any demand could be taken up
        a, b = vars(fast.advance(t, rates)), vars(slow.advance(t, rates))
        for name, value in a.items():
            np.testing.assert_array_equal(value, b[name], err_msg=f"{name} in step {t}")
        most = max(most, int(a["joined"].sum()), int(a["left"].sum()))
    records = fast.records()
    assert most > 2 * BLOCK and (records["spell"] > 1).sum() > BLOCK and len(np.unique(records["demands"])) > 10
    np.testing.assert_array_equal(slow.frailty[records["id"]], records["frailty"])
    same = slow.records()
    for name in ("id", "spell", "listing", "state", "group", "demands", "turns"):
        np.testing.assert_array_equal(same[name], records[name])


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
    assert sum(c["dead_fighting"].sum() for c in runs[1]) > 0
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
                    (crowd.turns if name == "slow" else crowd.records()["turns"]).sum(),
                    counts.fighting.sum(),
                ]
            )
        totals[name] = np.array(rows)
    for column, what in enumerate(("joins", "joiners", "returned", "held", "demands held", "turns", "fighting")):
        p = ks_2samp(totals["fast"][:, column], totals["slow"][:, column]).pvalue
        assert p > 0.001, f"{what}: p = {p:.2g}"
