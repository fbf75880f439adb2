"""Bad account files: every mistake at once, with file, line and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundswell.accounts import load
from groundswell.case import CaseError

GOOD = """code = "X"
title = "Mine"
statement = "What I say."
on = ["smugglers"]

[[held]]
source = "notebook"
line = "3"
stance = "states"
"""


def first(*edits: tuple[str, str]):
    def edit(text: str) -> str:
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        return text

    return edit


def within(text: str):
    return lambda whole: f"{whole}\n[within]\n{text}\n"


def measures(text: str):
    return lambda whole: f'{whole}\n[[measures]]\nsource = "press"\nchanges = {{ {text} }}\n'


NO_OFFICE = first(('groups = ["office", "outside"]', 'groups = ["office"]'))
TWICE = first(('on = ["smugglers"]', 'on = ["smugglers"]\nmay = ["smugglers"]'))
SWITCHED = first(('["news.b_news"]', '["factions.start_h"]\nprior = "U(0, 1)"'))
BAD = {
    "smuggling": [
        (
            first(('["smugglers"]', '["smuglers"]')),
            "smuggling.toml:4: on: given 'smuglers'; allowed: one of service-keeps",
        ),
        (first(("statement = ", "statment = ")), "accounts/smuggling.toml:3: statment: given 'statment'"),
        (
            first(('stance = "reports"', 'stance = "says"')),
            "smuggling.toml:6: held.stance: given 'says'; allowed: one of",
        ),
        (first(('stance = "denies"', 'stance = "says"')), "smuggling.toml:12: held.stance: given 'says'"),
        (first(('source = "notebook"', 'source = "diary"')), "smuggling.toml:6: held.source: given 'diary'"),
        (first(('line = "9"', 'line = "nine"')), "held.line: given 'nine'; allowed: a line of the text"),
        (first(('sign = "-"', 'sign = "less"')), "predicts.arms.sign: given 'less'"),
        (first(("[predicts.arms]", "[predicts.arm]")), "record/observations.csv; did you mean 'arms'?"),
        (within('"news.b_mews" = { high = 1, reason = "x" }'), "within.news.b_mews: given 'news.b_mews'"),
        (within('"news.b_news" = { reason = "x" }'), "given no end; allowed: low, high or both"),
        (within('"news.b_news" = { low = 2, high = 1, reason = "x" }'), "given 2 to 1; allowed: low below high"),
        (within('"news.b_news" = { high = "1", reason = "x" }'), "within.news.b_news.high: given '1'"),
        (within('"news.b_news" = { high = 0, reason = "x" }'), "holds a hundredth of U(0.2, 2)"),
        (within('"factions.wait_intent" = { high = 2, reason = "x" }'), "'service-keeps-out' that sets it is not"),
        (within('"factions.every_h" = { high = 2, reason = "x" }'), "a parameter with a prior"),
        (within('"news.b_news" = { high = 1 }'), "within.news.b_news.reason: given nothing"),
        (measures('fuel-offer = "2030-03-04T00:00"'), "given '2030-03-04T00:00'; allowed: a version of fuel-offer"),
        (measures('fuel = "none"'), "measures.changes: given 'fuel'"),
        (TWICE, "may: given smugglers twice; allowed: each element in one of on, may, at_least_one"),
        (first(('on = ["smugglers"]', 'at_least_one = ["smugglers"]')), "at_least_one: given one element"),
        (
            lambda t: t.replace("[[held]]", "[held]", 1).split("[[held]]")[0],
            "held: given a table of 4; allowed: tables",
        ),
    ],
    "price-rising": [(first(('stance = "states"', 'stance = "denies"')), "price-rising.toml:7: held: given nobody")],
    "elements": [
        (
            first(('"U(0, 96)"', '"U(96, 0)"')),
            "service-keeps-out.on.factions.start_h: given 'U(96, 0)'; allowed: a prior",
        ),
        (first(('"U(0, 96)"', '"U(-96, -1)"')), "allowed: a prior with half of it or more from 0 to inf"),
        (first(('"U(0, 96)"', "-5")), "given -5; allowed: a value from 0 to inf"),
        (first(('group = "office"', 'group = "palace"')), "elements.toml:6: service-keeps-out.group: given 'palace'"),
        (first((', reason = "any of the first four days"', "")), "given no reason"),
        (first(('"factions.start_h"', '"factions.stat_h"')), "did you mean 'factions.start_h'?"),
        (first(("reason = ", 'needs = ["x"]\nreason = ')), "elements.toml:7: service-keeps-out.needs: given 'x'"),
    ],
    "free": [
        (SWITCHED, "allowed: a parameter that no element sets"),
        (first(('["news.b_news"]', '["factions.every_h"]')), "given no prior; allowed: a prior such as"),
        ("x = = 1", "accounts/free.toml:1: given"),
        (None, "accounts/free.toml: given no such file"),
    ],
    "families": [
        (NO_OFFICE, "families.toml:17: mixture.groups: given the groups of another family"),
        (lambda t: t.split("[mixture]")[0], "groups: given no family for office and outside"),
    ],
}
CASES = [(name, edit, message) for name, rows in BAD.items() for edit, message in rows]


@pytest.mark.parametrize(("name", "edit", "message"), CASES, ids=[f"{n}-{m[:50]}" for n, _, m in CASES])
def test_a_mistake_is_told(tiny, changed, name: str, edit, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        load(changed(tiny, {name: edit}))
    assert message in str(caught.value)


def test_all_mistakes_at_once(tiny, changed) -> None:
    edits = {
        "smuggling": first(('stance = "reports"', 'stance = "x"'), ('sign = "-"', 'sign = "x"')),
        "elements": first(('"U(0, 96)"', '"U(96, 0)"')),
        "free": first(('["news.b_news"]', '["news.x"]')),
    }
    with pytest.raises(CaseError) as caught:
        load(changed(tiny, edits))
    assert len(caught.value.problems) == 4
    assert {p.file for p in caught.value.problems} == {f"accounts/{n}.toml" for n in edits}


def test_more_than_25_free_parameters(kazakhstan, changed) -> None:
    with pytest.raises(CaseError, match="given 26 parameters; allowed: at most 25"):
        load(changed(kazakhstan, {"free": lambda t: t + '\n["arms.regained"]\nreason = "one more"\n'}))


def test_an_element_beside_what_it_needs(kazakhstan, changed) -> None:
    with pytest.raises(
        CaseError, match="third-force.toml:4: on: given 'led-group'; allowed: with what it needs in on: patron-moves"
    ):
        load(changed(kazakhstan, {"third-force": first(('["patron-moves", "led-group"', '["led-group"'))}))


def test_the_users_own_account(tiny, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    accounts = load(tiny, tmp_path)
    assert set(accounts.accounts) == {"mine", "price-rising", "smuggling"}
    assert accounts.accounts["mine"].own and not accounts.accounts["smuggling"].own
    assert accounts.accounts["mine"].content == accounts.accounts["smuggling"].content


def test_an_own_account_takes_no_id_of_the_case(tiny, tmp_path: Path) -> None:
    (tmp_path / "smuggling.toml").write_text(GOOD)
    with pytest.raises(
        CaseError, match="smuggling.toml: name of the file: given 'smuggling'; allowed: an id that no account"
    ):
        load(tiny, tmp_path)


def test_a_case_without_accounts(tiny, tmp_path: Path) -> None:
    from dataclasses import replace

    empty = load(replace(tiny, folder=tmp_path))
    assert not empty.accounts and not empty.shared
