"""`--help` and `cases` start quickly: they load none of the heavy libraries. No clock is involved."""

import subprocess
import sys

import pytest

HEAVY = (
    "numba",
    "llvmlite",
    "scipy",
    "xarray",
    "pandas",
    "zarr",
    "pyarrow",
    "altair",
    "vl_convert",
    "jinja2",
)

PROBE = """
import sys
from groundswell.cli import main
sys.argv = ["groundswell", *sys.argv[1:]]
try:
    code = main()
except SystemExit as stop:
    code = stop.code
print("\\nloaded:", *sorted({name.split(".")[0] for name in sys.modules}))
sys.exit(code)
"""


def loaded_by(*arguments: str) -> tuple[str, set[str]]:
    """What the command prints, and the top-level modules there are when it is done."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    printed, _, modules = done.stdout.rpartition("\nloaded:")
    return printed, set(modules.split())


@pytest.mark.parametrize(
    "arguments", [("--help",), ("cases",), ("check", "tiny"), ("run", "--help"), ("--version",)], ids=" ".join
)
def test_command_loads_no_heavy_library(arguments: tuple[str, ...]) -> None:
    printed, modules = loaded_by(*arguments)
    assert printed.strip(), "the command prints something"
    assert modules.isdisjoint(HEAVY), f"loaded: {sorted(modules.intersection(HEAVY))}"


def test_cases_lists_the_bundled_case() -> None:
    printed, _ = loaded_by("cases")
    assert "kazakhstan-2022" in printed


def test_importing_the_package_loads_no_heavy_library() -> None:
    probe = "import sys, groundswell; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()).isdisjoint({*HEAVY, "numpy", "pydantic"})
