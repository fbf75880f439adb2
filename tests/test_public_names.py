"""The package's public names are functions, whichever of its modules was imported before."""

import subprocess
import sys

import pytest

PROBE = """
import groundswell as gs
from groundswell.case import load
from groundswell.play.run import run
assert gs.run is run and gs.run is run and gs.load is load, (gs.run, gs.load)
assert callable(gs.score) and gs.score.__name__ == "score"
"""


@pytest.mark.parametrize(
    "before",
    [
        "import groundswell",
        "import groundswell.play.run",
        "from groundswell.play.run import run",
        "import groundswell.case",
    ],
)
def test_public_names_are_functions(before: str) -> None:
    done = subprocess.run([sys.executable, "-c", before + PROBE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_unknown_name_lists_the_known_ones() -> None:
    import groundswell

    with pytest.raises(
        AttributeError,
        match=r"no attribute 'runn'; it has: Answer, .*, load, open, run, runs, score",
    ):
        groundswell.runn  # noqa: B018


def test_every_public_name_has_a_home() -> None:
    import groundswell

    for name in groundswell.__all__:
        assert getattr(groundswell, name) is not None
