"""The audit log over HTTP: who sees it, who co-signs, and what is refused by name."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, update

from backend.domain.attesting import acceptance_document, payout_document
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.events import HandoverRecorded, OfferAccepted, PayoutStarted, Recorded
from backend.domain.ids import ClaimId
from backend.domain.merkle.checkpoint import Checkpoint
from backend.domain.merkle.tree import Frontier
from backend.domain.merkle.verifying import extends
from backend.domain.proof.checks import checked
from backend.domain.signatures import Signature
from backend.domain.words import AcceptanceMethod
from backend.ed25519 import fits
from backend.store import claims, events, signing_keys, tables
from tests.backend.api.answers import problem
from tests.journeys.pictures import a_photo
from tests.journeys.world import OfficerClient, World, key


def nothing_kept(_place: int) -> None:
    return None


def in_review(world: World, **changes: Any) -> str:
    claim = world.report(world.policy(), [a_photo()], **changes)
    world.wait(claim, "JOINT_REVIEW")
    return claim


def a_checkpoint(world: World) -> dict[str, Any]:
    """One over everything that is recorded by now."""
    answer = world.officer("insurer").http.post("/audit/checkpoints", json={}, headers=key())
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def made(said: dict[str, Any]) -> Checkpoint:
    one = said["checkpoint"]
    return Checkpoint(said["installation"], one["size"], one["root"], datetime.fromisoformat(one["at"]))


def cosigned(officer: OfficerClient, said: dict[str, Any], **changes: Any) -> Any:
    body = {
        "size": said["checkpoint"]["size"],
        "root": said["checkpoint"]["root"],
        "key_id": officer.key_id,
        "signature": officer.sign(made(said).cosigned_document),
    }
    return officer.http.post("/audit/cosignatures", json=body | changes, headers=key())


def history(world: World, claim: str) -> tuple[ClaimId, tuple[Recorded, ...]]:
    def look(connection: Any) -> tuple[ClaimId, tuple[Recorded, ...]]:
        claim_id = claims.find(connection, claim)
        return claim_id, events.history(connection, claim_id)

    return world.parts.store.engine.read(look, EVERYWHERE)


def installation_key(world: World) -> bytes:
    return world.parts.store.engine.read(signing_keys.every, EVERYWHERE)[-1].public_key


def test_a_checkpoint_is_over_every_leaf_and_signed_by_the_installation(world: World) -> None:
    in_review(world)

    said = a_checkpoint(world)
    leaves = world.officer("veterinary").http.get("/audit/leaves").content

    size = said["checkpoint"]["size"]
    frontier = Frontier()
    for at in range(0, size * 32, 32):
        frontier.add(leaves[at : at + 32])
    assert frontier.root.hex() == said["checkpoint"]["root"]
    signature = Signature(said["checkpoint"]["key_id"], said["checkpoint"]["signature"])
    assert fits(base64.b64decode(said["keys"][0]["public_key"]), signature, made(said).document)


def test_a_later_checkpoint_is_proven_to_add_to_an_earlier_one(world: World) -> None:
    in_review(world)
    before = a_checkpoint(world)["checkpoint"]
    in_review(world)
    after = a_checkpoint(world)["checkpoint"]

    answer = world.officer("insurer").http.get(
        "/audit/consistency", params={"old": before["size"], "new": after["size"]}
    )

    assert after["size"] > before["size"]
    assert extends(
        old_size=before["size"],
        old_root=bytes.fromhex(before["root"]),
        new_size=after["size"],
        new_root=bytes.fromhex(after["root"]),
        proof=[bytes.fromhex(one) for one in answer.json()["proof"]],
    )


@pytest.mark.parametrize("sizes", [(0, 1), (2, 1), (1, 10**9), (-1, 1)])
def test_what_no_log_can_prove_is_refused(world: World, sizes: tuple[int, int]) -> None:
    in_review(world)
    a_checkpoint(world)

    answer = world.officer("insurer").http.get(
        "/audit/consistency", params={"old": sizes[0], "new": sizes[1]}
    )

    problem(answer, 422, "invalid-input")


def test_what_is_beyond_every_list_is_refused_by_name(world: World) -> None:
    http, size = world.officer("insurer").http, 10**30

    problem(http.get("/audit/leaves", params={"start": size}), 400, "bad-request")
    problem(http.get(f"/imports/{uuid4()}", params={"after": size}), 400, "bad-request")
    given = {"size": size, "root": "0" * 64, "key_id": "0" * 32, "signature": "AAAA"}
    problem(http.post("/audit/cosignatures", json=given, headers=key()), 422, "invalid-input")


def test_each_office_co_signs_once_and_is_shown_with_its_age(world: World) -> None:
    in_review(world)
    said = a_checkpoint(world)

    answers = [cosigned(world.officer(lane), said) for lane in ("insurer", "veterinary", "inspection")]
    again = cosigned(world.officer("insurer", 2), said)

    assert [one.status_code for one in (*answers, again)] == [201] * 4
    shown = {one["lane"]: one for one in again.json()["cosigned"]}
    assert {"insurer", "veterinary", "inspection"} <= shown.keys()
    assert shown["insurer"]["officer"] == world.officer("insurer").id
    assert shown["insurer"]["age_seconds"] >= 0


def test_a_co_signature_that_is_not_the_officers_over_this_checkpoint_is_forged(world: World) -> None:
    in_review(world)
    said = a_checkpoint(world)
    officer, other = world.officer("insurer"), world.officer("veterinary")

    problem(
        cosigned(officer, said, signature=other.sign(made(said).cosigned_document)), 403, "forged-signature"
    )
    problem(cosigned(officer, said, signature=officer.sign(made(said).document)), 403, "forged-signature")
    problem(cosigned(officer, said, key_id=other.key_id), 403, "forged-signature")


def test_a_checkpoint_that_the_installation_never_signed_cannot_be_co_signed(world: World) -> None:
    in_review(world)
    said = a_checkpoint(world)

    problem(cosigned(world.officer("insurer"), said, root="0" * 64), 404, "checkpoint-unknown")
    problem(cosigned(world.officer("insurer"), said, size=10**6), 404, "checkpoint-unknown")
    problem(cosigned(world.officer("insurer"), said, root="no root"), 422, "invalid-input")


def test_a_farmer_sees_the_checkpoint_and_co_signs_nothing(world: World) -> None:
    in_review(world)
    a_checkpoint(world)

    with world.farmer(world.policy()) as http:
        shown = http.get("/audit/checkpoint")
        refused = http.post("/audit/cosignatures", json={}, headers=key())

    assert shown.status_code == 200
    problem(refused, 403, "not-allowed")


def test_a_proof_waits_until_a_checkpoint_is_over_the_claims_newest_event(world: World) -> None:
    a_checkpoint(world)
    claim = in_review(world)
    http = world.officer("insurer").http

    early = http.get(f"/claims/{claim}/proof")
    a_checkpoint(world)
    proof = http.get(f"/claims/{claim}/proof").json()

    # The sequencer may have been quicker than the request.
    if early.status_code != 200:
        problem(early, 409, "not-in-log-yet")
    assert all(one.holds for one in checked(proof, fits, kept=nothing_kept))


def test_a_claim_agreed_to_in_advance_is_attested_like_one_agreed_to_by_code(world: World) -> None:
    claim = in_review(world, accept_in_advance=True)

    claim_id, recorded = history(world, claim)

    (given,) = [entry for entry in recorded if isinstance(entry.event, OfferAccepted)]
    event = given.event
    assert isinstance(event, OfferAccepted)
    assert event.method is AcceptanceMethod.IN_ADVANCE
    assert event.attestation
    said = acceptance_document(claim_id=claim_id, offer_hash=event.offer_hash, how=event.method, at=given.at)
    assert fits(installation_key(world), event.attestation, said)


def test_the_farmers_codes_and_the_payout_are_signed_by_the_installation(world: World) -> None:
    policy, claim = world.policy(), in_review(world)
    world.agree(claim, policy)
    world.pay(claim)

    claim_id, recorded = history(world, claim)

    public = installation_key(world)
    found = {type(one.event): one for one in recorded}
    accepted, handed, paid = (found[kind] for kind in (OfferAccepted, HandoverRecorded, PayoutStarted))
    assert isinstance(paid.event, PayoutStarted)
    assert isinstance(handed.event, HandoverRecorded)
    assert isinstance(accepted.event, OfferAccepted)
    assert paid.event.account_last4 == policy["account"][-4:]
    assert paid.event.attestation
    assert handed.event.attestation
    document = payout_document(claim_id=claim_id, payout=paid.event, at=paid.at)
    assert fits(public, paid.event.attestation, document)
    # Another claim's attestation says nothing here.
    assert accepted.event.attestation
    assert not fits(public, accepted.event.attestation, document)
    Ed25519PublicKey.from_public_bytes(public)


def test_what_was_signed_before_a_key_was_revoked_stays_valid_and_later_signatures_are_bad(
    world: World,
) -> None:
    claim, officer = in_review(world), world.officer("insurer", 2)
    assert world.decide(claim, "insurer", officer=officer).status_code == 200
    later = in_review(world)
    keys = tables.officer_keys
    at = world.parts.clock()
    revoke = update(keys).where(keys.c.key_id == officer.key_id)
    world.parts.store.submit(lambda c: c.execute(revoke.values(revoked_at=at))).result()
    try:
        refused = world.decide(later, "insurer", officer=officer)
        a_checkpoint(world)
        proof = world.officer("insurer").http.get(f"/claims/{claim}/proof").json()
        proof_late = _as_if_signed_later(proof)
    finally:
        world.parts.store.submit(lambda c: c.execute(revoke.values(revoked_at=None))).result()

    assert refused.status_code == 403
    assert all(one.holds for one in checked(proof, fits, kept=nothing_kept))
    (bad,) = [
        one.faults[0].what
        for one in checked(proof_late, fits, kept=nothing_kept)
        if one.name == "officers signed their decisions"
    ]
    assert "was revoked at" in bad


def _as_if_signed_later(proof: dict[str, Any]) -> dict[str, Any]:
    """The key ended an hour before the decision."""
    early = datetime(2020, 1, 1, tzinfo=UTC).isoformat()
    officers = [one | {"revoked_at": early} for one in proof["keys"]["officers"]]
    return proof | {"keys": proof["keys"] | {"officers": officers}}


def test_nothing_is_accepted_while_the_installation_cannot_sign(world: World) -> None:
    policy, claim = world.policy(), in_review(world)
    code = world.code(claim, "acceptance")
    file: Path = world.parts.settings.keys / "signing.pem"
    away = file.with_suffix(".away")
    file.rename(away)
    try:
        with world.farmer(policy) as http:
            refused = http.post(f"/claims/{claim}/acceptance", json={"code": code}, headers=key())
    finally:
        away.rename(file)

    problem(refused, 503, "signing-key-unreadable")
    assert world.accept(claim, policy).status_code == 200


def test_a_signature_replayed_elsewhere_is_forged_and_replayed_later_is_stale(world: World) -> None:
    first, second = in_review(world), in_review(world)
    insurer, veterinary = world.officer("insurer"), world.officer("veterinary")
    shown = world.show(first)
    assert world.decide(first, "insurer").status_code == 200
    given = _given(world, first)

    another_claim = world.decide(second, "insurer", signature=given)
    another_lane = world.decide(first, "veterinary", officer=veterinary, signature=given)
    with_the_key_id = world.decide(
        first, "veterinary", officer=veterinary, signature=given, key_id=insurer.key_id
    )
    world.assess(first, weight_kg="50.0")
    hashes = {"evidence_hash": shown["evidence_hash"], "offer_hash": shown["offer"]["offer_hash"]}
    later = world.decide(first, "insurer", signature=given, **hashes)

    for answer in (another_claim, another_lane, with_the_key_id):
        problem(answer, 403, "forged-signature")
    problem(later, 409, "stale-approval")


def _given(world: World, claim: str) -> str:
    _, recorded = history(world, claim)
    return str(next(one.event.signature for one in recorded if hasattr(one.event, "lane")))


@pytest.fixture(autouse=True)
def _every_key_stays(world: World) -> Iterator[None]:
    yield
    rows = world.parts.store.engine.read(lambda c: c.execute(select(tables.officer_keys)).all(), EVERYWHERE)
    # Offices of other stories may have ended theirs.
    everybodys = {one["id"] for one in world.county["officers"]}
    assert all(row.revoked_at is None for row in rows if row.officer_id in everybodys)
