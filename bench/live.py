"""How soon a listener knows, and how soon the next claim is on an officer's screen.

An event's latency runs from its own time, which the server takes before it decides and commits, to its arrival at the
client; the bare side is an asyncio server that writes one line of the same length to as many connections as soon as it
is told to, and does nothing else. Both serve from a process of their own and are heard by the same client.
The screen's time runs from the key to the last cell of the next claim, photo and all, at a terminal of 80 by 24 cells.

Run: python bench/live.py [--changes N] [--claims N] [--clients N [N ...]]
"""

import argparse
import asyncio
import json
import os
import select
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.chaos.processes import a_site, people_of
from tests.cli.conftest import FLASHCLAIM, Shell, sign_in_everyone
from tests.cli.terminal import Terminal, at_terminal
from tests.journeys.pictures import a_photo
from tests.journeys.world import World, key, running_world

HOLD = {"reason": "bench", "kind": "QUARANTINE"}
BARE = """
import asyncio, sys

async def main():
    listening = []

    async def came(reader, writer):
        if (await reader.readline()) == b"listen\\n":
            listening.append(writer)
            writer.write(b"ready\\n")
            return
        while line := await reader.readline():
            for one in listening:
                one.write(line)

    server = await asyncio.start_server(came, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


async def heard_bare(clients: int, changes: int, length: int) -> list[float]:
    """Milliseconds from telling the bare server to each client's having the line."""
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", BARE, stdout=asyncio.subprocess.PIPE)
    assert server.stdout
    port = int(await server.stdout.readline())
    took: list[float] = []

    async def listen() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"listen\n")
        await reader.readline()
        ready.release()
        for _ in range(changes):
            told = float((await reader.readline()).split()[0])
            took.append((time.time() - told) * 1000)
        writer.close()

    ready = asyncio.Semaphore(0)
    listeners = [asyncio.create_task(listen()) for _ in range(clients)]
    for _ in listeners:
        await ready.acquire()
    _, telling = await asyncio.open_connection("127.0.0.1", port)
    telling.write(b"tell\n")
    for _ in range(changes):
        telling.write(f"{time.time()} ".encode().ljust(length - 1, b".") + b"\n")
        await asyncio.sleep(0.1)
    await asyncio.gather(*listeners)
    telling.close()
    server.kill()
    await server.wait()
    return took


async def heard_live(people: World, clients: int, changes: int) -> list[float]:
    """Milliseconds from an event's own time to each client's having it."""
    claim = people.report(people.policy(), [])
    officer = people.officer("insurer").http
    address, token = urlsplit(people.url), officer.headers["authorization"]
    request = (
        f"GET /api/v1/claims/{claim}/timeline/stream HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n"
    )
    took: list[float] = []

    async def listen() -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(request.encode())
        await reader.readuntil(b"event: standing\n")
        ready.release()
        for _ in range(changes):
            await reader.readuntil(b"event: hold-")
            await reader.readline()
            line = await reader.readline()
            at = datetime.fromisoformat(json.loads(line.removeprefix(b"data: "))["at"])
            took.append((time.time() - at.timestamp()) * 1000)
        writer.close()

    ready = asyncio.Semaphore(0)
    listeners = [asyncio.create_task(listen()) for _ in range(clients)]
    for _ in listeners:
        await ready.acquire()
    for place in range(changes):
        what = "releases" if place % 2 else "holds"
        answer = await asyncio.to_thread(officer.post, f"/claims/{claim}/{what}", json=HOLD, headers=key())
        answer.raise_for_status()
        await asyncio.sleep(0.1)
    await asyncio.gather(*listeners)
    return took


def next_screens(folder: Path, claims: int, press: str) -> list[float]:
    """Milliseconds from a key to the next claim's being whole on the screen."""
    with running_world(folder / "server", farms=2 * claims) as world:
        world.counter.species, world.counter.sees = "cattle", 3
        shell = Shell(folder / "profiles", world.url)
        for place in range(claims):
            # A picture of its own for every claim: the same one twice would be a doubt.
            claim = world.report(world.policy("cattle", place), [a_photo()], heads=3)
            world.wait(claim, "JOINT_REVIEW")
        sign_in_everyone(world, shell)
        command = [FLASHCLAIM, "review", "--profile", "veterinary", "--language", "en"]
        took = []
        with at_terminal(command, shell.environment) as terminal:
            whole_screen(terminal)
            for _ in range(claims - 1):
                # An officer looks for a moment; what comes next is fetched meanwhile.
                time.sleep(0.5)
                began = time.monotonic()
                terminal.press(press)
                whole_screen(terminal)
                took.append((time.monotonic() - began) * 1000)
    return took


def whole_screen(terminal: Terminal) -> None:
    """Read until the line of keys, which is drawn last."""
    ends = time.monotonic() + 60
    while "x quit" not in terminal.screen:
        assert time.monotonic() < ends, terminal.screen
        if select.select([terminal.end], [], [], 1.0)[0]:
            terminal.shown += terminal.decoder.decode(os.read(terminal.end, 65_536))


def figures(took: list[float]) -> str:
    """Median and 95 %."""
    p95 = statistics.quantiles(took, n=20)[-1]
    return f"p50 {statistics.median(took):7.1f} ms   p95 {p95:7.1f} ms"


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--changes", type=int, default=40)
    parser.add_argument("--claims", type=int, default=12)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 200])
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        a_site(Path(folder), FLASHCLAIM_STREAMS_PER_PERSON="1000", FLASHCLAIM_STREAMS="1000") as (
            site,
            county,
        ),
    ):
        site.start_api()
        with people_of(site, county) as people:
            for clients in asked.clients:
                bare = asyncio.run(heard_bare(clients, asked.changes, 400))
                ours = asyncio.run(heard_live(people, clients, asked.changes))
                ratio = statistics.median(ours) / statistics.median(bare)
                print(f"{clients:4} clients  event   {figures(ours)}   {ratio:.1f} x a bare line")
                print(f"{clients:4} clients  bare    {figures(bare)}")
    for name, press in (("skip", "s"), ("approve", "a")):
        with tempfile.TemporaryDirectory() as folder:
            print(f"next claim after {name:8} {figures(next_screens(Path(folder), asked.claims, press))}")


if __name__ == "__main__":
    main()
