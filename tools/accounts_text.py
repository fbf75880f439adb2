"""The page on a comparison of rival accounts: `verdict.json` and the log of its runs -> Markdown and pictures."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, median
from typing import Any

from groundswell.figures import save
from groundswell.report import wording
from groundswell.report.compare import SIDE, sections
from groundswell.report.weighed import chances
from groundswell.report.weighed.blocks import Bars, Block, Chart, Pairs, Points, Section, Table, Text
from groundswell.report.weighed.names import Names, listed, number, share
from groundswell.report.weighed.words import (
    ELSE,
    HARDLY,
    apart,
    beaten,
    done,
    families,
    fits,
    mechanisms,
    mode_title,
    modes_of,
    outside,
    record_words,
    scored,
    settle,
    settled,
)

WIDTH = 820
LONG = 40  # rows of a table beyond which the rest is left to compare.html
SELDOM = 0.2
LEAST_P = 0.01
SHOWN = ("families", "mechanisms", "accounts", "recovery-families", "recovery", "fit", "reliability", "settle")
"""Charts that get a picture, by the end of their names; the others stand here as tables alone."""


def page(verdict: Mapping[str, Any], study: Mapping[str, Any], folder: Path, stem: str) -> str:
    """The whole page as Markdown; writes its pictures as FOLDER/STEM-NAME.png.

    Args:
        verdict: as `verdict.json` holds it. study: what `study_accounts` knows of how the table came about.
        folder: where page and pictures lie. stem: beginning of the pictures' names.
    """
    names, modes = Names(verdict), modes_of(verdict)
    made = f"Made by `python -m tools.study_accounts` from {study['rows']:,} runs of the whole population, "
    made += f"{study['design']['rows_in_slot']} of each set of shared parameters."
    lines = [f"# Rival accounts of {verdict['title']}, weighed", "", made, "", f"> {wording.PROBABILITY}", ""]
    lines += ["## In short", "", *_short(verdict, names, modes)]
    lines += ["## Families, mechanisms, accounts", "", f"> {wording.PROBABILITY}", ""]
    lines += _blocks(chances.section(verdict).blocks, folder, stem)
    for mode in modes:
        lines += [f"## {mode_title(mode['mode'])}: the checks", ""]
        for section in sections(verdict, mode, names):
            lines += _section(section, folder, stem)
    lines += ["## How long it took", "", *_times(study), "", "## How to make it again", "", *_again(study)]
    return "\n".join(lines).rstrip() + "\n"


# -- in short ----------------------------------------------------------------------------------------------------------


def _short(verdict: Mapping[str, Any], names: Names, modes: Sequence[Mapping[str, Any]]) -> list[str]:
    """What fits, what is supported, what cannot be told, what is wrong: from the numbers of each mode."""
    lines = [f"Weighed by {record_words(verdict)}. {SIDE.partition('. ')[0]}.", ""]
    parts = (
        ("What does not fit", does_not_fit), ("What the record supports", supports),
        ("What it cannot tell", cannot_tell), ("What the model gets wrong", wrong),
    )  # fmt: skip
    for title, told in parts:
        lines += [f"### {title}", ""]
        for mode in modes:
            lead = f"**{mode_title(mode['mode'])}.** " if len(modes) > 1 else ""
            lines += [f"{lead}{_plain(told(mode, names))}", ""]
    return [*lines, f"Whatever the numbers, no run can tell {'; '.join(wording.CANNOT_TELL)}. {ELSE}", ""]


def does_not_fit(mode: Mapping[str, Any], names: Names) -> str:
    """Whether any account can produce such a record, and which observations lie outside; said first."""
    said = f"{fits(mode, names)} {done(mode)}"
    far = outside(mode, names)
    if far and not mode["none_fits"]:
        said += f" By itself, outside what at least one account produces: {listed(far, 8)}."
    return said


def supports(mode: Mapping[str, Any], names: Names) -> str:
    """How families and mechanisms move, and whether more runs may move them still."""
    rest = "The same holds of mechanisms and accounts." if mode["none_fits"] else mechanisms(mode, names)
    said = f"{families(mode, names)} {rest}".strip()
    return f"{said} Were there enough runs? {settled(mode)}"


def cannot_tell(mode: Mapping[str, Any], names: Names) -> str:
    """What is not told apart, and what would settle it."""
    return f"{apart(mode, names)} {settle(mode)}"


def wrong(mode: Mapping[str, Any], names: Names) -> str:
    """What runs near the record do not meet, above all of what was kept back; calibration; simple models."""
    rows = scored(mode)
    parts = []
    for name, words in (("check", "that were kept back"), ("weigh", "that gave the probabilities")):
        mine = [r for r in rows.values() if r["set"] == name]
        low = sorted((r for r in mine if r["met"] < SELDOM), key=lambda r: r["met"])
        told = listed((f"{r['title']} ({share(r['met'])})" for r in low), 12)
        if mine:
            parts.append(
                f"Of {len(mine)} observations {words}, {len(low)} are met by fewer than {share(SELDOM)} of the runs "
                f"nearest to the record{': ' + told if low else ''}."
            )
    never = sum(r["met"] < HARDLY for r in rows.values())
    if never:
        parts.append(f"{never} of all are met by fewer than {share(HARDLY)}.")
    by_name = (mode["checks"].get("parameters") or {}).get("by_name") or {}
    off = [k for k, r in by_name.items() if r["uniform_p"] is not None and r["uniform_p"] < LEAST_P]
    if by_name:
        parts.append(
            f"Of {len(by_name)} parameters, {len(off)} have posteriors that miss the truth where it is known "
            f"(p below {LEAST_P}){': ' + listed(off) if off else ''}."
        )
    parts.append(beaten(mode, names))
    return " ".join(part for part in parts if part)


# -- blocks as Markdown ------------------------------------------------------------------------------------------------


def _section(section: Section, folder: Path, stem: str) -> list[str]:
    return [f"### {_plain(section.title)}", "", *_blocks(section.blocks, folder, stem)]


def _blocks(blocks: Sequence[Block], folder: Path, stem: str) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        lines += _block(block, folder, stem)
    return lines


def _block(block: Block, folder: Path, stem: str) -> list[str]:
    if isinstance(block, Text):
        mark = "> " if block.kind in ("beside", "warning") else ""
        return [f"{mark}{_plain(block.text)}", ""]
    if isinstance(block, Points):
        return [*(f"- {_plain(point)}" for point in block.points), ""]
    if isinstance(block, Pairs):
        return table(("", ""), block.pairs)
    if isinstance(block, Table):
        return _table(block)
    return _picture(block, folder, stem)


def _picture(chart: Chart, folder: Path, stem: str) -> list[str]:
    mode, dash, name = chart.name.partition("-")
    if (name if dash and mode in ("conditional", "joint") else chart.name) not in SHOWN:
        return []
    path = save(chart.draw(WIDTH), folder / f"{stem}-{chart.name}.png")
    return [f"![{_plain(chart.told)}]({path.name})", ""]


def _table(block: Table) -> list[str]:
    rows = [["" if not isinstance(c, str) and not c.counts else _cell(c) for c in row] for row in block.rows[:LONG]]
    more = len(block.rows) - len(rows)
    lines = table([column.removesuffix("#") for column in block.columns], rows)
    if more:
        lines[-1:] = ["", f"{more:,} more rows stand in `compare.html`.", ""]
    title = _plain(block.title)
    if not block.folded:
        return [f"{title}:", "", *lines]
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "</details>", ""]


def _cell(cell: str | Bars) -> str:
    return cell if isinstance(cell, str) else " ".join(f"{n:g}" for n in cell.counts)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table with an empty line after it."""
    lines = [columns, ["---"] * len(columns), *rows]
    return [*("| " + " | ".join(_plain(c).replace("|", "\\|") for c in line) + " |" for line in lines), ""]


def _plain(text: str) -> str:
    """A text without what Markdown would take for an element."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


# -- how it was made ---------------------------------------------------------------------------------------------------


def seconds_of(log: Path) -> dict[str, list[float]]:
    """Stage -> seconds of every run in a comparison's `log.csv`."""
    out: dict[str, list[float]] = {}
    if log.exists():
        with log.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                out.setdefault(row["stage"], []).append(float(row["wall_s"]))
    return out


def _times(study: Mapping[str, Any]) -> list[str]:
    titles = {"base": "base stage", "batches": "table"}
    rows = [
        (titles.get(stage, stage), f"{len(s):,}", number(fmean(s)), number(median(s)), number(max(s)),
         f"{sum(s) / 3600:.2f}")
        for stage, s in study["seconds"].items()
    ]  # fmt: skip
    columns = ("stage", "runs played", "mean, s", "median, s", "longest, s", "all together, h of one core")
    lines = [
        "Seconds of one core for each run, as the workers' own clocks had them; another load on the machine makes them "
        "longer.",
        "",
        *table(columns, rows),
    ]
    told = [f"Weighing took {study['weighing_s']:,.0f} s of one core"] if study.get("weighing_s") else []
    if study.get("span_h"):
        told.append(f"{study['span_h']:.2f} h passed between the first and the last batch that was written")
    return [*lines, f"{'; '.join(told)}."] if told else lines[:-1]


def _again(study: Mapping[str, Any]) -> list[str]:
    design = study["design"]
    pairs = [
        ("made with", f"Groundswell {study['version']}, commit {study['commit']}"),
        ("table", f"{study['rows']:,} of {study['of']:,} rows, seed {design['seed']}, {' and '.join(design['modes'])}"),
        ("digest of the design", f"`{design['digest'][:16]}`"), ("digest of the table", f"`{study['digest'][:16]}`"),
        ("digests of case and accounts", f"`{design['case_digest'][:16]}`, `{design['accounts_digest'][:16]}`"),
    ]  # fmt: skip
    lines = ["```sh", study["command"], "```", "", *table(("", ""), pairs)]
    if study["rows"] < study["of"]:
        lines += ["The table is not finished; the same command goes on with it.", ""]
    if study["changed"]:
        lines += [f"Since the table was made, {listed(study['changed'])} changed; a new table has another digest.", ""]
    if study.get("replayed"):
        same, played = study["replayed"]
        lines += [
            f"Of {played} rows of the table, evenly spaced and played anew by the commit named above, {same} came out "
            "the same to the bit.",
            "",
        ]
    return [
        *lines,
        "The same version, case, accounts and seed give the same table to the byte on any number of workers. "
        "`compare.html` beside the table has everything above with every row; docs/compare.md says how to read it.",
    ]
