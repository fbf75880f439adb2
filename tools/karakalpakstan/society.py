"""Ages, communities and work of the republic and the rest of the country, from national figures by rule."""

from __future__ import annotations

from .places import CENTRE, REPUBLIC, Place

MEDIAN_AGE = 26.725  # WDI via Gapminder, 2021
PENSION = {"men": 60, "women": 55}

REPUBLIC_SHARES = {
    "uzbek": 0.328, "karakalpak": 0.322, "kazakh": 0.286, "turkmen": 0.033, "russian": 0.011, "tajik": 0.0,
    "other": 0.020,
}  # fmt: skip
"""ki006; Tatars (1.2 percent) and others (0.8) are `other`."""

COUNTRY = 34_600_000
COUNTRY_PEOPLE = {
    "uzbek": 29_200_000, "tajik": 1_700_000, "kazakh": 821_200, "karakalpak": 752_700, "russian": 720_300,
    "turkmen": 206_200,
}  # fmt: skip
"""ki005, 1 January 2021."""

FIRST, SECOND, NAMED = (
    6.0,
    3.0,
    {"Karakalpak": "karakalpak", "Uzbek": "uzbek", "Kazakh": "kazakh", "Turkmen": "turkmen"},
)
"""Weights of the community that a district's note names first (or as the majority), and of others it names."""

# WDI via Gapminder, 2021: participation of those of 15 and over, sectors and own-account work as shares of employment.
PARTICIPATION, SELF_EMPLOYED = 0.56143, 0.4632938
SECTOR = {"farming": 0.1456131, "industry": 0.2783514, "services": 0.5760356}
SERVICES = {"transport": 0.15, "trade": 0.40, "public": 0.45}
UNEMPLOYMENT = 0.074
STUDENT = {"urban": 0.10, "rural": 0.05}
FARMING = {"urban": 0.2, "rural": 1.8}


def age_shares(sex: str) -> dict[str, float]:
    """Shares of ages under the rule: even up to the median, then falling in a line to nothing.

    Half of the people are below the median age m, evenly; the density d = 1/(2m) stays until 30 and falls in a line to
    nothing at the age where the whole is 1.
    """
    d = 0.5 / MEDIAN_AGE
    above = 1 - 30 * d
    most = 30 + 2 * above / d
    old = PENSION[sex]
    pension = d * (most - old) ** 2 / (most - 30) / 2
    return {"child": 16 * d, "young": 14 * d, "middle": above - pension, "pension": pension}


def age_rows(regions: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows of age_sex.csv."""
    from kazakhstan.people import share_out

    return [
        {"region": row["region"], "sex": sex, "age_band": band, "people": people}
        for row in regions
        for sex in ("men", "women")
        for band, people in zip(
            age_shares(sex), share_out(list(age_shares(sex).values()), int(str(row[f"{sex}_people"]))), strict=True
        )
    ]


def _leaning(note: str) -> dict[str, float]:
    """Weights of communities in a district's note: named first or as the majority, named, or not named."""
    at = {community: note.find(word) for word, community in NAMED.items() if word in note}
    first = min(at, key=lambda community: at[community], default="")
    return {c: FIRST if c == first else SECOND if c in at else 1.0 for c in REPUBLIC_SHARES}


def communities(places: list[Place]) -> dict[str, dict[str, float]]:
    """Shares by place: in the republic by the notes, fitted to its shares; elsewhere what is left of the country."""
    here = [p for p in places if p.region == REPUBLIC]
    table = {p.place: {c: w * REPUBLIC_SHARES[c] for c, w in _leaning(p.note).items()} for p in here}
    whole = sum(p.people for p in here)
    for _ in range(200):
        for row in table.values():
            total = sum(row.values())
            row.update({c: x / total for c, x in row.items()})
        for c, share in REPUBLIC_SHARES.items():
            now = sum(p.people * table[p.place][c] for p in here) / whole
            if now > 0:
                for row in table.values():
                    row[c] *= share / now
    rest = {c: n / COUNTRY for c, n in COUNTRY_PEOPLE.items()}
    people = sum(p.people for p in places)
    left = {c: (rest[c] * people - REPUBLIC_SHARES[c] * whole) / (people - whole) for c in rest}
    left["other"] = 1 - sum(left.values())
    return table | {p.place: left for p in places if p.region != REPUBLIC}


def community_rows(places: list[Place]) -> list[dict[str, object]]:
    """Rows of communities.csv."""
    rows: list[dict[str, object]] = []
    for place, shares in communities(places).items():
        rounded = {c: round(shares[c], 4) for c in REPUBLIC_SHARES}
        largest = max(rounded, key=lambda c: rounded[c])
        rounded[largest] = round(rounded[largest] + 1 - sum(rounded.values()), 4)
        rows += [{"place": place, "community": c, "share": f"{x:.4f}"} for c, x in rounded.items() if x > 0]
    return rows


def work_rows() -> list[dict[str, object]]:
    """Rows of region_livelihood.csv: one pattern for towns and one for villages, the same in every region."""
    bands = [age_shares(sex) for sex in ("men", "women")]
    working = sum(b["young"] + b["middle"] for b in bands) / 2
    active = PARTICIPATION * (working + sum(b["pension"] for b in bands) / 2) / working
    employed = active * (1 - UNEMPLOYMENT)
    rows: list[dict[str, object]] = []
    for region in CENTRE:
        for side in ("urban",) if region == "tk" else ("urban", "rural"):
            farming = SECTOR["farming"] * employed * FARMING[side]
            informal = SELF_EMPLOYED * employed - 0.8 * SECTOR["farming"] * employed
            paid = employed - farming - informal
            services = paid * SECTOR["services"] / (SECTOR["services"] + SECTOR["industry"])
            shares = {"industry": paid - services} | {name: services * part for name, part in SERVICES.items()}
            shares |= {"farming": farming, "informal": informal, "unemployed": active * UNEMPLOYMENT}
            shares["student"] = STUDENT[side]
            shares = {name: round(share, 4) for name, share in shares.items()}
            shares["home"] = round(1 - sum(shares.values()), 4)
            if shares["home"] < 0:
                raise ValueError(f"no room for those at home: {shares}")
            rows += [
                {"region": region, "settlement": side, "livelihood": name, "share": f"{share:.4f}"}
                for name, share in shares.items()
            ]
    return rows
