import json
import stat
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.conftest import FLASHCLAIM, County, Shell, new_login_token, sign_in_with_key
from tests.cli.terminal import at_terminal


@pytest.fixture
def machine(county: County, tmp_path: Path) -> Shell:
    """Another machine of the same county, on which nobody is signed in."""
    return Shell(tmp_path / "profiles", county.world.url)


def test_signing_in_makes_and_registers_a_key(county: County, machine: Shell) -> None:
    token = new_login_token(county.world, "vet-changsha-2")

    told = machine.json("login", "--token", token)

    assert told["officer"] == {
        "id": "vet-changsha-2",
        "name": "龙飞",
        "organisation": "vet-changsha",
        "lane": "veterinary",
    }
    assert told["key"]["standing"] == "pending"
    keys = machine.json("keys", "list")["keys"]
    assert [key["key_id"] for key in keys if key["here"]] == [told["key_id"]]
    me = machine.json("whoami")["officer"]
    assert me == told["officer"] | {"is_administrator": False, "is_regulator": False, "is_agent": False}


def test_signing_in_again_keeps_the_key(county: County, machine: Shell) -> None:
    first = machine.json("login", "--token", new_login_token(county.world, "vet-changsha-2"))

    second = machine.json("login", "--token", new_login_token(county.world, "vet-changsha-2"))

    assert second["key_id"] == first["key_id"]


def test_two_officers_in_turn_under_one_profile_keep_a_key_each(county: County, machine: Shell) -> None:
    first = machine.json("login", "--token", new_login_token(county.world, "vet-changsha-2"))
    machine.json("login", "--token", new_login_token(county.world, "insp-changsha-2"))

    again = machine.json("login", "--token", new_login_token(county.world, "vet-changsha-2"))

    assert again["key_id"] == first["key_id"]


def test_one_machine_acts_as_several_people(county: County) -> None:
    lanes = {
        profile: county.shell.json("whoami", profile=profile)["officer"]["lane"]
        for profile in ("insurer", "veterinary", "collector")
    }

    assert lanes == {"insurer": "insurer", "veterinary": "veterinary", "collector": None}


def test_a_farmer_signs_in_with_the_policys_card(county: County) -> None:
    told = county.shell.json("whoami", profile="farmer")

    assert (told["kind"], told["policies"]) == ("farmer", [county.world.policy("pig")["policy_number"]])


def test_a_login_token_is_worth_nothing_the_second_time(county: County, machine: Shell) -> None:
    token = new_login_token(county.world, "vet-changsha-2")
    machine.ok("login", "--token", token)

    done = machine.run("login", "--token", token, "--json")

    assert done.code == Exit.NOT_ALLOWED
    assert done.document["code"] == "invitation-over"


def test_everything_kept_is_for_its_owner_alone(county: County) -> None:
    folder = county.shell.folder

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_dir()}

    assert "insurer.session" in modes
    assert "insurer.picc-changsha-1.key.pem" in modes
    assert set(modes.values()) == {0o600}
    assert folders <= {0o700}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_profile_holds_no_secret(county: County) -> None:
    token = (county.shell.folder / "insurer.session").read_text()

    profile = (county.shell.folder / "insurer.profile.json").read_text()

    assert token not in profile
    assert json.loads(profile)["server"] == county.world.url


def test_a_new_key_signs_from_then_on(county: County, machine: Shell) -> None:
    before = sign_in_with_key(county.world, machine, "picc-changsha-2")

    made = machine.json("keys", "new")["key_id"]
    too_early = machine.run("keys", "use")
    county.world.approve_key(made, "picc-changsha-2").raise_for_status()
    machine.ok("keys", "use")

    assert (too_early.code, "pending" in too_early.err) == (Exit.NOT_ALLOWED, True)
    known = {key["key_id"]: key for key in machine.json("keys", "list")["keys"]}
    assert (known[made]["here"], known[before]["revocation"]) == (True, "rotated")
    claim = county.report()
    machine.ok("claim", "approve", claim)
    assert county.world.show(claim)["lanes"]["insurer"]["by"] == "picc-changsha-2"


def test_without_a_terminal_nobody_is_asked_for_a_token(machine: Shell) -> None:
    done = machine.run("login", "--json")

    assert done.code == Exit.USAGE
    assert done.document["errors"][0]["pointer"] == "/token"


def test_the_token_may_come_from_the_environment(county: County, machine: Shell) -> None:
    token = new_login_token(county.world, "insp-changsha-2")

    done = machine.run("login", FLASHCLAIM_LOGIN_TOKEN=token)

    assert done.code == Exit.OK, done.err


def test_at_a_terminal_the_token_is_typed_unseen(county: County, machine: Shell) -> None:
    token = new_login_token(county.world, "insp-changsha-2")

    with at_terminal([FLASHCLAIM, "login"], machine.environment) as terminal:
        terminal.sees("One-time login token:")
        terminal.press(f"{token}\n")
        screen = terminal.sees("Signed in at")

        assert terminal.ends() == Exit.OK
        assert token not in screen


def test_ctrl_c_at_the_question_ends_with_130(machine: Shell) -> None:
    with at_terminal([FLASHCLAIM, "login"], machine.environment) as terminal:
        terminal.sees("One-time login token:")
        terminal.press("\x04")

        assert terminal.ends() == Exit.INTERRUPTED
