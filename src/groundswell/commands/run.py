"""The command `run`: one run or a set of runs, and what is told of it on the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import fill
from typing import Annotated, Any

from cyclopts import Parameter

from groundswell.play.options import RunOptions

AS_USUAL = RunOptions()
SPREAD = (
    ("dead", "dead"), ("dead of the forces", "security_dead"), ("injured", "injured"), ("detained", "detained"),
    ("most on the street", "peak_on_street"), ("strikes", "strikes"),
)  # fmt: skip
"""Of a set: what is told, and the number of a run's summary."""


def run(case: str, *, options: Annotated[RunOptions, Parameter(name="*")] = AS_USUAL) -> None:
    """Play a case for every inhabitant, hour by hour, and write a folder with history and report.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    """
    from groundswell.play.folder import Request, perform

    request = Request(case, **vars(options))
    if options.seeds is not None:
        from groundswell.play.set_folder import perform as perform_set

        folder, found = perform_set(request, options.seeds)
        summary = found.summary
        if options.quiet:
            print(json.dumps({**summary, "folder": str(folder)}, ensure_ascii=False))
        else:
            _tell_set(folder, summary)
        return
    folder, summary = perform(request)
    if options.quiet:
        print(json.dumps({**summary, "folder": str(folder)}, ensure_ascii=False))
    else:
        _tell(folder, summary)


def _tell(folder: Path, s: dict[str, Any]) -> None:
    says = s["plan"]["carried"]
    print(f"{s['case']}, {says['title'] if says else 'common base (no account)'}, seed {s['seed']}")
    if says:
        from groundswell.accounts.playing import told

        print(fill(f"One account of several. {told(says)}", 118, initial_indent="  ", subsequent_indent="  "))
    if s["plan"]["drawn"]:
        from groundswell.case.calibration import told as told_of_draw

        words = f"Parameters: {told_of_draw(s['plan']['drawn'])}."
        print(fill(words, 118, initial_indent="  ", subsequent_indent="  "))
    _line("inhabitants", f"{s['population']:,}")
    _line("hours played", f"{s['hours']:g}, in {s['wall_s']:.2f} s (loading {s['load_s']:.2f} s)")
    _line("most on the street", f"{s['peak_on_street']:,}" + (f" at {s['peak_time']}" if s["peak_time"] else ""))
    first = next(iter(s["onset"].items()), None)
    _line("places with a crowd", f"{len(s['onset'])}" + (f", first {first[0]} at {first[1]}" if first else ""))
    _line("strikes", s["strikes"])
    _line("dead", f"{s['dead']:,}, and {s['security_dead']:,} of the forces")
    _line("injured", f"{s['injured']:,}, and {s['security_injured']:,} of the forces")
    _line("detained", f"{s['detained']:,}, of them {s['harm']['detained']['from_home']:,} from home")
    _line("displaced", "not modelled in this version")
    _line("ending", s["ending"]["title"] if s["ending"] else "not decided yet")
    _line("dated statements met", f"{s['score']['met']} of {s['score']['of']}")
    _line("digest", s["digest"][:16])
    print(f"Report: {folder / 'report.html'}" if (folder / "report.html").exists() else f"Folder: {folder}")


def _tell_set(folder: Path, s: dict[str, Any]) -> None:
    def spread(key: str) -> str:
        low, middle, high = s["spread"][key]
        return f"{middle:,.0f} ({low:,.0f} to {high:,.0f})"

    says = s["plan"]["carried"]
    print(f"{s['case']}, {says['title'] if says else 'common base (no account)'}, {s['runs']} runs")
    print("  median, and in brackets 10 to 90 percent of the runs")
    for name, key in SPREAD:
        _line(name, spread(key))
    _line("displaced", "not modelled in this version")
    _line("endings", ", ".join(f"{name} {n}" for name, n in s["endings"].items()))
    score = s["score"]
    if score["of"]:
        _line(
            "dated statements",
            f"{score['half']} of {score['of']} met in half of the runs or more, {score['none']} in none",
        )
    if s["failed"]:
        _line("ended in an error", f"{len(s['failed'])}, first: {next(iter(s['failed'].values()))}")
    _line("digest", s["digest"][:16])
    print(f"Report: {folder / 'report.html'}" if (folder / "report.html").exists() else f"Folder: {folder}")


def _line(name: str, value: object) -> None:
    print(f"  {name:22} {value}")
