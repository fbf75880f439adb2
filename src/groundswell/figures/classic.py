"""Charts of the classic models: courses of civil violence side by side, threshold cascades and their jump -> charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .theme import BLUE, INK, MUTED, ORANGE, RULE, VERMILION, dressed, values

MOST_STEPS = 1_000  # drawn; a burst takes some ten steps
WIDTH = 820  # px


def courses(
    lines: Mapping[str, tuple[np.ndarray, np.ndarray]], *, citizens: int, title: str, note: str, width: int = WIDTH
) -> Any:
    """People active and in jail step by step, one panel for each variant, all on one scale.

    Args:
        lines: variant -> (active, jailed), each (steps + 1,) people; the first thousand steps are drawn.
        citizens: how many people there are.
        title, note: what is seen.
        width: in pixels.
    """
    import altair as alt

    inner = width - 70
    drawn = {name: (active[: MOST_STEPS + 1], jailed[: MOST_STEPS + 1]) for name, (active, jailed) in lines.items()}
    last = max(len(active) for active, _ in drawn.values()) - 1
    high = max(max(int(active.max()), int(jailed.max())) for active, jailed in drawn.values())
    panels = []
    for number, (name, (active, jailed)) in enumerate(drawn.items(), 1):
        rows = [
            {"t": t, "v": int(v), "k": kind}
            for kind, line in (("in jail", jailed), ("active", active))
            for t, v in enumerate(line)
        ]
        x = alt.X("t:Q").scale(domain=[0, last], nice=False)
        x = x.axis(title="step" if number == len(drawn) else None, tickCount=10, grid=False, format=",d")
        y = alt.Y("v:Q").scale(domain=[0, 1.04 * max(high, 1)], nice=False)
        y = y.axis(title="people", tickCount=4, format=",d", domain=False)
        hue = alt.Color("k:N").scale(domain=["active", "in jail"], range=[VERMILION, BLUE])
        hue = hue.legend(title=None, orient="top-right", direction="horizontal") if number == 1 else hue.legend(None)
        heading = alt.TitleParams(
            f"{name}: at most {int(active.max()):,} of {citizens:,} active", anchor="start", frame="group",
            fontSize=12, color=INK, fontWeight="bold",
        )  # fmt: skip
        chart = alt.Chart(values(rows)).mark_line(strokeWidth=1.2, interpolate="step-after", clip=True)
        panels.append(chart.encode(x=x, y=y, color=hue).properties(width=inner, height=130, title=heading))
    return dressed(alt.vconcat(*panels, spacing=14), title, note, width)


def cascade(
    paths: Mapping[str, Sequence[int]],
    expected: tuple[np.ndarray, np.ndarray] | None = None,
    drawn: Mapping[str, np.ndarray] | None = None,
    *,
    people: int,
    jump: float | None = None,
    title: str,
    note: str,
    width: int = WIDTH,
) -> Any:
    """Threshold cascades: people acting round by round, and what comes of ever wider spreads of thresholds.

    Args:
        paths: crowd -> people acting after each round; the end is drawn on until the last of them ends.
        expected: spreads and, for each, people acting in the end without chance; without it there is no right panel.
        drawn: `sd`, `low`, `middle`, `high`: spreads, and quantiles of the people acting in the end in drawn crowds.
        people: size of the crowd.
        jump: the spread at which the end jumps, if there is one.
        title, note: what is seen.
        width: in pixels.
    """
    import altair as alt

    inner = (width - 190) // 2
    top = alt.Y("v:Q").scale(domain=[0, people], nice=False)
    top = top.axis(title="people acting", tickCount=5, format=",d", domain=False)
    last = max(len(path) for path in paths.values())
    rounds = [
        {"t": t, "v": int(path[min(t, len(path) - 1)]), "k": name} for name, path in paths.items() for t in range(last)
    ]
    hue = alt.Color("k:N").scale(domain=list(paths), range=[BLUE, VERMILION, ORANGE][: len(paths)])
    hue = hue.legend(title=None, orient="bottom", direction="vertical", symbolType="stroke", symbolStrokeWidth=3)
    line = alt.Chart(values(rounds)).mark_line(strokeWidth=2.4, clip=True)
    left = line.encode(x=alt.X("t:Q").axis(title="round", tickCount=6, format="d", grid=False), y=top, color=hue)
    panels = [("Round by round", left)]
    if expected is not None and drawn is not None:
        panels.append(("In the end, by the spread of the thresholds", _by_spread(alt, expected, drawn, jump, top)))
    charts = []
    for name, panel in panels:
        heading = alt.TitleParams(name, anchor="start", frame="group", fontSize=12, color=INK, fontWeight="bold")
        charts.append(panel.properties(width=inner if len(panels) > 1 else width - 70, height=250, title=heading))
    return dressed(alt.hconcat(*charts, spacing=30), title, note, width)


def _by_spread(
    alt: Any, expected: tuple[np.ndarray, np.ndarray], drawn: Mapping[str, np.ndarray], jump: float | None, top: Any
) -> Any:
    """Line of the expected end, points and bars of drawn crowds, and where the end jumps."""
    across = alt.X("t:Q").axis(title="standard deviation of the thresholds (people)", tickCount=8, grid=False)
    curve = [{"t": float(sd), "v": float(v)} for sd, v in zip(*expected, strict=True)]
    bars = [
        {"t": float(sd), "low": float(low), "v": float(middle), "high": float(high)}
        for sd, low, middle, high in zip(*(drawn[k] for k in ("sd", "low", "middle", "high")), strict=True)
    ]
    chart = alt.Chart(values(bars)).encode(x=across)
    layers = [
        chart.mark_rule(color=ORANGE, strokeWidth=2).encode(y=alt.Y("low:Q"), y2="high:Q"),
        chart.mark_point(color=ORANGE, filled=True, size=34, opacity=1).encode(y=top),
        alt.Chart(values(curve)).mark_line(color=BLUE, strokeWidth=1.8).encode(x=across, y=top),
    ]
    if jump is not None:
        at = alt.Chart(values([{"t": jump, "n": f"jump at {jump:.2f}"}])).encode(x=across)
        layers.append(at.mark_rule(color=RULE, strokeDash=[4, 3]))
        layers.append(at.mark_text(align="right", dx=-5, color=MUTED).encode(y=alt.value(8), text="n:N"))
    return alt.layer(*layers)
