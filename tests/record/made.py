"""Small records made by hand for tests: a few observations, claims and sources, and what a run measured."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from groundswell.record import Claim, Observation, Record, Source

KINDS = {
    "hour": "onset",
    "count": "arms",
    "class": "crowd",
    "share": "strike_share",
    "yes": "looting",
    "rank": "first_rank",
}


def observation(id, form="yes", kind=None, residents=1_000_000, **more):
    kind = kind or KINDS.get(form, form)
    base = {
        "title": id,
        "unit": "",
        "scope": ("*",),
        "start_local": "",
        "end_local": "",
        "start_h": 0.0,
        "end_h": 100.0,
        "of": (),
        "definition": "-",
        "set": "weigh",
        "mode": "both",
    }
    return Observation(id=id, kind=kind, form=form, residents=residents, **{**base, **more})


def claim(observation, source, value=(1.0, 1.0), origin="", id=None, stance="states"):
    value = None if value is None else tuple(float(v) for v in value)
    return Claim(id or f"{observation}-{source}", observation, source, "1", stance, "-", origin, value)


def record(observations, claims, weights=None):
    names = sorted({c.source for c in claims} | set(weights or {}))
    sources = tuple(Source(name, name, "text", (weights or {}).get(name, 1.0)) for name in names)
    return Record(tuple(observations), tuple(claims), sources, 120.0)


def measured(values, dark=None):
    values = np.array(values, float)
    return SimpleNamespace(values=values, dark=np.zeros(len(values)) if dark is None else np.array(dark, float))
