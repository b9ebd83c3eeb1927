"""What stands above all payouts 支付: the switch, the day's limit, payment files; and the ledger of it all."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter

from backend.api import fields
from backend.api.auth import Acting
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.schemas.review import ReasonBody
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.sight import EVERYWHERE, Sight
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.money import Money
from backend.domain.parties import Officer
from backend.domain.policy import policy_day
from backend.domain.problems import ReasonNeeded
from backend.domain.spending import DayLimit
from backend.insight import money
from backend.insight.funds import funds
from backend.insight.proposals import proposal_document
from backend.store import bank_files, claims, payment_gate
from backend.store.engine import Transaction
from backend.store.ledger import BalanceBy
from backend.store.news import EFFECTS
from backend.workflows.four_eyes.hands import a_resumption

Most = Annotated[int, QueryParameter(ge=1, le=500)]


class TreasuryController(Controller):
    """Stop, resume, limit, payment files."""

    path = "/payouts"
    tags = ("payouts",)

    @get("/status", operation_id="payout_status", opt=may(Role.INSURER, over=Reach.COUNTY))
    async def status(self, parts: Running, sight: Sees, limit: Most = 50) -> dict[str, object]:
        """Whether payments are stopped, what the day has taken of its limit, and which payouts wait for what."""
        used = await parts.store.read(lambda connection: _used(connection, parts), sight=EVERYWHERE)
        return await parts.store.read(
            lambda connection: _status(connection, parts, used, limit, sight), sight=sight
        )

    @post("/stop", operation_id="stop_payouts", opt=may(Role.INSURER), operation_class=body_of(ReasonBody))
    async def stop(
        self, request: AnyRequest, parts: Running, sight: Sees, officer: Acting
    ) -> Response[bytes]:
        """Stop all payouts: nothing new is sent; what was sent is still asked about."""
        return await _turn(request, parts, officer, sight, stopped=True)

    @post(
        "/resume", operation_id="resume_payouts", opt=may(Role.INSURER), operation_class=body_of(ReasonBody)
    )
    async def resume(
        self, request: AnyRequest, parts: Running, sight: Sees, officer: Acting
    ) -> Response[bytes]:
        """Propose that payouts leave again; once a second officer agrees, those that waited are tried at once."""
        return await _turn(request, parts, officer, sight, stopped=False)

    @post(
        "/files",
        operation_id="make_payment_file",
        opt=may(Role.INSURER, over=Reach.COUNTY, counts=Limited.EXPORTS),
    )
    async def make_file(
        self, request: AnyRequest, parts: Running, sight: Sees, officer: Acting
    ) -> Response[bytes]:
        """Put what is payable into one payment file (pain.001.001.09): from then on these payouts are on their way."""
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            made = parts.payment_files.make(connection, officer, sight, at)
            return HTTPStatus.CREATED, {
                "file": made.file and money.file_row(made.file),
                "left_out": list(made.left_out),
                "has_more": made.has_more,
            }

        return await answer_once(request, officer, parts, work)

    @get(
        "/files/{message_id:str}",
        operation_id="payment_file",
        opt=may(Role.INSURER, over=Reach.COUNTY, counts=Limited.EXPORTS),
        media_type="application/xml",
    )
    async def file(self, parts: Running, sight: Sees, message_id: FromPath[str]) -> Response[bytes]:
        """The payment file as it was made; it holds whole account numbers, so only the insurer reads it."""
        content = await parts.store.read(
            lambda connection: bank_files.content(connection, message_id), sight=sight
        )
        return Response(content.encode(), media_type="application/xml")


class LedgerController(Controller):
    """台账: double entry, made from the events."""

    path = "/ledger"
    tags = ("ledger",)

    @get("/balance", operation_id="ledger_balance", opt=may(Role.INSURER, over=Reach.COUNTY))
    async def balance(
        self, parts: Running, sight: Sees, by: Annotated[BalanceBy, QueryParameter()] = BalanceBy.ACCOUNT
    ) -> dict[str, object]:
        """Sums by account, county or day; all of them add up to 0.00."""
        return await parts.store.read(lambda connection: money.balance(connection, by), sight=sight)

    @get("/claims/{claim:str}", operation_id="claim_ledger", opt=may(Role.INSURER, over=Reach.CLAIM))
    async def journal(self, parts: Running, sight: Sees, claim_id: ClaimHere) -> dict[str, object]:
        """One claim's journal, line by line."""
        return await parts.store.read(
            lambda connection: money.journal(connection, claim_id, claims.number_of(connection, claim_id)),
            sight=sight,
        )


async def read_funds(parts: Parts, sight: Sight) -> dict[str, object]:
    """The insurer's money as it stands now: what the page, ``flashclaim stats money`` and the API say."""
    now = parts.clock()
    used = await parts.store.read(lambda connection: _used(connection, parts), sight=EVERYWHERE)
    return await parts.store.read(
        lambda connection: funds(connection, _limit(parts, used), used, parts.settings.bank, sight, now),
        sight=sight,
    )


def _used(connection: Transaction, parts: Parts) -> Money:
    """What the day has taken of its limit, which is one for all counties."""
    return payment_gate.used(connection, policy_day(parts.clock()))


def _status(connection: Transaction, parts: Parts, used: Money, most: int, sight: Sight) -> dict[str, object]:
    return money.status(connection, _limit(parts, used), used, parts.settings.bank, most, sight)


def _limit(parts: Parts, used: Money) -> DayLimit | None:
    most_a_day = parts.settings.daily_payout_limit
    return None if most_a_day is None else DayLimit(most_a_day, used)


async def _turn(
    request: AnyRequest, parts: Parts, officer: Officer, sight: Sight, *, stopped: bool
) -> Response[bytes]:
    body = fields.read(ReasonBody, await request.body())
    _require_reason(body.reason)
    at = parts.clock()

    def work(connection: Transaction) -> tuple[HTTPStatus, object]:
        return _turned(connection, parts, officer, sight, body.reason, at, stopped=stopped)

    return await answer_once(request, officer, parts, work)


async def turned(parts: Parts, officer: Officer, sight: Sight, reason: str, *, stopped: bool) -> None:
    """Turn the switch, or propose that it be turned back, from a page.

    Raises:
        ReasonNeeded: Whoever stops or resumes says why.
    """
    _require_reason(reason)
    at = parts.clock()
    await parts.store.write(
        lambda connection: _turned(connection, parts, officer, sight, reason, at, stopped=stopped)
    )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonNeeded("whoever stops or resumes all payments says why")


def _turned(
    connection: Transaction,
    parts: Parts,
    officer: Officer,
    sight: Sight,
    reason: str,
    at: datetime,
    *,
    stopped: bool,
) -> tuple[HTTPStatus, object]:
    used = _used(connection, parts)
    if not stopped and payment_gate.standing(connection):
        # Stopping is safe, and one person's to do; letting money leave again is not.
        proposed = parts.four_eyes.propose(connection, a_resumption(officer, reason), officer, at)
        waits = {"changed": False, "proposal": proposal_document(proposed, at)}
        return HTTPStatus.ACCEPTED, waits | _status(connection, parts, used, 1, sight)
    is_turned = stopped and payment_gate.turn(connection, officer, stopped=True, reason=reason, at=at)
    if is_turned:
        parts.store.engine.announce(connection, EFFECTS)
    told = {"changed": is_turned, "proposal": None}
    return HTTPStatus.OK, told | _status(connection, parts, used, 1, sight)
