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
from domains.harness import case_with, tiny
from groundswell.case import CaseError
from groundswell.case.kinds import MeasureKind
from groundswell.domains import added, all_mechanisms
from groundswell.domains.state.standing import Standing
from groundswell.engine.hazard import HazardClock, clock_variables
from groundswell.engine.mechanism import Mechanism, Undeclared, Variable, parameter
from groundswell.engine.observable import Observable
from groundswell.engine.parameters import resolve
from groundswell.engine.priors import Fixed
from groundswell.engine.purposes import purpose
from groundswell.engine.simulation import Simulation
from groundswell.observe.outcomes import OUTCOMES, Asked
from groundswell.observe.registry import OBSERVABLES
from groundswell.observe.registry import seen as seen_of
from groundswell.report.of_run import parameters, report_data
from groundswell.report.page import report_html
from groundswell.report.schedule import schedule_text

ROOT = Path(__file__).resolve().parents[2]
BELLS = purpose("bells: strokes")


class Fog(Mechanism):
    """Fog that keeps people at home."""

    name = "fog"
    reads = ("hour_factor",)
    writes = (Variable("haze", ("place",), "1", "thickness of the fog", keep="hour"),)
    adds = ("cost",)
    shows = {"haze_seen": Observable("thickest fog", "1", "count", lambda x: x.here("haze").max(axis=1), 1.0)}

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
    shows = {"rung": Observable("first stroke of a bell", "h", "hour", lambda x: x.total("strokes"), 1.0)}

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


class Roads(Mechanism):
    """Roads that are blocked by a measure of its own kind."""

    name = "roads"
    reads = ("rung_place", "rung_changes")
    writes = (Variable("blocked", ("place",), "1", "share of the roads that is blocked", keep="hour"),)
    adds = ("cost",)
    measures = (MeasureKind("road_block", "Roads blocked", ("blocked",), unit="share"),)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of roads."""

        weight: float = parameter(9.0, unit="1", prior=Fixed("test"), source="test", about="cost of a blocked road")

    def prepare(self):
        self.standing = Standing(self.w, self.s, self.dt)

    def step(self, now):
        self.s.blocked[:] = self.standing.ordered("road_block", now.hour)
        self.s.cost += self.p.weight * self.s.blocked


@pytest.fixture
def outside():
    with added(Fog, Bells, Roads):
        yield


BLOCK = {
    "measure": "no-way", "kind": "road_block", "start_local": "2030-03-01T06:00", "end_local": "2030-03-01T18:00",
    "precision": "hour", "scope": "coast", "value": "0.5", "unit": "share", "version": "", "used": "true",
    "statement": "Roads are blocked.", "source": "invented", "state": "assumed",
}  # fmt: skip
SEEN = {"unit": "h", "form": "hour", "scope": "*", "set": "weigh", "mode": "both", "definition": "as seen",
        "start_local": "2030-03-01T00:00", "end_local": "2030-03-02T00:00", "least": "", "of": "",
        "note": ""}  # fmt: skip
SAID = {"source": "notebook", "line": "", "stance": "states", "start_local": "2030-03-01T05:00", "low": "", "high": "",
        "end_local": "2030-03-01T08:00", "origin": "", "statement": "So it was."}  # fmt: skip
KINDS = ("haze_seen", "rung", "road_block")


def case_of_them(folder, **block):
    """The tiny case with a road that is blocked, and a record that states what each of the three shows."""
    kinds = {kind: kind.replace("_", "-") for kind in KINDS}
    return case_with(folder, {
        "measures.csv": lambda rows: [*rows, {**BLOCK, **block}],
        "record/observations.csv": lambda rows: [
            *rows, *({**SEEN, "observation": id, "title": id, "kind": kind} for kind, id in kinds.items())
        ],
        "record/claims.csv": lambda rows: [
            *rows, *({**SAID, "claim": f"of-{id}", "observation": id} for id in kinds.values())
        ],
    })  # fmt: skip


def test_what_they_show_and_order_is_in_record_ask_report_and_docs(outside, tmp_path):
    case = case_of_them(tmp_path / "case")
    run = gs.run(case, seed=1, until="2030-03-02T06:00", set={"fog.much": 3.0})
    lines = schedule_text(run.simulation)
    assert all(name in lines for name in ("fog", "bells", "roads"))
    blocked = run.history.blocked.values
    coast = run.simulation.world.in_scope(("coast",))
    assert set(np.unique(blocked)) == {0.0, 0.5}
    assert (blocked[:, ~coast] == 0).all()
    assert blocked.max(axis=1).sum() * 2 == 12

    told = {row["observation"]: row for row in run.chronology()}
    assert told["road-block"]["result"] == "met"
    assert {told[k.replace("_", "-")]["result"] for k in KINDS} <= {"met", "not met"}
    seen = {row["name"]: row["value"] for row in seen_of(run.reading)}
    assert seen["haze_seen"] == run.history.haze.values.max() > 1
    assert seen["rung"] == 1 + int(run.history.strokes.values.any(axis=1).argmax())

    page = report_html(report_data(run))
    assert "Thickest fog" in page
    assert "First stroke of a bell" in page
    assert "Roads blocked" in page
    clear = gs.run(case, seed=1, until="2030-03-02T06:00", off=["fog"])
    assert {row["name"]: row["value"] for row in seen_of(clear.reading)}["haze_seen"] is None
    assert "not modelled here" in report_html(report_data(clear))
    assert "not modelled here" not in page
    told = {row["observation"]: row for row in clear.chronology()}["haze-seen"]
    assert (told["result"], told["value"]) == ("not met", "not modelled here")
    assert np.isnan(Asked("haze_seen").value(clear.reading))

    answer = gs.ask(
        case, gs.Change(measures={"no-way": "none"}), outcome="haze_seen", runs=2, people_scale=0.2,
        until="2030-03-02T00:00",
    )  # fmt: skip
    assert "thickest fog" in str(answer)


def test_a_kind_of_measure_from_outside_is_checked_as_others_are(outside, tmp_path):
    with pytest.raises(CaseError, match="share, since the kind is road_block"):
        case_of_them(tmp_path / "unit", unit="people")
    with pytest.raises(CaseError, match="did you mean 'road_block'"):
        case_of_them(tmp_path / "kind", kind="road_blok")


def test_without_them_their_kinds_are_unknown(tmp_path):
    with pytest.raises(CaseError) as told:
        case_of_them(tmp_path / "case")
    assert {(p.file, p.field, p.given) for p in told.value.problems} >= {
        ("measures.csv", "kind", "road_block"), ("record/observations.csv", "kind", "haze_seen"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"shows": {"crowd": Fog.shows["haze_seen"]}}, r"other \(\w+\.py\) declares crowd, which the record has"),
        ({"shows": Fog.shows}, "haze_seen, which fog .* declares too|haze_seen, which other .* declares too"),
        ({"measures": (MeasureKind("dam", "Dam", ("price",)),)}, "dam moves price; allowed: what it writes"),
    ],
)
def test_what_is_declared_twice_or_moves_what_is_anothers_is_refused(outside, declared, words):
    other = type("Other", (Fog,), {"name": "other", "shows": {}, "writes": (), **declared})
    with pytest.raises(ValueError, match=words), added(other):
        pass
    assert "other" not in all_mechanisms()


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
    assert "| `haze_seen` | thickest fog | 1 | record, `ask` |" in made.glossary()
    assert "| `rung` | first stroke of a bell | h | hour |" in made.outcomes()
    assert "`road_block`" in made.kinds()
    assert "`road_block`" in made.columns()


def test_a_run_goes_on_from_its_arrays(outside):
    whole = gs.run("tiny", seed=1, until="2030-03-02T00:00").simulation
    again = gs.run("tiny", seed=1, until="2030-03-01T06:00").simulation
    again.restore(gs.run("tiny", seed=1, until="2030-03-01T12:00").simulation.arrays())
    while again.step < whole.step:
        again.advance()
    for name in ("bell_clock", "bell_next", "bell_turns", "haze", "on_street"):
        np.testing.assert_array_equal(getattr(again.state, name), getattr(whole.state, name))


def test_they_are_gone_again_and_names_are_unique():
    assert not {"fog", "bells", "roads"} & set(all_mechanisms())
    assert not {*KINDS} & {*OBSERVABLES, *OUTCOMES}
    with (
        pytest.raises(ValueError, match="two mechanisms are called joining: .*Joining and .*Other"),
        added(type("Other", (Fog,), {"name": "joining"})),
    ):
        pass
    assert len(all_mechanisms()) > 30


def test_one_that_uses_what_it_does_not_declare_is_told(outside):
    sly = type("Sly", (Fog,), {"name": "sly", "writes": (), "shows": {}, "step": lambda self, now: self.s.held.sum()})
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
