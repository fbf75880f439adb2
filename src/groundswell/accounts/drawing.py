"""Draws from an account and back: unit-cube coordinates -> a point of the space -> the accounts and family it is in.

Coordinates stand in the order of their sorted names, so that a draw depends on what an account says and not on the
name of its file, its place in a list, or other accounts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from groundswell.accounts.model import MEASURES, SWITCH, Account, Accounts, Draw


def draw(accounts: Accounts, account: str | None, u_shared: Sequence[float], u_own: Sequence[float] = ()) -> Draw:
    """The point at some coordinates of the unit cube.

    Args:
        accounts: the accounts of a case.
        account: id; None draws the common base, which has no coordinates of its own.
        u_shared: (K,) one for each of `accounts.shared`. u_own: (M,) one for each of `accounts.coordinates(account)`.

    Raises:
        ValueError: for another number of coordinates.
    """
    a = accounts.accounts[account] if account is not None else None
    names = accounts.coordinates(account) if account is not None else ()
    if len(u_shared) != len(accounts.free) or len(u_own) != len(names):
        raise ValueError(f"{len(u_shared)} and {len(u_own)} coordinates; needed {len(accounts.free)} and {len(names)}")
    within = a.within if a is not None else {}
    settings = {f.name: f.value(float(u), within.get(f.name)) for f, u in zip(accounts.free, u_shared, strict=True)}
    if a is None or account is None:
        return Draw(frozenset(), settings, {})
    own = {name: float(u) for name, u in zip(names, u_own, strict=True)}
    on = _switched(accounts, a, {name.removeprefix(SWITCH): u for name, u in own.items() if name.startswith(SWITCH)})
    for element in sorted(on):
        for f in accounts.elements[element].on:
            settings[f.name] = f.value(own.get(f.name, 0.5), within.get(f.name))
    for name in within:
        if name in accounts.more and name in own:
            settings[name] = accounts.more[name].value(own[name], within[name])
    versions = sorted((dict(sorted(m.changes.items())) for m in a.measures), key=lambda x: tuple(x.items()))
    chosen = min(int(own.get(MEASURES, 0.0) * len(versions)), len(versions) - 1)
    return Draw(on, settings, versions[chosen] if versions else {})


def _switched(accounts: Accounts, a: Account, u: dict[str, float]) -> frozenset[str]:
    """Elements on: each loose one at u >= 1/2; of `at_least_one` the highest where none is; none without its needs."""
    on = {*a.on, *(e for e, x in u.items() if x >= 0.5)}
    if a.at_least_one and not on & set(a.at_least_one):
        on.add(max(sorted(a.at_least_one), key=lambda e: u[e]))
    return accounts.supported(on)


def belonging(accounts: Accounts, point: Draw) -> tuple[str, ...]:
    """Ids of all accounts whose predicate holds for a draw, sorted."""
    return tuple(sorted(name for name, a in accounts.accounts.items() if _holds(accounts, a, point)))


def _holds(accounts: Accounts, a: Account, point: Draw) -> bool:
    on = point.elements
    if not set(a.on) <= on <= a.elements or a.at_least_one and not on & set(a.at_least_one):
        return False
    free = {f.name for e in on for f in accounts.elements[e].on} | {*accounts.shared, *accounts.more}
    at = {name: point.settings.get(name, accounts.base[name]) for name in a.within}
    return all(a.within[name].low <= x <= a.within[name].high for name, x in at.items() if name in free)


def family(accounts: Accounts, point: Draw) -> str:
    """The one family that a draw is in."""
    return accounts.family_of(point.elements)


def based_on(accounts: Accounts, settings: Mapping[str, float] | None) -> Accounts:
    """The same accounts over a common base with other values, those of a calibration's draw."""
    if not settings:
        return accounts
    return replace(accounts, base={name: settings.get(name, value) for name, value in accounts.base.items()})


def at_median(accounts: Accounts, account: str) -> Draw:
    """The account as `run` plays it: what it switches on at the median of its prior, all else as in the common base.

    Of `at_least_one` the first in the file is on, what is only allowed is off; of versions of measures the first one.
    A shared parameter moves only if the common base lies outside the account's range.
    """
    a = accounts.accounts[account]
    on = frozenset((*a.on, *a.at_least_one[:1]))
    settings = {}
    for f in accounts.free:
        if f.name in a.within and not _inside(accounts, a, f.name):
            settings[f.name] = f.value(0.5, a.within[f.name])
    for element in sorted(on):
        for f in accounts.elements[element].on:
            settings[f.name] = f.value(0.5, a.within.get(f.name))
    for name, f in accounts.more.items():
        if name in a.within and not _inside(accounts, a, name):
            settings[name] = f.value(0.5, a.within[name])
    return Draw(on, settings, dict(a.measures[0].changes) if a.measures else {})


def _inside(accounts: Accounts, a: Account, name: str) -> bool:
    return a.within[name].low <= accounts.base[name] <= a.within[name].high
