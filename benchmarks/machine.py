"""What the numbers are measured on: processor, memory, versions, and the machine's own limit."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.bench import Asking
from groundswell import __version__

PACKAGES = ("numpy", "numba", "llvmlite", "scipy", "distributed")


def machine(asking: Asking) -> dict[str, Any]:
    """The machine, and the bytes that it copies and reads per second on one thread and on two."""
    speeds = {n: asking({"peer": "copy", "what": "copy", "threads": n}) for n in (1, 2)}
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "platform": platform.platform(),
        "processor": processor(),
        "processors": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load_at_start": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "versions": {"groundswell": __version__} | {name: version(name) for name in PACKAGES},
        "copy_gb_per_s": {str(n): s["copy_gb_per_s"] for n, s in speeds.items()},
        "read_gb_per_s": {str(n): s["read_gb_per_s"] for n, s in speeds.items()},
    }


def processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
