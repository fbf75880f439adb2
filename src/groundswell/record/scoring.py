"""The sources' dated statements beside a run: met, not met, or not scored.

A statement is met if what the run has lies between its bounds (an hour: inside its interval; a figure with an open
side: from it on, or up to it; a yes: as it says). What a run has is measured on its observation, see `measure`. Where
there is nothing to measure, as a share of what is looted where nothing is, the statement is not met.

Not scored: observations of the sets `open` and `context`, claims without a value, windows that the run did not play,
and, where measures follow the record, observations of the mode `joint`, since measures are then its input.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from groundswell.case.kinds import CLASSES
from groundswell.case.statements import statements
from groundswell.observe.reading import Reading
from groundswell.observe.registry import RECORDED, modelled
from groundswell.observe.window import Window
from groundswell.record.measure import hours_between_events, measured, windows
from groundswell.record.record import Claim, Observation, Record, load_record

MET, NOT_MET, NOT_SCORED = "met", "not met", "not scored"


def score_statements(reading: Reading, record: Record | None = None) -> list[dict[str, Any]]:
    """Each dated statement of the case's record beside the run, see the module.

    result: "met", "not met" or "not scored"; value: what the run has, in words; number: the same as a number, in the
    unit of the observation (hours since the start; of a yes or no what was counted). start_h and end_h: the statement's
    window.
    """
    record = load_record(reading.world.case) if record is None else record
    rows = {row.id: row for row in statements(reading.world.case)}
    seen = dict(zip((o.id for o in record.observations), windows(reading, record), strict=True))
    responsive = bool(reading.world.rung_live.any())
    return [_scored(reading, record, seen, claim, rows[claim.id], responsive) for claim in record.claims]


def _scored(
    r: Reading, record: Record, seen: dict[str, Window | None], claim: Claim, row: Any, responsive: bool
) -> dict[str, Any]:
    o = record.observation(claim.observation)
    start, end = (o.start_h, o.end_h) if o.form != "hour" or claim.value is None else claim.value
    item: dict[str, Any] = {
        "id": row.id, "text": row.text, "line": row.line, "stance": row.stance, "scope": ";".join(row.scope),
        "statement": row.statement, "set": row.set, "mode": row.mode, "kind": row.kind, "form": row.form,
        "observation": row.observation, "window": (row.start_local, row.end_local), "start_h": start, "end_h": end,
        "result": NOT_SCORED, "value": "", "number": None,
    }  # fmt: skip
    if not _counts(o, claim, responsive):
        return item
    if o.form == "order":
        one, other = (_value(seen, record.observation(id)) for id in o.of)
        value = hours_between_events(one, other)
    else:
        value = _value(seen, o)
    result = judged(o, claim, value, r.steps * r.clock.step_h, responsive)
    if result == NOT_SCORED:
        return item
    window = seen[o.id]
    if np.isnan(value):
        if not modelled(o.kind, r):
            return item | {"result": result, "value": "not modelled here"}
        none = {"hour": "not by then", "order": "neither of the two"}.get(o.form, "nothing to measure")
        return item | {"result": result, "value": none}
    number = RECORDED[o.kind].highest(window) if o.form == "yes" and window is not None else value
    return item | {
        "number": number if np.isfinite(number) else None, "value": _words(r, window, o, number), "result": result,
    }  # fmt: skip


def _counts(o: Observation, claim: Claim, responsive: bool) -> bool:
    """Whether a run of this kind is held against a claim at all."""
    return o.scored and claim.value is not None and (o.mode != "joint" or responsive)


def judged(o: Observation, claim: Claim, value: float, played_h: float, responsive: bool) -> str:
    """Whether a run with a value for an observation meets a claim: "met", "not met" or "not scored".

    Args:
        value: as `measure` gives it. played_h: hours that the run played. responsive: whether offices respond in it.
    """
    if claim.value is None or not _counts(o, claim, responsive):
        return NOT_SCORED
    if np.isnan(value):
        end = claim.value[1] if o.form == "hour" and np.isfinite(claim.value[1]) else o.end_h
        return NOT_MET if end <= played_h + 1e-9 else NOT_SCORED
    low, high = bounds(o, claim)
    after = low < value or low == high  # an hour is the end of a step, so that of the first minute is before
    return MET if low <= value <= high and (after or o.form != "hour") else NOT_MET


def _value(seen: dict[str, Window | None], o: Observation) -> float:
    window = seen[o.id]
    return np.nan if window is None else measured(window, o)


def bounds(o: Observation, claim: Claim) -> tuple[float, float]:
    """What a claim with a value allows; a side that it leaves open is without a limit."""
    assert claim.value is not None
    if o.form in ("hour", "yes"):
        return claim.value
    return -np.inf if claim.low is None else claim.low, np.inf if claim.high is None else claim.high


def _words(r: Reading, window: Window | None, o: Observation, value: float) -> str:
    """What the run has, in words: of a yes or no what was counted."""
    if o.form == "hour":
        return "never" if np.isinf(value) else r.local_hour(value, None if window is None else window.places)
    if o.form == "order":
        return "only one of the two" if np.isinf(value) else f"{value:+,.0f} hours"
    if o.form == "class":
        return CLASSES[int(value)]
    if window is None:
        return ""
    w, places = r.world, window.places
    totals = {
        "regions": len(np.unique(w.region[places])), "towns": len(np.unique(w.town[places])),
        "enterprises": int(places[w.place_of_enterprise].sum()), "sites": int(window.sites.sum()),
    }  # fmt: skip
    return RECORDED[o.kind].told.format(value, **totals)
