"""A regulator of a test's installation: admitted by two administrators of the insurer, signed in with a key."""

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from tests.journeys.papers import OfficerClient
from tests.journeys.signing_in import approve_first_keys, sign_in
from tests.journeys.world import World, key

TOKEN = "a regulator's one-time token, of 256 random bits"


def a_wish(region: str = "430000", **changes: Any) -> dict[str, Any]:
    """What an administrator proposes."""
    return {
        "organisation": "nfra-hunan",
        "name": "国家金融监督管理总局湖南监管局",
        "region": region,
        "officer": "nfra-hunan-1",
        "officer_name": "方宁",
        "token_hash": hashlib.sha256(TOKEN.encode()).hexdigest(),
        "reason": "supervision of agricultural insurance",
    } | changes


@contextmanager
def a_regulator(world: World) -> Iterator[OfficerClient]:
    """The regulator's first officer."""
    asked = world.officer("insurer").http.post("/regulators", json=a_wish(), headers=key())
    world.agree_to(asked.raise_for_status().json()["proposal"]).raise_for_status()
    officer = sign_in(world.url, {"id": "nfra-hunan-1", "login_token": TOKEN, "lane": None})
    with closing(officer.http):
        approve_first_keys(world.parts.store, [officer])
        yield officer
