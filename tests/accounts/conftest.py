"""The accounts of the bundled cases, and a way to load a changed copy of their files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import groundswell as gs
from groundswell.accounts import Accounts, load
from groundswell.case import Case

Edit = Callable[[str], str]


@pytest.fixture(scope="session")
def kazakhstan() -> Case:
    return gs.load("kazakhstan-2022")


@pytest.fixture(scope="session")
def tiny() -> Case:
    return gs.load("tiny")


@pytest.fixture(scope="session")
def accounts(kazakhstan: Case) -> Accounts:
    return load(kazakhstan)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Case, Mapping[str, Edit | str | None]], Case]:
    """The case with edited account files: a function of the text, a new text, or None to leave the file out."""

    def make(case: Case, edits: Mapping[str, Edit | str | None]) -> Case:
        folder = tmp_path / "copy"
        shutil.copytree(case.folder / "accounts", folder / "accounts")
        for name, edit in edits.items():
            path = folder / "accounts" / f"{name}.toml"
            if edit is None:
                path.unlink()
            else:
                path.write_text(edit if isinstance(edit, str) else edit(path.read_text()), encoding="utf-8")
        return replace(case, folder=folder)

    return make
