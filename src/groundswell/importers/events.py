"""Events of a foreign data set put together into observations and claims of a record.

    crowd, clash, force_used, looting, arrested, site    one for a place and its day (or days): yes; or people, where
                                                         the size of the crowd is given
    onset                                                one for a place: the first day with a crowd of the least size
    dead, security_dead                                  one for a place: all until the last day of the window

A region, and the country, hold what their places hold. An event whose days reach out of the window may have happened
outside: it says nothing of a day, and its dead count from 0 on. Each of an event's sources makes a claim about what
happened on the day; they share one origin, since the coders made one row of them. A sum of deaths is the coders' own
figure, so the claim is the data set's. A crowd is at least the largest of the place and day, and at most all events
there together; without a limit where the words leave it open or an event has no size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from groundswell.importers.names import slug
from groundswell.importers.sizes import Size
from groundswell.observe.registry import RECORDED
from groundswell.record.frame import key_of

if TYPE_CHECKING:
    from groundswell.importers.reading import Reading

Row = dict[str, str]
UNNAMED = "Source not named"
LONGEST_NOTE = 2000
MOST_CITED = 20


@dataclass(frozen=True)
class Event:
    """One row of a foreign data set: when, where, of which kinds, who reports it, how many died.

    around: every scope that holds the event's own. dead: people killed who are not of the forces, lowest and highest;
    security_dead likewise. size: of the crowd, None where none is given. id, note: as the data set has them. certain:
    whether it surely happened inside the window.
    """

    line: int
    start: date
    end: date
    scope: str
    around: frozenset[str]
    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    dead: tuple[int, int] = (0, 0)
    security_dead: tuple[int, int] = (0, 0)
    size: Size | None = None
    id: str = ""
    note: str = ""
    certain: bool = True


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
    "onset": "The first day on which the data set has a crowd there that is large enough, or of no given size.",
    "dead": "Killed there who are not of the forces, until the end; as far as the data set tells sides apart.",
    "security_dead": "Members of the state's forces killed there, until the end.",
}
"""Kinds of observations that events make, with what is counted."""

WORDS = {
    "crowd": "A crowd", "clash": "Fighting", "force_used": "Force used", "looting": "Looting", "arrested": "Arrests",
    "site": "A site lost", "onset": "First crowd", "dead": "Dead", "security_dead": "Dead of the forces",
}  # fmt: skip


def named(cell: str) -> tuple[str, ...]:
    """Names of sources parted by semicolons, each once."""
    names = dict.fromkeys(name.strip(' "') for name in cell.split(";"))
    return tuple(name for name in names if name) or (UNNAMED,)


def within(event: Event, reading: Reading) -> list[Event]:
    """The event as far as the window of the case has it: one whose days reach out may have happened outside."""
    from groundswell.importers.reading import last_day

    if reading.case is None:
        return [event]
    first, last = reading.case.start.date(), last_day(reading.case)
    if first <= event.start and event.end <= last:
        return [event]
    dead, security = event.dead[1], event.security_dead[1]
    if not dead and not security:
        reading.left_out["of days that may lie outside the window, without deaths"] += 1
        return []
    reading.said["of days that may lie outside the window: their dead count from 0 on"] += 1
    start, end = max(event.start, first), min(event.end, last)
    return [replace(event, start=start, end=end, dead=(0, dead), security_dead=(0, security), kinds=(), certain=False)]


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
    return _Grouping(sorted(events, key=lambda e: (e.start, e.end, e.scope, e.line)), coder, coder_name, name).rows(
        first, last
    )


class _Grouping:
    """Events in the order of time, by place and by what holds the place."""

    def __init__(self, events: Sequence[Event], coder: str, coder_name: str, name: Callable[[str], str]) -> None:
        self.coder, self.coder_name, self.name = coder, coder_name, name
        self.by_day: dict[tuple[str, str, date, date], list[Event]] = defaultdict(list)
        self.inside: dict[str, list[Event]] = defaultdict(list)  # scope that is an event's own -> all that it holds
        self.sized: dict[tuple[str, date, date], list[Event]] = defaultdict(list)  # crowds of a scope's day
        own = {e.scope for e in events}
        for e in events:
            for scope in own & e.around:
                self.inside[scope].append(e)
                if "crowd" in e.kinds:
                    self.sized[scope, e.start, e.end].append(e)
            for kind in e.kinds:
                self.by_day[kind, e.scope, e.start, e.end].append(e)
        self.own = {(e.scope, kind) for e in events for kind in e.kinds}
        self.out = Rows()
        self.seen: dict[str, str] = {}

    def rows(self, first: date, last: date) -> Rows:
        ordered = sorted(self.by_day.items(), key=lambda x: (x[0][2], x[0][3], *x[0][:2]))
        for (kind, scope, start, end), same in ordered:
            self._day(kind, scope, start, end, same)
        for scope, there in sorted(self.inside.items()):
            if (scope, "crowd") in self.own:
                self._onset(scope, there, first, last)
            for kind in ("dead", "security_dead"):
                self._dead(kind, scope, there, first, last)
        self.out.sources = [
            _source(id, words, "data" if id == self.coder else "press") for id, words in sorted(self.seen.items())
        ]
        return self.out

    def _day(self, kind: str, scope: str, start: date, end: date, same: list[Event]) -> None:
        days = f"{start}" if start == end else f"{start} to {end}"
        id = joined(kind, scope, f"{start:%Y%m%d}" + ("" if start == end else f"-{end:%m%d}"))
        value = _together(self.sized[scope, start, end]) if kind == "crowd" else None
        form, unit = ("count", "people") if value else ("yes", "")
        title = f"{WORDS[kind]} in {self.name(scope)}, {days}"
        self.out.observations.append(_observation(id, title, kind, form, unit, scope, start, end))
        self._claims(id, same, value)

    def _onset(self, scope: str, there: list[Event], first: date, last: date) -> None:
        """The first day: from the first that a crowd may be on, to that by which one surely was."""
        least = RECORDED["onset"].least or 1
        crowds = [e for e in there if "crowd" in e.kinds]
        maybe = [e for e in crowds if e.size is None or e.size.high is None or e.size.high >= least]
        surely = [e for e in maybe if e.size is None or (e.size.low or 0) >= least]
        if not surely:
            return
        end = min(e.end for e in surely)
        said = [e for e in maybe if e.start <= end]
        id = joined("onset", scope)
        title = f"{WORDS['onset']} in {self.name(scope)}"
        self.out.observations.append(_observation(id, title, "onset", "hour", "h", scope, first, last))
        self._claims(id, said, None, (min(e.start for e in said), end))

    def _dead(self, kind: str, scope: str, there: list[Event], first: date, last: date) -> None:
        deadly = [e for e in there if getattr(e, kind)[1]]
        if not any(e.scope == scope for e in deadly):
            return
        low, high = (sum(getattr(e, kind)[side] for e in deadly) for side in (0, 1))
        id, title = joined(kind, scope), f"{WORDS[kind]} in {self.name(scope)} until {last}"
        self.out.observations.append(_observation(id, title, kind, "count", "people", scope, first, last))
        line = f"{len(deadly)} event{'s' * (len(deadly) > 1)}: {cited(deadly)}"
        self.out.claims.append(_claim(id, self.coder, line, "states", Size(low, high), "", notes(deadly)))
        self.seen[self.coder] = self.coder_name

    def _claims(self, id: str, events: list[Event], value: Size | None, days: tuple[date, date] | None = None) -> None:
        """A claim of each source of the events, with one origin."""
        by_source: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            for words in event.sources:
                source = source_id(words)
                self.seen.setdefault(source, words)
                by_source[source].append(event)
        origin = joined(self.coder, id)
        self.out.claims += [
            _claim(id, source, cited(said), "reports", value, origin, notes(said), days)
            for source, said in sorted(by_source.items())
        ]


def _together(crowds: Sequence[Event]) -> Size | None:
    """People in all crowds of a place and day: from the largest to all of them; None where none has a size."""
    sizes = [e.size for e in crowds if e.size is not None]
    if not sizes:
        return None
    lows = [s.low for s in sizes if s.low is not None]
    highs = [s.high for s in sizes if s.high is not None]
    size = Size(max(lows, default=None), sum(highs) if len(highs) == len(crowds) else None)
    return None if size == (None, None) else size


def source_id(words: str) -> str:
    """The id of a source by its name."""
    return slug(words) or f"source-{key_of(words):x}"


def joined(*parts: str) -> str:
    """An id out of parts; one that would be too long ends in a digest."""
    whole = "-".join(p.replace("*", "all").replace(";", "-").replace("_", "-") for p in parts)
    return whole if len(whole) <= 64 else f"{whole[:51].rstrip('-')}-{key_of(whole) % 16**12:012x}"


def cited(events: Sequence[Event]) -> str:
    """Where events are found in the data set: their ids, else their lines."""
    ids = dict.fromkeys(e.id or f"line {e.line}" for e in sorted(events, key=lambda e: e.line))
    shown = ", ".join(list(ids)[:MOST_CITED]) + (f" and {len(ids) - MOST_CITED} more" if len(ids) > MOST_CITED else "")
    return shown[:LONGEST_NOTE]


def notes(events: Sequence[Event]) -> str:
    """What the data set says of events, in its own words."""
    texts = dict.fromkeys(e.note for e in sorted(events, key=lambda e: e.line) if e.note)
    text = " | ".join(texts)
    return (text if len(text) <= LONGEST_NOTE else f"{text[: LONGEST_NOTE - 3]}...") or "As the data set has it."


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
    value: Size | None,
    origin: str,
    statement: str,
    days: tuple[date, date] | None = None,
) -> Row:
    low, high = ("" if v is None else str(v) for v in value or (None, None))
    start, end = ("", "") if days is None else (day_start(days[0]), day_end(days[1]))
    return {
        "claim": joined(id, source), "observation": id, "source": source, "line": line, "stance": stance,
        "start_local": start, "end_local": end, "low": low, "high": high, "origin": origin, "statement": statement,
    }  # fmt: skip


def _source(id: str, name: str, kind: str) -> Row:
    return {"source": id, "name": name, "kind": kind, "weight": "1", "note": ""}
