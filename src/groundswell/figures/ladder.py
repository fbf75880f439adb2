"""Measures as bars under the turnout curve: what was ordered, when, how long, by record or by rule -> chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import frames, marks
from .theme import BLUE, INK, SKY, VERMILION, dressed, standing, time_axis, values

if TYPE_CHECKING:
    import altair
    import xarray as xr

LEAST_H = 3.0  # a moment is drawn this long, so that it is seen
RECORDED, RULED = "as recorded", "by the government's rule"


def ladder(
    history: xr.Dataset,
    measures: Sequence[Mapping[str, Any]] = (),
    *,
    offset_h: float = 6,
    width: int = 820,
    account: str | None = None,
    most: int = 40,
) -> altair.VConcatChart:
    """Turnout in the whole country, and below it one row for each kind of measure with its bars.

    Args:
        history: a run's history.
        measures: dicts of kind, start_hour, end_hour (None: to the end), used, version, by ("rule" where the
            government's own rule took it).
        offset_h: zone of the local time.
        width: width in pixels.
        account: the run's account.
        most: most rows; kinds with the shortest bars are left out first.
    """
    import altair as alt

    t_ms = frames.local_ms(history, offset_h)
    span = frames.span_of(t_ms)
    end_h = (span[1] - span[0]) / 3_600_000
    bars = [_bar(m, end_h) for m in measures if m.get("used", True) and m["kind"] != "other"]
    bars = [b for b in bars if b["b"] > 0 and b["a"] < end_h]
    length: dict[str, float] = {}
    for bar in bars:
        length[bar["kind"]] = length.get(bar["kind"], 0.0) + bar["b"] - bar["a"]
    kept = sorted(length, key=lambda k: -length[k])[:most]
    begins = {k: min(b["a"] for b in bars if b["kind"] == k) for k in kept}
    order = sorted(kept, key=lambda k: (begins[k], k))
    narrow = width < 520
    side = 6.1 * max((len(_label(k, narrow)) for k in order), default=8) + 14
    inner = int(width - side - 10)
    rows = [
        {
            "k": _label(b["kind"], narrow), "t": span[0] + round(b["a"] * 3_600_000),
            "e": span[0] + round(b["b"] * 3_600_000), "by": b["by"],
        }
        for b in bars
        if b["kind"] in kept
    ]  # fmt: skip
    whole = frames.total(history, "on_street")
    area = (
        alt.Chart(values(frames.series_rows(t_ms, whole)))
        .mark_area(color=BLUE, opacity=0.28, line={"color": BLUE, "strokeWidth": 1.6})
        .encode(
            x=time_axis(alt, span, offset_h, inner, title=False),
            y=alt.Y("v:Q").axis(title="people on the street", format=",d", tickCount=4, domain=False),
        )
        .properties(width=inner, height=130)
    )
    names = [_label(k, narrow) for k in order]
    drawn = (
        alt.Chart(values(rows))
        .mark_bar(height={"band": 0.62})
        .encode(
            x=time_axis(alt, span, offset_h, inner),
            x2="e:T",
            y=alt.Y("k:N")
            .sort(names)
            .scale(domain=names or ["none"])
            .axis(title=None, ticks=False, domain=False, labelColor=INK, labelLimit=int(side), grid=True),
            color=alt.Color("by:N")
            .scale(domain=[RECORDED, RULED], range=[SKY, VERMILION])
            .legend(title=None, orient="top", direction="horizontal"),
        )
        .properties(width=inner, height=max(16 * len(order), 40))
    )
    ruled = len({(r["k"], r["t"]) for r in rows if r["by"] == RULED})
    title = f"Measures on the turnout curve: {len(order)} kinds"
    note = f"Taken by the government's own rule: {ruled}." if ruled else "All of them at their recorded hours."
    short = len(length) - len(order)
    left_out = f" Not drawn: {short} kinds that stood for a short time." if short else ""
    chart = alt.vconcat(area, drawn, spacing=10).resolve_scale(x="independent")
    return dressed(chart, title, f"{standing(account)}. {note}{left_out}", width)


def _bar(m: Mapping[str, Any], end_h: float) -> dict[str, Any]:
    start = float(m["start_hour"])
    stop = end_h if m.get("end_hour") is None else float(m["end_hour"])
    return {
        "kind": str(m["kind"]), "a": max(start, 0.0), "b": float(np.clip(max(stop, start + LEAST_H), 0.0, end_h)),
        "by": RULED if m.get("by") == "rule" else RECORDED,
    }  # fmt: skip


def _label(kind: str, narrow: bool) -> str:
    return marks.short(marks.kind_words(kind), 20 if narrow else 34)
