"""Runs anywhere inside the priors: finite, without a person lost, and the two engines still agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import groundswell as gs
from domains.harness import case_with
from groundswell.domains import all_mechanisms
from groundswell.engine.priors import LogNormal, Normal, Uniform
from groundswell.world.world import World, build


def within(prior) -> st.SearchStrategy[float] | None:
    """The range of a prior, a little beyond where it has no ends."""
    if isinstance(prior, Uniform):
        return st.floats(prior.low, prior.high)
    if isinstance(prior, LogNormal):
        return st.floats(np.log(prior.low), np.log(prior.high)).map(lambda x: float(np.exp(x)))
    if isinstance(prior, Normal):
        return st.floats(prior.mean - 2 * prior.sd, prior.mean + 2 * prior.sd)
    return None


RANGES = {f"{n}.{i.name}": within(i.prior) for n, m in all_mechanisms().items() for i in m.parameters()}
PARAMETERS = st.fixed_dictionaries({k: v for k, v in RANGES.items() if v is not None})


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> World:
    """6,000 people under an emergency and a cut of networks."""

    def orders(rows):
        row = {**rows[0], "scope": "*", "value": "", "unit": "", "start_local": "2030-03-03T00:00"}
        until = {"emergency": "2030-03-05T00:00", "network_cut": "2030-03-03T12:00"}
        new = [{**row, "measure": k.replace("_", "-"), "kind": k, "end_local": v} for k, v in until.items()]
        return [*rows, *new]

    return build(case_with(tmp_path_factory.mktemp("w") / "c", {"measures.csv": orders}), 0.1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PARAMETERS, st.integers(0, 2**63 - 1), st.floats(4, 11))
def test_a_run_is_whole_anywhere_in_the_priors(small, parameters, seed, theta):
    values = parameters | {"joining.theta": theta, "measures.emergency_posture": 2.0}
    options = {"world": small, "people_scale": 0.1, "seed": seed, "set": values, "until": "2030-03-04T00:00"}
    run = gs.run(small.case, **options)
    hourly = {k: v[:72] for k, v in run.recorder.hourly.items()}
    for name, array in (hourly | run.recorder.daily).items():
        if name not in ("asked", "prepared", "decided"):  # hours at which something came about, nan before
            assert np.isfinite(array).all(), name
    for name in (
        "on_street",
        "held",
        "recovering",
        "joined",
        "left",
        "arrested",
        "injured",
        "dispersed",
        "fighting",
        "taken",
        "news",
        "spark",
    ):
        assert (hourly[name] >= 0).all(), name
    gone = sum(hourly[k] for k in ("left", "dispersed", "arrested", "injured", "dead"))
    np.testing.assert_array_equal(hourly["on_street"], (hourly["joined"] - gone).cumsum(axis=0))
    assert (hourly["on_street"] + hourly["held"] + hourly["recovering"] <= small.adults).all()
    assert (hourly["demand_people"] <= hourly["on_street"][:, :, None]).all()
    assert (hourly["fighting"] <= hourly["on_street"]).all()
    assert ((0 <= hourly["striking"]) & (hourly["striking"] <= max(1.0, values["strikes.cap"]) + 1e-6)).all()
    for name in ("risk", "deterrence"):
        assert ((0 <= hourly[name]) & (hourly[name] <= 1)).all(), name


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PARAMETERS, st.integers(0, 2**63 - 1), st.floats(5, 9))
def test_the_reference_engine_agrees_anywhere_in_the_priors(small, parameters, seed, theta):
    values = parameters | {"joining.theta": theta, "measures.emergency_posture": 2.0}
    options = {"world": small, "people_scale": 0.1, "seed": seed, "set": values, "until": "2030-03-03T18:00"}
    fast, slow = (gs.run(small.case, engine=engine, **options) for engine in ("fast", "reference"))
    assert fast.summary["digest"] == slow.summary["digest"]
