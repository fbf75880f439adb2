"""Priors of parameters as data: what inference draws from, and what the documentation prints."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from statistics import NormalDist

_STANDARD = NormalDist()
_TEXT = re.compile(r"(U|LN|N)\(([^()]*)\)")


@dataclass(frozen=True)
class Uniform:
    """Uniform between low and high."""

    low: float
    high: float

    def quantile(self, u: float) -> float:
        """The value below which a share u in (0, 1) of the prior lies."""
        return self.low + (self.high - self.low) * u

    def below(self, x: float) -> float:
        """Share of the prior below x."""
        return min(max((x - self.low) / (self.high - self.low), 0.0), 1.0)

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

    def below(self, x: float) -> float:
        """Share of the prior below x."""
        return 0.0 if x <= 0.0 else _STANDARD.cdf(math.log(x / self.median) / self.sigma)

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

    def below(self, x: float) -> float:
        """Share of the prior below x."""
        return _STANDARD.cdf((x - self.mean) / self.sd)

    def __str__(self) -> str:
        return f"N({self.mean:g}, {self.sd:g})"


@dataclass(frozen=True)
class Fixed:
    """Not free: set by convention because it cannot be told apart from another parameter, or a table."""

    why: str

    def __str__(self) -> str:
        return f"fixed ({self.why})"


Drawn = Uniform | LogNormal | Normal
Prior = Drawn | Fixed


def prior_of(text: str) -> Drawn:
    """The prior that a text such as "U(0, 1)", "LN(2; 1, 4)" (median; 5 %, 95 %) or "N(0, 0.5)" (mean, sd) stands for.

    Raises:
        ValueError: for another text, or one whose numbers make no distribution.
    """
    found = _TEXT.fullmatch(text.replace(" ", ""))
    numbers = [float(x) for x in re.split("[;,]", found[2])] if found else []
    if found and all(map(math.isfinite, numbers)):
        if found[1] == "U" and len(numbers) == 2 and numbers[0] < numbers[1]:
            return Uniform(*numbers)
        if found[1] == "LN" and len(numbers) == 3 and 0 < numbers[1] < numbers[0] < numbers[2]:
            return LogNormal(*numbers)
        if found[1] == "N" and len(numbers) == 2 and numbers[1] > 0:
            return Normal(*numbers)
    raise ValueError(text)
