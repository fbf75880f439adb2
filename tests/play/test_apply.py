"""Changed measures, measures left to the ladder, and the two modes of government."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from bad.edits import change
from groundswell.case import Case, find_case, load
from groundswell.play.apply import change_measures, govern
from groundswell.play.change import Change, as_options
from groundswell.play.checks import Known, mistakes
from groundswell.world.world import World, build


@pytest.fixture(scope="module")
def tiny() -> World:
    return build(load("tiny"))


def ids(world: World) -> list[str]:
    return [m.id for m in world.measures]


def live(world: World) -> list[str]:
    return [rung for rung, on in zip(world.ladder.id, world.rung_live, strict=True) if on]


def test_nothing_changes_nothing(tiny: World) -> None:
    assert change_measures(tiny, {}) is tiny


def test_a_measure_is_left_out_moved_or_taken_in_another_version(tiny: World) -> None:
    changes = {
        "coast-curfew": "none",
        "governor-appeal": "2030-03-04T12:00",
        "fuel-price-cut": "2030-03-03T12:00+01:00",
        "fuel-offer": "version:a newspaper",
    }
    world = change_measures(tiny, changes)
    new = {m.id: m for m in world.measures}
    assert "coast-curfew" not in new
    assert (new["governor-appeal"].start_h, new["governor-appeal"].end_h) == (85, 86)  # an hour behind the clock
    assert new["fuel-price-cut"].start_h == 60
    assert new["fuel-offer"].start_h == 64
    assert [m.start_h for m in world.measures] == sorted(m.start_h for m in world.measures)
    assert live(world) == []
    assert "coast-curfew" in ids(tiny)


def test_a_measure_left_to_the_ladder_is_dropped_and_its_rung_lives(tiny: World) -> None:
    world = change_measures(tiny, {"harbour-cordon": "respond", "coast-curfew": "none"})
    assert sorted(set(ids(tiny)) - set(ids(world))) == ["coast-curfew", "harbour-cordon"]
    assert live(world) == ["cordon"]
    assert live(tiny) == []


def test_a_responsive_government_drops_what_its_ladder_replaces(tiny: World) -> None:
    world = govern(tiny, "responsive")
    assert ids(world) == ["fuel-price-freed"]
    assert world.rung_live.all()
    assert [m.id for m in world.recorded] == ids(tiny)


def test_a_scripted_government_follows_the_record(tiny: World) -> None:
    world = govern(tiny, "scripted")
    assert ids(world) == ids(tiny)
    assert live(world) == []


def test_under_a_responsive_government_a_changed_measure_is_out_of_the_ladders_hands(tiny: World) -> None:
    world = change_measures(govern(tiny, "responsive"), {"coast-curfew": "none", "fuel-offer": "2030-03-02T12:00"})
    assert live(world) == ["calm-words", "cordon", "cut", "dismissal"]
    assert ids(world) == ["fuel-price-freed", "fuel-offer"]


def problems(case: Case, **change: Any) -> list[str]:
    return [str(problem) for problem in as_options(mistakes(Change.of(**change), Known(case)))]


def test_mistakes_are_named_at_once(tiny: World) -> None:
    known = ", ".join(sorted(set(ids(tiny))))
    can = "coast-curfew, fuel-offer, fuel-price-cut, governor-appeal, harbour-cordon"
    changes = {
        "curfew": "none",
        "fuel-price-freed": "respond",
        "fuel-offer": "version:nobody",
        "governor-appeal": "later",
    }
    assert problems(tiny.case, measures=changes) == [
        f"--measure: curfew: given 'curfew'; allowed: one of {known}; did you mean 'coast-curfew'?",
        "--measure: fuel-price-freed: given 'respond'; allowed: respond only for a measure that a rung of "
        f"ladder.csv replaces: {can}",
        "--measure: fuel-offer: given 'version:nobody'; allowed: version:NAME with NAME one of "
        "the governor's office, a newspaper",
        "--measure: governor-appeal: given 'later'; allowed: none, respond, version:NAME, or a local time such as "
        "2022-01-05T12:00, from 2030-03-01T00:00 to 2030-03-10T00:00",
    ]


def test_an_unknown_mode_is_named(tiny: World) -> None:
    (told,) = problems(tiny.case, government="responsible")
    assert told.startswith("--government: mode: given 'responsible'; allowed: one of scripted, responsive")


def test_a_responsive_government_needs_a_ladder(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(find_case("tiny"), tmp_path / "bare"))
    change("ladder.csv", lambda data: data.splitlines(keepends=True)[0])(folder)
    world = build(load(folder))
    assert govern(world, "scripted").measures == world.measures
    (told,) = problems(world.case, government="responsive")
    assert "no rung" in told
    assert problems(world.case, measures={"coast-curfew": "respond"}) == [
        "--measure: coast-curfew: given 'respond'; allowed: respond only for a measure that a rung of "
        "ladder.csv replaces: none"
    ]
