"""Plays kazakhstan-2022 with forces passive by one main cause each and asks whether a record of the runs tells it.

    pip install -e '.[study]'
    python -m tools.study_passivity [--draws 32] [--table runs.json] [--out docs/results]

Each draw of nuisance parameters is played three times: with forces that tire, that are disloyal, that are ordered to
stand by. The label is the cause with most passive person-hours in the run's own log. A random forest learns it from
summaries without a cause (`passivity_record`), from the runs of other draws. Writes passivity.md and passivity.png;
--table keeps the summaries in a file, or takes them from it where it exists.
"""

from __future__ import annotations

import argparse
import copy
import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tools import passivity_record as record
from tools.passivity_text import POOREST, figure, text

import groundswell as gs
from groundswell.engine.priors import Uniform
from groundswell.history.phases import PASSIVE
from groundswell.mechanisms import all_mechanisms
from groundswell.world.world import Measure, World, build

CASE, UNTIL, MOST_PEOPLE = "kazakhstan-2022", "2022-01-08T00:00", 1_000_000
NUISANCE: dict[str, Uniform | None] = {  # None: the parameter's own prior
    "news.b_news": Uniform(1.4, 1.7), "fighting.own": None, "fighting.by_force": None, "engagement.power": None,
    "engagement.dispersal": None, "forces.on_duty": None, "forces.release": None, "forces.t_off_h": Uniform(8, 24),
    "loyalty.aside": None, "loyalty.over": None, "loyalty.back": None, "factions.delay_h": None,
}  # fmt: skip
STRENGTHS = {  # parameter -> the cause that it strengthens, and whether by high values
    "forces.t_on_h": ("exhaustion", False), "forces.alarm_duty": ("exhaustion", True),
    "forces.emergency_duty": ("exhaustion", True), "loyalty.base": ("disloyalty", False),
    "loyalty.rate": ("disloyalty", True), "factions.c_turnout": ("order", True), "factions.c_sites": ("order", True),
    "factions.c_refusing": ("order", True),
}  # fmt: skip
PART = 0.6  # the cause that is meant takes this part of a prior, another cause as much from its other end
ORDERS = ("patron", "almaty", "country")  # who stands by: the patron's organs, all in Almaty, all in the country
ORDER_START_H, ORDER_LENGTH_H, ORDER_WISH = Uniform(72, 120), Uniform(12, 72), Uniform(0.5, 2.0)
DIMENSIONS = len(NUISANCE) + len(STRENGTHS) + 4
NEVER_H = 1e4
View = Callable[[np.ndarray], np.ndarray]
FOLDS, TREES, RECORDS, RESAMPLES = 10, 100, 3, 2000


# -- runs --------------------------------------------------------------------------------------------------------------


def priors() -> dict[str, Any]:
    """Prior of every parameter by its name."""
    return {f"{m.name}.{i.name}": i.prior for m in all_mechanisms().values() for i in m.parameters()}


def plan(cause: str, point: Sequence[float], prior: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters of a run that is meant to be passive by a cause, and its order to stand by (empty: none)."""
    u = iter(point)
    put = {name: (own or prior[name]).quantile(next(u)) for name, own in NUISANCE.items()}
    for name, (strengthens, high) in STRENGTHS.items():
        q = PART * next(u)
        put[name] = prior[name].quantile(q + 1.0 - PART if high == (strengthens == cause) else q)
    start, length, wish, kind = (next(u) for _ in range(4))
    put["factions.start_h"] = NEVER_H
    if cause != "order":
        return put, {}
    order: dict[str, Any] = {"kind": ORDERS[int(kind * len(ORDERS))], "start_h": ORDER_START_H.quantile(start)}
    if order["kind"] == "patron":
        put |= {"factions.start_h": order["start_h"], "factions.wait_intent": ORDER_WISH.quantile(wish)}
    return put, order | {"end_h": order["start_h"] + ORDER_LENGTH_H.quantile(length)}


def standing_by(world: World, order: Mapping[str, Any]) -> World:
    """The world with a measure that lets everybody in its scope stand by; the patron gives his order himself."""
    if order.get("kind", "patron") == "patron":
        return world
    places = record.almaty(world) if order["kind"] == "almaty" else np.ones(world.places, bool)
    added = Measure("study", "stand_by", order["start_h"], order["end_h"], places, np.nan, "", "", "this study")
    changed = copy.copy(world)
    changed.__dict__["measures"] = sorted([*world.measures, added], key=lambda m: (m.start_h, m.id))
    return changed


class GivenUp(Exception):
    """More people on the street than the study follows."""


def play(world: World, prior: Mapping[str, Any], draw: int, cause: str, point: Sequence[float]) -> dict[str, Any]:
    """One run: passive person-hours by cause from its log, and summaries that hold no cause."""
    put, order = plan(cause, point, prior)
    idle, gone = [], []

    def watch(simulation: Any) -> None:
        s = simulation.state
        if s.on_street.sum() > MOST_PEOPLE:
            raise GivenUp
        idle.append(s.unit_passive + s.unit_exhausted)
        gone.append(s.unit_gone_home + s.unit_gone_over)

    out: dict[str, Any] = {"draw": draw, "meant": cause, "order": order.get("kind", "")}
    changed = standing_by(world, order)
    try:
        r = gs.run(world.case, world=changed, seed=draw + 1, set=put, until=UNTIL, progress=watch).reading
    except GivenUp:
        return out | {"given_up": True}
    seen = record.observed(r, np.array(idle), np.array(gone))
    there = np.any(record.passive_cells(seen), axis=2)[:, r.world.town]
    logs = {cause: r.series(f"passive_{cause}") for cause in PASSIVE}
    out["hours"] = {cause: int(log.sum()) for cause, log in logs.items()}
    out["hours_seen"] = {cause: int((log * there).sum()) for cause, log in logs.items()}
    return out | {"summaries": record.summaries(seen)}


def runs(draws: int) -> list[dict[str, Any]]:
    """Every draw under every cause."""
    from scipy.stats import qmc

    world, prior = build(gs.load(CASE)), priors()
    rows = []
    for draw, point in enumerate(qmc.Sobol(DIMENSIONS, seed=1).random(draws)):
        for cause in PASSIVE:
            began = time.process_time()
            row = play(world, prior, draw, cause, point)
            rows.append(row | {"cpu_s": round(time.process_time() - began, 1)})
            print(draw, cause, row["order"], rows[-1]["cpu_s"], row.get("hours", "given up"), flush=True)
    return rows


# -- recovery ----------------------------------------------------------------------------------------------------------


def forest() -> Any:
    """Random forest; nan is a value of its own."""
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(TREES, min_samples_leaf=2, class_weight="balanced", random_state=1)


def plain() -> Any:
    """The plain baseline: logistic regression on the classes as numbers, missing ones by the median and a mark."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    fill = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return make_pipeline(fill, StandardScaler(), LogisticRegression(C=0.3, max_iter=5000, class_weight="balanced"))


def predicted(x: np.ndarray, y: np.ndarray, draw: np.ndarray, model: Callable[[], Any] = forest) -> np.ndarray:
    """(R,) the label of each run as learnt from the runs of other draws."""
    from sklearn.model_selection import GroupKFold, cross_val_predict

    return np.asarray(cross_val_predict(model(), x, y, groups=draw, cv=GroupKFold(FOLDS)))


def weights(x: np.ndarray, y: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """(F,) loss of accuracy on other draws when one summary is shuffled there, mean over folds."""
    from sklearn.inspection import permutation_importance
    from sklearn.model_selection import GroupKFold

    loss = []
    for train, test in GroupKFold(FOLDS).split(x, y, draw):
        fitted = forest().fit(x[train], y[train])
        loss.append(permutation_importance(fitted, x[test], y[test], n_repeats=5, random_state=1).importances_mean)
    return np.asarray(np.mean(loss, axis=0))


def interval(right: np.ndarray, draw: np.ndarray) -> tuple[float, float]:
    """95 percent interval of a share of runs, by resampling draws; right: (R,) in 0..1."""
    rng = np.random.default_rng(1)
    number = np.unique(draw, return_inverse=True)[1]
    hit, all_of = np.bincount(number, right), np.bincount(number)
    pick = rng.integers(len(hit), size=(RESAMPLES, len(hit)))
    low, high = np.quantile(hit[pick].sum(axis=1) / all_of[pick].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def recovery(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything that the text and the figure say."""
    used = [r for r in rows if r.get("summaries") and record.label(r["hours"])]
    y = np.array([record.label(r["hours"]) for r in used])
    draw = np.array([r["draw"] for r in used])
    table = np.array([[r["summaries"][name] for name in record.SUMMARIES] for r in used], float)
    records = [record.coarse(table, np.random.default_rng(k)) for k in range(RECORDS)]

    def guesses(view: View, model: Callable[[], Any] = forest) -> list[np.ndarray]:
        return [predicted(view(x), y, draw, model) for x in records]

    def shares(found: Sequence[np.ndarray]) -> list[float]:
        return [float((guess == y).mean()) for guess in found]

    def part(**kept: Sequence[str]) -> View:
        return lambda x: x[:, record.columns(**kept)]

    organ, over = "organ", "fraternisation"
    views: dict[str, View] = {
        "all summaries": part(), "without the organ": part(without=[organ]),
        "without fraternisation": part(without=[over]), "without both": part(without=[organ, over]),
        "without both and without where they are": part(without=[organ, over, "where they are"]),
        "yes or no, as texts say it": record.said, POOREST: partial(record.said, without=[organ, over]),
    }  # fmt: skip
    read = {name: guesses(view) for name, view in views.items()}
    return {
        "rows": rows, "used": used, "y": y, "draw": draw,
        "guess": read["all summaries"][0], "poorest": read[POOREST][0],
        "views": {name: shares(found) for name, found in read.items()},
        "intervals": {name: interval(np.mean([g == y for g in found], axis=0), draw) for name, found in read.items()},
        "hit": np.mean([guess == y for guess in read["all summaries"]], axis=0),
        "exact": shares([predicted(table, y, draw)])[0], "plain": shares(guesses(part(), plain)),
        "only": {f: shares(guesses(part(only=[f]))) for f in record.FAMILIES},
        "without": {f: shares(guesses(part(without=[f]))) for f in record.FAMILIES},
        "weights": dict(zip(record.SUMMARIES, np.mean([weights(x, y, draw) for x in records], axis=0), strict=True)),
    }  # fmt: skip


def main() -> None:
    """Play, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=32, help="a power of two")
    parser.add_argument("--table", type=Path)
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    o = parser.parse_args()
    if o.table and o.table.exists():
        rows = json.loads(o.table.read_text(encoding="utf-8"))
    else:
        rows = runs(o.draws)
        if o.table:
            o.table.write_text(json.dumps(rows), encoding="utf-8")
    began = time.process_time()
    found = recovery(rows)
    print(f"read in {time.process_time() - began:.0f} s", flush=True)
    o.out.mkdir(parents=True, exist_ok=True)
    figure(found, o.out / "passivity.png")
    (o.out / "passivity.md").write_text(text(found), encoding="utf-8")


if __name__ == "__main__":
    main()
