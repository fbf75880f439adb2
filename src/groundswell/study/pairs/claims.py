"""Claims as data: what a text says causes what, and the experiment that puts it to the test; `claims.toml`, checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from groundswell.case import Case, CaseError, Problem
from groundswell.case.find import of_another
from groundswell.case.problems import Found, nearest, one_of
from groundswell.case.read import RawToml, plain, read_text, read_toml
from groundswell.observe.outcomes import ENDINGS, OUTCOMES, RENAMED, Asked
from groundswell.play.change import NO_SEARCH, OPTIONS, SEARCH, Change, Mistake, read_change
from groundswell.play.checks import Known, mistakes

FILE = "claims.toml"
DIRECTIONS: Mapping[str, str] = {
    "rises": "it rises", "falls": "it falls", "stays": "it stays the same", "not rises": "it does not rise",
    "not falls": "it does not fall",
}  # fmt: skip
"""What a claim may expect of the outcome when the change is made."""

KEYS = (
    "slug", "statement", "source", "lines", "type", "group", "missing", "both", "change", "outcome", "expect", "least",
    "least_reason", "assumed", "note", "until",
)  # fmt: skip
CHANGE_KEYS = tuple(key for key in OPTIONS if key != "account")
OUTCOME_KEYS = ("name", "scope", "from", "until", "endings")


@dataclass(frozen=True)
class Claim:
    """A claim; runnable unless it names what is missing.

    The effect is the outcome with `change` less the outcome without it, `both` being in place in either arm; `expect`
    is what the claim says of it, `least` the smallest effect that would matter, in the outcome's unit, declared here.
    `assumed`: why the model can give no other sign, blank where it can.
    """

    id: str
    statement: str
    slug: str = ""
    source: str = ""
    lines: str = ""
    type: str = "causal"
    group: str = ""
    missing: str = ""
    both: Change = Change()
    change: Change = Change()
    outcome: Asked = Asked("dead_all")
    expect: str = ""
    least: float = math.nan
    least_reason: str = ""
    assumed: str = ""
    note: str = ""
    until: str = ""

    @property
    def runnable(self) -> bool:
        """Whether there is an experiment for it."""
        return not self.missing

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        out: dict[str, Any] = {
            "id": self.id, "slug": self.slug or None, "statement": self.statement, "source": self.source,
            "lines": self.lines, "type": self.type, "group": self.group or None, "runnable": self.runnable,
        }  # fmt: skip
        if not self.runnable:
            return out | {"missing": self.missing}
        return out | {
            "both": self.both.words, "change": self.change.words, "outcome": self.outcome.words,
            "unit": self.outcome.outcome.unit, "expect": self.expect or None,
            "least": None if math.isnan(self.least) else self.least, "least_reason": self.least_reason or None,
            "assumed": self.assumed or None, "note": self.note or None,
        }  # fmt: skip


def claim_of(data: Mapping[str, Any]) -> Claim:
    """A claim from its fields as plain data, as `dataclasses.asdict` gives them."""
    asked: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data["outcome"].items()}
    changes = {part: Change.of(**data[part]) for part in ("both", "change")}
    return Claim(**{**data, **changes, "outcome": Asked(**asked)})


def load_claims(case: Case, folder: Path | None = None) -> tuple[Claim, ...]:
    """The claims of a case, and those of `claims.toml` in a folder of the user's, if there is one.

    Raises:
        CaseError: every mistake in both files at once.
    """
    places = [case.folder] if folder is None or folder.resolve() == case.folder.resolve() else [case.folder, folder]
    problems: list[Problem] = []
    found: dict[str, Claim] = {}
    places = [place for place in places if (place / FILE).is_file() and not of_another(case.folder, place, FILE)]
    for place in places:
        name = FILE if place == case.folder else f"./{FILE}"
        for claim in read_claims(place, case, problems, name):
            for key in (claim.id, claim.slug):
                if key and any(key in (c.id, c.slug) for c in found.values()):
                    problems.append(Problem(name, None, claim.id, key, "an id and a slug that no other claim has"))
            found[claim.id] = claim
    if problems:
        raise CaseError(problems)
    return tuple(found.values())


def read_claims(folder: Path, case: Case, problems: list[Problem], name: str = FILE) -> list[Claim]:
    """The claims of one file; mistakes are added to `problems`."""
    text = read_text(folder, FILE, problems)
    toml = None if text is None else plain(read_toml(FILE, text, problems), problems)
    if toml is None:
        return []
    known = Known(case)
    return [c for key, entry in toml.values.items() if (c := _claim(toml, name, key, entry, known, problems))]


def find_claim(claims: Sequence[Claim], wanted: str) -> Claim:
    """The claim of an id or a slug.

    Raises:
        CaseError: where there is none, or it has no experiment.
    """
    for claim in claims:
        if wanted in (claim.id, claim.slug):
            if claim.runnable:
                return claim
            allowed = f"a claim with an experiment; missing here: {claim.missing}"
            raise CaseError([Problem("ask", None, "claim", wanted, allowed)])
    names = [c.slug or c.id for c in claims if c.runnable]
    raise CaseError([Problem("ask", None, "claim", wanted, f"a claim of `groundswell claims`{nearest(wanted, names)}")])


def _claim(toml: RawToml, name: str, key: str, entry: Any, known: Known, problems: list[Problem]) -> Claim | None:
    before = len(problems)

    def wrong(field: str, given: object, allowed: str) -> None:
        line = toml.line_of(key, field.split(".")[0])
        problems.append(Problem(name, line, f"{key}.{field}", given, allowed))

    if not isinstance(entry, Mapping):
        wrong("", entry, "a table of a claim")
        return None
    for k in entry:
        if k.lower() in SEARCH:
            wrong(k, entry[k], NO_SEARCH)
        elif k not in KEYS:
            wrong(k, k, one_of(KEYS, k, len(KEYS)))
    texts = ("slug", "statement", "source", "lines", "type", "group", "missing", "expect", "least_reason", "assumed",
             "note", "until")  # fmt: skip
    words = {k: entry[k] for k in texts if k in entry}
    for k, v in words.items():
        if not isinstance(v, str) or not v.strip():
            wrong(k, v, "words in quotes")
    words = {k: v for k, v in words.items() if isinstance(v, str)}
    if not words.get("statement"):
        wrong("statement", None, "what the claim says, in a sentence")
    if words.get("source") and words["source"] not in known.case.texts:
        wrong("source", words["source"], one_of(tuple(known.case.texts), words["source"]))
    if "missing" in entry:
        for k in ("both", "change", "outcome", "expect", "least", "assumed"):
            if k in entry:
                wrong(k, Found("an experiment"), "nothing beside `missing`, which says that there is none")
        return None if len(problems) > before else Claim(key, **words)
    changes = {part: _change(entry.get(part, {}), part, known, wrong) for part in ("both", "change")}
    if not entry.get("change"):
        wrong("change", None, "what the experiment changes, or `missing` with what the model lacks")
    if changes["both"].at:
        wrong("both.at", changes["both"].at, "nothing: what both arms have, they have from the start")
    outcome = _outcome(entry.get("outcome"), known, wrong)
    until = words.get("until", "")
    if until and not known.is_time(until, after_start=True):
        wrong("until", until, f"a local time after the start and up to {known.horizon}")
    elif outcome.start >= (until or known.end):
        wrong("outcome.from", outcome.start, f"a time before the experiment ends, {until or known.end}")
    expect, least = words.get("expect", ""), entry.get("least", math.nan)
    if expect not in DIRECTIONS:
        wrong("expect", expect, one_of(tuple(DIRECTIONS), expect))
    if isinstance(least, bool) or not isinstance(least, int | float) or not 0 < least < math.inf:
        wrong("least", None if "least" not in entry else least, "the smallest effect that would matter, above 0")
    elif not words.get("least_reason"):
        wrong("least_reason", None, "why no smaller effect would matter")
    if len(problems) > before:
        return None
    return Claim(key, both=changes["both"], change=changes["change"], outcome=outcome, least=float(least), **words)


def _change(given: Any, part: str, known: Known, wrong: Any) -> Change:
    """A change from its table; mistakes are told through `wrong`."""
    if not isinstance(given, Mapping):
        wrong(part, given, "a table")
        return Change()
    change, found = read_change(given, CHANGE_KEYS)
    found += mistakes(change, known)
    for where, value, allowed in found:
        wrong(f"{part}.{where}", value, allowed)
    return Change() if found else change


def _outcome(given: Any, known: Known, wrong: Any) -> Asked:
    nothing = Asked("dead_all")
    if isinstance(given, str):
        given = {"name": given}
    if not isinstance(given, Mapping):
        wrong("outcome", given, f"{{ name = ... }} with {one_of(tuple(OUTCOMES), '', len(OUTCOMES))}")
        return nothing
    for k in given:
        if k not in OUTCOME_KEYS:
            wrong(f"outcome.{k}", k, NO_SEARCH if k.lower() in SEARCH else one_of(OUTCOME_KEYS, k))
    texts = {k: given.get(k, "") for k in ("name", "from", "until")}
    lists = {k: _many(given.get(k, default)) for k, default in (("scope", "*"), ("endings", ()))}
    bad = [k for k, v in (texts | lists).items() if v is None or not isinstance(v, str | tuple)]
    for k in bad:
        wrong(f"outcome.{k}", given[k], "words in quotes" + ("" if k in texts else ", or a list of them"))
    if bad:
        return nothing
    asked = Asked(texts["name"], lists["scope"] or (), texts["from"], texts["until"], lists["endings"] or ())
    found = list(problems_of_outcome(asked, known))
    for field_name, value, allowed in found:
        wrong(f"outcome.{field_name}", value, allowed)
    return nothing if found else asked


def _many(given: Any) -> tuple[str, ...] | None:
    """Words, or a list of them; None where it is neither."""
    if isinstance(given, str):
        return (given,)
    right = isinstance(given, list | tuple) and all(isinstance(x, str) for x in given)
    return tuple(given) if right else None


def counts(claims: Sequence[Claim]) -> Iterator[str]:
    """How many claims are runnable, group by group, those without a group last."""
    for group in sorted({c.group for c in claims}, reverse=True):
        mine = [c for c in claims if c.group == group]
        text = f"{sum(c.runnable for c in mine)} of {len(mine)} runnable"
        yield f"{group}: {text}" if group else text


def problems_of_outcome(asked: Asked, known: Known) -> Iterator[Mistake]:
    """Every mistake in an outcome."""
    if asked.name in RENAMED:
        yield "name", asked.name, f"now called {RENAMED[asked.name]}"
    elif asked.name not in OUTCOMES:
        yield "name", asked.name, one_of(tuple(OUTCOMES), asked.name, len(OUTCOMES))
    for part in asked.scope:
        if part not in known.places:
            yield "scope", part, one_of(known.places, part)
    for field_name, text in (("from", asked.start), ("until", asked.end)):
        if text and not known.is_time(text):
            yield field_name, text, f"a local time without a zone, up to {known.horizon}"
    both = all(text and known.is_time(text) for text in (asked.start, asked.end))
    if both and datetime.fromisoformat(asked.start) >= datetime.fromisoformat(asked.end):
        yield "until", asked.end, f"a time after {asked.start}"
    for name in asked.endings:
        if name not in ENDINGS:
            yield "endings", name, one_of(ENDINGS, name)
    if asked.name == "ending" and not asked.endings:
        yield "endings", None, one_of(ENDINGS)
    if asked.name != "ending" and asked.endings:
        yield "endings", ", ".join(asked.endings), "nothing, except for the outcome ending"
