"""A case in memory for tests of the world: random but consistent tables of any number of places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

LIVELIHOODS = {
    "oil": "young;middle",
    "farming": "young;middle",
    "trade": "young;middle",
    "student": "young",
    "pensioner": "pension",
    "child": "child",
}
SHARES = {
    "urban": {"oil": 0.2, "farming": 0.05, "trade": 0.6, "student": 0.15},
    "rural": {"oil": 0.05, "farming": 0.6, "trade": 0.3, "student": 0.05},
}


class FakeTable:
    """Columns by name, as a case's table gives them."""

    def __init__(self, **columns: Any) -> None:
        self.columns = {name: np.asarray(values) for name, values in columns.items()}

    def column(self, name: str) -> np.ndarray:
        return self.columns[name]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def reordered(self, order: np.ndarray) -> FakeTable:
        return FakeTable(**{name: values[order] for name, values in self.columns.items()})


COMMUNITIES = ("first", "second", "third", "other")


def communities(places: Any, shares: np.ndarray) -> FakeTable:
    """A row for each place and community; shares are place x community."""
    n = len(COMMUNITIES)
    return FakeTable(place=np.repeat(places, n), community=list(COMMUNITIES) * len(places), share=shares.ravel())


@dataclass
class FakeCase:
    """All that the world reads of a case."""

    tables: dict[str, FakeTable]


def make_case(
    seed: int = 1, places: int = 12, regions: int = 2, mean_people: float = 20_000, enterprises: int = 3
) -> FakeCase:
    """Places dealt out over regions in turn; the last third of each region's places are rural."""
    rng = np.random.default_rng(seed)
    people = np.maximum(rng.lognormal(np.log(mean_people), 1.0, places).astype(np.int64), 1)
    region = np.arange(places) % regions
    urban = np.where(np.arange(places) < max(1, places * 2 // 3), 1.0, 0.0)
    shares_of = rng.dirichlet([4, 2, 1, 1], places)
    region_ids = np.array([f"r{r:02d}" for r in range(regions)])
    place_ids = np.array([f"p{rng.integers(0, 10**6):06d}-{p}" for p in range(places)])

    rows = []
    for r in range(regions):
        total = int(people[region == r].sum())
        parts = rng.multinomial(total, np.array([0.16, 0.11, 0.18, 0.04, 0.15, 0.10, 0.18, 0.08]))
        for cell, n in enumerate(parts):
            band = ("child", "young", "middle", "pension")[cell % 4]
            rows.append((region_ids[r], ("men", "women")[cell // 4], band, int(n)))
    shares = [
        (r, settlement, name, share)
        for r in region_ids
        for settlement, mix in SHARES.items()
        for name, share in mix.items()
    ]
    hosts = np.argsort(-people, kind="stable")[np.arange(enterprises) // 2 % places]
    work = np.array([max(1, int(people[p] * rng.uniform(0.01, 0.12))) for p in hosts], dtype=np.int64)
    urban_people = np.bincount(region, people * urban, regions).astype(np.int64)
    return FakeCase(
        {
            "places": FakeTable(
                place=place_ids,
                region=region_ids[region],
                population_people=people,
                urban_share=urban,
                men_share=rng.uniform(0.45, 0.55, places),
            ),
            "communities": communities(place_ids, shares_of),
            "regions": FakeTable(region=region_ids, urban_people=urban_people),
            "age_sex": FakeTable(
                region=[x[0] for x in rows],
                sex=[x[1] for x in rows],
                age_band=[x[2] for x in rows],
                people=[x[3] for x in rows],
            ),
            "livelihoods": FakeTable(livelihood=list(LIVELIHOODS), ages=list(LIVELIHOODS.values())),
            "region_livelihood": FakeTable(
                region=[x[0] for x in shares],
                settlement=[x[1] for x in shares],
                livelihood=[x[2] for x in shares],
                share=[x[3] for x in shares],
            ),
            "enterprises": FakeTable(
                enterprise=[f"e{i}" for i in range(enterprises)],
                place=place_ids[hosts],
                livelihood=[("oil", "trade")[i % 2] for i in range(enterprises)],
                workforce_people=work,
            ),
        }
    )
