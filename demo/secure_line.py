"""TLS in front of a server that speaks plain http on loopback, and the certificate for phones to fetch."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_PIECE = 65_536


@asynccontextmanager
async def secure_line(host: str, port: int, to_port: int, context: ssl.SSLContext) -> AsyncIterator[int]:
    """Carry what comes by TLS to ``127.0.0.1:to_port``; gives the port, which is a free one for 0."""

    async def carry(phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        server, onward = await asyncio.open_connection("127.0.0.1", to_port)
        await asyncio.gather(_copy(phone, onward), _copy(server, back))

    async with await asyncio.start_server(carry, host, port, ssl=context) as listening:
        yield int(listening.sockets[0].getsockname()[1])


@asynccontextmanager
async def certificate_door(host: str, port: int, certificate: bytes) -> AsyncIterator[int]:
    """Hand the certificate to whoever asks by plain http: before a phone has it, there is no https."""
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-x509-ca-cert\r\nConnection: close\r\n"
        f'Content-Disposition: attachment; filename="flashclaim-ca.crt"\r\nContent-Length: {len(certificate)}\r\n\r\n'
    ).encode()

    async def answer(phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            await phone.readuntil(b"\r\n\r\n")
            back.write(head + certificate)
            await back.drain()
        back.close()

    async with await asyncio.start_server(answer, host, port) as listening:
        yield int(listening.sockets[0].getsockname()[1])


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        while piece := await source.read(_PIECE):
            sink.write(piece)
            await sink.drain()
    with suppress(ConnectionError, ssl.SSLError, RuntimeError):
        sink.close()
