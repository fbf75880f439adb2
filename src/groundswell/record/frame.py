"""The record as arrays: what a reported run and the record itself are worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.case.kinds import HARM_KINDS
from groundswell.case.problems import one_of
from groundswell.engine.purposes import purpose
from groundswell.record.cells import digits

if TYPE_CHECKING:
    from groundswell.record.record import Record

VERSION = purpose("which witness counts")  # which witness counts where claims contradict

CROWD_KINDS = ("crowd", "centre_crowd")  # an event whose size is a number of people seen
QUIET_KINDS = ("calm",)  # kinds of which little is the news


@dataclass(frozen=True)
class Reported:
    """A record, real or simulated: for each of O observations what is stated.

    low, high: (O,) the interval in the unit of the observation's form, hours since the start for hours; infinite where
        it is stated that it never happened; nan where nothing is stated.
    stated: (O,) bool.
    """

    low: np.ndarray
    high: np.ndarray
    stated: np.ndarray

    def __len__(self) -> int:
        return len(self.stated)


@dataclass(frozen=True)
class Frame:
    """O observations and the C claims about them that have a value.

    Keys are 63-bit digests of names, so that neither the order of rows nor other rows change anybody's luck.

    Args:
        id, kind, form: (O,) of observations.
        quiet: (O,) whether little is the news.
        size: (O,) "crowd", "harm" or "": what sort of size the value of an observation is.
        residents: (O,) people living in the scope.
        key: (O,) of observations.
        of: (C,) number of the claim's observation.
        source: (C,) id of its source.
        witness: (C,) key of its origin, or of its source where it has none: what is drawn together.
        error: (C,) key of its origin, or of source and observation: what shares one error.
        telling: (C,) key of source and observation.
        leaning: (C,) key of source and kind.
        low, high: (C,) its value.
        digits: (C,) significant digits of its low.
        rank: (C,) place of its id in the order of ids.
        weight: source -> weight, as the record has it.
    """

    id: np.ndarray
    kind: np.ndarray
    form: np.ndarray
    quiet: np.ndarray
    size: np.ndarray
    residents: np.ndarray
    key: np.ndarray
    of: np.ndarray
    source: np.ndarray
    witness: np.ndarray
    error: np.ndarray
    telling: np.ndarray
    leaning: np.ndarray
    low: np.ndarray
    high: np.ndarray
    digits: np.ndarray
    rank: np.ndarray
    weight: Mapping[str, float]


def key_of(*names: str) -> int:
    """A positive 63-bit key made of names, the same on every machine."""
    return int.from_bytes(blake2b("\x1f".join(names).encode("utf-8"), digest_size=8).digest(), "big") >> 1


def frame_of(record: Record) -> Frame:
    """The arrays of a record."""
    seen = record.observations
    claims = [c for c in record.claims if c.value is not None]
    kind = {o.id: o.kind for o in seen}
    values = np.array([c.value for c in claims], float).reshape(len(claims), 2)

    def keys(*names: tuple[str, ...]) -> np.ndarray:
        return np.array([key_of(*one) for one in names], np.int64)

    return Frame(
        id=np.array([o.id for o in seen], object),
        kind=np.array([o.kind for o in seen], object),
        form=np.array([o.form for o in seen], str),
        quiet=np.array([o.kind in QUIET_KINDS for o in seen], bool),
        size=np.array([_size(o.kind, o.form) for o in seen], str),
        residents=np.array([o.residents for o in seen], float),
        key=keys(*((o.id,) for o in seen)),
        of=np.array([record.index[c.observation] for c in claims], int),
        source=np.array([c.source for c in claims], object),
        witness=keys(*(("origin", c.origin) if c.origin else ("source", c.source) for c in claims)),
        error=keys(*(("origin", c.origin) if c.origin else (c.source, c.observation) for c in claims)),
        telling=keys(*((c.source, c.observation) for c in claims)),
        leaning=keys(*((c.source, kind[c.observation]) for c in claims)),
        low=values[:, 0],
        high=values[:, 1],
        digits=digits(values[:, 0]),
        rank=np.argsort(np.argsort(np.array([c.id for c in claims], str), kind="stable"), kind="stable"),
        weight={s.id: s.weight for s in record.sources},
    )


def _size(kind: str, form: str) -> str:
    if form not in ("count", "class"):
        return ""
    return "crowd" if kind in CROWD_KINDS else "harm" if kind in HARM_KINDS else ""


def weights_of(frame: Frame, weights: Mapping[str, float] | None = None) -> dict[str, float]:
    """Source -> weight: as the record has them, with those that the user changes.

    Raises:
        CaseError: sources that the record does not have, weights that are no numbers from 0 on, all at once.
    """
    problems = []
    for source, weight in (weights or {}).items():
        if source not in frame.weight:
            problems.append(Problem("--weight", None, source, source, one_of(sorted(frame.weight), source)))
        elif not (np.isfinite(weight) and weight >= 0):
            problems.append(Problem("--weight", None, source, weight, "a number from 0 on"))
    if problems:
        raise CaseError(problems)
    return {**frame.weight, **(weights or {})}


def choose(
    frame: Frame,
    usable: np.ndarray,
    seed: int,
    weights: Mapping[str, float] | None = None,
    source: str | None = None,
) -> np.ndarray:
    """(O,) number of the claim whose version counts for each observation; -1 where none is usable.

    A race: witness w arrives after E_w / weight_w, E_w a unit exponential keyed by its name; of each observation's
    usable claims the first counts. So each is chosen with a chance in proportion to its weight, and who is trusted in
    one matter is trusted in all others of the same draw. A witness has the largest weight of the sources that repeat
    it, so that being repeated does not add weight.

    Args:
        usable: (C,) bool.
        weights: source -> weight instead of the record's.
        source: where given, this source's version alone counts.

    Raises:
        CaseError: for an unknown source or weight.
    """
    from groundswell.engine.random import uniform  # brings in the compiler, which reading a record does not need

    if source is not None and source not in frame.weight:
        raise CaseError([Problem("--source-version", None, "", source, one_of(sorted(frame.weight), source))])
    out = np.full(len(frame.id), -1)
    if not len(frame.of):
        return out
    by_source = weights_of(frame, weights)
    own = np.array([by_source[s] for s in frame.source])
    ok = usable & ((own > 0) if source is None else (frame.source == source))
    unique, which = np.unique(frame.witness, return_inverse=True)
    weight = np.zeros(len(unique))
    np.maximum.at(weight, which, own)
    with np.errstate(divide="ignore"):
        arrival = (-np.log(uniform(seed, VERSION, unique, 0)) / weight)[which]
    order = np.lexsort((frame.rank, arrival, frame.of))
    order = order[ok[order]]
    first = np.unique(frame.of[order], return_index=True)
    out[first[0]] = order[first[1]]
    return out
