"""Checks of what sets people in motion: one price at most, each issue raised by something, people who exist."""

from __future__ import annotations

from collections.abc import Iterator

from groundswell.case.checks_time import no_measures
from groundswell.case.draft import Draft
from groundswell.case.problems import Found, Problem, nearest

PRICE = "price"
FOR_A_PRICE = {"item": True, "raised_by": False, "communities": False, "livelihoods": False}
"""Columns of issues.csv that a row of kind price needs, or leaves blank."""


def issues(draft: Draft) -> Iterator[Problem]:
    """An issue has no cause, or one that does not fit its kind; it concerns nobody known; two prices are at issue."""
    rows = list(draft.rows("issues"))
    for line, row in rows:
        if row.kind == PRICE:
            for column, needed in FOR_A_PRICE.items():
                if bool(given := getattr(row, column)) is not needed:
                    words = f"{'an item of items.csv' if needed else 'blank'}, since the kind is {PRICE}"
                    yield draft.problem("issues", line, column, ";".join(given), words)
            continue
        if row.item:
            yield draft.problem("issues", line, "item", row.item, f"blank, since the kind is {row.kind}, not {PRICE}")
        if not row.raised_by:
            words = f"kinds or ids of measures, since the kind is {row.kind}"
            yield draft.problem("issues", line, "raised_by", "", words)
    yield from no_measures(draft, "issues", "raised_by")
    for table, column, there in (("communities", "communities", "community"), ("livelihoods",) * 2 + ("livelihood",)):
        known = draft.ids(table, there)
        for line, row in rows if draft.whole(table) else ():
            for given in getattr(row, column):
                if given not in known:
                    words = f"ids of {table}.csv joined by ;{nearest(given, known)}"
                    yield draft.problem("issues", line, column, given, words)
    prices = [(line, row.issue) for line, row in rows if row.kind == PRICE]
    if len(prices) > 1:
        given = ", ".join(issue for _, issue in prices)
        yield draft.problem("issues", prices[1][0], "kind", given, f"at most one issue of kind {PRICE}")
    if not prices and draft.sound("issues"):
        yield from _without_a_price(draft)


def _without_a_price(draft: Draft) -> Iterator[Problem]:
    """Measures on a price, or a market, where no price is at issue."""
    words = f"a row of kind {PRICE} in issues.csv, whose item this is about; or no such row here"
    for name in ("measures", "ladder"):
        for line, row in draft.rows(name):
            if row.kind.startswith("price_"):
                yield draft.problem(name, line, "kind", row.kind, words)
    for line, _ in draft.rows("market"):
        yield draft.problem("market", line, "", Found("an event of the market"), words)
