"""A case of an older form is told what moved where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bad.edits import rows_of, write_rows
from groundswell.case import check, find_case


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copytree(find_case("tiny"), tmp_path / "old"))


def with_column(folder: Path, file: str, column: str) -> None:
    rows = rows_of(folder / file)
    write_rows(folder / file, [[*rows[0], column], *([*row, "0.5"] for row in rows[1:])])


@pytest.mark.parametrize(
    ("file", "column", "where"),
    [
        ("places.csv", "hill_folk_share", "communities.csv (place, community, share)"),
        ("places.csv", "gas_use_share", "exposure.csv (place, item, share)"),
        ("items.csv", "spark_item", "issues.csv: a row of kind price names its item"),
        ("regions.csv", "july_day_c", "climate.csv (region, month, night_c, day_c)"),
    ],
)
def test_a_column_that_moved(old: Path, file: str, column: str, where: str) -> None:
    with_column(old, file, column)
    with (old / "sources.toml").open("a") as stream:
        stream.write(f'[{file[:-4]}.{column}]\nunit = "share"\nsource = "x"\nstate = "official"\n')
    told = [str(problem) for problem in check(old)]
    (table,) = [line for line in told if line.startswith(f"{file}:1: header: given {column!r}")]
    (source,) = [line for line in told if line.startswith("sources.toml") and column in line]
    assert where in table and where in source


def test_communities_and_exposure_may_be_left_out(old: Path) -> None:
    (old / "communities.csv").unlink()
    (old / "exposure.csv").unlink()
    items = (old / "items.csv").read_text().replace("by_place", "all")
    (old / "items.csv").write_text(items)
    assert not check(old)


@pytest.mark.parametrize(
    ("file", "column", "what"),
    [("offices.csv", "successor", "passes to the president's side"), ("livelihoods.csv", "work", "jobless or none")],
)
def test_a_column_that_came_later(old: Path, file: str, column: str, what: str) -> None:
    rows = rows_of(old / file)
    at = rows[0].index(column)
    write_rows(old / file, [row[:at] + row[at + 1 :] for row in rows])
    told = [str(problem) for problem in check(old)]
    assert any(line.startswith(f"{file}:1: {column}: given no such column") and what in line for line in told), told


def test_roles_follow_from_posts(old: Path) -> None:
    with_column(old, "factions.csv", "role")
    (told,) = [str(problem) for problem in check(old)]
    assert "given 'role'" in told and "removable in offices.csv" in told
