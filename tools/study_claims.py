"""Some claims of kazakhstan-2022 put to the test under the common base at full population; writes a page.

    python tools/study_claims.py [--pairs 20] [--claims a,b,...] [--out docs/results]

Every pair is kept as a line of claims.jsonl in the output folder, and one that is there is not played again. Claims
with the same run without the change share that run. From the lines it writes claims.md.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

import groundswell as gs
from groundswell.case import Case
from groundswell.study.pairs.asking import Answer, accounts_of, weighed, weights_for
from groundswell.study.pairs.claims import Claim, find_claim, load_claims
from groundswell.study.pairs.effects import LEVEL, SUPPORTED, tally
from groundswell.study.pairs.experiment import OUTCOME, Experiment, Pair, play_together
from groundswell.study.pairs.words import expected, form_of, heading, label, number
from groundswell.world.world import build

CASE = "kazakhstan-2022"
CHOSEN = (
    "no-alliance", "no-price-step", "fifty-tenge-on-3-january", "no-pre-emption-in-almaty", "police-restraint",
    "no-late-moves", "no-elite-channel", "no-cut-of-networks", "security-organ-stands-down", "armed-men-appear",
    "no-labels", "sealed-gas-border", "no-novy-urengoy-accident", "cut-gas-exports", "rise-at-midsummer",
    "demolitions-in-the-belt", "means-that-last", "currency-let-fall", "allies-of-their-own-accord",
    "workers-organised",
)  # fmt: skip


def main() -> None:
    """Play what is missing, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--claims", default=",".join(CHOSEN))
    parser.add_argument("--out", type=Path, default=Path("docs/results"))
    options = parser.parse_args()
    case = gs.load(CASE)
    claims = [find_claim(load_claims(case), name) for name in options.claims.split(",")]
    accounts = accounts_of(case)
    world = build(case)
    experiments = {c.id: Experiment(case, c, accounts, world=world) for c in claims}
    options.out.mkdir(parents=True, exist_ok=True)
    kept = options.out / "claims.jsonl"
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    rows = {(r["claim"], r["index"]): r for r in map(json.loads, lines)}
    with kept.open("a", encoding="utf-8") as stream:
        for index in range(options.pairs):
            for same in alike(claims):
                missing = [c for c in same if (c.id, index) not in rows]
                if not missing:
                    continue
                for claim, pair in zip(
                    missing, play_together([experiments[c.id] for c in missing], index), strict=True
                ):
                    row = {"claim": claim.id, **vars(pair)}
                    rows[claim.id, index] = row
                    stream.write(json.dumps(row) + "\n")
                stream.flush()
            print(f"pair {index + 1} of {options.pairs}", flush=True)
    answers = [answer_of(case, c, [r for (i, k), r in rows.items() if i == c.id and k < options.pairs]) for c in claims]
    (options.out / "claims.md").write_text(page(answers, options.pairs), encoding="utf-8")
    print(options.out / "claims.md")


def alike(claims: list[Claim]) -> list[list[Claim]]:
    """Claims by what they have in place in both runs, and by how long they are played."""
    found: dict[str, list[Claim]] = {}
    for c in claims:
        found.setdefault(repr((c.both, c.until)), []).append(c)
    return list(found.values())


def answer_of(case: Case, claim: Claim, rows: list[dict[str, Any]]) -> Answer:
    """The answer from kept pairs."""
    pairs = tuple(Pair(**{k: v for k, v in r.items() if k != "claim"}) for r in sorted(rows, key=lambda r: r["index"]))
    return weighed(Answer(case, claim, weights_for(case), len(pairs), 1, 1.0, pairs, {}, {}, None, {}))


def page(answers: list[Answer], pairs: int) -> str:
    """The page as Markdown."""
    n = len(answers)
    verdicts = [a.verdict.verdict for a in answers if a.verdict is not None]
    strict = [v.verdict for a in answers if (v := a.at_level(1 - (1 - LEVEL) / n)) is not None]
    counted = ", ".join(f"{k}: {v}" for k, v in tally(verdicts).items() if v)
    open_ = sum(not a.claim.assumed and a.claim.expect in ("rises", "falls") for a in answers)
    lines = [
        f"# {n} claims under the common base",
        "",
        f"Made by `python tools/study_claims.py --pairs {pairs}`. Each claim is an experiment of {pairs} pairs of runs "
        "at full population: without the change and with it, under the same draws, from a shared past. No account is "
        "on; under one that turns other mechanisms on the answer may be another. [How to ask](../ask.md) says how "
        "effects and verdicts are worked out.",
        "",
        "Both runs are of a model under stated priors. A difference is what the model gives: no finding of fact about "
        "what would have happened, and no forecast. How well the base fits stands with [its "
        "results](kazakhstan-2022-base.md).",
        "",
        f"- Verdicts: {counted}.",
        f"- Chance: a rise or fall that is not there, tested at 95 percent, looks supported in at most 2.5 percent of "
        f"such studies, and less the larger the smallest effect that counts. Of the {open_} claims that expect a rise "
        f"or fall and are not assumed by the model, at most {open_ * (1 - LEVEL) / 2:.2f} are to be expected to look "
        "supported by chance alone.",
        f"- With intervals widened for {n} claims together (Bonferroni, {1 - (1 - LEVEL) / n:.2%} each), "
        f"{strict.count(SUPPORTED)} of the {verdicts.count(SUPPORTED)} supported ones stay supported.",
        "",
        "| claim | dead, effect | injured, effect | detained, effect | outcome | without | with | effect | verdict |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for a in answers:
        c, e = a.claim, a.overall
        harm = " | ".join(ranged(e[k]) for k in ("dead_all", "injured_all", "detained"))
        o = e[OUTCOME]
        verdict = a.verdict.verdict if a.verdict else ""
        cells = [f"{c.id} `{c.slug}`", harm, label(OUTCOME, c), number(o.without), number(o.with_), ranged(o), verdict]
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        "An effect is the mean over pairs, with its 95 percent interval. An interval without width means that the two "
        "runs of every pair were equal in it; with more pairs one might differ.",
        "",
    ]
    for a in answers:
        c, o = a.claim, a.overall[OUTCOME]
        lines += [f"## {heading(c)}", ""]
        lines += [f"- In both runs: {c.both.words}."] if c.both else []
        lines += [f"- The change: {c.change.words}.", f"- Outcome: {c.outcome.words}. Expected: {expected(c)}."]
        lines += [f"- {c.note}"] if c.note else []
        if any(o.never):
            lines.append(
                f"- It never came in {o.never[0]:.0%} of the runs without the change, {o.never[1]:.0%} with it."
            )
        assert a.verdict is not None and form_of(OUTCOME, c)
        lines += [f"- **{a.verdict.verdict.capitalize()}**: {a.verdict.why.rstrip('.')}.", ""]
    return "\n".join(lines)


def ranged(e: Any) -> str:
    """An effect with its interval."""
    if math.isnan(e.effect):
        return "not said"
    return f"{'+' if e.effect > 0 else ''}{number(e.effect)} ({number(e.low)} to {number(e.high)})"


if __name__ == "__main__":
    main()
