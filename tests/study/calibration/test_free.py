"""What is left free: values, hours of measures, and every mistake in the file."""

from pathlib import Path

import numpy as np
import pytest

import groundswell as gs
from groundswell.study.calibration.free import normal, read_space, shares
from groundswell.study.calibration.ordinary import expected_rate, ordinary_world, theta_of
from study.calibration import fakes

GOOD = '["spark.strength"]\nprior = "U(0, 24)"\nreason = "x"\n'


def space(tmp_path: Path, text: str):
    (tmp_path / "free.toml").write_text(text)
    return read_space(gs.load("tiny"), tmp_path / "free.toml")


def test_a_coordinate_is_a_share_of_the_prior(tmp_path: Path) -> None:
    s = space(tmp_path, GOOD + '["measure:fuel-offer"]\nhours = 4\nreason = "x"\n')
    assert s.names == ("measure:fuel-offer", "spark.strength")
    z = normal(np.array([0.25, 0.123456789]))
    assert np.allclose(shares(z), [0.25, 0.123456789])
    values = s.values(z)
    assert values == {"measure:fuel-offer": -2.0, "spark.strength": 2.96296}
    settings, measures = s.job(gs.load("tiny"), values)
    assert settings == {"spark.strength": 2.96296} and measures == {"fuel-offer": "2030-03-03T10:00"}


def test_precision_gives_the_hours(tmp_path: Path) -> None:
    s = space(tmp_path, '["measure:fuel-offer"]\nreason = "x"\n')
    assert (s.free[0].low, s.free[0].high) == (-0.5, 0.5)


def test_the_order_of_the_file_changes_nothing(tmp_path: Path) -> None:
    more = '["joining.b_local"]\nreason = "y"\n'
    assert space(tmp_path, GOOD + more) == space(tmp_path, more + GOOD)


MONTH = '["joining.theta"]\nordinary_month = "2030-01-01"\nprior = "LN(1e-6; 1e-7, 1e-5)"\nreason = "x"\n'


def test_the_threshold_follows_from_the_rate_of_an_ordinary_month(tmp_path: Path) -> None:
    s = space(tmp_path, GOOD + MONTH)
    assert s.names == ("ordinary:joining.theta", "spark.strength") and s.ordinary_month == "2030-01-01"
    settings, _ = s.job(gs.load("tiny"), s.values(np.zeros(2)))
    assert settings == {"spark.strength": 12.0}
    world = ordinary_world(gs.load("tiny"), s.ordinary_month)
    rates = (1e-6, 1e-7)
    theta = [theta_of(world, settings, rate) for rate in rates]
    assert theta[1] - theta[0] == pytest.approx(np.log(10), abs=0.1)  # far below the threshold
    for rate, t in zip(rates, theta, strict=True):
        assert expected_rate(world, {**settings, "joining.theta": t}) == pytest.approx(rate, rel=0.05)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('["spark.strenght"]\nreason = "x"\n', "did you mean 'spark.strength'?"),
        ('["spark.strength"]\nprior = "U(0, 24)"\n', "free.toml:1: spark.strength: given no reason; allowed: reason ="),
        ('["spark.strength"]\nprior = "V(0, 24)"\nreason = "x"\n', 'a prior such as "U(0, 1)"'),
        ('["spark.strength"]\nprior = "U(-9, -8)"\nreason = "x"\n', "a prior with half of it or more from 0"),
        ('["spark.strength"]\nprior = 3\nreason = "x"\n', "spark.strength.prior: given 3.0; allowed: a prior such as"),
        ('["spark.strength"]\nprios = "U(0, 1)"\nreason = "x"\n', "did you mean 'prior'?"),
        ('["measure:fuel-ofer"]\nreason = "x"\n', "did you mean 'fuel-offer'?"),
        ('["measure:fuel-price-freed"]\nreason = "x"\n', "given precision exact; allowed: hours, above 0"),
        ('["measure:fuel-offer"]\nhours = -1\nreason = "x"\n', "given -1.0; allowed: hours, above 0 and at most 240"),
        ('["measure:fuel-offer"]\nhours = 2\n', "measure:fuel-offer.reason: given nothing; allowed: text, not blank"),
        (MONTH.replace("joining.theta", "spark.strength"), "joining.theta alone, which follows from the rate"),
        (MONTH.replace("2030-01-01", "January"), "given 'January'; allowed: a date such as 2021-12-01"),
        ("spark = 3\n", "spark"),
        ("# nothing\n", "given 0 free; allowed: 1 to 200 free parameters"),
        ("[", "valid TOML"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, said: str) -> None:
    assert said in fakes.refused(lambda: space(tmp_path, text))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    said = fakes.refused(lambda: space(tmp_path, '["a.b"]\nreason = "x"\n["measure:c"]\nreason = "x"\n'))
    assert "free.toml:1" in said and "free.toml:3" in said


def test_a_case_without_the_file_is_told(tmp_path: Path) -> None:
    import shutil

    from groundswell.case import find_case

    shutil.copytree(find_case("tiny"), tmp_path / "bare", ignore=shutil.ignore_patterns("calibration"))
    said = fakes.refused(lambda: read_space(gs.load(tmp_path / "bare")))
    assert "a case with calibration/free.toml, or --free FILE" in said
