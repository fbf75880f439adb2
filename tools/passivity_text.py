"""The page and the picture of `study_passivity`: confusion matrix, what matters, limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np
from tools import passivity_record as record

from groundswell.figures import save
from groundswell.figures.theme import BLUE, INK, MUTED, VERMILION, dressed, values
from groundswell.observe.phases import PASSIVE
from groundswell.report.phases import told
from groundswell.study.shares import wilson

CLEAR = 0.9  # from this share of the person-hours on the largest cause is clear; below it causes mix
CHANCE = 1 / len(PASSIVE)
SHOWN = (
    "depth_almaty", "depth_elsewhere", "towns_at_once", "out_of_sight", "after_clash_h", "fought_h", "crowd_ratio",
    "length_h",
)  # fmt: skip
EXACT = "exact numbers"
COARSE = "classes, with errors and gaps"
FEWER = "the same without organ, fraternisation and whereabouts"
SAID = "yes or no, as texts say it"
POOREST = "yes or no to Almaty and elsewhere, and the day"
OTHER_KIND = "classes; orders of a kind not among the examples"
NO_PASSIVITY = "control: the nuisance parameters, nothing of passivity"
SHUFFLED = "control: classes, with the causes shuffled"

PAGE = """# Passive police: does the record tell the cause?

Made by `python -m tools.study_passivity --draws {draws}`. Three causes make forces passive in the model: exhaustion,
disloyalty and order. The log of a run knows which; nothing else in the run reads that log. Here a classifier sees
only what a record of the run could hold, and has to say which cause was the largest.

This is recovery inside the model: it asks whether the causes leave different traces *if the model's rules are right*.
It says nothing about which cause was at work in January 2022.

## Result

{verdict}

Largest causes: {counts}. Guessing blindly is right in {chance}, always saying {commonest} in {majority}.

| what the record holds | read rightly (95 percent) | mean of the three causes | above both |
|---|---|---|---|
{views}

Classes, with the first draw of errors and gaps, run by run:

{matrix}

"Yes or no" keeps what a text can say in a sentence: whether police, guard and security committee were passive, in
Almaty, elsewhere, mostly out of sight, whether there was fraternisation, and on which day after the first clash it
began:

{said}

![Which cause was read](passivity.png)

From classes with errors and gaps:

- One cause has {clear} of the passive person-hours or more: {pure} are read rightly. Causes mix: {mixed}.
- The cause in the log was not the one meant: {unmeant}. Who knew the design alone would read none of them.
- Order, by what was ordered: all in the country {country}; all in one to eight regions {regions}; all in Almaty
  {almaty}; the patron's organs {patron}; nothing, factions that wait of themselves {waiting}.
- A plain baseline (logistic regression), with the first draw of errors and gaps: {plain}.

In the middle run of each cause:

| summary | {causes} |
|---|---|---|---|
{medians}

## Which summaries matter

From classes, with the first draw of errors and gaps:

| kind | right with it alone | right without it |
|---|---|---|
{families}

## Method

- {draws} Sobol draws, each played three times with the same seed and the same nuisance parameters, until 8 January
  00:00: {runs} runs, {minutes} minutes of processor time. Nuisance: `news.b_news` U(1.4, 1.6), so that there is a
  wave; by their priors `fighting.own`, `fighting.by_force`, `engagement.power`, `engagement.dispersal`,
  `forces.on_duty`, `forces.release`, `loyalty.aside`, `loyalty.over`, `loyalty.back`, `factions.delay_h`. All else is
  as in the case, `joining.theta` and `spark.strength` included.
- The meant cause takes the half of a prior in which it is strong, the other causes the halves in which they are weak.
  Exhaustion: `forces.t_on_h` low, `forces.t_off_h` (U(8, 24)), `forces.alarm_duty` and `forces.emergency_duty` high.
  Disloyalty: `loyalty.base` low, `loyalty.rate` high. Order: `factions.c_turnout`, `factions.c_sites`,
  `factions.c_refusing` high, and from an hour of 4 or 5 January on, for 12 to 72 hours, one of four orders to stand
  by: to the patron's organs (`factions.wait_intent` U(0.5, 2)), or by a measure to all in Almaty, in one to eight
  regions drawn blindly, or in the country. Where order is not meant the patron may neither wait nor move; other
  factions may wait of themselves, and that is order too.
- The label is the cause with most passive person-hours in the log, in towns and hours in which passivity is seen,
  whatever was meant. It was the meant one in {meant}. Counting all hours gives the same label in {same} of {n} runs.
- Left out: {none} without passivity, {unseen} in which nobody would see it, {given_up} given up with more than
  500,000 people on the street{given_up_as}.
- An organ of a town is seen to be passive where 50 people were out in the last 12 hours, 20 of its people or more who
  should be on duty do nothing or are gone, and they are half of it or more.
- {summaries} summaries, none of which uses a cause or a number that nobody could count:

| summary | kind | held as |
|---|---|---|
{listed}

- Classes: each summary has an error (shares 0.5 in log-odds, counts and lengths 0.3 in logs, the ratio 0.5, hours
  6 h), is put in a class (shares: 5, 25, 50, 75%; counts: 1, 3, 10, 30, 100; ratio: 1, 3, 10, 30; lengths: 1, 3, 9,
  18, 36 h; times: half days) and is missing with a chance of {missing}. Shares are means over {records} draws of
  errors and gaps.
- A random forest (Breiman 2001; {trees} trees, classes weighted alike, nothing tuned) learns from four fifths of the
  draws and reads the runs of the others, so no run is read with a run of its own draw among the examples. "Not among
  the examples": it learns from the draws of three kinds of order and reads those of the fourth. Intervals of shares of
  all runs resample draws; those of parts of the runs are binomial (Wilson 1927).

## Limits

- The classifier has seen runs of the very model that it reads. No record of real events was made by this model, so a
  share of right answers here bounds from above what such a record can tell, under these rules and priors.
- Several traces are rules of the model: the exhausted sit in their offices and rest for some hours, those under orders
  stay where they would stand, some of the disloyal go home or over. Whether it was so is not known.
- A run has one label, though all three causes can hold at once; their shares are not estimated. The texts tell of
  several at once (001:33).
- Runs with the largest crowds are left out, and an order to stand by makes crowds large: more runs meant for order are
  missing than others.
- Where police were passive tells much here. That hangs on where the waves of this case go and whom they meet there, so
  it is the trace least likely to hold elsewhere.
- {n} runs are few: differences of some points between records are within the errors.
- The shares of the causes among the runs are this design's, not the world's, and so is the hour from which orders are
  given. With others the numbers change.
- The patron is removed and the head of the security organ arrested at the recorded hours; measures, strengths of the
  forces and the first seven days are those of one case.
- Errors, gaps and classes of the record are assumed. Networks were cut from 5 January on, so what is missing is likely
  more, and not by chance.
- It is not applied to the texts: they give some sentences (001:31-33), not these summaries.

## Play it again

```bash
pip install -e .
python -m tools.study_passivity --draws {draws} --again
```

`passivity.jsonl` keeps each run; without `--again` only what is missing is played, and this page is made anew.
"""


def matrix(y: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """(3, 3) runs by cause in the log (row) and cause read (column)."""
    return np.array([[int(((y == a) & (guess == b)).sum()) for b in PASSIVE] for a in PASSIVE])


def most_common(y: np.ndarray) -> tuple[str, float]:
    """The commonest label and its share."""
    name, n = Counter(y.tolist()).most_common(1)[0]
    return name, n / len(y)


def _percent(x: float) -> str:
    return f"{100 * x:.0f}%"


def _of(hit: np.ndarray) -> str:
    low, high = wilson(hit.sum(), len(hit))
    return f"{_percent(hit.sum() / max(len(hit), 1))} of {len(hit)} ({_percent(low)} to {_percent(high)})"


def _each(hit: np.ndarray, y: np.ndarray) -> float:
    """Mean over causes of the share that is read rightly; one in three for any answer that ignores the record."""
    return float(np.mean([hit[y == cause].mean() for cause in PASSIVE if (y == cause).any()]))


def result(f: Mapping[str, Any]) -> dict[str, Any]:
    """What the report of a run says of this study: shares are of runs, low and high their 95 percent interval."""

    def of(name: str) -> dict[str, float]:
        low, high = f["intervals"][name]
        return {"right": round(float(f["hits"][name].mean()), 6), "low": round(low, 6), "high": round(high, 6)}

    return {
        "runs": len(f["y"]), "commonest": round(most_common(f["y"])[1], 6), "classes": of(COARSE), "said": of(SAID),
        "causes": list(PASSIVE), "matrix": matrix(f["y"], f["guess"][COARSE]).tolist(),
    }  # fmt: skip


def _views(f: Mapping[str, Any]) -> str:
    """Table of what is read rightly by what the record holds."""
    y, lines = f["y"], []
    yardstick = max(CHANCE, most_common(y)[1])
    for name, hit in f["hits"].items():
        low, high = f["intervals"][name]
        each = "" if name == SHUFFLED else _percent(_each(hit, y))
        above = "yes" if low > yardstick else "no"
        lines.append(f"| {name} | {_percent(hit.mean())} ({_percent(low)} to {_percent(high)}) | {each} | {above} |")
    return "\n".join(lines)


def _matrix_table(y: np.ndarray, guess: np.ndarray) -> str:
    lines = [
        f"| cause in the log | {' | '.join(f'read as {c}' for c in PASSIVE)} | read rightly |",
        "|---|---|---|---|---|",
    ]
    for cause, row in zip(PASSIVE, matrix(y, guess), strict=True):
        lines.append(f"| {cause} | {' | '.join(map(str, row))} | {_of((guess == cause)[y == cause])} |")
    return "\n".join(lines)


def _medians(name: str, used: Sequence[Mapping[str, Any]], y: np.ndarray) -> str:
    """Row of a summary's median by cause."""
    x = np.array([r["summaries"][name] for r in used], float)
    show = _percent if record.SUMMARIES[name][1] == "share" else "{:.0f}".format
    return f"| {record.SUMMARIES[name][2]} | {' | '.join(show(float(np.nanmedian(x[y == c]))) for c in PASSIVE)} |"


def text(f: Mapping[str, Any], trees: int) -> str:
    """The page."""
    rows, used, y = f["rows"], f["used"], f["y"]
    hit, meant, order = f["hits"][COARSE], np.array([r["meant"] for r in used]), np.array([r["order"] for r in used])
    commonest, majority = most_common(y)
    seen = [r["hours_seen"] for r in used]
    pure = np.array([max(hours.values()) >= CLEAR * sum(hours.values()) for hours in seen])
    labelled = [(r, record.label(r["hours"])) for r in rows if "hours" in r]
    given_up = Counter(r["meant"] for r in rows if r.get("given_up"))
    families = sorted(record.FAMILIES, key=lambda k: -f["only"][k])
    parts = {"pure": pure, "mixed": ~pure, "unmeant": meant != y} | {
        kind or "waiting": (y == "order") & (order == kind) for kind in ("country", "regions", "almaty", "patron", "")
    }
    return PAGE.format(
        draws=len({r["draw"] for r in rows}), n=len(used), chance=_percent(CHANCE), commonest=commonest,
        verdict=fill(told(result(f)), 118), majority=_percent(majority),
        counts=", ".join(f"{cause} {(y == cause).sum()}" for cause in PASSIVE),
        views=_views(f), matrix=_matrix_table(y, f["guess"][COARSE]), said=_matrix_table(y, f["guess"][SAID]),
        plain=_percent(f["plain"]), clear=_percent(CLEAR), **{name: _of(hit[mask]) for name, mask in parts.items()},
        causes=" | ".join(PASSIVE), medians="\n".join(_medians(name, used, y) for name in SHOWN),
        families="\n".join(f"| {k} | {_percent(f['only'][k])} | {_percent(f['without'][k])} |" for k in families),
        runs=len(rows), minutes=f"{sum(r['cpu_s'] for r in rows) / 60:.0f}", trees=trees, records=f["records"],
        meant=", ".join(f"{(y[meant == m] == m).sum()} of {(meant == m).sum()} meant for {m}" for m in PASSIVE),
        same=sum(record.label(r["hours"]) == label for r, label in zip(used, y, strict=True)),
        none=sum(label is None for _, label in labelled), given_up=given_up.total(),
        unseen=sum(label is not None and not r["summaries"] for r, label in labelled),
        given_up_as=f" ({', '.join(f'{k} meant for {c}' for c, k in given_up.items())})" if given_up else "",
        summaries=len(record.SUMMARIES), missing=_percent(record.MISSING),
        listed="\n".join(f"| {what} | {family} | {held} |" for family, held, what in record.SUMMARIES.values()),
    )  # fmt: skip


def figure(f: Mapping[str, Any], path: Path) -> None:
    """Two confusion matrices, and the share read rightly by what the record holds."""
    import altair as alt

    commonest, majority = most_common(f["y"])
    tiles = [_tiles(alt, matrix(f["y"], f["guess"][name]), name) for name in (COARSE, SAID)]
    bars = [
        {"record": name, "right": float(hit.mean()), "low": f["intervals"][name][0], "high": f["intervals"][name][1]}
        for name, hit in f["hits"].items()
    ]
    y = alt.Y("record:N", sort=list(f["hits"])).axis(title=None, labelLimit=340, labelColor=INK, ticks=False)
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(title="share of runs read rightly", format="%", tickCount=5)
    base = alt.Chart(values(bars)).encode(y=y)
    line = base.mark_rule(color=MUTED, strokeWidth=1.5).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    dot = base.mark_point(color=BLUE, filled=True, size=70, opacity=1).encode(
        x=alt.X("right:Q", scale=scale, axis=axis)
    )
    yardstick = alt.Chart(values([{"x": majority, "words": f"always “{commonest}”"}]))
    rule = yardstick.mark_rule(color=VERMILION, strokeDash=[4, 3]).encode(x="x:Q")
    words = yardstick.mark_text(color=VERMILION, align="left", baseline="bottom", dx=4, dy=-2).encode(
        x="x:Q", y=alt.value(0), text="words:N"
    )
    shares = alt.layer(rule, line, dot, words).properties(width=430, height=190)
    whole = alt.vconcat(alt.hconcat(*tiles, spacing=40), shares, spacing=34)
    note = (
        f"{len(f['y'])} simulated runs of kazakhstan-2022, each read from the runs of other draws: recovery inside the "
        "model. Numbers are runs. Dots: mean over draws of the record's errors; lines: 95 percent."
    )
    save(dressed(whole, "The cause of passivity, read from what a record of a run could hold", note, 760), path)


def _tiles(alt: Any, counts: np.ndarray, title: str) -> Any:
    rows = [
        {"log": a, "read": b, "n": int(counts[i, j]), "share": float(counts[i, j] / max(counts[i].sum(), 1))}
        for i, a in enumerate(PASSIVE)
        for j, b in enumerate(PASSIVE)
    ]
    look = {"labelAngle": 0, "ticks": False, "domain": False, "labelColor": INK}
    base = alt.Chart(values(rows)).encode(
        x=alt.X("read:N", sort=list(PASSIVE)).axis(title="read as", **look),
        y=alt.Y("log:N", sort=list(PASSIVE)).axis(title="cause in the log", **look),
    )
    colour = alt.Color("share:Q").scale(domain=[0, 1], range=["#f3f5f8", BLUE]).legend(None)
    number = base.mark_text(fontSize=15).encode(
        text="n:Q", color=alt.condition("datum.share > 0.5", alt.value("white"), alt.value(INK))
    )
    head = alt.TitleParams(title, fontSize=12, anchor="start", color=MUTED, fontWeight="bold")
    tile = base.mark_rect(stroke="white", strokeWidth=2).encode(color=colour)
    return alt.layer(tile, number).properties(width=250, height=150, title=head)
