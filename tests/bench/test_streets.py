"""The work `streets`: its world, and what Groundswell and the scans make of it."""

import numpy as np
import pytest
from benchmarks.peers import groundswell, numba_scan, numpy_scan
from benchmarks.streets import make_world, settings
from scipy.special import ndtri


def test_the_world_is_as_it_is_described() -> None:
    world = make_world(100_000)
    assert world.people.sum() == 100_000 and (np.diff(world.people) <= 0).all()
    assert np.allclose(world.influence.sum(axis=1), 1.0) and np.allclose(world.influence, world.influence.T)
    h = settings()["hazard"]
    grievance = h["threshold"] - world.offset * h["spread"]
    assert np.allclose(np.sort(grievance), h["grievance_sd"] * ndtri((np.arange(200) + 0.5) / 200))
    nobody = np.zeros(200)
    by_hand = h["base_per_h"] / (1 + np.exp((h["threshold"] - grievance) / h["spread"]))
    assert np.allclose(world.hazard(nobody), by_hand)
    assert np.allclose(make_world(100_000, factor=3.0).hazard(nobody), 3.0 * by_hand)


def test_the_same_events_at_any_size_have_the_same_hazard_for_everybody_together() -> None:
    small, large = make_world(1_000_000, same_events=True), make_world(10_000_000, same_events=True)
    active = np.arange(200.0)
    hazards = [(w.hazard(active) * w.people).sum() for w in (small, large)]
    assert hazards[0] == pytest.approx(hazards[1], rel=1e-3)


@pytest.mark.parametrize("module", [numpy_scan, numba_scan], ids=["numpy", "numba"])
def test_scans_and_groundswell_give_the_same_on_average(module) -> None:
    world = make_world(2_000, factor=50.0)
    ours, theirs = groundswell.prepare(world, groups=1), module.prepare(world)
    a = np.array([ours(seed).summary[:2] for seed in range(40)], float)
    b = np.array([theirs(1_000 + seed).summary[:2] for seed in range(40)], float)
    error = np.sqrt((a.var(axis=0) + b.var(axis=0)) / 40)
    assert a.mean(axis=0)[0] > 20 and (np.abs(a.mean(axis=0) - b.mean(axis=0)) < 4 * error).all()
