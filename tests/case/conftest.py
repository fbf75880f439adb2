"""A copy of the tiny case that a test may break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from groundswell.case import find_case


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_case("tiny"), tmp_path / "broken"))
