"""Units, offices, factions, allies, powers, ladder and groups as arrays, and worlds without them."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

import groundswell as gs
from bad.edits import change
from groundswell.case import check, find_case, load
from groundswell.world.state_side import scaled
from groundswell.world.world import World, build


@pytest.fixture(scope="module")
def tiny() -> World:
    return build(load("tiny"))


def test_units_are_the_forces_then_the_allies(tiny: World) -> None:
    units = tiny.units
    assert units.id[5:] == ["police-fields", "guard-harbour", "army-valley", "service-harbour", "north-1", "south-1"]
    organs = [tiny.organs.id[k] for k in units.organ]
    assert organs == ["police"] * 6 + ["guard", "army", "security", "allied", "allied"]
    assert units.place.tolist() == [0, 1, 2, 3, 4, 5, 0, 3, 0, 0, 3]
    assert units.people.tolist() == [60, 25, 10, 80, 25, 20, 40, 120, 15, 30, 20]
    assert units.people.dtype == units.vehicles.dtype == np.int64
    assert units.vehicles.tolist() == [6, 3, 1, 8, 3, 2, 4, 10, 2, 3, 2]
    assert units.firearm_share.tolist() == [0.3] * 6 + [0.5, 0.9, 0.8, 1, 1]
    assert units.local_share.tolist() == [0.9] * 6 + [0.4, 0.1, 0.5, 0, 0]
    assert units.allied.tolist() == [False] * 9 + [True, True]
    assert units.arrive_h.tolist() == [0] * 9 + [12, 24]
    assert [tiny.offices.id[k] if k >= 0 else "" for k in units.office] == (
        ["interior"] * 6 + ["interior-guard", "defence", "service", "", ""]
    )


def test_units_follow_the_scale_of_the_world() -> None:
    half = build(load("tiny"), 0.5)
    assert half.units.people.tolist() == [30, 12, 5, 40, 12, 10, 20, 60, 8, 15, 10]
    assert half.allies.people.tolist() == [15, 10]
    assert half.units.vehicles.tolist() == [3, 2, 0, 4, 2, 1, 2, 5, 1, 2, 1]
    assert scaled(np.array([3, 5]), 2).tolist() == [6, 10]


def test_offices_and_factions(tiny: World) -> None:
    offices, factions = tiny.offices, tiny.factions
    assert factions.id == ["governor", "founder"]
    assert factions.presides.tolist() == [True, False] and factions.removable.tolist() == [False, True]
    assert factions.belief.tolist() == [0.9, 0.8]
    assert factions.stake_support.tolist() == [1, 0.3]
    assert factions.stake_move.tolist() == [1, 0.9]
    assert factions.move_prize.tolist() == [0, 0.6]
    assert factions.wait_cost.tolist() == [0.5, 0.1]
    organs = [tiny.organs.id[k] if k >= 0 else "" for k in offices.organ]
    assert organs == ["", "", "security", "police", "guard", "army"]
    assert offices.faction.tolist() == [0, 1, 1, 0, 0, 0]
    assert offices.post_weight.sum() == pytest.approx(1)
    assert offices.presidency.tolist() == [True] + [False] * 5
    assert offices.removable.tolist() == [False, True] + [False] * 4


def test_allies_and_powers(tiny: World) -> None:
    allies, powers = tiny.allies, tiny.powers
    assert (allies.id, allies.country) == (["north-1", "south-1"], ["Northland", "Southland"])
    assert allies.guard.tolist() == [True, False]
    assert [tiny.units.id[k] for k in allies.unit] == allies.id
    assert allies.place.tolist() == tiny.units.place[allies.unit].tolist() == [0, 3]
    assert powers.id == ["northland", "overseas"]
    assert powers.stake_index.tolist() == [0.8, 0.3]
    assert powers.stance.tolist() == [1, -0.2]
    assert powers.said_h.tolist() == [68, 84]  # the places keep two zones: the case's own counts


def test_the_ladder(tiny: World) -> None:
    ladder = tiny.ladder
    assert ladder.id == ["calm-words", "cordon", "offer", "cut", "curfew", "dismissal"]
    assert ladder.kind[1] == "posture_cordon"
    assert ladder.trigger.tolist() == ["on_street", "on_street", "on_street", "after", "sites_lost", "places_out"]
    assert ladder.threshold.tolist() == [100, 200, 500, 24, 1, 3]
    assert ladder.of_rung.tolist() == [-1, -1, -1, 2, -1, -1]
    assert ladder.nation.tolist() == [False] * 5 + [True]
    assert ladder.delay_h.tolist() == [3, 2, 12, 0, 1, 12]
    assert ladder.duration_h.tolist() == [1, 24, 0, 0, 24, 1]
    assert np.isnan(ladder.value).tolist() == [True, False, False, False, False, True]
    assert ladder.unit[2] == "CRN/litre"
    assert ladder.cost_usd.tolist() == [0, 0, 10000, 30000, 0, 0]
    assert ladder.replaces == [
        ("governor-appeal",), ("harbour-cordon",), ("fuel-offer",), ("fuel-price-cut",), ("coast-curfew",), ()
    ]  # fmt: skip
    assert not tiny.rung_live.any()
    assert tiny.rung_live.shape == (6,)


def test_organised_groups(tiny: World) -> None:
    bands = tiny.bands
    assert (bands.id, bands.kind) == (["smugglers", "radio"], ["criminal", "exile"])
    assert bands.places.tolist() == [[True, True, True, False, False, False], [True] * 6]
    assert bands.targets == [("shops", "police"), ("administration",)]
    assert bands.start_h.tolist() == [67, 36]  # 18:00 on the coast, an hour behind the case's clock
    assert bands.message.tolist() == [False, True]
    assert bands.arms_brought_share.tolist() == [0.2, 0]
    assert bands.leaves_when == ["force", "channel_closed"]


def test_a_case_may_go_without_them(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(find_case("tiny"), tmp_path / "bare"))
    for name in ("offices", "factions", "allies", "powers", "ladder", "groups"):
        change(f"{name}.csv", lambda data: data.splitlines(keepends=True)[0])(folder)
    change("forces.csv", _without_offices)(folder)
    assert check(folder) == []
    world = build(load(folder))
    assert len(world.units.id) == 9
    assert (world.units.office == -1).all()
    assert world.bands.places.shape == (0, 6)
    for table in (world.offices, world.factions, world.allies, world.powers, world.ladder, world.bands):
        assert all(len(getattr(table, field.name)) == 0 for field in dataclasses.fields(table))
    assert world.rung_live.shape == (0,)


def _without_offices(data: bytes) -> bytes:
    for office in (b"interior-guard", b"interior", b"defence", b"service,"):
        data = data.replace(b"," + office.rstrip(b",") + b",", b",,")
    return data


def test_the_population_does_not_depend_on_the_state_side(tiny: World, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(find_case("tiny"), tmp_path / "more"))
    change("forces.csv", lambda data: data + b"guard-flare,guard,flare,500,0.5,4,0.4,,assumed,x\n")(folder)
    other = build(load(folder)).cells
    for field in ("place", "sex", "age", "community", "livelihood", "enterprise", "count"):
        assert (getattr(other, field) == getattr(tiny.cells, field)).all()


def test_a_case_has_the_organs_that_it_names(tmp_path: Path) -> None:
    """A gendarmerie beside the police: on the streets, mobile, and counted as a guard in the record's words."""
    folder = Path(shutil.copytree(find_case("tiny"), tmp_path / "case"))
    row = b"gendarmerie,Gendarmerie,guard,streets,true,false\n"
    change("organs.csv", lambda data: data.replace(b"army,", row + b"army,", 1))(folder)
    change("forces.csv", lambda data: data.replace(b"army-valley,army", b"army-valley,gendarmerie"))(folder)
    change("offices.csv", lambda data: data.replace(b"defence,army", b"defence,gendarmerie"))(folder)
    w = build(load(folder))
    organs, mine = w.organs, w.units.id.index("army-valley")
    assert organs.id == ["police", "guard", "gendarmerie", "army", "security", "allied"]
    organ = w.units.organ[mine]
    assert (organs.name[organ], organs.kind[organ]) == ("Gendarmerie", "guard")
    assert organs.duty[organ] == "streets" and organs.mobile[organ] and not organs.arrests[organ]
    on = [gs.run(c, until="2030-03-01T01:00", people_scale=0.1).history for c in (load(folder), "tiny")]
    here = [h["unit_on_duty"].values[0, mine] for h in on]
    assert here[0] > 0 == here[1]  # the army stays in its barracks
