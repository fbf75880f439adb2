"""Small pictures, the ladder, endings with their harm, and regions with the windows of dated statements."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from groundswell import figures
from groundswell.figures import frames, panels
from groundswell.figures.heat import COLOURS, cells
from groundswell.figures.timelines import LEAST_H, RECORDED, RULED


def said(chart) -> str:
    return " ".join(re.findall(r">([^<]+)<", figures.inline_svg(chart, "x")))


def rows_of(drawn: dict, part: dict | None = None) -> list[dict]:
    """The rows that a part of a chart draws."""
    rows = drawn["datasets"][(part or drawn)["data"]["name"]]
    return json.loads(rows) if isinstance(rows, str) else rows


@pytest.fixture(scope="module")
def hours(history):
    return frames.local_ms(history, 6)


def test_a_panel_names_its_lines_with_their_largest_values(hours):
    line = np.arange(len(hours), dtype=float)
    text = said(figures.panel(hours, {"up": line, "down": line[::-1] * 10}, title="Two", unit="people"))
    assert "Two" in text
    assert "up: 479" in text
    assert "down: 4,790" in text


def test_parts_of_a_stack_reach_their_sum(hours):
    line = np.full(len(hours), 50.0)
    chart = figures.panel(hours, {"a": line, "b": line * 2}, title="Sum", unit="people", stacked=True)
    rows = rows_of(chart.to_dict(validate=False))
    assert max(r["v"] for r in rows) == 150
    assert min(r["low"] for r in rows if r["k"].startswith("b")) == 50
    assert len(rows) == 4  # level stretches keep their ends alone


def test_moments_stand_on_the_side_with_room_and_only_inside_the_run(hours):
    line = np.ones(len(hours))
    moments = {"an early word": 10.0, "a late word that is long": 470.0, "too late": 900.0}
    text = said(figures.panel(hours, {"x": line}, title="T", unit="share", moments=moments))
    assert "an early word" in text
    assert "a late word that is long" in text
    assert "too late" not in text
    assert "x:" not in text  # a share's name stands alone


@pytest.mark.parametrize("log", [False, True])
def test_an_empty_panel_draws(hours, log):
    zero = np.zeros(len(hours))
    for lines in ({"nothing": zero}, {"a": zero, "b": zero}):
        chart = figures.panel(hours, lines, title="T", unit="people", log=log, level=(500, "500"))
        assert figures.inline_svg(chart, "x").startswith("<svg")


def test_thin_keeps_corners():
    t = np.arange(6)
    rows = panels._thin(t, np.array([0.0, 0, 0, 5, 5, 0]), "k")
    assert [(r["t"], r["v"]) for r in rows] == [(0, 0), (2, 0), (3, 5), (4, 5), (5, 0)]


@pytest.mark.parametrize("width", [340, 1040])
def test_the_ladder_has_a_row_for_each_kind_in_order_of_time(history, measures, width):
    rows = [{**m, "by": "rule"} if m["kind"] == "price_promise" else m for m in measures]
    chart = figures.ladder(history, rows, width=width)
    drawn = chart.to_dict(validate=False)
    bars = rows_of(drawn, drawn["vconcat"][1])
    names = list(dict.fromkeys(b["label"] for b in sorted(bars, key=lambda b: b["t"])))
    assert names[0] == "Price step"
    assert len(bars) == len([m for m in measures if m["used"]])
    assert {b["by"] for b in bars} == {RECORDED, RULED}
    assert all(b["e"] - b["t"] >= LEAST_H * 3_600_000 or b["e"] == max(x["e"] for x in bars) for b in bars)
    assert "Taken by the government's own rule: 1." in said(chart)


def test_the_ladder_of_a_run_without_measures(history):
    assert "All of them at their recorded hours" in said(figures.ladder(history, []))


RUNS = [
    {"offer": 0.2, "force": 1, "ending": "calm", "dead_all": 10, "detained": 100},
    {"offer": 0.2, "force": 1, "ending": "calm", "dead_all": 30, "detained": 300},
    {"offer": 0.2, "force": 1, "ending": "overthrow", "dead_all": 50, "detained": 900},
    {"offer": 0.4, "force": 2, "ending": "contested", "dead_all": 4, "detained": 12_000},
]


def test_endings_by_pair_are_counted_by_hand():
    first, second = cells(RUNS, "offer", "force")
    assert first == {
        "x": 0.2,
        "y": 1.0,
        "runs": 3,
        "ending": "calm",
        "share": 2 / 3,
        "dead_all": 30.0,
        "detained": 300.0,
    }
    assert second["ending"] == "contested"
    tie = [{**RUNS[0], "ending": "overthrow"}, RUNS[0]]
    assert cells(tie, "offer", "force")[0]["ending"] == "calm"


@pytest.mark.parametrize("width", [340, 980])
def test_deaths_and_detained_stand_beside_the_ending_at_its_size(width):
    chart = figures.endings(RUNS, "offer", "force", width=width, labels={"offer": "price offered"})
    drawn = chart.to_dict(validate=False)
    parts = drawn.get("hconcat") or drawn["vconcat"]
    assert len(parts) == 3
    assert len({(p["width"], p["height"]) for p in parts}) == 1
    text = said(chart)
    for words in ("Most frequent ending", "Dead, of all sides", "Detained", "67%", "&lt;10", "12k", "price offered"):
        assert words in text
    assert "1 to 3 runs for each pair" in text


def test_every_ending_has_a_colour():
    from groundswell.observe.endings import ORDER, UNDECIDED

    assert set(COLOURS) == {*ORDER, UNDECIDED}


def test_regions_and_hours_with_the_windows_of_statements(history):
    row = {"kind": "crowd", "scope": "region-1;place-3", "start_h": 50, "end_h": 90, "result": "met"}
    rows = [row, {**row, "scope": "region-4", "result": "not met"}, {**row, "result": "not scored"},
            {**row, "kind": "clash"}]  # fmt: skip
    chart = figures.turnout_by_region(history, rows)
    drawn = chart.to_dict(validate=False)
    frames_drawn = [rows_of(drawn, part) for part in drawn["layer"][1:]]
    assert [len(x) for x in frames_drawn] == [2, 1]  # region 1 and that of place 3; region 4
    assert "2 full (met), 1 broken (not met)" in said(chart)
    everywhere = figures.turnout_by_region(history, [{**row, "scope": "*"}])
    assert "8 full (met)" in said(everywhere)
    assert figures.inline_svg(figures.turnout_by_region(history.map(np.zeros_like)), "calm").startswith("<svg")
