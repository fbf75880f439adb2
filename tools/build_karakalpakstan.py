"""Builds the computed tables of the case karakalpakstan-2022 from published figures."""

from __future__ import annotations

import argparse
from pathlib import Path

from build_kazakhstan import write
from karakalpakstan import places, society, state
from kazakhstan import geo

OUTLINE_OF = {
    "UZB-354": "bu", "UZB-355": "xo", "UZB-356": "qr", "UZB-357": "nw", "UZB-358": "sa", "UZB-361": "qa",
    "UZB-362": "su", "UZB-363": "an", "UZB-364": "fa", "UZB-365": "ng", "UZB-370": "ji", "UZB-371": "si",
    "UZB-372": "to", "UZB-4828": "tk",
}  # fmt: skip


def climate() -> list[dict[str, object]]:
    """Rows of climate.csv: one assumed summer for the whole country."""
    return [
        {"region": region, "month": month, "night_c": 20, "day_c": 35} for region in places.CENTRE for month in (6, 7)
    ]


def main() -> None:
    """Reads the facts and writes the computed tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("facts", "data", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    chosen = parser.parse_args()
    listed = places.list_places(chosen.facts, chosen.data)
    wage = places.wages(chosen.facts)
    regions = places.region_rows(listed, wage, society.UNEMPLOYMENT)
    out: Path = chosen.out
    out.mkdir(parents=True, exist_ok=True)
    write(out / "regions.csv", regions)
    write(out / "climate.csv", climate())
    write(out / "age_sex.csv", society.age_rows(regions))
    children = society.age_shares("men")["child"]
    write(out / "places.csv", places.place_rows(listed, places.incomes(wage), children))
    write(out / "communities.csv", society.community_rows(listed))
    write(out / "region_livelihood.csv", society.work_rows())
    write(out / "forces.csv", state.force_rows(listed))
    write(out / "sites.csv", state.site_rows(listed))
    write(out / "prices.csv", state.price_rows())
    write(out / "wages.csv", state.wage_rows())
    borders = chosen.data / "natural_earth" / "central_asia_admin1_ne10m.geojson"
    write(out / "outlines.csv", geo.outlines(borders, 0.06, OUTLINE_OF, fine=("tk",)))


if __name__ == "__main__":
    main()
