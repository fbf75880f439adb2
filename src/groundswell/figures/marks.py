"""Measures as marks on a time axis: which to show and where their labels stand -> lanes without overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundswell.case.kinds import measure_kinds

from .theme import INK, RULE, text_width, values

LABEL_PX = 10.5
LANE_PX = 14

TOLD_BY_LABEL = ("other", "appeal")
"""Kinds of which a label says more than the kind: what is raised or granted, to whom a word goes."""


@dataclass(frozen=True)
class Mark:
    """One labelled moment; `lane` counts label rows from the bottom, `left_px` is where the label starts."""

    label: str
    hour: float
    lane: int = 0
    left_px: float = 0.0


def short(text: str, letters: int = 30) -> str:
    """Cuts a label at a word so that it has at most so many letters."""
    text = " ".join(str(text).split())
    if len(text) <= letters:
        return text
    cut = text[: letters - 1].rsplit(" ", 1)[0] or text[: letters - 1]
    return f"{cut.rstrip(' ,;:')}…"


def kind_words(kind: str) -> str:
    """Plain words for a kind of measure; what is no kind is told as it is."""
    known = measure_kinds().get(kind)
    return known.words if known else kind


def named(measure: Mapping[str, Any]) -> str:
    """What a measure goes by where they are told by kind: its kind, or its label where that says more."""
    kind = str(measure["kind"])
    return str(measure.get("label") or kind) if kind in TOLD_BY_LABEL else kind


def chosen(measures: Sequence[Mapping[str, Any]], hours: tuple[float, float], most: int = 18) -> list[Mark]:
    """Recorded measures that are used and begin in the shown hours, each label once, at its first time.

    Rows whose version is `assumed` are rules of the case, not records, and get no mark. With more than `most`
    labels the measures are named by kind, but for `TOLD_BY_LABEL`, and those of kind `other` that have no label are
    left to the table; with more than `most` kinds, the `main` ones alone are marked, and what a label tells.
    """
    rows = sorted(
        (m for m in measures if m.get("used", True) and str(m.get("version")) != "assumed"),
        key=lambda m: float(m["start_hour"]),
    )
    rows = [m for m in rows if hours[0] <= float(m["start_hour"]) <= hours[1]]
    labels = [short(m.get("label") or kind_words(str(m["kind"]))) for m in rows]
    if len(set(labels)) > most:
        rows = [m for m in rows if named(m) != "other"]
        if len({m["kind"] for m in rows}) > most:
            rows = [m for m in rows if named(m) != m["kind"] or ((k := measure_kinds().get(named(m))) and k.main)]
        labels = [short(kind_words(named(m))) for m in rows]
    first: dict[str, float] = {}
    count: dict[str, int] = {}
    for row, label in zip(rows, labels, strict=True):
        first.setdefault(label, float(row["start_hour"]))
        count[label] = count.get(label, 0) + 1
    return [
        Mark(f"{label} (first of {count[label]})" if count[label] > 1 else label, hour) for label, hour in first.items()
    ]


def lanes(marks: Sequence[Mark], hours: tuple[float, float], width_px: float) -> list[Mark]:
    """Gives every label a lane above all later marks it reaches over, so no label meets a label or a rule."""
    placed: list[Mark] = []
    per_hour = width_px / max(hours[1] - hours[0], 1.0)
    for mark in sorted(marks, key=lambda m: m.hour, reverse=True):
        x = (mark.hour - hours[0]) * per_hour
        wide = text_width(mark.label, LABEL_PX) + 8
        left = max(min(x, width_px - wide), 0.0)
        under = [
            p.lane
            for p in placed
            if left - 4 <= (p.hour - hours[0]) * per_hour <= left + wide
            or (p.left_px < left + wide and left < p.left_px + text_width(p.label, LABEL_PX) + 8)
        ]
        placed.append(Mark(mark.label, mark.hour, 1 + max(under, default=-1), left))
    return placed[::-1]


def label_panel(alt: Any, placed: Sequence[Mark], start_ms: int, x: Any, width: int) -> Any:
    """Panel of labels to stand directly above a chart with the same time axis."""
    height = LANE_PX * (1 + max(m.lane for m in placed)) + 4
    rows = [
        {"t": start_ms + round(m.hour * 3_600_000), "low": 0, "top": 4 + LANE_PX * (m.lane + 0.85),
         "mid": 10 + LANE_PX * m.lane, "label": m.label, "px": m.left_px + 3}
        for m in placed
    ]  # fmt: skip
    up = alt.Scale(domain=[0, height], nice=False)
    base, y = alt.Chart(values(rows)), {field: alt.Y(f"{field}:Q").scale(up).axis(None) for field in ("low", "mid")}
    stems = base.mark_rule(color=RULE, strokeWidth=1).encode(x=x, y=y["low"], y2="top:Q")
    texts = base.mark_text(align="left", baseline="middle", fontSize=LABEL_PX, color=INK)
    px = alt.X("px:Q").scale(domain=[0, width], nice=False).axis(None)
    both = alt.layer(stems, texts.encode(x=px, y=y["mid"], text="label:N"))
    return both.resolve_scale(x="independent").properties(width=width, height=height)


def rules(alt: Any, placed: Sequence[Mark], start_ms: int, x: Any) -> Any:
    """Thin vertical lines at the marks, to lie under a curve."""
    rows = [{"t": start_ms + round(m.hour * 3_600_000), "label": m.label} for m in placed]
    return alt.Chart(values(rows)).mark_rule(color=RULE, strokeWidth=1, opacity=0.6).encode(x=x, tooltip="label:N")
