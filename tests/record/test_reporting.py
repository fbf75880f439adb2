"""How a run would be reported: chances by hand, what never changes, and means over many seeds."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from groundswell.case import CaseError
from groundswell.record.reporting import (
    Reporting,
    counted_share,
    report,
    reporting_of,
    reporting_parameters,
    seen_chance,
    told_chance,
)
from record.made import claim, measured, observation, record

SURE = Reporting(
    told=1, selection=0, seen_crowd_people=1e-6, seen_harmed_people=1e-6, seen_place_people=1e-6, dark_told=1,
    dark_error=0, crowd_sd=0, figure_sd=0, share_sd=0, time_sd_h=0, dead_counted=1, injured_counted=1,
    security_counted=1, absence=0, rumour=0,
)  # fmt: skip
"""Everything gets out, is told by all, without error."""


def test_chance_of_getting_out_by_hand():
    p = Reporting(seen_crowd_people=100, seen_place_people=5000, dark_told=0.5)
    got = seen_chance(
        np.array([100.0, 300, 19, 7]), np.array([0.0, 0.5, 0, 1]), np.array([5000.0, 15000, 1e9, 5000]),
        np.array(["crowd", "crowd", "crowd", ""]), p,
    )  # fmt: skip
    assert got == pytest.approx([0.5 * 0.5, 0.9 * 0.75 * 0.75, 0.0, 0.5 * 0.5])


def test_chance_of_telling_by_hand():
    p = Reporting(told=0.8, selection=np.log(4))
    assert told_chance(np.array([0.0, 1, -1]), p) == pytest.approx([0.8, 16 / 17, 0.5])


def test_shares_counted_by_kind():
    p = Reporting(dead_counted=0.8, injured_counted=0.5, security_counted=0.9)
    kinds = np.array(["dead", "dead_fighting", "injured", "security_dead", "detained", "dead_share", "crowd"], object)
    assert counted_share(kinds, p).tolist() == [0.8, 0.8, 0.5, 0.9, 1, 1, 1]


def one_of_each():
    forms = ("hour", "count", "class", "share", "yes", "order", "rank")
    said = ((24, 48), (9, 99), (2, 3), (0.5, 1), (1, 1), (0, 24), (1, 1))
    seen = [observation(form, form) for form in forms]
    return record(seen, [claim(f, s, v) for f, v in zip(forms, said, strict=True) for s in ("a", "b")])


def test_without_error_a_run_like_the_record_is_reported_like_it():
    out = report(measured([30, 50, 2, 0.7, 1, 3, 1]), one_of_each(), SURE, seed=3)
    assert out.stated.all()
    assert out.low.tolist() == [24, 9, 2, 0.5, 1, 0, 1]
    assert out.high.tolist() == [48, 99, 3, 1, 1, 24, 1]


@pytest.mark.parametrize("seed", range(20))
def test_silence_is_never_zero(seed):
    nothing = measured([np.inf, 0, 0, 0, 0, np.inf, np.inf])
    out = report(nothing, one_of_each(), SURE, seed)
    assert not out.stated.any()
    assert np.isnan(out.low).all() and np.isnan(out.high).all()
    said = report(nothing, one_of_each(), replace(SURE, absence=1), seed)
    assert said.stated.tolist() == [True] * 5 + [False] * 2
    assert said.low[:5].tolist() == said.high[:5].tolist() == [np.inf, 0, 0, 0, 0]
    rumoured = report(nothing, one_of_each(), replace(SURE, rumour=1), seed)
    assert rumoured.stated.tolist() == [False] * 4 + [True] + [False] * 2
    assert rumoured.low[4] == 1


@pytest.mark.parametrize("seed", range(5))
def test_without_silences_all_is_said_that_can_be(seed):
    """Where the record speaks a run's sources do, with the same errors; what has no order still has none."""
    p = Reporting(told=0.01, absence=0, seen_crowd_people=1e9)
    something = measured([30, 50, 2, 0.7, 1, 3, 1])
    assert report(something, one_of_each(), p, seed, silence=False).stated.all()
    nothing = report(measured([np.inf, 0, 0, 0, 0, np.inf, np.inf]), one_of_each(), p, seed, silence=False)
    assert nothing.stated.tolist() == [True] * 5 + [False] * 2
    assert nothing.low[:4].tolist() == nothing.high[:4].tolist() == [np.inf, 0, 0, 0]
    assert not report(measured([np.nan] * 7), one_of_each(), p, seed, silence=False).stated.any()
    sure = report(something, one_of_each(), SURE, seed)
    assert sure.low.tolist() == report(something, one_of_each(), SURE, seed, silence=False).low.tolist()


def test_of_harm_nobody_counted_it_is_said_that_there_was_none():
    seen = [observation("dead", "count", "dead")]
    r = record(seen, [claim("dead", "a", (10, 10))])
    nobody = replace(SURE, dead_counted=0)
    assert not report(measured([7]), r, nobody).stated.any()
    assert report(measured([7]), r, nobody, silence=False).low.tolist() == [0]


def test_what_cannot_be_said_is_not_stated():
    out = report(measured([np.nan] * 7), one_of_each(), replace(SURE, absence=1, rumour=1))
    assert not out.stated.any()


def test_a_quiet_street_is_news():
    r = record([observation("calm", "count", "calm")], [claim("calm", "a", (0, 499))])
    assert report(measured([0]), r, SURE).high[0] == 499


def test_small_crowds_are_never_reported_nor_what_no_source_speaks_of():
    seen = [observation(f"c{i}", "count", "crowd") for i in range(200)]
    r = record(seen, [claim(o.id, "a", (10, 99)) for o in seen])
    sure = replace(SURE, least_people=20)
    assert not report(measured([19.9] * 200), r, sure).stated.any()
    assert report(measured([20] * 200), r, sure).stated.all()
    silent = record(seen, [claim("c0", "a", None), claim("c1", "a", (1, 2))])
    assert report(measured([500] * 200), silent, sure).stated.nonzero()[0].tolist() == [1]


def many(values, kind="crowd", origins=None, said=(100, 100), sources=("a",), n=None):
    seen = [observation(f"o{i}", "count", kind) for i in range(n or len(values))]
    claims = [claim(o.id, s, said, origin=(origins or {}).get(s, "")) for o in seen for s in sources]
    return record(seen, claims)


def test_rows_and_other_rows_change_nothing():
    r = one_of_each()
    x = measured([30, 50, 2, 0.7, 1, 3, 1], [0.4] * 7)
    first = [report(x, r, seed=s) for s in range(30)]
    turned = replace(r, observations=r.observations[::-1], claims=r.claims[::-1], sources=r.sources[::-1])
    back = measured(x.values[::-1], x.dark)
    more = replace(r, observations=(*r.observations, observation("z")), claims=(*r.claims, claim("z", "a")))
    wider = measured([*x.values, 1], [*x.dark, 0])
    assert len({tuple(one.stated) for one in first}) > 5
    for s, one in enumerate(first):
        two, three = report(back, turned, seed=s), report(wider, more, seed=s)
        for name in ("low", "high", "stated"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name)[::-1])
            np.testing.assert_array_equal(getattr(one, name), getattr(three, name)[:-1])


def test_one_origin_has_one_error_and_others_their_own():
    p = replace(SURE, crowd_sd=0.5)
    x = measured([1234.5] * 6)
    shared = report(x, many(x.values, origins={"a": "ministry"}, said=(123.456, 123.456)), p, seed=5)
    assert len(set(shared.low)) == 1 and shared.low[0] != pytest.approx(1234.5, rel=1e-4)
    own = report(x, many(x.values, said=(123.456, 123.456)), p, seed=5)
    assert len(set(own.low)) == 6
    two = many(x.values, origins={"a": "ministry", "b": "ministry"}, said=(123.456, 123.456), sources=("a", "b"))
    by_b = report(x, two, p, seed=5, source="b")
    np.testing.assert_array_equal(by_b.low, shared.low)


def test_one_source_alone_and_weights():
    seen = [observation("o", "count", "arms"), observation("only-b", "yes")]
    r = record(seen, [claim("o", "a", (100, 100)), claim("o", "b", (10, 19)), claim("only-b", "b")])
    x = measured([100, 1])
    assert report(x, r, SURE, source="a").low.tolist()[0] == 100
    assert report(x, r, SURE, source="a").stated.tolist() == [True, False]
    for seed in range(10):
        assert report(x, r, SURE, seed, weights={"a": 0}).low[0] != 100
    with pytest.raises(CaseError, match="--source"):
        report(x, r, SURE, source="c")


@pytest.mark.statistical
def test_undercount_has_its_mean():
    n, true = 4000, 20
    x = measured([true] * n)
    out = report(x, many(x.values, kind="dead", said=(164, 164)), replace(SURE, dead_counted=0.8))
    got = out.low[out.stated]
    assert len(got) == n
    assert abs(got.mean() - 0.8 * true) < 4 * np.sqrt(true * 0.8 * 0.2 / n)
    assert got.std() == pytest.approx(np.sqrt(true * 0.8 * 0.2), rel=0.1)


@pytest.mark.statistical
def test_chances_have_their_means():
    n = 4000
    x = measured([300] * n, [0.5] * n)
    seen = [observation(f"o{i}", "count", "crowd", residents=15000) for i in range(n)]
    r = record(seen, [claim(o.id, "a", (100, 100)) for o in seen])
    p = replace(SURE, seen_crowd_people=100, seen_place_people=5000, dark_told=0.5, told=0.8)
    expected = 0.9 * 0.75 * 0.75 * 0.8
    assert abs(report(x, r, p).stated.mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / n)
    hours = [observation(f"h{i}", "hour") for i in range(n)]
    r = record(hours, [claim(o.id, "a", (0.0, 1e-6)) for o in hours])
    out = report(measured([50] * n, [0.5] * n), r, replace(SURE, time_sd_h=2, dark_error=1))
    assert out.low.mean() == pytest.approx(50, abs=0.2)
    assert out.low.std() == pytest.approx(2 * 1.5, rel=0.05)


@pytest.mark.statistical
def test_a_source_leans_towards_kinds_of_event():
    kinds = ("arms", "looting", "strike", "burnt")
    seen = [observation(f"{k}{i}", "count", k) for k in kinds for i in range(200)]
    r = record(seen, [claim(o.id, "a", (10, 10)) for o in seen])
    told = report(measured([10] * len(seen)), r, replace(SURE, told=0.5, selection=1.5), seed=2).stated.reshape(4, 200)
    by_kind = told.mean(axis=1)
    assert by_kind.max() - by_kind.min() > 0.3  # equal chances would differ by 0.2 in one of 10,000 seeds


def test_parameters_are_documented_and_bounded():
    infos = {i.name: i for i in reporting_parameters()}
    assert set(infos) == {f.name for f in fields(Reporting)}
    for i in infos.values():
        low, high = i.bounds
        assert i.mechanism == "reporting" and i.unit and i.about and i.state == "assumed" and low <= i.default <= high
        if hasattr(i.prior, "quantile"):
            assert low <= i.prior.quantile(0.001) and i.prior.quantile(0.999) <= high


def test_parameters_from_settings():
    assert reporting_of({"reporting.told": 0.7, "news.b_news": 3, "figure_sd": "0.1"}) == Reporting(
        told=0.7, figure_sd=0.1
    )
    with pytest.raises(CaseError) as caught:
        reporting_of({"reporting.tolld": 1, "reporting.told": 2, "absence": "often"})
    assert [p.field for p in caught.value.problems] == ["reporting.tolld", "reporting.told", "absence"]
