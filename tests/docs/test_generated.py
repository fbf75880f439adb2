"""The tables of the documentation are those that the code gives today."""

import subprocess
import sys
from pathlib import Path

from tools import generate_docs

ROOT = Path(__file__).resolve().parents[2]


def test_no_block_is_stale() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in generate_docs.stale()]
    assert not names, f"run: python tools/generate_docs.py   (stale: {', '.join(names)})"


def test_every_table_has_its_place_in_the_docs() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in generate_docs.DOCS.rglob("*.md"))
    missing = [name for name in generate_docs.BLOCKS if f"<!-- generated: {name} -->" not in text]
    assert not missing


def test_a_changed_block_is_noticed() -> None:
    text = "# A page\n\n<!-- generated: units -->\nold\n<!-- end -->\n\nwords\n"
    new = generate_docs.fresh(text)
    assert "KZT/litre" in new and new.startswith("# A page\n") and new.endswith("words\n")
    assert generate_docs.fresh(new) == new


def test_every_parameter_is_in_the_table_of_the_model() -> None:
    text = generate_docs.parameters()
    for mechanism in generate_docs.all_mechanisms().values():
        assert f"**`{mechanism.name}`**" in text
        for info in mechanism.parameters():
            assert f"| `{info.name}` | {info.unit} |" in text


def test_the_tool_runs_by_itself() -> None:
    done = subprocess.run(
        [sys.executable, "tools/generate_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
