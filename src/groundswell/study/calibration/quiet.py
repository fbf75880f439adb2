"""The threshold of a quiet year: that at which an ordinary month has its rate of protest, at the case's own values.

    calibration/quiet.toml
    [quiet]
    month = "2021-11-01"   first day of an ordinary month before the case, with no step of the price
    protests = 520         protests that were counted ...
    months = 32            ... in so many months
    people = 75            people at each
    source = "..."         who counted
    state = "derived"      official, derived, estimated or assumed

    rate = protests * people / (months * 730.5 h * inhabitants)                    joins per inhabitant-hour

The threshold belongs to the values of all other parameters: it is fitted anew when one of them changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from groundswell.case import Case, CaseError, Problem
from groundswell.case.calibration import QUIET
from groundswell.case.head import Entries
from groundswell.case.problems import Found
from groundswell.case.read import read_text, read_toml
from groundswell.engine.clock import MONTH_H
from groundswell.files import whole
from groundswell.study.calibration.ordinary import THETA, ordinary_world, theta_of

PARAMETERS = "parameters.toml"
NUMBERS = ("protests", "months", "people")


@dataclass(frozen=True)
class Quiet:
    """What is known of protest in ordinary times. month: ISO date; people: at each protest."""

    month: str
    protests: float
    months: float
    people: float
    source: str
    state: str

    def rate(self, inhabitants: int) -> float:
        """Joins per inhabitant-hour."""
        return self.protests * self.people / (self.months * MONTH_H * inhabitants)


def read_quiet(case: Case) -> Quiet:
    """What calibration/quiet.toml of a case says.

    Raises:
        CaseError: the file is missing, or every mistake in it at once.
    """
    problems: list[Problem] = []
    text = read_text(case.folder, QUIET, problems)
    toml = read_toml(QUIET, text, problems) if text is not None else None
    if toml is None:
        raise CaseError(problems)
    entry = Entries(toml, "quiet", toml.values.get("quiet", Found("no such table")), problems)
    entry.only(("month", *NUMBERS, "source", "state"))
    source, state, month = entry.text("source"), entry.state(), _month(entry, case)
    numbers = {name: _above_zero(entry, name) for name in NUMBERS}
    if problems or source is None or state is None:
        raise CaseError(problems)
    return Quiet(month, source=source, state=state, **numbers)


def quiet_theta(case: Case, quiet: Quiet, settings: Mapping[str, float] | None = None) -> float:
    """The threshold, to four digits; settings: "mechanism.parameter" -> value beside what the case sets."""
    found = theta_of(ordinary_world(case, quiet.month), settings or {}, quiet.rate(case.population_people))
    return float(f"{found:.4g}")


def entry_of(case: Case, quiet: Quiet, theta: float) -> str:
    """The line of parameters.toml that sets the threshold."""
    rate = quiet.rate(case.population_people)
    why = (
        f"an ordinary month ({quiet.month[:7]}) at the declared values has {rate:.2g} joins per inhabitant-hour: "
        f"{quiet.protests:g} protests of {quiet.people:g} people in {quiet.months:g} months; "
    )
    source = (why + quiet.source).replace("\\", "\\\\").replace('"', '\\"')
    return f'theta = {{ value = {theta:g}, state = "{quiet.state}", source = "{source}" }}'


def put(folder: Path, entry: str) -> Path:
    """Write the entry into parameters.toml of a case, in place of the one that stands there."""
    path = folder / PARAMETERS
    lines = path.read_text(encoding="utf-8").splitlines()
    mechanism, _, name = THETA.partition(".")
    head = next((i for i, line in enumerate(lines) if line.strip() == f"[{mechanism}]"), None)
    if head is None:
        lines += ["", f"[{mechanism}]"]
        head = len(lines) - 1
    end = next((i for i in range(head + 1, len(lines)) if lines[i].lstrip().startswith("[")), len(lines))
    old = [i for i in range(head + 1, end) if re.match(rf"\s*{name}\s*=", lines[i])]
    lines[head + 1 : head + 1] = [entry]
    kept = [line for i, line in enumerate(lines) if i - 1 not in old]
    with whole(path) as part:
        part.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path


def _month(entry: Entries, case: Case) -> str:
    given: Any = entry.values.get("month", "")
    try:
        day = given if isinstance(given, date) else date.fromisoformat(given)
    except (TypeError, ValueError):
        day = None
    if day is None or not day < case.start.date():
        entry.refuse("month", str(given), f"a date such as 2021-12-01, before the case, {case.start.date()}")
        return ""
    return day.isoformat()[:10]


def _above_zero(entry: Entries, name: str) -> float:
    number = entry.number(name)
    refused = number is None and name in entry.values
    if not refused and not (number or 0.0) > 0:
        entry.refuse(name, entry.values.get(name, ""), "a number above 0")
    return number or 0.0
