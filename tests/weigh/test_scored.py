"""The command `score` and `gs.score`: what they tell of finished runs, and what they refuse."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest

import groundswell as gs
from groundswell.case import CaseError, find_case
from groundswell.cli import app, main
from groundswell.record import load_record
from groundswell.weigh import rivals, scored

pytestmark = pytest.mark.filterwarnings("ignore:Cyclopts application invoked without tokens")


@pytest.fixture(scope="module")
def played():
    return [gs.run("tiny", seed=seed) for seed in (1, 2, 3)]


@pytest.fixture
def folder(played, tmp_path: Path) -> Path:
    for run in played:
        (tmp_path / "runs" / f"tiny-{run.plan.seed}").mkdir(parents=True)
        run.save(tmp_path / "runs" / f"tiny-{run.plan.seed}")
    return tmp_path / "runs"


@pytest.fixture(autouse=True)
def few_draws(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(scored, "ensembles", partial(rivals.ensembles, draws_of=32, kept=8))


def said(capsys, *words: object) -> str:
    app([str(word) for word in words], exit_on_error=False, result_action="return_value")
    return capsys.readouterr().out


def refused(capsys, monkeypatch, *words: object) -> list[str]:
    monkeypatch.setattr("sys.argv", ["groundswell", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()


def test_the_score_of_a_run_is_that_of_its_statements(played) -> None:
    for run in played:
        assert {row["id"]: row["result"] for row in run.chronology()} == run.score["statements"]
        assert run.summary["score"] == run.score


def test_a_folder_is_scored_without_the_arrays(played, folder: Path, capsys) -> None:
    one = folder / "tiny-1"
    shutil.rmtree(one / "history.zarr")
    text = said(capsys, "score", one)
    met, of = played[0].score["met"], played[0].score["of"]
    assert text.splitlines()[0] == f"{met} of {of} dated statements are met by this run of tiny, by the record."
    assert "fit (may be fitted)" in text and "Coast" in text and "Not met:" in text
    for id, result in played[0].score["statements"].items():
        assert (f"\n  {id}: " in text) == (result == "not met")
    found = json.loads(said(capsys, "score", one, "--json"))
    check = played[0].score["by_use"]["check"]
    assert (found["by_use"]["check"]["met_mean"], found["by_use"]["check"]["of"]) == (check["met"], check["of"])
    assert found["baselines"] == {}


def test_several_runs_stand_beside_baselines(played, folder: Path, capsys) -> None:
    text = said(capsys, "score", folder)
    each = [run.score["statements"] for run in played]
    shares = [sum(one[id] == "met" for one in each) / 3 for id in each[0] if each[0][id] != "not scored"]
    half, none = sum(s >= 0.5 for s in shares), shares.count(0.0)
    first = f"{half} of {len(shares)} dated statements are met in half or more of 3 runs of tiny, by the record"
    assert text.splitlines()[0] == f"{first}; {none} in none."
    assert "Of 1 other observations the baselines say nothing; only Groundswell speaks of them." in text
    found = json.loads(said(capsys, "score", folder, "--json"))
    assert set(found["baselines"]) == {"wave", "exposure"}
    assert set(found["baselines"]["wave"]) == set(found["observations"]) - {"plant-strike"}
    assert found["compared"]["check"]["CRPS"]["observations"] == ["harbour-gathers", "flare-before-harbour"]
    assert found["compared"]["fit"]["others"] == ["plant-strike"]
    assert found["compared"]["fit"]["CRPS"]["means"]["groundswell"] == pytest.approx(
        (found["observations"]["flare-gathers"]["score"] + found["observations"]["harbour-crowd"]["score"]) / 2
    )
    alone = json.loads(said(capsys, "score", folder, "--json", "--no-baselines"))
    assert alone["baselines"] == {} and alone["observations"] == found["observations"]


def test_runs_folders_and_the_order_of_both_give_the_same(played, folder: Path) -> None:
    one = gs.score(folder, baselines=False)
    other = gs.score([folder / f"tiny-{k}" for k in (3, 1, 2)] + [folder], baselines=False)
    third = gs.score(played, baselines=False)
    assert one["runs"] == other["runs"] == third["runs"] == 3
    for id, found in one["observations"].items():
        assert other["observations"][id]["score"] == pytest.approx(found["score"])
        assert third["observations"][id]["score"] == pytest.approx(found["score"])
    assert one["statements"] == other["statements"] == third["statements"]
    assert str(one).splitlines()[0] == str(third).splitlines()[0]


def test_a_record_of_ones_own(played, folder: Path, tmp_path: Path, capsys) -> None:
    crowd = played[0].score["measured"]["harbour-crowd"]
    mine = tmp_path / "mine.csv"
    rows = (f"harbour-crowd,{crowd},{crowd},true", "plant-strike,0,0,true", "harbour-gathers,inf,inf,true")
    mine.write_text("\n".join(("observation,low,high,stated", *rows, "fuel-cut,,,false", "")))
    text = said(capsys, "score", folder / "tiny-1", "--observed", mine)
    assert "of 3 dated statements are met by this run of tiny, by a record of your own." in text.splitlines()[0]
    found = gs.score(folder / "tiny-1", observed=mine)
    assert found["statements"] == {"harbour-gathers": 0.0, "harbour-crowd": 1.0, "plant-strike": 0.0}
    assert found["observations"]["harbour-crowd"]["score"] == 0.0
    quiet = gs.run("tiny", seed=1, off=["joining"], set={"spark.strength": 0})
    assert gs.score(quiet, observed=mine)["statements"]["harbour-gathers"] == 1.0, "it never came, as is said"


def test_mistakes_come_at_once(folder: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    (folder / "tiny-2" / "run.json").write_text("{")
    old = json.loads((folder / "tiny-3" / "run.json").read_text())
    del old["score"]
    (folder / "tiny-3" / "run.json").write_text(json.dumps(old))
    (folder / "tiny-4").mkdir()
    (folder / "tiny-4" / "run.json").write_text(json.dumps(old | {"score": {"measured": {"x": []}, "responsive": 0}}))
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.csv").write_text("observation,low,high,stated\nharbor-crowd,1,2,true\nplant-strike,x,1,true\n")
    words = (tmp_path / "none", tmp_path / "empty", tmp_path / "bad.csv", folder, "--observed", tmp_path / "bad.csv")
    lines = refused(capsys, monkeypatch, "score", *words)
    for start, end in (
        (f"{tmp_path / 'none'}: given no such folder;", "a folder that groundswell run wrote"),
        (f"{tmp_path / 'empty'}: given a folder without a finished run;", "a run.json in it"),
        (f"{tmp_path / 'bad.csv'}: given a file;", "a folder that groundswell run wrote"),
        (f"{folder / 'tiny-2' / 'run.json'}: given something else;", "what groundswell run writes"),
        (f"{folder / 'tiny-4' / 'run.json'}: given something else;", "what groundswell run writes"),
        (f"{folder / 'tiny-3' / 'run.json'}: score: given none;", "play it again"),
        (f"{tmp_path / 'bad.csv'}:2: observation: given 'harbor-crowd'", "did you mean 'harbour-crowd'?"),
        (f"{tmp_path / 'bad.csv'}:3: low: given 'x'", "a finite number"),
    ):
        assert any(line.startswith(start) and end in line for line in lines), (start, lines)
    assert len(lines) == 8


def test_a_missing_record_is_told_with_a_missing_run(tmp_path: Path, capsys, monkeypatch) -> None:
    lines = refused(capsys, monkeypatch, "score", tmp_path / "none", "--observed", tmp_path / "none.csv")
    assert len(lines) == 2 and "given no such file" in lines[1]
    assert "at least one folder of a run" in refused(capsys, monkeypatch, "score")[0]


def test_runs_of_another_or_a_changed_case_are_refused(folder: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    shutil.copytree(find_case("tiny"), tmp_path / "other")
    (tmp_path / "other" / "record" / "calibration.csv").unlink()
    run = gs.run(tmp_path / "other", seed=1)
    assert {o.use for o in load_record(run.case).observations} == {""}
    (folder / "x").mkdir()
    run.save(folder / "x")
    lines = refused(capsys, monkeypatch, "score", folder)
    assert len(lines) == 1 and lines[0].startswith(f"{folder / 'x'}: case: given") and "as the first run" in lines[0]
    shutil.copy(find_case("tiny") / "record" / "calibration.csv", tmp_path / "other" / "record")
    with pytest.raises(CaseError, match="the case as it was played"):
        gs.score(folder / "x")


def test_a_case_without_a_split_is_scored_too(tmp_path: Path) -> None:
    shutil.copytree(find_case("tiny"), tmp_path / "other")
    (tmp_path / "other" / "record" / "calibration.csv").unlink()
    found = gs.score([gs.run(tmp_path / "other", seed=seed) for seed in (1, 2)])
    assert set(found["by_use"]) == {"neither"}
    assert found["fitted_to"] == ["flare-gathers", "harbour-crowd"]
