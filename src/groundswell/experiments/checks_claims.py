"""What is wrong with an outcome that is asked for: unknown names, places, times, endings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from groundswell.case.problems import one_of
from groundswell.observe.outcomes import ENDINGS, OUTCOMES, RENAMED, Asked
from groundswell.play.change import Mistake
from groundswell.play.checks import Known


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
