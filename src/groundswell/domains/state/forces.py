"""Forces: people of each unit, where it is, who is on duty, fatigue, and why some do nothing.

    on duty = d * people,   d: `on_duty` in rotation, `emergency_duty` in an emergency or where a unit was sent to,
                            `alarm_duty` where at least `alarm_people` fight in the town
    fatigue per hour: d / T_on - (1 - d) / T_off on duty, -1 / T_off off duty, never below 0
    above 1 the unit falls back and rests until it is below `release`

What calls an organ to duty stands in `organs.csv`: some are on the streets at any time, others leave their barracks
only in an emergency or when sent, some of these also under alarm. T_on = 36 h, T_off = 12 h: a rotation of three
quarters can be kept up for ever, full alarm ends in exhaustion after a day and a half. While a unit stands by, refuses
or has fallen back, it rests.

Losses of the hour before come from `engagement`: the dead stay dead, the injured return after `recovery_h` in the mean,
the disarmed after `rearming_h` to duty but without their firearms. A unit that goes home leaves its firearms behind;
one that goes over takes them to the crowd (`arms_gone_over`). Every person of a unit is in one state:

    strength = fit + injured + disarmed + gone home + gone over + dead      (allied: + not in the country)

Passivity has three causes with the same face: order, disloyalty, exhaustion. Each is logged where it acts, in people
who would be on duty, and nothing reads the logs, so that a record of passive police does not tell the cause. Of
several the first counts: order, then disloyalty, then exhaustion. Units on the way between places are nowhere and rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.domains.state.loyalty import ASIDE, HOME, OVER
from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import purpose

REARMED = purpose("forces: rearmed")  # how many of a unit's disarmed return
RECOVERED = purpose("forces: recovered")  # how many of a unit's injured return

_ORDERS = ("refusal", "stand_by", "stand_by_order", "emergency", "allied_people", "unit_station", "unit_target")
_LOSSES = ("unit_dead", "unit_injured", "unit_disarmed", "unit_arms_lost")


def duty_share(called: np.ndarray, extra: np.ndarray, alarm: np.ndarray, p: Forces.Parameters) -> np.ndarray:
    """Share of each unit on duty: 0 in barracks, in rotation, in an emergency, under alarm."""
    share = np.where(extra, max(p.emergency_duty, p.on_duty), p.on_duty)
    return np.where(called, np.where(alarm, np.maximum(share, p.alarm_duty), share), p.barracks_duty)


def tired(fatigue: np.ndarray, duty: np.ndarray, t_on: float, t_off: float, dt: float) -> np.ndarray:
    """Fatigue after `dt` hours with this share on duty."""
    return np.maximum(fatigue + dt * (duty / t_on - (1.0 - duty) / t_off), 0.0)


class Forces(Mechanism):
    """State of the units."""

    name = "forces"
    reads = (*_ORDERS, "crowd", "outsiders")
    lags = _LOSSES
    wakes = (*_ORDERS, *_LOSSES)
    writes = (
        Variable("unit_people", ("unit",), "people", "people fit and under command", keep="hour", dtype=int),
        Variable("unit_place", ("unit",), "place", "where the unit is, or where it left", keep="hour", dtype=int),
        Variable("unit_arms", ("unit",), "firearms", "firearms of the unit", dtype=int),
        Variable("unit_lost", ("unit",), "people", "people of the unit dead so far", keep="day", dtype=int),
        Variable("unit_recovering", ("unit",), "people", "people of the unit off duty with an injury", dtype=int),
        Variable("unit_unarmed", ("unit",), "people", "people of the unit off duty after being disarmed", dtype=int),
        Variable("unit_gone_home", ("unit",), "people", "people of the unit who have gone home", dtype=int),
        Variable("unit_gone_over", ("unit",), "people", "people of the unit who have gone over", dtype=int),
        Variable("fatigue", ("unit",), "1", "fatigue, above 1 the unit falls back", keep="day"),
        Variable("fallen_back", ("unit",), "1", "1: has fallen back exhausted", keep="hour"),
        Variable("unit_on_duty", ("unit",), "people", "people on duty who hold and obey", keep="hour", dtype=int),
        Variable("unit_passive", ("unit",), "people", "people on duty who do nothing, by order or refusal", dtype=int),
        Variable(
            "unit_exhausted", ("unit",), "people", "people who would be on duty if they could", keep="hour", dtype=int
        ),
        Variable("passive_order", ("place",), "people", "passive by order", keep="hour", dtype=int),
        Variable("passive_disloyalty", ("place",), "people", "passive by disloyalty", keep="hour", dtype=int),
        Variable("passive_exhaustion", ("place",), "people", "passive by exhaustion", keep="hour", dtype=int),
        Variable("gone_over", ("place",), "people", "people of the force who joined the crowd", keep="hour", dtype=int),
        Variable("arms_gone_over", ("place",), "firearms/h", "firearms taken along by those who go over", dtype=int),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of forces."""

        on_duty: float = parameter(
            0.3, unit="1", prior=Uniform(0.15, 0.5), source="assumed", about="share of a unit on duty in rotation",
            high=1,
        )  # fmt: skip
        emergency_duty: float = parameter(
            0.7, unit="1", prior=Uniform(0.3, 1), source="assumed: shifts of twelve hours and some overtime",
            about="share on duty in an emergency, and of units that were sent", high=1,
        )  # fmt: skip
        alarm_duty: float = parameter(
            1.0, unit="1", prior=Uniform(0.4, 1), source="assumed", about="share on duty when people fight in town",
            high=1,
        )  # fmt: skip
        barracks_duty: float = parameter(
            0.0, unit="1", prior=Uniform(0, 0.2), source="assumed", high=1,
            about="share on duty of organs that are not on the streets when nothing calls them",
        )  # fmt: skip
        alarm_people: float = parameter(
            20.0, unit="people", prior=LogNormal(20, 5, 100), source="assumed", about="people who fight, for an alarm"
        )
        t_on_h: float = parameter(
            36.0, unit="h", prior=LogNormal(36, 18, 72), source="assumed", about="T_on, to exhaustion on full duty"
        )
        t_off_h: float = parameter(
            12.0, unit="h", prior=Fixed("only the ratio to T_on matters much"), source="assumed",
            about="T_off, from exhaustion to rest",
        )  # fmt: skip
        release: float = parameter(
            0.5, unit="1", prior=Uniform(0.2, 0.8), source="assumed", about="fatigue at which a unit returns to duty",
            high=1,
        )  # fmt: skip
        recovery_h: float = parameter(
            168.0, unit="h", prior=LogNormal(168, 48, 600), source="assumed", about="mean time off duty of the injured"
        )
        rearming_h: float = parameter(
            24.0, unit="h", prior=LogNormal(24, 8, 96), source="assumed", about="mean time off duty of the disarmed"
        )

    def prepare(self) -> None:
        """Everybody of the state's own units is fit, rested and at home; allied contingents are abroad."""
        w, s = self.w, self.s
        units = w.units
        self.home = units.place
        self.towns = int(w.town.max()) + 1
        self.spot_town = w.town[w.spots.place]
        duty = w.organs.duty[units.organ]
        self.on_streets, self.on_alarm = duty == "streets", duty == "alarm"
        s.unit_people[:] = np.where(units.allied, 0, units.people)
        s.unit_place[:] = self.home
        s.unit_arms[:] = np.rint(units.people * units.firearm_share)
        logs = (s.passive_order, s.passive_disloyalty, s.passive_exhaustion)
        self.make_passive = (s.stand_by, s.stand_by_order, s.refusal, s.fallen_back, *logs)

    def has_work(self) -> bool:
        """Somebody may return, by luck, or enough people fight for an alarm."""
        s = self.s
        if s.unit_recovering.any() or s.unit_unarmed.any():
            return True
        return bool(s.crowd[:, 1].sum() + s.outsiders.sum() >= self.p.alarm_people)

    def step(self, now: Now) -> None:
        """Take losses and returns, place the units, call them to duty, tire them."""
        s = self.s
        self._returns(now.step)
        self._losses()
        s.unit_place[:] = np.where(s.unit_station >= 0, s.unit_station, self.home)
        self._duty()

    def _losses(self) -> None:
        """Losses of the hour before, allied contingents, and those whom a change of obedience moves."""
        s, units = self.s, self.w.units
        fit = s.unit_people
        if any(np.count_nonzero(getattr(s, name)) for name in _LOSSES):
            for flow, stock in (
                (s.unit_dead, s.unit_lost), (s.unit_injured, s.unit_recovering), (s.unit_disarmed, s.unit_unarmed)
            ):  # fmt: skip
                moved = np.minimum(flow, fit)
                fit -= moved
                stock += moved
            s.unit_arms[:] = np.maximum(s.unit_arms - s.unit_arms_lost, 0)
        s.arms_gone_over[:] = 0
        if np.count_nonzero(s.refusal) or np.count_nonzero(s.unit_gone_home):
            self._move_by_obedience(fit)
        off = s.unit_lost + s.unit_recovering + s.unit_unarmed + s.unit_gone_home + s.unit_gone_over
        fit[:] = np.where(units.allied, np.maximum(s.allied_people.astype(np.int64) - off, 0), fit)

    def _returns(self, step: int) -> None:
        """Those who are well or armed again return."""
        from groundswell.engine.random import binomial  # brings in the compiler, which declarations do not need

        s, p = self.s, self.p
        for stock, mean_h, luck in (
            (s.unit_recovering, p.recovery_h, RECOVERED), (s.unit_unarmed, p.rearming_h, REARMED)
        ):  # fmt: skip
            if np.count_nonzero(stock):
                who = np.flatnonzero(stock)
                back = binomial(self.seed, luck, who, step, stock[who], -np.expm1(-self.dt / mean_h))
                stock[who] -= back
                s.unit_people[who] += back

    def _move_by_obedience(self, fit: np.ndarray) -> None:
        s = self.s
        home, over = s.refusal == HOME, s.refusal == OVER
        new = over & (fit > 0)
        if new.any():
            s.arms_gone_over[:] = np.bincount(s.unit_place[new], s.unit_arms[new], self.w.places)
            s.unit_arms[new] = 0
        s.unit_gone_over[over] += fit[over]
        s.gone_over[:] = np.bincount(s.unit_place, s.unit_gone_over, self.w.places)
        fit[over] = 0
        whole = fit + s.unit_gone_home
        s.unit_gone_home[:] = np.where(home, whole, 0)
        fit[:] = np.where(home, 0, whole)

    def _duty(self) -> None:
        """Who is on duty, who is passive and why, and what it does to fatigue."""
        w, s, p = self.w, self.s, self.p
        there = s.unit_target < 0
        fighting = np.bincount(self.spot_town, s.crowd[:, 1] + s.outsiders, self.towns)
        alarm = (fighting >= p.alarm_people)[w.town[s.unit_place]]
        extra = (s.emergency[s.unit_place] > 0) | (s.unit_station >= 0) | w.units.allied
        called = self.on_streets | extra | (self.on_alarm & alarm)
        duty = duty_share(called, extra, alarm, p) * there
        on = np.floor(duty * s.unit_people + 0.5).astype(np.int64)
        if any(np.count_nonzero(x) for x in self.make_passive):  # a log of the hour before has to be cleared too
            on, duty = self._passive(on, duty)
        s.unit_on_duty[:] = on
        s.fatigue[:] = tired(s.fatigue, duty, p.t_on_h, p.t_off_h, self.dt)
        s.fallen_back[:] = np.where(s.fallen_back > 0, s.fatigue >= p.release, s.fatigue > 1.0 + 1e-9)

    def _passive(self, on: np.ndarray, duty: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """People and share on duty without those who do nothing, who are logged by cause."""
        s = self.s
        ordered = (s.stand_by > 0) | (s.stand_by_order[s.unit_place] > 0)
        disloyal = (s.refusal > 0) & ~ordered
        exhausted = (s.fallen_back > 0) & ~ordered & ~disloyal
        works = ~(ordered | disloyal | exhausted)
        s.unit_exhausted[:] = on * exhausted
        s.unit_passive[:] = on * (ordered | (disloyal & (s.refusal == ASIDE)))
        self._log(duty, ordered, disloyal)
        return on * works, duty * works

    def _log(self, duty: np.ndarray, ordered: np.ndarray, disloyal: np.ndarray) -> None:
        """Who would be on duty and is passive, by cause; read by nobody."""
        s, places = self.s, self.w.places
        would = np.floor(duty * (s.unit_people + s.unit_gone_home + s.unit_gone_over) + 0.5)
        s.passive_order[:] = np.bincount(s.unit_place, would * ordered, places)
        s.passive_disloyalty[:] = np.bincount(s.unit_place, would * disloyal, places)
        s.passive_exhaustion[:] = np.bincount(s.unit_place, s.unit_exhausted, places)
