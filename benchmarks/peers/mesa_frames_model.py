"""`streets` in mesa-frames: one table of people in Polars, whole columns at once.

As its guide has it: an `AgentSetPolars` whose `step` replaces columns of `self.agents` by expressions, with NumPy's
draws from the model. Hazards of the hour come first, so the update is synchronous.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

from benchmarks.streets import Result, World

HOME, STREET = 0, 1
STATE, SINCE, BACK = pl.col("state"), pl.col("since"), pl.col("back")


class People(AgentSetPolars):
    """Everybody, one row each."""

    def __init__(self, model: ModelDF, place: np.ndarray, frailty: np.ndarray):
        super().__init__(model)
        people = len(place)
        columns = {
            "unique_id": np.arange(people),
            "place": place.astype(np.int32),
            "frailty": frailty,
            "state": np.zeros(people, np.int8),
            "since": np.zeros(people, np.int32),
            "back": np.zeros(people, np.int32),
        }
        self += pl.DataFrame(columns)

    def step(self) -> None:
        """Join, leave or stay, by the hazards of this hour."""
        m = self.model
        hazard = pl.lit(pl.Series(m.hazard)).gather(pl.col("place")) * pl.col("frailty")
        leave = m.leave * (1.0 + m.growth * (m.hour - SINCE))
        rate = pl.when(STATE == STREET).then(leave).when(m.hour >= BACK).then(hazard).otherwise(0.0)
        change = pl.Series("change", m.random.random(len(self))) < 1.0 - (-rate).exp()
        leaves, joins = pl.col("change") & (STATE == STREET), pl.col("change") & (STATE == HOME)
        self.agents = (
            self.agents.with_columns(change=change)
            .with_columns(
                since=pl.when(joins).then(m.hour).otherwise(SINCE).cast(pl.Int32),
                back=pl.when(leaves).then(m.hour + m.rest + 1).otherwise(BACK).cast(pl.Int32),
                state=pl.when(pl.col("change")).then(1 - STATE).otherwise(STATE).cast(pl.Int8),
            )
            .drop("change")
        )

    def counts(self, hour: int, places: int) -> tuple[int, np.ndarray]:
        """How many joined in this hour, and people on the street by place."""
        on = self.agents.lazy().filter(STATE == STREET).select("place", "since").collect()
        return int((on["since"] == hour).sum()), np.bincount(on["place"].to_numpy(), minlength=places)


class Streets(ModelDF):
    """All places and everybody in them."""

    def __init__(self, world: World, place: np.ndarray, frailty: np.ndarray, seed: int):
        super().__init__(seed)
        leaving = world.s["leaving"]
        self.leave, self.growth, self.rest = leaving["per_h"], leaving["growth_per_h"], round(leaving["rest_h"])
        self.world, self.active, self.hour = world, np.zeros(len(world.people), np.int64), 0
        self.people = People(self, place, frailty)
        self.agents += self.people
        self.people = self.get_agents_of_type(People)
        self.joined = 0

    def step(self) -> None:
        """One hour."""
        self.hazard = self.world.hazard(self.active)
        self.agents.do("step")
        self.joined, self.active = self.people.counts(self.hour, len(self.active))
        self.hour += 1


def prepare(world: World, threads: int = 1):
    """Everything that does not depend on the seed; returns a function of the seed that makes one run."""
    steps, shape = world.s["size"]["hours"], world.s["hazard"]["frailty_shape"]
    place = np.repeat(np.arange(len(world.people)), world.people.astype(np.int64))

    def setup(seed: int) -> Streets:
        frailty = np.random.default_rng(seed).gamma(shape, 1.0 / shape, len(place))
        return Streets(world, place, frailty, seed)

    def run(seed: int, model: Streets | None = None) -> Result:
        model = model or setup(seed)
        joins, active = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
        for hour in range(steps):
            model.step()
            joins[hour], active[hour] = model.joined, model.active.sum()
        return Result(joins, active)

    run.setup = setup
    return run
