"""Refusals of files that would change a register.

Problem
├── InvalidInput
│   ├── ImportUnreadable   the file as a whole cannot be used
│   └── ImportRefused      rows of it are refused, and nothing was written
├── ImportTooBig           more than this installation takes at once
├── StorageFull
│   └── NoRoomForFile      the file could not be kept while it is read
└── RegisterBusy           other changes of this register came in between, again and again
"""

from collections.abc import Mapping
from http import HTTPStatus

from backend.domain.problems import InvalidInput, Problem, StorageFull


class ImportUnreadable(InvalidInput):
    """The file as a whole cannot be used: format, encoding, CRS, columns."""

    type = "/problems/import-unreadable"
    title = "This file cannot be imported"

    def __init__(self, detail: str, then: str) -> None:
        super().__init__(detail)
        self.then = then

    def as_json(self) -> dict[str, object]:
        """With the advice that fits this file."""
        return super().as_json() | {"next": self.then}


class ImportRefused(InvalidInput):
    """Rows are refused: nothing was written. ``report`` names them, as a dry run does."""

    type = "/problems/import-refused"
    title = "Some rows cannot be imported, so nothing was written"
    next = "Mend the rows that the report names, or leave them out with --skip-refused (skip_refused=true)."

    def __init__(self, report: Mapping[str, object]) -> None:
        super().__init__(f"{report['refused_rows']} of {report['rows']} rows are refused")
        self.report = report

    def as_json(self) -> dict[str, object]:
        """With the whole report."""
        return super().as_json() | {"report": dict(self.report)}


class ImportTooBig(Problem):
    """More bytes than this installation takes at once."""

    type = "/problems/import-too-big"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "The file is too big to be imported at once"
    next = "Split it, or let the operator raise FLASHCLAIM_IMPORT_MOST_MB."

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"the file has more than {most_bytes / 1e6:,.0f} MB")
        self.most_bytes = most_bytes


class NoRoomForFile(StorageFull):
    """The disk is full; nothing was written."""

    type = "/problems/no-room-for-file"
    title = "The server has no room to read the file now"
    next = "Send it again later: nothing was written."


class RegisterBusy(Problem):
    """Other changes of the register came in between, again and again."""

    type = "/problems/register-busy"
    status = HTTPStatus.CONFLICT
    title = "Others are changing this register"
    next = "Wait until their import has ended and send the same request again."
