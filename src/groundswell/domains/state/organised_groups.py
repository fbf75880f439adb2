"""Organised groups: foreign organisers, armed cells, a faction's men, an exile's network, criminal groups, in one form.

    members of town T over targets s:  share ~ exp(-beta_d h_s + kappa ln(1 + C_s)), of targets that the state holds
    lost at s per hour, each with probability 1 - exp(-sum of rates * dt): hit, arrested, dispersed, gone for good
    dispersed members come back at 1 / regroup_h;  of those hit a share `lethality_at` dies, the others do not come back
    urge_p += b_msg * reach_p * mobile users_p    in the scope of a group that calls people out, while it is at work

Kinds differ by their rows alone (scope, kinds of targets, arms, message, what makes them leave) and by two parameters:
how many people (0: off, the default) and from which hour (below 0: that of the row). So an account that sees an actor
from the start and one that sees it come later differ in an hour, and none is given a weaker form than another.

- Members are outsiders: made people beyond the population, who join nobody's crowd and whose dead are counted apart
  (`outsiders_dead`). They all fight, at their targets, where the population's crowd stands or where it does not.
- When it starts, a group spreads over the towns of its scope that have targets, by inhabitants; without any target it
  stands where people gather. From then on it moves inside its towns. h_s: walk to s from where its place gathers.
- A faction's group starts when the patron's faction releases it, whatever the hour of its row, and goes home when it is
  called back. If its hour is set as a parameter, it starts then without being released: an account's own statement.
- Members carry their arms: brought ones from the start; issued ones, a faction's group alone, once, as soon as the
  patron's faction commands an organ that has firearms. Of those who are hit the firearms fall to the crowd of the place
  (`arms_brought`, `arms_issued`); of those arrested the state takes them.
- `leaves_when` makes members leave at `leave_hazard`. force: live fire at their spot, or allied troops in the country;
  channel_closed: networks are cut where they are; head_arrested: the head of the security organ is held.
- An exile's message reaches people over the mobile network as far as it is open (`reach`), and ends with the group.

Each kind is disputed. Choice of targets: conditional logit (McFadden 1974), as for crowds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.engine.clock import Now
from groundswell.engine.mechanism import Mechanism, Variable, parameter
from groundswell.engine.priors import Fixed, LogNormal, Uniform
from groundswell.engine.purposes import purpose
from groundswell.world.geography import between_km

BAND_ARMS = purpose("organised groups: arms")  # firearms of members who were hit
BAND_ARREST = purpose("organised groups: arrest")  # how many of the others were arrested
BAND_BACK = purpose("organised groups: back")  # how many of the dispersed who move go back, and do not leave
BAND_DISPERSED = purpose("organised groups: dispersed")  # how many of the rest were dispersed
BAND_FATE = purpose("organised groups: fate")  # how many of those hit die
BAND_HIT = purpose("organised groups: hit")  # how many of those were hit
# How many members of an organised group change state: hit, arrested, dispersed, left, back.
BAND_LOSS = purpose("organised groups: loss")

KINDS = ("foreign", "armed", "faction", "exile", "criminal")


def apportion(total: np.ndarray, town: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Whole people over targets: each town's total in proportion to weights, by largest remainders.

    Args:
        total: (P,) whole people by town. town: (T,) town of each target. weight: (T,) above 0 somewhere in each town.
    """
    exact = total[town] * weight / np.maximum(np.bincount(town, weight, len(total))[town], np.finfo(float).tiny)
    whole = np.floor(exact).astype(np.int64)
    left = total - np.bincount(town, whole, len(total)).astype(np.int64)
    order = np.lexsort((whole - exact, town))  # by town, largest remainder first
    rank = np.empty(len(town), np.int64)
    sorted_town = town[order]
    rank[order] = np.arange(len(town)) - np.searchsorted(sorted_town, sorted_town)
    return whole + (rank < left[town])


def pull(walk: np.ndarray, crowd: np.ndarray, held: np.ndarray, town: np.ndarray, kappa: float) -> np.ndarray:
    """(T,) attraction of targets: near ones, with a crowd, held by the state; where none is, all of the town.

    Args:
        walk: (T,) exp(-beta_d * hours). crowd: (T,) people there. held: (T,) whether the state holds it.
    """
    every = walk * (1.0 + crowd) ** kappa
    open_ones = every * (held > 0)
    return np.where(np.bincount(town, open_ones)[town] > 0, open_ones, every)


def _people(who: str) -> Any:
    return parameter(
        0.0, unit="people", prior=Fixed("0: off; LN(300; 30, 3000) under an account that turns it on"), low=0,
        source="set by accounts", about=f"members of {who}, at the scale of the country",
    )  # fmt: skip


def _start(who: str) -> Any:
    return parameter(
        -1.0, unit="h since start", prior=Fixed("the row's hour; U(0, 144) under an account that turns it on"), low=-1,
        source="set by accounts", about=f"hour at which {who} start; below 0: that of their row",
    )  # fmt: skip


class OrganisedGroups(Mechanism):
    """Members of organised groups: where they are, what arms they have, what becomes of them."""

    name = "organised_groups"
    needs = ("groups",)
    reads = ("band_release", "commander", "head_arrested", "cut", "reach", "allied_share")
    lags = (
        "crowd", "site_held", "unit_people", "hit_rate_at", "arrest_rate_at", "disperse_rate_at", "lethality_at",
    )  # fmt: skip
    writes = (
        Variable("band_people", ("band",), "people", "members at their targets", keep="hour", dtype=int),
        Variable("band_at", ("band", "spot"), "people", "members by spot", dtype=int),
        Variable("band_out", ("band", "place"), "people", "members dispersed, by first place of town", dtype=int),
        Variable("band_start_h", ("band",), "h", "hour at which the group started, nan: not", np.nan),
        Variable("band_issued", ("band",), "1", "share of members with arms issued"),
        Variable("band_dead", ("band",), "people/h", "members killed", keep="hour", dtype=int),
        Variable("band_injured", ("band",), "people/h", "members injured", keep="hour", dtype=int),
        Variable("band_arrested", ("band",), "people/h", "members arrested", keep="hour", dtype=int),
        Variable("band_left", ("band",), "people/h", "members who left for good", keep="hour", dtype=int),
        Variable("outsiders", ("spot",), "people", "members of organised groups there", keep="hour", dtype=int),
        Variable("outsiders_dead", ("place",), "people/h", "members killed there", keep="hour", dtype=int),
        Variable("outsiders_injured", ("place",), "people/h", "members injured there", keep="hour", dtype=int),
        Variable("outsiders_arrested", ("place",), "people/h", "members arrested there", keep="hour", dtype=int),
        Variable("outsiders_armed", ("spot",), "people", "armed members there", keep="hour", dtype=int),
        Variable("arms_brought", ("place",), "firearms/h", "brought firearms that fall to the crowd", dtype=int),
        Variable("arms_issued", ("place",), "firearms/h", "issued firearms that fall to the crowd", dtype=int),
        Variable("band_message", ("place",), "log-hazard", "calls to come out that reach a place"),
    )
    adds = ("urge",)

    @dataclass(frozen=True)
    class Parameters:
        """Parameters of organised groups."""

        foreign_people: float = _people("foreign organisers' groups")
        armed_people: float = _people("armed cells")
        faction_people: float = _people("groups led by a faction")
        exile_people: float = _people("an exile's network")
        criminal_people: float = _people("criminal groups")
        foreign_start_h: float = _start("foreign organisers' groups")
        armed_start_h: float = _start("armed cells")
        faction_start_h: float = _start("groups led by a faction")
        exile_start_h: float = _start("an exile's network")
        criminal_start_h: float = _start("criminal groups")
        message: float = parameter(
            0.5, unit="log-hazard", prior=Uniform(0, 1), source="assumed", about="b_msg, urge by a group's call"
        )
        regroup_h: float = parameter(
            6.0, unit="h", prior=LogNormal(6, 2, 24), source="assumed", about="time until a dispersed member is back"
        )
        leave_hazard: float = parameter(
            0.2, unit="1/h", prior=LogNormal(0.2, 0.05, 1), source="assumed", about="hazard of leaving once they leave"
        )
        walk_cost: float = parameter(
            1.0, unit="1/h", prior=LogNormal(1, 0.5, 2), source="assumed", about="beta_d, cost of an hour's walk"
        )
        crowd_pull: float = parameter(
            0.5, unit="1", prior=Uniform(0, 1), source="assumed", about="kappa, pull of the crowd at a target"
        )
        speed_km_h: float = parameter(
            4.5, unit="km/h", prior=LogNormal(4.5, 3.5, 6), source="assumed: walking pace", about="speed on foot"
        )

    def prepare(self) -> None:
        """Sizes, hours, and the targets of each group by town."""
        w, p, b = self.w, self.p, self.w.bands
        kind = np.array(b.kind, object)
        rows = [max(int((kind == k).sum()), 1) for k in b.kind]
        people = [getattr(p, f"{k}_people") * w.cells.people_scale / n for k, n in zip(b.kind, rows, strict=True)]
        self.size = np.rint(np.array(people, float)).astype(np.int64)
        set_h = np.array([getattr(p, f"{k}_start_h") for k in b.kind], float)
        self.released = (kind == "faction") & (set_h < 0)  # starts and stops with its faction
        self.start_h = np.where(set_h >= 0, set_h, np.where(self.released, 0.0, b.start_h))
        self.faction = kind == "faction"
        self.leaves = {why: np.array(b.leaves_when, object) == why for why in set(b.leaves_when)}
        self.none = np.zeros(len(kind), bool)
        self.patron = np.flatnonzero(w.factions.removable)
        office = w.units.office
        armed = (office >= 0) & (np.append(w.offices.organ, -1)[office] >= 0) & (w.units.firearm_share > 0)
        self.armed_units, self.armed_office = np.flatnonzero(armed), office[armed]
        first = np.unique(w.town, return_index=True)[1]
        self.town = first[w.town]  # (P,) first place of each place's town
        self.spot_town = self.town[w.spots.place]
        self.mobile = w.place("mobile_reach_share").astype(float)
        home = w.home_spot[w.spots.place]
        km = between_km(w.spots.lat_deg, w.spots.lon_deg, w.spots.lat_deg[home], w.spots.lon_deg[home])
        self.walk = np.exp(-p.walk_cost * km / p.speed_km_h)
        self.targets = [self._targets(k) for k in range(len(kind))]

    def _targets(self, k: int) -> np.ndarray:
        """Spots that a group goes to: sites of its kinds in its scope, else where people gather."""
        w, b = self.w, self.w.bands
        sites = np.isin(w.spots.kind, b.targets[k]) & b.places[k][w.spots.place]
        return np.flatnonzero(sites) if sites.any() else np.unique(w.home_spot[b.places[k]])

    def step(self, now: Now) -> None:
        """Losses of the past hour, groups that start, where members are, arms and calls."""
        if not np.count_nonzero(self.size):
            return
        s = self.s
        there = (s.outsiders_dead, s.outsiders_injured, s.outsiders_arrested)
        for flow in (s.band_dead, s.band_injured, s.band_arrested, s.band_left, *there, s.arms_brought, s.arms_issued):
            flow[:] = 0
        come = np.zeros_like(s.band_out)
        if s.band_at.any() or s.band_out.any():
            self._lose(now.step, come)
        self._start(now.hour, come)
        self._spread(come)
        self._arm()
        self._call()

    def _going(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(K,) groups that leave wherever they are; those that leave where networks are cut, and under live fire."""
        s = self.s

        def why(name: str) -> np.ndarray:
            return self.leaves.get(name, self.none)

        everywhere = why("force") & (s.allied_share > 0) | why("head_arrested") & (s.head_arrested > 0)
        if not s.band_release[self.patron].any():
            everywhere = everywhere | self.released
        return everywhere, why("channel_closed"), why("force")

    def _lose(self, step: int, come: np.ndarray) -> None:
        """Members hit, arrested, dispersed and gone since the last hour; `come` gets those who are back."""
        from groundswell.engine.random import binomial

        s, p, w, seed = self.s, self.p, self.w, self.seed
        cells, bands = w.spot_count + w.places, len(self.size)
        everywhere, closed, shy = self._going()
        k, where = np.nonzero(s.band_out)
        if len(k):
            leave = p.leave_hazard * (everywhere[k] | closed[k] & (s.cut[where] > 0))
            key, out = k * cells + w.spot_count + where, s.band_out[k, where]
            moved = binomial(seed, BAND_LOSS, key, step, out, -np.expm1(-(leave + 1.0 / p.regroup_h) * self.dt))
            back = binomial(seed, BAND_BACK, key, step, moved, 1.0 / (1.0 + leave * p.regroup_h))
            s.band_out[k, where] -= moved
            come[k, where] = back
            s.band_left += np.bincount(k, moved - back, bands).astype(np.int64)
        k, spot = np.nonzero(s.band_at)
        hit, arrest, disperse = s.hit_rate_at[spot], s.arrest_rate_at[spot], s.disperse_rate_at[spot]
        live = (s.lethality_at[spot] > 0) & (hit > 0)
        leave = p.leave_hazard * (everywhere[k] | closed[k] & (s.cut[w.spots.place[spot]] > 0) | shy[k] & live)
        total = hit + arrest + disperse + leave
        key = k * cells + spot
        lost = binomial(seed, BAND_LOSS, key, step, s.band_at[k, spot], -np.expm1(-total * self.dt))
        if not lost.any():
            return
        injured = binomial(seed, BAND_HIT, key, step, lost, _share(hit, total))
        held = binomial(seed, BAND_ARREST, key, step, lost - injured, _share(arrest, total - hit))
        out = binomial(seed, BAND_DISPERSED, key, step, lost - injured - held, _share(disperse, disperse + leave))
        s.band_at[k, spot] -= lost
        np.add.at(s.band_out, (k, self.spot_town[spot]), out)
        for flow, count in ((s.band_arrested, held), (s.band_left, lost - injured - held - out)):
            flow += np.bincount(k, count, bands).astype(np.int64)
        np.add.at(s.outsiders_arrested, w.spots.place[spot], held)
        if injured.any():
            dead = binomial(seed, BAND_FATE, key, step, injured, s.lethality_at[spot])
            for flow, count in ((s.band_dead, dead), (s.band_injured, injured - dead)):
                flow += np.bincount(k, count, bands).astype(np.int64)
            for flow, count in ((s.outsiders_dead, dead), (s.outsiders_injured, injured - dead)):
                np.add.at(flow, w.spots.place[spot], count)
            self._drop(step, k, spot, key, injured)

    def _drop(self, step: int, k: np.ndarray, spot: np.ndarray, key: np.ndarray, injured: np.ndarray) -> None:
        """Firearms of members who were hit stay with the crowd of the place."""
        from groundswell.engine.random import binomial

        s, w = self.s, self.w
        brought, issued = w.bands.arms_brought_share[k], s.band_issued[k]
        arms = binomial(self.seed, BAND_ARMS, 2 * key, step, injured, brought)
        more = binomial(self.seed, BAND_ARMS, 2 * key + 1, step, injured - arms, _share(issued, 1.0 - brought))
        for flow, count in ((s.arms_brought, arms), (s.arms_issued, more)):
            np.add.at(flow, w.spots.place[spot], count)

    def _start(self, hour: float, come: np.ndarray) -> None:
        """Put the members of groups that start this hour into `come`, by town."""
        s, w = self.s, self.w
        starting = np.isnan(s.band_start_h) & (hour >= self.start_h) & (self.size > 0)
        if not starting.any():
            return
        if not s.band_release[self.patron].any():
            starting &= ~self.released
        for k in np.flatnonzero(starting):
            s.band_start_h[k] = hour
            people = np.bincount(self.town, w.people * w.bands.places[k], w.places)
            towns = np.unique(self.spot_town[self.targets[k]])
            all_in_one = np.zeros(len(towns), np.int64)
            come[k, towns] = apportion(self.size[k : k + 1], all_in_one, people[towns])

    def _spread(self, come: np.ndarray) -> None:
        """Members of each town over its targets."""
        s, w = self.s, self.w
        for k in np.flatnonzero(s.band_at.any(axis=1) | come.any(axis=1)):
            total = come[k] + np.bincount(self.spot_town, s.band_at[k], w.places).astype(np.int64)
            spots = self.targets[k]
            town = self.spot_town[spots]
            weight = pull(self.walk[spots], s.crowd[spots].sum(axis=1), s.site_held[spots], town, self.p.crowd_pull)
            s.band_at[k] = 0
            s.band_at[k, spots] = apportion(total, town, weight)
        s.band_people[:] = s.band_at.sum(axis=1)
        s.outsiders[:] = s.band_at.sum(axis=0)

    def _arm(self) -> None:
        """Arms issued to a faction's groups, and who is armed where."""
        s, b = self.s, self.w.bands
        issuing = self.faction & ~np.isnan(s.band_start_h) & (s.band_issued == 0) & (b.arms_issued_share > 0)
        if issuing.any() and self._has_arms():
            s.band_issued[issuing] = np.minimum(b.arms_issued_share, 1.0 - b.arms_brought_share)[issuing]
        s.outsiders_armed[:] = 0
        share = b.arms_brought_share + s.band_issued
        for k in np.flatnonzero((s.band_people > 0) & (share > 0)):
            s.outsiders_armed += np.rint(share[k] * s.band_at[k]).astype(np.int64)

    def _has_arms(self) -> bool:
        """Whether the patron's faction commands an organ with people who have firearms."""
        under = np.isin(self.s.commander[self.armed_office], self.patron)
        return bool((self.s.unit_people[self.armed_units][under] > 0).any())

    def _call(self) -> None:
        """Calls to come out of groups that are at work."""
        s, b = self.s, self.w.bands
        calling = b.message & (s.band_at.any(axis=1) | s.band_out.any(axis=1))
        s.band_message[:] = 0.0
        if calling.any():
            heard = self.p.message * s.reach * self.mobile
            s.band_message[:] = heard * b.places[calling].sum(axis=0)
            s.urge += s.band_message[self.w.group_place]


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Parts of wholes; 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
