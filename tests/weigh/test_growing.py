"""A table grows until doubling it moves little, keeps its rows, and says how far it went and why it stopped."""

from dataclasses import replace
from pathlib import Path

import pytest

from groundswell.case import CaseError
from groundswell.study.tables.request import CompareRequest, plan
from groundswell.study.tables.table import read
from groundswell.weigh import growing
from groundswell.weigh.growing import Asking, play

ALL: Asking = {"given": None, "weights": None, "source": None}


def request(out: Path, **more) -> CompareRequest:
    usual = {"runs": 8, "mode": "conditional", "out": out, "quiet": True, "until_settled": True, "most_runs": 20}
    return CompareRequest("tiny", **{**usual, **more})


def test_a_real_table_grows_by_doubling_to_its_limit(tmp_path: Path) -> None:
    asked = request(tmp_path / "made")
    folder, design = plan(asked)
    made, told = play(asked, folder, design, ALL)
    runs = [step["runs"] for step in told["steps"]]
    assert runs[0] == 16  # whole batches
    assert told["why"] in ("settled", "most runs", "no more vectors")
    assert told["settled"] == (told["steps"][-1]["moved"] is not None and told["steps"][-1]["moved"] < 0.02)
    assert made.rows == len(read(folder)) == runs[-1]
    if told["why"] == "most runs":
        assert runs[-1] >= 20


@pytest.fixture
def looks(monkeypatch):
    """Fake looks at fake tables, so that only the growing itself is tested."""
    made, found = [], iter([None, 0.3, 0.019, 0.0])

    class Table:
        complete = True

        def __init__(self, rows: int):
            self.rows = rows

    def perform(asked, out, design):
        made.append((design.runs, asked.resume))
        return Table(min(design.runs, 100))

    def plan_again(asked):
        _, design = plan(replace(asked, resume=False, out=Path("never-made")))
        return Path("never-made"), design

    monkeypatch.setattr(growing, "perform", perform)
    monkeypatch.setattr(growing, "plan", plan_again)
    monkeypatch.setattr(growing, "moved", lambda *_: next(found))
    return made


def test_it_stops_as_soon_as_it_has_settled(looks, tmp_path: Path) -> None:
    asked = request(tmp_path, runs=10, most_runs=1000)
    made, told = play(asked, *plan_new(asked), ALL)
    assert [step["moved"] for step in told["steps"]] == [None, 0.3, 0.019]
    assert [step["runs"] for step in told["steps"]] == [10, 20, 40]
    assert looks == [(10, False), (20, True), (40, True)]
    assert told["settled"]
    assert made.rows == 40


def test_it_stops_at_its_limit_and_where_no_vectors_are_left(looks, tmp_path: Path) -> None:
    asked = request(tmp_path, runs=10, most_runs=15)
    _, told = play(asked, *plan_new(asked), ALL)
    assert (told["why"], told["settled"], [s["runs"] for s in told["steps"]]) == ("most runs", False, [10, 15])


def test_it_stops_where_no_vectors_are_left(looks, tmp_path: Path) -> None:
    asked = request(tmp_path, runs=100, most_runs=1000)
    _, told = play(asked, *plan_new(asked), ALL)
    assert (told["why"], [s["runs"] for s in told["steps"]]) == ("no more vectors", [100])


def plan_new(asked: CompareRequest):
    return plan(replace(asked, out=Path("never-made")))


def test_what_does_not_go_together_is_told_at_once(tmp_path: Path) -> None:
    wrong = request(tmp_path / "none", most_runs=4, shard="1/2")
    with pytest.raises(CaseError) as caught:
        plan(wrong)
    assert {p.file for p in caught.value.problems} == {"--until-settled", "--most-runs"}
    with pytest.raises(CaseError, match="nothing without --until-settled"):
        plan(request(tmp_path / "none", until_settled=False))
