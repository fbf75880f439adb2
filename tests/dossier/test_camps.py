"""Camps, agreement and kinds of event of a record, by hand: blocks come out, silence and hearsay count for nothing."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.case import load
from groundswell.dossier.camps import OTHER, agreed, agreement, camps, group_of, grouped, speakers, stances
from groundswell.record import load_record
from record.made import claim, observation, record


def block(matters=12, out=()):
    """Two blocks, a b and c d, of which each denies what the other states, on every matter; `out` is silent sources."""
    seen, said = [], []
    for n in range(matters):
        seen.append(observation(f"o{n}"))
        for source in "abcd":
            so = (source in "ab") == (n % 2 == 0)
            said.append(claim(f"o{n}", source, (so, so), stance="states" if so else "denies"))
    return record(seen, said, dict.fromkeys(out, 1.0))


def test_camps_of_a_block_matrix():
    found = camps(agreement(block(out=("e",))), resamples=50)
    assert found.found == (("a", "b"), ("c", "d"))
    assert found.stability == (1.0, 1.0)
    assert found.alone == ("e",)
    assert found.together[("a", "b")] == found.together[("c", "d")] == 1.0
    assert found.together[("a", "c")] == found.together[("b", "d")] == 0.0
    assert not any("e" in pair for pair in found.together)


def test_an_agreement_counts_what_both_have_a_position_on():
    seen = [observation("crowd", "count"), observation("hour", "hour"), observation("yes")]
    said = [
        claim("crowd", "a", (100, 200)), claim("crowd", "b", (150, 300)), claim("crowd", "c", (400, 500)),
        claim("hour", "a", (0, 24)), claim("hour", "b", (24, 48)),
        claim("yes", "a", (0, 0), stance="denies"), claim("yes", "c", (0, 0), stance="denies"),
    ]  # fmt: skip
    held = agreement(record(seen, said))
    assert held.shared("a", "b") == (2, 1)  # crowd can both be so, two days that only meet cannot
    assert held.shared("a", "c") == (2, 1)  # two denials agree
    assert held.shared("b", "c") == (1, 0)
    assert np.array_equal(held.relation, held.relation.transpose(0, 2, 1))
    assert not held.relation[:, [0, 1, 2], [0, 1, 2]].any()


def test_silence_and_hearsay_are_neither_agreement_nor_denial():
    seen = [observation(f"o{n}") for n in range(6)]
    said = [claim(o.id, "a") for o in seen] + [claim(o.id, "b", stance="reports") for o in seen]
    said += [claim("o0", "c", (0, 0), stance="denies")]
    made = record(seen, said)
    held = agreement(made)
    assert held.shared("a", "b") == (0, 0) and held.shared("a", "c") == (1, 0)
    found = camps(held, resamples=5)
    assert (found.found, found.alone, found.together) == ((), ("a", "b", "c"), {})
    assert stances(made, "o1", "b") == ("reports",) and stances(made, "o1", "c") == ()
    assert agreed(made) == []


def test_positions_on_accounts_are_matters_too():
    made = record([observation("o")], [claim("o", "a")], {"b": 1.0})
    positions = {"x": {"a": "states", "b": "denies"}, "y": {"a": "states", "b": "states"},
                 "z": {"a": "states", "b": "open"}, "w": {"a": "states", "nobody": "states"}, "o": {}}  # fmt: skip
    held = agreement(made, positions)
    assert held.matters == ("o", *(f"account:{name}" for name in "xyzwo"))  # an id may be that of an observation
    assert held.shared("a", "b") == (2, 1)


def test_what_is_agreed_has_two_positions_and_no_contradiction():
    seen = [observation("two"), observation("three"), observation("one"), observation("disputed")]
    said = [claim("two", "a"), claim("two", "b"), claim("one", "a"), claim("one", "b", stance="reports")]
    said += [claim("three", s) for s in "cab"]
    said += [claim("disputed", "a"), claim("disputed", "b"), claim("disputed", "c", (0, 0), stance="denies")]
    assert [(o.id, who) for o, who in agreed(record(seen, said))] == [("three", ("a", "b", "c")), ("two", ("a", "b"))]


def test_camps_are_the_same_for_a_seed_and_do_not_depend_on_names():
    shaky = block(3)
    one = camps(agreement(shaky), seed=1, resamples=40)
    assert one == camps(agreement(shaky), seed=1, resamples=40)
    assert one.stability == (1.0, 1.0)  # within a block agreement is whole in every resample
    said = [claim(f"o{n}", s, (1, 1) if s == "a" or n < 6 else (0, 0)) for n in range(10) for s in "ab"]
    half = record([observation(f"o{n}") for n in range(10)], said)
    found = camps(agreement(half), seed=1, resamples=400)
    assert found.found == (("a", "b"),)
    # They are one camp where more than 5 of 10 draws fall on the 6 agreed matters: P(Binomial(10, 0.6) > 5) = 0.633.
    assert found.stability[0] == pytest.approx(0.633, abs=0.08)
    assert found.together[("a", "b")] == found.stability[0]


def test_kinds_of_event():
    made = record(
        [observation("a", "hour", kind="onset"), observation("b", kind="arms"), observation("c", "hour", kind="clash"),
         observation("d", "order", of=("a", "c")), observation("e", kind="other", title="Strikes before"),
         observation("f", kind="measure", title="A speech"), observation("g", kind="other", title="Anything else")],
        [],
    )  # fmt: skip
    named = {o.id: group_of(made, o) for o in made.observations}
    assert named["a"] == "Crowds" and named["b"] == named["c"] == named["d"] == "Fighting, arms and buildings"
    assert (named["e"], named["f"], named["g"]) == ("Strikes and pay", "Measures of the state", OTHER)
    assert [o.id for members in grouped(made, made.observations).values() for o in members] == list("aebcdfg")


def test_the_camps_of_the_case_rest_on_little():
    made = load_record(load("kazakhstan-2022"))
    assert speakers(made) == ("000", "001", "002", "003", "004")
    held = agreement(made)
    assert {held.shared("000", s) for s in ("001", "002", "003", "004")} == {(0, 0)}
    assert held.shared("001", "003")[0] > held.shared("001", "003")[1] > 3
    assert camps(held, resamples=2).alone == ("000",)
    assert len(grouped(made, made.observations)) == 11
