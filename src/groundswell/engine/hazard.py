"""A hazard clock: changes of many subjects, each when its integrated hazard passes a keyed exponential.

    clock_i += hazard_i * dt;   a change when clock_i >= next_i;   next_i = where the last change came + E_i,turn

E_i,turn is a unit exponential keyed by subject and number of the change, so that what happens elsewhere does not move
it. A member of the family gives hazards, and says what a
change does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from groundswell.engine.mechanism import Mechanism, Variable


def clock_variables(name: str, dims: Sequence[str], change: str) -> tuple[Variable, ...]:
    """What a clock of this name remembers: NAME_clock, NAME_next and NAME_turns, for `writes` of its mechanism.

    Args:
        name: of the clock. dims: its subjects. change: what comes when a clock passes, in words.
    """
    return (
        Variable(f"{name}_clock", tuple(dims), "1", f"integrated hazard of {change}"),
        Variable(f"{name}_next", tuple(dims), "1", f"clock value of the next {change}"),
        Variable(f"{name}_turns", tuple(dims), "1", f"times so far: {change}"),
    )


class HazardClock:
    """The clocks of N subjects: the flat index of an array over the clock's dimensions.

    Args:
        of: the mechanism that declares `clock_variables(name, ...)`.
        name: of the clock. luck: purpose of its draws.
        first: subjects before it have no draw yet, and never change.
        carry: what a clock has run past its value counts for the next change, so that several may come in one step;
            else the next begins anew with the step.
    """

    def __init__(self, of: Mechanism, name: str, luck: int, first: int = 0, carry: bool = False):
        self.clock, self.next, self.turns = (
            getattr(of.s, f"{name}_{part}").reshape(-1) for part in ("clock", "next", "turns")
        )
        self._of, self._luck = of, luck
        self._from = self.next if carry else self.clock
        for subject in range(first, len(self.next)):
            self.next[subject] = of.exponential(luck, subject, 0)

    def passed(self, risk: NDArray[np.float64] | float, at: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Add the integrated hazard `risk` of a step to all clocks, or to those of subjects `at`; who has passed."""
        if at is None:
            self.clock += risk
            return np.flatnonzero(self.clock >= self.next)
        self.clock[at] += risk
        return at[self.clock[at] >= self.next[at]]

    def turn(self, subject: int) -> int:
        """Count a change of a subject, draw when the next comes, and give how many there have been."""
        self.turns[subject] += 1
        turns = int(self.turns[subject])
        self.next[subject] = self._from[subject] + self._of.exponential(self._luck, int(subject), turns)
        return turns
