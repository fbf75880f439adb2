"""A small verdict as `verdict.json` holds it: weighed from made Gaussian accounts, the rest by hand."""

import copy
import json
from typing import Any

import numpy as np

from groundswell.weigh.comparing import _plain
from groundswell.weigh.weigh import Asked, weigh
from weigh.test_weigh import made

BAD = "<script>alert('x')</script>"


def _sign(account: str, observation: str, predicted: str, found: str | None, why: str) -> dict[str, Any]:
    numbers = (-0.41, -0.52, -0.3) if found else (None, None, None)
    return {
        "account": account, "observation": observation, "words": f"what {account} says", "source": "001", "line": "7",
        "predicted": predicted, "found": found, "small": False, "scale": "h" if observation == "o2" else "log10",
        "least": 0.1, "vectors": 77, "agrees": found == predicted if found else None, "why": why,
        **dict(zip(("difference", "low", "high"), numbers, strict=True)),
    }  # fmt: skip


def made_verdict() -> dict[str, Any]:
    """Two modes of four accounts in three families; titles carry markup that must stay text."""
    means = np.array([[-1.5, 0.0, 0.0], [1.5, 0.0, 0.0], [1.5, 0.0, 0.0], [0.0, 2.0, 0.0]])
    sample = made(means, vectors=30, family=(0, 1, 1, 2), silent=0.05)
    record = np.array([[1.6, 0.1, 1.4], [1.4, 0.1, 1.4]])
    other = np.array([[-1.0, 0.3, 1.0]])
    found = weigh(sample, Asked(record, {"001": other, "002": record[:1]}, {"001": record, "002": other}), repeats=3)
    told = ("runs", "accounts", "families", "mechanisms", "not_separable", "outside_prior", "none_fits", "null")
    mode = {
        "mode": "conditional", "runs": found["runs"], "failed": 3, "ruled_out_by_base": {"b": 17},
        **{k: found[k] for k in told},
        "sets": {"base": ["agreed"], "weigh": ["o0", "o1", "o2"], "check": ["kept"], "open": ["unsettled"]},
        "recovery": {t: {g: c["share"] for g, c in r["given"].items()} for t, r in found["recovery"].items()},
        "ess": 123.0,
        "checks": {
            "predictive": {
                "agreed": {"met": 0.91, "set": "base", "title": "Agreed by all"},
                "o0": {"met": 0.02, "set": "weigh", "title": "Hardly met"},
                "kept": {"met": 0.5, "set": "check", "title": "Kept back"},
                "order": {"met": 0.01, "set": "weigh", "title": "Given as input"},
            },
            "check_log_score": {"a": -1.25, "b": -0.75, "c": -0.7, "d": -2.0},
            **{k: v for k, v in found.items() if k not in told},
        },
        "baselines": {
            "observations": ["kept"], "log_score": {"wave": -3.5, "exposure": -1.5},
            "accounts": {"a": -1.9, "b": -0.8, "c": -0.85, "d": -1.1}, "beaten_by": ["b", "c", "d"],
        },
        "settle": [
            {"observation": "unsettled", "title": "A list of names", "definition": "Who was where.", "bits": 0.42,
             "share": 0.37, "ess": 123.0},
        ],
        "signs": {
            "against": "a", "notes": {"b": "Seen in runs: it differs."},
            "rows": [
                _sign("a", "o0", "0", None, "base"), _sign("b", "o1", "+", "-", ""), _sign("c", "o2", "-", "-", "")
            ],
        },
        "halved": {"third": {"bayes_factor": 1.75, "ess": 43.2}},
    }  # fmt: skip
    joint = {**copy.deepcopy(mode), "mode": "joint", "none_fits": True, "settle": [], "baselines": {}}
    for row in joint["accounts"].values():
        row["fits"] = False
    for row in joint["outside_prior"].values():
        row.update(fits=False, p=0.004, observations=[{"summary": "o1:never", "p": 0.003}])
    whole = {
        "case": "made-up", "title": f"A made-up country {BAD}", "version": "9.8.7", "table": 246,
        "base": {"kept": [0, 1, 2], "played": 77, "ruled_out_by": {"agreed": 74}}, "record": "all sources",
        "weights": {"002": 0.5}, "growth": {"settled": False, "why": "most runs", "most_runs": 246, "limit": 0.02,
                                            "steps": [{"runs": 123, "moved": None}, {"runs": 246, "moved": 0.0432}]},
        **mode, "also": {"joint": joint},
        "titles": {
            "accounts": {"a": f"First {BAD}", "b": "Second", "c": "Third", "d": "Fourth"},
            "families": {"f0": "One kind", "f1": "Another kind", "f2": f"A third kind {BAD}"},
            "mechanisms": {"third": f"A switch {BAD}"},
            "observations": {"o0": "Hardly met", "o1": f"A number {BAD}", "o2": "An hour", "kept": "Kept back",
                             "agreed": "Agreed by all", "unsettled": "A list of names", "order": "Given as input"},
            "sources": {"001": "A text", "002": "Another text"},
        },
    }  # fmt: skip
    return dict(json.loads(json.dumps(_plain(whole))))
