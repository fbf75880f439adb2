"""The page of the endings: tables and the map, from the rows of the runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from endings_regions import MAP, REGIONS, Region

from groundswell.figures.heat import endings as draw_map
from groundswell.figures.save import save

Row = dict[str, Any]
HEAD = """# Endings

Made by `examples/endings.py` from {runs} runs of `kazakhstan-2022`, 19,503,159 people each, common base, no account.
An ending is decided on what can be observed at the end of the run (20 January), never on causes; definitions stand in
[the model](../model.md) and in `observe/endings.py`. "Dead" counts all sides: people on the street, members of the
forces, members of organised groups. "Detained" counts every taking of an inhabitant into custody. Shares stand with
their number of runs and an interval of 95 percent; a region that has not been played yet says so.

Nothing here is a probability of anything in the world. Regions were searched for; the prior is wide and assumed; two
parameters are fitted to a quiet month and to the first three days.
"""


def share(k: int, n: int) -> str:
    """A share with its Wilson interval of 95 percent."""
    if n == 0:
        return "no run"
    z, p = 1.96, k / n
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (max(0.0, (middle + sign * half) / (1 + z * z / n)) for sign in (-1, 1))
    return f"{k} of {n} ({100 * p:.0f} %; {100 * low:.0f} to {100 * high:.0f})"


def spread(values: Iterable[float]) -> str:
    """Median, and the range in brackets."""
    x = np.array(sorted(values), float)
    return "" if not len(x) else f"{np.median(x):,.0f} ({x[0]:,.0f} to {x[-1]:,.0f})"


def conditions(region: Region) -> str:
    """What differs from the defaults."""
    parts = [f"`{k}={v:g}`" for k, v in region.set.items()]
    if region.government != "scripted":
        parts.append(f"`--government {region.government}`")
    if region.without:
        parts.append("without " + ", ".join(f"`{k}`" for k in region.without))
    return "; ".join(parts) or "the defaults"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def titles(rows: Iterable[Row]) -> str:
    """Endings with their kind, the most frequent first, ties by name."""
    count = Counter(r["title"] for r in rows)
    return ", ".join(f"{n} {name}" for name, n in sorted(count.items(), key=lambda x: (-x[1], x[0])))


def by_region(rows: Sequence[Row]) -> str:
    """Endings, dead and detained region by region, and the conditions of each."""
    lines, notes = [], []
    for region in REGIONS:
        mine = [r for r in rows if r["key"].startswith(f"regions/{region.name}/")]
        met = sum(region.ending in (r["ending"], r["title"]) for r in mine)
        lines.append(
            (
                region.ending, f"`{region.name}`", share(met, len(mine)), titles(mine),
                spread(r["dead_all"] for r in mine), spread(r["detained"] for r in mine),
            )
        )  # fmt: skip
        notes.append(f"- `{region.name}`: {region.about} {conditions(region)}.")
    head = ("ending", "region", "seeds with it", "all endings", "dead, median (range)", "detained, median (range)")
    return f"{table(head, lines)}\n\nConditions, beside the defaults:\n\n" + "\n".join(notes)


def under_prior(rows: Sequence[Row]) -> str:
    """Shares of endings over draws of the prior."""
    mine = [r for r in rows if r["key"].startswith("prior/")]
    count = Counter(r.get("title", r["ending"]) for r in mine)
    lines = []
    for name, n in sorted(count.items(), key=lambda x: (-x[1], x[0])):
        these = [r for r in mine if r.get("title", r["ending"]) == name and "dead_all" in r]
        lines.append(
            (name, share(n, len(mine)), spread(r["peak"] for r in these), spread(r["dead_all"] for r in these),
             spread(r["detained"] for r in these))
        )  # fmt: skip
    head = ("ending", "draws", "most people out", "dead, median (range)", "detained, median (range)")
    return table(head, lines)


def map_rows(rows: Sequence[Row]) -> list[Row]:
    """Runs of the map with the two parameters as columns."""
    out = []
    for r in rows:
        part, pair, _ = r["key"].split("/")
        if part == "map":
            loyalty, concession = (float(x) for x in pair.split(","))
            out.append({**r, "loyalty": loyalty, "concession": concession})
    return out


def page(out: Path, rows: Sequence[Row]) -> None:
    """Write endings.md and endings-map.png."""
    runs = map_rows(rows)
    parts = [HEAD.format(runs=len(rows)), "## Each ending from two regions\n", by_region(rows)]
    parts += [
        "\n## Under the prior\n",
        "Every parameter that has a prior is drawn (scrambled Sobol' points), the two fitted ones keep their value,",
        "measures stand at their recorded hours. A draw with more than 1.5 million people on the street at one time is",
        "given up and counted as such.\n",
        under_prior(rows),
    ]
    if runs:
        labels = {"loyalty": "loyalty at rest (loyalty.base)", "concession": "effect of an offer (concession.strength)"}
        chart = draw_map(
            runs, "loyalty", "concession", labels=labels, title="Endings, dead and detained by loyalty and concession",
            note="No cell is better than another: the dead and the detained stand beside the ending.",
        )  # fmt: skip
        save(chart, out / "endings-map.png")
        parts += [
            "\n## Loyalty and concession\n",
            "![Endings, dead and detained over loyalty of the forces and effect of concessions](endings-map.png)\n",
            f"On one wave: {conditions(MAP)}. {MAP.about}",
        ]
    (out / "endings.md").write_text("\n".join(parts) + "\n", encoding="utf-8")
