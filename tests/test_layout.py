"""The shape of the source: imports point one way, files stay small, randomness has one home, no pickles."""

import ast
import graphlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.domains import PACKS

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "groundswell"
ORDER = (
    "files",
    "case",
    "world",
    "engine",
    "domains",
    "history",
    "observe",
    "record",
    "importers",
    "accounts",
    "figures",
    "report",
    "dossier",
    "explain",
    "play",
    "testing",
    "study",
    "weigh",
    "classic",
    "commands",
    "cli",
)
ENTRY_POINTS = {"__init__", "__main__"}
DATA_ONLY = {"cases"}
CODE_SUFFIXES = {".py", ".html", ".j2", ".jinja", ".js", ".css"}
LONGEST_FILE_LINES = 400
RANDOM_HOME = PACKAGE / "engine" / "random.py"
PICKLERS = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}

MODULES = sorted(PACKAGE.rglob("*.py"))
CODE = sorted(path for path in PACKAGE.rglob("*") if path.suffix in CODE_SUFFIXES)


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and absolute dotted name of everything imported, wherever in the file it stands."""
    package = ["groundswell", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{stem}.{alias.name}") for alias in node.names)


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def wrong_imports(path: Path, tree: ast.Module) -> list[str]:
    own = ORDER.index(layer_of(path))
    wrong = []
    for line, name in imported(path, tree):
        parts = name.split(".")
        if parts[0] != "groundswell" or parts[1:] == ["__version__"]:
            continue
        target = parts[1] if len(parts) > 1 else ""
        if target not in ORDER:
            wrong.append(f"line {line}: {name} is in no layer; layers: {', '.join(ORDER)}")
        elif ORDER.index(target) > own:
            wrong.append(f"line {line}: {ORDER[own]} imports {name}, but {target} comes after it")
    return wrong


def random_uses(path: Path, tree: ast.Module) -> list[str]:
    uses = []
    for line, name in imported(path, tree):
        if name == "random" or name.startswith(("random.", "numpy.random")):
            uses.append(f"line {line}: import of {name}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name = dotted(node)
            if name in ("np.random", "numpy.random") or node.attr == "rvs":
                uses.append(f"line {node.lineno}: {name or node.attr}")
    return uses


def pickle_uses(path: Path, tree: ast.Module) -> list[str]:
    uses = [f"line {line}: import of {name}" for line, name in imported(path, tree) if name.split(".")[0] in PICKLERS]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("to_pickle", "read_pickle"):
            uses.append(f"line {node.lineno}: {node.attr}")
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False":
            uses.append(f"line {node.value.lineno}: allow_pickle other than False")
    return uses


def test_every_part_has_a_place_in_the_order() -> None:
    parts = {layer_of(path) for path in MODULES} - ENTRY_POINTS
    assert parts - DATA_ONLY <= set(ORDER), f"not in the order: {sorted(parts - DATA_ONLY - set(ORDER))}"


def test_the_page_of_the_house_names_every_room_in_order_and_files_that_exist() -> None:
    text = (PACKAGE.parents[1] / "docs" / "house.md").read_text(encoding="utf-8")
    rooms, rest = text.split("| where is", 1)
    named = re.findall(r"`(\w+)(?:/|\.py)`", rooms.split("|---|---|", 1)[1])
    assert [name for name in named if name in ORDER] == list(ORDER)
    files = re.findall(r"`([a-z_]+(?:/[a-z_]+)*(?:/|\.py))`", rest)
    assert len(files) > 15
    assert [name for name in files if not (PACKAGE / name).exists()] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    if layer_of(path) in ORDER:
        assert wrong_imports(path, tree_of(path)) == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_opens_with_a_docstring(path: Path) -> None:
    assert (ast.get_docstring(tree_of(path)) or "").strip(), "its first line says what the module computes"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_file_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_randomness_comes_from_one_module(path: Path) -> None:
    if path != RANDOM_HOME:
        assert random_uses(path, tree_of(path)) == [], "take random numbers from groundswell.engine.random"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_pickled(path: Path) -> None:
    assert pickle_uses(path, tree_of(path)) == []


def test_bundled_cases_hold_no_code() -> None:
    code = [name_of(path) for path in MODULES if layer_of(path) in DATA_ONLY and path.name != "__init__.py"]
    assert code == []


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("case", "from groundswell.world import places"),
        ("engine", "import groundswell.domains.street.joining"),
        ("history", "def f():\n    from groundswell.play.run import Run"),
        ("world", "from ..report import page"),
        ("world", "from groundswell import run"),
        ("world", "import groundswell"),
    ],
)
def test_a_wrong_import_is_found(layer: str, source: str) -> None:
    assert len(wrong_imports(PACKAGE / layer / "example.py", ast.parse(source))) == 1


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("domains", "from groundswell.engine.random import uniform"),
        ("world", "from .places import Places"),
        ("cli.py", "from groundswell import __version__"),
        ("cli.py", "def f():\n    from groundswell.play.run import run"),
    ],
)
def test_a_right_import_passes(layer: str, source: str) -> None:
    path = PACKAGE / layer if layer.endswith(".py") else PACKAGE / layer / "example.py"
    assert wrong_imports(path, ast.parse(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from random import choice",
        "import numpy.random",
        "from numpy import random",
        "from numpy.random import default_rng",
        "x = np.random.default_rng(1)",
        "x = stats.norm.rvs(size=3)",
    ],
)
def test_foreign_randomness_is_found(source: str) -> None:
    assert random_uses(PACKAGE / "world" / "example.py", ast.parse(source))


@pytest.mark.parametrize("source", ["import pickle", "np.load(f, allow_pickle=True)", "np.load(f, allow_pickle=x)"])
def test_pickling_is_found(source: str) -> None:
    assert pickle_uses(PACKAGE / "world" / "example.py", ast.parse(source))


@pytest.mark.parametrize("path", sorted((PACKAGE / "domains").glob("*/*.py")), ids=name_of)
def test_a_pack_imports_only_from_itself_and_earlier_packs(path: Path) -> None:
    own = PACKS.index(path.parent.name)
    names = [name.split(".") for _, name in imported(path, tree_of(path)) if name.startswith("groundswell.domains.")]
    assert [name for name in names if PACKS.index(name[2]) > own] == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "study").glob("*/*.py")), ids=name_of)
def test_a_part_of_a_study_imports_only_from_itself_and_what_all_share(path: Path) -> None:
    parts = {folder.name for folder in (PACKAGE / "study").iterdir() if folder.is_dir()} - {path.parent.name}
    wrong = {f"groundswell.study.{part}" for part in parts}
    assert [name for _, name in imported(path, tree_of(path)) if ".".join(name.split(".")[:3]) in wrong] == []


def modules_imported(path: Path, tree: ast.Module) -> set[str]:
    """Modules of the package that a file imports when it is imported: not in functions, not for types alone."""
    later = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        for inner in ast.walk(node)
    }
    here = ast.Module([node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))], [])
    now = ast.Module([node for node in here.body if id(node) not in later], [])
    found = set()
    for _, name in imported(path, now):
        parts = name.split(".")
        for upto in (len(parts), len(parts) - 1):
            if ".".join(parts[:upto]) in KNOWN:
                found.add(".".join(parts[:upto]))
                break
    return found


def module_name(path: Path) -> str:
    return ".".join(["groundswell", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__")


KNOWN = {module_name(path) for path in MODULES}


def test_no_files_import_each_other_in_a_circle() -> None:
    needs = {module_name(path): modules_imported(path, tree_of(path)) - {module_name(path)} for path in MODULES}
    graphlib.TopologicalSorter(needs).prepare()  # a CycleError names the circle
