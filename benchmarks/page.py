"""docs/performance.md, written from the results: what was measured, what it means, and what is not flattering."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.figure import draw
from benchmarks.goals import goals, reasons
from benchmarks.numbers import FULL, NAMES, against, best, floor_s, lost_share, power, quantity, seconds, spread, times
from benchmarks.parts import ASKED
from benchmarks.process import PINS
from benchmarks.store import Store
from benchmarks.words import APART, HEAD, HOW, METHOD, PEERS

FIGURE = "images/performance.png"
ORDER = ("groundswell", "numba-scan", "laser", "numpy-scan", "mesa-frames", "starsim", "mesa", "reference")


def write_page(store: Store, docs: Path) -> None:
    """Write the page and its figure."""
    drawn = draw(store, docs / FIGURE)
    (docs / "performance.md").write_text(page(store, drawn), encoding="utf-8")


def page(store: Store, figure: bool = True) -> str:
    """The text of the page."""
    parts = [HEAD, *machine(store), HOW, *streets(store)]
    if figure:
        alt = "Seconds for 480 hours against the number of people, on logarithmic axes, a line for each program"
        parts.append(f"![{alt}]({FIGURE})")
    parts += [METHOD, *agree(store), *apart(store), *growth(store), *everyone(store), *whole(store), *ensemble(store)]
    parts += [*classic(store), *wanted(store), *floor(store), *compiling(store), *failed(store)]
    return "\n\n".join(parts) + "\n"


def table(head: list[str], rows: list[list[str]], left: int = 1) -> str:
    """A table; the first `left` columns are words, the others numbers."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * left + "--:|" * (len(head) - left)]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def machine(store: Store) -> list[str]:
    """What it was measured on."""
    m = store.found["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in m["versions"].items())
    minutes = sum(took for part, took in store.found["seconds"].items() if part not in ASKED) / 60
    took = f" All parts together took {minutes:.0f} minutes."
    speed = " and ".join(f"{m['copy_gb_per_s'][n]:.3g} GB/s on {n} thread{'s' * (n != '1')}" for n in ("1", "2"))
    return [
        f"Measured {m['date']} on {m['processors']} cores of {m['processor']}, {m['memory_gib']:g} GiB of memory, "
        f"{m['platform']}, load {m['load_at_start']:g} at the start. Python {m['python']}, {versions}. The machine "
        f"copies {speed}, measured by the same command when it was last called.{took}"
    ]


def streets(store: Store) -> list[str]:
    """The table of `streets`."""
    out: list[list[str]] = []
    for work in ("streets", "streets, ties"):
        for peer in ORDER:
            chosen = [r for r in store.rows(work, peer) if r.get("size") != "ladder"]
            if peer in ("groundswell", "numba-scan"):
                chosen = [r for r in chosen if r["people"] >= FULL]
            for r in sorted(chosen, key=lambda r: (r["people"], r["threads"])):
                ratio = against(store, peer) if work == "streets" and r == best(store, peer) else None
                beside = times(ratio) if ratio is not None and peer != "groundswell" else ""
                joins = f"{r['joins']:,}"
                out.append([
                    work, f"{NAMES[peer]} {r['version']}", f"{r['people']:,}", str(r["threads"]), seconds(r["wall_s"]),
                    spread(r), f"{r['rss_mib']:.0f} MiB", joins, power(r["person_hours_per_s"]), beside,
                ])  # fmt: skip
    head = ["work", "program", "people", "threads", "time", "smallest to largest", "memory", "joins"]
    head += ["person-hours per s", "Groundswell is faster, times"]
    if not out:
        return ["## Streets", "Not measured."]
    return ["## Streets", table(head, out, left=2)]


def agree(store: Store) -> list[str]:
    """Whether the programs give the same."""
    found = store.found["agreement"]
    if not found:
        return []
    rows = [
        [NAMES[e["peer"]], e["what"].replace("_", " "), f"{e['people']:,}", f"{e['factor']:g}",
         " and ".join(str(n) for n in e["seeds"]), " and ".join(f"{m:.4g}" for m in e["means"]), f"{e['p']:.2g}"]
        for e in found
    ]  # fmt: skip
    low = sum(e["p"] < 0.05 for e in found)
    return [
        "## Do they agree?",
        "Total joins, peak, and hour of the peak, of Groundswell and of each program, by seed: two-sample "
        "Kolmogorov-Smirnov tests. Where 200 runs of 100,000 people would take too long, people are fewer and the base "
        "hazard is so many times larger that about as many join; where even that takes too long, seeds are fewer. "
        f"Of {len(found)} tests {low} {'has' if low == 1 else 'have'} p below 0.05, where {0.05 * len(found):.1f} "
        f"would be expected if all programs were the same; the smallest is {min(e['p'] for e in found):.2g}.",
        table(["program", "what", "people", "base hazard, times", "seeds", "means", "p"], rows, left=2),
    ]


def apart(store: Store) -> list[str]:
    """What each program is, and what it does that Groundswell does not."""
    rows = [[NAMES[peer], how, more] for peer, (how, more) in PEERS.items()]
    return [APART, table(["program", "how it is written here", "what it does that Groundswell does not"], rows, left=3)]


def growth(store: Store) -> list[str]:
    """The same events among more people."""
    rows = []
    for work in ("growth", "growth, ties"):
        for r in store.rows(work):
            rows.append([work, f"{r['people']:,}", f"{r['joins']:,}", seconds(r["wall_s"]), spread(r),
                         f"{r['rss_mib']:.0f} MiB"])  # fmt: skip
    if not rows:
        return []
    text = (
        "The base hazard falls as people grow, and streets count people and not shares, so that the number of events "
        "has the same law at each size."
    )
    return ["## Growth", text, table(["work", "people", "joins", "time", "smallest to largest", "memory"], rows)]


def everyone(store: Store) -> list[str]:
    """Everybody on earth."""
    rows = [
        [str(r["threads"]), f"{r['people']:,}", f"{r['joins']:,}", f"{100 * r['joins'] / r['people']:.2f} %",
         seconds(r["wall_s"]), spread(r), f"{r['rss_mib']:,.0f} MiB"]
        for r in store.rows("everyone")
    ]  # fmt: skip
    if not rows:
        return []
    text = "`streets` with 8.1 billion people, the base hazard a quarter larger."
    head = ["threads", "people", "joins", "of all", "time", "smallest to largest", "memory"]
    return ["## Everyone", text, table(head, rows)]


def whole(store: Store) -> list[str]:
    """The case kazakhstan-2022."""
    names = {"load": "load", "first run": "first run", "warm run": "warm run"}
    found = {name: store.row(f"whole case: {name}", "groundswell") for name in names}
    rows = [
        [name, seconds(r["wall_s"]), spread(r), f"{r['rss_mib']:.0f} MiB"] for name, r in found.items() if r is not None
    ]
    if not rows:
        return []
    warm = found["warm run"] or found["first run"] or found["load"]
    assert warm is not None
    text = (
        f"`kazakhstan-2022`: {warm['people']:,} people, {warm['hours']} hours, {warm['mechanisms']} mechanisms, one "
        f"thread. A run has {warm['joins']:,} joins; {warm['active_pools']:,} pools (households, work units, "
        f"neighbourhoods with somebody on the street) are active in an hour on average, {warm['most_active_pools']:,} "
        "at most. *Load* reads and checks the case and makes the people; *first run* is a whole process with nothing "
        "compiled, from its start to the end of the run; *warm run* is one run in a process that has made one before. "
        f"Every run has the same digest: `{warm['digest'][:12]}`."
    )
    return ["## The whole case", text, table(["part", "time", "smallest to largest", "memory"], rows)]


def ensemble(store: Store) -> list[str]:
    """Many runs."""
    rows = [
        [str(r["threads"]), f"{r['runs']:,}", seconds(r["wall_s"]), seconds(r["first_batch_s"]), seconds(r["run_s"]),
         f"{100 * lost_share(r):.1f} %"]
        for r in store.rows("ensemble")
    ]  # fmt: skip
    if not rows:
        return []
    text = (
        "Runs of the whole case that differ in their seed, as rows of a comparison's table. One worker is the process "
        "itself; two are processes of Dask, whose start is in the time. *Lost* is the share of the workers' time that "
        "was not spent in a run. 1,000 runs take longer than all the rest together, so they are measured by a command "
        "of their own, `python -m benchmarks --only thousand`."
    )
    head = ["workers", "runs", "time", "to the first batch", "median run", "lost"]
    return ["## Many runs", text, table(head, rows)]


def classic(store: Store) -> list[str]:
    """Epstein and Granovetter."""
    rows = []
    for r in store.found["rows"]:
        if r["work"].startswith("classic"):
            model = r["work"].removeprefix("classic: ")
            speed = "" if model == "Granovetter" else power(r["person_hours_per_s"])  # a round looks at one person
            rows.append([model, f"{NAMES[r['peer']]} {r['version']}", f"{r['people']:,}", f"{r['hours']:,}",
                         seconds(r["wall_s"]), spread(r), speed])  # fmt: skip
    if not rows:
        return []
    out = [
        "## Classic models",
        "Epstein's civil violence, Model I, with the parameters and the reading of Mesa's packaged example (C/A "
        "rounded, diamond of radius 7, jail terms up to 1,000). Both are asynchronous: people take turns in an order "
        "drawn anew in each step, and see what those before them did. Mesa's example also collects two values of "
        "every agent in every step, and can be watched in a browser while it runs; Groundswell counts people by "
        "state. Granovetter's thresholds 0, 1, 2, ... move one more person in each round.",
        table(
            ["model", "program", "people", "steps", "time", "smallest to largest", "person-steps per s"], rows, left=2
        ),
    ]
    tests = [
        [
            f"{e['side']} x {e['side']}",
            f"{e['steps']}",
            e["what"],
            " and ".join(str(n) for n in e["seeds"]),
            " and ".join(f"{m:.4g}" for m in e["means"]),
            f"{e['p']:.2g}",
        ]
        for e in store.found["trajectories"]
    ]
    if tests:
        out.append(
            "Courses, Groundswell and Mesa, by seed, two-sample Kolmogorov-Smirnov; as many seeds of Mesa as a minute "
            "or two allow. Ten steps hold the first burst, with which every course begins:"
        )
        out.append(table(["square", "steps", "what", "seeds", "means", "p"], tests))
    return out


def wanted(store: Store) -> list[str]:
    """The goals."""
    rows: list[list[str]] = []
    for g in goals(store):
        rows.append([g.wanted, g.found or "not measured", "" if g.found is None else "met" if g.met else "**missed**"])
    text = "Set before the engine was written. Times of the median run; memory is all that the process ever held."
    return [
        "## Goals",
        text,
        table(["goal", "measured", ""], rows),
        "## Where the time goes",
        *(reasons(store) or ["Not measured."]),
    ]


def floor(store: Store) -> list[str]:
    """The machine's own limit."""
    found = floor_s(store)
    if found is None:
        return []
    return [
        "## The physical floor",
        "What no program of this kind could avoid: to write 16 bytes for every coming and every going (who, where, "
        f"when), {found['events'] / 1e6:.2g} MB, and to read the group table once an hour (a clock and the next "
        f"resistance, 16 bytes a group), {found['table'] / 1e6:.3g} MB in all. At the copy speed of one thread that "
        f"takes {seconds(found['floor_s'])}. Groundswell takes {found['over']:.1f} times as long. The table fits in "
        "the processor's cache, which is faster than memory, so the true floor lies lower still.",
    ]


def compiling(store: Store) -> list[str]:
    """Import and compilation."""
    rows = []
    for key, t in store.found["profile"].items():
        if key.startswith("first run: "):
            rows.append([NAMES[key.removeprefix("first run: ")], seconds(t["import_s"]), seconds(t["cold_s"]),
                         seconds(t["warm_s"])])  # fmt: skip
    for peer in ("mesa", "mesa-frames"):
        row = store.row("streets", peer)
        if row and "import_s" in row:
            rows.append([NAMES[peer], seconds(row["import_s"]), "nothing is compiled", ""])
    if not rows:
        return []
    text = (
        "In no time above. The first small run with nothing compiled, and the same when compiled code is kept on disk:"
    )
    return ["## Import and compilation", text, table(["program", "import", "first run", "later"], rows)]


def failed(store: Store) -> list[str]:
    """What could not be measured."""
    found = store.found["failed"]
    missing = [name for name in PINS if not store.rows("streets", name)]
    if not found and not missing:
        return []
    rows = [[e["work"], e["peer"], people_of(e), e["cause"].replace("|", "/")] for e in found]
    rows += [["streets", NAMES[name], "", "no row of it in these results"] for name in missing]
    return ["## What could not be measured", table(["work", "program", "people", "cause"], rows, left=4)]


def people_of(entry: dict[str, Any]) -> str:
    """People of a failed measurement, where it had a number of them."""
    return quantity(entry["people"]) if entry["people"] else ""
