"""Local times, run lengths, label places and the projection, by hand."""

import numpy as np
import pytest

from groundswell.figures import frames, marks
from groundswell.figures.projection import EARTH_RADIUS_KM, Albers


def test_times_are_local(history):
    t_ms = frames.local_ms(history, 6)
    assert frames.when(t_ms[0]) == "1 Jan 01:00"
    assert frames.when(frames.span_of(t_ms)[0], weekday=True) == "Sat 1 Jan 00:00"


def test_runs_cover_everything():
    assert frames.runs(np.array([0, 0, 2, 2, 2, 1])) == [(0, 2, 0), (2, 5, 2), (5, 6, 1)]
    assert frames.runs(np.array([3])) == [(0, 1, 3)]


def test_spread_keeps_order_and_gap():
    moved = frames.spread([1.0, 1.1, 5.0, 1.05], gap=1.0, low=0.0, high=6.0)
    assert sorted(moved) == pytest.approx([1.0, 2.0, 3.0, 5.0])
    assert np.argsort(moved).tolist() == np.argsort([1.0, 1.1, 5.0, 1.05]).tolist()
    crowded = frames.spread([6.0, 6.0, 6.0], gap=1.0, low=0.0, high=6.0)
    assert crowded == pytest.approx([4.0, 5.0, 6.0])


def test_unused_measures_get_no_mark_and_repeated_labels_one(measures):
    labels = [m.label for m in marks.chosen(measures, (0, 480))]
    assert "Curfew (first of 2)" in labels
    assert labels.count("Cabinet dismissed") == 1
    assert len(labels) == len(set(labels)) == 15


def test_many_measures_are_named_by_kind(measures):
    caps = [{**measures[0], "kind": "price_cap", "label": f"Cap {k}", "start_hour": 130 + k} for k in range(20)]
    rule = [{**measures[0], "kind": "posture_watch", "label": "Police watch", "version": "assumed"}]
    labels = [m.label for m in marks.chosen([*measures, *caps, *rule], (0, 480))]
    assert "Price cap (first of 20)" in labels
    assert "Police watch" not in labels


@pytest.mark.parametrize("width", [280, 760])
def test_labels_meet_no_label(measures, width):
    placed = marks.lanes(marks.chosen(measures, (0, 480)), (0, 480), width)
    boxes = [(m.lane, m.left_px, m.left_px + marks.text_width(m.label, marks.LABEL_PX)) for m in placed]
    for i, (lane, left, right) in enumerate(boxes):
        assert left >= 0
        assert right <= width
        assert not any(lane == b[0] and left < b[2] and b[1] < right for b in boxes[:i])


def test_short_cuts_at_a_word():
    assert marks.short("Price cut", 20) == "Price cut"
    assert marks.short("State of emergency in two regions and a city", 24) == "State of emergency in…"


def test_albers_keeps_areas():
    ring = np.array([[46.0, 41.0], [88.0, 41.0], [88.0, 55.0], [46.0, 55.0]])
    project = Albers.around([ring])
    lon = np.linspace(60, 64, 200)
    edge = np.concatenate([
        np.stack([lon, np.full(200, 50.0)], axis=1), np.stack([lon[::-1], np.full(200, 54.0)], axis=1)
    ])  # fmt: skip
    x, y = project(edge[:, 0], edge[:, 1]).T
    area = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    true = EARTH_RADIUS_KM**2 * np.radians(4.0) * (np.sin(np.radians(54)) - np.sin(np.radians(50)))
    assert area == pytest.approx(true, rel=1e-4)
    assert project(np.array([67.0]), np.array([48.0]))[0] == pytest.approx([0.0, 0.0], abs=1e-9)
