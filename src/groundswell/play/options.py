"""The options that commands share: each is said once here, with its help, and is the command's and the library's."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, Token

if TYPE_CHECKING:
    from groundswell.case import Problem
    from groundswell.play.change import Change, Mistake


def whole(kind: object, tokens: Sequence[Token]) -> int:
    """The whole number that was written; 1.5 is none, and nothing is rounded."""
    text = tokens[0].value.strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,30}", text):
        raise ValueError(f"{text!r} is no whole number")
    return int(text)


Whole = Annotated[int, Parameter(converter=whole)]
MaybeWhole = Annotated[int | None, Parameter(converter=whole)]
Many = Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="")]
Switch = Annotated[bool, Parameter(negative="")]
Quiet = Annotated[bool, Parameter(name="--json", negative="")]


@dataclass(frozen=True)
class ChangeOptions:
    """What is changed about a case.

    Parameters
    ----------
    set
        mechanism.parameter=value, as many as you like; one number each, since nothing is searched.
    off
        Mechanisms to switch off; `groundswell schedule CASE` names them.
    measure
        id=none, id=ISO-TIME, id=version:NAME or id=respond: leave out, move, take another version of a recorded
        measure, or leave it to the triggers of the government's ladder.
    element
        Elements of accounts that are on, at the median of their priors.
    data
        Cells of the case: "TABLE.COLUMN=VALUE where COLUMN=VALUE,VALUE", or "TABLE.COLUMN*=FACTOR"; docs/ask.md
        lists the columns.
    stay_home
        Places and regions in which nobody ever comes out.
    government
        scripted (if left out): measures at their recorded hours; responsive: by the triggers of the case's ladder.
    """

    _: KW_ONLY
    set: Many = ()
    off: Many = ()
    measure: Many = ()
    element: Many = ()
    data: Many = ()
    stay_home: Many = ()
    government: str | None = None

    def change(self, account: str | None = None, at: str = "") -> tuple[Change, list[Mistake]]:
        """What is changed, and what has not the form it must have."""
        from groundswell.play.change import from_texts

        return from_texts(
            self.set, self.off, self.measure, self.element, self.data, self.stay_home, self.government, account, at
        )


@dataclass(frozen=True)
class PoolOptions:
    """Who plays many runs.

    Parameters
    ----------
    workers
        Processes on this machine, 1 if left out; the result does not depend on it.
    scheduler
        Address of a running Dask scheduler, such as tcp://host:8786, whose workers play.
    """

    _: KW_ONLY
    workers: MaybeWhole = None
    scheduler: str | None = None


@dataclass(frozen=True)
class RunOptions(ChangeOptions, PoolOptions):
    """How a case is played; None: not asked, so the default, or what the past of a branch has.

    Parameters
    ----------
    account
        Account to play, with what it switches on at the median of its prior: an id, or NAME of a file NAME.toml in this
        folder. Without one the common base, the mechanisms that no text disputes. `groundswell accounts` lists them.
    seed
        Seed of every draw, 1 if left out; the same seed gives the same run, on any number of threads.
    seeds
        Play a set of so many runs, from --seed on, and write one page for the set: bands, shares of endings, statements
        met by share. In a calibrated case each run has a draw of its own, unless --draw names one.
    until
        ISO time at which to stop.
    threads
        Threads for the parallel loops.
    people_scale
        Factor on the population, 1 if left out.
    engine
        fast (if left out), reference or reference-independent (slow; small populations only).
    draw
        Of a calibrated case: middle (if left out), or the number of a draw in its calibration/draws.csv.
    parameters
        calibrated (if left out, where the case has draws) or declared: defaults and parameters.toml alone.
    resume
        Folder of an interrupted run: go on from its last checkpoint.
    branch
        RUN-FOLDER@ISO-TIME: take that run's past and go on from the time with what is set here. CASE, seed, scale
        and engine are those of the past.
    out
        Folder to write; by default runs/CASE-SEED.
    report
        Whether to write report.html (a few seconds).
    quiet
        Print the summary as JSON and nothing else.
    """

    _: KW_ONLY
    account: str | None = None
    seed: MaybeWhole = None
    seeds: MaybeWhole = None
    until: str | None = None
    threads: Whole = 1
    people_scale: float | None = None
    engine: str | None = None
    draw: str | None = None
    parameters: str | None = None
    resume: Path | None = None
    branch: str | None = None
    out: Path | None = None
    report: bool = True
    quiet: Quiet = False


@dataclass(frozen=True)
class AskOptions(ChangeOptions, PoolOptions):
    """An experiment of the user's own, or how the pairs of a claim are played.

    Parameters
    ----------
    at
        Local time from which --set and --off act; from the start if left out.
    outcome
        What is looked at, such as dead, peak, first_crowd, or ending=overthrow|calm; docs/ask.md lists them.
    scope
        Regions, places or sites in which it is looked at; everywhere if left out.
    start
        Local time from which it is looked at.
    end
        Local time until which it is looked at.
    expect
        For a verdict: rises, falls, stays, "not rises" or "not falls".
    least
        For a verdict: the smallest effect that would matter, in the outcome's unit.
    until
        Local time to which both runs are played; the case's end if left out.
    account
        Account under which both runs are played; without one the common base.
    accounts
        Several accounts with equal weights: names joined by commas, or all.
    verdict
        Folder of `groundswell compare`: its accounts, weighted by their probabilities.
    runs
        Pairs under each account.
    seed
        Seed of the first pair; the next pairs have the next seeds.
    people_scale
        Factor on the population.
    out
        Folder to write: ask.json, ask.txt, pairs.csv, effects.svg.
    quiet
        Print the answer as JSON and nothing else.
    """

    _: KW_ONLY
    at: str = ""
    outcome: str | None = None
    scope: Many = ()
    start: Annotated[str, Parameter(name="--from")] = ""
    end: Annotated[str, Parameter(name="--to")] = ""
    expect: str = ""
    least: float | None = None
    until: str = ""
    account: str | None = None
    accounts: str | None = None
    verdict: Path | None = None
    runs: Whole = 20
    seed: Whole = 1
    people_scale: float = 1.0
    out: Path | None = None
    quiet: Quiet = False


@dataclass(frozen=True)
class TableOptions(PoolOptions):
    """A folder of many runs, which may be gone on with; None: not asked, so as it was begun, or the default.

    Parameters
    ----------
    seed
        Seed of every draw, 1 if left out.
    out
        Folder to write; by default one in runs/, named after the case and the command.
    resume
        Go on with that folder: what is there is not played again; --runs may be higher than before.
    """

    _: KW_ONLY
    seed: MaybeWhole = None
    out: Path | None = None
    resume: Switch = False

    def folder(self, case: str, command: str) -> Path:
        """The folder that is written."""
        return self.out if self.out is not None else Path("runs") / f"{case}-{command}"

    def problems(self, out: Path, command: str) -> list[Problem]:
        """What is wrong with the workers and with what is to be gone on with."""
        from groundswell.case import Problem
        from groundswell.play.pool import problems

        gone = self.resume and not out.exists()
        return problems(self.workers, self.scheduler) + (
            [Problem("--resume", None, "folder", str(out), f"a folder that {command} has begun")] if gone else []
        )

    @contextmanager
    def kept(self, out: Path) -> Iterator[None]:
        """Say what is kept where playing is interrupted, or the disk is full."""
        try:
            yield
        except (KeyboardInterrupt, OSError):
            if (out / "design.json").exists():
                print(f"{out}: the batches that were finished are kept; go on with --resume", file=sys.stderr)
            raise


@dataclass(frozen=True)
class CompareOptions(TableOptions):
    """How a comparison is played and weighed.

    Parameters
    ----------
    runs
        Runs of the table in all accounts and modes together, 5,000 if left out; rounded up to whole batches.
    accounts
        Accounts to compare, one by one or joined by commas; all if left out.
    mode
        conditional (measures at their recorded hours), joint (offices respond, and measures are observations too), or
        both (if left out).
    observed
        CSV file observation,low,high,stated: a record to weigh by instead of the case's own.
    source_version
        Id of a source: weigh by its version of the record alone.
    weight
        SOURCE=WEIGHT where sources contradict each other, as many as you like.
    shard
        i/n: play part i of n only. Nothing is weighed until all parts are in one folder.
    base
        Shared vectors to look at, at the most, in search of those that the base set does not rule out.
    until_settled
        Double the table until doubling moves no family's probability by 0.02 or more, and say how many runs that took.
    most_runs
        Runs at which doubling ends in any case; eight times --runs if left out.
    quiet
        Print the verdict as JSON and nothing else.
    """

    _: KW_ONLY
    runs: MaybeWhole = None
    accounts: Many = ()
    mode: str | None = None
    observed: Path | None = None
    source_version: str | None = None
    weight: Many = ()
    shard: str | None = None
    base: MaybeWhole = None
    until_settled: Switch = False
    most_runs: MaybeWhole = None
    quiet: Quiet = False


@dataclass(frozen=True)
class CalibrateOptions(TableOptions):
    """How a calibration is played.

    Parameters
    ----------
    runs
        Whole-case runs at most, 3,000 if left out; --resume may raise it.
    particles
        Vectors of parameters that go on together, 200 if left out.
    replicates
        Seeds of each vector, 1 if left out; every one counts as a run.
    waves
        Waves before that, 2 if left out: the first from the priors, the others from where an emulator expects to fit.
    wave
        Vectors of a wave; twice the particles if left out.
    free
        TOML file that says what is free, instead of the case's own calibration/free.toml.
    start
        Folder of another calibration in which as much or less was free: its nearest vectors, played anew, begin the
        search in place of waves.
    install
        Put the draws into the folder of the case when they are there, so that runs play them.
    """

    _: KW_ONLY
    runs: MaybeWhole = None
    particles: MaybeWhole = None
    replicates: MaybeWhole = None
    waves: MaybeWhole = None
    wave: Annotated[MaybeWhole, Parameter(name="--wave-size")] = None
    free: Path | None = None
    start: Path | None = None
    install: Switch = False
