"""The commands `claims` and `ask`: causal claims, and one of them as an experiment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

Many = Parameter(consume_multiple=True, negative="")


def claims(case: str, *, json_: Annotated[bool, Parameter(name="--json", negative="")] = False) -> None:
    """List the causal claims of a case and of claims.toml in this folder: which are runnable, what the others lack.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    json_
        Print plain data instead of words.
    """
    from groundswell.case import load
    from groundswell.experiments.ask_words import listing
    from groundswell.experiments.claims import load_claims

    found = load_claims(load(case), Path())
    print(json.dumps([c.to_json() for c in found], ensure_ascii=False) if json_ else listing(found))


def ask(
    case: str,
    claim: str | None = None,
    *,
    set: Annotated[tuple[str, ...], Many] = (),  # noqa: A002
    off: Annotated[tuple[str, ...], Many] = (),
    measure: Annotated[tuple[str, ...], Many] = (),
    element: Annotated[tuple[str, ...], Many] = (),
    at: str = "",
    government: str = "scripted",
    outcome: str | None = None,
    scope: Annotated[tuple[str, ...], Many] = (),
    from_: Annotated[str, Parameter(name="--from")] = "",
    to: str = "",
    expect: str = "",
    least: float | None = None,
    until: str = "",
    account: str | None = None,
    accounts: str | None = None,
    verdict: Path | None = None,
    runs: int = 20,
    seed: int = 1,
    workers: int = 1,
    people_scale: float = 1.0,
    out: Path | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Put one causal claim to the test: pairs of runs that differ in one change; harm first, then the effect.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    claim
        Id or slug of a claim of `groundswell claims`; leave it out for an experiment of your own.
    set
        mechanism.parameter=value of the run with the change; one number each, since nothing is searched.
    off
        Mechanisms to switch off with the change.
    measure
        id=none, id=ISO-TIME, id=version:NAME or id=respond with the change.
    element
        Elements of accounts that are on with the change.
    at
        Local time from which --set and --off act; from the start if left out.
    government
        scripted (if left out) or responsive with the change.
    outcome
        What is looked at, such as dead, peak, first_crowd, or ending=overthrow|calm; docs/ask.md lists them.
    scope
        Regions, places or sites in which it is looked at; everywhere if left out.
    from_
        Local time from which it is looked at.
    to
        Local time until which it is looked at.
    expect
        For a verdict: rises, falls, stays, "not rises" or "not falls".
    least
        For a verdict: the smallest effect that would matter, in the outcome's unit.
    until
        Local time to which both runs are played; the case's end if left out.
    account
        Account under which both runs are played; without one the common base.
    accounts
        Several accounts with equal weights: names joined by commas, or all.
    verdict
        Folder of `groundswell compare`: its accounts, weighted by their probabilities.
    runs
        Pairs under each account.
    seed
        Seed of the first pair; the next pairs have the next seeds.
    workers
        Processes; the result does not depend on it.
    people_scale
        Factor on the population.
    out
        Folder to write: ask.json, ask.txt, pairs.csv, effects.svg.
    json_
        Print the answer as JSON and nothing else.
    """
    from groundswell.experiments.ask_request import AskRequest, perform

    request = AskRequest(
        case, claim, set, off, measure, element, at, government, outcome, scope, from_, to, expect,
        float("nan") if least is None else least, until, account, accounts, verdict, runs, seed, workers,
        people_scale, out, json_,
    )  # fmt: skip
    answer, words = perform(request)
    print(json.dumps(answer.to_json(), ensure_ascii=False) if json_ else words)
