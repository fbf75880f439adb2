"""Ways to break a copy of a case: a cell, a line, a column, a file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Edit = Callable[[Path], None]


@dataclass(frozen=True)
class Mistake:
    """A way to break the tiny case: `start` begins, and `end` is part of, one of the printed problems."""

    name: str
    edit: Edit
    start: str
    end: str = "allowed: "


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write_rows(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def cell(file: str, line: int, column: str, value: str) -> Edit:
    """Put another value into one cell; lines count from 1, the header."""

    def edit(folder: Path) -> None:
        rows = rows_of(folder / file)
        rows[line - 1][rows[0].index(column)] = value
        write_rows(folder / file, rows)

    return edit


def drop_line(file: str, *lines: int) -> Edit:
    def edit(folder: Path) -> None:
        rows = rows_of(folder / file)
        write_rows(folder / file, [row for number, row in enumerate(rows, 1) if number not in lines])

    return edit


def add_line(file: str, text: str) -> Edit:
    return change(file, lambda data: data + text.encode() + b"\n")


def rename_column(file: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        rows = rows_of(folder / file)
        rows[0] = [new if name == old else name for name in rows[0]]
        write_rows(folder / file, rows)

    return edit


def drop_column(file: str, column: str) -> Edit:
    def edit(folder: Path) -> None:
        rows = rows_of(folder / file)
        at = rows[0].index(column)
        write_rows(folder / file, [row[:at] + row[at + 1 :] for row in rows])

    return edit


def change(file: str, how: Callable[[bytes], bytes]) -> Edit:
    def edit(folder: Path) -> None:
        (folder / file).write_bytes(how((folder / file).read_bytes()))

    return edit


def replace(file: str, old: str, new: str) -> Edit:
    def how(data: bytes) -> bytes:
        assert old.encode() in data, f"{old!r} is not in {file}"
        return data.replace(old.encode(), new.encode(), 1)

    return change(file, how)


def remove(file: str) -> Edit:
    return lambda folder: (folder / file).unlink()


def both(*edits: Edit) -> Edit:
    def edit(folder: Path) -> None:
        for one in edits:
            one(folder)

    return edit


def link_outside(file: str) -> Edit:
    def edit(folder: Path) -> None:
        outside = folder.parent / f"outside-{file}"
        (folder / file).rename(outside)
        (folder / file).symlink_to(outside)

    return edit


def huge(file: str, megabytes: int) -> Edit:
    """Make a file of this size without writing its bytes."""

    def edit(folder: Path) -> None:
        with (folder / file).open("r+b") as stream:
            stream.truncate(megabytes * 2**20)

    return edit


def as_folder(file: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).mkdir()

    return edit
