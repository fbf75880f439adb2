"""Two models that an account has to beat: an epidemic-like wave on the same map, and exposure without interaction.

Wave (after Bonnasse-Gahot et al. 2018), by place k and hour:
    dA_k/dt = -w A_k + S_k Psi(L_k),   dS_k/dt = -S_k Psi(L_k),   L_k = sum_q (1 + d_kq / d0)^(-delta) A_q
    Psi(L) = eta (1 - exp(-gamma max(0, L - L_c))),   S_k(0) = zeta N_k E_k^a,   100 people to begin with in one place
Exposure:
    A_k(t) = zeta N_k E_k^a (s / tau) exp(1 - s / tau),   s = t - t_0 > 0
N: inhabitants, E: share whom what is at issue concerns (`World.concern`). In both, people come
out less at night, and a share of those on the street fights. They know map, inhabitants and exposure, and no office,
force, strike or group: of a record they can meet what is about crowds and fighting alone. The wave was made for riots
after one event; its form is that of the paper, its parameters are drawn from the priors below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from groundswell.engine.clock import Clock
from groundswell.engine.priors import LogNormal, Prior, Uniform
from groundswell.observe.reading import Reading
from groundswell.study.points import points
from groundswell.world.geography import great_circle_km
from groundswell.world.world import World

KINDS = ("onset", "crowd", "centre_crowd", "centres", "spread", "regions", "first_rank", "clash", "last_clash", "calm")
"""Kinds of observations that the baselines can produce."""

FIRST_PEOPLE = 100.0  # with whom the wave begins
GONE_PEOPLE = 0.4  # a wave with fewer people in all is over: every place counts none
NIGHT = (23, 7)

COMMON: Mapping[str, Prior] = {
    "start_h": Uniform(0, 96), "zeta": LogNormal(0.005, 0.0005, 0.05), "exponent": Uniform(0, 2),
    "night": Uniform(0.1, 1), "fighting": LogNormal(0.01, 0.001, 0.1),
}  # fmt: skip
WAVE: Mapping[str, Prior] = {
    **COMMON, "seed": Uniform(0, 1), "decay": LogNormal(0.1, 0.02, 0.5), "eta": LogNormal(0.1, 0.01, 1),
    "gamma": LogNormal(0.003, 0.0003, 0.03), "least": LogNormal(30, 3, 300), "d0_km": LogNormal(30, 5, 200),
    "delta": Uniform(0.5, 4),
}  # fmt: skip
EXPOSURE: Mapping[str, Prior] = {**COMMON, "tau": LogNormal(36, 12, 120)}
BASELINES: Mapping[str, Mapping[str, Prior]] = {"wave": WAVE, "exposure": EXPOSURE}


def draws(name: str, seed: int, count: int) -> list[dict[str, float]]:
    """Parameters of a baseline, `count` points of a scrambled Sobol' sequence."""
    priors = BASELINES[name]
    unit = points(seed, 0, count, range(len(priors)))
    return [
        {k: prior.quantile(u) for (k, prior), u in zip(priors.items(), row, strict=True)}  # type: ignore[union-attr]
        for row in unit.tolist()
    ]


def play(name: str, world: World, p: Mapping[str, float]) -> Reading:
    """The hours of a baseline with parameters p, as the readers of a run take them."""
    clock = Clock(world.case.start, world.case.hours, 1.0, world.utc_offset_h)
    people = world.people.astype(float)
    exposure = world.concern
    ready = p["zeta"] * people * np.where(exposure > 0, exposure, 1e-9) ** p["exponent"]
    out = _MODELS[name](world, clock.steps, np.minimum(ready, people), people * exposure, p)
    local = (clock.now(0).local_hour + clock.step_h * np.arange(clock.steps)[:, None]) % 24
    at_night = (local >= NIGHT[0]) | (local < NIGHT[1])
    street = np.rint(out * np.where(at_night, p["night"], 1.0))
    hourly: dict[str, Any] = {"on_street": street, "fighting": np.rint(street * min(p["fighting"], 1.0))}
    return Reading(world, clock, hourly, clock.steps)


def _wave(world: World, steps: int, ready: np.ndarray, exposed: np.ndarray, p: Mapping[str, float]) -> np.ndarray:
    km = great_circle_km(world.case.tables["places"].column("lat_deg"), world.case.tables["places"].column("lon_deg"))
    weight = (1 + km / p["d0_km"]) ** -p["delta"]
    first = int(np.searchsorted(np.cumsum(exposed) / exposed.sum(), p["seed"]))
    active, susceptible = np.zeros(len(ready)), ready.copy()
    out = np.zeros((steps, len(ready)))
    begins = int(p["start_h"])
    for t in range(begins, steps):
        if t == begins:
            active[first] += min(FIRST_PEOPLE, susceptible[first])
        elif active.sum() < min(p["least"], GONE_PEOPLE):
            break  # nobody hears of it any more, and fewer than half a person is left anywhere
        heard = np.maximum(weight @ active - p["least"], 0.0)
        chance = 1 - np.exp(-p["eta"] * (1 - np.exp(-p["gamma"] * heard)))  # an hour of that hazard
        new = susceptible * chance
        susceptible -= new
        active = active * np.exp(-p["decay"]) + new
        out[t] = active
    return out


def _exposure(world: World, steps: int, ready: np.ndarray, exposed: np.ndarray, p: Mapping[str, float]) -> np.ndarray:
    since = np.maximum(np.arange(steps) - p["start_h"], 0.0) / p["tau"]
    return np.asarray((since * np.exp(1 - since))[:, None] * ready)


_MODELS: dict[str, Callable[[World, int, np.ndarray, np.ndarray, Mapping[str, float]], np.ndarray]] = {
    "wave": _wave, "exposure": _exposure,
}  # fmt: skip
