"""docs/performance.md is what the benchmark writes from results.json, and says what is missing or missed."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks import page as pages
from benchmarks.agreement import compared, gather, line, size_and_factor
from benchmarks.figure import labels, points
from benchmarks.goals import goals
from benchmarks.numbers import FULL, quantity, seconds
from benchmarks.page import FIGURE, page
from benchmarks.store import ROW_KEYS, Store

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results.json"


@pytest.fixture
def store() -> Store:
    return Store(RESULTS, keep=True)


def test_the_page_is_made_from_the_results(store: Store) -> None:
    stands = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert stands == page(store), "run: python -m benchmarks --page"
    assert (ROOT / "docs" / FIGURE).exists()


def test_every_row_has_the_agreed_keys() -> None:
    rows = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"]
    assert rows and all(tuple(r)[: len(ROW_KEYS)] == ROW_KEYS for r in rows)


def test_a_goal_that_is_missed_or_not_measured_says_so(store: Store) -> None:
    (us,) = store.rows("streets", "groundswell", people=FULL)
    us["wall_s"] = 0.2
    found = {g.wanted: g for g in goals(store)}
    slow = found["streets: 19.5 million people in under 0.1 s"]
    assert (slow.found, slow.met) == ("0.2 s", False)
    store.found["rows"] = [us]
    text = page(store)
    assert "| 0.2 s | **missed** |" in text and "not measured" in text


def test_a_program_that_could_not_be_measured_is_named(store: Store) -> None:
    store.found["failed"] = [
        {"part": "peers: laser", "work": "streets", "peer": "laser", "people": 2_000, "cause": "a | b"}
    ]
    assert "| streets | laser | 2,000 | a / b |" in page(store)


def test_the_figure_has_one_line_a_program_and_names_that_do_not_touch(store: Store) -> None:
    store.found["rows"] += [
        {**copy.deepcopy(store.rows("streets", "groundswell")[0]), "peer": peer, "wall_s": wall}
        for peer, wall in (("mesa", 10.0), ("starsim", 10.5))
    ]
    found = points(store)
    at = {p["peer"]: p["y"] for p in labels(found)}
    assert {"groundswell", "mesa", "starsim"} <= set(at) and at["starsim"] / at["mesa"] > 1.4


def test_seeds_are_shared_out_and_none_is_drawn_twice() -> None:
    drawn = gather(lambda first, n: [[first + i] for i in range(n)], seeds=7, first=100)
    assert sorted(x for (x,) in drawn) == list(range(100, 107))


def test_the_size_of_the_draws_follows_from_the_time() -> None:
    time_of = line([{"people": 1_000, "wall_s": 0.1}, {"people": 11_000, "wall_s": 1.1}])
    assert time_of(2_000) == pytest.approx(0.2)
    assert size_and_factor(time_of, seeds=200, budget_s=120.0) == (5_000, 20.0)
    assert size_and_factor(time_of, seeds=200, budget_s=1.0) == (2_000, 50.0)
    assert size_and_factor(lambda people: 0.1, seeds=200, budget_s=120.0) == (100_000, 1.0)


def test_the_test_of_agreement_tells_equal_from_unequal() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 200, 1))
    assert compared(("x",), a.tolist(), b.tolist())[0]["p"] > 0.01
    assert compared(("x",), a.tolist(), (b + 1).tolist())[0]["p"] < 1e-6


def test_times_and_numbers_in_words() -> None:
    assert [seconds(x) for x in (0.0512, 0.0996, 2.384, 99.6, 300.2)] == [
        "51.2 ms",
        "0.0996 s",
        "2.38 s",
        "100 s",
        "300 s",
    ]
    assert [quantity(x) for x in (2_000, 19_500_000, 8.1e9)] == ["2,000", "19.5 million", "8.1 billion"]


def test_the_table_escapes_nothing_and_aligns_numbers() -> None:
    assert pages.table(["a", "b"], [["x", "1"]]) == "| a | b |\n|---|--:|\n| x | 1 |"
