"""A new case is a sound copy of the template under its own name, or nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundswell.case import CaseError, load, new, template


def test_a_new_case_is_sound_and_carries_its_name(tmp_path: Path) -> None:
    made = new("my-case", tmp_path)
    assert made == tmp_path / "my-case"
    case = load(made)
    assert case.id == "my-case"
    assert case.title == "My case (invented example, to be replaced)"
    assert (made / "README.md").read_text().startswith("# My case (invented")
    assert [path.name for path in tmp_path.iterdir()] == ["my-case"]


def test_two_calls_write_the_same(tmp_path: Path) -> None:
    for part in ("a", "b"):
        (tmp_path / part).mkdir()
        new("twin", tmp_path / part)
    made = tmp_path / "a" / "twin"
    names = sorted(str(path.relative_to(made)) for path in made.rglob("*") if path.is_file())
    assert {"README.md", "case.toml", "record/claims.csv", "accounts/elements.toml"} < set(names)
    for name in names:
        one, other = (tmp_path / part / "twin" / name for part in ("a", "b"))
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", ["My Case", "", "..", "../up", "a/b", ".hidden", "x" * 65, "a\nb", "tiny"])
def test_a_bad_name_writes_nothing(name: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        new(name, tmp_path)
    assert str(caught.value).startswith("new: name: given ")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    with pytest.raises(CaseError, match="a name not taken yet"):
        new("mine", tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "notes.txt"]


def test_a_missing_destination(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such folder"):
        new("mine", tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["_fill", "check"])
def test_a_failure_midway_leaves_nothing(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(template, step, full)
    with pytest.raises(CaseError, match="No space left on device"):
        new("mine", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_template_than_a_bundled_one(tmp_path: Path) -> None:
    first = new("first", tmp_path)
    second = new("second", tmp_path, template=str(first))
    assert load(second).id == "second"
