"""What goes wrong while a table is made: nothing that was finished is lost, and the message says what to do."""

import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from groundswell.files import write
from groundswell.play import lock, pool
from groundswell.study.tables import table
from study.tables import fakes

PLAYER = f"{fakes.NAME}:player"


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.glob("ba*/*.parquet")) if path.is_file()}


def started(code: str) -> subprocess.Popen:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    head = "from pathlib import Path; from study.tables import fakes\n"
    head += "from groundswell.study.tables import table; from groundswell.play import lock\n"
    return subprocess.Popen([sys.executable, "-c", head + code], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("faults") / "whole"
    table.make(fakes.design(), out, player=PLAYER)
    return out


@pytest.fixture
def out(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "table"))


def resumed(out: Path, player: str = PLAYER) -> table.Made:
    return table.make(fakes.design(), out, resume=True, player=player)


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [lambda data: data[:99], lambda data: data[:-9] + b"?" + data[-8:], lambda data: b""]
)
@pytest.mark.parametrize("stage", ["base", "batches"])
def test_a_damaged_batch_is_named_moved_aside_and_played_again(
    whole: Path, out: Path, stage: str, change: Any, capsys: pytest.CaptureFixture
) -> None:
    path = sorted((out / stage).glob("*.parquet"))[-1]
    path.write_bytes(change(path.read_bytes()))
    if stage == "batches":
        assert str(path) in fakes.refused(lambda: table.read(out))
    assert resumed(out).complete and files(out) == files(whole)
    (moved,) = (out / "damaged").iterdir()
    assert str(moved) in capsys.readouterr().err and path.stem in moved.name


def test_half_a_batch_is_cleared_away(whole: Path, out: Path) -> None:
    path = sorted((out / "batches").glob("*.parquet"))[1]
    half = path.with_name(f".part-1-{path.name}")
    half.mkdir()
    (half / path.name).write_bytes(path.read_bytes()[:500])
    path.unlink()
    assert resumed(out).complete and files(out) == files(whole) and not half.exists()


def test_a_full_disk_leaves_what_was_finished(whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "full"
    table.make(fakes.design(runs=16), out, player=PLAYER)
    kept = files(out)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, before[1]))  # no file may grow beyond this
    try:
        with pytest.raises(OSError, match="File too large") as error:
            resumed(out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "batches/000001" in str(error.value.filename)
    assert files(out) == kept and not [*out.rglob(".part*")]
    assert resumed(out).complete and files(out) == files(whole)


def test_batches_of_another_design_are_refused(out: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    table.make(fakes.design(seed=5), other, player=PLAYER)
    shutil.rmtree(out / "batches")
    shutil.copytree(other / "batches", out / "batches")
    said = fakes.refused(lambda: resumed(out))
    assert all(str(path) in said for path in (out / "batches").iterdir()) and "design" in said


def test_a_damaged_design_is_named(out: Path) -> None:
    (out / "design.json").write_text('{"digest"')
    assert "design.json" in fakes.refused(lambda: resumed(out))


def test_a_batch_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "x.json", b"{}")
    assert not list(tmp_path.iterdir())


# -- runs and processes ------------------------------------------------------------------------------------------------


def test_a_failing_run_is_recorded_with_its_cause(whole: Path, tmp_path: Path) -> None:
    done = table.make(fakes.design(), tmp_path / "t", player=f"{fakes.NAME}:failing")
    assert done.complete and done.failed == 5
    rows = table.read(tmp_path / "t").to_pandas()
    said = rows["error"][rows["error"].notna()]
    assert list(said.index) == [3, 13, 23, 33, 43]
    assert said.str.startswith("RuntimeError: the ice broke (study.tables.fakes:").all()
    sound = [i for i in range(48) if i not in said.index]
    assert table.digest(table.read(tmp_path / "t").take(sound)) == table.digest(table.read(whole).take(sound))


def test_a_batch_that_kills_its_workers_is_left_out(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    class Deadly(pool.Alone):
        def play(self, batches: Any) -> Iterator[tuple[int, Any]]:
            for number, jobs in batches:
                lost = jobs[0]["stage"] == "table" and number == 1
                yield number, pool.Lost("they died") if lost else next(super().play(iter([(number, jobs)])))[1]

    @contextmanager
    def deadly(name: str, common: Any, *_: Any) -> Iterator[pool.Alone]:
        yield Deadly(name, common)

    out = tmp_path / "t"
    with monkeypatch.context() as patch:
        patch.setattr(table, "pool", deadly)
        done = table.make(fakes.design(), out, player=PLAYER)
    assert not done.complete and done.rows == 32 and done.lost == (("batches", 1),)
    assert "batch 1 is left out: they died" in capsys.readouterr().err
    assert resumed(out).complete and files(out) == files(whole)


def test_killed_at_any_time_nothing_finished_is_lost(whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    for _ in range(2):
        before = files(out)
        process = started(f"table.make(fakes.design(), Path({str(out)!r}), resume=True, player=fakes.NAME + ':slow')")
        until = time.monotonic() + 60
        while len(files(out)) <= len(before) and time.monotonic() < until:
            time.sleep(0.02)
        process.kill()
        process.wait()
        assert files(out).items() >= before.items() and len(files(out)) > len(before)
    assert resumed(out).complete and files(out) == files(whole)


def test_the_second_process_on_a_folder_is_refused(whole: Path, out: Path) -> None:
    process = started(f"""
with lock.held(Path({str(out)!r})):
    print("held", flush=True)
    input()
""")
    assert process.stdout and process.stdout.readline() == b"held\n"
    said = fakes.refused(lambda: resumed(out))
    assert f"process {process.pid} on {socket.gethostname()}" in said
    assert "a folder that no other process is writing" in said
    process.kill()
    process.wait()
    assert resumed(out).complete


def test_shards_share_a_folder_but_not_a_shard(tmp_path: Path) -> None:
    process = started(f"""
with lock.held(Path({str(tmp_path)!r}), (1, 3)):
    print("held", flush=True)
    input()
""")
    assert process.stdout and process.stdout.readline() == b"held\n"
    with lock.held(tmp_path, (2, 3)):
        assert lock.alive(tmp_path, (1, 3)) and not lock.alive(tmp_path, (3, 3))
    for shard in (None, (1, 3)):
        with pytest.raises(Exception, match=f"process {process.pid} on"), lock.held(tmp_path, shard):
            pass
    process.communicate(b"\n")
    assert not lock.alive(tmp_path, (1, 3))
    with lock.held(tmp_path):
        pass
