"""Summaries of a record for the classifier, and how far a run lies from a record in units of the reporting error.

    feature   hour: min(midpoint, horizon), and 1 where it is stated that it never happened, else 0
              count: log10(1 + midpoint); class, share, yes, order, rank: the midpoint
    I_o     = distance of the run's value from [low, high] / error of reporting it          (Craig et al. 1997)

What is not stated is nan, never zero. The set of summaries and their order follow from the record alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from groundswell.record.frame import CROWD_KINDS, Reported
from groundswell.record.reporting import Reporting, counted_share

if TYPE_CHECKING:
    from groundswell.record.measure import Measured
    from groundswell.record.record import Record

NEVER = ":never"
YES_SD = 0.25  # a run without what is stated, or with what is denied, lies 4 errors away (assumed)
RANK_SD = 1.0  # places (assumed)


def feature_names(record: Record) -> tuple[str, ...]:
    """Names of the F summaries: each observation's id, and after that of an hour "ID:never"."""
    return tuple(name for o in record.observations for name in ((o.id, o.id + NEVER) if o.form == "hour" else (o.id,)))


def features(reported: Reported, record: Record) -> tuple[np.ndarray, tuple[str, ...]]:
    """(F,) summaries of a reported record and their names, see the module; nan where nothing is stated."""
    form = record.frame.form
    never = np.isposinf(reported.low)
    with np.errstate(invalid="ignore"):
        middle = (reported.low + reported.high) / 2
    middle = np.where(form == "hour", np.minimum(np.where(never, np.inf, middle), record.horizon_h), middle)
    middle = np.where(form == "count", np.log10(1 + np.where(form == "count", middle, 0)), middle)
    pair = np.where(reported.stated, np.stack([middle, never.astype(float)]), np.nan)
    keep = np.stack([np.ones(len(form), bool), form == "hour"])
    return pair.T[keep.T], feature_names(record)


def scaled(values: np.ndarray, form: np.ndarray, horizon_h: float) -> np.ndarray:
    """(..., n) values in the scale in which they are compared: hours inside the case, log10(1 + count), else as is."""
    v = np.asarray(values, float)
    v = np.where(np.isin(form, ("hour", "order")), np.clip(v, -horizon_h, horizon_h), v)
    return np.where(form == "count", np.log10(1 + np.where(form == "count", np.maximum(v, 0), 0)), v)


def reporting_error(record: Record, dark: np.ndarray, p: Reporting) -> np.ndarray:
    """(..., O) standard deviation of the error in the observation's scale: hours, log10, classes, shares, ranks.

    Of people harmed it also holds how many of them are counted, as half of the logarithm of that share.
    """
    f = record.frame
    grown = 1.0 + p.dark_error * np.asarray(dark, float)
    number = np.where(np.isin(f.kind, CROWD_KINDS), p.crowd_sd, p.figure_sd) * grown
    number = np.hypot(number, np.log(counted_share(f.kind, p)) / 2) / np.log(10)
    hour = p.time_sd_h * grown
    by_form = {
        "hour": hour, "order": np.sqrt(2) * hour, "count": number, "class": np.hypot(number, 0.5),
        "share": np.maximum(p.share_sd, 1e-3) * grown, "yes": YES_SD, "rank": RANK_SD,
    }  # fmt: skip
    return np.select([f.form == name for name in by_form], [np.broadcast_to(v, grown.shape) for v in by_form.values()])


def implausibility(
    measured: Measured, reported: Reported, record: Record, reporting: Reporting | None = None
) -> np.ndarray:
    """(O,) how far outside its interval each observation of a run lies, in units of the error of reporting it.

    0 inside; nan where the record states nothing or the run's value cannot be said. What never happened counts as
    happening at the horizon. History matching rules a run out where this exceeds 3 (three-sigma rule, Pukelsheim 1994).
    """
    f, p = record.frame, reporting or Reporting()

    x, low, high = (scaled(v, f.form, record.horizon_h) for v in (measured.values, reported.low, reported.high))
    with np.errstate(invalid="ignore"):
        outside = np.maximum(np.maximum(low - x, x - high), 0.0) / reporting_error(record, measured.dark, p)
    return np.where(reported.stated, outside, np.nan)
