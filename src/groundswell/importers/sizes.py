"""How many people a crowd had, out of words: "about 500", "tens of thousands", "at least 1.5 million"."""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_PEOPLE = 10**9


class Size(NamedTuple):
    """People in a crowd, lowest and highest; None where the words leave that side open."""

    low: int | None
    high: int | None


_TAG = re.compile(r"\b(?:crowd )?size\s*=\s*([^;\]]*)")
_UNITS = {"k": 1e3, "m": 1e6, "mln": 1e6, "ten": 10, "dozen": 12, "hundred": 100, "thousand": 1e3, "million": 1e6}
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "twelve": 12,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "eighty": 80,
}  # fmt: skip
_SHORT = "|".join(_UNITS)
_LONG = "tens?|dozens?|hundreds?|thousands?|millions?"
_FIGURE = re.compile(rf"(?P<number>\d+(?:\.\d+)?)(?P<plural>s\b)?\s*(?:(?P<unit>{_SHORT})s?\b)?(?P<more>\s*\+)?")
_IN_WORDS = re.compile(
    rf"(?:\b(?P<few>several|few|couple of)\s+|\b(?P<half>half)\s+(?:an?\s+)?|\b(?P<one>an?|one)\s+)?"
    rf"\b(?P<unit>{_LONG})\b(?:\s+of\s+(?P<of>{_LONG})\b)?"
)
_FROM = re.compile(r"\b(at least|no (?:less|fewer) than|(?:more|greater|larger) than|over|above|minimum|upwards of)\b")
_UP_TO = re.compile(r"\b(at most|up to|(?:less|fewer) than|under|below|maximum)\b")
_JOINED = re.compile(r"\s*(?:-|–|—|to|and)\s*$")


def tagged_size(*texts: str) -> str | None:
    """The words after `crowd size=` or `[size=` in the first text that has them; None where none has."""
    return next((found[1].strip() for text in texts if (found := _TAG.search(text.lower()))), None)


def crowd_size(words: str) -> Size | None:
    """The interval that words give; None where they give no number ("no report", "unknown number of attendees").

    A plural is an order of magnitude: "hundreds" is 100 to 999, "tens of thousands" 10,000 to 99,999; "several" is from
    two on. "dozens to hundreds" is from the one to the other, and of several figures the lowest to the highest.
    """
    text = re.sub(r"(?<=\d)[ ,.\u00a0](?=\d{3}(?!\d))", "", words.lower())
    text = re.sub(rf"\b({'|'.join(_WORDS)})\b", lambda m: str(_WORDS[m[1]]), text)
    text = text.replace("no more than", "at most")
    found: list[tuple[float, float]] = []
    plain: list[bool] = []  # a figure without a unit of its own
    more, at = False, 0
    while at < len(text):
        figure, said = _FIGURE.search(text, at), _IN_WORDS.search(text, at)
        if figure is None and said is None:
            break
        if figure is not None and (said is None or figure.start() <= said.start()):
            low, high = _of_figure(figure)
            unit = _UNITS.get(figure["unit"] or "", 1.0)
            if unit > 1 and plain and plain[-1] and _JOINED.search(text[at : figure.start()]):
                found[-1] = (found[-1][0] * unit, found[-1][1] * unit)  # "20 to 30 thousand"
            more |= figure["more"] is not None
            plain.append(figure["unit"] is None and figure["plural"] is None)
            at = figure.end()
        else:
            assert said is not None
            low, high = _of_words(said)
            plain.append(False)
            at = said.end()
        found.append((low, high))
    if not found:
        return None
    low, high = min(low for low, _ in found), max(high for _, high in found)
    from_on, up_to = more or bool(_FROM.search(text)), bool(_UP_TO.search(text))
    many = len(found) > 1
    return Size(None if up_to and not many else round(low), None if from_on and not many else round(high))


def _of_figure(figure: re.Match[str]) -> tuple[float, float]:
    number = float(figure["number"]) * _UNITS.get(figure["unit"] or "", 1.0)
    return (number, 10 * number - 1) if figure["plural"] else (number, number)  # "100s"


def _of_words(said: re.Match[str]) -> tuple[float, float]:
    """Lowest and highest of "hundreds", "a hundred", "several hundred", "half a million", "tens of thousands"."""
    base = _UNITS[said["unit"].removesuffix("s")]
    most = 99.0 if base < 100 else 10 * base - 1
    if said["of"]:
        times = _UNITS[said["of"].removesuffix("s")]
        return base * times, (most + 1) * times - 1
    if said["few"]:
        return 2 * base, most
    if said["half"]:
        return base / 2, base / 2
    return (base, most) if said["unit"].endswith("s") else (base, base)
