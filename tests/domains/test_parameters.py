"""Parameters of a run: defaults, the case's, the user's; and every mistake told at once."""

from __future__ import annotations

import shutil

import pytest

import groundswell as gs
from domains.harness import tiny
from groundswell.case import CaseError, find_case, load
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import flat, known_parameters, resolve

EVERY = list(all_mechanisms().values())


def test_defaults_then_what_the_user_sets():
    parameters = resolve(EVERY, tiny().case, {"joining.theta": "10.5", "reproduction.iterations": "30"})
    assert parameters["joining"].theta == 10.5
    assert parameters["joining"].ceiling == 0.02
    assert parameters["reproduction"].iterations == 30
    assert isinstance(parameters["reproduction"].iterations, int)
    assert flat(parameters)["joining.theta"] == 10.5
    assert len(flat(parameters)) == sum(len(m.parameters()) for m in EVERY)


def test_what_the_case_fits_stands_between_default_and_user(tmp_path):
    folder = tmp_path / "fitted"
    shutil.copytree(find_case("tiny"), folder)
    entry = 'theta = { value = 11.1, state = "estimated", source = "fitted in a test" }\n'
    with (folder / "parameters.toml").open("a", encoding="utf-8") as stream:
        stream.write("[joining]\n" + entry)
    case = load(folder, known_parameters(EVERY))
    assert resolve(EVERY, case)["joining"].theta == 11.1
    assert resolve(EVERY, case, {"joining.theta": 12})["joining"].theta == 12.0
    assert resolve(EVERY, case)["news"].b_news == 1.2


def test_a_figure_of_the_country_has_no_default(tmp_path):
    folder = tmp_path / "bare"
    shutil.copytree(find_case("tiny"), folder)
    (folder / "parameters.toml").write_text("[spark]\n", encoding="utf-8")
    with pytest.raises(CaseError) as told:
        load(folder, known_parameters(EVERY))
    names = [problem.field for problem in told.value.problems]
    assert sorted(names) == ["allies.freed_people", "exchange.exports", "treasury.litres_day", "treasury.local_per_usd"]
    bare = load(folder)  # whoever does not check by the mechanisms is told when they are set up
    with pytest.raises(CaseError) as told:
        resolve(EVERY, bare)
    assert sorted(problem.field for problem in told.value.problems) == sorted(names)
    given = dict.fromkeys(names, 2.0)
    assert resolve(EVERY, bare, given)["treasury"].litres_day == 2.0
    (allies,) = [line for line in (folder / "allies.csv").read_text().splitlines() if line.startswith("contingent")]
    (folder / "allies.csv").write_text(allies + "\n")
    with pytest.raises(CaseError) as told:
        load(folder, known_parameters(EVERY))
    assert "allies.freed_people" not in [problem.field for problem in told.value.problems]


def test_every_mistake_at_once_with_a_hint():
    wrong = {
        "joinning.theta": 1,
        "joining.tetha": 1,
        "joining.theta": "warm",
        "news.m_0": "nan",
        "joining.ceiling": -1,
    }
    with pytest.raises(CaseError) as error:
        resolve(EVERY, tiny().case, wrong)
    assert len(error.value.problems) == 5
    text = str(error.value)
    assert "did you mean 'joining'?" in text
    assert "did you mean 'theta'?" in text
    assert "given 'warm'" in text
    assert "a finite number at least 0 (1/h)" in text  # a lognormal cannot be negative
    assert resolve(EVERY, tiny().case, {"concession.signal": -1})["concession"].signal == -1.0


def test_a_run_tells_mistakes_of_all_its_options_together():
    with pytest.raises(CaseError) as error:
        gs.run(
            "tiny",
            set={"joining.tetha": 1},
            off=["nothing"],
            measures={"no-such": "none"},
            engine="warp",
            seed=-1,
            until="2031-01-01T00:00",
            account="nobody",
        )
    options = {p.file for p in error.value.problems}
    assert options == {"--set", "--off", "--measure", "--engine", "--seed", "--until", "--account"}
