"""What told accounts apart, how far the probabilities can be trusted, parameters, simple models -> sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from groundswell.figures.checks import calibration
from groundswell.figures.rows import moves, narrowing
from groundswell.report import wording

from .blocks import Bars, Block, Chart, Section, Table, Text, gap, largest
from .names import UNTOLD, Names, capital, number, share, span
from .words import beaten

DRAWN = 14  # rows of a chart; its table has all of them
SAME = 0.0005  # families that move less than this are printed alike
LEAST_P = 0.01


def told_apart(mode: Mapping[str, Any], names: Names) -> Section:
    """What the probabilities stand on: one observation or source less, each source alone."""
    blocks: list[Block] = [
        Text(
            "How the families move when one observation, or one source, is left out, and when the record is the "
            "version of one source alone. Where points leave their dashed lines, the result stands on what was taken "
            "away."
        ),
        Text(wording.PROBABILITY, "beside"),
    ]
    blocks += _variants(mode, names, "without_observation", names.observation, "One observation left out")
    blocks += _variants(mode, names, "without_source", names.source, "One source left out")
    blocks += _variants(mode, names, "source_alone", names.source, "Each source's version alone", most=40)
    return Section(f"{mode['mode']}-stands-on", "What told the accounts apart", blocks)


def _variants(
    mode: Mapping[str, Any], names: Names, which: str, words: Callable[[str], str], title: str, most: int = DRAWN
) -> list[Block]:
    found: Mapping[str, Mapping[str, float | None]] = mode["checks"].get(which) or {}
    if not found:
        return [Text(f"{title}: nothing to show for this record.", "note")]
    whole = {f: row["probability"] for f, row in mode["families"].items()}
    gaps = {k: gap(row, whole) for k, row in found.items()}
    moved = [k for k in largest(gaps, most) if gaps[k] >= SAME]
    still = sum(v < SAME for v in gaps.values())
    note = "Points: families; dashed lines: by the whole record."
    if len(moved) + still < len(found):
        note += f" The {len(moved)} of {len(found)} that move them most."
    elif still:
        note += f" Not drawn: {still} of {len(found)} that move nothing."
    blocks: list[Block] = []
    if moved:
        blocks.append(shifts(f"{mode['mode']}-{which}", title, note, {words(k): found[k] for k in moved}, whole, names))
    else:
        blocks.append(Text(f"{title}: none of {len(found)} moves the families.", "note"))
    return [*blocks, shift_table(f"{title}, in numbers", {words(k): found[k] for k in largest(gaps, len(gaps))},
                                 whole, names)]  # fmt: skip


def shifts(
    name: str, title: str, note: str, variants: Mapping[str, Mapping[str, float | None]],
    whole: Mapping[str, float | None], names: Names,
) -> Chart:  # fmt: skip
    """The chart of how families move under variants."""
    families = {f: names.family(f) for f in whole}
    return Chart(
        name, f"{title}: how the families' probabilities move. Numbers below.",
        lambda width: moves(variants, whole, families, title=title, note=note, width=width),
    )  # fmt: skip


def shift_table(
    title: str, variants: Mapping[str, Mapping[str, float | None]], whole: Mapping[str, float | None], names: Names
) -> Table:
    """The same in numbers, with the largest change."""
    rows = [
        (label, *(share(row.get(f)) for f in whole), f"{gap(row, whole) * 100:.1f}") for label, row in variants.items()
    ]
    rows.insert(0, ("the whole record", *(share(p) for p in whole.values()), ""))
    return Table(title, ("Variant", *(f"{names.family(f)}#" for f in whole), "Moves by, points#"), rows)


def reliability(mode: Mapping[str, Any], names: Names) -> Section:
    """Calibration, scores and an empty record."""
    key, checks = mode["mode"], mode["checks"]
    found = checks["reliability"]
    curve = [p for p in found["curve"] if p["said"] is not None and p["true"] is not None]
    empty = [names.family(f) + " " + share(p) for f, p in (mode["null"] or {}).items()]
    blocks: list[Block] = [
        Text(
            "Among runs whose account is known, and which the classifier has not seen: of all cases in which it said "
            "30 percent, is it right in 30 percent? Points on the dashed line say yes; points below it, that it claims "
            "too much."
        ),
        Chart(
            f"{key}-reliability", "Probability said against how often it was right. Numbers below.",
            lambda width: calibration(curve, title="Are the probabilities right as often as they say?", width=width,
                                      note="Bars: 95 percent intervals over sets of shared parameters. "
                                      "Dashed: right as often as said."),
        ),
        Table("Reliability in numbers", ("Said#", "Right in#", "Interval#", "Cases#"),
              [(share(p["said"]), share(p["true"]), span(p["low"], p["high"]), f"{p['n']:,}") for p in curve]),
        Text(
            f"Brier score {number(found['brier'])}, that of the prior alone {number(found['brier_prior'])} (lower is "
            f"better). Log score {number(found['log_score'])} a run, that of the prior alone "
            f"{number(found['log_score_prior'])} (higher is better)."
        ),
        Text(
            f"An empty record, each figure taken from another run at random, gets: {'; '.join(empty)}. What the "
            "classifier says without information should be near the prior."
        ),
        Text(wording.PROBABILITY, "beside"),
        Table("Probability by the record and by an empty one", ("Family", "Probability#", "Empty record#"),
              [(names.family(f), share(r["probability"]), share((mode["null"] or {}).get(f)))
               for f, r in mode["families"].items()], folded=False),
        Table("The same for what runs were drawn from: accounts, each within one family",
              ("Account", "Probability#", "5 to 95 %#"),
              [(names.drawn(c), share(r["probability"]), span(r["low"], r["high"]))
               for c, r in checks["classes"].items()]),
    ]  # fmt: skip
    return Section(f"{key}-trust", "Can the probabilities be trusted?", blocks)


def parameters(mode: Mapping[str, Any], names: Names) -> Section:
    """Priors and posteriors of the shared parameters, and whether such posteriors are calibrated."""
    found = mode["checks"].get("parameters") or {}
    key, by_name = mode["mode"], found.get("by_name") or {}
    if not by_name:
        return Section(f"{key}-parameters", "What the record says of parameters",
                       [Text("No parameter is drawn in every run, so there is nothing to show.")])  # fmt: skip
    low = [k for k, r in by_name.items() if r["uniform_p"] is not None and r["uniform_p"] < LEAST_P]
    levels = [f"{q * 100:g} %" for q in found["quantiles"]]
    rows: list[tuple[str | Bars, ...]] = [
        (k, _range(r["prior"]), number(r["prior"][2]), _range(r["posterior"]), number(r["posterior"][2]),
         Bars(r["ranks"]), number(r["uniform_p"], 2))
        for k, r in by_name.items()
    ]  # fmt: skip
    blocks: list[Block] = [
        Text(
            f"Parameters that every run draws, whatever its account: range before and after the record. The posterior "
            f"rests on an effective {number(found['ess'])} runs"
            + (", which is few: read the ranges as rough." if (found["ess"] or 0) < 100 else ".")
        ),
        Text(
            "Simulation-based calibration (Talts et al. 2018): over runs whose parameters are known, the true value's "
            "rank within its posterior should be spread evenly. p is that of a chi-squared test of it. "
            f"{len(low)} of {len(by_name)} have p below {LEAST_P}; chance alone gives about "
            f"{number(LEAST_P * len(by_name), 1)}."
            + (" Posteriors of these are not to be trusted." if low else "")
        ),
        Chart(
            f"{key}-parameters", "Range of each parameter after the record, beside its prior. Numbers below.",
            lambda width: narrowing(by_name, title="Parameters after the record", width=width,
                                    note="Grey: 5 to 95 percent of the prior. Blue: the same after the record, and its "
                                    "middle; ends beyond the chart are cut."),
        ),
        Table(f"Parameters in numbers: {levels[0]} to {levels[-1]}, and the middle",
              ("Parameter", "Before#", "Middle#", "After#", "Middle#", "Ranks", "p#"), rows),
    ]  # fmt: skip
    return Section(f"{key}-parameters-section", "What the record says of parameters", blocks)


def _range(quantiles: list[float | None]) -> str:
    return f"{number(quantiles[0])} to {number(quantiles[-1])}"


def baselines(mode: Mapping[str, Any], names: Names) -> Section:
    """Log scores of accounts and simple models on what was kept back."""
    found = mode.get("baselines") or {}
    scores, of_check = found.get("accounts") or {}, mode["checks"].get("check_log_score") or {}
    about = [names.observation(o) for o in found.get("observations") or []]
    rows = [(f"{capital(k)} (simple model)", number(v), UNTOLD, "") for k, v in (found.get("log_score") or {}).items()]
    win = set(found.get("beaten_by") or ())
    rows += [
        (names.drawn(c), number(scores.get(c)), number(of_check.get(c)), "yes" if c in win else "no")
        for c in dict.fromkeys([*scores, *of_check])
    ]
    blocks: list[Block] = [
        Text(
            "Two simple models play on the same map and are fitted to the same observations: a wave that spreads like "
            "an epidemic (after Bonnasse-Gahot et al. 2018), and exposure to the price without any influence of people "
            "on each other. An account that does not beat them on observations kept back has earned nothing by its "
            "detail."
        ),
        Text(beaten(mode, names) or "The simple models can meet no observation kept back, so nothing is compared."),
        Table("Log scores on what was kept back (higher is better)",
              ("Model", "Observations that simple models can meet#", "All kept back#", "Beats both#"), rows,
              folded=False),
    ]  # fmt: skip
    if about:
        blocks.append(Text(f"Compared on: {'; '.join(about)}.", "note"))
    return Section(f"{mode['mode']}-baselines", "Against simple models", blocks)
