"""Who says what, and who agrees with whom: sources x matters, the camps that follow, how stable those are.

A matter is an observation of the record, or an account that sources hold. A source's own position is what it `states`
or `denies`. What it `reports` of others is shown and is nobody's agreement; silence is neither agreement nor denial.

Camps are found by average linkage (Sokal & Michener 1958) of the agreement between sources on the matters that both
have a position on; groups are joined while, on average, their members agree more often than not. Stability is the share
of bootstrap resamples of the matters (Efron 1979) in which the same camp comes out again (Hennig 2007).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.purposes import purpose
from groundswell.engine.random import uniform
from groundswell.record.record import Claim, Observation, Record
from groundswell.record.show import STANCES, TOPICS, contradictions, kinds_about

CAMPS = purpose("resample of matters")  # which matters a resample of a record is made of

OWN = ("states", "denies")
LEAST_SHARED = 3  # matters two sources must share before their agreement is spoken of
JOINED = 0.5  # two groups are one camp while their members agree in more than this share of what they share
RESAMPLES = 1000
ACCOUNT = "account:"  # before the id of an account that stands among observations
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Crowds", ("turnout",)),
    ("Strikes and pay", ("strikes",)),
    ("Fighting, arms and buildings", ("fighting", "arms", "sites")),
    ("Police, guard, army and security", ("forces",)),
    ("Looting", ("looting",)),
    ("Dead, injured and detained", ("harm",)),
    ("Allies and their troops", ("allies",)),
    ("Prices", ("prices",)),
    ("Networks", ("network",)),
    ("Measures of the state", ("measures",)),
)
"""Kind of event -> topics of `groundswell.record.show` that make it up; the first that fits, kinds before words."""
PLAIN_KINDS = ("measure", "other")  # say nothing of the event; its words do
OTHER = "Demands, causes, offices, powers abroad and other matters"


@dataclass(frozen=True)
class Agreement:
    """What sources say to each other's claims.

    matters: ids of observations, and of accounts with `ACCOUNT` before them. relation: (M, S, S) int8, 1 where two
    sources agree on a matter, -1 where they cannot both be right, 0 where one has no position of its own.
    """

    sources: tuple[str, ...]
    matters: tuple[str, ...]
    relation: NDArray[np.int8]

    def shared(self, one: str, other: str) -> tuple[int, int]:
        """Matters on which two sources have a position, and on how many of them they agree."""
        row = self.relation[:, self.sources.index(one), self.sources.index(other)]
        return int(np.count_nonzero(row)), int(np.count_nonzero(row > 0))


@dataclass(frozen=True)
class Camps:
    """Camps of sources, in the order of the record.

    found: members of each camp. stability: share of resamples in which just these sources are a camp again. alone:
    sources that share too few matters with any other to be placed. together: for two sources that are placed, the share
    of resamples in which they are in one camp.
    """

    found: tuple[tuple[str, ...], ...]
    stability: tuple[float, ...]
    alone: tuple[str, ...]
    together: Mapping[tuple[str, str], float]
    resamples: int


def stances(record: Record, id: str, source: str) -> tuple[str, ...]:
    """How a source speaks of an observation, in the order of `STANCES`; empty where it is silent."""
    said = {c.stance for c in record.claims_of(id) if c.source == source}
    return tuple(s for s in STANCES if s in said)


def grouped(record: Record, observations: Sequence[Observation]) -> dict[str, list[Observation]]:
    """Observations by kind of event, in the order of `GROUPS`; empty groups are left out."""
    out: dict[str, list[Observation]] = {title: [] for title in (*dict(GROUPS), OTHER)}
    for o in observations:
        out[group_of(record, o)].append(o)
    return {title: members for title, members in out.items() if members}


def group_of(record: Record, o: Observation) -> str:
    """The kind of event of an observation; an order of two events is of the kind of the second."""
    while o.of:
        o = record.observation(o.of[-1])
    named = f"{o.id} {o.title}".lower()
    for title, topics in GROUPS:
        if o.kind not in PLAIN_KINDS and any(o.kind in kinds_about(t) for t in topics):
            return title
    for title, topics in GROUPS:
        if any(word in named for t in topics for word in TOPICS[t][1]):
            return title
    return GROUPS[-1][0] if o.kind == "measure" else OTHER


def speakers(record: Record) -> tuple[str, ...]:
    """The sources whose camps are looked for: the texts where there are two or more, else all sources."""
    texts = tuple(s.id for s in record.sources if s.kind == "text")
    return texts if len(texts) > 1 else tuple(s.id for s in record.sources)


def agreement(record: Record, held: Mapping[str, Mapping[str, str]] | None = None) -> Agreement:
    """Who agrees with whom on what, among the `speakers`.

    Args:
        record: observations and claims.
        held: account -> source -> stance on it; a stance other than `states` and `denies` is no position.
    """
    sources = speakers(record)
    at = {s: n for n, s in enumerate(sources)}
    layers: dict[str, NDArray[np.int8]] = {}
    for o in record.observations:
        own = [c for c in record.claims_of(o.id) if c.stance in OWN and c.source in at]
        layers[o.id] = _layer(own, contradictions(record, o.id), at)
    for account, by_source in (held or {}).items():
        layer = np.zeros((len(at), len(at)), np.int8)
        said = {s: stance for s, stance in by_source.items() if stance in OWN and s in at}
        for a in said:
            for b in said:
                if a != b:
                    layer[at[a], at[b]] = 1 if said[a] == said[b] else -1
        layers[f"{ACCOUNT}{account}"] = layer
    relation = np.array(list(layers.values()), np.int8).reshape(len(layers), len(at), len(at))
    return Agreement(sources, tuple(layers), relation)


def _layer(own: Sequence[Claim], apart: Sequence[tuple[Claim, Claim]], at: Mapping[str, int]) -> NDArray[np.int8]:
    """(S, S) relation on one observation: -1 wherever any two claims of the two sources contradict each other."""
    layer = np.zeros((len(at), len(at)), np.int8)
    speak = sorted({at[c.source] for c in own})
    for a in speak:
        for b in speak:
            layer[a, b] = a != b
    mine = {c.id for c in own}
    for one, other in apart:
        if one.id in mine and other.id in mine and one.source != other.source:
            a, b = at[one.source], at[other.source]
            layer[a, b] = layer[b, a] = -1
    return layer


def agreed(record: Record) -> list[tuple[Observation, tuple[str, ...]]]:
    """Observations on which two sources or more have a position and no claim contradicts another, with those sources.

    Most sources first; then in the order of the record.
    """
    out = []
    for o in record.observations:
        said = {c.source for c in record.claims_of(o.id) if c.stance in OWN}
        if len(said) > 1 and not contradictions(record, o.id):
            out.append((o, tuple(s.id for s in record.sources if s.id in said)))
    return sorted(out, key=lambda pair: -len(pair[1]))


def camps(agreement: Agreement, seed: int = 1, resamples: int = RESAMPLES) -> Camps:
    """The camps of the sources, and how often they come out again.

    Matters are drawn anew with replacement, keyed by (seed, resample). Matters that rest on one sentence are drawn as
    if they were independent, so that stability is overstated rather than understated.
    """
    names = agreement.sources
    flat = agreement.relation.reshape(len(agreement.matters), -1).astype(float)
    shape = (len(names), len(names))
    counts = np.ones(len(agreement.matters))
    found, alone = _camps_of(names, *_shares(counts, flat, shape))
    found_in = np.zeros(len(found))
    pairs = {(a, b): 0 for n, a in enumerate(names) for b in names[n + 1 :] if a not in alone and b not in alone}
    for r in range(resamples if pairs else 0):
        picks = (uniform(seed, CAMPS, np.arange(len(counts)), r) * len(counts)).astype(np.int64)
        again, _ = _camps_of(names, *_shares(np.bincount(picks, minlength=len(counts)).astype(float), flat, shape))
        found_in += [camp in again for camp in found]
        for camp in again:
            for n, a in enumerate(camp):
                for b in camp[n + 1 :]:
                    if (a, b) in pairs:
                        pairs[a, b] += 1
    stability = tuple(float(x) / resamples for x in found_in)
    return Camps(found, stability, alone, {pair: n / resamples for pair, n in pairs.items()}, resamples)


def _shares(
    counts: NDArray[np.float64], flat: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(S, S) matters shared, and share of them in agreement (nan where too few are shared), each matter counted."""
    shared = (counts @ np.abs(flat)).reshape(shape)
    agree = (counts @ (flat > 0)).reshape(shape)
    with np.errstate(invalid="ignore"):
        return shared, np.where(shared >= LEAST_SHARED, agree / shared, np.nan)


def _camps_of(
    names: Sequence[str], shared: NDArray[np.float64], share: NDArray[np.float64]
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Camps by average linkage over the pairs that share enough, and the sources that no such pair has."""
    placed = [n for n in range(len(names)) if np.any(shared[n] >= LEAST_SHARED)]
    clusters = [[n] for n in placed]
    while len(clusters) > 1:
        best, pair = JOINED, None
        for i, one in enumerate(clusters):
            for j in range(i + 1, len(clusters)):
                known = [x for x in share[np.ix_(one, clusters[j])].ravel() if not np.isnan(x)]
                if known and float(np.mean(known)) > best:
                    best, pair = float(np.mean(known)), (i, j)
        if pair is None:
            break
        i, j = pair
        clusters[i] = sorted(clusters[i] + clusters.pop(j))
    found = tuple(tuple(names[n] for n in c) for c in sorted(clusters))
    return found, tuple(name for n, name in enumerate(names) if n not in placed)
