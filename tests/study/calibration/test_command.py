"""`groundswell calibrate` on real runs of the tiny case, and what a run of the calibrated case plays."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import groundswell as gs
from groundswell.case import find_case
from groundswell.cli import app
from groundswell.play import batches
from groundswell.record import load_record
from groundswell.record.measure import measure
from groundswell.study.calibration.design import Search, design_of
from groundswell.study.calibration.distance import CAP, fitted, target_of
from groundswell.study.calibration.free import read_space
from groundswell.study.calibration.player import player
from study.calibration import fakes


def call(*words: object) -> object:
    """What a command ends with; a mistake comes out as it is."""
    try:
        return app([str(word) for word in words])
    except SystemExit as end:
        return end.code


ASKED = ["--runs", "40", "--particles", "8", "--wave-size", "12", "--seed", "5"]


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calibrated")
    shutil.copytree(find_case("tiny"), folder / "mine")
    assert call("calibrate", folder / "mine", *ASKED, "--out", folder / "out", "--install") == 0
    return folder


def test_the_command_makes_draws_and_installs_them(calibrated: Path) -> None:
    draws = pd.read_csv(calibrated / "mine" / "calibration" / "draws.csv")
    assert 1 <= len(draws) <= 8 and (calibrated / "out" / "calibrate.md").exists()
    case = gs.load(calibrated / "mine")
    assert case.draws is not None and len(case.draws) == len(draws)
    assert case.digest == gs.load("tiny").digest  # a result of the case is no part of it


def test_a_draw_plays_what_was_calibrated(calibrated: Path) -> None:
    case = gs.load(calibrated / "mine")
    rows = batches.read(sorted(calibrated.glob("out/batches/*"))).to_pandas()
    record = load_record(case)
    target = target_of(record, fitted(record, case.hours))
    design = design_of(case, read_space(case), "tiny", Search(8, 2, 12, seed=5), runs=40)
    draw = pd.read_csv(calibrated / "out" / "draws.csv").iloc[-1]
    number = int(rows["number"][(rows["p:joining.theta"] == draw["joining.theta"])].iloc[0])
    run = gs.run(case, draw=int(draw["draw"]), seed=design.seeds(number)[0])
    far = target.final(measure(run.reading, target.record))
    assert float((far**2).mean() ** 0.5) == pytest.approx(draw["distance"], rel=1e-5)


def test_a_run_says_which_draw_it_played(calibrated: Path) -> None:
    out = calibrated / "run"
    call("run", calibrated / "mine", "--out", out, "--no-report", "--set", "joining.b_local=0.9")
    says = json.loads((out / "run.json").read_text())
    draws = gs.load(calibrated / "mine").draws
    assert says["draw"] == draws.middle and says["plan"]["drawn"]["middle"]
    assert says["parameters"]["joining.theta"] == draws.of(draws.middle)["joining.theta"]
    assert says["parameters"]["joining.b_local"] == 0.9
    assert "calibrated on 3 observations of the record; 2 kept back" in says["notes"]["parameters"]
    branch = calibrated / "branch"
    call("run", calibrated / "mine", "--branch", f"{out}@2030-03-03T12:00", "--out", branch, "--no-report")
    assert json.loads((branch / "run.json").read_text())["digest"] == says["digest"]


def test_a_branch_keeps_its_draw(calibrated: Path) -> None:
    out = calibrated / "kept"
    call("run", calibrated / "mine", "--out", out, "--no-report", "--draw", 1)
    words = ("run", calibrated / "mine", "--branch", f"{out}@2030-03-03T12:00", "--draw", 2)
    assert "--draw: value: given '2'; allowed: 1, as in the past" in fakes.refused(lambda: call(*words))


def test_declared_parameters_are_those_of_a_case_without_draws(calibrated: Path) -> None:
    plain = gs.run("tiny", until="2030-03-03T00:00")
    assert (
        gs.run(calibrated / "mine", draw="declared", until="2030-03-03T00:00").summary["digest"]
        == (plain.summary["digest"])
    )
    assert plain.summary["draw"] is None and plain.plan.drawn == {}
    assert gs.run(calibrated / "mine", until="2030-03-03T00:00").summary["digest"] != plain.summary["digest"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--draw", "99"], "--draw: draw: given '99'; allowed: middle, declared, or a number from 1 to"),
        (["--draw", "best"], "--draw: draw: given 'best'"),
        (["--draw", "2", "--parameters", "declared"], "nothing beside --parameters declared"),
        (["--parameters", "mine"], "--parameters: parameters: given 'mine'; allowed: declared or calibrated"),
    ],
)
def test_a_draw_that_is_not_there_is_refused(calibrated: Path, words: list[str], said: str) -> None:
    assert said in fakes.refused(lambda: call("run", calibrated / "mine", "--no-report", *words))


def test_a_case_without_draws_has_none_to_play() -> None:
    assert "a case without calibration/draws.csv" in fakes.refused(lambda: gs.run("tiny", draw=1))


# -- one vector --------------------------------------------------------------------------------------------------------


def job(stop_above: float | None = None, seeds: tuple[int, ...] = (1,), **settings: float) -> dict:
    put = {k.replace("__", "."): v for k, v in settings.items()}
    return {"case": "tiny", "settings": put, "measures": {}, "seeds": list(seeds), "stop_above": stop_above}


@pytest.fixture(scope="module")
def play() -> object:
    case = gs.load("tiny")
    return player(design_of(case, read_space(case), "tiny", Search(8, 2, 12), runs=40).common)


def test_a_run_is_stopped_when_it_cannot_be_near_enough(play: object) -> None:
    dead = play(job(spark__strength=0.0, joining__theta=14.0))  # type: ignore[operator]
    assert dead["distance"] > 2 and max(dead["far"]) <= CAP
    stopped = play(job(0.1, spark__strength=0.0, joining__theta=14.0))  # type: ignore[operator]
    assert stopped["distance"] is None and stopped["played_h"][0] < dead["played_h"][0]
    assert stopped["guess"] > 0.1
    same = play(job(dead["distance"] + 0.01, spark__strength=0.0, joining__theta=14.0))  # type: ignore[operator]
    assert same["distance"] == dead["distance"]


def test_seeds_are_taken_together(play: object) -> None:
    one, two = (play(job(seeds=(s,), spark__strength=12.0)) for s in (1, 2))  # type: ignore[operator]
    both = play(job(seeds=(1, 2), spark__strength=12.0))  # type: ignore[operator]
    assert both["distance"] == pytest.approx(((one["distance"] ** 2 + two["distance"] ** 2) / 2) ** 0.5)
    far = play(job(0.05, (1, 2), spark__strength=0.0, joining__theta=14.0))  # type: ignore[operator]
    assert len(far["played_h"]) == 1  # the second seed cannot make it good
