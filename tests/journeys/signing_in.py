"""Officers of a test's installation: how they sign in, and how their first keys are approved."""

import base64
from collections.abc import Iterable
from typing import Any

import httpx

from backend.domain.ids import KeyId
from backend.domain.officer_keys.key import sign_in_document
from backend.domain.words import Lane
from backend.store.engine import Transaction
from backend.store.run import Store
from backend.workflows import officer_keys
from backend.workflows.clock import utc_now
from tests.journeys.papers import OfficerClient

PLAIN: Any = {"verify": False, "trust_env": False}
"""Loopback without TLS: reading every certificate authority takes longer than most stories' requests."""

LASTING = httpx.Limits(keepalive_expiry=2.0)
"""A client gives up an idle line well before the server does after five seconds: else both may do it at once."""


def approve_first_keys(store: Store, officers: Iterable[OfficerClient]) -> None:
    """What is done at the server's shell when an installation begins: every office's first administrators."""

    def work(connection: Transaction) -> None:
        for one in officers:
            officer_keys.approve_at_server(
                connection, KeyId(one.key_id), "root", "fingerprints compared", utc_now()
            )

    store.submit(work).result()


def sign_in_with(url: str, officer: OfficerClient, **changes: Any) -> httpx.Response:
    """Open a session with the officer's key alone; a changed signature is not made again."""
    with httpx.Client(base_url=f"{url}/api/v1", timeout=30, **PLAIN) as http:
        challenge = http.post("/sessions/challenges", json={}).raise_for_status().json()["challenge"]
        server = changes.pop("server", http.base_url.netloc.decode())
        document = sign_in_document(challenge=challenge, server=server)
        body = {
            "challenge": challenge,
            "server": server,
            "key_id": officer.key_id,
            "signature": officer.sign(document),
        }
        return http.post("/sessions/by-key", json=body | changes)


def sign_in(url: str, seeded: dict[str, Any]) -> OfficerClient:
    """An officer who has just signed in with the seeded token and registered a new key."""
    http = httpx.Client(base_url=f"{url}/api/v1", timeout=30, limits=LASTING, **PLAIN)
    session = http.post("/sessions", json={"token": seeded["login_token"]}).raise_for_status().json()
    http.headers["Authorization"] = f"Bearer {session['session_token']}"
    lane = Lane(seeded["lane"]) if seeded["lane"] else None
    officer = OfficerClient(http, seeded["id"], lane)
    public = base64.b64encode(officer.key.public_key().public_bytes_raw()).decode()
    officer.key_id = http.post("/keys", json={"public_key": public}).raise_for_status().json()["key_id"]
    return officer
