"""A run read again from its folder is the run that was played; and what is written of it for other programs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import groundswell as gs
from groundswell.case import CaseError, find_case
from groundswell.cli import app
from groundswell.history.export import geojson, tables
from groundswell.play.folder import Request, perform
from groundswell.play.opened import exported


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "restless"
    perform(Request("tiny", out=out, set=("joining.theta=9",), report=False, quiet=True))
    return out


@pytest.fixture(scope="module")
def opened(folder: Path) -> gs.Run:
    run = gs.open(folder)
    assert isinstance(run, gs.Run)
    return run


def test_an_opened_run_is_the_run_that_was_played(opened: gs.Run) -> None:
    played = gs.run("tiny", set={"joining.theta": 9})
    assert set(opened.history.data_vars) == set(played.history.data_vars)
    for name, array in played.history.data_vars.items():
        np.testing.assert_array_equal(opened.history[name].values, array.values)
    pd.testing.assert_frame_equal(opened.events.to_pandas(), played.events.to_pandas())
    assert opened.ending == played.ending
    assert opened.harm == played.harm
    assert opened.score == played.score
    assert opened.title == played.title
    assert opened.chronology() == played.chronology()
    assert opened.people("harbour", 5).equals(played.people("harbour", 5))
    assert str(opened) == str(played)
    assert opened.plot.curves().to_dict() == played.plot.curves().to_dict()
    assert float(gs.score(opened)["met_mean"]) == played.score["met"]


def test_local_time_is_the_clock_of_the_case(opened: gs.Run) -> None:
    time, local = opened.history.time.values, opened.history.local_time.values
    assert (local - time == np.timedelta64(1, "h")).all()
    assert str(local[0]).startswith("2030-03-01T01:00")


def test_a_set_is_opened_as_it_was_saved(tmp_path: Path) -> None:
    found = gs.runs("tiny", seeds=2, until="2030-03-02T00:00")
    again = gs.open(found.save(tmp_path / "set"))
    assert isinstance(again, gs.RunSet)
    assert again.summary == found.summary
    assert np.array_equal(again.by_region, found.by_region)
    assert np.array_equal(again.band("detained"), found.band("detained"))


def test_what_cannot_be_opened_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="given no such folder; allowed: a folder that groundswell run has written"):
        gs.open(tmp_path / "nowhere")
    with pytest.raises(CaseError, match="a folder without a finished run"):
        gs.open(tmp_path)
    for name, text in (("run.json", "{}"), ("set.json", '{"plan": {}}')):
        broken = tmp_path / name.removesuffix(".json")
        broken.mkdir()
        (broken / name).write_text(text, encoding="utf-8")
        with pytest.raises(CaseError):
            gs.open(broken)


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("run.json", lambda text: text.replace('"dead": 0', '"dead": "none"', 1), "dead, which no run writes so"),
        ("run.json", lambda text: text.replace('"so_far"', '"so_fur"', 1), "an ending that no run writes so"),
        ("events.parquet", lambda text: "PAR1", "no events"),
        ("history.zarr/zarr.json", lambda text: "{", "no history"),
    ],
)
def test_a_damaged_folder_is_said_and_what_is_damaged(folder: Path, tmp_path: Path, file, change, words) -> None:
    shutil.copytree(folder, tmp_path / "run")
    path = tmp_path / "run" / file
    path.write_text(change(path.read_text(encoding="utf-8", errors="replace")), encoding="utf-8")
    with pytest.raises(CaseError, match=words):
        run = gs.open(tmp_path / "run")
        assert isinstance(run, gs.Run)
        run.history, run.events, run.ending  # noqa: B018


def test_a_case_that_has_changed_since_is_said(tmp_path: Path) -> None:
    case = tmp_path / "mine"
    shutil.copytree(find_case("tiny"), case)
    out = tmp_path / "run"
    perform(Request(str(case), out=out, report=False, quiet=True, until="2030-03-01T06:00"))
    with (case / "places.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    run = gs.open(out)
    assert isinstance(run, gs.Run)
    assert run.summary["dead"] == 0  # what stands in the folder is read all the same
    with pytest.raises(CaseError, match="the case as it was played"):
        run.case  # noqa: B018


def test_tables_hold_every_value_once(opened: gs.Run) -> None:
    found = tables(opened.history, ("on_street", "pressure", "crowd"))
    assert set(found) == {"places", "time-place", "time-spot-side", "day-livelihood"} or set(found) == {
        "places", "time-place", "time-spot-side", "time-livelihood",
    }  # fmt: skip
    table = found["time-place"]
    assert list(table.columns) == ["time", "local_time", "place", "on_street"]
    wide = table.pivot(index="time", columns="place", values="on_street")
    for place in opened.history.place.values:
        assert (wide[place].values == opened.history.on_street.sel(place=place).values).all()


def test_geojson_is_points_with_counts(opened: gs.Run) -> None:
    found = geojson(opened.history)
    assert [f["id"] for f in found["features"]] == list(opened.history.place.values)
    for feature in found["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        place = opened.history.sel(place=feature["id"])
        assert (lon, lat) == (float(place.lon_deg), float(place.lat_deg))
        told, total = feature["properties"]["injured"], int(place.injured.sum())
        assert told == (None if 0 < total < 10 else total)
        assert feature["properties"]["most_on_street"] == int(place.on_street.max())
    hour = 60
    at = geojson(opened.history, hour)["features"]
    assert [f["properties"]["on_street"] for f in at] == opened.history.on_street.values[hour].tolist()


def test_the_command_writes_each_format(folder: Path, opened: gs.Run, tmp_path: Path) -> None:
    for name in ("csv", "geojson", "netcdf"):
        app(["export", str(folder), "--format", name, "--out", str(tmp_path / name)], result_action="return_value")
    assert len(pd.read_csv(tmp_path / "csv" / "places.csv")) == 6
    assert json.loads((tmp_path / "geojson").read_text(encoding="utf-8"))["type"] == "FeatureCollection"
    with xr.open_dataset(tmp_path / "netcdf", engine="scipy") as read:
        np.testing.assert_array_equal(read.on_street.values, opened.history.on_street.values)


def test_every_mistake_in_an_export_at_once(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CaseError) as error:
        exported(folder, "shp", ("on_stret",), "2040-01-01", tmp_path)
    told = str(error.value)
    assert all(word in told for word in ("--format", "did you mean 'on_street'?", "--time"))
    with pytest.raises(CaseError, match="from 2030-03-01T01:00:00.01:00 to 2030-03-07T00:00:00.01:00"):
        exported(folder, "geojson", (), "2030-02-01", tmp_path / "x")
    with pytest.raises(CaseError, match="one that is not there yet"):
        exported(folder, "csv", (), None, tmp_path)
    assert exported(folder, "geojson", (), "2030-03-01T05:30", tmp_path / "x")[2] == 4
