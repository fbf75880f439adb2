"""What every report must say about itself: its standing and its limits -> sentences."""

from __future__ import annotations

COMMON_BASE = "no account: it is the common base, the mechanisms that no text disputes."
MEASURES = {
    "scripted": "The recorded measures of the authorities are given as input.",
    "responsive": "Measures of the authorities follow a rule of triggers and delays where the case has one, and are a "
    "result of the run; the others are given as recorded.",
}
SYNTHETIC = (
    "Every inhabitant is simulated, hour by hour. The people are synthetic, drawn from published totals; "
    "no personal data goes in."
)
PROBABILITY = (
    "A probability here compares model variants under stated priors and a partial, partisan record. It is no finding "
    "of fact about a living person, no evidence of guilt, and no forecast."
)
CANNOT_TELL = (
    "who ordered what in private",
    "what happened in the blackout",
    "whether an actor that left no trace was absent",
    "anything below a district and an hour",
)
LIMITS = (
    "It is no finding of fact about a living person, no evidence of guilt, and no forecast.",
    "Forces, garrisons and reactions are rough estimates of one past month.",
    "Places are towns and districts; there is no output about a person, household or minority beyond counts "
    "of at least 10. Here a place's count from 1 to 9 is shown as “under 10”.",
    "This is one run with one seed: another seed gives other hours and other numbers.",
    "It takes no side: every claim keeps its source.",
)
LIMITS_OF_SETS = tuple(line for line in LIMITS if not line.startswith("This is one run")) + (
    "The spread is that of seeds and, in a calibrated case, of draws: not of forms that the model does not have.",
)
NOT_MODELLED = "not modelled in this version"
OFF = "not modelled here"


def standing(account: str | None, government: str = "scripted", carries: str = "This run carries") -> str:
    """The sentences that say what explanation a run carries, and whether the measures are input or result."""
    carried = COMMON_BASE if account is None else (
        f"the account “{account}”: one explanation among several, played at the median of its priors."
    )  # fmt: skip
    return f"{carries} {carried} {MEASURES[government]}"


def cannot_tell() -> str:
    """The sentence of what no run can tell."""
    return f"What it cannot tell: {'; '.join(CANNOT_TELL)}."
