"""What a report is made from: one frozen record of a run, free of the simulator that made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


@dataclass(frozen=True)
class ReportData:
    """A run as the report needs it.

    measures: dicts of kind, label, start_hour, end_hour (None: open), scope, statement, source, used,
    version, by ("rule" where the government's own rule took it).
    chronology: dicts of id, text, line, window, scope, statement, set (base | weigh | check | context),
    use (fit | check | ""), result (met | not met | not scored), run_value; window is words or two local ISO times.
    parameters: dicts of name, value, unit, prior, state, source.
    summary: may hold peak_on_street, peak_time, onset, places, strikes, enterprises, harm by the definitions of
    `observe.harm`, held, platform, wall_s, peak_rss_mib, ending, harm, phases; what it lacks is taken from the history.
    Without `dead` in either, the report says that it is not modelled in this version.
    courses: phase -> its pictures (`observe.courses.Course`). forces: rows of `observe.organs.by_organ`.
    shown: rows of `observe.registry.seen`.
    outlines: region id -> rings of (n, 2) longitude and latitude in degrees.
    region_names and texts: id -> name as printed; ids stand where a name is missing.
    study: address of a page on how many runs of the case fit; blank: none.
    passivity: what a study of the case found of the causes of passivity, None where there is none.
    account: title of the account that the run carries, None for the common base; says: what the account says, who holds
    and denies it, and what is switched on, in sentences.
    """

    title: str
    case_id: str
    account: str | None
    seed: int
    version: str
    digest: str
    population: int
    main_utc_offset_h: float
    history: xr.Dataset
    outlines: Mapping[str, Sequence[np.ndarray]]
    measures: Sequence[Mapping[str, Any]]
    chronology: Sequence[Mapping[str, Any]]
    parameters: Sequence[Mapping[str, Any]]
    summary: Mapping[str, Any]
    region_names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    courses: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    forces: Sequence[Mapping[str, Any]] = ()
    shown: Sequence[Mapping[str, Any]] = ()
    study: str = ""
    says: str = ""
    passivity: Mapping[str, Any] | None = None
