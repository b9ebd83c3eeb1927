"""What the bank does by itself: transfers end when their time comes, and payers are told, again and again."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import httpx
import msgspec

from backend.domain.callback_signature import callback_headers
from backend.sandbox.counter import Counter
from backend.sandbox.ledger import Booking, Callback, Ledger, State
from backend.sandbox.wire import rfc3339, wire_reason

RETRIES_MS = (200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000, 30_000)
"""Waits between the tries of one callback: about three minutes, then the payer has to ask."""

_ANSWER_TIMEOUT_S = 5.0
_AT_ONCE = 16


class Clerk:
    """Ends accepted transfers when they are due, also those accepted before a restart."""

    def __init__(self, ledger: Ledger, counter: Counter, courier: "Courier") -> None:
        self._ledger = ledger
        self._counter = counter
        self._courier = courier
        self.work_came = asyncio.Event()

    async def work(self) -> None:
        """Work until cancelled."""
        while True:
            if self._counter.end_due(now_ms=now_ms()):
                self._courier.work_came.set()
            await _sleep_until(self._ledger.next_end_ms(), self.work_came)


class Courier:
    """Posts owed callbacks to the payer's address with back-off, also those owed before a restart."""

    def __init__(self, ledger: Ledger, url: str, secret: bytes) -> None:
        self._ledger = ledger
        self._url = url
        self._secret = secret
        self._calling: set[str] = set()
        self.work_came = asyncio.Event()

    async def work(self) -> None:
        """Work until cancelled; a payer that is slow to hear one callback does not hold up the others."""
        async with (
            httpx.AsyncClient(timeout=_ANSWER_TIMEOUT_S, trust_env=False) as http,
            asyncio.TaskGroup() as calls,
        ):
            while True:
                next_ms = None
                for callback in self._waiting():
                    if callback.due_ms > now_ms():
                        next_ms = callback.due_ms
                        break
                    self._calling.add(callback.message_id)
                    calls.create_task(self._call(http, callback))
                await _sleep_until(next_ms, self.work_came)

    def _waiting(self) -> list[Callback]:
        """As many owed callbacks as may be started now, the earliest due first."""
        owed = self._ledger.owed_callbacks(2 * _AT_ONCE)
        waiting = [callback for callback in owed if callback.message_id not in self._calling]
        return waiting[: _AT_ONCE - len(self._calling)]

    async def _call(self, http: httpx.AsyncClient, callback: Callback) -> None:
        was_heard = False
        for _ in range(1 + callback.copies):
            was_heard |= await self._post(http, callback)
        waits_ms = RETRIES_MS[callback.tries :]
        is_over = was_heard or not waits_ms
        # Recorded after the post: a bank killed in between says it twice rather than never.
        self._ledger.called(callback.message_id, next_try_ms=None if is_over else now_ms() + waits_ms[0])
        self._calling.discard(callback.message_id)
        self.work_came.set()

    async def _post(self, http: httpx.AsyncClient, callback: Callback) -> bool:
        body = notice(callback.booking, callback.state)
        headers = callback_headers(self._secret, callback.message_id, datetime.now(UTC), body)
        try:
            response = await http.post(
                self._url, content=body, headers=headers | {"content-type": "application/json"}
            )
        except httpx.TransportError:
            return False
        return response.is_success


def notice(booking: Booking, state: State) -> bytes:
    """The body of the callback that a transfer came to this state; it may have gone on since.

    Raises:
        ValueError: The transfer has not come to it.
    """
    at_ms = booking.returned_ms if state is State.RETURNED else booking.ended_ms
    if at_ms is None:
        raise ValueError(f"{booking.bank_reference} is not {state}")
    return msgspec.json.encode(
        {
            "event": f"transfer.{state.lower()}",
            "key": booking.order.key,
            "bank_reference": booking.bank_reference,
            "amount": str(booking.order.amount),
            "reason": None if state is State.SETTLED else wire_reason(booking.reason),
            "at": rfc3339(at_ms),
        }
    )


def now_ms() -> int:
    """The wall clock in Unix milliseconds: due times outlive the process."""
    return int(datetime.now(UTC).timestamp() * 1000)


async def _sleep_until(due_ms: int | None, work_came: asyncio.Event) -> None:
    timeout_s = None if due_ms is None else max(0.0, (due_ms - now_ms()) / 1000)
    with suppress(TimeoutError):
        await asyncio.wait_for(work_came.wait(), timeout_s)
    work_came.clear()
