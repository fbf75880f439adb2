"""Draws of a calibration in a case: read, and every mistake told with file and line."""

from pathlib import Path

import pytest

import groundswell as gs
from groundswell.case import check, load
from groundswell.case.calibration import played, told
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import known_parameters

DRAWS = "draw,weight,distance,joining.theta,measure:fuel-offer\n1,0.5,0.9,10,-1.5\n2,0.3,1,11,0\n3,0.2,1.1,12,0.25\n"
SAYS = '[calibration]\nversion = "9"\ncase_digest = "x"\nmiddle = 2\nfit = ["a", "b"]\ncheck = ["c"]\n'
KNOWN = known_parameters(all_mechanisms().values())


def put(folder: Path, draws: str | None = DRAWS, says: str | None = SAYS) -> Path:
    (folder / "calibration").mkdir(exist_ok=True)
    for name, text in (("draws.csv", draws), ("provenance.toml", says)):
        if text is not None:
            (folder / "calibration" / name).write_text(text)
    return folder


def test_draws_are_read(folder: Path) -> None:
    case = load(put(folder), KNOWN)
    assert case.draws is not None and len(case.draws) == 3 and case.draws.middle == 2
    assert case.draws.of(1) == {"joining.theta": 10.0, "measure:fuel-offer": -1.5}
    assert case.draws.weight == (0.5, 0.3, 0.2) and case.draws.provenance["fit"] == ["a", "b"]
    assert gs.load("tiny").draws is None and played(gs.load("tiny")) == {}


def test_a_draw_is_settings_and_hours(folder: Path) -> None:
    case = load(put(folder), KNOWN)
    one = played(case, 1)
    assert one["settings"] == {"joining.theta": 10.0} and one["measures"] == {"fuel-offer": "2030-03-03T10:30"}
    assert played(case)["draw"] == 2 and played(case, "declared") == {}
    assert told(played(case)) == (
        "draw 2 of 3, the one in the middle, calibrated on 2 observations of the record, on the case as it was before "
        "it was changed; 1 kept back"
    )
    assert gs.run(case, draw=1, until="2030-03-02T00:00").simulation.parameters["joining"].theta == 10.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("joining.theta", "joining.thetta"), "calibration/draws.csv:1: header: given 'joining.thetta'"),
        (("fuel-offer", "fuel-ofer"), "did you mean 'fuel-offer'?"),
        (("draw,weight", "draw,wait"), "calibration/draws.csv:1: header: given 'draw, wait, distance, joining.theta'"),
        (("measure:fuel-offer", "joining.theta"), "given joining.theta 2 times; allowed: each column once"),
        (("2,0.3", "7,0.3"), "calibration/draws.csv:3: draw: given '7'; allowed: 2: draws are numbered from 1"),
        (("2,0.3", "2,-0.3"), "calibration/draws.csv:3: weight: given '-0.3'; allowed: a number from 0 to 1"),
        (("2,0.3", "2,0.4"), "given weights with the sum 1.1; allowed: the sum 1"),
        (("1,11,0", "nan,11,0"), "calibration/draws.csv:3: distance: given 'nan'; allowed: a number from 0 to any"),
        (("1,11,0", "1,many,0"), "calibration/draws.csv:3: joining.theta: given 'many'"),
        (("1,11,0", "1,11,999"), "draws.csv:3: measure:fuel-offer: given '999'; allowed: a number from -240"),
        (("1,11,0", "1,11"), "calibration/draws.csv:3: given 4 cells; allowed: 5 cells, as in the header row"),
        (("1,11,0", '1,11,"0'), "a row that breaks off"),
    ],
)
def test_mistakes_in_draws_are_told(folder: Path, change: tuple[str, str], said: str) -> None:
    assert said in "\n".join(map(str, check(put(folder, DRAWS.replace(*change, 1)), KNOWN)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[calibration]", "[calibrated]"), "calibration/provenance.toml: calibration: given no such table"),
        (("middle = 2", "middle = 4"), "calibration.middle: given 4; allowed: the number of a draw, 1 to 3"),
        (("middle = 2", 'middle = "2"'), "calibration/provenance.toml:4: calibration.middle: given 2"),
        (('version = "9"\n', ""), "calibration.version: given no such key; allowed: text"),
        (('["a", "b"]', '"a"'), "calibration.fit: given a; allowed: a list of observations"),
    ],
)
def test_mistakes_in_provenance_are_told(folder: Path, change: tuple[str, str], said: str) -> None:
    assert said in "\n".join(map(str, check(put(folder, says=SAYS.replace(*change, 1)), KNOWN)))


def test_one_file_without_the_other_is_told(folder: Path) -> None:
    said = "\n".join(map(str, check(put(folder, says=None), KNOWN)))
    assert "calibration/provenance.toml: given no such file" in said


def test_no_draws_are_told(folder: Path) -> None:
    said = "\n".join(map(str, check(put(folder, DRAWS.splitlines()[0] + "\n"), KNOWN)))
    assert "given 0 draws; allowed: 1 to 100,000 draws" in said


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    (folder / "case.toml").write_text((folder / "case.toml").read_text().replace('id = "tiny"', 'id = "T!"'))
    said = "\n".join(map(str, check(put(folder, DRAWS.replace("theta", "x"), SAYS.replace("middle = 2\n", "")), KNOWN)))
    assert "case.toml" in said and "draws.csv:1" in said and "calibration.middle" in said
