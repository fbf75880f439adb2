"""Sets of runs: the same on any workers and after a stop, each run the run of its seed, and what is told of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import groundswell as gs
from groundswell.case import CaseError
from groundswell.play import many
from groundswell.play.folder import Request
from groundswell.play.set_folder import perform


@pytest.fixture(scope="module")
def four() -> gs.RunSet:
    return gs.runs("tiny", seeds=4, seed=3)


def asked(out: Path | None, **options: Any) -> Request:
    return Request("tiny", out=out, quiet=True, **options)


def test_each_run_is_the_run_of_its_seed(four: gs.RunSet) -> None:
    assert [one["seed"] for one in four.known] == [3, 4, 5, 6]
    alone = gs.run("tiny", seed=5)
    assert four.known[2]["digest"] == alone.summary["digest"]
    assert np.array_equal(four.courses["on_street"][2], alone.history.on_street.sum("place").values)
    assert np.array_equal(four.by_region[2].sum(axis=0), four.courses["on_street"][2])


def test_bands_are_quantiles_hour_by_hour(four: gs.RunSet) -> None:
    hour = int(four.courses["on_street"].max(axis=0).argmax())
    low, _, middle, _, high = four.band()[:, hour]
    values = sorted(four.courses["on_street"][:, hour])
    assert middle == (values[1] + values[2]) / 2
    assert low == pytest.approx(values[0] + 0.3 * (values[1] - values[0]))
    assert high == pytest.approx(values[2] + 0.7 * (values[3] - values[2]))
    with pytest.raises(KeyError, match="no region 'west'; there are coast, valley"):
        four.band(region="west")


def test_shares_count_runs(four: gs.RunSet) -> None:
    assert sum(four.endings.values()) == len(four) == four.score["runs"] == four.table.num_rows
    met = np.mean(
        [[v == "met" for v in one["score"]["statements"].values() if v != "not scored"] for one in four.known]
    )
    assert np.mean(list(four.score["statements"].values())) == pytest.approx(met)


@pytest.mark.slow
def test_workers_change_nothing(four: gs.RunSet, tmp_path: Path) -> None:
    four.save(tmp_path / "one")
    gs.runs("tiny", seeds=4, seed=3, workers=2).save(tmp_path / "two")
    for name in ("set.json", "runs.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_stopped_set_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = perform(asked(tmp_path / "whole", report=False), 4)
    played, real = [], many._row

    def row(plan: gs.Plan, *world: Any) -> dict[str, Any]:
        if len(played) == 2:
            raise KeyboardInterrupt
        played.append(plan.seed)
        return real(plan, *world)

    monkeypatch.setattr(many, "_row", row)
    with pytest.raises(KeyboardInterrupt):
        perform(asked(tmp_path / "cut", report=False), 4)
    assert played == [1, 2]
    assert not (tmp_path / "cut").exists()
    played.clear()
    folder, _ = perform(asked(tmp_path / "cut", report=False), 4)
    assert played == [3, 4]
    assert (folder / "set.json").read_bytes() == (whole / "set.json").read_bytes()
    assert not (tmp_path / "cut.part").exists()


def test_runs_of_another_plan_are_not_taken_up(tmp_path: Path) -> None:
    part = tmp_path / "set.part"
    out, first = perform(asked(tmp_path / "set", report=False), 2)
    assert not part.exists()
    _, other = perform(asked(out, set=("joining.theta=9",), report=False), 2)
    assert [one["digest"] for one in other.known] != [one["digest"] for one in first.known]


def test_a_set_of_another_plan_is_not_replaced_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder, _ = perform(asked(None, report=False), 2)
    before = (folder / "set.json").read_bytes()
    with pytest.raises(CaseError, match="it holds runs of another plan"):
        perform(asked(None, set=("joining.theta=9",), report=False), 2)
    assert (folder / "set.json").read_bytes() == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(CaseError, match="a new folder, or one that groundswell run --seeds has written"):
        perform(asked(tmp_path / "mine", report=False), 2)
    assert (tmp_path / "mine" / "notes.txt").exists()


def test_every_mistake_at_once(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as error:
        perform(
            asked(tmp_path / "x", workers=0, branch="a@b", set=("joining.nothing=1",), threads=2, parameters="all"), 0
        )
    told = str(error.value)
    assert all(
        word in told for word in ("--workers", "--seeds", "--branch", "--threads", "--parameters", "joining.nothing")
    )
    assert not list(tmp_path.iterdir())
    with pytest.raises(CaseError, match="--workers: option: .*only beside --seeds"):
        from groundswell.play.folder import perform as perform_one

        perform_one(asked(tmp_path / "x", workers=2))


def test_the_folder_holds_page_numbers_and_bands(tmp_path: Path) -> None:
    folder, found = perform(asked(tmp_path / "set"), 3)
    summary = json.loads((folder / "set.json").read_text(encoding="utf-8"))
    assert summary["runs"] == 3
    assert summary["spread"]["dead"] == found.spread("dead")
    assert pq.read_table(folder / "courses.parquet").to_pandas().query("course == 'dead'").q50.is_monotonic_increasing
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "dated statements" in page
    assert "3 runs" in page
    assert "<script" not in page
    assert not re.search(r"\bnan\b|None", re.sub(r"<svg.*?</svg>", "", page, flags=re.S))


def test_draws_are_spread_by_weight() -> None:
    case = gs.load("kazakhstan-2022")
    assert case.draws is not None
    n = 4000
    drawn = np.bincount([int(many.draw_of(case, i)) for i in range(1, n + 1)], minlength=len(case.draws) + 1)[1:] / n
    assert np.abs(drawn - np.array(case.draws.weight)).max() < 0.002
    assert many.draw_of(gs.load("tiny"), 1) == "declared"


def test_a_set_in_a_calibrated_case_says_that_what_was_kept_back_is_no_clean_prediction() -> None:
    from groundswell.report.of_set import page

    found = gs.runs("kazakhstan-2022", seeds=1, people_scale=0.02)
    assert "no clean prediction" in page(found)
    assert "no clean prediction" not in page(gs.runs("tiny", seeds=1, until="2030-03-02T00:00"))
