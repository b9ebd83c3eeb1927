"""What the counter may learn from a claim: officers' labels 标注, and the farmer's consent."""

from collections.abc import Sequence

from litestar import Controller, Response, post

from backend.api import fields
from backend.api.auth import Acting, Person, Reads, require_reporter
from backend.api.claims import answer_command
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.schemas.labels import ConsentBody, LabelBody, LabelBoxBody
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.domain.authority.rule import ANYONE, OFFICES
from backend.domain.authority.words import Reach
from backend.domain.commands import ChangeConsent, LabelPhoto
from backend.domain.ids import PhotoId
from backend.domain.labels import LabelBox
from backend.store import events


class LabelController(Controller):
    """Labels and consent; neither touches state, sum, evidence or approvals."""

    path = "/claims/{claim:str}"
    tags = ("labels",)

    @post(
        "/labels",
        operation_id="label_photo",
        opt=may(*OFFICES, over=Reach.CLAIM),
        operation_class=body_of(LabelBody),
    )
    async def label(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Say what is on a photo; a later label of the same photo stands instead, in any state of the claim."""
        body = fields.read(LabelBody, await request.body())
        command = LabelPhoto(
            officer=officer,
            photo_id=PhotoId(body.photo),
            heads=body.heads,
            boxes=None if body.boxes is None else _boxes(body.boxes),
            posture=body.posture,
            dead=body.dead,
            shows_people=body.shows_people,
            note=body.note,
        )
        return await answer_command(request, parts, officer, reader, claim_id, command)

    @post(
        "/consent",
        operation_id="change_consent",
        opt=may(*ANYONE, over=Reach.CLAIM),
        operation_class=body_of(ConsentBody),
    )
    async def consent(
        self,
        request: AnyRequest,
        parts: Running,
        sight: Sees,
        person: Person,
        reader: Reads,
        claim_id: ClaimHere,
    ) -> Response[bytes]:
        """Let the claim's photos teach the counter, or no longer.

        Only the farmer, or who reported for the farmer, gives it; a withdrawal is taken by any officer.
        """
        body = fields.read(ConsentBody, await request.body())
        if body.photos_may_teach:
            standing = await parts.store.read(
                lambda connection: events.load(connection, claim_id), sight=sight
            )
            require_reporter(person, standing, of="consent is given")
        command = ChangeConsent(by=person.actor, photos_may_teach=body.photos_may_teach)
        return await answer_command(request, parts, person, reader, claim_id, command)


def _boxes(bodies: Sequence[LabelBoxBody]) -> tuple[LabelBox, ...]:
    return tuple(
        LabelBox((left, top, right, bottom), body.species)
        for body in bodies
        for left, top, right, bottom in (body.xyxy,)
    )
