"""Mechanisms from outside: in schedule, history, report, docs and checkpoints, with nothing else touched."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import groundswell as gs
from domains.harness import tiny
from groundswell.domains import added, all_mechanisms
from groundswell.engine.hazard import HazardClock, clock_variables
from groundswell.engine.mechanism import Mechanism, Undeclared, Variable, parameter
from groundswell.engine.parameters import resolve
from groundswell.engine.priors import Fixed
from groundswell.engine.purposes import purpose
from groundswell.engine.simulation import Simulation
from groundswell.report.of_run import parameters
from groundswell.report.schedule import schedule_text

ROOT = Path(__file__).resolve().parents[2]
BELLS = purpose("bells: strokes")


class Fog(Mechanism):
    """Fog that keeps people at home."""

    name = "fog"
    reads = ("hour_factor",)
    writes = (Variable("haze", ("place",), "1", "thickness of the fog", keep="hour"),)
    adds = ("cost",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of fog."""

        much: float = parameter(0.5, unit="1", prior=Fixed("test"), source="test", about="how thick it is")

    def step(self, now):
        self.s.haze[:] = self.p.much * self.s.hour_factor
        self.s.cost += self.s.haze


class Bells(Mechanism):
    """Bells that ring at a hazard."""

    name = "bells"
    reads = ("haze",)
    writes = (
        *clock_variables("bell", ("place",), "stroke"),
        Variable("strokes", ("place",), "1/h", "strokes", keep="hour"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of bells."""

        rate: float = parameter(0.2, unit="1/h", prior=Fixed("test"), source="test", about="strokes in an hour")

    def prepare(self):
        self.bells = HazardClock(self, "bell", BELLS, carry=True)

    def step(self, now):
        self.s.strokes[:] = 0.0
        for place in self.bells.passed(self.p.rate * self.dt / (1.0 + self.s.haze)):
            self.bells.turn(place)
            self.s.strokes[place] = 1.0


@pytest.fixture
def outside():
    with added(Fog, Bells):
        yield


def test_they_are_in_schedule_history_parameters_and_report(outside):
    run = gs.run("tiny", seed=1, set={"fog.much": 3.0})
    order = [m.name for m in run.simulation.schedule]
    assert order.index("rhythm") < order.index("fog") < order.index("joining")
    assert order.index("fog") < order.index("bells")
    lines = schedule_text(run.simulation)
    assert "fog" in lines
    assert "bells" in lines
    assert float(run.history.haze.max()) > 0
    assert run.history.haze.attrs["units"] == "1"
    rung = run.history.strokes.values.sum(axis=0)
    assert (rung == run.simulation.state.bell_turns).all()
    assert rung.sum() > 10
    told = {p["name"]: p for p in parameters(run)}
    assert (told["fog.much"]["value"], told["fog.much"]["state"]) == (3.0, "set by the user")
    assert "bells.rate" in told
    clear = gs.run("tiny", seed=1, off=["fog"])
    assert float(clear.history.haze.max()) == 0.0
    assert run.summary["joins"] < clear.summary["joins"]


def test_they_are_in_the_tables_of_the_docs(outside):
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "tools" / "generate_docs.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert "| `much` | 1 | 0.5 |" in made.parameters()
    assert "| `bell_turns` | place | 1 | 0 | `bells` | no |" in made.variables()
    assert "| `fog` | every hour |" in made.schedule()


def test_a_run_goes_on_from_its_arrays(outside):
    whole = gs.run("tiny", seed=1, until="2030-03-02T00:00").simulation
    again = gs.run("tiny", seed=1, until="2030-03-01T06:00").simulation
    again.restore(gs.run("tiny", seed=1, until="2030-03-01T12:00").simulation.arrays())
    while again.step < whole.step:
        again.advance()
    for name in ("bell_clock", "bell_next", "bell_turns", "haze", "on_street"):
        np.testing.assert_array_equal(getattr(again.state, name), getattr(whole.state, name))


def test_they_are_gone_again_and_names_are_unique():
    assert not {"fog", "bells"} & set(all_mechanisms())
    with (
        pytest.raises(ValueError, match="two mechanisms are called joining: .*Joining and .*Other"),
        added(type("Other", (Fog,), {"name": "joining"})),
    ):
        pass
    assert len(all_mechanisms()) > 30


def test_one_that_uses_what_it_does_not_declare_is_told(outside):
    sly = type("Sly", (Fog,), {"name": "sly", "writes": (), "step": lambda self, now: self.s.held.sum()})
    with added(sly), pytest.raises(Undeclared, match=r"sly \(\w+\.py\) uses held"):
        gs.run("tiny", seed=1, until="2030-03-01T03:00")


def test_without_the_mechanisms_of_the_street_nobody_comes_out():
    crowd = ("people", "joining", "ties", "leaving", "reproduction")
    known = [m for name, m in all_mechanisms().items() if name not in crowd] + [Fog, Bells]
    on = [m for m in known if m.name in ("rhythm", "fog", "bells")]
    simulation = Simulation(tiny(), on, known, resolve(known, tiny().case, None), seed=1)
    for _ in range(24):
        simulation.advance()
    assert simulation.state.bell_turns.sum() > 0
    assert simulation.state.on_street.sum() == simulation.state.joined.sum() == 0


def test_the_example_distribution_is_found_by_its_entry_point(tmp_path):
    about = tmp_path / "groundswell_weariness-0.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: groundswell-weariness\nVersion: 0.1\n")
    (about / "entry_points.txt").write_text("[groundswell.domains]\nweariness = weariness\n")
    example = ROOT / "examples" / "weariness"
    assert 'weariness = "weariness"' in (example / "pyproject.toml").read_text(encoding="utf-8")
    path = os.pathsep.join(map(str, (ROOT / "src", example, tmp_path)))
    done = subprocess.run(
        [sys.executable, "-m", "groundswell", "schedule", "tiny"],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "weariness" in done.stdout
