"""Consent: how many of those who stand aside agree to the use of force, and what official labels do to it.

    consent_p = l_p phi(x_p + w) + o_p phi(x_p - w) + u_p phi(x_p)      phi(x) = 1/(1 + exp(-x)), u_p = 1 - l_p - o_p
    x_p = level + by_disorder ln(1 + d_p / d_0) - by_harm ln(1 + B_p / B_0)
    at each speech of blame:  l_p += credibility * b_p * u_p,   o_p += offence * (1 - b_p) * u_p
    b_p = T_p exp(-n m_p),   each time that a falsehood is exposed:  l_p *= 1 - exposed
    d_p += shops looted + fire_shops * offices burnt, per 100,000 people that p hears of

l_p: share that takes up the label; o_p: share that it offends; both fade with one half-life, d_p with another. b_p:
share that believes the speech, which are those who trust the government's word (T_p, see `trust`) and know nobody who
was out (m_p: largest share of the town's adults out at one time so far; n kin and friends each). B_p: harm to the
unarmed as people hear of it, see `backlash`; disorder is heard of through a kernel of the same form.

A label prepares force or is seen through, and no sign is built in: credibility and offence have one prior, and who
takes a label up moves as far as whom it offends. Which of them are more follows from trust and from how many know
somebody who was out. In survey experiments elsewhere such frames raised support for repression (Edwards & Arnon 2021);
but the source has to be trusted (Druckman 2001), weak frames can turn hearers away (Chong & Druckman 2007), and what
people know at first hand stands against what they are told (Gamson 1992). Violence of the crowd moves onlookers to
order and violence of the state against it (Wasow 2020); that looting did so is disputed, so both weights may have
either sign.

Nothing else follows by default. What consent does to units is `loyalty.consent`, and what it does to anger over harm is
`backlash.consent`; both are 0 unless set. No table of a case says how many consented: the level at rest is assumed, and
so is every weight here. Those who are out are counted with their place; they are few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.domains.state.loyalty import phi
from groundswell.engine.clock import Now
from groundswell.engine.mechanism import SMALLEST, Mechanism, Variable, decay, parameter
from groundswell.engine.priors import Fixed, LogNormal, Normal, Uniform
from groundswell.world.geography import likeness, word_of_mouth


def consenting(log_odds: np.ndarray, label: np.ndarray, offended: np.ndarray, weight: float) -> np.ndarray:
    """Share that consents, of people of whom some have taken up a label and some are offended by it."""
    undecided = 1.0 - label - offended
    return label * phi(log_odds + weight) + offended * phi(log_odds - weight) + undecided * phi(log_odds)


class Consent(Mechanism):
    """Consent of those who stand aside to the use of force, by place."""

    name = "consent"
    reads = ("blame", "falsehood", "orders_changed", "trust_mean", "backlash")
    lags = ("on_street", "looted", "burnt")
    writes = (
        Variable("consent", ("place",), "1", "share of people who consent to the use of force", 0.5, keep="hour"),
        Variable("consent_shift", ("place",), "1", "the same, less the share at rest"),
        Variable("label_taken", ("place",), "1", "share that takes up what the government calls those who are out"),
        Variable("label_offends", ("place",), "1", "share that is offended by it"),
        Variable("disorder_seen", ("place",), "shops per 100,000", "looting and fires that people heard of, fading"),
        Variable("most_out", ("place",), "1", "largest share of the town's adults out at one time so far"),
        Variable("falsehoods_seen", (), "1", "exposed falsehoods that have told on labels"),
    )

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of consent."""

        level: float = parameter(
            0.0, unit="log-odds", prior=Normal(0, 1), source="assumed", about="consent at rest; 0: half consent"
        )
        credibility: float = parameter(
            0.5, unit="1", prior=Uniform(0, 1), source="assumed", high=1,
            about="share of those who believe a speech of blame that takes up its label",
        )  # fmt: skip
        offence: float = parameter(
            0.5, unit="1", prior=Uniform(0, 1), source="assumed: the prior of credibility", high=1,
            about="share of those who do not believe a speech of blame that is offended by it",
        )  # fmt: skip
        by_label: float = parameter(
            1.0, unit="log-odds", prior=Uniform(0, 2), source="assumed",
            about="w, by how much more who takes a label up consents, and by how much less whom it offends",
        )  # fmt: skip
        ties: float = parameter(
            50.0, unit="people", prior=LogNormal(50, 15, 150), source="assumed; see loyalty",
            about="n, kin and friends of a person",
        )  # fmt: skip
        exposed: float = parameter(
            0.5, unit="1", prior=Uniform(0, 1), source="assumed", high=1,
            about="share that gives a label up when a falsehood is exposed",
        )  # fmt: skip
        half_life_h: float = parameter(
            168.0, unit="h", prior=LogNormal(168, 48, 720), source="assumed",
            about="half-life of a label and of offence",
        )  # fmt: skip
        by_disorder: float = parameter(
            0.25, unit="log-odds", prior=Normal(0.25, 0.25), source="assumed; disputed",
            about="gain of consent by looting and fires; either sign",
        )  # fmt: skip
        by_harm: float = parameter(
            0.25, unit="log-odds", prior=Normal(0.25, 0.25), source="assumed: the prior of by_disorder",
            about="loss of consent by harm to the unarmed; either sign",
        )  # fmt: skip
        fire_shops: float = parameter(
            10.0, unit="shops", prior=LogNormal(10, 3, 30), source="assumed", about="a burnt office in looted shops"
        )
        seen_0: float = parameter(
            1.0, unit="shops per 100,000", prior=Fixed("not identifiable beside by_disorder"), source="convention",
            about="d_0, disorder that is noticed", low=SMALLEST,
        )  # fmt: skip
        harm_0: float = parameter(
            1.0, unit="dead per million", prior=Fixed("not identifiable beside by_harm"), source="convention",
            about="B_0, harm that is noticed", low=SMALLEST,
        )  # fmt: skip
        reach_km: float = parameter(
            200.0, unit="km", prior=LogNormal(200, 50, 800), source="assumed; see backlash", about="d_0 of the kernel"
        )
        unlikeness: float = parameter(
            1.0, unit="1", prior=Uniform(0, 2), source="assumed; see backlash", about="l, see news"
        )
        memory_h: float = parameter(
            72.0, unit="h", prior=LogNormal(72, 24, 240), source="assumed; see looting",
            about="half-life of disorder seen",
        )  # fmt: skip

    def prepare(self) -> None:
        """Consent at rest, adults by town, and of whom a place hears."""
        w, p = self.w, self.p
        kernel = word_of_mouth(w.distance_km, w.people, p.reach_km, 2.0) * likeness(*w.composition, p.unlikeness)
        self.kernel = np.ascontiguousarray(kernel * (1e5 / np.maximum(w.people, 1))[None, :])
        self.adults = np.maximum(np.bincount(w.town, w.adults), 1.0)
        self.forget, self.fade = decay(p.half_life_h, self.dt), decay(p.memory_h, self.dt)
        self.rest = float(phi(p.level))
        self.s.consent[:] = self.rest

    def step(self, now: Now) -> None:
        """Take in what is said, and what is heard of the crowd and of the force."""
        s, p = self.s, self.p
        if np.count_nonzero(s.on_street):
            share = np.bincount(self.w.town, s.on_street, len(self.adults)) / self.adults
            np.maximum(s.most_out, share[self.w.town], out=s.most_out)
        s.disorder_seen *= self.fade
        if np.count_nonzero(s.looted) or np.count_nonzero(s.burnt):
            s.disorder_seen += self.kernel @ (s.looted + p.fire_shops * s.burnt)
        s.label_taken *= self.forget
        s.label_offends *= self.forget
        if s.orders_changed > 0:  # `blame` and `falsehood` are of this hour only where an order begins or ends
            self._words()
        if not any(np.count_nonzero(x) for x in (s.label_taken, s.label_offends, s.disorder_seen, s.backlash)):
            return
        log_odds = p.level + p.by_disorder * np.log1p(s.disorder_seen / p.seen_0)
        log_odds -= p.by_harm * np.log1p(s.backlash / p.harm_0)
        s.consent[:] = consenting(log_odds, s.label_taken, s.label_offends, p.by_label)
        s.consent_shift[:] = s.consent - self.rest

    def _words(self) -> None:
        """A speech divides those who have not made up their minds; a falsehood exposed costs those who believed."""
        s, p = self.s, self.p
        if s.falsehood > s.falsehoods_seen:
            s.label_taken *= (1.0 - p.exposed) ** float(s.falsehood - s.falsehoods_seen)
            s.falsehoods_seen[...] = s.falsehood
        if s.blame > 0:
            believe = s.trust_mean * np.exp(-p.ties * s.most_out)
            undecided = 1.0 - s.label_taken - s.label_offends
            s.label_taken += p.credibility * believe * undecided
            s.label_offends += p.offence * (1.0 - believe) * undecided
