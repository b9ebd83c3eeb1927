"""A whole installation for tests: real server on loopback, real SQLite, real files; bank and counter are fake."""

import hashlib
import json
import logging
import re
import socket
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any, Protocol
from uuid import UUID, uuid4

import httpx
import structlog
import uvicorn
from numpy.typing import NDArray
from sqlalchemy import select

from backend import serving
from backend.api.app import create_app
from backend.bootstrap import Parts, assemble
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.callback_signature import callback_headers
from backend.domain.decisions.disposing import certificate_document
from backend.domain.ids import ClaimId, KeyId, OfficerId
from backend.domain.officer_keys.key import approval_document
from backend.keeping import migrate_database, seed_database
from backend.settings import Settings
from backend.store import tables
from backend.workflows.clock import Clock, utc_now
from models.counter import Box, Count, Counter
from tests.databases import put_migrated
from tests.fakes import FakeBank
from tests.journeys.newcomers import a_farm_like, a_listed_tag
from tests.journeys.papers import OfficerClient, signed_decision, signed_handover
from tests.journeys.signing_in import LASTING, PLAIN, approve_first_keys, sign_in

PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "data" / "free" / "photos"
_SERIALS = count(1)
_LANES = ("insurer", "veterinary", "inspection")

# One line a request would bury what a failing test says.
logging.getLogger("httpx").setLevel(logging.WARNING)
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


class FakeCounter:
    """Sees as many animals as it is told, surely unless told otherwise."""

    name = "fake@1"

    def __init__(self) -> None:
        self.sees = 1
        self.species = "pig"
        self.unsure = False

    def count(self, image: NDArray[Any]) -> Count:  # noqa: ARG002 - it sees what it is told to see
        boxes = tuple(Box((0.0, 0.0, 10.0, 10.0), self.species, 0.9) for _ in range(self.sees))
        reasons = ("LOW_CONFIDENCE",) if self.unsure else ()
        low = 0 if self.unsure else self.sees
        return Count(self.sees, self.unsure, reasons, boxes, 1.0, low, self.sees)


class Told(Protocol):
    """Everything that farmers were told so far, one notice a line."""

    def getvalue(self) -> str: ...


@dataclass
class World:
    """The installation and the people who use it."""

    url: str
    county: dict[str, Any]
    parts: Parts
    bank: FakeBank
    counter: FakeCounter
    notices: Told
    officers: dict[str, OfficerClient]
    held: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    signed_in: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def policy(self, species: str = "pig", place: int = 0) -> dict[str, Any]:
        """The n-th policy for a species in this story: of a farm that no other story reports for."""
        if (species, place) not in self.held:
            seeded = [one for one in self.county["policies"] if one["species"] == species][place]
            self.held[species, place] = a_farm_like(self.parts, seeded) if self.parts else seeded
        return self.held[species, place]

    def farmer(self, policy: dict[str, Any]) -> httpx.Client:
        """The farmer, signed in with the policy's card."""
        headers = {"Authorization": f"Bearer {self.access_token(policy)}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=30, **PLAIN)

    def access_token(self, policy: dict[str, Any]) -> str:
        """Of the one session that this story's farmer has by card."""
        card, now = policy["card"], self.parts.clock() if self.parts else utc_now()
        token, until = self.signed_in.get(card, ("", now))
        if until <= now + timedelta(minutes=5):
            answer = httpx.post(
                f"{self.url}/api/v1/farmer/sessions", json={"card": card}, timeout=30, **PLAIN
            )
            opened = answer.raise_for_status().json()
            token, until = opened["access_token"], datetime.fromisoformat(opened["access_until"])
            self.signed_in[card] = token, until
        return token

    def officer(self, lane: str, place: int = 1) -> OfficerClient:
        """An officer of a lane, or the collector (``disposal``)."""
        organisation = {"insurer": "picc", "veterinary": "vet", "inspection": "insp", "disposal": "disposal"}[
            lane
        ]
        return self.officers[f"{organisation}-changsha-{place}"]

    def colleague(self, officer: str) -> OfficerClient:
        """The other administrator of this officer's organisation."""
        office, _, place = officer.rpartition("-")
        return self.officers[f"{office}-{2 if place == '1' else 1}"]

    def approve_key(self, key_id: str, owner: str, by: OfficerClient | None = None) -> httpx.Response:
        """A colleague says, signed, that this key is its owner's."""
        second = by or self.colleague(owner)
        document = approval_document(key_id=KeyId(key_id), officer=OfficerId(owner))
        body = {"key_id": second.key_id, "signature": second.sign(document)}
        return second.http.post(f"/keys/{key_id}/approval", json=body, headers=key())

    def agree_to(self, proposal: dict[str, Any]) -> httpx.Response:
        """A colleague of who proposed it approves."""
        second = self.colleague(proposal["first"])
        return second.http.post(f"/proposals/{proposal['id']}/approval", headers=key())

    def fresh_tag(self, policy: dict[str, Any]) -> str:
        """An ear tag of this policy's species and county that no claim has named yet."""
        if self.parts:
            return a_listed_tag(self.parts, policy)
        return f"{policy['tags'][0][:11]}{next(_SERIALS):04d}"

    def report_body(
        self,
        policy: dict[str, Any],
        contents: list[bytes],
        *,
        heads: int = 1,
        away_m: float = 0.0,
        **changes: Any,
    ) -> dict[str, Any]:
        lon, lat = policy["inside"]
        position = {
            "lon": lon,
            "lat": lat + away_m / 111_320,
            "datum": "wgs84",
            "accuracy_m": 8.0,
            "mock": False,
        }
        animals = [
            {"tag": self.fresh_tag(policy), "weight_kg": "95.0", "weight_source": "declared_band"}
            for _ in range(heads)
        ]
        body = {
            "claim_id": str(uuid4()),
            "policy_number": policy["policy_number"],
            "species": policy["species"],
            "heads": heads,
            "cause": "accident",
            "occurred_at": datetime.now(UTC).isoformat(),
            "animals": animals,
            "photos": [announced(content, position) for content in contents],
        }
        return body | changes

    def add_evidence(self, claim: str, policy: dict[str, Any], contents: list[bytes]) -> httpx.Response:
        """Announce more photos, taken where the policy's farm is."""
        lon, lat = policy["inside"]
        position = {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 8.0}
        body = {"photos": [announced(content, position) for content in contents]}
        with self.farmer(policy) as http:
            return http.post(f"/claims/{claim}/evidence", json=body, headers=key())

    def report(self, policy: dict[str, Any], contents: list[bytes], **changes: Any) -> str:
        """Report and upload; returns the claim id."""
        body = self.report_body(policy, contents, **changes)
        with self.farmer(policy) as http:
            answer = http.post("/claims", json=body, headers=key())
            assert answer.status_code in {200, 201}, answer.text
            for photo, content in zip(answer.json()["photos"], contents, strict=True):
                put = http.put(photo["upload_url"], content=content)
                assert put.status_code == 200, put.text
        return str(answer.json()["id"])

    def show(self, claim: str) -> dict[str, Any]:
        return dict(self.officer("insurer").http.get(f"/claims/{claim}").raise_for_status().json())

    def wait(self, claim: str, *states: str, seconds: float = 60.0) -> dict[str, Any]:
        """The claim once it is in one of *states*.

        Raises:
            AssertionError: It is not there in time; says what it came to instead, and why.
        """
        ends = time.monotonic() + seconds
        while not (self._stands_in(claim, states) and (shown := self.show(claim))["state"] in states):
            assert time.monotonic() < ends, f"not {states} in {seconds} s: {self._how_it_stands(claim)}"
            time.sleep(0.02)
        return shown

    def _stands_in(self, claim: str, states: Container[str]) -> bool:
        """What the store says, for a thirtieth of what showing the claim costs; True where that is not to be had."""
        if not self.parts:
            return True
        claims = tables.claims
        is_it = claims.c.number == claim if claim.startswith("FC-") else claims.c.id == UUID(claim)
        asked = select(claims.c.state).where(is_it)
        return self.parts.store.engine.read(lambda connection: connection.scalar(asked), EVERYWHERE) in states

    def _how_it_stands(self, claim: str) -> str:
        shown = self.show(claim)
        stands = {name: shown[name] for name in ("state", "path", "holds", "reasons")}
        return f"{stands}; {self.events(claim)}"

    def decide(self, claim: str, lane: str, decision: str = "approve", **changes: Any) -> httpx.Response:
        officer, shown = changes.pop("officer", None) or self.officer(lane), self.show(claim)
        body = signed_decision(officer, shown, **{"lane": lane, "decision": decision} | changes)
        return officer.http.post(f"/claims/{claim}/decisions", json=body, headers=key())

    def assess(
        self,
        claim: str,
        *,
        heads: int = 1,
        animals: list[dict[str, Any]] | None = None,
        weight_kg: str = "95.0",
        lane: str = "insurer",
    ) -> httpx.Response:
        """Assess again: without *animals*, one of that weight with the tag that the claim names."""
        if animals is None:
            tag = self.show(claim)["animals"][0]["tag"]
            animals = [{"tag": tag, "weight_kg": weight_kg, "weight_source": "officer"}]
        body = {"heads": heads, "animals": animals, "reason": "weighed on the farm"}
        return self.officer(lane).http.post(f"/claims/{claim}/assessments", json=body, headers=key())

    def hold_or_release(self, claim: str, what: str, lane: str) -> httpx.Response:
        """Place (``holds``) or release (``releases``) the hold SIGNALS."""
        body = {"reason": "both photos compared"}
        return self.officer(lane).http.post(f"/claims/{claim}/{what}", json=body, headers=key())

    def approve_all(self, claim: str, note: str = "") -> None:
        """All three lanes approve what stands now."""
        for lane in _LANES:
            answer = self.decide(claim, lane, note=note)
            assert answer.status_code == 200, answer.text

    def agree(self, claim: str, policy: dict[str, Any], note: str = "", **handover: Any) -> None:
        """Three approvals, the farmer's acceptance and the handover: all that a payout waits for."""
        self.approve_all(claim, note)
        for answer in (self.accept(claim, policy), self.hand_over(claim, **handover)):
            assert answer.status_code == 200, answer.text

    def pay(self, claim: str) -> dict[str, Any]:
        """The bank takes the order and settles it; returns the claim as it then stands."""
        eventually(lambda: self._has_event(claim, "payout-accepted"), 20.0, "the bank's word")
        self.settle()
        return self.wait(claim, "PAID", "CLOSED")

    def timeline(self, claim: str) -> dict[str, Any]:
        return dict(self.officer("insurer").http.get(f"/claims/{claim}/timeline").raise_for_status().json())

    def events(self, claim: str) -> list[str]:
        """Types of what happened, in order."""
        return [event["type"] for event in self.timeline(claim)["events"]]

    def transfers(self, policy: dict[str, Any]) -> list[str]:
        """Amounts that the bank moved, or will move, to the policy's account."""
        return [str(amount) for amount in self.bank.sent_to(policy["account"])]

    def _has_event(self, claim: str, event: str) -> bool:
        return event in self.events(claim)

    def code(self, claim: str, purpose: str) -> str:
        """The newest one-time code of this purpose that the farmer was sent, for the sum that is offered now."""
        shown = self.show(claim)
        of_what = f".*{shown['offer']['amount']}" if purpose == "acceptance" and shown["offer"] else ""
        word = {"acceptance": "验证码", "handover": "交接码"}[purpose]
        pattern = re.compile(rf"\[{shown['number']}\]{of_what}.*{word}\D*(\d{{6}})")
        sent = lambda: pattern.findall(self.notices.getvalue().replace(",", ""))  # noqa: E731 - asked again and again
        return str(eventually(sent, 10.0, f"{purpose} code")[-1])

    def accept(self, claim: str, policy: dict[str, Any]) -> httpx.Response:
        with self.farmer(policy) as http:
            return http.post(
                f"/claims/{claim}/acceptance", json={"code": self.code(claim, "acceptance")}, headers=key()
            )

    def hand_over(
        self, claim: str, *, heads: int = 1, weight_kg: str = "95.0", **changes: Any
    ) -> httpx.Response:
        collector, code = self.officer("disposal"), self.code(claim, "handover")
        body = signed_handover(collector, claim, code, heads=heads, weight_kg=weight_kg, **changes)
        return collector.http.post(f"/claims/{claim}/handovers", json=body, headers=key())

    def certify(self, claim: str, *, heads: int = 1) -> httpx.Response:
        inspector, number = self.officer("inspection"), f"C-{uuid4().hex[:8]}"
        document = certificate_document(claim_id=ClaimId(UUID(claim)), certificate_number=number, heads=heads)
        body = {
            "certificate_number": number,
            "heads": heads,
            "key_id": inspector.key_id,
            "signature": inspector.sign(document),
        }
        return inspector.http.post(f"/claims/{claim}/certificates", json=body, headers=key())

    def settle(self) -> None:
        """The bank settles what it has accepted, and says so."""
        for notice in self.bank.settle_all():
            self.call_back(notice)

    def call_back(self, notice: Any, secret: bytes | None = None) -> httpx.Response:
        """Deliver one of the bank's notices, signed."""
        reason = notice.reason and {"code": notice.reason.code, "text": notice.reason.text}
        body = json.dumps(
            {
                "event": notice.event,
                "key": str(notice.key),
                "bank_reference": notice.bank_reference,
                "amount": str(notice.amount),
                "reason": reason,
                "at": notice.at.isoformat(),
            }
        ).encode()
        signing = secret or self.parts.settings.bank_secret.encode()
        headers = callback_headers(signing, uuid4().hex, datetime.now(UTC), body)
        return httpx.post(f"{self.url}/api/v1/bank/callbacks", content=body, headers=headers, **PLAIN)


def announced(content: bytes, position: dict[str, Any] | None) -> dict[str, Any]:
    """A photo as a manifest names it."""
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "media_type": "image/jpeg",
        "capture": {"position": position, "taken_at": datetime.now(UTC).isoformat()},
    }


def key() -> dict[str, str]:
    """A fresh Idempotency-Key."""
    return {"Idempotency-Key": uuid4().hex}


def eventually(fact: Callable[[], Any], seconds: float, what: str = "it") -> Any:
    """What *fact* returns once it is true.

    Raises:
        AssertionError: It did not become true in time.
    """
    ends = time.monotonic() + seconds
    while not (found := fact()):
        assert time.monotonic() < ends, f"{what} did not come about in {seconds} s"
        time.sleep(0.02)
    return found


@contextmanager
def running_world(
    folder: Path,
    *,
    farms: int = 6,
    counter: Counter | None = None,
    fake_bank: FakeBank | None = None,
    bank_at: Callable[[str], str] | None = None,
    clock: Clock = utc_now,
    **changes: Any,
) -> Iterator[World]:
    """Start everything on free ports, and stop it again.

    Args:
        folder: Holds database and photos.
        farms: How many farms the county has; every second one keeps pigs.
        counter: Instead of the fake one.
        clock: What the installation takes for the time.
        fake_bank: Instead of the well-behaved one.
        bank_at: Told where the bank's callbacks go, starts a bank and returns its url; the fake bank is idle then.
        changes: Settings that differ from the defaults.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        if bank_at:
            changes |= {"bank_url": bank_at(f"{url}/api/v1/bank/callbacks")}
        # Many installations share the server's hundred connections.
        settings = Settings(data_folder=folder, **{"database_connections": 2} | changes)
        put_migrated(settings.database)
        migrate_database(settings)
        county: dict[str, Any] = seed_database(settings, farms=farms, seed=1)
        paying, fake, notices = fake_bank or FakeBank(), FakeCounter(), StringIO()
        with (
            assemble(
                settings,
                clock=clock,
                counter=counter or fake,
                bank=None if bank_at else paying,
                notice_stream=notices,
            ) as parts,
            _serving(parts, listening),
        ):
            officers = {one["id"]: sign_in(url, one) for one in county["officers"]}
            approve_first_keys(parts.store, officers.values())
            try:
                yield World(url, county, parts, paying, fake, notices, officers)
            finally:
                for officer in officers.values():
                    officer.http.close()


@contextmanager
def continued_world(before: World, settings: Settings) -> Iterator[World]:
    """The same people, sessions, codes and bank at an installation over other data, such as a restored backup."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        fake, notices = FakeCounter(), before.notices
        with (
            assemble(settings, counter=fake, bank=before.bank, notice_stream=notices) as parts,
            _serving(parts, listening),
        ):
            officers = {
                name: replace(
                    one,
                    http=httpx.Client(
                        base_url=f"{url}/api/v1",
                        headers=one.http.headers,
                        timeout=30,
                        limits=LASTING,
                        **PLAIN,
                    ),
                )
                for name, one in before.officers.items()
            }
            yield World(url, before.county, parts, before.bank, fake, notices, officers, before.held)
            for officer in officers.values():
                officer.http.close()


@contextmanager
def _serving(parts: Parts, listening: socket.socket) -> Iterator[None]:
    @contextmanager
    def opened() -> Iterator[Parts]:
        yield parts

    app = create_app(opened(), with_worker=True)
    config = serving.Listening(app, parts.settings, log_level="error", lifespan="on")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    eventually(lambda: server.started, 10.0, "the server")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(15)
