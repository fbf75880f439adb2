"""Jobs kept as lines: played once each, gone on with after a line that was cut off, the same by one or two workers."""

from pathlib import Path
from typing import Any

import pytest

from groundswell.play import lines

NAME = "play.test_lines:player"


def player(common: dict[str, Any]):
    def one(job: dict[str, Any]) -> dict[str, Any]:
        if job["n"] < 0:
            raise ValueError("below zero")
        return {"square": job["n"] ** 2 + common["more"]}

    return one


def jobs(*numbers: int) -> list[dict[str, Any]]:
    return [{"key": f"n{n}", "n": n} for n in numbers]


def values(rows: dict[str, Any]) -> dict[str, int]:
    return {key: row["square"] for key, row in rows.items()}


def test_what_is_there_is_not_played_again_and_a_cut_line_is(tmp_path: Path) -> None:
    file = tmp_path / "new" / "rows.jsonl"
    assert values(lines.play(NAME, {"more": 1}, jobs(1, 2, 2), file)) == {"n1": 2, "n2": 5}
    file.write_text(file.read_text() + '{"key": "n3", "squ')
    seen = []
    rows = lines.play(NAME, {"more": 10}, jobs(1, 2, 3), file, told=lambda *row: seen.append(row[:2]))
    assert values(rows) == {"n1": 2, "n2": 5, "n3": 19}
    assert seen == [(1, 1)]
    assert values(lines.read(file)) == values(rows)


def test_two_workers_give_the_same(tmp_path: Path) -> None:
    rows = lines.play(NAME, {"more": 0}, jobs(*range(5)), tmp_path / "two.jsonl", workers=2)
    assert values(rows) == {f"n{n}": n**2 for n in range(5)}


def test_a_job_that_fails_is_named_and_those_before_it_are_kept(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="n-1: ValueError: below zero"):
        lines.play(NAME, {"more": 0}, jobs(4, -1), tmp_path / "rows.jsonl")
    assert values(lines.read(tmp_path / "rows.jsonl")) == {"n4": 16}
