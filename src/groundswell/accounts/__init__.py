"""Rival accounts: each a variant of one model, drawn from its own priors and known again by its predicate."""

from __future__ import annotations

from groundswell.accounts.drawing import at_median, based_on, belonging, draw, family
from groundswell.accounts.model import Account, Accounts, Draw
from groundswell.accounts.reading import load, mistakes_of

__all__ = ["Account", "Accounts", "Draw", "at_median", "based_on", "belonging", "draw", "family", "load", "mistakes_of"]
