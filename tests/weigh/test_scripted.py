"""What is input in a mode is no evidence in it: it is not weighed, and what runs say of it moves nothing."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from groundswell.record import load_record
from groundswell.study.tables.table import read
from groundswell.weigh.verdict import verdict
from groundswell.world.world import build
from weigh.made import made_table

SCRIPTED = "fuel-cut"  # a measure: given at its recorded hour, so scored only where offices respond


@pytest.fixture(scope="module")
def weighed(tmp_path_factory):
    """Verdicts by mode, of a table apart by family in the hour of the measure too, and of one with other hours."""
    out: Path = tmp_path_factory.mktemp("scripted") / "made"
    case, accounts, _ = made_table("tiny", out, modes=("conditional", "joint"), apart=2.0, slots=12)
    record, world, table = load_record(case), build(case), read(out)
    column = table.column_names.index(f"o:{SCRIPTED}")
    other = table.set_column(column, f"o:{SCRIPTED}", pa.array(np.linspace(1, 90, len(table))))
    return [
        {m: verdict(t, record, accounts, world, m, repeats=2, baseline_runs=24) for m in ("conditional", "joint")}
        for t in (table, other)
    ]


def test_a_scripted_observation_is_not_weighed(weighed) -> None:
    said = weighed[0]
    assert SCRIPTED in {o for found in said["joint"]["sets"].values() for o in found}
    assert any(name.startswith(SCRIPTED) for name in said["joint"]["checks"]["summaries"])
    assert not any(SCRIPTED in found for found in said["conditional"]["sets"].values())
    assert not any(name.startswith(SCRIPTED) for name in said["conditional"]["checks"]["summaries"])
    assert SCRIPTED not in said["conditional"]["checks"]["without_observation"]
    assert SCRIPTED in said["joint"]["checks"]["without_observation"]


def test_nothing_of_a_verdict_depends_on_it(weighed) -> None:
    """The same verdict, to the bit, whatever the runs say of it: so leaving it out moves nothing either."""
    one, other = (said["conditional"] for said in weighed)
    one["checks"]["predictive"].pop(SCRIPTED, None)  # shown beside the others, and not scored
    other["checks"]["predictive"].pop(SCRIPTED, None)
    assert repr(one) == repr(other)
    assert repr(weighed[0]["joint"]["families"]) != repr(weighed[1]["joint"]["families"])
