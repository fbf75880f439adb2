"""A companion table with the widths of the elements' own priors doubled, on the scale of each prior.

    lognormal  median, and ends as many times farther off again; normal: twice the spread; uniform: twice as wide about
    its middle; all cut to what the parameter allows and to the range that an account states

It is a design of its own, in a folder of its own, over the first vectors that the table kept. Shared parameters keep
their priors, so its base stage is that of the table and is not played again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from groundswell import files
from groundswell.accounts import Accounts
from groundswell.accounts.model import Free
from groundswell.engine.priors import Drawn, LogNormal, Normal, Uniform
from groundswell.inference.base import FOLDER
from groundswell.inference.design import Design
from groundswell.inference.table import PLAYER, Made, known_design, make
from groundswell.play import batches

WIDE = "wide"
"""Folder of the companion table, in that of the table."""


def widened(accounts: Accounts) -> Accounts:
    """The same accounts with doubled priors of what elements switch on."""
    elements = {k: replace(e, on=tuple(map(_doubled, e.on))) for k, e in accounts.elements.items()}
    return replace(accounts, elements=elements, digest=f"{accounts.digest} doubled")


def _doubled(free: Free) -> Free:
    return free if isinstance(free.prior, float) else replace(free, prior=double(free.prior))


def double(prior: Drawn) -> Drawn:
    """The prior twice as wide about its middle."""
    if isinstance(prior, Uniform):
        half = (prior.high - prior.low) / 2
        return Uniform(prior.low - half, prior.high + half)
    if isinstance(prior, LogNormal):
        low, high = (prior.median * (end / prior.median) ** 2 for end in (prior.low, prior.high))
        return LogNormal(prior.median, low, high)
    return Normal(prior.mean, 2 * prior.sd)


def wide_design(design: Design, runs: int) -> Design:
    """The design of the companion: at most as many runs as the table has."""
    return replace(design, accounts=widened(design.accounts), runs=min(runs, design.runs))


def make_wide(
    design: Design, out: Path, runs: int, workers: int = 1, *, scheduler: str | None = None, quiet: bool = False,
    player: str = PLAYER,
) -> Made:  # fmt: skip
    """Play what the companion of a finished table lacks.

    Args:
        design, out: of the table. runs: rows asked for, rounded up to whole batches; never fewer than there are.
        workers, scheduler, quiet, player: as in `table.make`.

    Raises:
        CaseError, OSError: as `table.make`.
    """
    folder = out / WIDE
    wide = wide_design(design, max(runs, int(known_design(folder).get("runs", 0))))
    folder.mkdir(exist_ok=True)
    text = json.dumps(wide.to_json(), indent=2, ensure_ascii=False) + "\n"
    if not known_design(folder):
        files.write(folder / "design.json", text)
    _borrow(design, out, wide, folder)
    return make(wide, folder, workers, scheduler=scheduler, resume=True, quiet=quiet, player=player)


def _borrow(design: Design, out: Path, wide: Design, folder: Path) -> None:
    """The base stage of the table as that of its companion: the same vectors, seeds and observations."""
    if not design.base_h or not (out / FOLDER).is_dir():
        return
    there = batches.check(folder / FOLDER, wide.digest).whole
    for number, path in batches.check(out / FOLDER, design.digest).whole.items():
        if number not in there:
            rows = batches.read([path]).replace_schema_metadata({batches.DESIGN: wide.digest})
            batches.write(folder / FOLDER, number, rows)
