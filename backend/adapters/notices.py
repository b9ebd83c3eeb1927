"""Messages to farmers and officers: the port, and the console behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TextIO


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a message is about, for machines: a webhook carries it beside the text.

    ``type`` is hierarchical, such as ``claim.payout_confirmed``; ``facts`` hold plain JSON values.
    """

    type: str
    at: datetime
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message about a claim; without ``claim_number`` it is about none, and its ``occasion`` says what it is about.

    ``to`` is a phone number, a farm's or an officer's id, ``language`` ``zh`` or ``en``. ``key`` is made of the claim
    and the event, never of the attempt, so that a gateway may drop a second sending.
    """

    to: str
    claim_number: str | None
    language: str
    text: str
    key: str
    occasion: Occasion | None = None


class NoticeUndelivered(Exception):
    """It did not arrive, or nobody knows; the same notice may be sent again under its key.

    ``wait``: how long the receiver asked to be left alone, None where it said nothing.
    """

    def __init__(self, reason: str, *, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class ReceiverResting(NoticeUndelivered):
    """Not tried at all: the receiver failed a moment ago, and many notices would only wait for it in turn."""


class NoticeRefused(Exception):
    """It cannot be sent this way, however often it is tried: an operator has to look."""


class Notices(Protocol):
    """A way to reach people."""

    def send(self, notice: Notice) -> None:
        """Hand *notice* over; the same key may come twice after a crash.

        Raises:
            NoticeUndelivered: Try again later.
            NoticeRefused: Trying again cannot help.
        """


class ConsoleNotices:
    """Prints each notice as one line: for the demo, where the operator stands in for the farmer's phone.

    Texts hold one-time codes in clear; never point it at a log that others read.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, notice: Notice) -> None:
        """Print the notice; line breaks and control characters become spaces, so that a line is a notice.

        Raises:
            NoticeUndelivered: The stream takes nothing more, such as a full disk.
        """
        about = notice.claim_number or (notice.occasion.type if notice.occasion else "-")
        line = f"notice to {notice.to} [{about}] ({notice.language}): {notice.text}"
        shown = "".join(letter if letter.isprintable() else " " for letter in line)
        # One write a line: notices are sent from several threads.
        try:
            self._stream.write(shown + "\n")
            self._stream.flush()
        except OSError as failure:
            raise NoticeUndelivered(f"the stream cannot be written: {failure.strerror}") from failure
