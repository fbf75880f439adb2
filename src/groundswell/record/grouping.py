"""Events of a foreign data set put together into observations and claims of a record.

    crowd, clash, force_used, looting, arrested, site    one for a place and its day (or days): yes; or people, where
                                                         the size of the crowd is given
    onset                                                one for a place: the first day with a crowd
    dead, security_dead                                  one for a place: all until the last day of the window

Each of an event's sources makes a claim about what happened on the day; they share one origin, since the coders made
one row of them. A sum of deaths is the coders' own figure, so the claim is the data set's. A crowd is at least the
largest of the place and day, and at most all events there together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from groundswell.record.frame import key_of
from groundswell.record.placing import slug

Row = dict[str, str]


@dataclass(frozen=True)
class Event:
    """One row of a foreign data set: when, where, of which kinds, who reports it, how many died.

    dead: people killed who are not of the forces, lowest and highest; security_dead likewise. size: of the crowd.
    """

    line: int
    start: date
    end: date
    scope: str
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    dead: tuple[int, int] = (0, 0)
    security_dead: tuple[int, int] = (0, 0)
    size: tuple[int, int] | None = None


@dataclass
class Rows:
    """Rows of the three tables of a record, cells as text."""

    sources: list[Row] = field(default_factory=list)
    observations: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)


DEFINITIONS = {
    "crowd": "A crowd on the street at any time of the day.",
    "clash": "Fighting at any time of the day.",
    "force_used": "Force used against a crowd at any time of the day.",
    "looting": "Shops looted or property destroyed on the day.",
    "arrested": "Arrests on the day.",
    "site": "A site taken by those who are not of the state.",
    "onset": "The first day on which the data set has a crowd there.",
    "dead": "Killed there who are not of the forces, until the end; as far as the data set tells sides apart.",
    "security_dead": "Members of the state's forces killed there, until the end.",
}
"""Kinds of observations that events make, with what is counted."""

WORDS = {
    "crowd": "A crowd", "clash": "Fighting", "force_used": "Force used", "looting": "Looting", "arrested": "Arrests",
    "site": "A site lost", "onset": "First crowd", "dead": "Dead", "security_dead": "Dead of the forces",
}  # fmt: skip


def grouped(
    events: Iterable[Event], coder: str, coder_name: str, first: date, last: date, name: Callable[[str], str]
) -> Rows:
    """The tables of a record made of events.

    Args:
        events: the order does not matter.
        coder, coder_name: id and name of the data set as a source.
        first, last: days of the window in which onset and deaths are looked at.
        name: scope -> its name in titles.
    """
    out = Rows()
    by_day: dict[tuple[str, str, date, date], list[Event]] = defaultdict(list)
    by_place: dict[str, list[Event]] = defaultdict(list)
    for event in sorted(events, key=lambda e: (e.start, e.end, e.scope, e.line)):
        by_place[event.scope].append(event)
        for kind in event.kinds:
            by_day[kind, event.scope, event.start, event.end].append(event)
    seen: dict[str, str] = {}
    for (kind, scope, start, end), same in sorted(by_day.items(), key=lambda x: (x[0][2], x[0][3], *x[0][:2])):
        days = f"{start}" if start == end else f"{start} to {end}"
        id = joined(kind, scope, f"{start:%Y%m%d}" + ("" if start == end else f"-{end:%m%d}"))
        sizes = [e.size for e in same if e.size is not None] if kind == "crowd" else []
        value = (max(s[0] for s in sizes), sum(s[1] for s in sizes)) if sizes else None
        form, unit = ("count", "people") if sizes else ("yes", "")
        title = f"{WORDS[kind]} in {name(scope)}, {days}"
        out.observations.append(_observation(id, title, kind, form, unit, scope, start, end))
        out.claims += _claims(id, same, seen, coder, value)
    for scope, there in sorted(by_place.items()):
        crowds = [e for e in there if "crowd" in e.kinds]
        if crowds:
            id = joined("onset", scope)
            title = f"{WORDS['onset']} in {name(scope)}"
            out.observations.append(_observation(id, title, "onset", "hour", "h", scope, first, last))
            start, end = min((e.start, e.end) for e in crowds)
            on_day = [e for e in crowds if (e.start, e.end) == (start, end)]
            out.claims += _claims(id, on_day, seen, coder, None, (start, end))
        for kind in ("dead", "security_dead"):
            low, high = (sum(getattr(e, kind)[side] for e in there) for side in (0, 1))
            if high:
                id, title = joined(kind, scope), f"{WORDS[kind]} in {name(scope)} until {last}"
                out.observations.append(_observation(id, title, kind, "count", "people", scope, first, last))
                deadly = [e for e in there if getattr(e, kind)[1]]
                words = f"{len(deadly)} events, lines {_lines(deadly)}"
                out.claims.append(_claim(id, coder, words, "states", (low, high), ""))
                seen[coder] = coder_name
    out.sources = [_source(id, words, "data" if id == coder else "press") for id, words in sorted(seen.items())]
    return out


def _claims(
    id: str,
    events: list[Event],
    seen: dict[str, str],
    coder: str,
    value: tuple[int, int] | None,
    days: tuple[date, date] | None = None,
) -> list[Row]:
    """A claim of each source of the events, with one origin."""
    by_source: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        for words in event.sources:
            source = source_id(words)
            seen.setdefault(source, words)
            by_source[source].append(event)
    origin = joined(coder, id)
    return [
        _claim(id, source, f"lines {_lines(said)}", "reports", value, origin, days)
        for source, said in sorted(by_source.items())
    ]


def source_id(words: str) -> str:
    """The id of a source by its name; a digest where the name has no letter of the Latin alphabet."""
    return slug(words) or f"source-{key_of(words):x}"


def joined(*parts: str) -> str:
    """An id out of parts; one that would be too long ends in a digest."""
    whole = "-".join(p.replace("*", "all").replace(";", "-").replace("_", "-") for p in parts)
    return whole if len(whole) <= 64 else f"{whole[:51].rstrip('-')}-{key_of(whole) % 16**12:012x}"


def _lines(events: list[Event]) -> str:
    lines = sorted({e.line for e in events})
    return ", ".join(str(n) for n in lines[:20]) + (f" and {len(lines) - 20} more" if len(lines) > 20 else "")


def day_start(day: date) -> str:
    """Local time at which a day begins."""
    return f"{day}T00:00"


def day_end(day: date) -> str:
    """Local time at which a day ends."""
    return f"{day + timedelta(days=1)}T00:00"


def _observation(id: str, title: str, kind: str, form: str, unit: str, scope: str, start: date, end: date) -> Row:
    return {
        "observation": id, "title": title, "kind": kind, "form": form, "unit": unit, "least": "", "scope": scope,
        "start_local": day_start(start), "end_local": day_end(end), "of": "", "definition": DEFINITIONS[kind],
        "set": "weigh", "mode": "both", "note": "",
    }  # fmt: skip


def _claim(
    id: str,
    source: str,
    line: str,
    stance: str,
    value: tuple[int, int] | None,
    origin: str,
    days: tuple[date, date] | None = None,
) -> Row:
    low, high = ("", "") if value is None else (str(value[0]), str(value[1]))
    start, end = ("", "") if days is None else (day_start(days[0]), day_end(days[1]))
    return {
        "claim": joined(id, source), "observation": id, "source": source, "line": line, "stance": stance,
        "start_local": start, "end_local": end, "low": low, "high": high, "origin": origin,
        "statement": "As the data set has it.",
    }  # fmt: skip


def _source(id: str, name: str, kind: str) -> Row:
    return {"source": id, "name": name, "kind": kind, "weight": "1", "note": ""}
