"""The order of an hour from what mechanisms declare, and how mistakes in declarations are told."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from groundswell.domains import all_mechanisms
from groundswell.engine.mechanism import Mechanism, Undeclared, Variable, View, parameter
from groundswell.engine.priors import Fixed, LogNormal, Normal, Uniform
from groundswell.engine.schedule import ScheduleError, order
from groundswell.engine.state import COUNTS, RATES, SUMS, State


def made(title: str, file: str, **declared) -> type[Mechanism]:
    """A mechanism class as if it stood in `file`.py."""
    declared["writes"] = tuple(Variable(v, ("place",), "1", v) for v in declared.get("writes", ()))
    return type(title.title(), (Mechanism,), {"name": title, "__module__": f"anywhere.{file}", **declared})


def names(mechanisms) -> list[str]:
    return [m.name for m in mechanisms]


def test_two_writers_are_named_with_their_files():
    a, b = made("rain", "weather", writes=["wetness"]), made("hose", "garden", writes=["wetness"])
    with pytest.raises(ScheduleError, match=r"wetness.*rain \(weather\.py\).*hose \(garden\.py\)"):
        order([a, b])


def test_a_missing_writer_is_told_with_who_needs_it():
    a = made("boat", "harbour", reads=["tide"])
    with pytest.raises(ScheduleError, match=r"boat \(harbour\.py\) needs tide, which no mechanism writes"):
        order([a])
    with pytest.raises(ScheduleError, match="needs tide"):
        order([made("boat", "harbour", lags=["tide"])])
    moon = made("moon", "sky", writes=["tide"])
    assert names(order([a], known=[a, moon])) == ["boat"]  # off: read at its neutral value


def test_a_circle_names_everybody_in_it():
    a = made("hen", "yard", reads=["eggs"], writes=["hens"])
    b = made("egg", "nest", reads=["hens"], writes=["eggs"])
    with pytest.raises(ScheduleError) as error:
        order([a, b])
    text = str(error.value)
    assert text.startswith("circular need: ")
    assert "hen (yard.py)" in text
    assert "egg (nest.py)" in text
    assert "lags" in text
    lagging = made("egg", "nest", lags=["hens"], writes=["eggs"])
    assert names(order([a, lagging])) == ["egg", "hen"]


def test_adding_to_something_that_is_no_sum():
    a = made("tax", "office", adds=["treasure"])
    with pytest.raises(ScheduleError, match=r"tax \(office\.py\) adds to treasure; the open sums are cost, group_cost"):
        order([a])


def test_a_sum_cannot_be_fed_once_a_day():
    a = made("tax", "office", adds=["cost"], clock_h=24.0)
    with pytest.raises(ScheduleError, match=r"tax \(office\.py\) adds to a sum that is emptied every step"):
        order([a])


def test_adders_come_before_readers_and_ties_go_by_name():
    reader = made("a-reader", "r", reads=["cost"])
    adders = [made(n, "x", adds=["cost"]) for n in ("zeal", "mud", "cold")]
    expected = ["cold", "mud", "zeal", "a-reader"]
    for shuffle in range(5):
        mixed = [reader, *adders]
        random.Random(shuffle).shuffle(mixed)
        assert names(order(mixed)) == expected


def test_the_order_of_all_mechanisms_is_the_same_whatever_order_they_are_found_in():
    everything = list(all_mechanisms().values())
    expected = names(order(everything, everything))
    assert sorted(expected) == sorted(m.name for m in everything)
    for shuffle in range(5):
        mixed = everything.copy()
        random.Random(shuffle).shuffle(mixed)
        assert names(order(mixed, mixed)) == expected
    place = {n: i for i, n in enumerate(expected)}
    for m in everything:
        for other in everything:
            if other is not m and not other.plays_out and {v.name for v in other.writes} & set(m.reads):
                assert place[other.name] < place[m.name], f"{m.name} reads what {other.name} writes"
            if other is not m and set(other.adds) & set(m.reads):
                assert place[other.name] < place[m.name], f"{m.name} reads a sum that {other.name} feeds"


def test_every_mechanism_keeps_the_contract():
    sums = {v.name for v in SUMS}
    counts = {v.name for v in COUNTS}
    rates = {v.name: v for v in RATES}
    for name, m in all_mechanisms().items():
        assert m.__module__.rsplit(".", 1)[-1] == name, "a mechanism has the name of its file"
        assert m.__doc__
        assert set(m.adds) <= sums
        own = {i.name for i in m.parameters()}
        assert set(m.at_start) <= own
        for v in m.writes:
            assert v.name not in sums | (set() if m.plays_out else counts)
            assert v.unit
            assert v.long_name
            assert v.keep in ("no", "hour", "day")
            if v.name in rates:
                assert (v.dims, v.initial) == (rates[v.name].dims, rates[v.name].initial)
        for info in m.parameters():
            assert info.unit, f"{name}.{info.name}"
            assert info.about
            assert info.source
            assert info.state in ("official", "derived", "estimated", "assumed")
            assert isinstance(info.prior, Uniform | LogNormal | Normal | Fixed)
            if isinstance(info.prior, Uniform | LogNormal):
                assert info.prior.low <= info.default <= info.prior.high, f"{name}.{info.name}"


def test_a_new_mechanism_gets_its_variables_and_its_place():
    @dataclass(frozen=True)
    class Parameters:
        much: float = parameter(1.0, unit="1", prior=Fixed("test"), source="test", about="test")

    class Fog(Mechanism):
        name = "fog"
        reads = ("hour_factor",)
        writes = (Variable("haze", ("place",), "1", "haze", keep="hour"),)
        adds = ("cost",)

        def step(self, now):
            self.s.haze[:] = self.p.much
            self.s.cost += self.s.haze

    Fog.Parameters = Parameters
    everything = [*all_mechanisms().values(), Fog]
    found = names(order(everything, everything))
    assert found.index("rhythm") < found.index("fog") < found.index("joining")
    state = State(Fog.writes, {"place": 3, "group": 2, "enterprise": 1, "demand": 6, "family": 3, "side": 2}, 1.0)
    assert state.haze.shape == (3,)
    with pytest.raises(AttributeError, match="no variable 'smog' in the state; there are: .*haze"):
        state.smog  # noqa: B018
    with pytest.raises(TypeError, match="immutable"):
        parameter([1], unit="1", prior=Fixed("test"), source="test", about="test")


def test_a_mechanism_sees_only_what_it_declares():
    given = State((), {"place": 3, "group": 2, "enterprise": 1, "demand": 6, "family": 3, "side": 2}, 1.0)
    rain = made("rain", "weather", reads=["leave_factor"], lags=["on_street"], adds=["cost"])
    seen = View(given, rain)
    seen.cost += 1.0
    assert seen.step_h == 1.0
    assert (given.cost == 1.0).all()
    given.on_street[:] = 7
    assert (seen.on_street == 7).all()  # the state's own, not a copy
    for use in (lambda: seen.held, lambda: setattr(seen, "held", 1), lambda: setattr(seen, "smog", 1)):
        with pytest.raises(Undeclared, match=r"rain \(weather\.py\) uses (held|smog), which it declares in none of"):
            use()
    for name in ("leave_factor", "on_street"):
        with pytest.raises(ValueError, match="read-only"):
            setattr(seen, name, 1)
    assert (given.leave_factor == 1.0).all()


def test_priors_say_what_they_are():
    assert str(Uniform(0, 1.5)) == "U(0, 1.5)"
    assert str(LogNormal(0.02, 0.005, 0.08)) == "LN(0.02; 0.005, 0.08)"
    assert str(Normal(0, 1)) == "N(0, 1)"
    assert str(Fixed("a table")) == "fixed (a table)"
    # 90 percent of a lognormal lie within 1.645 standard deviations: sigma = ln(16) / (2 * 1.644854)
    assert LogNormal(0.02, 0.005, 0.08).sigma == pytest.approx(0.842807, rel=1e-5)
