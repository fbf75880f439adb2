"""The command `accounts`: what each rival account says, who holds it, what it switches on, what it predicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def accounts(
    case: str,
    account: str | None = None,
    *,
    diff: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="")] = (),
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Show the rival accounts of a case, and account files in this folder, in an order drawn anew each day.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    account
        Id of one account, or NAME of a file NAME.toml in this folder: that one in full.
    diff
        Two accounts: what sets them apart.
    json_
        Print plain data instead of words.
    """
    from datetime import date

    from groundswell.accounts.words import tell
    from groundswell.case import load

    data, words = tell(load(case), account, diff, date.today(), Path())
    print(json.dumps(data, ensure_ascii=False) if json_ else words)
