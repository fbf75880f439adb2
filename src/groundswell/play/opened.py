"""A finished run, opened again from its folder: what stands there is read, the rest is taken up when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.case import Case, CaseError, Problem
from groundswell.case.problems import Found, one_of
from groundswell.engine.simulation import Simulation
from groundswell.history.export import FORMATS
from groundswell.history.recorder import Recorder
from groundswell.observe.endings import Ending
from groundswell.play.folder import known_of, taken_up
from groundswell.play.plan import Plan, loaded_case
from groundswell.play.run import Run
from groundswell.play.run_set import RunSet, opened_set
from groundswell.world.world import World, build

if TYPE_CHECKING:
    import pyarrow as pa
    import xarray as xr

    from groundswell.figures.plots import Plots


_NUMBER = (int, float)
READ: dict[str, Any] = {
    "load_s": _NUMBER, "wall_s": _NUMBER, "hours": _NUMBER, "seed": int, "case": str, "digest": str,
    "peak_on_street": int, "joins": int, "strikes": int, "dead": int, "security_dead": int, "injured": int,
    "security_injured": int, "detained": int, "onset": dict, "harm": dict, "phases": list, "score": dict,
    "ending": (dict, NoneType),
}  # fmt: skip
"""What is read of run.json, and of what type it is."""


class Opened(Run):
    """A run from its folder. History, events, harm, phases, score, ending and pictures are read from it.

    `people`, `chronology`, `reading` and `onset` take the run up from its last checkpoint, with the version and the
    case that played it.
    """

    def __init__(self, folder: Path):
        self.folder, self._known = folder, known_of("open", folder)
        if wrong := [name for name, kind in READ.items() if not isinstance(self._known.get(name), kind)]:
            raise CaseError([self._damaged("run.json", f"{', '.join(wrong)}, which no run writes so")])
        self.plan = Plan.from_json(self._known["plan"])
        self.load_s, self.wall_s = float(self._known["load_s"]), float(self._known["wall_s"])
        self.branched_from = self._known["branched_from"]

    def _damaged(self, name: str, what: str) -> Problem:
        return Problem(str(self.folder / name), None, "", Found(what), "what groundswell run writes, whole")

    @cached_property
    def _up(self) -> tuple[Simulation, Recorder]:
        return taken_up("open", self.folder)

    @property
    def simulation(self) -> Simulation:  # type: ignore[override]
        """The simulation at the end of the run."""
        return self._up[0]

    @property
    def recorder(self) -> Recorder:  # type: ignore[override]
        """What was recorded."""
        return self._up[1]

    @cached_property
    def case(self) -> Case:
        """The case that was played.

        Raises:
            CaseError: the case has changed since.
        """
        case = loaded_case(self.plan.case)
        if case.digest != self._known["case_digest"]:
            given = f"{case.id} with digest {case.digest[:12]}"
            allowed = f"the case as it was played (digest {self._known['case_digest'][:12]})"
            raise CaseError([Problem(str(self.folder), None, "case", given, allowed)])
        return case

    @cached_property
    def _small(self) -> World:
        return build(self.case, 0.001)

    @cached_property
    def history(self) -> xr.Dataset:
        """Time x place x quantity, as it was written."""
        import xarray as xr

        try:
            found = xr.open_zarr(self.folder / "history.zarr", consolidated=False, chunks=None)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CaseError([self._damaged("history.zarr", f"no history ({type(error).__name__})")]) from None
        texts = {str(k): v.astype(object) for k, v in found.coords.items() if v.dtype.kind == "T"}  # as it was made
        return found.assign_coords(texts)

    @cached_property
    def events(self) -> pa.Table:
        """Dated events, as they were written."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.read_table(self.folder / "events.parquet")
        except (OSError, pa.ArrowException) as error:
            raise CaseError([self._damaged("events.parquet", f"no events ({type(error).__name__})")]) from None

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The keys of `run.json`."""
        return self._known

    @cached_property
    def score(self) -> dict[str, Any]:
        """How many dated statements are met, of how many."""
        return dict(self._known["score"])

    @cached_property
    def ending(self) -> Ending:
        """How the run ends.

        Raises:
            ValueError: it has played no hour.
        """
        found = self._known["ending"]
        if found is None:
            raise ValueError("ending: given a run of 0 steps; allowed: 1 or more")
        try:
            return Ending(**{key: value for key, value in found.items() if key != "title"})
        except TypeError:
            raise CaseError([self._damaged("run.json", "an ending that no run writes so")]) from None

    @property
    def plot(self) -> Plots:
        """Pictures of this run."""
        from groundswell.figures.plots import Plots

        offset = self.case.start.utcoffset()
        hours = 0.0 if offset is None else offset.total_seconds() / 3600
        return Plots(self.history, hours, self._small.outlines, self._small.region_names)


def exported(
    folder: Path, form: str, variables: Sequence[str], time: str | None, out: Path | None
) -> tuple[Run, Path, int | None]:
    """A run to be written for other programs, where to, and the index of the hour that is asked for.

    Raises:
        CaseError: every mistake in what is asked.
    """
    run = Opened(folder)
    names = [str(name) for name in run.history.data_vars]
    problems = [Problem("--variable", None, "variable", v, one_of(names, v)) for v in variables if v not in names]
    if form not in FORMATS:
        problems.append(Problem("--format", None, "format", form, f"one of {', '.join(FORMATS)}"))
    ending = {"csv": "-csv", "geojson": ".geojson", "netcdf": ".nc"}.get(form, "")
    target = out if out is not None else Path(f"{folder.resolve().name}{ending}")
    if ending and target.exists():
        problems.append(Problem("--out", None, "path", str(target), "one that is not there yet"))
    hour = None
    if time is not None:
        if form != "geojson":
            problems.append(Problem("--time", None, "option", time, "only beside --format geojson"))
        hour = _hour_of(run, time, problems)
    if problems:
        raise CaseError(problems)
    return run, target, hour


def _hour_of(run: Run, time: str, problems: list[Problem]) -> int | None:
    """Index of the last step that has ended by a time."""
    try:
        when = datetime.fromisoformat(time)
    except ValueError:
        problems.append(Problem("--time", None, "time", time, "an ISO time such as 2022-01-05T18:00"))
        return None
    start = run.case.start
    when = when if when.tzinfo else when.replace(tzinfo=start.tzinfo)
    ends = run.history["hour"].values
    k = int(np.searchsorted(ends, (when - start).total_seconds() / 3600 + 1e-9, side="right")) - 1
    if not 0 <= k < len(ends) or (when - start).total_seconds() / 3600 > ends[-1] + 1e-9:
        first, last = (start + timedelta(hours=float(h)) for h in (ends[0], ends[-1]))
        problems.append(Problem("--time", None, "time", time, f"from {first.isoformat()} to {last.isoformat()}"))
        return None
    return k


def open(folder: str | Path) -> Run | RunSet:  # noqa: A001 - the word users know
    """A finished run, or a set of runs, from its folder.

    Raises:
        CaseError: the folder holds neither.
    """
    path = Path(folder)
    if (path / "set.json").exists():
        return opened_set(path)
    if not (path / "run.json").exists():
        state = "a folder without a finished run" if path.is_dir() else "no such folder"
        allowed = "a folder that groundswell run has written, with or without --seeds"
        raise CaseError([Problem(str(path), None, "", Found(state), allowed)])
    return Opened(path)
