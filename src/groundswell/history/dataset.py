"""A run as an xarray dataset: time x place x quantity, with units and long names as attributes."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.engine.mechanism import Variable
from groundswell.engine.rates import HEADS, SIDES
from groundswell.engine.simulation import Simulation
from groundswell.history.recorder import Recorder

if TYPE_CHECKING:
    import xarray as xr


def to_dataset(simulation: Simulation, recorder: Recorder, title: str) -> xr.Dataset:
    """Dataset over time (the end of each step, UTC, no zone as xarray has it), day, place, enterprise and others.

    `demand_people` counts people on the street who hold each demand; `demand_share` is the national share.
    """
    import xarray as xr

    w, s, n = simulation.world, simulation.state, simulation.step
    start = np.datetime64(w.case.start.astimezone(UTC).replace(tzinfo=None), "ns")
    local = np.datetime64(w.case.start.replace(tzinfo=None), "ns")
    hours = (np.arange(n) + 1) * s.step_h
    days = -(-n // recorder.per_day)

    def text(column: str) -> tuple[str, np.ndarray]:
        return "place", np.array([str(x) for x in w.place(column)], object)

    names: dict[str, Any] = {
        "time": start + (hours * 3600e9).astype("timedelta64[ns]"),
        "hour": ("time", hours),
        "local_time": ("time", local + (hours * 3600e9).astype("timedelta64[ns]")),
        "day": start + np.arange(days) * np.timedelta64(86_400_000_000_000, "ns"),
        "place": np.array(w.place_id, object),
        "name": text("name"),
        "region": text("region"),
        "kind": text("kind"),
        "lat_deg": ("place", w.place("lat_deg").astype(float)),
        "lon_deg": ("place", w.place("lon_deg").astype(float)),
        "utc_offset_h": ("place", w.utc_offset_h),
        "population": ("place", w.people),
        "adults": ("place", w.adults),
        "enterprise": np.array([str(x) for x in w.enterprise("enterprise")], object),
        "enterprise_name": ("enterprise", np.array([str(x) for x in w.enterprise("name")], object)),
        "livelihood": np.array(w.livelihood_id, object),
        "demand": np.array(w.demands.id, object),
        "side": np.array(SIDES, object),
        "head": np.array(HEADS, object),
        "spot": np.array(w.spots.id, object),
        "spot_name": ("spot", np.array(w.spots.name, object)),
        "spot_kind": ("spot", np.array(w.spots.kind, object)),
        "unit": np.array(w.units.id, object),
        "faction": np.array(w.factions.id, object),
        "rung": np.array(w.ladder.id, object),
        "band": np.array(w.bands.id, object),
        "office": np.array(w.offices.id, object),
    }
    data: dict[str, Any] = {}
    for store, axis, length in ((recorder.hourly, "time", n), (recorder.daily, "day", days)):
        for name, array in store.items():
            v = s.variables[name]
            if "group" in v.dims:  # kept for checkpoints, too fine for a chart
                continue
            dims = [axis, *v.dims]
            attrs = {"units": _per_step(v, s.step_h), "long_name": v.long_name}
            data[name] = (dims, array[:length], attrs)
    held = recorder.hourly["demand_people"][:n].sum(axis=1)
    on = recorder.hourly["on_street"][:n].sum(axis=1)
    data["demand_share"] = (
        ["time", "demand"],
        (held / np.maximum(on, 1)[:, None]).astype(np.float32),
        {"units": "1", "long_name": "share of people on the street who hold the demand"},
    )
    about = {"title": title, "case": w.case.id, "Conventions": "CF-1.10"}
    out = xr.Dataset(data, coords=names, attrs=about)
    out.time.attrs["long_name"] = "end of the step, UTC"
    out.local_time.attrs["long_name"] = (
        f"end of the step, local time of the case (UTC{simulation.clock.main_offset_h:+g})"
    )
    out.day.attrs["long_name"] = "first hour of the day, UTC"
    return out


def _per_step(v: Variable, step_h: float) -> str:
    """Events are counted by step: a step of another length than an hour changes their unit; hazards are per hour."""
    counts = v.unit.endswith("/h") and v.unit != "1/h"
    return f"{v.unit[:-2]} per {step_h:g} h" if counts and step_h != 1.0 else v.unit
