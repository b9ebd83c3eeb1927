"""A line that breaks: a loopback TCP proxy before the API processes, which cuts connections at random bytes."""

import asyncio
import math
import socket
from collections.abc import Callable, Coroutine, Sequence
from random import Random
from threading import Event, Thread
from typing import Any

_CHUNK = 4096
_LONGEST = {"up": 120_000, "down": 6_000}
"""Bytes: about three photos on their way up, and an answer on its way down."""

Heard = Callable[[bytes], None]


def _deaf(passed: bytes) -> None:
    """Nobody listens."""


class Line:
    """Passes bytes between phones and whichever API process listens, until it cuts them off.

    What is cut, where and in which direction follows from the seed and the connection's number; which request goes
    over which connection does not.
    """

    def __init__(
        self, ports: Sequence[int], seed: str, *, cut_share: float, hears: Callable[[], Heard] = lambda: _deaf
    ) -> None:
        """*hears* makes, for each connection, what is told of the bytes on their way up."""
        self._ports = ports
        self._hears = hears
        self._seed = seed
        self.cut_share = cut_share
        self.cuts = 0
        self._serial = 0
        self._at_work: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._is_open = Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)
        self._thread.start()
        self._is_open.wait()

    def close(self) -> None:
        """Cut everyone off, and let nobody in any more."""
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        self._closing = asyncio.Event()
        server = await asyncio.start_server(self._connected, sock=self._listening)
        self._is_open.set()
        async with server:
            await self._closing.wait()
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    async def _connected(self, phone_in: asyncio.StreamReader, phone_out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        self._serial += 1
        chance = Random(f"{self._seed}/{self._serial}")
        writers = [phone_out]
        was_cut = True
        try:
            api_in, api_out = await self._reach(self._serial)
            writers.append(api_out)
            way = chance.choice(("up", "down")) if chance.random() < self.cut_share else None
            most = int(math.exp(chance.uniform(0, math.log(_LONGEST[way])))) if way else None
            was_cut = await _first_to_end(
                _pass(phone_in, api_out, most if way == "up" else None, self._hears()),
                _pass(api_in, phone_out, most if way == "down" else None),
            )
            self.cuts += was_cut
        except OSError:
            pass  # nobody listens, or someone was killed: the phone learns no more than on a real line
        finally:
            for writer in writers:
                # What one side said before it hung up still reaches the other, unless the line was cut.
                if was_cut:
                    writer.transport.abort()
                else:
                    writer.close()

    async def _reach(self, serial: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Any API that listens, each the first choice of every second connection."""
        for place in range(len(self._ports)):
            try:
                return await asyncio.open_connection(
                    "127.0.0.1", self._ports[(serial + place) % len(self._ports)]
                )
            except OSError:
                continue
        raise ConnectionRefusedError


async def _pass(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, most: int | None, heard: Heard = _deaf
) -> bool:
    """Pass bytes on until the source ends, or *most* have passed and the line is cut: True then."""
    left = most
    while left is None or left > 0:
        read = await source.read(_CHUNK if left is None else min(_CHUNK, left))
        if not read:
            return False
        heard(read)
        target.write(read)
        await target.drain()
        left = None if left is None else left - len(read)
    return True


async def _first_to_end(*ways: Coroutine[Any, Any, bool]) -> bool:
    """Run both ways until one has ended: the connection is over then; whether it was cut."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return any(task.result() for task in ended)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
