"""What a script reads when a command does not succeed: surfaces.md, "Officer"."""

import shutil
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.conftest import County, Shell


def test_an_unknown_claim_ends_with_3(county: County) -> None:
    done = county.shell.run("claim", "show", "FC-20200101-0001", "--json", profile="insurer")

    assert done.code == Exit.NOT_FOUND
    assert done.document["code"] == "not-found"
    assert "no claim FC-20200101-0001 [not-found]" in done.err
    assert "Next: " in done.err


def test_a_name_that_would_leave_its_address_is_just_an_unknown_claim(county: County) -> None:
    done = county.shell.run("claim", "show", "../me?x=1#y", profile="insurer")

    assert done.code == Exit.NOT_FOUND


def test_nobody_signed_in_ends_with_4(county: County) -> None:
    done = county.shell.run("claim", "list", "--json", profile="stranger")

    assert done.code == Exit.NOT_ALLOWED
    assert done.document["code"] == "not-signed-in"
    assert "flashclaim login --profile stranger" in done.err


def test_the_wrong_lane_ends_with_4(county: County) -> None:
    claim = county.report()

    done = county.shell.run("claim", "approve", claim, "--lane", "inspection", "--json", profile="veterinary")

    assert done.code == Exit.NOT_ALLOWED
    assert done.document["code"] == "wrong-lane"


def test_a_collector_has_no_lane_to_decide_in(county: County) -> None:
    claim = county.report()

    done = county.shell.run("claim", "approve", claim, profile="collector")

    assert done.code == Exit.NOT_ALLOWED
    assert "no lane" in done.err


def test_a_decision_signed_with_another_officers_key_ends_with_4(county: County, tmp_path: Path) -> None:
    claim = county.report()
    forger = Shell(tmp_path / "profiles", county.world.url)
    shutil.copytree(county.shell.folder, forger.folder)
    shutil.copy(
        forger.folder / "veterinary.vet-changsha-1.key.pem", forger.folder / "insurer.picc-changsha-1.key.pem"
    )

    done = forger.run("claim", "approve", claim, "--json", profile="insurer")

    assert done.code == Exit.NOT_ALLOWED
    assert done.document["code"] == "forged-signature"


def test_a_machine_without_the_key_cannot_decide(county: County, tmp_path: Path) -> None:
    claim = county.report()
    other = Shell(tmp_path / "profiles", county.world.url)
    shutil.copytree(county.shell.folder, other.folder)
    (other.folder / "insurer.picc-changsha-1.key.pem").unlink()

    done = other.run("claim", "approve", claim, "--json", profile="insurer")

    assert done.code == Exit.NOT_ALLOWED
    assert done.document["code"] == "no-key"
    assert "flashclaim keys new" in done.err


def test_an_approval_of_what_has_changed_since_ends_with_5(county: County) -> None:
    claim = county.report()
    seen = county.shell.json("claim", "show", claim, profile="veterinary")
    county.shell.ok("claim", "assess", claim, "--weight", "1=50", "--reason", "weighed", profile="insurer")

    done = county.shell.run(
        *("claim", "approve", claim, "--json"),
        *("--evidence-hash", seen["evidence_hash"], "--offer-hash", seen["offer"]["offer_hash"]),
        profile="veterinary",
    )

    assert done.code == Exit.CONFLICT
    assert done.document["code"] == "stale-approval"


def test_a_claim_without_an_offer_cannot_be_decided_on_yet(county: County) -> None:
    policy = county.world.policy("pig")
    loss = ("--policy", policy["policy_number"], "--heads", "1", "--species", "pig", "--cause", "accident")
    claim = county.shell.json("claim", "report", *loss, profile="farmer")["number"]

    done = county.shell.run("claim", "approve", claim, "--json", profile="insurer")

    assert done.code == Exit.CONFLICT
    assert done.document["code"] == "move-not-allowed"


def test_an_approval_of_a_doubted_claim_without_a_note_is_refused_with_6(county: County) -> None:
    claim = county.report(away_m=900)

    done = county.shell.run("claim", "approve", claim, "--json", profile="insurer")

    assert done.code == Exit.REFUSED
    assert done.document["code"] == "note-needed"
    assert "OUTSIDE_PREMISES" in done.err


@pytest.mark.parametrize(
    "given", [(), ("--reason", "NOT_IN_FORCE"), ("--note", "no")], ids=["bare", "code", "note"]
)
def test_a_rejection_without_reason_and_note_is_refused_with_6(
    county: County, given: tuple[str, ...]
) -> None:
    claim = county.report()

    done = county.shell.run("claim", "reject", claim, *given, "--json", profile="insurer")

    assert done.code == Exit.REFUSED
    assert done.document["code"] == "reason-needed"


def test_a_rule_with_a_reason_code_prints_it(county: County) -> None:
    claim = county.report()
    file = county.photos / "unknown-weight.json"
    file.write_text('{"heads": 1, "animals": [{}], "reason": "no scale"}')
    county.shell.ok("claim", "assess", claim, "--file", str(file), profile="insurer")

    done = county.shell.run("claim", "approve", claim, "--note", "fine", "--json", profile="insurer")

    assert done.code == Exit.REFUSED
    assert done.document["reason_code"] == "EVIDENCE_MISSING"
    assert "[offer-incomplete, EVIDENCE_MISSING]" in done.err


def test_a_server_that_is_down_ends_with_7(county: County, tmp_path: Path) -> None:
    away = Shell(tmp_path / "profiles", "http://127.0.0.1:9")

    done = away.run("login", "--token", "whatever", "--json")

    assert done.code == Exit.NETWORK
    assert done.document["code"] == "server-unreachable"
    assert "http://127.0.0.1:9" in done.err


@pytest.mark.parametrize(
    "server", ["no-scheme", "ftp://host", "http://[broken", "http://", "http://host:99999"]
)
def test_an_address_that_is_none_ends_with_2(tmp_path: Path, server: str) -> None:
    done = Shell(tmp_path, server).run("login", "--token", "whatever", "--json")

    assert done.code == Exit.USAGE
    assert done.document["errors"][0]["pointer"] == "/server"


def test_no_token_goes_to_another_machine_without_tls(tmp_path: Path) -> None:
    done = Shell(tmp_path, "http://claims.example.cn").run("login", "--token", "whatever", "--json")

    assert done.code == Exit.USAGE
    assert "has no TLS" in done.document["errors"][0]["detail"]


def test_an_empty_list_ends_with_8_only_when_asked_to(county: County) -> None:
    asked = ("claim", "list", "--policy", "P-of-nobody")

    relaxed = county.shell.run(*asked, profile="insurer")
    strict = county.shell.run(*asked, "--fail-empty", "--json", profile="insurer")

    assert relaxed.code == Exit.OK
    assert strict.code == Exit.EMPTY
    assert strict.document == {"claims": [], "next": None}


def test_a_wrong_option_is_named_for_scripts_too(tmp_path: Path) -> None:
    done = Shell(tmp_path, "http://127.0.0.1:9").run("claim", "list", "--state", "SLEEPING", "--json")

    assert done.code == Exit.USAGE
    assert done.document["code"] == "invalid-input"
    assert "'SLEEPING' is not one of" in done.err
    assert "flashclaim claim list --help" in done.err


@pytest.mark.parametrize("name", ["../evil", ".hidden", "a/b", "", "x" * 41])
def test_a_profile_name_that_no_file_should_have_is_refused(tmp_path: Path, name: str) -> None:
    done = Shell(tmp_path, "http://127.0.0.1:9").run("whoami", "--profile", name)

    assert done.code == Exit.USAGE
    assert list(tmp_path.iterdir()) == []
