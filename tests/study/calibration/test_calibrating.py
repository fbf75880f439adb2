"""A calibration on disk: the same bytes whoever plays it and however often it is stopped; refusals; files."""

import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import groundswell as gs
from groundswell.play import batches
from groundswell.study.calibration.calibrating import calibrate, install, nearest
from groundswell.study.calibration.distance import CAP
from groundswell.study.calibration.free import read_space, table_of
from groundswell.study.calibration.request import CalibrateRequest, plan
from study.calibration import fakes

HEAD = """
from pathlib import Path
from study.calibration import fakes
from groundswell.study.calibration.calibrating import calibrate
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("calibration") / "whole"
    calibrate(fakes.design(), out, player=fakes.PLAYER, quiet=True)
    return out


# -- what is made ------------------------------------------------------------------------------------------------------


def test_draws_are_weighted_near_and_numbered(made: Path) -> None:
    draws = pd.read_csv(made / "draws.csv")
    assert list(draws["draw"]) == list(range(1, len(draws) + 1))
    assert draws["weight"].sum() == pytest.approx(1, abs=1e-5)
    assert draws["distance"].is_monotonic_increasing
    assert list(draws.columns[3:]) == ["joining.b_local", "joining.theta", "measure:fuel-offer", "spark.strength"]
    far = 3 * sum(abs(draws[k] - v) / v for k, v in fakes.BEST.items())
    assert ((draws["distance"] - far).between(-1e-4, 0.2)).all()
    waves = batches.read(sorted(made.glob("batches/*"))).to_pandas()["guess"][:48]
    assert draws["distance"].max() < waves.quantile(0.2)


def test_provenance_and_report_say_what_was_done(made: Path) -> None:
    says = tomllib.loads((made / "provenance.toml").read_text())
    c = says["calibration"]
    assert c["runs"] <= 160 and c["fit"] == ["flare-gathers", "harbour-crowd", "plant-strike"]
    assert set(c["check"]) == {"harbour-gathers", "flare-before-harbour"}
    assert c["case_digest"] == gs.load("tiny").digest and says["priors"]["joining.theta"] == "U(8, 14)"
    assert c["tolerance"] < c["tolerance_first"]
    text = (made / "calibrate.md").read_text()
    assert all(f"## {head}" in text for head in ("Distance by stage", "Statements", "Parameters", "What trades off"))
    assert "`spark.strength` | U(0, 24)" in text


def test_rounded_values_are_what_was_played(made: Path) -> None:
    rows = batches.read(sorted(made.glob("batches/*"))).to_pandas()
    draws = pd.read_csv(made / "draws.csv")
    played = {tuple(row) for row in rows[[f"p:{name}" for name in draws.columns[3:]]].to_numpy()}
    assert all(tuple(row) in played for row in draws.iloc[:, 3:].to_numpy())


# -- the same bytes ----------------------------------------------------------------------------------------------------


def test_two_workers_make_the_same(made: Path, tmp_path: Path) -> None:
    calibrate(fakes.design(), tmp_path / "two", workers=2, player=fakes.PLAYER, quiet=True)
    assert fakes.results(tmp_path / "two") == fakes.results(made)


def test_killed_and_gone_on_with(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    code = f"calibrate(fakes.design(), Path({str(out)!r}), resume=True, player=fakes.NAME + ':slow', quiet=True)"
    for more in (3, 20):
        before = len(list(out.glob("batches/*.parquet")))
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        process = subprocess.Popen([sys.executable, "-c", HEAD + code], env=env)
        until = time.monotonic() + 60
        while len(list(out.glob("batches/*.parquet"))) < before + more and time.monotonic() < until:
            time.sleep(0.02)
        process.kill()
        process.wait()
        assert not (out / "draws.csv").exists()
    calibrate(fakes.design(), out, resume=True, player=fakes.PLAYER, quiet=True)
    assert fakes.results(out) == fakes.results(made)


def test_it_may_grow(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "grown"
    calibrate(fakes.design(runs=71), out, player=fakes.PLAYER, quiet=True)
    few = pd.read_csv(out / "draws.csv")
    calibrate(fakes.design(), out, resume=True, player=fakes.PLAYER, quiet=True)
    assert fakes.results(out) == fakes.results(made)
    assert pd.read_csv(out / "draws.csv")["distance"].mean() < few["distance"].mean()


def test_a_damaged_batch_is_played_again(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "damaged"
    calibrate(fakes.design(), out, player=fakes.PLAYER, quiet=True)
    path = sorted(out.glob("batches/*.parquet"))[7]
    path.write_bytes(path.read_bytes()[:99])
    calibrate(fakes.design(), out, resume=True, player=fakes.PLAYER, quiet=True)
    assert fakes.results(out) == fakes.results(made)


def test_failed_runs_are_as_far_as_can_be(tmp_path: Path) -> None:
    done = calibrate(fakes.design(), tmp_path, player=f"{fakes.NAME}:failing", quiet=True)
    rows = batches.read(sorted(tmp_path.glob("batches/*"))).to_pandas()
    assert done.failed == rows["error"].notna().sum() > 0
    assert (rows["guess"][rows["error"].notna()] == CAP).all()
    assert np.isfinite(done.draws.distance).all() and not set(done.draws.number % 10) & {3}


def test_it_may_start_from_another(made: Path, tmp_path: Path) -> None:
    space = fakes.design().space
    start = nearest(made, space, 10)
    assert len(start) == 10 and np.allclose(table_of(space, [space.coordinates(v) for v in start]), start, rtol=2e-6)
    one = fakes.design(seed=9, start=start, runs=60)
    calibrate(one, tmp_path / "one", player=fakes.PLAYER, quiet=True)
    rows = batches.read(sorted((tmp_path / "one").glob("batches/*"))).to_pandas()
    assert (rows["stage"][:10] == "start").all() and rows["stage"][10] == "stage 1"
    best = pd.read_csv(made / "draws.csv")["distance"].min()
    assert pd.read_csv(tmp_path / "one" / "draws.csv")["distance"].min() < best + 0.2
    assert plan(CalibrateRequest("tiny", out=tmp_path / "one", resume=True))[1].identity == one.identity


def test_a_start_must_fit(made: Path, tmp_path: Path) -> None:
    assert "holds no calibration" in fakes.refused(lambda: nearest(tmp_path, fakes.design().space, 5))
    (tmp_path / "free.toml").write_text('["spark.strength"]\nreason = "x"\n')
    said = fakes.refused(lambda: nearest(made, read_space(gs.load("tiny"), tmp_path / "free.toml"), 5))
    assert "joining.b_local, joining.theta, measure:fuel-offer is free too" in said


def test_what_is_newly_free_is_drawn_from_its_prior(made: Path, tmp_path: Path) -> None:
    space = fakes.design().space
    free = (Path(gs.load("tiny").folder) / "calibration" / "free.toml").read_text()
    (tmp_path / "free.toml").write_text(free + '["spark.notice_h"]\nprior = "U(2, 4)"\nreason = "x"\n')
    more = read_space(gs.load("tiny"), tmp_path / "free.toml")
    at = [more.names.index(name) for name in space.names]
    start = np.array(nearest(made, more, 10))
    assert np.array_equal(start[:, at], nearest(made, space, 10))
    new = start[:, more.names.index("spark.notice_h")]
    assert ((new > 2) & (new < 4)).all()


# -- refusals ----------------------------------------------------------------------------------------------------------


def test_a_folder_with_a_calibration_is_not_overwritten(made: Path) -> None:
    assert "--resume to go on" in fakes.refused(lambda: calibrate(fakes.design(), made, player=fakes.PLAYER))


def test_another_design_is_refused(made: Path) -> None:
    said = fakes.refused(lambda: calibrate(fakes.design(runs=80, seed=4), made, resume=True, player=fakes.PLAYER))
    assert "seed: given 4; allowed: 3, as the calibration was begun" in said
    assert "--runs: runs: given 80; allowed: 160 or more" in said


def test_every_mistake_in_what_is_asked_is_told(tmp_path: Path) -> None:
    request = CalibrateRequest(
        "tiny",
        out=tmp_path / "none",
        runs=0,
        particles=2,
        replicates=0,
        waves=0,
        wave=0,
        seed=-1,
        workers=0,
        resume=True,
    )
    said = fakes.refused(lambda: plan(request))
    for option in ("runs", "particles", "replicates", "waves", "wave-size", "seed", "workers", "resume"):
        assert f"--{option}: " in said


def test_waves_must_make_a_population_and_be_paid_for() -> None:
    said = fakes.refused(lambda: plan(CalibrateRequest("tiny", particles=50, wave=10)))
    assert "--wave-size: vectors: given 10; allowed: 25 or more" in said
    said = fakes.refused(lambda: plan(CalibrateRequest("tiny", runs=100, particles=50, replicates=2)))
    assert "--runs: runs: given 100; allowed: 400 or more, which the waves take" in said


def test_a_finished_calibration_is_installed(made: Path, tmp_path: Path) -> None:
    written = install(made, tmp_path)
    assert [path.name for path in written] == ["draws.csv", "provenance.toml"]
    assert written[0].read_bytes() == (made / "draws.csv").read_bytes()
    assert "no finished calibration" in fakes.refused(lambda: install(tmp_path / "none", tmp_path))
