"""An office of our own for a story about people: nobody else's story meets its officers."""

import base64
import hashlib
from itertools import count
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.domain.ids import OfficerId, OrganisationId
from backend.domain.parties import Officer
from backend.domain.words import Lane
from backend.store import invitations, people
from backend.workflows.clock import utc_now
from backend.workflows.secrets import new_token, token_hash
from tests.journeys.signing_in import PLAIN, OfficerClient, approve_first_keys, sign_in, sign_in_with
from tests.journeys.world import World, key

_OFFICES = count(1)


class Office:
    """One office with two administrators, ``one`` and ``two``, whose keys are approved."""

    def __init__(self, world: World, lane: Lane = Lane.INSURER) -> None:
        self.world = world
        self.id = OrganisationId(
            f"zz-office-{next(_OFFICES)}"
        )  # where an office is chosen, the county's own comes first
        self.lane = lane
        tokens = {f"{self.id}-{place}": new_token() for place in (1, 2)}

        def found(connection: Any) -> None:
            people.put_organisation(connection, self.id, self.id, lane, world.county["county"])
            at = utc_now()
            until = at + world.parts.settings.invitation_length
            for name, token in tokens.items():
                officer = Officer(OfficerId(name), name, self.id, lane, is_administrator=True)
                people.put_officer(connection, officer)
                invitations.put(connection, officer.id, token_hash(token), None, at, until)

        world.parts.store.submit(found).result()
        self.one, self.two = (self._sign_in(name, token) for name, token in tokens.items())
        approve_first_keys(world.parts.store, (self.one, self.two))

    def invite(self, by: OfficerClient, name: str) -> tuple[httpx.Response, str]:
        """An invitation and its token."""
        token = new_token()
        body = {"officer": f"{self.id}-{name}", "name": name, "token_hash": token_hash(token)}
        return by.http.post("/officers/invitations", json=body, headers=key()), token

    def newcomer(self, by: OfficerClient, name: str = "3") -> OfficerClient:
        """Somebody invited by an administrator, signed in with a key that waits."""
        answer, token = self.invite(by, name)
        answer.raise_for_status()
        return self._sign_in(f"{self.id}-{name}", token)

    def approve(self, by: OfficerClient, newcomer: OfficerClient) -> httpx.Response:
        """An administrator signs that a key is its owner's."""
        return self.world.approve_key(newcomer.key_id, newcomer.id, by)

    def sign_in_by_key(self, officer: OfficerClient, **changes: Any) -> httpx.Response:
        """Open a session with the officer's key alone."""
        return sign_in_with(self.world.url, officer, **changes)

    def _sign_in(self, name: str, token: str) -> OfficerClient:
        seeded = {"id": name, "lane": self.lane, "login_token": token}
        # The world closes its officers' connections at its end.
        officer = self.world.officers[name] = sign_in(self.world.url, seeded)
        return officer


def another_key(officer: OfficerClient) -> OfficerClient:
    """The same officer with a new key, registered and pending; the session is the same."""
    made = OfficerClient(officer.http, officer.id, officer.lane, Ed25519PrivateKey.generate())
    raw = made.key.public_key().public_bytes_raw()
    public = base64.b64encode(raw).decode()
    officer.http.post("/keys", json={"public_key": public}).raise_for_status()
    made.key_id = hashlib.sha256(raw).hexdigest()[:32]
    return made


def anonymous(world: World) -> httpx.Client:
    """Somebody without a session."""
    return httpx.Client(base_url=f"{world.url}/api/v1", timeout=30, **PLAIN)
