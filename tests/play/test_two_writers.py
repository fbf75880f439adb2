"""What becomes of a folder: two writers, files of somebody else, runs of another plan, files that are damaged."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from groundswell.case import CaseError
from groundswell.engine import checkpoint
from groundswell.play import lock
from groundswell.play.folder import Request, explanation, perform

SHORT = {"until": "2030-03-02T06:00", "report": False, "quiet": True}
KILLED = (
    "import os, signal, sys\nfrom pathlib import Path\nfrom groundswell.engine.simulation import Simulation\n"
    "from groundswell.play.folder import Request, perform\nfrom groundswell.play import run\n"
    "run.KEEP_S, play = 0.0, Simulation.advance\n"
    "def advance(self):\n    play(self)\n    if self.step == 26: os.kill(os.getpid(), signal.SIGKILL)\n"
    "Simulation.advance = advance\n"
    "perform(Request('tiny', seed=int(sys.argv[2]), out=Path(sys.argv[1]), report=False, quiet=True,\n"
    "                until='2030-03-02T06:00'))\n"
)


def played(out: Path, **more):
    return perform(Request("tiny", out=out, **SHORT, **more))


def killed(out: Path, seed: int) -> Path:
    """The folder of a run that was killed after its first day."""
    code = subprocess.run([sys.executable, "-c", KILLED, str(out), str(seed)], check=False).returncode
    assert code == -signal.SIGKILL
    return out.with_name(out.name + ".part")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A finished run of seed 7, one day and a quarter."""
    return played(tmp_path_factory.mktemp("runs") / "whole", seed=7)[0]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory) -> Path:
    """What a killed run of seed 7 leaves."""
    return killed(tmp_path_factory.mktemp("killed") / "run", 7)


def digest(folder: Path) -> str:
    return json.loads((folder / "run.json").read_text())["digest"]


def test_a_folder_has_one_writer(tmp_path):
    out = tmp_path / "run"
    part = tmp_path / "run.part"
    part.mkdir()
    with lock.held(part):
        for more in ({"seed": 1}, {"seed": 2}):
            with pytest.raises(CaseError, match=f"process {os.getpid()} on"):
                played(out, **more)
    assert not out.exists()
    played(out, seed=1)
    assert not part.exists() and not (out / lock.LOCKS).exists()


def test_an_interrupted_run_is_not_resumed_by_two(stopped, tmp_path):
    part = shutil.copytree(stopped, tmp_path / "run.part")
    with lock.held(part), pytest.raises(CaseError, match="is writing"):
        perform(Request("tiny", resume=tmp_path / "run", report=False, quiet=True))
    assert (part / "plan.json").exists()


def test_checkpoints_of_another_run_are_not_taken_up(whole, tmp_path):
    other, _ = played(tmp_path / "other", seed=8)
    mixed = shutil.copytree(whole, tmp_path / "mixed")
    shutil.copytree(other / "checkpoints", mixed / "checkpoints", dirs_exist_ok=True)
    when = "2030-03-02T03:00"
    assert explanation(mixed, "harbour", when) == explanation(whole, "harbour", when)  # played from its start instead
    bound = checkpoint.read(whole / "checkpoints")
    assert bound is None  # without the digest of the plan nothing is read


def test_files_of_somebody_else_are_kept(whole, tmp_path):
    out = shutil.copytree(whole, tmp_path / "run")
    (out / "notes.txt").write_text("mine")
    (out / "pictures").mkdir()
    (out / "pictures" / "one.png").write_text("mine")
    (out / "report.html").write_text("of the run before")
    played(out, seed=7)
    assert (out / "notes.txt").read_text() == "mine" and (out / "pictures" / "one.png").exists()
    assert not (out / "report.html").exists() and digest(out) == digest(whole)
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(
    "name", ["checkpoints/mine.csv", "checkpoints/kept/step-000024.npz", "history.zarr/spark/notes.txt"]
)
def test_files_of_somebody_else_below_what_goes_are_not_lost(whole, stopped, tmp_path, name):
    out, part = shutil.copytree(whole, tmp_path / "run"), tmp_path / "run.part"
    for folder in (out, part):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine")
        with pytest.raises(CaseError, match=f"where no run has written {folder / Path(*Path(name).parts[:2])}"):
            played(out, seed=7)
        assert (folder / name).read_text() == "mine" and digest(out) == digest(whole)
        if folder == out:
            shutil.rmtree(folder)
            shutil.copytree(whole, folder)
            shutil.copytree(stopped, part)
    with pytest.raises(CaseError, match="where no run has written"):
        perform(Request("tiny", resume=out, report=False, quiet=True))
    assert (part / name).read_text() == "mine"


def test_a_full_disk_leaves_what_was_there(whole, tmp_path, monkeypatch):
    """A write that fails while a folder is replaced: the run of before stands, and what is left begins anew."""
    out = shutil.copytree(whole, tmp_path / "run")

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full_disk, pytest.raises(OSError, match="No space left"):
        full_disk.setattr(np, "savez", full)
        played(out, seed=8)
    assert digest(out) == digest(whole)
    with monkeypatch.context() as full_disk, pytest.raises(OSError, match="No space left"):
        full_disk.setattr(os, "fsync", full)
        played(out, seed=8)
    assert digest(out) == digest(whole)
    assert digest(played(out, seed=8)[0]) != digest(whole)
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_folder_beside_that_no_run_wrote_is_left_alone(tmp_path):
    part = tmp_path / "run.part"
    part.mkdir()
    (part / "thesis.txt").write_text("mine")
    with pytest.raises(CaseError, match="which holds what no run has written"):
        played(tmp_path / "run", seed=1)
    assert {p.name for p in part.iterdir()} - {lock.LOCKS} == {"thesis.txt"}


def test_a_killed_run_gives_way_to_a_new_one_and_keeps_what_is_not_its_own(stopped, tmp_path, whole):
    part = shutil.copytree(stopped, tmp_path / "run.part")
    (part / "notes.txt").write_text("mine")
    out, _ = played(tmp_path / "run", seed=7)
    assert digest(out) == digest(whole) and (out / "notes.txt").read_text() == "mine" and not part.exists()


def test_a_link_is_followed(whole, tmp_path):
    real = shutil.copytree(whole, tmp_path / "real")
    (tmp_path / "link").symlink_to(real, target_is_directory=True)
    out, _ = played(tmp_path / "link", seed=9)
    assert out == real and (tmp_path / "link").is_symlink() and digest(tmp_path / "link") != digest(whole)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link", "real"]


def test_a_run_of_another_plan_is_replaced_only_where_it_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out, first = perform(Request("tiny", **SHORT))
    assert perform(Request("tiny", **SHORT))[1]["digest"] == first["digest"]  # the same plan
    with pytest.raises(CaseError, match="it holds a run of another plan"):
        perform(Request("tiny", **SHORT, off=("ties",)))
    assert digest(out) == first["digest"] and not Path("runs/tiny-1.part").exists()
    perform(Request("tiny", **SHORT, off=("ties",), out=out))
    assert digest(out) != first["digest"]


def test_the_folder_one_stands_in(stopped, whole, tmp_path, monkeypatch):
    part = shutil.copytree(stopped, tmp_path / "run.part")
    monkeypatch.chdir(part)
    out, _ = perform(Request("tiny", resume=Path("."), report=False, quiet=True))
    assert digest(out) == digest(whole)
    with pytest.raises(CaseError, match="a folder with a name"):
        played(Path("/"), seed=1)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"plan": 3}', '{"plan": {"case": "tiny"}}', "[" * 100_000, "\x00", "{}"]
)
@pytest.mark.parametrize("file", ["run.json", "plan.json"])
def test_a_damaged_file_is_named(whole, stopped, tmp_path, file, text):
    folder = shutil.copytree(whole if file == "run.json" else stopped, tmp_path / "run.part")
    (folder / file).write_text(text)
    with pytest.raises(CaseError, match=file):
        if file == "run.json":
            perform(Request("", branch=f"{folder}@2030-03-01T12:00", report=False, quiet=True))
        else:
            perform(Request("tiny", resume=folder, report=False, quiet=True))
    assert (folder / file).read_text() == text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", "1"), ("seed", 1.5), ("case", 3), ("until", 7), ("people_scale", "x"), ("people_scale", True),
        ("step_h", float("inf")), ("step_h", 0), ("engine", None), ("change", []), ("change", {"set": {"a": "b"}}),
        ("carried", {"settings": 3}), ("drawn", {"settings": {"a": "b"}}), ("unheard", 1),
    ],
)  # fmt: skip
def test_a_plan_with_another_kind_of_value_is_refused(stopped, tmp_path, key, value):
    folder = shutil.copytree(stopped, tmp_path / "run.part")
    known = json.loads((folder / "plan.json").read_text())
    known["plan"][key] = value
    (folder / "plan.json").write_text(json.dumps(known))
    with pytest.raises(CaseError):
        perform(Request("tiny", resume=folder, report=False, quiet=True))


def test_a_crafted_checkpoint_is_refused_before_it_is_used(tmp_path):
    whole, _ = perform(Request("tiny", out=tmp_path / "whole", **SHORT | {"until": "2030-03-04T02:00"}))
    with np.load(whole / "checkpoints" / checkpoint.file_name(72)) as file:
        bound = str(file["bound"])
    _, sound = checkpoint.read(whole / "checkpoints", 72, bound)
    assert len(sound["people/people"]) and len(sound["people/street"])
    told = explanation(whole, "harbour", "2030-03-04T01:00")

    def changed(name, column, to):
        array = np.array(sound[f"people/{name}"])
        (array[column] if column else array)[0] = to
        return {f"people/{name}": array}

    crafted = [
        changed("people", "group", 10**6), changed("people", "place", -5), changed("people", "household", 10**8),
        changed("pools", "place", 99), changed("street", "", 10**9), changed("heap", "", 10**9),
        changed("clock", "", np.nan), changed("sizes", "", 10**9), changed("used", "", 10**9),
        {"state/on_street": np.zeros(3)}, {"people/people": np.zeros(5)}, {"hourly/dead": np.zeros((2, 2))},
        {"state/on_street": sound["state/on_street"].astype(str)}, {"state/on_street": np.zeros((2, 2, 2))},
    ]  # fmt: skip
    for n, arrays in enumerate([{}, *crafted]):
        run = shutil.copytree(whole, tmp_path / str(n))
        shutil.rmtree(run / "checkpoints")
        checkpoint.Chain(run / "checkpoints", bound).save(72, {**sound, **arrays})
        if not arrays:
            assert explanation(run, "harbour", "2030-03-04T01:00") == told
            continue
        with pytest.raises(CaseError, match="which no run of this plan has"):
            explanation(run, "harbour", "2030-03-04T01:00")


@pytest.mark.parametrize("seed", range(20))
def test_bytes_that_changed_never_give_another_answer(whole, tmp_path, seed):
    """Any byte of a checkpoint may be wrong: the answer is as before, or it is refused; never a crash."""
    run = shutil.copytree(whole, tmp_path / "run")
    path = run / "checkpoints" / checkpoint.file_name(24)
    data = bytearray(path.read_bytes())
    at = np.linspace(0, len(data) - 1, 20, dtype=int)[seed]
    data[at] ^= 0xFF
    path.write_bytes(bytes(data) if seed % 2 else bytes(data[:at]))
    try:
        told = explanation(run, "harbour", "2030-03-02T03:00")
    except CaseError:
        return
    assert told == explanation(whole, "harbour", "2030-03-02T03:00")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OSError):
        played(tmp_path / "run", seed=1)
