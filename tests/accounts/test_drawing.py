"""Draws: each is in its own account and in one family, whatever files are called and however they are ordered."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import groundswell as gs
from groundswell.accounts import Draw, at_median, belonging, draw, family, load
from groundswell.domains import all_mechanisms
from groundswell.engine.priors import prior_of

KAZAKHSTAN = gs.load("kazakhstan-2022")
ALL = load(KAZAKHSTAN)
INFOS = {f"{n}.{i.name}": i for n, m in all_mechanisms().items() for i in m.parameters()}
U = st.floats(0, 1)


def some_draw(data: st.DataObject, account: str | None) -> Draw:
    own = ALL.dims[account] if account else 0
    shared = data.draw(st.lists(U, min_size=len(ALL.free), max_size=len(ALL.free)))
    return draw(ALL, account, shared, data.draw(st.lists(U, min_size=own, max_size=own)))


@pytest.mark.parametrize("account", sorted(ALL.accounts))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_draw_is_in_its_account_in_one_family_and_within_what_parameters_allow(account: str, data) -> None:
    point = some_draw(data, account)
    assert account in belonging(ALL, point)
    assert family(ALL, point) in ALL.families_of(account)
    for name, value in point.settings.items():
        low, high = INFOS[name].bounds
        assert low <= value <= high, name
    named = {f.name for e in point.elements for f in ALL.elements[e].on}
    assert named <= set(point.settings)
    assert set(point.settings) <= named | set(ALL.shared) | set(ALL.accounts[account].within)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_accounts_share_what_is_free_to_all(data) -> None:
    shared = data.draw(st.lists(U, min_size=len(ALL.free), max_size=len(ALL.free)))
    base = draw(ALL, None, shared)
    assert not base.elements and set(base.settings) == set(ALL.shared)
    for name, a in ALL.accounts.items():
        point = draw(ALL, name, shared, [0.3] * ALL.dims[name])
        same = set(ALL.shared) - set(a.within)
        assert {k: point.settings[k] for k in same} == {k: base.settings[k] for k in same}


def test_families_part_the_space() -> None:
    ids = sorted(ALL.elements)
    for n in range(len(ids) + 1):
        for on in combinations(ids, n):
            groups = {ALL.elements[e].group for e in on}
            matching = [f.id for f in ALL.families.values() if f.groups == groups]
            assert matching == [ALL.family_of(frozenset(on))]


def test_an_element_that_needs_another_is_off_without_it() -> None:
    names = ALL.coordinates("hybrid")
    u = dict.fromkeys(names, 0.2) | {"on:led-group": 0.9, "on:armed-cells": 0.4}
    point = draw(ALL, "hybrid", [0.5] * len(ALL.free), [u[n] for n in names])
    assert point.elements == {"armed-cells"}, "the highest of three that are all below a half; led-group needs a move"
    u["on:patron-moves"] = 0.5
    assert draw(ALL, "hybrid", [0.5] * len(ALL.free), [u[n] for n in names]).elements == {"led-group", "patron-moves"}


def test_by_hand() -> None:
    names = ALL.coordinates("palace-plot")
    u = dict.fromkeys(names, 0.5) | {"on:stand-down": 0.49, "factions.start_h": 0.2}
    point = draw(ALL, "palace-plot", [0.5] * len(ALL.free), [u[n] for n in names])
    assert point.elements == {"patron-moves", "led-group"}
    assert point.settings["factions.start_h"] == pytest.approx(0.2 * 115), "U(0, 144) cut at 115"
    assert point.settings["factions.intent"] == pytest.approx(2)
    assert point.settings["spark.strength"] == pytest.approx(12)
    assert not point.measures
    assert [draw(ALL, "third-force", [0.5] * 25, [0.5, 0.5, u, 0.5]).measures["patron-out"] for u in (0.1, 0.9)] == [
        "version:press", "version:text 003",
    ]  # fmt: skip


def test_predicates() -> None:
    plain = Draw(frozenset(), {"fighting.own": 0.0005}, {})
    assert belonging(ALL, plain) == ("unaided", "uprising")
    assert belonging(ALL, replace(plain, settings={"fighting.own": 0.002})) == ("unaided",)
    low = {"strikes.by_rally": 0.1, "strikes.idle_relief": 0.2, "fighting.own": 0.002}
    assert belonging(ALL, replace(plain, settings=low)) == ("unaided", "unjoined")
    two = frozenset({"foreign-organisers", "armed-cells"})
    hours = {"organised_groups.foreign_start_h": 90.0, "organised_groups.armed_start_h": 90.0}
    assert belonging(ALL, Draw(two, hours, {})) == ("hybrid",)
    assert belonging(ALL, Draw(two, hours | {"organised_groups.armed_start_h": 20.0}, {})) == ()
    assert family(ALL, Draw(two, hours, {})) == "outside"
    assert family(ALL, Draw(two | {"stand-down"}, hours, {})) == "mixture"


def test_wrong_number_of_coordinates() -> None:
    with pytest.raises(ValueError, match="24 and 0 coordinates; needed 25 and 2"):
        draw(ALL, "looting", [0.5] * 24)


@pytest.mark.parametrize("account", sorted(ALL.accounts))
def test_the_median_is_in_the_account_and_moves_no_shared_parameter_needlessly(account: str) -> None:
    point = at_median(ALL, account)
    assert account in belonging(ALL, point)
    assert not set(point.settings) & (set(ALL.shared) - set(ALL.accounts[account].within))


def points(accounts, names: dict[str, str]) -> dict[str, list[Draw]]:
    """A few draws of some accounts, by the name they had at first."""
    rows = [[(0.137 * k + 0.31 * j) % 1 for k in range(40)] for j in range(6)]
    return {
        old: [draw(accounts, new, r[: len(accounts.free)], r[: accounts.dims[new]]) for r in rows]
        for old, new in names.items()
    }


def test_renaming_and_duplicating_changes_no_draw_and_no_family(changed) -> None:
    copies = {f"zz-{n}": (KAZAKHSTAN.folder / "accounts" / f"{n}.toml").read_text() for n in ALL.accounts}
    renamed = load(changed(KAZAKHSTAN, {**copies, **dict.fromkeys(ALL.accounts)}))
    here = {n: n for n in ALL.accounts}
    there = {n: f"zz-{n}" for n in ALL.accounts}
    assert points(renamed, there) == points(ALL, here)
    for name, found in points(ALL, here).items():
        for point in found:
            assert family(renamed, point) == family(ALL, point)
            assert belonging(renamed, point) == tuple(f"zz-{n}" for n in belonging(ALL, point)), name


def test_a_duplicate_shares_every_draw_and_leaves_the_others_alone(changed) -> None:
    text = (KAZAKHSTAN.folder / "accounts" / "hybrid.toml").read_text()
    more = load(changed(KAZAKHSTAN, {"again": text.replace('title = "', 'title = "Once more: ')}))
    assert more.accounts["again"].content == more.accounts["hybrid"].content
    here = {n: n for n in ALL.accounts}
    assert points(more, here) == points(ALL, here)
    assert points(more, {"hybrid": "again"}) == points(ALL, {"hybrid": "hybrid"})
    assert all("again" in belonging(more, p) for p in points(more, {"hybrid": "hybrid"})["hybrid"])


def test_the_order_inside_files_changes_nothing(changed) -> None:
    def backwards(text: str) -> str:
        """The tables of a file in reversed order; a table and its sub-table stay together."""
        head, *tables = text.split("\n[")
        groups: list[str] = []
        for table in tables:
            if ".on]" in table.splitlines()[0]:
                groups[-1] += "\n[" + table
            else:
                groups.append("\n[" + table)
        return head + "".join(reversed(groups))

    def lists(text: str) -> str:
        return text.replace('["stand-down", "led-group"]', '["led-group", "stand-down"]').replace(
            '["patron-moves", "foreign-organisers", "armed-cells"]',
            '["armed-cells", "foreign-organisers", "patron-moves"]',
        )

    edits = {"elements": backwards, "free": backwards, "families": backwards, "hybrid": lists, "third-force": backwards}
    other = load(changed(KAZAKHSTAN, edits))
    here = {n: n for n in ALL.accounts}
    assert other.shared == ALL.shared and points(other, here) == points(ALL, here)


@pytest.mark.parametrize("info", [i for i in INFOS.values() if not str(i.prior).startswith("fixed")], ids=str)
def test_priors_read_back_and_shares_below_are_quantiles(info) -> None:
    prior = prior_of(str(info.prior))
    for u in (0.01, 0.3, 0.5, 0.99):
        assert prior.below(prior.quantile(u)) == pytest.approx(u, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["", "U(1, 0)", "U(0)", "LN(1; 2, 3)", "LN(0; 0, 1)", "N(0, 0)", "N(nan, 1)", "B(1)", "U(a, b)"]
)
def test_a_wrong_prior(text: str) -> None:
    with pytest.raises(ValueError):
        prior_of(text)
