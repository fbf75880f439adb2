"""The counts of docs/phases.md belong to the phases and to the settings that the tests use today."""

import json

from tools.phases_seen import COUNTS, SETTINGS, TEXTS, said

import test_phases_removed as removed
from groundswell.observe.phases import LOOKED_AT, PHASES


def test_counts_are_of_the_settings_of_the_tests() -> None:
    counted = json.loads(COUNTS.read_text(encoding="utf-8"))
    assert counted["settings"] == json.loads(json.dumps([said(s) for s in SETTINGS])), "run tools/phases_seen.py again"
    assert list(counted["counts"]) == ["default", *(s.name for s in SETTINGS)]
    for found in counted["counts"].values():
        assert list(found) == list(PHASES)
        assert all(0 <= n <= counted["seeds"] for n in found.values())


def test_each_phase_is_defined_has_its_lines_and_comes_often_in_the_world_of_its_test() -> None:
    assert list(LOOKED_AT) == list(PHASES)
    assert set(TEXTS) == set(PHASES)
    counted = json.loads(COUNTS.read_text(encoding="utf-8"))
    for row in removed.ROWS:
        assert counted["counts"][row.setting.name][row.phase] >= counted["seeds"] / 2, row
