"""Reads one account file: what it says, who holds it, what it switches on, narrows and predicts."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from groundswell.accounts.model import Account, Alternative, Element, Free, Held, Prediction, Within
from groundswell.accounts.reader import Item, Reader, Top, items, words
from groundswell.case.head import Entries
from groundswell.case.problems import Found, nearest, one_of
from groundswell.case.read import RawToml
from groundswell.engine.priors import Fixed

KEYS = (
    "title", "code", "statement", "held", "on", "may", "at_least_one", "within", "measures", "predicts", "note",
    "more_free",
)  # fmt: skip
STANCES = ("states", "reports", "denies", "open")
SIGNS = ("+", "-", "0", "")
MOST_LOOSE = 12
PRESS = "press"
_LINE = re.compile(r"\d+(-\d+)?(, ?\d+(-\d+)?)*")


def read_account(
    r: Reader,
    toml: RawToml,
    name: str,
    own: bool,
    elements: Mapping[str, Element],
    free: Mapping[str, Free],
    sound: bool,
) -> Account:
    """The account of a file; None where the file is no table. `sound`: the shared files have no mistake."""
    top = Top(toml, "", toml.values, r.problems)
    top.only(KEYS)
    lists = {key: words(top, key, elements) for key in ("on", "may", "at_least_one")} if sound else {}
    on, may, some = (lists.get(key, ()) for key in ("on", "may", "at_least_one"))
    for key in ("may", "at_least_one"):
        if both := sorted(set(lists.get(key, ())) & {*on, *(may if key == "at_least_one" else ())}):
            top.refuse(key, Found(f"{', '.join(both)} twice"), "each element in one of on, may, at_least_one")
    if len(some) == 1:
        top.refuse("at_least_one", Found("one element"), "two elements or more, or the one in on")
    if len({*may, *some}) > MOST_LOOSE:
        top.refuse("may", Found(f"{len({*may, *some})} elements"), f"at most {MOST_LOOSE} in may and at_least_one")
    for key, names in (("on", on), ("at_least_one", some), ("may", may)):
        for e in names:
            there = {*on, *may, *some} if key == "may" else set(on)
            if missing := sorted(set(elements[e].needs) - there):
                top.refuse(
                    key, e, f"with what it needs in {'on' if key != 'may' else 'on or may'}: {', '.join(missing)}"
                )
    chosen = {f.name: f for e in (*on, *may, *some) for f in elements[e].on}
    held = tuple(_held(r, entry) for entry in items(toml, top, "held"))
    if not any(h.stance != "denies" for h in held):
        top.refuse("held", Found("nobody"), "one [[held]] or more that states or reports it or leaves it open")
    return Account(
        name, str(toml.values.get("code", "")), top.text("title") or "", top.text("statement") or "", held, on, may,
        some, _within(r, toml, elements, chosen, free, sound), _measures(r, toml, top), _predicts(r, toml),
        top.text("note", needed=False) or "", top.text("more_free", needed=False) or "", own,
    )  # fmt: skip


def _source(r: Reader, entry: Entries, pressed: bool = False) -> tuple[str, str]:
    """The text and line that a table names; "press" stands without a line where it may."""
    source, line = entry.values.get("source"), str(entry.values.get("line", ""))
    if pressed and source == PRESS:
        return PRESS, line
    known = sorted(r.case.texts)
    if source not in known:
        entry.refuse("source", source, f"a text of case.toml, {one_of(known, str(source or ''))}")
    if not _LINE.fullmatch(line):
        entry.refuse("line", line, 'a line of the text: 13, "25-27" or "15, 25-27"')
    return str(source), line


def _held(r: Reader, entry: Item) -> Held:
    entry.only(("source", "line", "stance", "note"))
    stance = entry.values.get("stance")
    if stance not in STANCES:
        entry.refuse("stance", stance, one_of(STANCES, str(stance or "")))
    return Held(*_source(r, entry), str(stance), entry.text("note", needed=False) or "")


def _within(
    r: Reader,
    toml: RawToml,
    elements: Mapping[str, Element],
    chosen: Mapping[str, Free],
    free: Mapping[str, Free],
    sound: bool,
) -> dict[str, Within]:
    found: dict[str, Within] = {}
    table = Entries(toml, "within", toml.values.get("within", {}), r.problems)
    switched = {f.name: e.id for e in elements.values() for f in e.on}
    for key, values in table.values.items():
        info = r.info(table, key, key)
        if info is None or not isinstance(values, dict):
            if info is not None:
                table.refuse(key, values, '{low = ..., high = ..., reason = "..."}')
            continue
        entry = Entries(toml, f"within.{key}", values, r.problems)
        entry.only(("low", "high", "reason"))
        low, high = (_end(entry, k, missing) for k, missing in (("low", -math.inf), ("high", math.inf)))
        if not {"low", "high"} & set(values):
            table.refuse(key, Found("no end"), "low, high or both")
        elif not low < high:
            table.refuse(key, Found(f"{low:g} to {high:g}"), "low below high")
        elif sound and key in switched and key not in chosen:
            table.refuse(key, key, f"nothing: element {switched[key]!r} that sets it is not switched on here")
        else:
            prior: Any = chosen[key].prior if key in chosen else free[key].prior if key in free else info.prior
            if isinstance(prior, (float, Fixed)):
                table.refuse(key, key, "a parameter with a prior: this one is a convention or a plain switch")
            elif prior.below(min(high, info.bounds[1])) - prior.below(max(low, info.bounds[0])) < 0.01:
                table.refuse(key, Found(f"{low:g} to {high:g}"), f"a range that holds a hundredth of {prior} or more")
        found[key] = Within(low, high, entry.text("reason") or "")
    return found


def _end(entry: Entries, key: str, missing: float) -> float:
    value = entry.number(key)
    return missing if value is None else value


def _measures(r: Reader, toml: RawToml, top: Top) -> tuple[Alternative, ...]:
    """Versions of recorded measures, all of them the record's own: an account moves no measure by itself."""
    rows = r.case.tables["measures"].rows
    versions: dict[str, list[str]] = {}
    for row in rows:
        versions.setdefault(row.measure, []).append(f"version:{row.version}")
    found = []
    for entry in items(toml, top, "measures"):
        entry.only(("source", "line", "changes"))
        given = entry.values.get("changes")
        changes = given if isinstance(given, dict) else {}
        if not isinstance(given, dict):
            entry.refuse("changes", given, '{MEASURE = "version:NAME"}')
        for measure, change in changes.items():
            if measure not in versions:
                entry.refuse("changes", measure, f"a measure, {one_of(sorted(versions), measure)}")
            elif change not in versions[measure]:
                entry.refuse("changes", change, f"a version of {measure}, {one_of(versions[measure], str(change))}")
        said = _source(r, entry, pressed=True)
        found.append(Alternative(*said, {str(k): str(v) for k, v in changes.items()}))
    return tuple(found)


def _predicts(r: Reader, toml: RawToml) -> tuple[Prediction, ...]:
    table = Entries(toml, "predicts", toml.values.get("predicts", {}), r.problems)
    record = r.case.tables.get("observations")
    known = None if record is None else [row.observation for row in record.rows]
    found = []
    for key, values in table.values.items():
        entry = Entries(toml, f"predicts.{key}", values, r.problems)
        entry.only(("sign", "words", "source", "line"))
        if known is not None and key not in known:
            table.refuse(key, key, f"an observation of record/observations.csv{nearest(key, known)}")
        sign = entry.values.get("sign", "")
        if sign not in SIGNS:
            entry.refuse("sign", sign, '"+", "-", "0" or nothing')
        said = _source(r, entry) if {"source", "line"} & set(entry.values) else ("", "")
        found.append(Prediction(key, entry.text("words") or "", str(sign), *said))
    return tuple(found)
