"""First-order lags of whole matrices, in one pass through memory."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from groundswell.engine.compiled import kernel


@kernel
def follow(level: NDArray[Any], target: NDArray[Any], share: NDArray[Any]) -> None:
    """Bring `level` (P, Q) closer to `target` (Q,), each entry by its own `share` (P, Q) of the gap."""
    for p in range(level.shape[0]):
        for q in range(level.shape[1]):
            level[p, q] += share[p, q] * (target[q] - level[p, q])
