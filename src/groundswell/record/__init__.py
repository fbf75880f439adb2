"""The record: what sources say happened, kept with its contradictions, in the shape in which a run is read too."""

from __future__ import annotations

from groundswell.record.record import SCORED_SETS, Claim, Observation, Record, Source, load_record

__all__ = ["SCORED_SETS", "Claim", "Observation", "Record", "Source", "load_record"]
