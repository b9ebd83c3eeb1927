"""Village agents of a test's installation: invited by an administrator of the insurer, signed in on their phone."""

import hashlib
import secrets
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from tests.journeys.signing_in import PLAIN
from tests.journeys.world import World, key

_SERIALS = count(1)


@dataclass
class Agent:
    """A village agent; ``http`` bears the session of their phone."""

    id: str
    name: str
    http: httpx.Client
    session: str

    def ask(self, claim: str, policy: str, *, request: str = "", advance: bool = False) -> httpx.Response:
        """Ask for the farmer's code."""
        body = {"request": request or str(uuid4()), "claim_id": claim, "policy_number": policy}
        return self.http.post("/assistances/codes", json=body | {"accept_in_advance": advance})


def an_invitation(world: World, officer: str, name: str = "", *, is_agent: bool = True) -> str:
    """A one-time token that an administrator of the insurer made for this person."""
    token = secrets.token_urlsafe(32)
    body = {"officer": officer, "name": name, "token_hash": hashlib.sha256(token.encode()).hexdigest()}
    made = world.officer("insurer").http.post(
        "/officers/invitations", json=body | {"is_agent": is_agent}, headers=key()
    )
    made.raise_for_status()
    return token


def open_phone(world: World, token: str) -> httpx.Response:
    """Sign a phone in by an invitation's token."""
    url = f"{world.url}/api/v1/agents/sessions"
    return httpx.post(url, json={"token": token, "device": "Android /f"}, timeout=30, **PLAIN)


def an_agent(world: World, name: str = "王村医") -> Agent:
    """A new agent on a phone of their own; whoever asks closes ``http``."""
    officer = f"agent-{next(_SERIALS)}"
    return on_a_phone(world, an_invitation(world, officer, name), officer, name)


def on_a_phone(world: World, token: str, officer: str, name: str) -> Agent:
    """Whoever spends this token on a phone."""
    opened: dict[str, Any] = open_phone(world, token).raise_for_status().json()
    headers = {"Authorization": f"Bearer {opened['access_token']}"}
    http = httpx.Client(base_url=f"{world.url}/api/v1", headers=headers, timeout=30, **PLAIN)
    return Agent(officer, name, http, opened["session"])
