"""What is wrong with a case, one line per mistake: file, line, field, what was given, what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from os.path import commonprefix
from typing import TypeVar

LONGEST_SHOWN = 60
MOST_SHOWN = 200
MOST_LIKENED, FEW = 2000, 60  # names that a suggestion is looked for among
T = TypeVar("T")


class Found(str):
    """Words about what was found, shown as they are; what a user wrote is shown in quotes."""


@dataclass(frozen=True)
class Problem:
    """One mistake in the input. `line` is None where no single line is at fault."""

    file: str
    line: int | None
    field: str
    given: object
    allowed: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        parts = [where, self.field] if self.field else [where]
        return visible(f"{': '.join(parts)}: given {show(self.given)}; allowed: {self.allowed}")


class CaseError(Exception):
    """A case that cannot be used; holds every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            lines.append(f"... and {len(self.problems) - MOST_SHOWN} more problems")
        return "\n".join(lines)


def attempt(problems: list[Problem], what: Callable[[], T]) -> T | None:
    """What a call returns; None where it refuses, and its mistakes are added to `problems`, to be told together."""
    try:
        return what()
    except CaseError as error:
        problems += error.problems
        return None


def show(given: object) -> str:
    """The given value as printed: quoted, escaped and cut to a readable length."""
    if given is None or given == "":
        return "nothing"
    if isinstance(given, str) and not isinstance(given, Found):
        cut = given if len(given) <= LONGEST_SHOWN else given[:LONGEST_SHOWN] + "..."
        return repr(cut)
    if isinstance(given, int) and given.bit_length() > 200:
        return f"a whole number of {given.bit_length():,} bits"
    return str(given)


def visible(text: str) -> str:
    """The text with what a terminal would act on, or not show, as escapes."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def nearest(given: object, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` where one of the known names is close to the given one, else nothing."""
    text, names = str(given).strip().lower()[:100], list(islice(known, MOST_LIKENED))
    if len(names) > FEW:  # a look at each pair of names is slow where there are many mistakes
        ends = {text[:1], text[-1:]}
        names = [n for n in names if abs(len(n) - len(text)) <= 4 and (n[:1] in ends or n[-1:] in ends)]
        names = sorted(names, key=lambda n: -len(commonprefix((n, text))))[:FEW]
    close = get_close_matches(text, names, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def one_of(known: Sequence[str], given: object = "", most: int = 12) -> str:
    """Text for a fixed list of names, shortened where it is long, with the nearest name suggested."""
    names = ", ".join(known[:most]) + (f", ... ({len(known)} in all)" if len(known) > most else "")
    return f"one of {names or '(none defined)'}{nearest(given, known)}"
