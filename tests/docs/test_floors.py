"""The lowest versions: each dependency has one, whole, and the job of continuous integration reads them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_dependency_has_a_lowest_version():
    printed = subprocess.run([sys.executable, "tools/floors.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = printed.stdout.split()
    assert len(lines) > 10 and all(re.fullmatch(r"[a-z0-9-]+==\d+\.\d+(\.\d+)+", line) for line in lines)


def test_what_the_package_imports_is_named_as_a_dependency():
    named = re.findall(r'"([a-z0-9-]+)>=', (ROOT / "pyproject.toml").read_text())
    other = {
        "sklearn": "scikit-learn", "dask": "distributed", "vl_convert": "vl-convert-python", "markupsafe": "jinja2",
        "pydantic_core": "pydantic", "threadpoolctl": "scikit-learn",
    }  # fmt: skip
    optional = {"sbi", "torch", "matplotlib", "groundswell", "IPython"}
    used = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                used |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                used.add(str(node.module).partition(".")[0])
    foreign = {name for name in used if name not in sys.stdlib_module_names} - optional
    assert {other.get(name, name) for name in foreign} <= set(named)


def test_continuous_integration_runs_the_lowest_and_the_newest():
    job = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    assert "tools/floors.py" in job and "cmp lowest.txt newest.txt" in job
