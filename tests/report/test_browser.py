"""The report in the system's Chromium: no error on the console, and the slider moves the numbers."""

import re
import shutil
import subprocess

import pytest

from groundswell.report import write_report

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--enable-logging=stderr",
    "--virtual-time-budget=2000",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def report(outcome_data, tmp_path_factory):
    return write_report(outcome_data, tmp_path_factory.mktemp("report") / "report.html")


def dump(report, profile, anchor, size="1280,900"):
    own = (f"--user-data-dir={profile}", f"--window-size={size}", "--dump-dom", f"{report.as_uri()}{anchor}")
    done = subprocess.run([CHROMIUM, *FLAGS, *own], capture_output=True, text=True, timeout=120, check=True)
    assert "CONSOLE" not in done.stderr, done.stderr
    return done.stdout


def shown(dom, name):
    return re.search(rf'id="{name}"[^>]*>(?:<small>)?([^<]*)', dom).group(1)


def test_the_slider_moves_the_numbers(report, history, tmp_path):
    whole = history["on_street"].sum("place").values
    told = {}
    for hour in (0, 100):
        dom = dump(report, tmp_path / str(hour), f"#hour={hour}")
        assert shown(dom, "n-street") == f"{whole[hour]:,.0f}"
        assert shown(dom, "n-arrested") == f"{float(history['arrested'][: hour + 1].sum()):,.0f}"
        told[hour] = shown(dom, "clock")
    assert told == {0: "Saturday 1 Jan 2022, 01:00", 100: "Wednesday 5 Jan 2022, 05:00"}


def test_opens_at_the_peak_on_a_phone(report, history, tmp_path):
    whole = history["on_street"].sum("place").values
    dom = dump(report, tmp_path / "phone", "", "400,800")
    assert f'data-hour="{int(whole.argmax())}"' in dom
    assert len(re.findall(r'<circle cx="[^>]*aria-label="Town', dom)) >= 10


def with_script(report, folder, script):
    """A copy of the report with its content policy off and a script of the test at its end."""
    html = report.read_text(encoding="utf-8").replace("http-equiv", "data-off")
    probe = folder / "probe.html"
    probe.write_text(html.replace("</body>", f"<script>{script}</script></body>"), encoding="utf-8")
    return probe


def test_keys_choose_places_and_play_moves_on(report, tmp_path):
    script = """
      const map = document.getElementById("country"), told = document.body.dataset;
      const key = () => map.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
      key();
      told.first = document.getElementById("p-name").textContent;
      key();
      told.second = document.getElementById("p-name").textContent;
      document.getElementById("play").click();
    """
    dom = dump(with_script(report, tmp_path, script), tmp_path / "profile", "#hour=80")
    first, second = (re.search(rf'data-{k}="([^"]*)"', dom).group(1) for k in ("first", "second"))
    assert first.startswith("Town")
    assert second.startswith("Town")
    assert first != second
    assert int(re.search(r'data-hour="(\d+)"', dom).group(1)) > 80
    assert re.search(r'id="p-people">[\d,]+<', dom)


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_is_wider_than_the_window(report, tmp_path, width):
    script = "document.body.dataset.over = document.documentElement.scrollWidth - innerWidth"
    dom = dump(with_script(report, tmp_path, script), tmp_path / "profile", "", f"{width},900")
    assert int(re.search(r'data-over="(-?\d+)"', dom).group(1)) <= 0


def test_an_error_would_be_seen(tmp_path):
    page = tmp_path / "broken.html"
    page.write_text("<!doctype html><title>x</title><script>missing()</script>", encoding="utf-8")
    with pytest.raises(AssertionError, match="missing is not defined"):
        dump(page, tmp_path / "profile", "")
