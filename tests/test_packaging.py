"""What is installed: the packages with their files, and nothing else."""

import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {"backend", "cli", "models", "geo"}
OFFICERS_CLI = {"cryptography", "filelock", "httpx", "httpx-sse", "keyring", "rich", "segno", "typer"}
STRAYS = (".hypothesis", ".venv", ".git/", "runs/", "shared/", "__pycache__", "data/sealed", "var/")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel made from it, without the network."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def in_wheel(built: tuple[Path, Path]) -> set[str]:
    with ZipFile(built[1]) as wheel:
        return set(wheel.namelist())


@pytest.fixture(scope="module")
def in_sdist(built: tuple[Path, Path]) -> set[str]:
    with tarfile.open(built[0]) as sdist:
        return {name.partition("/")[2] for name in sdist.getnames()}


def tracked(suffixes: tuple[str, ...]) -> set[str]:
    """Files of the packages that have to travel, as they lie in this folder."""
    return {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_four_packages_and_its_own_records(in_wheel: set[str]) -> None:
    tops = {name.partition("/")[0] for name in in_wheel}

    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


@pytest.mark.parametrize("kind", [".py", ".toml", ".onnx", ".json", ".csv", ".js", ".mako", ".html", ".css"])
def test_every_file_that_the_code_reads_is_in_the_wheel(in_wheel: set[str], kind: str) -> None:
    assert tracked((kind,)) - in_wheel == set()


def test_products_texts_and_migrations_are_in_the_wheel(in_wheel: set[str]) -> None:
    assert "backend/products/pig-bands-1.toml" in in_wheel
    assert {"backend/texts/zh.toml", "backend/texts/en.toml"} <= in_wheel
    assert any(name.startswith("backend/store/migrations/versions/") for name in in_wheel)


def test_the_shipped_model_travels_with_its_manifest(in_wheel: set[str]) -> None:
    shipped = {name for name in in_wheel if name.startswith("models/shipped/")}

    assert any(name.endswith(".onnx") for name in shipped)
    assert any("manifest" in name for name in shipped)


def test_nothing_of_tests_caches_or_neighbours_is_packed(in_wheel: set[str], in_sdist: set[str]) -> None:
    strays = {name for name in in_wheel | in_sdist if any(part in name for part in STRAYS)}
    tests = {name for name in in_wheel if name.startswith(("tests/", "bench/", "scripts/", "demo/"))}

    assert strays == set()
    assert tests == set()


def test_the_licence_travels_too(in_wheel: set[str], in_sdist: set[str]) -> None:
    assert {"LICENSE", "NOTICE", "README.md"} <= in_sdist
    assert {name.rpartition("/")[2] for name in in_wheel if ".dist-info/licenses/" in name} >= {
        "LICENSE",
        "NOTICE",
    }


def test_the_base_install_stays_the_officers_command_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert {need.partition(">")[0] for need in project["dependencies"]} == OFFICERS_CLI
    assert project["scripts"] == {"flashclaim": "cli.main:main"}
    assert {"server", "vision", "dev"} <= set(project["optional-dependencies"])
