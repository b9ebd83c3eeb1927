"""Farmers' phones: what they send, and what text messages reached them."""

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from tests.journeys.world import PLAIN, World, eventually

_NUMBERS = count(13_900_000_001)


@dataclass
class Phone:
    """One phone number and whoever holds it now.

    ``from_here``: how much had been sent to anybody when the phone became this farm's; codes of stories before are no
    news to it.
    """

    world: World
    number: str
    farm: str = ""
    from_here: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    def ask(self, request: str | None = None) -> httpx.Response:
        body = {"request": request or str(uuid4()), "phone": self.number}
        return self.post("/farmer/codes", body)

    def sign_in(self, **changes: Any) -> httpx.Response:
        request, before = str(uuid4()), len(self.heard("sign_in_code"))
        asked = self.ask(request)
        assert asked.status_code == 202, asked.text
        body = {"request": request, "phone": self.number, "code": self.code(before=before), "device": "phone"}
        return self.post("/farmer/sessions", body | changes)

    def code(self, kind: str = "sign_in_code", *, before: int = 0) -> str:
        """The code that came after so many others."""
        return str(eventually(lambda: self.heard(kind, r"验证码(\d{6})")[before:], 10.0, "the code")[-1])

    def heard(self, kind: str, pattern: str = "(.*)") -> list[str]:
        """What messages of a kind say, the oldest first."""
        line = re.compile(rf"notice to {self.farm} \[account\.{kind}\][^\n]*?{pattern}")
        return line.findall(self.world.notices.getvalue()[self.from_here :])

    def heard_soon(self, kind: str, pattern: str = "(.*)") -> str:
        """What the newest message of a kind says, once one has come that nobody has looked at."""
        seen = self.seen.get(kind, 0)
        found = eventually(lambda: self.heard(kind, pattern)[seen:], 10.0, kind)
        self.seen[kind] = seen + len(found)
        return str(found[-1])

    def hears(self, kind: str) -> list[str]:
        """The same, once there is one: all may be sent, and the last still in the hands of the server's own worker."""
        self.world.parts.post_room.send_all()
        return list(eventually(lambda: self.heard(kind), 10.0, kind))

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return httpx.post(f"{self.world.url}/api/v1{path}", json=body, timeout=30, **PLAIN)

    def refresh(self, token: str) -> httpx.Response:
        return self.post("/farmer/sessions/refresh", {"refresh_token": token})


def a_phone(world: World, *, place: int = 0, settled: bool = True) -> Phone:
    """The contact phone of the farm of one of this story's policies."""
    policy = world.policy(place=place)
    number = f"+86{next(_NUMBERS)}"
    phone = Phone(world, number, policy["farm_id"], from_here=len(world.notices.getvalue()))
    set_contact(world, policy, number)
    if settled:
        settle(world, policy["farm_id"])
    return phone


def set_contact(world: World, policy: dict[str, Any], number: str | None) -> None:
    """The insurer notes the farm's contact phone."""
    http = world.officer("insurer").http
    http.put(f"/farms/{policy['farm_id']}/contact", json={"phone": number}).raise_for_status()


def settle(world: World, farm: str) -> None:
    """The phone has been the farm's for longer than anybody asks."""
    from sqlalchemy import update

    from backend.store.tables import farm_contacts

    contacts = farm_contacts
    known = update(contacts).where(contacts.c.farm_id == farm).values(phone_changed_at=None)
    world.parts.store.submit(lambda connection: connection.execute(known)).result()


def bearing(world: World, token: str) -> httpx.Client:
    """A client with this access token."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=f"{world.url}/api/v1", headers=headers, timeout=30, **PLAIN)
