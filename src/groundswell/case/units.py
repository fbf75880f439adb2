"""The units a number of a case may carry: a fixed list, so that a wrong unit is an error and not a guess."""

from __future__ import annotations

PLAIN = (
    "people", "households", "share", "index", "factor", "count", "percent",
    "deg", "degC", "km", "m", "km2",
    "s", "min", "h", "day", "month", "year",
    "litre", "kg", "tonne", "m3", "kWh",
    "1/h", "1/day", "1/month", "1/year", "km/h", "people/h", "people/day", "people/km2",
)  # fmt: skip

CURRENCIES = (
    "KZT", "USD", "EUR", "RUB", "UZS", "KGS", "TJS", "TMT", "CNY", "TRY", "AZN", "GEL", "AMD", "BYN", "UAH",
    "IRR", "IQD", "LBP", "EGP", "TND", "DZD", "LYD", "SYP", "YER", "NGN", "KES", "GHS", "ZAR", "SDG", "ETB",
    "LKR", "INR", "PKR", "BDT", "MMK", "IDR", "THB", "CLP", "ECU", "COP", "PEN", "BOB", "ARS", "BRL", "VES",
    "GBP", "PLN", "HUF", "RSD", "MDL", "CRN",
)  # fmt: skip
"""ISO 4217 codes, and CRN ("crown") for invented cases."""

PER = ("USD", "hour", "day", "month", "year", "litre", "kg", "tonne", "m3", "kWh", "km", "person", "piece")

ROW = "row"
"""In sources.toml: the unit stands in the `unit` column of each row."""

UNITS: tuple[str, ...] = (
    *PLAIN,
    *CURRENCIES,
    *(f"{currency}/{per}" for currency in CURRENCIES for per in PER),
)
_KNOWN = frozenset(UNITS)


def is_unit(text: str) -> bool:
    """Whether the text is one of the allowed units."""
    return text in _KNOWN


def allowed_units(given: object = "") -> str:
    """The allowed units in words, with the nearest one suggested."""
    from groundswell.case.problems import nearest

    close = _by_letters(given) or nearest(given, UNITS)
    return f"a unit such as {', '.join(PLAIN[:6])}, deg, degC, h, KZT/month, KZT/litre, USD/year{close}"


def _by_letters(given: object) -> str:
    """Suggest a unit that differs only by upper and lower case."""
    same = [unit for unit in UNITS if unit.lower() == str(given).strip().lower()]
    return f"; did you mean {same[0]!r}?" if same else ""
