"""Every ending of kazakhstan-2022, each from two regions of the parameters; shares under the prior; a map.

    python examples/endings.py [--seeds 3] [--draws 40] [--workers 2] [--out docs/results] [--parts regions,prior,map]

Each finished run is a line of endings.jsonl in the output folder, and a line that is there is not played again. From
them it writes endings.md and endings-map.png. Regions were found by search and estimate nothing: they show that an
ending can come about, and under more than one set of conditions.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from endings_page import page
from endings_regions import CONCESSION, LOYALTY, MAP, REGIONS, Region
from scipy.stats import qmc

import groundswell as gs
from groundswell.domains import all_mechanisms
from groundswell.engine.priors import Fixed
from groundswell.play import lines
from groundswell.world.world import World, build

CASE = "kazakhstan-2022"
FITTED = {"joining.theta", "spark.strength"}
MOST_PEOPLE = 1_500_000  # 8 percent of all inhabitants at one time: beyond, a draw is given up, and counted as such
Job = dict[str, Any]


class TooLarge(Exception):
    """A draw of the prior under which the country is in uproar."""


@cache
def world() -> World:
    """The case's world, built once a process."""
    return build(gs.load(CASE))


def without(kinds: tuple[str, ...]) -> dict[str, str]:
    """Every recorded measure of these kinds, left out."""
    return {m.id: "none" for m in world().measures if m.kind in kinds}


def prior_draw(index: int) -> dict[str, float]:
    """Every parameter that has a prior and is not fitted: point `index` of a scrambled Sobol' sequence."""
    infos = [
        (f"{name}.{i.name}", i)
        for name, m in all_mechanisms().items()
        for i in m.parameters()
        if not isinstance(i.prior, Fixed) and f"{name}.{i.name}" not in FITTED
    ]
    sequence = qmc.Sobol(len(infos), scramble=True, seed=2022)
    sequence.fast_forward(index + 1)  # its first point is left out: it is no draw of the prior when not scrambled
    out = {}
    for (name, info), u in zip(infos, sequence.random(1)[0], strict=True):
        low, high = info.bounds
        out[name] = min(max(info.prior.quantile(min(max(float(u), 1e-6), 1 - 1e-6)), low), high)
    return out


def play(job: Job) -> dict[str, Any]:
    """One run in numbers, under the key of its job."""

    def watch(simulation: Any) -> None:
        if job["part"] == "prior" and int(simulation.state.on_street.sum()) > MOST_PEOPLE:
            raise TooLarge

    settings = prior_draw(job["seed"]) if job["part"] == "prior" else job["set"]
    try:
        r = gs.run(
            world().case, world=world(), seed=job["seed"] + 1, set=settings, measures=without(tuple(job["without"])),
            government=job["government"], progress=watch,
        )  # fmt: skip
    except TooLarge:
        return {"key": job["key"], "ending": "given up"}
    harm, ending = r.harm, r.ending
    return {
        "key": job["key"], "ending": ending.ending, "title": ending.title, "conditions": ending.conditions,
        "patron_removed": ending.patron_removed, "peak": r.summary["peak_on_street"], "dead_all": harm["dead"]["total"],
        "security_dead": harm["dead"]["security"], "injured_all": harm["injured"]["total"],
        "detained": harm["detained"]["total"],
    }  # fmt: skip


def player(common: Job) -> Callable[[Job], Job]:
    """The function that plays a job in a process of the pool."""
    return play


def jobs(parts: list[str], seeds: int, draws: int) -> list[Job]:
    """Everything to be played, each with a key of its own."""

    def job(part: str, name: str, seed: int, region: Region, extra: dict[str, float] | None = None) -> Job:
        return {
            "part": part, "name": name, "seed": seed, "key": f"{part}/{name}/{seed}",
            "set": {**region.set, **(extra or {})}, "without": list(region.without), "government": region.government,
        }  # fmt: skip

    out = []
    if "regions" in parts:
        out += [job("regions", r.name, seed, r) for seed in range(seeds) for r in REGIONS]
    if "prior" in parts:
        out += [job("prior", "draw", k, Region("", "", "")) for k in range(draws)]
    if "map" in parts:
        pairs = [(a, b) for a in LOYALTY for b in CONCESSION]
        for a, b in pairs:
            out.append(job("map", f"{a:g},{b:g}", 0, MAP, {"loyalty.base": a, "concession.strength": b}))
    return out


def main() -> None:
    """Play what is missing, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    parser.add_argument("--parts", default="regions,prior,map")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    wanted = jobs(options.parts.split(","), options.seeds, options.draws)

    def told(n: int, of: int, row: Job) -> None:
        print(f"{n} of {of}: {row['key']}: {row['ending']}", flush=True)

    rows = lines.play("endings:player", {}, wanted, options.out / "endings.jsonl", options.workers, told)
    page(options.out, list(rows.values()))
    print(options.out / "endings.md")


if __name__ == "__main__":
    main()
