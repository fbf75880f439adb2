"""The other parts in numbers and words: forms taken out, the edges, parameters told apart, the step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from tools.base.numbers import Rows
from tools.base.plans import FORMS, MOVE, Move, space_of
from tools.base.playing import MOST_PEOPLE

from groundswell.case import Case
from groundswell.study.calibration.free import RATE, Space
from groundswell.study.calibration.ordinary import THETA
from groundswell.study.calibration.report import edges, narrowing

ALIKE = 0.5
NARROW = 0.9
WAVE_PEOPLE = 1_000
SHOWN, MOST = 12, 25


def _paired(base: Rows, other: Rows) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return [(a, b) for a, b in zip(base, other, strict=True) if not a["ran_away"] and not b["ran_away"]]


def _dead(row: Mapping[str, Any]) -> int:
    return int(row["harm"]["dead"]["total"])


def forms(base: Rows, out: Mapping[str, Rows]) -> str:
    """What changes where a form is taken out, nothing refitted, on the same luck."""
    lines = [
        "## Each form taken out", "",
        f"The first {len(base)} runs again, on the same luck, with one form set to its neutral value and nothing "
        "refitted. Change in the number of statements met with its standard error, and medians before and after.", "",
        "| without | that is | statements met | most on the street | dead |", "|---|---|--:|--:|--:|",
        f"| nothing | the base as it is | {np.mean([r['score']['met'] for r in base]):.1f} of "
        f"{base[0]['score']['of']} | {np.median([r['peak'] for r in base]):,.0f} | "
        f"{np.median([_dead(r) for r in base]):,.0f} |",
    ]  # fmt: skip
    found = []
    for name, rows in out.items():
        pairs = _paired(base, rows)
        away = len(rows) - len(pairs)
        note = f" ({away} of {len(rows)} ran away: over {MOST_PEOPLE:,} out)" if away else ""
        if not pairs:
            found.append((-np.inf, f"| {name} | {FORMS[name][0]} | ran away in every run | over {MOST_PEOPLE:,} | |"))
            continue
        change = np.array([b["score"]["met"] - a["score"]["met"] for a, b in pairs], float)
        error = change.std(ddof=1) / np.sqrt(len(change)) if len(change) > 1 else np.nan
        peak, dead = np.median([b["peak"] for _, b in pairs]), np.median([_dead(b) for _, b in pairs])
        cells = f"{change.mean():+.1f} +- {error:.1f} | {peak:,.0f}{note} | {dead:,.0f} |"
        found.append((float(change.mean()), f"| {name} | {FORMS[name][0]} | {cells}"))
    return "\n".join([*lines, *(row for _, row in sorted(found, key=lambda x: x[0]))])


def edge(still: Rows, moves: Sequence[Move], rows: Mapping[str, Rows]) -> str:
    """Which small moves of a free parameter lose the largest town, or lose its loss."""
    n = len(still)
    lost = np.mean([r["lost_h"] is not None for r in still if not r["ran_away"]])
    peak = np.mean(np.log([max(r["peak_town"], 1) for r in still if not r["ran_away"]]))
    found = []
    for m in moves:
        mine = [r for r in rows[m.jobs[0]["variant"]] if not r["ran_away"]]
        if not mine:
            found.append((1.0, 9.9, m, np.nan))
            continue
        now = float(np.mean([r["lost_h"] is not None for r in mine]))
        ratio = float(np.mean(np.log([max(r["peak_town"], 1) for r in mine])) - peak)
        found.append((now - lost, ratio, m, now))
    found.sort(key=lambda x: (x[0], -abs(x[1])))
    drops = [x for x in found if x[0] < 0]
    lines = [
        "## On the edge", "",
        f"The middle draw, each of {len(moves) // 2} free parameters moved by {MOVE:.0%} of its value either way "
        "(hours of measures by as much of their range, the threshold by the rate of an ordinary month, other values "
        f"kept), over the same {n} seeds. As it is, the main administration of the largest town is lost in "
        f"{lost:.0%} of the seeds.", "",
    ]  # fmt: skip
    if not drops:
        return "\n".join([*lines, "No such move makes the loss rarer in these seeds."])
    names = ", ".join(f"`{x}`" for x in dict.fromkeys(x[2].name for x in drops if x[0] <= -0.5))
    lines += [f"Lost in half of the seeds less, or more than that, by one such move of: {names or 'none'}.", "",
              "| parameter | move | seeds with the loss | most people out in the largest town |",
              "|---|---|--:|--:|"]  # fmt: skip
    lines += [f"| `{m.name}` | {m.words} | {now:.0%} ({change:+.0%}) | x {np.exp(ratio):.2f} |"
              for change, ratio, m, now in drops[:SHOWN]]  # fmt: skip
    more = len(drops) - SHOWN
    return "\n".join([*lines, *([f"\n{more} more moves make it rarer by less."] if more > 0 else [])])


def places_in_prior(case: Case, space: Space) -> np.ndarray:
    """(n, D) shares of the prior below each draw's value; of the threshold, whose prior is that of a rate, its rank."""
    draws = case.draws
    assert draws is not None
    out = np.zeros((len(draws), len(space)))
    column = {name: k for k, name in enumerate(draws.names)}
    for k, f in enumerate(space.free):
        x = np.array([row[column[THETA if f.name == RATE else f.name]] for row in draws.values])
        if f.name == RATE or isinstance(f.prior, float):
            out[:, k] = (np.argsort(np.argsort(-x)) + 0.5) / len(x)
            continue
        a, b = f.prior.below(f.low), f.prior.below(f.high)
        out[:, k] = [(f.prior.below(v) - a) / (b - a) for v in x]
    return np.clip(out, 0, 1)


def pairs(case: Case) -> str:
    """Which parameters the record tells little of, and which stand in for each other."""
    space = space_of(case)
    head = ["## Which parameters are told apart", ""]
    if case.draws is None or space is None:
        return "\n".join([*head, "The case has no draws."])
    u, weight = places_in_prior(case, space), np.array(case.draws.weight)
    weight = weight / weight.sum()
    names = space.names
    r = correlations(u, weight)
    apart = [(abs(r[i, j]), i, j) for i in range(len(r)) for j in range(i) if abs(r[i, j]) > ALIKE]
    told = [f"| `{names[j]}` | `{names[i]}` | {r[i, j]:+.2f} |" for _, i, j in sorted(apart, reverse=True)[:MOST]]
    if len(apart) > MOST:
        told.append(f"| {len(apart) - MOST} more | | |")
    wide = narrowing(u, weight)
    loose = [f"`{n}` ({w:.2f})" for n, w in zip(names, wide, strict=True) if w > NARROW and n != RATE]
    low, high = edges(u, weight)
    pushed = [
        f"`{n}` ({share:.0%} at its {end} end)"
        for n, a, b in zip(names, low, high, strict=True)
        if n != RATE
        for share, end in ((a, "lower"), (b, "upper"))
        if share >= 0.5
    ]
    effective = 1 / np.square(weight).sum()
    lines = [
        *head,
        f"{len(case.draws)} draws, worth {effective:.0f} of equal weight, in shares of each prior. A correlation "
        f"beyond {ALIKE:g} means that the record knows the two together better than each: {len(apart)} of "
        f"{len(r) * (len(r) - 1) // 2} pairs. Chance alone gives {1 / np.sqrt(max(effective - 1, 1)):.2f} either "
        "way.", "",
    ]  # fmt: skip
    if told:
        lines += ["| parameter | stands in for | correlation |", "|---|---|--:|", *told, ""]
    lines += [
        f"No narrower than the prior (spread over {NARROW:g} of it), so that the record tells nothing of them by "
        f"themselves: {len(loose)} of {len(names)}{': ' if loose else ''}{', '.join(loose)}.", "",
        f"Pushed to an end of the prior: {', '.join(pushed) or 'none'}.",
    ]  # fmt: skip
    return "\n".join(lines)


def correlations(u: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """(D, D) weighted correlations of columns."""
    centred = u - weight @ u
    covariance = centred.T @ (centred * weight[:, None])
    sd = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
    return np.asarray(covariance / np.outer(sd, sd))


def step(case: Case, rows: Mapping[str, Rows]) -> str:
    """Without the step of the price, in an ordinary month, and with half the step of time."""
    lines = ["## The price step, an ordinary month, the step of time", ""]
    if rows["no step"]:
        quiet = [not r["ran_away"] and r["peak"] < WAVE_PEOPLE for r in rows["no step"]]
        most = max(r.get("peak", MOST_PEOPLE) for r in rows["no step"])
        lines.append(
            f"- Without the step of the price: no wave, that is fewer than {WAVE_PEOPLE:,} people out in the whole "
            f"country at any time, in {sum(quiet)} of {len(quiet)} runs; at most {most:,} people in any."
        )
    if rows["month"]:
        rates = [r["joins"] / (r["people"] * r["hours"]) for r in rows["month"] if not r["ran_away"]]
        space = space_of(case)
        prior = next((str(f.prior) for f in space.free if f.name == RATE), "") if space else ""
        lines.append(
            f"- An ordinary month ({space.ordinary_month if space else ''} and 30 days): {np.median(rates):.2g} "
            f"joins per inhabitant-hour (runs: {len(rates)}, {min(rates):.2g} to {max(rates):.2g}); what is known of "
            f"it before is {prior}."
        )
    lines += _halved(rows["hour"], rows["half"])
    return "\n".join(lines)


def _halved(hour: Rows, half: Rows) -> list[str]:
    """Half the step of time against the scatter between seeds."""
    pairs = _paired(hour, half)
    if len(pairs) < 2:
        return []
    cells = []
    for name, of in (("joins", lambda r: r["joins"]), ("most on the street", lambda r: r["peak"]), ("dead", _dead),
                     ("statements met", lambda r: r["score"]["met"])):  # fmt: skip
        a, b = (np.array([float(of(r[k])) for r in pairs]) for k in (0, 1))
        spread = a.std(ddof=1)
        error = np.hypot(spread, b.std(ddof=1)) / np.sqrt(len(a))
        share = f"{(b.mean() - a.mean()) / spread:+.1f}" if spread > 0 else "-"
        cells.append(f"| {name} | {a.mean():,.0f} | {b.mean():,.0f} | {spread:,.0f} | {share} | {error:,.0f} |")
    return [
        f"- Half an hour instead of an hour a step, the middle draw, {len(pairs)} seeds:", "",
        "| | an hour | half an hour | scatter between seeds | change over scatter | standard error of the change |",
        "|---|--:|--:|--:|--:|--:|", *cells,
    ]  # fmt: skip
