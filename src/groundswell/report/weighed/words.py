"""What a verdict says in plain words, made from its numbers; and the same for a terminal -> sentences.

An interval is called raised or lowered where it lies wholly above or below the prior. A Bayes factor between 1/3 and 3
is called no more than a bare mention (Kass & Raftery 1995).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from groundswell.report import wording

from .names import UNTOLD, Names, capital, listed, number, quoted, share, span

MODES = {
    "conditional": (
        "Measures as recorded",
        "What the authorities ordered is given at its recorded hours, so no account gains or loses by it. This speaks "
        "on crowds, strikes, the forces, fighting and harm. It cannot speak on what offices decided, when, and in "
        "which order, and it needs no model of how they decide.",
    ),
    "joint": (
        "Offices respond",
        "Offices decide within the run, and what they ordered, and in which order, is compared with the record too. "
        "Only this speaks on what offices decided, and so on a conflict among those who rule. It rests on a rough "
        "model of how offices decide.",
    ),
}
RECORDS = {"given": "a record given by the user", "all sources": "the record, every source in it"}
TELLING = 3.0
HARDLY = 0.05
ELSE = (
    "Probabilities are shared out among the accounts on this list. An account that is not on it has none, and may be "
    "the right one."
)


def modes_of(verdict: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The verdicts of each mode, the main one first."""
    return [verdict, *(verdict.get("also") or {}).values()]


def mode_title(mode: str) -> str:
    """A mode's name as printed."""
    return MODES[mode][0] if mode in MODES else mode


def record_words(verdict: Mapping[str, Any]) -> str:
    """Which record was used, and with which weights."""
    record = str(verdict["record"])
    words = RECORDS.get(record, f"the version of one source alone ({Names(verdict).source(record)})")
    weights = verdict.get("weights") or {}
    changed = listed(f"{name} {number(value)}" for name, value in weights.items())
    return f"{words}; weights changed by the user: {changed}" if changed else words


def plain(verdict: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The paragraphs of each mode: dicts of mode, title, speaks, and paragraphs (pairs of lead and text)."""
    names = Names(verdict)
    return [
        {
            "mode": mode["mode"], "title": mode_title(mode["mode"]), "speaks": MODES.get(mode["mode"], ("", ""))[1],
            "paragraphs": [(lead, text) for lead, text in _paragraphs(mode, names) if text],
        }
        for mode in modes_of(verdict)
    ]  # fmt: skip


def _paragraphs(mode: Mapping[str, Any], names: Names) -> list[tuple[str, str]]:
    return [
        ("What was done.", done(mode)),
        ("Does anything fit?", f"{fits(mode, names)} {misfits(mode, names)}".strip()),
        ("What the record supports.", f"{families(mode, names)} {mechanisms(mode, names)}".strip()),
        ("What cannot be told apart.", apart(mode, names)),
        ("Were there enough runs?", settled(mode)),
        ("Does it beat simple models?", beaten(mode, names)),
        ("What would settle it?", settle(mode)),
    ]


def done(mode: Mapping[str, Any]) -> str:
    """How many runs were weighed, by how many observations."""
    sets = {k: len(v) for k, v in mode["sets"].items()}
    return (
        f"{mode['runs']:,} simulated runs were weighed by {sets.get('weigh', 0)} observations of the record. "
        f"{sets.get('base', 0)} more, on which all texts agree, only ruled out runs beforehand; "
        f"{sets.get('check', 0)} were kept back as a check."
    )


def outside(mode: Mapping[str, Any], names: Names) -> list[str]:
    """Observations that lie outside, those of most classes first; as words."""
    count: dict[str, int] = {}
    for row in mode["outside_prior"].values():
        for far in row["observations"]:
            count[far["summary"]] = count.get(far["summary"], 0) + 1
    return [names.summary(k) for k in sorted(count, key=lambda k: -count[k])]


def fits(mode: Mapping[str, Any], names: Names) -> str:
    """Which accounts could have produced the record at all."""
    accounts = mode["accounts"]
    if mode["none_fits"]:
        named = outside(mode, names)
        which = f" Outside what they produce: {listed(named, 8)}." if named else (
            " No single observation lies outside; it is their combination."
        )  # fmt: skip
        return (
            "None fits. The record lies outside what any of the accounts produces in this model, so the "
            f"probabilities below are drawn in grey and should not be relied on.{which}"
        )
    if all(row["fits"] is None for row in accounts.values()):
        return "There are too few runs of every account to say whether any can produce a record like this one."
    wrong = [quoted(names.account(a)) for a, row in accounts.items() if row["fits"] is False]
    fit = sum(row["fits"] is True for row in accounts.values())
    said = f"{fit} of {len(accounts)} accounts can produce a record like this one, as far as a distance over all "
    said += "observations tells."
    untold = [quoted(names.account(a)) for a, row in accounts.items() if row["fits"] is None]
    said += f" These cannot: {listed(wrong)}." if wrong else ""
    return f"{said} Too few runs to say: {listed(untold)}." if untold else said


def misfits(mode: Mapping[str, Any], names: Names) -> str:
    """Observations that hardly any run near the record meets."""
    low = [row["title"] for row in scored(mode).values() if row["met"] < HARDLY]
    if not low:
        return ""
    return f"Fewer than {share(HARDLY)} of the runs nearest to the record meet: {listed(low, 8)}."


def scored(mode: Mapping[str, Any]) -> dict[str, Any]:
    """Fit of the observations that are scored in this mode; what is input in it cannot fit or fail to."""
    known = {o for name in ("base", "weigh", "check") for o in mode["sets"].get(name, ())}
    found = mode["checks"].get("predictive") or {}
    return {k: row for k, row in found.items() if k in known and row["met"] is not None}


def families(mode: Mapping[str, Any], names: Names) -> str:
    """How the record moves the families, and whether one stands above the others."""
    rows, prior = mode["families"], mode["checks"]["prior_families"]
    known = {f: r for f, r in rows.items() if r["probability"] is not None}
    if not known:
        return ""
    order = sorted(known, key=lambda f: -known[f]["probability"])
    told = [
        f"{quoted(names.family(f))} {share(known[f]['probability'])} "
        f"({span(known[f]['low'], known[f]['high'])}; before {share(prior[f])})"
        for f in order
    ]
    said = f"The families of accounts come out at {listed(told)}."
    up = [quoted(names.family(f)) for f in order if known[f]["low"] > prior[f]]
    down = [quoted(names.family(f)) for f in order if known[f]["high"] < prior[f]]
    moved = [f"{word} by the record: {listed(which)}" for word, which in (("raised", up), ("lowered", down)) if which]
    said += f" {capital('; '.join(moved))}." if moved else " The record moves none of them clearly."
    if len(order) > 1:
        near = [f for f in order[1:] if known[f]["high"] >= known[order[0]]["low"]]
        if near:
            said += f" No family stands alone at the top: the interval of {quoted(names.family(order[0]))} overlaps "
            said += f"with {'that' if len(near) == 1 else 'those'} of {listed(quoted(names.family(f)) for f in near)}."
        else:
            said += f" The interval of {quoted(names.family(order[0]))} lies above those of all the others."
    return f"Not to be relied on, since none fits: {said}" if mode["none_fits"] else said


def mechanisms(mode: Mapping[str, Any], names: Names) -> str:
    """Which mechanisms the record makes clearly more or less probable."""
    rows = {k: r["bayes_factor"] for k, r in mode["mechanisms"].items() if r["bayes_factor"] is not None}
    if not rows:
        return ""
    up = [f"{quoted(names.mechanism(k))} (odds times {number(b)})" for k, b in rows.items() if b >= TELLING]
    down = [f"{quoted(names.mechanism(k))} (odds times {number(b)})" for k, b in rows.items() if b <= 1 / TELLING]
    parts = [f"Mechanisms {word}: {listed(found)}." for word, found in (("raised", up), ("lowered", down)) if found]
    rest = len(rows) - len(up) - len(down)
    if rest:
        of = f"the odds of {'each of the' if parts else 'all'} {rest} {'other ' if parts else ''}mechanisms"
        parts.append(f"The record changes {of} by less than a factor of {TELLING:.0f}, which is little.")
    return " ".join(parts)


def apart(mode: Mapping[str, Any], names: Names) -> str:
    """Sets of accounts and of families that runs of a known account are not told apart by."""
    sets = [[quoted(names.drawn(c)) for c in one] for one in mode["not_separable"]]
    classes = mode["checks"].get("classes") or mode["recovery"]
    few = mode["checks"].get("too_few") or []
    if len(few) >= len(classes) - 1:
        return "There are too few runs of each account to say which ones are told apart."
    if not sets:
        said = "In runs whose account is known, every account is told apart from every other."
    elif len(sets) == 1 and len(sets[0]) == len(classes):
        said = "In runs whose account is known, no account is told apart from all the others by these observations: "
        said += f"pair by pair they link into one set of {len(sets[0])}. Their order below is no ranking."
    else:
        said = "In runs whose account is known, these are not told apart, and their order below is no ranking: "
        said += f"{'; '.join(listed(one) for one in sets)}."
    if few:
        said += f" Of {listed(quoted(names.drawn(c)) for c in few)} there are too few runs to say."
    of_families = [[quoted(names.family(f)) for f in one] for one in mode["checks"].get("not_separable_families") or []]
    if of_families:
        return f"{said} Nor are the families {'; '.join(listed(one) for one in of_families)}."
    if mode["checks"].get("too_few_families"):
        return f"{said} Of the families there are too few runs to say."
    return f"{said} The families are told apart from each other." if len(mode["families"]) > 1 else said


def settled(mode: Mapping[str, Any]) -> str:
    """Whether doubling the runs still moved the families."""
    found = mode["checks"].get("doubling") or {}
    steps = found.get("steps") or []
    if found.get("moved") is None or len(steps) < 2:
        return f"There were too few runs to see how doubling them would move the result ({mode['runs']:,})."
    said = f"Doubling the runs from {steps[-2]['runs']:,} to {steps[-1]['runs']:,} moved a family's probability by "
    limit = (mode["checks"].get("limits") or {}).get("moves")
    said += f"up to {found['moved']:.3f}" + (f"; less than {limit:g} counts as settled." if limit else ".")
    if found["settled"]:
        return f"Yes. {said}"
    if (found.get("needed") or 0) > steps[-1]["runs"]:
        about = float(f"{found['needed']:.1g}")  # one figure: an estimate, and a rough one
        said += f" By the scatter of refits on resampled runs it would take about {about:,.0f} of them (estimated)."
    return f"Not yet. {said} With more runs, what is said here may change."


GREW = {
    "settled": "until they settled", "most runs": "to the limit that was set", "not finished": "and then stopped",
    "no more vectors": "until no more sets of parameters were left that the base set does not rule out",
}  # fmt: skip


def grown(verdict: Mapping[str, Any]) -> str:
    """How the table was doubled; empty where that was not asked."""
    growth = verdict.get("growth") or {}
    steps = growth.get("steps") or []
    if not steps:
        return ""
    by = ["too few to say" if s["moved"] is None else f"moved by {s['moved']:.3f}" for s in steps]
    told = ", ".join(f"{s['runs']:,} ({words})" for s, words in zip(steps, by, strict=True))
    return f"The runs were doubled {GREW[growth['why']]}: {told}. In brackets: the last doubling's largest change."


def beaten(mode: Mapping[str, Any], names: Names) -> str:
    """How many accounts beat the simple models on the observations kept back."""
    found = mode.get("baselines") or {}
    accounts = found.get("accounts") or {}
    if not accounts or not found.get("log_score") or not found.get("observations"):
        return ""
    win = set(found["beaten_by"])
    lose = [quoted(names.drawn(a)) for a in accounts if a not in win]
    said = f"On {len(found['observations'])} observations kept back that models of crowds alone can meet, "
    if not lose:
        return f"{said}every account does better than the best of {len(found['log_score'])} simple models."
    if not win:
        return f"{said}no account does better than the best of {len(found['log_score'])} simple models."
    return f"{said}these do no better than the best of {len(found['log_score'])} simple models: {listed(lose)}."


def settle(mode: Mapping[str, Any]) -> str:
    """The observables that would tell most about the family."""
    rows = mode["settle"] or []
    if not rows:
        return "Too few runs carry the weight to say what an unsettled observable would tell."
    best = listed(f"{r['title']} ({share(r['share'])})" for r in rows[:3])
    return f"Of what is open about the family, these would tell most, each by itself: {best}."


def summary_lines(verdict: Mapping[str, Any], page: object = "compare.html", width: int = 100) -> list[str]:
    """What a terminal says after a comparison: families, whether any fits, what is not told apart, where the page is.

    Args:
        verdict: as in `verdict.json`.
        page: where the page lies.
        width: letters of a line.
    """
    names = Names(verdict)
    lines: list[str] = []
    for mode in modes_of(verdict):
        lines += [f"{verdict['title']}: {mode['runs']:,} runs weighed; {mode_title(mode['mode']).lower()}"]
        if mode["none_fits"]:
            lines += _told("NONE FITS", fits(mode, names), width)
        lines += ["  families, with 5 to 95 percent of refits:", *_family_lines(mode, names)]
        if not mode["none_fits"]:
            lines += _told("fits", fits(mode, names), width)
        lines += _told("not told apart", _sets(mode, names), width)
        lines += _told("runs", settled(mode), width)
        lines += _told("would settle it", _settle_titles(mode), width)
        lines.append("")
    if told := grown(verdict):
        lines += [*_told("grown", told, width), ""]
    return [*lines, *wrap(f"{wording.PROBABILITY} {ELSE}", width), "", f"the whole of it: {page}"]


def _family_lines(mode: Mapping[str, Any], names: Names) -> list[str]:
    prior = mode["checks"]["prior_families"]
    wide = max((len(names.family(f)) for f in mode["families"]), default=0)
    out = []
    for f, row in mode["families"].items():
        p, ends = share(row["probability"]), span(row["low"], row["high"])
        out.append(f"    {names.family(f):<{wide}}  {p:>6}  ({ends}; before the record {share(prior.get(f))})")
    return out


def _sets(mode: Mapping[str, Any], names: Names) -> str:
    sets: Sequence[Sequence[str]] = mode["not_separable"]
    if len(mode["checks"].get("too_few") or []) >= len(mode["recovery"]) - 1:
        return "too few runs to say"
    return "; ".join(listed(quoted(names.drawn(c)) for c in one) for one in sets) or "none: all accounts are told apart"


def _settle_titles(mode: Mapping[str, Any]) -> str:
    rows = mode["settle"] or []
    return "; ".join(f"{r['title']} ({share(r['share'])} of what is open)" for r in rows[:3]) or UNTOLD


def _told(lead: str, text: str, width: int) -> list[str]:
    return wrap(f"{lead}: {text}", width, initial_indent="  ", subsequent_indent="    ")
