"""Scores of finished runs, read from their run.json alone, and those of two fitted baselines beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from groundswell.case import Case, CaseError, Problem, load
from groundswell.case.problems import Found, attempt
from groundswell.play.plan import canonical
from groundswell.play.run import Run
from groundswell.record.frame import Reported
from groundswell.record.observed import read_reported
from groundswell.record.record import Claim, Record, Source, load_record
from groundswell.record.score import USES, Runs, parts_of, proper_scores, score_set, unplain
from groundswell.weigh.rivals import able, ensembles, fitted_to
from groundswell.weigh.score_words import words
from groundswell.world.world import build

OURS = "groundswell"
OBSERVED = "observed"


@dataclass(frozen=True)
class Scored:
    """The score of a run or a set of runs: `data` as `docs/score.md` describes it; `str` tells it in words."""

    data: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __str__(self) -> str:
        return words(self.data)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return dict(self.data)


def score(
    runs: str | Path | Run | Iterable[str | Path | Run],
    observed: str | Path | None = None,
    *,
    baselines: bool = True,
    told: Callable[[str], None] | None = None,
) -> Scored:
    """How well runs of a case fit its record, or another one.

    Args:
        runs: runs, folders of runs, or folders that hold such folders; one of them or several.
        observed: CSV file `observation,low,high,stated`: a record to score by instead of the case's own.
        baselines: whether two simple models, fitted to the same, stand beside a set of runs.
        told: called with a line before something that takes long.

    Raises:
        CaseError: every mistake at once.
    """
    given = [runs] if isinstance(runs, (str, Path, Run)) else list(runs)
    problems: list[Problem] = []
    read = [one for item in given for one in _read(item, problems)]
    if not given:
        problems.append(Problem("RUN", None, "", "", "at least one folder of a run"))
    read = list({one["folder"] or k: one for k, one in enumerate(read)}.values())
    case = _case(read, problems)
    record = None if case is None else _record(case, observed, problems)
    if case is None and observed is not None and not Path(observed).is_file():
        problems.append(Problem(str(observed), None, "", Found("no such file"), "a file observation,low,high,stated"))
    if problems or case is None or record is None:
        raise CaseError(problems)
    return Scored(_scored(read, case, record, observed, baselines, told))


def _read(item: str | Path | Run, problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """What is known of each run in a folder; mistakes are added to `problems`."""
    if isinstance(item, Run):
        yield {
            "folder": "", "score": item.score, "case": item.case.id, "plan": {"case": canonical(item.case)},
            "case_digest": item.case.digest, "hours": item.summary["hours"], "loaded": item.case,
        }  # fmt: skip
        return
    folder = Path(item)
    if not folder.is_dir():
        what = "a file" if folder.exists() else "no such folder"
        problems.append(Problem(str(folder), None, "", Found(what), "a folder that groundswell run wrote"))
        return
    own = (folder / "run.json").exists()
    inside = [folder] if own else sorted(path.parent for path in folder.glob("*/run.json"))
    if not inside:
        allowed = "a run.json in it, or in folders directly inside"
        problems.append(Problem(str(folder), None, "", Found("a folder without a finished run"), allowed))
    for one in inside:
        try:
            known = json.loads((one / "run.json").read_text(encoding="utf-8"))
            found = {
                "folder": str(one.resolve()), "case": str(known["case"]), "plan": {"case": str(known["plan"]["case"])},
                "case_digest": str(known["case_digest"]), "hours": float(known["hours"]), "score": known.get("score"),
            }  # fmt: skip
            if found["score"] is not None:
                _ = found["score"]["responsive"], [unplain(v) for v in found["score"]["measured"].values()]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            words = Found("something else"), "what groundswell run writes"
            problems.append(Problem(str(one / "run.json"), None, "", *words))
            continue
        if found["score"] is None:
            allowed = "a score; an earlier version played this run, so play it again"
            problems.append(Problem(str(one / "run.json"), None, "score", Found("none"), allowed))
            continue
        yield found


def _case(read: list[dict[str, Any]], problems: list[Problem]) -> Case | None:
    """The one case of all runs, as it was when they were played."""
    if not read:
        return None
    first = read[0]
    for one in read[1:]:
        if one["case_digest"] != first["case_digest"]:
            given = f"{one['case']} with digest {one['case_digest'][:12]}"
            allowed = f"{first['case']} with digest {first['case_digest'][:12]}, as the first run"
            problems.append(Problem(one["folder"] or "RUN", None, "case", given, allowed))
    case = first.get("loaded") or attempt(problems, lambda: load(first["plan"]["case"]))
    if case is not None and case.digest != first["case_digest"]:
        given = f"{case.id} with digest {case.digest[:12]}"
        allowed = f"the case as it was played (digest {first['case_digest'][:12]}); or runs played anew"
        problems.append(Problem(first["folder"] or "RUN", None, "case", given, allowed))
        return None
    return case


def _record(case: Case, observed: str | Path | None, problems: list[Problem]) -> Record | None:
    """The record of a case, or the one in a file that a user gives."""
    own = load_record(case)
    if observed is None:
        return own
    return attempt(problems, lambda: with_claims(own, read_reported(Path(observed), own)))


def with_claims(record: Record, said: Reported) -> Record:
    """A record with what is stated in another one in place of its own claims."""
    claims = []
    for o, low, high, stated in zip(record.observations, said.low, said.high, said.stated, strict=True):
        if stated:
            value = float(low), float(high)
            claims.append(Claim(o.id, o.id, OBSERVED, "", "states", o.title, "", value, *value))
    return replace(record, claims=tuple(claims), sources=(Source(OBSERVED, OBSERVED, "data", 1.0),))


def runs_of(read: list[dict[str, Any]], record: Record) -> Runs:
    """Runs as arrays, out of what is known of each."""
    values = [[unplain(one["score"]["measured"].get(o.id)) for o in record.observations] for one in read]
    hours, own = ([float(one["hours"]) for one in read], [bool(one["score"]["responsive"]) for one in read])
    return Runs(np.array(values).reshape(len(read), len(record)), np.array(hours), np.array(own))


def _scored(
    read: list[dict[str, Any]], case: Case, record: Record, observed: str | Path | None, baselines: bool,
    told: Callable[[str], None] | None,
) -> dict[str, Any]:  # fmt: skip
    runs = runs_of(read, record)
    found = score_set(runs, record)
    out: dict[str, Any] = {
        "case": case.id, "folders": [one["folder"] for one in read],
        "observed": None if observed is None else str(observed),
        **found,
        "observations": {
            id: {"title": record.observation(id).title, **parts_of(record.observation(id)), **one}
            for id, one in found["observations"].items()
        },
        "about": {c.id: {"observation": c.observation, "statement": c.statement} for c in record.claims},
        "baselines": {}, "compared": {},
    }  # fmt: skip
    if baselines and len(runs) > 1 and able(record).any():
        can = {o.id for o, able_to in zip(record.observations, able(record), strict=True) if able_to}
        for name, one in ensembles(build(case), record, told=told).items():
            out["baselines"][name] = {id: s["score"] for id, s in proper_scores(one, record).items() if id in can}
        out["fitted_to"] = record.frame.id[fitted_to(record)].tolist()
        out["compared"] = _compared(out["observations"], out["baselines"])
    return out


def _compared(ours: Mapping[str, Any], baselines: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """By use and rule: observations that all can produce, mean scores, where ours is the best; and the others."""
    out: dict[str, Any] = {}
    for use in USES.values():
        mine = [id for id, one in ours.items() if one["use"] == use]
        shared = [id for id in mine if all(id in b for b in baselines.values())]
        table = {}
        for rule in ("CRPS", "Brier"):
            ids = [id for id in shared if ours[id]["rule"] == rule]
            if ids:
                scores = {OURS: [ours[id]["score"] for id in ids]}
                scores |= {name: [b[id] for id in ids] for name, b in baselines.items()}
                best = np.array(scores[OURS]) < np.array([scores[name] for name in baselines]).min(axis=0)
                means = {name: float(np.mean(s)) for name, s in scores.items()}
                table[rule] = {"observations": ids, "means": means, "best": int(best.sum())}
        if mine:
            out[use] = {**table, "others": [id for id in mine if id not in shared]}
    return out
