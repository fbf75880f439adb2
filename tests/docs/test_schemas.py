"""The published schemas of results: every kind of run keeps to them, and they name every key there is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import groundswell as gs

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"


def schema_of(name: str) -> dict[str, Any]:
    return dict(json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))


def undescribed(schema: dict[str, Any]) -> Iterator[str]:
    yield from (key for key, value in schema["properties"].items() if not value.get("description", "").strip())


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_a_schema_is_one_and_says_what_each_key_means(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert list(undescribed(schema)) == []


RUNS: dict[str, dict[str, Any]] = {
    "the common base": {},
    "an account": {"account": "smuggling"},
    "a government that responds": {"government": "responsive"},
    "nothing on": {"off": ["joining", "forces", "factions", "measures"]},
    "changed and short": {"set": {"joining.theta": 9.0}, "until": "2030-03-02T00:00", "stay_home": ["harbour"]},
    "one hour": {"until": "2030-03-01T01:00"},
}


@pytest.mark.parametrize("asked", RUNS.values(), ids=RUNS.keys())
def test_run_json_keeps_to_its_schema(asked: dict[str, Any], tmp_path: Path) -> None:
    run = gs.run("tiny", **asked)
    run.save(tmp_path)
    written = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    schema = schema_of("run")
    wrong = [f"{e.json_path}: {e.message}" for e in jsonschema.Draft202012Validator(schema).iter_errors(written)]
    assert wrong == []
    assert set(written) == set(schema["properties"])


def test_the_schema_refuses_what_is_wrong() -> None:
    validator = jsonschema.Draft202012Validator(schema_of("run"))
    good = gs.run("tiny", until="2030-03-01T06:00").summary
    for key, value in {"dead": -1, "digest": "abc", "harm": {}, "score": {"met": 1}, "onset": []}.items():
        assert not validator.is_valid(json.loads(json.dumps(good | {key: value}))), key


def test_set_json_keeps_to_its_schema(tmp_path: Path) -> None:
    gs.runs("tiny", seeds=2, until="2030-03-02T00:00").save(tmp_path)
    written = json.loads((tmp_path / "set.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema_of("set")).validate(written)
    assert set(written) == set(schema_of("set")["properties"])
