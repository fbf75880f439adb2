"""The distance of a run from the statements that a calibration fits.

    I_o = distance of observation o from the nearest claim, in errors of reporting and discrepancy (`record.score`)
    d   = sqrt(mean over o of min(I_o, CAP)^2); of several seeds the root of the mean of d^2

One statement that cannot be met counts CAP and no more: texts contradict each other, and a run that misses one thing by
far is no worse than one that misses it. Of contradicting claims the nearest counts, so a run need not meet both. What
cannot be said of a run (a share of nothing, two events that never came) counts CAP too, or a run without any crisis
would be spared what it lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from groundswell.engine.observable import at_first
from groundswell.observe.registry import RECORDED
from groundswell.record import Record
from groundswell.record.measure import Measured
from groundswell.record.score import claim_bounds, distance

CAP = 4.0


def fitted(record: Record, hours: float) -> tuple[str, ...]:
    """Ids of the observations that are fitted: use `fit`, scored under scripted measures, stated, ended in time."""
    stated = {c.observation for c in record.claims if c.value is not None}
    return tuple(
        o.id for o in record.observations
        if o.use == "fit" and o.scored and o.mode == "both" and o.id in stated and o.end_h <= hours + 1e-9
    )  # fmt: skip


@dataclass(frozen=True)
class Target:
    """The part of a record that is fitted: `record` holds these observations, those they are the order of, no other.

    Args:
        record: cut to what is looked at.
        ids: the fitted observations, F of them.
    """

    record: Record
    ids: tuple[str, ...]

    @cached_property
    def at(self) -> np.ndarray:
        """(F,) places of the fitted observations in the record."""
        return np.array([self.record.index[id] for id in self.ids], int)

    @cached_property
    def end_h(self) -> np.ndarray:
        """(F,) hour at which the value of each is final."""
        of = {o.id: o.end_h for o in self.record.observations}
        return np.array([max([of[id], *(of[x] for x in self.record.observation(id).of)]) for id in self.ids])

    @cached_property
    def firsts(self) -> np.ndarray:
        """(F,) whether it is the hour at which something happens first, so that a late one is known to be late."""
        seen = [self.record.observation(id) for id in self.ids]
        return np.array([o.form == "hour" and o.kind in RECORDED and RECORDED[o.kind].when is at_first for o in seen])

    @cached_property
    def latest_h(self) -> np.ndarray:
        """(F,) last hour that any claim allows; infinite where there is no such limit."""
        of, _, high = claim_bounds(self.record)
        out = np.full(len(self.record), -np.inf)
        np.maximum.at(out, of, high)
        return np.where(self.firsts, out[self.at], np.inf)

    def final(self, measured: Measured) -> np.ndarray:
        """(F,) capped distances of a run that was played to the end of the last window."""
        far = distance(measured.values, measured.dark, self.record)[self.at]
        return np.where(np.isnan(far), CAP, np.minimum(far, CAP))

    def so_far(self, measured: Measured, now_h: float) -> tuple[np.ndarray, np.ndarray]:
        """(F,) capped distances that a run cannot fall below any more, and whether each is final.

        What ended is final. Of the hour of a first event what is too late already counts, with the largest error that
        a cut network could give.
        """
        known = self.end_h <= now_h + 1e-9
        far = np.where(known, self.final(measured), 0.0)
        late = ~known & (self.latest_h < now_h)
        if late.any():
            values = np.full(len(self.record), np.nan)
            values[self.at] = np.where(np.isfinite(measured.values[self.at]), measured.values[self.at], now_h)
            waited = np.nan_to_num(distance(values, np.ones(len(values)), self.record)[self.at])
            too_late = late & (values[self.at] > self.latest_h)
            far = np.where(too_late, np.minimum(waited, CAP), far)
        return far, known


def target_of(record: Record, ids: Sequence[str]) -> Target:
    """What is looked at of a record."""
    wanted = set(ids)
    wanted |= {id for o in record.observations if o.id in wanted for id in o.of}
    seen = tuple(o for o in record.observations if o.id in wanted)
    claims = tuple(c for c in record.claims if c.observation in set(ids))
    return Target(replace(record, observations=seen, claims=claims, _masks={}), tuple(ids))


def mean_of(far: np.ndarray) -> float:
    """Root mean square of capped distances."""
    return float(np.sqrt(np.mean(np.square(far))))
