"""What the sources would say of a run: its measured values passed through a model of how events are reported.

A run is compared with a record that is neither complete nor exact, so every run gets a record of its own, in the same
shape. For an observation o with value x in a scope where N people live, cut off the network for a share d of the time:

    seen_o   = size(x) * N / (N + seen_place) * (1 - d * (1 - dark_told))                    it gets out at all
    size(x)  = x^2 / (x^2 + half^2) from `least` people on, else 0      crowds (half = seen_crowd), harm (seen_harmed)
    told_so  = logistic(logit(told) + selection * z_(source, kind))               source s tells what got out
    x_w      = counted(x) * exp(count_sd * (1 + dark_error * d) * z_w)                       a number, from witness w
    t_w      = t + time_sd * (1 + dark_error * d) * z_w                                      an hour
    [low, high] = the cell of x_w in the source's own words

`counted` leaves out dead and injured whom nobody counted (a binomial). Rows that repeat one origin are one witness w and
share one error; a row without an origin is a witness of its own. A source is as precise as it was: the width of what it
says in the record ("several hundred", "on 4 January", "at least 164", two significant digits) makes a grid, and the run's
value goes into the cell where it lies. Of what sources tell, one version is drawn by their weights, see `observed`.

Silence is never zero: what is not seen or not told is not stated. That something did not happen is said with chance
`absence`; that something happened which did not, of a yes or no, with chance `rumour`. Windows and definitions are those
of the observation: a figure with another date or other people is another observation, so cut-off dates stand in the data.
A rank is told without error, and the order of two events with that of two hours.

That size, place and network decide what is reported, and that numbers are rounded, is common ground in work on event data
(Earl, Martin, McCarthy & Soule 2004; Weidmann 2015, 2016); how much is assumed here, and free in inference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.engine.mechanism import ParameterInfo, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import (
    REPORT_ABSENCE,
    REPORT_COUNTED,
    REPORT_ERROR,
    REPORT_LEANING,
    REPORT_RUMOUR,
    REPORT_SEEN,
    REPORT_TOLD,
)
from groundswell.record.frame import CLASS_HIGHEST, Frame, Reported, choose


@dataclass(frozen=True)
class Reporting:
    """Parameters of the reporting model; ids `reporting.NAME`."""

    told: float = parameter(
        0.9, unit="1", prior=Uniform(0.6, 0.99), source="assumed", low=0, high=1,
        about="chance that a source with middling interest tells what got out",
    )  # fmt: skip
    selection: float = parameter(
        0.7, unit="log-odds", prior=Uniform(0, 1.5), source="assumed",
        about="spread of that chance between sources and kinds of event: authors select by their view",
    )  # fmt: skip
    least_people: float = parameter(
        20.0, unit="people", prior=Fixed("the smallest picket that a text would mention, as for pickets in scoring"),
        source="assumed", about="crowds smaller than this are never reported",
    )  # fmt: skip
    seen_crowd_people: float = parameter(
        100.0, unit="people", prior=LogNormal(100, 25, 400), source="assumed",
        about="size at which half of crowds get out",
    )  # fmt: skip
    seen_harmed_people: float = parameter(
        1.0, unit="people", prior=LogNormal(1, 0.3, 4), source="assumed",
        about="number of people harmed or arrested at which half of such figures get out",
    )  # fmt: skip
    seen_place_people: float = parameter(
        5000.0, unit="people", prior=LogNormal(5000, 500, 50000), source="assumed",
        about="people living in the scope at which half of what happens there gets out",
    )  # fmt: skip
    dark_told: float = parameter(
        0.5, unit="1", prior=Uniform(0.1, 0.9), source="assumed", low=0, high=1,
        about="share of what would get out that still does where the network is cut",
    )  # fmt: skip
    dark_error: float = parameter(
        1.0, unit="1", prior=Uniform(0, 2), source="assumed", about="by how many times errors grow where it is cut"
    )
    count_sd: float = parameter(
        0.4, unit="1", prior=LogNormal(0.4, 0.15, 0.9), source="assumed",
        about="standard deviation of the log of a number stated over the number counted",
    )  # fmt: skip
    share_sd: float = parameter(
        0.1, unit="1", prior=Uniform(0.02, 0.2), source="assumed", about="standard deviation of a stated share"
    )
    time_sd_h: float = parameter(
        2.0, unit="h", prior=LogNormal(2, 0.7, 6), source="assumed", about="standard deviation of a stated hour"
    )
    dead_counted: float = parameter(
        0.85, unit="1", prior=Uniform(0.5, 1), source="assumed", high=1, about="share of dead inhabitants counted"
    )
    injured_counted: float = parameter(
        0.6, unit="1", prior=Uniform(0.2, 1), source="assumed", high=1, about="share of injured inhabitants counted"
    )
    security_counted: float = parameter(
        0.95, unit="1", prior=Uniform(0.7, 1), source="assumed", high=1,
        about="share of dead and injured of the state's forces counted",
    )  # fmt: skip
    absence: float = parameter(
        0.3, unit="1", prior=Uniform(0.05, 0.6), source="assumed", high=1,
        about="chance that a source says of something that did not happen that it did not",
    )  # fmt: skip
    rumour: float = parameter(
        0.05, unit="1", prior=Uniform(0, 0.2), source="assumed", high=1,
        about="chance that a source says of something that did not happen that it did (form yes)",
    )  # fmt: skip


def reporting_parameters() -> list[ParameterInfo]:
    """Every parameter of the reporting model with what is known of it."""
    return [ParameterInfo("reporting", f.name, f.default, **f.metadata) for f in fields(Reporting)]


def reporting_of(settings: Mapping[str, Any], where: str = "reporting") -> Reporting:
    """The parameters with some set: "reporting.NAME" or "NAME" -> number; keys of mechanisms are left alone.

    Raises:
        CaseError: names that do not exist and values out of bounds, all at once; `where` stands as their file.
    """
    infos = {i.name: i for i in reporting_parameters()}
    problems, values = [], {}
    for key, given in settings.items():
        mechanism, dot, name = key.rpartition(".")
        if dot and mechanism != "reporting":
            continue
        if name not in infos:
            problems.append(Problem(where, None, key, name, f"one of {', '.join(infos)}"))
            continue
        low, high = infos[name].bounds
        try:
            number = float(given)
        except (TypeError, ValueError):
            number = np.nan
        if np.isfinite(number) and low <= number <= high:
            values[name] = number
        else:
            problems.append(Problem(where, None, key, given, f"a number from {low:g} to {high:g}"))
    if problems:
        raise CaseError(problems)
    return Reporting(**values)


def seen_chance(
    values: np.ndarray, dark: np.ndarray, residents: np.ndarray, size: np.ndarray, p: Reporting
) -> np.ndarray:
    """(O,) chance that what happened gets out at all.

    Args:
        values: (O,) what the run has, in the unit of its form (`size` "crowd" and "harm": people).
        dark: (O,) share of the window in which the scope was cut off the network.
        residents: (O,) people living in the scope.
        size: (O,) what sort of size a value has: "crowd", "harm", or "" (an event without a size).
    """
    with np.errstate(invalid="ignore"):
        half = np.where(size == "crowd", p.seen_crowd_people, p.seen_harmed_people)
        x = np.where(np.isfinite(values), np.maximum(values, 0.0), 0.0)
        least = np.where(size == "crowd", p.least_people, 0.0)
        by_size = np.where(size == "", 1.0, np.where(x >= least, x**2 / (x**2 + half**2), 0.0))
    by_place = residents / (residents + p.seen_place_people)
    return by_size * by_place * (1.0 - dark * (1.0 - p.dark_told))


def told_chance(z: np.ndarray, p: Reporting) -> np.ndarray:
    """Chance that a source tells what got out, for a standard normal leaning z towards its kind of event."""
    from scipy.special import expit, logit

    return expit(logit(np.clip(p.told, 1e-9, 1 - 1e-9)) + p.selection * z)


def in_words(
    x: np.ndarray, low: np.ndarray, high: np.ndarray, form: np.ndarray, digits: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(n,) (n,) the cell in which a source puts the value x, who said [low, high] of the value in the record.

    Counts: cells of equal width in log10(1 + x). Hours, orders, shares: of equal width. Whole numbers (class, rank, yes):
    of as many numbers as the source's interval holds. All grids run through the source's own interval. Exact numbers get
    `digits` significant digits, exact hours whole hours, exact shares steps of 0.05. "At least" stays at least; of an
    order with an open end only the side is told.
    """
    out_low, out_high = np.array(x, float), np.array(x, float)
    exact = low == high
    open_up, open_down = np.isposinf(high), np.isneginf(low)

    def put(where: np.ndarray, lows: np.ndarray, highs: np.ndarray) -> None:
        out_low[where], out_high[where] = lows, highs

    whole = np.isin(form, ("class", "rank", "yes"))
    n = np.where(open_up | open_down, 1.0, high - low + 1)
    for one in (whole & ~open_up,):
        first = low[one] + np.floor((np.rint(x[one]) - low[one]) / n[one]) * n[one]
        put(one, first, first + n[one] - 1)
    one = whole & open_up
    put(one, np.rint(x[one]), np.full(one.sum(), np.inf))

    count = form == "count"
    one = count & (exact | open_up)
    rounded = significant(x[one], digits[one])
    put(one, rounded, np.where(open_up[one], np.inf, rounded))
    one = count & ~exact & ~open_up
    a, b, y = np.log10(1 + low[one]), np.log10(1 + high[one]), np.log10(1 + x[one])
    k = np.floor((y - a) / (b - a))
    k = np.where((x[one] >= low[one]) & (x[one] <= high[one]), 0.0, k)  # both ends belong to what was said
    low_cell, high_cell = 10 ** (a + k * (b - a)) - 1, 10 ** (a + (k + 1) * (b - a)) - 1
    put(one, np.where(k == 0, low[one], np.maximum(low_cell, 0)), np.where(k == 0, high[one], np.maximum(high_cell, 0)))

    line = np.isin(form, ("hour", "order", "share"))
    step = np.where(form == "share", 0.05, 1.0)
    one = line & exact
    near = np.rint(x[one] / step[one]) * step[one]
    put(one, near, near)
    one = line & ~exact & ~open_up & ~open_down
    w = high[one] - low[one]
    k = np.floor((x[one] - low[one]) / w)
    k = np.where(x[one] == high[one], 0.0, k)
    put(one, low[one] + k * w, low[one] + (k + 1) * w)
    one = line & (open_up | open_down)
    bound = np.where(open_up[one], low[one], high[one])
    above = x[one] >= bound
    put(one, np.where(above, bound, -np.inf), np.where(above, np.inf, bound))
    share = form == "share"
    out_low[share], out_high[share] = np.clip(out_low[share], 0, 1), np.clip(out_high[share], 0, 1)
    return out_low, out_high


def significant(x: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Numbers >= 0 rounded to so many significant digits."""
    power = np.floor(np.log10(np.maximum(x, 1e-12))) - (digits - 1)
    rounded = np.rint(x / 10.0**power) * 10.0**power
    return np.where(x > 0, np.round(rounded, 12), 0.0)


def digits_of(x: float) -> int:
    """Significant digits of a number as written: 164 has 3, 10,000 has 1."""
    text = f"{abs(x):.12g}"
    return max(1, len(text.split("e")[0].replace(".", "").strip("0")))
