"""The score of runs in words and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill, shorten
from typing import Any

from groundswell.weigh.rivals import TITLES

PARTS = {
    "use": "fitted or kept back", "set": "set of the record", "kind": "what it is about", "place": "where",
}  # fmt: skip
USES = {"fit": "fit (may be fitted)", "check": "check (kept back)", "neither": "neither"}
WIDTH, WIDE = 46, 112


def words(s: Mapping[str, Any]) -> str:
    """A score as text: one sentence, tables, and for several runs proper scores beside baselines."""
    one = s["runs"] == 1
    by = "a record of your own" if s["observed"] else "the record"
    lines = [*(_first(s, by) if one else _first_of_many(s, by)), ""]
    for part, title in PARTS.items():
        head = ("met", "of") if one else ("mean met", "half", "none", "of")
        names = USES if part == "use" else {}
        rows = [(names.get(name, name), *_cells(row, one)) for name, row in s[f"by_{part}"].items()]
        lines += [*_table((title, *head), rows), ""]
    lines += _missed(s) if one else _proper(s)
    return "\n".join(lines).rstrip()


def _first(s: Mapping[str, Any], by: str) -> list[str]:
    parts = [f"{row['met_mean']:.0f} of {row['of']} {USES[use]}" for use, row in s["by_use"].items()]
    text = f"{s['met_mean']:.0f} of {s['of']} dated statements are met by this run of {s['case']}, by {by}."
    return [text, *([f"Of them {', '.join(parts)}."] if len(parts) > 1 else [])]


def _first_of_many(s: Mapping[str, Any], by: str) -> list[str]:
    text = (
        f"{s['half']} of {s['of']} dated statements are met in half or more of {s['runs']} runs of {s['case']}, "
        f"by {by}; {s['none']} in none."
    )
    some = f"A run meets {s['met_mean']:.1f} of them on average, from {s['met_least']} to {s['met_most']}."
    return [text, f"{some} Below, half: met in half or more of the runs; none: in no run."]


def _cells(row: Mapping[str, Any], one: bool) -> tuple[str, ...]:
    met = f"{row['met_mean']:.0f}" if one else f"{row['met_mean']:.1f}"
    return (met, str(row["of"])) if one else (met, str(row["half"]), str(row["none"]), str(row["of"]))


def _missed(s: Mapping[str, Any]) -> list[str]:
    missed = [id for id, share in s["statements"].items() if share == 0]
    lines = [shorten(f"{id}: {s['about'][id]['statement']}", WIDE, placeholder=" ...") for id in missed]
    lines = [f"  {line}" for line in lines]
    return ["Not met:", *lines] if lines else ["All are met."]


def _proper(s: Mapping[str, Any]) -> list[str]:
    names = list(s["baselines"])
    head = ("observation", "", "rule", "ours", *names)
    rows = []
    for id, one in s["observations"].items():
        others = [f"{s['baselines'][name][id]:.2f}" if id in s["baselines"][name] else "-" for name in names]
        rows.append((id, one["use"], one["rule"], f"{one['score']:.2f}", *others))
    lines = ["Proper scores, lower is better: CRPS in units of error (numbers, hours), Brier from 0 to 1 (is it so)."]
    lines += [*_table(head, rows), ""]
    return lines + (_summary(s) if names else [])


def _summary(s: Mapping[str, Any]) -> list[str]:
    told = " and ".join(f"{name} ({TITLES[name]})" for name in s["baselines"])
    head = f"Beside {told}, fitted to {len(s['fitted_to'])} observations; means over what all three can produce:"
    lines, rows, others = [fill(head, WIDE)], [], []
    for use, found in s["compared"].items():
        for rule in ("CRPS", "Brier"):
            if rule in found:
                row = found[rule]
                means = [f"{v:.2f}" for v in row["means"].values()]
                rows.append((USES[use], rule, *means, f"{row['best']} of {len(row['observations'])}"))
        others += found["others"]
    lines += _table(("", "rule", "ours", *s["baselines"], "ours best"), rows)
    if others:
        lines.append(f"Of {len(others)} other observations the baselines say nothing; only Groundswell speaks of them.")
    return lines


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows as text: words to the left, numbers to the right."""
    every = [tuple(head), *rows]
    wide = [min(WIDTH, max(len(row[k]) for row in every)) for k in range(len(head))]
    text = [all(not _is_number(row[k]) for row in every[1:]) for k in range(len(head))]
    return [
        "  " + "  ".join(c[:w].ljust(w) if t else c.rjust(w) for c, w, t in zip(row, wide, text, strict=True)).rstrip()
        for row in every
    ]


def _is_number(cell: str) -> bool:
    return cell[:1].isdigit() or cell[:1] == "-"
