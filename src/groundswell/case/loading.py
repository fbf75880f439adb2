"""From a name or a folder to a checked case, or to everything that is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from groundswell.case import checks
from groundswell.case.calibration import read_draws
from groundswell.case.draft import Draft
from groundswell.case.evidence import read_evidence
from groundswell.case.find import find_case
from groundswell.case.head import Head, KnownParameters, check_packs, read_head, read_parameters, read_sources
from groundswell.case.problems import CaseError, Found, Problem
from groundswell.case.read import RawTable, RawToml, file_of, read_csv, read_text, read_toml
from groundswell.case.row import Row
from groundswell.case.schema import MAY_BE_EMPTY, OPTIONAL, SOURCED_BY_ROW, TABLES, numeric_columns, parse_rows
from groundswell.case.tables import Case, Table

TOML_FILES = ("case.toml", "sources.toml", "parameters.toml")


def load(path_or_name: str | Path, known_parameters: KnownParameters | None = None) -> Case:
    """Read and check a case; raises `CaseError` with every problem found."""
    case, problems = _read(find_case(path_or_name), known_parameters)
    if problems or case is None:
        raise CaseError(problems)
    return case


def check(path_or_name: str | Path, known_parameters: KnownParameters | None = None) -> list[Problem]:
    """Every problem of a case, in the order of its files and lines; empty where it is sound."""
    try:
        return _read(find_case(path_or_name), known_parameters)[1]
    except CaseError as error:
        return list(error.problems)


def head_of(path_or_name: str | Path) -> Head:
    """Title, summary and window of a case from its case.toml alone; raises `CaseError`."""
    problems: list[Problem] = []
    text = read_text(find_case(path_or_name), "case.toml", problems)
    toml = read_toml("case.toml", text, problems) if text is not None else None
    head = read_head(toml, problems) if toml is not None else Head()
    if problems:
        raise CaseError(problems)
    return head


def _read(folder: Path, known_parameters: KnownParameters | None) -> tuple[Case | None, list[Problem]]:
    if not any(_there(folder / file) for file in files_of_a_case()):
        words = f"a folder with {', '.join(TOML_FILES)} and the tables of a case"
        return None, [Problem(str(folder), None, "", Found("a folder without any file of a case"), words)]
    problems: list[Problem] = []
    left_out = {name for name in OPTIONAL if not _there(folder / file_of(name))}
    files = [file for file in files_of_a_case() if file not in {file_of(name) for name in left_out}]
    texts = {file: read_text(folder, file, problems) for file in files}
    tomls: dict[str, RawToml | None] = {}
    for file in TOML_FILES:
        text = texts[file]
        tomls[file] = None if text is None else read_toml(file, text, problems)
    raws: dict[str, RawTable] = {}
    rows: dict[str, list[Row | None]] = {}
    for name, model in TABLES.items():
        text = texts.get(file_of(name))
        raw = None if text is None else read_csv(name, text, list(model.model_fields), problems)
        raw = RawTable(name) if name in left_out else raw
        if raw is None:
            continue
        raws[name] = raw
        rows[name] = parse_rows(raw, problems)
        if not raw.cells and raw.complete and name not in MAY_BE_EMPTY:
            problems.append(Problem(raw.file, None, "", Found("a header row alone"), "at least one row"))
    head = Head() if (toml := tomls["case.toml"]) is None else read_head(toml, problems)
    if toml is not None and known_parameters is not None:
        check_packs(toml, head, known_parameters, problems)
    sources = {}
    if (toml := tomls["sources.toml"]) is not None:
        columns = {name: list(model.model_fields) for name, model in TABLES.items()}
        plain = {name: model for name, model in TABLES.items() if name not in left_out and name not in SOURCED_BY_ROW}
        needed = {name: numeric_columns(model) for name, model in plain.items()}
        sources = read_sources(toml, columns, needed, problems)
    toml = tomls["parameters.toml"]
    filled = {n for n, r in rows.items() if r}
    parameters = {} if toml is None else read_parameters(toml, known_parameters, filled, problems, head.packs)
    problems.extend(checks.all_checks(Draft(head, raws, rows)))
    used = {row.measure for row in rows.get("measures", ()) if row is not None and row.used}  # type: ignore[attr-defined]
    draws = read_draws(folder, known_parameters, used, problems)
    evidence = read_evidence(folder, known_parameters, head.text_ids, problems)
    if problems:
        return None, sorted(problems, key=_order)
    assert head.id and head.title and head.summary and head.population_people
    assert head.start and head.end and head.horizon
    tables = {name: Table(name, model, rows[name], raws[name].lines) for name, model in TABLES.items()}
    digest = _digest({file: text for file, text in texts.items() if text is not None})
    case = Case(
        head.id, head.title, head.summary, folder, head.start, head.end, head.horizon, head.population_people,
        head.texts, tables, sources, parameters, digest, head.capital, head.study, draws, evidence,
        head.packs,
    )  # fmt: skip
    return case, []


def _there(path: Path) -> bool:
    """Whether something stands at a path, a broken link too, which is then told as a mistake."""
    return path.exists() or path.is_symlink()


def files_of_a_case() -> Iterator[str]:
    """The files of a case, in the order problems are listed."""
    yield from TOML_FILES
    yield from (file_of(name) for name in TABLES)


def _order(problem: Problem) -> tuple[int, int]:
    files = list(files_of_a_case())
    return (files.index(problem.file) if problem.file in files else len(files), problem.line or 0)


def _digest(texts: dict[str, str]) -> str:
    """SHA-256 over names and contents of the files read, the same under either kind of line end."""
    total = hashlib.sha256()
    for file in sorted(texts):
        content = texts[file].replace("\r\n", "\n").encode()
        total.update(f"{file}\n{len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()
