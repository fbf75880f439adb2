"""From a folder with a table to a verdict and its page: what stands in it, and what is refused."""

import json
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest

import groundswell as gs
from groundswell.case import CaseError
from groundswell.record import observed
from groundswell.study.tables.request import CompareRequest
from groundswell.weigh.comparing import Comparison, weigh_folder
from groundswell.weigh.growing import planned
from groundswell.weigh.predictive import log_score, met
from weigh.made import made_table

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"


def test_a_folder_becomes_a_verdict_and_a_page(tmp_path: Path) -> None:
    case, accounts, _ = made_table("tiny", tmp_path / "made")
    said = weigh_folder(tmp_path / "made", case, accounts, repeats=3)
    assert json.loads((tmp_path / "made" / "verdict.json").read_text(encoding="utf-8")) == said
    schema = json.loads((SCHEMAS / "verdict.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(said)
    assert said.keys() == schema["properties"].keys()
    assert said["runs"] == 60
    assert sum(f["probability"] for f in said["families"].values()) == pytest.approx(1.0)
    assert not set(said["sets"]["base"]) & set(said["sets"]["weigh"])
    told = str(Comparison(tmp_path / "made", said))
    assert str(tmp_path / "made" / "compare.html") in told.replace("\n", "")
    assert all(title in told for title in said["titles"]["families"].values())
    assert "no evidence of guilt" in (tmp_path / "made" / "compare.html").read_text(encoding="utf-8")


def test_a_table_of_another_record_and_a_small_one_are_refused(tmp_path: Path) -> None:
    case, accounts, design = made_table("tiny", tmp_path / "small", slots=2)
    with pytest.raises(CaseError, match="at least 4 shared vectors"):
        weigh_folder(tmp_path / "small", case, accounts)
    assert not (tmp_path / "small" / "verdict.json").exists()
    (path,) = (tmp_path / "small" / "batches").glob("*.parquet")
    table = pq.read_table(path)
    pq.write_table(table.drop_columns([f"o:{design.record.observations[0].id}"]), path)
    with pytest.raises(CaseError):
        weigh_folder(tmp_path / "small", case, accounts)


def test_every_mistake_of_a_comparison_is_told_before_it_is_played(tmp_path: Path) -> None:
    other = tmp_path / "mine.csv"
    other.write_text("observation,low,high,stated\nno-such-thing,1,2,true\n", encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        gs.compare(
            "tiny", runs=0, accounts=["nobody"], out=tmp_path / "none", observed=other, source_version="nobody",
        )  # fmt: skip
    told = [(Path(p.file).name, p.given) for p in caught.value.problems]
    assert [file for file, _ in told] == ["--accounts", "--runs", "--source-version", "mine.csv"]
    assert told[-1] == ("mine.csv", "no-such-thing")
    assert not (tmp_path / "none").exists()


def test_weights_are_told_with_all_else_and_a_record_not_where_there_is_no_case(tmp_path: Path) -> None:
    given = {"observed": tmp_path / "none.csv", "weight": ("much", "003=-1")}
    with pytest.raises(CaseError) as caught:
        planned(CompareRequest("tiny", runs=0, **given))
    assert [p.file for p in caught.value.problems][:3] == ["--runs", "--weight", "--weight"]
    assert "none.csv" in str(caught.value.problems[3])
    with pytest.raises(CaseError, match="no-such-case") as caught:
        planned(CompareRequest("no-such-case", **given))
    assert "none.csv" not in str(caught.value)  # which record it would have to fit is not known


def test_a_record_meets_itself(tmp_path: Path) -> None:
    """Every statement of a record lies within itself; a record that says nothing is met by nothing."""
    _, _, design = made_table("tiny", tmp_path / "made", slots=1)
    record = observed(design.record)
    shares = met([record], [record])
    assert set(shares[0][record.stated]) == {1.0}
    assert log_score(shares, record.stated) == pytest.approx(record.stated.sum() * -0.2876820724517809)  # ln(1.5 / 2)
