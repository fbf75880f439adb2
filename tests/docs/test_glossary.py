"""The glossary has every word for what a run shows, once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from groundswell.observe.endings import ORDER
from groundswell.observe.harm import COUNTED
from groundswell.observe.outcomes import OUTCOMES, RENAMED
from groundswell.observe.phases import PHASES
from groundswell.observe.registry import OBSERVABLES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
WORDS = Counter(re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE))


def test_every_word_stands_once() -> None:
    assert set(WORDS) == {*OBSERVABLES, *OUTCOMES, *PHASES, *ORDER}
    assert set(WORDS.values()) == {1}


def test_an_outcome_that_bears_the_name_of_an_observable_is_made_of_it() -> None:
    """The unit is the observable's (of a yes the share of runs in which it is so), so no name has two meanings."""
    for name in OUTCOMES.keys() & OBSERVABLES.keys():
        unit = "share of runs" if OBSERVABLES[name].kind == "yes" else OBSERVABLES[name].unit
        assert OUTCOMES[name].unit == unit, name
    assert COUNTED.keys() <= OBSERVABLES.keys()
    assert not RENAMED.keys() & OUTCOMES.keys()
