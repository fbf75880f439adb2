"""What must hold whatever the numbers: monotone responses of single mechanisms."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.harness import FLARE, HARBOUR, Bench, tiny
from groundswell.domains.state.engagement import win_probability
from groundswell.domains.street.risk import arrest_probability

few = settings(max_examples=40, deadline=None)
logs = st.lists(st.floats(-0.7, 0.7), min_size=3, max_size=8)
people = st.lists(st.integers(0, 2000), min_size=6, max_size=6)
force = st.floats(0, 1e5)


@few
@given(logs, st.floats(0, 1.5), st.integers(0, 7))
def test_raising_a_price_for_good_never_lowers_hardship_or_spark(path, rise, when):
    """Two price paths that differ by a factor from some step on."""
    low, high = (Bench("hardship", start={"price": 40.0}) for _ in range(2))
    low_spark, high_spark = (Bench("spark", start={"price": 40.0, "relief": 1.0}) for _ in range(2))
    price = 40.0
    for step, change in enumerate(path):
        price *= np.exp(change)
        raised = price * np.exp(rise if step >= when else 0.0)
        a, b = low.step(24 * step, price=price).hardship, high.step(24 * step, price=raised).hardship
        assert (b >= a - 1e-12).all()
        a, b = low_spark.step(step, price=price), high_spark.step(step, price=raised)
        if step <= when:  # a later fall of the price is the same fall; at the step itself the spark is larger
            assert (b.spark >= a.spark - 1e-12).all()
            assert (b.spark_ahead >= a.spark_ahead - 1e-12).all()
        assert (b.spark + b.spark_ahead >= a.spark + a.spark_ahead - 1e-12).all()


@few
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.3), st.floats(0, 0.3), people, st.floats(0, 1))
def test_opening_the_valve_never_raises_stored_pressure(v, w, channels, more, on_street, hardship):
    v, w = min(v, w), max(v, w)
    start = {"relief": 1.0}
    shut = Bench("valve", settings={"valve.opening": v, "valve.through_channels": channels}, start=start)
    wide = Bench("valve", settings={"valve.opening": w, "valve.through_channels": channels + more}, start=start)
    for step in range(48):
        values = {"on_street": on_street, "hardship": hardship}
        assert (wide.step(step, **values).pressure <= shut.step(step, **values).pressure + 1e-12).all()


@few
@given(people, people, st.floats(0, 1), st.floats(0, 1))
def test_more_crowd_elsewhere_is_never_less_news_and_jamming_never_more(there, more, reach, closure):
    small, large, jammed = (Bench("news", settings={"news.closure": closure}) for _ in range(3))
    for step in range(6):
        base = small.step(step, on_street=there).news
        assert (large.step(step, on_street=np.add(there, more)).news >= base - 1e-15).all()
        assert (jammed.step(step, on_street=there, reach=reach).news <= base + 1e-15).all()


@few
@given(force, force, st.floats(0.1, 1e5), st.floats(0.1, 1e5), st.floats(0.5, 4))
def test_the_force_prevails_more_with_more_force_and_less_with_more_crowd(f, g, c, d, power):
    (f, g), (c, d) = sorted((f, g)), sorted((c, d))
    assert 0 <= win_probability(f, c, power) <= win_probability(g, c, power) <= 1
    assert win_probability(g, d, power) <= win_probability(g, c, power)
    assert 0 <= arrest_probability(f, c) <= arrest_probability(g, c) <= 1
    assert arrest_probability(g, d) <= arrest_probability(g, c)


growth = ("leaving", "joining", "news", "ties", "reproduction")


@few
@given(
    st.lists(st.integers(0, 20), min_size=6, max_size=6),
    st.floats(0, 6),
    st.sampled_from(
        [("joining.b_local",), ("news.b_news",), ("ties.household", "ties.work_unit", "ties.neighbourhood")]
    ),
)
def test_doubling_a_strength_of_influence_never_lowers_reproduction(on_street, grievance, names):
    """As long as people are far from saturation: where nearly all who can have come out, R must fall."""
    defaults = {"joining.b_local": 0.8, "news.b_news": 1.2, "ties.household": 0.01, "ties.work_unit": 0.05}
    defaults["ties.neighbourhood"] = 0.05
    one, two = (Bench(*growth, settings={n: defaults[n] * k for n in names}) for k in (1, 2))
    values = {"on_street": on_street, "urge": grievance - 4.0, "own_grievance": grievance - 4.0}
    a, b = (float(x.step(0, **values).reproduction) for x in (one, two))
    assert b >= a * (1 - 1e-9)


@few
@given(st.lists(st.floats(0, 1), min_size=6, max_size=6), st.floats(0, 1), st.floats(1, 3))
def test_relief_of_an_offer_is_a_share(price_offers, trust, power):
    b = Bench("concession", settings={"concession.power": power}, start={"trust_mean": trust})
    product = np.ones(6)
    for step, scale in enumerate((0.3, 0.9, 0.5, 1.0)):
        offer = np.zeros((6, 6))
        offer[:, 0] = np.array(price_offers) * scale
        s = b.step(step, offer=offer)
        assert ((1 - trust - 1e-12 <= s.relief) & (s.relief <= 1)).all()
        product *= s.relief
    assert (product >= (1 - trust) ** 4 - 1e-12).all()


@few
@given(st.integers(0, 143), st.floats(-12, 14))
def test_local_clocks_differ_by_their_zones(step, zone):
    from groundswell.engine.clock import Clock

    case = tiny().case
    clock = Clock(case.start, case.hours, 1.0, np.array([0.0, 1.0, zone]))
    now = clock.now(step)
    absolute = now.local_hour + 24 * now.local_day
    assert ((0 <= now.local_hour) & (now.local_hour < 24)).all()
    np.testing.assert_allclose(absolute - absolute[0], [0, 1, zone], atol=1e-9)
    assert absolute[1] == step  # the case starts at midnight, one hour east of Greenwich


def test_a_place_that_lives_from_the_product_resents_it_more():
    b = Bench("spark", start={"price": 40.0, "relief": 1.0}, settings={"spark.own_product": 1.0})
    c = Bench("spark", start={"price": 40.0, "relief": 1.0}, settings={"spark.own_product": 2.0})
    plain, own = b.step(0, price=80.0).spark, c.step(0, price=80.0).spark
    # a quarter of Flare lives from gas
    np.testing.assert_allclose((own / plain)[[FLARE, HARBOUR]], [1.25, 1.02])
