"""The farmer's acceptance, the carcasses' way to disposal, and their papers."""

import asyncio
from functools import partial

from litestar import Controller, Response, post

from backend.api import fields
from backend.api.auth import Acting, Person, Reads
from backend.api.claims import answer_command
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import first_answer
from backend.api.schemas.review import AcceptanceBody, CertificateBody, CodeBody, HandoverBody
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.rule import ANYONE, OFFICERS
from backend.domain.authority.words import Reach
from backend.domain.commands import AcceptOffer, IssueCertificate, RecordHandover
from backend.domain.ids import ClaimId, Digest, KeyId
from backend.domain.problems import CodeWrong, OfferIncomplete
from backend.domain.words import CodePurpose
from backend.store import codes, events
from backend.workflows.review import require_signed_certificate, require_signed_handover
from backend.workflows.secrets import code_hash


async def _bound_to(parts: Parts, claim_id: ClaimId, purpose: CodePurpose, code: str) -> str:
    """What a right code is bound to. Tried in a transaction of its own: a wrong try counts although it is refused.

    Raises:
        CodeWrong: Wrong, or tried too often.
    """
    hashed = code_hash(claim_id, code)
    bound = await parts.store.write(lambda connection: codes.try_code(connection, claim_id, purpose, hashed))
    if bound is None:
        raise CodeWrong(f"this is not the {purpose} code of the claim")
    return bound


class SettlementController(Controller):
    """Acceptance, handover, certificate."""

    path = "/claims/{claim:str}"
    tags = ("settlement",)

    @post(
        "/codes",
        operation_id="send_code",
        opt=may(*ANYONE, over=Reach.CLAIM),
        operation_class=body_of(CodeBody),
    )
    async def send_code(
        self, request: AnyRequest, parts: Running, sight: Sees, claim_id: ClaimHere
    ) -> dict[str, object]:
        """Send the farmer a new one-time code; the older one is worth nothing from then on.

        Nothing is sent for an offer that has been accepted.
        """
        body = fields.read(CodeBody, await request.body())
        stands = await parts.store.read(lambda connection: events.load(connection, claim_id), sight=sight)
        is_acceptance = body.purpose is CodePurpose.ACCEPTANCE
        if is_acceptance and stands.offer is None:
            raise OfferIncomplete("there is no sum to agree to yet")
        await asyncio.to_thread(parts.notices.issue, claim_id, body.purpose)
        return {"sent": not (is_acceptance and stands.is_accepted), "purpose": body.purpose}

    @post(
        "/acceptance",
        operation_id="accept_offer",
        opt=may(*ANYONE, over=Reach.CLAIM),
        operation_class=body_of(AcceptanceBody),
    )
    async def accept(
        self, request: AnyRequest, parts: Running, person: Person, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Agree to the offer with the one-time code that was sent for it."""
        body = fields.read(AcceptanceBody, await request.body())
        # Asked first: a newer code may have been sent since, and the retry of a request whose answer was lost has
        # the older one.
        if repeated := await first_answer(request, person, parts):
            return repeated
        offer_hash = await _bound_to(parts, claim_id, CodePurpose.ACCEPTANCE, body.code)
        command = AcceptOffer(offer_hash=Digest(offer_hash), by=person.actor)
        return await answer_command(request, parts, person, reader, claim_id, command)

    @post(
        "/handovers",
        operation_id="record_handover",
        opt=may(*OFFICERS, over=Reach.CLAIM),
        operation_class=body_of(HandoverBody),
    )
    async def hand_over(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Record the receipt 移交单: signed by the collector, agreed to by the farmer's handover code."""
        body = fields.read(HandoverBody, await request.body())
        if repeated := await first_answer(request, officer, parts):
            return repeated
        await _bound_to(parts, claim_id, CodePurpose.HANDOVER, body.farmer_code)
        command = RecordHandover(
            collector=officer,
            receipt_number=body.receipt_number,
            heads=body.heads,
            weight_kg=body.weight_kg,
            handed_over_at=body.handed_over_at,
            key_id=KeyId(body.key_id),
            signature=body.signature,
        )
        check = partial(require_signed_handover, command=command)
        return await answer_command(request, parts, officer, reader, claim_id, command, check=check)

    @post(
        "/certificates",
        operation_id="issue_certificate",
        opt=may(*OFFICERS, over=Reach.CLAIM),
        operation_class=body_of(CertificateBody),
    )
    async def certify(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Issue the disposal certificate 无害化处理证明."""
        body = fields.read(CertificateBody, await request.body())
        command = IssueCertificate(
            officer=officer,
            certificate_number=body.certificate_number,
            heads=body.heads,
            key_id=KeyId(body.key_id),
            signature=body.signature,
        )
        check = partial(require_signed_certificate, command=command)
        return await answer_command(request, parts, officer, reader, claim_id, command, check=check)
