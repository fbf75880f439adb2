"""What `groundswell compare` refuses before anything is played, and what it goes on with."""

import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from groundswell.case import find_case
from groundswell.play import lock
from groundswell.study.tables import table
from groundswell.study.tables.request import CompareRequest, perform, plan, words
from study.tables import fakes

PLAYER = f"{fakes.NAME}:player"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def made(request: CompareRequest) -> tuple[Path, Any, Any]:
    out, design = plan(request)
    return out, design, table.make(design, out, resume=request.resume, player=PLAYER)


def test_all_mistakes_are_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    request = CompareRequest(
        "tiny", runs=10, mode="both-ways", workers=0, scheduler="tcp://x:1", shard="3/2", out=Path("none"), resume=True
    )
    said = fakes.refused(lambda: plan(request))
    assert all(option in said for option in ("--mode", "--workers", "--shard", "--resume"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("shard", ["0/2", "1", "a/b", "1/", "2/1", "1/99999"])
def test_a_shard_is_a_part(shard: str) -> None:
    assert "such as 1/4" in fakes.refused(lambda: plan(CompareRequest("tiny", shard=shard)))


def test_unknown_accounts_are_named() -> None:
    assert "'nobody'" in fakes.refused(lambda: plan(CompareRequest("tiny", accounts=("nobody",))))


def test_both_modes_are_played_where_there_is_a_ladder() -> None:
    assert plan(CompareRequest("tiny"))[1].modes == ("conditional", "joint")
    assert plan(CompareRequest("tiny", mode="joint"))[1].modes == ("joint",)


def test_a_case_without_accounts_has_nothing_to_compare(tmp_path: Path) -> None:
    shutil.copytree(find_case("tiny"), tmp_path / "bare")
    shutil.rmtree(tmp_path / "bare" / "accounts")
    assert "a case with account files" in fakes.refused(lambda: plan(CompareRequest("./bare")))


def test_what_is_not_said_is_as_the_table_was_begun() -> None:
    first = CompareRequest("tiny", runs=20, seed=7, mode="conditional", accounts=("smuggling",), base=64)
    out, design, _ = made(first)
    assert out == Path("runs/tiny-compare")
    again = plan(CompareRequest("tiny", resume=True))[1]
    assert again.identity == design.identity and again.runs == 20
    assert "--resume: seed: given 8" in fakes.refused(lambda: made(CompareRequest("tiny", resume=True, seed=8)))
    assert made(CompareRequest("tiny", resume=True, runs=40))[2].rows == 48


def test_a_folder_in_use_ends_with_code_2(capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    from groundswell.cli import main

    made(CompareRequest("tiny", runs=4, out=Path("t")))
    monkeypatch.setattr("sys.argv", ["groundswell", "compare", "tiny", "--out", "t", "--resume"])
    with lock.held(Path("t")), pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"process {os.getpid()} on {socket.gethostname()}" in capsys.readouterr().err


def test_words_say_what_there_is() -> None:
    out, design, done = made(CompareRequest("tiny", runs=20))
    said = words(out, design, done)
    assert f"runs: {done.rows:,} of {done.of:,}" in said and done.digest[:16] in said
    assert "shared vectors not ruled out; most often ruled out by" in said


def test_a_stop_says_that_what_was_finished_is_kept(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    out, design, _ = made(CompareRequest("tiny", runs=4))
    monkeypatch.setattr("groundswell.study.tables.request.make", stopped)
    with pytest.raises(KeyboardInterrupt):
        perform(CompareRequest("tiny", resume=True), out, design)
    assert "go on with --resume" in capsys.readouterr().err
