"""Probabilities of families, mechanisms and accounts, of every mode side by side -> section."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from groundswell.figures.rows import chances
from groundswell.report import wording

from .blocks import Block, Chart, Section, Table, Text
from .names import UNTOLD, Names, grouped, number, share, span
from .words import mode_title, modes_of, outside

POINT = "Point and bar: probability, and 5 to 95 percent of refits. Grey stroke: before the record."
GREY = " Grey: nothing fits, not to be relied on."
FITS = {True: "yes", False: "no", None: "too few runs to tell"}


def section(verdict: Mapping[str, Any]) -> Section:
    """Families beside their prior, mechanisms with Bayes factors, accounts with whether they fit."""
    names, modes = Names(verdict), modes_of(verdict)
    blocks: list[Block] = []
    for mode in modes:
        if mode["none_fits"]:
            blocks.append(Text(_greyed(mode, names, len(modes) > 1), "warning"))
    blocks += [
        Text(
            "Families divide the accounts, and their probabilities sum to one. Before the record each had the same "
            "share, however many accounts are written for it."
        ),
        _chart("families", "Families of accounts", {"": list(verdict["families"])}, modes, names.family, _family),
        _table("Families in numbers", "Family", list(verdict["families"]), modes, names.family, _family, "families"),
        Text(
            "A mechanism is a part of the model that only some accounts switch on. The Bayes factor is what the record "
            "multiplies its odds by: 1 leaves them, and between 1/3 and 3 is little (Kass & Raftery 1995)."
        ),
        _chart("mechanisms", "Mechanisms", {"": list(verdict["mechanisms"])}, modes, names.mechanism, _mechanism),
        _table("Mechanisms in numbers", "Mechanism", list(verdict["mechanisms"]), modes, names.mechanism, _mechanism,
               "mechanisms"),
        Text(
            "An account is a set of conditions on a run: what is switched on, what may be, what must be off. One run "
            "can meet the conditions of several accounts, so these probabilities overlap and do not sum to one. Within "
            "a family the most probable stands first; where accounts cannot be told apart, that order means nothing."
        ),
        _chart("accounts", "Accounts by family", grouped(verdict, names), modes, names.account, _account),
        Text(wording.PROBABILITY, "beside"),
        _table("Accounts in numbers", "Account", [a for g in grouped(verdict, names).values() for a in g], modes,
               names.account, _account, "accounts"),
    ]  # fmt: skip
    return Section("probabilities", "Families, mechanisms, accounts", blocks)


def _greyed(mode: Mapping[str, Any], names: Names, several: bool) -> str:
    where = f"{mode_title(mode['mode'])}: none fits." if several else "None fits."
    named = outside(mode, names)
    which = f" Outside what they produce: {'; '.join(named)}." if named else (
        " No single observation lies outside; it is their combination."
    )  # fmt: skip
    return f"{where} The record lies outside what any account produces, so its probabilities are drawn in grey.{which}"


def _family(mode: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {**mode["families"][key], "prior": mode["checks"]["prior_families"].get(key)}


def _mechanism(mode: Mapping[str, Any], key: str) -> dict[str, Any]:
    return dict(mode["mechanisms"].get(key) or {})


def _account(mode: Mapping[str, Any], key: str) -> dict[str, Any]:
    return dict(mode["accounts"].get(key) or {})


Row = Callable[[Mapping[str, Any], str], dict[str, Any]]


def _chart(
    name: str, title: str, panels: Mapping[str, Sequence[str]], modes: Sequence[Mapping[str, Any]],
    words: Callable[[str], str], row: Row,
) -> Chart:  # fmt: skip
    series = [mode_title(mode["mode"]) for mode in modes]
    rows = {
        heading: [
            {"label": words(key), "series": told, "faded": mode["none_fits"], "probability": None, "low": None,
             "high": None, "prior": None, **row(mode, key)}
            for key in keys
            for mode, told in zip(modes, series, strict=True)
        ]
        for heading, keys in panels.items()
    }  # fmt: skip
    note = POINT + (GREY if any(mode["none_fits"] for mode in modes) else "")
    return Chart(
        name,
        f"{title}: probability of each with its interval, beside its probability before the record. Numbers below.",
        lambda width: chances(rows, title=title, note=f"{note} {wording.PROBABILITY}", width=width, series=series),
    )


def _table(
    title: str, head: str, keys: Sequence[str], modes: Sequence[Mapping[str, Any]], words: Callable[[str], str],
    row: Row, kind: str,
) -> Table:  # fmt: skip
    columns, cells = [head], [[words(key)] for key in keys]
    several = len(modes) > 1

    def add(column: str, told: Callable[[Mapping[str, Any]], str], once: bool = False) -> None:
        """A column for each mode; one alone where it says the same in all of them."""
        found = [[told(row(mode, key)) for key in keys] for mode in modes]
        if once and all(one == found[0] for one in found):
            found = found[:1]
        for one, mode in zip(found, modes[: len(found)], strict=True):
            named = several and len(found) == len(modes)
            columns.append(f"{column}, {mode_title(mode['mode']).lower()}#" if named else f"{column}#")
            for line, cell in zip(cells, one, strict=True):
                line.append(cell)

    add("Probability", lambda r: f"{share(r.get('probability'))} ({span(r.get('low'), r.get('high'))})")
    add("Before", lambda r: share(r.get("prior")), once=True)
    if kind == "mechanisms":
        add("Bayes factor", lambda r: number(r.get("bayes_factor")))
    elif kind == "accounts":
        add("Fits", lambda r: FITS[r["fits"]] if "fits" in r else UNTOLD)
    grey = all(mode["none_fits"] for mode in modes)
    return Table(f"{title} (in brackets: 5 to 95 percent of refits)", columns, cells,
                 frozenset(range(len(cells))) if grey else frozenset(), folded=False)  # fmt: skip
