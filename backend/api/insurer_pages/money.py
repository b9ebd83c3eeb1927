"""Money as a page: payouts, ledger, reserve, the day's limit, the switch, and a bank statement held against it all."""

from asyncio import to_thread
from functools import partial
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import QueryParameter

from backend.adapters.statements.read import MOST_BYTES, read_statement
from backend.api.auth import Acting
from backend.api.guards import may
from backend.api.insurer_pages.forms import Sent
from backend.api.insurer_pages.shell import Around, Shell, sent_on
from backend.api.statements import document_of
from backend.api.treasury import read_funds, turned
from backend.api.web import AnyRequest, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.sight import EVERYWHERE, Sight
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.four_eyes.words import ProposalKind
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import PayoutState
from backend.insight.lists import payout_rows
from backend.insight.proposals import proposal_row
from backend.store import claims, proposals
from backend.store.engine import Transaction
from backend.texts.printed import word
from backend.workflows.four_eyes.hands import THE_SWITCH
from backend.workflows.reconcile import reconcile

_HERE = "/i/money"
_SHOWN = 30
_AROUND_A_FILE = 20_000


class MoneyPage(Controller):
    """Money 资金."""

    path = "/money"

    @get("/", operation_id="money_page", opt=may(Role.INSURER, over=Reach.COUNTY, page=True))
    async def show(
        self,
        shell: Around,
        parts: Running,
        sight: Sees,
        in_state: Annotated[str, QueryParameter(name="state", max_length=20)] = "",
    ) -> Response[bytes]:
        """Everything, with the newest payouts of all states or one."""
        if in_state and in_state not in set(PayoutState):
            return await _page(shell, parts, sight, "", wrong=in_state)
        return await _page(shell, parts, sight, in_state)

    @post("/stop", operation_id="stop_on_page", opt=may(Role.INSURER, page=True))
    async def stop(self, parts: Running, sight: Sees, officer: Acting, sent: Sent) -> Response[bytes]:
        """Stop all payouts at once; one person's to do, because it is safe."""
        await turned(parts, officer, sight, sent.get("reason", ""), stopped=True)
        return sent_on(_HERE)

    @post("/resume", operation_id="resume_on_page", opt=may(Role.INSURER, page=True))
    async def resume(self, parts: Running, sight: Sees, officer: Acting, sent: Sent) -> Response[bytes]:
        """Propose that payouts leave again; a second officer agrees."""
        await turned(parts, officer, sight, sent.get("reason", ""), stopped=False)
        return sent_on(_HERE)

    @post("/agree", operation_id="agree_to_resume_on_page", opt=may(Role.INSURER, page=True))
    async def agree(self, parts: Running, officer: Acting, sent: Sent) -> Response[bytes]:
        """The second officer agrees that payouts leave again.

        Raises:
            InvalidInput: The form names no proposal.
        """
        try:
            named = UUID(sent.get("proposal", ""))
        except ValueError as wrong:
            errors = [FieldError("/proposal", "is no proposal")]
            raise InvalidInput("there is nothing to agree to", errors=errors) from wrong
        at = parts.clock()
        await parts.store.write(lambda connection: parts.four_eyes.approve(connection, named, officer, at))
        return sent_on(_HERE)

    @post(
        "/statement",
        operation_id="reconcile_on_page",
        opt=may(Role.INSURER, over=Reach.COUNTY, counts=Limited.EXPORTS, page=True),
        request_max_body_size=MOST_BYTES + _AROUND_A_FILE,
    )
    async def statement(
        self,
        request: AnyRequest,
        shell: Around,
        parts: Running,
        sight: Sees,
        officer: Acting,
        sent: Sent,  # noqa: ARG002 - asked for, or a form of another site would be read
    ) -> Response[bytes]:
        """Hold a statement against the payouts; nothing is recorded here: ``payout reconcile --apply`` does that.

        Raises:
            InvalidInput: The form brings no file.
        """
        file = (await request.form()).get("statement")
        if not isinstance(file, UploadFile) or not file.filename:
            raise InvalidInput("there is no statement", errors=[FieldError("/statement", "is missing")])
        statement, at = await to_thread(read_statement, await file.read()), parts.clock()
        found = await parts.store.read(
            lambda connection: reconcile(connection, parts.store, statement, officer, sight, at, apply=False),
            sight=EVERYWHERE,
        )
        return await _page(shell, parts, sight, "", found=document_of(found))


async def _page(
    shell: Shell,
    parts: Parts,
    sight: Sight,
    state: str,
    *,
    wrong: str = "",
    found: dict[str, object] | None = None,
) -> Response[bytes]:
    at, wanted = parts.clock(), PayoutState(state) if state else None

    def read(connection: Transaction) -> tuple[list[dict[str, object]], dict[str, object] | None]:
        waiting = proposals.standing_about(connection, ProposalKind.RESUME_PAYOUTS, THE_SWITCH)
        rows = payout_rows(claims.payouts(connection, _SHOWN, state=wanted))
        return rows, proposal_row(waiting, at) if waiting and waiting.ending_at(at) is None else None

    told = await read_funds(parts, sight)
    payouts, waits = await parts.store.read(read, sight=sight)
    return shell.page(
        "money.html",
        HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK,
        say=partial(word, shell.language),
        told=told,
        payouts=payouts,
        state=state,
        states=PayoutState,
        wrong=wrong,
        waits=waits,
        found=found,
    )
