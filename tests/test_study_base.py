"""The study of the base: which draws are played, what is kept, how numbers and words follow from runs."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tools import study_base as study
from tools.base import numbers, parts, plans, playing, words
from tools.base.numbers import Statement

import groundswell as gs
from groundswell.case.calibration import Draws
from groundswell.play import lines
from groundswell.play.many import draw_of


@pytest.fixture(scope="module")
def tiny():
    return gs.load("tiny")


@pytest.fixture(scope="module")
def drawn(tiny):
    """The invented case with four draws of unlike weight."""
    values = tuple((float(i),) for i in (6, 8, 10, 12))
    said = {"version": "9", "fit": ["a"], "check": ["b"], "case_digest": tiny.digest}
    draws = Draws(("spark.strength",), values, (0.5, 0.25, 0.125, 0.125), (1.0,) * 4, 2, said, "x")
    return replace(tiny, draws=draws)


def told(share: float, use: str = "fit", set_: str = "weigh", observation: str = "o") -> Statement:
    return Statement("s", observation, "It is so.", use, set_, share, "1", "2", "3", "everywhere", "all day", "001:7")


def test_draws_come_by_weight_in_every_beginning(drawn, tiny):
    seen = [draw_of(drawn, i) for i in range(1, 101)]
    for n in (10, 40, 100):
        for k, weight in enumerate(drawn.draws.weight, start=1):
            assert abs(Counter(seen[:n])[k] - n * weight) < 2
    assert draw_of(tiny, 7) == "declared"
    assert playing.middle_of(drawn) == 2 and playing.middle_of(tiny) == "declared"


def test_a_second_start_plays_only_what_is_missing(tmp_path, monkeypatch):
    file, played = tmp_path / "rows.jsonl", []
    monkeypatch.setattr(playing, "play", lambda case, one: played.append(one["key"]) or {"ran_away": True})
    jobs = [playing.job(1, s) for s in (1, 2, 3)]
    playing.rows_of("tiny", jobs[:2], file, 1)
    with file.open("a") as store:
        store.write('{"key": "as it is | draw 1 | se')  # killed while it wrote
    rows = playing.rows_of("tiny", jobs, file, 1)
    assert played == [one["key"] for one in jobs]
    assert [r["key"] for r in rows] == [one["key"] for one in jobs]
    assert len(lines.read(file)) == 3


def test_a_form_is_taken_out_on_the_same_luck(drawn):
    jobs, base = plans.forms(drawn, 2), plans.base(drawn, 2)
    assert {"number", "pool", "regain"} <= set(jobs)
    assert [(j["draw"], j["seed"]) for j in jobs["pool"]] == [(j["draw"], j["seed"]) for j in base]
    own = plans.values_of(drawn, base[0]["draw"])
    assert jobs["regain"][0]["set"] == {"sites.regain": own["sites.speed"]}
    assert own["spark.strength"] == drawn.draws.of(base[0]["draw"])["spark.strength"]


def test_every_value_that_takes_a_form_out_is_allowed(tiny):
    own = plans.values_of(tiny, "declared")
    for _, change in plans.FORMS.values():
        for name, value in change.items():
            assert name in own
            assert value in own or isinstance(value, float)


def test_statements_are_counted_by_use_and_apart_from_the_official_totals():
    found = numbers.counts([
        told(0.5), told(0.49), told(0.0, "check"), told(1.0, "check", "check"), told(1.0, "fit", "base"),
        told(0.0, "fit", "weigh", "national-4-january"),
    ])  # fmt: skip
    assert (found["all"]["half"], found["all"]["none"], found["all"]["of"]) == (3, 2, 6)
    assert (found["texts"]["half"], found["texts"]["none"], found["texts"]["of"]) == (2, 1, 4)
    assert (found["texts_check"]["half"], found["texts_check"]["of"]) == (1, 2)
    assert found["national"]["of"] == 1


def test_quantiles_are_values_that_some_run_has():
    x = np.array([3.0, np.inf, 1.0, 2.0, np.inf])
    assert numbers.quantiles_of(x, (0.0, 0.5, 1.0)) == [1.0, 3.0, np.inf]
    low, middle, _ = numbers.quantiles_of(np.array([np.nan, np.nan, 5.0]), (0.0, 0.5, 1.0))
    assert np.isnan(low) and np.isnan(middle)


def test_calm_is_told_from_the_last_hour_with_five_hundred():
    assert numbers.calm_since({"national": [0, 900, 100, 600, 499]}) == 4.0
    assert numbers.calm_since({"national": [0, 10]}) == 0.0
    assert numbers.calm_since({"national": [0, 900]}) == np.inf


def test_the_fit_stands_in_words_and_says_what_was_kept_back(drawn, tiny):
    found = numbers.counts([told(0.5), told(1.0, "check"), told(0.0, "check")])
    said = words.fit(drawn, found, 100)
    assert said[0].startswith("**Of the 3 dated statements of the texts, 2 are met in half or more of 100 runs")
    assert "calibrated on: 1 of 1; kept back: 1 of 2" in said[0] and "one is met in no run" in said[0]
    assert "no clean prediction" in said[2]
    assert "nothing is calibrated" in words.fit(tiny, found, 5)[0]
    assert "no prediction" in words.sentence(drawn, found, 100, "there.md")
    assert "Nothing is calibrated yet." in words.sentence(tiny, found, 100, "there.md")


def test_marks_are_filled_again_and_again(tmp_path: Path):
    file = tmp_path / "README.md"
    file.write_text("# A\n\n<!-- fit -->\n<!-- end fit -->\n\nB\n")
    for said in ("One \\1 sentence.", "Another."):
        study.fill(file, said)
        assert file.read_text() == f"# A\n\n<!-- fit -->\n{said}\n<!-- end fit -->\n\nB\n"


def test_what_is_written_by_hand_is_filled_with_numbers(tmp_path, monkeypatch, tiny, capsys):
    monkeypatch.setattr(words, "HAND", tmp_path)
    assert words.by_hand(tiny, {}) == []
    (tmp_path / "tiny.md").write_text("## What it cannot do\n\n<!-- by hand -->\n{runs} runs, {missing}.\n")
    assert words.by_hand(tiny, {"runs": "7"})[0].endswith("7 runs, {missing}.")
    assert "missing" in capsys.readouterr().out


def test_parameters_that_stand_in_for_each_other_are_seen():
    rng = np.random.default_rng(1)
    u = rng.random((400, 3))
    u[:, 1] = 0.9 * u[:, 0] + 0.1 * u[:, 1]
    r = parts.correlations(u, np.full(400, 1 / 400))
    assert r[0, 1] > 0.95 and abs(r[0, 2]) < 0.2
    assert np.allclose(np.diag(r), 1)


def _row(met: int, peak: int, dead: int, lost: float | None = None) -> dict:
    return {"ran_away": False, "score": {"met": met, "of": 9}, "peak": peak, "joins": peak, "peak_town": peak,
            "harm": {"dead": {"total": dead}}, "lost_h": lost}  # fmt: skip


def test_forms_and_edges_in_words():
    base = [_row(6, 100, 10), _row(7, 200, 20)]
    gone = {"pool": [_row(3, 900, 90), {"ran_away": True}], "few": [{"ran_away": True}] * 2}
    said = parts.forms(base, gone)
    assert "| pool |" in said and "-3.0" in said and "1 of 2 ran away" in said
    assert "| few |" in said and "ran away in every run" in said
    move = plans.Move("news.b_news", False, "1 to 0.95", ({"variant": "edge news.b_news down"},) * 2)
    still = [_row(6, 100, 1, 95.0), _row(6, 100, 1, 96.0)]
    said = parts.edge(still, [move], {"edge news.b_news down": [_row(6, 50, 1), _row(6, 50, 1)]})
    assert "by one such move of: `news.b_news`" in said and "0% (-100%)" in said and "x 0.50" in said


def test_numbers_for_other_pages_are_plain_data(tiny):
    rows = [{"national": [1, 2], "score": {"met": 3, "of": 7}, "peak": 2, "harm": {"dead": {"total": 0}}, "start_ms": 0,
             "offset_h": 1.0}]  # fmt: skip
    found = json.loads(json.dumps(numbers.digest_of_set(tiny, rows, [told(1.0)])))
    assert found["runs"] == 1 and found["of"] == 7 and found["sorted"]["met"] == [3]
    assert len(found["national"]) == len(found["quantiles"])
