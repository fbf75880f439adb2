"""Runs under an account: what is switched on, what is told, and that the folder keeps it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import groundswell as gs
from groundswell.case import CaseError
from groundswell.play.change import Change
from groundswell.play.folder import Request, perform
from groundswell.play.plan import Plan
from groundswell.play.run import prepare
from groundswell.report.of_run import report_data
from groundswell.report.page import report_html

HALF = "2030-03-04T00:00"
DENIED = "Denied in text notebook, line 3."


@pytest.fixture(scope="module")
def smuggling():
    return gs.run("tiny", account="smuggling", until=HALF)


def test_what_it_switches_on_is_at_the_median_and_acts(smuggling) -> None:
    values = smuggling.summary["parameters"]
    assert values["organised_groups.criminal_people"] == pytest.approx(100)
    assert values["organised_groups.criminal_start_h"] == 48
    people = smuggling.recorder.hourly["band_people"][:72].sum(axis=1)
    assert not people[:48].any() and people[48] == 100
    base = gs.run("tiny", until=HALF)
    np.testing.assert_array_equal(base.recorder.hourly["joined"][:48], smuggling.recorder.hourly["joined"][:48])
    assert base.summary["digest"] != smuggling.summary["digest"]


def test_it_is_told_with_its_sources_and_without_a_word_for_it(smuggling) -> None:
    s = smuggling.summary
    assert s["account"] == "smuggling" and s["plan"]["carried"]["title"] == "Smugglers"
    told = s["notes"]["account"]
    for words in ("days without police", "Reported in text notebook, line 9.", f"{DENIED} Switched on", "median"):
        assert words in told
    assert "account “Smugglers”" in smuggling.title
    page = report_html(report_data(smuggling))
    assert "carries the account “Smugglers”: one explanation among several" in page and DENIED in page
    assert page.index(DENIED) < page.index("Key numbers")
    assert "set by the account" in page


def test_what_the_user_sets_wins() -> None:
    run = gs.run("tiny", account="smuggling", set={"organised_groups.criminal_people": 7}, until="2030-03-01T06:00")
    assert run.summary["parameters"]["organised_groups.criminal_people"] == 7
    rows = {row["name"]: row for row in report_data(run).parameters}
    assert rows["organised_groups.criminal_people"]["state"] == "set by the user"
    assert rows["organised_groups.criminal_start_h"]["state"] == "set by the account"


def test_an_own_file_is_played_and_kept_when_it_is_gone(tmp_path: Path, monkeypatch, tiny) -> None:
    monkeypatch.chdir(tmp_path)
    text = (tiny.folder / "accounts" / "smuggling.toml").read_text()
    own = (
        text.split("[predicts")[0]
        + '[within]\n"organised_groups.criminal_start_h" = { high = 2, reason = "at once" }\n'
    )
    Path("mine.toml").write_text(own)
    folder, summary = perform(
        Request("tiny", account="mine", out=Path("a"), until="2030-03-02T12:00", report=False, quiet=True)
    )
    assert summary["account"] == "mine" and summary["parameters"]["organised_groups.criminal_start_h"] == 1
    Path("mine.toml").unlink()
    branch = Request("", branch=f"{folder}@2030-03-02T00:00", out=Path("b"), report=False, quiet=True)
    assert perform(branch)[1]["plan"]["carried"]["id"] == "mine"
    assert json.loads((Path("b") / "run.json").read_text())["account"] == "mine"


def test_an_unknown_account_is_told_with_all_else(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaseError) as caught:
        gs.run("tiny", account="smugling", off=["x"], set={"news.x": 1})
    assert [p.file for p in caught.value.problems] == ["--off", "--account", "--set"]
    assert "did you mean 'smuggling'?" in str(caught.value)


def test_versions_of_measures_hold_for_a_scripted_government_alone(kazakhstan) -> None:
    from groundswell.accounts.playing import carried

    plan = Plan(
        "kazakhstan-2022", Change(account="third-force"), carried=carried(kazakhstan, "third-force"), people_scale=0.001
    )
    start = {}
    for mode in ("scripted", "responsive"):
        world = prepare(replace(plan, change=replace(plan.change, government=mode)), kazakhstan)[0].world
        start[mode] = {m.id: m.start_h for m in world.measures}.get("patron-out")
    assert start == {"scripted": 84, "responsive": None}
