"""Two baselines fitted to a record: nearer than their priors, the same every time, kept on disk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import groundswell as gs
from groundswell.record import load_record
from groundswell.record.score import distance, filled
from groundswell.weigh import baselines, rivals
from groundswell.world.world import build


@pytest.fixture(scope="module")
def world():
    return build(gs.load("tiny"))


@pytest.fixture(scope="module")
def record(world):
    return load_record(world.case)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "groundswell"


def test_they_speak_of_crowds_and_of_the_order_of_crowds_alone(record) -> None:
    can = record.frame.id[rivals.able(record)].tolist()
    assert can == ["flare-gathers", "harbour-gathers", "flare-before-harbour", "harbour-crowd"]
    assert record.frame.id[rivals.fitted_to(record)].tolist() == ["flare-gathers", "harbour-crowd"]
    silent = replace(record, observations=tuple(replace(o, use="") for o in record.observations))
    assert silent.frame.id[rivals.fitted_to(silent)].tolist() == ["flare-gathers", "harbour-crowd"]


@pytest.mark.parametrize("name", baselines.BASELINES)
def test_what_is_kept_lies_nearer_than_what_is_drawn(world, record, name: str) -> None:
    use = rivals.fitted_to(record)

    def far(values: np.ndarray) -> np.ndarray:
        return np.sqrt((distance(filled(values, record), np.zeros_like(values), record)[:, use] ** 2).mean(axis=1))

    every = far(rivals.fitted(name, world, record, 64, 64))
    some = rivals.fitted(name, world, record, 64, 8)
    assert far(some) == pytest.approx(np.sort(every)[:8])
    assert np.array_equal(some, rivals.fitted(name, world, record, 64, 8), equal_nan=True)
    assert np.isnan(some[:, ~rivals.able(record)]).all()


def test_what_was_fitted_is_kept_and_made_anew_where_it_is_broken(world, record, cache) -> None:
    said: list[str] = []
    one = rivals.ensembles(world, record, 16, 4, said.append)
    (file,) = cache.iterdir()
    other = rivals.ensembles(world, record, 16, 4, said.append)
    assert len(said) == 1 and "16 draws" in said[0]
    file.write_bytes(b"broken")
    third = rivals.ensembles(world, record, 16, 4, said.append)
    assert len(said) == 2
    for name in baselines.BASELINES:
        assert np.array_equal(one[name].values, other[name].values, equal_nan=True)
        assert np.array_equal(one[name].values, third[name].values, equal_nan=True)
    rivals.ensembles(world, replace(record, claims=record.claims[:2]), 16, 4, said.append)
    assert len(said) == 3, "another record is another fit"


def test_a_home_that_cannot_be_written_costs_time_alone(world, record, tmp_path, monkeypatch) -> None:
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "taken"))
    assert len(rivals.ensembles(world, record, 16, 4)["wave"]) == 4


def test_a_wave_that_is_over_is_not_played_on(world, monkeypatch) -> None:
    drawn = baselines.draws("wave", 3, 24)
    short = [baselines.play("wave", world, p).hourly["on_street"] for p in drawn]
    monkeypatch.setattr(baselines, "GONE_PEOPLE", 0.0)
    for p, one in zip(drawn, short, strict=True):
        assert np.array_equal(baselines.play("wave", world, p).hourly["on_street"], one)
