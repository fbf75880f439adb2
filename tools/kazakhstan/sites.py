"""Lists squares, administrations, police seats and the named sites of Almaty."""

from __future__ import annotations

from .people import Place

# Named sites; coordinates written from memory, good to about a kilometre.
NAMED = (
    ("almaty-arena", "almaty-alatau", "Almaty Arena stadium", "assembly", 43.26, 76.82),
    ("almaty-republic-square", "almaty-bostandyk", "Republic Square", "square", 43.238, 76.945),
    (
        "almaty-akimat",
        "almaty-bostandyk",
        "City administration on Republic Square",
        "administration",
        43.237,
        76.945,
    ),
    ("almaty-residence", "almaty-medeu", "Presidential residence", "administration", 43.237, 76.952),
    ("almaty-police", "almaty-almaly", "City police headquarters", "police", 43.257, 76.929),
    (
        "almaty-broadcasting",
        "almaty-bostandyk",
        "Television house by Republic Square",
        "broadcasting",
        43.237,
        76.943,
    ),
    ("almaty-airport", "almaty-turksib", "Almaty airport", "airport", 43.352, 77.041),
    ("almaty-shops-centre", "almaty-almaly", "Shops of the centre", "shops", 43.255, 76.935),
    ("almaty-shops-west", "almaty-auezov", "Shops of the western districts", "shops", 43.225, 76.85),
    ("almaty-barakholka", "almaty-zhetysu", "Wholesale markets in the north-west", "shops", 43.31, 76.90),
    ("nur-sultan-akorda", "nur-sultan-esil", "Presidential palace", "administration", 51.126, 71.446),
    ("nur-sultan-airport", "nur-sultan-esil", "Nur-Sultan airport", "airport", 51.022, 71.467),
    ("aktau-airport", "aktau", "Aktau airport", "airport", 43.86, 51.09),
    ("atyrau-airport", "atyrau", "Atyrau airport", "airport", 47.12, 51.82),
    ("aktobe-airport", "aktobe", "Aktobe airport", "airport", 50.25, 57.21),
    ("kyzylorda-airport", "kyzylorda", "Kyzylorda airport", "airport", 44.71, 65.59),
    ("shymkent-airport", "shymkent-abay", "Shymkent airport", "airport", 42.36, 69.48),
)
SMALL = 20000  # towns below this have a square and an administration only


def table(places: list[Place]) -> list[dict[str, object]]:
    """Rows of sites.csv."""
    rows: list[dict[str, object]] = []

    def add(site: str, place: str, name: str, kind: str, lat: float, lon: float) -> None:
        rows.append({"site": site, "place": place, "name": name, "kind": kind, "lat_deg": f"{lat:.4f}",
                     "lon_deg": f"{lon:.4f}"})  # fmt: skip

    for site, place, name, kind, lat, lon in NAMED:
        add(site, place, name, kind, lat, lon)
    have = {(place, kind) for _, place, _, kind, _, _ in NAMED}
    for item in places:
        if item.kind == "rural":
            continue
        wanted = [("square", "main square"), ("administration", "administration")]
        if item.people >= SMALL:
            wanted.append(("police", "police department"))
        if item.kind in ("city", "city_district"):
            wanted.append(("shops", "shopping streets"))
        for kind, what in wanted:
            if (item.place, kind) not in have:
                add(f"{item.place}-{kind}", item.place, f"{item.name}: {what}", kind, item.lat, item.lon)
    return rows
