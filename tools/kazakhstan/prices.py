"""Lays out price paths of 2021 to January 2022 and the nominal wage index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .people import read

CPI_2021 = 0.0804  # consumer prices over 2021
MONTHS = [*(f"2021-{m:02d}-01" for m in range(1, 13)), "2022-01-01"]
# Vegetables: a tenth of the food basket, up by the middle of 30-80 percent in June-August 2021; half is kept.
VEGETABLES = {**dict.fromkeys(range(5), 0.0), 5: 0.018, 6: 0.037, 7: 0.055, 8: 0.046, 9: 0.037}
VEGETABLES_KEPT = 0.028
IMPORTS_2021 = 0.20
RENT_2021 = 0.30
UTILITY_STEP = 0.05
LARGE_CITIES = ("ala", "ast", "shy")
CPI_SOURCE = "consumer price index 2021: 8.04 percent, spread evenly over the months"
PRESS = "Tengrinews and TASS, January 2022; text 001:11"
AS_MANGYSTAU = "same step as in Mangystau; texts 001:133 and 002:11 speak of the whole country"

# region, month, KZT per litre, state, source
FUEL = (
    ("man", "2021-01-01", 50, "estimated", "text 001:11, 50-60 before; lower end at the start of 2021"),
    ("man", "2021-12-01", 60, "estimated", PRESS),
    ("man", "2022-01-01", 120, "estimated", PRESS),
    ("*", "2021-01-01", 50, "assumed", AS_MANGYSTAU),
    ("*", "2021-12-01", 60, "assumed", AS_MANGYSTAU),
    ("*", "2022-01-01", 120, "assumed", AS_MANGYSTAU),
)


def consumer(month: int) -> float:
    """Consumer price level, January 2021 = 1."""
    return (1 + CPI_2021) ** (month / 12)


def risen(total: float) -> Callable[[int], float]:
    """Level of a price that rises evenly by a total over the months of 2021 and then stays."""
    return lambda month: (1 + total) ** (min(month, 11) / 11)


def food(month: int) -> float:
    """Food: consumer prices and the vegetables of summer 2021."""
    return consumer(month) * (1 + VEGETABLES.get(month, VEGETABLES_KEPT))


def utilities(month: int) -> float:
    """Utilities: consumer prices and the step at new year."""
    return consumer(month) * (1 + UTILITY_STEP if month == 12 else 1)


INDICES: tuple[tuple[str, tuple[str, ...], Callable[[int], float], str, str], ...] = (
    (
        "food",
        ("*",),
        food,
        "estimated",
        f"{CPI_SOURCE}; vegetables up 30-80 percent in summer (text 001:125)",
    ),
    ("other", ("*",), consumer, "derived", CPI_SOURCE),
    ("imports", ("*",), risen(IMPORTS_2021), "estimated", "Russian goods up about 20 percent (text 001:125)"),
    ("utilities", ("*",), utilities, "assumed", f"{CPI_SOURCE}; new-year step (text 002:11), size assumed"),
    ("rent", ("*",), consumer, "assumed", f"{CPI_SOURCE}; no figure outside the large cities"),
    ("rent", LARGE_CITIES, risen(RENT_2021), "estimated", "up 30 percent in large cities (text 001:129)"),
)


def steps() -> list[dict[str, object]]:
    """Rows of prices.csv."""
    columns = ("item", "region", "from_local", "price", "unit", "state", "source")
    rows = [
        ("lpg", region, f"{when}T00:00", price, "KZT/litre", state, source)
        for region, when, price, state, source in FUEL
    ]
    for item, regions, level, state, source in INDICES:
        for region in regions:
            for i, month in enumerate(MONTHS):
                rows.append((item, region, f"{month}T00:00", round(100 * level(i), 2), "index", state, source))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def wages(path: Path) -> list[dict[str, object]]:
    """Rows of wages.csv: first-quarter averages joined on the log scale, January 2021 = 100."""
    quarter = {int(row["year"]): float(row["salary_avg"]) for row in read(path) if row["year"] >= "2020"}

    def level(month: float) -> float:
        """Wage at a month counted from mid-February 2021."""
        year = 2021 if month >= 0 else 2020
        low, high = quarter[year], quarter[year + 1]
        return low * (high / low) ** (month / 12 - (year - 2021))

    base = level(-1.5)
    source = "average wage of the first quarters of 2020, 2021 and 2022 (BNS), joined on the log scale"
    return [
        {
            "region": "*",
            "from_local": f"{month}T00:00",
            "index": f"{100 * level(i - 1.5) / base:.2f}",
            "state": "derived",
            "source": source,
        }
        for i, month in enumerate(MONTHS)
    ]
