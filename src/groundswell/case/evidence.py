"""What mechanisms and parameters rest on in the texts that a case quotes: `evidence.toml`, checked.

    [trust]
    mechanism = ["weekly:24-27: the blame of an old guard bought time"]
    falsehood = ["weekly:31, 40"]

A key is a parameter, or `mechanism` for the mechanism as a whole; each statement names a text of case.toml and its
lines, and may say in a few words what stands there. The file is optional and no part of the case's digest: it says
why, and moves no run.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from groundswell.case.head import MOST_LISTED, Entries, KnownParameters
from groundswell.case.problems import Found, Problem, one_of
from groundswell.case.read import read_text, read_toml

EVIDENCE = "evidence.toml"
WHOLE = "mechanism"
"""The key of what concerns a mechanism as a whole."""

STATEMENT = re.compile(r"([a-z0-9-]+):[0-9]+(?:-[0-9]+)?(?:, [0-9]+(?:-[0-9]+)?)*(?:: \S.*)?")
FORM = 'a list of statements such as "weekly:31, 40: ways round a cut"'


def read_evidence(
    folder: Path, known: KnownParameters | None, texts: Collection[str], problems: list[Problem]
) -> dict[str, tuple[str, ...]]:
    """Mechanism, or "mechanism.parameter" -> its statements; empty where the case has no such file.

    known: mechanisms and parameters; None: any. texts: ids of the texts of case.toml.
    """
    path = folder / EVIDENCE
    if not (path.exists() or path.is_symlink()):
        return {}
    text = read_text(folder, EVIDENCE, problems)
    toml = None if text is None else read_toml(EVIDENCE, text, problems)
    found: dict[str, tuple[str, ...]] = {}
    before = len(problems)
    for mechanism, entries in ({} if toml is None else toml.values).items():
        if toml is None or len(problems) - before >= MOST_LISTED:
            break
        table = Entries(toml, mechanism, entries, problems)
        if known is not None and mechanism not in known:
            table.refuse("", mechanism, one_of(sorted(known), mechanism, most=30))
            continue
        table.only(table.values if known is None else (WHOLE, *known[mechanism]))
        for key, statements in table.values.items():
            if not isinstance(statements, list) or not statements:
                table.refuse(key, statements, FORM)
                continue
            for one in statements:
                said = STATEMENT.fullmatch(one) if isinstance(one, str) else None
                if said is None:
                    table.refuse(key, one if isinstance(one, str) else Found(one), FORM)
                elif said[1] not in texts:
                    table.refuse(key, said[1], f"a text of case.toml, {one_of(sorted(texts), said[1])}")
            found[mechanism if key == WHOLE else f"{mechanism}.{key}"] = tuple(map(str, statements))
    return found
