"""Spots where people stand: the open ground of each place and its sites; towns; where a place's crowd gathers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from groundswell.world.world import World

GROUND = "ground"
GATHERING = ("assembly", "square")
"""Kinds of sites at which a place's people gather, the first that the place has."""


@dataclass(frozen=True)
class Spots:
    """S = P + sites: spot p below P is the open ground of place p, spot P + i is row i of sites.csv."""

    id: list[str]
    place: np.ndarray  # (S,) int
    kind: np.ndarray  # (S,) object: "ground" or a kind of site
    lat_deg: np.ndarray
    lon_deg: np.ndarray
    name: list[str]


def spots(world: World) -> Spots:
    """The spots of a world: places first, then sites, in the order of their tables."""
    places, sites = world.case.tables["places"], world.case.tables["sites"]
    at = {place: p for p, place in enumerate(world.place_id)}
    of_site = [at[str(place)] for place in sites.column("place")]
    kind = np.array([GROUND] * world.places + [str(k) for k in sites.column("kind")], object)
    return Spots(
        world.place_id + [str(site) for site in sites.column("site")],
        np.concatenate([np.arange(world.places), np.array(of_site, np.int64)]),
        kind,
        np.concatenate([places.column("lat_deg"), sites.column("lat_deg")]).astype(float),
        np.concatenate([places.column("lon_deg"), sites.column("lon_deg")]).astype(float),
        [str(name) for name in (*places.column("name"), *sites.column("name"))],
    )


def towns(kind: np.ndarray, region: np.ndarray) -> np.ndarray:
    """(P,) number of each place's town: the city districts of a region are one town, any other place its own."""
    districts = np.asarray(kind) == "city_district"
    key = [("district", int(r)) if d else ("place", p) for p, (d, r) in enumerate(zip(districts, region, strict=True))]
    number = {one: n for n, one in enumerate(dict.fromkeys(key))}
    return np.array([number[one] for one in key], np.int64)


def home_spots(places: int, of_spot: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """(P,) spot where each place's crowd gathers: its first assembly point, else square, else its open ground."""
    home = np.arange(places)
    for wanted in reversed(GATHERING):
        mine = np.flatnonzero(kind == wanted)[::-1]  # of several the first in the table is written last
        home[of_spot[mine]] = mine
    return home
