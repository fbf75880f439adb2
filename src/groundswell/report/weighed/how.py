"""What would settle it, how steady the result is, and how it was made -> sections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.figures.checks import doubling
from groundswell.figures.rows import ranked

from .blocks import Block, Chart, Pairs, Section, Table, Text, gap, largest
from .names import Names, number, share
from .trust import DRAWN, shift_table, shifts
from .words import grown, record_words, settle, settled

BASE = {
    "kept": "kept", "played": "played", "needed": "needed", "ruled_out_by": "ruled out by",
    "out_of_bounds": "out of bounds", "failed": "failed", "missing": "missing batches",
}  # fmt: skip
SETS = {
    "base": "Agreed by all, used to rule out runs", "weigh": "Gave the probabilities", "check": "Kept back",
    "open": "Unsettled: no text gives a value",
}  # fmt: skip


def settling(mode: Mapping[str, Any], names: Names) -> Section:
    """Unsettled observables, ranked by what they would tell about the family."""
    rows = [row for row in mode["settle"] or [] if row["share"] is not None]
    key = mode["mode"]
    blocks: list[Block] = [
        Text(
            "What to find out next: observables that the record does not settle, by how much knowing each, by itself, "
            "would be expected to tell about the family. Shares of several do not add up, since they overlap."
        ),
        Text(settle(mode)),
    ]
    if rows:
        top = [{"label": row["title"], "share": row["share"]} for row in rows[:DRAWN]]
        blocks += [
            Chart(
                f"{key}-settle", "What would settle it, the most telling first. Numbers below.",
                lambda width: ranked(top, title="What would settle it", axis="share of what is open about the family",
                                     note=f"Expected information gain; the first {len(top)} of {len(rows)}.",
                                     width=width),
            ),
            Table("What would settle it, in numbers",
                  ("Observable", "Definition", "Bits#", "Of what is open#", "Effective runs#"),
                  [(r["title"], r["definition"], number(r["bits"], 2), share(r["share"]), number(r["ess"], 2))
                   for r in rows]),
        ]  # fmt: skip
    return Section(f"{key}-settle", "What would settle it", blocks)


def steadiness(mode: Mapping[str, Any], names: Names) -> Section:
    """Doubling of the runs and narrower priors."""
    key, checks = mode["mode"], mode["checks"]
    families = {f: names.family(f) for f in mode["families"]}
    steps = (checks.get("doubling") or {}).get("steps") or []
    blocks: list[Block] = [Text(f"Has the result settled? {settled(mode)}")]
    if steps:
        blocks += [
            Chart(
                f"{key}-doubling", "Family probabilities as the runs are doubled. Numbers below.",
                lambda width: doubling(steps, families, title="The result as runs are doubled", width=width,
                                       note="From an eighth of the runs to all of them."),
            ),
            Table("Doubling in numbers", ("Runs#", *(f"{n}#" for n in families.values())),
                  [(f"{s['runs']:,}", *(share(s["families"].get(f)) for f in families)) for s in steps]),
        ]  # fmt: skip
    found = checks.get("prior_sensitivity") or {}
    if found:
        whole = {f: row["probability"] for f, row in mode["families"].items()}
        gaps = {k: gap(row, whole) for k, row in found.items()}
        note = f"Each parameter's prior cut to its lower, middle or upper half: the {min(DRAWN, len(found))} of "
        note += f"{len(found)} cuts that move the families most. Dashed: by the whole prior."
        blocks += [
            Text(
                "Other priors, as far as the runs at hand can tell: runs whose parameter lies in a part of its prior "
                "are weighed alone. They are fewer, so some of what moves is chance. Wider priors would need runs of "
                "their own."
            ),
            shifts(f"{key}-priors", "Narrower priors", note, {k: found[k] for k in largest(gaps, DRAWN)}, whole, names),
            shift_table("Every cut of a prior", {k: found[k] for k in largest(gaps, len(gaps))}, whole, names),
        ]
    blocks += _widths(mode, names)
    return Section(f"{key}-steady", "How steady is it?", blocks)


def _widths(mode: Mapping[str, Any], names: Names) -> list[Block]:
    """Bayes factors of mechanisms under halved widths of their own priors."""
    halved = mode.get("halved") or {}
    own = {k: row["bayes_factor"] for k, row in mode["mechanisms"].items()}
    rows = [
        (names.mechanism(k), number(cut["bayes_factor"]), number(cut["ess"]), number(own[k]))
        for k, cut in halved.items()
    ]  # fmt: skip
    if not rows:
        return []
    said = (
        "A mechanism whose strength may be nearly anything is mostly far from the record, so the width of its priors "
        "is part of what is weighed. Half as wide: its runs reweighted, no number where too few carry the weight. "
        "Wider ones would need runs beyond the priors."
    )
    columns = ("Mechanism", "Half as wide#", "Effective runs#", "As it is#")
    return [Text(said), Table("Bayes factors by the width of a mechanism's own priors", columns, rows, folded=False)]


def making(verdict: Mapping[str, Any], mode: Mapping[str, Any], names: Names) -> Section:
    """Runs, what was ruled out, the base stage, observations by set, settings of the classifier."""
    checks = mode["checks"]
    ruled = "; ".join(f"{names.account(a)} {n:,}" for a, n in mode["ruled_out_by_base"].items()) or "none"
    base = "; ".join(f"{BASE.get(k, k)} {_counted(v, names)}" for k, v in (verdict.get("base") or {}).items())
    pairs = [
        ("Case", f"{verdict['title']} ({verdict['case']})"), ("Groundswell", str(verdict["version"])),
        ("Weighed by", record_words(verdict)), ("Runs in the table, all modes", number(verdict["table"])),
        ("Runs weighed here", f"{mode['runs']:,}"),
        ("Sets of shared parameters", number(checks.get("vectors"))), ("Runs that failed", number(mode["failed"])),
        ("Ruled out by what all texts agree on", ruled), ("Base stage", base or "not told"),
        ("Effective runs near the record", number(mode["ess"])),
        ("Classifier", _settings(checks.get("classifier"), names)),
        ("Grown", grown(verdict) or "no: the runs asked for were played"),
        ("Summaries of the record", f"{len(checks.get('summaries') or [])}"),
    ]  # fmt: skip
    sets = [(SETS.get(k, k), "; ".join(names.observation(o) for o in found)) for k, found in mode["sets"].items()]
    blocks: list[Block] = [
        Pairs(pairs),
        Table("Observations by set", ("Set", "Observations"), sets),
        Table("Summaries weighed", ("Summary",), [(names.summary(s),) for s in checks.get("summaries") or []]),
    ]
    return Section(f"{mode['mode']}-made", "How it was made", blocks)


def _counted(value: Any, names: Names) -> str:
    """An entry of the base stage: a number, a list by its length, or numbers by observation."""
    if isinstance(value, Mapping):
        return ", ".join(f"{names.observation(k)} {number(v)}" for k, v in value.items()) or "none"
    return f"{len(value):,}" if isinstance(value, list) else number(value)


def _settings(classifier: Mapping[str, Any] | None, names: Names) -> str:
    """What was chosen for the step between families and for those within them that tell accounts apart."""
    if not classifier:
        return "not told"
    steps = [("families", classifier["families"])]
    steps += [(f"within “{names.family(f)}”", one) for f, one in classifier["within"].items()]
    return "; ".join(
        f"{where}: penalty {number(one['penalty'])}, temperature {number(one['temperature'])}" for where, one in steps
    )
