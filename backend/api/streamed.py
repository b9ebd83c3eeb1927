"""A long answer, piece by piece: read on one snapshot in a thread of its own, as fast as the reader takes it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from threading import Event, Thread

from backend.domain.authority.sight import Sight
from backend.store.engine import Transaction
from backend.store.run import Store

_AHEAD = 4
"""Pieces that are ready before the reader has taken them; memory holds no more."""

Write = Callable[[Transaction, Callable[[bytes], None]], None]


class ReaderGone(Exception):
    """Nobody reads on: ends the writing."""


async def streamed(store: Store, sight: Sight, write: Write) -> AsyncIterator[bytes]:
    """What *write* hands out, as it comes. An error after the first piece breaks the answer off, visibly."""
    loop = asyncio.get_running_loop()
    pieces: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(_AHEAD)
    gone = Event()

    def hand_out(piece: bytes | Exception | None) -> None:
        if gone.is_set():
            raise ReaderGone
        asyncio.run_coroutine_threadsafe(pieces.put(piece), loop).result()

    def work() -> None:
        last: Exception | None = None
        try:
            store.engine.read(lambda connection: write(connection, hand_out), sight)
        except ReaderGone:
            return
        except Exception as broken:  # noqa: BLE001 - raised again where the answer is written
            last = broken
        if not gone.is_set():
            asyncio.run_coroutine_threadsafe(pieces.put(last), loop)

    Thread(target=work, name="streamed", daemon=True).start()
    try:
        while isinstance(piece := await pieces.get(), bytes):
            yield piece
        if piece is not None:
            raise piece
    finally:
        gone.set()
        # Whoever waits for room goes on, sees that nobody reads, and ends.
        while not pieces.empty():
            pieces.get_nowait()
