"""Keys, sessions and colleagues from the command line, each person on a machine of their own."""

from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.conftest import FLASHCLAIM, County, Shell, new_login_token, sign_in_with_key
from tests.cli.terminal import at_terminal

NEWCOMER = "picc-changsha-9"


@pytest.fixture
def one(county: County, tmp_path: Path) -> Shell:
    """The machine of the insurer's first administrator, with a key that signs."""
    shell = Shell(tmp_path / "one", county.world.url)
    sign_in_with_key(county.world, shell, "picc-changsha-1")
    return shell


@pytest.fixture
def two(county: County, tmp_path: Path) -> Shell:
    """The machine of the second."""
    shell = Shell(tmp_path / "two", county.world.url)
    sign_in_with_key(county.world, shell, "picc-changsha-2")
    return shell


@pytest.fixture
def machine(county: County, tmp_path: Path) -> Shell:
    """A machine on which nobody is signed in."""
    return Shell(tmp_path / "new", county.world.url)


def test_a_newcomer_is_invited_approved_by_phone_and_signs(
    county: County, one: Shell, two: Shell, machine: Shell
) -> None:
    invited = one.json("officer", "invite", "--id", NEWCOMER, "--name", "李婷")
    told = machine.ok("login", "--token", invited["login_token"])
    read_aloud = machine.json("keys", "list")["keys"][0]["fingerprint"]
    claim = county.report()
    checked = {check["check"]: check["grade"] for check in machine.json("doctor")["checks"]}
    too_early = machine.run("claim", "approve", claim)
    by_inviter = one.run("keys", "approve", read_aloud)
    misread = two.run("keys", "approve", read_aloud[:-1] + ("1" if read_aloud[-1] != "1" else "2"))
    approved = two.ok("keys", "approve", read_aloud.lower())

    assert read_aloud in told.err
    assert checked["key"] == "warn"
    assert (too_early.code, "[key-pending]" in too_early.err) == (Exit.NOT_ALLOWED, True)
    assert (by_inviter.code, "[same-person]" in by_inviter.err) == (Exit.NOT_ALLOWED, True)
    assert misread.code == Exit.NOT_FOUND
    assert f"signs for {NEWCOMER}" in approved.err
    machine.ok("claim", "approve", claim)
    machine.ok("logout")
    assert machine.run("whoami").code == Exit.NOT_ALLOWED
    machine.ok("login")
    assert machine.json("whoami")["officer"]["id"] == NEWCOMER
    one.ok("officer", "suspend", NEWCOMER, "--left", "--reason", "moved away")
    assert machine.run("whoami").code == Exit.NOT_ALLOWED
    assert "[key-revoked]" in machine.run("login").err


def test_signing_in_again_needs_no_token_only_the_key(one: Shell) -> None:
    one.ok("logout")

    again = one.json("login")

    assert again["key"]["standing"] == "approved"


def test_a_key_in_a_file_is_encrypted_and_opens_by_its_passphrase_alone(county: County, one: Shell) -> None:
    claim = county.report()
    text = (one.folder / "default.picc-changsha-1.key.pem").read_text()

    without = one.run("claim", "approve", claim, FLASHCLAIM_KEY_PASSPHRASE="")
    wrong = one.run("claim", "approve", claim, FLASHCLAIM_KEY_PASSPHRASE="incorrect horse")

    assert "BEGIN ENCRYPTED PRIVATE KEY" in text
    for done in (without, wrong):
        assert (done.code, "[key-locked]" in done.err) == (Exit.NOT_ALLOWED, True)
    assert one.run("keys", "list", FLASHCLAIM_KEY_PASSPHRASE="").code == Exit.OK
    one.ok("claim", "approve", claim)


def test_without_a_passphrase_no_key_is_made_and_the_token_is_not_spent(
    county: County, machine: Shell
) -> None:
    token = new_login_token(county.world, "vet-changsha-2")

    refused = machine.run("login", "--token", token, FLASHCLAIM_KEY_PASSPHRASE="")
    short = machine.run("login", "--token", token, FLASHCLAIM_KEY_PASSPHRASE="short")
    plain = machine.run("keys", "new", "--no-passphrase", FLASHCLAIM_KEY_PASSPHRASE="")

    assert (refused.code, "[no-passphrase]" in refused.err) == (Exit.NOT_ALLOWED, True)
    assert "[no-passphrase]" in short.err
    assert plain.code == Exit.OK, plain.err


def test_at_a_terminal_the_passphrase_is_typed_unseen(county: County, one: Shell) -> None:
    claim = county.report()
    around = one.environment | {"FLASHCLAIM_KEY_PASSPHRASE": ""}

    with at_terminal([FLASHCLAIM, "claim", "approve", claim], around) as terminal:
        terminal.sees("Passphrase of the key of default:")
        terminal.press("correct horse\n")
        screen = terminal.sees("Signed: approve")

        assert terminal.ends() == Exit.OK
        assert "correct horse" not in screen


def test_sessions_are_listed_and_ended(one: Shell) -> None:
    listed = one.json("sessions", "list")["sessions"]
    (here,) = (session for session in listed if session["here"])

    one.ok("sessions", "end", here["id"])

    assert one.run("whoami").code == Exit.NOT_ALLOWED


def test_a_stolen_key_names_what_it_signed_since(county: County, one: Shell, two: Shell) -> None:
    claim = county.report()
    one.ok("claim", "approve", claim)
    key = next(key for key in one.json("keys", "list")["keys"] if key["here"])

    ended = two.json("keys", "revoke", key["fingerprint"], "--reason", "stolen", "--at", "2026-01-01T00:00")

    assert claim in {signed["claim_number"] for signed in ended["signed_since"]}
    assert claim in two.ok("keys", "signed", key["key_id"]).out
    assert one.run("whoami").code == Exit.NOT_ALLOWED
    assert "key-revoked" in two.ok("keys", "history", "--officer", "picc-changsha-1").out


def test_a_payee_is_changed_by_two(county: County, one: Shell, two: Shell) -> None:
    # Of a farm whose payee no other test changes: one proposal a policy may wait.
    policy = county.world.policy("pig", 2)["policy_number"]
    what = ("--name", "李秀英", "--account", "6228480031234567", "--reason", "a new card")

    asked = one.json("policy", "payee", "change", policy, *what)
    listed = two.ok("approval", "list").out
    shown = two.ok("approval", "show", asked["proposal"]["id"]).out
    done = two.json("approval", "approve", asked["proposal"]["id"])

    assert asked["proposal"]["id"] in listed
    assert "6228480031234567" in shown
    assert done["done"]["account_last4"] == "4567"
    assert two.run("approval", "approve", asked["proposal"]["id"]).code == Exit.CONFLICT


def test_a_key_is_approved_at_the_server_only_while_nobody_else_could(
    county: County, one: Shell, machine: Shell
) -> None:
    settings = county.world.parts.settings
    here = {"FLASHCLAIM_DATA_FOLDER": str(settings.data_folder)}
    invited = one.json("officer", "invite", "--id", "picc-changsha-10", "--name", "高洁")
    key = machine.json("login", "--token", invited["login_token"])["key_id"]

    refused = machine.run("server", "approve-key", key, "--reason", "met", **here)
    unsaid = machine.run("server", "approve-key", key, **here)
    unknown = machine.run("server", "approve-key", "0" * 32, "--reason", "met", **here)

    assert (refused.code, "[colleague-approves]" in refused.err) == (Exit.NOT_ALLOWED, True)
    assert "[reason-needed]" in unsaid.err
    assert unknown.code == Exit.NOT_FOUND
