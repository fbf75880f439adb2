"""Checks of a case's record: references, forms with what they need, values where a set asks for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from groundswell.case.checks_time import end_after_start, inside, minute
from groundswell.case.draft import Draft
from groundswell.case.kinds import TOLD_KINDS, UNIT_OF_FORM, observation_kinds
from groundswell.case.problems import Found, Problem, nearest, one_of

SCORED = ("base", "weigh", "check")
BOUNDS = {
    "count": (0.0, 1e10, False, "number >= 0, or blank"),
    "class": (0.0, 5.0, True, "whole number from 0 (none) to 5 (hundreds of thousands), or blank"),
    "share": (0.0, 1.0, False, "number from 0 to 1, or blank"),
    "yes": (0.0, 1.0, True, "0, 1 or blank"),
    "rank": (1.0, 1e6, True, "whole number >= 1, or blank"),
    "order": (-1e5, 1e5, False, "hours from the first event to the second, or blank"),
}


def sources(draft: Draft) -> Iterator[Problem]:
    """A source that is called a text is none of case.toml."""
    texts = draft.head.text_ids
    if draft.head.id is None:
        return
    for line, row in draft.rows("sources"):
        if row.kind == "text" and row.source not in texts:
            words = f"a text of case.toml{nearest(row.source, sorted(texts))}"
            yield draft.problem("sources", line, "source", row.source, words)


def observations(draft: Draft) -> Iterator[Problem]:
    """An observation in a form or unit that its kind does not have, outside the case, or without its two events."""
    yield from end_after_start(draft, "observations")
    forms = {row.observation: row.form for _, row in draft.rows("observations")}
    for line, row in draft.rows("observations"):
        yield from _kind(draft, line, row)
        yield from _events(draft, line, row, forms)
        if (row.set == "context") != (row.mode == "none"):
            words = "none, since the set is context" if row.set == "context" else "both or joint, since it is scored"
            yield draft.problem("observations", line, "mode", row.mode, words)
        elif row.set != "context" and row.kind in TOLD_KINDS:
            words = f"context, since a run has no counterpart for the kind {row.kind}"
            yield draft.problem("observations", line, "set", row.set, words)
    used = [(line, row) for line, row in draft.rows("observations") if row.set != "context"]
    yield from inside(draft, "observations", used)


def _kind(draft: Draft, line: int, row: Any) -> Iterator[Problem]:
    kinds = observation_kinds()
    if row.kind not in kinds:
        words = one_of(list(kinds), row.kind)
        yield draft.problem("observations", line, "kind", row.kind, words)
    elif row.form not in kinds[row.kind]:
        words = f"{one_of(kinds[row.kind])}, since the kind is {row.kind}"
        yield draft.problem("observations", line, "form", row.form, words)
    unit = UNIT_OF_FORM.get(row.form)
    if unit is not None and row.unit != unit:
        words = f"{unit or 'blank'}, since the form is {row.form}"
        yield draft.problem("observations", line, "unit", row.unit, words)
    elif unit is None and row.unit == "":
        yield draft.problem("observations", line, "unit", "", f"a unit, since the form is {row.form}")


def _events(draft: Draft, line: int, row: Any, forms: dict[str, str]) -> Iterator[Problem]:
    if row.form != "order":
        if row.of:
            words = f"blank, since the form is {row.form}"
            yield draft.problem("observations", line, "of", ";".join(row.of), words)
        return
    if row.kind != "order" and row.kind not in TOLD_KINDS:
        return  # told as a wrong form of its kind
    if len(row.of) != 2:
        words = "two observations of the form hour joined by ;, the first event and the second"
        yield draft.problem("observations", line, "of", ";".join(row.of), words)
    for given in row.of:
        if given not in forms and draft.whole("observations"):
            known = draft.ids("observations", "observation")
            if given not in known:
                words = f"an observation of observations.csv{nearest(given, known)}"
                yield draft.problem("observations", line, "of", given, words)
        elif forms.get(given, "hour") != "hour":
            words = f"an observation of the form hour ({given} has the form {forms[given]})"
            yield draft.problem("observations", line, "of", given, words)


def claims(draft: Draft) -> Iterator[Problem]:
    """A claim whose value does not fit the form of its observation, or a set that wants values or none."""
    known = {row.observation: row for _, row in draft.rows("observations")}
    valued: set[str] = set()
    for line, row in draft.rows("claims"):
        about = known.get(row.observation)
        if about is None:
            continue
        yield from (_interval if about.form == "hour" else _numbers)(draft, line, row, about)
        if not has_value(row, about.form):
            continue
        valued.add(row.observation)
        if about.set == "open":
            words = f"no claim with a value, since the set of {row.observation} is open"
            yield draft.problem("claims", line, "observation", row.observation, words)
    if draft.sound("claims"):
        for line, about in draft.rows("observations"):
            if about.set in SCORED and about.observation not in valued:
                words = "open or context, since no claim of claims.csv has a value for it"
                yield draft.problem("observations", line, "set", about.set, words)
    yield from _twice(draft)


def calibration(draft: Draft) -> Iterator[Problem]:
    """A use of an observation that no run is held against, or a block where none or one is due."""
    about = {row.observation: row for _, row in draft.rows("observations")}
    for line, row in draft.rows("calibration"):
        one = about.get(row.observation)
        if one is not None and one.set not in SCORED:
            words = f"an observation of the set base, weigh or check ({row.observation} is of the set {one.set})"
            yield draft.problem("calibration", line, "observation", row.observation, words)
        if row.use == "fit" and row.block:
            yield draft.problem("calibration", line, "block", row.block, "blank, since the use is fit")
        elif row.use == "check" and not row.block:
            words = "the places or kinds that are kept back together, since the use is check"
            yield draft.problem("calibration", line, "block", "", words)


def has_value(row: Any, form: str) -> bool:
    """Whether a claim says how large, when or that it was so; a denial has a value for the form yes alone."""
    if form == "yes":
        return True
    if row.stance == "denies":
        return False
    if form == "hour":
        return bool(row.start_local and row.end_local)
    return row.low is not None or row.high is not None


def _interval(draft: Draft, line: int, row: Any, about: Any) -> Iterator[Problem]:
    for field in ("low", "high"):
        if getattr(row, field) is not None:
            words = "blank, since the observation has the form hour: write start_local and end_local"
            yield draft.problem("claims", line, field, f"{getattr(row, field):g}", words)
    if bool(row.start_local) != bool(row.end_local):
        field = "end_local" if row.start_local else "start_local"
        yield draft.problem("claims", line, field, "", "a local time, since the other end is given; or neither")
    elif row.start_local and minute(row.end_local) < minute(row.start_local):
        words = f"a time not before start_local, {row.start_local}"
        yield draft.problem("claims", line, "end_local", row.end_local, words)
    elif row.start_local and about.set != "context" and not _within(row, about):
        words = f"an interval inside the observation's window, {about.start_local} to {about.end_local}"
        yield draft.problem("claims", line, "start_local", row.start_local, words)


def _within(row: Any, about: Any) -> bool:
    return minute(about.start_local) <= minute(row.start_local) and minute(row.end_local) <= minute(about.end_local)


def _numbers(draft: Draft, line: int, row: Any, about: Any) -> Iterator[Problem]:
    for field in ("start_local", "end_local"):
        if getattr(row, field):
            words = f"blank, since {about.observation} has the form {about.form} and its own window"
            yield draft.problem("claims", line, field, getattr(row, field), words)
    least, most, whole, words = BOUNDS[about.form]
    for field in ("low", "high"):
        value = getattr(row, field)
        if value is not None and (not least <= value <= most or (whole and value != int(value))):
            yield draft.problem("claims", line, field, f"{value:g}", f"{words}, since the form is {about.form}")
    if row.low is not None and row.high is not None and row.low > row.high:
        yield draft.problem("claims", line, "high", f"{row.high:g}", f"at least low, {row.low:g}")


def _twice(draft: Draft) -> Iterator[Problem]:
    """A source has two values for one observation that is scored."""
    seen: dict[tuple[str, str], list[tuple[int, Any]]] = defaultdict(list)
    known = {row.observation: row for _, row in draft.rows("observations")}
    for line, row in draft.rows("claims"):
        about = known.get(row.observation)
        if about is not None and about.set != "context" and has_value(row, about.form):
            seen[row.observation, row.source].append((line, row))
    for (observation, source), rows in seen.items():
        for line, row in rows[1:]:
            words = f"one value of source {source} for {observation}; its first is on line {rows[0][0]}"
            yield draft.problem("claims", line, "source", Found(f"a second value of {row.source}"), words)
