"""Councils: whether a crowd that holds its ground sets up an authority of its own there.

    h_p     hours in a row in which at least `square_people` of the place were out
    held_p  = 1 where h_p >= square_h, or where an office of the administration is in the crowd's hands, else 0
    O_p     = sum_g min(organised_g, 1) * people of group g of the place who are out          organised people
    begins  at rate * held_p * share_p * O_p / (O_p + half_people) per hour
    ends    at once where held_p is 0 or nobody is out, else at `tired` per hour

share_p: share of those out who demand another system, the commonest political demand that no measure meets. A crowd
that has won its square has a rival government to build only if it asks for one and has people used to deciding
together: multiple sovereignty, Tilly (1978, ch. 7); councils out of strikes, Anweiler (1974). Organisation also keeps a
crowd from fighting (`fighting`), and with that from offices, so that more of it need not mean more councils. What a
council would do with its power is not in the model; nothing depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.domains.street.demands import organisation
from groundswell.engine.clock import Now
from groundswell.engine.hazard import HazardClock, clock_variables
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import LogNormal
from groundswell.engine.purposes import purpose

COUNCIL = purpose("councils: turn")  # when a crowd that holds its ground sets up a council, and when that ends


class Councils(Mechanism):
    """Authorities set up by crowds, by place."""

    name = "councils"
    reads = ("site_held",)
    lags = ("on_street_group", "on_street", "demand_people")
    writes = (
        Variable("council", ("place",), "1", "1: the crowd has a council of its own", keep="hour"),
        Variable("square_h", ("place",), "h", "hours in a row with a crowd that holds a square"),
        *clock_variables("council", ("place",), "beginning or end of a council"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of councils."""

        rate: float = parameter(
            0.2, unit="1/h", prior=LogNormal(0.2, 0.05, 1), source="assumed", low=0,
            about="beginning where a large organised crowd of one mind holds its ground",
        )  # fmt: skip
        half_people: float = parameter(
            500.0, unit="people", prior=LogNormal(500, 100, 2500), source="assumed; a meeting that can elect",
            about="organised people out at which half of that rate is reached",
        )  # fmt: skip
        square_people: float = parameter(
            200.0, unit="people", prior=LogNormal(200, 50, 1000), source="assumed", about="crowd that holds a square"
        )
        square_h: float = parameter(
            24.0, unit="h", prior=LogNormal(24, 12, 72), source="assumed",
            about="time for which it has to hold it",
        )  # fmt: skip
        tired: float = parameter(
            0.02, unit="1/h", prior=LogNormal(0.02, 0.005, 0.1), source="assumed",
            about="end of a council that nobody disperses",
        )  # fmt: skip

    def prepare(self) -> None:
        """Seats of the state, how far each group is organised, and first draws."""
        w = self.w
        seats = np.flatnonzero(np.array([str(kind) == "administration" for kind in w.spots.kind]))
        self.seats, self.place = seats, w.spots.place[seats]
        self.organised = np.minimum(organisation(w), 1.0) * w.cells.groups.at_risk
        unmet = np.array([not named for named in w.demands.met_by], bool)
        self.of_system = w.demands.political & unmet
        self.changes = HazardClock(self, "council", COUNCIL)

    def step(self, now: Now) -> None:
        """Councils that begin and end in this hour."""
        s, p = self.s, self.p
        large = s.on_street >= p.square_people
        seats_lost = s.site_held[self.seats] == 0
        if not any(map(np.count_nonzero, (large, s.square_h, seats_lost, s.council))):
            return
        s.square_h += self.dt
        s.square_h *= large
        held = s.square_h >= p.square_h
        held[self.place[seats_lost]] = True
        held &= s.on_street > 0
        here = np.flatnonzero(held | (s.council > 0))
        if not len(here):
            return
        out = np.bincount(self.w.group_place, self.organised * s.on_street_group, self.w.places)[here]
        share = s.demand_people[here][:, self.of_system].max(axis=1, initial=0) / np.maximum(s.on_street[here], 1)
        on = s.council[here] > 0
        begins = p.rate * share * out / (out + p.half_people) * held[here]
        changing = self.changes.passed(np.where(on, p.tired, begins) * self.dt, here)
        for place in np.union1d(changing, here[on & ~held[here]]):
            s.council[place] = self.changes.turn(place) % 2
