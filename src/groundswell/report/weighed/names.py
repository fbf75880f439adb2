"""Ids of a verdict as readers see them: accounts, families, mechanisms, classes, observations, sources -> words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from groundswell.figures.grammar import percent

NEVER = ":never"
SEVERAL = "In more than one family"
UNTOLD = "–"


class Names:
    """Titles of a verdict; an id stands where a title is missing."""

    def __init__(self, verdict: Mapping[str, Any]):
        titles = verdict.get("titles") or {}
        self._titles: dict[str, Mapping[str, str]] = {k: titles.get(k) or {} for k in _KINDS}

    def account(self, name: str) -> str:
        """An account's title."""
        return self._titles["accounts"].get(name, name)

    def family(self, name: str) -> str:
        """A family's title."""
        return self._titles["families"].get(name, name)

    def mechanism(self, name: str) -> str:
        """A mechanism's title."""
        return self._titles["mechanisms"].get(name, name)

    def observation(self, name: str) -> str:
        """An observation's title."""
        return self._titles["observations"].get(name, name)

    def source(self, name: str) -> str:
        """A source's id and name."""
        title = self._titles["sources"].get(name)
        return f"{name}: {title}" if title else name

    def summary(self, name: str) -> str:
        """A summary of an observation: its value, or whether it happened at all."""
        if name.endswith(NEVER):
            return f"{self.observation(name.removesuffix(NEVER))}: whether at all"
        return self.observation(name)

    def drawn(self, name: str) -> str:
        """A class: an account, with its family where the account has alternatives in several."""
        account, family = _parts(name)
        return self.account(account) if family is None else f"{self.account(account)} ({self.family(family)})"


_KINDS = ("accounts", "families", "mechanisms", "observations", "sources")


def _parts(name: str) -> tuple[str, str | None]:
    account, bracket, family = name.partition(" (")
    return account, family.removesuffix(")") if bracket else None


def grouped(mode: Mapping[str, Any], names: Names) -> dict[str, list[str]]:
    """Heading of a family -> its accounts, most probable first; families in the order of the verdict."""
    of: dict[str, set[str]] = {}
    for name, family in (mode["checks"].get("class_family") or {}).items():
        of.setdefault(_parts(name)[0], set()).add(family)
    out: dict[str, list[str]] = {names.family(f): [] for f in mode["families"]}
    by_probability = sorted(mode["accounts"], key=lambda a: -(mode["accounts"][a]["probability"] or 0.0))
    for account in by_probability:
        mine = of.get(account, set())
        heading = names.family(next(iter(mine))) if len(mine) == 1 else SEVERAL
        out.setdefault(heading, []).append(account)
    return {heading: accounts for heading, accounts in out.items() if accounts}


def share(p: float | None) -> str:
    """A probability or share as printed; a dash where there is none."""
    return UNTOLD if p is None else percent(p)


def span(low: float | None, high: float | None) -> str:
    """An interval of shares as printed."""
    return UNTOLD if low is None or high is None else f"{percent(low)} to {percent(high)}"


def number(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits; a dash where there is none."""
    if value is None:
        return UNTOLD
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if abs(value) >= 10**digits else f"{value:.{digits}g}"


def quoted(words: str) -> str:
    """A title between quotation marks."""
    return f"“{words}”"


def capital(words: str) -> str:
    """Words with a capital at the beginning."""
    return words[:1].upper() + words[1:]


def listed(words: Iterable[str], most: int | None = None) -> str:
    """Words joined as in a sentence, at most so many of them."""
    found = list(words)
    if most is not None and len(found) > most:
        found = [*found[:most], f"{len(found) - most} more"]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""
