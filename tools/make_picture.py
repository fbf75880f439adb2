"""Makes the pictures of the README: the map of an afternoon in the middle draw, and where that run lies among many.

    python tools/make_picture.py [--out docs/images] [--set docs/results/kazakhstan-2022-base.json]

Run tools/study_base.py first: it writes the numbers of the set of runs. Without them, or where they are of another
case, the map alone is drawn. The words below the picture go between the marks <!-- picture --> of README.md.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np

import groundswell as gs
from groundswell.figures import frames, save
from groundswell.figures.bands import bands

CASE, SEED, AT = "kazakhstan-2022", 1, "2022-01-05T17:00"
ROOT = Path(__file__).resolve().parents[1]
MARKS = re.compile(r"<!-- picture -->.*?<!-- end picture -->", re.S)
HOURS = 10 * 24


def main() -> None:
    """Play the middle draw and draw it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--set", type=Path, default=ROOT / "docs" / "results" / f"{CASE}-base.json", dest="known")
    o = parser.parse_args()
    run = gs.run(CASE, seed=SEED)
    hour = round(run.simulation.clock.hour_at(AT)) - 1
    save(run.plot.map(hour, named=9), o.out / f"{CASE}.png")
    known = json.loads(o.known.read_text(encoding="utf-8")) if o.known.exists() else {}
    if (known.get("case_digest"), known.get("middle")) != (run.case.digest, run.plan.drawn.get("draw")):
        known = {}
    if known:
        save(beside(run, known), o.out / f"{CASE}-among.png")
    words(ROOT / "README.md", caption(run, known, hour), bool(known))


def beside(run: Any, known: dict[str, Any]) -> Any:
    """The run on the bands of the set."""
    national = run.history.on_street.sum("place").values
    return bands(
        np.array(known["national"]), known["start_ms"], quantiles=known["quantiles"], offset_h=known["offset_h"],
        title=f"This run among {known['runs']}: people on the street in the whole country",
        note="Red: this run. Line: median; bands: 50 and 80 percent of the runs, each hour by itself.",
        unit="people on the street", hours=(0, min(HOURS, len(national))), line=national, height=190,
    )  # fmt: skip


def caption(run: Any, known: dict[str, Any], hour: int) -> str:
    """What the picture shows and where this run lies in the set."""
    s, drawn = run.summary, run.plan.drawn
    t_ms = frames.local_ms(run.history, run.simulation.clock.main_offset_h)
    which = f"draw {drawn['draw']} of {drawn['of']}, the one in the middle" if drawn else "declared defaults"
    out = int(run.history.on_street.sum("place").values[hour])
    start = (
        f"People on the street up to {frames.when(t_ms[hour])} in one simulated run ({which}, seed {SEED}): {out:,} in "
        f"the whole country. It meets {s['score']['met']} of {s['score']['of']} dated statements"
    )
    if not known:
        return f"{start}."
    of = known["runs"]
    places = ", ".join(
        f"{what} {run_has:,} ({below(known['sorted'][key], run_has)} of {of} runs have fewer)"
        for what, key, run_has in (
            ("at most out at one time", "peak", s["peak_on_street"]),
            ("dead of all sides", "dead", s["harm"]["dead"]["total"]),
        )
    )  # fmt: skip
    met = below(known["sorted"]["met"], s["score"]["met"])
    return f"{start} ({met} of {of} runs of the set meet fewer); {places}. Another run gives other hours and numbers."


def below(ordered: list[int], value: float) -> int:
    """How many of a set have less."""
    return int(np.searchsorted(np.array(ordered), value, side="left"))


def words(file: Path, text: str, whole: bool) -> None:
    """Put the picture and its words between their marks."""
    alt = "Kazakhstan, January 2022: a map of people on the street on 5 January in a simulated run"
    lines = [f"![{alt}](docs/images/{CASE}.png)", ""]
    if whole:
        lines += [f"![The same run on the bands of many runs](docs/images/{CASE}-among.png)", ""]
    put = "\n".join(["<!-- picture -->", *lines, f"*{fill(text, 118)}*", "<!-- end picture -->"])
    old = file.read_text(encoding="utf-8")
    file.write_text(MARKS.sub(lambda _: put, old), encoding="utf-8")


if __name__ == "__main__":
    main()
