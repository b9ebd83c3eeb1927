"""The page of what is stuck 积压: who has it, since when, what was promised, why; and what one can do about it."""

from datetime import datetime
from http import HTTPStatus

from litestar import Controller, Response, get, post

from backend.api.auth import Acting
from backend.api.guards import may
from backend.api.insurer_pages.filtering import Asked
from backend.api.insurer_pages.forms import Sent, do_once
from backend.api.insurer_pages.reading import PAGES
from backend.api.insurer_pages.shell import Around, sent_on
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.domain.authority.rule import OFFICERS
from backend.domain.authority.words import Reach, Role
from backend.domain.commands import AssignLane, Nudge
from backend.domain.ids import OfficerId
from backend.domain.parties import Officer
from backend.domain.words import Lane
from backend.insight.officers import roster_rows
from backend.insight.stuck import stuck
from backend.insight.wanted import Wanted
from backend.store import people
from backend.store.engine import Transaction

Document = dict[str, object]
_MOST = 100


class StuckPage(Controller):
    """Stuck claims, nudge and reassign."""

    @get("/stuck", operation_id="stuck_page", opt=may(*OFFICERS, over=Reach.COUNTY, page=True))
    async def stuck(
        self, shell: Around, parts: Running, sight: Sees, officer: Acting, asked: Asked
    ) -> Response[bytes]:
        """Claims at risk or late by whoever holds them, and the next hour's breaches; read anew every few seconds."""
        now = parts.clock()
        if asked.wrong:
            return shell.page("stuck.html", HTTPStatus.BAD_REQUEST, asked=asked, told=None, colleagues=())
        told, colleagues = await parts.store.read(
            lambda connection: _look(connection, asked.wanted, officer, now), sight=sight
        )
        return shell.page("stuck.html", asked=asked, told=told, colleagues=colleagues)

    @post(
        "/claims/{claim:str}/nudge",
        operation_id="nudge_from_page",
        opt=may(Role.INSURER, over=Reach.CLAIM, page=True),
    )
    async def nudge(
        self, request: AnyRequest, parts: Running, officer: Acting, sent: Sent, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Ask whoever holds the claim to go on, as ``POST /api/v1/claims/…/nudges`` does."""
        at, command = parts.clock(), Nudge(officer=officer, note=sent.get("note", ""))
        await do_once(
            request,
            officer,
            parts,
            sent,
            lambda connection: parts.store.carry_out(connection, claim_id, command, at),
        )
        return sent_on(sent.get("back", f"{PAGES}/stuck"))

    @post(
        "/claims/{claim:str}/assign",
        operation_id="assign_from_page",
        opt=may(Role.INSURER, over=Reach.CLAIM, page=True),
    )
    async def assign(
        self, request: AnyRequest, parts: Running, officer: Acting, sent: Sent, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Give the insurer's lane to one officer, as ``POST /api/v1/claims/…/assignments`` does."""
        at, to = parts.clock(), OfficerId(sent.get("to", ""))
        command = AssignLane(officer=officer, to=to, reason=sent.get("reason", ""))
        await do_once(
            request,
            officer,
            parts,
            sent,
            lambda connection: parts.store.carry_out(connection, claim_id, command, at),
        )
        return sent_on(sent.get("back", f"{PAGES}/stuck"))


def _look(
    connection: Transaction, wanted: Wanted, officer: Officer, now: datetime
) -> tuple[Document, list[Document]]:
    """What is stuck, and to whom of the insurer's own office a claim could be given."""
    told = stuck(connection, wanted, now, _MOST)
    if officer.lane is not Lane.INSURER:
        return told, []
    rows = roster_rows(people.roster(connection, officer.organisation), now)
    return told, [row for row in rows if not row["is_suspended"]]
