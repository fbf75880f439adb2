"""One account as a run plays it: what it sets and what the report says of it, as plain data that a plan keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from groundswell.accounts.drawing import at_median, based_on
from groundswell.accounts.model import Accounts
from groundswell.accounts.reading import load
from groundswell.case import Case, CaseError, Problem
from groundswell.case.problems import nearest

OPTION = "--account"


def find(case: Case, names: Iterable[str], folder: Path | str | None = None) -> Accounts:
    """The accounts of a case, with those of the given names that are files NAME.toml of a folder.

    Raises:
        CaseError: for names that are neither, or for every mistake in the files.
    """
    accounts = load(case)
    own = [
        n for n in names if n not in accounts.accounts and folder is not None and (Path(folder) / f"{n}.toml").is_file()
    ]
    if own:
        accounts = load(case, folder, own)
    known = sorted(accounts.accounts)
    missing = [n for n in names if n not in known]
    if missing:
        ids = ", ".join(known) or "none: this case has no account files"
        words = f"the id of an account ({ids}), or the name of a file NAME.toml here"
        raise CaseError([Problem(OPTION, None, "account", n, words + nearest(n, known)) for n in missing])
    return accounts


def mistakes(case: Case, account: str, folder: Path | str | None = None) -> list[Problem]:
    """Why an account cannot be played: nothing where it can."""
    try:
        find(case, (account,), folder)
    except CaseError as error:
        return list(error.problems)
    return []


def carried(
    case: Case, account: str | None, folder: Path | str | None = None, base: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """What a run under an account carries: id, code, title, statement, sources, elements, settings, measures.

    Elements are on at the median of their priors; see `drawing.at_median`. Empty without an account, and for one that
    cannot be played; `mistakes` says why, so that it may be told together with what else is wrong. `base`: what a
    calibration's draw sets in the common base.
    """
    if account is None or mistakes(case, account, folder):
        return {}
    accounts = find(case, (account,), folder)
    a = accounts.accounts[account]
    point = at_median(based_on(accounts, base), account)
    return {
        "id": a.id,
        "code": a.code,
        "title": a.title,
        "statement": a.statement,
        "held": [{"source": h.source, "line": h.line, "stance": h.stance, "note": h.note} for h in a.held],
        "elements": {e: accounts.elements[e].title for e in sorted(point.elements)},
        "settings": dict(sorted(point.settings.items())),
        "measures": dict(sorted(point.measures.items())),
    }


def told(says: Mapping[str, Any]) -> str:
    """What a run carries in sentences, as the summary and the report print it: no argument for it or against it."""
    on = "; ".join(says["elements"].values())
    switched = f"Switched on, at the median of its prior: {on}." if on else "It switches nothing on."
    return f"It says: {says['statement']} {sources(says['held'])} {switched}"


def sources(held: Sequence[Mapping[str, str]]) -> str:
    """Who states, reports, leaves open and denies an account, in one sentence each."""
    words = {"states": "Stated in", "reports": "Reported in", "open": "Left open in", "denies": "Denied in"}
    found = []
    for stance, start in words.items():
        rows = [_where(h["source"], h["line"]) for h in held if h["stance"] == stance]
        if rows:
            found.append(f"{start} {'; '.join(rows)}.")
    return " ".join(found)


def _where(source: str, line: str) -> str:
    return f"text {source}, {'lines' if set('-,') & set(line) else 'line'} {line}"
