"""The command `compare`: plays rival accounts against the record, and weighs them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

from groundswell.play.options import CompareOptions

AS_USUAL = CompareOptions()
REMOVED = {
    "--posterior": "nothing: parameters are always estimated by regression",
    "--double-widths": "nothing: halved widths are told of every table, and wider priors are a table of their own",
}
"""Options that an earlier version had -> what there is in their place."""


def refuse_removed(words: Sequence[str]) -> None:
    """Whether the words of a command hold an option that is gone.

    Raises:
        CaseError: it does.
    """
    from groundswell.case import CaseError, Problem

    gone = [name for word in words[1:] if (name := word.partition("=")[0]) in REMOVED] if "compare" in words[:1] else []
    if gone:
        raise CaseError([Problem(name, None, "option", name, REMOVED[name]) for name in gone])


def compare(case: str, *, options: Annotated[CompareOptions, Parameter(name="*")] = AS_USUAL) -> int:
    """Play rival accounts many times over their priors, and weigh them by what the record says.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    """
    from groundswell.report.compare import summary_lines
    from groundswell.study.tables.request import CompareRequest, words
    from groundswell.weigh.comparing import weigh_folder
    from groundswell.weigh.growing import planned, play

    request = CompareRequest(case, **vars(options))
    folder, design, asking = planned(request)
    made, growth = play(request, folder, design, asking)
    if not request.quiet:
        print(words(folder, design, made))
    if request.shard is not None or not made.complete:
        return 0 if request.shard is not None else 1
    verdict = weigh_folder(folder, design.case, design.accounts, growth=growth, **asking)
    lines = summary_lines(verdict, str(folder / "compare.html"))
    print(json.dumps(verdict, ensure_ascii=False) if request.quiet else "\n".join(lines))
    return 0
