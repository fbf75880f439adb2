"""The record in words and as data: who says what with line, where sources contradict each other, what is counted."""

from __future__ import annotations

import json

import pytest

from groundswell.case import CaseError, load
from groundswell.cli import main
from groundswell.record import load_record
from groundswell.record.show import contradictions, says, show
from record.made import claim, observation, record


@pytest.fixture(scope="module")
def tiny():
    return load("tiny")


@pytest.fixture(scope="module")
def kazakhstan():
    return load("kazakhstan-2022")


def test_the_tiny_record_in_words(tiny):
    data, words = show(tiny)
    assert "Crowd on Quay Square  [harbour-crowd]" in words
    assert "notebook:3     states   100 to 3,000 people. The crowd on Quay Square at its largest." in words
    assert "gazette        denies   The plant works as on any day. (1)" in words
    assert "They contradict each other: notebook and gazette" in words
    assert words.splitlines()[-3:] == [
        "observations: 8 (1 base, 3 weigh, 2 check, 1 open, 1 context)",
        "claims: 9 (8 states, 1 denies); sources: 2",
        "observations on which sources contradict each other: 1",
    ]
    assert data["counts"]["stances"] == {"states": 8, "reports": 0, "denies": 1}
    assert [o["id"] for o in data["observations"] if o["contradictions"]] == ["plant-strike"]


def test_one_source_alone_and_words_that_are_looked_for(tiny):
    data, words = show(tiny, source="gazette")
    assert [o["id"] for o in data["observations"]] == ["harbour-crowd", "plant-strike", "fuel-cut"]
    assert "notebook:" not in words
    assert {o["id"] for o in show(tiny, about="strikes")[0]["observations"]} == {"plant-strike"}
    assert {o["id"] for o in show(tiny, about="Quay Square")[0]["observations"]} == {"harbour-gathers", "harbour-crowd"}
    assert {o["set"] for o in show(tiny, about="check")[0]["observations"]} == {"check"}


def test_wrong_words_are_named(tiny):
    with pytest.raises(CaseError, match="--source: given 'gazete'; allowed: .*did you mean 'gazette'"):
        show(tiny, source="gazete")
    with pytest.raises(CaseError, match="--about: given 'zebra'; allowed: one of deaths"):
        show(tiny, about="zebra")


def test_what_cannot_both_be_so():
    def pairs(form, *values, stances=("states", "states")):
        said = [claim("o", s, v, stance=t) for s, v, t in zip("ab", values, stances, strict=True)]
        return len(contradictions(record([observation("o", form)], said), "o"))

    assert pairs("count", (100, 200), (150, 300)) == 0
    assert pairs("count", (100, 200), (201, 300)) == 1
    assert pairs("count", (164, 164), (164, 200)) == 0
    assert pairs("hour", (24, 48), (48, 72)) == 1  # two days that only meet
    assert pairs("yes", (1, 1), (0, 0), stances=("states", "denies")) == 1
    assert pairs("yes", (0, 0), (0, 0), stances=("states", "denies")) == 0
    assert pairs("count", (164, 164), None, stances=("reports", "denies")) == 1
    assert pairs("count", None, None, stances=("denies", "denies")) == 0


def test_values_in_words(kazakhstan):
    held = load_record(kazakhstan)
    words = {c.id: says(held.observation(c.observation), c) for c in held.claims}
    assert words["e177"] == "164 people or more"
    assert words["e126"] == "tens of thousands"
    assert words["q064"] == "hundreds to tens of thousands"
    assert words["e108"] == "2 Jan"
    assert words["q-price-cut"] == "3 Jan 17:00 to 4 Jan"
    assert words["e145-share"] == "50% to 100%"
    assert words["q-dubnov"] == "-48 to +0 h"
    assert words["e108-rank"] == "1"
    assert words["e181"] == "6 months"
    assert words["e137"] == words["e177-denied"] == ""


def test_contradictions_between_the_texts_are_kept(kazakhstan):
    held = load_record(kazakhstan)
    apart = {o.id: {frozenset((a.source, b.source)) for a, b in contradictions(held, o.id)} for o in held.observations}
    assert frozenset(("001", "003")) in apart["patron-removed"]  # the hour that decides between two accounts
    assert apart["clash-capital"] == apart["residence-almaty"] == {frozenset(("001", "002"))}
    assert frozenset(("001", "004")) in apart["clash-almaty"]
    assert apart["dead-9-january"] == {frozenset(("003", "government"))}
    assert frozenset(("003", "pledgetimes")) in apart["head-arrested"]
    assert len({held.observation(i).id for i in ("dead-9-january", "dead-civilians", "security-dead")}) == 3


def test_the_sets_of_the_bundled_record(kazakhstan):
    held = load_record(kazakhstan)
    scored = held.in_sets("base", "weigh", "check", mode="both")
    assert 35 <= len([o for o in scored if o.set != "check"]) <= 45  # about forty summaries
    assert all(o.end_h <= 84 for o in held.in_sets("base"))
    assert all(c.value is None for o in held.observations if o.set == "open" for c in held.claims_of(o.id))
    joint = {o.kind for o in held.observations if o.mode == "joint"}
    assert {"price_cut", "cabinet_dismissed", "emergency", "network_cut", "appeal", "patron_removed"} <= joint
    texts = {c.source for c in held.claims if held.source_of[c.source].kind == "text"}
    assert texts == {"001", "002", "003", "004"}  # 000 is no witness of that month
    assert {s.weight for s in held.sources} == {1.0}


def test_the_rank_of_the_first_place_follows_from_the_places(kazakhstan):
    people: dict[str, float] = {}
    exposed: dict[str, float] = {}
    lives_on = {row.place: row.share for row in kazakhstan.tables["exposure"].rows}
    for place in kazakhstan.tables["places"].rows:
        people[place.region] = people.get(place.region, 0) + place.population_people
        exposed[place.region] = exposed.get(place.region, 0) + place.population_people * lives_on[place.place]
    share = {r: exposed[r] / people[r] for r in people}
    (said,) = {c.value for c in load_record(kazakhstan).claims_of("first-place-rank")}
    assert said[0] == 1 + sum(v > share["man"] for v in share.values())


def test_the_command(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["groundswell", "record", "tiny", "--about", "strikes", "--json"])
    with pytest.raises(SystemExit) as done:
        main()
    assert done.value.code == 0
    assert json.loads(capsys.readouterr().out)["counts"]["observations"] == 1
