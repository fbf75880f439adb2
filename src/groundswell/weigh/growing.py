"""Plays a table, and where that is asked doubles it until doubling hardly moves the families.

A table that is grown keeps its rows, so its first half is the table before it was doubled: how far the families of any
mode moved from there is the number that `weigh` tells of every table, and less than `MOVES` counts as settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypedDict

from groundswell.case import CaseError, Problem, load
from groundswell.case.problems import attempt
from groundswell.record import load_record
from groundswell.record import observed as version_of
from groundswell.record.frame import Reported
from groundswell.record.observed import read_reported, read_weights
from groundswell.study.tables.design import Design
from groundswell.study.tables.request import CompareRequest, perform, plan
from groundswell.study.tables.table import Made, read
from groundswell.weigh.reported import prepared
from groundswell.weigh.weigh import MOVES, doubled

DOUBLINGS = 3  # at the most, where no other limit is given


class Asking(TypedDict):
    """The record that is asked about: see `comparing.weigh_folder`."""

    given: Reported | None
    weights: Mapping[str, float] | None
    source: str | None


def planned(request: CompareRequest) -> tuple[Path, Design, Asking]:
    """The folder, the design and the record that are asked for; nothing is written or played yet.

    Raises:
        CaseError: every mistake in all that is asked.
    """
    problems: list[Problem] = []
    found = attempt(problems, lambda: plan(request))
    weights = attempt(problems, partial(read_weights, request.weight)) if request.weight else None
    observed, source = request.observed, request.source_version
    record = found[1].record if found else attempt([], lambda: load_record(load(request.case)))
    given = None
    if record is not None:  # else the case itself is at fault, which is told
        attempt(problems, lambda: version_of(record, 1, weights, source))
        given = None if observed is None else attempt(problems, lambda: read_reported(observed, record))
    if problems or found is None:
        raise CaseError(problems)
    return *found, {"given": given, "weights": weights, "source": source}


def play(request: CompareRequest, out: Path, design: Design, asking: Asking) -> tuple[Made, dict[str, Any]]:
    """Play what is asked, and double it where `until_settled` is.

    Args:
        request: what the user asks; out, design: as `plan` gives them. asking: the record.

    Returns:
        What there is at the end, and how the table was grown: `settled`, `most_runs`, `steps` of `runs` and `moved`
        (the largest change of a family's probability in any mode; None: too few runs to say), and `why` it ended
        ("settled", "most runs", "no more vectors", "not finished"); empty where that is not asked.

    Raises:
        CaseError: as `study.tables.table.make`.
    """
    made = perform(request, out, design)
    if not request.until_settled:
        return made, {}
    most = request.most_runs if request.most_runs is not None else design.runs * 2**DOUBLINGS
    steps: list[dict[str, Any]] = []
    while True:
        if not made.complete:
            why = "not finished"
            break
        steps.append({"runs": made.rows, "moved": moved(out, design, asking)})
        if not request.quiet:
            print(_told(steps[-1]), flush=True)
        if steps[-1]["moved"] is not None and steps[-1]["moved"] < MOVES:
            why = "settled"
            break
        if design.runs >= most:
            why = "most runs"
            break
        rows = made.rows
        request = replace(request, runs=min(2 * design.runs, most), resume=True)
        _, design = plan(request)
        made = perform(request, out, design)
        if made.complete and made.rows == rows:
            why = "no more vectors"
            break
    return made, {"settled": why == "settled", "why": why, "most_runs": most, "limit": MOVES, "steps": steps}


def moved(out: Path, design: Design, asking: Asking) -> float | None:
    """The largest change of a family's probability, in any mode, from half of the table in a folder to all of it.

    None where a mode has too few runs to be weighed.
    """
    table = read(out)
    found = []
    for mode in design.modes:
        try:
            p = prepared(table, design.record, design.accounts, mode, **asking)
            found.append(doubled(p.sample, p.asked, design.seed)["moved"])
        except ValueError:  # too few runs; more may do
            found.append(None)
    return None if None in found else max(found)


def _told(step: Mapping[str, Any]) -> str:
    if step["moved"] is None:
        return f"{step['runs']:,} runs: too few to say whether they settle"
    return (
        f"{step['runs']:,} runs: the last doubling moved a family by up to {step['moved']:.3f} (settled below {MOVES})"
    )
