"""Words of powers abroad: what each said, for or against those who govern, and how long it counts.

    power_signal = sum_i stance_i * stake_i * 2**(-(t - said_i) / half_life),   said_i <= t

stance_i in -1..1: against .. for the government; stake_i in 0..1: what the power has to lose in the country. That a
stake makes a power speak for order is a reading of the rows, not a rule here: a row may say otherwise. A medium that
speaks for a power is a row like any other. The signal enters what factions believe; crowds do not hear it here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import LogNormal


def standing(worth: np.ndarray, said_h: np.ndarray, hour: float, half_life_h: float) -> float:
    """Sum of words spoken by an hour, each halving from when it was said."""
    age = hour - said_h
    return float((worth * np.exp2(-np.maximum(age, 0.0) / half_life_h))[age >= 0].sum())


class Powers(Mechanism):
    """What powers abroad say."""

    name = "powers"
    needs = ("powers",)
    writes = (Variable("power_signal", (), "1", "words of powers abroad, by stance and stake", keep="hour"),)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the words of powers."""

        half_life_h: float = parameter(
            72.0, unit="h", prior=LogNormal(72, 24, 240), source="assumed", about="half-life of a word"
        )

    def prepare(self) -> None:
        """What each word weighs, and when the first is said."""
        self.worth = self.w.powers.stance * self.w.powers.stake_index
        self.first_h = float(self.w.powers.said_h.min(initial=np.inf))

    def step(self, now: Now) -> None:
        """Words that stand this hour."""
        if now.hour >= self.first_h:
            self.s.power_signal[...] = standing(self.worth, self.w.powers.said_h, now.hour, self.p.half_life_h)
