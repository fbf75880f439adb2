"""Detention and detainees on the tiny case: who is taken, who is missed, and what is shown of it, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import DUNES, FLARE, HARBOUR, Bench, at, crowd, tiny
from groundswell.domains import all_mechanisms
from groundswell.domains.state.detainees import KINDS, shown

# 0.5 per 1,000 adults times the index: 0.6, 2.0, 0.5, 0.4, 0.2, 0.1 of 8,460, 4,935, 3,525, 12,692, 5,641, 7,051
KNOWN = [3, 5, 1, 3, 1, 0]


def bench(**changes: float) -> Bench:
    return Bench("detention", settings={f"detention.{k}": v for k, v in changes.items()})


# -- known organisers ------------------------------------------------------------------------------------------


def test_known_organisers_by_hand():
    exact = [0.0005 * i * n for i, n in zip((0.6, 2.0, 0.5, 0.4, 0.2, 0.1), tiny().adults, strict=True)]
    assert np.rint(exact).tolist() == KNOWN
    b = bench(per_1000=5.0)
    assert b.mechanisms[0].known.tolist() == [25, 49, 9, 25, 6, 4]


def test_half_of_them_are_taken_within_a_day_and_come_free_together():
    b = bench(per_1000=5.0)
    order = {"detain_share": at(FLARE, 0.5), "hold_h": 48.0}
    taken = []
    for hour in range(30):
        s = b.step(hour, **order)
        taken.append(int(s.detain_known[FLARE]))
    # 49 * 0.5 = 24.5: 1.0208 sought each hour, whole people, 24 at the end of the day
    assert taken[:3] == [1, 1, 1]
    assert taken[24:] == [0] * 6
    assert sum(taken) == 24
    assert s.organisers_held[FLARE] == 24
    assert s.organisers_free.tolist() == pytest.approx([1, 1 - 24 / 49, 1, 1, 1, 1])
    assert s.organisers_since_h[FLARE] == pytest.approx(np.average(np.arange(30), weights=taken))  # 11.5
    for hour in range(30, 62):
        s = b.step(hour, detain_share=0.0)
        assert s.organisers_held[FLARE] == (24 if hour < 60 else 0)  # 48 hours after 11.5
    assert s.organisers_free[FLARE] == 1.0
    assert b.step(62, **order).detain_known[FLARE] == 1  # a new order begins anew


def test_an_order_that_ends_early_leaves_the_rest_free():
    b = bench(per_1000=5.0)
    for hour in range(6):
        s = b.step(hour, detain_share=at(FLARE, 0.5), hold_h=360.0)
    s = b.step(6, detain_share=0.0)
    assert s.organisers_held[FLARE] == 6
    assert not s.detain_known.any()


def test_the_urge_without_organisers_by_hand():
    b = bench(per_1000=5.0)
    held = at(FLARE, 24.0)
    s = b.step(0, organisers_held=held, organisers_free=1 - held / 49, organisers_since_h=0.0, hold_h=360.0)
    group = b.group(FLARE, "trade")
    assert s.urge[group] == pytest.approx(-24 / 49 * 0.3)
    assert s.urge[b.group(HARBOUR, "trade")] == 0.0
    # one in a hundred out: 0.1 * ln(1 + 10) more
    n = round(tiny().adults[FLARE] / 100)
    s = b.step(1, on_street=crowd(flare=n))
    assert s.urge[group] == pytest.approx(-24 / 49 * (0.3 + 0.1 * np.log1p(n / tiny().adults[FLARE] / 0.001)))


def test_without_weights_detention_changes_no_urge():
    b = bench(per_1000=5.0, calls=0.0, coordination=0.0)
    for hour in range(10):
        s = b.step(hour, detain_share=1.0, on_street=500, hold_h=360.0)
        assert not s.urge.any()
    assert s.organisers_free[FLARE] < 1.0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.floats(0, 1), min_size=6, max_size=6), min_size=1, max_size=40), st.floats(1, 50))
def test_the_free_are_a_share_and_nobody_is_taken_twice(orders, hold):
    b = bench(per_1000=2.5, span_h=6.0)
    known = b.mechanisms[0].known
    for hour, order in enumerate(orders):
        s = b.step(hour, detain_share=np.array(order), hold_h=hold)
        assert ((s.organisers_free >= 0) & (s.organisers_free <= 1)).all()
        assert (s.organisers_held <= known + 1e-9).all()
        assert (s.detain_known >= 0).all()
        np.testing.assert_allclose(s.organisers_free, 1 - s.organisers_held / np.maximum(known, 1), atol=1e-12)


# -- mass arrests ----------------------------------------------------------------------------------------------


def raided(officers: int, rate: float = 0.8, **street: int) -> Bench:
    """Detention after an hour in which people came out, with police on duty on the coast."""
    b = Bench("detention", settings={"detention.rate": rate, "detention.per_officer": 0.05})
    b.step(0, joined=crowd(**street))
    b.s.unit_on_duty[0] = officers
    b.set({"joined": 0, "mass_arrests_scope": [1, 1, 1, 0, 0, 0]})
    return b


def test_mass_arrests_go_where_people_have_been_out():
    b = raided(10_000, harbour=300, flare=100, milltown=600)
    s = b.step(1, arrested=crowd(harbour=100))
    # 0.8 of 300 a day, 10 an hour over 200 of Harbour and 100 of Flare; Milltown is not in the scope
    assert s.been_out.tolist() == [200, 100, 0, 600, 0, 0]
    assert s.detain_past.tolist() == [6, 3, 0, 0, 0, 0]
    assert s.arrests_due == pytest.approx([2 / 3, 1 / 3, 0, 0, 0, 0])
    taken = np.zeros(6, int)
    for hour in range(2, 25):
        s = b.step(hour, arrested=0, taken=0)
        taken += s.detain_past
    assert (6 + 3 + taken.sum()) == pytest.approx(240, abs=2)


def test_the_force_on_duty_limits_them():
    b = raided(2_400, harbour=300, flare=300)  # 0.05 a day each: 120 a day, 5 an hour, where 480 a day are wanted
    assert b.step(1).detain_past.tolist() == [2, 2, 0, 0, 0, 0]
    assert b.step(2).detain_past.tolist() == [3, 3, 0, 0, 0, 0]
    b.s.unit_on_duty[0] = 0
    assert not b.step(3).detain_past.any()


def test_they_end_with_the_emergency_and_with_the_order():
    b = raided(10_000, harbour=300, flare=300)
    assert b.step(1, emergency=at(HARBOUR, 1.0)).detain_past.tolist() == [10, 10, 0, 0, 0, 0]
    assert b.step(2, emergency=0.0).detain_past.tolist() == [0, 10, 0, 0, 0, 0]  # lifted in Harbour
    assert not b.step(3, mass_arrests_scope=0.0).detain_past.any()


def test_nobody_has_been_out_nobody_is_taken():
    s = raided(10_000).step(1)
    assert not s.detain_past.any()


# -- what is shown ---------------------------------------------------------------------------------------------


def detainees(**changes: float) -> Bench:
    return Bench("detainees", settings={f"detainees.{k}": v for k, v in changes.items()})


def series(s, name: str) -> list[float]:
    return [float(getattr(s, f"{name}_{k}")) for k in KINDS]


def test_who_was_detained_by_hand():
    b = detainees()
    home = tiny().home_spot
    stand = np.column_stack([home, home])
    stand[DUNES] = 6, 2  # the main crowd of Dunes stands in Harbour, those who fight at home
    values = {"arrested": crowd(harbour=10, dunes=8), "arrested_fighting": crowd(dunes=3), "taken": crowd(flare=7)}
    s = b.step(0, stand=stand, crowd=5, **values)
    assert series(s, "true") == pytest.approx([20, 5, 0, 0.05 * 25])
    assert series(s, "shown") == pytest.approx([0.8 * 20, 0.8 * 5, 0, 0.8 * 1.25])
    # evidence is wanted from the appeal on: 2 percent of the others confess that they are a foreign hand
    s = b.step(1, appeal=1.0)
    assert series(s, "shown") == pytest.approx([0.8 * 19.6, 0.8 * 4.9, 0.8 * 0.5, 1.0])
    assert series(s, "true") == pytest.approx([20, 5, 0, 1.25])
    s = b.step(2, appeal=0.0)
    assert s.shown_foreign > 0  # it is not taken back
    s = b.step(3, arrested=0, arrested_fighting=0, taken=0)
    assert series(s, "true") == series(s, "shown") == [0, 0, 0, 0]


def test_members_of_organised_groups_count_by_their_kind():
    assert tiny().bands.kind == ["criminal", "exile"]
    s = detainees().step(0, band_arrested=np.array([6, 4]), arrested=crowd(milltown=10))
    assert series(s, "true") == pytest.approx([16, 4, 0, 6 + 0.05 * 14])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(0, 1e4), min_size=4, max_size=4), st.floats(0, 0.2), st.floats(0, 0.5))
def test_what_is_shown_adds_up(true, false_share, hidden):
    told = shown(np.array(true), false_share, hidden)
    assert (told >= 0).all()
    assert told[:3].sum() == pytest.approx((1 - hidden) * sum(true[:3]))
    assert told[2] >= (1 - hidden) * true[2] - 1e-9
    assert shown(np.array(true), 0.0, 0.0).tolist() == pytest.approx(true)


def test_nothing_reads_what_is_shown():
    own = {v.name for v in all_mechanisms()["detainees"].writes}
    for m in all_mechanisms().values():
        assert not own & {*m.reads, *m.lags}, m.name
