"""What holds for all tests."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def every_midnight() -> Iterator[None]:
    """Runs on disk keep a checkpoint at every midnight, however short they are, so that each can be gone on from."""
    with pytest.MonkeyPatch.context() as m:
        m.setattr("groundswell.play.run.KEEP_S", 0.0)
        yield
