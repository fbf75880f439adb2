"""A run's history for other programs: CSV tables, GeoJSON points, and NetCDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FORMATS = ("csv", "geojson", "netcdf")
LEAST_PEOPLE = 10
"""Smallest count of harm that is told of a place; from 1 to 9 it is null."""

ONSET_PEOPLE = 50
HARM = ("dead", "injured", "arrested")


def tables(history: xr.Dataset, variables: Sequence[str] = ()) -> dict[str, pd.DataFrame]:
    """Name -> table: one for each set of dimensions, such as "time-place", and "places" with what is known of them.

    Args:
        history: of a run.
        variables: those that are wanted; all if left out.
    """
    by: dict[tuple[str, ...], list[str]] = {}
    for name, array in history.data_vars.items():
        if not variables or name in variables:
            by.setdefault(tuple(str(d) for d in array.dims), []).append(str(name))
    clock = history["local_time"].to_series()
    out = {"places": _of(history, "place")}
    for dims, names in sorted(by.items()):
        few = history[names].reset_coords(drop=True).to_dataframe().reset_index()
        if "time" in dims:
            few.insert(1, "local_time", few["time"].map(clock))
        out["-".join(dims)] = few
    return out


def _of(history: xr.Dataset, dim: str) -> pd.DataFrame:
    own = [str(name) for name, c in history.coords.items() if c.dims == (dim,) and name != dim]
    return history[own].to_dataframe().reset_index()[[dim, *own]]


def geojson(history: xr.Dataset, hour: int | None = None) -> dict[str, Any]:
    """Places as a GeoJSON FeatureCollection of points (RFC 7946: longitude, latitude in degrees, WGS 84).

    Each has its inhabitants, the most people on its streets at one time and when (local time of the case), the first
    hour with a crowd of 50, and people killed, injured and arrested on its streets; null for a count from 1 to 9.

    Args:
        history: of a run.
        hour: index of `time` up to which is counted, whose people on the street are given as well; the end if left out.
    """
    upto = history if hour is None else history.isel(time=slice(0, hour + 1))
    street = upto["on_street"].transpose("time", "place").values
    local = upto["local_time"].values
    most, first = street.argmax(axis=0), (street >= ONSET_PEOPLE).argmax(axis=0)
    counts = {name: upto[name].sum("time").values for name in HARM if name in upto}
    places = _of(history, "place").to_dict("records")
    features = []
    for i, place in enumerate(places):
        seen = street[:, i].max() > 0
        properties = {key: _plain(value) for key, value in place.items() if key not in ("lat_deg", "lon_deg")}
        properties |= {
            "most_on_street": int(street[most[i], i]), "most_on_street_at": _iso(local[most[i]]) if seen else None,
            "first_crowd_at": _iso(local[first[i]]) if street[:, i].max() >= ONSET_PEOPLE else None,
            **{name: _guarded(values[i]) for name, values in counts.items()},
        }  # fmt: skip
        if hour is not None:
            properties |= {"at": _iso(local[-1]), "on_street": int(street[-1, i])}
        point = {"type": "Point", "coordinates": [float(place["lon_deg"]), float(place["lat_deg"])]}
        features.append({"type": "Feature", "id": place["place"], "geometry": point, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def netcdf(history: xr.Dataset, path: Path) -> None:
    """Write the history as one NetCDF file (version 3 with 64-bit offsets), readable by R, GDAL, QGIS and others."""
    plain = history.copy()
    for name, array in history.variables.items():
        if array.dtype == np.int64 and (array.size == 0 or np.abs(array.values).max() < 2**31):
            plain[name] = (array.dims, array.values.astype(np.int32), array.attrs)
    plain.to_netcdf(path, engine="scipy", format="NETCDF3_64BIT")


def _guarded(count: Any) -> int | None:
    return None if 0 < count < LEAST_PEOPLE else int(count)


def _plain(value: Any) -> Any:
    own = value.item() if isinstance(value, np.generic) else value
    return int(own) if isinstance(own, float) and own.is_integer() else own


def _iso(moment: np.datetime64) -> str:
    return str(moment.astype("datetime64[m]"))
