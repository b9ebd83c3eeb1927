"""Where the system has a real keyring, no secret is left in a file; a keyring that is locked is no dead end."""

import os
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.conftest import County, Shell, new_login_token

BACKEND = """
import json, os
from pathlib import Path
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

STORE = Path(os.environ["TEST_KEYRING"])

class Keyring(KeyringBackend):
    priority = 5

    def _all(self):
        if os.environ.get("TEST_KEYRING_LOCKED"):
            raise KeyringLocked("the keyring is locked")
        return json.loads(STORE.read_text()) if STORE.exists() else {}

    def get_password(self, service, username):
        return self._all().get(f"{service}/{username}")

    def set_password(self, service, username, password):
        STORE.write_text(json.dumps(self._all() | {f"{service}/{username}": password}))
"""


@pytest.fixture
def machine(county: County, tmp_path: Path) -> Shell:
    """Has a keyring of its own, and keeps its profiles where the platform says."""
    (tmp_path / "test_backend.py").write_text(BACKEND)
    return Shell(tmp_path, county.world.url)


@pytest.fixture
def around(machine: Shell) -> dict[str, str]:
    """The environment that shows the machine its keyring."""
    return {
        "FLASHCLAIM_CLI_FOLDER": "",
        "HOME": str(machine.folder),
        "XDG_CONFIG_HOME": str(machine.folder / "config"),
        "PYTHON_KEYRING_BACKEND": "test_backend.Keyring",
        "PYTHONPATH": os.pathsep.join([str(machine.folder), os.environ.get("PYTHONPATH", "")]),
        "TEST_KEYRING": str(machine.folder / "keyring.json"),
    }


def test_token_and_key_are_kept_in_the_keyring(
    county: County, machine: Shell, around: dict[str, str]
) -> None:
    token = new_login_token(county.world, "vet-changsha-2")

    signed_in = machine.run("login", "--token", token, "--json", **around)
    known = machine.run("keys", "list", "--json", **around)

    assert signed_in.code == known.code == Exit.OK, signed_in.err + known.err
    assert signed_in.document["key_id"] in [key["key_id"] for key in known.document["keys"] if key["here"]]
    kept = [path.name for path in (machine.folder / "config").rglob("*") if path.is_file()]
    assert kept == ["default.profile.json"]


def test_a_keyring_that_is_locked_is_replaced_by_files(
    county: County, machine: Shell, around: dict[str, str]
) -> None:
    token = new_login_token(county.world, "vet-changsha-2")

    signed_in = machine.run("login", "--token", token, **around, TEST_KEYRING_LOCKED="1")
    me = machine.run("whoami", **around, TEST_KEYRING_LOCKED="1")

    assert signed_in.code == me.code == Exit.OK, signed_in.err + me.err
    assert "files that only you can read are used instead" in signed_in.err


def test_a_keyring_that_locks_later_is_told(county: County, machine: Shell, around: dict[str, str]) -> None:
    machine.run("login", "--token", new_login_token(county.world, "vet-changsha-2"), **around)

    done = machine.run("whoami", "--json", **around, TEST_KEYRING_LOCKED="1")

    assert done.code == Exit.NOT_ALLOWED
    assert "does not open" in done.err
