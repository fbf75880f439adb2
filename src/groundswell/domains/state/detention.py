"""Detention from home: known organisers before they act, mass arrests afterwards.

    known organisers of a place:  K_p = per_1000 * organising tradition index * adults / 1000
    taken per hour:               K_p * share ordered / span_h,  until the share ordered is held
    organisers_free_p = 1 - held organisers / K_p
    urge_g += -(1 - organisers_free_p) * (calls + coordination * ln(1 + a_p / a_0)),   a_p: share of adults out
    mass arrests per day:         min(rate * people who have been out, what the region can still process),
                                  shared within the region by people who have been out
    capacity of a region per day: per_officer * force on duty there (the army apart);  of it in use: those arrested or
                                  taken, fading with `process_h`;  arrest_room = what is not in use, 0..1

Pre-emptive policing: activists are held as they leave home. Repression before dissent shapes what repression after it
can show (Ritter & Conrad 2016); where it hit the work of organising, dissent fell, where it hit protest under way,
dissent grew (Sullivan 2016). What organisers add is of two kinds: they call people out, and they turn a crowd that is
there into one that grows, as a part of the weight of the local crowd (`joining`). `organisers_free` also enters the
discipline of the organised (`fighting`). Those held come free together, `hold_h` after the mean hour of their arrest.

Whoever is arrested has to be moved, booked and guarded, so that the more were arrested in a region of late, the fewer
more can be: on the street (`engagement` multiplies its rates by `arrest_room`) as from home.

Mass arrests take people who were on the street and are home again; the engine picks them by lot, and fewer where there
are not so many. How many follows from turnout and from the force (the army apart), never from a recorded figure. They
end with their order, and where an emergency has been lifted. People of a place who have been out: spells on the street
so far, less those arrested or taken. Nationality and language play no part in either.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform


class Detention(Mechanism):
    """People to be taken from home, and what their absence does."""

    name = "detention"
    reads = ("detain_share", "mass_arrests_scope", "emergency", "unit_on_duty", "unit_place")
    lags = ("hold_h", "joined", "arrested", "taken", "on_street")
    writes = (
        Variable("detain_known", ("place",), "people/h", "known organisers to be taken from home", dtype=int),
        Variable("detain_past", ("place",), "people/h", "people once on the street to be taken from home", dtype=int),
        Variable("organisers_free", ("place",), "1", "share of known organisers at large", 1.0, keep="hour"),
        Variable("organisers_sought", ("place",), "people", "organisers sought so far, with fractions"),
        Variable("organisers_held", ("place",), "people", "known organisers held"),
        Variable("organisers_since_h", ("place",), "h", "mean hour at which those held were taken"),
        Variable("been_out", ("place",), "people", "spells on the street so far, less arrests"),
        Variable("arrests_due", ("place",), "people", "mass arrests ordered so far, with fractions"),
        Variable("in_process", ("place",), "people", "arrested lately and still being processed"),
        Variable("arrest_room", ("place",), "1", "share of the region's capacity to arrest that is free", 1.0),
        Variable("emergency_seen", ("place",), "1", "1: an emergency has stood here"),
    )
    adds = ("urge",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of detention."""

        per_1000: float = parameter(
            0.5, unit="people per 1,000 adults", prior=LogNormal(0.5, 0.1, 2.5), source="assumed", low=SMALLEST,
            about="known organisers at an organising tradition of 1",
        )  # fmt: skip
        span_h: float = parameter(
            24.0, unit="h", prior=LogNormal(24, 6, 72), source="assumed: in the first days, as they leave home",
            about="time to take those ordered",
        )  # fmt: skip
        calls: float = parameter(
            0.3, unit="log-hazard", prior=Uniform(0, 1), source="assumed", about="what the calls of all organisers add"
        )
        coordination: float = parameter(
            0.1, unit="1", prior=Uniform(0, 0.4), source="assumed", about="part of b_L that goes with all organisers"
        )
        rate: float = parameter(
            0.05, unit="1/day", prior=LogNormal(0.05, 0.01, 0.25), source="assumed",
            about="share of people once out whom mass arrests take in a day",
        )  # fmt: skip
        per_officer: float = parameter(
            0.1, unit="people/officer/day", prior=LogNormal(0.1, 0.03, 0.3), source="assumed", low=SMALLEST,
            about="people whom the police can arrest and process, per officer on duty",
        )  # fmt: skip
        process_h: float = parameter(
            24.0, unit="h", prior=Fixed("a day, as the capacity is per day"), source="convention",
            about="time for which one who was arrested takes up capacity",
        )  # fmt: skip
        a_0: float = parameter(
            1e-3, unit="1", prior=Fixed("as in joining"), source="convention", about="share that is noticed",
            low=SMALLEST,
        )  # fmt: skip

    def prepare(self) -> None:
        """Known organisers of each place."""
        w = self.w
        index = w.place("organising_tradition_index").astype(float)
        self.known = np.rint(self.p.per_1000 * index * w.adults / 1000.0)
        self.adults = np.maximum(w.adults, 1)
        self.regions = len(w.region_id)
        self.process = decay(self.p.process_h * np.log(2.0), self.dt)  # mean time, not half-life
        self.arresting = w.organs.arrests[w.units.organ]

    def step(self, now: Now) -> None:
        """Those released, those to take this hour, and the urge without them."""
        s = self.s
        s.detain_known[:] = 0
        s.detain_past[:] = 0
        s.been_out += s.joined
        if np.count_nonzero(s.arrested) or np.count_nonzero(s.taken):
            s.been_out[:] = np.maximum(s.been_out - s.arrested - s.taken, 0.0)
        self._process()
        if np.count_nonzero(s.organisers_held):
            self._release(now.hour)
        if np.count_nonzero(s.detain_share):
            self._take_known(now.hour)
        if np.count_nonzero(s.emergency):
            np.maximum(s.emergency_seen, s.emergency, out=s.emergency_seen)
        if np.count_nonzero(s.mass_arrests_scope):
            self._take_past()
        if np.count_nonzero(s.organisers_held):
            self._weaken()

    def _process(self) -> None:
        """How much of each region's capacity to arrest is free."""
        s = self.s
        new = s.arrested + s.taken
        if not (np.count_nonzero(new) or np.count_nonzero(s.in_process)):
            return
        s.in_process *= self.process
        s.in_process += new
        s.in_process[s.in_process < 1e-6] = 0.0
        in_use = np.bincount(self.w.region, s.in_process, self.regions)
        room = np.where(in_use > 0, self._free() / np.maximum(self._capacity(), SMALLEST), 1.0)
        s.arrest_room[:] = room[self.w.region]

    def _capacity(self) -> np.ndarray:
        """(R,) people whom each region can process at one time: what it can in `process_h`."""
        s = self.s
        officers = np.bincount(self.w.region[s.unit_place], s.unit_on_duty * self.arresting, self.regions)
        return self.p.per_officer * officers * self.p.process_h / 24.0

    def _free(self) -> np.ndarray:
        """(R,) what of the capacity is not in use."""
        in_use = np.bincount(self.w.region, self.s.in_process, self.regions)
        return np.maximum(self._capacity() - in_use, 0.0)

    def _release(self, hour: float) -> None:
        s = self.s
        free = (s.organisers_held > 0) & (hour - s.organisers_since_h >= float(s.hold_h))
        if free.any():
            s.organisers_held[free] = 0.0
            s.organisers_free[free] = 1.0
            s.organisers_sought[free] = 0.0

    def _take_known(self, hour: float) -> None:
        """Whole people: what has been sought so far, rounded down."""
        s, p = self.s, self.p
        wanted = s.detain_share * self.known
        more = np.minimum(s.organisers_sought + wanted * self.dt / p.span_h, wanted)
        more = np.maximum(more, s.organisers_sought)  # an order for fewer sets nobody free
        s.detain_known[:] = np.floor(more + 1e-9) - np.floor(s.organisers_sought + 1e-9)
        s.organisers_sought[:] = more
        taken = s.detain_known > 0
        if taken.any():
            total = s.organisers_held + s.detain_known
            mean = (s.organisers_held * s.organisers_since_h + s.detain_known * hour) / np.maximum(total, 1.0)
            s.organisers_since_h[taken] = mean[taken]
            s.organisers_held[:] = total
            s.organisers_free[taken] = 1.0 - total[taken] / self.known[taken]

    def _take_past(self) -> None:
        """By region, shared over the scope, whole people; fractions wait for the next hour."""
        s, p, region = self.s, self.p, self.w.region
        lifted = (s.emergency_seen > 0) & (s.emergency == 0)
        weight = s.been_out * (s.mass_arrests_scope > 0) * ~lifted
        wanted = np.bincount(region, weight, self.regions)
        if wanted.any():
            per_day = np.minimum(p.rate * wanted, self._free() * 24.0 / p.process_h)
            share = np.divide(per_day, wanted, out=np.zeros(self.regions), where=wanted > 0)
            s.arrests_due += share[region] * weight * self.dt / 24.0
            s.detain_past[:] = np.floor(s.arrests_due + 1e-9)
            s.arrests_due -= s.detain_past

    def _weaken(self) -> None:
        """Fewer calls, and a crowd that draws less."""
        s, p, place = self.s, self.p, self.w.group_place
        out = np.log1p(s.on_street / self.adults / p.a_0)
        s.urge -= ((1.0 - s.organisers_free) * (p.calls + p.coordination * out))[place]
