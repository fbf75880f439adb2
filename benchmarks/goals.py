"""The goals set before the engine was written, what was measured, and where the time goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.numbers import FULL, Row, against, best, even_share, lost_share, ours, quantity, seconds, times
from benchmarks.parts import MORE_RUNS, RUNS
from benchmarks.store import Store
from benchmarks.streets import settings

PLACES = settings()["size"]["places"]


@dataclass(frozen=True)
class Goal:
    """What was wanted, what was found (None: not measured), and whether that is enough."""

    wanted: str
    found: str | None
    met: bool


def goals(store: Store) -> list[Goal]:
    """Every goal, with what was measured."""
    us, ties = ours(store), store.row("streets, ties", "groundswell", threads=1)
    out = [
        of(f"streets: {quantity(FULL)} people in under 0.1 s", us, lambda r: r["wall_s"], 0.1, seconds),
        of("the same in under 200 MB", us, lambda r: r["rss_mib"] * 2**20 / 1e6, 200.0, lambda v: f"{v:.0f} MB"),
    ]
    scan = store.row("streets", "numba-scan", people=FULL, threads=2)
    ratio = scan["wall_s"] / us["wall_s"] if us and scan else None
    out.append(least("200 times the fastest compiled full scan on two threads", ratio, 200))
    out.append(least("10,000 times Starsim, in person-hours per second", against(store, "starsim"), 10_000))
    out.append(least("100,000 times Mesa, in person-hours per second", against(store, "mesa"), 100_000))
    out.append(of("streets with ties in under 0.3 s", ties, lambda r: r["wall_s"], 0.3, seconds))
    per_join = lambda r: 1e6 * r["wall_s"] / r["joins"]  # noqa: E731
    out.append(of("streets with ties, for each join under 5 µs", ties, per_join, 5.0, lambda v: f"{v:.2g} µs"))
    for work, name in (("growth", "growth"), ("growth, ties", "growth with ties")):
        rows = {r["people"]: r["wall_s"] for r in store.rows(work)}
        grown = rows[10 * FULL] / rows[FULL // 10] if {10 * FULL, FULL // 10} <= set(rows) else None
        out.append(most(f"{name}: at {quantity(10 * FULL)} people at most 1.5 times as long", grown, 1.5))
    earth = store.row("everyone", "groundswell", threads=2)
    out.append(of("everyone on earth in under 30 s", earth, lambda r: r["wall_s"], 30.0, seconds))
    out.append(of("the same in under 4 GB", earth, lambda r: r["rss_mib"] * 2**20 / 1e9, 4.0, lambda v: f"{v:.2g} GB"))
    for part, limit in (("load", 1.0), ("warm run", 1.0), ("first run", 30.0)):
        row = store.row(f"whole case: {part}", "groundswell")
        out.append(of(f"whole case, {part}: at most {limit:g} s", row, lambda r: r["wall_s"], limit, seconds))
    for runs in (RUNS, MORE_RUNS):
        one, two = (store.row("ensemble", "groundswell", threads=n, runs=runs) for n in (1, 2))
        faster = one["wall_s"] / two["wall_s"] if one and two else None
        out.append(least(f"{runs:,} runs: two workers 1.8 times as fast as one", faster, 1.8))
        lost = 100 * lost_share(two) if two else None
        words = None if lost is None else f"{lost:.2g} %"
        out.append(Goal(f"{runs:,} runs: at most 10 % lost to the cluster", words, lost is not None and lost <= 10))
    return out


def of(
    wanted: str, row: Row | None, value: Callable[[Row], float], limit: float, words: Callable[[float], str]
) -> Goal:
    """A goal on a value of a row that is to stay below a limit."""
    if row is None:
        return Goal(wanted, None, False)
    return Goal(wanted, words(value(row)), value(row) <= limit)


def least(wanted: str, ratio: float | None, limit: float) -> Goal:
    """A goal on a ratio that is to be reached."""
    return Goal(wanted, None if ratio is None else times(ratio), ratio is not None and ratio >= limit)


def most(wanted: str, ratio: float | None, limit: float) -> Goal:
    """A goal on a ratio that is not to be passed."""
    return Goal(wanted, None if ratio is None else f"{ratio:.2f}", ratio is not None and ratio <= limit)


def reasons(store: Store) -> list[str]:
    """Where the time goes, paragraph by paragraph."""
    out = []
    us, scan = ours(store), store.row("streets", "numba-scan", people=FULL, threads=2)
    found, m = store.found["profile"].get("streets"), store.found["machine"]
    if found:
        whole = found["whole_s"]
        parts = [
            (f"hazards, {found['hours']} times {PLACES} places in NumPy", found["hazards_s"], ""),
            (
                f"clocks of {found['groups']:,} groups, every hour",
                found["clocks_s"],
                f"{found['ns_per_group_hour']:.2g} ns for each group and hour",
            ),
            (
                f"{found['joins']:,} joins and all that follows",
                found["events_s"],
                f"{found['us_per_join']:.2g} µs a join",
            ),
        ]
        lines = [f"| {name} | {seconds(value)} | {100 * value / whole:.0f} % | {note} |" for name, value, note in parts]
        out.append(
            f"**Streets.** A run of {quantity(FULL)} people takes {seconds(whole)}. A run in which nobody ever joins "
            "tells what the clocks cost, the hazards worked out by themselves tell their part, and the rest is events:"
        )
        out.append("\n".join(["| part | time | share | |", "|---|--:|--:|---|", *lines]))
    if us and scan and m.get("read_gb_per_s"):
        read = 5 * scan["people"] * scan["hours"] / scan["wall_s"] / 1e9
        out.append(
            f"**The full scan.** The compiled scan reads 5 bytes for each person and hour (frailty and state), "
            f"{read:.3g} GB in each second on two threads; the machine reads {m['read_gb_per_s']['2']:.3g} GB/s from "
            f"memory on two threads and copies {m['copy_gb_per_s']['2']:.3g}. The goal of 200 was set against a scan "
            f"in C that took 9 s on two threads of a machine like this; the one written since takes "
            f"{seconds(scan['wall_s'])}. It hashes in vectors of single precision, and looks closer only at "
            "blocks in which somebody may join."
        )
    rates = {peer: best(store, peer) for peer in ("starsim", "mesa")}
    largest_of_ours = max(store.rows("streets", "groundswell"), key=lambda r: r["people"], default=None)
    if us and found and largest_of_ours and all(rates.values()):
        starsim, mesa = (r["person_hours_per_s"] for r in rates.values() if r)
        work = us["people"] * us["hours"]
        out.append(
            f"**Starsim and Mesa.** Their rates are their best at any size, Groundswell's that of {quantity(FULL)} "
            f"people. The goals ask for a run in {seconds(work / (10_000 * starsim))} and in "
            f"{seconds(work / (100_000 * mesa))}; hazards and clocks take "
            f"{seconds(found['hazards_s'] + found['clocks_s'])} before anybody joins. Since the cost hardly grows with "
            f"people, the rate does: at {quantity(largest_of_ours['people'])} it is "
            f"{times(largest_of_ours['person_hours_per_s'] / starsim)} and "
            f"{times(largest_of_ours['person_hours_per_s'] / mesa)} times theirs. So a ratio of rates says as much of "
            "the size that is picked as of the programs; the seconds in the first table say more."
        )
    share = even_share(store)
    if share is not None:
        out.append(
            f"**Where it turns.** Groundswell pays for events, a scan for people. At about {100 * share:.2g} joins "
            "for every 100 people in 480 hours the compiled scan on two threads would be as fast."
        )
    case = store.found["profile"].get("case")
    if case:
        largest = list(case["parts"].items())[:8]
        rest = case["run_s"] - sum(value for _, value in largest)
        lines = [f"| {name} | {1000 * v:.0f} ms | {100 * v / case['run_s']:.0f} % |" for name, v in largest]
        lines.append(f"| all other mechanisms | {1000 * rest:.0f} ms | {100 * rest / case['run_s']:.0f} % |")
        out.append(f"**The whole case.** A warm run, {seconds(case['run_s'])} with a watch around every part:")
        out.append("\n".join(["| part | time | share |", "|---|--:|--:|", *lines]))
        out.append(
            "No part stands out. The engine's share goes with joins; a mechanism is some tens of NumPy calls in each "
            "of 480 hours, on arrays of some hundred places or a few thousand groups, where the call itself costs as "
            "much as its work. Less would take one compiled loop of all mechanisms, and give up a file each."
        )
    plain = store.found["profile"].get("side by side")
    one, two = (store.row("ensemble", "groundswell", threads=n, runs=RUNS) for n in (1, 2))
    if plain and one and two:
        alone, side, worker = one["run_s"], plain["run_s"], two["run_s"]
        out.append(
            f"**Many runs.** A run takes {seconds(alone)} in a process that has the machine to itself, {seconds(side)} "
            f"in each of two plain processes side by side, and {seconds(worker)} in each of two workers (medians). So "
            f"two processes without a cluster do {times(2 * alone / side)} times as much as one: they share caches and "
            f"memory, and whatever else the machine does takes from both. The other {seconds(worker - side)} a run "
            "come with the cluster, whose own threads have no core to themselves on this machine and interrupt the "
            "runs, or are chance: a minute differs from the next by some percent. The start of the workers is paid "
            f"once; the first batch comes after {seconds(two['first_batch_s'])} instead of "
            f"{seconds(one['first_batch_s'])}."
        )
        one, two = (store.row("ensemble", "groundswell", threads=n, runs=MORE_RUNS) for n in (1, 2))
        if one and two:
            out[-1] += (
                f" Over {MORE_RUNS:,} runs the start no longer counts, and a run takes {seconds(two['run_s'])} in each "
                f"of two workers beside {seconds(one['run_s'])} in one process."
            )
    return out
