"""Off a terminal a line now and then says how far it is; asked to be quiet, nothing does."""

from __future__ import annotations

import pytest

from groundswell.play import progress as module
from groundswell.play.progress import progress


def test_lines_off_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    with progress("runs", 1000, 0) as tick:
        for done in range(1, 51):  # a run each second
            now[0] += 1.0
            tick(done, 1)
    assert capsys.readouterr().err.splitlines() == ["runs: 20 of 1,000", "runs: 40 of 1,000"]


def test_quiet_is_silent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(module, "LINE_S", 0.0)
    with progress("runs", 3, 0, quiet=True) as tick:
        tick(3, 3)
    assert capsys.readouterr().err == ""
