"""The market of the item at issue against numbers worked out by hand; that it clears; that nobody reads it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import groundswell as gs
from domains.harness import DUNES, FLARE, HARBOUR, MILLTOWN, Bench, case_with, tiny
from groundswell.domains import all_mechanisms
from groundswell.domains.extras.fuel_market import FuelMarket
from groundswell.engine.priors import Fixed
from groundswell.observe.outcomes import Asked
from groundswell.play.apply import with_data
from groundswell.play.change import Cells
from groundswell.world.world import build

# The fire of 1 February has half of its loss left after 28 days; flare, 20 km off, leaks with a power of 1.
SETTINGS = {
    "fuel_market.at_par": 1.0,
    "fuel_market.elasticity_abroad": 0.5,
    "fuel_market.elasticity_home": 1.0,
    "fuel_market.repair_months": 28 * 24 / 730.5,
    "fuel_market.leak_rate": math.e,
    "fuel_market.reach_km": 20.0,
    "fuel_market.exports": 0.5,
    "fuel_market.export_cut": 0.0,
    "fuel_market.seal": 0.0,
}
ABROAD = 67.8858
"""40 * 1.4 / (1 - (1 - 1.5**-0.5) / 2)**2: demand risen, half of the fire's loss repaired."""


def bench(world=None, **own: float) -> Bench:
    return Bench("fuel_market", world=world, settings=SETTINGS | {f"fuel_market.{k}": v for k, v in own.items()})


def one_more(tmp_path: Path, kind: str, share: str):
    """The tiny case with one more event, complete a month before the start."""

    def add(rows):
        row = {**rows[0], "event": "more", "kind": kind, "change_share": share}
        return [*rows, {**row, "from_local": "2030-01-05T00:00", "full_local": "2030-02-01T00:00"}]

    return build(case_with(tmp_path / "c", {"market.csv": add}))


def test_the_eve_by_hand():
    s = bench().s
    stays = 40.0 / ABROAD
    assert s.fuel_short_eve[FLARE] == pytest.approx(1 - stays, rel=1e-5)
    assert s.fuel_short_eve[HARBOUR] == pytest.approx(1 - stays ** math.exp(-2), rel=1e-5)  # 60 km: e * e**-3
    assert s.fuel_short_eve[MILLTOWN] == 0  # no border is known there
    assert s.clearing_price_eve[FLARE] == pytest.approx(math.sqrt(40 * ABROAD), rel=1e-5)
    assert s.clearing_price_eve[MILLTOWN] == pytest.approx(40)


def test_a_price_above_that_abroad_ends_the_leak_and_a_cap_brings_it_back():
    b = bench()
    s = b.step(0, price=80.0)
    assert (s.fuel_leak == 0).all() and (s.fuel_short == 0).all()
    assert s.price_abroad == pytest.approx(ABROAD, rel=1e-5)
    assert s.clearing_price[FLARE] == pytest.approx(math.sqrt(40 * ABROAD), rel=1e-5)  # whatever the price is
    s = b.step(24, price=20.0)  # half the old price: twice the demand
    assert s.fuel_short[MILLTOWN] == pytest.approx(0.5)
    abroad = 56 / (1 - (1 - 1.5**-0.5) * 2 ** (-29 / 28)) ** 2
    assert s.price_abroad == pytest.approx(abroad)
    assert s.fuel_leak[FLARE] == pytest.approx(1 - 20 / abroad)
    assert s.fuel_short[FLARE] == pytest.approx(1 - 20 / abroad / 2)


def test_without_measures_the_price_before_the_start_stands():
    b = bench()
    s = b.step(0, price=0.0)
    assert (s.fuel_short == s.fuel_short_eve).all()


def test_gas_that_is_not_exported_is_sold_at_home():
    s = bench(export_cut=0.2).s  # a fifth of exports that are half as large as use at home
    assert s.clearing_price_eve[MILLTOWN] == pytest.approx(40 / 1.1)
    assert s.fuel_short_eve[FLARE] == pytest.approx(1 - 1.1 * 40 / ABROAD, rel=1e-5)


def test_a_sealed_border_keeps_all_and_half_a_seal_half_the_power():
    assert (bench(seal=1.0).s.fuel_short_eve == 0).all()
    assert bench(seal=0.5).s.fuel_short_eve[FLARE] == pytest.approx(1 - math.sqrt(40 / ABROAD), rel=1e-5)


def test_demand_at_home_and_the_currency(tmp_path):
    s = bench(one_more(tmp_path / "a", "demand_risen_home", "0.25")).s
    assert s.fuel_short_eve[MILLTOWN] == pytest.approx(0.2)
    assert s.clearing_price_eve[MILLTOWN] == pytest.approx(50)
    s = bench(one_more(tmp_path / "b", "currency_fallen", "0.25")).s
    assert s.fuel_short_eve[FLARE] == pytest.approx(1 - 40 / ABROAD / 1.25, rel=1e-5)


def test_an_event_grows_evenly():
    b = bench()
    f = b.mechanisms[0]
    at = -24.0 * 40  # 20 January: a third of the way from 10 January to 9 February; no fire yet
    assert f._at(at, f.before)[3] == pytest.approx(40 * (1 + 0.4 / 3))
    assert f._at(-24.0 * 51, f.before)[3] == pytest.approx(40)


def test_no_table_no_market(tmp_path):
    for name in ("market.csv", "borders.csv"):
        w = build(case_with(tmp_path / name, {name: lambda rows: []}))
        s = bench(w).step(0, price=40.0)
        assert (s.fuel_short == 0).all() and (s.fuel_short_eve == 0).all() and (s.fuel_leak == 0).all()
        there = name == "borders.csv"  # prices move, and nobody is near
        assert np.isnan(s.clearing_price).all() != there and np.isnan(float(s.price_abroad)) != there


@pytest.mark.parametrize("seed", range(20))
def test_at_the_clearing_price_nothing_is_short_and_below_it_something_is(seed):
    rng = np.random.default_rng(seed)
    drawn = {k: float(v) for k, v in zip(SETTINGS, np.exp(rng.normal(0, 0.7, len(SETTINGS))), strict=True)}
    drawn |= {"fuel_market.reach_km": 30.0, "fuel_market.export_cut": float(rng.random()), "fuel_market.seal": 0.1}
    b = Bench("fuel_market", settings=drawn)
    clears = b.step(0, price=40.0).clearing_price.copy()
    assert np.allclose(b.step(24, price=clears).fuel_short, 0, atol=0.02)  # a day later: the fire's loss is less
    b = Bench("fuel_market", settings=drawn)
    assert np.allclose(b.step(0, price=clears).fuel_short, 0, atol=1e-9)
    below = b.step(0, price=0.9 * clears).fuel_short
    assert (below > 0.001).all() and (below < 1).all()
    assert (b.step(0, price=1.1 * clears).fuel_short == 0).all()


@pytest.mark.parametrize("seed", range(10))
def test_nearer_places_and_wider_gaps_are_shorter(seed):
    rng = np.random.default_rng(seed)
    b = bench(leak_rate=float(rng.uniform(0.1, 3)), reach_km=float(rng.uniform(10, 300)))
    short = b.s.fuel_short_eve
    assert short[FLARE] > short[HARBOUR] > short[DUNES] > short[MILLTOWN] == 0
    no_fire = with_data(tiny(), [Cells("market", "change_share", {"event": ["northland-fire"]}, to=0.0)])
    assert (bench(no_fire, leak_rate=b.p["fuel_market"].leak_rate).s.fuel_short_eve[:3] < bench(
        leak_rate=b.p["fuel_market"].leak_rate).s.fuel_short_eve[:3]).all()  # fmt: skip


def test_nobody_reads_it():
    """A run has the same people and prices with the market on, off, or sealed, to the bit."""
    own = {v.name for v in all_mechanisms()["fuel_market"].writes}
    on, off, sealed = (
        gs.run("tiny", seed=3, **x) for x in ({}, {"off": ["fuel_market"]}, {"set": {"fuel_market.seal": 1.0}})
    )
    assert on.recorder.hourly["fuel_short_eve"].max() > 0
    for other in (off, sealed):
        for kept, theirs in ((on.recorder.hourly, other.recorder.hourly), (on.recorder.daily, other.recorder.daily)):
            assert kept.keys() == theirs.keys()
            for name in kept.keys() - own:
                np.testing.assert_array_equal(kept[name], theirs[name], name)


def test_outcomes_weigh_by_users():
    run = gs.run("tiny", until="2030-03-02T06:00")
    w, eve = run.simulation.world, run.recorder.hourly["fuel_short_eve"][0]
    users = w.people * w.exposure("fuel")
    assert Asked("fuel_short_eve").value(run.reading) == pytest.approx(np.average(eve, weights=users), rel=1e-5)
    assert Asked("fuel_short_eve", ("flare",)).value(run.reading) == pytest.approx(eve[FLARE], rel=1e-6)
    assert Asked("clearing_price_eve", ("milltown",)).value(run.reading) == pytest.approx(40)
    first = Asked("fuel_short", ("flare",), end="2030-03-02T00:00").value(run.reading)
    assert first == pytest.approx(eve[FLARE], rel=0.01)  # at 40 the day before the price is freed
    assert Asked("fuel_short", ("flare",), start="2030-03-02T00:00").value(run.reading) == 0  # at 80
    off = gs.run("tiny", until="2030-03-02T00:00", off=["fuel_market"]).reading
    assert np.isnan(Asked("clearing_price").value(off)) and Asked("fuel_short").value(off) == 0


@pytest.mark.parametrize("elasticity", [0.1, 0.3, 0.6])
def test_in_kazakhstan_the_price_abroad_doubles_at_any_elasticity(elasticity):
    w = build(gs.load("kazakhstan-2022"))
    own_money = with_data(w, [Cells("market", "change_share", {"kind": ["currency_fallen"]}, to=0.0)])
    f = bench(own_money, elasticity_abroad=elasticity).mechanisms[0]
    accident = f.market.from_h[f.market.id.index("novy-urengoy")]
    assert f._at(accident, f.before)[3] == pytest.approx(100, rel=1e-3)
    alone = with_data(own_money, [Cells("market", "change_share", {"event": ["novy-urengoy"]}, to=0.0)])
    g = bench(alone, elasticity_abroad=elasticity).mechanisms[0]
    assert g._at(accident, g.before)[3] == pytest.approx(50 * math.sqrt(2), rel=1e-3)
    assert f._at(accident + 28 * 24, f.before)[3] < 100  # for a short time


def test_in_kazakhstan_the_way_to_the_border_is_plausible():
    w = build(gs.load("kazakhstan-2022"))
    km = dict(zip(w.place_id, w.market.border_km, strict=True))
    assert np.isfinite(w.market.border_km).all()
    assert max(km["oral"], km["petropavl"], km["semey"]) < 60 < km["aktobe"] < km["atyrau"] < km["aktau"] < 400
    assert min(km["shymkent-abay"], km["taraz"]) > 1000 > km["almaty-alatau"] > 700


def test_over_the_priors_the_answers_lie_where_the_claims_and_the_limits_say():
    """Ranges told in the notes of CC094 to CC096 and in docs/limits.md, from fewer draws and so roughly."""
    w = build(gs.load("kazakhstan-2022"))
    no_accident = with_data(w, [Cells("market", "change_share", {"event": ["novy-urengoy"]}, to=0.0)])
    users, near = w.market.users, w.in_scope("aty;zap;akt;kus;sev;pav;vos")
    b, rng = Bench(world=w), np.random.default_rng(7)
    free = [i for i in FuelMarket.parameters() if not isinstance(i.prior, Fixed)]

    def eve(world, values) -> tuple[float, float, float]:
        FuelMarket(world, b.s, FuelMarket.Parameters(**values), 1)
        short, clears = b.s.fuel_short_eve, b.s.clearing_price_eve
        return (
            np.average(short[near], weights=users[near]), np.average(short, weights=users),
            np.average(clears, weights=users),
        )  # fmt: skip

    found = []
    for _ in range(300):
        values = {i.name: i.prior.quantile(rng.random()) for i in free}
        here, all_of_it, clears = eve(w, values)
        found.append((
            here - eve(w, values | {"seal": 1.0})[0], all_of_it - eve(no_accident, values)[1],
            clears - eve(w, values | {"export_cut": 0.1})[2], clears,
        ))  # fmt: skip
    falls = np.array(found)
    assert (falls >= 0).all()
    low, high = np.quantile(falls, [0.025, 0.975], axis=0)
    assert low == pytest.approx([0.0, 0.0, 1.6, 54], rel=0.3, abs=1e-3)
    assert high == pytest.approx([0.44, 0.046, 36, 87], rel=0.3)
    assert (falls[:, :3] >= [0.05, 0.01, 10]).mean(axis=0) == pytest.approx([0.51, 0.27, 0.37], abs=0.1)
    assert eve(w, {})[2] == pytest.approx(62, abs=0.5)
