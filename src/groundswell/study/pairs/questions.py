"""Open questions as data: what a text asks or leaves open, and what would answer it; `questions.toml`, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from groundswell.case import Case, CaseError, Problem
from groundswell.case.problems import nearest, one_of
from groundswell.case.read import RawToml, plain, read_text, read_toml
from groundswell.record import Record
from groundswell.study.pairs.claims import Claim, load_claims

FILE = "questions.toml"
WORDS = ("group", "question", "source", "lines", "fact", "mechanism")
LISTS = ("claims", "observe")
NEEDED = ("group", "question", "source", "lines")
KEYS = (*WORDS, *LISTS, "asked")


@dataclass(frozen=True)
class Question:
    """A question, and what would answer it; at least one of the last four.

    asked: whether the text asks it; else it leaves it open. claims: ids of claims that have an experiment. observe: ids
    of observations that no source gives. fact: what is missing about the world. mechanism: what the model lacks.
    """

    id: str
    group: str
    question: str
    source: str
    lines: str
    asked: bool = True
    claims: tuple[str, ...] = ()
    observe: tuple[str, ...] = ()
    fact: str = ""
    mechanism: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def load_questions(case: Case, record: Record, folder: Path | None = None) -> tuple[Question, ...]:
    """The questions of a case, in the order of its file; none where it has no such file.

    Args:
        case: a checked case.
        record: its record.
        folder: where the user's own claims.toml may be, which questions may name.

    Raises:
        CaseError: every mistake in questions.toml, and in claims.toml that it names, at once.
    """
    if not (case.folder / FILE).is_file():
        return ()
    problems: list[Problem] = []
    claims: tuple[Claim, ...] | None = None
    try:
        claims = load_claims(case, folder)
    except CaseError as error:
        problems += error.problems
    text = read_text(case.folder, FILE, problems)
    toml = None if text is None else plain(read_toml(FILE, text, problems), problems)
    found = (
        [] if toml is None else [_question(toml, key, e, record, claims, problems) for key, e in toml.values.items()]
    )
    if problems:
        raise CaseError(problems)
    return tuple(q for q in found if q is not None)


def _question(
    toml: RawToml, key: str, entry: Any, record: Record, claims: tuple[Claim, ...] | None, problems: list[Problem]
) -> Question | None:
    """One question; mistakes are added to `problems`, and None returned."""
    before = len(problems)

    def wrong(field: str, given: object, allowed: str) -> None:
        problems.append(Problem(FILE, toml.line_of(key, field), f"{key}.{field}" if field else key, given, allowed))

    if not isinstance(entry, Mapping):
        wrong("", entry, "a table of a question")
        return None
    for k in entry:
        if k not in KEYS:
            wrong(k, k, one_of(KEYS, k))
    for k in WORDS:
        if k in entry and (not isinstance(entry[k], str) or not entry[k].strip()):
            wrong(k, entry[k], "words in quotes")
        elif k in NEEDED and k not in entry:
            wrong(k, None, "words in quotes")
    if isinstance(entry.get("source"), str) and entry["source"].strip() and entry["source"] not in record.source_of:
        wrong("source", entry["source"], one_of(tuple(record.source_of), entry["source"], 40))
    if not isinstance(entry.get("asked", True), bool):
        wrong("asked", entry["asked"], "true or false")
    for k in LISTS:
        given = entry.get(k, [])
        if not isinstance(given, list) or not all(isinstance(x, str) for x in given) or (k in entry and not given):
            wrong(k, given, "a list of ids in quotes")
        else:
            for name in given:
                allowed = _claim_wanted(name, claims) if k == "claims" else _observation_wanted(name, record)
                if allowed:
                    wrong(k, name, allowed)
    if not any(k in entry for k in (*LISTS, "fact", "mechanism")):
        wrong("", None, "what would answer it: claims, observe, fact or mechanism")
    if len(problems) > before:
        return None
    ids = {name: c.id for c in claims or () for name in (c.id, c.slug)}
    words = {k: entry[k] for k in WORDS if k in entry}
    named = tuple(ids.get(name, name) for name in entry.get("claims", ()))
    return Question(key, **words, asked=entry.get("asked", True), claims=named, observe=tuple(entry.get("observe", ())))


def _claim_wanted(name: str, claims: tuple[Claim, ...] | None) -> str:
    """What is allowed in place of a claim that cannot be asked; blank where it can, or claims could not be read."""
    if claims is None:
        return ""
    for c in claims:
        if name in (c.id, c.slug):
            return "" if c.runnable else f"a claim with an experiment; missing there: {c.missing}"
    return f"a claim of claims.toml{nearest(name, [n for c in claims for n in (c.id, c.slug) if n])}"


def _observation_wanted(name: str, record: Record) -> str:
    """What is allowed in place of an observation that is not open; blank where it is."""
    if name not in record.index:
        return f"an observation of the set open{nearest(name, record.index)}"
    held = record.observation(name).set
    return "" if held == "open" else f"an observation of the set open; this one is in {held}"
