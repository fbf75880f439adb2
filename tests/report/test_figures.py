"""Every chart draws, says that it is simulated, and is saved with no network."""

import re
import subprocess
import sys

import numpy as np
import pytest

from groundswell import figures


def all_charts(history, measures, outlines, width):
    return {
        "curves": figures.curves(history, measures, width=width),
        "strikes": figures.strikes(history, width=width),
        "demands": figures.demands(history, width=width),
        "map_at": figures.map_at(history, outlines, 110, width=width),
        "pressure": figures.pressure(history, width=width),
        "onset": figures.onset(history, width=width),
        "harm": figures.harm(history, width=width),
    }


@pytest.mark.parametrize("width", [340, 820])
def test_every_chart_is_an_svg_with_its_standing(history, measures, outlines, width):
    for name, chart in all_charts(history, measures, outlines, width).items():
        svg = figures.inline_svg(chart, name)
        assert svg.startswith("<svg"), name
        said = " ".join(re.findall(r">([^<]+)<", svg))
        assert "Simulated," in said, name
        assert "http" not in svg, name
        drawn = float(re.search(r'width="([\d.]+)"', svg).group(1))
        assert drawn <= width * 1.12 + 30, name


def test_time_axis_names_the_zone(history):
    assert "local time (UTC+5)" in figures.inline_svg(figures.onset(history, offset_h=5), "a")


def test_harm_says_what_is_not_modelled(history):
    assert "Dead: not modelled in this version" in figures.inline_svg(figures.harm(history), "a")
    with_dead = history.assign(dead=history["injured"] * 0.5)
    assert "not modelled" not in figures.inline_svg(figures.harm(with_dead), "a")


def test_an_empty_run_draws(history, outlines):
    calm = history.map(np.zeros_like)
    for chart in all_charts(calm, [], outlines, 820).values():
        assert figures.inline_svg(chart, "calm").startswith("<svg")


def test_an_account_is_named(history):
    assert "third-force" in figures.inline_svg(figures.strikes(history, account="third-force"), "a")


def test_save_writes_png_and_svg_and_refuses_others(history, tmp_path):
    chart = figures.onset(history)
    assert figures.save(chart, tmp_path / "new" / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in figures.save(chart, tmp_path / "a.svg").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=r"\.png or \.svg"):
        figures.save(chart, tmp_path / "a.jpg")


def test_names_with_markup_stay_text(history, outlines):
    names = history["name"].values.astype(object)
    names[:] = "<script>alert(1)</script>"
    bad = history.assign_coords(name=("place", names.astype(str)))
    for chart in (figures.map_at(bad, outlines, 110), figures.onset(bad)):
        assert "<script" not in figures.inline_svg(chart, "a")


def test_importing_groundswell_imports_no_chart_library():
    code = (
        "import sys, groundswell, groundswell.figures, groundswell.report\n"
        "print(sorted({'altair', 'vl_convert', 'jinja2', 'xarray', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
