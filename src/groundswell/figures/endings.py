"""Endings over two parameters, with deaths and detained in the same figure at the same size -> chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .theme import INK, MUTED, dressed, values

# Okabe and Ito's palette in a fixed order: the same ending has the same colour in every figure.
COLOURS = {
    "calm": "#009E73",
    "contested": "#E69F00",
    "palace change": "#CC79A7",
    "civil war": "#D55E00",
    "overthrow": "#0072B2",
    "not decided yet": "#8d96a3",
}
OTHER = "#dde1e6"  # what a study counts beside the endings, such as runs given up
HARM = (("dead_all", "Dead, of all sides"), ("detained", "Detained"))


def cells(runs: Sequence[Mapping[str, Any]], x: str, y: str) -> list[dict[str, Any]]:
    """One row for each pair of values: runs, the most frequent ending with its share, and medians of harm.

    Args:
        runs: dicts of x, y, ending, dead_all, detained.
        x, y: names of the two parameters.
    """
    groups: dict[tuple[float, float], list[Mapping[str, Any]]] = {}
    for run in runs:
        groups.setdefault((float(run[x]), float(run[y])), []).append(run)
    out = []
    for (a, b), mine in sorted(groups.items()):
        names = [str(r["ending"]) for r in mine]
        ending = max(sorted(set(names)), key=names.count)  # of two as frequent the first by name
        share = names.count(ending) / len(names)
        harm = {k: float(np.median([float(r[k]) for r in mine])) for k, _ in HARM}
        out.append({"x": a, "y": b, "runs": len(mine), "ending": ending, "share": share, **harm})
    return out


def endings(
    runs: Sequence[Mapping[str, Any]],
    x: str,
    y: str,
    *,
    labels: Mapping[str, str] | None = None,
    title: str = "Endings",
    note: str = "",
    width: int = 980,
) -> Any:
    """Three maps of one size side by side: the most frequent ending, the dead, the detained; stacked where narrow.

    Harm stands beside the ending at the same size. No cell is marked as better than another.

    Args:
        runs: dicts of x, y, ending, dead_all, detained; any number of runs for a pair.
        x, y: names of the two parameters.
        labels: name -> words for an axis.
        title, note: what is seen.
        width: width in pixels.
    """
    import altair as alt

    found = cells(runs, x, y)
    words = dict(labels or {})
    columns = 3 if width >= 720 else 1
    size = int(width / columns) - 92
    across = [_number(v) for v in sorted({c["x"] for c in found})]
    up = [_number(v) for v in sorted({c["y"] for c in found}, reverse=True)]
    rows = [
        {
            "a": _number(c["x"]), "b": _number(c["y"]), "e": c["ending"], "s": f"{c['share']:.0%}",
            **{k: c[k] for k, _ in HARM}, **{f"{k}_n": _count(c[k]) for k, _ in HARM},
        }
        for c in found
    ]  # fmt: skip
    base = alt.Chart(values(rows)).encode(
        x=alt.X("a:N").sort(across).axis(title=words.get(x, x), labelAngle=0, domain=False, ticks=False),
        y=alt.Y("b:N").sort(up).axis(title=words.get(y, y), domain=False, ticks=False),
    )
    there = {r["e"] for r in rows}
    seen = [k for k in COLOURS if k in there] + sorted(there - set(COLOURS))
    box = {"width": size, "height": max(26 * len(up), 90)}
    first = alt.layer(
        base.mark_rect(opacity=0.75).encode(
            color=alt.Color("e:N")
            .scale(domain=seen, range=[COLOURS.get(k, OTHER) for k in seen])
            .legend(title=None, orient="bottom", direction="horizontal", columns=2)
        ),
        base.mark_text(color=INK, fontSize=11).encode(text="s:N"),
    ).properties(title=_heading(alt, "Most frequent ending, and its share of the runs"), **box)
    maps = [first]
    for key, label in HARM:
        most = max((r[key] for r in rows), default=1.0)
        hue = (
            alt.Color(f"{key}:Q")
            .scale(domain=[0, max(most, 1.0)], range=["#fff7ec", "#d95f0e"], zero=True)
            .legend(title="median of the runs", orient="bottom", direction="horizontal", format=",d", tickCount=3)
        )
        told = base.mark_text(color=INK, fontSize=11).encode(text=f"{key}_n:N")
        maps.append(alt.layer(base.mark_rect().encode(color=hue), told).properties(title=_heading(alt, label), **box))
    joined = alt.hconcat(*maps, spacing=26) if columns == 3 else alt.vconcat(*maps, spacing=20)
    each = sorted({c["runs"] for c in found})
    number = f"{each[0]}" if len(each) == 1 else f"{each[0]} to {each[-1]}" if each else "0"
    said = f"Simulated, {number} run{'' if number == '1' else 's'} for each pair. {note}".strip()
    return dressed(joined.resolve_scale(color="independent"), title, said, width)


def _heading(alt: Any, text: str) -> Any:
    return alt.TitleParams(text, anchor="start", fontSize=12, fontWeight="bold", color=MUTED)


def _number(value: float) -> str:
    return f"{value:.4g}"


def _count(value: float) -> str:
    """A count as a cell has room for it; from 1 to 9 it is not told."""
    rounded = round(value)
    if 0 < rounded < 10:
        return "<10"
    return f"{rounded:,}" if rounded < 10_000 else f"{rounded / 1000:,.0f}k"
