"""Equal runs are equal to the bit: by seed, by threads, by engine, after a stop, and along a branch."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ks_2samp

import groundswell as gs
from domains.harness import FORMS, case_with, pinned
from groundswell.case import CaseError
from groundswell.domains.street.people import People
from groundswell.engine import checkpoint
from groundswell.play.change import Change
from groundswell.play.folder import Request, perform
from groundswell.play.plan import Plan
from groundswell.play.run import play, prepare
from groundswell.world.world import build

RESTLESS = pinned() | FORMS | {"joining.theta": 9.0, "leaving.hold_h": 24.0, "engagement.arrests_cordon": 0.05}
SETTINGS = tuple(f"{k}={v}" for k, v in RESTLESS.items())
# Employers who dismiss at once: the one path by which a run moves people from group to group.
DISMISSING = {"strikes.base": 0.05, "employers.dismiss": 0.0, "employers.dismissed_share": 0.2}


@pytest.fixture(scope="module")
def world():
    return build(gs.load("tiny"))


@pytest.fixture(scope="module")
def small():
    return build(gs.load("tiny"), 0.05)


def digest(world, seed: int = 1, **kwargs) -> str:
    kwargs["set"] = RESTLESS | kwargs.pop("set", {})
    return gs.run(world.case, world=world, seed=seed, **kwargs).summary["digest"]


def test_one_seed_one_result_and_other_seeds_others(world):
    assert digest(world) == digest(world)
    assert len({digest(world, seed) for seed in range(1, 6)}) == 5


@pytest.mark.parametrize("seed", [1, 2])
def test_the_number_of_threads_does_not_show(world, seed, monkeypatch):
    from groundswell.engine import crowd

    one = digest(world, seed)
    assert digest(world, seed, threads=2) == one
    monkeypatch.setattr(crowd, "_WORTH_THREADS", 1)  # loops on threads even where few are concerned
    assert digest(world, seed, threads=2) == one


def test_the_reference_engine_agrees_to_the_bit_with_everything_on(tmp_path):
    """A small country with an emergency, batons, strikes, dismissals, arrests, injuries and returns."""

    def emergency(rows):
        row = {**rows[0], "measure": "emergency", "kind": "emergency", "scope": "*", "value": "", "unit": ""}
        return [*rows, {**row, "start_local": "2030-03-03T12:00", "end_local": "2030-03-06T00:00"}]

    small = build(case_with(tmp_path / "c", {"measures.csv": emergency}), 0.05)
    values = {"joining.theta": 8.0, "measures.emergency_posture": 2.0, "engagement.least_crowd": 5.0}
    values |= {"engagement.arrests_batons": 0.5, "engagement.injuries_batons": 0.5, "leaving.recover_h": 12.0}
    options = {"world": small, "people_scale": 0.05, "seed": 3, "set": RESTLESS | DISMISSING | values}
    fast, slow = (gs.run(small.case, engine=engine, **options) for engine in ("fast", "reference"))
    hourly = fast.recorder.hourly
    for name in ("joined", "joined_by_tie", "left", "dispersed", "arrested", "injured"):
        assert hourly[name].sum() > 0, name
    assert (hourly["answer"] == 4).any()  # somebody was dismissed
    assert (hourly["held"][-1] < hourly["arrested"].sum(axis=0)).any()  # and somebody let go
    assert slow.summary["digest"] == fast.summary["digest"]


def test_the_engines_agree_to_the_bit_where_buildings_fall_and_the_force_comes_back(tmp_path):
    """What the base's forms write: patrol, withdrawal and return, squares, room to arrest, news that is remembered."""

    def orders(rows):
        row = {**rows[0], "scope": "*", "value": "", "unit": "", "start_local": "2030-03-03T12:00"}
        until = {"emergency": "2030-03-04T12:00", "mass_arrests": "2030-03-05T00:00"}
        new = [{**row, "measure": k.replace("_", "-"), "kind": k, "end_local": v} for k, v in until.items()]
        back = {**row, "measure": "back", "kind": "retake", "scope": "valley", "start_local": "2030-03-04T06:00"}
        return [*rows, *new, {**back, "end_local": "2030-03-05T00:00"}]

    small = build(case_with(tmp_path / "c", {"measures.csv": orders}), 0.05)
    values = {"joining.theta": 6.5, "fighting.own": 0.2, "sites.fighters_people": 4.0, "deployment.least_crowd": 2.0}
    values |= {"detention.rate": 0.8, "measures.emergency_posture": 2.0, "engagement.least_crowd": 3.0}
    values |= {"engagement.arrests_batons": 0.5, "forces.on_duty": 1.0, "detention.per_officer": 2.0}
    options = {"world": small, "people_scale": 0.05, "seed": 1, "set": RESTLESS | values, "until": "2030-03-05T00:00"}
    fast, slow = (gs.run(small.case, engine=engine, **options) for engine in ("fast", "reference"))
    assert slow.summary["digest"] == fast.summary["digest"]
    a, b = fast.simulation.state, slow.simulation.state
    for name in ("news_known", "stake", "in_process", "arrest_room", "returns", "site_held", "hardship_before"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), name)
    hourly = fast.recorder.hourly
    for name in ("patrol", "withdrawn", "arrested", "taken", "sites_lost"):
        assert hourly[name].sum() > 0, name
    held = hourly["site_held"]
    square = small.spots.kind == "square"
    assert (held[:, square] == 0).any()
    assert ((held[1:] > held[:-1])[:, ~square]).any()  # some building was taken back
    assert (a.arrest_room < 1).any()
    assert a.in_process.sum() > 0
    assert (a.news_known > 0).all()


@pytest.mark.statistical
def test_the_independent_reference_has_the_same_law(small):
    """No clocks, no ranks, no pools of resistances: every person draws every hour."""
    options = {"world": small, "people_scale": 0.05, "set": RESTLESS, "until": "2030-03-04T00:00"}

    def sample(engine: str, seeds) -> np.ndarray:
        runs = [gs.run(small.case, seed=s, engine=engine, **options).recorder.hourly for s in seeds]
        return np.array(
            [
                [
                    h["joined"].sum(),
                    h["joined_by_tie"].sum(),
                    h["on_street"].sum(axis=1).max(),
                    h["demand_people"].sum(),
                ]
                for h in runs
            ]
        )

    fast, slow = sample("fast", range(1, 41)), sample("reference-independent", range(1001, 1041))
    for what in range(4):
        assert ks_2samp(fast[:, what], slow[:, what]).pvalue > 0.001


@pytest.mark.statistical
def test_half_hours_move_totals_by_less_than_chance_does(world):
    def joins(step_h: float) -> np.ndarray:
        runs = (gs.run(world.case, world=world, seed=s, step_h=step_h, set=RESTLESS) for s in range(1, 11))
        return np.array([r.summary["joins"] for r in runs])

    whole, half = joins(1.0), joins(0.5)
    assert abs(half.mean() - whole.mean()) < whole.std(ddof=1)


# -- stopping, resuming, branching ---------------------------------------------------------------------------


@pytest.fixture
def quick_report(monkeypatch):
    """Runs on disk without their report page, which is tested elsewhere."""
    monkeypatch.setattr("groundswell.play.folder.report_data", lambda run: None)
    monkeypatch.setattr(
        "groundswell.play.folder.write_report", lambda data, path: Path(path).write_text("", encoding="utf-8")
    )


def request(out: Path, **kwargs) -> Request:
    return Request("tiny", set=SETTINGS, out=out, quiet=True, **kwargs)


def stopped_at(step: int, monkeypatch, how) -> None:
    """Something happens in the middle of a step, when mechanisms have acted and people have not."""
    move = People.step

    def stop(self, now) -> None:
        if now.step == step:
            how()
        move(self, now)

    monkeypatch.setattr(People, "step", stop)


def steps_kept(part: Path) -> list[int]:
    return sorted(int(p.stem.removeprefix("step-")) for p in (part / "checkpoints").glob("step-*.npz"))


@pytest.mark.parametrize("step", [77, 95])
def test_a_stopped_run_is_resumed_to_the_bit(tmp_path, quick_report, monkeypatch, trunk, step):
    """Ctrl-C inside a step lets it end, so that its checkpoint is of whole steps."""
    whole = trunk[1]["digest"]
    with monkeypatch.context() as m, pytest.raises(KeyboardInterrupt):
        stopped_at(step, m, lambda: signal.raise_signal(signal.SIGINT))
        perform(request(tmp_path / "cut"))
    part = tmp_path / "cut.part"
    assert steps_kept(part)[-1] == step + 1
    assert not (tmp_path / "cut").exists()
    folder, summary = perform(Request("", resume=tmp_path / "cut", quiet=True))
    assert summary["digest"] == whole
    assert folder == tmp_path / "cut"
    assert not part.exists()
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["digest"] == whole
    for when in ("2030-03-04T12:00", "2030-03-06T09:00"):  # its chain is whole as well
        options = {"out": tmp_path / "b", "quiet": True}
        assert perform(Request("", branch=f"{folder}@{when}", **options))[1]["digest"] == whole


class Killed(BaseException):
    """Ends the process at once, as far as a test can."""


def killed() -> None:
    raise Killed


@pytest.mark.parametrize(("step", "damaged"), [(0, False), (0, True), (24, False), (60, True)])
def test_a_killed_run_is_resumed_from_its_last_whole_day(tmp_path, quick_report, monkeypatch, trunk, step, damaged):
    """A kill leaves no last checkpoint, and may leave a damaged one."""
    whole = trunk[1]["digest"]
    with monkeypatch.context() as m, pytest.raises(Killed):
        stopped_at(step, m, killed)
        perform(request(tmp_path / "cut"))
    part = tmp_path / "cut.part"
    kept = steps_kept(part)
    assert kept == list(range(0, step + 1, 24))
    if damaged:
        last = part / "checkpoints" / checkpoint.file_name(kept[-1])
        last.write_bytes(last.read_bytes()[:1000])
    folder, summary = perform(Request("", resume=part, quiet=True))
    assert summary["digest"] == whole
    for when in ("2030-03-02T06:00", "2030-03-03T12:00"):
        options = {"out": tmp_path / "b", "quiet": True}
        assert perform(Request("", branch=f"{folder}@{when}", **options))[1]["digest"] == whole


def test_checkpoints_are_arrays_and_nothing_else(tmp_path, world):
    simulation, recorder, _ = prepare(Plan("tiny", change=Change(set=RESTLESS)), world.case, world=world)
    chain = checkpoint.Chain(tmp_path)
    for step in (0, 24, 50, 51):
        play(simulation, recorder, step)
        chain.save(step, simulation.arrays() | recorder.arrays(step))
    step, again = checkpoint.read(tmp_path)
    arrays = simulation.arrays() | recorder.arrays(51)
    assert step == 51
    assert again.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(again[name], array, name)
        assert again[name].dtype == np.asarray(array).dtype != object
    other, _, _ = prepare(Plan("tiny", change=Change(set=RESTLESS)), world.case, world=world)
    other.restore(again)
    assert other.arrays().keys() == simulation.arrays().keys()
    for name, array in simulation.arrays().items():
        np.testing.assert_array_equal(other.arrays()[name], array, name)
    assert checkpoint.read(tmp_path, 49)[0] == 24


def test_a_table_that_grows_and_changes_in_rows_is_read_as_it_was_written(tmp_path):
    """Whatever the gaps between its fields: here two bytes at the end of each row."""
    row = np.dtype([("key", "i8"), ("kind", "i2"), ("size", "i4"), ("flag", "i2")], align=True)
    table = np.zeros(40, row)
    table["key"] = np.arange(40)
    chain = checkpoint.Chain(tmp_path)
    chain.save(0, {"table": table})
    later = np.zeros(45, row)
    later[:40] = table
    later["size"][[3, 17, 44]] = 7
    chain.save(24, {"table": later})
    with np.load(tmp_path / checkpoint.file_name(24)) as file:
        assert "table@rows" in file.files
    _, again = checkpoint.read(tmp_path)
    assert again["table"].dtype == row
    assert again["table"].dtype.itemsize == row.itemsize
    np.testing.assert_array_equal(again["table"], later)


@pytest.fixture(scope="module")
def trunk(tmp_path_factory):
    """A finished run and its record."""
    with pytest.MonkeyPatch.context() as m:
        m.setattr("groundswell.play.folder.report_data", lambda run: None)
        m.setattr(
            "groundswell.play.folder.write_report", lambda data, path: Path(path).write_text("", encoding="utf-8")
        )
        folder, summary = perform(request(tmp_path_factory.mktemp("runs") / "trunk"))
    return folder, summary


def history(folder: Path):
    import xarray as xr

    return xr.open_zarr(folder / "history.zarr", consolidated=False).load()


@pytest.mark.parametrize("when", ["2030-03-03T00:00", "2030-03-03T17:00"])
def test_a_branch_without_a_change_is_the_run_itself(tmp_path, quick_report, trunk, when):
    folder, summary = trunk
    _, again = perform(Request("", branch=f"{folder}@{when}", out=tmp_path / "b", quiet=True))
    assert again["digest"] == summary["digest"]


def test_a_changed_branch_keeps_the_past_and_changes_the_future(tmp_path, quick_report, trunk):
    folder, summary = trunk
    change = ("joining.theta=7", "news.b_news=2")
    _, other = perform(Request("", branch=f"{folder}@2030-03-04T05:00", set=change, out=tmp_path / "b", quiet=True))
    assert other["digest"] != summary["digest"]
    assert other["parameters"]["joining.theta"] == 7
    old, new = history(folder), history(tmp_path / "b")
    step = 3 * 24 + 5
    for name in old.data_vars:
        axis = old[name].dims[0]
        until = step if axis == "time" else 3
        np.testing.assert_array_equal(old[name][:until], new[name][:until], name)
    assert int(new["joined"][step:].sum()) > int(old["joined"][step:].sum())
    assert summary["digest"] == json.loads((folder / "run.json").read_text(encoding="utf-8"))["digest"]


def test_a_branch_with_a_mechanism_off_has_it_off_from_then_on(tmp_path, quick_report, trunk):
    """What it last wrote does not stay behind."""
    folder, _ = trunk
    options = {"off": ("engagement", "concession"), "out": tmp_path / "b", "quiet": True}
    perform(Request("", branch=f"{folder}@2030-03-04T12:00", **options))  # under the cordon and the offer
    old, new = history(folder), history(tmp_path / "b")
    assert float(old["force_effective"][84:92].sum()) > 0
    assert float(new["force_effective"][84:].sum()) == 0
    assert int(new["arrested"][84:].sum()) == 0
    assert float(new["offer_signal"][84:].sum()) == 0


@pytest.mark.parametrize("change", ["joining.frailty_shape=3", "valve.spread=0.1", "ties.work_unit_people=10"])
def test_a_branch_cannot_rewrite_what_the_start_was_made_of(tmp_path, trunk, change):
    with pytest.raises(CaseError, match="rewrite the past"):
        perform(Request("", branch=f"{trunk[0]}@2030-03-04T00:00", set=(change,), out=tmp_path / "b", quiet=True))
    assert not (tmp_path / "b").exists()


def test_a_branch_keeps_its_people(tmp_path, trunk):
    with pytest.raises(CaseError, match="as in the past"):
        perform(Request("", branch=f"{trunk[0]}@2030-03-04T00:00", people_scale=0.5, out=tmp_path / "b", quiet=True))
    with pytest.raises(CaseError, match="other than people and ties"):
        perform(Request("", branch=f"{trunk[0]}@2030-03-04T00:00", off=("ties",), out=tmp_path / "b", quiet=True))
    with pytest.raises(CaseError, match="inside the case's window"):
        perform(Request("", branch=f"{trunk[0]}@2031-03-04T00:00", out=tmp_path / "b", quiet=True))
