"""The page and the picture of `study_passivity`: confusion matrix, what matters, limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tools import passivity_record as record

from groundswell.figures import save
from groundswell.figures.theme import BLUE, INK, MUTED, VERMILION, dressed, values
from groundswell.history.phases import PASSIVE

CLEAR = 0.9  # from this share of the person-hours on the largest cause is clear; below it causes mix
SHOWN = (
    "depth_almaty", "depth_elsewhere", "towns_at_once", "out_of_sight", "after_clash_h", "fought_h", "crowd_ratio",
    "length_h",
)  # fmt: skip
POOREST = "yes or no, without organ and fraternisation"

PAGE = """# Passive police: does the record tell the cause?

Made by `python -m tools.study_passivity --draws {draws}`. Three causes make forces passive in the model: exhaustion,
disloyalty and order. The log of a run knows which; nothing else in the run reads that log. Here a classifier sees
only what a record of the run could hold, and has to say which cause was the largest.

This is recovery inside the model: it asks whether the causes leave different traces *if the model's rules are right*.
It says nothing about which cause was at work in January 2022.

## Result

From a coarse record the main cause is read rightly in **{right} of {n} runs** (95 percent interval {low} to {high};
mean over {records} draws of the record's errors). That is {above} chance (33%) and always saying the commonest cause
({commonest}, {majority}). The first of these records, run by run:

{matrix}

![Which cause was read](passivity.png)

- Without any error or gap: {exact}. A plain baseline (logistic regression) on the coarse record: {plain}.
- One cause has {clear} of the passive person-hours or more: {pure} are read rightly. Causes mix: {mixed}.
- The cause in the log was not the one meant: {unmeant}. Who knew the design alone would read none of them.
- Order, by what was ordered: all in the country {country}; all in Almaty {almaty}; the patron's organs
  {patron}; none, factions that wait of themselves {waiting}.

In the middle run of each cause:

| summary | {causes} |
|---|---|---|---|
{medians}

Orders to many empty whole cities at once and leave people standing; the exhausted come after fights and are out of
sight; the disloyal are some units among others that obey, where crowds are many times the force.

## When the record holds less

| record | right, mean and range over draws of errors | 95 percent interval |
|---|---|---|
{views}

Always saying {commonest} is right in {majority}. "Yes or no" keeps what a text can say in a sentence: whether police,
guard and security committee were passive, in Almaty, elsewhere, mostly out of sight, whether there was fraternisation,
and on which day after the first clash it began. Without organ and fraternisation that leaves Almaty, elsewhere, out of
sight and the day:

{poorest}

## Which summaries matter

| kind | right with it alone | right without it |
|---|---|---|
{families}

Summaries whose shuffling costs most accuracy, in points:

{weights}

## Method

- {draws} Sobol draws, each played three times with the same seed and the same nuisance parameters, until 8 January
  00:00: {runs} runs, {minutes} minutes of processor time. Nuisance: `news.b_news` U(1.4, 1.7), so that there is a
  wave; `forces.t_off_h` U(8, 24); by their priors `fighting.own`, `fighting.by_force`, `engagement.power`,
  `engagement.dispersal`, `forces.on_duty`, `forces.release`, `loyalty.aside`, `loyalty.over`, `loyalty.back`,
  `factions.delay_h`. All else is as in the case, `joining.theta` and `spark.strength` included.
- The meant cause takes the 60% of a prior in which it is strong, the other causes the 60% at their weak ends, so they
  overlap. Exhaustion: `forces.t_on_h` low, `forces.alarm_duty` and `forces.emergency_duty` high. Disloyalty:
  `loyalty.base` low, `loyalty.rate` high. Order: `factions.c_turnout`, `factions.c_sites`, `factions.c_refusing` high,
  and from an hour of 4 or 5 January on one of three orders to stand by: the patron's organs
  (`factions.wait_intent` U(0.5, 2)), all in Almaty, or all in the country (a measure, for 12 to 72 hours). Where order
  is not meant the patron may neither wait nor move; other factions may wait of themselves, and that is order too.
- The label is the cause with most passive person-hours in the log, whatever was meant. It was the meant one in
  {meant}. Counting only towns and hours in which passivity
  is seen gives the same label in {same} of {n} runs.
- Left out: {none} without passivity, {unseen} in which nobody would see it, {given_up} given up with more than a
  million people on the street{given_up_as}.
- An organ of a town is seen to be passive where 50 people were out in the last 12 hours, 20 of its people or more who
  should be on duty do nothing or are gone, and they are half of it or more.
- {summaries} summaries, none of which uses a cause or a number that nobody could count:

| summary | kind | held as |
|---|---|---|
{listed}

- Coarse: each has an error (shares 0.5 in log-odds, counts and lengths 0.3 in logs, the ratio 0.5, hours 6 h), is put
  in a class (shares: 5, 25, 50, 75%; counts: 1, 3, 10, 30, 100; ratio: 1, 3, 10, 30; lengths: 1, 3, 9, 18, 36 h;
  times: half days) and is missing with a chance of {missing}.
- A random forest (100 trees, classes weighted alike, nothing tuned) learns from nine tenths of the draws and reads the
  runs of the others, so no run is read with a run of its own draw among the examples. Intervals of shares of
  all runs resample draws; those of parts of the runs are Wilson's.

## Limits

- The classifier has seen runs of the very model that it reads. No record of real events was made by this model, so a
  share of right answers here bounds from above what such a record can tell, under these rules and priors.
- Several traces are rules of the model: the exhausted sit in their offices and rest for some hours, those under orders
  stay where they would stand, some of the disloyal go home or over. Whether it was so is not known.
- A run has one label, though all three causes can hold at once; their shares are not estimated. The texts tell of
  several at once (001:33), and mixed runs are read worst.
- {n} runs are few: differences of some points between records are within the errors.
- The shares of the causes among the runs are this design's, not the world's. With others the numbers change.
- The patron is removed and the head of the security organ arrested at the recorded hours; measures, strengths of the
  forces and the first seven days are those of one case.
- Errors, gaps and classes of the record are assumed. Networks were cut from 5 January on, so what is missing is likely
  more, and not by chance.
- It is not applied to the texts: they give some sentences (001:31-33), not these summaries.

## Play it again

```bash
pip install -e '.[study]'
python -m tools.study_passivity --draws {draws} --table runs.json
```

`runs.json` keeps the summaries; where it exists the runs are not played again.
"""


def wilson(k: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 percent interval of a share k of n (Wilson 1927)."""
    if n == 0:
        return 0.0, 1.0
    p, f = k / n, z * z / n
    half = z * np.sqrt(p * (1 - p) / n + f / (4 * n)) / (1 + f)
    middle = (p + f / 2) / (1 + f)
    return float(middle - half), float(middle + half)


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


def _mean(x: Sequence[float]) -> str:
    return f"{_percent(float(np.mean(x)))} ({_percent(min(x))} to {_percent(max(x))})"


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


def text(f: Mapping[str, Any]) -> str:
    """The page."""
    rows, used, y = f["rows"], f["used"], f["y"]
    hit, meant, order = f["hit"], np.array([r["meant"] for r in used]), np.array([r["order"] for r in used])
    commonest, majority = most_common(y)
    low, high = f["intervals"]["all summaries"]
    pure = np.array([max(r["hours"].values()) >= CLEAR * sum(r["hours"].values()) for r in used])
    labelled = [(r, record.label(r["hours"])) for r in rows if "hours" in r]
    given_up = Counter(r["meant"] for r in rows if r.get("given_up"))
    families = sorted(record.FAMILIES, key=lambda k: -float(np.mean(f["only"][k])))
    top = sorted(f["weights"].items(), key=lambda kv: -kv[1])[:6]
    parts = {"pure": pure, "mixed": ~pure, "unmeant": meant != y} | {
        kind or "waiting": (y == "order") & (order == kind) for kind in ("country", "almaty", "patron", "")
    }
    return PAGE.format(
        draws=len({r["draw"] for r in rows}), n=len(used), right=_percent(hit.mean()), low=_percent(low),
        high=_percent(high), above="above" if low > majority else "not clearly above both", commonest=commonest,
        majority=_percent(majority), matrix=_matrix_table(y, f["guess"]), poorest=_matrix_table(y, f["poorest"]),
        records=len(f["plain"]), exact=_percent(f["exact"]), plain=_mean(f["plain"]), clear=_percent(CLEAR),
        **{name: _of(hit[mask]) for name, mask in parts.items()},
        causes=" | ".join(PASSIVE), medians="\n".join(_medians(name, used, y) for name in SHOWN),
        views="\n".join(f"| {name} | {_mean(shares)} | {' to '.join(map(_percent, f['intervals'][name]))} |"
                        for name, shares in f["views"].items()),
        families="\n".join(f"| {k} | {_mean(f['only'][k])} | {_mean(f['without'][k])} |" for k in families),
        weights="\n".join(f"- {100 * v:.0f}: {record.SUMMARIES[k][2]}" for k, v in top if v > 0.005),
        runs=len(rows), minutes=f"{sum(r['cpu_s'] for r in rows) / 60:.0f}",
        meant=", ".join(f"{(y[meant == m] == m).sum()} of {(meant == m).sum()} meant for {m}" for m in PASSIVE),
        same=sum(record.label(r["hours_seen"]) == label for r, label in zip(used, y, strict=True)),
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
    tiles = [
        _tiles(alt, matrix(f["y"], f[key]), title) for key, title in (("guess", "all summaries"), ("poorest", POOREST))
    ]
    bars = [
        {"record": view, "right": float(np.mean(f["views"][view])), "low": low, "high": high}
        for view, (low, high) in f["intervals"].items()
    ]
    y = alt.Y("record:N", sort=list(f["views"])).axis(title=None, labelLimit=300, labelColor=INK, ticks=False)
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
