"""The threshold of a quiet year, by a command for any case."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

import groundswell as gs
from groundswell.case import CaseError, find_case
from groundswell.cli import app
from groundswell.study.calibration.ordinary import THETA, expected_rate, ordinary_world
from groundswell.study.calibration.quiet import Quiet, put, quiet_theta, read_quiet


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_case("tiny"), tmp_path / "mine"))


def test_the_rate_by_hand() -> None:
    # 520 protests of 75 people are 39,000 joins in 32 * 730.5 = 23,376 hours of 19,503,159 people
    assert Quiet("2021-11-01", 520, 32, 75, "x", "derived").rate(19_503_159) == pytest.approx(8.554e-8, rel=1e-3)


def test_the_threshold_gives_the_rate() -> None:
    case = gs.load("tiny")
    quiet = read_quiet(case)
    theta = quiet_theta(case, quiet)
    rate = expected_rate(ordinary_world(case, quiet.month), {THETA: theta})
    assert rate == pytest.approx(quiet.rate(60_000), rel=0.06)
    twice = Quiet(quiet.month, 2 * quiet.protests, quiet.months, quiet.people, "x", "assumed")
    assert quiet_theta(case, twice) < theta - 0.5  # ln 2 where the rate goes as exp(-theta)


def test_the_command_prints_and_installs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):  # the second time in place of the first entry
        with pytest.raises(SystemExit) as end:
            app(["calibrate", str(folder), "--quiet", "--install"])
        assert end.value.code == 0
    entry = capsys.readouterr().out.splitlines()[0]
    given = gs.load(folder).parameters["joining"]["theta"]
    assert tomllib.loads(entry)["theta"]["value"] == given.value
    assert given.state == "assumed" and "4 protests of 30 people in 12 months" in given.source


def test_an_entry_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "parameters.toml").write_text("[joining]\npool = 1\ntheta = 3\n\n[spark]\ntheta = 4\n")
    put(tmp_path, "theta = 5")
    assert (tmp_path / "parameters.toml").read_text() == "[joining]\ntheta = 5\npool = 1\n\n[spark]\ntheta = 4\n"


def test_every_mistake_at_once(folder: Path) -> None:
    (folder / "calibration" / "quiet.toml").write_text(
        '[quiet]\nmonth = "2031-02-01"\nprotests = 0\nmonths = "x"\nsource = " "\nstate = "known"\n'
    )
    with pytest.raises(CaseError) as told:
        read_quiet(gs.load(folder))
    fields = [problem.field.removeprefix("quiet.") for problem in told.value.problems]
    assert sorted(fields) == ["month", "months", "people", "protests", "source", "state"]
    (folder / "calibration" / "quiet.toml").unlink()
    with pytest.raises(CaseError, match="no such file"):
        read_quiet(gs.load(folder))


def test_no_other_option_goes_with_it(folder: Path) -> None:
    before = (folder / "parameters.toml").read_bytes()
    with pytest.raises(CaseError) as caught:
        app(["calibrate", str(folder), "--quiet", "--install", "--runs", "3", "--seed", "4"])
    said = str(caught.value)
    assert "--seed, --runs" in said and "--install alone" in said
    assert (folder / "parameters.toml").read_bytes() == before
