"""The page of a comparison shows all of a verdict, greys what does not fit, and says what a probability is not."""

import copy
import html
import re
import shutil
import subprocess

import pytest

from groundswell.figures.grammar import percent
from groundswell.report import wording
from groundswell.report.compare import compare_page, summary_lines
from groundswell.report.weighed import chances, fit, how, trust, words
from groundswell.report.weighed.blocks import Chart, Table, Text
from groundswell.report.weighed.names import SEVERAL, Names, grouped, listed, number
from report.made_verdict import BAD, made_verdict

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
         "--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom")  # fmt: skip


@pytest.fixture(scope="session")
def verdict():
    return made_verdict()


@pytest.fixture(scope="session")
def page(verdict):
    return compare_page(verdict)


@pytest.fixture(scope="session")
def both(verdict):
    """The section of probabilities, where the first mode fits and the second does not."""
    return chances.section(verdict).blocks


@pytest.fixture
def alone(verdict):
    return {**copy.deepcopy(verdict), "also": {}}


def text_of(page):
    """What a reader sees, charts left out."""
    bare = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", page, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", bare)).replace("\u00a0", " ")


def section(page, name):
    """The HTML of a section, with its charts."""
    return re.search(rf'<section id="{name}".*?</section>', page, flags=re.S).group(0)


def test_every_key_of_a_verdict_is_shown(verdict, page):
    shown = text_of(page)
    checks = verdict["checks"]
    for row in (*verdict["families"].values(), *verdict["accounts"].values(), *verdict["mechanisms"].values()):
        assert f"{percent(row['probability'])} ({percent(row['low'])} to {percent(row['high'])})" in shown
    assert number(verdict["mechanisms"]["third"]["bayes_factor"]) in text_of(section(page, "probabilities"))
    for part in ("conditional", "joint"):
        recovery = text_of(section(page, f"{part}-recovery"))
        for row in checks["recovery"].values():
            assert f"of {row['n']}" in recovery
            assert all(f"{c['runs']} of {row['n']}" in recovery for c in row["given"].values() if c["runs"])
        trusted = text_of(section(page, f"{part}-trust"))
        for key in ("brier", "brier_prior", "log_score", "log_score_prior"):
            assert number(checks["reliability"][key]) in trusted
        assert all(percent(p) in trusted for p in verdict["null"].values())
        stands_on = text_of(section(page, f"{part}-stands-on"))
        for which in ("without_observation", "without_source", "source_alone"):
            assert all(percent(p) in stands_on for row in checks[which].values() for p in row.values())
        assert "001: A text" in stands_on
        told = text_of(section(page, f"{part}-parameters-section"))
        assert all(name in told for name in checks["parameters"]["by_name"])
        assert all(number(row["uniform_p"], 2) in told for row in checks["parameters"]["by_name"].values())
        steady = text_of(section(page, f"{part}-steady"))
        assert all(f"{step['runs']:,}" in steady for step in checks["doubling"]["steps"])
        assert all(name in steady for name in checks["prior_sensitivity"])
        assert all(told in steady for told in ("1.75", "43.2"))
        signs = text_of(section(page, f"{part}-signs"))
        assert "Of 3 predicted signs the runs decide 2: 1 are as predicted, 1 otherwise. Otherwise: “Second”:" in signs
        assert "times 0.389 (0.302 to 0.501)" in signs  # a difference of logarithms is a ratio
        assert "-0.41 h (-0.52 to -0.3)" in signs
        assert all(told in signs for told in ("Seen in runs: it differs.", "is the common base itself", "what b says"))
        made = text_of(section(page, f"{part}-made"))
        assert "246 (moved by 0.043)" in made
        for words_told in ("9.8.7", "246", "120", "Second 17", "kept 3; played 77; ruled out by Agreed by all 74",
                           "123",
                           "weights changed by the user: 002 0.5", "A list of names"):  # fmt: skip
            assert words_told in made
        chosen = checks["classifier"]["families"]
        assert f"families: penalty {number(chosen['penalty'])}" in made
    outside = text_of(section(page, "conditional-fit"))
    assert all(number(row["distance"]) in outside for row in verdict["outside_prior"].values())
    simple = text_of(section(page, "conditional-baselines"))
    assert all(f"{v:.3g}" in simple for v in (-3.5, -1.5, -1.9, -0.8, -1.25, -0.7))
    settle = text_of(section(page, "conditional-settle"))
    assert all(told in settle for told in ("A list of names", "Who was where.", "0.42", "37 %", "123"))


def test_modes_stand_side_by_side_and_say_what_they_speak_on(page):
    top = section(page, "words")
    assert top.count("Does anything fit?") == 2
    assert all(title in text_of(top) and told in text_of(top) for title, told in words.MODES.values())
    table = text_of(section(page, "probabilities"))
    assert "Probability, measures as recorded" in table
    assert "Probability, offices respond" in table
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_the_sentence_stands_beside_the_probabilities(verdict, page, both):
    for name in ("words", "probabilities", "conditional-stands-on", "conditional-trust", "joint-trust"):
        assert wording.PROBABILITY in text_of(section(page, name)), name
    for block in both:
        if isinstance(block, Chart):
            said = html.unescape(" ".join(re.findall(r">([^<]+)<", block.wide)))
            assert wording.PROBABILITY in said
    assert wording.PROBABILITY in " ".join(summary_lines(verdict))
    assert "overlap and do not sum to one" in text_of(page)


GREY_BAR, BLUE_BAR = (f'stroke="var(--{name})" stroke-width="2.5"' for name in ("rule", "curve"))


def warnings_in(blocks):
    return [b.text for b in blocks if isinstance(b, Text) and b.kind == "warning"]


def test_none_fits_greys_and_names_what_lies_outside(alone):
    for row in alone["outside_prior"].values():
        row.update(fits=False, observations=[{"summary": "o2", "p": 0.001}])
    alone["none_fits"] = True
    blocks = chances.section(alone).blocks
    charts = [b for b in blocks if isinstance(b, Chart)]
    assert len(charts) == 3
    assert all(GREY_BAR in svg and BLUE_BAR not in svg for c in charts for svg in (c.wide, c.narrow))
    assert all(t.faded == frozenset(range(len(t.rows))) for t in blocks if isinstance(t, Table))
    (warned,) = warnings_in(blocks)
    assert warned.startswith("None fits.")
    assert "An hour" in warned
    assert "An hour" in words.fits(alone, Names(alone))
    assert words.families(alone, Names(alone)).startswith("Not to be relied on, since none fits: ")


def test_a_mode_that_fits_keeps_its_colour_beside_one_that_does_not(both):
    (warned,) = warnings_in(both)
    assert warned.startswith("Offices respond: none fits.")
    assert all(GREY_BAR in c.wide and BLUE_BAR in c.wide for c in both if isinstance(c, Chart))
    assert not any(t.faded for t in both if isinstance(t, Table))


def test_markup_in_titles_stays_text_and_nothing_is_fetched(page):
    assert "<script" not in page
    assert BAD in text_of(page)
    assert not re.search(r'(src|href)="(?!#|data:)', page)
    assert "default-src 'none'" in page


def test_charts_keep_to_their_width(page):
    for kind, width in (("wide", 1040), ("narrow", 340)):
        drawn = [float(w) for w in re.findall(rf'<div class="{kind}"><svg[^>]*? width="([\d.]+)"', page)]
        assert len(drawn) == page.count('<figure class="chart"') >= 20
        assert max(drawn) <= width * 1.05
    assert 'aria-label=""' not in page


def test_missing_values_are_dashes(alone):
    names = Names(alone)
    for row in (*alone["accounts"].values(), *alone["mechanisms"].values(), *alone["families"].values()):
        row.update(probability=None, low=None, high=None)
    alone["accounts"]["a"]["fits"] = None
    for row in alone["outside_prior"].values():
        row.update(distance=None, usual=None)
    alone["settle"], alone["baselines"], alone["checks"]["parameters"] = [], {}, {}
    alone["checks"].update(
        doubling={"steps": [], "moved": None, "settled": False}, prior_sensitivity={}, source_alone={}
    )
    blocks = [b for part in (chances.section(alone), fit.fit(alone, names), trust.parameters(alone, names),
                             trust.baselines(alone, names), how.settling(alone, names), how.steadiness(alone, names))
              for b in part.blocks]  # fmt: skip
    cells = [c for b in blocks if isinstance(b, Table) for row in b.rows for c in row]
    assert "too few runs to tell" in cells
    assert "– (–)" in cells
    said = " ".join(b.text for b in blocks if isinstance(b, Text))
    assert "Too few runs carry the weight" in said
    assert "None" not in said
    assert summary_lines(alone)


def test_what_is_input_is_not_scored(alone):
    names = Names(alone)
    assert words.misfits(alone, names) == "Fewer than 5 % of the runs nearest to the record meet: Hardly met."
    part = fit.fit(alone, names)
    assert any("input in this mode: Given as input" in b.text for b in part.blocks if isinstance(b, Text))
    table = next(b for b in part.blocks if isinstance(b, Table) and b.columns[0] == "Observation")
    assert [row[0] for row in table.rows] == ["Agreed by all", "Hardly met", "Kept back"]


def mode_of(first, second, **more):
    row = (
        dict(zip(("probability", "low", "high"), first, strict=True)),
        dict(zip(("probability", "low", "high"), second, strict=True)),
    )
    return {
        "families": {"x": row[0], "y": row[1]}, "checks": {"prior_families": {"x": 0.5, "y": 0.5}}, "none_fits": False,
        **more,
    }  # fmt: skip


def test_a_family_stands_alone_only_if_its_interval_does():
    names = Names({})
    clear = words.families(mode_of((0.8, 0.7, 0.9), (0.2, 0.1, 0.3)), names)
    assert "The interval of “x” lies above those of all the others." in clear
    assert "Raised by the record: “x”; lowered by the record: “y”." in clear
    open_ = words.families(mode_of((0.55, 0.4, 0.7), (0.45, 0.3, 0.6)), names)
    assert "No family stands alone at the top: the interval of “x” overlaps with that of “y”." in open_
    assert "The record moves none of them clearly." in open_


def test_words_on_sets_doubling_and_mechanisms():
    names = Names({})
    told = {"families": {"x": {}, "y": {}}, "recovery": dict.fromkeys("abc"), "not_separable": [["a", "b"]],
            "checks": {"not_separable_families": []}, "runs": 8}  # fmt: skip
    assert "order below is no ranking: “a” and “b”. The families are told apart" in words.apart(told, names)
    linked = words.apart({**told, "not_separable": [["a", "b", "c"]]}, names)
    assert "pair by pair they link into one set of 3" in linked
    assert "every account is told apart" in words.apart({**told, "not_separable": []}, names)
    steps = [{"runs": 1000, "families": {}}, {"runs": 2000, "families": {}}]
    told["checks"]["doubling"] = {"steps": steps, "moved": 0.012, "settled": True}
    assert words.settled(told).startswith("Yes. Doubling the runs from 1,000 to 2,000 moved a family's probability by")
    told["checks"]["doubling"] = {"steps": steps, "moved": 0.2, "settled": False}
    assert words.settled(told).startswith("Not yet.")
    told["mechanisms"] = {"p": {"bayes_factor": 5.0}, "q": {"bayes_factor": 0.2}, "r": {"bayes_factor": 1.5}}
    assert words.mechanisms(told, names) == (
        "Mechanisms raised: “p” (odds times 5). Mechanisms lowered: “q” (odds times 0.2). The record changes the odds "
        "of each of the 1 other mechanisms by less than a factor of 3, which is little."
    )


def test_accounts_stand_in_their_family_by_probability():
    mode = {
        "families": {"x": {}, "y": {}},
        "accounts": {k: {"probability": p} for k, p in {"a": 0.1, "b": 0.3, "c": 0.2, "d": None}.items()},
        "checks": {"class_family": {"a": "x", "b": "x", "c (x)": "x", "c (y)": "y", "d": "y"}},
    }
    assert grouped(mode, Names({})) == {"x": ["b", "a"], "y": ["d"], SEVERAL: ["c"]}


def test_a_terminal_is_told_the_same(verdict):
    lines = summary_lines(verdict, "out/compare.html")
    said = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= 120
    assert "One kind" in said
    assert "NONE FITS: None fits." in said
    assert "not told apart: “Second” and “Third”" in said
    assert "would settle it: A list of names (37 % of what is open)" in said
    assert lines[-1].endswith("out/compare.html")


def test_numbers_as_printed():
    assert [percent(p) for p in (0.0, 0.001, 0.333, 0.999, 1.0)] == ["0 %", "<1 %", "33 %", ">99 %", "100 %"]
    assert [number(v) for v in (None, 1234, 0.12345, 12345.6)] == ["–", "1,234", "0.123", "12,346"]
    assert [listed("a"), listed("ab"), listed("abcd", 2)] == ["a", "a and b", "a, b and 2 more"]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_is_wider_than_the_window(page, tmp_path, width):
    probe = tmp_path / "compare.html"
    script = (
        "document.querySelectorAll('details').forEach(d => d.open = true);"
        "document.body.dataset.over = document.documentElement.scrollWidth - innerWidth;"
        "document.body.dataset.charts = [...document.querySelectorAll('figure svg')]"
        ".filter(s => s.getBoundingClientRect().width > 0).length"
    )
    free = page.replace("http-equiv", "data-off").replace("</body>", f"<script>{script}</script></body>")
    probe.write_text(free, encoding="utf-8")
    own = (f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900", probe.as_uri())
    done = subprocess.run([CHROMIUM, *FLAGS, *own], capture_output=True, text=True, timeout=120, check=True)
    assert "CONSOLE" not in done.stderr, done.stderr
    assert int(re.search(r'data-over="(-?\d+)"', done.stdout).group(1)) <= 0
    assert int(re.search(r'data-charts="(\d+)"', done.stdout).group(1)) == page.count('<figure class="chart"')
