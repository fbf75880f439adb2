"""The page on planted records: counts of what they were taken for -> Markdown and pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.accounts_text import table

from groundswell.figures import save
from groundswell.figures.heat import recovery_matrix
from groundswell.report import wording
from groundswell.report.weighed.names import share, span
from groundswell.report.weighed.words import mode_title
from groundswell.study.shares import wilson

NONE = "none"  # what is given where none fits
FITS = 0.05  # share of records from a fitting model that may come back as "none fits" where the test holds its level
WIDTH = 820
INTRO = """\
A weighing that cannot find an account that is known to have made a record says nothing of one that is not known. Here
records are planted whose account is known, reported with the same gaps and errors as the real one and weighed as
`groundswell compare --observed FILE` does. Each is given to the family with the highest probability and to the account
that the evidence favours, or, where the record lies outside what every account produces, to none.\
"""
WAVES = {
    "wave": "runs that pass the base set, reported on crowds and fighting alone",
    "wave-all": "the same runs, reported with everything that never happened in them",
    "wave-any": "any draw of the wave's priors, reported on crowds and fighting alone",
}


def page(found: Mapping[str, Any], folder: Path, stem: str) -> str:
    """The whole page as Markdown; writes its pictures as FOLDER/STEM-MODE.png.

    Args:
        found: as `study_planted.study` gives it. folder: where page and pictures lie. stem: beginning of their names.
    """
    made = f"Made by `python -m tools.study_planted` with the {found['rows']:,} runs of {found['vectors']:,} sets of "
    made += "shared parameters behind [the comparison](kazakhstan-2022.md)."
    lines = [f"# Records of a known account, weighed: {found['title']}", "", made, "", INTRO, ""]
    lines += [f"> {wording.PROBABILITY}", "", "## In short", "", *_short(found)]
    for mode, kinds in found["modes"].items():
        lines += [f"## {mode_title(mode)}", ""]
        if "held-out" in kinds:
            lines += _held_out(found, mode, kinds["held-out"], folder, stem)
        if "fresh" in kinds:
            lines += _fresh(found, kinds["fresh"])
        lines += _waves(found, kinds)
    return "\n".join([*lines, *_made(found)]).rstrip() + "\n"


def told(hits: int, n: int) -> str:
    """A share with its number and its interval."""
    return f"{share(hits / n)} of {n:,} ({span(*wilson(hits, n))})" if n else "none"


def _short(found: Mapping[str, Any]) -> list[str]:
    """A list of what came of each kind of record in each mode."""
    lines = []
    families, accounts = len(found["titles"]["families"]), len(found["titles"]["accounts"])
    for mode, kinds in found["modes"].items():
        lead = f"**{mode_title(mode)}.** "
        for kind, words in (("held-out", "Runs kept out of the training"), ("fresh", "Fresh runs off the centre")):
            if kind not in kinds:
                continue
            one = kinds[kind]
            n = one["n"]
            lines.append(
                f"- {lead}{words}: the right family has the highest probability in {told(one['right_families'], n)}, "
                f"the right account in {told(one['right_accounts'], n)}; guessing would find {share(1 / families)} and "
                f"{share(1 / accounts)}. On average the log of the probability of the true family is "
                f"{one['log_score']:.2f}, that of equal chances {-math.log(families):.2f}. "
                f"{told(one['none'], n)} come back as “none fits”, "
                f"{OFF_CENTRE if kind == 'fresh' and found['fresh']['off_centre'] else _level(one['none'], n)}"
            )
        if "wave" in kinds and "wave-all" in kinds:
            part, whole = kinds["wave"], kinds["wave-all"]
            lines.append(
                f"- {lead}The wave, a wrong model: of its records with all that did and did not happen in it "
                f"{told(whole['none'], whole['n'])} come back as “none fits”, of those on crowds and fighting alone "
                f"{told(part['none'], part['n'])}. {_seen(part['none'], part['n'])}"
            )
    return [*lines, ""]


OFF_CENTRE = (
    "since a run of which every parameter lies in an outer part of its prior is unlike nearly all runs of the table: "
    "“none fits” can mean a right account at an unlikely place."
)


def _level(none: int, n: int) -> str:
    low, high = wilson(none, n)
    if low > FITS:
        return f"more than the {share(FITS)} that a test of this level may."
    return f"where {share(FITS)} at the most should." if high <= FITS else f"where about {share(FITS)} or fewer should."


def _seen(none: int, n: int) -> str:
    """Whether a wrong model is seen to be wrong, by the interval."""
    low, high = wilson(none, n)
    if low > 0.9:
        return "The check sees that the model is wrong."
    if high < 0.5:
        return (
            "The check mostly does not see that the model is wrong: what the wave can say, on crowds and fighting "
            "alone, lies within what accounts produce. That an account fits is then no sign that it is right."
        )
    return (
        "On little more than crowds the check sees it in part only: that an account fits such a record is a weak sign "
        "that it is right."
    )


def _matrix(titles: Mapping[str, str], counts: Mapping[str, Mapping[str, int]]) -> tuple[list[str], list[list[str]]]:
    """Columns and rows of counts; the last columns: none fits, and the share that is right with its interval."""
    columns = ["made under", *(f"({k + 1})" for k in range(len(titles))), "none fits", "right", "n"]
    rows = []
    for k, (true, title) in enumerate(titles.items()):
        row = counts.get(true)
        if row:
            n = sum(row.values())
            right = f"{share(row.get(true, 0) / n)} ({span(*wilson(row.get(true, 0), n))})"
            given = [str(row.get(g, 0)) if row.get(g) else "" for g in (*titles, NONE)]
            rows.append([f"({k + 1}) {title}", *given, right, str(n)])
    return columns, rows


def _held_out(found: Mapping[str, Any], mode: str, one: Mapping[str, Any], folder: Path, stem: str) -> list[str]:
    titles = found["titles"]
    lines = [
        "### Runs kept out of the training", "",
        f"{found['each']} records of each account where there are as many, each weighed by the runs of other "
        f"shared parameters. The median record states {one['summaries']:g} summaries; on average "
        f"{one['fitting']:.1f} classes of accounts fit one.", "",
        "Families, by number of records:", "", *table(*_matrix(titles["families"], one["families"])),
        f"![What records of each account are taken for]({stem}-{mode}.png)", "",
        "Accounts, by number of records:", "", *table(*_matrix(titles["accounts"], one["accounts"])),
    ]  # fmt: skip
    names = {**titles["accounts"], NONE: "none fits"}
    order = [*titles["accounts"], NONE]
    shares, runs = {}, {}
    for true in titles["accounts"]:
        row = one["accounts"].get(true)
        if row:
            runs[true] = sum(row.values())
            shares[true] = {g: row.get(g, 0) / runs[true] for g in order}
    note = "Percent of the records of the row (in brackets: how many) that are taken for the column; darker: more. "
    note += f"Column {len(shares) + 1}: none fits. {mode_title(mode)}."
    chart = recovery_matrix(shares, runs, names, title="Planted records given back", note=note, width=WIDTH)
    save(chart, folder / f"{stem}-{mode}.png")
    return lines


def _fresh(found: Mapping[str, Any], one: Mapping[str, Any]) -> list[str]:
    about = found["fresh"]
    where = (
        "between the 5th and 25th or between the 75th and 95th percentile of its prior"
        if about["off_centre"]
        else "anywhere in its prior, since too few vectors off the centre pass the base set"
    )
    return [
        "### Fresh runs off the centre", "",
        f"Runs that the table has not, of another seed, with every parameter {where}. Of {about['looked']} such sets "
        f"of shared parameters {about['passed']} pass the base set, so that several records share one and "
        "intervals are narrower than they should be. "
        f"{found['each_family']} records of each family where there are as many.", "",
        *table(*_matrix(found["titles"]["families"], one["families"])),
    ]  # fmt: skip


def _waves(found: Mapping[str, Any], kinds: Mapping[str, Any]) -> list[str]:
    rows = []
    for kind, words in WAVES.items():
        if kind in kinds:
            one = kinds[kind]
            given = ranked(one["families"].get("", {}))
            families = "; ".join(f"{found['titles']['families'].get(k, k)} {n}" for k, n in given if k != NONE)
            rows.append([words, str(one["n"]), f"{one['summaries']:g}", told(one["none"], one["n"]),
                         f"{one['fitting']:.1f}", families or "–"])  # fmt: skip
    if not rows:
        return []
    about = found["wave"]
    return [
        "### Records of a wrong model", "",
        "An epidemic-like wave on the same map, after Bonnasse-Gahot et al. (2018; [references](../references.md)): it "
        f"knows places, inhabitants and exposure, and no office, force, strike or group. Of {about['looked']} draws "
        f"{about['passed']} pass the base set as far as the wave knows it.", "",
        *table(("records of the wave", "n", "summaries stated", "come back as “none fits”",
                "classes that fit, on average", "taken for, where one fits"), rows),
    ]  # fmt: skip


def ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Pairs, the most first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _made(found: Mapping[str, Any]) -> list[str]:
    fresh: Sequence[str] = ("", "Made with `--fresh 0`: without runs from fresh seeds off the centre of the priors.")
    if found["fresh"]:
        about = found["fresh"]
        fresh = (f"The {about['runs']} fresh runs, with {about['looked']} of the base set, took "
                 f"{about['seconds']:,.0f} s of one core.",)  # fmt: skip
    return [
        "## How it was made", "", "```sh", "python -m tools.study_planted FOLDER", "```", "",
        f"Groundswell {found['version']}, commit {found['commit']}; table `{found['table'][:16]}`. Weighing took "
        f"{found['seconds']:,.0f} s with {found['workers']} processes, without what was there from before.", *fresh, "",
        "Intervals: 95 percent (Wilson 1927); records of one set of shared parameters are not independent, so they "
        "are somewhat too narrow. The settings of the classifier are chosen once for all summaries, and the "
        "rest is fitted anew to the summaries that a record states. `--records-to FOLDER` writes every record as a "
        "file that `groundswell compare --observed FILE` takes. The counts are in [planted.json](planted.json).",
    ]  # fmt: skip
