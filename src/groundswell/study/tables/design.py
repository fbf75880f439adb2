"""What is played for a comparison: which vectors, under which accounts and modes, with which seeds, all by number.

The design is paired. A shared vector holds a value of every parameter that all accounts leave free, and of those of the
reporting model. It is played under each account, in each mode, with one seed, so that two rows of a vector differ in
what their accounts say and in nothing else:

    slot s     the s-th kept vector
    row        s * (modes * accounts) + mode * accounts + account
    batch      whole slots, so that accounts are always played equally often
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from groundswell import __version__
from groundswell.accounts import Accounts, Draw, draw
from groundswell.case import Case, CaseError, Problem
from groundswell.engine.priors import Fixed
from groundswell.engine.random import uniform
from groundswell.play.change import RESPONSIVE, SCRIPTED
from groundswell.record import Record, load_record
from groundswell.record.reporting import reporting_parameters
from groundswell.study.folder import MOST_RUNS, RUN_SEED, Planned
from groundswell.study.points import points

GOVERNMENT = {"conditional": SCRIPTED, "joint": RESPONSIVE}
"""Mode -> how the government acts: measures at their recorded hours, or by the triggers of its ladder."""

MODES = tuple(GOVERNMENT)
ROWS_IN_BATCH = 16
VECTORS_IN_BATCH = 32
MOST_SHARE = 0.025
BASE_PER_SLOT = 50


@dataclass(frozen=True)
class Design(Planned):
    """A comparison as it is planned.

    Args:
        case, record, accounts: what is compared, loaded.
        name: the case as a worker finds it.
        played: accounts that are played, sorted; of those with equal content the first one stands for all.
        modes: of `MODES`.
        runs: rows asked for; whole batches are played.
        seed: key of every draw.
        base_most: shared vectors to play at the most in search of kept ones.
    """

    what, command = "table", "compare"

    case: Case = field(repr=False)
    record: Record = field(repr=False)
    accounts: Accounts = field(repr=False)
    name: str
    played: tuple[str, ...]
    modes: tuple[str, ...] = MODES
    runs: int = 5000
    seed: int = 1
    base_most: int = 1

    # -- sizes ---------------------------------------------------------------------------------------------------------

    @property
    def rows_in_slot(self) -> int:
        """Rows of one kept vector."""
        return len(self.played) * len(self.modes)

    @property
    def slots_in_batch(self) -> int:
        """Kept vectors of one batch."""
        return max(1, ROWS_IN_BATCH // self.rows_in_slot)

    @property
    def batches(self) -> int:
        """Batches of the table: the runs asked for, rounded up."""
        return -(-self.runs // (self.rows_in_slot * self.slots_in_batch))

    @property
    def slots(self) -> int:
        """Kept vectors that are needed."""
        return self.batches * self.slots_in_batch

    @property
    def most_people(self) -> int:
        """People on the street at one time above which a run is out of bounds and given up.

        One inhabitant in forty is several times what the texts on the bundled case, with tens of thousands in the
        largest crowds, come to. In a small country no run is slow enough to be given up.
        """
        return self.people(MOST_SHARE)

    @cached_property
    def base_h(self) -> float:
        """Hours played in the base stage: to the end of the last window of the base set; 0 where it is empty."""
        return _last_h(self.record, ("base",), self.case)

    @cached_property
    def until_h(self) -> float:
        """Hours played for the table: to the end of the last window that is looked at, in whole days."""
        last = _last_h(self.record, ("base", "weigh", "check", "open"), self.case)
        return float(min(self.case.hours, np.ceil(last / 24) * 24)) if last else float(self.case.hours)

    # -- draws ---------------------------------------------------------------------------------------------------------

    @cached_property
    def reporting(self) -> dict[str, Any]:
        """Free parameters of the reporting model by their whole names, sorted."""
        free = {f"{i.mechanism}.{i.name}": i for i in reporting_parameters() if not isinstance(i.prior, Fixed)}
        return dict(sorted(free.items()))

    @property
    def shared(self) -> tuple[str, ...]:
        """Names of the coordinates of a shared vector."""
        return (*self.accounts.shared, *self.reporting)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter that any row draws, in the order of the table's columns."""
        own = {name for a in self.played for name in self.accounts.parameters(a)}
        return tuple(sorted({*self.shared, *own}))

    def shared_points(self, first: int, count: int) -> np.ndarray:
        """(count, K) coordinates of the shared vectors first, first + 1, ..."""
        return points(self.seed, first, count, range(len(self.shared)))

    def own_points(self, first: int, count: int) -> np.ndarray:
        """(count, M) further coordinates by slot; an account takes as many as it has."""
        start = len(self.shared)
        most = max((self.accounts.dims[a] for a in self.played), default=0)
        return points(self.seed, first, count, range(start, start + most))

    def drawn(self, account: str | None, shared: np.ndarray, own: np.ndarray) -> tuple[Draw, dict[str, float]]:
        """The draw of an account (None: the common base) at coordinates, and the reporting parameters with it."""
        k = len(self.accounts.shared)
        dims = self.accounts.dims[account] if account is not None else 0
        told = {}
        for u, (name, info) in zip(shared[k:], self.reporting.items(), strict=True):
            low, high = info.bounds
            told[name] = float(min(max(info.prior.quantile(float(u)), low), high))
        return draw(self.accounts, account, shared[:k].tolist(), own[:dims].tolist()), told

    def seed_of(self, vector: int) -> int:
        """Seed of every run of a shared vector."""
        return int(uniform(self.seed, RUN_SEED, [vector], 0)[0] * 2**53)

    # -- as data -------------------------------------------------------------------------------------------------------

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What has to be the same when a comparison is gone on with, as plain data."""
        return {
            "version": __version__, "case": self.name, "case_digest": self.case.digest,
            "accounts_digest": self.accounts.digest, "accounts": list(self.played), "modes": list(self.modes),
            "seed": self.seed, "base_h": self.base_h, "until_h": self.until_h, "most_people": self.most_people,
        }  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """What `design.json` holds."""
        sizes = {"runs": self.runs, "base_most": self.base_most, "rows_in_slot": self.rows_in_slot}
        columns = {"shared": list(self.shared), "parameters": list(self.parameters)}
        return {**self.identity, **sizes, "digest": self.digest, **columns}

    @cached_property
    def common(self) -> dict[str, Any]:
        """What every worker has to know, as plain data."""
        return {"case": self.name, "case_digest": self.case.digest, "most_people": self.most_people}


def design_of(
    case: Case, accounts: Accounts, name: str, *, only: tuple[str, ...] = (), modes: tuple[str, ...] = MODES,
    runs: int = 5000, seed: int = 1, base_most: int | None = None,
) -> Design:  # fmt: skip
    """A design from what a user asks.

    Args:
        only: accounts to play; all where it is empty.
        base_most: at most so many shared vectors in the base stage; `BASE_PER_SLOT` for each kept one, if left out.

    Raises:
        CaseError: every mistake at once.
    """
    problems = []
    known = accounts.accounts
    for account in only:
        if account not in known:
            problems.append(Problem("--accounts", None, "account", account, f"one of {', '.join(known) or '(none)'}"))
    if not known:
        problems.append(Problem("CASE", None, "accounts", case.id, "a case with account files, or own ones here"))
    if not 1 <= runs <= MOST_RUNS:
        problems.append(Problem("--runs", None, "runs", runs, f"a whole number from 1 to {MOST_RUNS:,}"))
    if not 0 <= seed < 2**53:
        problems.append(Problem("--seed", None, "seed", seed, "a whole number from 0 below 2**53"))
    if base_most is not None and base_most < 1:
        problems.append(Problem("--base", None, "shared vectors", base_most, "1 or more"))
    if "joint" in modes and not len(case.tables["ladder"].rows):
        problems.append(Problem("--mode", None, "mode", "joint", "conditional: ladder.csv of this case has no rung"))
    if problems:
        raise CaseError(problems)
    played = distinct(accounts, only or tuple(known))
    design = Design(case, load_record(case), accounts, name, played, modes, runs, seed)
    return replace(design, base_most=base_most or BASE_PER_SLOT * design.slots)


def distinct(accounts: Accounts, names: tuple[str, ...]) -> tuple[str, ...]:
    """Accounts with different contents, sorted; of equal ones the first by name."""
    first: dict[Any, str] = {}
    for name in sorted(names):
        first.setdefault(accounts.accounts[name].content, name)
    return tuple(first.values())


def base_of(record: Record) -> Record:
    """The part of a record that the base stage needs: its base set, and what that is the order of."""
    wanted = {o.id for o in record.observations if o.set == "base"}
    wanted |= {id for o in record.observations if o.id in wanted for id in o.of}
    seen = tuple(o for o in record.observations if o.id in wanted)
    return replace(record, observations=seen, claims=tuple(c for c in record.claims if c.observation in wanted))


def _last_h(record: Record, sets: tuple[str, ...], case: Case) -> float:
    ends = [o.end_h for o in record.observations if o.set in sets and o.end_h <= case.hours]
    return float(max(ends, default=0.0))
