"""Server processes that are watched and stopped: readiness first, then the socket, and a log that stays readable."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import httpx

from tests.chaos.processes import Process, a_site, free_port
from tests.journeys.world import PLAIN, eventually


def logged(process: Process) -> list[dict[str, Any]]:
    """Every line of stderr; one that is no event fails the test."""
    return [json.loads(line) for line in process.logged.read_text(encoding="utf-8").splitlines()]


def status(url: str) -> int:
    """The HTTP status, 0 where nobody listens."""
    try:
        return httpx.get(url, **PLAIN).status_code
    except httpx.TransportError:
        return 0


def test_a_server_asked_to_end_says_so_before_it_stops_listening(tmp_path: Path) -> None:
    with a_site(tmp_path, FLASHCLAIM_DRAIN="1.5", FLASHCLAIM_LOG_LEVEL="debug") as (site, _):
        api = site.start_api()
        before = status(f"{site.url}/readyz")

        os.kill(api.pid, signal.SIGTERM)
        eventually(lambda: status(f"{site.url}/readyz") == 503, 1.5, "the 503")
        still_answers = status(f"{site.url}/healthz")
        eventually(api.has_ended, 20.0, "the end")

    told = [event["event"] for event in logged(api)]
    assert (before, still_answers) == (200, 200)
    assert told[0] == "server.started"
    assert told[-2:] == ["server.stopping", "server.stopped"]
    assert "request.answered" in told


def test_a_worker_apart_is_watched_at_its_own_address(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with a_site(tmp_path, FLASHCLAIM_WORKER_ADDRESS=f"127.0.0.1:{port}", FLASHCLAIM_LOG_FORMAT="json") as (
        site,
        _,
    ):
        worker = site.start_worker("http://127.0.0.1:9")
        ready = httpx.get(f"{url}/readyz", **PLAIN)
        metrics = httpx.get(f"{url}/metrics", **PLAIN)
        api = status(f"{url}/api/v1/health")

        code = worker.stop()

    names = [check["check"] for check in ready.json()["checks"]]
    assert (ready.status_code, names[-1], api) == (200, "worker", 404)
    assert "flashclaim_effects_due" in metrics.text
    assert code == 0
    # One worker for the claims' effects, one for webhooks.
    assert [event["event"] for event in logged(worker)][-4:] == [
        "server.stopping",
        "worker.stopped",
        "worker.stopped",
        "server.stopped",
    ]
