"""Lists the units of the state's forces: police by place, guard, army and security committee by region."""

from __future__ import annotations

from . import names, society
from .people import Place

# No strengths of the guard, the army and the committee are published in the sources: rules of this case, per 1,000
# inhabitants of a region, at its centre. The army stands in the regions away from Almaty, from where it was moved
# to the Almaty area (text 001 line 39).
PER_1000 = {"guard": 0.8, "army": 1.0, "security": 0.25}
NO_ARMY = ("ALA", "ALM")
OFFICE = {
    "police": "interior-ministry",
    "guard": "guard-command",
    "army": "defence-ministry",
    "security": "security-committee",
}
FIREARMS = {"police": 0.3, "guard": 0.5, "army": 0.9, "security": 0.8}
PEOPLE_A_VEHICLE = {"police": 15, "guard": 15, "army": 12, "security": 10}
LOCAL = {"police": 0.9, "guard": 0.4, "army": 0.1, "security": 0.5}
NOT_PUBLISHED = "rule of this case, no strength is published in its sources"


def table(places: list[Place]) -> list[dict[str, object]]:
    """Rows of forces.csv."""
    rows = [_row(f"police-{p.place}", "police", p.place, society.police(p), _police_rule(p)) for p in places]
    people: dict[str, int] = {}
    for place in places:
        people[place.region] = people.get(place.region, 0) + place.people
    for organ, rate in PER_1000.items():
        for region in names.REGIONS:
            if organ == "army" and region in NO_ARMY:
                continue
            why = f"{rate:g} per 1,000 inhabitants of the region, at its centre; {NOT_PUBLISHED}"
            strength = round(people[region] / 1000 * rate)
            rows.append(_row(f"{organ}-{region.lower()}", organ, names.CENTRES[region], strength, why))
    return rows


def _police_rule(place: Place) -> str:
    rate = society.POLICE_REGION.get(place.region, society.POLICE_PER_1000[place.kind])
    return f"{rate:g} per 1,000 inhabitants; {NOT_PUBLISHED}"


def _row(unit: str, organ: str, place: str, strength: int, source: str) -> dict[str, object]:
    return {
        "unit": unit,
        "organ": organ,
        "place": place,
        "strength_people": strength,
        "firearm_share": FIREARMS[organ],
        "vehicles": round(strength / PEOPLE_A_VEHICLE[organ]),
        "local_share": LOCAL[organ],
        "office": OFFICE[organ],
        "state": "assumed",
        "source": source,
    }
