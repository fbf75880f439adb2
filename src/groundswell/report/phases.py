"""The phases of a run as they are printed: what is looked at, whether it came, when, where, how large, pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from groundswell import figures
from groundswell.figures import frames
from groundswell.observe.endings import RULES
from groundswell.observe.phases import LOOKED_AT

from .data import ReportData
from .names import where

VALUES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "small protests contained": lambda v: f"{v['places']:,} places",
    "price offer": lambda v: (
        f"turnout there {v['turnout']}: {v['before']:,.0f} people in the mean before, {v['after']:,.0f} after"
    ),
    "march on the main square": lambda v: f"{v['people_at_most']:,} people at most",
    "police beaten and disarmed": lambda v: (
        f"{v['injured']:,} injured, {v['disarmed']:,} disarmed, {v['dead']:,} dead in the whole run"
    ),
    "forces passive": lambda v: (
        f"{v['people_at_most']:,} people at most: {v['exhaustion']:,} by exhaustion, {v['disloyalty']:,} by "
        f"disloyalty, {v['order']:,} by order"
    ),
    "city lost": lambda v: (
        f"{v['share_at_most']:.0%} of {v['sites']:,} sites at most, {v['hours']:,.0f} hours; {v['towns']:,} such towns"
    ),
    "second wave": lambda v: f"{len(v['regions'])} other regions",
    "looting": lambda v: (
        f"{v['shops']:,} shops, {v['share_of_largest_town']:.0%} of them in the largest town; "
        f"{v['buildings_burned']:,} public buildings set on fire"
    ),
    "organs stand by on order": lambda v: (
        f"{v['people_at_most']:,} people at most: "
        + ", ".join(f"{k} {n:,}" for k, n in v.items() if k != "people_at_most" and n)
    ),
    "allied troops arrive": lambda v: f"{v['people_at_most']:,} people at most",
    "live fire": lambda v: f"{v['dead']:,} dead, {v['dead_peaceful']:,} of them peaceful",
}


STUDY = "More: docs/results/passivity.md."


def told(study: Mapping[str, Any]) -> str:
    """What a record tells of the cause of passivity, as the study of simulated runs found."""
    blind = max(1 / len(study["causes"]), study["commonest"])

    def share(held: Mapping[str, float]) -> str:
        words = f"{held['right']:.0%} of the runs ({held['low']:.0%} to {held['high']:.0%})"
        return words if held["low"] > blind else f"{words}, which is not above chance"

    found = (
        f"In {study['runs']} simulated runs the largest cause, read from a record in coarse classes with errors and "
        f"gaps, was right in {share(study['classes'])}; read from yes and no, as texts say it, in "
        f"{share(study['said'])}. Always saying the commonest is right in {study['commonest']:.0%}. "
    )
    if max(study["classes"]["low"], study["said"]["low"]) <= blind:
        return found + "So the record cannot tell the causes apart."
    return found + (
        "So the causes leave traces if the model's rules are right. Which cause was at work in a real event this does "
        "not tell."
    )


def anchor(phase: str) -> str:
    """Anchor of a phase in the page."""
    return "phase-" + "-".join(phase.split())


def looked_at(phase: str, passivity: Mapping[str, Any] | None) -> str:
    """What a phase looks at; with what a study of the case found of passivity, where there is one."""
    words = LOOKED_AT.get(phase, "")
    return f"{words} {told(passivity)} {STUDY}" if phase == "forces passive" and passivity else words


WHOLE_RUN = ("allied troops arrive",)  # pictures that are not cut where the streets are calm
AFTER_H = 96  # hours drawn after the last 500 people on the street
LEAST_H = 120  # hours drawn at least


def drawn_hours(data: ReportData) -> int:
    """Hours that the pictures show: up to four days after the last 500 people were out, to a midnight."""
    whole = frames.total(data.history, "on_street")
    out = np.flatnonzero(whole >= RULES.calm_people)
    last = int(out[-1]) + 1 + AFTER_H if len(out) else LEAST_H
    t_ms = frames.local_ms(data.history, data.main_utc_offset_h)
    to_midnight = [i for i, t in enumerate(t_ms) if t % 86_400_000 == 0 and i + 1 >= max(last, LEAST_H)]
    return to_midnight[0] + 1 if to_midnight else len(whole)


def pictures_end(data: ReportData) -> str:
    """The day on which the pictures end; blank where they show the whole run."""
    hours = drawn_hours(data)
    t_ms = frames.local_ms(data.history, data.main_utc_offset_h)
    return "" if hours == len(t_ms) else frames.when(int(t_ms[hours - 1])).rsplit(" ", 1)[0]


def cards(data: ReportData) -> list[dict[str, Any]]:
    """One card for each phase of the run's summary, in the order of the phases."""
    t_ms = frames.local_ms(data.history, data.main_utc_offset_h)
    start, until = frames.span_of(t_ms)[0], drawn_hours(data)
    out = []
    for row in data.summary.get("phases") or ():
        phase, seen = str(row["phase"]), bool(row["observed"])
        value = VALUES[phase](row["value"]) if seen and phase in VALUES else ""
        out.append(
            {
                "phase": phase,
                "id": anchor(phase),
                "observed": seen,
                "looked_at": looked_at(phase, data.passivity),
                "when": frames.when(start + round(float(row["when"]) * 3_600_000), weekday=True) if seen else "",
                "where": where(data, ";".join(row["where"]), most=4) if seen and row["where"] else "",
                "value": value,
                "pictures": [
                    figures.inline_svg(
                        _picture(data, t_ms if phase in WHOLE_RUN else t_ms[:until], course), f"{anchor(phase)}-{k}"
                    )
                    for k, course in enumerate(data.courses.get(phase, ()))
                ],
            }
        )
    return out


def _picture(data: ReportData, t_ms: Any, course: Any) -> Any:
    lines = {name: line[: len(t_ms)] for name, line in course.lines.items()}
    return figures.panel(
        t_ms, lines, title=course.title, unit=course.unit, offset_h=data.main_utc_offset_h,
        stacked=course.stacked, moments=course.marks, level=course.level, log=course.log,
    )  # fmt: skip
