"""Whom the fuzzer acts as and what it knows of: tokens, claims, policies, photos; handed over in one file."""

import base64
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.journeys.pictures import a_photo
from tests.journeys.world import World

VARIABLE = "FLASHCLAIM_FUZZ_COUNTY"


@dataclass(frozen=True)
class Known:
    """A county at work, as its people know it."""

    url: str
    tokens: dict[str, str]
    """Who → bearer token."""
    keys: dict[str, dict[str, str]]
    """Lane → key id and private key (raw, base64) of the officer who signs."""
    claims: list[str]
    policies: list[str]
    farms: list[str]
    photos: list[str]

    def write(self, path: Path) -> None:
        """Hand it over."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Known":
        """Take it over."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def county_at_work(world: World) -> Known:
    """Claims of every state that a story gets to: reported, in review, offered, paid."""
    policies = [world.policy(place=place) for place in range(3)]
    claims, photos = [], []
    for state in ("without a photo", "in review", "in review", "offered", "paid"):
        claim, photo = _a_claim(world, policies[len(claims) % len(policies)], state)
        claims.append(claim)
        photos.append(photo)
    tokens = {name: _token(officer.http) for name, officer in world.officers.items()}
    tokens |= {f"farmer of {one['policy_number']}": _token(world.farmer(one)) for one in policies}
    return Known(
        url=world.url,
        tokens=tokens,
        keys={lane: _signer(world, lane) for lane in ("insurer", "veterinary", "inspection", "disposal")},
        claims=claims,
        policies=[one["policy_number"] for one in policies],
        farms=[one["farm_id"] for one in policies if "farm_id" in one],
        photos=photos,
    )


def _a_claim(world: World, policy: dict[str, Any], state: str) -> tuple[str, str]:
    content = a_photo()
    body = world.report_body(policy, [content])
    digest = body["photos"][0]["sha256"]
    if state == "without a photo":
        with world.farmer(policy) as http:
            http.post("/claims", json=body, headers={"Idempotency-Key": body["claim_id"]}).raise_for_status()
        return body["claim_id"], digest
    claim = world.report(policy, [content])
    shown = world.wait(claim, "JOINT_REVIEW")
    if state in {"offered", "paid"}:
        world.approve_all(claim, note="looked at")
    if state == "paid":
        world.accept(claim, policy).raise_for_status()
        world.hand_over(claim).raise_for_status()
        world.pay(claim)
    return claim, str(shown.get("photos", [{"sha256": digest}])[0].get("sha256", digest))


def _token(http: Any) -> str:
    return str(http.headers["Authorization"]).removeprefix("Bearer ")


def _signer(world: World, lane: str) -> dict[str, str]:
    officer = world.officer(lane)
    raw = officer.key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return {"id": officer.id, "key_id": officer.key_id, "key": base64.b64encode(raw).decode()}
