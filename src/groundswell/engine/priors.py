"""Priors of parameters as data: what inference draws from, and what the documentation prints."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

_STANDARD = NormalDist()


@dataclass(frozen=True)
class Uniform:
    """Uniform between low and high."""

    low: float
    high: float

    def quantile(self, u: float) -> float:
        """The value below which a share u in (0, 1) of the prior lies."""
        return self.low + (self.high - self.low) * u

    def __str__(self) -> str:
        return f"U({self.low:g}, {self.high:g})"


@dataclass(frozen=True)
class LogNormal:
    """Lognormal given by its median and its central 90 percent range (ends need not be symmetric in the log)."""

    median: float
    low: float
    high: float

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm: the range spans 2 x 1.645 of them."""
        return math.log(self.high / self.low) / (2 * 1.6448536269514722)

    def quantile(self, u: float) -> float:
        """The value below which a share u in (0, 1) of the prior lies."""
        return self.median * math.exp(self.sigma * _STANDARD.inv_cdf(u))

    def __str__(self) -> str:
        return f"LN({self.median:g}; {self.low:g}, {self.high:g})"


@dataclass(frozen=True)
class Normal:
    """Normal with mean and standard deviation."""

    mean: float
    sd: float

    def quantile(self, u: float) -> float:
        """The value below which a share u in (0, 1) of the prior lies."""
        return self.mean + self.sd * _STANDARD.inv_cdf(u)

    def __str__(self) -> str:
        return f"N({self.mean:g}, {self.sd:g})"


@dataclass(frozen=True)
class Fixed:
    """Not free: set by convention because it cannot be told apart from another parameter, or a table."""

    why: str

    def __str__(self) -> str:
        return f"fixed ({self.why})"


Prior = Uniform | LogNormal | Normal | Fixed
