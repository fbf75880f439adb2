"""What an observation of each kind looks at in a run: a course over the hours of its window, or one number.

In the places of the scope (and its sites, which a scope may name), from the first to the last hour of the window:

| kind | what is looked at | so from |
|---|---|---|
| onset | most people on the street in one place | 50 |
| crowd | people on the street | 1 |
| spread | regions that have had 20 people on the street at one time | 1 |
| regions | regions that have had 50 in one place | 1 |
| centres | regional centres that have had `least` people | 100 people |
| centre_crowd | largest crowd of each regional centre: the median of them | |
| turnout_share | hours of people on the street, over those of the whole country | |
| half_turnout | from when on fewer than half of the most are on the street | |
| calm | people on the street; calm below | 500 |
| first_rank | rank of the first region with 50 in one place, by how far its people depend on the spark item | |
| political_share | of the hours of people on the street those with the commonest political demand | 0.05 |
| strike | enterprises on strike | 1 |
| strike_share | of the named workforces those on strike; `_force`: where allied troops or shots were, `_rest` | 0.1 |
| force_used | places where the state uses force on people | 1 |
| clash | towns that have had 50 people fighting in one place; `last_clash`: the last hour of it | 1 |
| site | sites in the crowd's hands; `site_hours`: for how many hours that many | 1 |
| passivity | of the force there, those who do nothing or have left the streets for an office, by any cause | 0.5 |
| ORGAN_passive | of an organ's people there, those of units that stand by, refuse, left or fell back, at most | |
| refusal | of the forces' people there, those of units that refuse, went home or over | 0.01 |
| stand_by | people of the forces under an order to stand by | 1 |
| live_fire | people killed by shots of the forces, on order or not, in the window | 1 |
| arms | firearms in the crowd's hands | 1 |
| captured_share | of the firearms in its hands at most the captured; `captured_over_lost`: over those lost | |
| looting | shops looted in the window; `looting_here`: over those of the whole country | 10 |
| looting_share | shops looted, over shops looted, sites lost and offices burned in the window | |
| burnt | public offices burned in the window | 1 |
| dead and other harm | people by the definition of that name in `history.harm`, from the start of the run on | 1 |
| dead_share | the dead there over all dead; `dead_over_turnout`: over turnout_share | |
| detained_foreign, _elsewhere, _record | of the detained that the state shows, in the whole country | |
| arrival | allied troops | 1 |
| patron_removed | the patron has lost the post | |
| price_cut and other measures | measures of that kind that have begun somewhere in the scope | 1 |

A course becomes a `count` or `class` by its highest value, an `hour` by the first hour at which it is so (for calm the
hour from which it stays so), a `yes` by whether it ever is so. Limits are assumed where nothing else is said; 50 people
are an event in Mass Mobilization (Clark & Regan), 500 the limit of calm in the endings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from groundswell.case.record_rows import HARM_KINDS, MEASURE_KINDS
from groundswell.engine.rates import DEMANDS
from groundswell.history.endings import RULES as ENDING
from groundswell.history.observables import ONSET_PEOPLE
from groundswell.history.phases import LIMITS, PASSIVE
from groundswell.history.reading import Reading
from groundswell.mechanisms.detainees import KINDS as DETAINEES
from groundswell.mechanisms.measures import POSTURES
from groundswell.record.window import Window, at_first, at_last, ratio, so_far, until_below, until_half
from groundswell.world.state_side import ORGANS

PICKET_PEOPLE = 20  # smallest picket that a text would mention (assumed)
CENTRE_PEOPLE = 100.0  # "hundreds"
STATE_ORGANS = ("police", "guard", "army", "security")
POLITICAL = ("cabinet", "patron", "system")


# -- streets


def _onset(x: Window) -> np.ndarray:
    return x.of("on_street")[:, x.where].max(axis=1, initial=0)


def _spread(x: Window) -> np.ndarray:
    region = x.reading.world.region
    of_region = (region[:, None] == np.arange(region.max() + 1)) * x.inside[:, None]
    return so_far(x.of("on_street") @ of_region >= PICKET_PEOPLE, np.arange(of_region.shape[1]))


def _regions(x: Window) -> np.ndarray:
    return so_far(x.of("on_street")[:, x.where] >= ONSET_PEOPLE, x.reading.world.region[x.where])


def _centre_crowds(x: Window) -> np.ndarray:
    """(T, k) people on the street in the town of each regional centre of the scope."""
    w = x.reading.world
    centres = [w.place_id.index(str(p)) for p in w.case.tables["regions"].column("centre_place")]
    parts = [w.town == w.town[place] for place in centres if x.places[place]]
    return x.of("on_street") @ np.stack(parts, axis=1).astype(float) if parts else np.zeros((x.steps, 0))


def _centres(x: Window) -> np.ndarray:
    crowds = _centre_crowds(x)
    return so_far(crowds >= (CENTRE_PEOPLE if x.least is None else x.least), np.arange(crowds.shape[1]))


def _median_centre(x: Window) -> float:
    crowds = _centre_crowds(x)
    return float(np.median(crowds.max(axis=0))) if crowds.size else np.nan


def _turnout_share(x: Window) -> float:
    return ratio(float(x.total("on_street").sum()), float(x.of("on_street").sum()))


def _first_rank(x: Window) -> float:
    """1 + regions whose people depend more on the spark item than those of the first region with a crowd."""
    w = x.reading.world
    out = (x.of("on_street") >= ONSET_PEOPLE) & x.places
    if not out.any():
        return np.nan
    share = w.exposure(w.spark_item)
    by_region = np.bincount(w.region, share * w.people) / np.maximum(np.bincount(w.region, w.people), 1)
    first = w.region[out[out.any(axis=1).argmax()]]
    return float(1 + (by_region > by_region[first].max() + 1e-12).sum())


def _political(x: Window) -> float:
    columns = [DEMANDS.index(k) for k in POLITICAL]
    held = x.part("demands_held", x.where)[:, :, columns].sum(axis=1)
    return ratio(float(held.max(axis=1, initial=0).sum()), float(x.total("on_street").sum()))


# -- work


def _enterprises(x: Window) -> np.ndarray:
    return x.places[x.reading.world.place_of_enterprise]


def _strikes(x: Window) -> np.ndarray:
    return (x.of("striking")[:, _enterprises(x)] > 0).sum(axis=1)


def _strike_share(x: Window, among: Callable[[Window], np.ndarray] | None = None) -> np.ndarray:
    mine = _enterprises(x) if among is None else _enterprises(x) & among(x)[x.reading.world.place_of_enterprise]
    people = x.reading.world.enterprise("workforce_people").astype(float) * mine
    return x.of("striking") @ people / people.sum() if people.any() else np.full(x.steps, np.nan)


def _under_force(x: Window) -> np.ndarray:
    """(P,) whether allied troops stood or shots were fired in a place by the end of the window."""
    until = slice(0, x.last)
    ordered = (x.all("posture")[until] >= POSTURES.index("live")) & (x.all("force_used")[until] > 0)
    there = np.asarray((ordered | (x.harm("dead")[until] > 0)).any(axis=0))
    there[x.reading.world.units.place[x.all("allied_people")[until].any(axis=0)]] = True
    return there


def _without_force(x: Window) -> np.ndarray:
    return ~_under_force(x)


# -- force on both sides, and sites


def _fights(x: Window) -> np.ndarray:
    """(T, n) whether 50 people fight in a place of the scope."""
    return np.asarray(x.of("fighting")[:, x.where] >= LIMITS.clash_people)


def _clash(x: Window) -> np.ndarray:
    return so_far(_fights(x), x.reading.world.town[x.where])


def _any_clash(x: Window) -> np.ndarray:
    return np.asarray(_fights(x).any(axis=1))


def _sites(x: Window) -> np.ndarray:
    return (x.part("site_held", np.flatnonzero(x.sites)) < 0.5).sum(axis=1)


def _site_hours(x: Window) -> float:
    limit = 1.0 if x.least is None else x.least
    return float((_sites(x) >= limit).sum() * x.reading.clock.step_h)


def _passivity(x: Window) -> np.ndarray:
    still = x.total(*(f"passive_{cause}" for cause in PASSIVE))
    spots = np.flatnonzero(x.places[x.reading.spot_place])
    obeys = x.part("force", spots).sum(axis=1) + x.part("patrol", spots).sum(axis=1)
    off = x.part("withdrawn", spots).sum(axis=1)  # obeys, and is off the streets
    return (still + off) / np.maximum(still + obeys, 1.0)


def _of_units(x: Window, states: np.ndarray, organ: str = "") -> np.ndarray:
    """(T,) of the people of own units there, the share in units of a state (T, U)."""
    units = x.reading.world.units
    own = ~units.allied if organ == "" else ~units.allied & (units.organ == ORGANS.index(organ))
    people = x.places[x.of("unit_place").astype(int)] * np.where(own, units.people, 0)
    return (people * states).sum(axis=1) / np.maximum(people.sum(axis=1), 1.0)


def _organ_passive(x: Window, organ: str) -> np.ndarray:
    still = x.reading.standing_by[x.first : x.last] | (x.of("refusal") > 0) | (x.of("fallen_back") > 0)
    return _of_units(x, still, organ)


def _refusal(x: Window) -> np.ndarray:
    return _of_units(x, x.of("refusal") > 0)


def _stand_by(x: Window) -> np.ndarray:
    waits = x.reading.standing_by[x.first : x.last] & x.places[x.of("unit_place").astype(int)]
    return (x.of("unit_people") * waits).sum(axis=1)


def _arms(x: Window) -> np.ndarray:
    return x.total("arms_captured", "arms_issued_held", "arms_brought_held")


def _captured_share(x: Window) -> float:
    most = [float(x.total(k).max()) for k in ("arms_captured", "arms_issued_held", "arms_brought_held")]
    return ratio(most[0], sum(most))


def _captured_over_lost(x: Window) -> float:
    lost = float((x.all("arms_lost")[: x.last] @ x.inside).sum())
    return float(np.minimum(ratio(float(x.total("arms_captured").max()), lost), 1.0))


def _looting_share(x: Window) -> float:
    shops = float(x.total("looted").sum())
    held = x.part("site_held", np.flatnonzero(x.sites)) >= 0.5
    lost = float((held[:-1] & ~held[1:]).sum())
    return ratio(shops, shops + lost + float(x.total("burnt").sum()))


# -- harm and offices


def _harmed(x: Window, definition: str) -> np.ndarray:
    return np.cumsum(x.harm(definition)[: x.last] @ x.inside)[x.first :]


def _dead_share(x: Window) -> float:
    flow = x.harm("dead")[: x.last]
    return ratio(float((flow @ x.inside).sum()), float(flow.sum()))


def _dead_over_turnout(x: Window) -> float:
    return ratio(_dead_share(x), _turnout_share(x))


def _shown(x: Window, kind: str) -> float:
    shown = {k: float(x.all(f"shown_{k}")[: x.last].sum()) for k in DETAINEES}
    return ratio(shown[kind], sum(shown[k] for k in DETAINEES if k != "record"))


def _arrival(x: Window) -> np.ndarray:
    return x.of("allied_people") @ x.inside[x.reading.world.units.place]


def _begun(x: Window, kind: str) -> np.ndarray:
    """(T,) measures of a kind that have begun in the scope, by the end of each step."""
    by_kind: dict[str, list[Any]] = x.once("measures", lambda: _by_kind(x.reading))
    starts = [m.start_h for m in by_kind.get(kind, []) if (m.places & x.places).any()]
    ends = (np.arange(x.first, x.last) + 1) * x.reading.clock.step_h
    return np.searchsorted(np.sort(starts), ends, side="right")


def _by_kind(reading: Reading) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for measure in reading.measures:
        found.setdefault(measure.kind, []).append(measure)
    return found


@dataclass(frozen=True)
class Rule:
    """How a kind is looked at.

    look: a course (T,), or one number. words: what the number is. least: from how many on it is so. when: steps of the
    window until it is so. quiet: it is so while the course stays below.
    """

    look: Callable[[Window], np.ndarray | float]
    words: str
    least: float = 1.0
    when: Callable[[np.ndarray, float], float] = at_first
    quiet: bool = False


def _flow(*names: str) -> Callable[[Window], np.ndarray]:
    return lambda x: np.cumsum(x.total(*names))


PERCENT = "{:.0%} "
RULES: dict[str, Rule] = {
    "onset": Rule(_onset, "{:,.0f} people in one place", ONSET_PEOPLE),
    "crowd": Rule(lambda x: x.total("on_street"), "{:,.0f} people"),
    "spread": Rule(_spread, "{:.0f} of {regions} regions"),
    "regions": Rule(_regions, "{:.0f} of {regions} regions"),
    "centres": Rule(_centres, "{:.0f} regional centres"),
    "centre_crowd": Rule(_median_centre, "{:,.0f} people"),
    "turnout_share": Rule(_turnout_share, PERCENT + "of the turnout"),
    "half_turnout": Rule(lambda x: x.total("on_street"), "{:,.0f} people", when=until_half),
    "calm": Rule(lambda x: x.total("on_street"), "at most {:,.0f} people", ENDING.calm_people, until_below, True),
    "first_rank": Rule(_first_rank, "rank {:.0f}"),
    "political_share": Rule(_political, PERCENT + "of the turnout", 0.05),
    "strike": Rule(_strikes, "{:.0f} of {enterprises} enterprises"),
    "strike_share": Rule(_strike_share, PERCENT + "of the workforces", 0.1),
    "strike_share_force": Rule(partial(_strike_share, among=_under_force), PERCENT + "of the workforces", 0.1),
    "strike_share_rest": Rule(partial(_strike_share, among=_without_force), PERCENT + "of the workforces", 0.1),
    "force_used": Rule(lambda x: (x.of("force_used")[:, x.where] > 0).sum(axis=1), "force used in {:.0f} places"),
    "clash": Rule(_clash, "clashes in {:.0f} of {towns} towns"),
    "last_clash": Rule(_any_clash, "clashes", when=at_last),
    "site": Rule(_sites, "{:.0f} of {sites} sites in the crowd's hands"),
    "site_hours": Rule(_site_hours, "{:.0f} hours"),
    "passivity": Rule(_passivity, PERCENT + "of the force passive", 0.5),
    **{f"{o}_passive": Rule(partial(_organ_passive, organ=o), PERCENT + "of the " + o) for o in STATE_ORGANS},
    "refusal": Rule(_refusal, PERCENT + "of the force refuse", 0.01),
    "stand_by": Rule(_stand_by, "{:,.0f} of the force stand by"),
    "live_fire": Rule(lambda x: np.cumsum(x.harm("dead")[x.first : x.last] @ x.inside), "{:,.0f} killed"),
    "arms": Rule(_arms, "{:,.0f} firearms in its hands"),
    "captured_share": Rule(_captured_share, PERCENT + "captured"),
    "captured_over_lost": Rule(_captured_over_lost, PERCENT + "of those lost"),
    "looting": Rule(_flow("looted"), "{:,.0f} shops", float(LIMITS.shops)),
    "looting_here": Rule(
        lambda x: ratio(float(x.total("looted").sum()), float(x.of("looted").sum())), PERCENT + "of the shops"
    ),
    "looting_share": Rule(_looting_share, PERCENT + "of what is attacked"),
    "burnt": Rule(_flow("burnt"), "{:,.0f} offices"),
    **{name: Rule(partial(_harmed, definition=name), "{:,.0f} people") for name in HARM_KINDS},
    "dead_share": Rule(_dead_share, PERCENT + "of the dead"),
    "dead_over_turnout": Rule(_dead_over_turnout, "{:.2g} times"),
    **{f"detained_{k}": Rule(partial(_shown, kind=k), PERCENT + "of the detained shown") for k in DETAINEES[1:]},
    "arrival": Rule(_arrival, "{:,.0f} allied troops"),
    "patron_removed": Rule(lambda x: x.of("patron_removed"), "removed"),
    **{kind: Rule(partial(_begun, kind=kind), "taken {:.0f} times") for kind in MEASURE_KINDS},
}  # fmt: skip
"""Kind of an observation -> how a run is looked at; `order` is worked out from two of them."""
