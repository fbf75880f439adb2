"""Files and folders are written beside their place: whole or not there, whatever was there before."""

from pathlib import Path

import pytest

from groundswell.files import clear, take_place, whole, write


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = write(tmp_path / "deep" / "a.json", "one")
    with pytest.raises(KeyError), whole(path) as part:
        part.write_text("tw", encoding="utf-8")
        assert part.name == path.name and part.parent != path.parent and path.read_text() == "one"
        raise KeyError
    assert [p.name for p in path.parent.iterdir()] == ["a.json"] and path.read_text() == "one"
    assert write(path, b"two").read_bytes() == b"two"


def test_a_folder_takes_the_place_of_one_only_where_that_is_said(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for content in ("one", "two"):
        with whole(out, folder=True, over=("a",)) as part:
            (part / "a").write_text(content, encoding="utf-8")
    assert (out / "a").read_text() == "two"
    with pytest.raises(OSError, match="not empty") as error, whole(out, folder=True) as part:
        (part / "b").touch()
    assert error.value.filename == str(out)
    assert [p.name for p in tmp_path.iterdir()] == ["out"] and [p.name for p in out.iterdir()] == ["a"]


def test_a_folder_begun_long_before_takes_its_place(tmp_path: Path) -> None:
    part, out = tmp_path / "run.part", tmp_path / "run"
    for number in "12":
        part.mkdir()
        (part / number).touch()
        take_place(part, out, over=("1", "2"))
    assert [p.name for p in tmp_path.iterdir()] == ["run"] and [p.name for p in out.iterdir()] == ["2"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="exists|directory") as error:
        write(tmp_path / "file" / "a.txt", "x")
    assert error.value.filename is not None and str(tmp_path / "file") in error.value.filename


def test_what_a_killed_process_left_is_cleared(tmp_path: Path) -> None:
    write(tmp_path / "a", "x")
    with whole(tmp_path / "b") as part:
        part.touch()
        assert not list(tmp_path.glob("b*"))
        clear(tmp_path)
        assert not part.exists()
        part.parent.mkdir()
        part.touch()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]
