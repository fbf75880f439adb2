"""Predicted signs beside those of runs: paired differences by hand, and on a made table with a planted effect."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from groundswell.accounts.model import Prediction
from groundswell.record import load_record
from groundswell.report.weighed import signs as page
from groundswell.report.weighed.names import Names
from groundswell.study.tables.table import read
from groundswell.weigh.reported import runs_of
from groundswell.weigh.signs import common_base, differences, found, signs
from weigh.made import made_table


def test_differences_are_those_of_a_vector() -> None:
    x = np.array([1.0, 4.0, 2.0, 9.0, 3.0, np.nan, 5.0])
    drawn = np.array(["base", "a", "base", "a", "base", "a", "a"])
    vector = np.array([0, 0, 1, 1, 2, 2, 3])
    assert differences(x, drawn, vector, "a", "base").tolist() == [3.0, 7.0]
    drawn = np.array(["b", "a", "c", "a", "b", "a", "a"])
    assert differences(x, drawn, np.array([0, 0, 0, 1, 1, 2, 3]), "a", None).tolist() == [4.0 - 1.5, 9.0 - 3.0]


def test_the_sign_follows_from_the_interval() -> None:
    """Of 1, 2, 3, 2, 1, 2, 3, 2: mean 2, standard deviation 0.7559; t(7) at 97.5 percent is 2.3646."""
    x = np.array([1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0])
    up = found(x, 0.1, "+")
    assert (up["found"], up["agrees"], up["vectors"]) == ("+", True, 8)
    assert (up["low"], up["high"]) == pytest.approx((2 - 0.63197, 2 + 0.63197), abs=1e-4)
    assert found(-x, 0.1, "+")["agrees"] is False
    small = found(x, 3.0, "0")
    assert (small["found"], small["small"], small["agrees"]) == ("+", True, True)  # too small to be seen
    assert found(x, 3.0, "+")["agrees"] is True
    assert found(x, 3.0, "-")["agrees"] is False
    assert found(x, 0.1, "0")["agrees"] is False
    none = found(x - 2, 1.0, "+")
    assert (none["found"], none["agrees"]) == ("0", False)
    open_ = found(x - 2, 0.1, "0")
    assert (open_["found"], open_["agrees"], open_["why"]) == (None, None, "open")
    assert found(x[:7], 0.1, "+")["why"] == "few"
    assert found(np.zeros(8), 0.1, "0")["agrees"] is True


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out: Path = tmp_path_factory.mktemp("signs") / "made"
    case, accounts, design = made_table("tiny", out, apart=0.7)
    record = load_record(case)
    return accounts, record, runs_of(read(out), record, "conditional")


def with_predictions(accounts, of):
    told = {
        name: replace(a, predicts=tuple(Prediction(o, f"of {o}", s) for o, s in of.get(name, ())))
        for name, a in accounts.accounts.items()
    }
    return replace(accounts, accounts=told)


def test_a_planted_effect_is_found_and_a_wrong_prediction_named(made) -> None:
    """Outside groups lie above grievance in every observation of the made table, the harbour's crowd included."""
    accounts, record, runs = made
    told = with_predictions(
        accounts, {"smuggling": [("harbour-crowd", "+"), ("plant-strike", "-"), ("fuel-cut", "+"), ("arms", "")]}
    )
    assert common_base(told, runs) is None  # the other account may stand its forces down
    got = signs(runs, record, told, "conditional")
    assert got["against"] is None
    by = {row["observation"]: row for row in got["rows"]}
    assert by.keys() == {"harbour-crowd", "plant-strike", "fuel-cut"}  # without a sign nothing is compared
    assert by["harbour-crowd"]["agrees"] is True
    assert by["harbour-crowd"]["low"] > 0
    assert by["plant-strike"]["agrees"] is not True
    assert (by["fuel-cut"]["why"], by["fuel-cut"]["found"]) == ("input", None)


def test_the_common_base_is_what_others_are_compared_with(made) -> None:
    accounts, record, runs = made
    plain = replace(accounts.accounts["price-rising"], may=())
    told = with_predictions(
        replace(accounts, accounts={**accounts.accounts, "price-rising": plain}),
        {"smuggling": [("harbour-crowd", "+")], "price-rising": [("harbour-crowd", "0")]},
    )
    got = signs(runs, record, told, "conditional")
    assert got["against"] == "price-rising"
    by = {row["account"]: row for row in got["rows"]}
    assert by["price-rising"]["why"] == "base"
    assert by["smuggling"]["vectors"] == 30


def test_the_page_says_what_is_otherwise_and_shows_the_note(made) -> None:
    accounts, record, runs = made
    told = with_predictions(accounts, {"smuggling": [("harbour-crowd", "-")]})
    noted = replace(told.accounts["smuggling"], note="Seen in runs: more.")
    told = replace(told, accounts={**told.accounts, "smuggling": noted})
    mode = {"mode": "conditional", "signs": signs(runs, record, told, "conditional")}
    section = page.section(mode, Names({}))
    said = " ".join(str(block) for block in section.blocks)
    assert "0 are as predicted, 1 otherwise. Otherwise: “smuggling”: harbour-crowd." in said
    assert "Seen in runs: more." in said
    assert re.search(r"times [\d.]+ \([\d.]+ to [\d.]+\)", said)  # a count's difference is a ratio
    assert page.section({"mode": "conditional"}, Names({})).blocks
