"""The heap of returned people against sorting."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.engine.heap import pop, push
from groundswell.engine.tables import ENTRY, find, new_slots, put, room, room_slots


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1e6), st.integers(0, 2)), max_size=120))
def test_three_heaps_in_one_table(actions):
    entries, used, roots = np.zeros(130, ENTRY), np.array([0, -1]), [-1, -1, -1]
    expected: list[list[float]] = [[], [], []]
    for number, (is_push, value, heap) in enumerate(actions):
        if is_push:
            roots[heap] = push(entries, used, roots[heap], number, 1, value)
            expected[heap].append(value)
        elif expected[heap]:
            assert entries[roots[heap]]["resistance"] == min(expected[heap])
            expected[heap].remove(min(expected[heap]))
            roots[heap] = pop(entries, used, roots[heap])
    for root, values in zip(roots, expected, strict=True):
        for value in sorted(values):
            assert entries[root]["resistance"] == value
            root = pop(entries, used, root)
        assert root == -1


def test_rows_are_used_again():
    entries, used, root = np.zeros(4, ENTRY), np.array([0, -1]), -1
    for i in range(100):
        root = push(entries, used, root, i, 1, float(i))
        root = pop(entries, used, root)
    assert root == -1
    assert used[0] == 1


@settings(deadline=None)
@given(st.sets(st.integers(0, 2**62), max_size=400))
def test_map_finds_what_was_put_and_nothing_else(keys):
    slots = new_slots(1)
    for row, key in enumerate(keys):
        slots = room_slots(slots, row + 1)
        put(slots, key, row)
    assert [find(slots, key) for key in keys] == list(range(len(keys)))
    assert find(slots, 2**62 + 1) == -1


def test_room_keeps_rows_and_doubles():
    table = room(np.arange(4), 5)
    assert len(table) == 8
    assert list(table[:4]) == [0, 1, 2, 3]
    assert room(table, 8) is table
