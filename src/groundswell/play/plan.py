"""What fixes a run's results, apart from the version: the plan that `run.json` keeps."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from types import NoneType
from typing import Any

from groundswell.accounts import load as load_accounts
from groundswell.accounts.playing import carried
from groundswell.case import Case, CaseError, Problem, bundled_cases, find_case, load
from groundswell.case.calibration import MIDDLE, played
from groundswell.case.cells import MOST_PEOPLE
from groundswell.case.problems import Found
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import known_parameters
from groundswell.engine.simulation import ENGINES
from groundswell.play.change import NOTHING, RESPONSIVE, Change, as_options, read_change
from groundswell.play.checks import Known, mistakes

MOST_SCALE = 1000
LONGEST_STEP_H = 24
MOST_SEED = 2**63


@dataclass(frozen=True)
class Plan:
    """What fixes a run's results, apart from the version. `Plan.of` makes one from what a user asks.

    Args:
        case: name of a bundled case, or a folder. change: what is changed about it.
        seed: of every draw. until: ISO time at which to stop; None: the case's end.
        people_scale: factor on the population. engine: "fast", "reference" or "reference-independent".
        step_h: length of a step, in hours.
        governed_since_h: hour from which a responsive government is so; what the record had begun by then stays.
        carried: what the account sets and says, see `accounts.playing.carried`.
        drawn: a calibration's draw, see `case.calibration.played`; empty: declared parameters.
    """

    case: str
    change: Change = NOTHING
    seed: int = 1
    until: str | None = None
    people_scale: float = 1.0
    engine: str = "fast"
    step_h: float = 1.0
    governed_since_h: float = 0.0
    carried: Mapping[str, Any] = field(default_factory=dict)
    drawn: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, case: str | Path | Case, change: Change = NOTHING, *, draw: int | str = MIDDLE, **fixed: Any) -> Plan:
        """The plan of a change, with what its account carries and a draw of the case's calibration.

        Args:
            case: name of a bundled case, a folder, or a loaded case.
            change: what is changed; elements are set at the median of their priors.
            draw: of a calibrated case "middle", the number of a draw, or "declared"; see `run`.
            fixed: `seed`, `until`, `people_scale`, `engine`, `step_h`, as in the class.

        Raises:
            CaseError: the case or the draw cannot be read. `problems` has what else is wrong.
        """
        loaded = loaded_case(case)
        drawn = played(loaded, draw)
        says = carried(loaded, change.account or None, ".", drawn.get("settings"))
        return cls(canonical(loaded), with_elements(loaded, change), carried=says, drawn=drawn, **fixed)

    @property
    def account(self) -> str | None:
        """The account that is played; None: the common base."""
        return self.change.account or None

    @property
    def settings(self) -> dict[str, float]:
        """Parameters that are set: by the draw, then by the account, then by the change."""
        own = (self.drawn.get("settings", {}), self.carried.get("settings", {}), self.change.set)
        return {k: v for each in own for k, v in each.items()}

    @property
    def measures(self) -> dict[str, str]:
        """Measures that are changed: hours of the draw, versions of the account, then what the change says.

        Under a responsive government the first two have no place: offices take the measures, by the ladder.
        """
        recorded = (self.drawn, self.carried) if self.change.government != RESPONSIVE else ()
        return {k: v for says in recorded for k, v in says.get("measures", {}).items()} | dict(self.change.measures)

    def problems(self, case: Case) -> list[Problem]:
        """Every mistake in the plan of a case, but of values of parameters, which `engine.parameters.resolve` tells."""
        change = replace(self.change, account="") if self.carried else self.change  # it is found already
        found = as_options(mistakes(change, Known(case), resolved=True))
        if self.engine not in ENGINES:
            found.append(Problem("--engine", None, "engine", self.engine, f"one of {', '.join(ENGINES)}"))
        if not 0 < self.step_h <= LONGEST_STEP_H:
            found.append(Problem("step_h", None, "step", self.step_h, f"hours above 0, at most {LONGEST_STEP_H}"))
        found += of_scale(self.people_scale, case) + of_seed(self.seed)
        if self.until is not None:
            found += _of_until(self.until, case)
        return found

    def branched(self, change: Change, hour: float, until: str | None = None) -> Plan:
        """The plan of a run that takes this one's past and goes on from an hour with a change.

        A government that turns responsive keeps what the record had begun by then.
        """
        turns = change.government not in ("", self.change.government)
        return replace(
            self, change=replace(self.change.then(change), at=self.change.at), until=until or self.until,
            governed_since_h=hour if turns else self.governed_since_h,
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        return own | {"change": self.change.to_json(), "carried": dict(self.carried), "drawn": dict(self.drawn)}

    def digest(self, case: Case) -> str:
        """SHA-256 of what fixes the results but the version: what binds a checkpoint to its run."""
        whole = json.dumps({"plan": self.to_json(), "case": case.digest}, sort_keys=True)
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """From what `to_json` gave.

        Raises:
            CaseError: it is the plan of another version.
        """
        data = data if isinstance(data, Mapping) else {}
        kinds = {**_KINDS, "change": Mapping}
        wrong = [name for name in data if name not in kinds] + [n for n in ("case", "change") if n not in data]
        wrong += [name for name, kind in kinds.items() if name in data and not _is(data[name], kind)]
        change, of_change = read_change(data["change"]) if not wrong else (NOTHING, [])
        wrong += [where for where, *_ in of_change]
        if wrong:
            given = Found(f"{', '.join(sorted(wrong))}, of another version or damaged")
            allowed = "a plan of this version, in which all that is changed stands in `change`; or a new run"
            raise CaseError([Problem("run.json", None, "plan", given, allowed)])
        return cls(**{**data, "change": change})


_KINDS: Mapping[str, Any] = {
    "case": str, "seed": int, "until": (str, NoneType), "people_scale": (int, float), "engine": str,
    "step_h": (int, float), "governed_since_h": (int, float), "carried": Mapping, "drawn": Mapping,
}  # fmt: skip
"""Kinds of what a plan holds as plain data."""


def _is(value: object, kind: Any) -> bool:
    """Whether a value of plain data is of a kind: true and false are no numbers, and none is infinite."""
    if isinstance(value, Mapping):
        inside = {"settings": (int, float), "measures": str}
        right = all(isinstance(value.get(k, {}), Mapping) for k in inside)
        if not right or not all(_is(v, of) for k, of in inside.items() for v in value.get(k, {}).values()):
            return False
    finite = not isinstance(value, float) or math.isfinite(value)
    return isinstance(value, kind) and not isinstance(value, bool) and finite


def canonical(case: str | Path | Case) -> str:
    """How a plan names a case: a bundled one by its name, any other by its whole path."""
    folder = case.folder if isinstance(case, Case) else find_case(case)
    name = folder.name
    return name if name in bundled_cases() and find_case(name) == folder else str(folder.resolve())


def loaded_case(case: str | Path | Case) -> Case:
    """A case, read and checked with the parameters of all mechanisms.

    Raises:
        CaseError: every mistake in it.
    """
    return case if isinstance(case, Case) else load(case, known_parameters(all_mechanisms().values()))


def planned(common: Mapping[str, Any]) -> Case:
    """The case that was planned with, read where this worker runs.

    Raises:
        ValueError: the case here is another one.
    """
    case = loaded_case(common["case"])
    if case.digest != common["case_digest"]:
        wanted, found = common["case_digest"][:12], case.digest[:12]
        raise ValueError(f"{common['case']} has the digest {found} where this worker runs, and {wanted} in the design")
    return case


def with_elements(case: Case, change: Change) -> Change:
    """The change with the parameters that its elements set, at the median of their priors; `set` goes before them."""
    if not change.elements or set(change.elements) - set(Known(case).elements):
        return change
    accounts = load_accounts(case)
    on = (f for name in sorted(accounts.supported(change.elements)) for f in accounts.elements[name].on)
    return replace(change, set={**{f.name: f.value(0.5) for f in on}, **change.set})


def of_scale(people_scale: float, case: Case | None = None) -> list[Problem]:
    """What is wrong with a factor on the population, of a case where that is known."""
    if not 0 < people_scale <= MOST_SCALE:
        return [Problem("--people-scale", None, "scale", people_scale, f"above 0, at most {MOST_SCALE}")]
    if case is not None and people_scale * case.population_people > MOST_PEOPLE:
        given = Found(f"{people_scale:g}, which makes {people_scale * case.population_people:,.0f} people")
        return [Problem("--people-scale", None, "scale", given, f"a factor that makes at most {MOST_PEOPLE:,}")]
    return []


def of_seed(seed: int, runs: int = 1) -> list[Problem]:
    """What is wrong with the first of some seeds."""
    if 0 <= seed <= MOST_SEED - runs:
        return []
    return [Problem("--seed", None, "seed", seed, "a whole number from 0 below 2**63")]


def named_folder(option: str, given: str | Path) -> Path:
    """A folder that a user names: where a link leads, and with a name of its own (`.` and `..` have none).

    Raises:
        CaseError: it has no name, as `/`.
    """
    path = Path(given)
    try:
        if path.is_symlink() or path.name in ("", ".", ".."):
            path = path.resolve()
    except (OSError, RuntimeError):
        raise CaseError([Problem(option, None, "folder", str(given), "a folder, and no link in a circle")]) from None
    if not path.name:
        raise CaseError([Problem(option, None, "folder", str(given), "a folder with a name")])
    return path


def of_target(out: Path, mark: str, command: str) -> list[Problem]:
    """What is wrong with a folder to write: it has something in it that the command has not written."""
    if not out.exists() or (out / mark).exists():
        return []
    return [Problem("--out", None, "folder", str(out), f"a new folder, or one that {command} has written")]


def _of_until(until: str, case: Case) -> list[Problem]:
    try:
        when = datetime.fromisoformat(until)
    except ValueError:
        return [Problem("--until", None, "time", until, "an ISO time such as 2022-01-05T12:00")]
    when = when if when.tzinfo else when.replace(tzinfo=case.start.tzinfo)
    if case.start < when <= case.horizon:
        return []
    return [Problem("--until", None, "time", until, f"after {case.start}, at most {case.horizon}")]
