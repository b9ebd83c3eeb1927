"""The sandbox bank's HTTP face.

    POST /transfers        order a transfer; header Idempotency-Key. 201 new, 200 known, 409 another order
    GET  /transfers/{key}  how it stands; ?reference= finds it when the key does not. 404 unknown-transfer
    GET  /transfers        every transfer that moves money (accepted or settled); ?state= picks one state
    POST /accounts         {"account", "holder"}: from now on the bank knows whose account it is
    GET  /switches         how the bank behaves (switches.py)
    POST /switches         changes the switches that it names

Ordering and asking need ``Authorization: Bearer <secret>``. The rest is the tester's, on loopback, and open.
"""

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.di import Provide
from litestar.exceptions import NotAuthorizedException, ServiceUnavailableException
from litestar.params import QueryParameter

from backend.sandbox.counter import Counter, KeyTakenError
from backend.sandbox.courier import Clerk, Courier, now_ms
from backend.sandbox.ledger import Ledger, State
from backend.sandbox.switches import SwitchBoard, Switches
from backend.sandbox.wire import UnusableError, WireTransfer, read_account, read_order, wire_transfer

DROP_CONNECTION = "drop_connection"
"""Name in the ASGI state of a function that cuts the client's connection without a byte (serve.py)."""

_SHORTEST_SECRET = 16


@dataclass(frozen=True, slots=True)
class BankSettings:
    """What a bank is started with.

    ``secret`` is both the payer's bearer token and the key that callbacks are signed with; ``database`` is
    a file or ``:memory:``; without ``callback_url`` nobody is told and payers have to ask.

    Raises:
        ValueError: The secret or the callback URL cannot be used.
    """

    secret: str = field(repr=False)
    callback_url: str | None = None
    database: str = ":memory:"
    switches: Switches = field(default_factory=Switches)

    def __post_init__(self) -> None:
        is_plain = self.secret.isascii() and self.secret.isprintable() and " " not in self.secret
        if not is_plain or len(self.secret) < _SHORTEST_SECRET:
            raise ValueError(
                f"the secret needs {_SHORTEST_SECRET} or more printable ASCII characters, no blanks"
            )
        if self.callback_url is not None:
            parts = urlsplit(self.callback_url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError(f"{self.callback_url!r} is not an http address to call back")


class Desk:
    """What the handlers work with; they run on the event loop, so that the ledger needs no lock."""

    def __init__(self, ledger: Ledger, settings: BankSettings) -> None:
        self.ledger = ledger
        self.board = SwitchBoard(settings.switches)
        self.counter = Counter(ledger, self.board, tells_payer=settings.callback_url is not None)
        self.courier = Courier(ledger, settings.callback_url or "", settings.secret.encode("ascii"))
        self.clerk = Clerk(ledger, self.counter, self.courier)
        self._authorization = f"Bearer {settings.secret}".encode("ascii")
        self._workers = [self.clerk.work] + ([self.courier.work] if settings.callback_url else [])

    @asynccontextmanager
    async def open(self, _: Litestar) -> AsyncIterator[None]:
        """Keep clerk and courier at work while the bank is open."""
        with self.ledger:
            async with asyncio.TaskGroup() as group:
                at_work = [group.create_task(work()) for work in self._workers]
                yield
                for task in at_work:
                    task.cancel()

    def admit_payer(self, request: Request[Any, Any, Any]) -> None:
        """Let only the payer order and ask, and only while the bank is up."""
        offered = request.headers.get("authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(offered, self._authorization):
            raise NotAuthorizedException("the bearer token is missing or wrong")
        if self.board.now.down:
            raise ServiceUnavailableException("the bank is down")


def create_app(settings: BankSettings) -> Litestar:
    """Open the books and return the bank as an ASGI app.

    Raises:
        sqlite3.Error: The database cannot be opened, or another bank has it open.
    """
    desk = Desk(Ledger(settings.database), settings)
    return Litestar(
        route_handlers=[
            order_transfer,
            show_transfer,
            list_transfers,
            name_holder,
            show_switches,
            set_switches,
        ],
        dependencies={"desk": Provide(lambda: desk, sync_to_thread=False)},
        lifespan=[desk.open],
        exception_handlers={UnusableError: _unusable, KeyTakenError: _key_taken},
        openapi_config=None,
        logging_config=None,
    )


@post("/transfers")
async def order_transfer(request: Request[Any, Any, Any], desk: Desk) -> Response[WireTransfer]:
    """Take an order, then answer it, late, or never."""
    desk.admit_payer(request)
    order = read_order(request.headers.get("idempotency-key", ""), await request.body())
    booking, is_new = desk.counter.take(order, now_ms=now_ms())
    desk.clerk.work_came.set()
    desk.courier.work_came.set()
    await asyncio.sleep(desk.board.now.slow_ms / 1000)
    if desk.board.use("lose_answers"):
        drop: Callable[[], None] = request.scope["state"][DROP_CONNECTION]
        drop()
        # Lets the server notice that nobody is there to be answered.
        await asyncio.sleep(0)
    return Response(wire_transfer(booking), status_code=201 if is_new else 200)


@get("/transfers/{key:str}")
async def show_transfer(
    request: Request[Any, Any, Any], desk: Desk, key: str, reference: str | None = None
) -> Response[Any]:
    """Say how a transfer stands."""
    desk.admit_payer(request)
    booking = desk.ledger.find(key.lower(), reference)
    await asyncio.sleep(desk.board.now.slow_ms / 1000)
    if booking is None:
        return _problem(404, "unknown-transfer", "neither this key nor this reference was ever ordered")
    return Response(wire_transfer(booking))


@get("/transfers")
async def list_transfers(
    desk: Desk, only: Annotated[State | None, QueryParameter(name="state")] = None
) -> dict[str, list[WireTransfer]]:
    """List transfers in the order of arrival."""
    wanted = {only} if only else {State.ACCEPTED, State.SETTLED}
    return {"transfers": [wire_transfer(booking) for booking in desk.ledger.all() if booking.state in wanted]}


@post("/accounts")
async def name_holder(request: Request[Any, Any, Any], desk: Desk) -> dict[str, str]:
    """Make an account known."""
    known = read_account(await request.body())
    desk.ledger.name_holder(known.account, known.holder)
    return {"account": known.account, "holder": known.holder}


@get("/switches")
async def show_switches(desk: Desk) -> Switches:
    """Say how the bank behaves."""
    return desk.board.now


@post("/switches", status_code=200)
async def set_switches(request: Request[Any, Any, Any], desk: Desk) -> Switches:
    """Change the switches that the body names."""
    try:
        return desk.board.change(await request.body())
    except (ValueError, msgspec.DecodeError) as wrong:
        raise UnusableError(str(wrong)) from wrong


def _unusable(_: Request[Any, Any, Any], wrong: UnusableError) -> Response[Any]:
    return _problem(400, "unusable", str(wrong))


def _key_taken(_: Request[Any, Any, Any], taken: KeyTakenError) -> Response[Any]:
    return _problem(409, "key-taken", f"{taken} stands for another order")


def _problem(status: int, code: str, detail: str) -> Response[Any]:
    return Response(
        {"code": code, "detail": detail}, status_code=status, media_type="application/problem+json"
    )
