"""The bank behind HTTP: a transfer is POSTed under its idempotency key, and asked about with GET."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Self

import httpx
import msgspec

from backend.adapters.bank import (
    BankAnswer,
    BankAnswerUnusable,
    BankKeyConflict,
    BankUnanswered,
    BankUnreachable,
    Refusal,
    Transfer,
    TransferState,
)
from backend.domain.ids import PayoutId
from backend.domain.money import Money

_ANSWERED = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED}
_NOBODY_KNOWS = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
_IDLE_S = 2.0


class _WireRefusal(msgspec.Struct):
    code: str
    text: str


class _WireTransfer(msgspec.Struct):
    """How the bank writes a transfer down; fields beyond these are not ours to judge."""

    key: str
    reference: str
    state: TransferState
    bank_reference: str
    amount: str
    reason: _WireRefusal | None = None
    settled_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class _WireProblem(msgspec.Struct):
    code: str


# Made here, by one thread: msgspec 0.22 may crash when two threads meet a type for the first time.
_READ_TRANSFER = msgspec.json.Decoder(_WireTransfer).decode
_READ_PROBLEM = msgspec.json.Decoder(_WireProblem).decode


class HttpBank:
    """A ``Bank`` over HTTP; one instance serves many threads."""

    def __init__(
        self, base_url: str, token: str, *, connect_timeout_s: float = 3.0, answer_timeout_s: float = 10.0
    ) -> None:
        """Prepare a gateway; nothing is sent yet.

        Args:
            base_url: Such as ``https://bank.example/api``.
            token: The bearer secret, ASCII.
            connect_timeout_s: After it the bank counts as unreachable.
            answer_timeout_s: Longest silence while sending or waiting, after which nobody knows.
        """
        self._http = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(answer_timeout_s, connect=connect_timeout_s),
            # Shorter than a server's usual 5 s: a request written into a connection that the bank is just
            # closing would count as unanswered.
            limits=httpx.Limits(keepalive_expiry=_IDLE_S),
            # A proxy from the environment would make "unreachable" mean the proxy, not the bank.
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the idle connections."""
        self._http.close()

    def send(self, transfer: Transfer) -> BankAnswer:
        """See ``Bank.send``."""
        body = {
            "amount": str(transfer.amount),
            "payee_name": transfer.payee_name,
            "account": transfer.account,
            "reference": transfer.reference,
        }
        response = _exchange(
            lambda: self._http.post("transfers", json=body, headers={"Idempotency-Key": str(transfer.key)})
        )
        if response.status_code == HTTPStatus.CONFLICT:
            raise BankKeyConflict(f"the bank holds another transfer under {transfer.key}")
        answered = _read(response)
        if answered.key != str(transfer.key) or answered.amount != str(transfer.amount):
            raise BankAnswerUnusable(
                f"asked for {transfer.amount} under {transfer.key},"
                f" answered {answered.amount} under {answered.key}"
            )
        return _answer(answered)

    def ask(self, key: PayoutId, reference: str) -> BankAnswer:
        """See ``Bank.ask``."""
        response = _exchange(lambda: self._http.get(f"transfers/{key}", params={"reference": reference}))
        if response.status_code == HTTPStatus.NOT_FOUND and _says_unknown(response):
            return BankAnswer(TransferState.UNKNOWN_TRANSFER)
        answered = _read(response)
        if answered.key != str(key) and answered.reference != reference:
            raise BankAnswerUnusable(f"asked about {key}, answered about {answered.key}")
        return _answer(answered)


def _exchange(request: Callable[[], httpx.Response]) -> httpx.Response:
    """Tell failures before sending from those after it: only the first say that nothing moved."""
    try:
        response = request()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as failure:
        raise BankUnreachable(f"no connection: {failure or type(failure).__name__}") from failure
    except httpx.DecodingError as failure:
        raise BankAnswerUnusable(f"the answer cannot be unpacked: {failure}") from failure
    except httpx.TransportError as failure:
        raise BankUnanswered(f"no answer: {failure or type(failure).__name__}") from failure
    if response.is_server_error or response.status_code in _NOBODY_KNOWS:
        raise BankUnanswered(f"the bank answered {response.status_code}")
    return response


def _says_unknown(response: httpx.Response) -> bool:
    """Whether the bank itself says so: a bare 404 may come from a wrong address."""
    try:
        return _READ_PROBLEM(response.content).code == "unknown-transfer"
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def _read(response: httpx.Response) -> _WireTransfer:
    if response.status_code not in _ANSWERED:
        raise BankAnswerUnusable(f"the bank answered {response.status_code}")
    try:
        return _READ_TRANSFER(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError) as failure:
        raise BankAnswerUnusable(f"the answer is not a transfer: {failure}") from failure


def _answer(wire: _WireTransfer) -> BankAnswer:
    complete = {
        TransferState.ACCEPTED: True,
        TransferState.SETTLED: wire.settled_at is not None,
        TransferState.REFUSED: wire.reason is not None,
        TransferState.RETURNED: wire.reason is not None,
        TransferState.UNKNOWN_TRANSFER: False,
    }
    if not complete[wire.state]:
        raise BankAnswerUnusable(f"a transfer that is {wire.state} lacks what goes with it")
    try:
        amount = Money.parse(wire.amount)
    except ValueError as failure:
        raise BankAnswerUnusable(str(failure)) from failure
    return BankAnswer(
        wire.state,
        bank_reference=wire.bank_reference,
        amount=amount,
        reason=Refusal(wire.reason.code, wire.reason.text) if wire.reason else None,
        settled_at=wire.settled_at.astimezone(UTC) if wire.settled_at else None,
    )
