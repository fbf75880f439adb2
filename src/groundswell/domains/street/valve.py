"""The valve: grievance that finds no outlet is stored; channels and action discharge it.

    dP_g/dt = kappa * H_g - (delta + phi_v * v) * P_g - phi_a * a_p * P_g ;   P_g *= relief_p
    urge_g += b_P * (P_g - P_ref) - theta_c * (v_ref - v)
    small legal actions of a place: Poisson at phi_s * v * mean(P) per month

v in 0..1 is how open legal channels are (unions, parties, press, courts, elections). With discharge by action and by
channels, and small action made dearer by closure, outbursts can become rarer or more frequent, larger or smaller as
the valve closes: neither sign is built in. P is in units of the log-hazard; P_ref, its national mean at the start, is
a convention, since only differences matter beside the threshold.

At the start P_g = max(0, P_ref + spread * index_g + kappa * (B_g - mean(B))), where B_g is the hardship of the months
before, added up (`hardship`), and index_g is a population-weighted z-score made of four columns in equal parts: layoffs
announced over adults, renters, income against the region's wage (negative) and the tradition of organising. Stored
grievance released in bursts: Biggs (2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import MONTH_H, Now
from groundswell.engine.hazard import HazardClock, clock_variables
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import purpose

LEGAL = purpose("valve: legal action")  # small legal actions


class Valve(Mechanism):
    """Stored pressure by group."""

    name = "valve"
    reads = ("hardship", "hardship_before", "relief")
    lags = ("on_street",)
    writes = (
        Variable("pressure_group", ("group",), "log-hazard", "stored pressure", keep="day"),
        Variable("pressure", ("livelihood",), "log-hazard", "mean stored pressure", keep="hour"),
        Variable("legal_actions", ("place",), "actions/h", "small legal actions", keep="hour"),
        *clock_variables("legal", ("place",), "small legal action"),
    )
    adds = ("urge", "own_grievance")
    at_start = ("spread", "reference")

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of the valve."""

        b_pressure: float = parameter(
            1.0, unit="1", prior=Fixed("scale of P"), source="convention", about="weight of stored pressure, b_P"
        )
        reference: float = parameter(
            2.0, unit="log-hazard", prior=Fixed("not identifiable beside theta"), source="convention",
            about="national mean of P at the start, P_ref",
        )  # fmt: skip
        spread: float = parameter(
            0.75, unit="log-hazard", prior=Uniform(0, 1.5), source="assumed", about="spread of P at the start"
        )
        inflow: float = parameter(
            1.0,
            unit="log-hazard/month",
            prior=LogNormal(1, 0.3, 3),
            source="assumed",
            about="kappa, per unit of hardship",
        )
        fading: float = parameter(
            0.02, unit="1/month", prior=LogNormal(0.02, 0.005, 0.1), source="assumed", about="delta"
        )
        through_channels: float = parameter(
            0.15, unit="1/month", prior=Uniform(0, 0.3), source="assumed", about="phi_v, discharge by open channels"
        )
        through_action: float = parameter(
            0.5,
            unit="1/h",
            prior=LogNormal(0.5, 0.15, 1.5),
            source="assumed",
            about="phi_a, discharge per share active",
        )
        opening: float = parameter(0.2, unit="1", prior=Uniform(0, 1), source="assumed", about="v")
        reference_opening: float = parameter(
            0.2, unit="1", prior=Fixed("year to which theta was set"), source="convention", about="v_ref"
        )
        closure_cost: float = parameter(1.0, unit="log-hazard", prior=Uniform(0, 2), source="assumed", about="theta_c")
        legal_rate: float = parameter(
            0.15, unit="1/month", prior=LogNormal(0.15, 0.05, 0.5), source="assumed", about="phi_s, small legal actions"
        )

    def prepare(self) -> None:
        """Stored pressure at the start, from the case's columns."""
        w, p = self.w, self.p
        index = (
            _zscore(self._layoffs(), w.adults)
            + _zscore(w.place("renter_share"), w.adults)
            - _zscore(np.log(w.place("income_month") / self._region_wage()), w.adults)
            + _zscore(w.place("organising_tradition_index"), w.adults)
        )
        index = _zscore(index, w.adults)
        g = w.cells.groups
        self.size = np.maximum(g.size * g.at_risk, 0)
        before = self.s.hardship_before
        stored = p.inflow * (before - np.average(before, weights=np.maximum(self.size, 1e-9)))
        self.s.pressure_group[:] = np.maximum(0.0, p.reference + p.spread * index[w.group_place] + stored)
        self.kinds = len(w.livelihood_id)
        self.by_kind = np.maximum(np.bincount(g.livelihood, self.size, self.kinds), 1)
        self.adults = np.maximum(w.adults, 1)
        self.legal = HazardClock(self, "legal", LEGAL, carry=True)

    def _layoffs(self) -> np.ndarray:
        w = self.w
        announced = np.bincount(w.place_of_enterprise, w.enterprise("layoffs_announced_people"), w.places)
        return np.minimum(announced / np.maximum(w.adults, 1), 1.0)

    def _region_wage(self) -> np.ndarray:
        return np.maximum(self.w.case.tables["regions"].column("avg_wage_month")[self.w.region].astype(float), 1e-9)

    def step(self, now: Now) -> None:
        """Store, discharge, and count small legal actions."""
        w, p, s, place = self.w, self.p, self.s, self.w.group_place
        share = s.on_street / self.adults
        out = (p.fading + p.through_channels * p.opening) / MONTH_H + p.through_action * share
        s.pressure_group *= s.relief[place]
        s.pressure_group += p.inflow / MONTH_H * s.hardship * self.dt
        s.pressure_group *= np.exp(-out * self.dt)[place]
        own = p.b_pressure * (s.pressure_group - p.reference)
        s.own_grievance += own
        s.urge += own - p.closure_cost * (p.reference_opening - p.opening)
        stored = s.pressure_group * self.size
        s.pressure[:] = np.bincount(w.cells.groups.livelihood, stored, self.kinds) / self.by_kind
        mean = np.bincount(place, stored, w.places) / self.adults
        s.legal_actions[:] = 0.0
        for i in self.legal.passed(p.legal_rate * p.opening * mean / MONTH_H * self.dt):
            while s.legal_clock[i] >= s.legal_next[i]:
                s.legal_actions[i] += 1.0
                self.legal.turn(i)


def _zscore(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Population-weighted z-score; zeros where nothing differs."""
    x = np.asarray(x, float)
    mean = np.average(x, weights=weight)
    sd = np.sqrt(np.average((x - mean) ** 2, weights=weight))
    return (x - mean) / sd if sd > 1e-12 else np.zeros_like(x)
