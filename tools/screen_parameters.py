"""Ranks parameters of kazakhstan-2022 by how far one of them alone moves a run: which are worth being free.

    python tools/screen_parameters.py [--bases 4] [--out FILE.csv]

Radial one-at-a-time design (Morris 1991; Campolongo, Saltelli & Cariboni 2011): from a few points drawn from the
priors, each candidate alone is drawn anew, with the same seed. A point counts only if its run has a crowd in
Mangystau before the noon of 4 January and at most a million people out: elsewhere nothing or everything happens, and
nothing moves it. Effects are changes of outputs in the units below, mean of their absolute values.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np

import groundswell as gs
from groundswell.domains import all_mechanisms
from groundswell.engine.parameters import known_parameters
from groundswell.engine.priors import Fixed, LogNormal, Prior, Uniform
from groundswell.world.world import World, build

CASE, UNTIL, NOON = "kazakhstan-2022", "2022-01-09T00:00", 84
WIDE: dict[str, Prior] = {"joining.theta": Uniform(8, 14), "fighting.own": LogNormal(1e-3, 1e-4, 1e-2)}
CANDIDATES = [
    "joining.theta", "joining.ceiling", "joining.b_local", "joining.frailty_shape", "spark.strength",
    "spark.half_life_days", "spark.own_product", "spark.notice_h", "news.b_news", "news.reach_km",
    "news.decay_exponent", "news.mouth_lag_h", "news.closure", "news.unlikeness", "news.b_won", "ties.household",
    "ties.work_unit", "ties.neighbourhood", "ties.gate", "leaving.hazard", "leaving.fatigue", "leaving.rest_h",
    "valve.spread", "valve.opening", "risk.aversion", "risk.memory_h", "backlash.strength", "rhythm.curfew_factor",
    "rhythm.cold_per_degree", "concession.signal", "concession.power", "trust.level", "trust.honeymoon",
    "measures.belief_in_promise", "fighting.own", "fighting.by_force", "fighting.calm", "fighting.under_fire",
    "engagement.peaceful_weight", "engagement.power", "engagement.dispersal", "engagement.hits_live",
    "engagement.lethality", "engagement.arrests_batons", "engagement.return_fire_people",
    "engagement.aimed_exposure", "engagement.disarmed_at_loss", "engagement.force_killed", "arms.regained",
    "loyalty.rate", "loyalty.base", "loyalty.kin", "loyalty.fatigue", "loyalty.others", "loyalty.belief",
    "forces.on_duty", "forces.emergency_duty", "forces.t_on_h", "deployment.withdraw_share",
    "deployment.guard_share", "deployment.peaceful_weight", "sites.speed", "sites.fighters_people", "looting.rate",
    "looting.guardians", "detention.rate", "detention.per_officer", "strikes.base", "strikes.b_grievance",
    "strikes.by_trade", "strikes.by_region", "strikes.by_rally", "strikes.end", "strikes.idle_relief",
    "demands.alpha", "demands.imitation", "factions.kappa", "factions.c_turnout", "shortage.b_short",
]  # fmt: skip


def outputs(settings: Mapping[str, float], world: World, seed: int) -> dict[str, float]:
    """One run in numbers: hours over 24, logarithms to base e of counts plus a floor, shares times ten."""
    r = gs.run(world.case, world=world, seed=seed, set=settings, until=UNTIL, draw="declared")
    h = {k: v[: r.simulation.step] for k, v in r.recorder.hourly.items()}
    out, almaty = h["on_street"].sum(axis=1), world.region == world.region_id.index("ala")
    west = h["on_street"][:, world.region == world.region_id.index("man")].sum(axis=1)
    regions = np.stack([h["on_street"][:, world.region == k].sum(axis=1) for k in range(len(world.region_id))])
    first = lambda x: float(np.argmax(x)) if x.any() else float(len(x))  # noqa: E731
    log = lambda x, floor: float(np.log(x + floor))  # noqa: E731
    harm = r.harm
    return {
        "start": first(west >= 50) / 24,
        "west_by_noon": log(west[:NOON].max(), 50),
        "fifth_region": first((regions >= 50).sum(axis=0) >= 5) / 24,
        "peak": log(out.max(), 500),
        "almaty_peak": log(h["on_street"][:, almaty].sum(axis=1).max(), 500),
        "out_6_january": log(out[120:144].max(), 500),
        "out_8_january": log(out[168:192].max(), 500),
        "fighting": log(h["fighting"].sum(axis=1).max(), 50),
        "sites_lost": log(h["sites_lost"].sum(axis=1).max(), 1),
        "refusing": 10 * float((h["refusal"] > 0).mean(axis=1).max()),
        "strikes": log(r.summary["strikes"], 3),
        "dead": log(harm["dead"]["total"], 10),
        "injured": log(harm["injured"]["total"], 50),
        "detained": log(harm["detained"]["total"], 100),
        "looted": log(harm["shops_looted"], 20),
    }


def main() -> None:
    """Play the design and write mean absolute effects by candidate, the largest first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bases", type=int, default=4)
    parser.add_argument("--out", type=Path, default=Path("screening.csv"))
    given = parser.parse_args()
    infos = {f"{n}.{i.name}": i for n, m in all_mechanisms().items() for i in m.parameters()}
    priors = {name: WIDE.get(name, infos[name].prior) for name in CANDIDATES}
    world = build(gs.load(CASE), 1.0)
    bounds = known_parameters(all_mechanisms().values())

    def value(name: str, u: float) -> float:
        prior = priors[name]
        assert not isinstance(prior, Fixed), name
        low, high = bounds[name.partition(".")[0]][name.partition(".")[2]]
        return float(np.clip(prior.quantile(u), low, high))

    rng = np.random.default_rng(2022)
    effects: dict[str, list[dict[str, float]]] = {name: [] for name in CANDIDATES}
    found = tried = 0
    while found < given.bases:
        u, v = rng.random((2, len(CANDIDATES)))
        point = {name: value(name, x) for name, x in zip(CANDIDATES, u, strict=True)}
        tried += 1
        base = outputs(point, world, seed=tried)
        if base["start"] > NOON / 24 or not np.log(3_500) < base["peak"] < np.log(1e6):
            continue
        found += 1
        print(f"point {found} after {tried}: peak {np.exp(base['peak']):,.0f}", flush=True)
        for name, x in zip(CANDIDATES, v, strict=True):
            moved = outputs({**point, name: value(name, x)}, world, seed=tried)
            effects[name].append({k: abs(moved[k] - base[k]) for k in base})
        names = list(base)
        mean = {n: {k: float(np.mean([e[k] for e in rows])) for k in names} for n, rows in effects.items()}
        order = sorted(mean, key=lambda n: -sum(mean[n].values()))
        with given.out.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(["parameter", "mean", *names])
            for n in order:
                row = [mean[n][k] for k in names]
                writer.writerow([n, f"{np.mean(row):.3f}", *(f"{x:.3f}" for x in row)])


if __name__ == "__main__":
    main()
