"""The commands as a user types them: what they print, their exit codes, and clear errors without tracebacks."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def groundswell(*words: str, cwd=None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "groundswell", *words], capture_output=True, text=True, cwd=cwd, check=False
    )


def test_cases_lists_bundled_and_own(tmp_path):
    assert groundswell("new", "my-case", cwd=tmp_path).returncode == 0
    out = groundswell("cases", cwd=tmp_path).stdout
    assert "kazakhstan-2022" in out
    assert "my-case" in out


def test_a_new_case_is_sound_and_runs(tmp_path):
    groundswell("new", "my-case", cwd=tmp_path)
    assert groundswell("check", "my-case", cwd=tmp_path).returncode == 0
    done = groundswell("run", "my-case", "--until", "2030-03-02T12:00", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["case"] == "my-case"
    assert (tmp_path / said["folder"] / "report.html").exists()


def test_schedule_prints_the_order():
    out = groundswell("schedule", "tiny").stdout
    assert out.index("measures") < out.index("spark") < out.index("joining")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["check", "no-such-case"], ["no-such-case"]),
        (["run", "no-such-case"], ["no-such-case"]),
        (
            ["run", "tiny", "--set", "joining.tehta=3", "spork.strength=1", "news.b_news=many"],
            ["joining.tehta", "theta", "spork", "spark", "many"],
        ),
        (["run", "tiny", "--set", "joining.theta"], ["NAME=VALUE"]),
        (["run", "tiny", "--set", "joining.theta=nan"], ["finite"]),
        (["run", "tiny", "--off", "weather"], ["weather", "joining"]),
        (["run", "tiny", "--until", "yesterday"], ["--until", "ISO time"]),
        (["run", "tiny", "--until", "1999-01-01"], ["--until", "2030"]),
        (["run", "tiny", "--measure", "no-such=none"], ["no-such", "fuel-price-freed"]),
        (["run", "tiny", "--measure", "fuel-price-freed=soon"], ["soon", "version:NAME"]),
        (["run", "tiny", "--people-scale", "-1"], ["--people-scale"]),
        (["run", "tiny", "--seed", "-3"], ["--seed"]),
        (["run", "tiny", "--threads", "0"], ["--threads"]),
        (["run", "tiny", "--engine", "warp"], ["warp", "reference"]),
        (["run", "tiny", "--account", "uprising"], ["--account"]),
        (["run", "kazakhstan-2022", "--engine", "reference"], ["--people-scale"]),
        (["run", "tiny", "--branch", "nowhere@2030-03-03"], ["--branch"]),
        (["schedule", "tiny", "--off", "weather"], ["weather"]),
        (["people", "nowhere"], ["nowhere"]),
        (["new", "Bad Name"], ["Bad Name"]),
    ],
)  # fmt: skip
def test_bad_input_is_named_with_exit_code_2_and_nothing_written(tmp_path, words, named):
    done = groundswell(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    for name in named:
        assert name in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_unknown_words_and_options_do_not_end_in_a_traceback(tmp_path):
    for words in (["fly"], ["run"], ["run", "tiny", "--colour", "red"], ["run", "tiny", "--seed", "one"]):
        done = groundswell(*words, cwd=tmp_path)
        assert done.returncode == 2, (words, done.returncode, done.stderr)
        assert "Traceback" not in done.stderr


def test_options_that_are_gone_say_what_there_is_in_their_place(tmp_path):
    done = groundswell("compare", "tiny", "--posterior", "neural", "--double-widths=8", cwd=tmp_path)
    assert done.returncode == 2
    assert "--posterior" in done.stderr and "regression" in done.stderr
    assert "--double-widths" in done.stderr and "halved widths" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_warning_is_one_line_without_code(tmp_path):
    fast = ("--set", "joining.theta=0", "joining.ceiling=1", "joining.pool=1e9", "--until", "2030-03-02T12:00")
    done = groundswell("run", "tiny", *fast, cwd=tmp_path)
    (line,) = [said for said in done.stderr.splitlines() if "warning" in said.lower()]
    assert done.returncode == 0 and line.startswith("warning: at 2030-03-") and line.endswith("take a shorter step")


def test_people_of_a_run(tmp_path):
    groundswell("run", "tiny", "--no-report", "--out", "run", cwd=tmp_path)
    shown = groundswell("people", "run", "--place", "harbour", "--limit", "5", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "harbour" in shown.stdout
    written = groundswell("people", "run", "--out", "all.parquet", cwd=tmp_path)
    assert "60,000 people" in written.stdout
    assert groundswell("people", "run", "--place", "atlantis", cwd=tmp_path).returncode == 2
    near = groundswell("people", "run", "--place", "harbor", cwd=tmp_path)
    assert near.returncode == 2 and "did you mean harbour?" in near.stderr
    less = groundswell("people", "run", "--limit=-5", cwd=tmp_path)
    assert less.returncode == 2 and "--limit" in less.stderr
