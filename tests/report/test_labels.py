"""Measures that their kind does not tell are named by what they raise or grant, and by whom a word goes to."""

from __future__ import annotations

import json

import numpy as np
import pytest

import groundswell as gs
from groundswell.figures import marks, timelines
from groundswell.play.run import Run
from groundswell.report.of_run import label, measures


@pytest.fixture(scope="module")
def run() -> Run:
    return gs.run("karakalpakstan-2022", seed=1, people_scale=0.001, until="2022-07-04T00:00")


def test_what_raises_an_issue_or_grants_a_demand_is_told(run: Run) -> None:
    told = {row["statement"]: row["label"] for row in measures(run.reading) if row["used"]}
    arrests = [words for text, words in told.items() if "arrested in Nukus" in text or "taken again" in text]
    assert arrests == ["Arrest", "Arrest"]
    granted = next(words for text, words in told.items() if "withdraws the clauses" in text)
    assert granted == "Granted: Keep the clauses on sovereignty"
    assert next(words for text, words in told.items() if "crossing" in text) is None
    shown = [m.label for m in marks.chosen(measures(run.reading), (0, 240), most=3)]
    assert "Law at issue" in shown
    assert "Other" not in {words.split(" (")[0] for words in shown}


def test_a_word_to_a_part_of_the_country_is_no_appeal_to_allies(run: Run) -> None:
    world = run.simulation.world
    assert label(world, "activist-appeal", "appeal", world.in_scope(("nukus",))) == "Appeal for calm"
    assert label(world, "activist-appeal", "appeal", np.ones(world.places, bool)) is None
    chart = json.dumps(timelines.ladder(run.history, measures(run.reading), offset_h=5).to_dict())
    assert "Appeal for calm" in chart
    assert "Appeal to allies" not in chart
    assert "Granted: Keep the clauses on" in chart
