"""One change: read alike from options, tables and arguments; one set of checks; one sentence; a plan that keeps it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import groundswell as gs
from groundswell.case import Case, CaseError
from groundswell.play.apply import OPEN
from groundswell.play.change import as_options, from_texts, read_change
from groundswell.play.checks import Known, mistakes
from groundswell.play.folder import Request, perform
from groundswell.play.plan import Plan

TABLE = {
    "set": {"leaving.hazard": 0.4}, "off": ["news"], "measures": {"harbour-cordon": "none"}, "elements": ["smugglers"],
    "data": [{"table": "prices", "column": "price", "where": {"item": ["food", "fuel"]}, "times": 2}],
    "stay_home": ["coast"], "government": "responsive",
}  # fmt: skip
TEXTS = {
    "set": ("leaving.hazard=0.4",), "off": ("news",), "measure": ("harbour-cordon=none",), "element": ("smugglers",),
    "data": ("prices.price*=2 where item=food,fuel",), "stay_home": ("coast",), "government": "responsive",
}  # fmt: skip


@pytest.fixture(scope="module")
def tiny() -> Case:
    return gs.load("tiny")


def told(case: Case, **given) -> list[str]:
    change, wrong = read_change(given)
    return [str(p) for p in as_options([*wrong, *mistakes(change, Known(case))])]


def test_options_tables_and_arguments_give_the_same() -> None:
    change = gs.Change.of(**TABLE)
    assert from_texts(**TEXTS) == (change, []) and read_change(TABLE) == (change, [])
    assert gs.Change.of(**json.loads(json.dumps(change.to_json()))) == change
    assert change.words == (
        "leaving.hazard = 0.4; news off; measure harbour-cordon: none; element smugglers on; "
        "prices.price times 2 (item food or fuel); nobody comes out in coast; government responsive"
    )
    assert not gs.Change() and not gs.Change(at="2030-03-03T00:00") and change


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("offices.faction=court", "offices.faction = court"),
        ("prices.price = 3.5", "prices.price = 3.5"),
        (
            "places.renter_share=0.5 where region=coast and place=harbour,dunes",
            "places.renter_share = 0.5 (region coast, place harbour or dunes)",
        ),
    ],
)
def test_cells_are_read_from_a_text(text: str, words: str) -> None:
    change, wrong = from_texts(data=(text,))
    assert not wrong and change.words == words


def test_a_later_change_goes_before() -> None:
    first = gs.Change.of(set={"a.b": 1, "a.c": 1}, off=["news"], measures={"m": "none"}, government="scripted")
    later = gs.Change.of(set={"a.c": 2}, off=["news", "ties"], government="responsive")
    both = gs.Change.of(set={"a.b": 1, "a.c": 2}, off=["news", "ties"], measures={"m": "none"}, government="responsive")
    assert first.then(later) == both and first.then(gs.Change()) == first


def test_what_has_not_the_form_is_told_of_each_part_at_once() -> None:
    with pytest.raises(CaseError) as caught:
        gs.Change.of(set={"a.b": True}, off="news", measures=["x"], data=[{"row": 1}], at=3, wish=1, best=2)
    assert [p.file for p in caught.value.problems] == [
        "wish", "best", "--set", "--off", "--measure", "--data", "--at",
    ]  # fmt: skip
    _, wrong = from_texts(set=("a.b", "c.d=1", "c.d=2"), measure=("x",), data=("prices.price",))
    assert [where for where, *_ in wrong] == ["set.pair", "set.c.d", "measures.pair", "data"]


def test_every_part_is_checked_against_the_case(tiny: Case) -> None:
    found = told(
        tiny, set={"joining.theta": "nan"}, off=["newz"], measures={"moat": "none"}, elements=["plot"],
        stay_home=["moon"], data=[{"table": "prices", "column": "price", "to": -1}], government="wise",
        account="nobody",
    )  # fmt: skip
    options = ["--set", "--off", "--element", "--stay-home", "--measure", "--data", "--government", "--account"]
    assert [text.partition(":")[0] for text in found] == options
    assert "did you mean 'news'" in found[1] and "number above 0" in found[5]


def test_bounds_of_cells_are_those_of_the_tables(tiny: Case) -> None:
    """Whatever a column may hold in its file it may be changed to, and nothing else."""
    share = {"table": "places", "column": "renter_share"}
    assert (
        not told(tiny, data=[{**share, "to": 1}]) and "number from 0 to 1" in told(tiny, data=[{**share, "to": 2}])[0]
    )
    assert not told(tiny, data=[{"table": "forces", "column": "vehicles", "times": 0.3}])


def test_what_acts_from_a_time_shapes_no_past(tiny: Case) -> None:
    at = "2030-03-03T00:00"
    assert not told(tiny, set={"leaving.hazard": 0.4}, off=["news"], at=at)
    assert len(told(tiny, set={"valve.spread": 0.1}, off=["ties"], stay_home=["coast"], at=at)) == 3
    assert "after the start" in told(tiny, off=["news"], at="2029-01-01T00:00")[0]


def test_a_run_takes_a_plan_and_every_part_of_a_change(tiny: Case) -> None:
    options = {"seed": 3, "people_scale": 0.2, "until": "2030-03-03T00:00"}
    mine = gs.run(tiny, stay_home=["coast"], data=TABLE["data"], elements=["smugglers"], **options)
    plan = Plan.of(tiny, mine.plan.change, **options)
    assert gs.run(plan).summary["digest"] == mine.summary["digest"] and plan == mine.plan
    assert mine.summary["digest"] != gs.run(tiny, **options).summary["digest"]
    assert set(mine.onset(1)).isdisjoint(tiny.tables["places"].column("place")[
        tiny.tables["places"].column("region") == "coast"
    ])  # fmt: skip
    with pytest.raises(CaseError, match="a plan alone"):
        gs.run(plan, seed=4)


def test_options_of_the_command_give_the_run_of_the_arguments(tiny: Case, tmp_path) -> None:
    asked = {"seed": 3, "people_scale": 0.2, "until": "2030-03-03T00:00"}
    _, summary = perform(
        Request("tiny", **{k: v for k, v in TEXTS.items() if k != "set"}, **asked, out=tmp_path / "r", quiet=True,
                report=False)
    )  # fmt: skip
    given = {k: v for k, v in TABLE.items() if k != "set"}
    assert summary["digest"] == gs.run(tiny, **given, **asked).summary["digest"]
    assert Plan.from_json(json.loads((tmp_path / "r" / "run.json").read_text())["plan"]).to_json() == summary["plan"]


def test_a_plan_of_before_says_what_moved() -> None:
    old = {"case": "tiny", "account": None, "seed": 1, "settings": {"joining.theta": 9.0}, "off": [], "measures": {}}
    with pytest.raises(CaseError, match="stands in `change`"):
        Plan.from_json(old)


def test_the_page_lists_the_columns_that_may_be_changed() -> None:
    page = (Path(__file__).parents[2] / "docs" / "ask.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", page.split("## Cells")[1].split("## ")[0], re.M)
    assert {table: tuple(re.findall(r"\w+", columns)) for table, columns in rows} == dict(OPEN)
