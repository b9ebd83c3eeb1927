"""What watching costs: the same requests to the same application with and without ids, log lines and measurements.

Both in turns in one process, in batches, straight into the ASGI application, so that no socket and no other process
is in the figure. ``alive`` is the smallest request that there is; ``claims`` is a list of claims for an officer.

Run: python bench/watching.py [--requests N] [--rounds N]
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx
from litestar import Litestar
from litestar.types import ASGIApp

from backend.api.app import create_app
from backend.api.watched import Watched
from backend.bootstrap import assemble
from backend.keeping import migrate_database, seed_database
from backend.logs import configure_logs
from backend.settings import Settings
from tests.fakes import FakeBank
from tests.journeys.world import FakeCounter


async def ask(app: ASGIApp, path: str, token: str, scope: dict[str, Any]) -> int:
    """One GET; returns the status."""
    status = 0

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    headers = [(b"host", b"here"), (b"authorization", f"Bearer {token}".encode())]
    whole: Any = {"path": path, "raw_path": path.encode(), "headers": headers, "state": {}, **scope}
    await app(whole, receive, send)
    return status


async def batch(app: ASGIApp, litestar: Litestar, path: str, token: str, count: int) -> float:
    """Seconds of CPU for *count* requests one after another: other work on this machine does not count."""
    scope = {
        "type": "http", "method": "GET", "scheme": "http", "http_version": "1.1", "query_string": b"",
        "root_path": "", "client": ("127.0.0.1", 1), "server": ("here", 80), "asgi": {"version": "3.0"},
        "app": litestar, "litestar_app": litestar,
    }  # fmt: skip
    began = time.process_time()
    for _ in range(count):
        assert await ask(app, path, token, scope) == 200
    return time.process_time() - began


async def measure(litestar: Litestar, card: str, requests: int, rounds: int) -> None:
    """Print the ratio for each path."""
    watched: Any = litestar.asgi_handler
    assert isinstance(watched, Watched)
    bare = watched.inner
    async with litestar.lifespan(), httpx.AsyncClient(transport=httpx.ASGITransport(litestar)) as phone:
        opened = await phone.post("http://here/api/v1/farmer/sessions", json={"card": card})
        token = opened.raise_for_status().json()["access_token"]
        for name, path, count in (
            ("alive", "/healthz", requests),
            ("claims", "/api/v1/claims", requests // 4),
        ):
            ratios, costs = [], []
            for turn in range(rounds + 1):
                plain = await batch(bare, litestar, path, token, count)
                seen = await batch(watched, litestar, path, token, count)
                if turn:
                    ratios.append(seen / plain)
                    costs.append((seen - plain) / count * 1e6)
            print(
                f"{name:7} watched takes {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f}) times"
                f" as long; {statistics.median(costs):.0f} µs a request more"
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=800)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        settings = Settings(data_folder=Path(folder))
        migrate_database(settings)
        county: Any = seed_database(settings, farms=2, seed=1)
        # debug: the routine addresses are logged too, as every other request is.
        configure_logs("json", "debug", nowhere)
        app = create_app(assemble(settings, counter=FakeCounter(), bank=FakeBank()), with_worker=False)
        card = county["policies"][0]["card"]
        asyncio.run(measure(app, card, asked.requests, asked.rounds))


if __name__ == "__main__":
    main()
