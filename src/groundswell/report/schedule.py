"""The order of an hour in words, worked out from what mechanisms declare."""

from __future__ import annotations

from typing import Any

from groundswell.domains import all_mechanisms


def schedule_text(simulation: Any) -> str:
    """Each mechanism in the order in which an hour plays them, with what it reads, adds and writes; then who is off."""
    lines = ["In every hour, from the state at its beginning:"]
    for i, m in enumerate(simulation.mechanisms, 1):
        every = "" if m.clock_h <= simulation.state.step_h else f"  (every {m.clock_h:g} h)"
        lines.append(f"{i:3}. {m.name}{every}")
        for word, names in (("reads", m.reads), ("as it was", m.lags), ("adds to", m.adds)):
            if names:
                lines.append(f"       {word}: {', '.join(names)}")
        if m.writes:
            lines.append(f"       writes: {', '.join(v.name for v in m.writes)}")
    on = {m.name for m in simulation.mechanisms}
    off = {name: m.absent(simulation.world.case) for name, m in all_mechanisms().items() if name not in on}
    if off:
        lines.append("Off:")
        lines += [f"     {name}: {why or 'switched off'}" for name, why in off.items()]
    return "\n".join(lines)
