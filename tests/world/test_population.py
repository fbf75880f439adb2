import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.case import bundled_cases, load
from groundswell.world.cells import AGES, MIN_GROUP_PEOPLE, SEXES, Cells
from groundswell.world.population import build_cells, scale
from world.fake_case import COMMUNITIES, FakeCase, FakeTable, communities, make_case

KEYS = ("place", "sex", "age", "community", "livelihood", "enterprise")


def sums(cells: Cells, *names: str) -> dict[tuple[int, ...], int]:
    out: dict[tuple[int, ...], int] = {}
    for *key, n in zip(*(getattr(cells, name).tolist() for name in names), cells.count.tolist(), strict=True):
        out[tuple(key)] = out.get(tuple(key), 0) + n
    return out


def check_exact(case, cells: Cells) -> None:
    """Everything that is promised to the person, for any case."""
    places, age_sex, regions = (case.tables[n] for n in ("places", "age_sex", "regions"))
    assert cells.by_place().tolist() == places.column("population_people").tolist()
    region = np.array([str(r) for r in places.column("region")])
    names = ("region", "sex", "age_band", "people")
    for r, sex, band, n in zip(*(age_sex.column(c) for c in names), strict=True):
        mine = region[cells.place] == str(r)
        mine &= (cells.sex == SEXES.index(sex)) & (cells.age == AGES.index(band))
        assert cells.count[mine].sum() == n, (r, sex, band)
    urban = np.asarray(places.column("urban_share"))
    for r, n in zip(regions.column("region"), regions.column("urban_people"), strict=True):
        assert (cells.by_place() * urban)[region == str(r)].sum() == pytest.approx(n, abs=0.5)
    work = case.tables["enterprises"].column("workforce_people")
    place_at = {str(p): i for i, p in enumerate(places.column("place"))}
    for e, (n, p) in enumerate(zip(work, case.tables["enterprises"].column("place"), strict=True)):
        assert cells.count[cells.enterprise == e].sum() == n
        assert set(cells.place[cells.enterprise == e]) <= {place_at[str(p)]}
    livelihoods = case.tables["livelihoods"]
    ages = [a.split(";") if isinstance(a, str) else list(a) for a in livelihoods.column("ages")]
    for k, age in {(k, a) for k, a in zip(cells.livelihood.tolist(), cells.age.tolist(), strict=True)}:
        assert AGES[age] in ages[k]


def check_shape(cells: Cells) -> None:
    """Order, ids and groups."""
    assert (cells.count > 0).all()
    assert len(set(zip(*(getattr(cells, k).tolist() for k in KEYS), strict=True))) == len(cells)
    assert cells.first_id.tolist() == (np.cumsum(cells.count) - cells.count).tolist()
    assert (np.diff(cells.group) >= 0).all() and set(np.diff(cells.group)) <= {0, 1}
    assert (np.diff(cells.place) >= 0).all()
    groups = cells.groups
    assert groups.size.sum() == cells.people
    assert groups.first_id.tolist() == (np.cumsum(groups.size) - groups.size).tolist()
    assert (groups.place[cells.group] == cells.place).all()
    assert (groups.at_risk[cells.group] == (cells.age > 0)).all()
    alone = {p: int((groups.place[groups.at_risk] == p).sum()) for p in set(groups.place.tolist())}
    small = groups.at_risk & (groups.size < MIN_GROUP_PEOPLE)
    assert all(alone[p] == 1 for p in groups.place[small].tolist())
    moved = (groups.livelihood[cells.group] != cells.livelihood) | (groups.enterprise[cells.group] != cells.enterprise)
    assert cells.count[moved].sum() == sum(m.people for m in cells.merged)


cases = st.builds(
    make_case,
    seed=st.integers(0, 10**6),
    places=st.integers(3, 30),
    regions=st.integers(1, 3),
    mean_people=st.sampled_from([300.0, 5_000.0, 100_000.0]),
    enterprises=st.integers(0, 4),
)


@settings(max_examples=40, deadline=None)
@given(cases)
def test_totals_are_exact_and_rows_in_order(case: FakeCase) -> None:
    cells = build_cells(case)
    check_exact(case, cells)
    check_shape(cells)
    places = case.tables["places"]
    shares = case.tables["communities"].column("share").reshape(-1, len(COMMUNITIES))
    for k in range(len(COMMUNITIES)):
        wanted = places.column("population_people") * shares[:, k]
        assert np.abs(cells.by_place("community")[:, k] - wanted).max() < 5
    by_name = {r.marginal: r for r in cells.residuals}
    assert by_name["place x community"].max_abs_people < 5
    for name in ("place", "region x sex x age", "region, urban people", "enterprise"):
        assert by_name[name].max_abs_people == 0
    if not cells.notes:
        assert by_name["region x settlement x livelihood"].max_abs_people < 12


@settings(max_examples=20, deadline=None)
@given(cases, st.integers(0, 10**6))
def test_the_order_of_places_does_not_matter(case: FakeCase, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(case.tables["places"]))
    other = FakeCase({**case.tables, "places": case.tables["places"].reordered(order)})
    back = {(int(order[place]), *rest): n for (place, *rest), n in sums(build_cells(other), *KEYS).items()}
    assert back == sums(build_cells(case), *KEYS)


@settings(max_examples=40, deadline=None)
@given(cases, st.sampled_from([0.001, 0.01, 0.1, 0.37, 1.0, 2.0, 13.7]))
def test_scale_keeps_every_place_and_every_share(case: FakeCase, factor: float) -> None:
    cells = build_cells(case)
    small = scale(cells, factor)
    check_shape(small)
    wanted = np.maximum(np.floor(cells.by_place() * factor + 0.5), 1)
    assert small.by_place().tolist() == wanted.tolist()
    assert ((small.by_place("age")[:, 1:].sum(axis=1) > 0) == (cells.by_place("age")[:, 1:].sum(axis=1) > 0)).all()
    ratio = (wanted / cells.by_place())[:, None]
    assert np.abs(small.by_place("livelihood") - cells.by_place("livelihood") * ratio).max() <= 1 + 2 * len(
        cells.merged
    )
    if factor == 1.0:
        assert sums(small, *KEYS) == sums(cells, *KEYS)
        assert (small.count == cells.count).all()


def one_place(people: int = 1000, workforce: tuple[int, ...] = (), urban: float = 1.0) -> FakeCase:
    case = make_case(places=1, regions=1, enterprises=0)
    t = case.tables
    place = t["places"].columns
    place["population_people"] = np.array([people])
    place["urban_share"] = np.array([urban])
    t["communities"] = communities(place["place"], np.array([[0.7, 0.2, 0.1, 0.0]]))
    t["regions"].columns["urban_people"] = np.array([round(people * urban)])
    t["age_sex"].columns["people"] = np.array([15, 10, 20, 5, 15, 10, 20, 5]) * people // 100
    p = place["place"][0]
    t["enterprises"] = FakeTable(
        enterprise=[f"e{i}" for i in range(len(workforce))],
        place=[p] * len(workforce),
        livelihood=["oil"] * len(workforce),
        workforce_people=np.array(workforce, dtype=np.int64),
    )
    return case


def test_one_place_by_hand() -> None:
    # 1,000 people, 600 of working age: oil 120, farming 30, trade 360, student 90 of the 200 young.
    cells = build_cells(one_place())
    assert cells.by_place("livelihood")[0].tolist() == [120, 30, 360, 90, 100, 300]
    assert cells.by_place("community")[0].tolist() == [700, 200, 100, 0]
    assert set(cells.age[cells.livelihood == 3]) == {1}
    assert not cells.notes and not cells.merged


def test_an_enterprise_comes_out_of_its_livelihood() -> None:
    cells = build_cells(one_place(workforce=(100,)))
    assert cells.by_place("livelihood")[0].tolist() == [120, 30, 360, 90, 100, 300]
    assert cells.count[cells.enterprise == 0].sum() == 100
    assert sorted(cells.groups.size.tolist()) == [20, 30, 90, 100, 100, 300, 360]


def test_an_enterprise_larger_than_its_livelihood_takes_from_the_others() -> None:
    # 360 oil workers asked for, 120 there: the other 480 become 240, in proportion.
    cells = build_cells(one_place(workforce=(200, 160)))
    assert cells.by_place("livelihood")[0].tolist() == [360, 15, 180, 45, 100, 300]
    assert cells.notes == (
        "r00 urban: enterprises need 360 people of oil, its share gives 120; 240 shifted from other livelihoods",
    )
    # the 15 farmers are below 20: they join the largest adult group, and the record says so
    assert [tuple(m) for m in cells.merged] == [(0, 1, -1, 15)]
    assert cells.residuals[-1].max_abs_people == 15
    assert "merged" in cells.residual_table()


def test_an_enterprise_may_employ_everyone_and_no_more() -> None:
    cells = build_cells(one_place(workforce=(600,)))
    assert cells.by_place("livelihood")[0].tolist() == [600, 0, 0, 0, 100, 300]
    with pytest.raises(ValueError, match="enterprises need 601 people, 600 are of working age"):
        build_cells(one_place(workforce=(601,)))


def test_a_place_part_urban_part_rural_has_both_mixes() -> None:
    cells = build_cells(one_place(urban=0.5, workforce=(10,)))
    check_exact(one_place(urban=0.5, workforce=(10,)), cells)
    assert cells.by_place("livelihood")[0].tolist() == [75, 195, 270, 60, 100, 300]


def test_tables_that_contradict_each_other_are_refused() -> None:
    case = one_place()
    case.tables["places"].columns["population_people"] = np.array([1001])
    with pytest.raises(ValueError, match=r"region r00: places hold 1001 people, age_sex.csv 1000"):
        build_cells(case)


@pytest.mark.parametrize("factor", [0.0, -1.0, np.nan, np.inf])
def test_scales_that_mean_nothing_are_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="people scale"):
        scale(build_cells(one_place()), factor)


def test_a_village_keeps_one_adult_at_any_scale() -> None:
    cells = scale(build_cells(one_place()), 1e-6)
    assert cells.people == 1
    assert cells.age.tolist()[0] > 0


def test_a_country_is_built_in_well_under_a_second() -> None:
    case = make_case(places=250, regions=20, mean_people=45_000, enterprises=60)
    build_cells(make_case())
    start = time.perf_counter()
    cells = build_cells(case)
    assert time.perf_counter() - start < 0.6
    assert cells.people == case.tables["places"].column("population_people").sum()


@pytest.mark.parametrize("name", ["tiny", "kazakhstan-2022"])
def test_bundled_case(name: str) -> None:
    if name not in bundled_cases():
        pytest.skip(f"no bundled case {name}")
    case = load(name)
    cells = build_cells(case)
    check_exact(case, cells)
    check_shape(cells)
    assert cells.people == case.population_people
    print(cells.residual_table())
    by_name = {r.marginal: r for r in cells.residuals}
    assert by_name["place x community"].max_abs_people < 5
    assert cells.notes or by_name["region x settlement x livelihood"].max_abs_people < 20
    check_shape(scale(cells, 0.05))
