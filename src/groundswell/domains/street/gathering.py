"""Gathering: how many people of the population are at each spot, on the way, and present in each place.

    crowd_s,side = people of the columns of that side that stand at s
    visitors_p   = people present in p - people of p on the street

The crowd of a place is at its assembly point, or where `marches` has taken it: of each side one column. Over all spots
and those on the way the sum is everybody on the street, by side. A column on its way stands nowhere; it is present in
the place whose centre is nearest to where it is at the middle of the hour, on a straight line. Whoever joins is counted
where the column of their side is, wherever that is. Without this mechanism nobody is anywhere, and neither force nor
sites meet a crowd; to keep crowds at their assembly points switch `marches` off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable

PEACEFUL, FIGHTING = 0, 1


def where(chosen: np.ndarray, home_spot: np.ndarray) -> np.ndarray:
    """(P, 2) spot of each column: the one it has come to, else the assembly point of its place."""
    return np.where(chosen < 0, home_spot[:, None], chosen)


def standing(stand: np.ndarray, here: np.ndarray, spots: int) -> np.ndarray:
    """(S, 2) people by spot and side, from the spot (P, 2) of each column and the people (P, 2) who stand there."""
    cell = 2 * stand + np.arange(2)
    return np.bincount(cell.ravel(), here.ravel(), 2 * spots).astype(np.int64).reshape(spots, 2)


def nearest(lat: float, lon: float, lats: np.ndarray, lons: np.ndarray) -> int:
    """Number of the point nearest to (lat, lon), all in degrees; the first of equals."""
    east = (lons - lon) * np.cos(np.radians(lat))
    return int(np.argmin((lats - lat) ** 2 + east**2))


class Gathering(Mechanism):
    """Where people are."""

    name = "gathering"
    reads = ("chosen", "target", "walk_h", "travel_h")
    lags = ("on_street", "fighting")
    writes = (
        Variable("stand", ("place", "side"), "1", "spot where the column stands, or stood when it set out", dtype=int),
        Variable(
            "crowd", ("spot", "side"), "people", "people of the population who stand at the spot",
            keep="hour", dtype=int,
        ),
        Variable("on_way", ("place",), "people", "people of the place who are marching", keep="hour", dtype=int),
        Variable(
            "visitors", ("place",), "people", "people from elsewhere present, less own people away",
            keep="hour", dtype=int,
        ),
    )  # fmt: skip

    @dataclass(frozen=True)
    class Parameters:
        """Gathering has no parameters."""

    def prepare(self) -> None:
        """Everybody's assembly point."""
        self.lat, self.lon = self.w.place("lat_deg").astype(float), self.w.place("lon_deg").astype(float)
        self.home = self.w.home_spot
        self.s.stand[:] = self.home[:, None]

    def step(self, now: Now) -> None:
        """Count people where they are."""
        s, w = self.s, self.w
        people = np.empty((w.places, 2), np.int64)
        people[:, FIGHTING] = s.fighting
        np.subtract(s.on_street, s.fighting, out=people[:, PEACEFUL])
        walking = s.target >= 0
        away = np.count_nonzero(walking) > 0
        s.on_way[:] = 0
        if not away and s.chosen.max() < 0:
            s.stand[:] = self.home[:, None]
            s.crowd[:] = 0
            s.crowd[self.home] = people
            s.visitors[:] = 0
            return
        here = people * ~walking
        s.stand[:] = where(s.chosen, self.home)
        s.crowd[:] = standing(s.stand, here, w.spot_count)
        present = np.bincount(w.spots.place[s.stand].ravel(), here.ravel(), w.places).astype(np.int64)
        if away:
            for place, side in np.argwhere(walking):
                present[self._passes(place, side)] += people[place, side]
                s.on_way[place] += people[place, side]
        np.subtract(present, s.on_street, out=s.visitors)

    def _passes(self, place: int, side: int) -> int:
        """The place where a column is at the middle of the hour."""
        s, spots = self.s, self.w.spots
        a, b = s.stand[place, side], s.target[place, side]
        done = 1.0 - (s.travel_h[place, side] - self.dt / 2) / s.walk_h[place, side]
        lat = spots.lat_deg[a] + done * (spots.lat_deg[b] - spots.lat_deg[a])
        lon = spots.lon_deg[a] + done * (spots.lon_deg[b] - spots.lon_deg[a])
        return nearest(float(lat), float(lon), self.lat, self.lon)
