"""The page of the base in words: how well it fits, what was wanted, every statement, scores, what it cannot do."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tools.base.numbers import NATIONAL, Rows, Statement, at

from groundswell.case import Case
from groundswell.observe.phases import PHASES
from groundswell.weigh.rivals import TITLES

HAND = Path(__file__).parent / "hand"
"""What is written by hand: CASE.md, with {name} for numbers, and CASE-reasons.toml, statement = "why no run has it"."""

NO_PREDICTION = (
    "The forms of the model were chosen with all statements in view; what was kept back was kept from the "
    "calibration of the values alone. So the check is no clean prediction."
)


def page(
    case: Case, rows: Rows, told: Sequence[Statement], found: Mapping[str, Any], command: str,
    parts: Sequence[str], pictures: Sequence[str],
) -> str:  # fmt: skip
    """The whole page.

    Args:
        case, rows, told: what was played, and each statement.
        found: counts, wanted, scores, none (statements in no run), numbers for what is written by hand.
        command: by which it was made. parts: lines of the other parts. pictures: names of files beside the page.
    """
    n = len(rows)
    lines = [f"# {case.title}: the common base over {n} runs", "", *fit(case, found["counts"], n), ""]
    lines += [made(case, n, command), ""]
    shown = {name.removeprefix(f"{case.id}-").removesuffix(".png"): name for name in pictures}
    if found["wanted"]:
        lines += ["## What was wanted of it", "", *wanted(found["wanted"]), ""]
    lines += ["## The course of the runs", "", *totals(rows), ""]
    lines += _shown(shown, ("turnout", "regions", "largest-town", "sites"))
    lines += ["## Harm", "", *harm(rows), ""] + _shown(shown, ("harm", "harm-regions"))
    lines += ["## Every statement", "", NO_PREDICTION, ""] + _shown(shown, ("statements",))
    for use, head in (
        ("fit", "### Fitted: the calibration saw these, so meeting them is no success"),
        ("check", "### Kept back: the calibration never saw these"),
        ("neither", "### Neither"),
    ):
        lines += table(head, [s for s in told if s.use == use])
    lines += none(case, told)
    lines += scores(found["scores"])
    lines += by_hand(case, found["numbers"])
    for part in parts:
        lines += [part, ""]
    return "\n".join(lines).rstrip() + "\n"


PICTURES = {
    "turnout": "People on the street in the whole country by hour, with the official totals",
    "regions": "Turnout by region and day", "largest-town": "People on the street in the largest town by hour",
    "sites": "Sites in the crowd's hands by hour", "harm": "Harm beside the sources' figures",
    "harm-regions": "Dead by region and side", "statements": "Share of the runs that meet each statement",
}  # fmt: skip


def _shown(names: Mapping[str, str], kinds: Sequence[str]) -> list[str]:
    return [line for kind in kinds if kind in names for line in (f"![{PICTURES[kind]}]({names[kind]})", "")]


def fit(case: Case, counts: Mapping[str, Any], n: int) -> list[str]:
    """How well it fits, before anything else."""
    texts, every = counts["texts"], counts["all"]
    drawn = f", and one of {len(case.draws)} draws of the calibration" if case.draws is not None else (
        "; nothing is calibrated: they have declared defaults"
    )  # fmt: skip
    more = ", with those on the first days and the official national totals" if counts["national"]["of"] else ""
    first = (
        f"**Of the {texts['of']} dated statements of the texts, {texts['half']} are met in half or more of {n} runs"
        f"{_use(case, counts, 'texts_')}.** Of all {every['of']}{more}, {every['half']} are{_use(case, counts, '')}; "
        f"{_none(every['none'])} met in no run. A run meets {every['mean']:.1f} on average. Each run has a seed of its "
        f"own{drawn}."
    )
    return [first, "", NO_PREDICTION] if case.draws is not None and counts["check"]["of"] else [first]


def _use(case: Case, counts: Mapping[str, Any], prefix: str) -> str:
    fitted, check = counts[f"{prefix}fit"], counts[f"{prefix}check"]
    if not check["of"]:
        return ""
    word = "calibrated on" if case.draws is not None else "set apart for a calibration"
    kept = f"kept back: {check['half']} of {check['of']}"
    return f" ({word}: {fitted['half']} of {fitted['of']}; {kept})"


def _none(count: int) -> str:
    return {0: "none is", 1: "one is"}.get(count, f"{count} are")


def sentence(case: Case, counts: Mapping[str, Any], n: int, link: str) -> str:
    """The fit in a few words, for README and the index."""
    texts, fitted, check = counts["texts"], counts["texts_fit"], counts["texts_check"]
    head = f"**How well it fits:** of {texts['of']} dated statements of the texts on January 2022, "
    met = f"[{texts['half']} are met in half or more of {n} runs]({link})"
    if case.draws is None or not check["of"]:
        return f"{head}{met}, {texts['none']} in none. Nothing is calibrated yet."
    return (
        f"{head}{met}: {fitted['half']} of the {fitted['of']} that it was calibrated on and {check['half']} of the "
        f"{check['of']} that were kept back; {texts['none']} in none. The forms of the model were chosen with all of "
        "them in view, so this is no prediction."
    )


def made(case: Case, n: int, command: str) -> str:
    """How the page was made."""
    if case.draws is None:
        how = "Every run has the declared defaults and what `parameters.toml` of the case sets, with a seed of its own."
    else:
        p = case.draws.provenance
        how = (
            f"Run i has the seed i and a draw of the calibration by its weight ({len(case.draws)} draws, version "
            f"{p['version']}, on {len(p['fit'])} observations; {len(p['check'])} were kept back)."
        )
    return (
        f"Made by {command}. {how} The runs carry no account: measures at their recorded hours, forces and offices "
        "that decide for themselves, no organised group. Nothing here weighs an account. Ranges are 10 to 90 "
        "percent of the runs."
    )


def wanted(w: Mapping[str, Any]) -> list[str]:
    """What was wanted of the base of Kazakhstan 2022, line by line."""
    n = w["runs"]
    lines = [
        f"- Dead, of all sides: between 100 and 999 in **{w['dead_hundreds']} of {n}** runs; {_range(w['dead'])}.",
        "- The main administration of Almaty (`almaty-akimat`): lost between 17:00 on 4 January and the midnight "
        f"that ends 5 January in **{w['lost_evening_to_night']} of {n}** runs, by 06:00 on 5 January in "
        f"{w['lost_that_night']}, at any time in {w['lost_ever']}; hour of the loss {_words(w['lost'])}.",
        f"- Regional centres with a crowd on 4 January: more than half of {w['centres_of']} in **{w['centres_most']} "
        f"of {n}** runs; {_range(w['centres'])}.",
        "- Fewer than 500 people on the street for good, from a moment between 8 and 15 January on: in "
        f"**{w['calm_in_time']} of {n}** runs; {_words(w['calm'])}.",
    ]
    for id, day in zip(NATIONAL, ("4", "5"), strict=True):
        t = w[id]
        lines.append(
            f"- Official total of {day} January, {t['figure']:,}: **{'inside' if t['inside'] else 'outside'}** the "
            f"80 percent band of the most people out at one time, {t['band'][0]:,.0f} to {t['band'][1]:,.0f} (median "
            f"{t['middle']:,.0f})."
        )
    return lines


def _range(x: Sequence[float]) -> str:
    return f"median {x[1]:,.0f} ({x[0]:,.0f} to {x[2]:,.0f})"


def _words(x: Sequence[str]) -> str:
    return f"median {x[1]} ({x[0]} to {x[2]})"


def totals(rows: Rows) -> list[str]:
    """Totals, endings, phases."""
    n = len(rows)
    ties = [100 * r["ties"] / max(r["joins"], 1) for r in rows]
    endings = ", ".join(f"{k} in {v}" for k, v in Counter(r["ending"] for r in rows).most_common())
    return [
        f"- Most people on the street at one time: {_range(at([r['peak'] for r in rows]))}.",
        f"- Times somebody comes out over the whole run: {_range(at([r['joins'] for r in rows]))}; "
        f"{_range(at(ties))} percent of them through a tie.",
        f"- Endings: {endings}.",
        "",
        "| phase | runs in which it is seen |",
        "|---|--:|",
        *(f"| {p} | {sum(p in r['phases'] for r in rows)} of {n} |" for p in PHASES),
        "",
        "What each phase is read off, and what it cannot be without: [phases](../phases.md).",
    ]


def harm(rows: Rows) -> list[str]:
    """Harm by side."""
    dead = {k: at([r["harm"]["dead"][k] for r in rows]) for k in rows[0]["harm"]["dead"]}
    hurt = at([r["harm"]["injured"]["total"] for r in rows])
    held = at([r["harm"]["detained"]["total"] for r in rows])
    return [
        f"Dead, all sides: {_range(dead['total'])}: inhabitants who were peaceful "
        f"{_range(dead['inhabitants_peaceful'])}, "
        f"who fought {_range(dead['inhabitants_fighting'])}, of the forces {_range(dead['security'])}. Injured "
        f"{_range(hurt)}, detained {_range(held)}. People who flee are not modelled."
    ]


def table(head: str, told: Sequence[Statement]) -> list[str]:
    """Every statement of a part beside its source."""
    if not told:
        return []
    met = sum(s.half for s in told)
    out = [head, "", f"{met} of {len(told)} in half of the runs or more.", "",
           "| statement | where | source | window (local) | runs that meet it | runs have, 10 percent | median | 90 "
           "percent |",
           "|---|---|---|---|--:|---|---|---|"]  # fmt: skip
    for s in told:
        out.append(
            f"| {_cell(s.text)} | {s.where} | {s.source} | {s.window} | {s.share:.0%} | {s.low} | {s.middle} | "
            f"{s.high} |"
        )
    return [*out, ""]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def none(case: Case, told: Sequence[Statement]) -> list[str]:
    """Statements that no run meets, each with its reason."""
    missed = [s for s in told if s.share == 0]
    if not missed:
        return ["Every statement is met by some run.", ""]
    why = reasons(case)
    rows = [f"| {_cell(s.text)} ({s.source}) | {s.use} | {s.middle} | {why.get(s.id, 'not known')} |" for s in missed]
    head = ["| statement | use | a run in the middle has | why |", "|---|---|---|---|"]
    return ["### Met in no run, and why", "", *head, *rows, ""]


def reasons(case: Case) -> dict[str, str]:
    """Statement -> why no run meets it, as written by hand."""
    file = HAND / f"{case.id}-reasons.toml"
    return dict(tomllib.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def scores(s: Any) -> list[str]:
    """Proper scores beside two fitted baselines, on what all three can produce, fit and check apart."""
    if s is None or not s["compared"]:
        return []
    names = list(s["baselines"])
    told = ", ".join(f"{name} ({TITLES[name]})" for name in names)
    lines = [
        "## Scores beside simpler models", "",
        f"Two models without forces or offices, {told}, were fitted to {len(s['fitted_to'])} of the same "
        "observations. Lower is better: CRPS for numbers and hours in units of error, Brier for what is so or not "
        "([how](../score.md)). Means over what all three can produce.", "",
        f"| | rule | observations | Groundswell | {' | '.join(names)} | Groundswell is best in |",
        f"|---|---|--:|--:|{'--:|' * len(names)}--:|",
    ]  # fmt: skip
    worse, others = [], 0
    for use, found in s["compared"].items():
        for rule in ("CRPS", "Brier"):
            if rule in found:
                row = found[rule]
                means = row["means"]
                ours, rest = means["groundswell"], [means[name] for name in names]
                cells = " | ".join(f"{v:.2f}" for v in rest)
                word = {"fit": "fitted", "check": "kept back"}.get(use, use)
                lines.append(
                    f"| {word} | {rule} | {len(row['observations'])} | {ours:.2f} | {cells} | "
                    f"{row['best']} of {len(row['observations'])} |"
                )
                if ours >= min(rest):
                    worse.append(f"{rule} on what is {word} ({ours:.2f} against {min(rest):.2f})")
        others += len(found["others"])
    verdict = (
        f"**Not better than the better of the two** in: {'; '.join(worse)}." if worse else
        "In every row the mean is below both."
    )  # fmt: skip
    lines += ["", verdict, "", *_observations(s, names)]
    rest = f"Of {others} other observations (offices, forces, strikes, sites, arms, looting, harm) the two say nothing"
    return [*lines, f"{rest}; no reference stands beside Groundswell there.", ""]


def _observations(s: Any, names: Sequence[str]) -> list[str]:
    """The observations in which a baseline is better, by name."""
    rows = []
    for use, found in s["compared"].items():
        for id in [id for rule in ("CRPS", "Brier") for id in found.get(rule, {}).get("observations", [])]:
            ours = s["observations"][id]["score"]
            rest = [s["baselines"][name][id] for name in names]
            if ours >= min(rest):
                rows.append(f"`{id}` ({use}, {ours:.2f} against {min(rest):.2f})")
    return [f"A baseline scores as well or better in {len(rows)}: {', '.join(rows)}.", ""] if rows else []


def by_hand(case: Case, numbers: Mapping[str, Any]) -> list[str]:
    """What the base cannot do, by mechanism: written by hand, with numbers filled in."""
    file = HAND / f"{case.id}.md"
    if not file.exists():
        return []
    text = "\n".join(x for x in file.read_text(encoding="utf-8").splitlines() if not x.startswith("<!--"))
    return [text.strip().format_map(_Known(numbers)), ""]


class _Known(dict[str, Any]):
    """Numbers by name; an unknown one stays to be seen."""

    def __missing__(self, key: str) -> str:
        print(f"no number is called {key!r}")
        return f"{{{key}}}"


def flat(found: Mapping[str, Any], rows: Rows, told: Sequence[Statement]) -> dict[str, str]:
    """Numbers by name, for what is written by hand: counts, what was wanted, and the share that meets a statement."""
    out = {"runs": str(len(rows))}
    for group, row in found["counts"].items():
        out |= {f"{group}_{k}": f"{v:g}" for k, v in row.items()}
    for key, value in (found["wanted"] or {}).items():
        if isinstance(value, (int, float, str)):
            out[f"wanted_{key}"] = f"{value}"
        elif isinstance(value, list):
            printed = [v if isinstance(v, str) else f"{v:,.0f}" for v in value]
            out |= {f"wanted_{key}_{p}": v for p, v in zip((10, 50, 90), printed, strict=True)}
    for s in told:
        key = s.id.replace("-", "_")
        out |= {f"share_{key}": f"{s.share:.0%}", f"has_{key}": s.middle}
    for key in ("peak", "joins", "peak_town", "shops"):
        low, middle, high = np.quantile([r[key] for r in rows], [0.1, 0.5, 0.9])
        out |= {f"{key}_10": f"{low:,.0f}", f"{key}_50": f"{middle:,.0f}", f"{key}_90": f"{high:,.0f}"}
    return out
