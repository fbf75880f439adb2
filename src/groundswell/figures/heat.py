"""Tables of colours: what runs are taken for, people by region and day, endings over two parameters -> charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .grammar import heading, rows_of, short_rows
from .theme import INK, STEPS, dressed, values

DARK, LIGHT = "#10151a", "#ffffff"  # on cells that keep their colour on a dark page
LEAST_TOLD = 0.005
LEAST_CELL = 30
"""Pixels that a number needs in a table of colours."""
# Okabe and Ito's palette in a fixed order: the same ending has the same colour in every figure.
COLOURS = {
    "calm": "#009E73", "contested": "#E69F00", "palace change": "#CC79A7", "civil war": "#D55E00",
    "overthrow": "#0072B2", "not decided yet": "#8d96a3",
}  # fmt: skip
OTHER = "#dde1e6"  # what a study counts beside the endings, such as runs given up
HARM = (("dead_all", "Dead, of all sides"), ("detained", "Detained"))


def recovery_matrix(
    shares: Mapping[str, Mapping[str, float | None]], runs: Mapping[str, int], names: Mapping[str, str], *, title: str,
    note: str, width: int = 820,
) -> Any:  # fmt: skip
    """Rows: what a run was made with; columns, by number: what it was taken for; cells: share of the row's runs.

    Args:
        shares: true id -> given id -> share. runs: true id -> number of runs. names: id -> words.
        title, note: what is seen. width: in pixels.
    """
    import altair as alt

    order = list(dict.fromkeys([*shares, *(given for row in shares.values() for given in row)]))
    number = {k: str(i + 1) for i, k in enumerate(order)}
    written = [f"{number[k]}  {names[k]}" + (f" ({runs[k]:,})" if k in runs else "") for k in shares]
    rows = rows_of(written, width, (0.42, 0.36), 20, 4, least=22, most_px=64 * len(order) + 40, shortest=0)
    cell = rows.inner / max(len(order), 1)
    table = [
        {
            "label": label, "given": number[given], "share": share or 0.0,
            "told": f"{share * 100:.0f}" if share and share >= LEAST_TOLD else "",
        }
        for label, row in zip(rows.labels, shares.values(), strict=True)
        for given, share in row.items()
    ]  # fmt: skip
    numbers = list(number.values())
    top = alt.Axis(title="taken for (numbers as at the left)", orient="top", labelAngle=0, domain=False, ticks=False)
    top.labelFontSize = 11 if cell >= 20 else 9
    x = alt.X("given:N", sort=numbers, scale=alt.Scale(domain=numbers), axis=top)
    base = alt.Chart(values(table)).encode(x=x, y=rows.y)
    hue = alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=["#e6eff6", "#0b62a4"]), legend=None)
    layers = [base.mark_rect(stroke=LIGHT, strokeWidth=1).encode(color=hue)]
    if cell >= 20:
        tint = alt.condition("datum.share > 0.55", alt.value(LIGHT), alt.value(DARK))
        layers.append(base.mark_text(fontSize=11).encode(text="told:N", color=tint))
    return dressed(alt.layer(*layers).properties(**rows.box), title, note, width)


def by_day(
    table: np.ndarray, regions: Sequence[str], days: Sequence[str], *, title: str, note: str, width: int = 820
) -> Any:
    """Numbers by region and day as a table of colours (D, R), each with its number where there is room for it."""
    import altair as alt

    def cell(day: str, region: str, v: float) -> dict[str, Any]:
        thousands = f"{v / 1_000:,.1f}k" if v < 10_000 else f"{v / 1_000:,.0f}k"
        told = "" if v < 10 else f"{v:,.0f}" if v < 1_000 else thousands
        return {"d": day, "label": region, "v": v, "n": told, "dark": v > 3_000}

    found = [cell(d, r, float(table[i, k])) for i, d in enumerate(days) for k, r in enumerate(regions)]
    rows = short_rows(regions, width, 21, 6.8, (20, 20), domain=False, least=0)
    most = max(float(table.max()), 10.0)
    hue = alt.Color("v:Q").scale(type="symlog", constant=30, domain=[0, most], range=["#fff8e6", *STEPS[1::2]])
    x = alt.X("d:N").sort(list(days)).axis(title=None, orient="top", labelAngle=0, ticks=False, domain=False)
    layers = [alt.Chart(values(found)).mark_rect(stroke="white", strokeWidth=1).encode(color=hue.legend(None))]
    if rows.inner / max(len(days), 1) >= LEAST_CELL:
        ink = alt.Color("dark:N").scale(domain=[False, True], range=[INK, "#ffffff"]).legend(None)
        numbers = alt.Chart(values([r for r in found if r["n"]])).mark_text(fontSize=10.5)
        layers.append(numbers.encode(text="n:N", color=ink))
    grid = alt.layer(*(layer.encode(x=x, y=rows.y) for layer in layers)).resolve_scale(color="independent")
    return dressed(grid.properties(**rows.box), title, note, width)


def cells(runs: Sequence[Mapping[str, Any]], x: str, y: str) -> list[dict[str, Any]]:
    """One row for each pair of values: runs, the most frequent ending with its share, and medians of harm.

    Args:
        runs: dicts of x, y, ending, dead_all, detained. x, y: names of the two parameters.
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
    runs: Sequence[Mapping[str, Any]], x: str, y: str, *, labels: Mapping[str, str] | None = None,
    title: str = "Endings", note: str = "", width: int = 980,
) -> Any:  # fmt: skip
    """Three maps of one size side by side: the most frequent ending, the dead, the detained; stacked where narrow.

    Harm stands beside the ending at the same size. No cell is marked as better than another.

    Args:
        runs: dicts of x, y, ending, dead_all, detained; any number of runs for a pair.
        x, y: names of the two parameters. labels: name -> words for an axis.
        title, note: what is seen. width: in pixels.
    """
    import altair as alt

    found, words = cells(runs, x, y), dict(labels or {})
    columns = 3 if width >= 720 else 1
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
    below: dict[str, Any] = {"orient": "bottom", "direction": "horizontal"}
    hue = alt.Color("e:N").scale(domain=seen, range=[COLOURS.get(k, OTHER) for k in seen])
    maps = [("Most frequent ending, and its share of the runs", hue.legend(title=None, columns=2, **below), "s", 0.75)]
    for name, label in HARM:
        most = max([1.0, *(r[name] for r in rows)])
        hue = alt.Color(f"{name}:Q").scale(domain=[0, most], range=["#fff7ec", "#d95f0e"], zero=True)
        hue = hue.legend(title="median of the runs", format=",d", tickCount=3, **below)
        maps.append((label, hue, f"{name}_n", 1.0))
    size = {"width": int(width / columns) - 92, "height": max(26 * len(up), 90)}
    drawn = [
        alt.layer(
            base.mark_rect(opacity=dark).encode(color=hue),
            base.mark_text(color=INK, fontSize=11).encode(text=f"{text}:N"),
        ).properties(title=heading(name), **size)
        for name, hue, text, dark in maps
    ]
    joined = alt.hconcat(*drawn, spacing=26) if columns == 3 else alt.vconcat(*drawn, spacing=20)
    each = sorted({c["runs"] for c in found})
    number = f"{each[0]}" if len(each) == 1 else f"{each[0]} to {each[-1]}" if each else "0"
    said = f"Simulated, {number} run{'' if number == '1' else 's'} for each pair. {note}".strip()
    return dressed(joined.resolve_scale(color="independent"), title, said, width)


def _number(value: float) -> str:
    return f"{value:.4g}"


def _count(value: float) -> str:
    """A count as a cell has room for it; from 1 to 9 it is not told."""
    rounded = round(value)
    if 0 < rounded < 10:
        return "<10"
    return f"{rounded:,}" if rounded < 10_000 else f"{rounded / 1000:,.0f}k"
