"""The responsive government: the ladder hour by hour, alone and in whole runs, on disk and along a branch."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groundswell as gs
from domains.harness import CABINET, HARBOUR, PRICE, Bench, case_with, crowd, pinned, tiny
from groundswell.case import CaseError
from groundswell.domains.state.government import head_of
from groundswell.engine.rates import HEADS
from groundswell.play.apply import change_measures, govern
from groundswell.play.change import Change
from groundswell.play.folder import Request, perform
from groundswell.play.plan import Plan
from groundswell.play.run import prepare
from groundswell.world.world import World, build

RESTLESS = pinned() | {"joining.theta": 7.0}


def responsive() -> World:
    return govern(tiny(), "responsive")


def bench(world: World | None = None, **settings: float) -> Bench:
    given = {f"government.{k}": v for k, v in settings.items()}
    return Bench("government", "measures", world=world or responsive(), settings=given)


def rung(b: Bench, name: str) -> int:
    return b.w.ladder.id.index(name)


COAST, VALLEY = [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]


# -- the ladder, hour by hour --------------------------------------------------------------------------------


def test_a_region_with_a_crowd_gets_its_cordon_after_the_delay_and_for_its_time():
    b = bench()
    s = b.step(0, on_street=crowd(harbour=150, flare=60))  # 210 on the coast; the cordon asks for 200
    r = rung(b, "cordon")
    assert s.rung_start[r] == 2
    np.testing.assert_array_equal(s.rung_place[r], [2, 2, 2, np.nan, np.nan, np.nan])
    assert s.rung_standing[r] == 0
    assert not s.posture.any()
    assert not b.step(1, on_street=0).posture.any()
    s = b.step(2)
    assert s.posture.tolist() == COAST
    assert s.rung_standing[r] == 3
    assert b.step(25).posture.tolist() == COAST
    assert not b.step(26).posture.any()  # 24 hours are over, and nobody is out
    assert b.s.rung_standing[r] == 0


def test_a_rung_that_has_run_out_is_taken_again_if_its_trigger_holds():
    b = bench()
    b.step(0, on_street=crowd(harbour=300))
    for hour in range(1, 26):
        b.step(hour)
    assert b.s.rung_place[rung(b, "cordon"), HARBOUR] == 2
    b.step(26)
    assert b.s.rung_place[rung(b, "cordon"), HARBOUR] == 28
    assert not b.step(27).posture.any()
    assert b.step(28).posture.tolist() == COAST


def test_a_promise_then_a_cut_a_day_after_and_both_for_good():
    b = bench()
    s = b.step(30, on_street=crowd(harbour=600))  # the price has doubled to 80 by then
    assert s.price[HARBOUR] == 80
    for hour in range(31, 42):
        b.step(hour, on_street=0)
    assert b.s.offer[HARBOUR, PRICE] == 0
    s = b.step(42)
    assert s.offer[HARBOUR, PRICE] == pytest.approx(0.6 * 0.428449, rel=2e-5)  # 60 promised, see measures
    assert s.promised_price[HARBOUR] == 60
    b.step(65)
    assert b.s.price[HARBOUR] == 80
    s = b.step(66)  # 24 hours after the promise acted
    assert s.price.tolist() == [50, 50, 50, 40, 40, 40]
    s = b.step(200, on_street=crowd(harbour=600))
    assert s.rung_place[rung(b, "offer"), HARBOUR] == 42  # not promised a second time
    assert s.price[HARBOUR] == 50
    assert s.committed_usd[HEADS.index("price")] == 10000 + 30000


def test_a_rung_for_the_nation_looks_at_the_sum():
    b = bench()
    r = rung(b, "dismissal")
    s = b.step(0, on_street=crowd(harbour=60, flare=60, milltown=49))  # a crowd has 50
    assert np.isnan(s.rung_start[r])
    s = b.step(1, on_street=crowd(harbour=60, flare=60, milltown=50))
    assert s.rung_start[r] == 13
    for hour in range(2, 14):
        s = b.step(hour)
    assert (s.offer[:, CABINET] == 1).all()


def test_sites_that_are_lost_bring_the_curfew():
    b = bench()
    s = b.step(0, sites_lost=[0, 0, 0, 0, 1, 0])
    assert np.flatnonzero(~np.isnan(s.rung_start)).tolist() == [rung(b, "curfew")]
    assert b.step(1).curfew.tolist() == VALLEY


def test_the_other_triggers(tmp_path):
    def ladder(rows):
        plain = {**rows[1], "replaces": "", "scope": "triggering", "delay_h": "0", "duration_h": "1"}
        new = [
            {**plain, "rung": kind, "kind": "curfew", "value": "", "unit": "", "trigger": kind, "threshold": "2"}
            for kind in ("fighting", "dead", "refusing")
        ]
        return [*rows, *new]

    w = govern(build(case_with(tmp_path / "c", {"ladder.csv": ladder})), "responsive")

    def taken(**values) -> dict[str, list[int]]:
        s = bench(w).step(0, **values)
        names = ("fighting", "dead", "refusing")
        return {n: np.flatnonzero(~np.isnan(s.rung_place[w.ladder.id.index(n)])).tolist() for n in names}

    place = {"unit_place": w.units.place}
    assert taken(**place) == {"fighting": [], "dead": [], "refusing": []}
    assert taken(fighting=crowd(harbour=1, flare=1), **place)["fighting"] == [0, 1, 2]
    assert taken(dead_so_far=crowd(milltown=2), **place)["dead"] == [3, 4, 5]
    refusal = np.zeros(len(w.units.id))
    refusal[[w.units.id.index("police-harbour"), w.units.id.index("police-milltown")]] = 1
    assert taken(refusal=refusal, **place)["refusing"] == []  # one on the coast, one in the valley
    refusal[w.units.id.index("police-fields")] = 2
    assert taken(refusal=refusal, **place)["refusing"] == [3, 4, 5]


def test_a_softer_order_is_not_given_where_a_harder_one_stands():
    b = bench()
    s = b.step(0, on_street=crowd(harbour=300, milltown=300), posture=[2, 0, 1, 0, 5, 0])
    # Harbour has batons and Orchard live fire already
    np.testing.assert_array_equal(np.isnan(s.rung_place[rung(b, "cordon")]), [1, 0, 0, 0, 1, 0])


def test_patience_and_slowness_are_factors():
    b = bench(threshold_factor=2.0, delay_factor=3.0)
    r = rung(b, "cordon")
    assert np.isnan(b.step(0, on_street=crowd(harbour=399)).rung_start[r])
    assert b.step(1, on_street=crowd(harbour=400)).rung_start[r] == 1 + 6


def test_a_small_world_is_measured_at_its_scale():
    b = bench(govern(build(tiny().case, 0.1), "responsive"))
    assert b.step(0, on_street=crowd(harbour=20)).rung_start[rung(b, "cordon")] == 2
    b = bench(govern(build(tiny().case, 0.1), "responsive"))
    assert np.isnan(b.step(0, on_street=crowd(harbour=19)).rung_start[rung(b, "cordon")])


def test_who_has_lost_the_presidency_orders_nothing():
    b = bench()
    s = b.step(0, on_street=crowd(harbour=3000), sites_lost=1.0, presidency=-1.0)
    assert np.isnan(s.rung_start).all()
    assert s.rung_changes == 0


def test_heads_of_kinds():
    kinds = ("price_cut", "price_cap", "pay_rise", "currency_defence", "network_cut", "jamming", "curfew", "redeploy")
    heads = ["price", "price", "pay", "currency", "network", "network", "forces", "forces"]
    assert [HEADS[head_of(k)] for k in kinds] == heads


# -- part by the record, part by the ladder ------------------------------------------------------------------


def test_a_live_rung_follows_the_recorded_measure_of_the_rung_before():
    w = change_measures(tiny(), {"fuel-price-cut": "respond"})
    b = bench(w)
    assert np.flatnonzero(w.rung_live).tolist() == [rung(b, "cut")]
    b.step(60)
    assert np.isnan(b.s.rung_start[rung(b, "cut")])
    s = b.step(61)  # 3 March 12:00 on the coast: the recorded promise, which the cut is to follow by 24 hours
    assert np.isnan(s.rung_start[rung(b, "cut")])
    b.step(84)
    assert b.s.price[HARBOUR] == 80
    s = b.step(85)
    assert s.rung_start[rung(b, "cut")] == 85
    assert s.price.tolist() == [50, 50, 50, 40, 40, 40]


def test_what_the_record_still_does_is_not_done_twice():
    """Since noon of 3 March responsive: promise and cordon of that morning stand as recorded."""
    w = govern(tiny(), "responsive", 65.0)
    assert {"fuel-offer", "harbour-cordon", "governor-appeal"} <= {m.id for m in w.measures}
    assert not {"fuel-price-cut", "coast-curfew"} & {m.id for m in w.measures}
    b = bench(w)
    s = b.step(66, on_street=crowd(harbour=2000))
    assert np.isnan(s.rung_place[rung(b, "offer")])[:3].all()
    # Harbour has its recorded cordon; the other places of the coast have none
    np.testing.assert_array_equal(np.isnan(s.rung_place[rung(b, "cordon")]), [1, 0, 0, 1, 1, 1])
    b.step(85)
    assert b.s.price[HARBOUR] == 50  # a day after the recorded promise


# -- properties ----------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 33), min_size=6, max_size=6), st.integers(1, 40))
def test_no_trigger_no_measure(people, hours):
    """Fewer than 100 in a region, fewer than three places with a crowd, no site lost."""
    people = [min(p, 33) for p in people]
    b = bench()
    for hour in range(hours):
        s = b.step(hour, on_street=people)
    assert s.rung_changes == 0
    assert np.isnan(s.rung_place).all()
    assert not s.committed_usd.any()
    assert not s.rung_standing.any()
    for name in ("posture", "curfew", "appeal"):
        assert not getattr(s, name).any(), name


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 900), min_size=6, max_size=6), st.lists(st.integers(0, 900), min_size=6, max_size=6))
def test_a_larger_crowd_never_calls_for_less(people, more):
    a, b = bench(), bench()
    one = a.step(0, on_street=people).rung_place
    two = b.step(0, on_street=np.add(people, more)).rung_place
    assert (np.isnan(one) | ~np.isnan(two)).all()


def test_every_rung_of_the_case_can_be_taken_and_acts():
    w = govern(build(gs.load("kazakhstan-2022"), 0.001), "responsive")
    b = bench(w, delay_factor=0.5)
    assert w.rung_live.all()
    people = np.full(w.places, 100_000)
    for hour in range(400):
        s = b.step(hour, on_street=people, fighting=people, dead_so_far=people, sites_lost=5.0)
    assert not np.isnan(s.rung_start).any()
    assert s.rung_standing.max() == w.places
    for name in ("emergency", "curfew", "capped", "pay_decreed"):
        assert getattr(s, name).any(), name
    for name in ("purge", "head_arrested", "appeal", "patron_out"):
        assert getattr(s, name) == 1, name


# -- cost of an hour -----------------------------------------------------------------------------------------


def seconds(b: Bench, steps: int, **values) -> float:
    b.step(0, **values)
    now = b.now(1)
    best = np.inf
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(steps):
            for m in b.mechanisms:
                m.step(now)
        best = min(best, (time.perf_counter() - began) / steps)
    return best


def test_a_scripted_government_costs_nothing():
    b = Bench("government", "measures")
    assert seconds(b, 200) < 50e-6
    assert np.isnan(b.s.rung_place).all()


# -- whole runs ----------------------------------------------------------------------------------------------


def run(**kwargs):
    kwargs["set"] = RESTLESS | kwargs.pop("set", {})
    return gs.run(tiny().case, world=kwargs.pop("world", tiny()), **kwargs)


def taken(r) -> list[str]:
    s = r.simulation.state
    return [n for n, h in zip(r.simulation.world.ladder.id, s.rung_start, strict=True) if not np.isnan(h)]


@pytest.fixture(scope="module")
def reacted():
    return run(government="responsive")


def test_scripted_is_the_default_and_takes_no_rung():
    a, b = run(), run(government="scripted")
    assert a.summary["digest"] == b.summary["digest"]
    assert not taken(a)
    assert a.plan.change.government == "scripted"


def test_a_responsive_government_acts_on_what_happens(reacted):
    assert {"calm-words", "cordon", "offer", "cut"} <= set(taken(reacted))
    hourly, place = reacted.recorder.hourly, reacted.simulation.state.rung_place
    ladder = reacted.simulation.world.ladder
    r = ladder.id.index("cordon")
    coast = hourly["on_street"][:, :3].sum(axis=1)
    first = int(np.flatnonzero(coast >= 200)[0])  # seen at the beginning of the hour after
    begins = int(np.flatnonzero(hourly["rung_standing"][:, r] > 0)[0])
    assert begins == first + 1 + ladder.delay_h[r]
    assert (hourly["posture"][begins, :3] >= 1).all()
    assert not np.isnan(place[r, HARBOUR])


def test_without_the_cause_the_ladder_is_not_climbed(reacted):
    """Leave out one measure and let the rest react: no price step, no crowd, nothing ordered."""
    calm = {"joining.theta": 12.4}
    without = run(government="responsive", measures={"fuel-price-freed": "none"}, set=calm)
    assert not taken(without)
    assert without.recorder.hourly["posture"].max() == 0
    assert taken(reacted)


def test_one_measure_may_be_left_to_the_ladder():
    record, left = run(), run(measures={"harbour-cordon": "respond"})
    assert taken(left) == ["cordon"]
    begins = [int(np.flatnonzero(r.recorder.hourly["posture"][:, HARBOUR] > 0)[0]) for r in (record, left)]
    assert begins[0] == 57  # 3 March 08:00 on the coast
    assert begins[1] != begins[0]
    other = [m.id for m in left.simulation.world.measures]
    assert "harbour-cordon" not in other
    assert "fuel-offer" in other


def test_a_plan_keeps_its_government():
    plan = Plan("tiny", Change(government="responsive"), governed_since_h=12.0)
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_another_mode_is_refused_with_every_other_mistake():
    with pytest.raises(CaseError) as error:
        prepare(Plan("tiny", Change(government="wise"), seed=-1), tiny().case, world=tiny())
    assert {p.file for p in error.value.problems} == {"--government", "--seed"}
    assert "scripted, responsive" in str(error.value)


# -- on disk -------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    """Runs on disk without their report page, which is tested elsewhere."""
    monkeypatch.setattr("groundswell.play.folder.report_data", lambda r: None)
    monkeypatch.setattr(
        "groundswell.play.folder.write_report", lambda data, path: Path(path).write_text("", encoding="utf-8")
    )


def ask(out: Path, **kwargs) -> tuple[Path, dict]:
    kwargs.setdefault("set", tuple(f"{k}={v}" for k, v in RESTLESS.items()))
    return perform(Request(kwargs.pop("case", "tiny"), out=out, quiet=True, **kwargs))


def test_a_responsive_run_is_resumed_and_branched_to_the_bit(tmp_path, quick, monkeypatch, reacted):
    from groundswell.engine.simulation import Simulation

    folder, whole = ask(tmp_path / "whole", government="responsive")
    assert whole["digest"] == reacted.summary["digest"]
    assert whole["plan"]["change"]["government"] == "responsive"
    advance = Simulation.advance

    def stop(self, *parts) -> None:
        if self.step == 80:
            raise RuntimeError
        advance(self, *parts)

    with monkeypatch.context() as m, pytest.raises(RuntimeError):
        m.setattr(Simulation, "advance", stop)
        ask(tmp_path / "cut", government="responsive")
    _, again = perform(Request("", resume=tmp_path / "cut", quiet=True))
    assert again["digest"] == whole["digest"]
    branch = f"{folder}@2030-03-04T05:00"
    _, same = ask(tmp_path / "b", case="", set=(), branch=branch)
    assert same["digest"] == whole["digest"]
    assert same["plan"]["change"]["government"] == "responsive"


def test_a_branch_may_turn_responsive_and_keeps_what_had_begun(tmp_path, quick):
    folder, whole = ask(tmp_path / "whole")
    branch = f"{folder}@2030-03-04T05:00"
    out, turned = ask(tmp_path / "b", case="", set=(), branch=branch, government="responsive")
    assert turned["plan"]["governed_since_h"] == 77.0
    assert turned["digest"] != whole["digest"]
    import xarray as xr

    a, b = (xr.open_zarr(f / "history.zarr", consolidated=False).load() for f in (folder, out))
    np.testing.assert_array_equal(a["posture"][:77], b["posture"][:77])
    np.testing.assert_array_equal(a["price"][:77], b["price"][:77])
    assert float(b["posture"][78, HARBOUR]) >= 1  # the recorded cordon is not taken away
    _, back = ask(tmp_path / "again", case="", set=(), branch=f"{out}@2030-03-05T05:00")
    assert back["digest"] == turned["digest"]


def test_the_command_takes_a_mode_and_measures_left_to_the_ladder(tmp_path):
    import subprocess
    import sys

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "groundswell", "run", "tiny", "--until", "2030-03-02T00:00", *words]
        return subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, check=False)

    done = command("--government", "responsive", "--measure", "fuel-offer=none", "--json", "--no-report")
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)["plan"]["change"]
    assert (plan["government"], plan["measures"]) == ("responsive", {"fuel-offer": "none"})
    wrong = command("--government", "wise", "--measure", "fuel-price-freed=respond")
    assert wrong.returncode == 2
    for word in ("--government", "responsive", "--measure", "fuel-offer", "harbour-cordon"):
        assert word in wrong.stderr, word
    assert "Traceback" not in wrong.stderr
