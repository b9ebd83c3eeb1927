"""A claim's photos: upload by PUT of the whole file, and look at the original."""

import asyncio
from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, put
from litestar.params import FromQuery, PathParameter

from backend.api.auth import Person
from backend.api.claims import find_own
from backend.api.web import AnyRequest, ClaimName, Running
from backend.domain.ids import PhotoId
from backend.domain.photos import LARGEST_PHOTO_BYTES
from backend.domain.problems import NotFound, PhotoNotAnnounced
from backend.evidence.photo import inspect
from backend.evidence.reduced import Side
from backend.store import events

Sha256 = Annotated[str, PathParameter(pattern="^[0-9a-f]{64}$")]


class PhotoController(Controller):
    """Photos under a claim."""

    path = "/claims/{claim:str}/photos"
    tags = ("photos",)

    @put("/{sha256:str}", operation_id="upload_photo", request_max_body_size=LARGEST_PHOTO_BYTES)
    async def upload(
        self, request: AnyRequest, parts: Running, person: Person, claim: ClaimName, sha256: Sha256
    ) -> dict[str, object]:
        """Send the whole original of an announced photo; again is fine.

        Bytes that no photo can be read from are kept and recorded too, and then answered with what is wrong: the
        farmer can send another one while the claim goes on to people.
        """
        claim_id = await find_own(parts, person, claim)
        content = await request.body()
        outcome = await parts.uploads.receive(claim_id, PhotoId(sha256), content, person.actor)
        await asyncio.to_thread(inspect, content)
        return {
            "sha256": sha256,
            "received": True,
            "state": outcome.claim.state,
            "photos_received": sum(photo.received_at is not None for photo in outcome.claim.photos),
            "photos_announced": len(outcome.claim.photos),
        }

    @get("/{sha256:str}", operation_id="photo_original")
    async def original(
        self,
        parts: Running,
        person: Person,
        claim: ClaimName,
        sha256: Sha256,
        side: FromQuery[Side | None] = None,
    ) -> Response[bytes]:
        """The original bytes, as they were sent; with ``side`` a small JPEG of that longest side, for slow lines."""
        claim_id = await find_own(parts, person, claim)
        photo_id = PhotoId(sha256)
        photo = (await parts.store.read(lambda connection: events.load(connection, claim_id))).photo(photo_id)
        if photo is None:
            raise PhotoNotAnnounced(photo_id)
        if photo.received_at is None:
            raise NotFound("received photo", photo_id)
        if side is None:
            # The bytes are a stranger's: never let a browser guess what they are.
            return _picture(await parts.pictures.original(photo_id), "application/octet-stream", sha256)
        return _picture(await parts.pictures.reduced(photo_id, side), "image/jpeg", f"{sha256}-{side}.jpg")


def _picture(content: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(
        content,
        status_code=HTTPStatus.OK,
        media_type=media_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'inline; filename="{name}"',
        },
    )
