"""A value of run.json, or of a verdict, that was changed; names and terminals of another encoding: read or refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from groundswell.case import CaseError, load
from groundswell.play.folder import Request, perform
from groundswell.study.pairs.asking import weights_for
from report.made_verdict import made_verdict

TINY, VERDICT = load("tiny"), made_verdict()
ODD: list[Any] = [
    None,
    True,
    -1,
    1e308,
    float("nan"),
    "",
    "x",
    [],
    {},
    [[1]],
    {"a": None},
    "2030-13-01",
    "\u202e",
    10**30,
]


def damaged(data: Any, luck: np.random.Generator) -> Any:
    """The data with one value, somewhere in it, changed or gone."""
    if not isinstance(data, (dict, list)) or not data or luck.random() < 0.2:
        return ODD[luck.integers(len(ODD))]
    keys = list(data) if isinstance(data, dict) else list(range(len(data)))
    key = keys[luck.integers(len(keys))]
    whole = dict(data) if isinstance(data, dict) else list(data)
    if luck.random() < 0.2:
        del whole[key]
    else:
        whole[key] = damaged(data[key], luck)
    return whole


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "whole"
    return perform(Request("tiny", out=out, until="2030-03-02T06:00", report=False, quiet=True))[0]


@pytest.mark.parametrize("seed", range(12))
def test_the_summary_of_a_run(whole, tmp_path, seed):
    folder = shutil.copytree(whole, tmp_path / "run")
    known = damaged(json.loads((whole / "run.json").read_text()), np.random.default_rng(seed))
    (folder / "run.json").write_text(json.dumps(known))
    try:
        perform(Request("", branch=f"{folder}@2030-03-01T12:00", report=False, quiet=True))
    except CaseError as error:
        assert error.problems and str(error)


@pytest.mark.parametrize("seed", range(60))
def test_a_verdict(tmp_path, seed):
    (tmp_path / "verdict.json").write_text(json.dumps(damaged(VERDICT, np.random.default_rng(seed))))
    with pytest.raises(CaseError, match=r"verdict|account"):
        weights_for(TINY, verdict=tmp_path)


def test_a_folder_without_a_verdict(tmp_path):
    with pytest.raises(CaseError, match=r"a folder of `groundswell compare` with verdict\.json"):
        weights_for(TINY, verdict=tmp_path)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1251"])
def test_a_terminal_of_another_encoding(tmp_path, encoding):
    words = [sys.executable, "-m", "groundswell", "check", "Қазақ-\u2014"]
    made = subprocess.run(words, cwd=tmp_path, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding})
    assert made.returncode == 2 and b"Traceback" not in made.stderr and b"no such case or folder" in made.stderr


def test_a_name_that_is_not_utf8(tmp_path):
    words = [sys.executable.encode(), b"-m", b"groundswell", b"check", b"caf\xe9"]
    made = subprocess.run(words, cwd=tmp_path, capture_output=True)
    assert made.returncode == 2 and b"Traceback" not in made.stderr
