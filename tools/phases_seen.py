"""Counts in how many seeds each phase is seen, by default and in the small worlds of the tests, and makes their table.

    PYTHONPATH=tests python -m tools.phases_seen [--seeds 30]      plays and writes docs/results/phases.json

The table of docs/phases.md is made from that file, from the definitions in `groundswell.observe.phases`, and from the
settings and rows of tests/test_phases_removed.py, so that none of the three can change alone.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import groundswell as gs
import test_phases_removed as removed
from groundswell.observe import phases as defined
from groundswell.world.world import build

CASE = "kazakhstan-2022"
COUNTS = Path(__file__).resolve().parents[1] / "docs" / "results" / "phases.json"
SETTINGS = tuple(dict.fromkeys(row.setting for row in removed.ROWS))

# Where the five texts speak of the phase. That a line describes it is a reading; whether it is so is not decided here.
TEXTS = {
    removed.SMALL: "rallies, solidarity pickets, cordons: 001:11, 001:15, 001:25; 003:7; 004:31",
    removed.OFFER: "back-tracking, 85 to 90 tenge, a freeze: 001:17, 001:19; 002:9",
    removed.MARCH: "from the stadium to Republic Square: 001:27",
    removed.BEATEN: 'beaten up and disarmed: 001:29, 001:31; "18 law enforcement", the sentence is cut: 002:9',
    removed.PASSIVE: "passive and absent on 5 and 6 January, some refuse orders: 001:33",
    removed.CITY: "nearly completed takeover of Almaty, streets under control of the rebels: 001:35, 001:37; 004:33",
    removed.SECOND: "clashes spread to other cities from the late evening of 4 January: 001:31, 001:33",
    removed.LOOTING: "mainly in Almaty: 001:37, 001:145; days of looting: 002:9",
    removed.PATRON: "post at the Security Council: 001:35; 002:23; 003:25",
    removed.STAND_BY: "the security committee keeps out by a decision of its leadership: 001:33",
    removed.APPEAL: "announced in the night of 5 to 6 January: 001:39; 004:43",
    removed.ARRIVAL: "001:39; 002:9; 2,500 and hundreds more: 003:15; 004:9",
    removed.LIVE: "firearms on both sides: 001:31; Republic Square on 6 January: 001:39; shoot without warning: 003:11",
    removed.CALM: "people leave the streets: 001:39; an uneasy calm: 002:9",
}


def said(setting: removed.Setting) -> dict[str, Any]:
    """A setting as plain data."""
    return {**asdict(setting), "values": dict(setting.values)}


def play(seeds: int) -> dict[str, Any]:
    """Seeds of each phase by default and under each setting, and the settings, to tell when they have changed."""
    world = build(gs.load(CASE))
    seen: dict[str, Counter[str]] = {name: Counter() for name in ("default", *(s.name for s in SETTINGS))}
    for seed in range(1, seeds + 1):
        run = gs.run(world.case, world=world, seed=seed)
        seen["default"].update(x["phase"] for x in run.phases if x["observed"])
        for setting in SETTINGS:
            missing = removed.played.__wrapped__(setting, seed).missing()
            seen[setting.name].update(name for name in defined.PHASES if name not in missing)
        print(f"seed {seed}", flush=True)
    counts = {name: {phase: found[phase] for phase in defined.PHASES} for name, found in seen.items()}
    return {"seeds": seeds, "settings": [said(s) for s in SETTINGS], "counts": counts}


def rows() -> list[tuple[str, ...]]:
    """The table: phase, seen if, texts, what it goes without, test, seeds by default and in the test's world."""
    counted = json.loads(COUNTS.read_text(encoding="utf-8"))
    of, counts = counted["seeds"], counted["counts"]
    out = []
    for phase, words in defined.LOOKED_AT.items():
        mine = [row for row in removed.ROWS if row.phase == phase]
        without = [
            " and ".join(f"`{name}`" for name in row.off) if row.off
            else "orders " + ", ".join(f"`{name}`" for name in row.left_out)
            for row in mine
        ]  # fmt: skip
        worlds = dict.fromkeys(row.setting.name for row in mine)
        out.append(
            (
                phase, words, TEXTS[phase], "; ".join(dict.fromkeys(without)),
                "<br>".join(f"`{row}`" for row in mine), f"{counts['default'][phase]}",
                ", ".join(f"{name} {counts[name][phase]}" for name in worlds),
            )
        )  # fmt: skip
    return [
        ("phase", "seen if", "in the texts", "goes without", "test", f"default, of {of}", f"test's world, of {of}"),
        *out,
    ]


def main() -> None:
    """Play and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=30)
    counts = play(parser.parse_args().seeds)
    COUNTS.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
