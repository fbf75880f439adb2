"""What accounts predict of observations beside what their runs do -> section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .blocks import Block, Section, Table, Text
from .names import UNTOLD, Names, listed, number, quoted

SAYS = {"+": "more", "-": "fewer", "0": "the same"}
WHEN = {"+": "later", "-": "earlier", "0": "the same"}
WHY = {
    "input": "is input in this mode", "base": "is the common base itself", "open": "the interval leaves it open",
    "few": "too few runs to say",
}  # fmt: skip
SCALES = {"h": "h", "class": "classes", "share": "of 1", "yes": "of 1", "rank": "ranks"}


def section(mode: Mapping[str, Any], names: Names) -> Section:
    """Every prediction with a sign, the sign that the runs give, and what an account's file says of a difference."""
    found = mode.get("signs") or {}
    rows = found.get("rows") or []
    title, key = "What accounts predict, and what their runs do", f"{mode['mode']}-signs"
    if not rows:
        return Section(key, title, [Text("No account predicts the sign of anything that was played.")])
    against = found["against"]
    base = f"the common base ({quoted(names.account(against))})" if against else "the mean of the other accounts"
    blocks: list[Block] = [
        Text(
            f"An account's file says of some observations whether they go up, down, or stay as in {base}. Here each of "
            "its runs is compared with the run of the same parameters and the same luck under that. Nothing is weighed "
            "by this and no account gains or loses: it shows whether the model does with an account what the account "
            "says. Where it does not, the fault may be the model's."
        ),
        Text(told(mode, names)),
        Table(
            "Sign predicted and sign found (in brackets: 95 percent interval over sets of shared parameters)",
            ("Account", "Observation", "In its words", "Predicted", "Found", "Difference#", "Pairs#", "As predicted"),
            [_row(row, names) for row in rows],
            frozenset(k for k, row in enumerate(rows) if row["agrees"] is None),
            folded=False,
        ),
        Text(
            "“Too little to be seen”, and as good as “the same”, is what lies wholly within half the error with which "
            "such a figure is reported. Of many intervals one in twenty misses by chance. Grey: cannot be said.",
            "note",
        ),
    ]
    notes, wrong = found.get("notes") or {}, [row["account"] for row in rows if row["agrees"] is False]
    noted = [(names.account(a), str(notes[a])) for a in dict.fromkeys(wrong) if a in notes]
    if noted:
        blocks.append(
            Table(
                "What files of accounts whose runs do otherwise say",
                ("Account", "Note in its file"),
                noted,
                folded=False,
            )
        )
    return Section(key, title, blocks)


def told(mode: Mapping[str, Any], names: Names) -> str:
    """How many predictions the runs bear out, which not; empty without predictions."""
    rows = (mode.get("signs") or {}).get("rows") or []
    known = [row for row in rows if row["agrees"] is not None]
    if not rows:
        return ""
    if not known:
        return f"Of {len(rows)} predicted signs the runs bear out or contradict none."
    wrong = [row for row in known if not row["agrees"]]
    said = f"Of {len(rows)} predicted signs the runs decide {len(known)}: {len(known) - len(wrong)} are as predicted, "
    said += f"{len(wrong)} otherwise."
    if wrong:
        by: dict[str, list[str]] = {}
        for row in wrong:
            by.setdefault(row["account"], []).append(names.observation(row["observation"]))
        said += " Otherwise: " + "; ".join(f"{quoted(names.account(a))}: {listed(o)}" for a, o in by.items()) + "."
    return said


def _row(row: Mapping[str, Any], names: Names) -> tuple[str, ...]:
    agrees = row["agrees"]
    return (
        names.account(row["account"]), names.observation(row["observation"]), row["words"], _said(row, "predicted"),
        _found(row), _difference(row), f"{row['vectors']:,}",
        UNTOLD if agrees is None else "yes" if agrees else "no",
    )  # fmt: skip


def _found(row: Mapping[str, Any]) -> str:
    if not row["found"]:
        return WHY.get(row["why"], UNTOLD)
    return _said(row, "found") + (", too little to be seen" if row["small"] and row["found"] != "0" else "")


def _said(row: Mapping[str, Any], which: str) -> str:
    return (WHEN if row["scale"] == "h" else SAYS)[row[which]]


def _difference(row: Mapping[str, Any]) -> str:
    if row["difference"] is None:
        return UNTOLD
    values = [row["difference"], row["low"], row["high"]]
    if row["scale"] == "log10":  # a difference of logarithms is a ratio
        mean, low, high = (number(10**v) for v in values)
        return f"times {mean} ({low} to {high})"
    mean, low, high = (f"{round(v, 3):+.3g}" if round(v, 3) else "0" for v in values)
    return f"{mean} {SCALES.get(row['scale'], '')} ({low} to {high})"
