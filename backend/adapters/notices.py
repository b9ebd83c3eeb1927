"""Messages to farmers and officers."""

from dataclasses import dataclass
from typing import Protocol, TextIO


@dataclass(frozen=True, slots=True)
class Notice:
    """One message about a claim.

    ``to`` is a phone number or an officer's id, ``language`` ``zh`` or ``en``. ``key`` is made of the claim and
    the event, never of the attempt, so that a gateway may drop a second sending.
    """

    to: str
    claim_number: str
    language: str
    text: str
    key: str


class Notices(Protocol):
    """A way to reach people."""

    def send(self, notice: Notice) -> None:
        """Hand *notice* over; the same key may come twice after a crash."""


class ConsoleNotices:
    """Prints each notice as one line: for the demo, where the operator stands in for the farmer's phone.

    Texts hold one-time codes in clear; never point it at a log that others read.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, notice: Notice) -> None:
        """Print the notice; line breaks and control characters become spaces, so that a line is a notice."""
        line = f"notice to {notice.to} [{notice.claim_number}] ({notice.language}): {notice.text}"
        shown = "".join(letter if letter.isprintable() else " " for letter in line)
        # One write a line: notices are sent from several threads.
        self._stream.write(shown + "\n")
        self._stream.flush()
