"""The record: what sources say happened, kept with its contradictions, in the shape in which a run is read too."""

from __future__ import annotations

from groundswell.record.features import features
from groundswell.record.frame import Reported
from groundswell.record.measure import Measured, measure
from groundswell.record.observed import observed
from groundswell.record.record import SCORED_SETS, Claim, Observation, Record, Source, load_record
from groundswell.record.reporting import Reporting, report

__all__ = [
    "SCORED_SETS", "Claim", "Measured", "Observation", "Record", "Reported", "Reporting", "Source", "features",
    "load_record", "measure", "observed", "report",
]  # fmt: skip
