"""Measurements in fresh processes, each program in an environment of its own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
ENVIRONMENTS = ROOT / ".venv-bench"
COMPILED = ENVIRONMENTS / "compiled"
"""Compiled code, by program; emptied when the benchmark begins."""
PINS = {path.stem: path for path in sorted((HERE / "environments").glob("*.txt"))}
"""Programs that are installed for the benchmark only: name -> file of pinned versions."""
LONGEST_S = 240.0
"""What takes longer than this, in seconds, is given up."""


class Failed(Exception):
    """A measurement that could not be made; says why."""


def python_of(peer: str) -> str:
    """The interpreter that a program is measured with."""
    return str(ENVIRONMENTS / peer / "bin" / "python") if peer in PINS else sys.executable


def install(peer: str) -> None:
    """Make the environment of a program, unless it is there with these pins.

    Raises:
        Failed: the package index does not give it.
    """
    stamp, wanted = ENVIRONMENTS / peer / "installed", digest(peer)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    folder = str(ENVIRONMENTS / peer)
    pip = [python_of(peer), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(PINS[peer])]
    for command in ([sys.executable, "-m", "venv", "--clear", folder], pip):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"not installed: {cause(done.stderr)}")
    stamp.write_text(wanted, encoding="utf-8")


def digest(peer: str) -> str:
    """Fingerprint of a program's pins and of the Python they are installed for."""
    return hashlib.sha256(PINS[peer].read_bytes() + sys.version.encode()).hexdigest()


def install_all(peers: list[str]) -> dict[str, str]:
    """Make environments, several at a time; why those failed that did."""

    def one(peer: str) -> str:
        try:
            install(peer)
        except (Failed, OSError) as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(max(len(peers), 1)) as pool:
        return {peer: why for peer, why in zip(peers, pool.map(one, peers), strict=True) if why}


def cause(text: str) -> str:
    """The last line of an error that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if "notice" not in line), "no message")[:300]


def ask(asked: dict[str, Any], longest_s: float = LONGEST_S) -> dict[str, Any]:
    """What `benchmarks.row` measures in a fresh process; linear algebra stays on one thread.

    Args:
        asked: see `benchmarks.row`; `kept` names the folder where compiled code is kept, by default the program's.
        longest_s: when to give up.

    Raises:
        Failed: the process ended with an error, or was not done in time.
    """
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
    env |= {"PYTHONPATH": str(ROOT), "STARSIM_INSTALL_FONTS": "0", "POLARS_MAX_THREADS": str(asked.get("threads", 1))}
    env["NUMBA_CACHE_DIR"] = str(COMPILED / asked.get("kept", asked["peer"]))
    command = [python_of(asked["peer"]), "-m", "benchmarks.row", json.dumps(asked)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=longest_s
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"not done within {longest_s:g} s") from None
    except OSError as error:
        raise Failed(str(error)) from None
    if done.returncode:
        killed = f"ended by signal {-done.returncode}; was there too little memory?"
        raise Failed(killed if done.returncode < 0 else cause(done.stderr))
    return json.loads(done.stdout.splitlines()[-1])
