"""Observables of force on both sides: clashes, sites, who of the forces does nothing, arms, looting."""

from __future__ import annotations

from functools import partial

import numpy as np

from groundswell.engine.observable import Observable, Observables, at_last, longest, ratio, so_far
from groundswell.observe.window import CLASH_PEOPLE, Window

PASSIVE = ("exhaustion", "disloyalty", "order")
ARMS = ("arms_captured", "arms_issued_held", "arms_brought_held")
LOOTED_SHOPS = 10  # as many as are looting and not one theft (assumed)
STATE_ORGANS = ("police", "guard", "army", "security")


def _fighting(x: Window) -> np.ndarray:
    return x.total("fighting")


def _fighting_part(x: Window) -> float:
    return ratio(float(_fighting(x).sum()), float(x.total("on_street").sum()))


def _fighting_share(x: Window) -> float:
    return ratio(float(_fighting(x).sum()), float(x.of("fighting").sum()))


def _fights(x: Window) -> np.ndarray:
    """(T, n) whether so many fight in a place of the scope."""
    return np.asarray(x.here("fighting") >= CLASH_PEOPLE)


def _clash(x: Window) -> np.ndarray:
    return so_far(_fights(x), x.reading.world.town[x.where])


def _any_clash(x: Window) -> np.ndarray:
    return np.asarray(_fights(x).any(axis=1))


def _group(x: Window) -> np.ndarray:
    return x.of("outsiders") @ x.inside[x.reading.spot_place]


def _sites(x: Window) -> np.ndarray:
    return (x.part("site_held", np.flatnonzero(x.sites)) < 0.5).sum(axis=1)


def _site_hours(x: Window) -> float:
    limit = 1.0 if x.least is None else x.least
    return float((_sites(x) >= limit).sum() * x.step_h)


def _council_day(x: Window) -> np.ndarray:
    return np.asarray(longest(x.here("council") > 0) * x.step_h >= 24.0)


def passive_people(x: Window) -> np.ndarray:
    """(T,) people of the forces there who do nothing, for any cause."""
    return x.total(*(f"passive_{cause}" for cause in PASSIVE))


def _passivity(x: Window) -> np.ndarray:
    still = passive_people(x)
    spots = np.flatnonzero(x.places[x.reading.spot_place])
    obeys = x.part("force", spots).sum(axis=1) + x.part("patrol", spots).sum(axis=1)
    off = x.part("withdrawn", spots).sum(axis=1)  # obeys, and is off the streets
    return (still + off) / np.maximum(still + obeys, 1.0)


def _of_units(x: Window, states: np.ndarray, organ: str = "") -> np.ndarray:
    """(T,) of the people of own units there, the share in units of a state (T, U)."""
    units = x.reading.world.units
    kinds = np.array(x.reading.world.organs.kind)
    own = ~units.allied if organ == "" else ~units.allied & (kinds == organ)[units.organ]
    people = x.places[x.of("unit_place").astype(int)] * np.where(own, units.people, 0)
    return (people * states).sum(axis=1) / np.maximum(people.sum(axis=1), 1.0)


def _organ_passive(x: Window, organ: str) -> np.ndarray:
    still = x.reading.standing_by[x.first : x.last] | (x.of("refusal") > 0) | (x.of("fallen_back") > 0)
    return _of_units(x, still, organ)


def _refusal(x: Window) -> np.ndarray:
    return _of_units(x, x.of("refusal") > 0)


def _refusing(x: Window) -> np.ndarray:
    return (x.units("unit_people") * (x.of("refusal") > 0)).sum(axis=1)


def _stand_by(x: Window) -> np.ndarray:
    return (x.units("unit_people") * x.reading.standing_by[x.first : x.last]).sum(axis=1)


def _arms(x: Window) -> np.ndarray:
    return x.total(*ARMS)


def _captured_share(x: Window) -> float:
    most = [float(x.total(k).max()) for k in ARMS]
    return ratio(most[0], sum(most))


def _captured_over_lost(x: Window) -> float:
    lost = float((x.all("arms_lost")[: x.last] @ x.inside).sum())
    return float(np.minimum(ratio(float(x.total("arms_captured").max()), lost), 1.0))


def _looting(x: Window) -> np.ndarray:
    return np.cumsum(x.total("looted"))


def _looting_here(x: Window) -> float:
    return ratio(float(x.total("looted").sum()), float(x.of("looted").sum()))


def _looting_share(x: Window) -> float:
    shops = float(x.total("looted").sum())
    held = x.part("site_held", np.flatnonzero(x.sites)) >= 0.5
    lost = float((held[:-1] & ~held[1:]).sum())
    return ratio(shops, shops + lost + float(x.total("burnt").sum()))


FORCE: Observables = {
    "fighting": Observable("inhabitants who fight", "people", "count", _fighting, 1),
    "fighting_part": Observable("share of the time on the street that is fought", "share", "share", _fighting_part),
    "fighting_share": Observable("the scope's share of all fighting by inhabitants", "share", "share", _fighting_share),
    "group": Observable("members of organised groups who are out", "people", "count", _group, 1),
    "force_used": Observable(
        "places where the state uses force on people", "places", "count",
        lambda x: (x.here("force_used") > 0).sum(axis=1), 1, told="force used in {:.0f} places",
    ),
    "clash": Observable(
        f"towns that have had {CLASH_PEOPLE} people fighting in one place", "towns", "count", _clash, 1,
        told="clashes in {:.0f} of {towns} towns",
    ),
    "last_clash": Observable(
        f"last hour in which {CLASH_PEOPLE} fight in a place", "h", "hour", _any_clash, 1, at_last, told="clashes"
    ),
    "site": Observable(
        "sites in the crowd's hands", "sites", "count", _sites, 1, told="{:.0f} of {sites} sites in the crowd's hands"
    ),
    "site_hours": Observable(
        "hours for which so many sites are in the crowd's hands, one unless said", "h", "count", _site_hours,
        told="{:.0f} hours", within=True,
    ),
    "councils": Observable("councils of the crowd", "councils", "count", lambda x: x.total("council"), 1),
    "council": Observable("a council of the crowd lasts a day", "", "yes", _council_day, 1),
    "passive_people": Observable(
        "people of the forces who do nothing, for any cause", "people", "count", passive_people, 1
    ),
    "passivity": Observable(
        "of the force there, those who do nothing or have left the streets for an office, by any cause", "share",
        "share", _passivity, 0.5, told="{:.0%} of the force passive",
    ),
    **{
        f"{organ}_passive": Observable(
            f"of the people of the {organ} there, those of units that stand by, refuse, left or fell back", "share",
            "share", partial(_organ_passive, organ=organ), told="{:.0%} of the " + organ,
        ) for organ in STATE_ORGANS
    },
    "refusing_people": Observable("people of the forces who refuse", "people", "count", _refusing, 1),
    "refusal": Observable(
        "of the forces' people there, those of units that refuse, went home or over", "share", "share", _refusal, 0.01,
        told="{:.0%} of the force refuse",
    ),
    "stand_by": Observable(
        "people of the forces under an order to stand by", "people", "count", _stand_by, 1,
        told="{:,.0f} of the force stand by",
    ),
    "arms": Observable(
        "firearms in the crowd's hands", "firearms", "count", _arms, 1, told="{:,.0f} firearms in its hands"
    ),
    "captured_share": Observable(
        "of the firearms in the crowd's hands at most the captured", "share", "share", _captured_share,
        told="{:.0%} captured",
    ),
    "captured_over_lost": Observable(
        "captured firearms in the crowd's hands at most, over those that the forces lost", "share", "share",
        _captured_over_lost, told="{:.0%} of those lost",
    ),
    "looting": Observable(
        "shops looted in the window", "shops", "count", _looting, LOOTED_SHOPS, told="{:,.0f} shops"
    ),
    "looting_here": Observable(
        "the scope's share of looted shops", "share", "share", _looting_here, told="{:.0%} of the shops"
    ),
    "looting_share": Observable(
        "shops looted, over shops looted, sites lost and offices burned in the window", "share", "share",
        _looting_share, told="{:.0%} of what is attacked",
    ),
    "burnt": Observable(
        "public offices burned in the window", "offices", "count", lambda x: np.cumsum(x.total("burnt")), 1,
        told="{:,.0f} offices",
    ),
    "demolitions": Observable(
        "attempts to clear houses built without a permit", "attempts", "count",
        lambda x: np.cumsum(x.total("demolitions")),
    ),
}  # fmt: skip
