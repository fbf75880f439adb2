"""Sites: when a crowd takes a site, when the state takes it back, and political arson.

    lost:      eta_s * (1 - p_F)    a site of the state where the attack is at least `fighters_people`
    regained:  eta_r * p_F          a site of the crowd where force stands that was ordered to retake it or outweighs
                                    the crowd (`returns`, see `deployment`); p_F = 1 where no crowd is left
    burns:     eta_f                a public office in the crowd's hands with people there who fight, once

    attack:    people who fight; on an open square also square_weight of those who are peaceful

p_F is the chance that the force prevails, from `engagement`: the two hazards are the two sides of one contest (Tullock
1980, Hirshleifer 1989). To storm a building and to clear it are different work, so each has its speed. Those who fight
are people of the population and members of organised groups. A square can be held by a peaceful crowd that is large
enough (with tents, say), a building cannot. Hazards are integrated against keyed exponentials, so that a site changes
hands when what is brought against it has added up. The open ground of a place is nobody's; `sites_lost` counts
buildings, not squares.

won_lately and repelled_lately are 1 in the hour when a crowd took a site of the place, or was driven from one or gave
up an attack, and halve every `memory_h` hours. What other places make of it goes through `news` alone: a second wave.
Arson is of offices of the administration and the police and is counted apart from looting. An order is not an outcome:
while an order to retake stands and a site of the place is still lost, `retake_failed` counts one failure every
`patience_h` hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.hazard import HazardClock, clock_variables
from groundswell.engine.mechanism import Mechanism, Variable, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal
from groundswell.engine.purposes import purpose

FIRE = purpose("sites: fire")  # when a public office burns
SITE = purpose("sites: change of hands")  # when a site changes hands

OFFICES = ("administration", "police")


def change_hazard(
    held: np.ndarray, attacked: np.ndarray, retaken: np.ndarray, p_force: np.ndarray, speed: float, regain: float
) -> np.ndarray:
    """Hazard that a site changes hands, 1/h: eta_s (1 - p_F) under attack, eta_r p_F where the state comes back."""
    return np.where(held > 0, speed * attacked * (1.0 - p_force), regain * retaken * p_force)


class Sites(Mechanism):
    """Who holds each site, and which of them burn."""

    name = "sites"
    reads = ("prevail", "crowd", "outsiders", "force", "retake", "returns")
    writes = (
        Variable("site_held", ("spot",), "1", "1: the state holds the site, 0: the crowd", 1.0, keep="hour"),
        Variable("lost_hour", ("spot",), "h", "hour at which the site was last lost to people who fight", np.nan),
        *clock_variables("site", ("spot",), "change of hands"),
        Variable("attack", ("spot",), "1", "1: enough people fight for a site of the state"),
        Variable("sites_lost", ("place",), "1", "buildings now in the crowd's hands", keep="hour"),
        Variable("won_lately", ("place",), "1", "a site was won by the crowd, fading"),
        Variable("repelled_lately", ("place",), "1", "a crowd lost a site or gave up an attack, fading"),
        Variable("burned", ("spot",), "1", "1: the building was set on fire", keep="hour"),
        *clock_variables("fire", ("spot",), "fire"),
        Variable("burnt", ("place",), "actions/h", "public offices set on fire", keep="hour"),
        Variable("retake_h", ("place",), "h", "hours of an order to retake with a site lost, since the last failure"),
        Variable("retake_failed", ("place",), "actions/h", "orders to retake that came to nothing", keep="hour"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of sites."""

        speed: float = parameter(
            1.0, unit="1/h", prior=LogNormal(1, 0.3, 3), source="assumed", about="eta_s, hazard of a certain loss"
        )
        regain: float = parameter(
            0.2, unit="1/h", prior=LogNormal(0.2, 0.05, 0.8), source="assumed: a building is cleared in hours",
            about="eta_r, hazard of a certain return",
        )  # fmt: skip
        square_weight: float = parameter(
            0.1, unit="1", prior=LogNormal(0.1, 0.03, 0.3), source="assumed", high=1,
            about="a peaceful person on a square against one who fights",
        )  # fmt: skip
        fighters_people: float = parameter(
            50.0, unit="people", prior=LogNormal(50, 20, 200), source="assumed", about="people who fight for a site"
        )
        fire: float = parameter(
            0.05, unit="1/h", prior=LogNormal(0.05, 0.01, 0.25), about="eta_f, hazard that a taken office burns",
            source="assumed",
        )  # fmt: skip
        memory_h: float = parameter(
            24.0, unit="h", prior=LogNormal(24, 12, 48), source="assumed", about="half-life of won and repelled"
        )
        patience_h: float = parameter(
            24.0, unit="h", prior=Fixed("a report a day"), source="convention",
            about="hours after which an order to retake counts as failed",
        )  # fmt: skip

    def prepare(self) -> None:
        """Which spots are offices; first draws."""
        w = self.w
        kinds = np.array([str(k) for k in w.spots.kind])
        self.office, self.square = np.isin(kinds, OFFICES), kinds == "square"
        self.fade = decay(self.p.memory_h, self.dt)
        self.changes, self.fires = HazardClock(self, "site", SITE, w.places), HazardClock(self, "fire", FIRE, w.places)

    def step(self, now: Now) -> None:
        """Attacks, losses, returns and fires of this hour."""
        s, p = self.s, self.p
        s.won_lately *= self.fade
        s.repelled_lately *= self.fade
        s.burnt[:] = s.retake_failed[:] = 0.0
        fighters = s.crowd[:, 1] + s.outsiders
        force_of_numbers = fighters + p.square_weight * s.crowd[:, 0] * self.square
        here = np.flatnonzero((force_of_numbers >= p.fighters_people) | (s.site_held == 0) | (s.attack > 0))
        here = here[here >= self.w.places]
        if len(here) == 0:
            return
        fighters, place = fighters[here], self.w.spots.place[here]
        attack = (s.site_held[here] > 0) & (force_of_numbers[here] >= p.fighters_people)
        given_up = (s.attack[here] > 0) & (s.site_held[here] > 0) & ~attack
        s.repelled_lately[place[given_up]] = 1.0
        self._change(now.hour, here, attack, fighters)
        s.attack[here] = attack & (s.site_held[here] > 0)
        s.sites_lost[:] = np.bincount(place, (1.0 - s.site_held[here]) * ~self.square[here], self.w.places)
        self._burn(here, fighters)
        standing = (s.retake > 0) & (s.sites_lost > 0)
        s.retake_h[:] = np.where(standing, s.retake_h + self.dt, 0.0)
        s.retake_failed[:] = s.retake_h >= p.patience_h
        s.retake_h[s.retake_failed > 0] = 0.0

    def _change(self, hour: float, here: np.ndarray, attack: np.ndarray, fighters: np.ndarray) -> None:
        """Integrate the hazards at the spots `here` and let sites change hands."""
        s, p, place = self.s, self.p, self.w.spots.place
        empty = (s.crowd[here, 0] + fighters) == 0
        at = place[here]
        retaken = (s.force[here] > 0) & ((s.retake[at] > 0) | (s.returns[at] > 0) | empty)
        p_force = np.where(empty, 1.0, s.prevail[here])
        risk = self.dt * change_hazard(s.site_held[here], attack, retaken, p_force, p.speed, p.regain)
        for spot in self.changes.passed(risk, here):
            self.changes.turn(spot)
            if s.site_held[spot] > 0:
                s.site_held[spot] = 0.0
                s.lost_hour[spot] = hour if fighters[here == spot] >= p.fighters_people else np.nan
                s.won_lately[place[spot]] = 1.0
            else:
                s.site_held[spot] = 1.0
                s.repelled_lately[place[spot]] = 1.0

    def _burn(self, here: np.ndarray, fighters: np.ndarray) -> None:
        """Offices in the crowd's hands, with people there who fight, burn once."""
        s, p = self.s, self.p
        exposed = here[self.office[here] & (s.site_held[here] == 0) & (fighters > 0) & (s.burned[here] == 0)]
        for spot in self.fires.passed(p.fire * self.dt, exposed):
            s.burned[spot] = 1.0
            s.burnt[self.w.spots.place[spot]] += 1.0
