"""Payouts 支付 and the bank's callbacks."""

from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromQuery, QueryParameter

from backend.adapters.bank_notice import read_notice
from backend.api import fields
from backend.api.auth import Acting, Reads
from backend.api.claims import answer_command
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.schemas.review import RetryBody
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.rule import OFFICES
from backend.domain.authority.words import Reach, Role
from backend.domain.callback_signature import verify_callback
from backend.domain.commands import RetryPayout
from backend.domain.ids import ClaimId
from backend.domain.words import PayoutState
from backend.insight.lists import payout_rows
from backend.insight.proposals import proposal_document
from backend.store import claims
from backend.store.engine import Transaction
from backend.workflows.four_eyes.hands import a_payout_retry

CALLBACK_BYTES = 100_000


class PayoutController(Controller):
    """Money out."""

    path = "/"
    tags = ("payouts",)

    @get("/payouts", operation_id="list_payouts", opt=may(*OFFICES, over=Reach.COUNTY))
    async def listed(
        self,
        parts: Running,
        sight: Sees,
        claim: FromQuery[str | None] = None,
        in_state: Annotated[PayoutState | None, QueryParameter(name="state")] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> dict[str, object]:
        """Payouts of one claim or of all, also of one state alone, newest first."""

        def rows(connection: Transaction) -> list[dict[str, object]]:
            claim_id = claims.find(connection, claim) if claim else None
            return payout_rows(claims.payouts(connection, limit, claim_id, in_state))

        return {"payouts": await parts.store.read(rows, sight=sight)}

    @post(
        "/claims/{claim:str}/payout-retries",
        operation_id="retry_payout",
        opt=may(Role.INSURER, over=Reach.CLAIM),
        operation_class=body_of(RetryBody),
    )
    async def retry(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Pay again, under a new key, after the bank surely refused.

        One that the bank left unanswered might be paid twice: with ``not_on_statement`` a second officer agrees first,
        202.
        """
        body = fields.read(RetryBody, await request.body())
        command = RetryPayout(
            officer=officer, reason=body.reason, is_missing_from_statement=body.not_on_statement
        )
        if command.is_missing_from_statement:
            return await _proposed(request, parts, claim_id, command)
        return await answer_command(request, parts, officer, reader, claim_id, command)

    @post(
        "/bank/callbacks",
        operation_id="bank_callback",
        opt=may(Role.PUBLIC),
        request_max_body_size=CALLBACK_BYTES,
        status_code=HTTPStatus.OK,
    )
    async def heard(self, request: AnyRequest, parts: Running) -> dict[str, object]:
        """The bank says how a transfer ended, signed; the same notice may come often."""
        raw = await request.body()
        secret = parts.settings.bank_secret.encode()
        verify_callback(secret, request.headers, raw, now=parts.clock())
        outcome = await parts.payouts.heard(read_notice(raw))
        return {"claim": outcome.claim.report.number, "state": outcome.claim.state}


async def _proposed(
    request: AnyRequest, parts: Parts, claim_id: ClaimId, command: RetryPayout
) -> Response[bytes]:
    at = parts.clock()

    def work(connection: Transaction) -> tuple[HTTPStatus, object]:
        # What stands against it now is said now, and not to the second person.
        parts.store.try_out(connection, claim_id, command, at)
        proposed = parts.four_eyes.propose(connection, a_payout_retry(claim_id, command), command.officer, at)
        return HTTPStatus.ACCEPTED, {"proposal": proposal_document(proposed, at)}

    return await answer_once(request, command.officer, parts, work)
