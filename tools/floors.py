"""Prints the lowest versions that pyproject.toml allows, one `name==version` a line: constraints for pip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def floors() -> list[str]:
    """What each dependency must at least be, as pip's constraints."""
    needed = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    return [re.sub(r">=", "==", one) for one in needed]


if __name__ == "__main__":
    print("\n".join(floors()))
