"""The command `diff`: two finished runs of one case side by side."""

from __future__ import annotations

from pathlib import Path


def diff(first: Path, second: Path, *, out: Path | None = None) -> None:
    """Lay two finished runs of one case side by side: where they part, harm, a map of the difference, curves.

    Parameters
    ----------
    first, second
        Folders of finished runs.
    out
        File to write; by default FIRST-and-SECOND.html in this folder. One that is there is replaced.
    """
    from groundswell.observe import parting
    from groundswell.play.opened import Opened
    from groundswell.report.of_two import LABELS, write_diff

    a, b = Opened(first), Opened(second)
    names = first.resolve().name, second.resolve().name
    if names[0] == names[1]:
        names = str(first), str(second)
    written = write_diff(a, b, names, out or Path(f"{first.resolve().name}-and-{second.resolve().name}.html"))
    print(f"{'':34} {names[0]:>18} {names[1]:>18}")
    for name, x, y in parting.numbers(a.summary, b.summary):
        print(f"  {LABELS[name]:32} {x:18,.0f} {y:18,.0f}")
    print(f"  {'Displaced':32} not modelled in this version")
    print(f"Page: {written}")
