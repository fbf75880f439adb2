"""What is told of accounts: all of them, one, the difference of two; in another order each day."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from groundswell.accounts.words import difference_data, order_of_day, tell
from groundswell.case import CaseError

DAY = date(2022, 1, 5)


def test_the_list_says_all_that_matters_of_each(kazakhstan, accounts, tmp_path: Path) -> None:
    data, words = tell(kazakhstan, None, (), DAY, tmp_path)
    flat = " ".join(words.split())
    for a in accounts.accounts.values():
        assert f"{a.id} ({a.code}): {a.title}" in flat and a.statement in flat
        assert {h.source for h in a.held} <= {x for x in ("000", "001", "002", "003", "004") if x in flat}
    assert json.loads(json.dumps(data)) == data
    assert list(data["accounts"]) == sorted(accounts.accounts)
    assert max(len(line) for line in words.splitlines()) <= 120


def test_one_in_full_names_parameters_ranges_measures_and_notes(kazakhstan, tmp_path: Path) -> None:
    data, words = tell(kazakhstan, "third-force", (), DAY, tmp_path)
    flat = " ".join(words.split())
    for expected in (
        "3 of its own beside 25",
        "factions.start_h ~ U(0, 144), at most 24",
        "in the version of 003:25: patron-out text 003",
        "fighting-to-removal, fewer or earlier: the removal comes before the organised violence (003:27)",
        "Denied in text 001, lines 43, 205.",
        "All depends on the hour of the removal.",
    ):
        assert expected in flat
    assert data["families"] == ["office"] and data["within"]["factions.start_h"]["low"] is None


def test_a_difference_is_the_same_from_both_sides(kazakhstan, accounts, tmp_path: Path) -> None:
    data, words = tell(kazakhstan, None, ("palace-plot", "third-force"), DAY, tmp_path)
    assert data == difference_data(accounts, "third-force", "palace-plot")
    assert data["third-force"]["elements"] == {"led-group": "on", "after-removal": "on"}
    assert data["palace-plot"]["elements"] == {"stand-down": "may be on", "led-group": "may be on"}
    assert data["palace-plot"]["within"] == {"factions.start_h": "at most 115"}
    assert "fighting-to-removal" in data["predicts"] and "stand-by-order" not in data["predicts"]
    assert "third-force: after-removal on" in words


def test_the_same_content_is_said_to_be_the_same(tiny, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text((tiny.folder / "accounts" / "smuggling.toml").read_text())
    words = tell(tiny, None, ("mine", "smuggling"), DAY, tmp_path)[1]
    assert "they share every draw" in words and "(your own file)" in words


def test_the_order_is_the_days_and_favours_nobody() -> None:
    ids = list("abcde")
    assert order_of_day(ids, DAY) == order_of_day(reversed(ids), DAY)
    orders = [order_of_day(ids, DAY + timedelta(days=n)) for n in range(1000)]
    assert all(sorted(order) == ids for order in orders)
    first = Counter(order[0] for order in orders)
    assert min(first.values()) > 150 and max(first.values()) < 250, first


@pytest.mark.parametrize(
    ("account", "diff", "message"),
    [
        ("smugling", (), "did you mean 'smuggling'?"),
        (None, ("smuggling",), "--diff: accounts: given 1 of them; allowed: --diff A B"),
        (None, ("smuggling", "x"), "--account: account: given 'x'"),
        ("smuggling", ("smuggling", "price-rising"), "allowed: an account, or --diff A B, not both"),
    ],
)
def test_what_cannot_be_shown(tiny, tmp_path: Path, account: str | None, diff: tuple[str, ...], message: str) -> None:
    with pytest.raises(CaseError) as caught:
        tell(tiny, account, diff, DAY, tmp_path)
    assert message in str(caught.value)
