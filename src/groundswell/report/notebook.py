"""What results look like in a notebook: the fit first, harm, the ending, a curve and a map."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from groundswell.case import CaseError
from groundswell.figures.bands import bands
from groundswell.figures.save import svg_text

from . import fit, of_set

WIDTH = 720
HARM = (
    ("dead", "Dead, not of the forces"), ("security_dead", "Dead of the forces"),
    ("injured", "Injured, not of the forces"), ("detained", "Detained"),
)  # fmt: skip


def of_run(run: Any) -> str:
    """A run: how well it fits, harm, how it ends, people on the street over time, and the map at the peak."""
    s = run.summary
    rows = [(label, f"{s[key]:,}") for key, label in HARM]
    rows += [("Displaced", "not modelled in this version"), ("Most on the street", f"{s['peak_on_street']:,}")]
    rows += [("Ending", (s["ending"] or {}).get("title", "not decided yet"))]
    try:
        pictures = [run.plot.curves(width=WIDTH), run.plot.map(width=WIDTH)] if s["peak_on_street"] else []
    except CaseError:  # a run from its folder, whose case has changed since: its map is not known
        pictures = []
    note = f"One run with one seed. Groundswell {s['version']}, digest {s['digest'][:16]}."
    return _page(run.title, fit.sentence(s["score"]), rows, pictures, note)


def of_runs(found: Any) -> str:
    """A set of runs: how well it fits, ranges of harm, endings, and people on the street as a band."""
    rows = []
    for key, label in (*HARM, ("peak_on_street", "Most on the street")):
        low, middle, high = found.spread(key)
        rows.append((label, f"{middle:,.0f} ({low:,.0f} to {high:,.0f})"))
    rows.insert(len(HARM), ("Displaced", "not modelled in this version"))
    rows.append(("Endings", ", ".join(f"{name} {n}" for name, n in found.endings.items())))
    street, n = found.courses["on_street"], len(found)
    pictures = [
        bands(
            street, of_set.start_ms(found.case), title=f"People on the street, {n} runs", note=of_set.HOW,
            unit="people", offset_h=of_set.offset_h(found.case), points=of_set.crowds(found.case),
            hours=(0, of_set.drawn(street)), width=WIDTH,
        )
    ] if street.any() else []  # fmt: skip
    note = f"Median, and in brackets 10 to 90 percent of the runs. Digest {found.digest[:16]}."
    return _page(found.title, of_set.sentence(found.summary), rows, pictures, note)


def of_answer(answer: Any) -> str:
    """An answer of `ask`: its words, and each pair's difference with the effect."""
    from groundswell.figures.rows import effects

    svg = svg_text(effects(answer.to_json()))
    return f"<pre style='white-space:pre-wrap'>{escape(str(answer))}</pre>{svg}"


def _page(title: str, sentence: str, rows: Sequence[tuple[str, str]], pictures: Sequence[Any], note: str) -> str:
    cells = "".join(
        f"<tr><th style='text-align:left'>{escape(label)}</th><td style='text-align:left'>{escape(value)}</td></tr>"
        for label, value in rows
    )
    drawn = "".join(f"<div>{svg_text(chart)}</div>" for chart in pictures)
    return (
        f"<h3>{escape(title)}</h3><p><strong>{escape(sentence)}</strong></p><table>{cells}</table>{drawn}"
        f"<p><small>{escape(note)} What a run cannot tell: docs/limits.md.</small></p>"
    )
