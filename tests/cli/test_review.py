"""The joint review at a terminal: one claim at a time, one key a move."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.exits import Exit
from tests.cli.conftest import FLASHCLAIM, County, new_login_token
from tests.cli.no_streams import without_streams
from tests.cli.terminal import COLUMNS, ROWS, Terminal, at_terminal

_PAGE = 50


@pytest.fixture(autouse=True)
def short_queues(county: County) -> None:
    """Claims that earlier stories left waiting must not fill the page of a queue that a terminal listens to."""
    for lane in ("insurer", "veterinary", "inspection"):
        if county.shell.json("review", "--limit", "1", profile=lane)["waiting"] > _PAGE - 10:
            empty(county, lane)


def empty(county: County, lane: str) -> None:
    for claim in county.shell.json("review", "--limit", "200", profile=lane)["claims"]:
        county.withdraw(claim["id"])


@contextmanager
def reviewing(county: County, profile: str) -> Iterator[Terminal]:
    """An officer at the terminal, at the first claim of the queue."""
    command: list[str | Path] = [FLASHCLAIM, "review", "--language", "en", "--profile", profile]
    with at_terminal(command, county.shell.environment) as terminal:
        terminal.sees("x quit")
        yield terminal


def reach(terminal: Terminal, claim: str) -> str:
    """Skip to a claim; the screen that shows it."""
    while claim not in (screen := terminal.sees("x quit")):
        terminal.press("s")
    return screen


def test_a_clean_claim_is_approved_with_one_key(county: County) -> None:
    claim = county.report()

    with reviewing(county, "veterinary") as terminal:
        screen = reach(terminal, claim)
        terminal.press("a")
        terminal.sees(f"{claim}: approve is recorded")

    assert "700.00 CNY" in screen
    assert "none, a clean claim" in screen
    assert county.world.show(claim)["lanes"]["veterinary"]["state"] == "approved"


def test_a_doubted_claim_wants_its_photo_opened_and_a_note_first(county: County) -> None:
    claim = county.report(away_m=900)

    with reviewing(county, "veterinary") as terminal:
        reach(terminal, claim)
        terminal.press("a")
        terminal.sees("open the photos first (o), 1 to go")
        terminal.press("o")
        opened = terminal.sees("Any key goes back.")
        terminal.press(" ")
        terminal.sees("x quit")
        terminal.press("a")
        terminal.sees("Why is it right all the same?")
        terminal.press("the new pen\n")
        terminal.sees(f"{claim}: approve is recorded")

    assert "▀" in opened
    lane = county.world.show(claim)["lanes"]["veterinary"]
    assert (lane["state"], lane["note"]) == ("approved", "the new pen")


def test_an_empty_note_takes_the_approval_back(county: County) -> None:
    claim = county.report(away_m=900)

    with reviewing(county, "inspection") as terminal:
        reach(terminal, claim)
        terminal.press("o")
        terminal.sees("Any key goes back.")
        terminal.press(" ")
        terminal.sees("x quit")
        terminal.press("a")
        terminal.sees("Why is it right all the same?")
        terminal.press("\n")
        terminal.sees("x quit")

    assert county.world.show(claim)["lanes"]["inspection"]["state"] == "open"


def test_a_claim_is_rejected_by_number_of_the_reason_and_a_note(county: County) -> None:
    claim = county.report()

    with reviewing(county, "inspection") as terminal:
        reach(terminal, claim)
        terminal.press("r")
        codes = terminal.sees("Number or code of the reason?")
        terminal.press("10\n")
        terminal.sees("What should the farmer know?")
        terminal.press("paid in May\n")
        terminal.sees(f"{claim}: reject is recorded")

    assert "10  Ear tag used before" in codes
    assert county.world.show(claim)["rejection"]["reason_code"] == "DUPLICATE_TAG"


def test_the_insurer_assesses_and_then_approves_the_new_offer(county: County) -> None:
    claim = county.report()

    with reviewing(county, "insurer") as terminal:
        reach(terminal, claim)
        terminal.press("e")
        terminal.sees("Dead heads? [1]")
        terminal.press("\n")
        terminal.sees("Weight of 1")
        terminal.press("50\n")
        terminal.sees("Why does it differ?")
        terminal.press("weighed\n")
        screen = terminal.sees("Look at the new offer")
        terminal.press("a")
        terminal.sees(f"{claim}: approve is recorded")

    assert "420.00 CNY" in screen
    assert county.world.show(claim)["offer"]["amount"] == "420.00"


def test_what_changes_while_one_reads_is_shown_at_once_and_never_signed_unseen(county: County) -> None:
    claim = county.report()

    with reviewing(county, "veterinary") as terminal:
        reach(terminal, claim)
        county.shell.ok(
            "claim", "assess", claim, "--weight", "1=50", "--reason", "weighed", profile="insurer"
        )
        screen = terminal.sees("Changed while you read: the offer, 700.00 before and 420.00 now.")
        terminal.press("a")
        terminal.sees("Press a again")
        unsigned = county.world.show(claim)["lanes"]["veterinary"]["state"]
        terminal.press("a")
        terminal.sees(f"{claim}: approve is recorded")

    assert "50 kg" in screen
    assert unsigned == "open"
    assert county.world.show(claim)["lanes"]["veterinary"]["state"] == "approved"


def test_another_offices_decision_is_shown_and_costs_no_key(county: County) -> None:
    claim = county.report()

    with reviewing(county, "veterinary") as terminal:
        reach(terminal, claim)
        county.shell.ok("claim", "approve", claim, profile="inspection")
        terminal.sees("inspection: approved")
        terminal.press("a")
        terminal.sees(f"{claim}: approve is recorded")


def test_a_claim_that_waits_no_more_is_left_with_any_key(county: County) -> None:
    claim = county.report()

    with reviewing(county, "veterinary") as terminal:
        reach(terminal, claim)
        county.withdraw(claim)
        terminal.sees("It no longer waits for your lane: now WITHDRAWN. Any key goes on.")
        terminal.press("a")
        terminal.shows_no(claim)


def test_what_arrives_while_one_reviews_is_reviewed_too(county: County) -> None:
    first = county.report()

    with reviewing(county, "veterinary") as terminal:
        reach(terminal, first)
        second = county.report()
        terminal.press("s")
        reach(terminal, second)


def test_where_no_stream_passes_the_queue_is_read_now_and_then(county: County) -> None:
    claim = county.report()

    with without_streams(county.world.url) as gateway:
        token = new_login_token(county.world, county.world.officer("veterinary").id)
        officer = county.world.officer("veterinary").id
        asked = ("login", "--token", token, "--server", gateway, "--json")
        told = county.shell.ok(*asked, profile="gateway").document
        county.world.approve_key(told["key_id"], officer).raise_for_status()
        with reviewing(county, "gateway") as terminal:
            reach(terminal, claim)
            county.withdraw(claim)
            terminal.sees("It no longer waits for your lane: now WITHDRAWN. Any key goes on.")


def test_the_screen_fits_80_by_24_cells(county: County) -> None:
    claim = county.report(away_m=900)

    with reviewing(county, "veterinary") as terminal:
        lines = reach(terminal, claim).splitlines()

    assert len(lines) <= ROWS
    assert [line for line in lines if len(line) > COLUMNS] == []


def test_x_quits_and_ctrl_c_ends_with_130(county: County) -> None:
    county.report()

    with reviewing(county, "inspection") as terminal:
        terminal.press("?")
        terminal.sees("skip for now")
        terminal.press(" ")
        terminal.sees("x quit")
        terminal.press("x")
        quit_code = terminal.ends()
    with reviewing(county, "inspection") as terminal:
        terminal.press("\x03")
        interrupted_code = terminal.ends()

    assert quit_code == Exit.OK
    assert interrupted_code == Exit.INTERRUPTED


def test_without_a_terminal_the_queue_is_listed(county: County) -> None:
    claim = county.report()

    listed = county.shell.ok("review", profile="veterinary")
    document = county.shell.json("review", "--limit", "200", profile="veterinary")

    assert claim in listed.out
    assert document["lane"] == "veterinary"
    assert claim in [row["number"] for row in document["claims"]]


def test_an_empty_queue_ends_with_8_when_asked_to(county: County) -> None:
    empty(county, "insurer")

    relaxed = county.shell.run("review", profile="insurer")
    strict = county.shell.run("review", "--fail-empty", profile="insurer")

    assert (relaxed.code, strict.code) == (Exit.OK, Exit.EMPTY)
    assert "Nothing waits" in relaxed.err
