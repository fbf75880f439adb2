"""One broken case for each kind of mistake, and the message it has to give."""

from __future__ import annotations

from bad.between import BETWEEN
from bad.cells import CELLS
from bad.edits import Mistake
from bad.files import FILES, HEADERS, TOMLS
from bad.issues import ISSUES
from bad.market import MARKET
from bad.record import RECORD
from bad.state_side import STATE_SIDE
from bad.sums import PEOPLE, TIME

__all__ = ["MISTAKES", "Mistake"]

MISTAKES = [*FILES, *HEADERS, *TOMLS, *CELLS, *BETWEEN, *STATE_SIDE, *ISSUES, *MARKET, *PEOPLE, *TIME, *RECORD]
