"""Whatever stands in a file of a case, reading it gives a case or a CaseError and nothing else."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bad.edits import rows_of, write_rows
from groundswell.case import Case, CaseError, find_case, load

FILES = sorted(path.name for path in find_case("tiny").iterdir() if path.suffix in (".csv", ".toml"))
TABLES = [name for name in FILES if name.endswith(".csv")]
TOMLS = [name for name in FILES if name.endswith(".toml")]
ODD = [
    "",
    " ",
    "0",
    "-0",
    "-1",
    "1",
    "1e308",
    "1e999",
    "nan",
    "NaN",
    "inf",
    "-inf",
    "0x10",
    "1_0",
    "٣",
    "½",
    "9" * 400,
    "*",
    "*;*",
    ";",
    "a;b",
    "true",
    "True",
    "none",
    "null",
    "tiny",
    "coast",
    "harbour",
    "flare;coast",
    "fuel",
    "all",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2030-03-02T24:00",
    "2030-03-02",
    "1800-01-01T00:00",
    "2199-12-31T23:59",
    "by_place",
    "../..",
    "=cmd()",
    "<b>",
    "\r\n",
    '"',
    "\ufeff",
    "\u2028",
    "x" * 5000,
]
CELL = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
    st.floats().map(str),
    st.integers().map(str),
)


@pytest.fixture(scope="module")
def copy() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(shutil.copytree(find_case("tiny"), Path(place) / "copy"))


def attempt(folder: Path) -> None:
    try:
        case = load(folder)
    except CaseError as error:
        assert error.problems
        assert all(problem.file and problem.allowed for problem in error.problems)
        assert str(error)
    else:
        assert isinstance(case, Case)
        assert all(table.column(name) is not None for table in case.tables.values() for name in table.columns)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_cell(copy: Path, data: st.DataObject) -> None:
    path = copy / data.draw(st.sampled_from(TABLES), label="file")
    before = path.read_bytes()
    rows = rows_of(path)
    line = data.draw(st.integers(0, len(rows) - 1), label="line")
    column = data.draw(st.integers(0, len(rows[line]) - 1), label="column")
    rows[line][column] = data.draw(CELL, label="cell")
    try:
        write_rows(path, rows)
        attempt(copy)
    finally:
        path.write_bytes(before)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_in_any_file(copy: Path, data: st.DataObject) -> None:
    path = copy / data.draw(st.sampled_from(FILES), label="file")
    before = path.read_bytes()
    at = data.draw(st.integers(0, len(before)), label="at")
    gone = data.draw(st.integers(0, 40), label="gone")
    try:
        path.write_bytes(before[:at] + data.draw(st.binary(max_size=20), label="bytes") + before[at + gone :])
        attempt(copy)
    finally:
        path.write_bytes(before)


VALUES = st.sampled_from(
    ["1", "-1", "1.5", "nan", "-inf", "true", '"x"', '""', "[]", "[1, 'a']", "{}", "{ a = 1 }", "1979-05-27",
     "07:32:00", "1979-05-27T07:32:00", "1979-05-27T07:32:00Z", "9" * 30, "'2030-13-01'", "[[1]]"]
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_in_a_toml_file(copy: Path, data: st.DataObject) -> None:
    path = copy / data.draw(st.sampled_from(TOMLS), label="file")
    before = path.read_bytes()
    lines = before.decode().splitlines()
    at = data.draw(st.integers(0, len(lines) - 1), label="line")
    key = lines[at].partition("=")[0].strip() or "extra"
    value = data.draw(VALUES, label="value")
    lines[at] = data.draw(st.sampled_from([f"{key} = {value}", f"[[{key}]]", f"['{key}'.x]\ny = {value}"]))
    try:
        path.write_text("\n".join(lines), encoding="utf-8")
        attempt(copy)
    finally:
        path.write_bytes(before)
