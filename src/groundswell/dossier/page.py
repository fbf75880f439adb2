"""The dossier of a case: who says what, who agrees with whom, what is open -> `dossier.html`, self-contained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from groundswell.accounts import Account, Accounts
from groundswell.accounts.words import order_of_day
from groundswell.dossier.camps import (
    ACCOUNT,
    LEAST_SHARED,
    OWN,
    Agreement,
    Camps,
    agreed,
    agreement,
    camps,
    grouped,
    speakers,
)
from groundswell.files import write
from groundswell.record import Claim, Observation, Record
from groundswell.record.show import STANCES, contradictions, says
from groundswell.report import wording
from groundswell.report.templating import environment, styles

SIGNS = {"states": "●", "reports": "○", "denies": "✕", "open": "?", "silent": "·"}
FIGURES = ("count", "share", "class", "hour", "order", "rank")
LIMITS = (
    "Nothing here was played: it is what sources say, laid side by side. That many say it does not make it so.",
    "It takes no side. Accounts stand in an order drawn anew each day, sources in the order of the record.",
    "Silence is neither agreement nor denial. What a source reports of others is not its own position.",
    "Statements are in our words, with the line of the source; persons are named for an office or as the voice quoted.",
)


def held_of(accounts: Accounts) -> dict[str, dict[str, str]]:
    """Account -> source -> its own position; a source that takes both sides, or none, has none."""
    out: dict[str, dict[str, str]] = {}
    for a in accounts.accounts.values():
        said: dict[str, set[str]] = {}
        for h in a.held:
            if h.stance in OWN:
                said.setdefault(h.source, set()).add(h.stance)
        out[a.id] = {source: min(own) for source, own in said.items() if len(own) == 1}
    return out


def cell(stances: Sequence[str], lines: Sequence[str]) -> dict[str, Any]:
    """What stands where a source and a matter meet: stances, their signs and lines."""
    shown = tuple(stances) or ("silent",)
    return {"stances": shown, "signs": "".join(SIGNS[s] for s in shown), "lines": ", ".join(dict.fromkeys(lines))}


def row(record: Record, o: Observation, columns: Sequence[str]) -> dict[str, Any]:
    """An observation as a row of the matrix: a cell for each column, others in words, and all that is said."""
    said = record.claims_of(o.id)
    cells = [_cell([c for c in said if c.source == s]) for s in columns]
    others = [f"{record.source_of[c.source].name} {c.stance}" for c in said if c.source not in columns]
    return {"title": o.title, "id": o.id, "definition": o.definition, "note": o.note, "cells": cells,
            "others": list(dict.fromkeys(others)), "claims": [spoken(record, o, c) for c in said],
            "contradicted": bool(contradictions(record, o.id))}  # fmt: skip


def _cell(said: Sequence[Claim]) -> dict[str, Any]:
    kinds = {c.stance for c in said}
    return cell([s for s in STANCES if s in kinds], [c.line for c in said])


def spoken(record: Record, o: Observation, c: Claim) -> dict[str, str]:
    """A claim in words."""
    return {"source": record.source_of[c.source].name, "id": c.source, "line": c.line, "stance": c.stance,
            "says": says(o, c), "statement": c.statement}  # fmt: skip


def account_row(a: Account, columns: Sequence[str]) -> dict[str, Any]:
    """An account as a row: a cell for each column, and who holds it with lines and notes."""
    order = (*STANCES, "open")
    cells = []
    for s in columns:
        mine = [h for h in a.held if h.source == s]
        kinds = {h.stance for h in mine}
        cells.append(cell([k for k in order if k in kinds], [h.line for h in mine]))
    return {"title": a.title, "code": a.code, "statement": a.statement, "cells": cells, "own": a.own,
            "held": a.held}  # fmt: skip


def undisputed(accounts: Accounts, day: date) -> list[dict[str, Any]]:
    """Accounts on which two sources or more have a position, all the same, and no source takes the other side."""
    out = []
    for name in order_of_day(accounts.accounts, day):
        a = accounts.accounts[name]
        stances = {h.stance for h in a.held if h.stance in OWN}
        own = list(dict.fromkeys(h.source for h in a.held if h.stance in OWN))
        if len(stances) == 1 and len(own) > 1:
            rest = list(dict.fromkeys(f"{h.source} {_left(h.stance)}" for h in a.held if h.source not in own))
            out.append({"title": a.title, "stance": min(stances), "sources": sorted(own), "rest": rest})
    return out


def _left(stance: str) -> str:
    return "leaves it open" if stance == "open" else f"{stance} it of others"


def pairs(record: Record, accounts: Accounts, held: Agreement, found: Camps) -> list[dict[str, Any]]:
    """Each pair of sources: matters shared, agreed on, those on which they part, and how often they are in one camp."""
    titles = {o.id: o.title for o in record.observations} | {
        ACCOUNT + a.id: a.title for a in accounts.accounts.values()
    }
    out = []
    for a, b in combinations(held.sources, 2):
        shared, agree = held.shared(a, b)
        between = held.relation[:, held.sources.index(a), held.sources.index(b)]
        apart = [titles[m] for m, sign in zip(held.matters, between, strict=True) if sign < 0]
        if shared:
            out.append({"one": a, "other": b, "shared": shared, "agree": agree, "apart": apart,
                        "together": found.together.get((a, b))})  # fmt: skip
    return out


def open_question(q: Mapping[str, Any], record: Record, claims: Mapping[str, str]) -> dict[str, Any]:
    """A question with the statements of its claims and the titles of its observations."""
    return {
        **q,
        "claims": [{"id": id, "statement": claims[id]} for id in q["claims"]],
        "observe": [record.observation(id).title for id in q["observe"]],
    }


def plain(
    record: Record, groups: Mapping[str, Any], held: Agreement, found: Camps, numbers: Mapping[str, int]
) -> list[str]:
    """The page in a few sentences, made from the numbers."""
    n, texts = numbers, len(held.sources)
    one = [
        f"The record has {n['observations']} matters in {len(groups)} kinds of event, of which sources speak of "
        f"{n['spoken']}; on the other {n['observations'] - n['spoken']} all are silent. {n['claims']} claims: "
        f"{n['states']} state, {n['reports']} report what others say, {n['denies']} deny.",
        f"On {n['agreed']} matters two sources or more have a position and none contradicts; "
        f"{_all(n['by_all'], texts)} On {n['contradicted']} matters sources contradict each other.",
    ]
    return [*one, camps_words(held, found)]


def _all(count: int, texts: int) -> str:
    if count:
        return f"{_matters(count)} of them {'has' if count == 1 else 'have'} a position of all {texts} main sources."
    return f"none of them is stated by all {texts} main sources."


def _matters(count: int) -> str:
    return "one" if count == 1 else str(count)


def camps_words(held: Agreement, found: Camps) -> str:
    """The camps in a sentence or two, with how little they rest on."""
    names = [", ".join(c) for c in found.found]
    alone = ", ".join(found.alone)
    share = "shares" if len(found.alone) == 1 else "share"
    left = f" {alone} {share} fewer than {LEAST_SHARED} matters with any other, and cannot be placed."
    if not found.found:
        return f"No camps can be found: no two sources share {LEAST_SHARED} matters."
    several = len(found.found) > 1
    parts = "; ".join(f"{n} ({s:.0%} of resamples)" for n, s in zip(names, found.stability, strict=True))
    if several:
        start = f"Sources fall into {len(names)} camps: {parts}."
    else:
        start = (
            f"No camps part the sources: {names[0]} agree more often than not on what they share. With the matters "
            f"drawn anew, just these come out as one group in {found.stability[0]:.0%} of resamples; in the others "
            "some part, or share too little to be placed."
        )
    return start + (left if found.alone else "")


def context(
    title: str, record: Record, accounts: Accounts, questions: Sequence[Mapping[str, Any]], claims: Mapping[str, str],
    day: date, seed: int = 1,
) -> dict[str, Any]:  # fmt: skip
    """All that the page shows, as plain data."""
    columns = speakers(record)
    told = [o for o in record.observations if record.claims_of(o.id)]
    groups = {
        name: {"rows": [row(record, o, columns) for o in members],
               "spoken": [sum(any(c.source == s for c in record.claims_of(o.id)) for o in members) for s in columns]}
        for name, members in grouped(record, told).items()
    }  # fmt: skip
    held = agreement(record, held_of(accounts))
    found = camps(held, seed)
    same = agreed(record)
    apart = [o for o in told if contradictions(record, o.id)]
    numbers = {
        "observations": len(record.observations), "spoken": len(told), "claims": len(record.claims),
        "agreed": len(same), "contradicted": len(apart), "by_all": sum(set(columns) <= set(s) for _, s in same),
        **{s: sum(c.stance == s for c in record.claims) for s in STANCES},
    }  # fmt: skip
    answers = [open_question(q, record, claims) for q in questions]
    return {
        "title": title,
        "day": f"{day.day} {day:%B %Y}",
        "signs": SIGNS,
        "limits": LIMITS,
        "cannot_tell": wording.cannot_tell(),
        "columns": [record.source_of[s] for s in columns],
        "groups": groups,
        "numbers": numbers,
        "plain": plain(record, groups, held, found, numbers),
        "accounts": [account_row(accounts.accounts[a], columns) for a in order_of_day(accounts.accounts, day)],
        "camps": found,
        "camps_words": camps_words(held, found),
        "least_shared": LEAST_SHARED,
        "matters": len(held.matters),
        "pairs": pairs(record, accounts, held, found),
        "agreed": [(o, sources, next(c for c in record.claims_of(o.id) if c.stance in OWN)) for o, sources in same],
        "agreed_accounts": undisputed(accounts, day),
        "apart": [row(record, o, columns) for o in sorted(apart, key=lambda o: o.form not in FIGURES)],
        "silent": [o for o in record.observations if not record.claims_of(o.id)],
        "questions": {g: [q for q in answers if q["group"] == g] for g in dict.fromkeys(q["group"] for q in answers)},
        "answerable": sum(bool(q["claims"]) for q in answers),
        "sources": record.sources,
    }


def dossier_page(
    title: str, record: Record, accounts: Accounts, questions: Sequence[Mapping[str, Any]], claims: Mapping[str, str],
    day: date, seed: int = 1,
) -> str:  # fmt: skip
    """The whole page as one HTML text that needs no network and no script.

    Args:
        title: of the case.
        record: what sources say.
        accounts: the rival accounts; their order is that of the day.
        questions: as plain data: id, group, question, source, lines, asked, claims, observe, fact, mechanism.
        claims: statement of every claim that a question names, by id.
        day: the day of which the order is.
        seed: of the resamples of the matters.
    """
    from markupsafe import Markup

    templates = environment()
    css = styles("report.css", "dossier.css")
    shown = context(title, record, accounts, questions, claims, day, seed)
    return templates.get_template("dossier.html.j2").render(css=Markup(css), **shown)


def write_dossier(page: str, path: str | Path) -> Path:
    """Writes the page beside its place and renames it, so that a half-written page is never seen."""
    return write(path, page)
