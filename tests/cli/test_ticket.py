"""A farmer rates on the command line, and an officer of the insurer answers there."""

from tests.cli.conftest import County


def test_a_bad_rating_is_taken_and_closed_on_the_command_line(county: County) -> None:
    number = county.report()
    shell = county.shell

    rated = shell.json(
        "claim", "rate", number, "--score", "reporting=1", "--words", "页面很慢", profile="farmer"
    )
    ticket = f"{number}-T1"
    waiting = shell.json("ticket", "list", profile="insurer")["tickets"]
    early = shell.run(*_closing(ticket), profile="insurer")
    taken = shell.json("ticket", "take", ticket, profile="insurer")
    shown = shell.ok("ticket", "show", ticket, profile="insurer").out
    closed = shell.ok(*_closing(ticket), profile="insurer").out
    told = shell.ok("claim", "rate", number, "--language", "en", profile="farmer").out
    listed = shell.ok("ticket", "list", "--closed", "--mine", profile="insurer").out

    assert rated["is_answered"] is False
    assert ticket in {one["ticket"] for one in waiting}
    assert (early.code, "not yours" in early.err) == (5, True)
    assert taken["owner"] == "picc-changsha-1"
    assert "页面很慢" in shown
    assert "closed" in closed
    assert "reporting  1" in told
    assert "called, mended" in told
    assert number in listed.replace("\n", "")
    assert max(map(len, listed.splitlines())) <= 80


def test_what_is_no_ticket_or_no_rating_is_refused_before_it_is_sent(county: County) -> None:
    nothing = county.shell.run("ticket", "show", "FC-1", profile="insurer")
    wrong = county.shell.run("claim", "rate", "FC-1", "--score", "payment=good", profile="farmer")

    assert (nothing.code, wrong.code) == (3, 2)


def _closing(ticket: str) -> tuple[str, ...]:
    return ("ticket", "close", ticket, "--reason", "put_right", "--words", "called, mended")
