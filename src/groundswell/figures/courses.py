"""Charts of what rises and falls over time: people on the street, demands, pressure, harm, growth -> charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.observe.harm import LEAST_PEOPLE

from . import frames, marks
from .grammar import NARROW_PX, heading
from .theme import BLUE, INK, MUTED, ORANGE, PURPLE, SERIES, VERMILION, dressed, standing, time_axis, values

if TYPE_CHECKING:
    import altair
    import xarray as xr


def curves(
    history: xr.Dataset,
    measures: Sequence[Mapping[str, Any]] = (),
    *,
    offset_h: float = 6,
    width: int = 820,
    account: str | None = None,
    region_names: Mapping[str, str] | None = None,
) -> altair.VConcatChart:
    """People on the street in the whole country, with the measures, and below region by region."""
    import altair as alt

    inner = width - 66
    t_ms = frames.local_ms(history, offset_h)
    span = frames.span_of(t_ms)
    hours = (0.0, (span[1] - span[0]) / 3_600_000)
    whole = frames.total(history, "on_street")
    rows = frames.series_rows(t_ms, whole)
    for row in rows:
        row["when"] = frames.when(row["t"], weekday=True)
    x = time_axis(alt, span, offset_h, inner, title=False)
    when = [alt.Tooltip("when:N", title="local time"), alt.Tooltip("v:Q", title="people", format=",.0f")]
    y = alt.Y("v:Q").axis(title="people on the street, whole country", format=",d", tickCount=5, domain=False)
    area = _filled(alt, rows, BLUE, 0.28).encode(x=x, y=y, tooltip=when)
    placed = marks.lanes(marks.chosen(measures, hours), hours, inner)
    national = area.properties(width=inner, height=220)
    if placed:
        bare = alt.X("t:T").scale(type="utc", domain=list(span), nice=False).axis(None)
        labels = marks.label_panel(alt, placed, span[0], bare, inner)
        under = alt.layer(marks.rules(alt, placed, span[0], x), area).properties(width=inner, height=220)
        national = alt.vconcat(labels, under, spacing=0)
    panels = [national, _region_rows(alt, history, t_ms, span, offset_h, inner, region_names)]
    peak = int(whole.argmax())
    title = "People on the street: nobody at any hour"
    if whole[peak] > 0:
        title = f"People on the street: at most {whole[peak]:,.0f} at one time, {frames.when(t_ms[peak], True)}"
    note = "Lines from above mark measures. Below: each region drawn to its own height; its peak is written beside its "
    note += "name."
    return dressed(alt.vconcat(*panels, spacing=12), title, f"{standing(account)}. {note}", width)


def _filled(alt: Any, rows: list[dict[str, Any]], colour: str, opacity: float, stroke: float = 1.6) -> Any:
    """An area under a line."""
    line = {"color": colour, "strokeWidth": stroke}
    return alt.Chart(values(rows)).mark_area(color=colour, opacity=opacity, line=line)


def _region_rows(
    alt: Any, history: xr.Dataset, t_ms: np.ndarray, span: tuple[int, int], offset_h: float, inner: int,
    region_names: Mapping[str, str] | None,
) -> Any:  # fmt: skip
    lines = frames.by_region(history)
    risen = sorted((r for r in lines if lines[r].max() >= LEAST_PEOPLE), key=lambda r: -lines[r].max())
    quiet = len(lines) - len(risen)
    bands, labels = [], []
    for k, region in enumerate(risen):
        line, floor = lines[region], float(len(risen) - k - 1)
        peak = int(line.argmax())
        shape = line / line[peak] * 0.6
        keep = np.flatnonzero((shape > 0) | (np.roll(shape, 1) > 0) | (np.roll(shape, -1) > 0))
        bands += [
            {"t": int(t_ms[i]), "low": floor, "v": round(floor + float(shape[i]), 3), "region": region} for i in keep
        ]
        said = f"{line[peak]:,.0f} at the peak, {frames.when(t_ms[peak])}"
        labels.append({"v": floor + 0.78, "t": span[0], "name": frames.region_name(region, region_names), "peak": said})
    up = alt.Scale(domain=[0, max(len(risen), 1)], nice=False)
    y = alt.Y("v:Q").scale(up).axis(None)
    x = time_axis(alt, span, offset_h, inner)
    area = _filled(alt, bands, BLUE, 0.45, 1).encode(x=x, y=y, y2="low:Q", detail="region:N")
    text = alt.Chart(values(labels)).encode(y=y)
    layers = [
        area,
        text.mark_text(align="left", dx=3, fontWeight="bold", color=INK).encode(x=x, text="name:N"),
        text.mark_text(align="right", dx=-2, color=MUTED).encode(x=alt.value(inner), text="peak:N"),
    ]
    if quiet:
        said = f"{quiet} region{'s' * (quiet > 1)} with fewer than 10 people on the street not drawn"
        rest = alt.Chart(values([{"v": 0.0, "n": said}]))
        rest = rest.mark_text(align="right", dy=-2, baseline="bottom", color=MUTED)
        layers.append(rest.encode(x=alt.value(inner), y=y, text="n:N"))
    return alt.layer(*layers).properties(width=inner, height=max(34 * len(risen), 40))


def demands(
    history: xr.Dataset,
    *,
    offset_h: float = 6,
    width: int = 820,
    account: str | None = None,
    least_people: float = 50,
) -> altair.LayerChart:
    """Share of the people on the street who hold each demand; drawn where at least `least_people` are out."""
    whole = frames.total(history, "on_street")
    shares = history["demand_share"].transpose("time", "demand").values.astype(np.float64)
    shares = np.where((whole >= least_people)[:, None], shares, np.nan)
    title = "What the people on the street demand"
    said = f"{standing(account)}. Share of all people on the street in the hour; hours with fewer than "
    said += f"{least_people:,.0f} people out are left empty."
    y = ("share of people on the street", ".0%")
    return _lines(history, shares, "demand", offset_h, width, title, said, y, 280)


def pressure(
    history: xr.Dataset, *, offset_h: float = 6, width: int = 820, account: str | None = None
) -> altair.LayerChart:
    """Mean pressure of each livelihood over time."""
    table = history["pressure"].transpose("time", "livelihood").values.astype(np.float64)
    unit = str(history["pressure"].attrs.get("units", history["pressure"].attrs.get("unit", "index")))
    title = "Pressure on each livelihood"
    said = f"{standing(account)}. Mean over all people of the livelihood; coloured are those that change most, "
    said += "the others are grey."
    y = (f"mean pressure ({unit})", ".2~f")
    return _lines(history, table, "livelihood", offset_h, width, title, said, y, 340)


def _lines(
    history: xr.Dataset, table: np.ndarray, dim: str, offset_h: float, width: int, title: str, said: str,
    axis: tuple[str, str], height: int,
) -> Any:  # fmt: skip
    import altair as alt

    names = frames.names(history, dim)
    t_ms = frames.local_ms(history, offset_h)
    span = frames.span_of(t_ms)
    seen = np.isfinite(table).any(axis=0)
    known = np.where(seen, table, 0.0)
    size = np.where(seen, np.nanmax(known, axis=0) * (1 + 1e-6) - np.nanmin(known, axis=0), -1.0)
    ranked = [i for i in np.argsort(size)[::-1].tolist() if seen[i]]
    colour = {i: SERIES[k] if k < len(SERIES) else "#8d96a3" for k, i in enumerate(ranked)}
    letters = max((len(names[i]) for i in ranked), default=8)
    side = min(6.1 * letters + 14, width * 0.36)
    inner = int(width - 60 - side)
    low = min(float(np.nanmin(table)), 0.0) if seen.any() else 0.0
    high = max(float(np.nanmax(table)), low + 1e-9) * 1.04 if seen.any() else 1.0
    x = time_axis(alt, span, offset_h, inner)
    up = alt.Scale(domain=[low, high], nice=False)
    y = alt.Y("v:Q").scale(up).axis(title=axis[0], format=axis[1], tickCount=5, domain=False)
    hue = alt.Color("k:N").scale(domain=ranked, range=[colour[i] for i in ranked]).legend(None)
    if not ranked:
        empty = alt.Chart(values([{"n": "nothing to draw: nobody is on the street"}])).mark_text().encode(text="n:N")
        return dressed(empty.properties(width=inner, height=60), title, said, width)
    rows = [
        {"t": int(t), "v": round(float(v), 4) if np.isfinite(v) else None, "k": i}
        for i in reversed(ranked)
        for t, v in zip(t_ms, table[:, i], strict=True)
    ]
    lines = alt.Chart(values(rows)).mark_line(strokeWidth=1.8, clip=True).encode(x=x, y=y, color=hue)
    ends = [float(table[np.flatnonzero(np.isfinite(table[:, i]))[-1], i]) for i in ranked]
    stop = int(t_ms[np.flatnonzero(np.isfinite(table).any(axis=1))[-1]])
    at = frames.spread(ends, 13 * (high - low) / height, low, high)
    words = [
        {"t": stop, "v": v, "k": i, "n": marks.short(names[i], int(side / 6.1))}
        for i, v in zip(ranked, at, strict=True)
    ]
    texts = alt.Chart(values(words)).mark_text(align="left", dx=7, fontWeight="bold")
    texts = texts.encode(x=x, y=y, color=hue, text="n:N")
    both = alt.layer(lines, texts).properties(width=inner, height=height)
    return dressed(both, title, said, width)


HARM = (
    ("dead", "Dead, running total", True, INK),
    ("security_dead", "Dead of the forces, running total", True, INK),
    ("injured", "Injured, running total", True, VERMILION),
    ("security_injured", "Injured of the forces, running total", True, VERMILION),
    ("arrested", "Arrested, running total", True, PURPLE),
    ("taken", "Taken from home, running total", True, PURPLE),
    ("held", "Held in custody at the hour", False, ORANGE),
)


def harm(
    history: xr.Dataset, *, offset_h: float = 6, width: int = 820, account: str | None = None
) -> altair.VConcatChart:
    """Dead, injured, arrested, taken and held, in panels of one size; what a version does not model says so."""
    import altair as alt

    t_ms = frames.local_ms(history, offset_h)
    span = frames.span_of(t_ms)
    columns = 2 if width >= NARROW_PX else 1
    inner = width // columns - 74
    panels = []
    always = ("dead", "injured", "arrested", "held")  # said to be missing where they are; the others are left out
    drawn = [row for row in HARM if row[0] in history.data_vars or row[0] in always]
    for variable, label, summed, colour in drawn:
        if variable in history.data_vars:
            line = frames.total(history, variable)
            line = np.cumsum(line) if summed else line
            best = line[-1] if summed else line.max()
            said = f"{label}: {best:,.0f}{'' if summed else ' at most'}"
            x = time_axis(alt, span, offset_h, inner, title=variable in [row[0] for row in drawn[-2:]])
            up = alt.Y("v:Q").scale(domain=[0, max(float(line.max()) * 1.05, 1.0)], nice=False)
            up = up.axis(title="people", format=",d", tickCount=4, domain=False)
            panel = _filled(alt, frames.series_rows(t_ms, line), colour, 0.25).encode(x=x, y=up)
        else:
            said = f"{label.split(',')[0]}: not modelled in this version"
            panel = alt.Chart(values([{"n": "not modelled in this version"}])).mark_text(color=MUTED, fontSize=13)
            panel = panel.encode(text="n:N", x=alt.value(inner / 2), y=alt.value(65))
        panels.append(panel.properties(width=inner, height=130, title=heading(said, frame="group", color=INK)))
    rows = [alt.hconcat(*panels[i : i + columns], spacing=28) for i in range(0, len(panels), columns)]
    note = f"{standing(account)}. Whole country; every panel has its own height of axis."
    return dressed(alt.vconcat(*rows, spacing=18), "Harm: dead, injured, arrested, held", note, width)


def reproduction(
    history: xr.Dataset, *, offset_h: float = 6, width: int = 820, account: str | None = None
) -> altair.LayerChart:
    """How many further people one more person on the street brings, at the beginning of each day; the line is 1."""
    import altair as alt

    days = history["day"].values.astype("datetime64[ms]").astype(np.int64) + int(offset_h * 3_600_000)
    found = history["reproduction"].values
    rows = [
        {
            "day": frames.when(int(t)).rsplit(" ", 1)[0], "order": i, "r": float(v),
            "text": f"{v:.1f}" if v >= 0.05 else "<0.1",
        }
        for i, (t, v) in enumerate(zip(days, found, strict=True))
    ]  # fmt: skip
    x = alt.X("day:N", sort=alt.SortField("order")).axis(title="day, at midnight", labelAngle=0, labelOverlap=True)
    y = alt.Y("r:Q").axis(title="further people per person", tickCount=4)
    base = alt.Chart(values(rows)).encode(x=x, y=y, tooltip=[alt.Tooltip("day:N"), alt.Tooltip("r:Q", format=".2f")])
    one = alt.Chart(values([{"r": 1.0}])).mark_rule(color=INK, strokeDash=[4, 3]).encode(y="r:Q")
    layers = [base.mark_bar(color=BLUE, opacity=0.75), one]
    if width >= NARROW_PX:
        layers.append(base.mark_text(dy=-7, color=MUTED, fontSize=10).encode(text="text:N"))
    chart: Any = alt.layer(*layers).properties(width=width - 66, height=150)
    above = int((found > 1).sum())
    title = f"A wave could grow on {above} of {len(rows)} days" if above else "On no day could a wave grow"
    note = "One more person out brings this many further people before leaving; above the line it grows by itself."
    return dressed(chart, title, f"{standing(account)}. {note}", width)
