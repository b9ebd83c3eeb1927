"""Bank statements 对账单: compared with our payouts, and what they prove recorded in an officer's name."""

import json
from asyncio import to_thread
from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, post
from litestar.params import QueryParameter

from backend.adapters.statements.read import MOST_BYTES, read_statement
from backend.api.auth import Acting
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.words import Reach, Role
from backend.domain.money import Money
from backend.domain.reconciliation import OurPayout, StatementLine
from backend.store.engine import Transaction
from backend.workflows.reconcile import Finding, Reconciliation, reconcile

Document = dict[str, object]


class StatementController(Controller):
    """Reconciliation."""

    path = "/payouts"
    tags = ("payouts",)

    @post(
        "/reconciliations",
        operation_id="reconcile_payouts",
        opt=may(Role.INSURER, over=Reach.COUNTY),
        request_max_body_size=MOST_BYTES + 1,
        status_code=HTTPStatus.OK,
    )
    async def reconcile(
        self,
        request: AnyRequest,
        parts: Running,
        sight: Sees,
        officer: Acting,
        apply: Annotated[bool, QueryParameter()] = False,  # noqa: FBT002 - a query parameter, named by nature
    ) -> Response[bytes]:
        """Compare a bank statement with the payouts; the body is the file: CSV or camt.053.

        Every difference is named. With `apply` what is offered (a payout found paid, a transfer found returned) is
        recorded in the officer's name. The same statement again changes nothing.
        """
        statement = await to_thread(read_statement, await request.body())
        at = parts.clock()
        if not apply:
            found = await parts.store.read(
                lambda connection: reconcile(connection, parts.store, statement, officer, at, apply=False),
                sight=sight,
            )
            return Response(
                json.dumps(document_of(found), ensure_ascii=False).encode(), media_type="application/json"
            )

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            found = reconcile(connection, parts.store, statement, officer, at, apply=apply)
            return HTTPStatus.OK, document_of(found)

        return await answer_once(request, officer, parts, work)


def document_of(found: Reconciliation) -> Document:
    """What a statement and our books agree on, and every difference."""
    statement, lines = found.statement, found.statement.lines
    ours = [line for line in lines if line.currency == "CNY"]
    return {
        "statement": {
            "format": statement.format,
            "first_day": statement.first_day.isoformat(),
            "last_day": statement.last_day.isoformat(),
            "lines": len(lines) + len(statement.unread),
            "pending": statement.pending,
            "left": str(Money.total(line.amount for line in ours if line.has_left)),
            "came_in": str(Money.total(line.amount for line in ours if not line.has_left)),
            "currency": "CNY",
        },
        "matched": found.comparison.matched,
        "others_in": found.comparison.others_in,
        "differences": [_finding(one) for one in found.findings],
        "recorded": sum(one.is_recorded for one in found.findings),
        "open": found.open_differences,
    }


def _finding(finding: Finding) -> Document:
    difference = finding.difference
    return {
        "kind": difference.kind,
        "detail": difference.detail,
        "row": difference.row,
        "bank": difference.line and _line(difference.line),
        "ours": difference.payout and _ours(difference.payout),
        "offer": difference.offer,
        "recorded": finding.is_recorded,
        "refusal": finding.refusal,
    }


def _line(line: StatementLine) -> Document:
    return {
        "booked_on": line.booked_on.isoformat(),
        "amount": str(line.amount),
        "currency": line.currency,
        "direction": "out" if line.has_left else "in",
        "words": line.words,
        "bank_reference": line.bank_reference,
        "reason": line.reason,
    }


def _ours(payout: OurPayout) -> Document:
    return {
        "claim_number": payout.claim_number,
        "reference": payout.reference,
        "amount": str(payout.amount),
        "state": payout.state,
        "bank_reference": payout.bank_reference,
        "confirmed_at": payout.confirmed_at.isoformat() if payout.confirmed_at else None,
        "returned_at": payout.returned_at.isoformat() if payout.returned_at else None,
    }
