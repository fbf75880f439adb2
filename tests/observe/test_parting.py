"""Where two runs part, by hand; and the page that lays them side by side."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import groundswell as gs
from groundswell.case import CaseError
from groundswell.cli import app
from groundswell.observe.parting import Parting, numbers, parting, statements
from groundswell.play.folder import Request, perform
from groundswell.report.of_two import page


def history(**variables: list[list[float]]) -> xr.Dataset:
    dims = {"on_street": "place", "striking": "enterprise", "dead": "place"}
    data = {name: (("time", dims[name]), np.array(rows)) for name, rows in variables.items()}
    return xr.Dataset(data, coords={"place": ["a", "b"], "enterprise": ["mill"]})


def test_the_first_hour_and_the_largest_difference_are_told() -> None:
    one = history(on_street=[[0, 0], [5, 9], [7, 7]], striking=[[0], [0], [0]])
    other = history(on_street=[[0, 0], [6, 20], [0, 0]], striking=[[0], [0], [1]])
    assert parting(one, other) == Parting(1, "on_street", "b", (9.0, 20.0))
    earlier = history(on_street=[[0, 0], [6, 20], [0, 0]], striking=[[1], [0], [1]])
    assert parting(one, earlier) == Parting(0, "striking", "mill", (0.0, 1.0))


def test_runs_that_never_part() -> None:
    one = history(on_street=[[0, 0], [5, 9]])
    assert parting(one, one) is None
    assert parting(one, history(on_street=[[0, 0], [5, 9], [1, 1]])) is None  # in the hours that both have
    assert parting(one, history(dead=[[0, 0]])) is None  # nothing that both have


def test_numbers_and_statements() -> None:
    a = gs.run("tiny").summary
    b = gs.run("tiny", set={"joining.theta": 9}).summary
    found = {name: (x, y) for name, x, y in numbers(a, b)}
    assert found["peak_on_street"] == (a["peak_on_street"], b["peak_on_street"])
    assert found["met"] == (a["score"]["met"], b["score"]["met"])
    told = statements(a, b)
    assert sum((x == "met") - (y == "met") for x, y in told.values()) == a["score"]["met"] - b["score"]["met"]
    assert all(x != y for x, y in told.values())
    assert statements(a, a) == {}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    home = tmp_path_factory.mktemp("runs")
    for name, settings in (("usual", ()), ("restless", ("joining.theta=9",))):
        perform(Request("tiny", out=home / name, set=settings, report=False, quiet=True))
    return home / "usual", home / "restless"


def test_the_command_writes_one_page(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "both.html"
    app(["diff", *map(str, folders), "--out", str(out)], result_action="return_value")
    text = out.read_text(encoding="utf-8")
    assert "They first part by 1 Mar" in text
    assert "joining.theta = 9" in text
    assert "same seed" in text
    packed = json.loads(re.search(r'id="packed">(.*?)</script>', text, re.S)[1])  # type: ignore[index]
    a, b = (gs.open(folder).history.on_street.sum("place").values for folder in folders)
    assert packed["a"] == a.tolist()
    assert packed["b"] == b.tolist()
    assert "Dead, not of the forces" in capsys.readouterr().out


def test_two_runs_that_are_the_same_are_told_so(folders: tuple[Path, Path]) -> None:
    run = gs.open(folders[0])
    assert "the two runs are the same in every place" in page(run, run, ("one", "other"))


def test_runs_of_different_cases_are_refused() -> None:
    small, usual = gs.run("tiny", people_scale=0.5), gs.run("tiny")
    with pytest.raises(CaseError, match="people_scale: given '0.5'; allowed: 1.0, as usual has it"):
        page(usual, small, ("usual", "small"))
