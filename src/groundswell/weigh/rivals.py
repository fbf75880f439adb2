"""The two baselines fitted to what a calibration fits, as an ensemble to be scored beside Groundswell's own.

They get the same information: the observations with the use `fit` that they can produce, and the same distance
(`record.score.distance`). Of DRAWS points of a scrambled Sobol' sequence over their priors the KEPT ones with the least
root mean square of it stay, with equal weights (rejection by a quantile, Beaumont et al. 2002). A baseline costs
milliseconds a draw, so this looks at more points than a calibration of the whole model can.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from groundswell import __version__
from groundswell.files import whole
from groundswell.record.measure import measure
from groundswell.record.record import Observation, Record
from groundswell.record.score import Runs, distance, filled
from groundswell.weigh.baselines import BASELINES, KINDS, draws, play
from groundswell.world.world import World

DRAWS = 2048
KEPT = 100
SEED = 1
TITLES = {"wave": "an epidemic-like wave", "exposure": "exposure without interaction"}


def able(record: Record) -> np.ndarray:
    """(O,) whether a baseline can produce an observation: of its kinds, or the order of two such."""
    known = {o.id for o in record.observations if o.kind in KINDS}
    return np.array([o.scored and (o.id in known or (bool(o.of) and known >= set(o.of))) for o in record.observations])


def fitted_to(record: Record) -> np.ndarray:
    """(O,) what the baselines are fitted to: the use `fit`; the sets base and weigh where a case says no use."""
    told = any(o.use for o in record.observations)

    def fits(o: Observation) -> bool:
        return o.use == "fit" if told else o.set in ("base", "weigh") and o.mode == "both"

    return able(record) & np.array([fits(o) for o in record.observations])


def fitted(
    name: str, world: World, record: Record, draws_of: int = DRAWS, kept: int = KEPT, seed: int = SEED
) -> np.ndarray:
    """(kept, O) values of the draws of a baseline that lie nearest to a record, see the module; nan: cannot produce.

    Args:
        name: "wave" or "exposure". draws_of: number of draws. seed: of the sequence; the result follows from it.
    """
    can = able(record)
    small = _only(record, can)
    at = [record.index[o.id] for o in small.observations]
    values = np.full((draws_of, len(record)), np.nan)
    for k, parameters in enumerate(draws(name, seed, draws_of)):
        values[k, at] = measure(play(name, world, parameters), small).values
    use = fitted_to(record)
    far = distance(filled(values, record), np.zeros_like(values), record)[:, use]
    told = ~np.isnan(far).all(axis=0)
    rank = np.sqrt((far[:, told] ** 2).mean(axis=1)) if told.any() else np.arange(draws_of, dtype=float)
    best = np.argsort(rank, kind="stable")[:kept]
    values[:, ~can] = np.nan
    return values[best]


def ensembles(
    world: World, record: Record, draws_of: int = DRAWS, kept: int = KEPT, told: Callable[[str], None] | None = None
) -> dict[str, Runs]:
    """Both baselines, fitted; kept on disk for the next time, since fitting takes half a minute for a large case.

    Args:
        told: called with a line before fitting begins.
    """
    asked = repr((_code(), world.case.digest, record.observations, record.claims, draws_of, kept, SEED))
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "groundswell"
    file = home / f"baselines-{hashlib.sha256(asked.encode()).hexdigest()[:24]}.npz"
    hours = float(world.case.hours)
    if (values := _read(file, len(record))) is None:
        if told is not None:
            told(f"fitting two baselines to the record, {draws_of:,} draws each; once for a case and a record")
        values = {name: fitted(name, world, record, draws_of, kept) for name in BASELINES}
        _write(file, values)
    return {name: Runs(v, np.full(len(v), hours), np.zeros(len(v), bool)) for name, v in values.items()}


def _code() -> str:
    """Digest of the code that the values follow from."""
    package, total = Path(__file__).parents[1], hashlib.sha256(__version__.encode())
    for path in (*sorted((package / "record").glob("*.py")), Path(__file__).with_name("baselines.py"), Path(__file__)):
        total.update(path.read_bytes())
    return total.hexdigest()


def _read(file: Path, observations: int) -> dict[str, np.ndarray] | None:
    """What `_write` wrote; None where there is nothing, or nothing whole."""
    try:
        with np.load(file) as kept:
            values = {name: kept[name] for name in BASELINES}
    except (OSError, KeyError, ValueError, EOFError, BadZipFile):
        return None
    return values if all(v.ndim == 2 and v.shape[1] == observations for v in values.values()) else None


def _write(file: Path, values: dict[str, np.ndarray]) -> None:
    """Write beside the place and rename; where a home cannot be written, the next call fits anew."""
    try:
        with whole(file) as part:
            np.savez(part, **values)  # type: ignore[arg-type]
    except OSError:
        return


def _only(record: Record, keep: np.ndarray) -> Record:
    """A record of some observations, and of those that they are the order of."""
    wanted = {o.id for o, k in zip(record.observations, keep, strict=True) if k}
    wanted |= {id for o in record.observations if o.id in wanted for id in o.of}
    return replace(
        record,
        observations=tuple(o for o in record.observations if o.id in wanted),
        claims=tuple(c for c in record.claims if c.observation in wanted),
        _masks={},
    )
