"""The people of a case as cells: place, sex, age, community, livelihood and enterprise, counted one by one.

Exact: every place's total, every region's men and women by age band, every enterprise's workforce. Fitted:
livelihoods by region and settlement. Nothing joins sex or age to community, or community to livelihood,
in the tables, so inside a place these are independent (the fit of greatest entropy).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell.world.cells import (
    AGES,
    SEXES,
    Cells,
    FloatArray,
    Groups,
    IntArray,
    Merged,
    Residual,
    assemble,
    scale,
)  # fmt: skip
from groundswell.world.ipf import Marginal, carried_rounding, controlled_rounding, ipf

if TYPE_CHECKING:
    from groundswell.case import Case

__all__ = ["Cells", "Groups", "Merged", "Residual", "build_cells", "scale"]

ONE_COMMUNITY = "all"
"""The community of everybody where a case has no communities.csv."""

_RELATIVE_FLOOR_PEOPLE = 100.0
_CHILD, _YOUNG, _MIDDLE, _PENSION = range(4)
_WORKING = (_YOUNG, _MIDDLE)


@dataclass(frozen=True)
class _Tables:
    """The case's figures as arrays; places in canonical order (region, settlement, id), not the file's."""

    place_row: IntArray  # row of places.csv
    place_id: list[str]
    people: IntArray
    urban: FloatArray
    men: FloatArray
    community_id: list[str]  # in the order of communities.csv
    community: FloatArray  # place x community, rows sum to 1
    region: IntArray
    region_id: list[str]
    sex_age: IntArray  # region x (men child, men young, .., women pension)
    urban_people: IntArray  # region
    livelihood_id: list[str]
    allowed: FloatArray  # livelihood x age, 1 or 0, working ages of working livelihoods only
    child: int
    pensioner: int
    share: FloatArray  # region x (urban, rural) x livelihood
    enterprise_id: list[str]
    enterprise_place: IntArray
    enterprise_livelihood: IntArray
    workforce: IntArray


def build_cells(case: Case) -> Cells:
    """The population of `case` at full size; raises ValueError where its tables contradict each other."""
    t = _read(case)
    people = _by_sex_age(t)
    livelihood_fit, enterprise_fit, notes = _fit_livelihoods(t, people)
    employed = _round_enterprises(t, people, enterprise_fit)

    # working ages outside the enterprises, row by row: place, sex, age
    free = people.reshape(-1, 2, 4)[:, :, _WORKING] - employed.sum(axis=3)
    weights = _filled(t, livelihood_fit).reshape(-1, len(t.livelihood_id))
    worked = carried_rounding(weights, free.reshape(-1))
    worked = worked.reshape(len(people), 2, 2, -1)

    columns = _rows(t, people, worked, employed)
    split = carried_rounding(t.community[columns["place"]], columns.pop("count"))
    row, community = np.nonzero(split)
    cells = {name: values[row] for name, values in columns.items()}
    cells["community"] = community
    cells["count"] = split[row, community]
    residuals = _residuals(t, cells)
    cells["place"] = t.place_row[cells["place"]]
    return assemble(
        cells, place_count=len(t.people), livelihoods=tuple(t.livelihood_id),
        communities=tuple(t.community_id), fit_residuals=residuals, notes=tuple(notes),
    )  # fmt: skip


def _read(case: Case) -> _Tables:
    places, regions, age_sex = (case.tables[name] for name in ("places", "regions", "age_sex"))
    livelihoods, shares, enterprises = (
        case.tables[name] for name in ("livelihoods", "region_livelihood", "enterprises")
    )
    region_id = [str(r) for r in regions.column("region")]
    region_at = {r: i for i, r in enumerate(region_id)}
    ids = np.array([str(p) for p in places.column("place")])
    names = np.array([str(r) for r in places.column("region")])
    urban = np.asarray(places.column("urban_share"), dtype=np.float64)
    order = np.lexsort([ids, urban < 0.5, names])  # the file's order of places must not matter
    community_id, community = _communities(case, ids)
    community = community[order]
    people = np.asarray(places.column("population_people"), dtype=np.int64)[order]
    empty = (community.sum(axis=1) <= 0) & (people > 0)
    if empty.any():
        raise ValueError(f"communities: {ids[order][empty][0]}: its shares sum to 0")
    community = community / np.maximum(community.sum(axis=1, keepdims=True), 1e-300)

    sex_age = np.zeros((len(region_id), 8), dtype=np.int64)
    for region, sex, band, n in zip(*(age_sex.column(c) for c in ("region", "sex", "age_band", "people")), strict=True):
        sex_age[region_at[str(region)], SEXES.index(str(sex)) * 4 + AGES.index(str(band))] += int(n)

    livelihood_id = [str(x) for x in livelihoods.column("livelihood")]
    livelihood_at = {x: i for i, x in enumerate(livelihood_id)}
    allowed, child, pensioner = _ages(livelihood_id, list(livelihoods.column("ages")))
    share = np.zeros((len(region_id), 2, len(livelihood_id)))
    for region, settlement, livelihood, value in zip(
        *(shares.column(c) for c in ("region", "settlement", "livelihood", "share")), strict=True
    ):
        k = livelihood_at[str(livelihood)]
        if not allowed[k].any() and value > 0:
            raise ValueError(f"region_livelihood: {livelihood} has share {value}, but holds no working age")
        share[region_at[str(region)], ("urban", "rural").index(str(settlement)), k] += float(value)

    place_at = {str(p): i for i, p in enumerate(ids[order])}
    return _Tables(
        place_row=order.astype(np.int64), place_id=[str(p) for p in ids[order]], people=people,
        urban=urban[order], men=np.asarray(places.column("men_share"), dtype=np.float64)[order],
        community_id=community_id, community=community,
        region=np.array([region_at[str(r)] for r in names[order]], dtype=np.int64),
        region_id=region_id, sex_age=sex_age,
        urban_people=np.asarray(regions.column("urban_people"), dtype=np.int64),
        livelihood_id=livelihood_id, allowed=allowed, child=child, pensioner=pensioner, share=share,
        enterprise_id=[str(e) for e in enterprises.column("enterprise")],
        enterprise_place=np.array([place_at[str(p)] for p in enterprises.column("place")], dtype=np.int64),
        enterprise_livelihood=np.array(
            [livelihood_at[str(x)] for x in enterprises.column("livelihood")], dtype=np.int64
        ),
        workforce=np.asarray(enterprises.column("workforce_people"), dtype=np.int64),
    )  # fmt: skip


def _communities(case: Case, place_id: np.ndarray) -> tuple[list[str], FloatArray]:
    """Ids of the communities in the order of their first rows, and the share of each in every place of places.csv.

    A case without communities.csv has one community, to which everybody belongs.
    """
    table = case.tables["communities"]
    if not len(table):
        return [ONE_COMMUNITY], np.ones((len(place_id), 1))
    ids = list(dict.fromkeys(str(x) for x in table.column("community")))
    place, community = {str(p): i for i, p in enumerate(place_id)}, {x: i for i, x in enumerate(ids)}
    shares = np.zeros((len(place_id), len(ids)))
    for p, c, share in zip(*(table.column(x) for x in ("place", "community", "share")), strict=True):
        shares[place[str(p)], community[str(c)]] = float(share)
    return ids, shares


def _ages(livelihood_id: list[str], given: list[Any]) -> tuple[FloatArray, int, int]:
    """Livelihood x working age allowed, and the one livelihood of children and of people past pension age."""
    allowed = np.zeros((len(livelihood_id), 4))
    for k, bands in enumerate(given):
        for band in bands.split(";") if isinstance(bands, str) else bands:
            allowed[k, AGES.index(str(band).strip())] = 1
    only = {}
    for band in (_CHILD, _PENSION):
        own = [k for k in range(len(allowed)) if allowed[k, band] and allowed[k].sum() == 1]
        if len(own) != 1:
            raise ValueError(f"livelihoods: exactly one must hold the age band {AGES[band]} and no other")
        only[band] = own[0]
    return allowed[:, _WORKING], only[_CHILD], only[_PENSION]


def _by_sex_age(t: _Tables) -> IntArray:
    """Place x (sex, age), whole people; both the places' and the regions' totals exact."""
    in_region = np.bincount(t.region, t.people, len(t.region_id))
    apart = np.flatnonzero(in_region != t.sex_age.sum(axis=1))
    if len(apart):
        r = apart[0]
        raise ValueError(
            f"region {t.region_id[r]}: places hold {int(in_region[r])} people, age_sex.csv {int(t.sex_age[r].sum())}"
        )
    slot, width = _slots(t.region, len(t.region_id))
    ages = t.sex_age.reshape(-1, 2, 4) / np.maximum(t.sex_age.reshape(-1, 2, 4).sum(axis=2, keepdims=True), 1)
    sexes = np.clip(np.column_stack([t.men, 1 - t.men]), 1e-6, None)
    seed = np.zeros((len(t.region_id), width, 8))
    seed[t.region, slot] = (sexes[:, :, None] * ages[t.region]).reshape(-1, 8) * t.people[:, None]
    totals = np.zeros((len(t.region_id), width))
    totals[t.region, slot] = t.people
    fit = ipf(
        seed,
        [
            Marginal((0, 2), t.sex_age.astype(np.float64), "region x sex x age"),
            Marginal((0, 1), totals, "place"),
        ],
        tolerance=1e-12,
    ).table
    out = np.zeros((len(t.people), 8), dtype=np.int64)
    for r in range(len(t.region_id)):
        mine = np.flatnonzero(t.region == r)
        if len(mine):
            out[mine] = controlled_rounding(fit[r, slot[mine]], t.people[mine], t.sex_age[r])
    return out


def _slots(group: IntArray, groups: int) -> tuple[IntArray, int]:
    """The running number of each entry inside its group, and the largest group's size."""
    order = np.argsort(group, kind="stable")
    sizes = np.bincount(group, minlength=groups)
    starts = np.cumsum(sizes) - sizes
    slot = np.empty(len(group), dtype=np.int64)
    slot[order] = np.arange(len(group)) - starts[group[order]]
    return slot, int(sizes.max(initial=0))


def _fit_livelihoods(t: _Tables, people: IntArray) -> tuple[FloatArray, FloatArray, list[str]]:
    """Expected people outside the enterprises by place x sex x age x livelihood, and place x sex x age x slot
    of the enterprises, for the two working ages; all regions and settlements are fitted in one table.

    A place that is part urban, part rural lies in both settlements with that part of its people. Where a
    settlement's enterprises need more people than the livelihood's share gives, the other livelihoods give
    way in proportion, and the places with enterprises give way first.
    """
    P, K = len(people), len(t.livelihood_id)
    working = people.reshape(P, 2, 4)[:, :, _WORKING].astype(np.float64)  # place, sex, age
    needed = np.zeros(P)
    np.add.at(needed, t.enterprise_place, t.workforce)
    for p in np.flatnonzero(needed > working.sum(axis=(1, 2))):
        raise ValueError(
            f"place {t.place_id[p]}: its enterprises need {int(needed[p])} people, "
            f"{int(working[p].sum())} are of working age"
        )
    parts = np.stack([t.urban, 1 - t.urban], axis=1)  # place x settlement
    place, settlement = np.nonzero(parts > 0)
    part = parts[place, settlement]
    stratum = t.region[place] * 2 + settlement
    S = 2 * len(t.region_id)
    slot, width = _slots(stratum, S)

    of_part, of_enterprise = np.nonzero(place[:, None] == t.enterprise_place[None, :])
    e_slot, e_width = _slots(stratum[of_part], S)
    e_people = np.asarray(t.workforce[of_enterprise] * part[of_part], dtype=np.float64)

    rows = np.zeros((S, width, 2, 2))
    rows[stratum, slot] = working[place] * part[:, None, None]
    target = t.share.reshape(S, K) / np.maximum(t.share.reshape(S, K).sum(axis=1, keepdims=True), 1e-300)
    target = target * rows.sum(axis=(1, 2, 3))[:, None]
    unfilled = (rows.sum(axis=(1, 2, 3)) > 0) & (t.share.reshape(S, K).sum(axis=1) <= 0)
    for s in np.flatnonzero(unfilled):
        where = f"{t.region_id[s // 2]} {('urban', 'rural')[s % 2]}"
        raise ValueError(f"region_livelihood: {where} has people of working age but no shares")
    target, notes = _room_for_enterprises(t, target, stratum[of_part], of_enterprise, e_people)

    seed = np.zeros((S, width, 2, 2, K + e_width))
    seed[..., :K] = np.where(target > 0, 1.0, 0.0)[:, None, None, None, :] * t.allowed.T
    ages = t.allowed[t.enterprise_livelihood[of_enterprise]]
    seed[stratum[of_part], slot[of_part], :, :, K + e_slot] = ages[:, None, :]
    seed *= rows[..., None]
    columns = np.zeros((S, K + e_width))
    columns[:, :K] = target
    columns[stratum[of_part], K + e_slot] = e_people
    fit = ipf(
        seed.reshape(S, width * 4, -1),
        [
            Marginal((0, 2), columns, "region x settlement x livelihood"),
            Marginal((0, 1), rows.reshape(S, -1), "place x sex x age"),
        ],
        tolerance=1e-9,
        strict=False,
    ).table.reshape(S, width, 2, 2, -1)

    by_place = np.zeros((P, 2, 2, K))
    np.add.at(by_place, place, fit[stratum, slot][..., :K])
    enterprises = np.zeros((P, 2, 2, _slots(t.enterprise_place, P)[1]))
    position = _slots(t.enterprise_place, P)[0][of_enterprise]
    values = fit[stratum[of_part], slot[of_part], :, :, K + e_slot]
    for i in range(len(position)):
        enterprises[place[of_part[i]], :, :, position[i]] += values[i]
    return by_place, enterprises, notes


def _room_for_enterprises(
    t: _Tables, target: FloatArray, stratum: IntArray, enterprise: IntArray, people: FloatArray
) -> tuple[FloatArray, list[str]]:
    """Livelihood totals outside the enterprises; what an overfull livelihood lacks, the others give."""
    employed = np.zeros_like(target)
    np.add.at(employed, (stratum, t.enterprise_livelihood[enterprise]), people)
    left = target - employed
    notes = []
    for s, k in np.argwhere(left < -0.5):
        where = f"{t.region_id[s // 2]} {('urban', 'rural')[s % 2]}"
        notes.append(
            f"{where}: enterprises need {employed[s, k]:,.0f} people of {t.livelihood_id[k]}, "
            f"its share gives {target[s, k]:,.0f}; {-left[s, k]:,.0f} shifted from other livelihoods"
        )
    room = np.maximum(target.sum(axis=1) - employed.sum(axis=1), 0)
    left = np.maximum(left, 0)
    total = left.sum(axis=1)
    return left * np.divide(room, total, out=np.zeros_like(room), where=total > 0)[:, None], notes


def _round_enterprises(t: _Tables, people: IntArray, fit: FloatArray) -> IntArray:
    """Whole people of each enterprise slot by place x sex x age; each workforce exact, nobody twice."""
    out = np.zeros(fit.shape, dtype=np.int64)
    left = people.reshape(-1, 2, 4)[:, :, _WORKING].copy()
    position, _ = _slots(t.enterprise_place, len(people))
    for e in range(len(t.workforce)):
        p, at = t.enterprise_place[e], position[e]
        room = left[p] * (t.allowed[t.enterprise_livelihood[e]] > 0)
        if room.sum() < t.workforce[e]:
            raise ValueError(f"enterprise {t.enterprise_id[e]}: only {int(room.sum())} people of its ages left")
        wish = fit[p, :, :, at]
        n = np.minimum(np.floor(wish + 1e-9).astype(np.int64), room)
        while n.sum() < t.workforce[e]:  # largest remainders first
            lacking = np.where(room > n, wish - n, -np.inf)
            best = np.unravel_index(int(np.argmax(lacking)), n.shape)
            step = max(1, int(min(lacking[best], t.workforce[e] - n.sum(), (room - n)[best])))
            n[best] += step
        while n.sum() > t.workforce[e]:
            n[np.unravel_index(int(np.argmax(n - wish)), n.shape)] -= 1
        out[p, :, :, at] = n
        left[p] -= n
    return out


def _filled(t: _Tables, fit: FloatArray) -> FloatArray:
    """Weights of the livelihoods by place x sex x age; where the fit left nobody, its settlement's shares."""
    usual = t.share[t.region, 0] * t.urban[:, None] + t.share[t.region, 1] * (1 - t.urban)[:, None]
    weights = usual[:, None, None, :] * t.allowed.T
    weights = np.where(weights.sum(axis=-1, keepdims=True) > 0, weights, t.allowed.T)
    return np.where(fit.sum(axis=-1, keepdims=True) > 1e-9, fit, weights)


def _rows(t: _Tables, people: IntArray, worked: IntArray, employed: IntArray) -> dict[str, IntArray]:
    """Everyone as rows of place, sex, age, livelihood, enterprise and count, before community."""
    by_age = people.reshape(-1, 2, 4)
    pieces = []
    for band, only in ((_CHILD, t.child), (_PENSION, t.pensioner)):
        place, sex = np.nonzero(by_age[:, :, band])
        fixed = [np.full(len(place), v) for v in (band, only, -1)]
        pieces.append([place, sex, *fixed, by_age[place, sex, band]])
    place, sex, age, livelihood = np.nonzero(worked)
    none = np.full(len(place), -1)
    pieces.append([place, sex, age + _YOUNG, livelihood, none, worked[place, sex, age, livelihood]])
    position, width = _slots(t.enterprise_place, len(people))
    enterprise_at = np.full((len(people), width), -1)
    enterprise_at[t.enterprise_place, position] = np.arange(len(position))
    place, sex, age, at = np.nonzero(employed)
    enterprise = enterprise_at[place, at]
    livelihood = t.enterprise_livelihood[enterprise]
    pieces.append([place, sex, age + _YOUNG, livelihood, enterprise, employed[place, sex, age, at]])

    names = ("place", "sex", "age", "livelihood", "enterprise", "count")
    columns = {name: np.concatenate([p[i] for p in pieces]) for i, name in enumerate(names)}
    order = np.lexsort([columns[name] for name in ("age", "sex", "enterprise", "livelihood", "place")])
    return {name: values[order] for name, values in columns.items()}


def _residuals(t: _Tables, cells: dict[str, IntArray]) -> tuple[Residual, ...]:
    """What the finished cells leave at every marginal that was asked for."""
    P, R, K = len(t.people), len(t.region_id), len(t.livelihood_id)
    place, count = cells["place"], cells["count"]

    def table(index: IntArray, *shape: int, of: FloatArray | IntArray = count) -> FloatArray:
        return np.bincount(index, of, int(np.prod(shape))).astype(np.float64).reshape(shape)

    region = t.region[place]
    sexes = table(place * 2 + cells["sex"], P, 2)
    ages = table(region * 8 + cells["sex"] * 4 + cells["age"], R, 8)
    C = len(t.community_id)
    communities = table(place * C + cells["community"], P, C)
    working = np.isin(cells["age"], _WORKING)
    jobs = table((place * K + cells["livelihood"])[working], P, K, of=count[working])
    parts = np.stack([t.urban, 1 - t.urban], axis=1)
    done = np.zeros((R, 2, K))
    np.add.at(done, t.region, parts[:, :, None] * jobs[:, None, :])
    asked = t.share / np.maximum(t.share.sum(axis=2, keepdims=True), 1e-300) * done.sum(axis=2, keepdims=True)
    hired = table(cells["enterprise"] + 1, len(t.workforce) + 1)[1:]
    urban = table(t.region, R, of=t.people * t.urban)
    total = table(place, P)
    return (
        _residual("place", total, t.people),
        _residual("region x sex x age", ages, t.sex_age),
        _residual("region, urban people", urban, t.urban_people),
        _residual("place x sex (a start for the fit)", sexes[:, 0], t.people * t.men),
        _residual("place x community", communities, t.people[:, None] * t.community),
        _residual("region x settlement x livelihood", done, asked),
        _residual("enterprise", hired, t.workforce),
    )


def _residual(name: str, done: FloatArray, asked: FloatArray | IntArray) -> Residual:
    apart = np.abs(done - asked)
    relative = apart / np.maximum(asked, _RELATIVE_FLOOR_PEOPLE)
    return Residual(name, float(apart.max(initial=0)), float(relative.max(initial=0)))
