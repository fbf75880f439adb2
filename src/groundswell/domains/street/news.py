"""News of crowds elsewhere: word of mouth, mobile network and broadcast, with jamming and cut.

    m_p = sum over channels of the lagged share of adults active in other places, weighted by likeness
    word of mouth:  sum_q K_pq L_pq r_pq,  K_pq ~ population_q (1 + d_pq/d_0)**-eta, rows sum to 1, lag 6 h + d/60 km/h
    mobile:         u_p open_p * sum_q w_q u_q open_q L_pq r_q,  lag 1 h;  open = 1 - closure * (1 - reach)
    broadcast:      filter * sum_q w_q r_q,  lag 6 h;   w_q = share of the population
    K_p rises to m_p within `absorb_h` and halves every `memory_h`;   urge += b_M * ln(1 + K_p / m_0)
    r_q follows V_q * share of adults of q on the street,  V_q = 1 + b_V * won_lately_q - b_V' * repelled_lately_q >= 0

L_pq = exp(-l * dissimilarity in livelihood and language). A place does not hear of itself here: it sees its own
crowd. Every channel is a first-order lag. What has been heard is believed and talked over before it moves anybody, and
is remembered when the crowd has gone home: so word of an evening carries over the night. Under a lasting m, K settles
somewhat below it, since it is forgotten as it is absorbed. Power-law kernel:
Bonnasse-Gahot et al. (2018), who find that riots of 2005 spread so; mass media in riot diffusion: Myers (2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, approach, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.world.geography import likeness, word_of_mouth


class News(Mechanism):
    """What people know of crowds elsewhere."""

    name = "news"
    reads = ("reach", "won_lately", "repelled_lately")
    lags = ("on_street",)
    writes = (
        Variable("news", ("place",), "1", "weighted share of adults active elsewhere", keep="hour"),
        Variable("heard", ("place", "place"), "1", "what word of mouth has brought, by place of hearing and origin"),
        Variable("online", ("place",), "1", "what the mobile network shows of each place"),
        Variable("aired", ("place",), "1", "what broadcasts have taken up of each place"),
        Variable("news_known", ("place",), "1", "news of crowds elsewhere that is believed and remembered"),
        Variable("news_slope", ("place",), "1", "change of the urge per unit of news"),
        Variable("news_gain", ("place", "place"), "1", "lasting news in p per share active in q"),
    )
    adds = ("urge",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of news."""

        b_news: float = parameter(1.2, unit="1", prior=Uniform(0.2, 2), source="assumed", about="b_M, weight of news")
        m_0: float = parameter(
            1e-4,
            unit="1",
            prior=Fixed("not identifiable beside theta"),
            source="convention",
            about="share that is noticed",
            low=SMALLEST,
        )
        reach_km: float = parameter(
            50.0, unit="km", prior=LogNormal(50, 10, 200), source="assumed", about="d_0 of word of mouth"
        )
        decay_exponent: float = parameter(
            2.0, unit="1", prior=Uniform(1, 3), source="assumed", about="eta of word of mouth"
        )
        mouth_lag_h: float = parameter(
            6.0, unit="h", prior=LogNormal(6, 2, 24), source="assumed", about="lag of word of mouth"
        )
        travel_km_h: float = parameter(
            60.0, unit="km/h", prior=Fixed("road speed"), source="assumed", about="speed at which people carry news"
        )
        mobile_lag_h: float = parameter(
            1.0, unit="h", prior=Fixed("one step"), source="assumed", about="lag of the mobile network"
        )
        closure: float = parameter(
            1.0, unit="1", prior=Uniform(0.5, 1), source="assumed",
            about="share of what jamming and cuts stop that finds no other way",
        )  # fmt: skip
        broadcast_lag_h: float = parameter(
            6.0, unit="h", prior=LogNormal(6, 2, 24), source="assumed", about="lag of broadcasts"
        )
        broadcast_filter: float = parameter(
            0.3, unit="1", prior=Uniform(0, 1), source="assumed", about="share of crowds that broadcasts show"
        )
        b_won: float = parameter(
            1.0, unit="1", prior=LogNormal(1, 0.3, 3), source="assumed", about="b_V, weight of a site just won"
        )
        b_repelled: float = parameter(
            0.5, unit="1", prior=Uniform(0, 1), source="assumed", about="b_V', weight of a crowd just driven off"
        )
        absorb_h: float = parameter(
            6.0, unit="h", prior=LogNormal(6, 2, 18), source="assumed", about="time until news is believed"
        )
        memory_h: float = parameter(
            16.0, unit="h", prior=LogNormal(16, 8, 40), source="assumed", about="half-life of what has been heard"
        )
        unlikeness: float = parameter(
            1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="l, how much unlike places ignore each other"
        )

    def prepare(self) -> None:
        """Kernels between places."""
        from groundswell.engine.lags import follow  # brings in the compiler, which declarations do not need

        w, p = self.w, self.p
        alike = likeness(*w.composition, p.unlikeness)
        mouth = word_of_mouth(w.distance_km, w.people, p.reach_km, p.decay_exponent) * alike
        share = w.people / w.people.sum()
        reach = w.place("mobile_reach_share")
        mobile = reach[:, None] * (share * reach)[None, :] * alike
        broadcast = np.tile(p.broadcast_filter * share, (w.places, 1))
        for matrix in (mouth, mobile, broadcast):
            np.fill_diagonal(matrix, 0.0)
        self.mouth, self.mobile, self.broadcast = (np.ascontiguousarray(m) for m in (mouth, mobile, broadcast))
        self.follow, self.adults = follow, np.maximum(w.adults, 1)
        self.absorb, self.keep = approach(p.absorb_h, self.dt), decay(p.memory_h, self.dt)
        self.close = approach(p.mouth_lag_h + w.distance_km / p.travel_km_h, self.dt)
        self.close_mobile, self.close_air = approach(p.mobile_lag_h, self.dt), approach(p.broadcast_lag_h, self.dt)

    def step(self, now: Now) -> None:
        """Bring news forward by an hour."""
        s, p = self.s, self.p
        active = s.on_street / self.adults
        value = np.maximum(1.0 + p.b_won * s.won_lately - p.b_repelled * s.repelled_lately, 0.0)
        active *= value
        self.follow(s.heard, active, self.close)
        s.news[:] = np.einsum("pq,pq->p", self.mouth, s.heard)
        open_line = 1.0 - p.closure * (1.0 - s.reach)
        s.online += self.close_mobile * (active * open_line - s.online)
        s.aired += self.close_air * (active - s.aired)
        s.news += open_line * (self.mobile @ s.online) + self.broadcast @ s.aired
        before = s.news_known.copy()
        s.news_known *= self.keep
        s.news_known += self.absorb * np.maximum(s.news - s.news_known, 0.0)
        within = (before + s.news_known) / 2.0  # in the mean of the step
        s.urge += (p.b_news * np.log1p(within / p.m_0))[self.w.group_place]
        if now.step % round(24 / s.step_h) == 0:
            gain = self.mouth + open_line[:, None] * self.mobile * open_line[None, :] + self.broadcast
            s.news_gain[:] = gain * value[None, :]
            s.news_slope[:] = p.b_news / (p.m_0 + s.news_known)
