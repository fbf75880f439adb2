"""Spots, towns, and where a place's crowd gathers."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.case import load
from groundswell.world.streets import GROUND, home_spots, towns
from groundswell.world.world import World, build


@pytest.fixture(scope="module")
def tiny() -> World:
    return build(load("tiny"))


def test_spots_are_the_places_then_the_sites(tiny: World) -> None:
    spots = tiny.spots
    assert tiny.spot_count == len(spots.id) == len(spots.name) == 6 + 7
    assert spots.id[:7] == ["harbour", "flare", "dunes", "milltown", "orchard", "fields", "harbour-square"]
    assert spots.place.tolist() == [0, 1, 2, 3, 4, 5, 0, 0, 0, 1, 1, 3, 3]
    assert (spots.kind[:6] == GROUND).all()
    assert spots.kind[6:].tolist() == [
        "square", "administration", "police", "assembly", "administration", "square", "administration"
    ]  # fmt: skip
    assert (spots.lat_deg[1], spots.lon_deg[9], spots.name[9]) == (0.75, 0.301, "Gas plant gate")
    assert spots.lat_deg.shape == spots.lon_deg.shape == (13,)


def test_a_crowd_gathers_at_the_assembly_point_else_the_square_else_the_open_ground(tiny: World) -> None:
    at = tiny.spots.id
    assert [at[s] for s in tiny.home_spot] == [
        "harbour-square", "flare-gate", "dunes", "milltown-square", "orchard", "fields"
    ]  # fmt: skip


def test_an_assembly_point_goes_before_a_square_and_the_first_before_the_second() -> None:
    of_spot = np.array([0, 1, 0, 0, 0, 1, 1])
    kind = np.array([GROUND, GROUND, "square", "assembly", "assembly", "square", "square"], object)
    assert home_spots(2, of_spot, kind).tolist() == [3, 5]


def test_city_districts_of_a_region_are_one_town() -> None:
    kind = np.array(["city_district", "town", "city_district", "city_district", "town", "city_district"])
    assert towns(kind, np.array([0, 0, 0, 1, 1, 1])).tolist() == [0, 1, 0, 2, 3, 2]


def test_towns_of_the_bundled_case() -> None:
    world = build(load("kazakhstan-2022"), 0.01)
    kind = world.place("kind")
    districts = kind == "city_district"
    assert world.town.shape == (250,)
    assert len(np.unique(world.town[~districts])) == (~districts).sum()
    for town in np.unique(world.town[districts]):
        here = world.town == town
        assert (kind[here] == "city_district").all()
        assert len(np.unique(world.region[here])) == 1
    assert (world.spots.place[world.home_spot] == np.arange(250)).all()
    arena = world.spots.id.index("almaty-arena")
    assert world.home_spot[world.place_number("almaty-alatau", "test")] == arena


def test_a_scope_may_name_sites(tiny: World) -> None:
    at = tiny.spots.id

    def sites(scope: str) -> list[str]:
        return [at[s] for s in np.flatnonzero(tiny.sites_in_scope(scope))]

    assert sites("harbour-hall;flare-gate") == ["harbour-hall", "flare-gate"]
    assert sites("flare;harbour-hall") == ["harbour-hall", "flare-gate", "flare-hall"]
    assert sites("valley") == ["milltown-square", "milltown-hall"]
    assert sites("*") == at[6:]
    assert sites("dunes") == []
    assert tiny.in_scope(("harbour-hall", "dunes")).tolist() == [True, False, True, False, False, False]
    assert tiny.in_scope("coast;milltown-hall").tolist() == [True, True, True, True, False, False]
