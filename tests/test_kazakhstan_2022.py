"""The bundled case: official totals hold, every number has a source, assumed ones say how they were made."""

from __future__ import annotations

import pytest

import groundswell.case
from groundswell.case.statements import statements

COUNTRY = 19_503_159


@pytest.fixture(scope="module")
def case() -> groundswell.case.Case:
    return groundswell.case.load("kazakhstan-2022")


def test_totals_hold(case: groundswell.case.Case) -> None:
    places, regions = case.tables["places"], case.tables["regions"]
    assert case.population_people == COUNTRY
    assert len(regions) == 17
    assert len(places) == 250
    assert places.column("population_people").sum() == COUNTRY
    for region in regions.rows:
        here = [row for row in places.rows if row.region == region.region]
        assert sum(row.population_people for row in here) == region.population_people
        assert sum(row.population_people for row in here if row.urban_share == 1) == region.urban_people
        men = sum(row.population_people * row.men_share for row in here)
        assert men == pytest.approx(region.men_people, abs=10)
    assert sum(row.people for row in case.tables["age_sex"].rows) == COUNTRY


def test_almaty_has_districts_and_a_belt_of_a_million(case: groundswell.case.Case) -> None:
    rows = case.tables["places"].rows
    assert sum(row.kind == "city_district" and row.region == "ala" for row in rows) == 8
    belt = sum(row.population_people for row in rows if row.kind == "belt")
    assert 900_000 <= belt <= 1_100_000


def test_workforces_fit_their_place(case: groundswell.case.Case) -> None:
    working: dict[str, int] = {}
    for row in case.tables["age_sex"].rows:
        if row.age_band in ("young", "middle"):
            working[row.region] = working.get(row.region, 0) + row.people
    regions = {row.region: row for row in case.tables["regions"].rows}
    places = {row.place: row for row in case.tables["places"].rows}
    shares = {(row.region, row.settlement, row.livelihood): row.share for row in case.tables["region_livelihood"].rows}
    used: dict[tuple[str, str], int] = {}
    for row in case.tables["enterprises"].rows:
        key = (row.place, row.livelihood)
        used[key] = used.get(key, 0) + row.workforce_people
    for (place, livelihood), workforce in used.items():
        home = places[place]
        side = "urban" if home.urban_share == 1 else "rural"
        hands = home.population_people * working[home.region] / regions[home.region].population_people
        assert workforce <= 0.8 * shares[home.region, side, livelihood] * hands, place


def test_assumed_numbers_carry_a_rule_and_a_range(case: groundswell.case.Case) -> None:
    for name, source in case.sources.items():
        if source.state == "assumed":
            assert source.rule, name
            if not name.startswith(("sites.", "measures.")):
                assert source.low is not None and source.high is not None, name


def test_only_the_undisputed_first_days_are_fitted(case: groundswell.case.Case) -> None:
    base = [row for row in statements(case) if row.set == "base"]
    own = {"e108-first", "e108", "e109a", "e114", "e116"}
    assert {row.id for row in base} == own | {"e112", "e113", "zhanaozen-003"}
    assert all(row.end_local <= "2022-01-04T09:00" for row in base)


def test_the_forces_are_all_organs_and_the_army_stands_away_from_almaty(case: groundswell.case.Case) -> None:
    forces, places = case.tables["forces"].rows, {row.place: row for row in case.tables["places"].rows}
    strength = dict.fromkeys(("police", "guard", "army", "security"), 0)
    for row in forces:
        strength[row.organ] += row.strength_people
    assert strength == {"police": 79_927, "guard": 15_605, "army": 15_226, "security": 4_874}
    assert not any(row.organ == "army" and places[row.place].region in ("ala", "alm") for row in forces)
    assert all(row.state == "assumed" and "rule of this case" in row.source for row in forces)


def test_allied_contingents_add_up_to_the_figures_of_11_january(case: groundswell.case.Case) -> None:
    allies = case.tables["allies"]
    assert len(allies) == 14
    assert allies.column("strength_people").sum() == 2030
    assert allies.column("vehicles").sum() == 250


def test_every_measure_of_the_crisis_has_a_rung(case: groundswell.case.Case) -> None:
    replaced = {measure for row in case.tables["ladder"].rows for measure in row.replaces}
    left = {row.measure for row in case.tables["measures"].rows} - replaced
    assert left == {"posture-default", "lpg-freed", "utilities-raised", "police-absent-almaty", "airport-reopens"}
    for row in case.tables["ladder"].rows:
        kinds = {m.kind for m in case.tables["measures"].rows if m.measure in row.replaces}
        assert row.kind in kinds, row.rung


def test_posts_have_no_names_of_persons_and_both_sides_hold_some(case: groundswell.case.Case) -> None:
    held: dict[str, float] = {}
    for row in case.tables["offices"].rows:
        held[row.faction] = held.get(row.faction, 0.0) + row.post_weight
    weights = {"president": 0.25, "patron": 0.40, "interior": 0.2, "defence": 0.1, "officials": 0.05}
    assert held == pytest.approx(weights)
    bids = {row.faction for row in case.tables["factions"].rows if row.move_prize is not None}
    assert bids == {"president", "patron"}
    persons = ("nazarbayev", "tokayev", "masimov", "massimov", "ablyazov")
    for table in ("offices", "factions", "groups", "ladder"):
        for row in case.tables[table].rows:
            assert not any(name in str(row.model_dump()).lower() for name in persons)


def test_the_horizon_is_ninety_days_after_the_end_of_the_emergency(case: groundswell.case.Case) -> None:
    assert case.horizon.isoformat() == "2022-04-19T00:00:00+06:00"
    assert case.horizon_hours == 108 * 24
    assert case.hours == 480
