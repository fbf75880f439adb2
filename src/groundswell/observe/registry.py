"""The registry: every observable of a run by its name. The record, `ask`, phases, report and docs read from it."""

from __future__ import annotations

from collections.abc import Mapping

from groundswell.case.record_rows import KINDS, TOLD_KINDS
from groundswell.observe.force import FORCE
from groundswell.observe.observable import Observable
from groundswell.observe.offices import OFFICES
from groundswell.observe.streets import STREETS

OBSERVABLES: Mapping[str, Observable] = {**STREETS, **FORCE, **OFFICES}
"""Name -> observable."""

RECORDED: Mapping[str, Observable] = {
    name: OBSERVABLES[name] for name in KINDS if name not in TOLD_KINDS and name != "order"
}
"""Those that a record may state, by the kind of its observations; `order` is worked out from two of them."""
