"""The installation's keys follow one another: each is vouched for by the one before it, and by no other."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.domain.ids import KeyId
from backend.domain.installation_key import introduction_document
from backend.domain.plain import moment
from backend.domain.proof.keys import unintroduced
from backend.ed25519 import fits
from tests.builders import REPORTED_AT


@dataclass
class Signing:
    """One key of an installation that began so many days after the first."""

    day: int
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def id(self) -> KeyId:
        return KeyId(sha256(self.public).hexdigest()[:32])

    def shown(self, by: "Signing | None" = None) -> dict[str, Any]:
        """As a server shows it, introduced by another one."""
        at, public = REPORTED_AT + timedelta(days=self.day), base64.b64encode(self.public).decode()
        said: dict[str, Any] = {"key_id": self.id, "public_key": public, "began_at": moment(at)}
        said |= {"ended_at": None, "introduced_by": None, "introduction": None}
        if by:
            document = introduction_document(former=by.id, key_id=self.id, public_key=public, at=at)
            value = base64.b64encode(by.key.sign(document)).decode()
            said |= {"introduced_by": by.id, "introduction": value}
        return said


def test_each_key_is_vouched_for_by_the_one_before_it() -> None:
    first, second, third = Signing(0), Signing(1), Signing(2)

    assert unintroduced([first.shown(), second.shown(first), third.shown(second)], fits) == []
    assert unintroduced([first.shown(), second.shown()], fits) == [second.id]
    assert unintroduced([first.shown(), second.shown(third)], fits) == [second.id]


def test_a_key_that_was_replaced_vouches_for_nobody_any_more() -> None:
    stolen, current, thiefs = Signing(0), Signing(1), Signing(2)

    after = unintroduced([stolen.shown(), current.shown(stolen), thiefs.shown(stolen)], fits)
    between = unintroduced([stolen.shown(), thiefs.shown(stolen), current.shown(stolen)], fits)

    assert after == [thiefs.id]
    assert between == [current.id]
