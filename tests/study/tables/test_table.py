"""The reference table: paired, by number, the same bytes whoever plays it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from groundswell.play import batches
from groundswell.study.points import points
from groundswell.study.tables import table
from groundswell.study.tables.design import distinct
from study.tables import fakes

PLAYER = f"{fakes.NAME}:player"


def files(out: Path) -> dict[str, bytes]:
    """Bytes of everything that follows from the design."""
    found = [*out.glob("*.json"), *out.glob("base/*"), *out.glob("batches/*")]
    return {str(path.relative_to(out)): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("table") / "whole"
    assert table.make(fakes.design(), out, player=PLAYER).complete
    return out


# -- points ------------------------------------------------------------------------------------------------------------


def test_points_are_found_from_their_number() -> None:
    whole = points(7, 0, 100, range(6))
    assert np.array_equal(points(7, 40, 9, range(2, 5)), whole[40:49, 2:5])
    assert not np.array_equal(points(8, 0, 100, range(6)), whole)
    assert ((whole > 0) & (whole < 1)).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_scrambling_keeps_the_net(seed: int) -> None:
    x = points(seed, 0, 256, range(2))
    for columns, rows in ((256, 1), (1, 256), (16, 16), (64, 4)):  # each cell of every such grid holds one point
        cells = np.floor(x[:, 0] * columns) * rows + np.floor(x[:, 1] * rows)
        assert len(np.unique(cells)) == 256


def test_a_scrambled_point_is_uniform() -> None:
    x = np.array([points(seed, 3, 1, range(1))[0, 0] for seed in range(400)])
    assert np.abs(np.sort(x) - (np.arange(400) + 0.5) / 400).max() < 1.63 / 20  # Kolmogorov-Smirnov at 1 percent


# -- design ------------------------------------------------------------------------------------------------------------


def test_rows_of_a_vector_differ_in_account_and_mode_alone(made: Path) -> None:
    rows = table.read(made).to_pandas()
    assert list(rows["index"]) == list(range(48))  # 40 asked for, in whole batches of 16
    assert len(rows.groupby(["vector", "mode", "account"])) == 48
    for _, group in rows.groupby("vector"):
        assert sorted(zip(group["mode"], group["account"], strict=True)) == [
            (m, a) for m in ("conditional", "joint") for a in ("mixed", "plain")
        ]
        assert group["seed"].nunique() == 1
        shared = [c for c in rows.columns if c.startswith("p:") and c != "p:factions.wait_intent"]
        assert (group[shared].nunique() == 1).all()
    on = rows["elements"].map(len) == 1
    assert (rows["p:factions.wait_intent"].notna() == on).all()
    assert set(rows["family"][on]) == {"office"} and set(rows["family"][~on]) == {"grievance"}
    assert set(map(tuple, rows["accounts"][~on])) == {("mixed", "plain")}
    assert set(map(tuple, rows["accounts"][on])) == {("mixed",)}


def test_parameters_are_draws_from_their_priors(made: Path) -> None:
    rows = table.read(made).to_pandas()
    assert rows["p:joining.theta"].between(8, 14).all() and rows["p:spark.strength"].between(0, 24).all()
    assert rows["p:joining.theta"].nunique() == 12
    assert rows["p:reporting.told"].between(0.6, 0.99).all()


def test_names_of_accounts_change_no_draw(made: Path) -> None:
    design = fakes.design()
    for row in design.shared_points(0, 3):
        one, other = (
            fakes.design_of(design.case, fakes.accounts(*names), "tiny").drawn(names[0], row, np.full(9, 0.7))
            for names in (("plain", "mixed"), ("zebra", "mixed"))
        )
        assert one == other


def test_equal_accounts_are_played_once() -> None:
    assert distinct(fakes.accounts("plain", "mixed", "also-plain"), ("plain", "mixed", "also-plain")) == (
        "also-plain", "mixed",
    )  # fmt: skip


def test_base_stage_says_what_it_kept(made: Path) -> None:
    found = json.loads((made / "base" / "base.json").read_text())
    assert found["vectors"] == [1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17]
    assert found["kept"] == found["needed"] == 12 and found["played"] == 32
    assert found["ruled_out_by"] == {"flare-gathers": 11}
    rows = batches.read(sorted((made / "base").glob("*.parquet"))).to_pandas()
    assert list(rows["vector"]) == list(range(32)) and not rows["kept"][0] and list(rows["ruled_out_by"][0])


def test_none_kept_is_said(tmp_path: Path) -> None:
    said = fakes.refused(lambda: table.make(fakes.design(base_most=50), tmp_path, player=f"{fakes.NAME}:none_kept"))
    assert "50 played and none kept" in said and "--base" in said


def test_too_few_kept_make_a_smaller_table(tmp_path: Path) -> None:
    done = table.make(fakes.design(runs=400, base_most=32), tmp_path, player=PLAYER)
    assert len(done.base.kept) == 21 and done.rows == done.of == 84 and done.complete


# -- the same bytes ----------------------------------------------------------------------------------------------------


def test_shards_make_the_same_table(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "shards"
    first = table.make(fakes.design(), out, shard=(2, 2), player=PLAYER)
    assert not first.complete and first.base.missing == (0,)
    table.make(fakes.design(), out, shard=(1, 2), player=PLAYER)
    table.make(fakes.design(), out, shard=(2, 2), player=PLAYER)
    assert table.make(fakes.design(), out, resume=True, player=PLAYER).complete
    assert files(out) == files(made)


def test_a_table_may_grow(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "grown"
    small = table.make(fakes.design(runs=10), out, player=PLAYER)
    assert small.rows == 16
    grown = table.make(fakes.design(), out, resume=True, player=PLAYER)
    assert grown.rows == 48 and files(out) == files(made)


@pytest.mark.timeout(120)
def test_two_workers_of_which_one_is_killed_make_the_same_table(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDSWELL_TEST_MARK", str(tmp_path / "killed"))
    out = tmp_path / "dask"
    done = table.make(fakes.design(), out, 2, player=f"{fakes.NAME}:deadly")
    assert (tmp_path / "killed").exists() and done.complete and not done.lost
    assert files(out) == files(made)


def test_digest_is_of_the_rows(made: Path) -> None:
    whole = table.read(made)
    assert table.digest(whole) == table.digest(whole.take(list(range(47, -1, -1))))
    other = whole.set_column(whole.schema.get_field_index("seed"), "seed", whole["index"])
    assert table.digest(other) != table.digest(whole)


# -- going on ----------------------------------------------------------------------------------------------------------


def test_resume_names_what_differs(made: Path) -> None:
    other = fakes.design(seed=2, modes=("joint",), only=("plain",), runs=20)
    said = fakes.refused(lambda: table.make(other, made, resume=True, player=PLAYER))
    assert "seed: given 2; allowed: 1, as the table was begun" in said
    assert "modes: given joint; allowed: conditional, joint" in said
    assert "accounts: given plain" in said and "--runs: runs: given 20; allowed: 40 or more" in said


def test_a_folder_with_something_in_it_is_left_alone(made: Path, tmp_path: Path) -> None:
    assert "--resume to go on" in fakes.refused(lambda: table.make(fakes.design(), made, player=PLAYER))
    (tmp_path / "letters.txt").write_text("private")
    assert "a new folder" in fakes.refused(lambda: table.make(fakes.design(), tmp_path, player=PLAYER))
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_bad_wishes_are_told_at_once() -> None:
    said = fakes.refused(lambda: fakes.design(runs=0, seed=-1, only=("nobody",), base_most=0))
    assert all(option in said for option in ("--runs", "--seed", "--accounts", "--base"))


def test_nothing_answers_at_a_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from groundswell.play import pool

    monkeypatch.setattr(pool, "CONNECT_S", 0.3)
    make = lambda: table.make(fakes.design(), tmp_path, scheduler="tcp://127.0.0.1:9", player=PLAYER)  # noqa: E731
    assert "--scheduler" in fakes.refused(make)


def test_ctrl_c_ends_cleanly_and_resume_goes_on(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "stopped"
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a background shell\n"
        "from pathlib import Path; from study.tables import fakes; from groundswell.study.tables import table\n"
        f"table.make(fakes.design(), Path({str(out)!r}), player=fakes.NAME + ':slow')"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", code], env=env, stderr=subprocess.PIPE)
    wait_for(lambda: len(list(out.glob("batches/*.parquet"))) == 1, process)
    process.send_signal(2)
    assert process.wait(20) != 0
    assert len(list(out.glob("batches/*.parquet"))) < 3
    assert table.make(fakes.design(), out, resume=True, player=PLAYER).complete
    assert files(out) == files(made)


def wait_for(condition, process: subprocess.Popen, most_s: float = 60) -> None:
    import time

    until = time.monotonic() + most_s
    while not condition():
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < until
        time.sleep(0.02)
