"""The command `score`: how well finished runs fit the dated record."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def score(
    *runs: Path,
    observed: Path | None = None,
    baselines: bool = True,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Say how well finished runs fit the dated record: statements met, and for several runs proper scores.

    Parameters
    ----------
    runs
        Folders of finished runs, or folders that hold such folders.
    observed
        CSV file observation,low,high,stated: a record to score by instead of the case's own.
    baselines
        Whether two simple models, fitted to the same observations, stand beside several runs.
    json_
        Print the score as JSON and nothing else.
    """
    from groundswell.weigh.scored import score as scored

    def told(line: str) -> None:
        print(line, file=sys.stderr)

    found = scored(runs, observed, baselines=baselines, told=None if json_ else told)
    print(json.dumps(found.to_json(), ensure_ascii=False) if json_ else str(found))
