"""What is installed is named, hashed and allowed; what travels with us is what it says it is."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from scripts.licences import PAGE, packages

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = {
    "base": (),
    "server": ("server", "postgres"),
    "dev": ("server", "postgres", "dev"),
}
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
STATIC = ROOT / "backend" / "web" / "static"


@cache
def locked(name: str) -> dict[str, set[Version]]:
    """Versions by package; two where Python's own version decides."""
    found: dict[str, set[Version]] = {}
    for line in (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").splitlines():
        if line and line[0] not in " #":
            wanted = Requirement(line.removesuffix("\\").strip())
            [pin] = wanted.specifier
            assert pin.operator == "=="
            found.setdefault(canonicalize_name(wanted.name), set()).add(Version(pin.version))
    return found


def asked(name: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = [*project["dependencies"]]
    for extra in EXTRAS[name]:
        texts += project["optional-dependencies"][extra]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("name", EXTRAS)
def test_the_lock_fits_what_the_project_asks_for(name: str) -> None:
    """It was not written anew after pyproject.toml: scripts/lock."""
    versions = locked(name)

    missing = [one.name for one in asked(name) if canonicalize_name(one.name) not in versions]
    unfit = [
        str(one)
        for one in asked(name)
        for version in versions.get(canonicalize_name(one.name), ())
        if not one.specifier.contains(version, prereleases=True)
    ]

    assert (missing, unfit) == ([], [])


@pytest.mark.parametrize("name", EXTRAS)
def test_every_locked_package_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")

    entries = re.split(r"\n(?=\S)", text.strip())

    assert [entry.splitlines()[0] for entry in entries if not _HASH.search(entry)] == []
    assert "://" not in text
    assert not re.search(r"(?m)^-", text)


def test_the_locks_agree_with_each_other() -> None:
    base, server, dev = (locked(name) for name in EXTRAS)

    assert {name: base[name] for name in base} == {name: server.get(name) for name in base}
    assert {name: server[name] for name in server} == {name: dev.get(name) for name in server}


def test_no_licence_stands_against_ours() -> None:
    assert [one for one in packages() if not one.is_allowed] == []


def test_the_licence_list_names_what_is_locked() -> None:
    """Written anew by ``python -m scripts.licences``."""
    page = PAGE.read_text(encoding="utf-8")
    rows = {row.split(" | ")[0].removeprefix("| ") for row in page.splitlines() if row.startswith("| ")} - {
        "package"
    }

    assert [
        one.name for one in packages() if f"| {one.name} | {one.version} | {one.licence} |" not in page
    ] == []
    assert {canonicalize_name(row) for row in rows} - set(locked("server")) == set()


def test_the_list_of_parts_is_a_cyclonedx_document(tmp_path: Path) -> None:
    """As ``scripts/sbom`` writes it, over what is installed here."""
    into = tmp_path / "sbom.json"
    tool = Path(sys.executable).with_name("cyclonedx-py")
    command = [tool, "environment", sys.executable, "--pyproject", ROOT / "pyproject.toml"]
    form = ["--output-reproducible", "--output-format", "JSON", "--output-file", into]

    subprocess.run([*command, *form], check=True, capture_output=True)

    document = json.loads(into.read_text(encoding="utf-8"))
    parts = {canonicalize_name(one["name"]) for one in document["components"]}
    assert document["bomFormat"] == "CycloneDX"
    assert document["metadata"]["component"]["name"] == "flashclaim"
    assert {one.name for one in packages()} - parts == set()


def test_files_from_elsewhere_are_the_ones_that_are_named() -> None:
    named = tomllib.loads((STATIC / "vendored.toml").read_text(encoding="utf-8"))["file"]

    found = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    own = {name for name in found if name.startswith("bands/")} | {"vendored.toml"}
    assert {one["path"] for one in named} == found - own
    for one in named:
        content = (STATIC / one["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["sha256"], one["path"]
        assert (STATIC / one["licence_file"]).is_file()
        assert f"{one['name'].removesuffix(chr(39) + 's licence')} {one['version']}" in (
            ROOT / "NOTICE"
        ).read_text(encoding="utf-8")
