"""Runs on disk: interrupted, resumed, branched, refused; nothing half written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import xarray as xr

from groundswell.case import CaseError
from groundswell.play.folder import Request, explanation, perform


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A finished run of the tiny case."""
    return perform(Request("tiny", seed=7, out=tmp_path_factory.mktemp("runs") / "whole", quiet=True))[0]


def summary(folder: Path) -> dict:
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def test_a_run_writes_the_whole_folder(finished):
    assert {p.name for p in finished.iterdir()} == {
        "run.json",
        "history.zarr",
        "events.parquet",
        "report.html",
        "checkpoints",
    }
    s = summary(finished)
    for key in (
        "case", "account", "seed", "version", "platform", "parameters", "digest", "wall_s", "load_s", "peak_rss_mib",
        "population", "peak_on_street", "peak_time", "onset", "strikes", "detained", "injured", "dead", "displaced",
    ):  # fmt: skip
        assert key in s, key
    with xr.open_zarr(finished / "history.zarr", consolidated=False) as history:
        assert history.on_street.dims == ("time", "place")
        assert int(history.on_street.sum("place").max()) == s["peak_on_street"]
        assert all("units" in v.attrs and "long_name" in v.attrs for v in history.data_vars.values())
    events = pq.read_table(finished / "events.parquet").to_pydict()
    assert events["hour"] == sorted(events["hour"])
    assert set(events["kind"]) >= {"measure", "onset"}


def test_threads_do_not_change_the_digest(finished, tmp_path):
    folder, two = perform(Request("tiny", seed=7, threads=2, out=tmp_path / "two", report=False, quiet=True))
    assert two["digest"] == summary(finished)["digest"]


def test_kill_and_resume_give_the_same_digest(finished, tmp_path):
    out = tmp_path / "killed"
    # The run kills itself without warning, as an operator would with kill -9, in the middle of the fourth day.
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom groundswell.engine.simulation import Simulation\n"
        "from groundswell.play.folder import Request, perform\nfrom groundswell.play import run\n"
        "run.KEEP_S, play = 0.0, Simulation.advance\n"
        "def advance(self):\n    play(self)\n    if self.step == 85: os.kill(os.getpid(), signal.SIGKILL)\n"
        "Simulation.advance = advance\nperform(Request('tiny', seed=7, out=Path(sys.argv[1]), report=False))\n"
    )
    code = subprocess.run([sys.executable, "-c", script, str(out)], check=False).returncode
    assert code == -signal.SIGKILL
    assert not out.exists()
    assert (tmp_path / "killed.part" / "checkpoints" / "step-000072.npz").exists()
    folder, s = perform(Request("tiny", resume=out, report=False, quiet=True))
    assert folder == out
    assert s["digest"] == summary(finished)["digest"]
    assert not (tmp_path / "killed.part").exists()


def test_a_damaged_checkpoint_is_passed_over(finished, tmp_path, capsys):
    out = tmp_path / "damaged"
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom groundswell.engine.simulation import Simulation\n"
        "from groundswell.play.folder import Request, perform\nfrom groundswell.play import run\n"
        "run.KEEP_S, play = 0.0, Simulation.advance\n"
        "def advance(self):\n    play(self)\n    if self.step == 60: os.kill(os.getpid(), signal.SIGKILL)\n"
        "Simulation.advance = advance\nperform(Request('tiny', seed=7, out=Path(sys.argv[1]), report=False))\n"
    )
    subprocess.run([sys.executable, "-c", code, str(out)], check=False)
    last = tmp_path / "damaged.part" / "checkpoints" / "step-000048.npz"
    last.write_bytes(last.read_bytes()[: last.stat().st_size // 2])
    _, s = perform(Request("tiny", resume=out, report=False, quiet=True))
    assert s["digest"] == summary(finished)["digest"]


def test_resume_of_what_is_no_interrupted_run(finished, tmp_path):
    for folder in (finished, tmp_path / "nothing"):
        with pytest.raises(CaseError, match="--resume"):
            perform(Request("tiny", resume=folder, report=False, quiet=True))


def test_branch_without_a_change_is_the_same_run(finished, tmp_path):
    _, s = perform(Request("", branch=f"{finished}@2030-03-03T10:00", out=tmp_path / "same", report=False, quiet=True))
    assert s["digest"] == summary(finished)["digest"]


def test_branch_with_a_change_keeps_the_past(finished, tmp_path):
    when = "2030-03-03T10:00"
    folder, s = perform(
        Request(
            "",
            branch=f"{finished}@{when}",
            set=("joining.b_local=1.2",),
            out=tmp_path / "changed",
            report=False,
            quiet=True,
        )
    )
    assert s["digest"] != summary(finished)["digest"]
    assert s["branched_from"].startswith(str(finished))
    with (
        xr.open_zarr(finished / "history.zarr", consolidated=False) as old,
        xr.open_zarr(folder / "history.zarr", consolidated=False) as new,
    ):
        start = np.datetime64("2030-03-03T09:00")  # the case keeps UTC+1
        past = old.time.values <= start
        for name in ("on_street", "joined", "news", "striking"):
            np.testing.assert_array_equal(old[name].values[past], new[name].values[past])
        assert not np.array_equal(old.joined.values[~past], new.joined.values[~past])


def test_branch_with_another_measure(finished, tmp_path):
    request = Request(
        "",
        branch=f"{finished}@2030-03-03T10:00",
        measure=("fuel-price-freed=none",),
        out=tmp_path / "m",
        report=False,
        quiet=True,
    )
    _, s = perform(request)
    assert s["plan"]["change"]["measures"] == {"fuel-price-freed": "none"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"set": ("joining.frailty_shape=3",)}, "would rewrite the past"),
        ({"set": ("valve.spread=1", "ties.work_unit_people=5")}, "would rewrite the past"),
        ({"people_scale": 0.5}, "as in the past"),
        ({"off": ("ties",)}, "mechanisms other than people and ties"),
    ],
)
def test_branch_refuses_what_would_rewrite_the_past(finished, tmp_path, options, words):
    out = tmp_path / "no"
    with pytest.raises(CaseError, match=words):
        perform(Request("", branch=f"{finished}@2030-03-03T10:00", out=out, report=False, quiet=True, **options))
    assert not out.exists()


def test_ctrl_c_leaves_a_checkpoint_of_that_hour(tmp_path):
    out = tmp_path / "stopped"
    code = (
        "import signal, sys\nfrom pathlib import Path\nfrom groundswell.engine.simulation import Simulation\n"
        "from groundswell.play.folder import Request, perform\nfrom groundswell.play import run\n"
        "run.KEEP_S, play = 0.0, Simulation.advance\n"
        "def advance(self):\n    play(self)\n    if self.step == 61: signal.raise_signal(signal.SIGINT)\n"
        "Simulation.advance = advance\nperform(Request('tiny', seed=7, out=Path(sys.argv[1]), report=False))\n"
    )
    subprocess.run([sys.executable, "-c", code, str(out)], check=False, stderr=subprocess.DEVNULL)
    steps = [int(p.stem.removeprefix("step-")) for p in (tmp_path / "stopped.part" / "checkpoints").glob("*.npz")]
    assert max(steps) == 61


def test_an_own_folder_is_never_overwritten(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(CaseError, match="--out"):
        perform(Request("tiny", out=tmp_path / "thesis", report=False, quiet=True))
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_real_kill_from_outside(finished, tmp_path):
    """kill -9 from another process at a moment that nobody chose."""
    out = tmp_path / "outside"
    process = subprocess.Popen([sys.executable, "-m", "groundswell", "run", "tiny", "--seed", "7", "--out", str(out)])
    deadline = time.time() + 60
    while time.time() < deadline and not (tmp_path / "outside.part" / "plan.json").exists() and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.wait()
    if out.exists():  # it was faster
        assert summary(out)["digest"] == summary(finished)["digest"]
    else:
        _, s = perform(Request("tiny", resume=out, report=False, quiet=True))
        assert s["digest"] == summary(finished)["digest"]


def test_a_past_goes_on_only_with_the_case_and_version_that_made_it(finished, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(finished, other)
    s = summary(other)
    for key, value, words in (
        ("case_digest", "0" * 64, "the case as it was played"),
        ("version", "0.0.1", "version 0.0.1"),
    ):
        (other / "run.json").write_text(json.dumps({**s, key: value}), encoding="utf-8")
        with pytest.raises(CaseError, match=words):
            perform(Request("", branch=f"{other}@2030-03-03T10:00", out=tmp_path / "no", report=False, quiet=True))


def test_a_branch_of_a_branch_has_the_branchs_past(finished, tmp_path):
    when, later = "2030-03-03T10:00", "2030-03-04T10:00"
    change = ("joining.b_local=1.2",)
    first, a = perform(
        Request("", branch=f"{finished}@{when}", set=change, out=tmp_path / "a", report=False, quiet=True)
    )
    _, b = perform(Request("", branch=f"{first}@{later}", out=tmp_path / "b", report=False, quiet=True))
    assert b["digest"] == a["digest"]
    with pytest.raises(CaseError, match="itself a branch"):
        perform(Request("", branch=f"{first}@2030-03-02T10:00", out=tmp_path / "c", report=False, quiet=True))


def test_a_resumed_run_can_be_branched(finished, tmp_path):
    out = tmp_path / "again"
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom groundswell.engine.simulation import Simulation\n"
        "from groundswell.play.folder import Request, perform\nfrom groundswell.play import run\n"
        "run.KEEP_S, play = 0.0, Simulation.advance\n"
        "def advance(self):\n    play(self)\n    if self.step == 60: os.kill(os.getpid(), signal.SIGKILL)\n"
        "Simulation.advance = advance\nperform(Request('tiny', seed=7, out=Path(sys.argv[1]), report=False))\n"
    )
    subprocess.run([sys.executable, "-c", script, str(out)], check=False)
    perform(Request("tiny", resume=out, report=False, quiet=True))
    _, s = perform(Request("", branch=f"{out}@2030-03-03T05:00", out=tmp_path / "b", report=False, quiet=True))
    assert s["digest"] == summary(finished)["digest"]


def test_the_reference_engine_runs_from_the_command(tmp_path):
    _, slow = perform(
        Request("tiny", people_scale=0.02, engine="reference", out=tmp_path / "s", report=False, quiet=True)
    )
    _, fast = perform(Request("tiny", people_scale=0.02, out=tmp_path / "f", report=False, quiet=True))
    assert slow["digest"] == fast["digest"]
    with pytest.raises(CaseError, match="fast engine"):
        perform(Request("", branch=f"{tmp_path / 's'}@2030-03-03T05:00", out=tmp_path / "b", report=False, quiet=True))


def test_a_short_run_keeps_one_checkpoint_and_can_be_branched_and_explained(tmp_path, monkeypatch):
    """Without a checkpoint before the hour that is asked for, the run is played again from its start."""
    asked = {"set": ("joining.theta=9",), "report": False, "quiet": True}
    folder, often = perform(Request("tiny", out=tmp_path / "often", **asked))
    monkeypatch.setattr("groundswell.play.run.KEEP_S", 60.0)
    short, once = perform(Request("tiny", out=tmp_path / "once", **asked))
    assert often["digest"] == once["digest"]
    assert len(list((folder / "checkpoints").glob("*.npz"))) == 7
    assert len(list((short / "checkpoints").glob("*.npz"))) == 1
    where = ("harbour", "2030-03-03T20:00")
    assert explanation(short, *where) == explanation(folder, *where)
    digests = [
        perform(Request("", branch=f"{past}@2030-03-04T05:00", out=tmp_path / f"b-{past.name}", **asked))[1]["digest"]
        for past in (folder, short)
    ]
    assert digests[0] == digests[1]
