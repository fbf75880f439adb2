"""The report: self-contained, honest about its limits, safe with markup, true to the run."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from groundswell.report import mapdata, names, numbers, report_html, wording, write_report

VOID = {"meta", "link", "input", "br", "img", "hr"}
LIMITS = (
    "What it cannot tell: who ordered what in private; what happened in the blackout; whether an actor that "
    "left no trace was absent; anything below a district and an hour.",
    "It is no finding of fact about a living person, no evidence of guilt, and no forecast.",
    "Forces, garrisons and reactions are rough estimates of one past month.",
    "Places are towns and districts; there is no output about a person, household or minority beyond counts "
    "of at least 10.",
)


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.tags, self.words, self.ids, self.attributes = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, k, v or "") for k, v in attrs]
        self.ids += [v for k, v in attrs if k == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_page_parses_and_ids_are_unique(page):
    reader = read(page)
    assert len(reader.ids) == len(set(reader.ids))
    for target in re.findall(r'href="#([\w-]+)"|url\(#([\w-]+)\)', page):
        assert (target[0] or target[1]) in reader.ids


def test_page_asks_no_network(page):
    reader = read(page)
    loading = [v for _, k, v in reader.attributes if k in ("src", "srcset", "href", "xlink:href", "data", "action")]
    assert all(v.startswith(("#", "data:")) for v in loading)
    assert "http://" not in page
    assert "https://" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_page_is_small(page):
    assert len(page.encode("utf-8")) < 4_000_000


@pytest.mark.parametrize("sentence", LIMITS)
def test_limits_are_printed(page, sentence):
    assert sentence in read(page).text


def test_common_base_is_named_first(page):
    text = read(page).text
    assert text.index("This run carries no account: it is the common base") < text.index("Key numbers")
    assert text.index("What it cannot tell") < text.index("Key numbers")


def test_an_account_is_named():
    assert "carries the account “palace-plot”" in wording.standing("palace-plot")
    assert "common base" not in wording.standing("palace-plot")


def test_it_is_said_whether_measures_are_input_or_result(make_data):
    assert "given as input" in read(report_html(make_data())).text
    told = read(report_html(make_data(summary={"plan": {"government": "responsive"}}))).text
    assert "follow a rule of triggers and delays" in told
    assert "given as input" not in told


def test_enterprises_on_strike_are_counted_once_however_often_they_strike(make_data, history):
    found = {n.label: n for n in numbers.key_numbers(make_data(summary={"strikes": 999}))}
    assert int(found["Enterprises on strike"].value) <= history.sizes["enterprise"]


def test_key_numbers_come_from_the_history(make_data, history):
    found = {n.label: n for n in numbers.key_numbers(make_data())}
    whole = history["on_street"].sum("place").values
    assert found["Most on the street at once"].value == f"{whole.max():,.0f}"
    assert found["Detained"].value == f"{float(history['arrested'].sum()):,.0f}"
    assert found["Dead"].value == "not modelled in this version"
    assert found["People simulated"].value == "1,234,567"


def test_summary_goes_before_the_history(make_data):
    given = {"peak_on_street": 9876, "peak_time": "2022-01-05T14:00:00+06:00", "onset": {"a": "x"}, "dead": 3}
    data = make_data(summary=given)
    found = {n.label: n for n in numbers.key_numbers(data)}
    assert (found["Most on the street at once"].value, found["Most on the street at once"].note) == (
        "9,876", "Wed 5 Jan 14:00")  # fmt: skip
    assert found["Places with a crowd"].value == "1"
    assert found["Dead"].value == "3"


def test_harm_has_tiles_like_all_others(page, make_data):
    assert page.count('class="tile"') == 6
    assert page.count('class="tile harm"') == 6
    assert [n.harm for n in numbers.key_numbers(make_data())].index(True) == 0
    assert numbers.key_numbers(make_data())[0].label == "Dead"


def test_tiles_tell_who_the_dead_were(make_data, history):
    street = history["on_street"]
    told = history.assign(
        dead=street * 0 + 2, dead_fighting=street * 0 + 1, security_dead=street * 0 + 3, security_injured=street * 0,
        taken=street * 0 + 5, looted=street * 0, burnt=street * 0,
    )  # fmt: skip
    found = {n.label: n for n in numbers.key_numbers(make_data(history=told))}
    hours = street.size
    assert found["Dead"].value == f"{2 * hours:,}"
    assert found["Dead"].note == f"{hours:,} peaceful, {hours:,} fighting"
    assert found["Dead of the forces"].value == f"{3 * hours:,}"
    arrested = int(history["arrested"].sum())
    assert found["Detained"].value == f"{arrested + 5 * hours:,}"
    assert found["Detained"].note == f"{arrested:,} on the street, {5 * hours:,} from home"
    assert found["Shops looted"].value == "0"


def test_the_ending_stands_with_its_definition(outcome_page):
    text = read(outcome_page).text
    assert "Ending: calm after repression" in text
    assert "Fewer than 500 people were out through the last 72 hours." in text
    assert "The patron has been removed. This is a flag beside any ending." in text
    assert "Command passed to the side of the president: Security office." in text
    assert "not decided yet: the run ends before" in text
    for name in ("overthrow", "palace change", "civil war", "contested"):
        assert re.search(rf"{name} [^○●]* ○ does not hold", text), name
    assert "● holds" in text


def test_figures_stand_beside_counts_of_their_own_definition(outcome_page):
    text = read(outcome_page).text
    assert "At least 30 are dead. inhabitants killed, peaceful or fighting, until the date" in text
    assert "9 Jan 00:00 at least 30 40" in text
    assert "9 Jan 00:00 30 to 50 the run ends before" in text
    assert "Region 0 40 under 10 90 12 400 25 under 10" in text


def test_every_phase_has_an_anchor_and_its_pictures(outcome_page):

    reader = read(outcome_page)
    assert {"phase-forces-passive", "phase-live-fire", "phases", "forces", "harm", "ending"} <= set(reader.ids)
    assert outcome_page.count('<figure class="panel"><svg') == 3
    assert "First: Wed 5 Jan 05:00" in reader.text
    assert "481 people at most: 1 by exhaustion, 480 by disloyalty, 0 by order" in reader.text
    assert "1 of 2 phases came in this run" in reader.text
    assert "docs/results/passivity.md" not in reader.text  # a study of another case says nothing here
    assert len(reader.ids) == len(set(reader.ids))


def test_pictures_end_some_days_after_the_streets_are_calm(make_data, history):
    from groundswell.report import phases as printed

    street = history["on_street"] * 0
    street[30:100, 0] = 900.0
    data = make_data(history=history.assign(on_street=street))
    assert printed.drawn_hours(data) == 216  # 100 + 96 hours, and on to midnight
    assert printed.pictures_end(data) == "10 Jan"
    street[470, 0] = 900.0
    late = make_data(history=history.assign(on_street=street))
    assert printed.drawn_hours(late) == 480
    assert printed.pictures_end(late) == ""


def test_forces_by_organ(outcome_page):
    text = read(outcome_page).text
    assert "Police 3 900 700 0 60 200 0 0 3 12 40" in text
    assert "what a record tells of it stands with Forces passive" in text


def test_what_a_record_tells_of_passivity():
    from groundswell.report.phases import told

    low, high = {"right": 0.45, "low": 0.3, "high": 0.6}, {"right": 0.9, "low": 0.8, "high": 0.95}
    study = {"runs": 100, "causes": ["a", "b", "c"], "commonest": 0.5, "classes": high, "said": low}
    words = told(study)
    assert "was right in 90% of the runs (80% to 95%); read" in words
    assert "45% of the runs (30% to 60%), which is not above chance. Always saying" in words
    assert "the causes leave traces if the model's rules are right" in words
    assert told(study | {"classes": low}).endswith("So the record cannot tell the causes apart.")


def test_words_for_every_phase_there_is():
    from groundswell.observe.phases import PHASES
    from groundswell.report import phases as printed

    assert set(printed.LOOKED_AT) == set(PHASES)
    assert set(printed.VALUES) <= set(PHASES)


def test_a_run_without_phases_has_no_empty_sections(page):
    ids = read(page).ids
    assert not {"phases", "forces", "harm", "ending"} & set(ids)


def test_unused_measures_say_why(make_data, measures):
    rows = [{**measures[0], "used": False, "unused": "the rule decides"}]
    assert "not used: the rule decides" in read(report_html(make_data(measures=rows))).text


def test_map_data_give_the_history_back(make_data, history):
    packed, paths, _ = mapdata.map_data(make_data())
    street = history["on_street"].values
    by_name = {n: i for i, n in enumerate(history["name"].values)}
    assert len(packed["places"]) == int((street.max(axis=0) > 0).sum())
    assert set(paths) == {f"region-{r}" for r in range(8)}
    for place in packed["places"]:
        line = np.zeros(len(street), dtype=int)
        first, *steps = place["s"]
        line[first : first + len(steps)] = np.cumsum(steps)
        told = street[:, by_name[place["n"]]]
        assert np.array_equal(line[told >= 10], told[told >= 10])
        assert set(np.unique(line[told < 10])) <= {0, 1}


def test_no_place_tells_a_count_below_ten():
    assert mapdata.guarded(np.array([0.0, 1, 9, 10, 11, np.nan])).tolist() == [0, 1, 1, 10, 11, 0]
    assert mapdata.steps(np.array([0, 1, 1, 12])) == [1, 1, 3, 12]
    assert mapdata.deltas(np.array([0, 0, 5, 7, 0, 0])) == [2, 5, 2]
    assert mapdata.deltas(np.zeros(4, dtype=int)) == []


def test_markup_in_names_stays_text(make_data, history, outlines):
    evil = "</script><img src=x onerror=alert(1)>"
    called = np.array([evil] * history.sizes["place"])
    row = dict.fromkeys(("id", "text", "window", "scope", "statement", "run_value"), evil)
    measure = dict.fromkeys(("label", "statement", "source", "version"), evil)
    data = make_data(
        title=evil,
        history=history.assign_coords(name=("place", called)),
        region_names={"region-0": evil},
        chronology=[{**row, "line": 1, "set": "base", "result": "met"}],
        measures=[{**measure, "kind": "other", "start_hour": 5, "end_hour": None, "scope": "*", "used": True}],
        parameters=[{**dict.fromkeys(("name", "unit", "state", "source"), evil), "value": 1.0, "prior": None}],
    )
    html = report_html(data)
    reader = read(html)
    assert "img" not in reader.tags
    assert not any(k.startswith("on") for _, k, _ in reader.attributes)
    packed = re.search(r'id="packed">(.*?)</script>', html, flags=re.S).group(1)
    assert json.loads(packed)["places"][0]["n"] == evil


def test_tables_mark_what_is_fitted_and_what_is_kept_back(page):
    text = read(page).text
    assert "Rows of fit met: 2 of 2" in text
    assert "Rows of check met: 0 of 1" in text
    assert "neither kind" not in text
    assert "Not scored: 1" in text
    assert "not used: another version is" in text
    assert "newspaper" in text


def test_a_history_with_few_variables_still_reports(make_data, history):
    html = report_html(make_data(history=history[["on_street"]], measures=[], chronology=[], parameters=[]))
    text = read(html).text
    assert "The record of this case holds nothing to score" in text
    assert "What the people on the street demand" not in text


def test_write_leaves_one_whole_file(make_data, tmp_path):
    path = write_report(make_data(), tmp_path / "run" / "report.html")
    assert [p.name for p in path.parent.iterdir()] == ["report.html"]
    assert path.read_text(encoding="utf-8").endswith("</html>")


def test_windows_and_scopes_are_written_for_readers(make_data):
    assert names.window_words(("2022-01-02T00:00", "2022-01-03T06:30")) == "2 Jan 00:00 to 3 Jan 06:30"
    assert names.window_words("the first days") == "the first days"
    data = make_data(region_names={"region-0": "Northland"})
    assert names.where(data, "*") == "whole country"
    assert names.where(data, "region-0;place-1;elsewhere") == "Northland, Town B1, elsewhere"


def test_a_study_of_the_case_is_told_with_its_phase() -> None:
    from groundswell.report import phases as printed

    study = {"runs": 20, "causes": ["a", "b"], "commonest": 0.5, "classes": {"right": 0.9, "low": 0.8, "high": 1.0},
             "said": {"right": 0.6, "low": 0.4, "high": 0.8}, "matrix": [[9, 1], [1, 9]]}  # fmt: skip
    words = printed.looked_at("forces passive", study)
    assert "In 20 simulated runs" in words
    assert "not above chance" in words
    assert printed.looked_at("looting", study) == printed.looked_at("looting", None)


def test_harm_stands_beside_the_sources_figures_of_the_same_definition(make_data) -> None:
    row = {"id": "a", "text": "t", "line": 1, "statement": "s", "definition": "d", "until": "2022-01-09T00:00"}
    figures = [
        {**row, "counted": "dead", "scope": "*", "low": 164, "high": None, "simulated": 150},
        {**row, "counted": "dead", "scope": "*", "low": 164, "high": None, "simulated": 150},  # the same from another
        {**row, "counted": "dead", "scope": "north", "low": 3, "high": 3, "simulated": 2},  # of one region only
        {**row, "counted": "detained", "scope": "*", "low": 9000, "high": 11000, "simulated": None},  # ends before
    ]
    data = make_data(summary={"harm": {"figures": figures, "by_region": {}}})
    found = {n.label: n.said for n in numbers.key_numbers(data)}
    assert found["Dead"] == ("a source: at least 164 by 8 Jan; this run then 150",)
    assert found["Detained"] == ()
