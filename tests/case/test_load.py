"""What a sound case gives: rows and arrays, hours, sources, a digest; and the bundled cases are sound."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bad.edits import cell, change
from groundswell.case import Case, bundled_cases, check, find_case, head_of, load, local_cases
from groundswell.record import load_record


@pytest.fixture(scope="module")
def tiny() -> Case:
    return load("tiny")


def test_tiny_is_bundled() -> None:
    assert "tiny" in bundled_cases()


@pytest.mark.parametrize("name", bundled_cases())
def test_bundled_cases_are_sound(name: str) -> None:
    assert check(name) == []
    assert load(name).id == name


def test_identity_and_window(tiny: Case) -> None:
    assert (tiny.id, tiny.population_people, tiny.hours) == ("tiny", 60_000, 144)
    assert "invented" in tiny.title.lower()
    assert tiny.texts["notebook"].kind == "invented"


def test_without_a_horizon_it_is_the_end(folder: Path, tiny: Case) -> None:
    assert (tiny.horizon.isoformat(), tiny.horizon_hours) == ("2030-03-10T00:00:00+01:00", 216)
    change("case.toml", lambda data: data.replace(b"\nhorizon =", b"\n# horizon ="))(folder)
    assert load(folder).horizon == load(folder).end


def test_hours_count_from_the_start_in_local_time(tiny: Case) -> None:
    assert tiny.hour_of("2030-03-01T00:00", 1) == 0
    assert tiny.hour_of("2030-03-02T00:00", 0) == 25
    assert tiny.hour_of("2030-02-28T23:30", 1) == -0.5
    assert tiny.hour_of("2030-03-01T05:30:00", 5.5) == 1


def test_columns_have_the_type_of_the_format(tiny: Case) -> None:
    places, record = tiny.tables["places"], tiny.tables["claims"]
    assert places.column("population_people").dtype == np.int64
    assert places.column("population_people").sum() == tiny.population_people
    assert places.column("urban_share").dtype == np.float64
    assert tiny.tables["demands"].column("organised").tolist() == [False, True, False, False, True, False]
    assert places.column("place").dtype == object
    assert tiny.tables["measures"].column("scope")[-1] == ("harbour", "flare")
    assert np.isnan(record.column("low")).tolist() == [True] * 2 + [False] * 3 + [True] * 4


def test_rows_lines_and_index(tiny: Case) -> None:
    places = tiny.tables["places"]
    assert len(places) == len(places.rows) == 6
    assert places.index("place")["flare"] == 1
    assert (places.rows[1].name, places.lines[1]) == ("Flare", 3)
    assert tiny.tables["prices"].index("item") == {"fuel": 0, "food": 4}


def test_a_case_cannot_be_changed(tiny: Case) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        tiny.id = "other"  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        tiny.tables["places"].rows[0].name = "other"
    with pytest.raises(ValueError, match="read-only"):
        tiny.tables["places"].column("urban_share")[0] = 0.5


def test_an_unknown_column_is_named(tiny: Case) -> None:
    with pytest.raises(KeyError, match="urban_share"):
        tiny.tables["places"].column("urban")


def test_sources_and_parameters(folder: Path) -> None:
    text = '[joining]\ntheta = { value = 12.4, state = "estimated", source = "quiet years", unit = "index" }\n'
    (folder / "parameters.toml").write_text(text)
    case = load(folder)
    source = case.sources["places.income_month"]
    assert (source.unit, source.state) == ("CRN/month", "assumed")
    assert source.rule
    theta = case.parameters["joining"]["theta"]
    assert (theta.value, theta.state, theta.unit) == (12.4, "estimated", "index")


def test_rows_with_a_source_of_their_own_need_no_entry(tiny: Case) -> None:
    assert "prices.price" not in tiny.sources
    assert tiny.tables["prices"].rows[0].source


def test_columns_may_stand_in_any_order_and_lines_end_either_way(folder: Path, tiny: Case) -> None:
    change("forces.csv", lambda data: data.replace(b"\n", b"\r\n"))(folder)
    assert load(folder).digest == tiny.digest
    lines = (folder / "items.csv").read_text().splitlines()
    flipped = "\n".join(",".join(reversed(line.split(","))) for line in lines)
    (folder / "items.csv").write_text(flipped + "\n\n")
    assert load(folder).tables["items"].rows == tiny.tables["items"].rows


def test_the_digest_follows_the_contents(folder: Path, tiny: Case) -> None:
    assert load(folder).digest == tiny.digest
    cell("places.csv", 2, "renter_share", "0.26")(folder)
    assert load(folder).digest != tiny.digest
    assert len(tiny.digest) == 64


def test_an_optional_table_may_be_left_out_and_is_empty(folder: Path, tiny: Case) -> None:
    for name in ("market", "borders"):
        assert len(tiny.tables[name]) > 0
        (folder / f"{name}.csv").unlink()
    case = load(folder)
    assert len(case.tables["market"]) == len(case.tables["borders"]) == 0
    assert case.tables["market"].column("change_share").shape == (0,)


def test_finding_a_case(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert find_case("broken") == Path("broken")
    assert local_cases() == ("broken",)
    assert find_case("tiny").name == "tiny"
    assert head_of("broken").title == load("broken").title


def test_importing_the_package_is_light() -> None:
    heavy = "{'pydantic', 'numpy', 'pandas', 'xarray', 'numba'}"
    code = f"import sys, groundswell.case; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_public_names_stay_functions_after_use(folder: Path) -> None:
    import groundswell.case as package

    package.load(folder)
    assert all(callable(getattr(package, name)) for name in package.__all__)


def test_a_case_without_a_calibration_lists_no_use(folder: Path) -> None:
    (folder / "record" / "calibration.csv").unlink()
    case = load(folder)
    assert not case.tables["calibration"].rows
    assert {o.use for o in load_record(case).observations} == {""}
    used = {o.id: (o.use, o.discrepancy, o.block) for o in load_record(load("tiny")).observations if o.use}
    assert used["flare-gathers"] == ("fit", 6.0, "")
    assert used["harbour-gathers"] == ("check", 6.0, "places: Harbour by the hour")
