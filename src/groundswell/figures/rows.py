"""Rows with an interval and a marker: probabilities, shares, ranges, effects -> charts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from . import marks
from .grammar import NARROW_PX, SHAPES, across, heading, key, percent, percent_axis, rows_of, short_rows
from .theme import BLUE, GREEN, GRID, INK, MUTED, RULE, SERIES, SKY, VERMILION, dressed, values

WAYS = ((BLUE, "circle"), (VERMILION, "diamond"))
FADED = RULE
TOLD_PX = 46  # room for the number at the right end of a row
GROUP_COLOURS = (RULE, BLUE, VERMILION)
REACH = 0.3  # how far beyond the prior's range a posterior is drawn, as a share of that range
USES = {"fit": ("Fitted", BLUE), "check": ("Kept back", VERMILION), "neither": ("Neither", MUTED)}
EFFECTS = {
    "dead_all": "Dead, all sides (people)", "injured_all": "Injured, all sides (people)",
    "detained": "Detained (people)", "outcome": "",
}  # fmt: skip


def chances(
    panels: Mapping[str, Sequence[Mapping[str, Any]]], *, title: str, note: str, width: int = 820,
    series: Sequence[str] = ("",),
) -> Any:  # fmt: skip
    """A panel for each heading, a row for each thing, and in it a point with its interval for each series.

    Args:
        panels: heading (may be empty) -> dicts of label, series, probability, low, high, prior, faded. A row whose
            probability is None is drawn without a point; a faded one is drawn in grey.
        title, note: what is seen. width: in pixels.
        series: the ways of weighing, at most two.
    """
    import altair as alt

    last = len(panels) - 1
    drawn = [_chances(alt, name, rows, width, list(series), k == last) for k, (name, rows) in enumerate(panels.items())]
    return dressed(alt.vconcat(*drawn, spacing=12), title, note, width)


def _chances(alt: Any, title: str, found: Sequence[Mapping[str, Any]], width: int, known: list[str], last: bool) -> Any:
    names = list(dict.fromkeys(str(row["label"]) for row in found))
    rows = rows_of(names, width, (0.36, 0.4), TOLD_PX + 12, 4, least=max(20, 17 * len(known) + 6), shortest=0)
    label = dict(zip(names, rows.labels, strict=True))
    told = [
        {
            **{k: row[k] for k in ("series", "low", "high", "prior")}, "label": label[str(row["label"])],
            "p": row["probability"], "faded": bool(row["faded"]),
            "told": "" if row["probability"] is None else percent(row["probability"]),
        }
        for row in found
    ]  # fmt: skip
    x = across(percent_axis("probability" if last else None), 0, 1)
    offset = alt.YOffset("series:N", sort=known, scale=alt.Scale(domain=known, paddingInner=0.2, paddingOuter=0.25))
    base = alt.Chart(values(told)).encode(y=rows.y, yOffset=offset)
    colours, forms = zip(*WAYS[: len(known)], strict=True)
    legend = alt.Legend(title=None, orient="top", direction="vertical", columns=1) if len(known) > 1 else None
    hue = alt.Color("series:N", sort=known, scale=alt.Scale(domain=known, range=list(colours)), legend=legend)
    colour = alt.condition("datum.faded", alt.value(FADED), hue)
    shape = alt.Shape("series:N", sort=known, legend=legend, scale=alt.Scale(domain=known, range=list(forms)))
    ink = alt.condition("datum.faded", alt.value(MUTED), alt.value(INK))
    plot = alt.layer(
        base.mark_tick(color=MUTED, thickness=2, size=11).encode(x=x("prior")),
        base.mark_rule(strokeWidth=2.5).encode(x=x("low"), x2="high:Q", color=colour),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=x("p"), color=colour, shape=shape),
        base.mark_text(align="left", fontSize=11).encode(x=alt.value(rows.inner + 8), text="told:N", color=ink),
    ).properties(**rows.box)
    head = alt.TitleParams(title, anchor="start", frame="bounds", fontSize=12, color=MUTED)
    return plot.properties(title=head) if title else plot


def ranked(
    found: Sequence[Mapping[str, Any]], *, title: str, note: str, axis: str, width: int = 820,
    groups: Sequence[str] = (), most: float | None = None,
) -> Any:  # fmt: skip
    """A bar for each row in the order given, with its share as a number.

    Args:
        found: dicts of label, share and, where there are groups, group.
        title, note: what is seen. axis: title of the axis of shares. width: in pixels.
        groups: at most three groups told apart by colour, explained at the top.
        most: end of the axis; the largest share if left out.
    """
    import altair as alt

    rows = rows_of([str(row["label"]) for row in found], width, (0.5, 0.46), 54)
    told = [
        {"label": label, "share": row["share"], "group": row.get("group", ""), "told": percent(row["share"])}
        for label, row in zip(rows.labels, found, strict=True)
    ]
    end = most or max((row["share"] for row in told), default=0.0) or 1.0
    x = across(percent_axis(axis, 4), 0, end)("share")
    base = alt.Chart(values(told)).encode(y=rows.y)
    colour = key("group", groups, GROUP_COLOURS[: len(groups)], direction="vertical", columns=1)
    bar = base.mark_bar(height={"band": 0.66}).encode(x=x, color=colour if groups else alt.value(BLUE))
    number = base.mark_text(align="left", dx=5, color=INK, fontSize=11).encode(x=x, text="told:N")
    return dressed(alt.layer(bar, number).properties(**rows.box), title, note, width)


def narrowing(
    parameters: Mapping[str, Mapping[str, Sequence[float | None]]], *, title: str, note: str, width: int = 820
) -> Any:
    """Each parameter's 5 to 95 percent range before and after the record, as shares of the range before.

    Args:
        parameters: name -> prior and posterior, each the quantiles at 5, 25, 50, 75 and 95 percent.
        title, note: what is seen. width: in pixels.
    """
    import altair as alt

    names = [name.replace(".", ".\n", 1) if width < NARROW_PX else name for name in parameters]
    rows = rows_of(names, width, (0.46, 0.34), 30)
    told = []
    for label, found in zip(rows.labels, parameters.values(), strict=True):
        prior, after = found["prior"], found["posterior"]
        if any(v is None for v in (*prior, *after)):
            continue
        low, span = float(prior[0] or 0), float(prior[-1] or 0) - float(prior[0] or 0)
        if span <= 0:
            continue
        a, m, b = (min(max((float(after[k] or 0) - low) / span, -REACH), 1 + REACH) for k in (0, 2, 4))
        told.append({"label": label, "a": a, "m": m, "b": b, "zero": 0.0, "one": 1.0})
    words = "datum.value == 0 ? ['5 % of', 'the prior'] : ['95 % of', 'the prior']"
    x = across(alt.Axis(title=None, values=[0, 1], labelExpr=words, grid=True, domain=False), -REACH, 1 + REACH)
    base = alt.Chart(values(told)).encode(y=rows.y)
    plot = alt.layer(
        base.mark_bar(color=RULE, opacity=0.35, height={"band": 0.7}).encode(x=x("zero"), x2="one:Q"),
        base.mark_rule(color=BLUE, strokeWidth=2.5).encode(x=x("a"), x2="b:Q"),
        base.mark_point(color=BLUE, filled=True, size=40, opacity=1).encode(x=x("m")),
    )
    return dressed(plot.properties(**rows.box), title, note, width)


def moves(
    variants: Mapping[str, Mapping[str, float | None]], whole: Mapping[str, float | None], names: Mapping[str, str], *,
    title: str, note: str, width: int = 820,
) -> Any:  # fmt: skip
    """A row for each variant with a point for each family; dashed lines stand where the whole record puts them.

    Args:
        variants: what was done -> family -> probability. whole: family -> probability by the whole record.
        names: family -> words. title, note: what is seen. width: in pixels.
    """
    import altair as alt

    rows = rows_of(list(variants), width, (0.42, 0.4), 24)
    told: list[dict[str, Any]] = [
        {"label": label, "family": names[f], "p": p}
        for label, row in zip(rows.labels, variants.values(), strict=True)
        for f, p in row.items()
        if p is not None
    ]
    before = [{"family": names[f], "p": p} for f, p in whole.items() if p is not None]
    most = max([0.0, *(row["p"] for row in (*told, *before))])
    x = across(percent_axis("probability of the family"), 0, min(1.0, math.ceil(most * 10 + 0.5) / 10))("p")
    hue, form = by_family([names[f] for f in whole], width)
    rule = alt.Chart(values(before)).mark_rule(strokeDash=[4, 3], strokeWidth=1.2).encode(x=x, color=hue)
    dots = alt.Chart(values(told)).mark_point(filled=True, size=48, opacity=0.9)
    dots = dots.encode(x=x, y=rows.y, color=hue, shape=form)
    return dressed(alt.layer(rule, dots).properties(**rows.box), title, note, width)


def by_family(families: list[str], width: int) -> tuple[Any, Any]:
    """Colour and shape of each family, explained together above the chart."""
    import altair as alt

    columns = 1 if width < NARROW_PX else 2
    legend = alt.Legend(title=None, orient="top", direction="vertical", columns=columns, symbolSize=60)
    shapes, colours = ([kinds[k % len(kinds)] for k in range(len(families))] for kinds in (SHAPES, SERIES))
    hue = alt.Color("family:N", sort=families, legend=legend, scale=alt.Scale(domain=families, range=colours))
    form = alt.Shape("family:N", sort=families, legend=legend, scale=alt.Scale(domain=families, range=shapes))
    return hue, form


def effects(answer: Mapping[str, Any], width: int = 560) -> Any:
    """The chart of an answer of `ask` as plain data.

    One panel for each kind of harm and one for the outcome, each with its own scale: a tick for every pair, the mean
    effect with its 95 percent interval, a line at no effect, and the smallest effect that would matter as a band.
    """
    import altair as alt

    claim = answer["claim"]
    titles = {**EFFECTS, "outcome": f"{claim['outcome'].capitalize()} ({claim['unit']})"}
    panels = [_effect(alt, answer, name, titles[name], width) for name in EFFECTS]
    chart = alt.vconcat(*panels, spacing=18).resolve_scale(x="independent")
    said = f"The change: {claim['change']}. {answer['weights']['words']} {answer['runs']} pairs of runs, "
    said += "simulated. A tick is the difference of one pair, with the change less without it; point and bar are the "
    said += "effect, their mean, with its 95 percent interval."
    if claim["least"] is not None:
        said += " Grey band: effects too small to matter, as declared."
    return dressed(chart, claim["statement"], said, width)


def _effect(alt: Any, answer: Mapping[str, Any], name: str, title: str, width: int) -> Any:
    effect = answer["effects"][name]["overall"]
    runs: dict[tuple[str, int], dict[str, float | None]] = {}
    for row in answer["pairs"]:
        runs.setdefault((row["account"], row["pair"]), {})[row["run"]] = row[name]
    both = [(r.get("without"), r.get("with")) for r in runs.values()]
    pairs = [{"d": b - a} for a, b in both if a is not None and b is not None]
    e, low, high = (effect[k] for k in ("effect", "low", "high"))
    least = answer["claim"]["least"] if name == "outcome" else None
    reach = [abs(v) for v in (e, low, high, *(p["d"] for p in pairs), least and least * 1.2) if v is not None]
    most = max((v for v in reach if math.isfinite(v)), default=0.0) or 1.0
    x = across(alt.Axis(title=None, tickCount=6, grid=True), -most * 1.05, most * 1.05)
    layers = []
    if least is not None:
        band = alt.Chart(values([{"a": -least, "b": least}])).mark_rect(color=MUTED, opacity=0.15)
        layers.append(band.encode(x=x("a"), x2="b:Q"))
    layers.append(alt.Chart(values([{"z": 0}])).mark_rule(color=RULE).encode(x=x("z")))
    ticks = alt.Chart(values(pairs)).mark_tick(color=BLUE, opacity=0.55, thickness=1.5, size=16)
    layers.append(ticks.encode(x=x("d"), y=alt.value(12)))
    if e is not None:
        row = alt.Chart(values([{"e": e, "l": low, "h": high}])).encode(y=alt.value(33))
        colour = VERMILION if name == "outcome" else INK
        if low is not None and high is not None:
            layers.append(row.mark_rule(color=colour, strokeWidth=2).encode(x=x("l"), x2="h:Q"))
        layers.append(row.mark_point(color=colour, filled=True, size=70, opacity=1).encode(x=x("e")))
    return alt.layer(*layers).properties(title=heading(title), width=width, height=46)


def ranges(
    found: Sequence[Mapping[str, Any]], *, title: str, note: str, unit: str, log: bool = True, width: int = 820
) -> Any:
    """What runs have, from 10 to 90 percent with the median, beside what sources say; one row each.

    Args:
        found: dicts of name, low, middle, high (runs), side (colour), said_low and said_high (sources; None: open, or
            no figure where both are None).
        title, note, unit: what is drawn, how it is read, in what.
        log: a scale on which 1 and 10,000 are both seen. width: in pixels.
    """
    import altair as alt

    side = min(6.2 * max(len(str(r["name"])) for r in found) + 16, 0.5 * width)
    names = [marks.short(str(r["name"]), int(side / 6.0)) for r in found]
    rows = short_rows(names, width, 21, 0.0, (side, 20), domain=False)
    ends = [r[k] for r in found for k in ("high", "said_low", "said_high") if r.get(k) is not None]
    most = max([1.0, *map(float, ends)]) * (1.5 if log else 1.08)
    ticks: dict[str, Any] = {"values": [0, *(10**k for k in range(8) if 10**k <= most)]} if log else {"tickCount": 5}
    axis = alt.Axis(title=unit, format=",d", grid=True, domain=False, **ticks)
    x = across(axis, 0, most, **({"type": "symlog", "constant": 3} if log else {}))
    sides = list(dict.fromkeys(str(r.get("side", "")) for r in found))
    hue = key("s", sides, [BLUE, VERMILION, GREEN, SKY][: len(sides)], hidden=len(sides) < 2)
    own = [
        {"label": n, "a": r["low"], "b": r["high"], "m": r["middle"], "s": str(r.get("side", ""))}
        for n, r in zip(names, found, strict=True)
    ]
    base = alt.Chart(values(own)).encode(y=rows.y, color=hue)
    lines, points, arrows = _said(names, found, most)
    layers = [
        base.mark_bar(height=9, opacity=0.45).encode(x=x("a"), x2="b:Q"),
        base.mark_tick(thickness=2.2, size=13).encode(x=x("m")),
        alt.Chart(values(lines)).mark_rule(color=INK, strokeWidth=1.2).encode(y=rows.y, x=x("a"), x2="b:Q"),
    ]
    for data, shape, size in ((points, "diamond", 46), (arrows, "triangle-right", 40)):
        point = alt.Chart(values(data)).mark_point(shape=shape, filled=True, color=INK, size=size, opacity=1)
        layers.append(point.encode(y=rows.y, x=x("v")))
    return dressed(alt.layer(*layers).properties(**rows.box), title, note, width)


def _said(names: Sequence[str], found: Sequence[Mapping[str, Any]], most: float) -> tuple[list[dict[str, Any]], ...]:
    """What sources say: a line for a range, a diamond for each figure, an arrow where it is open above."""
    lines, points, arrows = [], [], []
    for n, r in zip(names, found, strict=True):
        low, high = r.get("said_low"), r.get("said_high")
        if low is None and high is None:
            continue
        points += [{"label": n, "v": v} for v in dict.fromkeys((low, high)) if v is not None]
        lines.append({"label": n, "a": 0 if low is None else low, "b": most if high is None else high})
        if high is None:
            arrows.append({"label": n, "v": most})
    return lines, points, arrows


def shares_met(found: Sequence[Mapping[str, Any]], *, title: str, note: str, width: int = 980) -> Any:
    """Share of the runs that meet each statement, fitted and kept back side by side.

    Args:
        found: dicts of statement, share, use ("fit", "check" or "neither"), source.
        title, note: what is drawn, how it is read. width: in pixels.
    """
    import altair as alt

    panels = []
    uses = [use for use in USES if any(r["use"] == use for r in found)]
    each = int(width / max(len(uses), 1)) - 8
    letters = int((each - 75) / 4.6)
    for use in uses:
        mine = sorted((r for r in found if r["use"] == use), key=lambda r: -float(r["share"]))
        names = [_sourced(str(r["statement"]), str(r["source"]), letters) for r in mine]
        names = [name if names.index(name) == i else f"{name}{' ' * i}" for i, name in enumerate(names)]
        table = [{"n": n, "v": float(r["share"]), "p": f"{r['share']:.0%}"} for n, r in zip(names, mine, strict=True)]
        top = alt.Axis(title=None, format=".0%", values=[0, 0.5, 1], orient="top", domain=False)
        x = alt.X("v:Q").scale(domain=[0, 1.0]).axis(top)
        base = alt.Chart(values(table)).encode(y=alt.Y("n:N").sort(names).axis(None))
        words = base.mark_text(align="left", dx=0, dy=-4, fontSize=10, color=INK)
        share = base.mark_text(align="right", dy=-4, fontSize=10, color=MUTED)
        met = sum(float(r["share"]) >= 0.5 for r in mine)
        name, colour = USES[use]
        plot = alt.layer(
            alt.Chart(values([{"v": 0.5}])).mark_rule(color=GRID).encode(x="v:Q"),
            base.mark_bar(height=5, color=colour, opacity=0.8, yOffset=6).encode(x=x),
            words.encode(x=alt.value(0), text="n:N"),
            share.encode(x=alt.value(each - 30), text="p:N"),
        )
        head = alt.TitleParams(
            f"{name}: {met} of {len(mine)} in half or more", anchor="start", fontSize=12, color=colour, offset=6
        )
        panels.append(plot.properties(width=each - 30, height=22 * len(mine), title=head))
    return dressed(alt.hconcat(*panels, spacing=36).resolve_scale(y="independent"), title, note, width)


def _sourced(statement: str, source: str, letters: int) -> str:
    return f"{marks.short(statement, letters - len(source) - 3)} ({source})"
