"""`groundswell classic` as a user types it: numbers, figures, exit codes and clear errors."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from groundswell.cli import main

pytestmark = pytest.mark.filterwarnings("ignore:Cyclopts application invoked without tokens")


class Done(NamedTuple):
    """What a command left: its exit code and what it printed."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def classic(tmp_path, monkeypatch, capsys) -> Callable[..., Done]:
    def call(*words: str) -> Done:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["groundswell", "classic", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        return Done(int(stop.value.code or 0), *capsys.readouterr())

    return call


def test_all_variants_are_told_and_drawn(classic, tmp_path):
    done = classic("epstein", "--steps", "60", "--runs", "2", "--seed", "4", "--set", "width=30")
    assert done.returncode == 0, done.stderr
    assert "30 x 40 sites, 840 people, 48 officers, 60 steps; 2 runs" in done.stdout
    assert [name for name in ("as-printed", "rounded", "floored") if name in done.stdout][-1] == "floored"
    assert (tmp_path / "epstein.png").read_bytes().startswith(b"\x89PNG")
    assert [p.name for p in tmp_path.iterdir()] == ["epstein.png"]


def test_numbers_are_those_of_the_library(classic, tmp_path):
    from groundswell.classic import epstein

    done = classic(
        "epstein", "--variant", "floored", "--steps", "50", "--set", "reading=mesa", "legitimacy=0.8", "--out", "e.svg",
        "--json",
    )  # fmt: skip
    said = json.loads(done.stdout)["variants"]
    course = epstein("floored", steps=50, seed=1, reading="mesa", legitimacy=0.8)
    assert list(said) == ["floored"]
    assert said["floored"]["peak"] == [course.peak] * 3
    assert said["floored"]["bursts"] == [len(course.bursts())] * 3
    assert said["floored"]["jailed_mean"][0] == pytest.approx(course.jailed[1:].mean())
    drawn = (tmp_path / "e.svg").read_text()
    assert f"floored: at most {course.peak:,} of {course.citizens:,} active" in drawn


def test_granovetters_example_and_the_jump(classic, tmp_path):
    done = classic("granovetter", "--runs", "20", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["uniform"] == {"final": 100, "rounds": 100}
    assert said["one_threshold_changed"] == {"final": 1, "rounds": 1}
    assert said["normal"]["jump_sd"] == pytest.approx(12.22, abs=0.005)
    assert 5 < said["normal"]["expected"] < 6.5
    assert (tmp_path / "granovetter.png").stat().st_size > 1000


def test_a_crowd_of_ones_own(classic, tmp_path):
    (tmp_path / "own.txt").write_text("0\n1\n2\n2\n9\ninf\n\n")
    done = classic("granovetter", "--thresholds", "own.txt", "--out", "own.svg")
    assert done.stdout.splitlines() == ["own.txt: 4 of 6 people act, after 3 rounds", "Figure: own.svg"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (
            ["epstein", "--variant", "round", "--set", "legitimcy=0.8", "width=2", "k", "vision=far", "--steps", "0"],
            ["did you mean 'rounded'?", "did you mean 'legitimacy'?", "width: given 2", "NAME=VALUE",
             "vision: given 'far'", "steps: given 0"],
        ),
        (["epstein", "--out", "plot.pdf", "--runs", "0", "--seed", "-1"], ["plot.pdf", "--runs", "seed: given -1"]),
        (["epstein", "--set", "citizen_density=0.98"], ["0.98 + 0.04", "at most 1 together"]),
        (
            ["granovetter", "--people", "1", "--mean", "nan", "--sd", "0", "--runs", "0", "--seed", "-1", "--out", "."],
            ["--people", "--mean", "--sd", "--runs", "--seed", "--out"],
        ),
        (["granovetter", "--thresholds", "bad.txt"], ["bad.txt:2: threshold: given 'x'", "bad.txt:3", "inf for never"]),
        (["granovetter", "--thresholds", "empty.txt"], ["empty.txt: thresholds: given nothing"]),
        (["granovetter", "--thresholds", "none.txt"], ["--thresholds", "none.txt"]),
    ],
)  # fmt: skip
def test_mistakes_are_told_together_and_nothing_is_written(words, named, classic, tmp_path):
    (tmp_path / "bad.txt").write_text("0\nx\nnan\n")
    (tmp_path / "empty.txt").write_text("\n")
    before = sorted(p.name for p in tmp_path.iterdir())
    done = classic(*words)
    assert done.returncode == 2
    for text in named:
        assert text in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == before
