"""How well a run fits the record, in the words with which its report opens, and the record as rows beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.case.calibration import told

from .data import ReportData
from .names import where, window_words

USES = {"fit": "fit", "check": "check"}
SIGNS = {"met": "✓", "not met": "✗"}
FORMS = "The forms of the model were chosen with all statements in view, so what was kept back is no clean prediction."


def opening(data: ReportData) -> dict[str, str]:
    """The sentence with which the page opens, and the line on draw and calibration below it."""
    return {"sentence": sentence(data.summary.get("score")), "draw": _draw(data)}


def sentence(score: Mapping[str, Any] | None) -> str:
    """How many dated statements a run meets, and how many of those kept back; blank where it is not told."""
    if not score:
        return ""
    if not score["of"]:
        return "No dated statement of the record can be held against this run."
    verb = "is" if score["met"] == 1 else "are"
    start = f"{score['met']} of {score['of']} dated statements {verb} met by this run"
    check = score.get("by_use", {}).get("check")
    return f"{start}." if not check else f"{start}; of those that were kept back {check['met']} of {check['of']}."


def _draw(data: ReportData) -> str:
    """Which parameters the run has, and where the fit of a set of runs stands."""
    plan = data.summary.get("plan")
    if not plan:
        return ""
    drawn = plan.get("drawn") or {}
    words = [f"Parameters: {told(drawn)}."]
    if (drawn or {}).get("calibration", {}).get("check"):
        words.append(FORMS)
    words.append("This is one run with one seed.")
    if data.study:
        words.append(f"How many runs fit: {data.study}.")
    return " ".join(words)


def chronology(data: ReportData) -> dict[str, Any]:
    """The record beside the run: rows as printed, and how many of each use were met."""
    rows, tally = [], {}
    for row in data.chronology:
        result = str(row.get("result") or "not scored")
        rows.append(
            {
                **row,
                "role": USES.get(str(row.get("use")), "neither"),
                "result": result,
                "scope": where(data, row.get("scope")),
                "window": window_words(row.get("window")),
                "text": data.texts.get(str(row.get("text")), row.get("text")),
                "sign": SIGNS.get(result, "–"),
            }
        )
    for role in (*USES.values(), "neither"):
        scored = [r for r in rows if r["role"] == role and r["result"] in SIGNS]
        if scored:
            tally[role] = (sum(r["result"] == "met" for r in scored), len(scored))
    return {"rows": rows, "tally": tally, "unscored": sum(r["result"] not in SIGNS for r in rows)}
