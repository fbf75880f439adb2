"""What is read: the folder of a case, checked at the door and typed inside.

The heavier parts (pydantic, numpy) are imported when a case is read, not with this package.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from groundswell.case.problems import CaseError, Problem
from groundswell.case.tables import Case, ParameterValue, Source, Table, Text

if TYPE_CHECKING:
    from groundswell.case.head import Head, KnownParameters

__all__ = [
    "Case", "CaseError", "ParameterValue", "Problem", "Source", "Table", "Text",
    "bundled_cases", "check", "find_case", "head_of", "load", "local_cases", "new",
]  # fmt: skip


def load(path_or_name: str | Path, known_parameters: KnownParameters | None = None) -> Case:
    """Read and check a case (bundled name or folder); raises `CaseError` with every problem found.

    `known_parameters` maps mechanism -> parameter -> (lowest, highest) to check parameters.toml by.
    """
    from groundswell.case.loading import load as read

    return read(path_or_name, known_parameters)


def check(path_or_name: str | Path, known_parameters: KnownParameters | None = None) -> list[Problem]:
    """Every problem of a case; an empty list where it is sound."""
    from groundswell.case.loading import check as read

    return read(path_or_name, known_parameters)


def head_of(path_or_name: str | Path) -> Head:
    """Title, summary, window and population of a case, from its case.toml alone; raises `CaseError`."""
    from groundswell.case.loading import head_of as read

    return read(path_or_name)


def find_case(path_or_name: str | Path) -> Path:
    """The folder of a case: a bundled name, or a path; raises `CaseError` where there is none."""
    from groundswell.case.find import find_case as find

    return find(path_or_name)


def bundled_cases() -> tuple[str, ...]:
    """Names of the bundled cases."""
    from groundswell.case.find import bundled_cases as names

    return names()


def local_cases(folder: str | Path = ".") -> tuple[str, ...]:
    """Names of the case folders inside a folder."""
    from groundswell.case.find import local_cases as names

    return names(folder)


def new(name: str, dest: str | Path = ".", template: str = "tiny") -> Path:
    """Write a small working case `dest/name` to start from; raises `CaseError`."""
    from groundswell.case.template import new as make

    return make(name, dest, template)
