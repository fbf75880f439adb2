"""Look of every chart: colours, type and titles -> the same picture in notebook, page and report."""

from __future__ import annotations

import json
from typing import Any

INK = "#1b1f24"
MUTED = "#5a6371"
GRID = "#dde1e6"
LAND = "#eceef1"
BORDER = "#b4bac3"
RULE = "#8d96a3"

# Okabe and Ito's palette (2008), readable with the common kinds of colour blindness; black and
# yellow left out because one of them vanishes on a dark and the other on a white page.
BLUE, VERMILION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE = "#56B4E9", "#CC79A7"
SERIES = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY)

# One-hue steps for shares, light to dark; they differ in lightness, so they also read in grey.
STEPS = ("#fee391", "#fe9929", "#d95f0e", "#8c2d04")
FONT = "Arial, Helvetica, sans-serif"
COMMON_BASE = "Simulated, common base (no account)"


def standing(account: str | None) -> str:
    """Says in a subtitle where the numbers come from: the common base or a named account."""
    return COMMON_BASE if account is None else f"Simulated under the account “{account}”"


def wrap(text: str, width_px: float, font_px: float) -> list[str]:
    """Breaks a text into lines that fit a width, by the mean width of a letter (0.53 em in Arial)."""
    room = max(int(width_px / (0.53 * font_px)), 12)
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def text_width(text: str, font_px: float) -> float:
    """Estimates the width of a text in pixels."""
    return 0.53 * font_px * len(text)


def dressed(chart: Any, title: str, subtitle: str, width: int) -> Any:
    """Adds title, subtitle and configuration to a finished chart."""
    import altair as alt

    heading = alt.TitleParams(
        text=wrap(title, width, 16), subtitle=wrap(subtitle, width, 12), anchor="start", frame="bounds", offset=14,
        font=FONT, fontSize=16, fontWeight="bold", color=INK, lineHeight=20, subtitleFont=FONT, subtitleFontSize=12,
        subtitleColor=MUTED, subtitlePadding=5, subtitleLineHeight=16,
    )  # fmt: skip
    letters = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 11, "titleFontSize": 11, "titleColor": MUTED,
               "titleFontWeight": "normal"}  # fmt: skip
    axis = {
        **letters, "labelColor": MUTED, "gridColor": GRID, "domainColor": BORDER, "tickColor": BORDER, "tickSize": 4,
        "labelPadding": 4, "titlePadding": 8,
    }  # fmt: skip
    legend = {**letters, "labelColor": INK, "labelLimit": 260}
    return chart.properties(title=heading, background="transparent", padding=4).configure(
        font=FONT,
        aria=False,
        view={"stroke": None},
        axis=axis,
        legend=legend,
        text={"font": FONT, "color": INK, "fontSize": 11},
        header={"labelFont": FONT, "labelFontSize": 12, "labelColor": INK},
    )


def values(rows: list[dict[str, Any]]) -> Any:
    """Rows as data inside the chart: one JSON text, which altair neither copies nor checks row by row."""
    import altair as alt

    return alt.InlineData(values=json.dumps(rows, separators=(",", ":")), format=alt.JsonDataFormat(type="json"))


def time_axis(alt: Any, span: tuple[int, int], offset_h: float, width: int, title: bool = True) -> Any:
    """The x encoding of local time between two moments (milliseconds, already shifted to local time)."""
    days = max((span[1] - span[0]) / 86_400_000, 1.0)
    wanted = max(int(width / 62), 3)
    step = next((s for s in (1, 2, 3, 4, 7, 14, 28) if days / s <= wanted), 56)
    day = 86_400_000
    first = -(-span[0] // day) * day
    ticks = list(range(first, span[1] + 1, step * day))
    label = f"local time (UTC{offset_h:+g}); a tick is midnight" if title else None
    return (
        alt.X("t:T")
        .scale(type="utc", domain=list(span), nice=False)
        .axis(title=label, values=ticks, format="%-d %b", grid=True, labelFlush=False, labelOverlap=True)
    )
