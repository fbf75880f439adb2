"""What sets people in motion need not be a price: a law or an arrest, against numbers worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import groundswell as gs
from domains.harness import CABINET, HARBOUR, ORCHARD, PRICE, Bench, Rows, case_with, tiny, without
from groundswell.case import Case
from groundswell.world.world import build

ADULTS = tiny().adults
VALLEY = np.array([0, 0, 0, 1, 1, 1])
SHARED = {"spark.shared": 0.4}
ON_PRICES = without(lambda r: r["kind"].startswith("price_"))


def law(**more: str) -> dict[str, str]:
    """A law on the millers, who are a quarter of the people of every place; it counts as a price up by 0.7 in logs."""
    row = dict.fromkeys(("item", "communities", "livelihoods"), "")
    row |= {"issue": "tongue", "kind": "law", "raised_by": "tongue-law", "communities": "millers", "size": "0.7"}
    return row | {"demand": "cabinet", "statement": "A law.", "source": "invented", "state": "assumed"} | more


def passed(rows: Rows, scope: str = "valley") -> Rows:
    """The measures with the law, in force from 6 in the morning of the second day in the valley: hour 30."""
    row = {**rows[0], "measure": "tongue-law", "kind": "other", "scope": scope, "value": "", "unit": "", "version": ""}
    return [*rows, row | {"start_local": "2030-03-02T06:00", "end_local": "2030-03-02T07:00"}]


def with_issues(folder: Path, *issues: dict[str, str], price: bool = True, scope: str = "valley") -> Case:
    """The tiny case with more issues; without a price of fuel at issue, and what is about it, unless told."""
    keep = (lambda rows: rows) if price else ON_PRICES
    none = {} if price else {"market.csv": lambda _: [], "ladder.csv": keep}
    edits = {"measures.csv": lambda rows: passed(keep(rows), scope), **none}
    return case_with(folder, edits | {"issues.csv": lambda rows: [*(rows if price else []), *issues]})


def grievance(b: Bench) -> np.ndarray:
    return b.s.spark + b.s.spark_ahead


def test_a_law_moves_those_whom_it_concerns_where_it_acts_and_others_by_the_country(tmp_path):
    b = Bench("measures", "spark", world=build(with_issues(tmp_path / "c", law(), price=False)), settings=SHARED)
    b.step(29, relief=1.0, heating_need=1.0)
    assert not grievance(b).any()
    b.step(30, relief=1.0, heating_need=1.0)
    mean = 0.25 * np.average(VALLEY, weights=ADULTS)
    # 15 * 0.7 = 10.5; in the valley 0.6 * 0.25 = 0.15 of one's own
    assert grievance(b) == pytest.approx(10.5 * (0.15 * VALLEY + 0.4 * mean), rel=2e-3)
    assert b.s.stake == pytest.approx(np.ones(6), rel=2e-3)  # a quarter everywhere: it concerns all places alike
    before = grievance(b)
    b.step(31, relief=1.0, heating_need=1.0)
    assert (grievance(b) < before).all()  # it is raised once


def test_an_issue_of_a_livelihood_concerns_its_share_of_the_people(tmp_path):
    trade = law(communities="", livelihoods="trade;farming")
    w = build(with_issues(tmp_path / "c", trade, price=False, scope="*"))
    kinds = [w.livelihood_id.index(x) for x in ("trade", "farming")]
    share = w.composition[0][:, kinds].sum(axis=1) / w.people
    assert w.concern == pytest.approx(share) and 0 < share[HARBOUR] < 1 and share[ORCHARD] != share[HARBOUR]
    b = Bench("measures", "spark", world=w, settings={"spark.shared": 0.0})
    b.step(30, relief=1.0, heating_need=1.0)
    assert grievance(b) == pytest.approx(10.5 * share)


def test_a_price_and_an_arrest_add_up(tmp_path):
    arrest = law(issue="arrest", kind="arrest", communities="", size="0.2")
    w = build(with_issues(tmp_path / "c", arrest))
    both, alone = (Bench("measures", "spark", world=x, settings=SHARED) for x in (w, tiny()))
    for b in (both, alone):
        for hour in range(24, 31):
            b.step(hour, relief=1.0, heating_need=1.0)
    mean = np.average(VALLEY, weights=ADULTS)
    more = grievance(both) - grievance(alone)
    assert more == pytest.approx(3.0 * (0.6 * VALLEY + 0.4 * mean))
    assert grievance(alone)[HARBOUR] > 0


def test_kinds_of_measures_can_raise_an_issue_and_each_does(tmp_path):
    w = build(with_issues(tmp_path / "c", law(raised_by="curfew;tongue-law", communities="")))
    assert w.issues.raised("coast-curfew", "curfew").tolist() == [False, True]
    assert w.issues.raised("tongue-law", "other").tolist() == [False, True]
    assert not w.issues.raised("fuel-price-freed", "price_step").any()


def test_a_rung_that_the_government_takes_raises_an_issue_where_it_acts(tmp_path):
    w = build(with_issues(tmp_path / "c", law(raised_by="curfew", communities="")))
    b = Bench("measures", "spark", world=w, settings={"spark.shared": 0.0})
    b.step(4, relief=1.0, heating_need=1.0)
    taken = np.full((len(w.ladder.id), w.places), np.nan)
    taken[w.ladder.id.index("curfew"), HARBOUR] = 5.0
    b.step(5, relief=1.0, heating_need=1.0, rung_place=taken, rung_changes=1.0)
    assert grievance(b) == pytest.approx(10.5 * np.eye(6)[HARBOUR])
    before = grievance(b)
    b.step(6, relief=1.0, heating_need=1.0)
    assert not b.s.issue_raised.any() and (grievance(b) <= before).all()


def test_the_demand_that_an_issue_raises_is_the_one_that_most_come_out_over(tmp_path):
    b = Bench("demands", world=build(with_issues(tmp_path / "c", law(), price=False)))
    innovation = b.step(0).demand_innovation
    assert innovation[CABINET] == 0.5 and innovation[PRICE] == 0.002


def test_a_case_without_a_price_at_issue_runs_and_its_law_can_be_left_out(tmp_path):
    case = with_issues(tmp_path / "c", law(communities="", size="1.2"), price=False, scope="*")
    settings = {"until": "2030-03-04T00:00", "set": {"joining.theta": 7.0}, "people_scale": 0.1}
    run, reference = (gs.run(case, seed=2, engine=e, **settings) for e in ("fast", "reference"))
    out = run.history["on_street"].values
    np.testing.assert_array_equal(out, reference.history["on_street"].values)
    without_law = gs.run(case, seed=2, measures={"tongue-law": "none"}, **settings)
    assert out.sum() > 2 * without_law.history["on_street"].values.sum() > 0
    assert not without_law.history["spark"].any() and not run.history["price"].any()
    told = run.events.to_pylist()
    assert [(e["hour"], e["place"], e["subject"]) for e in told if e["kind"] == "issue"] == [(30.0, "*", "law: tongue")]


def test_a_case_without_any_issue_runs(tmp_path):
    case = with_issues(tmp_path / "c", price=False)
    (tmp_path / "c" / "issues.csv").unlink()
    case = gs.load(tmp_path / "c")
    assert not len(case.tables["issues"]) and (build(case).concern == 1).all()
    run = gs.run(case, until="2030-03-03T00:00", people_scale=0.1)
    assert not run.history["spark"].any()
