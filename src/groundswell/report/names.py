"""Scopes and windows as readers see them -> words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from groundswell.figures import frames

from .data import ReportData


def where(data: ReportData, scope: Any, most: int = 6) -> str:
    """A scope (`*`, or ids of places, regions and sites joined by `;`) in names, at most so many."""
    history = data.history
    known = {
        "*": "whole country",
        **dict(zip(history["place"].values.tolist(), frames.names(history, "place"), strict=True)),
        **data.region_names,
    }
    if "spot" in history.coords and "spot_name" in history.coords:
        spots = zip(history["spot"].values.tolist(), history["spot_name"].values.tolist(), strict=True)
        known |= {k: v for k, v in spots if k not in known}
    ids = [s.strip() for s in str(scope or "*").split(";") if s.strip()]
    named = [known.get(s, s) for s in ids]
    if len(named) <= most:
        return ", ".join(named)
    return f"{', '.join(named[: most - 1])} and {len(named) - most + 1} more"


def window_words(window: Any) -> str:
    """A window (words, or one or two local ISO times) with its times written for readers."""
    parts = window if isinstance(window, (list, tuple)) else [window]
    text = " to ".join(str(p) for p in parts if p)
    return re.sub(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?",
        lambda m: frames.when(int(np.datetime64(m[0], "ms").astype(np.int64))),
        text,
    )
