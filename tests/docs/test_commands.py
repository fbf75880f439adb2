"""Every command and every runnable example in the documentation works, and every link leads somewhere."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import groundswell as gs
import groundswell.domains.street as street
from groundswell.domains import all_mechanisms
from groundswell.play.run import Run

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"])
_FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)\)")
_EXIT = re.compile(r"\s+# exit code (\d+)$")


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """What stands behind the three backticks, and the text between them."""
    for found in _FENCE.finditer(page.read_text(encoding="utf-8")):
        yield found[1].strip(), found[2]


def steps(page: Path) -> list[tuple[str, str]]:
    """Commands (`$ groundswell ...` in console blocks), runnable Python and files, in the order of the page."""
    out = []
    for kind, text in blocks(page):
        if kind == "console":
            out += [("sh", line[2:]) for line in text.splitlines() if line.startswith("$ groundswell ")]
        elif kind == "python run":
            out.append(("python", text))
        elif kind.startswith("toml file="):
            out.append((kind.removeprefix("toml "), text))
    return out


def shortened(command: str) -> str:
    """The bare run of the bundled case is played whole; variants are cut short, without reports, to save minutes."""
    if "run kazakhstan-2022 " not in command or "--until" in command:
        return command
    return f"{command} --no-report --until {'2022-01-05T23:00' if '--branch' in command else '2022-01-02T12:00'}"


def short(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def file_block(page: str, name: str) -> str:
    return next(text for kind, text in blocks(ROOT / page) if kind == f"python file={name}")


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in PAGES if steps(p)], ids=short)
def test_commands_of_a_page_run_in_order(page: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    for kind, text in steps(page):
        code = int(found[1]) if (found := _EXIT.search(text)) else 0
        if kind.startswith("file="):
            (tmp_path / kind.removeprefix("file=")).write_text(text, encoding="utf-8")
            continue
        if kind == "sh":
            words = shortened(_EXIT.sub("", text)).replace("groundswell ", f'"{sys.executable}" -m groundswell ', 1)
            done = subprocess.run(words, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True)
        else:
            done = subprocess.run(
                [sys.executable, "-c", text], cwd=tmp_path, env=environment, capture_output=True, text=True
            )
        assert done.returncode == code, f"{short(page)}: {text}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr, f"{short(page)}: {text}\n{done.stderr}"


def anchor(heading: str) -> str:
    """The name a heading gets as a link's target."""
    plain = re.sub(r"[`*]", "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {anchor(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")}


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_links_lead_somewhere(page: Path) -> None:
    wrong = []
    for target in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, part = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or part and part not in anchors(there):
            wrong.append(target)
    assert not wrong


def test_every_page_is_on_the_map() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    missing = [p.name for p in (ROOT / "docs").glob("*.md") if p.name != "index.md" and f"({p.name})" not in index]
    assert not missing


def test_decisions_are_numbered_in_order() -> None:
    numbers = [int(p.name[:4]) for p in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert path.read_text(encoding="utf-8").startswith(f"# {int(path.name[:4])}. ")


@pytest.fixture
def weariness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The mechanism of add-a-mechanism.md, found where it would be found if it lay in the package."""
    (tmp_path / "weariness.py").write_text(file_block("docs/add-a-mechanism.md", "weariness.py"), encoding="utf-8")
    monkeypatch.setattr(street, "__path__", [*street.__path__, str(tmp_path)])
    yield
    sys.modules.pop("groundswell.domains.street.weariness", None)
    vars(street).pop("weariness", None)


def play(**settings: float) -> Run:
    return gs.run("tiny", set={k.replace("__", "."): v for k, v in settings.items()})


def test_the_example_mechanism_runs_and_acts(weariness: None) -> None:
    strong, weak = play(weariness__strength=50.0), play(weariness__strength=0.0)
    off = gs.run("tiny", off=["weariness"])
    assert float(strong.history.weariness.max()) > 0.0
    assert strong.summary["joins"] < weak.summary["joins"]
    assert np.array_equal(weak.history.on_street, off.history.on_street)
    assert strong.summary["parameters"]["weariness.half_life_days"] == 3.0


def test_the_example_test_passes(weariness: None) -> None:
    space: dict[str, object] = {}
    exec(file_block("docs/add-a-mechanism.md", "test_weariness.py"), space)  # the page's own test
    tests = [value for name, value in space.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        test()  # type: ignore[operator]


def test_the_example_mechanism_is_gone_again() -> None:
    assert "weariness" not in all_mechanisms()
