"""Albers equal-area conic projection fitted to outlines: longitude and latitude -> kilometres."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

EARTH_RADIUS_KM = 6371.0  # mean radius of the Earth, IUGG


@dataclass(frozen=True)
class Albers:
    """Equal-area map of one country; its standard parallels lie a sixth inside the north and south edge."""

    lon0: float
    lat0: float
    south: float
    north: float

    @classmethod
    def around(cls, rings: Iterable[np.ndarray]) -> Albers:
        """Fits centre and parallels to all points of the rings."""
        points = np.concatenate([np.asarray(r, dtype=np.float64) for r in rings])
        (west, low), (east, high) = points.min(axis=0), points.max(axis=0)
        inset = max((high - low) / 6.0, 0.01)
        return cls((west + east) / 2.0, (low + high) / 2.0, low + inset, high - inset)

    def __call__(self, lon_deg: np.ndarray, lat_deg: np.ndarray) -> np.ndarray:
        """Kilometres (n, 2) east and north of the centre."""
        south, north, lat0 = np.radians([self.south, self.north, self.lat0])
        n = (np.sin(south) + np.sin(north)) / 2.0
        c = np.cos(south) ** 2 + 2.0 * n * np.sin(south)

        def radius(lat: np.ndarray) -> np.ndarray:
            return np.sqrt(np.maximum(c - 2.0 * n * np.sin(lat), 0.0)) / n

        turn = n * np.radians(np.asarray(lon_deg, dtype=np.float64) - self.lon0)
        rho = radius(np.radians(np.asarray(lat_deg, dtype=np.float64)))
        x, y = rho * np.sin(turn), radius(np.asarray(lat0)) - rho * np.cos(turn)
        return EARTH_RADIUS_KM * np.stack([x, y], axis=-1)
