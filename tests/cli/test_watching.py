"""``claim watch``: a timeline that grows on the screen, in a pipe, and across a broken line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from cli.exits import Exit
from tests.cli.conftest import FLASHCLAIM, County
from tests.cli.terminal import COLUMNS, Terminal, at_terminal


@contextmanager
def watching(county: County, claim: str, *options: str) -> Iterator[Terminal]:
    command = [FLASHCLAIM, "claim", "watch", claim, "--language", "en", "--profile", "insurer", *options]
    with at_terminal(command, county.shell.environment) as terminal:
        terminal.sees("held by")
        yield terminal


def test_the_screen_grows_and_the_status_line_follows(county: County) -> None:
    claim = county.report()

    with watching(county, claim) as terminal:
        first = terminal.sees("joint review, held by insurer, veterinary, inspection")
        county.shell.ok("claim", "approve", claim, profile="veterinary")
        terminal.sees("joint review, held by insurer, inspection")
        county.withdraw(claim)
        screen = terminal.sees("WITHDRAWN")
        code = terminal.ends()

    assert "due" in first
    assert [line for line in screen.splitlines() if len(line) > COLUMNS] == []
    assert code == Exit.OK


def test_a_pipe_gets_a_line_an_event_and_an_ended_claim_ends_the_watch(county: County) -> None:
    claim = county.report()
    county.withdraw(claim)

    watched = county.shell.ok("claim", "watch", claim, profile="insurer")
    told = county.shell.json("claim", "timeline", claim, profile="insurer")

    lines = watched.out.splitlines()
    assert [line.partition(" s  ")[2] for line in lines] == [event["text"] for event in told["events"]]
    assert f"{claim}: WITHDRAWN" in watched.err


def test_json_is_one_document_and_json_lines_one_an_event(county: County) -> None:
    claim = county.report()
    county.withdraw(claim)

    whole = county.shell.json("claim", "watch", claim, profile="insurer")
    lines = county.shell.ok("claim", "watch", claim, "--json-lines", profile="insurer").out.splitlines()

    assert whole == county.shell.json("claim", "timeline", claim, profile="insurer")
    assert [json.loads(line) for line in lines] == whole["events"]


def test_money_that_will_not_come_is_a_failure_for_who_waits_for_it(county: County) -> None:
    claim = county.report()
    county.withdraw(claim)

    watched = county.shell.run("claim", "watch", claim, "--until", "paid", profile="insurer")

    assert watched.code == Exit.FAILED
    assert "ended without a payout" in watched.err


def test_ctrl_c_ends_with_130(county: County) -> None:
    claim = county.report()

    with watching(county, claim) as terminal:
        terminal.interrupt()
        code = terminal.ends()

    assert code == Exit.INTERRUPTED


def test_a_stranger_and_a_wrong_number_are_refused_as_everywhere(county: County) -> None:
    missing = county.shell.run("claim", "watch", "FC-19700101-0001", profile="insurer")
    nobody = county.shell.run("claim", "watch", county.report(), profile="nobody")

    assert (missing.code, nobody.code) == (Exit.NOT_FOUND, Exit.NOT_ALLOWED)
