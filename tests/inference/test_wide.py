"""The companion with doubled widths: priors by hand, the same vectors and base stage, and the table as it was."""

from pathlib import Path

import numpy as np
import pytest

from groundswell.accounts.model import Within
from groundswell.engine.priors import LogNormal, Normal, Uniform
from groundswell.inference import table
from groundswell.inference.wide import WIDE, double, make_wide, wide_design, widened
from inference import fakes

PLAYER = f"{fakes.NAME}:player"


def test_priors_are_twice_as_wide_about_their_middle() -> None:
    assert double(Uniform(1, 3)) == Uniform(0, 4)
    assert double(Normal(5, 2)) == Normal(5, 4)
    wide = double(LogNormal(2, 1, 4))
    assert wide == LogNormal(2, 0.5, 8)
    assert isinstance(wide, LogNormal)
    assert wide.sigma == pytest.approx(2 * LogNormal(2, 1, 4).sigma)


def test_what_is_drawn_stays_within_what_is_allowed_and_stated() -> None:
    free = widened(fakes.accounts()).elements["stand-down"].on[0]  # U(1, 4), allowed from 0 to 9
    assert free.prior == Uniform(-0.5, 5.5)
    drawn = [free.value(u) for u in np.linspace(0.001, 0.999, 101)]
    assert min(drawn) >= 0 < max(drawn) <= 5.5
    assert free.value(0.5, Within(2, 3, "stated")) == pytest.approx(2.5)
    assert widened(fakes.accounts()).free == fakes.FREE  # shared parameters keep their priors


def test_the_companion_plays_the_same_vectors_and_the_table_stays_as_it_is(tmp_path: Path) -> None:
    design = fakes.design(runs=64, modes=("conditional",))
    made = table.make(design, tmp_path, player=PLAYER, quiet=True)
    wide = make_wide(design, tmp_path, 20, player=PLAYER, quiet=True)
    assert wide.complete
    assert wide.rows < made.rows
    assert wide_design(design, 20).digest != design.digest
    first, own = (table.read(out).to_pandas() for out in (tmp_path, tmp_path / WIDE))
    assert own["vector"].isin(first["vector"]).all()
    first = first[first["vector"].isin(own["vector"])]
    assert (first["seed"].to_numpy() == own["seed"].to_numpy()).all()
    assert (first["p:joining.theta"].to_numpy() == own["p:joining.theta"].to_numpy()).all()
    strength = "p:factions.wait_intent"
    assert np.nanstd(own[strength]) > np.nanstd(first[strength])
    assert not any(line.startswith("base") for line in (tmp_path / WIDE / "log.csv").read_text().splitlines())
    again = make_wide(design, tmp_path, 12, player=PLAYER, quiet=True)  # never fewer than there are
    assert again.digest == wide.digest
    assert table.digest(table.read(tmp_path)) == made.digest
