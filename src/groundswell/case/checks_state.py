"""Checks of the state's side: the capital, police everywhere, units under offices, posts that add up, one president."""

from __future__ import annotations

from collections.abc import Iterator

from groundswell.case.cells import MOST_PEOPLE
from groundswell.case.draft import Draft
from groundswell.case.problems import Found, Problem, nearest

WEIGHT_SUM = 0.002
ALLIED = "allied"
"""The organ of allied troops, which no case need have."""


def capital(draft: Draft) -> Iterator[Problem]:
    """The capital named in case.toml is no place of the case."""
    given, known = draft.head.capital, draft.ids("places", "place")
    if given and draft.whole("places") and given not in known:
        words = f"an id of places.csv, or nothing: then the largest town{nearest(given, known)}"
        yield Problem("case.toml", draft.head.capital_line, "case.capital", given, words)


def police(draft: Draft) -> Iterator[Problem]:
    """A place has no unit of police, or an organ has the name of the allied troops."""
    for line, row in draft.rows("organs"):
        if row.organ == ALLIED:
            yield draft.problem("organs", line, "organ", row.organ, f"another id: {ALLIED} stands for allied troops")
    if draft.sound("forces", "organs") and draft.whole("places"):
        organs = {row.organ for _, row in draft.rows("organs") if row.kind == "police"}
        known = {row.place for _, row in draft.rows("forces") if row.organ in organs}
        for place in draft.ids("places", "place"):
            if place not in known:
                given, words = Found(f"no row of police for {place}"), "a unit of an organ of kind police in each place"
                yield draft.problem("forces", None, "place", given, words)


def units(draft: Draft) -> Iterator[Problem]:
    """A unit stands under an office of another organ, or a contingent has the id of a unit."""
    organ = {row.office: row.organ for _, row in draft.rows("offices")}
    for line, row in draft.rows("forces"):
        if organ.get(row.office, row.organ) != row.organ:
            mine = [office for office, commands in organ.items() if commands == row.organ]
            words = f"an office that commands the organ {row.organ} ({', '.join(mine) or 'none does'}), or blank"
            yield draft.problem("forces", line, "office", row.office, words)
    if (
        people := sum(row.strength_people for table in ("forces", "allies") for _, row in draft.rows(table))
    ) > MOST_PEOPLE:
        yield draft.problem(
            "forces", None, "strength_people", Found(f"a sum of {people:,}"), f"at most {MOST_PEOPLE:,}"
        )
    known = draft.ids("forces", "unit")
    for line, row in draft.rows("allies"):
        if row.contingent in known:
            words = f"an id that no unit of forces.csv has; line {known[row.contingent]} has it"
            yield draft.problem("allies", line, "contingent", row.contingent, words)


def posts(draft: Draft) -> Iterator[Problem]:
    """Shares of posts do not sum to 1, there is not one presidency, or its faction could be removed by itself."""
    rows = list(draft.rows("offices"))
    if not rows or not draft.sound("offices", "factions"):
        return
    total = sum(row.post_weight for _, row in rows)
    if abs(total - 1) > WEIGHT_SUM:
        given = Found(f"a sum of {total:g}")
        yield draft.problem("offices", None, "post_weight", given, "shares that sum to 1 over all offices")
    marked = [line for line, row in rows if row.presidency]
    if len(marked) != 1:
        line = marked[1] if marked else None
        given = Found(f"{len(marked)} offices with true")
        yield draft.problem("offices", line, "presidency", given, "true for exactly one office")
    first = {row.faction for _, row in rows if row.presidency}
    for line, row in rows:
        if row.successor and (row.presidency or row.successor == row.faction):
            words = "blank for the presidency; else another faction than the one that holds it, or blank"
            yield draft.problem("offices", line, "successor", row.successor, words)
        if row.removable and row.faction in first:
            words = "false, since the faction that holds the office holds the presidency"
            yield draft.problem("offices", line, "removable", "true", words)


def factions(draft: Draft) -> Iterator[Problem]:
    """A bid is half given, or missing though the faction holds the presidency or can be removed from a post."""
    rows = list(draft.rows("factions"))
    if not rows or not draft.sound("factions"):
        return
    bound = {row.faction for _, row in draft.rows("offices") if row.presidency or row.removable}
    for line, row in rows:
        bid = {"stake_move": row.stake_move, "move_prize": row.move_prize}
        missing = [column for column, cell in bid.items() if cell is None]
        if missing and row.faction in bound:
            words = "a number: a faction that holds the presidency, or a removable post, has a bid"
            yield draft.problem("factions", line, missing[0], "", words)
        elif len(missing) == 1:
            words = "a number, or stake_move and move_prize both blank: the faction has no bid and never moves"
            yield draft.problem("factions", line, missing[0], "", words)
