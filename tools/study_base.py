"""Plays the common base of a case over draws and seeds, and writes how well it fits the record and what it lacks.

    python tools/study_base.py [--runs 100] [--workers 2] [--parts base,forms,edge,pairs,step] [--out docs/results]

Run i has the seed i and a draw by its weight; without draws, the declared defaults. Every run is a line of a file below
runs/base, so that a second start goes on. Writes CASE-base.md, CASE-base.json, CASE-*.png, and the sentence on the fit
between the marks <!-- fit --> of README.md and docs/index.md (--no-marks leaves them). Parts:

    base    statements, what was wanted, scores beside two baselines; always played
    forms   each form of the model taken out, over --pairs runs
    edge    each free parameter moved by five percent around the middle draw, over --seeds seeds
    pairs   which parameters the draws tell apart; plays nothing
    step    without the step of the price, an ordinary month, half the step of time
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.base import numbers, parts, pictures, plans, playing, words  # noqa: E402

from groundswell.record.record import load_record  # noqa: E402
from groundswell.world.world import World  # noqa: E402

CASE = "kazakhstan-2022"
PARTS = ("base", "forms", "edge", "pairs", "step")
MARKED = ("README.md", "docs/index.md")


def main() -> None:
    """Play, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", default=CASE, help="name of a case, or a folder")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=12, help="runs for each form taken out")
    parser.add_argument("--seeds", type=int, default=4, help="seeds at each edge, and for the step of time")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--parts", default=",".join(PARTS), help="base is always played")
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    parser.add_argument("--rows", type=Path, help="file of the runs; a name from the case and the code if left out")
    parser.add_argument("--marks", action=argparse.BooleanOptionalAction, default=True)
    o = parser.parse_args()
    asked = o.parts.split(",")
    if unknown := sorted(set(asked) - set(PARTS)):
        parser.error(f"--parts: {', '.join(unknown)}; known are {', '.join(PARTS)}")
    w = playing.world_of(o.case)
    file = o.rows or ROOT / "runs" / "base" / f"{w.case.id}-{playing.digest_of(w.case)}.jsonl"
    print(f"runs are kept in {file}", flush=True)

    def played(jobs: Any) -> list[dict[str, Any]]:
        return playing.rows_of(o.case, jobs, file, o.workers)

    rows = played(plans.base(w.case, o.runs))
    command = f"`python tools/study_base.py --runs {o.runs}`"
    written(w, rows, others(w, rows, o, asked, played), command, o.out, o.marks and w.case.id == CASE)


def others(w: World, rows: numbers.Rows, o: argparse.Namespace, asked: list[str], played: Any) -> list[str]:
    """Every part but the base, in words."""
    out = []
    if "forms" in asked:
        jobs = plans.forms(w.case, min(o.pairs, o.runs))
        every = iter(played([one for some in jobs.values() for one in some]))
        out.append(parts.forms(rows[: min(o.pairs, o.runs)], {k: [next(every) for _ in v] for k, v in jobs.items()}))
    if "edge" in asked:
        still, moves = plans.edge(w.case, o.seeds)
        every = iter(played([*still, *(one for m in moves for one in m.jobs)]))
        first = [next(every) for _ in still]
        if moves:
            moved = {m.jobs[0]["variant"]: [next(every) for _ in m.jobs] for m in moves}
            out.append(parts.edge(first, moves, moved))
    if "pairs" in asked:
        out.append(parts.pairs(w.case))
    if "step" in asked:
        sets = plans.step(w.case, o.runs, max(o.seeds, 2), max(min(o.pairs, o.runs) // 2, 1))
        every = iter(played([one for some in sets.values() for one in some]))
        out.append(parts.step(w.case, {k: [next(every) for _ in v] for k, v in sets.items()}))
    return out


def written(w: World, rows: numbers.Rows, more: list[str], command: str, out: Path, marks: bool) -> None:
    """Writes the page, its pictures, the numbers for other pages, and the sentence on the fit."""
    case, record = w.case, load_record(w.case)
    whole = [r for r in rows if not r["ran_away"]]
    told = numbers.statements(case, record, whole)
    found: dict[str, Any] = {
        "counts": numbers.counts(told), "wanted": numbers.wanted(case, whole, record) if case.id == CASE else None,
        "scores": numbers.scores(case, whole) if len(whole) > 1 else None,
    }  # fmt: skip
    found["numbers"] = words.flat(found, whole, told)
    out.mkdir(parents=True, exist_ok=True)
    drawn = pictures.draw(w, record, whole, told, out)
    if away := len(rows) - len(whole):
        command += f" ({away} of {len(rows)} runs were stopped with over {playing.MOST_PEOPLE:,} out, and are left out)"
    text = words.page(case, whole, told, found, command, more, drawn)
    (out / f"{case.id}-base.md").write_text(text, encoding="utf-8")
    data = numbers.digest_of_set(case, whole, told) | {"wanted": found["wanted"], "numbers": found["numbers"]}
    (out / f"{case.id}-base.json").write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
    for s in told:
        if s.share == 0 and s.id not in words.reasons(case):
            print(f"met in no run and without a reason: {s.id}, {s.text}", flush=True)
    if marks:
        for name in MARKED:
            link = "results/" if name.startswith("docs/") else "docs/results/"
            fill(ROOT / name, words.sentence(case, found["counts"], len(whole), f"{link}{case.id}-base.md"))
    print(words.fit(case, found["counts"], len(whole))[0])


def fill(file: Path, sentence: str) -> None:
    """Put a sentence between the marks <!-- fit --> and <!-- end fit --> of a file."""
    from textwrap import fill as wrapped

    text = file.read_text(encoding="utf-8")
    lines = wrapped(sentence, 120, break_long_words=False, break_on_hyphens=False)
    marks = re.compile(r"<!-- fit -->.*?<!-- end fit -->", re.S)
    file.write_text(marks.sub(lambda _: f"<!-- fit -->\n{lines}\n<!-- end fit -->", text), encoding="utf-8")


if __name__ == "__main__":
    main()
