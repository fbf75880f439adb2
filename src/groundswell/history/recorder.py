"""The record of a run while it is played: every kept variable, hour by hour or at midnight."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from groundswell.engine.simulation import Simulation


class Recorder:
    """Arrays (time, *dims) of the variables that ask to be kept; counts as int32, the rest as float32."""

    def __init__(self, simulation: Simulation, steps: int):
        s = simulation.state
        self.per_day = round(24 / s.step_h)
        self.steps = steps
        self.hourly: dict[str, np.ndarray] = {}
        self.daily: dict[str, np.ndarray] = {}
        stored = {int: np.int32, float: np.float32}
        # not np.zeros, which leaves it to the run to fetch the memory, page by page
        self._blocks = {kind: np.full((steps, len(block)), 0, stored[kind]) for kind, block in s.hourly.items()}
        for v in s.variables.values():
            shape = [s.sizes[d] for d in v.dims]
            if v.keep == "hour":  # a view: an hour is one row of its block
                self.hourly[v.name] = self._blocks[v.dtype][:, s.spans[v.name]].reshape(steps, *shape)
            elif v.keep == "day":
                self.daily[v.name] = np.zeros((-(-steps // self.per_day), *shape), stored[v.dtype])

    def take(self, simulation: Simulation) -> None:
        """Keep the state after the step just played."""
        s, step = simulation.state, simulation.step - 1
        for kind, block in self._blocks.items():
            block[step] = s.hourly[kind]
        if step % self.per_day == 0:
            for name, store in self.daily.items():
                store[step // self.per_day] = getattr(s, name)

    def arrays(self, step: int) -> dict[str, np.ndarray]:
        """What has been kept before a step, for a checkpoint."""
        days = -(-step // self.per_day)
        out = {f"hourly/{k}": v[:step] for k, v in self.hourly.items()}
        return out | {f"daily/{k}": v[:days] for k, v in self.daily.items()}

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take up what a checkpoint had kept."""
        for prefix, stores in (("hourly/", self.hourly), ("daily/", self.daily)):
            for name, store in stores.items():
                kept = arrays[prefix + name]
                store[: len(kept)] = kept

    def digest(self, step: int) -> str:
        """SHA-256 over names and bytes of all that was kept: equal for equal results, whatever the time taken."""
        h = hashlib.sha256()
        for name, array in sorted(self.arrays(step).items()):
            h.update(f"{name} {array.shape} {array.dtype}\n".encode())
            h.update(np.ascontiguousarray(array).tobytes())
        return h.hexdigest()
