"""Payouts 支付 and the bank's callbacks."""

from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromQuery, QueryParameter

from backend.adapters.bank_notice import read_notice
from backend.api import fields
from backend.api.auth import Person, Reads, require_insurer, require_officer
from backend.api.claims import answer_command, find_own
from backend.api.docs import body_of
from backend.api.schemas.review import RetryBody
from backend.api.web import AnyRequest, ClaimName, Running
from backend.domain.callback_signature import verify_callback
from backend.domain.commands import RetryPayout
from backend.insight.lists import payout_rows
from backend.store import claims

CALLBACK_BYTES = 100_000


class PayoutController(Controller):
    """Money out."""

    path = "/"
    tags = ("payouts",)

    @get("/payouts", operation_id="list_payouts")
    async def listed(
        self,
        parts: Running,
        person: Person,
        claim: FromQuery[str | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> dict[str, object]:
        """Payouts of one claim or of all, newest first."""
        require_officer(person)
        claim_id = await find_own(parts, person, claim) if claim else None
        rows = await parts.store.read(
            lambda connection: payout_rows(claims.payouts(connection, limit, claim_id))
        )
        return {"payouts": rows}

    @post(
        "/claims/{claim:str}/payout-retries", operation_id="retry_payout", operation_class=body_of(RetryBody)
    )
    async def retry(
        self, request: AnyRequest, parts: Running, person: Person, reader: Reads, claim: ClaimName
    ) -> Response[bytes]:
        """Pay again, under a new key, after the bank surely refused."""
        officer = require_insurer(person)
        body = fields.read(RetryBody, await request.body())
        command = RetryPayout(
            officer=officer, reason=body.reason, is_missing_from_statement=body.not_on_statement
        )
        return await answer_command(request, parts, person, reader, claim, command)

    @post(
        "/bank/callbacks",
        operation_id="bank_callback",
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
