"""The bundled case of 2022's Karakalpakstan: people add up, contradictions stand side by side, it plays and replays."""

from __future__ import annotations

import pytest

import groundswell as gs
from groundswell.case import Case
from groundswell.case.statements import statements
from groundswell.play.run import Run
from groundswell.report.of_run import report_data
from groundswell.report.page import report_html

REPUBLIC, COUNTRY = 1_948_496, 35_271_276


@pytest.fixture(scope="module")
def case() -> Case:
    return gs.load("karakalpakstan-2022")


@pytest.fixture(scope="module")
def run(case: Case) -> Run:
    return gs.run(case, seed=1)


def test_totals_hold(case: Case) -> None:
    places = case.tables["places"].rows
    assert case.population_people == COUNTRY == sum(row.population_people for row in places)
    inner = [row for row in places if row.region == "qr"]
    assert sum(row.population_people for row in inner) == REPUBLIC
    assert [row.kind for row in inner].count("town") == [row.kind for row in inner].count("rural") == 16
    urban = sum(row.population_people for row in inner if row.urban_share == 1)
    assert urban / REPUBLIC == pytest.approx(920.4 / 1875.4, abs=1e-4)


def test_communities_of_the_republic_and_the_country_hold(case: Case) -> None:
    people = {row.place: row.population_people for row in case.tables["places"].rows}
    inner = {row.place for row in case.tables["places"].rows if row.region == "qr"}
    own = [row for row in case.tables["communities"].rows if row.community == "karakalpak"]
    here = sum(row.share * people[row.place] for row in own if row.place in inner)
    assert here / REPUBLIC == pytest.approx(0.322, abs=0.001)
    assert sum(row.share * people[row.place] for row in own) / COUNTRY == pytest.approx(752.7 / 34_600, abs=2e-4)


def test_the_record_is_dated_and_keeps_contradictions(case: Case) -> None:
    scored = [row for row in statements(case) if row.set in ("base", "weigh", "check")]
    assert len(scored) >= 40
    figures: dict[str, set[tuple[float | None, float | None]]] = {}
    for row in case.tables["claims"].rows:
        figures.setdefault(row.observation, set()).add((row.low, row.high))
    assert {(17, 19), (19, 19), (66, None), (17, None)} <= figures["dead"]
    assert {(4, 4), (2, 2)} <= figures["dead-forces"]
    assert {(133, 133), (164, 164), (230, 230)} <= figures["injured"]
    stances = {row.stance for row in case.tables["claims"].rows if row.observation == "shots"}
    assert stances == {"states", "denies"}


def test_every_disputed_hour_has_its_versions(case: Case) -> None:
    versions: dict[str, list[bool]] = {}
    for row in case.tables["measures"].rows:
        versions.setdefault(row.measure, []).append(row.used)
    disputed = {measure for measure, used in versions.items() if len(used) > 1}
    assert disputed == {
        "draft-published", "mobile-off", "activist-arrested", "activist-released", "forces-brought", "clauses-kept",
        "emergency-qr", "curfew-eased",
    }  # fmt: skip


def test_the_country_is_quiet_without_the_draft_and_the_arrests(case: Case) -> None:
    none = {"draft-published": "none", "activist-arrested": "none", "activist-arrested-again": "none"}
    assert gs.run(case, seed=1, measures=none, until="2022-07-05T00:00").summary["peak_on_street"] < 50


def test_it_plays_and_replays_to_the_bit(case: Case, run: Run) -> None:
    assert run.summary["digest"] == gs.run(case, seed=1).summary["digest"]
    assert run.score["of"] >= 40


def test_no_text_of_another_case_stands_in_its_report(run: Run) -> None:
    page = report_html(report_data(run))
    assert "Karakalpakstan" in page
    for word in ("Zhanaozen", "Almaty", "Tokayev", "Nazarbayev", "LPG", "KZT", "tenge", "CSTO"):
        assert word not in page, word
