"""The record in the shape of a reported run: versions drawn together, one source alone, weights, files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from groundswell.case import CaseError
from groundswell.record.observed import observed, read_reported, read_weights, write_reported
from record.made import claim, observation, record

HOURS = [observation(f"h{i}", "hour") for i in range(3)]


def rivals(weights=None, origins=("", "", "")):
    """Three sources on three hours: a says 1, b says 2, c says 3; c is silent on the last."""
    claims = [
        claim(h.id, s, (v, v), origin=o)
        for h in HOURS
        for s, v, o in zip("abc", (1, 2, 3), origins, strict=True)
        if not (s == "c" and h.id == "h2")
    ]
    return record([*HOURS, observation("unsaid")], claims, weights)


def test_a_draw_trusts_one_source_throughout():
    r = rivals()
    draws = np.array([observed(r, d).low for d in range(200)])
    assert np.isnan(draws[:, 3]).all()
    assert (draws[:, 0] == draws[:, 1]).all()
    assert ((draws[:, 2] == draws[:, 0]) | (draws[:, 0] == 3)).all()
    assert set(draws[:, 0]) == {1, 2, 3} and set(draws[:, 2]) == {1, 2}


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("weights", "origins", "share"),
    [
        (None, ("", "", ""), (1 / 3, 1 / 3, 1 / 3)),
        ({"a": 2, "b": 1, "c": 1}, ("", "", ""), (1 / 2, 1 / 4, 1 / 4)),
        ({"a": 0, "b": 3, "c": 1}, ("", "", ""), (0, 3 / 4, 1 / 4)),
        (None, ("x", "x", ""), (1 / 2, 0, 1 / 2)),  # two that repeat one origin weigh as one; its first row stands
    ],
)
def test_versions_are_drawn_by_weight(weights, origins, share):
    n = 600
    for r, change in ((rivals(weights, origins), None), (rivals(None, origins), weights)):
        got = np.array([observed(r, d, change).low[0] for d in range(n)])
        for value, expected in zip((1, 2, 3), share, strict=True):
            assert abs((got == value).mean() - expected) <= 4 * np.sqrt(expected * (1 - expected) / n)


def test_one_source_alone_even_with_weight_zero():
    out = observed(rivals(), source="c", weights={"c": 0})
    assert out.low[:2].tolist() == [3, 3]
    assert out.stated.tolist() == [True, True, False, False]


def test_rows_may_stand_in_any_order():
    r = rivals()
    turned = replace(r, claims=r.claims[::-1], sources=r.sources[::-1])
    for d in range(20):
        np.testing.assert_array_equal(observed(r, d).low, observed(turned, d).low)


def test_a_denial_is_a_version_of_a_yes():
    r = record([observation("o")], [claim("o", "a", (1, 1)), claim("o", "b", (0, 0), stance="denies")])
    assert {observed(r, d).low[0] for d in range(20)} == {0, 1}


def test_wrong_sources_and_weights_are_named():
    with pytest.raises(CaseError) as caught:
        observed(rivals(), weights={"d": 1, "a": -1, "b": np.nan})
    assert [str(p.given) for p in caught.value.problems] == ["d", "-1", "nan"]
    with pytest.raises(CaseError, match="--source"):
        observed(rivals(), source="d")
    assert read_weights(["003=0.5", "a=0"]) == {"003": 0.5, "a": 0.0}
    with pytest.raises(CaseError) as caught:
        read_weights(["003", "a=much", "b=-1", "=1", "ok=1"])
    assert [p.given for p in caught.value.problems] == ["003", "a=much", "b=-1", "=1"]


def test_a_file_comes_back_to_the_bit(tmp_path):
    r = rivals()
    out = observed(r, 1)
    out.low[0], out.high[0] = 0.1 + 0.2, 1e300
    out.low[1] = out.high[1] = np.inf
    write_reported(tmp_path / "r.csv", out, r)
    back = read_reported(tmp_path / "r.csv", r)
    for name in ("low", "high", "stated"):
        np.testing.assert_array_equal(getattr(out, name), getattr(back, name))
    assert [p.name for p in tmp_path.iterdir()] == ["r.csv"]


def test_a_file_is_refused_with_every_mistake(tmp_path):
    (tmp_path / "r.csv").write_text(
        "observation,low,high,stated\n"
        "h0,3,2,true\nh9,1,1,true\nh1,x,inf,true\nh0,1,1,true\nh2,1,,false\nunsaid,inf,inf,true\nh1,1,1,yes\n"
    )
    with pytest.raises(CaseError) as caught:
        read_reported(tmp_path / "r.csv", rivals())
    assert [(p.line, p.field) for p in caught.value.problems] == [
        (2, "high"), (3, "observation"), (4, "low"), (4, "high"), (5, "observation"), (6, "low"), (7, "low"),
        (7, "high"), (8, "observation"), (8, "stated"),
    ]  # fmt: skip
    with pytest.raises(CaseError, match=f"no such file; allowed: a file named none.csv in {tmp_path}"):
        read_reported(tmp_path / "none.csv", rivals())
