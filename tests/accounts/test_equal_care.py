"""No account gets more than another: free parameters, reasons, sources, and nothing observed as input."""

from __future__ import annotations

import pytest

from groundswell.accounts import load
from groundswell.case.cells import SLUG
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import known_parameters
from groundswell.engine.priors import LogNormal, Normal, Uniform

ELEVEN = {
    "uprising": "R1", "palace-plot": "R2a", "third-force": "R2b", "presidents-move": "R2c", "foreign-hand": "R3",
    "armed-cells": "R4", "looting": "R5", "exile-leader": "R6", "hybrid": "R7", "unjoined": "R8", "unaided": "R9",
}  # fmt: skip


def test_the_eleven(accounts) -> None:
    assert {a.id: a.code for a in accounts.accounts.values()} == ELEVEN


def test_as_many_free_parameters_within_five_or_a_reason(accounts) -> None:
    count = {name: len(accounts.parameters(name)) for name in accounts.accounts}
    least = min(count.values())
    for name, n in count.items():
        assert n - least <= 5 or accounts.accounts[name].more_free, f"{name} has {n} free parameters"
        assert not (n - least <= 5 and accounts.accounts[name].more_free), f"{name} gives a reason it does not need"
    assert len(accounts.free) <= 25


def test_every_prior_and_range_has_a_reason(accounts) -> None:
    frees = [*accounts.free, *(f for e in accounts.elements.values() for f in e.on)]
    assert all(len(f.reason) > 10 for f in frees)
    assert all(e.reason and e.title for e in accounts.elements.values())
    assert all(w.reason for a in accounts.accounts.values() for w in a.within.values())


def test_the_same_quantity_has_the_same_prior_in_every_element(accounts) -> None:
    for ending in ("_people", "_start_h", "intent"):
        priors = {str(f.prior) for e in accounts.elements.values() for f in e.on if f.name.endswith(ending)}
        assert len(priors) == 1, (ending, priors)


def test_on_is_bounded_away_from_off(accounts) -> None:
    for e in accounts.elements.values():
        moved = []
        for f in e.on:
            base = accounts.base[f.name]
            moved.append(
                f.value(0.5) != base if isinstance(f.prior, float) else not f.value(0.01) <= base <= f.value(0.99)
            )
        assert any(moved), e.id


def test_no_prior_is_centred_on_what_was_fitted(kazakhstan, accounts) -> None:
    free = {f.name: f.prior for f in accounts.free}
    given = {f"{m}.{k}": v for m, rows in kazakhstan.parameters.items() for k, v in rows.items()}
    fitted = {name: v.value for name, v in given.items() if v.state == "estimated" and name in free}
    assert fitted, "the fitted ones are free; the others are figures of a source"
    for name, value in fitted.items():
        prior = free[name]
        wide = prior.quantile(0.95) - prior.quantile(0.05)
        assert abs(prior.quantile(0.5) - value) > 0.1 * wide, f"{name}: {prior} is centred on {value}"
        assert 0.05 < prior.below(value) < 0.95, f"{name}: {prior} leaves {value} out"


def test_nothing_observed_is_an_input(kazakhstan, accounts) -> None:
    """Accounts set parameters with a prior, switches, and versions of measures that stand on the record: no more."""
    known = {f"{m}.{k}" for m, rows in known_parameters(all_mechanisms().values()).items() for k in rows}
    versions = {(row.measure, f"version:{row.version}") for row in kazakhstan.tables["measures"].rows}
    for name, a in accounts.accounts.items():
        for f in (*accounts.free, *accounts.parameters(name).values()):
            assert f.name in known and not f.name.startswith("measures.")
            assert isinstance(f.prior, Uniform | LogNormal | Normal)
        assert {pair for m in a.measures for pair in m.changes.items()} <= versions
        for m in a.measures:
            given = {v for _, v in m.changes.items()}
            assert given == {"version:press" if m.source == "press" else f"version:text {m.source}"}


def test_every_account_is_held_by_somebody_and_predicts_something(kazakhstan, accounts) -> None:
    observations = {row.observation for row in kazakhstan.tables["observations"].rows}
    for a in accounts.accounts.values():
        assert SLUG.fullmatch(a.id) and len(a.statement) > 80
        assert any(h.stance != "denies" for h in a.held)
        assert len(a.predicts) >= 3
        assert {p.observation for p in a.predicts} <= observations
        assert all(p.words for p in a.predicts)


@pytest.mark.parametrize("case", ["tiny", "kazakhstan-2022"])
def test_bundled_accounts_are_sound(case: str) -> None:
    import groundswell as gs

    assert load(gs.load(case)).accounts
