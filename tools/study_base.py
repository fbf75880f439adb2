"""Plays the common base of kazakhstan-2022 over many seeds and writes what is met, what is not, and what matters.

    python tools/study_base.py [--seeds 100] [--workers 2] [--out docs/results] [--parts base,step,variants,columns]

Writes kazakhstan-2022-base.md with (1) each dated statement of the record and the share of seeds that have it,
fitted ones apart from predicted ones, with turnout by region and hour; (2) endings and phases; (3) the price step:
without it, and alone; (4) what ties, news and the valve change; (5) assumed columns ranked by influence. Parts 3 to 5
take fewer seeds.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import tempfile
from collections import Counter
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

import groundswell as gs
from groundswell.case import CaseError, find_case
from groundswell.case.statements import statements
from groundswell.history.phases import PHASES
from groundswell.world.world import World, build

CASE = "kazakhstan-2022"
PAIRED = 2  # seeds for each end of a column's range
WAVE_PEOPLE = 1_000  # people on the street in the whole country at one time

# (file, columns, how the range is applied): factor, or degrees to add; shares are capped at 1 and made to sum again.
ASSUMED = [
    ("places", ["lpg_dependence_share"]), ("places", ["own_product_share"]), ("places", ["renter_share"]),
    ("places", ["income_month"]), ("places", ["organising_tradition_index"]), ("places", ["mobile_reach_share"]),
    ("places", ["household_people"]), ("places", ["kazakh_share"]), ("regions", ["january_night_c", "january_day_c"]),
    ("livelihoods", ["organised_index"]), ("region_livelihood", ["share"]),
    ("enterprises", ["workforce_people", "layoffs_announced_people"]),
    ("enterprises", ["organisation_index"]), ("enterprises", ["strike_memory_index"]),
    ("forces", ["strength_people"]), ("items", ["budget_share"]),
    ("calendar", ["activity_factor"]),
]  # fmt: skip


@cache
def world_of(folder: str) -> World:
    """The world of a case folder, built once a process."""
    return build(gs.load(folder))


def play(job: dict[str, Any]) -> dict[str, Any]:
    """One run in numbers."""
    w = world_of(job.get("folder", CASE))
    r = gs.run(
        w.case, world=w, seed=job["seed"], set=job.get("set"), off=job.get("off", ()), measures=job.get("measures"),
        draw="declared",
    )
    hourly = r.recorder.hourly
    onset = r.onset()
    region = {p: w.region_id[w.region[i]] for i, p in enumerate(w.place_id)}
    return {
        "national": hourly["on_street"].sum(axis=1).astype(np.int32),
        "joins": int(hourly["joined"].sum()),
        "ties": int(hourly["joined_by_tie"].sum()),
        "harm": r.harm,
        "ending": r.ending.title,
        "phases": [p["phase"] for p in r.phases if p["observed"]],
        "regional": np.stack([hourly["on_street"][:, w.region == i].sum(axis=1) for i in range(w.region.max() + 1)], 1),
        "first": region[next(iter(onset))] if onset else None,
        "places": len(onset),
        "chronology": [(c["id"], c["result"], c["value"]) for c in r.chronology()],
    }


def other_measures(w: World) -> dict[str, str]:
    """Every recorded measure but the price step, left out."""
    return {m.id: "none" for m in w.measures if m.kind != "price_step"}


def vary(file: str, columns: list[str], bound: float, degrees: bool) -> str:
    """A copy of the case with a column at one end of its range; returns the folder."""
    folder = Path(tempfile.mkdtemp()) / CASE
    shutil.copytree(find_case(CASE), folder)
    path = folder / f"{file}.csv"
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        for column in columns:
            if row[column] == "" or (file == "region_livelihood" and row["livelihood"] not in ("oil", "mining-metal")):
                continue
            value = float(row[column]) + bound if degrees else float(row[column]) * bound
            if column.endswith(("_share", "_index", "share")):
                value = min(value, 1.0)
            row[column] = (
                str(round(value)) if column.endswith("_people") and column != "household_people" else f"{value:.6g}"
            )
    if file == "region_livelihood":
        _rescale(rows)
    if columns == ["kazakh_share"]:
        for row in rows:
            others = sum(float(row[k]) for k in ("russian_share", "uzbek_share", "other_share"))
            rest = 1.0 - float(row["kazakh_share"])
            for k in ("russian_share", "uzbek_share", "other_share"):
                row[k] = f"{float(row[k]) * rest / others if others > 0 else rest / 3:.9f}"
            row["other_share"] = (
                f"{1.0 - sum(float(row[k]) for k in ('kazakh_share', 'russian_share', 'uzbek_share')):.9f}"
            )
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return str(folder)


def _rescale(rows: list[dict[str, str]]) -> None:
    cells: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        cells.setdefault((row["region"], row["settlement"]), []).append(row)
    for group in cells.values():
        fixed = sum(float(r["share"]) for r in group if r["livelihood"] in ("oil", "mining-metal"))
        rest = sum(float(r["share"]) for r in group) - fixed
        for r in group:
            if r["livelihood"] not in ("oil", "mining-metal"):
                r["share"] = f"{float(r['share']) * (1.0 - fixed) / rest:.12f}"


def influence(pool: Any, seeds: int) -> list[tuple[str, str, float, float, float]]:
    """(column, note, log2 ratio of joins at low, at high, largest) by size; runs are paired by seed."""
    case = gs.load(CASE)
    base = np.array([r["joins"] for r in pool.map(play, [{"seed": s} for s in range(seeds)])], float)
    out = []
    for file, columns in ASSUMED:
        source = case.sources[f"{file}.{columns[0]}"]
        ratios, note = [], ""
        for bound in (source.low, source.high):
            folder = vary(file, columns, float(bound), source.unit == "degC")
            try:
                gs.load(folder)
            except CaseError as error:
                ratios.append(float("nan"))
                note = f"the range cannot be met by the other tables ({error.problems[0].field})"
                continue
            runs = pool.map(play, [{"seed": s, "folder": folder} for s in range(seeds)])
            ratios.append(float(np.mean(np.log2([r["joins"] for r in runs] / base))))
            shutil.rmtree(Path(folder).parent)
        out.append((f"{file}.{columns[0]}", note, ratios[0], ratios[1], float(np.nanmax(np.abs([*ratios, 0.0])))))
        print(out[-1], flush=True)
    return sorted(out, key=lambda x: -x[4])


def main() -> None:
    """Play, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    parser.add_argument("--parts", default="base,step,variants,columns", help="base is always played")
    o = parser.parse_args()
    parts = o.parts.split(",")
    w = world_of(CASE)
    seeds = range(1, o.seeds + 1)
    some, few = range(1, max(4, 2 * o.seeds // 5) + 1), range(1, max(4, o.seeds // 8) + 1)
    with get_context("spawn").Pool(o.workers) as pool:
        base = pool.map(play, [{"seed": s} for s in seeds])
        print("base done", flush=True)
        quiet, alone, offs, ranks = [], [], {}, []
        if "step" in parts:
            quiet = pool.map(play, [{"seed": s, "set": {"measures.price_step_scale": 0}} for s in some])
            alone = pool.map(play, [{"seed": s, "measures": other_measures(w)} for s in some])
            print("price step done", flush=True)
        if "variants" in parts:
            offs = {"as it is": base[: len(few)]}
            for name in ("ties", "news", "valve"):
                offs[f"without {name}"] = pool.map(play, [{"seed": s, "off": (name,)} for s in few])
        if "columns" in parts:
            ranks = influence(pool, PAIRED)
    o.out.mkdir(parents=True, exist_ok=True)
    if offs:
        _figure(w, offs, o.out)
    _turnout(w, base, o.out)
    (o.out / f"{CASE}-base.md").write_text(_text(w, base, quiet, alone, offs, ranks), encoding="utf-8")


def _figure(w: World, offs: dict[str, list[dict[str, Any]]], out: Path) -> None:
    from groundswell.figures import save
    from groundswell.figures.compare import variants

    start = w.case.start
    start_ms = int((start.timestamp() + start.utcoffset().total_seconds() + 3600) * 1000)
    chart = variants(
        {k: np.array([r["national"] for r in v]) for k, v in offs.items()}, start_ms,
        title="What ties, news and the valve each change",
        note="People on the street in the whole country: median, 5-95 percent of seeds; dashed: as it is. "
        "Logarithmic above 10.",
        until_h=240,
    )  # fmt: skip
    save(chart, out / f"{CASE}-what-matters.png")


def _turnout(w: World, base: list[dict[str, Any]], out: Path) -> None:
    """Median turnout by region and hour; a statement's frame is full where half of the seeds or more have it."""
    from groundswell.figures import save
    from groundswell.figures.regions import turnout_by_region

    r = gs.run(w.case, world=w, seed=1)
    middle = np.median([b["regional"] for b in base], axis=0)
    centre = [w.place_id.index(str(x)) for x in w.case.tables["regions"].column("centre_place")]
    history = r.history[["on_street"]].copy(deep=True)
    history["on_street"].values[:] = 0
    history["on_street"].values[:, centre] = middle  # the chart adds up places of a region
    statements = [{**c, "result": result} for c, result in zip(r.chronology(), _majority(base), strict=True)]
    chart = turnout_by_region(
        history, statements, offset_h=r.simulation.clock.main_offset_h, region_names=w.region_names
    )
    save(chart.properties(title=f"Median turnout of {len(base)} seeds by region and hour"), out / f"{CASE}-turnout.png")


def _majority(base: list[dict[str, Any]]) -> list[str]:
    """Result of each statement in most seeds."""
    results = [[c[1] for c in b["chronology"]] for b in base]
    return [max(set(column), key=column.count) for column in zip(*results, strict=True)]


def _text(
    w: World, base: list[dict[str, Any]], quiet: list[dict[str, Any]], alone: list[dict[str, Any]],
    offs: dict[str, list[dict[str, Any]]], ranks: list[tuple[str, str, float, float, float]],
) -> str:  # fmt: skip
    n = len(base)
    rows = {row.id: row for row in statements(w.case)}
    tie_percent = [100 * r["ties"] / max(r["joins"], 1) for r in base]
    lines = [
        f"# {w.case.title}: the common base over {n} seeds",
        "",
        f"Made by `python tools/study_base.py --seeds {n}`. The run carries no account: it is the common base, with",
        "measures at their recorded hours, forces and offices that decide for themselves, and no organised group.",
        "Nothing here weighs an account. Figures are medians, and 5 to 95 percent of seeds.",
        "",
        f"- Most people on the street at one time: {_range([r['national'].max() for r in base])}.",
        f"- Times somebody comes out over the whole run: {_range([r['joins'] for r in base])}; "
        f"{_range(tie_percent)} percent of them through a tie.",
        f"- Harm, all sides: dead {_range([r['harm']['dead']['total'] for r in base])}, injured "
        f"{_range([r['harm']['injured']['total'] for r in base])}, detained "
        f"{_range([r['harm']['detained']['total'] for r in base])}. The displaced are not modelled.",
        f"- Endings: {_counted([r['ending'] for r in base])}.",
        "",
        f"![Median turnout by region and hour]({CASE}-turnout.png)",
        "",
        "A frame is the window of a statement about turnout, full where most seeds have it.",
        "",
        "| phase | seeds in which it is seen |",
        "|---|---|",
        *(f"| {p} | {sum(p in r['phases'] for r in base)} of {n} |" for p in PHASES),
        "",
        "What each phase is read off, and what it cannot be without: [phases](../phases.md).",
    ]
    for wanted, head in (
        (("base",), "## Fitted: these shaped two parameters, so meeting them is no success"),
        (("weigh", "check"), "## Predicted: nothing was set by these"),
    ):
        lines += [
            "",
            head,
            "",
            "| statement | where | text:line | window (local) | seeds that have it | a run in the middle has |",
            "|---|---|---|---|---|---|",
        ]
        for i, (key, result, _) in enumerate(base[0]["chronology"]):
            row = rows[key]
            if row.set in wanted and result != "not scored":
                share = np.mean([r["chronology"][i][1] == "met" for r in base])
                shown = sorted((r["chronology"][i][2] for r in base), key=lambda v: (len(v), v))[n // 2]
                window = f"{row.start_local.replace('T', ' ')} to {row.end_local.replace('T', ' ')}"
                where = ", ".join(row.scope) if len(row.scope) < 4 else f"{len(row.scope)} places or regions"
                lines.append(
                    f"| {row.statement} | {where} | {row.text}:{row.line} | {window} | {share:.0%} | {shown} |"
                )
    scored = [
        i
        for i, (key, result, _) in enumerate(base[0]["chronology"])
        if rows[key].set in ("weigh", "check") and result != "not scored"
    ]
    met = [float(np.mean([r["chronology"][i][1] == "met" for r in base])) for i in scored]
    often, never = sum(x >= 0.5 for x in met), sum(x == 0 for x in met)
    lines += ["", f"Of {len(met)} predicted statements {often} are met in half of the seeds or more, {never} in none."]
    lines += _step_lines(quiet, alone) if quiet else []
    lines += _variant_lines(offs) if offs else []
    lines += _column_lines(ranks) if ranks else []
    return "\n".join(lines) + "\n"


def _step_lines(quiet: list[dict[str, Any]], alone: list[dict[str, Any]]) -> list[str]:
    no_wave = np.mean([r["national"].max() < WAVE_PEOPLE for r in quiet])
    west = np.mean([r["first"] == "man" for r in alone])
    return [
        "", "## The price step", "",
        f"- Without it (`--set measures.price_step_scale=0`): no wave, that is fewer than {WAVE_PEOPLE:,} people on",
        f"  the street in the whole country at any time, in {no_wave:.0%} of {len(quiet)} seeds.",
        "- With it alone, every other measure left out: the first place with a crowd lies in Mangystau in "
        f"{west:.0%} of {len(alone)} seeds;",
        f"  {_range([r['national'].max() for r in alone])} people are then on the street at one time.",
    ]  # fmt: skip


def _variant_lines(offs: dict[str, list[dict[str, Any]]]) -> list[str]:
    lines = [
        "", "## What ties, news and the valve change", "", f"![Curves]({CASE}-what-matters.png)", "",
        "| variant | most on the street | times somebody comes out | places with a crowd |", "|---|---|---|---|",
    ]  # fmt: skip
    for name, runs in offs.items():
        cells = [
            _range([r["national"].max() for r in runs]),
            _range([r["joins"] for r in runs]),
            _range([r["places"] for r in runs]),
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _column_lines(ranks: list[tuple[str, str, float, float, float]]) -> list[str]:
    lines = [
        "", "## Assumed columns, ranked by influence", "",
        f"Each column at the low and the high end of the range in `sources.toml`, all else equal, {PAIRED} paired",
        "seeds. Figures are log2 of the ratio of times somebody comes out over the whole run: 1 is a doubling, -1 a",
        "halving. Renters, income and tradition enter as z-scores, which a common factor does not move (a cap at 1",
        "does); their spread is `valve.spread`.", "",
        "| column | at the low end | at the high end |", "|---|---|---|",
    ]  # fmt: skip
    for name, note, low, high, _ in ranks:
        show = ["cannot be met" if np.isnan(x) else f"{x:+.2f}" for x in (low, high)]
        lines.append(f"| `{name}` | {show[0]} | {show[1]} |" + (f" {note}" if note else ""))
    return lines


def _counted(values: list[str]) -> str:
    """How often each comes, the most frequent first."""
    return ", ".join(f"{v} in {n}" for v, n in sorted(Counter(values).items(), key=lambda x: (-x[1], x[0])))


def _range(values: list[float]) -> str:
    low, middle, high = np.quantile(np.asarray(values, float), [0.05, 0.5, 0.95])
    return f"{middle:,.0f} ({low:,.0f} to {high:,.0f})"


if __name__ == "__main__":
    main()
