"""Reads the account files of a case and of the user: every mistake at once, with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from groundswell.accounts.model import Account, Accounts, Element, Family, Free
from groundswell.accounts.one import read_account
from groundswell.accounts.reader import PRIORS, Reader, words
from groundswell.case import Case, CaseError, Problem
from groundswell.case.cells import SLUG
from groundswell.case.find import of_another
from groundswell.case.head import Entries
from groundswell.case.problems import Found, one_of
from groundswell.case.read import RawToml
from groundswell.engine.mechanism import ParameterInfo
from groundswell.engine.priors import Drawn, Fixed

FOLDER = "accounts"
SHARED = ("free", "elements", "families")
CLAIMS = "claims"
"""A file of the current folder that holds claims, each with a statement, and no account."""
MOST_FREE = 25
GROUPS = ("office", "outside")


def load(case: Case, folder: Path | str | None = None, only: Sequence[str] = ()) -> Accounts:
    """The accounts of a case, and the user's own.

    Args:
        case: the case; its accounts stand in its folder `accounts`.
        folder: where the user's own are looked for: TOML files that have a `statement`.
        only: names, without ending, of the files of `folder` that are read, whatever is in them; none: all accounts.

    Raises:
        CaseError: every mistake in all files.
    """
    r = Reader(case)
    home = case.folder / FOLDER
    free: dict[str, Free] = {}
    elements: dict[str, Element] = {}
    families: dict[str, Family] = {}
    accounts: dict[str, Account] = {}
    ids = sorted(p.stem for p in home.glob("*.toml") if p.stem not in SHARED) if home.is_dir() else []
    if home.is_dir():
        tomls = {name: r.toml(home, f"{name}.toml", f"{FOLDER}/{name}.toml") for name in SHARED}
        if (toml := tomls["elements"]) is not None:
            elements = _elements(r, toml)
        if (toml := tomls["free"]) is not None:
            free = _free(r, toml, elements)
        if (toml := tomls["families"]) is not None:
            families = _families(r, toml, elements)
    sound = not r.problems
    own_folder = Path(folder) if folder is not None else None
    files = [(home, name, False) for name in ids]
    if own_folder is not None:
        mine = only or (_own(own_folder))
        if mine and not only and of_another(case.folder, own_folder, ", ".join(f"{name}.toml" for name in mine)):
            mine = []
        files += [(own_folder, name, True) for name in mine]
    for where, name, own in files:
        shown = f"{name}.toml" if own else f"{FOLDER}/{name}.toml"
        if (toml := r.toml(where, f"{name}.toml", shown)) is None:
            continue
        taken = "an id that no account of the case has" if name in accounts or name in SHARED else ""
        if taken or not SLUG.fullmatch(name):
            r.problems.append(Problem(shown, None, "name of the file", name, taken or "lower-case letters, digits, -"))
        accounts[name] = read_account(r, toml, name, own, elements, free, sound)
    if r.problems:
        raise CaseError(r.problems)
    switched = {f.name for e in elements.values() for f in e.on}
    narrowed = {name for a in accounts.values() for name in a.within} - switched - set(free)
    named = sorted({*free, *switched, *narrowed})
    return Accounts(
        accounts,
        elements,
        families,
        tuple(free[name] for name in sorted(free)),
        {name: base_value(case, r.infos[name]) for name in named},
        {name: _own_prior(r.infos[name]) for name in sorted(narrowed)},
        hashlib.sha256(repr(sorted(r.texts.items())).encode()).hexdigest(),
    )


def mistakes_of(case: Case) -> list[Problem]:
    """Every mistake in the account files of a case."""
    try:
        load(case)
    except CaseError as error:
        return list(error.problems)
    return []


def _own_prior(info: ParameterInfo) -> Free:
    """A parameter that an account narrows and nothing else draws, with the mechanism's prior."""
    assert not isinstance(info.prior, Fixed), "checked while the account was read"
    return Free(f"{info.mechanism}.{info.name}", info.prior, info.about, *info.bounds)


def base_value(case: Case, info: ParameterInfo) -> float:
    """The value of a parameter in the common base: the case's own, else the default."""
    entry = case.parameters.get(info.mechanism, {}).get(info.name)
    return float(info.default) if entry is None else float(entry.value)  # type: ignore[arg-type]


def _own(folder: Path) -> list[str]:
    """Names of the TOML files of a folder that are accounts: those with a line `statement = ...`, but for claims."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        if path.stem == CLAIMS:
            continue
        text = path.read_bytes()[: 2**20] if path.is_file() else b""
        if any(line.replace(b" ", b"").startswith(b"statement=") for line in text.splitlines()):
            found.append(path.stem)
    return found


def _tables(r: Reader, toml: RawToml) -> Iterator[tuple[str, Entries]]:
    for name, values in toml.values.items():
        entry = Entries(toml, name, values, r.problems)
        if entry.values:
            yield name, entry


def _elements(r: Reader, toml: RawToml) -> dict[str, Element]:
    found: dict[str, Element] = {}
    priors: dict[str, Drawn | float] = {}
    for name, entry in _tables(r, toml):
        entry.only(("title", "group", "reason", "on", "needs"))
        group = entry.values.get("group")
        if group not in GROUPS:
            entry.refuse("group", group, one_of(GROUPS, group or ""))
        on = Entries(toml, f"{name}.on", entry.values.get("on", Found("no such table")), r.problems)
        frees = []
        for key, values in on.values.items():
            if not isinstance(values, dict):
                on.refuse(key, values, '{prior = "...", reason = "..."}')
            elif (f := r.free(on, key, key, values)) is not None:
                if priors.setdefault(f.name, f.prior) != f.prior:
                    on.refuse(key, str(f.prior), f"{priors[f.name]}, as in the other element that sets it")
                frees.append(f)
        needs = words(entry, "needs", toml.values)
        title, reason = entry.text("title"), entry.text("reason")
        found[name] = Element(name, title or "", str(group), reason or "", tuple(frees), needs)
    return found


def _free(r: Reader, toml: RawToml, elements: Mapping[str, Element]) -> dict[str, Free]:
    found: dict[str, Free] = {}
    switched = {f.name for e in elements.values() for f in e.on}
    for name, entry in _tables(r, toml):
        entry.only(("prior", "reason"))
        if name in switched:
            entry.refuse("", name, "a parameter that no element sets")
        if name in found or (f := r.free(entry, "", name, entry.values)) is None:
            continue
        if isinstance(f.prior, float):
            entry.refuse("prior", f.prior, PRIORS)
        found[name] = f
    if len(toml.values) > MOST_FREE:
        given = Found(f"{len(toml.values)} parameters")
        r.problems.append(Problem(toml.file, None, "", given, f"at most {MOST_FREE}"))
    return found


def _families(r: Reader, toml: RawToml, elements: Mapping[str, Element]) -> dict[str, Family]:
    found: dict[str, Family] = {}
    for name, entry in _tables(r, toml):
        entry.only(("title", "groups"))
        groups = frozenset(words(entry, "groups", GROUPS))
        if any(groups == f.groups for f in found.values()):
            entry.refuse("groups", Found("the groups of another family"), "each set of groups in one family")
        found[name] = Family(name, entry.text("title") or "", groups)
    used = sorted({e.group for e in elements.values()} & set(GROUPS))
    for n in range(len(used) + 1):
        for groups in map(frozenset, combinations(used, n)):
            if not any(f.groups == groups for f in found.values()):
                given = Found(f"no family for {' and '.join(sorted(groups)) or 'no group'}")
                r.problems.append(Problem(toml.file, None, "groups", given, "a family for each set of groups"))
    return found
