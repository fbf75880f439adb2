"""Parameters of a run: defaults, then what the case fits, then what the user sets; every mistake at once."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from groundswell.case import CaseError, Problem
from groundswell.case.tables import Allowed, Case
from groundswell.engine.mechanism import SMALLEST, Mechanism, ParameterInfo


def known_parameters(mechanisms: Iterable[type[Mechanism]]) -> dict[str, dict[str, Allowed]]:
    """Mechanism -> parameter -> what a case may give, the form that `case.check` takes."""
    return {
        m.name: {i.name: Allowed(*_closed(i.bounds), i.required, m.pack()) for i in m.parameters()} for m in mechanisms
    }


def _closed(bounds: tuple[float, float]) -> tuple[float | None, float | None]:
    return tuple(b if math.isfinite(b) else None for b in bounds)  # type: ignore[return-value]


def resolve(
    mechanisms: Sequence[type[Mechanism]], case: Case, settings: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Mechanism name -> its `Parameters`.

    Args:
        mechanisms: all that are known, on or off.
        case: its parameters.toml overrides defaults.
        settings: "mechanism.parameter" -> value (number, or text of a number) from the user.

    Raises:
        CaseError: unknown names, values that are no finite numbers, figures that the case has to give, all at once.
    """
    by_name = {m.name: m for m in mechanisms}
    problems: list[Problem] = []
    values: dict[str, dict[str, Any]] = {name: {} for name in by_name}

    def put(where: str, name: str, key: str, value: Any) -> None:
        if name not in by_name:
            problems.append(Problem(where, None, f"{name}.{key}", name, _near(name, by_name, "a mechanism")))
            return
        infos = {i.name: i for i in by_name[name].parameters()}
        if key not in infos:
            problems.append(Problem(where, None, f"{name}.{key}", key, _near(key, infos, f"a parameter of {name}")))
            return
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        low, high = infos[key].bounds
        if not math.isfinite(number) or not low <= number <= high:
            problems.append(Problem(where, None, f"{name}.{key}", value, _range(infos[key])))
            return
        values[name][key] = type(infos[key].default)(number)

    for name, entries in case.parameters.items():
        for key, entry in entries.items():
            put("parameters.toml", name, key, entry.value)
    for full, value in (settings or {}).items():
        name, dot, key = full.partition(".")
        if not dot or not key:
            problems.append(Problem("--set", None, full, full, "MECHANISM.PARAMETER=VALUE"))
            continue
        put("--set", name, key, value)
    for name, m in by_name.items():
        for i in (i for i in m.parameters() if i.required and i.name not in values[name]):
            if not m.absent(case) and (i.required is True or len(case.tables[str(i.required)])):
                given = f"{_range(i)}: {i.about}, a figure of the country, which has no default"
                problems.append(Problem("parameters.toml", None, f"{name}.{i.name}", "", given))
            values[name][i.name] = 0.0  # nothing there that asks for it
    if problems:
        raise CaseError(problems)
    return {name: m.Parameters(**values[name]) for name, m in by_name.items()}


def flat(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Name "mechanism.parameter" -> value, for provenance."""
    return {f"{m}.{f.name}": getattr(p, f.name) for m, p in parameters.items() for f in dataclasses.fields(p)}


def _range(info: ParameterInfo) -> str:
    low, high = info.bounds
    below = "" if low == -math.inf else " above 0" if low == SMALLEST else f" at least {low:g}"
    above = "" if high == math.inf else f" at most {high:g}"
    return f"a finite number{below}{',' if below and above else ''}{above} ({info.unit})"


def _near(word: str, allowed: Iterable[str], what: str) -> str:
    names = sorted(allowed)
    close = difflib.get_close_matches(word, names, 1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"{what}, one of {', '.join(names)}{hint}"
