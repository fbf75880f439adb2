"""Plays kazakhstan-2022 with forces passive by one main cause each and asks whether a record of the runs tells it.

    pip install -e .
    python -m tools.study_passivity [--draws 64] [--out docs/results] [--again]

Each draw of nuisance parameters is played three times: with forces that tire, that are disloyal, that are ordered to
stand by. The label is the cause with most passive person-hours in the run's own log, where passivity is seen. A random
forest learns it from summaries without a cause (`passivity_record`), from the runs of other draws. Each finished run is
a line of passivity.jsonl in the output folder, and a line that is there is not played again, unless --again. From them
it writes passivity.md, passivity.png and, for the report of a run, the case's studies/passivity.json.
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
from tools import passivity_text as page

import groundswell as gs
from groundswell.domains import all_mechanisms
from groundswell.engine.priors import Uniform
from groundswell.observe.phases import PASSIVE
from groundswell.world.world import Measure, World, build

CASE, UNTIL, MOST_PEOPLE = "kazakhstan-2022", "2022-01-08T00:00", 500_000
OWN = {"news.b_news": Uniform(1.4, 1.6), "forces.t_off_h": Uniform(8, 24)}  # instead of a parameter's own prior
NUISANCE = (
    "news.b_news", "fighting.own", "fighting.by_force", "engagement.power", "engagement.dispersal", "forces.on_duty",
    "forces.release", "loyalty.aside", "loyalty.over", "loyalty.back", "factions.delay_h",
)  # fmt: skip
STRENGTHS = {  # parameter -> the cause that it strengthens, and whether by high values
    "forces.t_on_h": ("exhaustion", False), "forces.t_off_h": ("exhaustion", True),
    "forces.alarm_duty": ("exhaustion", True), "forces.emergency_duty": ("exhaustion", True),
    "loyalty.base": ("disloyalty", False), "loyalty.rate": ("disloyalty", True),
    "factions.c_turnout": ("order", True), "factions.c_sites": ("order", True), "factions.c_refusing": ("order", True),
}  # fmt: skip
PART = 0.5  # the cause that is meant takes this part of a prior, another cause as much from its other end
ORDERS = ("patron", "almaty", "regions", "country")  # who stands by: the patron's organs, all in Almaty or wherever
MOST_REGIONS = 8
ORDER_START_H, ORDER_LENGTH_H, ORDER_WISH = Uniform(72, 120), Uniform(12, 72), Uniform(0.5, 2.0)
DIMENSIONS = len(NUISANCE) + len(STRENGTHS) + 5
NEVER_H = 1e4
HINTS = ("organ", "fraternisation", "where they are")  # what hangs most on rules of the model, or on its posts
View = Callable[[np.ndarray], np.ndarray]
FOLDS, TREES, RECORDS, RESAMPLES = 5, 100, 3, 2000
IN_PACKAGE = Path(gs.__file__).parent / "cases" / CASE / "studies" / "passivity.json"


# -- runs --------------------------------------------------------------------------------------------------------------


def priors() -> dict[str, Any]:
    """Prior of every parameter by its name."""
    return {f"{m.name}.{i.name}": i.prior for m in all_mechanisms().values() for i in m.parameters()} | OWN


def plan(cause: str, point: Sequence[float], prior: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters of a run that is meant to be passive by a cause, and its order to stand by (empty: none)."""
    u = iter(point)
    put = {name: prior[name].quantile(next(u)) for name in NUISANCE}
    for name, (strengthens, high) in STRENGTHS.items():
        q = PART * next(u)
        put[name] = prior[name].quantile(q + 1.0 - PART if high == (strengthens == cause) else q)
    start, length, wish, kind, which = u
    put["factions.start_h"] = NEVER_H
    if cause != "order":
        return put, {}
    order: dict[str, Any] = {"kind": ORDERS[int(kind * len(ORDERS))], "start_h": ORDER_START_H.quantile(start)}
    if order["kind"] == "patron":
        put |= {"factions.start_h": order["start_h"], "factions.wait_intent": ORDER_WISH.quantile(wish)}
    return put, order | {"end_h": order["start_h"] + ORDER_LENGTH_H.quantile(length), "which": int(which * 2**32)}


def standing_by(world: World, order: Mapping[str, Any]) -> World:
    """The world with a measure that lets everybody in its scope stand by; the patron gives his order himself."""
    if order.get("kind", "patron") == "patron":
        return world
    places = np.ones(world.places, bool)
    if order["kind"] == "almaty":
        places = record.almaty(world)
    elif order["kind"] == "regions":
        rng = np.random.default_rng(order["which"])
        some = rng.permutation(len(world.region_id))[: rng.integers(1, MOST_REGIONS + 1)]
        places = np.isin(world.region, some)
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
        run = gs.run(world.case, world=changed, seed=draw + 1, set=put, until=UNTIL, draw="declared", progress=watch)
        r = run.reading
    except GivenUp:
        return out | {"given_up": True}
    seen = record.observed(r, np.array(idle), np.array(gone))
    there = np.any(record.passive_cells(seen), axis=2)[:, r.world.town]
    logs = {cause: r.series(f"passive_{cause}") for cause in PASSIVE}
    out["hours"] = {cause: int(log.sum()) for cause, log in logs.items()}
    out["hours_seen"] = {cause: int((log * there).sum()) for cause, log in logs.items()}
    return out | {"summaries": record.summaries(seen)}


def points_of(draws: int) -> np.ndarray:
    """(draws, DIMENSIONS) Sobol points; more draws begin with the same ones."""
    from scipy.stats import qmc

    return np.asarray(qmc.Sobol(DIMENSIONS, seed=1).random(draws))


def runs(draws: int, kept: Path) -> list[dict[str, Any]]:
    """Every draw under every cause; played where the file lacks it, and added there."""
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()] if kept.exists() else []
    found = {(row["draw"], row["meant"]): row for row in rows}
    wanted = [(draw, cause) for draw in range(draws) for cause in PASSIVE]
    missing = [key for key in wanted if key not in found]
    if missing:
        world, prior = build(gs.load(CASE)), priors()
        points = points_of(draws)
    with kept.open("a", encoding="utf-8") as stream:
        for draw, cause in missing:
            began = time.process_time()
            row = play(world, prior, draw, cause, points[draw])
            row["cpu_s"] = round(time.process_time() - began, 1)
            found[draw, cause] = row
            stream.write(json.dumps(row) + "\n")
            stream.flush()
            print(draw, cause, row["order"], row["cpu_s"], row.get("hours_seen", "given up"), flush=True)
    return [found[key] for key in wanted]


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


def predicted(x: np.ndarray, y: np.ndarray, group: np.ndarray, model: Callable[[], Any] = forest) -> np.ndarray:
    """(R,) the label of each run as learnt from the runs of other groups."""
    from sklearn.model_selection import GroupKFold, cross_val_predict

    folds = GroupKFold(min(FOLDS, len(np.unique(group))))
    return np.asarray(cross_val_predict(model(), x, y, groups=group, cv=folds))


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
    used = [r for r in rows if r.get("summaries") and record.label(r["hours_seen"])]
    y = np.array([record.label(r["hours_seen"]) for r in used])
    draw = np.array([r["draw"] for r in used])
    kind_of = {r["draw"]: r["order"] for r in rows if r["order"]}
    kind = np.array([kind_of[d] for d in draw])
    mixed = np.random.default_rng(1).permutation(y)
    nuisance = points_of(1 << int(draw.max()).bit_length())[draw, : len(NUISANCE)]
    table = np.array([[r["summaries"][name] for name in record.SUMMARIES] for r in used], float)
    records = [record.coarse(table, np.random.default_rng(k)) for k in range(RECORDS)]

    def part(**kept: Sequence[str]) -> View:
        return lambda x: x[:, record.columns(**kept)]

    def read(view: View, **other: Any) -> list[np.ndarray]:
        return [predicted(view(x), **{"y": y, "group": draw} | other) for x in records]

    def right(view: View, model: Callable[[], Any] = forest) -> float:
        return float((predicted(view(records[0]), y, draw, model) == y).mean())

    views: dict[str, list[np.ndarray]] = {
        page.EXACT: [predicted(table, y, draw)],
        page.COARSE: read(part()),
        page.FEWER: read(part(without=HINTS)),
        page.SAID: read(record.said),
        page.POOREST: read(partial(record.said, without=HINTS)),
        page.OTHER_KIND: read(part(), group=kind),
        page.NO_PASSIVITY: [predicted(nuisance, y, draw)],
        page.SHUFFLED: read(part(), y=mixed),
    }
    hits = {
        name: np.mean([guess == (mixed if name == page.SHUFFLED else y) for guess in guesses], axis=0)
        for name, guesses in views.items()
    }
    return {
        "rows": rows, "used": used, "y": y, "hits": hits, "records": RECORDS,
        "guess": {name: guesses[0] for name, guesses in views.items()},
        "intervals": {name: interval(hit, draw) for name, hit in hits.items()},
        "plain": right(part(), model=plain),
        "only": {f: right(part(only=[f])) for f in record.FAMILIES},
        "without": {f: right(part(without=[f])) for f in record.FAMILIES},
    }  # fmt: skip


def main() -> None:
    """Play what is missing, learn, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=64, help="a power of two")
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    parser.add_argument("--again", action="store_true", help="play all runs, also those that are kept")
    o = parser.parse_args()
    o.out.mkdir(parents=True, exist_ok=True)
    kept = o.out / "passivity.jsonl"
    if o.again:
        kept.unlink(missing_ok=True)
    found = recovery(runs(o.draws, kept))
    page.figure(found, o.out / "passivity.png")
    (o.out / "passivity.md").write_text(page.text(found, TREES), encoding="utf-8")
    IN_PACKAGE.write_text(json.dumps(page.result(found), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
