"""What a run leaves: its summary, its dataset, its people and its events."""

from __future__ import annotations

import json

import numpy as np
import pytest

import groundswell as gs
from domains.harness import pinned
from groundswell.case import CaseError


@pytest.fixture(scope="module")
def run():
    return gs.run("tiny", seed=1, set=pinned() | {"joining.theta": 9.0, "engagement.arrests_cordon": 0.05})


KEYS = {
    "case",
    "account",
    "seed",
    "version",
    "platform",
    "plan",
    "parameters",
    "case_digest",
    "digest",
    "load_s",
    "wall_s",
    "peak_rss_mib",
    "population",
    "hours",
    "peak_on_street",
    "peak_time",
    "joins",
    "onset",
    "strikes",
    "detained",
    "injured",
    "security_injured",
    "dead",
    "security_dead",
    "displaced",
    "notes",
    "work",
}


def test_summary_has_every_key_and_is_json(run):
    s = run.summary
    assert KEYS <= set(s)
    assert json.loads(json.dumps(s))["digest"] == s["digest"]
    assert len(s["digest"]) == 64
    assert s["population"] == 60_000
    assert s["hours"] == 144
    assert s["account"] is None
    assert s["peak_on_street"] == int(run.history["on_street"].sum("place").max())
    assert s["joins"] == int(run.history["joined"].sum())
    on_the_street, from_home = (int(run.history[name].sum()) for name in ("arrested", "taken"))
    assert s["detained"] == on_the_street + from_home and on_the_street > 0
    assert set(s["onset"]) <= set(run.history["place"].values)
    assert list(s["onset"].values()) == sorted(s["onset"].values())
    assert s["wall_s"] > 0
    assert "tiny" in repr(run)
    assert s["digest"][:16] in run._repr_html_()


def test_counts_of_half_an_hour_say_so_and_hazards_stay_by_the_hour():
    half = gs.run("tiny", seed=1, step_h=0.5, until="2030-03-01T06:00").history
    counts = [n for n, v in half.data_vars.items() if v.attrs["units"].endswith(" per 0.5 h")]
    assert {"joined", "looted", "arms_lost", "vehicles_lost", "burnt", "outsiders_arrested"} <= set(counts)
    assert half["looted"].attrs["units"] == "shops per 0.5 h"
    assert all(v.attrs["units"] == "1/h" for v in half.data_vars.values() if v.attrs["units"].endswith("/h"))


def test_history_has_dimensions_units_and_names(run):
    h = run.history
    assert dict(h.sizes) == {
        "time": 144,
        "day": 6,
        "place": 6,
        "enterprise": 1,
        "livelihood": 10,
        "demand": 6,
        "side": 2,
        "spot": 13,
        "unit": 11,
        "faction": 2,
        "office": 6,
        "rung": 6,
        "band": 2,
        "head": 5,
    }
    assert h["demand"].values.tolist() == ["price", "pay", "cabinet", "patron", "system", "autonomy"]
    assert h["side"].values.tolist() == ["peaceful", "fighting"]
    assert h["spot"].values[:6].tolist() == h["place"].values.tolist()  # the open ground of every place comes first
    assert h["spot_kind"].values[:6].tolist() == ["ground"] * 6
    for name, variable in h.data_vars.items():
        assert variable.attrs["units"], name
        assert variable.attrs["long_name"], name
        if variable.attrs["units"] != "h":  # an hour at which something came about is nan before
            assert np.isfinite(variable.values).all(), name
    dims = {
        "on_street": ("time", "place"),
        "joined": ("time", "place"),
        "joined_by_tie": ("time", "place"),
        "left": ("time", "place"),
        "arrested": ("time", "place"),
        "held": ("time", "place"),
        "recovering": ("time", "place"),
        "injured": ("time", "place"),
        "striking": ("time", "enterprise"),
        "price": ("time", "place"),
        "news": ("time", "place"),
        "pressure": ("time", "livelihood"),
        "demand_share": ("time", "demand"),
        "demand_people": ("time", "place", "demand"),
        "reproduction": ("day",),
    }
    for name, expected in dims.items():
        assert h[name].dims == expected, name
    assert {"name", "region", "lat_deg", "lon_deg", "population", "adults", "utc_offset_h", "hour"} <= set(h.coords)
    assert int(h["population"].sum()) == 60_000
    # hours are named by their end, in UTC: the case starts on 1 March at 00:00 +01:00
    assert str(h["time"].values[0])[:16] == "2030-03-01T00:00"
    assert h["hour"].values[[0, -1]].tolist() == [1, 144]
    assert ((0 <= h["demand_share"]) & (h["demand_share"] <= 1)).all()
    assert h.attrs["case"] == "tiny"


def test_stocks_are_the_sums_of_flows(run):
    h = run.history
    gone = h["left"] + h["dispersed"] + h["arrested"] + h["injured"] + h["dead"]
    np.testing.assert_array_equal(h["on_street"].values, (h["joined"] - gone).cumsum("time").values)
    assert (h["held"] <= (h["arrested"] + h["taken"]).cumsum("time")).all()
    assert (h["fighting"] <= h["on_street"]).all()
    fought = h["dispersed_fighting"] + h["arrested_fighting"] + h["injured_fighting"] + h["dead_fighting"]
    back = h["took_up_fight"] - fought - h["fighting"].diff("time")  # left or peaceful again
    assert (back >= 0).all()
    assert (h["demand_people"] <= h["on_street"]).all()


def test_people_are_whole_and_have_homes(run):
    people = run.people(limit=None).to_pandas()
    assert len(people) == 60_000
    assert (people["person"] == np.arange(60_000)).all()
    assert people["place"].value_counts().to_dict() == dict(
        zip(run.history["place"].values, run.history["population"].values, strict=True)
    )
    child = people["age_band"] == "child"
    homes = set(people.loc[~child, "household"])
    assert (people["household"] >= 0).all()
    assert set(people.loc[child, "household"]) <= homes  # every child lives with an adult
    alike = people.groupby("household")[["place", "community"]].nunique()
    assert (alike == 1).all().all()
    sizes = people["household"].value_counts()
    assert 3.0 < sizes.mean() < 4.5
    assert sizes.max() < 12
    assert (people.loc[child, "work_unit"] == -1).all()
    works = ~people["livelihood"].isin(["unemployed", "pensioner", "child"])
    assert (people.loc[works, "work_unit"] >= 0).all()
    assert (people.loc[~works, "work_unit"] == -1).all()
    units = people.loc[works, "work_unit"].value_counts()
    assert units.mean() == pytest.approx(25, rel=0.1)
    assert people.loc[~child, "neighbourhood"].value_counts().mean() == pytest.approx(300, rel=0.1)
    on_street = people[people["state"] == "on the street"]["place"].value_counts()
    last = run.history["on_street"].isel(time=-1).to_series()
    assert on_street.sum() == last.sum()
    assert all(on_street.get(p, 0) == n for p, n in last.items())
    assert people["spells"].sum() == int(run.history["joined"].sum())
    assert (people.loc[people["spells"] > 0, "cause"].notna()).all()
    assert people.loc[child, "spells"].sum() == 0
    assert (people.loc[people["fought"], "spells"] > 0).all()
    assert 0 < people["fought"].sum() <= int(run.history["took_up_fight"].sum())


def test_a_slice_of_people_is_the_same_people(run):
    everybody = run.people(limit=None).to_pandas()
    flare = run.people("flare", limit=500).to_pandas()
    expected = everybody[everybody["place"] == "flare"].head(500).reset_index(drop=True)
    assert flare.astype(str).equals(expected.astype(str))
    assert len(run.people()) == 1000
    assert len(run.people(limit=0)) == 0
    with pytest.raises(CaseError, match="an id of places.csv"):
        run.people("atlantis")


def test_people_are_streamed_to_parquet(run, tmp_path):
    import pyarrow.parquet as pq

    from groundswell.history.people import write_people

    assert write_people(run.simulation, tmp_path / "p.parquet", "dunes") == 5000
    table = pq.read_table(tmp_path / "p.parquet")
    assert table.to_pandas().astype(str).equals(run.people("dunes", None).to_pandas().astype(str))
    assert [p.name for p in tmp_path.iterdir()] == ["p.parquet"]


def test_a_run_is_saved_and_read_back(run, tmp_path):
    import pyarrow.parquet as pq
    import xarray as xr

    run.save(tmp_path)
    back = xr.open_zarr(tmp_path / "history.zarr", consolidated=False)
    xr.testing.assert_identical(back.load(), run.history)
    back = pq.read_table(tmp_path / "events.parquet").to_pandas()
    assert back.equals(run.events.to_pandas())  # in pandas a missing value equals itself
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["digest"] == run.summary["digest"]


def test_events_are_in_order_of_time(run):
    e = run.events.to_pandas()
    assert e["hour"].is_monotonic_increasing
    assert {"measure", "onset", "strike begins", "arrests"} <= set(e["kind"])
    onset = e[e["kind"] == "onset"].set_index("place")["time"].to_dict()
    assert onset == run.summary["onset"]
    assert e.loc[e["kind"] == "arrests", "value"].sum() == run.summary["harm"]["detained"]["on_the_street"]
    assert (e["kind"] == "strike begins").sum() == run.summary["strikes"]


def test_dated_statements_beside_the_run(run):
    rows = {r["id"]: r for r in run.chronology()}
    assert len(rows) == 9 and {"flare-gathers", "harbour-crowd-gazette", "coast-calm"} < set(rows)
    assert {r["result"] for r in rows.values()} <= {"met", "not met", "not scored"}
    assert rows["coast-calm"]["result"] == "not scored"
    assert rows["fuel-cut"]["result"] == "not scored"  # measures are input here
    assert {rows["plant-strike"]["result"], rows["plant-strike-gazette"]["result"]} == {"met", "not met"}
    # 00:00 to 24:00 local, two days
    largest = int(run.history["on_street"].sel(place="harbour").values[49:97].max())
    assert rows["harbour-crowd"]["value"] == f"{largest:,} people"
