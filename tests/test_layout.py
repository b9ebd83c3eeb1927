"""The project keeps its shape: small files, meaningful names, imports that point inwards."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from backend.domain.problems import RETIRED
from scripts.generate_docs import problem_classes

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("backend", "cli", "models", "geo", "tests", "scripts", "bench", "demo")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
MOST_LINES = 500
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "data", "info", "misc"}
# The shipped model and the data folders of installations hold no code.
SOURCES = [path for path in FILES if "static" not in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_packages_hold_a_docstring_and_no_code() -> None:
    for path in SOURCES:
        if path.name != "__init__.py":
            continue
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1, name_of(path)
        assert isinstance(body[0], ast.Expr), name_of(path)
        assert ast.get_docstring(ast.Module(body, [])), name_of(path)


def test_nothing_is_named_for_having_no_name() -> None:
    names = {part for path in SOURCES for part in path.relative_to(ROOT).with_suffix("").parts}

    assert names & EMPTY_NAMES == set()


def test_tests_are_no_packages() -> None:
    assert [name_of(path) for path in (ROOT / "tests").rglob("__init__.py")] == []


@pytest.mark.parametrize("package", ["backend", "cli", "models", "geo"])
def test_every_folder_with_code_is_a_package(package: str) -> None:
    folders = {path.parent for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts}

    assert [name_of(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_imports_point_inwards() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    checked = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout


def test_every_problem_has_a_type_of_its_own() -> None:
    types = Counter(kind.type for kind in problem_classes())

    assert [one for one, times in types.items() if times > 1] == []


def test_a_retired_problem_type_is_never_used_again() -> None:
    assert {kind.type for kind in problem_classes()} & RETIRED == set()
