"""All randomness of Groundswell: counter-based draws keyed by (seed, purpose, subject, spell).

A draw is a pure function of its key, so it does not depend on the order of calls, on threads or on what
happens elsewhere. Two runs that differ in one measure therefore share every other draw (common random
numbers).

The generator is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2,
3", SC11); `tests/engine/test_random.py` holds it to the published test vectors. Its counter is (subject: 64 bits,
spell: 32, purpose: 32), its key the seed. Purpose is a field of its own, never an offset of the seed, so that seed s
and seed s + 1 share nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundswell.engine.compiled import inner, shared, typed
from groundswell.engine.purposes import purpose

_M32 = np.uint64(0xFFFFFFFF)
_S32 = np.uint64(32)
_ROUND = np.uint64(0x632BE59BD9B4E019)
_ULP = 1.0 / 9007199254740992.0
_NEGLIGIBLE = 1e-20  # a mass that no longer moves a sum of probabilities
FRAILTY = purpose("frailty")
STREAM = purpose("stream of the reference engine")


@shared
def philox4x32(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64,
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:  # fmt: skip
    """Ten rounds of Philox4x32; counter and key words as uint64 below 2**32. Returns four words."""
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c0
        p1 = np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> _S32) ^ c1 ^ k0, p1 & _M32, (p0 >> _S32) ^ c3 ^ k1, p0 & _M32
        k0 = (k0 + np.uint64(0x9E3779B9)) & _M32
        k1 = (k1 + np.uint64(0xBB67AE85)) & _M32
    return c0, c1, c2, c3


@typed("UniTuple(float64, 2)(int64, int64, int64, int64)")
def uniforms(seed: int, purpose: int, subject: int, spell: int) -> tuple[float, float]:
    """Two independent uniforms in the open interval (0, 1), 53 bits each; `spell` below 2**32."""
    s, w, n = np.uint64(seed), np.uint64(subject), np.uint64(spell)
    a, b, c, d = philox4x32(w & _M32, w >> _S32, n & _M32, np.uint64(purpose), s & _M32, s >> _S32)
    x = np.float64(((a << _S32) | b) >> np.uint64(11)) * _ULP + 0.5 * _ULP
    y = np.float64(((c << _S32) | d) >> np.uint64(11)) * _ULP + 0.5 * _ULP
    return min(x, 1.0 - _ULP), min(y, 1.0 - _ULP)


@inner
def many_uniforms(
    seed: int, purpose: int, subject: NDArray[Any], spell: NDArray[Any], n: int, out: NDArray[Any], row: int,
) -> None:  # fmt: skip
    """Fill rows `row` and `row + 1` of `out` with the pairs that `uniforms` gives for the first n keys, at once."""
    for i in range(n):
        s, w, m = np.uint64(seed), np.uint64(subject[i]), np.uint64(spell[i])
        a, b, c, d = philox4x32(w & _M32, w >> _S32, m & _M32, np.uint64(purpose), s & _M32, s >> _S32)
        x = np.float64(np.int64(((a << _S32) | b) >> np.uint64(11))) * _ULP + 0.5 * _ULP  # below 2**53
        y = np.float64(np.int64(((c << _S32) | d) >> np.uint64(11))) * _ULP + 0.5 * _ULP
        out[row, i], out[row + 1, i] = min(x, 1.0 - _ULP), min(y, 1.0 - _ULP)


@typed("float64(int64, int64, int64, int64)")
def exponential(seed: int, purpose: int, subject: int, spell: int) -> float:
    """One unit exponential."""
    return -math.log(uniforms(seed, purpose, subject, spell)[0])


@shared
def gamma_proposal(u: float, v: float, t: float, a: float) -> float:
    """Gamma of shape a and scale 1, over a - 1/3, made of three uniforms (Marsaglia & Tsang 2000); -1 if rejected."""
    d = a - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    x = math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)
    w = (1.0 + c * x) ** 3
    if w > 0.0 and math.log(t) < 0.5 * x * x + d - d * w + d * math.log(w):
        return w
    return -1.0


@typed("float64(int64, int64, float64)")
def gamma(seed: int, subject: int, shape: float) -> float:
    """Gamma of the given shape and scale 1 for a person, from draws keyed by the person.

    The accepted proposal does not depend on any rate, so rescaling a frailty keeps the same luck.
    """
    boost = 1.0
    a = shape
    if a < 1.0:  # gamma(a) = gamma(a + 1) * U**(1/a)
        boost = uniforms(seed, FRAILTY, subject, 1)[0] ** (1.0 / a)
        a += 1.0
    i = 2
    while True:
        u, v = uniforms(seed, FRAILTY, subject, i)
        w = gamma_proposal(u, v, uniforms(seed, FRAILTY, subject, i + 1)[0], a)
        if w > 0.0:
            return boost * (a - 1.0 / 3.0) * w
        i += 2


@shared
def _binomial_at(u: float, n: int, p: float) -> int:
    """Smallest k with P(X <= k) >= u for X binomial (n, p), p in (0, 1): sums spread from the mode both ways.

    Starting from the mode nothing underflows, whatever n is; the cost grows with the standard deviation.
    """
    k: Any = min(np.int64((n + 1) * p), n)
    odds = p / (1.0 - p)
    log_mass = math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0)
    at_mode = math.exp(log_mass + k * math.log(p) + (n - k) * math.log1p(-p))
    below, mass, j = 0.0, at_mode, k
    while j >= 0 and mass > _NEGLIGIBLE:  # P(X <= mode)
        below += mass
        mass *= j / ((n - j + 1.0) * odds)
        j -= 1
    mass = at_mode
    if u <= below:
        while k > 0 and u <= below - mass:
            below -= mass
            mass *= k / ((n - k + 1.0) * odds)
            k -= 1
        return k
    while k < n and u > below and mass > _NEGLIGIBLE:
        k += 1
        mass *= (n - k + 1.0) * odds / k
        below += mass
    return k


@typed("void(int64, int64, int64[::1], int64, int64[::1], float64[::1], int64[::1])")
def _binomials(
    seed: int, purpose: int, subjects: NDArray[Any], spell: int, n: NDArray[Any], p: NDArray[Any], out: NDArray[Any],
) -> None:  # fmt: skip
    for i in range(len(out)):
        if n[i] <= 0 or not p[i] > 0.0:
            out[i] = 0
        elif p[i] >= 1.0:
            out[i] = n[i]
        else:
            out[i] = _binomial_at(uniforms(seed, purpose, subjects[i], spell)[0], n[i], p[i])


def binomial(seed: int, purpose: int, subject: ArrayLike, spell: int, n: ArrayLike, p: ArrayLike) -> NDArray[np.int64]:
    """How many of n people something happens to, each with chance p: one keyed uniform for each subject.

    The inverse of the distribution function at that uniform, so that with the same key the number never falls when
    n or p rises: two runs that differ a little draw alike.

    Args:
        seed, purpose, spell: the key that all draws share.
        n: an array, or a number. subject, p: arrays of its shape, or numbers that stand for all.
    """
    tries = np.array(n, np.int64)
    subjects, chance, out = np.empty(tries.shape, np.int64), np.empty(tries.shape), np.empty(tries.shape, np.int64)
    subjects[...], chance[...] = subject, p
    _binomials(seed, purpose, subjects.reshape(-1), spell, tries.reshape(-1), chance.reshape(-1), out.reshape(-1))
    return out


@typed("void(int64, int64, int64[::1], int64, float64[::1])")
def _uniform(seed: int, purpose: int, subjects: NDArray[Any], spell: int, out: NDArray[Any]) -> None:
    for i in range(len(out)):
        out[i] = uniforms(seed, purpose, subjects[i], spell)[0]


def uniform(seed: int, purpose: int, subjects: ArrayLike, spell: int) -> NDArray[np.float64]:
    """(N,) one keyed uniform in (0, 1) for each of N subjects."""
    keys = np.ascontiguousarray(subjects, np.int64)
    out = np.empty(len(keys))
    _uniform(seed, purpose, keys, spell, out)
    return out


@shared
def mix(x: np.uint64) -> np.uint64:
    """SplitMix64 finaliser (Steele, Lea & Flood 2014): a bijection of 64-bit words."""
    x = np.uint64(x)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@typed("int64(int64, int64, int64, int64, int64, boolean)")
def permute(x: int, n: int, seed: int, purpose: int, subject: int, inverse: bool) -> int | np.int64:
    """Keyed permutation of 0..n-1 at x, or its inverse: a Feistel network with cycle walking.

    Format-preserving permutation after Black & Rogaway (2002); needs no memory, whatever n is. The halves run
    over b and 2**k numbers with n <= b * 2**k < n + 2**k and 2**k about the root of n, so that a second walk
    is rare.
    """
    if n <= 1:
        return 0
    k = np.uint64(1)
    while n >> (2 * np.int64(k) + 2) > 0:
        k += np.uint64(1)
    mask = (np.uint64(1) << k) - np.uint64(1)
    b = (np.uint64(n) + mask) >> k
    key = mix(mix(np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(purpose)) + np.uint64(subject))
    rounds = 8 if n >= 256 else 24  # a few rounds are uneven on a handful of numbers
    y = np.uint64(x)
    while True:
        left, right = y >> k, y & mask
        if inverse:
            for i in range(rounds - 2, -1, -2):
                right ^= mix(key + np.uint64(i + 1) * _ROUND + left) & mask
                left += b - (((mix(key + np.uint64(i) * _ROUND + right) >> _S32) * b) >> _S32)
                left -= b if left >= b else np.uint64(0)
        else:
            for i in range(0, rounds, 2):
                left += ((mix(key + np.uint64(i) * _ROUND + right) >> _S32) * b) >> _S32
                left -= b if left >= b else np.uint64(0)
                right ^= mix(key + np.uint64(i + 1) * _ROUND + left) & mask
        y = (left << k) | right
        if y < np.uint64(n):
            return np.int64(y)


def generator(seed: int, subject: int) -> np.random.Generator:
    """An ordinary NumPy stream, for the reference engine's independent draws only.

    Args:
        seed: the run's seed.
        subject: what the stream is for; streams of different subjects are independent.
    """
    return np.random.Generator(np.random.Philox(key=np.array([seed % 2**64, (STREAM << 32) + subject], np.uint64)))
