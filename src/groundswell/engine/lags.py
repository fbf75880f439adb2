"""First-order lags of whole matrices, in one pass through memory."""

from __future__ import annotations

from groundswell.engine.compiled import kernel


@kernel
def follow(level, target, share):
    """Bring `level` (P, Q) closer to `target` (Q,), each entry by its own `share` (P, Q) of the gap."""
    for p in range(level.shape[0]):
        for q in range(level.shape[1]):
            level[p, q] += share[p, q] * (target[q] - level[p, q])
