"""The search on a distance with a known posterior: what it finds is what rejection from the prior finds."""

import numpy as np
import pytest

from groundswell.engine.random import uniform
from groundswell.study.calibration.design import Search
from groundswell.study.calibration.draws import draws_of, medoid
from groundswell.study.calibration.free import normal
from groundswell.study.calibration.report import edges, narrowing, quantile
from groundswell.study.calibration.sequential import Stage, climb, hardly, propose
from groundswell.study.calibration.waves import Played, Population, first, systematic

TARGET = np.array([1.2, -1.0, 0.6])
NOISE = 0.15


def distance(z: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Off by three combinations of four coordinates, with luck; the other coordinates do nothing."""
    y = np.stack([z[:, 0], z[:, 1] + 0.5 * z[:, 3], z[:, 2]], axis=1)
    return np.abs(np.sqrt(np.square(y - TARGET).mean(axis=1)) + NOISE * luck)


class Toy:
    """Plays a distance that is a formula."""

    def __init__(self, dimensions: int, runs: int, seed: int):
        self.dimensions, self.left, self.seed, self.number = dimensions, runs, seed, 0

    def play(self, stage: str, z: np.ndarray, stop_above: float) -> Played:
        number = np.arange(self.number, self.number + len(z))
        self.number += len(z)
        self.left -= len(z)
        d = distance(z, normal(uniform(self.seed, 999, number, 0)))
        return Played(number, np.where(d <= stop_above, d, np.inf), d)


def searched(dimensions: int, runs: int, seed: int, **search: int) -> tuple[Population, list[Stage], str, Toy]:
    toy = Toy(dimensions, runs, seed)
    asked = Search(**{"particles": 60, "waves": 2, "wave": 120, "seed": seed, **search})
    population, known = first(toy, asked)
    population, stages, why = climb(toy, asked, population, known)
    return population, stages, why, toy


def test_the_tolerance_falls_and_the_runs_are_kept_to() -> None:
    population, stages, _, toy = searched(8, 500, 1)
    assert toy.number <= 500 and len(population) == 60
    tolerance = [s.tolerance for s in stages]
    assert all(a >= b for a, b in zip(tolerance, tolerance[1:], strict=False)) and tolerance[-1] < 0.7 * tolerance[0]
    assert population.distance.max() <= tolerance[-1]
    assert stages[-1].different > 30


@pytest.mark.statistical
@pytest.mark.parametrize("waves", [1, 3])
def test_what_is_found_is_the_posterior(waves: int) -> None:
    found = [searched(8, 800, seed, waves=waves, particles=80) for seed in range(1, 7)]
    z = np.vstack([p.z for p, *_ in found])
    luck = normal(uniform(1, 998, np.arange(2_500_000), 0)).reshape(5, -1)
    prior, luck = luck[:4].T, luck[4]
    tolerance = np.mean([stages[-1].tolerance for _, stages, _, _ in found])
    exact = prior[distance(prior, luck) <= tolerance]
    assert len(exact) > 300
    by_search = np.array([p.z[:, :4].mean(axis=0) for p, *_ in found])
    error = by_search.std(axis=0, ddof=1) / np.sqrt(len(found))
    assert (np.abs(by_search.mean(axis=0) - exact.mean(axis=0)) < 4 * error + 0.03).all()
    assert np.allclose(z[:, :4].std(axis=0), exact.std(axis=0), rtol=0.25)
    assert abs(z[:, 4:].mean()) < 0.15 and z[:, 4:].std() == pytest.approx(1, abs=0.12)  # nothing is learnt of these


def test_an_emulator_that_errs_does_no_harm() -> None:
    """Where the distance says nothing at all, the population stays the prior."""
    toy = Toy(5, 700, 2)
    toy.play = lambda stage, z, above: _noise(toy, z, above)  # type: ignore[method-assign]
    population, known = first(toy, Search(80, 2, 160, seed=2))
    population, *_ = climb(toy, Search(80, 2, 160, seed=2), population, known)
    assert np.abs(population.z.mean(axis=0)).max() < 0.6
    assert population.z.std() == pytest.approx(1, abs=0.15)


def _noise(toy: Toy, z: np.ndarray, above: float) -> Played:
    number = np.arange(toy.number, toy.number + len(z))
    toy.number, toy.left = toy.number + len(z), toy.left - len(z)
    d = uniform(5, 999, number, 0)
    return Played(number, np.where(d <= above, d, np.inf), d)


# -- parts -------------------------------------------------------------------------------------------------------------


def test_proposals_are_keyed_and_leave_a_block_out() -> None:
    z, others = np.zeros((40, 16)), np.arange(160.0).reshape(10, 16)
    chain, step = np.arange(40), np.zeros(40, int)
    one = propose(1, 2, chain, step, z, others, 0.5)
    assert np.array_equal(one[7:9], propose(1, 2, chain[7:9], step[7:9], z[7:9], others, 0.5))
    assert not np.array_equal(one, propose(1, 3, chain, step, z, others, 0.5))
    assert set((one != 0).sum(axis=1)) == {16, 8, 4, 2}


def test_systematic_picks_go_by_weight() -> None:
    assert list(systematic(np.array([1.0, 0.0, 3.0]), 4, 0.5)) == [0, 2, 2, 2]
    assert list(systematic(np.ones(5), 5, 0.99)) == [0, 1, 2, 3, 4]


def test_copies_become_weight_and_the_middle_is_a_draw() -> None:
    z = np.array([[0.0], [3.0], [0.0], [0.1]])
    draws = draws_of(Population(z, np.array([0.5, 0.2, 0.5, 0.9]), np.array([4, 7, 4, 9])))
    assert list(draws.number) == [7, 4, 9] and list(draws.weight) == [0.25, 0.5, 0.25]
    assert draws.middle == 2
    assert medoid(np.array([[0.0], [0.4], [1.0]]), np.array([0.2, 0.2, 0.6])) == 2


def test_hardly_accepted_is_seen_over_enough_runs() -> None:
    def stage(played: int, accepted: int) -> Stage:
        return Stage(1, 1.0, played, accepted, 10, accepted, 10, 0.5)

    assert not hardly([stage(20, 0)], 0.02) and hardly([stage(30, 0), stage(20, 0)], 0.02)
    assert not hardly([stage(30, 1), stage(20, 0)], 0.02)


def test_report_numbers_by_hand() -> None:
    u, weight = np.array([[0.05], [0.5], [0.95]]), np.array([0.6, 0.2, 0.2])
    low, high = edges(u, weight)
    assert low[0] == 0.6 and high[0] == 0.2
    assert narrowing(np.array([[0.25], [0.75]]), np.array([0.5, 0.5]))[0] == pytest.approx(0.25 * np.sqrt(12))
    assert quantile(np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.5, 0.3]), 0.6) == 2.0
