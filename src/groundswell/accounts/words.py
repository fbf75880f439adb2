"""Accounts in words and as plain data: what each says, who holds it, what it switches on and predicts; differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Any

from groundswell.accounts.model import Account, Accounts, Free, Within
from groundswell.accounts.playing import find, sources
from groundswell.accounts.reading import load
from groundswell.case import Case, CaseError, Problem
from groundswell.case.problems import Found
from groundswell.engine.purposes import purpose

ACCOUNT_ORDER = purpose("order of accounts")  # order in which accounts are listed on a day

WIDTH, LABEL = 118, 13
HEAD = (
    "Each is one explanation as somebody holds it. They stand in an order drawn anew each day, not by plausibility, "
    "and a run under one is no evidence for it."
)
SIGNS = {"+": "more or later", "-": "fewer or earlier", "0": "as in the common base", "": "no sign"}


def order_of_day(ids: Iterable[str], day: date) -> list[str]:
    """Account ids in the order of a day, the same for everybody on that day."""
    from groundswell.engine.random import uniforms

    names = sorted(ids)
    place = {name: uniforms(day.toordinal(), ACCOUNT_ORDER, n, 0)[0] for n, name in enumerate(names)}
    return sorted(names, key=lambda name: place[name])


def listing(case: Case, accounts: Accounts, day: date) -> str:
    """All accounts of a case, briefly."""
    if not accounts.accounts:
        return f"{case.title}: no accounts. A file NAME.toml in this folder may be one; see docs/add-an-account.md."
    parts = [f"Accounts of {case.title}. {HEAD}"]
    for name in order_of_day(accounts.accounts, day):
        a = accounts.accounts[name]
        lines = [_head(a), *_line("says", a.statement), *_line("held by", sources(_held(a)))]
        lines += _line("switches", _switches(accounts, a))
        lines += _line("predicts", "; ".join(p.words for p in a.predicts) or "nothing that is on the record")
        parts.append("\n".join(lines))
    return "\n\n".join(["\n".join(wrap(parts[0], WIDTH)), *parts[1:]])


def in_full(accounts: Accounts, name: str) -> str:
    """One account with its parameters, ranges and predictions."""
    a = accounts.accounts[name]
    lines = [_head(a), *_line("says", a.statement), *_line("held by", sources(_held(a)))]
    for h in a.held:
        if h.note:
            lines += _line("", f"{h.source}:{h.line} {h.stance}: {h.note}")
    for word, ids in (("on", a.on), ("may be on", a.may), ("at least one", a.at_least_one)):
        for e in ids:
            lines += _line(word, f"{e}: {accounts.elements[e].title}")
            word = ""
    lines += _line("families", ", ".join(accounts.families_of(name)))
    own = accounts.parameters(name)
    lines += _line("free", f"{len(own)} of its own beside {len(accounts.free)} that every account leaves free")
    for f in own.values():
        lines += _line("", f"{f.name} {_range(f, a.within.get(f.name))}: {f.reason}")
    for p, w in sorted(a.within.items()):
        lines += _line("narrows", f"{p} to {_ends(w)}: {w.reason}")
    for m in a.measures:
        changes = ", ".join(f"{k} {v.removeprefix('version:')}" for k, v in m.changes.items())
        lines += _line("measures", f"in the version of {m.source}{f':{m.line}' if m.line else ''}: {changes}")
    for told in a.predicts:
        where = f" ({told.source}:{told.line})" if told.source else ""
        lines += _line("predicts", f"{told.observation}, {SIGNS[told.sign]}: {told.words}{where}")
    for word, text in (("note", a.note), ("more free", a.more_free)):
        lines += _line(word, text) if text else []
    return "\n".join(lines)


def difference(accounts: Accounts, one: str, other: str) -> str:
    """What sets two accounts apart: elements, ranges, versions of measures, predictions."""
    d = difference_data(accounts, one, other)
    lines = [_head(accounts.accounts[one]), _head(accounts.accounts[other])]
    for name in (one, other):
        for e, how in d[name]["elements"].items():
            lines += _line("elements", f"{name}: {e} {how}")
        for p, text in d[name]["within"].items():
            lines += _line("ranges", f"{name}: {p} {text}")
        for text in d[name]["measures"]:
            lines += _line("measures", f"{name}: {text}")
    for observation, said in d["predicts"].items():
        lines += _line("predicts", f"{observation}: {one} {said[one]}; {other} {said[other]}")
    lines += _line("families", f"{one}: {', '.join(d[one]['families'])}; {other}: {', '.join(d[other]['families'])}")
    if accounts.accounts[one].content == accounts.accounts[other].content:
        lines += _line("", "They say the same in all that a run can show: they share every draw.")
    return "\n".join(lines)


def difference_data(accounts: Accounts, one: str, other: str) -> dict[str, Any]:
    """The same as plain data: for each account what the other has not or has otherwise; predictions of both."""
    of = {name: _content(accounts, name) for name in (one, other)}
    out: dict[str, Any] = {}
    for name, rest in ((one, of[other]), (other, of[one])):
        own = of[name]
        out[name] = {
            key: {k: v for k, v in own[key].items() if rest[key].get(k) != v} for key in ("elements", "within")
        }
        out[name]["measures"] = [m for m in own["measures"] if m not in rest["measures"]]
        out[name]["families"] = own["families"]
    said = {name: {p.observation: (p.sign, p.words) for p in accounts.accounts[name].predicts} for name in of}
    nothing = (None, "nothing")
    found: dict[str, dict[str, str]] = {}
    for o in dict.fromkeys([*said[one], *said[other]]):
        of_both = {name: said[name].get(o, nothing) for name in of}
        if len({sign for sign, _ in of_both.values()}) > 1:
            found[o] = {n: words if sign is None else f"{SIGNS[sign]}, {words}" for n, (sign, words) in of_both.items()}
    out["predicts"] = found
    return out


def as_data(accounts: Accounts) -> dict[str, Any]:
    """Everything as plain data, accounts by id in the order of the alphabet."""
    return {
        "accounts": {name: one_as_data(accounts, name) for name in sorted(accounts.accounts)},
        "elements": {
            e.id: {"title": e.title, "group": e.group, "reason": e.reason, "needs": list(e.needs),
                   "parameters": [_free(f) for f in e.on]}
            for e in accounts.elements.values()
        },
        "families": {f.id: {"title": f.title, "groups": sorted(f.groups)} for f in accounts.families.values()},
        "free": [_free(f) for f in accounts.free],
        "digest": accounts.digest,
    }  # fmt: skip


def one_as_data(accounts: Accounts, name: str) -> dict[str, Any]:
    """One account as plain data."""
    a = accounts.accounts[name]
    return {
        "id": a.id,
        "code": a.code,
        "title": a.title,
        "statement": a.statement,
        "held": _held(a),
        "on": list(a.on),
        "may": list(a.may),
        "at_least_one": list(a.at_least_one),
        "within": {
            p: {"low": _finite(w.low), "high": _finite(w.high), "reason": w.reason} for p, w in a.within.items()
        },
        "measures": [{"source": m.source, "line": m.line, "changes": dict(m.changes)} for m in a.measures],
        "predicts": [vars(p) for p in a.predicts],
        "note": a.note,
        "more_free": a.more_free,
        "own_file": a.own,
        "families": list(accounts.families_of(name)),
        "parameters": [_free(f) for f in accounts.parameters(name).values()],
        "coordinates": list(accounts.coordinates(name)),
    }


def tell(case: Case, account: str | None, diff: tuple[str, ...], day: date, folder: Path) -> tuple[dict[str, Any], str]:
    """What `groundswell accounts` prints, as plain data and in words.

    Raises:
        CaseError: for an account that is not there, or mistakes in the files.
    """
    if account is not None and diff:
        raise CaseError([Problem("--diff", None, "account", account, "an account, or --diff A B, not both")])
    if diff:
        if len(diff) != 2:
            raise CaseError([Problem("--diff", None, "accounts", Found(f"{len(diff)} of them"), "--diff A B")])
        accounts = find(case, diff, folder)
        return difference_data(accounts, *diff), difference(accounts, *diff)
    if account is not None:
        accounts = find(case, (account,), folder)
        return one_as_data(accounts, account), in_full(accounts, account)
    accounts = load(case, folder)
    return as_data(accounts), listing(case, accounts, day)


def _content(accounts: Accounts, name: str) -> dict[str, Any]:
    a = accounts.accounts[name]
    how = {"on": a.on, "may be on": a.may, "is one of which at least one is on": a.at_least_one}
    return {
        "elements": {e: word for word, ids in how.items() for e in ids},
        "within": {p: _ends(w) for p, w in a.within.items()},
        "measures": [", ".join(f"{k} {v}" for k, v in sorted(m.changes.items())) for m in a.measures],
        "families": list(accounts.families_of(name)),
    }


def _held(a: Account) -> list[dict[str, str]]:
    return [{"source": h.source, "line": h.line, "stance": h.stance, "note": h.note} for h in a.held]


def _free(f: Free) -> dict[str, Any]:
    return {"name": f.name, "prior": str(f.prior), "reason": f.reason}


def _finite(x: float) -> float | None:
    return x if abs(x) != float("inf") else None


def _ends(w: Within) -> str:
    low, high = _finite(w.low), _finite(w.high)
    return f"at most {high:g}" if low is None else f"at least {low:g}" if high is None else f"{low:g} to {high:g}"


def _range(f: Free, within: Within | None) -> str:
    return f"~ {f.prior}{f', {_ends(within)}' if within else ''}"


def _switches(accounts: Accounts, a: Account) -> str:
    """Elements in one sentence."""
    title: Mapping[str, str] = {e: accounts.elements[e].title for e in a.elements}
    parts = ["; ".join(title[e] for e in a.on)] if a.on else []
    parts += [f"at least one of: {'; '.join(title[e] for e in a.at_least_one)}"] if a.at_least_one else []
    parts += [f"may: {'; '.join(title[e] for e in a.may)}"] if a.may else []
    return ". ".join(parts) or "nothing: the common base"


def _head(a: Account) -> str:
    return f"{a.id}{f' ({a.code})' if a.code else ''}: {a.title}{' (your own file)' if a.own else ''}"


def _line(label: str, text: str) -> list[str]:
    """A label and its text, wrapped under each other."""
    lines = wrap(text, WIDTH - LABEL - 2) or [""]
    return [f"  {label if n == 0 else '':{LABEL}}{line}" for n, line in enumerate(lines)]
