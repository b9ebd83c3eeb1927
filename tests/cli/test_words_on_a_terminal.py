"""What farmers and officers write is shown to whoever answers it, and does nothing to their terminal."""

from backend.texts.load import Language
from cli.screens.flags import flag_lines
from cli.screens.tickets import ticket_lines

WORDS = "nobody called\x1b]52;c;cm0=\x07\n  owner      somebody else"
SHOWN = "nobody called\ufffd]52;c;cm0=\ufffd   owner      somebody else"


def test_a_farmers_words_on_a_ticket_steer_no_terminal_and_forge_no_line() -> None:
    told = {
        "ticket": "FC-20261126-0001/1",
        "state": "open",
        "late": False,
        "about": ["reporting"],
        "rating": {"scores": {"reporting": 1}, "words": WORDS},
        "recommend": None,
        "owner": None,
        "due_at": None,
        "escalated": [],
        "closed_at": None,
    }

    lines = list(ticket_lines(told))

    assert f"  words      {SHOWN}" in lines
    assert sum(line.startswith("  owner") for line in lines) == 1


def test_an_officers_reason_on_a_flag_steers_no_terminal_and_forges_no_line() -> None:
    judged = {"by": "li", "organisation": "picc", "at": "2026-11-26T02:00:00+00:00", "reason": WORDS}
    flag = {"key": "COUNT_MISMATCH", "state": "cleared", "text": "3 of 5", "elsewhere": [], "judged": judged}

    lines = list(flag_lines(flag, Language.EN))

    assert lines[-1].endswith(f"li (picc): {SHOWN}")
    assert "\x1b" not in "".join(lines)
