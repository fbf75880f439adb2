"""Dated statements: each claim of the record joined with the observation it is about."""

from __future__ import annotations

from dataclasses import dataclass

from groundswell.case.tables import Case


@dataclass(frozen=True)
class Statement:
    """What one source says about one observation.

    `text` is the id of the source; the window is the claim's interval where it has one, else the observation's; `low`
    and `high` are as the source says them, a class as people, None where a side is open or no number is given.
    """

    id: str
    text: str
    line: str
    stance: str
    observation: str
    kind: str
    form: str
    scope: tuple[str, ...]
    start_local: str
    end_local: str
    low: float | None
    high: float | None
    set: str
    mode: str
    statement: str


def statements(case: Case) -> list[Statement]:
    """Every claim of a case's record with what it is about, in the order of claims.csv."""
    about = {row.observation: row for row in case.tables["observations"].rows}
    out = []
    for c in case.tables["claims"].rows:
        o = about[c.observation]
        low, high = c.low, c.high
        if o.form == "class":
            low, high = _people(c.low, 0), _people(c.high, 1)
        out.append(
            Statement(
                c.claim, c.source, c.line, c.stance, c.observation, o.kind, o.form, o.scope,
                c.start_local or o.start_local, c.end_local or o.end_local, low, high, o.set, o.mode, c.statement,
            )
        )  # fmt: skip
    return out


def _people(one: float | None, above: int) -> float | None:
    """The fewest (or most) people of a class."""
    return None if one is None else 0.0 if one + above == 0 else 10.0 ** (one + above) - above
