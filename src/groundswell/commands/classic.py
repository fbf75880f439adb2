"""The command `classic`: models with known answers, drawn and told in a few numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from groundswell.play.options import Whole

classic = App(name="classic", help="Play a classic model with a known answer: Epstein's civil violence, thresholds.")
Many = Parameter(consume_multiple=True, negative="")


@classic.command
def epstein(
    *,
    variant: str = "all",
    steps: Whole = 500,
    seed: Whole = 1,
    runs: Whole = 1,
    set: Annotated[tuple[str, ...], Many] = (),  # noqa: A002
    out: Path = Path("epstein.png"),
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Epstein's civil violence, Model I: bursts of rebellion, or none, by how officers to rebels is rounded.

    Parameters
    ----------
    variant
        as-printed, rounded (half to even), floored, or all three in panels of one scale.
    steps
        In each of which everybody takes one turn.
    seed
        Seed of the first run; the next runs have the next seeds. The first is drawn.
    runs
        Runs of each variant.
    set
        NAME=VALUE, as many as you like: width, height, citizen_density, cop_density, vision, legitimacy,
        max_jail_term, threshold, k, or reading=mesa, which does as Mesa's packaged example where the paper is open.
    out
        File to write, .png or .svg. One that is there is replaced.
    json_
        Print the numbers as JSON and nothing else.
    """
    from groundswell.classic.requests import EpsteinRequest, play_epstein

    numbers, words = play_epstein(EpsteinRequest(variant, steps, seed, runs, set, out))
    print(json.dumps(numbers) if json_ else words)


@classic.command
def granovetter(
    *,
    people: Whole = 100,
    mean: float = 25.0,
    sd: float = 12.2,
    thresholds: Path | None = None,
    seed: Whole = 1,
    runs: Whole = 200,
    out: Path = Path("granovetter.png"),
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Granovetter's thresholds: the cascade, one person who decides it, and the spread at which the end jumps.

    Parameters
    ----------
    people
        Size of the crowd.
    mean
        Mean of normal thresholds, in people.
    sd
        Their standard deviation, in people.
    thresholds
        File with a crowd of your own, one threshold a line, in people; inf for never.
    seed
        Seed of every draw.
    runs
        Crowds drawn at each spread.
    out
        File to write, .png or .svg. One that is there is replaced.
    json_
        Print the numbers as JSON and nothing else.
    """
    from groundswell.classic.requests import GranovetterRequest, play_granovetter

    numbers, words = play_granovetter(GranovetterRequest(people, mean, sd, thresholds, seed, runs, out))
    print(json.dumps(numbers) if json_ else words)
