"""The commands `claims` and `ask`: causal claims, and one of them as an experiment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from groundswell.play.options import AskOptions

AS_USUAL = AskOptions()


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
    from groundswell.study.pairs.claims import load_claims
    from groundswell.study.pairs.words import listing

    found = load_claims(load(case), Path())
    print(json.dumps([c.to_json() for c in found], ensure_ascii=False) if json_ else listing(found))


def ask(case: str, claim: str | None = None, *, options: Annotated[AskOptions, Parameter(name="*")] = AS_USUAL) -> None:
    """Put one causal claim to the test: pairs of runs that differ in one change; harm first, then the effect.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    claim
        Id or slug of a claim of `groundswell claims`; leave it out for an experiment of your own.
    """
    from groundswell.study.pairs.request import AskRequest, perform

    answer, words = perform(AskRequest(case, claim, **vars(options)))
    print(json.dumps(answer.to_json(), ensure_ascii=False) if options.quiet else words)
