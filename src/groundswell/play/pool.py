"""Plays batches of jobs, here or on workers of Dask distributed, and gives each back as soon as it is done.

What is played depends on the job alone, so who plays it, and in which order, changes nothing. A worker builds the world
once and plays one run at a time. A job that fails is part of the result; a worker that dies is replaced, and its batch
played again elsewhere.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol

from groundswell.case import CaseError, Problem
from groundswell.case.problems import Found

Job = dict[str, Any]
"""What a run needs, as plain data."""
Result = dict[str, Any]
"""What came of it: `error` is None, or says why there is nothing else; `wall_s` its time."""

CONNECT_S = 20
MOST_WORKERS = 1024
LOCAL = {
    "distributed.worker.profile.enabled": False,  # looks at the stack a hundred times a second
    "distributed.admin.tick.interval": "1s",  # of checks of the event loop, by default fifty a second
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,  # gives memory back that the next hour needs
    "distributed.nanny.pre-spawn-environ.MALLOC_ARENA_MAX": 1,  # the arena of a thread hands memory back as well
}
"""What workers of this machine do not do beside their runs: together it takes about a sixth of their time."""


class Lost(Exception):
    """A batch whose workers died again and again."""


class Pool(Protocol):
    """Something that plays batches: it takes them one by one, and gives (number, results or why there are none)."""

    def play(self, batches: Iterator[tuple[int, Sequence[Job]]]) -> Iterator[tuple[int, list[Result] | Lost]]:
        """Play batches in any order; taking no more from it stops what is under way."""
        ...


@lru_cache(maxsize=2)
def _player(name: str, common: str) -> Callable[[Job], Result]:
    """The function that plays a job, made once in each process: "module:function" called with what all jobs share."""
    module, _, function = name.partition(":")
    made: Callable[[Job], Result] = getattr(import_module(module), function)(json.loads(common))
    return made


def play_batch(name: str, common: str, jobs: Sequence[Job]) -> list[Result]:
    """Play jobs one after another, by the function of a name that is made once in each process."""
    return play_jobs(_player(name, common), jobs)


def play_jobs(player: Callable[[Job], Result], jobs: Sequence[Job]) -> list[Result]:
    """Play jobs one after another; the cause of a failure is its result."""
    out = []
    for job in jobs:
        began = time.perf_counter()
        try:
            result = {**player(job), "error": None}
        except Exception as error:  # any failure of one run: it is recorded, and the rest goes on
            result = {"error": cause(error)}
        out.append({**result, "wall_s": time.perf_counter() - began})
    return out


def cause(error: BaseException) -> str:
    """An error in one line: its kind, what it says, and the place in the code that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    at = f" ({trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno})" if trace is not None else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{at}"


class Alone:
    """Plays in this process, one batch after another; `here`: the function that plays a job, where it is made."""

    def __init__(self, name: str, common: Mapping[str, Any], here: Callable[[Job], Result] | None = None):
        self._name, self._common, self._here = name, json.dumps(common, sort_keys=True), here

    def play(self, batches: Iterator[tuple[int, Sequence[Job]]]) -> Iterator[tuple[int, list[Result] | Lost]]:
        for number, jobs in batches:
            yield number, play_jobs(self._here or _player(self._name, self._common), jobs)


class Dask:
    """Plays on the workers of a Dask cluster, with a few batches more under way than there are workers."""

    def __init__(self, name: str, common: Mapping[str, Any], client: Any):
        self._name, self._common, self._client = name, json.dumps(common, sort_keys=True), client

    def play(self, batches: Iterator[tuple[int, Sequence[Job]]]) -> Iterator[tuple[int, list[Result] | Lost]]:
        from distributed import as_completed
        from distributed.scheduler import KilledWorker

        numbers: dict[Any, int] = {}
        under_way = as_completed([])

        def submit() -> None:
            at_most = max(sum(self._client.nthreads().values()), 1) + 1
            while len(numbers) < at_most and (batch := next(batches, None)) is not None:
                future = self._client.submit(
                    play_batch, self._name, self._common, batch[1], pure=False, retries=0, key=_key(batch[0])
                )
                numbers[future] = batch[0]
                under_way.add(future)

        try:
            submit()
            while numbers:
                future = next(under_way)
                number = numbers.pop(future)
                submit()  # before the caller writes what came, so that no worker waits
                error = future.exception()
                if error is None:
                    yield number, future.result()
                elif isinstance(error, KilledWorker):
                    yield number, Lost("the workers that played it died; was there too little memory?")
                else:
                    raise error
                future.release()
        finally:
            self._client.cancel(list(numbers), force=True)


def _key(number: int) -> str:
    return f"batch-{number}-{time.monotonic_ns()}"


@contextmanager
def pool(
    name: str, common: Mapping[str, Any], workers: int = 1, scheduler: str | None = None,
    here: Callable[[Job], Result] | None = None,
) -> Iterator[Alone | Dask]:  # fmt: skip
    """A pool for the time of a block.

    Args:
        name: "module:function" that makes the function that plays a job, from `common`.
        common: what all jobs share, as plain data.
        workers: processes on this machine; 1 plays in this one.
        scheduler: address of a Dask scheduler whose workers play instead.
        here: the function itself, so that it need not be made anew where this process plays.

    Raises:
        CaseError: no scheduler answers at the address.
    """
    if scheduler is None and workers == 1:
        yield Alone(name, common, here)
        return
    import dask
    from distributed import Client, LocalCluster

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if scheduler is None:
        with (
            dask.config.set(LOCAL),
            LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            ) as cluster,
            Client(cluster) as client,
        ):  # fmt: skip
            client.register_plugin(_undisturbed())
            yield Dask(name, common, client)
        return
    try:
        client = Client(scheduler, timeout=CONNECT_S)
    except (OSError, ValueError) as error:
        given = Found(f"{scheduler}, where nothing answers ({error})")
        allowed = "the address of a running Dask scheduler, such as tcp://host:8786"
        raise CaseError([Problem("--scheduler", None, "address", given, allowed)]) from None
    with client:
        yield Dask(name, common, client)


def each(players: Pool, jobs: Sequence[Job]) -> Iterator[tuple[int, Result]]:
    """Play jobs one by one, and give (number, result) as each comes; the result of one that was lost is its error."""
    for number, results in players.play((n, [job]) for n, job in enumerate(jobs)):
        yield number, {"error": str(results)} if isinstance(results, Lost) else results[0]


def problems(workers: int | None, scheduler: str | None) -> list[Problem]:
    """What is wrong with the workers that are asked for."""
    found = []
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        found.append(Problem("--workers", None, "workers", workers, f"1 to {MOST_WORKERS:,}"))
    if workers is not None and scheduler is not None:
        found.append(Problem("--workers", None, "workers", workers, "nothing beside --scheduler"))
    return found


def _undisturbed() -> Any:
    """Workers of a terminal get its Ctrl-C too; the process that asked for them ends them."""
    import signal

    from distributed import WorkerPlugin

    class Undisturbed(WorkerPlugin):
        name = "undisturbed"

        def setup(self, worker: Any) -> None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    return Undisturbed()
