"""The report opens with how well the run fits, and the record tells what was fitted and what kept back."""

import pytest

from groundswell.report import fit, report_html
from report.test_report import read

SCORE = {"met": 41, "of": 59, "by_use": {"fit": {"met": 30, "of": 40}, "check": {"met": 11, "of": 19}}}
DRAWN = {
    "draw": 12, "of": 300, "middle": True,
    "calibration": {"fit": ["a", "b"], "check": ["c"], "same_case": True, "version": "9", "digest": "", "runs": 1},
}  # fmt: skip


def test_the_first_sentence_is_how_well_it_fits(make_data):
    data = make_data(summary={"score": SCORE, "plan": {"drawn": DRAWN}})
    text = read(report_html(data)).text
    said = "41 of 59 dated statements are met by this run; of those that were kept back 11 of 19."
    body = text[text.index("Groundswell · simulated run") :]
    assert body.index(said) < body.index("This run carries no account")
    first = "Groundswell · simulated run Madeland, January 2022 One simulated run of 1,234,567 people, hour by hour."
    assert body[: body.index(said)].strip() == first
    assert "draw 12 of 300, the one in the middle, calibrated on 2 observations of the record; 1 kept back" in body
    assert "no clean prediction" in body


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (None, ""),
        ({"met": 0, "of": 0, "by_use": {}}, "No dated statement of the record can be held against this run."),
        ({"met": 1, "of": 7, "by_use": {}}, "1 of 7 dated statements is met by this run."),
        (
            {"met": 3, "of": 7, "by_use": {"check": {"met": 0, "of": 2}}},
            "3 of 7 dated statements are met by this run; of those that were kept back 0 of 2.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_no_more_than_is_known(score, words):
    assert fit.sentence(score) == words


def test_a_run_without_draws_says_that_defaults_are_declared(make_data):
    told = fit.opening(make_data(summary={"score": SCORE, "plan": {"drawn": {}}}))["draw"]
    assert "declared defaults" in told
    assert "calibrated" not in told
    assert "docs/results" not in told
    here = fit.opening(make_data(study="docs/results/made-base.md", summary={"score": SCORE, "plan": {"drawn": {}}}))[
        "draw"
    ]
    assert here.endswith("How many runs fit: docs/results/made-base.md.")


def test_a_page_without_a_score_opens_as_before(make_data):
    assert fit.opening(make_data(summary={})) == {"sentence": "", "draw": ""}


def test_rows_without_a_use_are_told_apart(make_data):
    rows = [{"id": "a", "result": "met"}, {"id": "b", "use": "check", "result": "not met"}]
    found = fit.chronology(make_data(chronology=rows))
    assert found["tally"] == {"check": (0, 1), "neither": (1, 1)}
    assert [r["role"] for r in found["rows"]] == ["neither", "check"]
