"""A record in words: each observation, who states, reports or denies it, with line, and where they contradict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from textwrap import wrap
from typing import Any

from groundswell.case import Case, CaseError, Problem
from groundswell.case.kinds import CLASSES, HARM_KINDS, recorded_measures
from groundswell.case.problems import nearest, one_of
from groundswell.record.record import Claim, Observation, Record, load_record

WIDTH = 112
STANCES = ("states", "reports", "denies")
SETS: Mapping[str, str] = {
    "base": "undisputed first days; conditions what all accounts share",
    "weigh": "weighs the accounts",
    "check": "kept back",
    "open": "no source gives a value; to be found out",
    "context": "never scored",
}
UNITS = {"count": "", "factor": "times", "day": "days", "month": "months", "year": "years"}
_ARMED = ("arms", "captured_share", "captured_over_lost", "live_fire")
_DEAD = (*(k for k in HARM_KINDS if "dead" in k), "dead_share", "dead_over_turnout", "live_fire")
_STREETS = ("onset", "crowd", "spread", "regions", "centres", "centre_crowd", "turnout_share", "half_turnout", "calm")
TOPICS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "deaths": (_DEAD, ("dead", "death", "killed")),
    "harm": ((*HARM_KINDS, *_DEAD), ("dead", "death", "killed", "injured", "detain", "arrest")),
    "detained": (("detained", "arrested", "taken"), ("detain", "arrest", "held at")),
    "turnout": (_STREETS, ("turnout", "crowd")),
    "strikes": (("strike", "strike_share", "strike_share_force", "strike_share_rest"), ("strike", "pay ")),
    "fighting": (("clash", "last_clash", "force_used", *_ARMED), ("fight", "shots")),
    "arms": (_ARMED, ("arms", "shots")),
    "sites": (("site", "site_hours", "burnt"), ("airport", "square")),
    "forces": (("passivity", "refusal", "stand_by"), ("police", "guard", "army", "security", "fraternisation")),
    "looting": (("looting", "looting_here", "looting_share"), ("looting",)),
    "measures": (("measure", "patron_removed", "arrival"), ()),
    "network": (("network_cut", "jamming"), ("internet", "mobile", "network")),
    "prices": (("price_cut", "price_promise"), ("price", "tariff", "dearer", "heating")),
    "allies": (("arrival", "appeal"), ("allie", "alliance", "troops", "intervention")),
}
"""Word for --about -> kinds, and words of ids and titles; other words are looked for in all that is said."""


def show(case: Case, about: str = "", source: str = "") -> tuple[dict[str, Any], str]:
    """The record of a case as plain data and in words.

    Args:
        case: a checked case.
        about: a word of `TOPICS`, an id, or any words: only observations that have them.
        source: id of a source: only observations that it speaks of, and its claims alone.

    Raises:
        CaseError: for a source that the record does not have, or words that nothing in it has.
    """
    record = load_record(case)
    chosen = _chosen(record, about, source)
    data = {
        "case": case.id,
        "observations": [_data(record, o, source) for o in chosen],
        "counts": counts(record, chosen, source),
        "sources": {s.id: {"name": s.name, "kind": s.kind, "weight": s.weight, "note": s.note} for s in record.sources},
    }
    return data, _words(case, record, chosen, source)


def contradictions(record: Record, id: str) -> list[tuple[Claim, Claim]]:
    """Pairs of claims about an observation that cannot both be so: a denial and what it denies, or values apart."""
    found = []
    for one, other in combinations(record.claims_of(id), 2):
        denial = (one.stance == "denies") != (other.stance == "denies")
        apart = one.value is not None and other.value is not None and not _touch(one.value, other.value)
        if apart or (denial and (one.value is None or other.value is None)):
            found.append((one, other))
    return found


def counts(record: Record, chosen: Sequence[Observation], source: str = "") -> dict[str, Any]:
    """How many observations by set, claims by stance, sources, and observations whose claims contradict each other."""
    said = [c for o in chosen for c in _claims(record, o, source)]
    sets, stances = Counter(o.set for o in chosen), Counter(c.stance for c in said)
    return {
        "observations": len(chosen), "sets": {s: sets[s] for s in SETS}, "claims": len(said),
        "stances": {s: stances[s] for s in STANCES}, "sources": len({c.source for c in said}),
        "contradicted": sum(bool(contradictions(record, o.id)) for o in chosen),
    }  # fmt: skip


def _touch(a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Whether two values can both be so; intervals that only meet, such as two days, cannot."""
    if a[0] == a[1] or b[0] == b[1]:
        return a[0] <= b[1] and b[0] <= a[1]
    return a[0] < b[1] and b[0] < a[1]


def _claims(record: Record, o: Observation, source: str) -> list[Claim]:
    return [c for c in record.claims_of(o.id) if source in ("", c.source)]


def _chosen(record: Record, about: str, source: str) -> list[Observation]:
    if source and source not in record.source_of:
        words = one_of(sorted(record.source_of), source, most=40)
        raise CaseError([Problem("record", None, "--source", source, words)])
    found = [o for o in record.observations if _fits(record, o, about) and (not source or _claims(record, o, source))]
    if about and not found:
        ids = [*TOPICS, *record.index]
        words = f"one of {', '.join(TOPICS)}, or words of a title, a definition or a statement{nearest(about, ids)}"
        raise CaseError([Problem("record", None, "--about", about, words)])
    return found


def kinds_about(topic: str) -> tuple[str, ...]:
    """Kinds of observations that a word for --about stands for."""
    return (*TOPICS[topic][0], *(recorded_measures() if topic == "measures" else ()))


def _fits(record: Record, o: Observation, about: str) -> bool:
    wanted = about.lower().strip()
    if wanted in ("", o.id, o.kind, o.set):
        return True
    if wanted in TOPICS:
        words = TOPICS[wanted][1]
        named = f"{o.id} {o.title}".lower()
        return o.kind in kinds_about(wanted) or any(word in named for word in words)
    said = (c.statement for c in record.claims_of(o.id))
    return wanted in " ".join((o.id, o.title, o.definition, o.note, *said)).lower()


def _data(record: Record, o: Observation, source: str) -> dict[str, Any]:
    return {
        "id": o.id, "title": o.title, "kind": o.kind, "form": o.form, "unit": o.unit, "scope": list(o.scope),
        "window": [o.start_local, o.end_local], "of": list(o.of), "definition": o.definition, "set": o.set,
        "mode": o.mode, "note": o.note, "least": o.least,
        "claims": [
            {"id": c.id, "source": c.source, "line": c.line, "stance": c.stance, "says": says(o, c), "low": c.low,
             "high": c.high, "window": [c.start_local, c.end_local], "origin": c.origin, "statement": c.statement}
            for c in _claims(record, o, source)
        ],
        "contradictions": [[a.id, b.id] for a, b in contradictions(record, o.id)],
    }  # fmt: skip


def says(o: Observation, c: Claim) -> str:
    """The value of a claim in words; blank where it has none."""
    if o.form == "hour":
        return f"{moment(c.start_local)} to {moment(c.end_local)}" if c.start_local and not _day(c) else _day(c)
    if o.form == "yes":
        return "" if c.low is None else "yes" if c.low else "no"
    if c.low is None and c.high is None:
        return ""
    if o.form == "class":
        low, high = (CLASSES[int(v)] for v in (c.value or (0.0, 0.0)))
        return low if low == high else f"{low} to {high}"
    unit = {"share": "", "rank": "", "order": " h", "count": f" {UNITS.get(o.unit, o.unit)}".rstrip()}[o.form]
    number = "{:.0%}" if o.form == "share" else "{:+,g}" if o.form == "order" else "{:,g}"
    low, high = ("" if v is None else number.format(v) for v in (c.low, c.high))
    if low and high:
        return (low if low == high else f"{low} to {high}") + unit
    return f"{low}{unit} or more" if low else f"{high}{unit} or less"


def moment(local: str) -> str:
    """A local time in words, without the hour at midnight."""
    at = datetime.fromisoformat(local)
    return f"{at.day} {at:%b}" + ("" if (at.hour, at.minute) == (0, 0) else f" {at:%H:%M}")


def _day(c: Claim) -> str:
    """The day of an interval that is one whole day, else blank."""
    if not c.start_local:
        return ""
    start, end = datetime.fromisoformat(c.start_local), datetime.fromisoformat(c.end_local)
    whole = end - start == timedelta(days=1) and (start.hour, start.minute) == (0, 0)
    return moment(c.start_local) if whole else ""


def _words(case: Case, record: Record, chosen: Sequence[Observation], source: str) -> str:
    lines = [f"{case.title}: what sources say", ""]
    for name, what in SETS.items():
        mine = [o for o in chosen if o.set == name]
        if mine:
            lines += [f"== {name}: {what} ({len(mine)})", ""]
        for o in mine:
            lines += [*_observation(record, o, source), ""]
    n = counts(record, chosen, source)
    sets = ", ".join(f"{v} {k}" for k, v in n["sets"].items() if v)
    stances = ", ".join(f"{v} {k}" for k, v in n["stances"].items() if v)
    lines += [f"observations: {n['observations']} ({sets or 'none'})"]
    lines += [f"claims: {n['claims']} ({stances or 'none'}); sources: {n['sources']}"]
    lines += [f"observations on which sources contradict each other: {n['contradicted']}"]
    return "\n".join(lines)


def _observation(record: Record, o: Observation, source: str) -> list[str]:
    where = ", ".join(o.scope) if len(o.scope) < 5 else f"{len(o.scope)} regions or places"
    joint = "; scored only where offices respond" if o.mode == "joint" else ""
    lines = [f"{o.title}  [{o.id}]"]
    lines += _folded(o.definition, 4) if o.definition != f"{o.title}." else []
    lines += _folded(
        f"{'everywhere' if '*' in o.scope else where}; {moment(o.start_local)} to {moment(o.end_local)}{joint}", 4
    )
    lines += _folded(f"Note: {o.note}", 4) if o.note else []
    for c in _claims(record, o, source):
        by = f"{c.source}:{c.line}" if record.source_of[c.source].kind == "text" else c.source
        value = f"{says(o, c)}. " if says(o, c) else ""
        cited = "" if record.source_of[c.source].kind == "text" else f" ({c.line})"
        lines += _folded(f"    {by:<14} {c.stance:<8} {value}{c.statement}{cited}", 28, first=False)
    pairs = contradictions(record, o.id)
    if pairs:
        names = "; ".join(f"{a.source} and {b.source}" for a, b in pairs)
        lines += _folded(f"They contradict each other: {names}", 4)
    return lines


def _folded(text: str, indent: int, first: bool = True) -> list[str]:
    space = " " * indent
    return wrap(text, WIDTH, initial_indent=space if first else "", subsequent_indent=space, drop_whitespace=True)
