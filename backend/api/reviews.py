"""The joint review 联合审核: queues, signed decisions, assessments, holds."""

from functools import partial
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromQuery, QueryParameter

from backend.api import fields
from backend.api.auth import Acting, Reads
from backend.api.claims import answer_command
from backend.api.declared import animals
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.schemas.review import AssessmentBody, DecisionBody, HoldBody
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.rule import OFFICERS
from backend.domain.authority.sight import Sight
from backend.domain.authority.words import Reach
from backend.domain.commands import Assess, DecideLane, PlaceHold, ReleaseHold
from backend.domain.ids import ClaimId, Digest, KeyId, OrganisationId
from backend.domain.parties import Officer
from backend.domain.policy import FlockFigures
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import Lane
from backend.insight.assessments import trial_document
from backend.insight.lists import lane_queue
from backend.store import events
from backend.workflows.review import require_signed_decision


class QueueController(Controller):
    """What waits for a lane."""

    path = "/reviews"
    tags = ("reviews",)

    @get(operation_id="list_reviews", opt=may(*OFFICERS, over=Reach.COUNTY))
    async def queue(
        self,
        parts: Running,
        sight: Sees,
        officer: Acting,
        lane: FromQuery[Lane | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> dict[str, object]:
        """Claims that wait for a lane, the most urgent first; without ``lane`` one's own."""
        wanted = lane_asked_for(officer, lane)
        return await parts.store.read(lambda connection: lane_queue(connection, wanted, limit), sight=sight)


def lane_asked_for(officer: Officer, lane: Lane | None) -> Lane:
    """The lane whose queue an officer wants to see, by default the officer's own.

    Raises:
        InvalidInput: None was named, and this officer has none.
    """
    wanted = lane or officer.lane
    if wanted is None:
        raise InvalidInput("a collector has no lane", errors=[FieldError("/lane", "is missing")])
    return wanted


async def _assessment(
    request: AnyRequest, parts: Parts, officer: Officer, claim_id: ClaimId, sight: Sight
) -> Assess:
    body = fields.read(AssessmentBody, await request.body())
    report = (
        await parts.store.read(lambda connection: events.load(connection, claim_id), sight=sight)
    ).report
    flock = FlockFigures(body.age_percent, body.normal_mortality_percent)
    return Assess(
        officer=officer,
        heads=body.heads,
        animals=animals(body.animals, report.species),
        reason=body.reason,
        from_handover=body.from_handover,
        flock=None if flock == FlockFigures() else flock,
    )


class ReviewController(Controller):
    """What officers say about a claim."""

    path = "/claims/{claim:str}"
    tags = ("reviews",)

    @post(
        "/decisions",
        operation_id="decide_lane",
        opt=may(*OFFICERS, over=Reach.CLAIM),
        operation_class=body_of(DecisionBody),
    )
    async def decide(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Approve, reject or ask in one's lane, signed over exactly the evidence and the offer that were shown."""
        body = fields.read(DecisionBody, await request.body())
        command = DecideLane(
            officer=officer,
            lane=body.lane,
            decision=body.decision,
            evidence_hash=Digest(body.evidence_hash),
            offer_hash=Digest(body.offer_hash),
            key_id=KeyId(body.key_id),
            signature=body.signature,
            reason_code=body.reason_code,
            note=body.note,
            on_behalf_of=OrganisationId(body.on_behalf_of) if body.on_behalf_of else None,
        )
        check = partial(require_signed_decision, command=command)
        return await answer_command(request, parts, officer, reader, claim_id, command, check=check)

    @post(
        "/assessments",
        operation_id="assess_claim",
        opt=may(*OFFICERS, over=Reach.CLAIM),
        operation_class=body_of(AssessmentBody),
    )
    async def assess(
        self,
        request: AnyRequest,
        parts: Running,
        sight: Sees,
        officer: Acting,
        reader: Reads,
        claim_id: ClaimHere,
    ) -> Response[bytes]:
        """Assess heads and weights again; the offer changes, approvals of the old one are void."""
        command = await _assessment(request, parts, officer, claim_id, sight)
        return await answer_command(request, parts, officer, reader, claim_id, command)

    @post(
        "/assessments/trial",
        operation_id="try_assessment",
        opt=may(*OFFICERS, over=Reach.CLAIM),
        operation_class=body_of(AssessmentBody),
        status_code=200,
    )
    async def try_assessment(
        self,
        request: AnyRequest,
        parts: Running,
        sight: Sees,
        officer: Acting,
        claim_id: ClaimHere,
    ) -> dict[str, object]:
        """What an assessment would change: both sums, every head, whose approvals; nothing is recorded."""
        command = await _assessment(request, parts, officer, claim_id, sight)
        at = parts.clock()
        return await parts.store.write(
            lambda connection: trial_document(parts.store.try_out(connection, claim_id, command, at))
        )

    @post(
        "/holds",
        operation_id="place_hold",
        opt=may(*OFFICERS, over=Reach.CLAIM),
        operation_class=body_of(HoldBody),
    )
    async def hold(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Stop the claim until a named officer has looked."""
        body = fields.read(HoldBody, await request.body())
        command = PlaceHold(officer=officer, reason=body.reason, kind=body.kind)
        return await answer_command(request, parts, officer, reader, claim_id, command)

    @post(
        "/releases",
        operation_id="release_hold",
        opt=may(*OFFICERS, over=Reach.CLAIM),
        operation_class=body_of(HoldBody),
    )
    async def release(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Let a claim go on after having looked."""
        body = fields.read(HoldBody, await request.body())
        command = ReleaseHold(officer=officer, reason=body.reason, kind=body.kind)
        return await answer_command(request, parts, officer, reader, claim_id, command)
