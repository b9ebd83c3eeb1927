"""A farmer at the command line: by phone or card, refreshed unseen, signed out; links, cards, payees."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cli.exits import Exit
from tests.backend.api.phones import Phone, a_phone, bearing
from tests.cli.conftest import FLASHCLAIM, County, Shell
from tests.cli.terminal import at_terminal


@pytest.fixture
def machine(county: County, tmp_path: Path) -> Shell:
    """A machine on which nobody is signed in."""
    return Shell(tmp_path / "profiles", county.world.url)


@pytest.fixture
def phone(county: County) -> Phone:
    """The contact phone of the second pig farm."""
    return a_phone(county.world, place=1)


def policy_of(county: County) -> dict[str, Any]:
    return county.world.policy(place=1)


def tokens(machine: Shell) -> dict[str, Any]:
    return dict(json.loads((machine.folder / "default.tokens").read_text()))


def test_without_a_terminal_a_code_is_sent_and_given_with_the_next_command(
    county: County, machine: Shell, phone: Phone
) -> None:
    first = machine.json("login", "--phone", phone.number)
    told = machine.json("login", "--phone", phone.number, "--code", phone.code())

    assert first == {"sent": True, "phone": phone.number}
    assert (told["kind"], told["policies"]) == ("farmer", [policy_of(county)["policy_number"]])
    assert "signed in by phone" in machine.ok("whoami").out


def test_at_a_terminal_the_code_is_asked_for(machine: Shell, phone: Phone) -> None:
    with at_terminal([FLASHCLAIM, "login", "--phone", phone.number], machine.environment) as terminal:
        terminal.sees("One-time code:")
        terminal.press(f"{phone.code()}\n")
        terminal.sees("Signed in at")

        assert terminal.ends() == Exit.OK


def test_a_code_without_a_request_of_this_machine_is_named(machine: Shell, phone: Phone) -> None:
    done = machine.run("login", "--phone", phone.number, "--code", "123456", "--json")

    assert done.code == Exit.USAGE
    assert done.document["errors"][0]["pointer"] == "/code"


def test_tokens_that_end_are_refreshed_unseen_by_one_command_at_a_time(
    county: County, machine: Shell
) -> None:
    machine.ok("login", "--card", policy_of(county)["card"])
    before = tokens(machine)
    path = machine.folder / "default.tokens"
    path.write_text(json.dumps(before | {"until": time.time() - 1}))

    with ThreadPoolExecutor(3) as people:
        done = list(people.map(lambda _: machine.run("whoami"), range(3)))

    assert [one.code for one in done] == [Exit.OK] * 3, done
    assert tokens(machine)["refresh"] != before["refresh"]


def test_signing_out_ends_the_session_and_forgets_it(county: County, machine: Shell) -> None:
    machine.ok("login", "--card", policy_of(county)["card"])
    access = tokens(machine)["access"]

    machine.ok("logout")

    assert machine.run("whoami").code == Exit.NOT_ALLOWED
    assert not (machine.folder / "default.tokens").exists()
    with bearing(county.world, access) as http:
        assert http.get("/me").status_code == 401


def test_a_session_is_seen_and_ended_from_another_machine(
    county: County, machine: Shell, tmp_path: Path
) -> None:
    other = Shell(tmp_path / "other", county.world.url)
    for one in (machine, other):
        one.ok("login", "--card", policy_of(county)["card"])

    sessions = machine.json("farmer", "sessions")["sessions"]
    [here] = [one["session"] for one in sessions if one["here"]]
    other.ok("farmer", "end", here)

    assert machine.run("whoami").code == Exit.NOT_ALLOWED
    assert "this one" in other.ok("farmer", "sessions").out


def test_a_new_card_is_drawn_and_told_once(county: County, machine: Shell) -> None:
    policy = county.world.policy(place=2)

    done = county.shell.ok("policy", "card", policy["policy_number"], profile="insurer")

    card = done.out.strip()
    assert re.search("[▀▄█]{8}", done.err)
    assert machine.json("login", "--card", card)["policies"] == [policy["policy_number"]]
    assert machine.run("login", "--card", policy["card"], "--json").document["code"] == "card-not-valid"


def test_a_link_is_made_listed_and_ended(county: County) -> None:
    claim, shell = county.report(), county.shell

    url = shell.ok("claim", "link", claim, "--days", "3", profile="farmer").out.strip()
    token = url.partition("#")[2]
    with bearing(county.world, token) as reader:
        assert reader.get(f"/claims/{claim}").json()["number"] == claim
        [link] = [one["link"] for one in shell.json("claim", "links", claim, profile="farmer")["links"]]
        assert link in shell.ok("claim", "links", claim, profile="insurer").out
        shell.ok("claim", "unlink", claim, link, profile="farmer")
        assert reader.get(f"/claims/{claim}").status_code == 401


def test_a_farmer_asks_for_a_payee_and_gives_the_code(county: County, machine: Shell, phone: Phone) -> None:
    number = policy_of(county)["policy_number"]
    machine.ok("login", "--card", policy_of(county)["card"])
    wanted = ("--name", "李秀英", "--account", "6228480000000009999")

    request = machine.ok("farmer", "payee", number, *wanted).out.strip()
    machine.ok("farmer", "payee", number, "--confirm", request, "--code", phone.code("payee_code"))

    assert "李** …9999  confirmed" in machine.ok("farmer", "payee", number).out
