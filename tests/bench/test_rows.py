"""Rows are measured in fresh processes, a failure is kept with its cause, and what is kept has the agreed keys."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks import process
from benchmarks.bench import Bench
from benchmarks.ladder import climb, size_for
from benchmarks.parts import PARTS
from benchmarks.process import Failed, ask
from benchmarks.row import PROGRAMS
from benchmarks.store import ROW_KEYS, Store
from rich.console import Console

RESULTS = Path(process.HERE) / "results.json"


def row(people: int, wall_s: float) -> dict[str, Any]:
    rate = people * 480 / wall_s
    return {"version": "1", "people": people, "hours": 480, "threads": 1, "wall_s": wall_s, "rss_mib": 1.0,
            "person_hours_per_s": rate}  # fmt: skip


def bench(tmp_path: Path, asking: Any, absent: dict[str, str] | None = None) -> Bench:
    return Bench(Store(tmp_path / "results.json"), Console(file=io.StringIO()), asking, absent)


def test_the_median_is_kept_with_the_times_of_all(tmp_path: Path) -> None:
    walls = iter([3.0, 1.0, 2.0])
    b = bench(tmp_path, lambda asked: row(100, next(walls)))
    b.rows([("streets", {"peer": "mesa"})])
    kept = json.loads((tmp_path / "results.json").read_text())["rows"]
    assert [(r["wall_s"], r["wall_s_all"], r["repeats"]) for r in kept] == [(2.0, [1.0, 2.0, 3.0], 3)]
    assert tuple(kept[0])[: len(ROW_KEYS)] == ROW_KEYS


def test_a_program_that_fails_or_is_absent_is_kept_with_its_cause_and_the_rest_goes_on(tmp_path: Path) -> None:
    def asking(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["peer"] == "laser":
            raise Failed("it broke")
        return row(100, 1.0)

    b = bench(tmp_path, asking, {"mesa": "not installed: no such package"})
    b.rows([("streets", {"peer": peer}) for peer in ("laser", "mesa", "numpy-scan")])
    found = json.loads((tmp_path / "results.json").read_text())
    assert {e["peer"]: e["cause"] for e in found["failed"]} == {
        "laser": "it broke",
        "mesa": "not installed: no such package",
    }
    assert [r["peer"] for r in found["rows"]] == ["numpy-scan"]


def test_going_on_forgets_only_the_parts_that_are_measured_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "results.json")
    for part in ("streets", "growth"):
        store.add("rows", {"part": part, "work": part, "peer": "groundswell", "people": 1})
    again = Store(tmp_path / "results.json", keep=True)
    again.drop({"growth"})
    assert again.row("streets", "groundswell", people=1) and not again.rows("growth")
    assert not Store(tmp_path / "results.json").found["rows"]


@pytest.mark.parametrize("fixed_s", [0.0, 2.0])
def test_the_ladder_finds_the_population_of_a_time(fixed_s: float) -> None:
    measured: list[int] = []

    def measure(people: int) -> dict[str, Any]:
        measured.append(people)
        return row(people, fixed_s + 1e-4 * people)

    rows = climb(measure, full=10**9)
    assert measured == sorted(measured) and rows[-1]["wall_s"] >= 5.0
    assert all(b <= 10 * a for a, b in zip(measured, measured[1:], strict=False))
    largest = size_for(rows, 85.0, 10**9)
    assert 75.0 < fixed_s + 1e-4 * largest <= 85.0
    assert size_for(rows, 85.0, full=50_000) == 50_000


def test_a_fresh_process_measures_and_says_why_it_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "COMPILED", tmp_path)
    found = ask({"peer": "numpy-scan", "people": 2_000, "warm_people": 1_000})
    assert found["people"] == 2_000 and found["hours"] == 480 and found["wall_s"] > 0
    with pytest.raises(Failed, match="KeyError"):
        ask({"peer": "nobody", "people": 2_000})
    with pytest.raises(Failed, match="not done within"):
        ask({"peer": "numpy-scan", "people": 2_000}, longest_s=0.01)


def test_every_program_has_its_pins_and_every_pinned_program_is_measured() -> None:
    measured = {name.removeprefix("peers: ") for name in PARTS if name.startswith("peers: ")}
    assert set(process.PINS) <= measured <= set(PROGRAMS)
    for path in process.PINS.values():
        lines = [x for x in path.read_text().splitlines() if x and not x.startswith("#")]
        assert lines and all("==" in x for x in lines)
