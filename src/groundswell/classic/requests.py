"""What a user asks of `groundswell classic`, checked whole; plays it, draws it, and says what came of it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.case.problems import one_of
from groundswell.classic.civil_violence import BURST_SHARE, MOST_SEED, VARIANTS, Setting, chosen_from, epstein, summary
from groundswell.classic.thresholds import critical_spread, expected_equilibrium, granovetter, normal_thresholds
from groundswell.figures.classic import cascade, courses
from groundswell.figures.save import save
from groundswell.files import whole

ALL = "all"
MOST_RUNS, MOST_PEOPLE = 10_000, 20_000


@dataclass(frozen=True)
class EpsteinRequest:
    """Runs of Model I: a variant or all, steps and runs, other settings as NAME=VALUE, and the file to draw."""

    variant: str = ALL
    steps: int = 500
    seed: int = 1
    runs: int = 1
    set: tuple[str, ...] = ()
    out: Path = Path("epstein.png")


@dataclass(frozen=True)
class GranovetterRequest:
    """A crowd, normal or from a file, how many are drawn at each spread, and the file to draw."""

    people: int = 100
    mean: float = 25.0
    sd: float = 12.2
    thresholds: Path | None = None
    seed: int = 1
    runs: int = 200
    out: Path = Path("granovetter.png")


def play_epstein(request: EpsteinRequest) -> tuple[dict[str, Any], str]:
    """Plays every variant that is asked for, draws the first run of each, and returns the numbers and their words.

    Raises:
        CaseError: every mistake in what is asked, before anything is played or written.
    """
    names = VARIANTS if request.variant == ALL else (request.variant,)
    given, problems = _pairs(request.set)
    if request.variant not in (ALL, *VARIANTS):
        allowed = one_of((*VARIANTS, ALL), request.variant)
        problems.append(Problem("--variant", None, "variant", request.variant, allowed))
    setting, wrong = chosen_from({"variant": VARIANTS[0], **given}, request.steps, request.seed)
    problems += [*wrong, *_common_problems(request.runs, request.out)]
    if problems:
        raise CaseError(problems)
    seeds = [request.seed + i for i in range(request.runs)]
    played = {name: [epstein(name, steps=request.steps, seed=seed, **given) for seed in seeds] for name in names}
    first = played[names[0]][0]
    place = f"{setting.width} x {setting.height} sites, {first.citizens:,} people, {first.cops:,} officers"
    chart = courses(
        {name: (runs[0].active, runs[0].jailed) for name, runs in played.items()},
        citizens=first.citizens,
        title="Civil violence by how officers to rebels is rounded"
        if len(names) > 1
        else f"Civil violence, {names[0]}",
        note=f"Epstein (2002), Model I: {place}, seed {request.seed}. All panels have one scale.",
    )
    written = _drawn(chart, request.out)
    told = {name: summary(runs) for name, runs in played.items()}
    many = f"{request.runs} runs: median (smallest to largest)" if request.runs > 1 else f"seed {request.seed}"
    lines = [
        f"Epstein (2002), Model I: {place}, {request.steps:,} steps; {many}",
        f"  {'':12}{'most active':>20}{'bursts':>16}{'active, mean':>20}{'in jail, mean':>22}",
    ]
    lines += [f"  {name:12}{_row(told[name])}" for name in names]
    lines.append(f"A burst is a stretch of steps with more than {BURST_SHARE:.0%} of people active.")
    return {"variants": told, "figure": str(written)}, "\n".join([*lines, f"Figure: {written}"])


def play_granovetter(request: GranovetterRequest) -> tuple[dict[str, Any], str]:
    """Plays the cascades that are asked for, draws them, and returns the numbers and their words.

    Raises:
        CaseError: every mistake in what is asked and in the file, before anything is played or written.
    """
    own, problems = _own_thresholds(request.thresholds) if request.thresholds else (None, [])
    if not 2 <= request.people <= MOST_PEOPLE:
        problems.append(Problem("--people", None, "people", request.people, f"2 to {MOST_PEOPLE:,}"))
    if not math.isfinite(request.mean):
        problems.append(Problem("--mean", None, "mean", request.mean, "a number of people"))
    if not 0 < request.sd < math.inf:
        problems.append(Problem("--sd", None, "sd", request.sd, "a number of people above 0"))
    if not 0 <= request.seed <= MOST_SEED:
        problems.append(Problem("--seed", None, "seed", request.seed, f"0 to {MOST_SEED:,}"))
    problems += _common_problems(request.runs, request.out)
    if problems:
        raise CaseError(problems)
    return _of_a_file(own, request) if own is not None else _of_normal_crowds(request)


def _of_a_file(own: list[float], request: GranovetterRequest) -> tuple[dict[str, Any], str]:
    assert request.thresholds is not None
    found = granovetter(own)
    name = request.thresholds.name
    note = f"Granovetter (1978). {len(own):,} people with the thresholds of {name}."
    chart = cascade({name: found.path}, None, None, people=len(own), title="A threshold cascade", note=note)
    written = _drawn(chart, request.out)
    numbers = {"people": len(own), "final": found.final, "path": list(found.path), "figure": str(written)}
    words = f"{name}: {found.final:,} of {len(own):,} people act, after {len(found.path) - 1:,} rounds"
    return numbers, f"{words}\nFigure: {written}"


def _of_normal_crowds(request: GranovetterRequest) -> tuple[dict[str, Any], str]:
    n, mean, sd = request.people, request.mean, request.sd
    uniform = list(range(n))
    everybody, one = granovetter(uniform), granovetter([0, 2, *uniform[2:]])
    jump = critical_spread(n, mean) if 0 < mean < n / 2 else None
    end = expected_equilibrium(n, mean, sd)
    widest = max(0.3 * n, 1.25 * sd)
    spreads = np.unique(np.r_[np.linspace(0.02 * n, widest, 160), sd, [] if jump is None else [0.9999 * jump, jump]])
    crowds = [np.sort(normal_thresholds(n, 0.0, 1.0, request.seed, crowd)) for crowd in range(request.runs)]
    at = np.linspace(0.04 * n, widest, 14)
    at = np.sort(np.r_[at[abs(at - sd) > 0.01 * n], sd])
    sizes = np.array([[granovetter(mean + spread * crowd).final for crowd in crowds] for spread in at])
    low, middle, high = np.quantile(sizes, [0.05, 0.5, 0.95], axis=1)
    here = int(np.searchsorted(at, sd))
    drawn = granovetter(mean + sd * crowds[0])
    chart = cascade(
        {
            f"thresholds 0, 1, .. {n - 1:,}: {everybody.final:,} act": everybody.path,
            f"one of them 2 in place of 1: {one.final:,}": one.path,
            f"a crowd drawn at spread {sd:g}: {drawn.final:,}": drawn.path,
        },
        (spreads, np.array([expected_equilibrium(n, mean, spread) for spread in spreads])),
        {"sd": at, "low": low, "middle": middle, "high": high},
        people=n,
        jump=jump,
        title="One threshold, or a little more spread, decides how many act",
        note=f"Granovetter (1978), {n:,} people. Right: normal thresholds of mean {mean:g}. Line: frequencies just as "
        f"expected; points and bars: median and 5 to 95 percent of {request.runs:,} drawn crowds, seed {request.seed}.",
    )
    written = _drawn(chart, request.out)
    share = float((sizes[here] > n / 2).mean())
    numbers = {
        "people": n,
        "uniform": {"final": everybody.final, "rounds": len(everybody.path) - 1},
        "one_threshold_changed": {"final": one.final, "rounds": len(one.path) - 1},
        "normal": {
            "mean": mean, "sd": sd, "expected": end, "jump_sd": jump, "runs": request.runs,
            "drawn": [float(middle[here]), float(low[here]), float(high[here])], "beyond_half": share,
        },
        "figure": str(written),
    }  # fmt: skip
    lines = [
        f"Granovetter (1978), {n:,} people",
        f"  thresholds 0, 1, .. {n - 1:,}: {everybody.final:,} act, after {len(everybody.path) - 1:,} rounds",
        f"  one of them 2 in place of 1: {one.final:,} act{'s' if one.final == 1 else ''}",
        f"  normal, mean {mean:g}, sd {sd:g}: {end:.1f} act in the end if frequencies are just as expected",
        "    there is no jump at this mean" if jump is None else f"    the end jumps at a spread of {jump:.2f}",
        f"    {request.runs:,} drawn crowds: median {middle[here]:g}, 5 to 95 percent {low[here]:g} to {high[here]:g}; "
        f"more than half act in {share:.0%} of them",
    ]
    return numbers, "\n".join([*lines, f"Figure: {written}"])


def _pairs(texts: tuple[str, ...]) -> tuple[dict[str, Any], list[Problem]]:
    """Settings of `--set`; a number that cannot be read stays a text, and is told with its range."""
    kinds = {name: type(value) for name, value in asdict(Setting()).items() if name != "variant"}
    given: dict[str, Any] = {}
    problems = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            problems.append(Problem("--set", None, "pair", text, "NAME=VALUE"))
        elif name not in kinds:
            problems.append(Problem("--set", None, "setting", name, one_of(list(kinds), name)))
        else:
            try:
                given[name] = kinds[name](value)
            except ValueError:
                given[name] = value
    return given, problems


def _own_thresholds(path: Path) -> tuple[list[float], list[Problem]]:
    allowed = "a number of people, or inf for never"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return [], [Problem("--thresholds", None, "file", str(path), "a text file with one threshold a line")]
    found, problems = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(float(line))
            if math.isnan(found[-1]):
                raise ValueError
        except ValueError:
            problems.append(Problem(path.name, number, "threshold", line.strip(), allowed))
    if not found and not problems:
        problems.append(Problem(path.name, None, "thresholds", None, "at least one, one a line"))
    return found, problems


def _common_problems(runs: int, out: Path) -> list[Problem]:
    problems = []
    if not 1 <= runs <= MOST_RUNS:
        problems.append(Problem("--runs", None, "runs", runs, f"1 to {MOST_RUNS:,}"))
    if out.suffix.lower() not in (".png", ".svg") or out.is_dir():
        problems.append(Problem("--out", None, "file", str(out), "a file that ends in .png or .svg"))
    return problems


def _drawn(chart: Any, out: Path) -> Path:
    """Writes the chart beside its place and renames it, so that half a figure is never seen."""
    with whole(out) as part:
        save(chart, part)
    return out


def _row(numbers: dict[str, Any]) -> str:
    def cell(name: str, width: int, form: str) -> str:
        middle, low, high = (format(x, form) for x in numbers[name])
        return f"{middle if len(numbers['seeds']) == 1 else f'{middle} ({low} to {high})':>{width}}"

    parts = (("peak", 20, ",.0f"), ("bursts", 16, ",.0f"), ("active_mean", 20, ",.1f"), ("jailed_mean", 22, ",.0f"))
    return "".join(cell(*part) for part in parts)
