"""Shares working-age people of each region and settlement class among livelihoods."""

from __future__ import annotations

from . import names

COLUMNS = (
    "oil", "mining-metal", "industry", "transport", "trade", "public", "farming", "informal", "unemployed",
    "student",
)  # fmt: skip
# National figures: employment to working-age people 2020 and informal share of employment 2020 (decent-work
# indicators of BNS); shares of employment by sector 2021 (WDI via Gapminder).
EMPLOYED = 0.778
SECTOR = {"farming": 0.1315856, "industry": 0.2151797, "services": 0.6532347}
INFORMAL = 0.141
PARTICIPATION = EMPLOYED / (1 - 0.049)

# Assumed shares of working-age people in oil and in mining and metal, towns and villages.
OIL = {
    "MAN": (0.20, 0.17), "ATY": (0.22, 0.14), "AKT": (0.05, 0.06), "KZY": (0.035, 0.02), "ZAP": (0.03, 0.04),
    "AST": (0.004, 0.0), "ALA": (0.004, 0.0),
}  # fmt: skip
MINING = {
    "KAR": (0.16, 0.05), "AKT": (0.06, 0.02), "VOS": (0.07, 0.03), "PAV": (0.09, 0.02), "KUS": (0.10, 0.02),
    "AKM": (0.05, 0.01), "ZHA": (0.04, 0.01), "KZY": (0.02, 0.01), "TUR": (0.03, 0.01), "ALM": (0.01, 0.005),
}  # fmt: skip
STUDENT = {"ALA": 0.15, "AST": 0.13, "SHY": 0.12}
FARMING = {
    "AKM": 1.1, "AKT": 0.8, "ALM": 1.1, "ATY": 0.35, "ZAP": 0.9, "ZHA": 1.1, "KAR": 0.7, "KUS": 1.0,
    "KZY": 0.8, "MAN": 0.2, "PAV": 0.9, "SEV": 1.2, "TUR": 1.2, "VOS": 1.0,
}  # fmt: skip
INDUSTRY = {"ALA": 0.8, "AST": 0.9, "KAR": 0.9, "PAV": 1.2, "VOS": 1.2, "ATY": 0.9, "MAN": 0.9}


def _seed(region: str, urban: bool, unemployment: float) -> dict[str, float]:
    row = dict.fromkeys(COLUMNS, 0.0)
    side = 0 if urban else 1
    row["oil"] = OIL.get(region, (0.002, 0.001))[side]
    row["mining-metal"] = MINING.get(region, (0.004, 0.002))[side]
    row["industry"] = (0.115 if urban else 0.06) * INDUSTRY.get(region, 1.0)
    row["transport"], row["trade"], row["public"] = (0.065, 0.17, 0.28) if urban else (0.035, 0.07, 0.20)
    for column in ("industry", "transport", "trade", "public"):
        row[column] *= 1 - row["oil"] - row["mining-metal"]
    row["farming"] = FARMING.get(region, 0.05) * (0.012 if urban else 0.22)
    row["unemployed"] = unemployment * PARTICIPATION
    row["student"] = STUDENT.get(region, 0.10) if urban else 0.05
    return row


def livelihoods(
    working_age: dict[tuple[str, bool], float], unemployment: dict[str, float]
) -> dict[tuple[str, bool], dict[str, float]]:
    """Shares per region and settlement class; column factors make the national sector totals hold."""
    rows = {key: _seed(key[0], key[1], unemployment[key[0]]) for key in working_age}
    people = sum(working_age.values())
    formal = EMPLOYED * (1 - INFORMAL) * people
    total = {c: sum(rows[k][c] * working_age[k] for k in rows) for c in COLUMNS}
    factor = {
        "farming": SECTOR["farming"] * formal / total["farming"],
        "industry": (SECTOR["industry"] * formal - total["oil"] - total["mining-metal"]) / total["industry"],
    }
    services = SECTOR["services"] * formal / sum(total[c] for c in ("transport", "trade", "public"))
    factor |= dict.fromkeys(("transport", "trade", "public"), services)
    for row in rows.values():
        for column in COLUMNS:
            row[column] = round(row[column] * factor.get(column, 1.0), 4)
        row["informal"] = round(1 - sum(v for c, v in row.items() if c != "informal"), 4)
        if row["informal"] < 0.05:
            raise ValueError(f"no room for the informal: {row}")
    return rows


def table(rows: dict[tuple[str, bool], dict[str, float]]) -> list[dict[str, object]]:
    """Rows of region_livelihood.csv."""
    return [
        {
            "region": r.lower(),
            "settlement": "urban" if u else "rural",
            "livelihood": c,
            "share": f"{rows[r, u][c]:.4f}",
        }
        for r in names.REGIONS
        for u in (True, False)
        if (r, u) in rows
        for c in COLUMNS
    ]
