"""How well runs fit a record: statements met, proper scores of a set of runs, and the distance that calibrations use.

    distance_o = min over claims c of o of max(low_c - x_o, x_o - high_c, 0) / sqrt(error_o^2 + discrepancy_o^2)

in the scale of `features`: hours inside the case, log10(1 + count), classes, shares, 0 or 1, ranks. error_o is that of
reporting, discrepancy_o the model's own (Craig et al. 1997; Kennedy & O'Hagan 2001), told beforehand in the case's
`calibration.csv` and 0 where it is not. A side that a claim leaves open is without a limit. Where claims contradict
each other the nearest counts: a run is implausible only if it lies far from every version.

One run is scored by statements (`score_run`), a set of runs also by observation (`score_set`), with the proper scores
of `proper`: CRPS in that scale and over sqrt(error_o^2 + discrepancy_o^2), so that hours and numbers compare; Brier for
what is so or not, and for a figure with an open side, which says that it is at least, or at most, so many. Each of
several claims is scored, and the mean over them counts. What never happened counts as happening at the end of the case.
Where a run has nothing to measure it counts as the end of the scale that lies farther from what is stated; of two
events of which neither happened the second counts as later by the length of the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.case.kinds import CLASSES, HARM_KINDS, recorded_measures
from groundswell.observe.reading import Reading
from groundswell.record.features import reporting_error, scaled
from groundswell.record.measure import Measured, measure
from groundswell.record.proper import brier, crps
from groundswell.record.record import Claim, Observation, Record, load_record
from groundswell.record.reporting import Reporting
from groundswell.record.scoring import MET, NOT_SCORED, bounds, judged


def claim_bounds(record: Record) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Observation (n,), low (n,) and high (n,), as stated, of the claims with a value about scored observations."""
    said = [c for c in record.claims if c.value is not None and record.observation(c.observation).scored]
    of = np.array([record.index[c.observation] for c in said], int)
    between = np.array([bounds(record.observation(c.observation), c) for c in said], float).reshape(len(said), 2)
    return of, between[:, 0], between[:, 1]


def distance(values: np.ndarray, dark: np.ndarray, record: Record, reporting: Reporting | None = None) -> np.ndarray:
    """(..., O) how far runs lie outside what is stated, in units of reporting error and discrepancy; see the module.

    Args:
        values: (..., O) what runs have, as `measure` gives it: inf where it never happened, nan where none can be said.
        dark: (..., O) share of each window in which the scope was cut off the network.
        record: the case's record.
        reporting: parameters of the reporting error, defaults if left out.

    Returns:
        0 inside what a claim allows; nan where nothing is stated of a scored observation or the value cannot be said.
    """
    f, (of, low, high) = record.frame, claim_bounds(record)
    own = np.array([o.discrepancy or 0.0 for o in record.observations])
    error = np.hypot(reporting_error(record, dark, reporting or Reporting()), own)[..., of]
    x = scaled(values, f.form, record.horizon_h)[..., of]
    low, high = (scaled(v, f.form[of], record.horizon_h) for v in (low, high))
    far = np.maximum(np.maximum(low - x, x - high), 0.0) / error
    out = np.full(np.shape(values), np.nan)
    for k in np.unique(of):
        out[..., k] = far[..., of == k].min(axis=-1)
    return out


# -- one run


GROUPS: Mapping[str, tuple[str, ...]] = {
    "streets": (
        "onset", "crowd", "spread", "regions", "centres", "centre_crowd", "turnout_share", "half_turnout", "calm",
        "first_rank", "political_share", "order",
    ),
    "strikes": ("strike", "strike_share", "strike_share_force", "strike_share_rest"),
    "clashes and sites": ("force_used", "clash", "last_clash", "site", "site_hours"),
    "forces": (
        "passivity", "police_passive", "guard_passive", "army_passive", "security_passive", "refusal", "stand_by",
        "live_fire",
    ),
    "arms and looting": (
        "arms", "captured_share", "captured_over_lost", "looting", "looting_here", "looting_share", "burnt",
    ),
    "dead, injured, detained": (
        *HARM_KINDS, "dead_share", "dead_over_turnout", "detained_foreign", "detained_elsewhere", "detained_record",
    ),
    "offices and allies": ("arrival", "patron_removed"),
}  # fmt: skip
"""Group of kinds -> the kinds that stand together in a table of scores."""
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
USES = {"fit": "fit", "check": "check", "": "neither"}
PARTS = ("use", "set", "kind", "place")
_NEVER, _SECOND = _WORDS = "never", "second alone"


def _group_of(kind: str) -> str:
    return "offices and allies" if kind in recorded_measures() else _GROUP_OF.get(kind, "other")


def parts_of(o: Observation) -> dict[str, str]:
    """Where an observation stands in each table of scores."""
    return {"use": USES[o.use], "set": o.set, "kind": _group_of(o.kind), "place": o.place}


def judge(values: np.ndarray, record: Record, played_h: float, responsive: bool) -> dict[str, str]:
    """Id of each claim -> "met", "not met" or "not scored", of a run with values (O,)."""
    out = {}
    for c in record.claims:
        k = record.index[c.observation]
        out[c.id] = judged(record.observations[k], c, float(values[k]), played_h, responsive)
    return out


def count(results: Mapping[str, str], record: Record) -> dict[str, Any]:
    """How many statements are met, of how many that are scored: `met`, `of`, and by use, set, kind and place.

    Args:
        results: id of each claim -> result, as `judge` gives it.
    """
    about = {c.id: parts_of(record.observation(c.observation)) for c in record.claims}
    scored = [(about[id], result == MET) for id, result in results.items() if result != NOT_SCORED]
    out: dict[str, Any] = {"met": sum(met for _, met in scored), "of": len(scored)}
    for part in PARTS:
        table: dict[str, dict[str, int]] = {}
        for where, met in scored:
            row = table.setdefault(where[part], {"met": 0, "of": 0})
            row["met"], row["of"] = row["met"] + met, row["of"] + 1
        out[f"by_{part}"] = table
    return out


def score_run(measured: Measured, record: Record, played_h: float, responsive: bool) -> dict[str, Any]:
    """The score of one run as `run.json` keeps it: `count`, the result of each statement, and what was measured."""
    results = judge(measured.values, record, played_h, responsive)
    return {
        **count(results, record), "responsive": responsive, "statements": results,
        "measured": {o.id: plain(v) for o, v in zip(record.observations, measured.values.tolist(), strict=True)},
    }  # fmt: skip


def score_reading(reading: Reading, record: Record | None = None) -> dict[str, Any]:
    """The score of a run out of its recorded hours, by its case's own record if none is given; see `score_run`."""
    r = reading
    record = load_record(r.world.case) if record is None else record
    return score_run(measure(r, record), record, r.steps * r.clock.step_h, bool(r.world.rung_live.any()))


def plain(value: float) -> float | str | None:
    """A measured value as JSON has it: null where none can be said, "never" and "second alone" where infinite."""
    return None if np.isnan(value) else value if np.isfinite(value) else _NEVER if value > 0 else _SECOND


def unplain(value: Any) -> float:
    """What `plain` made plain."""
    return {None: np.nan, _NEVER: np.inf, _SECOND: -np.inf}[value] if value is None or value in _WORDS else float(value)


# -- a set of runs


@dataclass(frozen=True)
class Runs:
    """n runs of one case: values (n, O), hours played (n,), and whether offices respond (n,)."""

    values: np.ndarray
    played_h: np.ndarray
    responsive: np.ndarray

    def __len__(self) -> int:
        return len(self.values)

    def scored(self, record: Record) -> np.ndarray:
        """(n, O) whether a run played the whole window of an observation that counts in its mode."""
        ends = np.array([o.end_h for o in record.observations])
        joint = np.array([o.mode == "joint" for o in record.observations])
        any_claim = np.array([o.scored for o in record.observations])
        played = ends[None, :] <= self.played_h[:, None] + 1e-9
        return np.asarray(any_claim & played & (self.responsive[:, None] | ~joint))


def score_set(runs: Runs, record: Record) -> dict[str, Any]:
    """The score of a set of runs: statements by how many runs meet them, and a proper score of each observation.

    Returns:
        runs; of: statements that some run is held against; met_mean, met_least, met_most: how many of them a run meets;
        half: how many are met in half of the runs or more; none: in no run; by_use and so on: the same for a part;
        statements: id -> share of runs that meet it; observations: id -> `proper_score`.
    """
    each = [judge(x, record, h, own) for x, h, own in zip(runs.values, runs.played_h, runs.responsive, strict=True)]
    shares: dict[str, float] = {}
    for c in record.claims:
        results = [one[c.id] for one in each if one[c.id] != NOT_SCORED]
        if results:
            shares[c.id] = sum(result == MET for result in results) / len(results)
    met = [sum(result == MET for result in one.values()) for one in each]
    about = {c.id: parts_of(record.observation(c.observation)) for c in record.claims}
    out: dict[str, Any] = {
        "runs": len(runs), **_shared(list(shares.values())), "met_least": min(met), "met_most": max(met)
    }  # fmt: skip
    for part in PARTS:
        table: dict[str, list[float]] = {}
        for id, share in shares.items():
            table.setdefault(about[id][part], []).append(share)
        out[f"by_{part}"] = {name: _shared(rows) for name, rows in table.items()}
    return {**out, "statements": shares, "observations": proper_scores(runs, record)}


def _shared(shares: list[float]) -> dict[str, Any]:
    half, none = sum(s >= 0.5 for s in shares), sum(s == 0 for s in shares)
    return {"of": len(shares), "met_mean": float(np.sum(shares)), "half": half, "none": none}


def proper_scores(runs: Runs, record: Record) -> dict[str, dict[str, Any]]:
    """Observation -> rule ("CRPS" or "Brier"), score, runs: of those with a claim and a run to hold against it."""
    scored, error = runs.scored(record), error_of(record)
    out = {}
    for k, o in enumerate(record.observations):
        x = runs.values[scored[:, k], k]
        claims = [c for c in record.claims_of(o.id) if c.value not in (None, (0.0, 1.0) if o.form == "yes" else None)]
        if not len(x) or not claims:
            continue
        if o.form == "yes" or any(np.isinf(bounds(o, c)).any() and o.form != "hour" for c in claims):
            found = [_so(x, o, c) for c in claims]
            out[o.id] = {"rule": "Brier", "score": float(np.mean(found)), "runs": len(x)}
        else:
            found = [_number(x, o, c, record) / error[k] for c in claims]
            out[o.id] = {"rule": "CRPS", "score": float(np.mean(found)), "runs": len(x)}
    return out


def error_of(record: Record) -> np.ndarray:
    """(O,) error of reporting and discrepancy together, where the network is not cut, in the scale of `features`."""
    own = np.array([o.discrepancy or 0.0 for o in record.observations])
    return np.hypot(reporting_error(record, np.zeros(len(record)), Reporting()), own)


def _so(x: np.ndarray, o: Observation, claim: Claim) -> float:
    """Brier score of a yes or no, or of a figure with an open side: whether it is as the claim says."""
    low, high = bounds(o, claim)
    if o.form == "yes":
        return brier(np.where(np.isnan(x), 1 - low, x), low)
    with np.errstate(invalid="ignore"):
        return brier((low <= x) & (x <= high), 1.0)


def _number(x: np.ndarray, o: Observation, claim: Claim, record: Record) -> float:
    """CRPS of a number or an hour, in the scale of `features`."""
    low, high = (float(scaled(np.array(v), np.array(o.form), record.horizon_h)) for v in bounds(o, claim))
    y = scaled(np.where(np.isnan(x), _far(o, bounds(o, claim), record), x), np.array(o.form), record.horizon_h)
    return crps(y, low, high, o.form in ("class", "rank"))


def _far(o: Observation, stated: tuple[float, float], record: Record) -> float:
    """What a run with nothing to measure counts as: the end of the scale that lies farther from what is stated."""
    top = {
        "hour": record.horizon_h, "order": record.horizon_h, "count": 0.0, "class": len(CLASSES) - 1.0, "share": 1.0,
        "yes": 1.0, "rank": float(record.regions),
    }[o.form]  # fmt: skip
    low, high = np.clip(stated, 0, top)
    return 0.0 if o.form in ("class", "share", "yes") and low + high > top else top


def filled(values: np.ndarray, record: Record) -> np.ndarray:
    """(n, O) values of runs that played every window, with nothing to measure counted as far from what is stated."""
    out = np.array(values, float)
    for k, o in enumerate(record.observations):
        told = [c for c in record.claims_of(o.id) if c.value is not None]
        if o.scored and told:
            out[np.isnan(out[:, k]), k] = _far(o, bounds(o, told[0]), record)
    return out
