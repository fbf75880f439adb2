"""The commands. Each checks its words, calls the library, and says what came of it."""

from __future__ import annotations

import json
import sys
import warnings
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from groundswell import __version__
from groundswell.commands.accounts import accounts
from groundswell.commands.ask import ask, claims
from groundswell.commands.calibrate import calibrate
from groundswell.commands.classic import classic
from groundswell.commands.compare import compare, refuse_removed
from groundswell.commands.diff import diff
from groundswell.commands.dossier import dossier
from groundswell.commands.export import export
from groundswell.commands.record import record
from groundswell.commands.run import run
from groundswell.commands.score import score
from groundswell.play.options import Many, Whole

app = App(
    name="groundswell",
    help="Simulates how a political crisis unfolds, person by person, and tests what people say about why.",
    version=__version__,
)
app.command(run)
app.command(accounts)
app.command(claims)
app.command(ask)
app.command(compare)
app.command(score)
app.command(calibrate)
app.command(export)
app.command(diff)
app.command(record)
app.command(dossier)
app.command(classic)


def main() -> None:
    """Entry point: bad input is explained on stderr with exit code 2, Ctrl-C ends with 130; never a traceback."""
    from groundswell.case import CaseError

    warnings.showwarning = _told
    for stream in (sys.stdout, sys.stderr):  # a terminal of another encoding shows what it cannot as an escape
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        refuse_removed(sys.argv[1:])
        result = app()
    except CaseError as error:
        print(str(error), file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except UnicodeEncodeError as error:
        print(f"{error.object[:100]!a}: a name that is not UTF-8", file=sys.stderr)
        sys.exit(2)
    except OSError as error:  # a full disk, a folder that may not be written
        print(f"{error.filename or 'files'}: {error.strerror or error}", file=sys.stderr)
        sys.exit(1)
    sys.exit(result if isinstance(result, int) else 0)


def _told(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
    """A warning without the line of code that gave it."""
    print(f"warning: {message}", file=sys.stderr)


@app.command
def cases() -> None:
    """List the cases there are: bundled ones and those in the current folder."""
    from groundswell.case import CaseError, bundled_cases, head_of, local_cases

    for names, where in ((bundled_cases(), "bundled"), (local_cases(), "this folder")):
        for name in names:
            try:
                head = head_of(name if where == "bundled" else f"./{name}")
                print(f"{name:24} {head.population_people:>12,} people  {head.title}  ({where})")
            except CaseError:
                print(f"{name:24} {'':>12}         cannot be read; groundswell check ./{name} says why  ({where})")


@app.command
def check(path: str) -> int:
    """Say what is wrong in a case: every mistake with file, line, field, what was given and what is allowed."""
    from groundswell.accounts import mistakes_of
    from groundswell.case import check as find
    from groundswell.case import load
    from groundswell.case.problems import attempt
    from groundswell.domains import all_mechanisms
    from groundswell.engine.parameters import known_parameters
    from groundswell.record import load_record
    from groundswell.study.calibration.free import mistakes_of as mistakes_of_free
    from groundswell.study.pairs.claims import load_claims
    from groundswell.study.pairs.questions import load_questions
    from groundswell.world.population import build_cells

    problems = find(path, known_parameters(all_mechanisms().values()))
    if not problems:
        case = load(path)
        problems = [*mistakes_of(case), *mistakes_of_free(case)]
        if attempt(problems, lambda: load_claims(case)) is not None:
            attempt(problems, lambda: load_questions(case, load_record(case)))
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} mistake{'s' if len(problems) > 1 else ''} in {path}", file=sys.stderr)
        return 2
    print(f"{path}: sound")
    try:
        cells = build_cells(case)
    except ValueError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 2
    print(f"{cells.people:,} people fitted; what is left over at each marginal:\n{cells.residual_table()}")
    return 0


@app.command
def new(name: str, *, dest: Path = Path()) -> None:
    """Make a small working case to start from, explained by comments, in a new folder."""
    from groundswell.case import new as make

    folder = make(name, dest)
    print(f"{folder}: a small case that runs. Next: groundswell run {folder}")


@app.command
def schedule(case: str, *, off: Many = ()) -> None:
    """Print the order of an hour, worked out from what mechanisms read and write."""
    from groundswell.play.change import from_texts
    from groundswell.play.plan import Plan
    from groundswell.play.run import prepare
    from groundswell.report.schedule import schedule_text

    print(schedule_text(prepare(Plan(case, from_texts(off=off)[0], people_scale=0.001))[0]))


@app.command
def explain(
    folder: Path,
    *,
    place: str,
    time: str,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Say in words and numbers why a place of a finished run is in the state it is in at an hour.

    Parameters
    ----------
    folder
        Folder of a finished run.
    place
        Id of a place, as in places.csv.
    time
        ISO time; without a zone it is read in the case's own.
    json_
        Print plain data instead of words.
    """
    from groundswell.play.folder import explanation

    data, words = explanation(folder, place, time)
    print(json.dumps(data, ensure_ascii=False) if json_ else words)


@app.command
def people(folder: Path, *, place: str | None = None, limit: Whole = 20, out: Path | None = None) -> None:
    """Show synthetic people of a finished run, or stream all of them to a Parquet file with --out."""
    from groundswell.play.folder import people_of

    print(people_of(folder, place, limit, out))


if __name__ == "__main__":
    main()
