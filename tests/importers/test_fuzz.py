"""Imports of files that are mutated at random: a record that its case takes, or a list of mistakes; never a traceback.

`python tests/importers/test_fuzz.py 10000` plays so many.
"""

from __future__ import annotations

import csv
import io
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from groundswell.case import CaseError, check
from groundswell.case.cells import hidden
from groundswell.case.find import find_case
from groundswell.importers.importing import import_record

HEADS = {
    "acled": "event_id_cnty,event_date,time_precision,event_type,sub_event_type,country,admin1,location,geo_precision,"
    "source,notes,fatalities,tags",
    "ucdp": "id,type_of_violence,where_prec,where_coordinates,adm_1,country,date_start,date_end,source_article,low,"
    "best,high,deaths_a",
    "csv": "kind,place,start,end,source,low,high,form,stance,title,definition,set,mode,region,unit,least,origin",
}
ROWS = {
    "acled": ["E1,2030-03-03,1,Protests,Peaceful protest,Invented,Coast,Harbour,1,Wire; Post,n,0,crowd size=500",
              "E2,4-Mar-30,2,Riots,Mob violence,Invented,Coast,Flare,3,Wire,n,3,"],
    "ucdp": ["1,1,1,Harbour town,Coast,Invented,2030-03-03,2030-03-03,\"Wire,2030-03-04,a;b\",1,2,3,1",
             "2,3,4,,Coast,Invented,2030-03-01,2030-03-31,Wire,0,2,3,0"],
    "csv": ["crowd,Harbour,2030-03-03,2030-03-03,Wire,100,900,count,states,,,weigh,both,,,,",
            "onset,Flare,2030-03-02T06:00,2030-03-02T09:00,Post,,,,,,,,,,,,"],
}  # fmt: skip
ODD = (
    "", " ", "0", "-1", "1.0", "1e400", "nan", "9" * 30, "2030-03-06", "1700-01-01", "9999-12-31",
    "0001-01-01T00:00",
    "31 Feb 2030", "5 March 2030", "*", ";", "=1+1", "\x1b[2J", "\u202e", "\u2028", "Газета", "é",
    "x" * 5000, "\x00", '"',
    "crowd size=tens of millions", "[size=about]", "Coast", "Milltown", "#tag", "dead", "hour", "order", "\ud800",
    "crowd size=" + "9" * 40 + " million", "2030-03-02T10:00+05:00", "True", "harbour;flare", "a,b", "\n",
)  # fmt: skip


def mutated(seed: int) -> tuple[str, bytes]:
    """A format, and a file of it with some cells, rows, columns or bytes that are not as they should be."""
    rng = np.random.default_rng(seed)
    format = ("acled", "ucdp", "csv")[seed % 3]
    rows = [next(csv.reader([line])) for line in (HEADS[format], *ROWS[format] * 3)]
    for _ in range(rng.integers(1, 5)):
        row = rows[rng.integers(0, len(rows))]
        kind = rng.integers(0, 12)
        at = rng.integers(0, max(len(row), 1))
        if kind < 8 and row:
            row[at] = ODD[rng.integers(0, len(ODD))]
        elif kind == 8 and row:
            del row[at]
        elif kind == 9:
            row.insert(at, ODD[rng.integers(0, len(ODD))])
        elif kind == 10:
            rows.append(list(row))
        else:
            rows.insert(int(rng.integers(0, len(rows))), [])
    text = io.StringIO()
    csv.writer(text, delimiter=",;\t|"[rng.integers(0, 4)]).writerows(rows)
    data = bytearray(text.getvalue().encode("utf-8", "surrogatepass"))
    for _ in range(rng.integers(0, 3) if seed % 5 == 0 else 0):
        data[rng.integers(0, len(data))] = rng.integers(0, 256)
    return format, bytes(data)


def holds(seed: int, folder: Path, case: Path) -> bool:
    """Import one mutated file; whether a record came of it."""
    format, data = mutated(seed)
    file, made = folder / "in.csv", folder / "made"
    file.write_bytes(data)
    shutil.rmtree(made, ignore_errors=True)
    try:
        import_record(file, format, made, "tiny")
    except CaseError as error:
        assert error.problems and not hidden(str(error).replace("\n", "")) and not made.exists()
        return False
    shutil.rmtree(case / "record")
    shutil.copytree(made, case / "record")
    assert check(case) == [], seed
    return True


def case_in(folder: Path) -> Path:
    """A case whose record is replaced."""
    return Path(shutil.copytree(find_case("tiny"), folder / "case"))


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_mutated_imports(tmp_path, first):
    case = case_in(tmp_path)
    made = [holds(seed, tmp_path, case) for seed in range(first, first + 50)]
    assert any(made) and not all(made)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        own = case_in(root)
        print(sum(holds(seed, root, own) for seed in range(int(sys.argv[1]))), "records made of", sys.argv[1], "files")
