"""Whether accounts are told apart in runs whose account is known, and which observations are met -> sections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.figures.heat import recovery_matrix
from groundswell.figures.rows import ranked

from .blocks import Block, Chart, Points, Section, Table, Text, kept
from .names import UNTOLD, Names, listed, number, share, span
from .words import apart, fits, misfits, scored

SETS = {"base": "base: ruled out runs beforehand", "weigh": "weigh: gave the probabilities",
        "check": "check: kept back"}  # fmt: skip


def recovery(mode: Mapping[str, Any], names: Names) -> Section:
    """The recovery matrices of families and accounts, and the sets that are not told apart."""
    checks, key = mode["checks"], mode["mode"]
    sets = mode["not_separable"]
    blocks = kept(
        [
            Text(
                "Each row takes runs made under one account and asks which account made them, as it is asked of the "
                "record: by the evidence alone, without the prior, and by a classifier that has not seen them. Dark "
                "cells on the diagonal mean that it is found again; dark cells elsewhere, that it is taken for another."
            ),
            Text(apart(mode, names)),
            Points([listed(names.drawn(c) for c in one) for one in sets]) if len(sets) > 1 else None,
            _matrix(f"{key}-recovery-families", "Families given back", checks["recovery_families"], names.family),
            _matrix(f"{key}-recovery", "Accounts given back", checks["recovery"], names.drawn),
            _cells("Families given back, with intervals", checks["recovery_families"], names.family),
            _cells("Accounts given back, with intervals", checks["recovery"], names.drawn),
        ]
    )
    return Section(f"{key}-recovery", "Can they be told apart?", blocks)


def _matrix(name: str, title: str, found: Mapping[str, Any], words: Any) -> Chart:
    shares = {true: {given: cell["share"] for given, cell in row["given"].items()} for true, row in found.items()}
    runs = {true: row["n"] for true, row in found.items()}
    known = {k: words(k) for k in [*shares, *(g for row in shares.values() for g in row)]}
    note = "Percent of the runs made under the row (in brackets: how many) that are taken for the column; darker: more."
    return Chart(
        name,
        f"{title}: matrix of what runs were made with and what they are taken for. Numbers below.",
        lambda width: recovery_matrix(shares, runs, known, title=title, note=note, width=width),
    )


def _cells(title: str, found: Mapping[str, Any], words: Any) -> Table:
    rows = [
        (words(true), words(given), f"{cell['runs']:,} of {row['n']:,}", share(cell["share"]),
         span(cell["low"], cell["high"]))
        for true, row in found.items()
        for given, cell in row["given"].items()
        if cell["runs"]
    ]  # fmt: skip
    return Table(
        f"{title} (95 %, Wilson 1927); pairs without a run left out",
        ("Made under", "Taken for", "Runs#", "Share#", "Interval#"), rows,
    )  # fmt: skip


def fit(mode: Mapping[str, Any], names: Names) -> Section:
    """What runs near the record say of each observation, and which accounts could have produced it at all."""
    key = mode["mode"]
    rows = sorted(
        scored(mode).values(),
        key=lambda r: (list(SETS).index(r["set"]), r["met"]),
    )
    bars = [{"label": r["title"], "share": r["met"], "group": SETS[r["set"]]} for r in rows]
    note = "Share of the runs nearest to the record whose report meets it, weighted by their account's probability."
    blocks: list[Block] = [
        Text(
            "First whether the record lies within what an account produces at all, before any probability; then, for "
            "each observation, how many of the runs that resemble the record say the same. An account can be the most "
            "probable and still not fit."
        ),
        Text(f"{fits(mode, names)} {misfits(mode, names)}".strip()),
    ]
    if bars:
        blocks.append(
            Chart(
                f"{key}-fit",
                "Share of the runs nearest to the record that meet each observation, by set. Numbers below.",
                lambda width: ranked(
                    bars, title="Fit by observation", note=note, axis="share of the runs that meet it", width=width,
                    groups=list(SETS.values()), most=1.0,
                ),
            )
        )  # fmt: skip
        told = [(r["title"], r["set"], share(r["met"])) for r in rows]
        blocks.append(Table("Fit by observation in numbers", ("Observation", "Set", "Met by#"), told))
    given = [r["title"] for k, r in (mode["checks"].get("predictive") or {}).items() if k not in scored(mode)]
    if given:
        blocks.append(Text(f"Not scored here, since these are input in this mode: {'; '.join(given)}.", "note"))
    blocks.append(_outside(mode, names))
    return Section(f"{key}-fit", "What fits, and what does not", blocks)


def _outside(mode: Mapping[str, Any], names: Names) -> Table:
    rows, grey = [], set()
    for k, (name, row) in enumerate(mode["outside_prior"].items()):
        far = [f"{names.summary(o['summary'])} (p {number(o['p'], 2)})" for o in row["observations"]]
        told = "too few runs to tell" if row["distance"] is None or row["fits"] is None else (
            "yes" if row["fits"] else "no"
        )  # fmt: skip
        if told == "no":
            grey.add(k)
        rows.append(
            (names.drawn(name), told, number(row["p"], 2), number(row["distance"]), number(row["usual"]),
             f"{row['runs']:,}", "; ".join(far) or UNTOLD)
        )  # fmt: skip
    limit = (mode["checks"].get("limits") or {}).get("fits")
    return Table(
        "Could each account have produced the record? p: share of its runs that lie at least as far from its other "
        "runs as the record does, or from the runs of all accounts where that share is lower"
        + (f"; below {limit:g} it does not fit" if limit else ""),
        ("Account", "Fits", "p#", "Distance#", "Usual distance#", "Runs#", "Observations outside, each by itself"),
        rows, frozenset(grey), folded=False,
    )  # fmt: skip
