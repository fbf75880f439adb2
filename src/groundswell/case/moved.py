"""What stood elsewhere in cases of an older form: the columns that moved, and where to; and what they lack."""

from __future__ import annotations

import re

MOVED: tuple[tuple[str, str, str], ...] = (
    ("places", r"\w+_share", "the share of a community stands in communities.csv (place, community, share), that of "
     "the people who live on an item in exposure.csv (place, item, share), named by_place in items.csv"),
    ("factions", "role", "who presides and who can be removed follows from the posts a faction holds (presidency and "
     "removable in offices.csv)"),
    ("items", "spark_item", "what sets people in motion stands in issues.csv: a row of kind price names its item, with "
     "size 1 and the demand that it raises"),
    ("regions", r"\w+_(night|day)_c", "temperatures stand in climate.csv (region, month, night_c, day_c)"),
)  # fmt: skip
"""(table, names of columns that it no longer has, where their figures stand now)."""

NEW: dict[tuple[str, str], str] = {
    ("climate.csv", ""): "it holds the temperatures of each region by month",
    ("demands.csv", ""): "it says what people can demand, and what meets it",
    ("organs.csv", ""): "it says what the organs of forces.csv and offices.csv are, and what calls them to duty",
    ("items.csv", "exposure"): "it says whom an item concerns: all, by_place, or a share of places.csv",
    ("livelihoods.csv", "work"): "it says what people do by day: job, public, study, jobless or none",
    ("offices.csv", "successor"): "a faction, or blank: a post that is taken passes to the president's side",
}
"""(file, column or blank) that cases of an older form lack, and what each is for."""


def new(file: str, column: str = "") -> str:
    """What a file or column is for that came with a later form, as words to add to what is allowed."""
    what = NEW.get((file, column))
    return "" if what is None else f"; since version 0.3 {what}"


def moved(table: str, column: str) -> str:
    """Where the figures of a column stand that a table no longer has, as words to add to what is allowed."""
    found = (where for name, names, where in MOVED if name == table and re.fullmatch(names, column))
    return next((f"; since version 0.3 {where}" for where in found), "")
