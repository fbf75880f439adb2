"""What reading the files of accounts needs: known parameters, priors, tables that report mistakes with their line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from groundswell.accounts.model import Free
from groundswell.case import Case, Problem
from groundswell.case.head import Entries
from groundswell.case.problems import Found, one_of
from groundswell.case.read import RawToml, plain, read_text, read_toml
from groundswell.domains import all_mechanisms
from groundswell.engine.mechanism import ParameterInfo
from groundswell.engine.priors import Drawn, Fixed, prior_of

PRIORS = 'a prior such as "U(0, 1)", "LN(2; 1, 4)", "N(0, 0.5)"'


class Reader:
    """What is known while files are read: the case, its parameters, problems so far, and the files' texts."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.infos = {f"{n}.{i.name}": i for n, m in all_mechanisms().items() for i in m.parameters()}
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}

    def toml(self, folder: Path, file: str, shown: str) -> RawToml | None:
        """A TOML file that must be there, or None with the reason among the problems."""
        found: list[Problem] = []
        text = read_text(folder, file, found)
        toml = plain(read_toml(shown, text, found), found) if text is not None else None
        self.problems += [Problem(shown, p.line, p.field, p.given, p.allowed) for p in found]
        if text is not None:
            self.texts[shown] = text
        return toml

    def info(self, entry: Entries, key: str, name: str) -> ParameterInfo | None:
        """What is known of a parameter, or None and a problem."""
        if name not in self.infos:
            entry.refuse(key, name, f"a parameter, {one_of(sorted(self.infos), name, most=3)}")
        return self.infos.get(name)

    def free(self, entry: Entries, key: str, name: str, values: Mapping[str, Any]) -> Free | None:
        """A parameter with its prior and reason; the mechanism's own prior where none is given."""
        info = self.info(entry, key, name)
        if info is None:
            return None
        prior = self._prior(entry, key, info, values.get("prior"))
        reason = values.get("reason")
        if not isinstance(reason, str) or not reason.strip():
            entry.refuse(key, Found("no reason"), 'reason = "..." in words')
        return None if prior is None else Free(name, prior, str(reason), *info.bounds)

    def _prior(self, entry: Entries, key: str, info: ParameterInfo, given: Any) -> Drawn | float | None:
        low, high = info.bounds
        if given is None:
            if not isinstance(info.prior, Fixed):
                return info.prior
            entry.refuse(key, Found("no prior"), f"{PRIORS}, since {info.mechanism}.{info.name} has none of its own")
            return None
        if isinstance(given, (int, float)) and not isinstance(given, bool):
            if low <= given <= high:
                return float(given)
            entry.refuse(key, given, f"a value from {low:g} to {high:g}")
            return None
        try:
            prior = prior_of(str(given))
        except ValueError:
            entry.refuse(key, str(given), PRIORS)
            return None
        if prior.below(high) - prior.below(low) < 0.5:
            entry.refuse(key, str(given), f"a prior with half of it or more from {low:g} to {high:g}")
        return prior


class Top(Entries):
    """The keys of a file that stand under no table."""

    def refuse(self, key: str, given: object, allowed: str) -> None:
        """Report one key with its line."""
        self.problems.append(Problem(self.toml.file, self.toml.line_of(key), key, _shown(given), allowed))


class Item(Entries):
    """One table of a list [[key]], which knows the line where it begins."""

    def __init__(self, toml: RawToml, table: str, values: Any, problems: list[Problem], line: int | None) -> None:
        self.line = line
        super().__init__(toml, table, values, problems)

    def refuse(self, key: str, given: object, allowed: str) -> None:
        """Report one key of this table."""
        self.problems.append(Problem(self.toml.file, self.line, f"{self.table}.{key}", _shown(given), allowed))


def _shown(given: object) -> object:
    if isinstance(given, (dict, list)):
        return Found(f"a {'table' if isinstance(given, dict) else 'list'} of {len(given)}")
    return given if given is None or isinstance(given, str) else Found(given)


def items(toml: RawToml, top: Top, key: str) -> list[Item]:
    """The tables of a list [[key]]; nothing where there is none."""
    given = toml.values.get(key, [])
    if not isinstance(given, list) or not all(isinstance(x, dict) for x in given):
        top.refuse(key, given, f"tables [[{key}]]")
        return []
    head = re.compile(rf"\s*\[\[\s*{key}\s*\]\]")
    lines = [n for n, line in enumerate(toml.lines, start=1) if head.match(line)]
    return [
        Item(toml, key, x, top.problems, lines[n] if n < len(lines) else toml.line_of(key)) for n, x in enumerate(given)
    ]


def words(entry: Entries, key: str, known: Iterable[str]) -> tuple[str, ...]:
    """A list of known names under a key; nothing where there is none."""
    given, names = entry.values.get(key, []), list(known)
    if not isinstance(given, list):
        entry.refuse(key, given, f"a list of names, {one_of(names)}")
        return ()
    for name in given:
        if name not in names:
            entry.refuse(key, name, one_of(names, str(name)))
    return tuple(dict.fromkeys(str(name) for name in given if name in names))
