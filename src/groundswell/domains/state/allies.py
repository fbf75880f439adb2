"""Allied troops: the appeal, the decision, arrival, what their presence does, departure, and what is left of it.

    asked    = first hour of the appeal
    prepared = hour at which they begin of their own accord: at `initiative` per hour, until they are asked, while
               regions with a crowd >= watch_regions or sites lost >= watch_sites;   ready = prepared + decision_h
    decided  = asked + decision_h, if they accept;  max(asked, ready), if they accept and have prepared;
               ready, with chance `unasked`, if they have prepared
    first    = decided + least arrive - min(decided - ready, readiness * least arrive);   the others as much later as
               their rows say
    contingent u is there from arrival_u;  from departure on all shrink in a straight line to 0
    freed_p  = min(freed_people * guards present in p / guards planned, guards present in p)
    cost_p  += presence_cost * share of the contingents meant for p that is there
    resented: dr/dt = (b * share present - r) / T_r, everywhere alike;   urge += r

An order is not an outcome: without an appeal nobody comes, even where the record has an arrival, unless `unasked` is
above 0. By default allies do nothing of their own accord either (`initiative` 0): who organised the coming is disputed.
Where the record's measure `arrival` is in force and the decision is not later than it, the first contingent comes at
its hour, in numbers scaled to the record's; else each comes its own `arrive_h` after the decision, less what was got
ready before it. What allies watch are crowds and sites as they stood when the hour began. Where the record's measure
`departure` is in force and later than the arrival, they leave between its hours; else `stays_h` after the first
arrival, within `leaving_h`.

Their presence is a signal to factions (`allied_share`). A guard frees at most one of the home security staff for other
tasks, `freed_people` in all. People of the places where they stand find coming out dearer. Resentment of foreign troops
takes months and is the same for everybody, whatever their language or nationality. Duties of an ally, its price and its
home motives are not here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import MONTH_H, Now
from groundswell.engine.mechanism import Mechanism, Variable, approach, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import purpose

ALLIES = purpose("allies: answer")  # whether allies who are asked come
# When allies begin to prepare of their own accord, and whether they come unasked.
ALLIES_OWN = purpose("allies: own accord")


def staying(hour: float, leaves_h: float, leaving_h: float) -> float:
    """Share that has not left: 1 until `leaves_h`, then a straight line to 0 within `leaving_h`."""
    return min(max(1.0 - (hour - leaves_h) / leaving_h, 0.0), 1.0)


class Allies(Mechanism):
    """Allied contingents: whether and when they come, and what their presence does."""

    name = "allies"
    needs = ("allies",)
    lags = ("appeal", "on_street", "sites_lost")
    writes = (
        Variable("asked", (), "h", "hour of the appeal to allies, nan: none", np.nan, keep="hour"),
        Variable("prepared", (), "h", "hour at which allies began to prepare unasked, nan: not", np.nan, keep="hour"),
        Variable("decided", (), "h", "hour at which allies decided to come, nan: not", np.nan, keep="hour"),
        Variable("ally_clock", (), "1", "integrated hazard of allies to prepare of their own accord"),
        Variable("allied_people", ("unit",), "people", "people of allied contingents present", keep="hour"),
        Variable("allied_share", (), "1", "share of the planned contingents present"),
        Variable("freed_people", ("place",), "people", "security staff that allied guards free", keep="hour"),
        Variable("resentment", ("place",), "log-hazard", "resentment of foreign troops", keep="day"),
    )
    adds = ("urge", "cost")

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of allies."""

        acceptance: float = parameter(
            1.0, unit="1", prior=Uniform(0, 1), source="assumed", high=1,
            about="chance that allies who are asked decide to come",
        )  # fmt: skip
        decision_h: float = parameter(
            6.0, unit="h", prior=LogNormal(6, 2, 24), source="assumed", about="time from the appeal to the decision"
        )
        initiative: float = parameter(
            0.0, unit="1/h", prior=Uniform(0, 1), source="assumed none",
            about="rate at which allies begin to prepare unasked, while what they watch is there",
        )  # fmt: skip
        watch_regions: float = parameter(
            5.0, unit="regions", prior=LogNormal(5, 2, 12), source="assumed",
            about="regions with a crowd that move allies to prepare",
        )  # fmt: skip
        watch_sites: float = parameter(
            1.0, unit="sites", prior=Uniform(1, 5), source="assumed", low=0,
            about="sites in the crowd's hands that move allies to prepare",
        )  # fmt: skip
        crowd_people: float = parameter(
            50.0, unit="people", prior=Fixed("see government"), source="assumed", low=0,
            about="people of a place on the street that count as a crowd, at the scale of the country",
        )  # fmt: skip
        readiness: float = parameter(
            0.5, unit="1", prior=Uniform(0, 1), source="assumed", high=1,
            about="share of the time from the decision to the first arrival that can be spent before the decision",
        )  # fmt: skip
        unasked: float = parameter(
            0.0, unit="1", prior=Uniform(0, 1), source="assumed none; the record has an appeal", high=1,
            about="chance that allies who have prepared come without being asked",
        )  # fmt: skip
        stays_h: float = parameter(
            168.0, unit="h", prior=LogNormal(168, 72, 720), source="assumed", about="time from arrival to departure"
        )
        leaving_h: float = parameter(
            144.0, unit="h", prior=LogNormal(144, 48, 288), source="assumed", about="time within which all leave"
        )
        freed_people: float = parameter(
            unit="people", prior=Fixed("a published figure"), source="the case", low=0, required="allies",
            about="security staff that all guards together free, at the scale of the country",
        )  # fmt: skip
        presence_cost: float = parameter(
            0.3, unit="log-hazard", prior=Uniform(0, 1), source="assumed",
            about="cost of coming out where allied troops stand",
        )  # fmt: skip
        resentment: float = parameter(
            0.25, unit="log-hazard", prior=Uniform(0, 0.5), source="assumed",
            about="b, urge by foreign troops that stay for good",
        )  # fmt: skip
        resentment_months: float = parameter(
            3.0, unit="month", prior=LogNormal(3, 1, 12), source="assumed", about="T_r, time in which it builds up"
        )

    def prepare(self) -> None:
        """The recorded arrival and departure, and the contingents at the size that is meant to come."""
        w, a = self.w, self.w.allies
        recorded = {m.kind: m for m in reversed(w.measures) if m.kind in ("arrival", "departure")}
        self.arrival, self.departure = recorded.get("arrival"), recorded.get("departure")
        size = a.people.astype(float)
        if self.arrival is not None and not np.isnan(self.arrival.value) and size.sum() > 0:
            size *= self.arrival.value * w.cells.people_scale / size.sum()
        self.people = np.rint(size)
        self.total = float(self.people.sum())
        self.meant = np.maximum(np.bincount(a.place, self.people, w.places), 1.0)
        guards = float(self.people[a.guard].sum())
        self.freed = min(self.p.freed_people * w.cells.people_scale / max(guards, 1.0), 1.0) * a.guard
        self.closes = float(approach(self.p.resentment_months * MONTH_H, self.dt))

    def step(self, now: Now) -> None:
        """Whoever has come and not left, and what their presence does this hour."""
        s, p, a = self.s, self.p, self.w.allies
        if np.isnan(s.asked) and s.appeal > 0:
            s.asked[...] = now.hour - self.dt  # the appeal stood when the step before began
        if p.initiative > 0 and np.isnan(s.asked) and np.isnan(s.prepared):
            self._watch(now.hour)
        if np.isnan(s.decided):
            hour = self._decision()
            if now.hour < hour:
                return
            s.decided[...] = hour
        if not self.total:
            return
        here = np.rint(self._present(now.hour))
        s.allied_people[a.unit] = here
        s.allied_share[...] = here.sum() / self.total
        s.freed_people[:] = np.bincount(a.place, self.freed * here, self.w.places)
        if s.allied_share > 0:
            s.cost += p.presence_cost * np.bincount(a.place, here, self.w.places) / self.meant
        s.resentment += self.closes * (p.resentment * float(s.allied_share) - s.resentment)
        s.urge += s.resentment[self.w.group_place]

    def _watch(self, hour: float) -> None:
        """Begin to prepare unasked, sooner or later, while the crisis is large enough."""
        s, p, w = self.s, self.p, self.w
        crowds = s.on_street >= p.crowd_people * w.cells.people_scale
        if len(np.unique(w.region[crowds])) >= p.watch_regions or s.sites_lost.sum() >= p.watch_sites:
            s.ally_clock += p.initiative * self.dt
            if s.ally_clock >= self.exponential(ALLIES_OWN, 0, 0):
                s.prepared[...] = hour

    def _decision(self) -> float:
        """Hour of the decision to come, as things stand; inf: none."""
        s, p = self.s, self.p
        asked, ready = float(s.asked), float(s.prepared) + p.decision_h
        if not np.isnan(ready) and p.unasked > 0 and self.uniform(ALLIES_OWN, 1, 0) <= p.unasked:
            return ready
        if np.isnan(asked) or self.uniform(ALLIES, 0, 0) > p.acceptance:
            return np.inf
        return asked + p.decision_h if np.isnan(ready) else max(asked, ready)

    def _ahead(self) -> float:
        """Hours by which the first contingent is nearer for what was got ready before the decision."""
        s, p = self.s, self.p
        if np.isnan(s.prepared):
            return 0.0
        waited = max(float(s.decided - s.prepared) - p.decision_h, 0.0)
        return min(waited, p.readiness * float(self.w.allies.arrive_h.min()))

    def _present(self, hour: float) -> np.ndarray:
        """People of each contingent who are there."""
        p, arrive = self.p, self.w.allies.arrive_h
        decided = float(self.s.decided)
        if self.arrival is not None and decided <= self.arrival.start_h:
            first, later = self.arrival.start_h, arrive - arrive.min()
        else:
            first, later = decided + float(arrive.min()) - self._ahead(), arrive - arrive.min()
        leaves, within = first + p.stays_h, p.leaving_h
        if self.departure is not None and self.departure.end_h is not None and self.departure.start_h > first:
            leaves = self.departure.start_h
            within = max(self.departure.end_h - leaves, self.dt)
        if hour < first or hour >= leaves + within:
            return np.zeros(len(arrive))
        return self.people * (hour >= first + later) * staying(hour, leaves, within)
