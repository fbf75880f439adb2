"""What the sources would say of a run: its measured values passed through a model of how events are reported.

A run is compared with a record that is neither complete nor exact, so every run gets a record of its own, in the same
shape. For an observation o with value x in a scope where N people live, cut off the network for a share d of the time:

    seen_o   = size(x) * N / (N + seen_place) * (1 - d * (1 - dark_told))                    it gets out at all
    size(x)  = x^2 / (x^2 + half^2) from `least` people on, else 0      crowds (half = seen_crowd), harm (seen_harmed)
    told_so  = logistic(logit(told) + selection * z_(source, kind))               source s tells what got out
    x_w      = counted(x) * exp(sd * (1 + dark_error * d) * z_w)      a number from witness w; sd: crowd_sd or figure_sd
    t_w      = t + time_sd * (1 + dark_error * d) * z_w               an hour, an order; a share likewise
    [low, high] = the cell of x_w in the source's own words, see `cells`

`counted` leaves out dead and injured whom nobody counted (a binomial). Rows that repeat one origin are one witness w
and share one error; a row without an origin has an error of its own. A source is as precise as it was: the width of
what it says in the record makes a grid, and the run's value goes into the cell where it lies. Of what sources tell, one
version is drawn by their weights, as from the record itself (`frame.choose`).

Silence is never zero: what is not seen or not told is not stated. That something did not happen is said with chance
`absence`; that something happened which did not, of a yes or no, with chance `rumour`. Windows and definitions are the
observation's: a figure with another date or other people is another observation, so cut-off dates stand in the data. A
rank is told without error, and the order of two events with that of two hours.

That size, place and the reach of the network decide what is reported is common ground in work on event data (Earl et
al. 2004; Weidmann 2015; Weidmann 2016); how much they do is assumed here, and free in inference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.case.kinds import HARM_KINDS
from groundswell.engine.mechanism import ParameterInfo, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import purpose
from groundswell.record.cells import CLASS_HIGHEST, in_words
from groundswell.record.frame import Frame, Reported, choose
from groundswell.record.observed import of_claims

if TYPE_CHECKING:
    from groundswell.record.measure import Measured
    from groundswell.record.record import Record

REPORT_ABSENCE = purpose("report: absence")  # whether a source says that something did not happen
REPORT_COUNTED = purpose("report: counted")  # who of the harmed is counted
REPORT_ERROR = purpose("report: error")  # errors of a witness
REPORT_LEANING = purpose("report: leaning")  # how much a source tells of a kind of event
REPORT_RUMOUR = purpose("report: rumour")  # whether a source says that something happened which did not
REPORT_SEEN = purpose("report: seen")  # whether an observation gets out at all
REPORT_TOLD = purpose("report: told")  # whether a source tells what got out

_NUMBER, _HOUR, _SHARE = 0, 1, 2  # errors of one witness in numbers, hours and shares are independent
_CAN_BE_ABSENT = ("hour", "count", "class", "share", "yes")


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
    crowd_sd: float = parameter(
        0.5, unit="1", prior=LogNormal(0.5, 0.2, 1.1), source="assumed",
        about="standard deviation of the log of a stated size of a crowd over the true one",
    )  # fmt: skip
    figure_sd: float = parameter(
        0.2, unit="1", prior=LogNormal(0.2, 0.07, 0.6), source="assumed",
        about="the same for other numbers, such as the dead who were counted",
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
    told = min(max(p.told, 1e-9), 1 - 1e-9)
    return 1.0 / (1.0 + (1.0 - told) / told * np.exp(-p.selection * z))


def counted_share(kind: np.ndarray, p: Reporting) -> np.ndarray:
    """(n,) share of the people of a kind of harm whom anybody counts; 1 for what is no harm, and for arrests."""
    of = {"dead": p.dead_counted, "injured": p.injured_counted, "security": p.security_counted}
    shares = {k: of.get(k.partition("_")[0], 1.0) for k in HARM_KINDS}
    return np.array([shares.get(k, 1.0) for k in kind])


def report(
    measured: Measured,
    record: Record,
    reporting: Reporting | None = None,
    seed: int = 1,
    weights: Mapping[str, float] | None = None,
    source: str | None = None,
    silence: bool = True,
) -> Reported:
    """What the sources of a record would say of a run.

    Args:
        measured: the run's own values (O,) and the share of each window in which the scope was dark (O,).
        record: who speaks of what, and how precisely.
        reporting: parameters, defaults if left out.
        seed: of every draw; they are keyed by names, so neither the order nor the number of rows matters.
        weights: source -> weight instead of the record's.
        source: where given, the record as this source alone would have it.
        silence: whether sources may be silent. If not, each speaks of all that it speaks of in the record, be it to say
            that it did not happen: what a run would say where the record does speak.

    Raises:
        CaseError: for an unknown source or weight.
    """
    from groundswell.engine.random import uniform  # brings in the compiler, which reading a record does not need

    p, f = reporting or Reporting(), record.frame
    values, dark = np.asarray(measured.values, float), np.asarray(measured.dark, float)
    happened = np.isfinite(values) & ((values > 0) | np.isin(f.form, ("hour", "order")) | f.quiet)
    in_classes = happened & (f.form == "class")
    people = np.where(in_classes, 10.0 ** np.where(in_classes, values, 0.0), values)
    seen = uniform(seed, REPORT_SEEN, f.key, 0) < seen_chance(people, dark, f.residents, f.size, p)
    x, form = values[f.of], f.form[f.of]
    told = uniform(seed, REPORT_TOLD, f.telling, 0) < told_chance(_normal(seed, REPORT_LEANING, f.leaning), p)
    anyway = not silence
    told = happened[f.of] & (told & seen[f.of] | anyway)
    said = _with_error(f, np.where(told, x, 1.0), dark, seed, p)
    told &= (said > 0) | (x <= 0) | (form != "count") | anyway  # else nobody of those harmed was counted
    low, high = in_words(said, f.low, f.high, form, f.digits)
    nothing = ~happened[f.of] & ~np.isnan(x) & np.isin(form, _CAN_BE_ABSENT)
    absent = nothing & ((uniform(seed, REPORT_ABSENCE, f.telling, 0) < p.absence) | anyway)
    rumour = nothing & (form == "yes") & (uniform(seed, REPORT_RUMOUR, f.telling, 0) < p.rumour)
    none = np.where(form == "hour", np.inf, 0.0)
    low, high = (np.where(rumour, 1.0, np.where(absent, none, v)) for v in (low, high))
    which = choose(f, told | absent | rumour, seed, weights, source)
    return of_claims(f, which, low, high)


def _with_error(f: Frame, x: np.ndarray, dark: np.ndarray, seed: int, p: Reporting) -> np.ndarray:
    """(C,) the values of claims with the undercount and the error of their witness."""
    from groundswell.engine.random import binomial  # brings in the compiler, which reading a record does not need

    form, kind, size = f.form[f.of], f.kind[f.of], f.size[f.of]
    grown = 1.0 + p.dark_error * dark[f.of]
    number = grown * np.where(size == "crowd", p.crowd_sd, p.figure_sd) * _normal(seed, REPORT_ERROR, f.error, _NUMBER)
    hour = grown * p.time_sd_h * _normal(seed, REPORT_ERROR, f.error, _HOUR)
    share = grown * p.share_sd * _normal(seed, REPORT_ERROR, f.error, _SHARE)
    count = form == "count"
    counted = np.where(count, x, 0.0)
    part = counted_share(kind, p)
    thinned = count & (part < 1)
    counted[thinned] = binomial(
        seed, REPORT_COUNTED, f.error[thinned], 0, np.rint(counted[thinned]).astype(np.int64), part[thinned]
    )
    out = np.where(count, counted * np.exp(number), x)
    classes = np.clip(np.floor(x + 0.5 + number / np.log(10)), 1, CLASS_HIGHEST)
    out = np.where(form == "class", classes, out)
    out = np.where(form == "hour", x + hour, np.where(form == "order", x + np.sqrt(2) * hour, out))
    return np.where(form == "share", np.clip(x + share, 0, 1), out)


def _normal(seed: int, purpose: int, keys: np.ndarray, spell: int = 0) -> np.ndarray:
    """(n,) one keyed standard normal for each key, from two uniforms (Box & Muller 1958)."""
    from groundswell.engine.random import uniform  # brings in the compiler, which reading a record does not need

    u, v = (uniform(seed, purpose, keys, 2 * spell + k) for k in (0, 1))
    return np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)
