"""What ``/i`` costs over a year of claims in one county, on SQLite and PostgreSQL: processor seconds, wall, and bytes.

Claims as ``bench/insight.py`` makes them, all of one county, packed, those of the last four days changed since. An
officer's browser asks for the whole page straight from the ASGI application, so that no socket is in the figure.
``packs`` is the least that could be read for it: a bare ``SELECT`` of every pack's bytes in a process of its own
standing. Each as the median of the rounds; a ``cold`` page is the first one that a process answers, and ``changed``
one right after another claim of today has changed.

Run: python bench/pages.py [--claims N] [--rounds N] [--server postgresql://…] [--profile LINES]
"""

import argparse
import asyncio
import cProfile
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
from litestar import Litestar
from sqlalchemy import Connection, insert, select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from backend.api.app import create_app
from backend.api.bearing import COOKIE
from backend.bootstrap import Parts, assemble
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import KeyId, OfficerId
from backend.domain.policy import policy_day
from backend.keeping import migrate_database, seed_database
from backend.settings import Settings
from backend.store import officer_keys, sessions, tables
from backend.store.pack_tables import day_packs, unpacked_claims
from backend.workflows.packing import Packer
from backend.workflows.secrets import token_hash
from bench.insight import NOW, database, fill, touch_newest
from bench.report import seed
from tests.fakes import FakeBank
from tests.journeys.world import FakeCounter

COUNTY, SECRET = "430121", "bench"
OFFICER, KEY = OfficerId("picc-changsha-1"), KeyId("b" * 64)
PAGES = ("/i", "/i?species=pig", "/i?by=product", "/i?from=2026-10-01&to=2026-10-31", "/i/quality")
Taken = tuple[float, float]


def sign_in(connection: Connection) -> None:
    """Let the bench's browser be an officer of the insurer, with a key of this morning."""
    own = timedelta(days=1)
    officer_keys.put(connection, KEY, OFFICER, bytes(32), NOW)
    officer_keys.approve(connection, KEY, NOW)
    sessions.put(connection, token_hash("parent"), OFFICER, "bench", NOW, idle=own, length=own, key_id=KEY)
    parent = connection.execute(select(tables.sessions)).one()
    sessions.put_for_page(connection, token_hash(SECRET), parent, "bench", NOW, own)


async def spent(work: Callable[[], Awaitable[object]]) -> Taken:
    """Processor milliseconds and wall of one piece of work, in all threads of this process."""
    cpu, wall = time.process_time(), time.perf_counter()
    await work()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


def change(connection: Connection) -> None:
    """One more claim of today has changed."""
    row = {"claim_id": uuid4(), "version": 1, "day": policy_day(NOW), "county": COUNTY}
    connection.execute(insert(unpacked_claims), row)


async def measure(app: Litestar, parts: Parts, rounds: int, profile: int) -> None:
    """Print every page's figures."""
    async with (
        app.lifespan(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost", cookies={COOKIE: SECRET}
        ) as browser,
    ):

        async def get(page: str) -> httpx.Response:
            answer = await browser.get(page)
            assert answer.status_code == 200, answer.text
            return answer

        async def packs() -> object:
            sight = EVERYWHERE
            return await parts.store.read(lambda c: c.execute(select(day_packs)).all(), sight=sight)

        show("cold /i", [await spent(lambda: get("/i"))])
        bare = show("packs", [await spent(packs) for _ in range(rounds)])
        for page in PAGES:
            size = len((await get(page)).content)
            cpu = show(page, [await spent(lambda page=page: get(page)) for _ in range(rounds)])
            print(f"{'':40} {cpu / bare:6.1f} of packs, {size / 1000:.0f} kB")
        after = []
        for _ in range(rounds):
            await parts.store.write(change)
            after.append(await spent(lambda: get("/i")))
        show("changed /i", after)
        if profile:
            seen = cProfile.Profile()
            # Threads of the pool are not profiled by one profiler: read here, in this thread.
            parts.store.read = _read_here(parts)  # type: ignore[method-assign]
            seen.enable()
            for _ in range(rounds):
                await get("/i")
            seen.disable()
            pstats.Stats(seen).sort_stats("tottime").print_stats(profile)


def _read_here(parts: Parts):  # noqa: ANN202
    async def read(work, *, sight):  # noqa: ANN001, ANN202
        return parts.store.engine.read(work, sight)

    return read


def show(name: str, taken: list[Taken]) -> float:
    """Print the medians; returns the processor's."""
    cpu, wall = (statistics.median(side) for side in zip(*taken, strict=True))
    print(f"{name:40} {cpu:8.1f} ms of processor   {wall:8.1f} ms")
    return cpu


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--server", help="a PostgreSQL server that may make databases; without it SQLite")
    parser.add_argument("--profile", type=int, default=0, metavar="LINES")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, database(asked.server) as url:
        settings = Settings(data_folder=Path(folder), database_url=url)
        fill_year(settings, asked.claims)
        run(settings, asked.rounds, asked.profile)


def fill_year(settings: Settings, claims: int) -> None:
    """A year of one county's claims, packed; those of the last days changed since."""
    migrate_database(settings)
    seed_database(settings, farms=2, seed=1)
    with opened(settings) as parts:
        engine = parts.store.engine
        engine.write(seed).result()
        fill(engine, claims, (COUNTY,))
        Packer(parts.store, timedelta(days=1)).pack_changed()
        engine.write(touch_newest).result()
        engine.write(sign_in).result()


def run(settings: Settings, rounds: int, profile: int) -> None:
    """Measure a filled database."""
    with opened(settings) as parts:
        app = create_app(nullcontext(parts), with_worker=False)
        asyncio.run(measure(app, parts, rounds, profile))


def opened(settings: Settings) -> AbstractContextManager[Parts]:
    """An installation whose clock stands still."""
    return assemble(settings, clock=lambda: NOW, counter=FakeCounter(), bank=FakeBank())


if __name__ == "__main__":
    main()
