"""Rows over time: strikes by enterprise, measures under the turnout, turnout by region, first crowds -> charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.observe.window import ONSET_PEOPLE

from . import frames, marks
from .grammar import NARROW_PX, hours, key, short_rows
from .theme import BLUE, INK, MUTED, SKY, STEPS, VERMILION, dressed, standing, time_axis, values

if TYPE_CHECKING:
    import altair
    import xarray as xr

HOUR_MS = 3_600_000
AT_WORK = (0.05, 0.25, 0.5, 0.75)  # classes of the share on strike; below the first an enterprise counts as at work
SHARES = ("5 to 25 %", "25 to 50 %", "50 to 75 %", "75 to 100 %")
PEOPLE = (10, 100, 1_000, 10_000)
CROWDS = ("10 to 99", "100 to 999", "1,000 to 9,999", "10,000 and more")
TURNOUT = ("onset", "crowd", "spread")  # kinds of statements about turnout
LEAST_H = 3.0  # a moment is drawn this long, so that it is seen
RECORDED, RULED = "as recorded", "by the government's rule"


def strikes(
    history: xr.Dataset, *, offset_h: float = 6, width: int = 820, account: str | None = None, most: int = 30
) -> altair.LayerChart:
    """Share on strike by enterprise, one row each, in order of the first strike."""
    import altair as alt

    share = history["striking"].transpose("time", "enterprise").values.astype(np.float64)
    names = frames.names(history, "enterprise")
    t_ms = frames.local_ms(history, offset_h)
    level = np.digitize(np.nan_to_num(share), AT_WORK)
    struck = [i for i in range(share.shape[1]) if level[:, i].any()]
    drawn = sorted(struck, key=lambda i: -float(share[:, i].sum()))[:most]
    drawn.sort(key=lambda i: int((level[:, i] > 0).argmax()))
    narrow = width < NARROW_PX
    labels = _apart([names[i] for i in drawn], 18 if narrow else 34)
    rows = short_rows(labels, width, 17, 6.0, (14, 8), grid=True)
    found = [
        {**stretch, "share": stretch.pop("class"),
         "when": f"{frames.when(stretch['t'])} to {frames.when(stretch['end'])}"}
        for label, i in zip(labels, drawn, strict=True)
        for stretch in _stretches(t_ms, level[:, i], SHARES, label)
    ]  # fmt: skip
    columns = 2 if narrow else 4
    hue = key("share", SHARES, STEPS, title="workers on strike", direction="horizontal", columns=columns)
    bars = alt.Chart(values(found)).mark_bar(height={"band": 0.78}).encode(
        x=hours(frames.span_of(t_ms), offset_h, rows), x2="end:T", y=rows.y, color=hue,
        tooltip=["label:N", "share:N", alt.Tooltip("when:N", title="local time")],
    )  # fmt: skip
    never = share.shape[1] - len(struck)
    left_out = [f"{never} without a strike"] if never else []
    if len(struck) > len(drawn):
        left_out.append(f"{len(struck) - len(drawn)} with the smallest strikes")
    said = f"{standing(account)}. A bar shows when at least 5 % of the workers are on strike."
    said += f" Not drawn: {' and '.join(left_out)}." if left_out else ""
    title = f"Strikes: {len(struck)} of {share.shape[1]} enterprises"
    return dressed(alt.layer(bars).properties(**rows.box), title, said, width)


def _apart(names: Sequence[str], letters: int) -> list[str]:
    """Names cut to so many letters, each different: of those that begin alike the end is kept as well."""
    out: list[str] = []
    for k, name in enumerate(names):
        text = marks.short(name, letters)
        if text in out:
            text = f"{name[: letters // 2 - 1].rstrip()}…{name[-(letters // 2) :].lstrip()}"
        out.append(text if text not in out else f"{text} ({k + 1})")
    return out


def _stretches(t_ms: np.ndarray, level: np.ndarray, classes: Sequence[str], label: str) -> list[dict[str, Any]]:
    """Bars of a row: stretches of hours of one class, those of class 0 left out."""
    return [
        {"label": label, "t": int(t_ms[a]) - HOUR_MS, "end": int(t_ms[b - 1]), "class": classes[k - 1]}
        for a, b, k in frames.runs(level)
        if k
    ]


def ladder(
    history: xr.Dataset, measures: Sequence[Mapping[str, Any]] = (), *, offset_h: float = 6, width: int = 820,
    account: str | None = None, most: int = 40,
) -> altair.VConcatChart:  # fmt: skip
    """Turnout in the whole country, and below it one row for each kind of measure with its bars.

    Args:
        history: a run's history.
        measures: dicts of kind, label, start_hour, end_hour (None: to the end), used, version, by ("rule" where the
            government's own rule took it).
        offset_h: zone of the local time. width: in pixels. account: the run's account.
        most: most rows; kinds with the shortest bars are left out first.
    """
    import altair as alt

    t_ms = frames.local_ms(history, offset_h)
    span = frames.span_of(t_ms)
    end_h = (span[1] - span[0]) / HOUR_MS
    bars = [_bar(m, end_h) for m in measures if m.get("used", True) and marks.named(m) != "other"]
    bars = [b for b in bars if b["b"] > 0 and b["a"] < end_h]
    length: dict[str, float] = {}
    for bar in bars:
        length[bar["kind"]] = length.get(bar["kind"], 0.0) + bar["b"] - bar["a"]
    kept = sorted(length, key=lambda k: -length[k])[:most]
    begins = {k: min(b["a"] for b in bars if b["kind"] == k) for k in kept}
    letters = 20 if width < NARROW_PX else 34
    words = {k: marks.short(marks.kind_words(k), letters) for k in sorted(kept, key=lambda k: (begins[k], k))}
    rows = short_rows(list(words.values()), width, 16, 6.1, (14, 10), grid=True)
    found = [
        {"label": words[b["kind"]], "t": span[0] + round(b["a"] * HOUR_MS), "e": span[0] + round(b["b"] * HOUR_MS),
         "by": b["by"]}
        for b in bars if b["kind"] in words
    ]  # fmt: skip
    area = alt.Chart(values(frames.series_rows(t_ms, frames.total(history, "on_street"))))
    area = area.mark_area(color=BLUE, opacity=0.28, line={"color": BLUE, "strokeWidth": 1.6}).encode(
        x=time_axis(alt, span, offset_h, rows.inner, title=False),
        y=alt.Y("v:Q").axis(title="people on the street", format=",d", tickCount=4, domain=False),
    )
    drawn = alt.Chart(values(found)).mark_bar(height={"band": 0.62}).encode(
        x=hours(span, offset_h, rows), x2="e:T", y=rows.y,
        color=key("by", (RECORDED, RULED), (SKY, VERMILION), direction="horizontal"),
    )  # fmt: skip
    ruled = len({(r["label"], r["t"]) for r in found if r["by"] == RULED})
    note = f"Taken by the government's own rule: {ruled}." if ruled else "All of them at their recorded hours."
    short = len(length) - len(words)
    left_out = f" Not drawn: {short} kinds that stood for a short time." if short else ""
    both = alt.vconcat(area.properties(width=rows.inner, height=130), drawn.properties(**rows.box), spacing=10)
    title = f"Measures on the turnout curve: {len(words)} kinds"
    return dressed(both.resolve_scale(x="independent"), title, f"{standing(account)}. {note}{left_out}", width)


def _bar(m: Mapping[str, Any], end_h: float) -> dict[str, Any]:
    start = float(m["start_hour"])
    stop = end_h if m.get("end_hour") is None else float(m["end_hour"])
    return {
        "kind": marks.named(m), "a": max(start, 0.0), "b": float(np.clip(max(stop, start + LEAST_H), 0.0, end_h)),
        "by": RULED if m.get("by") == "rule" else RECORDED,
    }  # fmt: skip


def turnout_by_region(
    history: xr.Dataset, chronology: Sequence[Mapping[str, Any]] = (), *, offset_h: float = 6, width: int = 980,
    account: str | None = None, region_names: Mapping[str, str] | None = None, places: Mapping[str, str] | None = None,
) -> altair.LayerChart:  # fmt: skip
    """One row for each region: people on the street in classes, hour by hour; a frame is a dated statement's window.

    A full frame is met in this run, a broken one is not. A statement about several regions frames each of them.

    Args:
        history: a run's history. chronology: scored statements: dicts of kind, scope, start_h, end_h, result.
        offset_h: zone of the local time. width: in pixels. account: the run's account. region_names: id -> name.
        places: id of a place -> id of its region; taken from the history where left out.
    """
    import altair as alt

    t_ms = frames.local_ms(history, offset_h)
    span = frames.span_of(t_ms)
    lines = frames.by_region(history)
    of = dict(places or zip(history["place"].values.tolist(), frames.regions(history).tolist(), strict=True))
    first = {r: int((lines[r] >= ONSET_PEOPLE).argmax()) for r in lines if lines[r].max() >= ONSET_PEOPLE}
    name = _regions(sorted(lines, key=lambda r: (first.get(r, 10**6), -lines[r].max())), region_names, width)
    rows = short_rows(list(name.values()), width, 22, 6.2, (16, 12), grid=True)
    cells = [cell for r in name for cell in _stretches(t_ms, np.digitize(lines[r], PEOPLE), CROWDS, name[r])]
    boxes = []
    for row in chronology:
        if row.get("kind") not in TURNOUT or row.get("result") not in ("met", "not met"):
            continue
        parts = str(row["scope"]).split(";")
        touched = set(name) if "*" in parts else {of.get(p, p) for p in parts} & set(name)
        t, e = (span[0] + round(max(float(row[k]), 0.0) * HOUR_MS) for k in ("start_h", "end_h"))
        boxes += [{"label": name[r], "t": t, "e": e, "met": row["result"] == "met"} for r in sorted(touched)]
    x = hours(span, offset_h, rows)
    columns = 2 if width < NARROW_PX else 4
    hue = key("class", CROWDS, STEPS, title="people on the street", direction="horizontal", columns=columns)
    bars = alt.Chart(values(cells)).mark_bar(height={"band": 0.7})
    layers = [bars.encode(x=x, x2="end:T", y=rows.y, color=hue)]
    for full, dash in ((True, [1, 0]), (False, [3, 3])):
        frame = alt.Chart(values([b for b in boxes if b["met"] == full])).mark_bar(
            height={"band": 0.95}, fillOpacity=0.0, stroke=INK if full else VERMILION, strokeWidth=1.1, strokeDash=dash,
        )  # fmt: skip
        layers.append(frame.encode(x=x, x2="e:T", y=rows.y))
    met = sum(b["met"] for b in boxes)
    note = f" Frames are windows of dated statements on turnout: {met} full (met), {len(boxes) - met} broken (not met)."
    said = f"{standing(account)}. Regions in order of their first crowd.{note if boxes else ''}"
    return dressed(alt.layer(*layers).properties(**rows.box), "People on the street by region and hour", said, width)


def _regions(order: Sequence[str], region_names: Mapping[str, str] | None, width: int) -> dict[str, str]:
    """Names of regions as rows have room for them."""
    letters = 17 if width < NARROW_PX else 26
    return {r: marks.short(frames.region_name(r, region_names), letters) for r in order}


def onset(
    history: xr.Dataset, *, offset_h: float = 6, width: int = 820, account: str | None = None,
    region_names: Mapping[str, str] | None = None,
) -> altair.LayerChart:  # fmt: skip
    """First hour with at least 50 people on the street: one dot per place, one row per region."""
    import altair as alt

    first = frames.first_hours(history)
    owner, labels = frames.regions(history), frames.names(history, "place")
    t_ms, people = frames.local_ms(history, offset_h), frames.street(history)
    span = frames.span_of(t_ms)
    risen = [i for i in range(len(first)) if first[i] >= 0]
    start: dict[str, int] = {}
    for i in risen:
        start[owner[i]] = min(int(first[i]), start.get(owner[i], 10**9))
    name = _regions(sorted(start, key=lambda r: (start[r], r)), region_names, width)
    rows = short_rows(list(name.values()), width, 24, 6.2, (16, 12), grid=True)
    kinds = ("first in its region", "later")
    dots: list[dict[str, Any]] = [
        {
            "t": int(t_ms[first[i]]), "label": name[owner[i]], "place": labels[i], "peak": float(people[:, i].max()),
            "kind": kinds[int(first[i]) > start[owner[i]]], "when": frames.when(t_ms[first[i]], weekday=True),
        }
        for i in risen
    ]  # fmt: skip
    x = hours(span, offset_h, rows)
    layers = [
        alt.Chart(values(dots)).mark_circle(opacity=0.6, size=70, stroke=INK, strokeWidth=0.4).encode(
            x=x, y=rows.y, color=key("kind", kinds, (VERMILION, BLUE)), order=alt.Order("kind:N").sort("descending"),
            tooltip=["place:N", alt.Tooltip("when:N", title="local time"), alt.Tooltip("peak:Q", format=",.0f")],
        )
    ]  # fmt: skip
    said: dict[str, str] = {}
    for dot in dots:
        if dot["kind"] == kinds[0]:
            said.setdefault(dot["label"], dot["place"])
    texts = [
        {"label": r, "t": max(d["t"] for d in dots if d["label"] == r), "n": n if width < NARROW_PX else f"first: {n}"}
        for r, n in said.items()
    ]
    right = span[0] + 0.72 * (span[1] - span[0])
    for after in (False, True):
        note = alt.Chart(values([v for v in texts if (v["t"] > right) == after]))
        note = note.mark_text(align="right" if after else "left", dx=-9 if after else 9, fontSize=10.5, color=MUTED)
        layers.append(note.encode(x=x, y=rows.y, text="n:N"))
    never = len(first) - len(risen)
    title = f"First crowds: {len(risen)} of {len(first)} places reach {ONSET_PEOPLE} people on the street"
    told = f"{standing(account)}. A dot is the first hour of one place, the earliest region on top. "
    told += f"Not drawn: {never} places that never reach {ONSET_PEOPLE}."
    return dressed(alt.layer(*layers).properties(**rows.box), title, told, width)
