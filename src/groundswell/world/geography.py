"""Distances between places, how alike their people are, and how far word of mouth carries."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG (Moritz 2000)


def great_circle_km(lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
    """Distance in km between every two places (haversine on a sphere); symmetric, 0 on the diagonal."""
    lat, lon = np.asarray(lat_deg, dtype=np.float64), np.asarray(lon_deg, dtype=np.float64)
    return between_km(lat[:, None], lon[:, None], lat[None, :], lon[None, :])


def between_km(lat_a: ArrayLike, lon_a: ArrayLike, lat_b: ArrayLike, lon_b: ArrayLike) -> FloatArray:
    """Distance in km from points a to points b, in degrees, of shapes that broadcast."""
    a, b = np.radians(np.asarray(lat_a, dtype=np.float64)), np.radians(np.asarray(lat_b, dtype=np.float64))
    east = np.radians(np.asarray(lon_a, dtype=np.float64)) - np.radians(np.asarray(lon_b, dtype=np.float64))
    h = np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0)))


def dissimilarity(*compositions: ArrayLike) -> FloatArray:
    """Mean over the compositions of half the L1 distance between two places' shares: 0 alike .. 1 disjoint.

    Each composition is an array place x kind of people or shares; rows are taken as shares. A place without
    people is at distance 0.5 from every other place and 0 from itself.
    """
    if not compositions:
        raise ValueError("dissimilarity: at least one composition is needed")
    parts = []
    for composition in compositions:
        people = np.asarray(composition, dtype=np.float64)
        total = people.sum(axis=1, keepdims=True)
        shares = np.divide(people, total, out=np.zeros_like(people), where=total > 0)
        apart = np.zeros((len(shares), len(shares)))
        for column in shares.T:
            apart += np.abs(column[:, None] - column[None, :])
        parts.append(apart / 2)
    return np.mean(parts, axis=0)


def likeness(livelihood: ArrayLike, community: ArrayLike, strength: float) -> FloatArray:
    """L = exp(-strength * dissimilarity): 1 for places alike in livelihood and community, less for others."""
    if strength < 0:
        raise ValueError(f"strength {strength}: must not be negative")
    return np.exp(-strength * dissimilarity(livelihood, community))


def word_of_mouth(distance_km: ArrayLike, population: ArrayLike, d0_km: float, eta: float) -> FloatArray:
    """Weight of place q (column) in what place p (row) hears: population_q * (1 + d_pq / d0)^(-eta).

    Rows sum to 1 and include the place itself, with its own population at distance 0: a big city hears mostly
    of itself, a village next to it mostly of the city. Power-law form: Bonnasse-Gahot et al. (2018).
    """
    if d0_km <= 0 or eta < 0:
        raise ValueError(f"d0_km {d0_km}: must be above 0; eta {eta}: must not be negative")
    people = np.asarray(population, dtype=np.float64)
    if (people < 0).any() or people.sum() <= 0:
        raise ValueError("population: must not be negative, and someone must live somewhere")
    weights = (1 + np.asarray(distance_km, dtype=np.float64) / d0_km) ** (-eta) * people[None, :]
    return weights / weights.sum(axis=1, keepdims=True)
