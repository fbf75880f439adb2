"""The page on a comparison: every outcome in words from its numbers, nothing weighed twice, pictures unharmed."""

import copy
import json
import re
import sys
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tools import accounts_text as printed
from tools import study_accounts as study
from tools.replay_rows import replayed

from groundswell.figures.save import packed
from groundswell.play import batches
from groundswell.report import wording
from groundswell.study.tables.request import CompareRequest, perform, plan
from groundswell.study.tables.table import read
from weigh.made import made_table


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of the invented case with a log of its runs."""
    out = tmp_path_factory.mktemp("made") / "table"
    made_table("tiny", out, slots=12)
    (out / "log.csv").write_text("stage,batch,run,wall_s\nbase,0,0,1.000\nbatches,0,0,2.000\nbatches,0,1,4.000\n")
    return out


def test_a_folder_becomes_a_page_and_none_fits_comes_first(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict, about = study.weighed("tiny", folder)
    monkeypatch.setattr(study, "weigh_folder", None)  # a second call has nothing to weigh
    assert study.weighed("tiny", folder)[0] == verdict
    assert about["rows"] == 24 and about["seconds"]["batches"] == [2.0, 4.0] and about["changed"] == []

    text = printed.page(verdict, {**about, "command": "the command"}, tmp_path, "tiny")
    assert text.count(wording.PROBABILITY) >= 3
    heads = [line for line in text.splitlines() if line.startswith("### ")]
    assert heads[0] == "### What does not fit"
    assert "| table | 2 | 3 | 3 | 4 | 0.00 |" in text
    for name in ("families", "accounts", "conditional-fit", "conditional-recovery"):
        assert (tmp_path / f"tiny-{name}.png").exists() and f"(tiny-{name}.png)" in text

    outside = copy.deepcopy(verdict)
    outside["none_fits"] = True
    names = printed.Names(outside)
    assert "None fits." in printed.does_not_fit(outside, names)
    assert printed.supports(outside, names).startswith("Not to be relied on")


def test_the_page_and_its_pictures_lie_beside_the_table(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["study_accounts", "--case", "tiny", "--out", str(folder), "--as-is"])
    study.main()
    page = folder / "tiny.md"
    assert capsys.readouterr().out.strip() == str(page)
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    assert len(shown) > 5 and all((folder / name).exists() for name in shown)


def test_what_is_wrong_is_told_from_the_numbers(folder: Path) -> None:
    verdict = study.weighed("tiny", folder)[0]
    known = [k for name in ("weigh", "check") for k in verdict["sets"][name]]
    for k, row in verdict["checks"]["predictive"].items():
        row["met"] = 0.0 if k in known else row["met"]
    names = printed.Names(verdict)
    told = printed.wrong(verdict, names)
    scored = printed.scored(verdict)
    for name, words in (("check", "that were kept back"), ("weigh", "that gave the probabilities")):
        n = sum(r["set"] == name for r in scored.values())
        assert f"Of {n} observations {words}, {n} are met by fewer than 20 %" in told


def test_a_folder_is_whole_when_every_row_is_there(folder: Path) -> None:
    design = json.loads((folder / "design.json").read_text(encoding="utf-8"))
    (folder / "base" / "base.json").write_text('{"kept": 12}', encoding="utf-8")
    assert study.complete(folder, design["runs"]) and not study.complete(folder, design["runs"] + 1)
    (folder / "base" / "base.json").write_text('{"kept": 13}', encoding="utf-8")
    assert not study.complete(folder, design["runs"]) and not study.complete(folder.parent / "none", 1)


def test_a_table_holds_no_markup() -> None:
    assert printed.table(("a", "b"), [("<1 %", "x|y")]) == ["| a | b |", "| --- | --- |", "| &lt;1 % | x\\|y |", ""]


def test_a_packed_picture_is_the_same_picture() -> None:
    """One chunk of data or several, the rows of the picture come back as they were."""
    rows = b"".join(b"\x00" + bytes([k]) * 300 for k in range(100))
    data = zlib.compress(rows, 1)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = chunk(b"IHDR", (100).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0]))
    parts = chunk(b"IDAT", data[:50]) + chunk(b"IDAT", data[50:])
    png = b"\x89PNG\r\n\x1a\n" + head + parts + chunk(b"IEND", b"")
    small = packed(png)
    assert len(small) < len(png) and small.startswith(png[: 8 + len(head)]) and small.endswith(chunk(b"IEND", b""))
    body = small[8 + len(head) : -12]
    assert body[4:8] == b"IDAT" and zlib.decompress(body[8:-4]) == rows
    assert packed(small) == small


def test_rows_played_anew_are_those_of_the_table_and_a_changed_one_is_seen(tmp_path: Path) -> None:
    out, design = plan(CompareRequest("tiny", runs=8, out=tmp_path / "played", quiet=True))
    assert perform(CompareRequest("tiny", runs=8, out=out, quiet=True), out, design).complete
    rows = len(read(out))
    assert replayed("tiny", out, 3) == (3, 3)
    assert replayed("tiny", out, 10 * rows) == (rows, rows)
    (path, *_) = sorted((out / "batches").glob("*.parquet"))
    table = pq.read_table(path)
    name = next(c for c in table.column_names if c.startswith("o:"))
    other = pa.array([12345.0, *table[name].to_pylist()[1:]], pa.float64())
    path.unlink()
    batches.write(path.parent, 0, table.set_column(table.column_names.index(name), name, other))
    assert replayed("tiny", out, rows) == (rows - 1, rows)
    with pytest.raises(ValueError, match="1 or more"):
        replayed("tiny", out, 0)
