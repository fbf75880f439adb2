"""Issues that do not fit, and the message each has to give."""

from __future__ import annotations

from bad.edits import Mistake, add_line, both, cell, drop_line

LAW = "law,law,,fuel-offer,,,0.5,,A law.,invented,assumed"


def changed(column: str, value: str, start: str, end: str, line: int = 2) -> Mistake:
    """A mistake in one cell: of the price in line 2, or of a law in line 3."""
    edit = both(add_line("issues.csv", LAW), cell("issues.csv", line, column, value))
    return Mistake(
        f"issue {line}: {column} {value or 'blank'}", edit, f"issues.csv:{line}: {column}: given {start}", end
    )


ISSUES = [
    changed("kind", "strike", "'strike'", "one of price, law, arrest, killing, vote, other"),
    changed("size", "0", "'0'", "number above 0"),
    changed("item", "fule", "'fule'", "did you mean 'fuel'?"),
    changed("item", "", "nothing", "an item of items.csv, since the kind is price"),
    changed("raised_by", "fuel-offer", "'fuel-offer'", "blank, since the kind is price"),
    changed("livelihoods", "trade", "'trade'", "blank, since the kind is price"),
    changed("demand", "prise", "'prise'", "did you mean 'price'?"),
    changed("issue", "fuel-price", "'fuel-price'", "first on line 2", 3),
    changed("item", "fuel", "'fuel'", "blank, since the kind is law, not price", 3),
    changed("raised_by", "", "nothing", "kinds or ids of measures, since the kind is law", 3),
    changed("raised_by", "fuel-ofer", "'fuel-ofer'", "did you mean 'fuel-offer'?", 3),
    changed("communities", "millers;hillfolks", "'hillfolks'", "did you mean 'hillfolk'?", 3),
    changed("livelihoods", "traders", "'traders'", "did you mean 'trade'?", 3),
    Mistake(
        "two prices at issue",
        add_line("issues.csv", "food-price,price,food,,,,1,,Food.,invented,assumed"),
        "issues.csv:3: kind: given 'fuel-price, food-price'",
        "at most one issue of kind price",
    ),
    Mistake(
        "a step of a price that is not at issue",
        drop_line("issues.csv", 2),
        "measures.csv:2: kind: given 'price_step'",
        "a row of kind price in issues.csv",
    ),
    Mistake(
        "a market of what is not at issue",
        drop_line("issues.csv", 2),
        "market.csv:2: given an event of the market",
        "a row of kind price in issues.csv",
    ),
]
