"""`groundswell record`: what sources say of a case, and records out of other data sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

record = App(name="record", help="Show what sources say of a case, or make a record out of another data set.")


@record.default
def show(
    case: str,
    *,
    about: str = "",
    source: str = "",
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Show what sources state, report and deny, where they contradict each other, and how much there is.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    about
        deaths, harm, detained, turnout, strikes, fighting, arms, sites, forces, looting, measures, network, prices,
        allies, the name of a set, or any words: only observations that have them.
    source
        Id of a source, as 003: only its own claims.
    json_
        Print plain data instead of words.
    """
    from groundswell.case import load
    from groundswell.record.show import show as shown

    data, words = shown(load(case), about, source)
    print(json.dumps(data, ensure_ascii=False) if json_ else words)


@record.command(name="import")
def import_(
    file: Path,
    *,
    format: str,  # noqa: A002
    out: Path,
    case: str | None = None,
    scope_map: Path | None = None,
    country: str = "",
) -> None:
    """Make a record from an ACLED export, an extract of UCDP GED, or a CSV file of claims.

    Parameters
    ----------
    file
        The CSV file.
    format
        acled, ucdp or csv; docs/record.md says which columns are read.
    out
        Folder to make: sources.csv, observations.csv and claims.csv, as in the folder `record` of a case.
    case
        Case whose regions and places the names mean; without it names become ids that nothing has checked.
    scope_map
        CSV file `name,scope` for names that the case does not have; a blank scope leaves a name out.
    country
        Events of other countries are left out; by default the one that the title or the summary of the case names.
    """
    from groundswell.importers.importing import import_record

    done = import_record(file, format, out, case, scope_map, country)
    print(f"{done.folder}: " + ", ".join(f"{count:,} {name}" for name, count in done.rows.items()))
    for reason, count in done.left_out.items():
        print(f"  left out: {count:,} {reason}")
    for what, count in done.said.items():
        print(f"  {count:,} {what}")
    if case is None:
        print("  names of places were not checked: give --case")
