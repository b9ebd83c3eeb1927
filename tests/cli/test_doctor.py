import shutil
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.conftest import County, Ran, Shell


@pytest.fixture
def machine(county: County, tmp_path: Path) -> Shell:
    """A machine of its own, with everyone's sign-in."""
    shutil.copytree(county.shell.folder, tmp_path / "profiles")
    return Shell(tmp_path / "profiles", county.world.url)


def wrong(done: Ran) -> dict[str, str]:
    """What is wrong, with its advice."""
    return {check["check"]: check["advice"] for check in done.document["checks"] if not check["ok"]}


def test_a_machine_that_is_well_ends_with_0(machine: Shell) -> None:
    done = machine.run("doctor", "--json", profile="insurer")

    assert done.code == Exit.OK
    assert done.document["ok"] is True
    assert [check["check"] for check in done.document["checks"]] == [
        *("python", "packages", "extras", "secrets", "server", "clock", "sign-in", "key")
    ]


def test_without_a_sign_in_doctor_says_to_sign_in(machine: Shell) -> None:
    done = machine.run("doctor", "--json", profile="stranger")

    assert done.code == Exit.FAILED
    assert "flashclaim login" in wrong(done)["sign-in"]


def test_files_that_others_can_read_are_named(machine: Shell) -> None:
    key = machine.folder / "insurer.picc-changsha-1.key.pem"
    key.chmod(0o644)

    done = machine.run("doctor", "--json", profile="insurer")

    assert done.code == Exit.FAILED
    assert wrong(done) == {"secrets": f"chmod 600 {key}"}


def test_a_key_that_the_server_does_not_know_is_told(machine: Shell) -> None:
    shutil.copy(
        machine.folder / "veterinary.vet-changsha-1.key.pem",
        machine.folder / "insurer.picc-changsha-1.key.pem",
    )

    done = machine.run("doctor", "--json", profile="insurer")

    assert wrong(done) == {"key": "flashclaim keys new"}


def test_a_session_that_has_ended_is_told(machine: Shell) -> None:
    (machine.folder / "insurer.session").write_text("long-ago")

    done = machine.run("doctor", "--json", profile="insurer")

    assert "sign-in" in wrong(done)


def test_a_server_that_does_not_answer_is_told(machine: Shell) -> None:
    done = machine.run("doctor", "--server", "http://127.0.0.1:9", profile="insurer")

    assert done.code == Exit.FAILED
    assert "WRONG  server" in done.out
