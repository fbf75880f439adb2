"""Planted records: what made them is found again as often as theory says, what is foreign is not, files are weighed."""

import json
from pathlib import Path

import numpy as np
import pytest
from tools import planted_records as records
from tools import planted_text as printed
from tools import study_planted as study

from groundswell.commands.compare import compare
from groundswell.play.options import CompareOptions
from groundswell.study.shares import wilson
from groundswell.study.tables.base import Base
from groundswell.study.tables.table import Made
from groundswell.weigh.sample import Sample
from groundswell.weigh.stage import folds
from weigh.made import made_table

PAGE = Path(__file__).parents[1] / "docs" / "results" / "planted.md"


def gaussian(means: list[float], vectors: int, classes: tuple[str, ...], family: tuple[int, ...]) -> Sample:
    """Runs with unit spread around the mean of each class, in the first of three summaries."""
    rng = np.random.default_rng(7)
    drawn = np.tile(np.arange(len(means)), vectors)
    x = rng.normal(size=(len(drawn), 3))
    x[:, 0] += np.array(means)[drawn]
    return Sample(
        x, ("a", "b", "c"), drawn, classes, np.array(family), ("f0", "f1"), np.eye(len(means), dtype=bool)[drawn],
        classes, np.zeros((len(drawn), 0), bool), (), np.repeat(np.arange(vectors), len(means)),
        np.zeros((len(drawn), 0)), (),
    )  # fmt: skip


@pytest.fixture(scope="module")
def two() -> Sample:
    return gaussian([-1.0, 1.0], 90, ("near", "far"), (0, 1))


def test_a_small_matrix_is_that_of_theory(two: Sample) -> None:
    """Of N(-1, 1) and N(1, 1), the nearer mean is right with probability Phi(1) = 0.841."""
    found = []
    for train, test in folds(two.vector, 1, 3):
        judge = study.Judge(two.rows(train), 1)
        for k in test[:40]:
            true = two.classes[two.drawn[k]]
            found.append({"true_account": true, **judge.answer(two.x[k])})
    given = study.counts(found, "account")
    assert sum(sum(row.values()) for row in given.values()) == len(found) == 120
    right = sum(r["account"] == r["true_account"] for r in found)
    low, high = wilson(right, len(found))
    assert low < 0.8413 < high
    assert sum(r["none"] for r in found) <= 0.1 * len(found)


def test_what_no_account_produces_comes_back_as_none_fits(two: Sample) -> None:
    judge = study.Judge(two, 1)
    assert judge.answer(np.array([0.5, 9.0, 0.0]))["none"]
    beyond = judge.answer(np.array([np.nan, 9.0, np.nan]))
    assert (beyond["none"], beyond["fitting"], beyond["summaries"]) == (True, 0, 1)
    assert not judge.answer(np.array([1.0, 0.0, 0.0]))["none"]
    nothing = judge.answer(np.full(3, np.nan))
    assert not nothing["none"] and nothing["families"] == {"f0": 0.5, "f1": 0.5}


def test_an_account_in_two_families_is_one_account() -> None:
    sample = gaussian([0.0, 0.0, 0.0], 10, ("split (f0)", "split (f1)", "other"), (0, 1, 1))
    assert sample.prior == pytest.approx([0.5, 0.25, 0.25])
    assert study.best_account(sample, np.array([0.2, 0.5, 0.3])) == "other"  # 0.7 / 0.75 is less than 0.3 / 0.25
    assert study.best_account(sample, np.array([0.5, 0.3, 0.2])) == "split"


def test_off_the_centre_is_where_it_says() -> None:
    u = records.outwards(np.linspace(0.001, 0.999, 500))
    low, high = u[u < 0.5], u[u >= 0.5]
    assert (0.05 < low).all() and (low < 0.25).all() and (0.75 <= high).all() and (high < 0.95).all()
    assert len(low) == len(high) and (np.diff(u) > 0).all()


class Runs:
    """Runs as far as they are picked."""

    columns = {"account": np.tile(["a", "b"], 50), "index": np.arange(100)}

    def __len__(self) -> int:
        return 100


def test_as_many_runs_of_each_account_are_picked() -> None:
    first, more = (records.picked(Runs(), each, 3) for each in (10, 20))  # type: ignore[arg-type]
    assert first.sum() == 20 and (Runs.columns["account"][first] == "a").sum() == 10
    assert not (first & ~more).any()


def test_records_of_a_table_are_weighed_once_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Held-out runs, fresh ones that are really played, and the wave; and `compare --observed` takes their files."""
    folder = tmp_path / "made"
    made_table("tiny", folder, slots=30, apart=1.5)
    monkeypatch.setattr(records, "MOST_DRAWS", 60)
    asked = (folder, 8, 1, 2, 6)
    found = study.study(*asked, records_to=tmp_path / "records")
    kinds = found["modes"]["conditional"]
    assert kinds["held-out"]["n"] == 16
    assert found["fresh"]["passed"] >= records.LEAST_VECTORS and kinds["fresh"]["n"] == found["fresh"]["runs"] > 0
    assert sum(sum(row.values()) for row in kinds["held-out"]["accounts"].values()) == 16
    assert kinds["wave-any"]["n"] == 2

    def fail(*_: object) -> None:
        raise AssertionError("played or weighed again")

    monkeypatch.setattr(study, "Judge", fail)
    monkeypatch.setattr(records, "play_batch", fail)
    again = study.study(*asked)
    assert again["modes"] == found["modes"]

    page = printed.page(found, tmp_path, "planted")
    assert "no evidence of guilt" in page and (tmp_path / "planted-conditional.png").exists()
    assert printed.told(kinds["held-out"]["right_families"], 16) in page

    files = sorted((tmp_path / "records").glob("conditional-*.csv"))
    assert len(files) == sum(kind["n"] for kind in kinds.values())
    (kept,) = folder.glob("planted-answers-*.jsonl")
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    most = max((r for r in rows if r["kind"] == "held-out"), key=lambda r: r["summaries"])
    of_run = tmp_path / "records" / f"conditional-held-out-{most['vector']}-{most['number']}.csv"
    whole = Made(Base((), 0, 0, 0, {}), 60, 60)  # nothing is to be played: the table is made up
    monkeypatch.setattr("groundswell.study.tables.request.perform", lambda *_: whole)
    capsys.readouterr()
    assert compare("tiny", options=CompareOptions(out=folder, resume=True, observed=of_run, quiet=True)) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["record"] == "given" and sum(r["probability"] for r in verdict["families"].values()) > 0.999


def test_the_page_has_the_counts_beside_it() -> None:
    found = json.loads(PAGE.with_suffix(".json").read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    for kinds in found["modes"].values():
        for kind in ("held-out", "fresh"):
            if kind in kinds:
                one = kinds[kind]
                assert printed.told(one["right_families"], one["n"]) in page
                assert printed.told(one["none"], one["n"]) in page
        assert printed.told(kinds["wave"]["none"], kinds["wave"]["n"]) in page
