"""The command `compare`: plays rival accounts against the record, and weighs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

Many = Parameter(consume_multiple=True, negative="")


def compare(
    case: str,
    *,
    runs: int | None = None,
    accounts: Annotated[tuple[str, ...], Many] = (),
    mode: str | None = None,
    observed: Path | None = None,
    source_version: str | None = None,
    weight: Annotated[tuple[str, ...], Many] = (),
    workers: int | None = None,
    scheduler: str | None = None,
    shard: str | None = None,
    base: int | None = None,
    seed: int | None = None,
    out: Path | None = None,
    resume: Annotated[bool, Parameter(negative="")] = False,
    until_settled: Annotated[bool, Parameter(negative="")] = False,
    most_runs: int | None = None,
    double_widths: int | None = None,
    posterior: str = "regression",
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> int:
    """Play rival accounts many times over their priors, and weigh them by what the record says.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    runs
        Runs of the table in all accounts and modes together, 5,000 if left out; rounded up to whole batches.
    accounts
        Accounts to compare, one by one or joined by commas; all if left out.
    mode
        conditional (measures at their recorded hours), joint (offices respond, and measures are observations too), or
        both (if left out).
    observed
        CSV file observation,low,high,stated: a record to weigh by instead of the case's own.
    source_version
        Id of a source: weigh by its version of the record alone.
    weight
        SOURCE=WEIGHT where sources contradict each other, as many as you like.
    workers
        Processes on this machine, 1 if left out; the table does not depend on it.
    scheduler
        Address of a running Dask scheduler, such as tcp://host:8786, whose workers play.
    shard
        i/n: play part i of n only. Nothing is weighed until all parts are in one folder.
    base
        Shared vectors to look at, at the most, in search of those that the base set does not rule out.
    seed
        Seed of every draw, 1 if left out.
    out
        Folder to write; by default runs/CASE-compare.
    resume
        Go on with that folder: what is there is not played again; --runs may be higher than before.
    until_settled
        Double the table until doubling moves no family's probability by 0.02 or more, and say how many runs that took.
    most_runs
        Runs at which doubling ends in any case; eight times --runs if left out.
    double_widths
        Play so many further runs in which the elements' own priors are twice as wide, and say what that does to their
        Bayes factors.
    posterior
        How parameters are estimated: regression, or neural, which puts neural posteriors beside that and needs the
        extra groundswell[neural].
    json_
        Print the verdict as JSON and nothing else.
    """
    from groundswell.inference.compare_request import CompareRequest, words
    from groundswell.report.compare import summary_lines
    from groundswell.weighing.comparing import weigh_folder
    from groundswell.weighing.growing import planned, play

    names = tuple(name for text in accounts for name in text.split(",") if name)
    request = CompareRequest(
        case, runs, names, mode, workers, scheduler, shard, out, resume, seed, base, json_, until_settled, most_runs,
        double_widths,
    )  # fmt: skip
    folder, design, asking = planned(request, posterior, observed, weight, source_version)
    made, growth = play(request, folder, design, asking)
    if not json_:
        print(words(folder, design, made))
    if shard is not None or not made.complete:
        return 0 if shard is not None else 1
    verdict = weigh_folder(folder, design.case, design.accounts, growth=growth, posterior=posterior, **asking)
    lines = summary_lines(verdict, str(folder / "compare.html"))
    print(json.dumps(verdict, ensure_ascii=False) if json_ else "\n".join(lines))
    return 0
