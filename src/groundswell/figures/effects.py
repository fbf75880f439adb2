"""Effects from pairs of runs: each pair's difference, the mean and its interval, harm first -> chart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .theme import BLUE, INK, MUTED, RULE, VERMILION, dressed, values

ROWS = ("dead_all", "injured_all", "detained", "outcome")


def effects_chart(answer: Mapping[str, Any], width: int = 560) -> Any:
    """The chart of an answer of `ask` as plain data.

    One panel for each kind of harm and one for the outcome, each with its own scale: a tick for every pair, the mean
    effect with its 95 percent interval, a line at no effect, and the smallest effect that would matter as a band.
    """
    import altair as alt

    claim = answer["claim"]
    titles = {"dead_all": "Dead, all sides (people)", "injured_all": "Injured, all sides (people)"}
    titles |= {"detained": "Detained (people)", "outcome": f"{claim['outcome'].capitalize()} ({claim['unit']})"}
    panels = [_panel(alt, answer, name, titles[name], width) for name in ROWS]
    chart = alt.vconcat(*panels, spacing=18).resolve_scale(x="independent")
    said = f"The change: {claim['change']}. {answer['weights']['words']} {answer['runs']} pairs of runs, "
    said += "simulated. A tick is the difference of one pair, with the change less without it; point and bar are the "
    said += "effect, their mean, with its 95 percent interval."
    if claim["least"] is not None:
        said += " Grey band: effects too small to matter, as declared."
    return dressed(chart, claim["statement"], said, width)


def _panel(alt: Any, answer: Mapping[str, Any], name: str, title: str, width: int) -> Any:
    effect = answer["effects"][name]["overall"]
    runs: dict[tuple[str, int], dict[str, float | None]] = {}
    for row in answer["pairs"]:
        runs.setdefault((row["account"], row["pair"]), {})[row["run"]] = row[name]
    pairs = [
        {"d": b - a} for r in runs.values() if (a := r.get("without")) is not None and (b := r.get("with")) is not None
    ]
    found = [x for x in (effect["effect"], effect["low"], effect["high"]) if x is not None]
    least = answer["claim"]["least"] if name == "outcome" else None
    reach = [abs(x) for x in (*found, *(p["d"] for p in pairs), *([least * 1.2] if least else []))]
    most = max((x for x in reach if math.isfinite(x)), default=0.0) or 1.0
    x = alt.Scale(domain=[-most * 1.05, most * 1.05], nice=False)
    axis = alt.Axis(title=None, tickCount=6, grid=True)
    box = {"width": width, "height": 46}
    layers = []
    if least is not None:
        band = alt.Chart(values([{"a": -least, "b": least}])).mark_rect(color=MUTED, opacity=0.15)
        layers.append(band.encode(x=alt.X("a:Q", scale=x, axis=axis), x2="b:Q"))
    layers.append(alt.Chart(values([{"z": 0}])).mark_rule(color=RULE).encode(x=alt.X("z:Q", scale=x, axis=axis)))
    ticks = alt.Chart(values(pairs)).mark_tick(color=BLUE, opacity=0.55, thickness=1.5, size=16)
    layers.append(ticks.encode(x=alt.X("d:Q", scale=x, axis=axis), y=alt.value(12)))
    if effect["effect"] is not None:
        row = [{"e": effect["effect"], "l": effect["low"], "h": effect["high"]}]
        colour = VERMILION if name == "outcome" else INK
        if effect["low"] is not None and effect["high"] is not None:
            bar = alt.Chart(values(row)).mark_rule(color=colour, strokeWidth=2)
            layers.append(bar.encode(x=alt.X("l:Q", scale=x, axis=axis), x2="h:Q", y=alt.value(33)))
        dot = alt.Chart(values(row)).mark_point(color=colour, filled=True, size=70, opacity=1)
        layers.append(dot.encode(x=alt.X("e:Q", scale=x, axis=axis), y=alt.value(33)))
    heading = alt.TitleParams(title, anchor="start", fontSize=12, fontWeight="bold", color=MUTED)
    return alt.layer(*layers).properties(title=heading, **box)
