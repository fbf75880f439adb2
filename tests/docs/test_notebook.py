"""The example notebook runs from top to bottom, and what it shows can be shown."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import groundswell as gs
from groundswell.case import CaseError

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples" / "first-steps.ipynb"


@pytest.mark.slow
def test_the_notebook_runs() -> None:
    space: dict[str, Any] = {}
    shown = []
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, NOTEBOOK.name, "exec"), space)
            if isinstance(last, ast.Expr):
                shown.append(eval(compile(ast.Expression(last.value), NOTEBOOK.name, "eval"), space))
    rich = [found._repr_html_() for found in shown if isinstance(found, (gs.Case, gs.Run, gs.RunSet, gs.Answer))]
    assert len(rich) == 4
    assert "dated statements are met by this run" in rich[1]
    assert rich[1].count("<svg") == 2
    assert "in half or more of 8 runs" in rich[3]


def test_a_run_in_which_nobody_comes_out_shows_no_empty_picture() -> None:
    text = gs.run("tiny", off=["joining", "ties"], until="2030-03-02T00:00")._repr_html_()
    assert "<svg" not in text
    assert re.search(r"Most on the street</th><td[^>]*>0<", text)


def test_titles_are_escaped() -> None:
    from groundswell.report.notebook import _page

    assert "<script>" not in _page("<script>", "<script>", [("<script>", "<script>")], [], "<script>")


def test_times_may_be_dates_and_timestamps(tmp_path: Path) -> None:
    when = pd.Timestamp("2030-03-02T00:00", tz="UTC")
    assert gs.run("tiny", until=when).summary["hours"] == 25
    assert gs.runs("tiny", seeds=1, until=when.to_pydatetime()).known[0]["hours"] == 25
    gs.run("tiny", until=when).save(str(tmp_path / "new" / "run"))
    assert isinstance(gs.open(str(tmp_path / "new" / "run")), gs.Run)


def test_an_experiment_of_ones_own_from_python() -> None:
    change = gs.Change(set={"joining.theta": 9.0})
    answer = gs.ask("tiny", change, outcome="peak", runs=2)
    own = gs.run("tiny", set={"joining.theta": 9.0}).summary["peak_on_street"]
    assert list(answer.pairs[0].rows())[1]["outcome"] == own
    with pytest.raises(CaseError, match="beside a Change, not beside a claim"):
        gs.ask("tiny", "nothing-like-it", outcome="peak")
    with pytest.raises(CaseError, match="--outcome"):
        gs.ask("tiny", change, outcome="peek")
