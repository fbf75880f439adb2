"""Risk and deterrence: fear of the force that is present and memory of harm seen here.

    q_p = 1 - exp(-k * F*_s / (C_s + C_0))                     perceived risk of arrest, k = 2.3 (Epstein 2002)
    Q_p += harmed / (present + harmed + n_0), halves every 24 h, at most 1;  harmed: killed, injured or arrested
    cost_p += rho * (q_p + Q_p)

s is the spot where the peaceful crowd of p stands, at rest its assembly point; F* the effective force there (posture
and numbers), C all people there, wherever they are from; while the crowd is on the way there is no force. The division
is real, not floored. k makes q = 0.9 for one officer and one person at C_0 = 1, which is Epstein's form. C_0 are the
people whom one expects to have beside oneself, n_0 those whose fate is weighed beside that of the people present: both
shrink what a few people show towards what is known of many (a rate with a prior of n_0 cases: Efron & Morris 1975), so
that one arrest among hardly anybody is not read as certain harm. Presence enters q only, arrests and injuries Q
only, a curfew neither. Q is a share, on the same scale as q: counted per 1,000 present, a single arrest in a small
crowd would outweigh everything. Deterrence near and now, backlash wide and later, as two channels with priors of their
own: Lichbach (1987), Opp & Roehl (1990).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal


def arrest_probability(force: np.ndarray, crowd: np.ndarray, k: float = 2.3, company: float = 1.0) -> np.ndarray:
    """Perceived probability of arrest, 1 - exp(-k F / (C + C_0)); Epstein's C_0 is 1, the person who considers it."""
    return -np.expm1(-k * np.asarray(force, float) / (np.asarray(crowd, float) + company))


class Risk(Mechanism):
    """Cost of risk by place."""

    name = "risk"
    reads = ("force_effective", "crowd_faced")
    lags = ("on_street", "arrested", "injured", "dead")
    writes = (
        Variable("risk", ("place",), "1", "perceived risk of arrest", keep="hour"),
        Variable("deterrence", ("place",), "1", "remembered share of those present who were harmed", keep="hour"),
    )
    adds = ("cost",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of risk."""

        k: float = parameter(
            2.3,
            unit="1",
            prior=Fixed("published value"),
            source="Epstein (2002): q = 0.9 at one to one",
            about="k",
            state="derived",
        )
        aversion: float = parameter(
            2.0, unit="log-hazard", prior=LogNormal(2, 0.5, 5), source="assumed", about="rho, cost of certain harm"
        )
        few: float = parameter(
            20.0, unit="people", prior=LogNormal(20, 10, 80), source="assumed", low=0.0,
            about="n_0, people whose fate is weighed beside that of those present",
        )  # fmt: skip
        company: float = parameter(
            9.0, unit="people", prior=LogNormal(9, 3, 40), source="assumed", about="C_0, company that one expects"
        )
        memory_h: float = parameter(
            24.0, unit="h", prior=LogNormal(24, 6, 72), source="assumed", about="half-life of Q"
        )

    def prepare(self) -> None:
        """How fast harm is forgotten."""
        self.fade = decay(self.p.memory_h, self.dt)

    def step(self, now: Now) -> None:
        """Risk of this hour; harm of the hour before enters the memory."""
        p, s = self.p, self.s
        s.risk[:] = arrest_probability(s.force_effective, s.crowd_faced, p.k, p.company)
        harmed = s.arrested + s.injured + s.dead
        s.deterrence *= self.fade
        s.deterrence += harmed / np.maximum(s.on_street + harmed + p.few, 1)
        np.minimum(s.deterrence, 1.0, out=s.deterrence)
        s.cost += p.aversion * (s.risk + s.deterrence)
